// A stub of Shopify's App Bridge, our own code: it behaves as the real one does towards the app (docs: sandbox/README.md).
// It runs inside the frame and talks to the sandbox's admin page, whose origin is the one this script came from.
(() => {
  "use strict";
  const script = document.currentScript;
  if (!script || script.async || script.defer || script.type === "module" || document.querySelector("script") !== script) {
    throw new Error("App Bridge must be the first script of the document, without async, defer or type=module.");
  }
  const ADMIN = new URL(script.src).origin;
  const query = new URLSearchParams(location.search);
  const meta = document.querySelector('meta[name="shopify-api-key"]');
  // The real one keeps shop and host in session storage; a browser that blocks third-party storage denies it to a frame,
  // so the admin names them in the frame's own name.
  const named = window.name.startsWith("{") ? JSON.parse(window.name) : {};
  const kept = (name) => query.get(name) || named[name] || "";
  const config = {
    apiKey: script.dataset.apiKey || (meta && meta.content) || "",
    shop: kept("shop"), host: kept("host"), locale: kept("locale") || "en",
  };

  if (window.top === window) {
    const handle = config.shop.replace(".myshopify.com", "");
    location.replace(handle ? `${ADMIN}/store/${handle}/apps/encore${location.pathname}` : `${ADMIN}/`);
    return;
  }

  // --- talking to the admin ---------------------------------------------------------------------------------------
  const waiting = new Map();
  let lastId = 0;
  const tell = (type, detail = {}) => window.parent.postMessage({ sandboxBridge: true, type, ...detail }, ADMIN);
  const ask = (type, detail = {}) => new Promise((resolve) => {
    lastId += 1;
    waiting.set(lastId, resolve);
    tell(type, { id: lastId, ...detail });
  });
  const commands = {
    navigate: ({ href }) => followLink(href),
    "title-action": ({ index }) => clickThrough(titleElements[index]),
    save: () => dirtyForm && dirtyForm.requestSubmit(),
    discard: () => discard(),
  };
  window.addEventListener("message", (event) => {
    if (event.origin !== ADMIN || event.source !== window.parent || !event.data || !event.data.sandboxBridge) return;
    const { type, id, value } = event.data;
    if (type === "answer") {
      const resolve = waiting.get(id);
      waiting.delete(id);
      if (resolve) resolve(value);
    } else if (commands[type]) {
      commands[type](event.data);
    }
  });
  const idToken = () => ask("id-token");

  // --- fetch: bearer token, and one retry when the app says the token is bad --------------------------------------
  const nativeFetch = window.sandboxNativeFetch || window.fetch.bind(window);
  window.sandboxNativeFetch = nativeFetch;
  const RETRY = "X-Shopify-Retry-Invalid-Session-Request";
  const authorised = async (request) => {
    const copy = request.clone();
    copy.headers.set("Authorization", `Bearer ${await idToken()}`);
    copy.headers.set("X-Requested-With", "XMLHttpRequest");
    if (!copy.headers.has("Accept-Language")) copy.headers.set("Accept-Language", config.locale);
    return nativeFetch(copy);
  };
  window.fetch = async (input, init) => {
    const request = new Request(input, init);
    const isOwn = new URL(request.url, location.href).origin === location.origin;
    if (!isOwn || request.headers.has("Authorization")) return nativeFetch(request);
    const response = await authorised(request);
    return response.headers.has(RETRY) ? authorised(request) : response;
  };

  // --- bounce page: fetch the wanted page with a token and write it here ------------------------------------------
  const reload = query.get("shopify-reload");
  const bounce = async (address) => {
    const target = new URL(address, location.href);
    if (target.origin !== location.origin) throw new Error("shopify-reload must stay on the app's origin.");
    const response = await window.fetch(target.href, { headers: { "X-Shopify-Bounce": "1" } });
    const text = await response.text();
    history.replaceState(null, "", response.redirected ? response.url : target.href);
    document.open();
    document.write(text);
    document.close();
  };

  // --- sidebar and title bar: elements of the page, drawn by the admin --------------------------------------------
  let titleElements = [];
  const label = (element) => (element.getAttribute("accessibilitylabel") || element.textContent || "").trim();
  const clickThrough = (element) => {
    if (!element) return;
    const inner = element.hasAttribute("href") && element.shadowRoot && element.shadowRoot.querySelector("a[href]");
    (inner || element).click();
  };
  const samePath = (href, path) => new URL(href, location.href).pathname === new URL(path, location.href).pathname;
  const followLink = (href) => {
    const links = [...document.querySelectorAll("s-app-nav a[href], a[href], s-link[href]")];
    const link = links.find((candidate) => samePath(candidate.getAttribute("href"), href));
    if (link) clickThrough(link);
    else location.assign(href);
  };
  const navigation = () => [...document.querySelectorAll("s-app-nav a[href], s-app-nav s-link[href]")].map((link) => ({
    label: label(link), href: link.getAttribute("href"), isHome: link.getAttribute("rel") === "home",
  }));
  const titleBar = () => {
    const page = document.querySelector("s-page");
    titleElements = [];
    const shown = (slot) => [...(page ? page.children : [])]
      .filter((child) => child.getAttribute("slot") === slot)
      .flatMap((child) => (child.matches("s-button-group") ? [...child.children] : [child]))
      .map((child) => {
        titleElements.push(child);
        return {
          index: titleElements.length - 1, label: label(child), tone: child.getAttribute("tone") || "",
          isDisabled: child.hasAttribute("disabled"), isLoading: child.hasAttribute("loading"),
        };
      });
    return {
      heading: page ? page.getAttribute("heading") || "" : document.title,
      breadcrumbs: shown("breadcrumb-actions"), secondary: shown("secondary-actions"), primary: shown("primary-action"),
    };
  };

  // --- save bar: form[data-save-bar] ------------------------------------------------------------------------------
  let dirtyForm = null;
  const differs = (field) => {
    if (field.type === "hidden" || field.disabled || !field.name) return false;
    if (Array.isArray(field.values)) return field.values.join("\n") !== (field.defaultValues || []).join("\n");
    const isTicked = ["checkbox", "radio"].includes(field.type) || /^S-(CHECKBOX|SWITCH)$/.test(field.tagName);
    if (isTicked) return field.checked !== field.defaultChecked;
    if (field.tagName === "SELECT") {
      const options = [...field.options];
      if (!field.multiple && !options.some((option) => option.defaultSelected)) return field.selectedIndex > 0;
      return options.some((option) => option.selected !== option.defaultSelected);
    }
    return "defaultValue" in field && field.value !== field.defaultValue;
  };
  const checkForms = () => {
    const forms = [...document.querySelectorAll("form[data-save-bar]")];
    const found = forms.find((form) => [...form.elements].some(differs)) || null;
    if (found === dirtyForm) return;
    dirtyForm = found;
    tell("save-bar", { visible: Boolean(found), confirms: Boolean(found && found.hasAttribute("data-discard-confirmation")) });
  };
  const later = () => setTimeout(checkForms, 0);
  const discard = () => { if (dirtyForm) { dirtyForm.reset(); checkForms(); later(); } };
  for (const name of ["input", "change", "reset"]) document.addEventListener(name, later, true);
  window.addEventListener("beforeunload", (event) => { if (dirtyForm && !leaving) event.preventDefault(); });
  let leaving = false;

  // --- what the app sees ------------------------------------------------------------------------------------------
  let isAnnounced = "";
  const announce = () => {
    checkForms();
    const state = JSON.stringify({ navigation: navigation(), title: titleBar(), path: location.pathname + location.search });
    if (state === isAnnounced) return;
    isAnnounced = state;
    tell("page", JSON.parse(state));
  };
  let isPlanned = false;
  const plan = () => {
    if (isPlanned) return;
    isPlanned = true;
    setTimeout(() => { isPlanned = false; announce(); }, 20);
  };
  new MutationObserver(plan).observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  for (const name of ["pushState", "replaceState"]) {
    const native = History.prototype[name];
    history[name] = (...given) => { native.apply(history, given); plan(); };
  }
  window.addEventListener("popstate", plan);
  document.addEventListener("DOMContentLoaded", plan);

  const hidden = new CSSStyleSheet();
  hidden.replaceSync("s-app-nav, ui-nav-menu, ui-save-bar { display: none !important; }");
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, hidden];

  let lastToast = 0;
  window.shopify = {
    config, idToken,
    ready: Promise.resolve(),
    environment: { embedded: true, mobile: false, intent: false },
    toast: {
      show: (message, options = {}) => {
        lastToast += 1;
        tell("toast", { toast: lastToast, message: String(message), duration: options.duration || 5000, isError: Boolean(options.isError) });
        return String(lastToast);
      },
      hide: (id) => tell("toast-hide", { toast: Number(id) }),
    },
    saveBar: {
      show: async (id) => tell("save-bar", { visible: true, name: id }),
      hide: async (id) => tell("save-bar", { visible: false, name: id }),
      toggle: async (id) => tell("save-bar", { toggle: true, name: id }),
      leaveConfirmation: async () => {
        checkForms();
        if (!dirtyForm) return;
        if (await ask("leave")) { leaving = true; dirtyForm.reset(); await new Promise((done) => setTimeout(done, 0)); leaving = false; return; }
        await new Promise(() => {});
      },
    },
    loading: (isLoading) => tell("loading", { isLoading: isLoading !== false }),
    scopes: {
      query: () => ask("scopes"),
      request: (scopes) => ask("scopes-request", { scopes }),
      revoke: (scopes) => ask("scopes-revoke", { scopes }),
    },
    resourcePicker: (options) => ask("resource-picker", { options }).then((chosen) => chosen || undefined),
    app: { extensions: async () => [] },
    support: { registerHandler: () => {} },
    reviews: { request: async () => ({ success: false, code: "sandbox", message: "There are no reviews in the sandbox." }) },
    webVitals: { onReport: () => {} },
  };
  tell("hello", { apiKey: config.apiKey });
  if (reload && !query.get("id_token")) bounce(reload);
})();
