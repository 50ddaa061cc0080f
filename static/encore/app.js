/* What every page of the admin does besides its elements: toasts, links in shadow roots, error answers, focus, pager, leaving.
 * Loaded with `defer` after htmx. `shopify` is App Bridge inside the admin and the stand-in's substitute elsewhere. */
"use strict";
(() => {
  const visit = (path) => window.htmx.ajax("GET", path, { target: "body", push: "true" });
  const words = JSON.parse(document.querySelector("meta[name=encore-words]")?.content || "{}"); // English is the key
  const say = (text) => words[text] ?? text;
  const toast = (message, options) => window.shopify?.toast?.show(message, options);

  // --- toasts: `HX-Trigger: {"toast": {"message": …}}` arrives as an event on the form, or on the document if it has gone
  document.addEventListener("toast", ({ detail }) => toast(detail.message, { isError: Boolean(detail.isError) }));

  // --- links: Polaris' anchors live in shadow roots, where hx-boost does not look
  const anchorOf = (event) => event.composedPath().find((node) => node.localName === "a" && node.href);
  const isOurs = (event, anchor) => {
    const url = anchor && new URL(anchor.href, location.href);
    if (!anchor || event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return null;
    if (url.origin !== location.origin || anchor.hasAttribute("download") || !["", "_self"].includes(anchor.target)) return null;
    if (document.body.getAttribute("hx-boost:inherited") !== "true" || anchor.closest("[data-native]")) return null;
    if (url.hash && url.pathname === location.pathname && url.search === location.search) return null;
    return url.pathname + url.search;
  };
  window.addEventListener("click", (event) => {
    const path = isOurs(event, anchorOf(event));
    if (!path) return;
    event.preventDefault();
    visit(path);
  });

  // --- leaving a page with unsaved changes asks first; in the capture phase, before htmx hears of the click
  window.addEventListener("click", (event) => {
    if (!document.querySelector("form[data-save-bar]")) return;
    const path = isOurs(event, anchorOf(event));
    if (!path) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    Promise.resolve(window.shopify?.saveBar?.leaveConfirmation?.()).then(() => visit(path), () => {});
  }, true);

  // --- answers that are no page
  let hasReloaded = false;
  document.addEventListener("htmx:response:error", (event) => {
    const { response, request } = event.detail.ctx;
    if (response.status === 422) return; // the form again, with its sentences
    if (response.status === 401 && request.method === "GET" && !hasReloaded) {
      hasReloaded = true;
      location.reload(); // the address is already the wanted one: the bounce page gets a fresh token
    } else if (response.status === 401) {
      toast(say("Your session had ended. Please save again."), { isError: true });
    } else if (response.status === 403) {
      toast(say("That is not allowed here."), { isError: true });
    } else if (response.status === 404) {
      toast(say("That is no longer here. Go back to the list."), { isError: true });
    } else {
      toast(say("Encore could not do that just now. Nothing was changed; please try again."), { isError: true });
    }
  });
  document.addEventListener("htmx:error", (event) => {
    if (event.detail.error?.name !== "AbortError") toast(say("No connection to Encore. Nothing was changed; please try again."), { isError: true });
  });

  // --- after a new page: to the top; after a refused form: to the first field with an error
  document.addEventListener("htmx:after:history:push", () => window.scrollTo(0, 0));
  document.addEventListener("htmx:after:swap", (event) => {
    if (event.detail?.ctx?.target?.matches?.("#consequence, [data-look]")) return; // said while somebody types: the focus is theirs
    requestAnimationFrame(() => {
      const first = document.querySelector("form [error]:not([error=''])");
      first?.closest("s-modal")?.showOverlay?.();
      first?.focus();
    });
  });

  // --- table pager: the events may not bubble, so listen in the capture phase
  for (const [name, key] of [["previouspage", "previous"], ["nextpage", "next"]]) {
    document.addEventListener(name, (event) => event.target.dataset?.[key] && visit(event.target.dataset[key]), true);
  }

  // --- a dismissed banner stays away: its address is told
  document.addEventListener("dismiss", (event) => {
    const url = event.target.dataset?.dismissUrl;
    if (url) window.htmx.ajax("POST", url, { source: document.body, swap: "none", push: "false" });
  }, true);

  // --- a select or switch that acts at once submits its form
  document.addEventListener("change", (event) => {
    const form = event.target.closest?.("form[data-submit-on-change]");
    if (form) setTimeout(() => form.requestSubmit(), 0);
  });

  // --- one box chooses every line of its form
  document.addEventListener("change", (event) => {
    const name = event.target.dataset?.chooses;
    if (name) for (const box of event.target.closest("form").querySelectorAll(`[name="${name}"]`)) box.checked = event.target.checked;
  });

  // --- what saving changes is said, and what customers see is drawn, anew after each change of the form
  let looking;
  document.addEventListener("change", (event) => {
    const said = event.target.closest?.("form")?.querySelector("#consequence, [data-look]");
    if (!said) return;
    clearTimeout(looking);
    looking = setTimeout(() => said.isConnected && window.htmx.trigger(said, "look"), 250);
  });

  // --- products and collections are chosen in Shopify's own picker where there is one; their ids stay text that can be typed
  const KINDS = { product: "Product", collection: "Collection", variant: "ProductVariant" };
  const refreshPickers = () => {
    for (const button of document.querySelectorAll("[data-picks-into]")) button.hidden = !window.shopify?.resourcePicker;
  };
  const kindOf = (field) => {
    const { picks } = field.dataset;
    if (!picks.startsWith("@")) return picks;
    const other = field.closest("form").querySelector(`[name="${picks.slice(1)}"]`);
    return String([...(other.values || [other.value])][0]).replace(/s$/, "");
  };
  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.("[data-picks-into]");
    const field = button?.closest("form")?.querySelector(`[name="${button.dataset.picksInto}"]`);
    if (!field) return;
    const type = kindOf(field);
    const selectionIds = field.value.split(/[\s,]+/).filter(Boolean).map((id) => ({ id: `gid://shopify/${KINDS[type]}/${id.split("/").pop()}` }));
    const chosen = await window.shopify.resourcePicker({ type, action: "select", multiple: true, selectionIds, filter: { variants: type === "variant" } });
    if (!chosen) return; // closed without a choice
    field.value = chosen.map(({ id }) => id.split("/").pop()).join(", ");
    for (const name of ["input", "change"]) field.dispatchEvent(new Event(name, { bubbles: true }));
  });

  // --- a part of a form that only matters for one choice, and a warning that only matters after a change
  const refreshParts = () => {
    for (const part of document.querySelectorAll("[data-shown-when]")) {
      // "kind=a|b&how=c": one of these values there, and that value here
      part.hidden = !part.dataset.shownWhen.split("&").every((condition) => {
        const [name, wanted] = condition.split("=");
        const field = part.closest("form")?.querySelector(`[name="${name}"]`);
        const held = field && "checked" in field ? [field.checked ? "on" : "off"] : field?.values || [field?.value];
        return [...held].some((value) => wanted.split("|").includes(value));
      });
    }
    for (const part of document.querySelectorAll("[data-shown-when-changed]")) {
      const field = part.closest("form")?.querySelector(`[name="${part.dataset.shownWhenChanged}"]`);
      part.hidden = !field || field.value === field.defaultValue;
    }
    refreshPickers();
  };
  for (const name of ["input", "change", "reset", "htmx:after:swap"]) document.addEventListener(name, () => setTimeout(refreshParts, 0), true);
  refreshParts();

  // --- an action key follows the name until the merchant writes one of their own
  const keyOf = (name) => name.toLowerCase().normalize("NFKD").replace(/[\u0300-\u036f]/g, "").replace(/[^a-z0-9]+/g, "_").replace(/^_+|_+$/g, "").slice(0, 100);
  document.addEventListener("input", (event) => {
    const form = event.target.closest?.("form[data-key-from-name]");
    if (!form || event.target.getAttribute("name") !== "name") return;
    setTimeout(() => {
      const key = form.querySelector("[name=action_key]");
      if (!key || (key.value && key.value !== key.dataset.generated)) return;
      key.value = key.dataset.generated = keyOf(event.target.value);
    }, 0);
  });
})();
