{
  // Substitutes for App Bridge: navigation, save bar, toast. Installed only where the admin does not provide them.
  const standin = window.polarisStandIn;
  const { define, h, sheet } = standin;

  standin.documentStyle("shell", `
    @media (min-width: 900px) { body:has(> s-app-nav:not([hidden])) { padding-inline-start: 228px; } }
    s-app-nav:not([hidden]) > a { display: block; padding: 7px 12px; border-radius: var(--radius); color: #2e3834; text-decoration: none; font-weight: 480; white-space: nowrap; }
    s-app-nav > a:hover { background: #e4e8e1; } s-app-nav > a:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
    s-app-nav > a[aria-current] { background: #dfe9e3; color: var(--accent); font-weight: 600; }
    s-app-nav > a[rel=home] { font-weight: 680; font-size: 16px; letter-spacing: -0.01em; display: flex; align-items: center; gap: 9px; }
    s-app-nav > a[rel=home]::before { content: ""; width: 20px; height: 20px; flex: none; border-radius: 6px; background: radial-gradient(circle at 50% 50%, #fff 0 3px, transparent 3.5px), conic-gradient(from 210deg, var(--accent), #3d8f76, var(--accent)); }
    @media (min-width: 900px) { s-app-nav > a[rel=home] { margin-bottom: 10px; } }
    .encore-toasts { position: fixed; inset: auto 12px calc(20px + var(--shopify-safe-area-inset-bottom, 0px)); display: grid; justify-items: center; gap: 8px; pointer-events: none; z-index: 50; font: 14px/1.5 system-ui, sans-serif; }
    .encore-toasts > div { background: #1f2824; color: #fff; padding: 10px 16px; border-radius: var(--radius); box-shadow: var(--shadow-over); max-width: 520px; } .encore-toasts > .error { background: #8d1519; }
    .encore-savebar { position: sticky; top: 0; z-index: 40; display: flex; gap: 8px; align-items: center; justify-content: flex-end; padding: 8px 16px; background: #1f2824; color: #fff; }
    .encore-savebar span { margin-inline-end: auto; font-weight: 540; } .encore-savebar button { font: inherit; font-weight: 560; min-height: 32px; padding: 4px 14px; border-radius: var(--radius); border: 1px solid #68736d; background: none; color: #fff; cursor: pointer; }
    .encore-savebar button:last-child { background: #fff; color: #1b2320; border-color: #fff; } .encore-savebar button:focus-visible { outline: 2px solid #fff; outline-offset: 2px; }`);

  define("s-app-nav", class extends standin.Element {
    static styles = [sheet(`
      nav { display: flex; gap: 2px; padding: 8px 10px; align-items: center; background: var(--ground); }
      @media (min-width: 900px) { nav { position: fixed; inset-block: 0; inset-inline: 0 auto; width: 228px; flex-direction: column; align-items: stretch; padding: 16px 12px; border-inline-end: 1px solid var(--line); background: #eef1ec; overflow-y: auto; } }
      @media (max-width: 899px) { nav { overflow-x: auto; border-bottom: 1px solid var(--line); background: #eef1ec; } }`)];
    static watch = { childList: true };
    build() {
      if (standin.isEmbedded()) this.hidden = true; // the admin draws it from our links
      this.shadowRoot.append(h("nav", { "aria-label": "Encore" }, h("slot")));
    }
    render() {
      const links = [...this.querySelectorAll(":scope > a[href]")];
      const matches = (link) => location.pathname === link.pathname || location.pathname.startsWith(link.pathname.replace(/\/?$/, "/"));
      const current = links.filter(matches).sort((one, other) => other.pathname.length - one.pathname.length)[0];
      for (const link of links) standin.setAttribute(link, "aria-current", link === current ? "page" : null);
      const bar = this.shadowRoot.firstElementChild;
      if (current && bar.scrollWidth > bar.clientWidth) bar.scrollLeft = current.offsetLeft - bar.clientWidth / 2;
    }
  });

  const isChanged = (field) => {
    if (field.type === "hidden" || !field.name) return false;
    if ("defaultValues" in field) return JSON.stringify(field.values) !== JSON.stringify(field.defaultValues);
    if ("defaultChecked" in field && /checkbox|radio|switch/.test(field.type)) return field.checked !== field.defaultChecked;
    return "defaultValue" in field && field.value !== field.defaultValue;
  };
  const isDirty = (form) => [...form.elements].some(isChanged);
  const dirtyForms = () => [...document.querySelectorAll("form[data-save-bar]")].filter(isDirty);

  const installToast = () => {
    const region = h("div", { class: "encore-toasts", role: "status" });
    // Outside <body>: the toast comes with the POST, the navigation after it replaces what is in <body>.
    document.documentElement.append(region);
    const show = (message, { duration = 5000, isError = false } = {}) => {
      const toast = h("div", isError ? { class: "error" } : {}, String(message));
      region.append(toast);
      setTimeout(() => toast.remove(), duration);
    };
    return { show };
  };

  const installSaveBar = () => {
    let bar = null;
    const refresh = () => {
      const [form] = dirtyForms();
      if (bar && (!form || bar.form !== form || !bar.isConnected)) {
        bar.remove();
        bar = null;
      }
      if (!form || bar) return;
      const button = (text, act) => {
        const node = h("button", { type: "button" }, text);
        node.addEventListener("click", act);
        return node;
      };
      bar = h("div", { class: "encore-savebar", role: "region", "aria-label": standin.say("Unsaved changes") }, h("span", {}, standin.say("Unsaved changes")),
        button(standin.say("Discard"), () => {
          if (!form.hasAttribute("data-discard-confirmation") || confirm(standin.say("Discard your changes?"))) form.reset();
          setTimeout(refresh, 0);
        }),
        button(standin.say("Save"), () => form.requestSubmit()));
      bar.form = form;
      document.body.prepend(bar);
    };
    // One task later: in the capture phase the host has not taken its new value yet.
    for (const name of ["input", "change", "reset", "htmx:after:swap"]) document.addEventListener(name, () => setTimeout(refresh, 0), true);
    addEventListener("beforeunload", (event) => dirtyForms().length && event.preventDefault());
    return {
      leaveConfirmation: async () => {
        if (dirtyForms().length && !confirm(standin.say("Leave without saving your changes?"))) throw new Error("stayed on the page");
      },
    };
  };

  if (!standin.isEmbedded() && !standin.isInstalled) {
    standin.isInstalled = true;
    window.shopify = { ...window.shopify, toast: installToast(), saveBar: installSaveBar() };
  }
}
