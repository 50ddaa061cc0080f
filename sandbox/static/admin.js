// The sandbox's admin page: it frames the app and draws what App Bridge hands out of the frame.
(() => {
  "use strict";
  const root = document.querySelector("[data-admin]");
  const { appOrigin, domain, handle, base } = root.dataset;
  const frame = root.querySelector("iframe");
  const part = (name) => root.querySelector(`[data-part="${name}"]`);
  const control = (method, path, body) => fetch(`/_sandbox/stores/${domain}${path}`, {
    method, headers: { "Content-Type": "application/json" }, body: JSON.stringify(body || {}),
  }).then((response) => response.json());

  const readStore = () => fetch(`/_sandbox/stores/${domain}`).then((response) => response.json());

  // --- tokens, with the switch for the next one -------------------------------------------------------------------
  const CLAIMS = {
    good: {}, expired: { expires_in: -60 }, audience: { audience: "another-app" },
    shop: { dest: "https://another-shop.myshopify.com", iss: "https://another-shop.myshopify.com/admin" },
  };
  const token = async () => {
    const chosen = part("next-token").value;
    part("next-token").value = "good";
    return (await control("POST", "/id-token", CLAIMS[chosen])).id_token;
  };
  const pause = () => new Promise((resolve) => setTimeout(resolve, Number(part("latency").value)));

  // --- messages from the frame ------------------------------------------------------------------------------------
  const send = (type, detail = {}) => frame.contentWindow.postMessage({ sandboxBridge: true, type, ...detail }, appOrigin);
  const answers = {
    "id-token": token,
    leave: async () => !isDirty || confirmLeave(),
    "resource-picker": ({ options }) => pick(options),
    scopes: async () => ({ granted: (await readStore()).optional_scopes }),
    "scopes-request": async ({ scopes }) => {
      if (!window.confirm(`Grant the app ${scopes.join(", ")}?`)) return { result: "declined-all", detail: {} };
      const store = await readStore();
      await control("PATCH", "", { optional_scopes: [...new Set([...store.optional_scopes, ...scopes])] });
      return { result: "granted-all", detail: { granted: scopes } };
    },
  };
  const events = {
    hello: () => {},
    page: ({ navigation, title, path }) => { drawNavigation(navigation, path); drawTitle(title); drawAddress(path); },
    toast: drawToast,
    "toast-hide": ({ toast }) => { const shown = part("toasts").querySelector(`[data-toast="${toast}"]`); if (shown) shown.remove(); },
    loading: ({ isLoading }) => { root.toggleAttribute("data-loading", isLoading); },
    "save-bar": ({ visible, toggle, confirms }) => setDirty(toggle ? !isDirty : visible, confirms),
  };
  window.addEventListener("message", async (event) => {
    if (event.origin !== appOrigin || event.source !== frame.contentWindow || !event.data || !event.data.sandboxBridge) return;
    const { type, id } = event.data;
    if (answers[type]) {
      await pause();
      send("answer", { id, value: await answers[type](event.data) });
    } else if (events[type]) {
      events[type](event.data);
    }
  });

  // --- drawing ----------------------------------------------------------------------------------------------------
  function drawNavigation(links, path) {
    const here = path.split("?")[0];
    const fits = links.filter((link) => here.startsWith(new URL(link.href, appOrigin).pathname));
    const current = fits.sort((a, b) => b.href.length - a.href.length)[0];
    const items = links.filter((link) => !link.isHome).map((link) => {
      const item = document.createElement("li");
      item.append(anchor(link, link === current));
      return item;
    });
    part("navigation").replaceChildren(...items);
    const home = links.find((link) => link.isHome);
    part("home").dataset.href = home ? home.href : base;
    part("home").toggleAttribute("aria-current", Boolean(home && current === home));
  }
  function anchor(link, isCurrent) {
    const element = document.createElement("a");
    element.href = `/store/${handle}/apps/encore${new URL(link.href, appOrigin).pathname}`;
    element.dataset.href = link.href;
    element.textContent = link.label;
    if (isCurrent) element.setAttribute("aria-current", "page");
    return element;
  }
  function drawTitle(title) {
    part("heading").textContent = title.heading || "Encore";
    document.title = `${title.heading || "Encore"} · ${domain} · Sandbox`;
    const button = (action, kind) => {
      const element = document.createElement("button");
      element.type = "button";
      element.className = `button ${kind} ${action.tone === "critical" ? "critical" : ""}`;
      element.textContent = kind === "back" ? `← ${action.label}` : action.label;
      element.disabled = action.isDisabled || action.isLoading;
      element.addEventListener("click", () => send("title-action", { index: action.index }));
      return element;
    };
    part("breadcrumbs").replaceChildren(...title.breadcrumbs.map((action) => button(action, "back")));
    part("actions").replaceChildren(
      ...title.secondary.map((action) => button(action, "secondary")), ...title.primary.map((action) => button(action, "primary")),
    );
  }
  function drawAddress(path) {
    const url = new URL(path, appOrigin);
    for (const name of ["id_token", "hmac", "session", "timestamp", "embedded", "host", "locale", "shop"]) url.searchParams.delete(name);
    const shown = url.pathname + url.search;
    part("address").value = shown;
    history.replaceState(null, "", `/store/${handle}/apps/encore${shown}`);
  }
  function drawToast({ toast, message, duration, isError }) {
    const element = document.createElement("div");
    element.className = isError ? "toast error" : "toast";
    element.dataset.toast = toast;
    element.textContent = message;
    part("toasts").append(element);
    setTimeout(() => element.remove(), duration);
  }

  // --- resource picker ---------------------------------------------------------------------------------------------
  const GIDS = { product: "Product", collection: "Collection", variant: "ProductVariant" };
  async function pick({ type, multiple, selectionIds = [] }) {
    const store = await readStore();
    const variants = store.products.flatMap((product) => product.variants.map((each) => ({ ...each, title: `${product.title} · ${each.title}` })));
    const offered = { product: store.products, collection: store.collections, variant: variants }[type];
    const chosen = new Set(selectionIds.map(({ id }) => id));
    const dialog = part("picker");
    dialog.querySelector("h2").textContent = `Choose ${type}s`;
    dialog.querySelector("[data-part=picker-choices]").replaceChildren(...offered.map((each) => {
      const gid = `gid://shopify/${GIDS[type]}/${each.id}`;
      const label = document.createElement("label");
      const input = Object.assign(document.createElement("input"), { type: multiple ? "checkbox" : "radio", name: "picked", value: gid, checked: chosen.has(gid) });
      label.append(input, each.title);
      return label;
    }));
    dialog.returnValue = "";
    dialog.showModal();
    await new Promise((resolve) => dialog.addEventListener("close", resolve, { once: true }));
    if (dialog.returnValue !== "select") return null;
    return [...dialog.querySelectorAll("input:checked")].map(({ value, parentElement }) => ({ id: value, title: parentElement.textContent }));
  }

  // --- save bar ---------------------------------------------------------------------------------------------------
  let isDirty = false;
  let confirmsDiscard = false;
  function setDirty(value, confirms) {
    isDirty = value;
    confirmsDiscard = Boolean(confirms);
    part("save-bar").hidden = !value;
  }
  const confirmLeave = () => window.confirm("Leave this page? Your changes are not saved.");
  part("save").addEventListener("click", () => send("save"));
  part("discard").addEventListener("click", () => {
    if (!confirmsDiscard || window.confirm("Discard all unsaved changes?")) send("discard");
  });

  // --- navigation and switches ------------------------------------------------------------------------------------
  root.addEventListener("click", (event) => {
    const link = event.target.closest("[data-href]");
    if (!link) return;
    event.preventDefault();
    if (isDirty && !confirmLeave()) return;
    if (isDirty) send("discard");
    send("navigate", { href: link.dataset.href });
  });
  const open = async (path) => {
    setDirty(false);
    frame.src = (await fetch(`/store/${handle}/frame?path=${encodeURIComponent(path)}`).then((response) => response.json())).url;
  };
  part("address-form").addEventListener("submit", (event) => { event.preventDefault(); open(part("address").value); });
  part("reload").addEventListener("click", () => { setDirty(false); frame.src = `${appOrigin}${part("address").value || base}`; });
  part("width").addEventListener("change", (event) => { root.dataset.width = event.target.value; });
  part("store").addEventListener("change", (event) => { location.href = `/store/${event.target.value}/apps/encore`; });
})();
