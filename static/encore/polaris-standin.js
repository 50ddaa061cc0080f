/*! Encore's stand-in for Shopify's Polaris web components: the same element names with a neutral look of our own.
 * Built from static/encore/polaris-standin/*.js by build.py beside them; no Polaris-licensed code. Icons: Lucide (ISC), see LICENSE.lucide beside the sources. */
"use strict";
{
  const standin = (window.polarisStandIn ??= { isEmbedded: () => Boolean(window.shopify?.idToken) });

  /** A second load of the script is harmless: names already defined stay as they are. */
  standin.define = (name, element) => customElements.get(name) || customElements.define(name, element);

  standin.sheet = (css) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    return sheet;
  };

  /** `h("button", {type: "button"}, "Save")`: text always goes in as a text node, never as markup. */
  standin.h = (name, attributes = {}, ...children) => {
    const node = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) standin.setAttribute(node, key, value);
    node.append(...children.filter((child) => child !== null && child !== undefined));
    return node;
  };

  /** Writes only on change, so an observer that causes a render cannot loop. */
  standin.setAttribute = (node, name, value) => {
    if (value === null || value === undefined || value === false) {
      if (node.hasAttribute(name)) node.removeAttribute(name);
    } else {
      const text = value === true ? "" : String(value);
      if (node.getAttribute(name) !== text) node.setAttribute(name, text);
    }
  };

  standin.setText = (node, text) => {
    if (node.textContent !== text) node.textContent = text;
  };

  /** What the script itself says, in the page's language: English is the key (shopify_app/dashboard/script_words.py). */
  standin.say = (text) => JSON.parse(document.querySelector("meta[name=encore-words]")?.content || "{}")[text] ?? text;

  /** An address that would run a script is dropped. */
  standin.safeHref = (href) => (/^\s*(javascript|data|vbscript):/i.test(href || "") ? null : href);

  /** Finds an id in the tree of `node`, then in the document (a shadow root hides the document's ids). */
  standin.byId = (node, id) => (id ? node.getRootNode().getElementById?.(id) || document.getElementById(id) : null);

  /** Parents upgrade before their children, and with a script in the head an element connects at its start tag. So: render at
   * once, and once more in one microtask when children or the watched attributes of children change. */
  standin.Element = class extends HTMLElement {
    static styles = [];
    static watch = null; // MutationObserver options, for elements that read their children
    static shadow = { mode: "open" };
    constructor() {
      super();
      if (!this.constructor.shadow) return;
      this.attachShadow(this.constructor.shadow);
      this.shadowRoot.adoptedStyleSheets = [standin.base, ...this.constructor.styles];
    }
    connectedCallback() {
      if (!this.isBuilt) {
        this.isBuilt = true;
        this.build?.();
      }
      if (this.constructor.watch) {
        this.observer ??= new MutationObserver(() => this.render());
        this.observer.observe(this, this.constructor.watch);
      }
      this.connected?.();
      this.render?.();
    }
    disconnectedCallback() {
      this.observer?.disconnect();
      this.disconnected?.();
    }
    attributeChangedCallback() {
      if (this.isBuilt) this.render?.();
    }
    text(name) {
      return this.getAttribute(name) || "";
    }
    flag(name) {
      const value = this.getAttribute(name);
      return value !== null && value !== "false";
    }
  };

  /** Mirrors boolean attributes as properties, as the real elements do. */
  standin.booleans = (element, names) => {
    for (const name of names) {
      Object.defineProperty(element.prototype, name, {
        get() {
          return this.flag(name);
        },
        set(value) {
          this.toggleAttribute(name, Boolean(value));
        },
      });
    }
  };
}
{
  // The look: one set of custom properties on the document, inherited through every shadow root.
  const standin = window.polarisStandIn;

  const tokens = `
    :root {
      --ink: #1b2320; --ink-soft: #56615c; --ink-faint: #6b756f; --line: #dfe3de; --line-strong: #b9c1ba;
      --ground: #f5f6f3; --card: #ffffff; --sunken: #f2f4f0; --hover: #ecefe9;
      --accent: #14594a; --accent-hover: #0e4539; --accent-soft: #e1efe9;
      --info: #1c4f82; --info-soft: #e6f0fa; --success: #125c3a; --success-soft: #dff2e6;
      --warning: #6f4700; --warning-soft: #fdf0d3; --critical: #a11a1f; --critical-soft: #fdebe9;
      --neutral-soft: #eaede8; --radius: 8px; --radius-large: 12px;
      --shadow: 0 1px 2px rgb(27 35 32 / 6%), 0 1px 1px rgb(27 35 32 / 4%);
      --shadow-over: 0 12px 32px rgb(27 35 32 / 18%), 0 2px 6px rgb(27 35 32 / 10%);
      --control: 34px; --type: 14px;
      --mono: ui-monospace, "SF Mono", "Cascadia Mono", "DejaVu Sans Mono", Menlo, Consolas, monospace;
    }
    @media (pointer: coarse), (max-width: 560px) { :root { --control: 42px; --type: 16px; } }
    html { background: var(--ground); -webkit-text-size-adjust: 100%; }
    body {
      margin: 0; background: var(--ground); color: var(--ink); overflow-wrap: break-word;
      font: 14px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, sans-serif;
      -webkit-font-smoothing: antialiased;
    }
    @media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }`;

  /** Shared by every shadow root. */
  standin.base = standin.sheet(`
    :host { box-sizing: border-box; } :host([hidden]) { display: none !important; }
    *, *::before, *::after { box-sizing: border-box; }
    button, input, select, textarea { font: inherit; color: inherit; letter-spacing: inherit; }
    :focus { outline: none; }
    :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
    .visually-hidden { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
    svg { display: block; flex: none; }
    @media (prefers-reduced-motion: reduce) { * { animation: none !important; transition: none !important; } }`);

  // `s-*` elements that live in the light DOM get their style here.
  const light = `
    s-stack { display: flex; flex-direction: column; min-width: 0; }
    s-stack[direction=inline] { flex-direction: row; flex-wrap: wrap; align-items: center; }
    s-grid { display: grid; min-width: 0; } s-grid-item, s-box, s-query-container { display: block; min-width: 0; }
    s-box, s-stack, s-grid, s-grid-item { box-sizing: border-box; }
    s-heading { display: block; font-weight: 620; font-size: 14px; line-height: 1.35; letter-spacing: -0.005em; }
    s-paragraph { display: block; max-width: 72ch; } s-text { display: inline; }
    s-paragraph[color=subdued], s-text[color=subdued] { color: var(--ink-soft); }
    s-text[type=strong] { font-weight: 620; } s-text[type=address] { font-style: normal; } s-text[type=redundant] { text-decoration: line-through; }
    s-text[fontweight=bold], s-paragraph[fontweight=bold] { font-weight: 680; }
    s-text[fontweight=semibold], s-paragraph[fontweight=semibold] { font-weight: 620; }
    s-text[fontweight=medium], s-paragraph[fontweight=medium] { font-weight: 540; }
    s-text[fontvariantnumeric=tabular-nums], s-paragraph[fontvariantnumeric=tabular-nums] { font-variant-numeric: tabular-nums; }
    :is(s-text, s-paragraph)[fontsize^=small] { font-size: 13px; } :is(s-text, s-paragraph)[fontsize=large] { font-size: 16px; }
    :is(s-text, s-paragraph)[fontsize=large-100] { font-size: 18px; }
    s-heading[fontsize=small] { font-size: 13px; } s-heading[fontsize=large] { font-size: 17px; }
    s-heading[fontsize=large-100] { font-size: 20px; } s-heading[fontsize=large-200] { font-size: 24px; letter-spacing: -0.015em; }
    s-heading[fontsize=large-300] { font-size: 28px; letter-spacing: -0.02em; } s-heading[fontsize=large-400] { font-size: 34px; letter-spacing: -0.025em; line-height: 1.2; }
    :is(s-text, s-paragraph, s-icon)[tone=critical] { color: var(--critical); } :is(s-text, s-paragraph, s-icon)[tone=success] { color: var(--success); }
    :is(s-text, s-paragraph, s-icon)[tone=warning], :is(s-text, s-paragraph, s-icon)[tone=caution] { color: var(--warning); }
    :is(s-text, s-paragraph, s-icon)[tone=info] { color: var(--info); } s-icon[color=subdued] { color: var(--ink-faint); }
    s-divider { display: block; align-self: stretch; border-top: 1px solid var(--line); }
    s-divider[direction=block] { border-top: 0; border-inline-start: 1px solid var(--line); }
    s-divider[color=strong] { border-color: var(--line-strong); }
    s-unordered-list, s-ordered-list { display: block; padding-inline-start: 1.35em; }
    s-list-item { display: list-item; list-style: disc; margin-block: 4px; } s-ordered-list > s-list-item { list-style: decimal; }
    s-list-item::marker { color: var(--ink-faint); }
    :is(s-box, s-stack, s-grid, s-grid-item)[background=subdued] { background: var(--sunken); }
    :is(s-box, s-stack, s-grid, s-grid-item)[background=base] { background: var(--card); }
    :is(s-box, s-stack, s-grid, s-grid-item)[background=strong] { background: var(--neutral-soft); }
    [display=none]:is(s-box, s-stack, s-grid, s-grid-item) { display: none; }
    [accessibilityvisibility=exclusive]:is(s-text, s-paragraph, s-heading, s-box, s-stack, s-grid, s-grid-item) { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
    s-option, s-option-group, s-choice { display: none; }
    s-tooltip { position: fixed; margin: 0; inset: auto; border: 0; padding: 6px 10px; border-radius: 6px; max-width: 260px; background: var(--ink); color: #fff; font-size: 13px; box-shadow: var(--shadow-over); }
    :is(s-box, s-stack, s-grid, s-grid-item, s-modal, s-popover, s-banner, s-badge, s-tooltip)[hidden] { display: none; }`;

  standin.documentSheets ??= [standin.sheet(tokens + light)];
  if (!document.adoptedStyleSheets.includes(standin.documentSheets[0])) {
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, ...standin.documentSheets];
  }
  /** Adds a part of the document's style sheet once. */
  standin.documentStyle = (key, css) => {
    if (standin.documentSheets[key]) return;
    standin.documentSheets[key] = standin.sheet(css);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, standin.documentSheets[key]];
  };
}
{
  // Polaris name -> Lucide's drawing (lucide-static 1.62.0, ISC; its notice: LICENSE.lucide beside this). Only icons in use.
  const standin = window.polarisStandIn;
  standin.icons = {
    "cart": '<path d="m2.05 2.05 1.099-.028a1 1 0 0 1 1.008.815l2.69 14.347A1 1 0 0 0 7.83 18H18"/><path d="M4.563 5h16.435a1 1 0 0 1 .981 1.204l-1.026 6.226A2 2 0 0 1 18.962 14H6.25"/><circle cx="18" cy="20" r="2"/><circle cx="8" cy="20" r="2"/>',
    "person": '<path d="M19 21v-2a4 4 0 0 0-4-4H9a4 4 0 0 0-4 4v2"/><circle cx="12" cy="7" r="4"/>',
    "person-add": '<path d="M16 21v-2a4 4 0 0 0-4-4H6a4 4 0 0 0-4 4v2"/><circle cx="9" cy="7" r="4"/><line x1="19" x2="19" y1="8" y2="14"/><line x1="22" x2="16" y1="11" y2="11"/>',
    "gift-card": '<path d="M12 7v14"/><path d="M20 11v8a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2v-8"/><path d="M7.5 7a1 1 0 0 1 0-5A4.8 8 0 0 1 12 7a4.8 8 0 0 1 4.5-5 1 1 0 0 1 0 5"/><rect x="3" y="7" width="18" height="4" rx="1"/>',
    "reward": '<path d="M10 14.66V17a1 1 0 0 1-1 1 2 2 0 0 0-2 2v2"/><path d="M14 14.66V17a1 1 0 0 0 1 1 2 2 0 0 1 2 2v2"/><path d="M17.916 10H19.5A2.5 2.5 0 0 0 22 7.5V5a1 1 0 0 0-1-1h-3"/><path d="M4 22h16"/><path d="M6 9a6 6 0 0 0 12 0V3a1 1 0 0 0-1-1H7a1 1 0 0 0-1 1z"/><path d="M6.084 10H4.5A2.5 2.5 0 0 1 2 7.5V5a1 1 0 0 1 1-1h3"/>',
    "confetti": '<path d="M5.8 11.3 2 22l10.7-3.79"/><path d="M4 3h.01"/><path d="M22 8h.01"/><path d="M15 2h.01"/><path d="M22 20h.01"/><path d="m22 2-2.24.75a2.9 2.9 0 0 0-1.96 3.12c.1.86-.57 1.63-1.45 1.63h-.38c-.86 0-1.6.6-1.76 1.44L14 10"/><path d="m22 13-.82-.33c-.86-.34-1.82.2-1.98 1.11c-.11.7-.72 1.22-1.43 1.22H17"/><path d="m11 2 .33.82c.34.86-.2 1.82-1.11 1.98C9.52 4.9 9 5.52 9 6.23V7"/><path d="M11 13c1.93 1.93 2.83 4.17 2 5-.83.83-3.07-.07-5-2-1.93-1.93-2.83-4.17-2-5 .83-.83 3.07.07 5 2Z"/>',
    "share": '<circle cx="18" cy="5" r="3"/><circle cx="6" cy="12" r="3"/><circle cx="18" cy="19" r="3"/><line x1="8.59" x2="15.42" y1="13.51" y2="17.49"/><line x1="15.41" x2="8.59" y1="6.51" y2="10.49"/>',
    "discount": '<path d="M3.85 8.62a4 4 0 0 1 4.78-4.77 4 4 0 0 1 6.74 0 4 4 0 0 1 4.78 4.78 4 4 0 0 1 0 6.74 4 4 0 0 1-4.77 4.78 4 4 0 0 1-6.75 0 4 4 0 0 1-4.78-4.77 4 4 0 0 1 0-6.76Z"/><path d="m15 9-6 6"/><path d="M9 9h.01"/><path d="M15 15h.01"/>',
    "delivery": '<path d="M14 18V6a2 2 0 0 0-2-2H4a2 2 0 0 0-2 2v11a1 1 0 0 0 1 1h2"/><path d="M15 18H9"/><path d="M19 18h2a1 1 0 0 0 1-1v-3.65a1 1 0 0 0-.22-.624l-3.48-4.35A1 1 0 0 0 17.52 8H14"/><circle cx="17" cy="18" r="2"/><circle cx="7" cy="18" r="2"/>',
    "alert-triangle": '<path d="m21.73 18-8-14a2 2 0 0 0-3.48 0l-8 14A2 2 0 0 0 4 21h16a2 2 0 0 0 1.73-3"/><path d="M12 9v4"/><path d="M12 17h.01"/>',
    "alert-circle": '<circle cx="12" cy="12" r="10"/><line x1="12" x2="12" y1="8" y2="12"/><line x1="12" x2="12.01" y1="16" y2="16"/>',
    "check-circle": '<circle cx="12" cy="12" r="10"/><path d="m16 9-5.5 5.5L8 12"/>',
    "circle-dashed": '<path d="M10.1 2.182a10 10 0 0 1 3.8 0"/><path d="M13.9 21.818a10 10 0 0 1-3.8 0"/><path d="M17.609 3.721a10 10 0 0 1 2.69 2.7"/><path d="M2.182 13.9a10 10 0 0 1 0-3.8"/><path d="M20.279 17.609a10 10 0 0 1-2.7 2.69"/><path d="M21.818 10.1a10 10 0 0 1 0 3.8"/><path d="M3.721 6.391a10 10 0 0 1 2.7-2.69"/><path d="M6.391 20.279a10 10 0 0 1-2.69-2.7"/>',
    "home": '<path d="M15 21v-8a1 1 0 0 0-1-1h-4a1 1 0 0 0-1 1v8"/><path d="M3 10a2 2 0 0 1 .709-1.528l7-6a2 2 0 0 1 2.582 0l7 6A2 2 0 0 1 21 10v9a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2z"/>',
    "email": '<path d="m22 7-8.991 5.727a2 2 0 0 1-2.009 0L2 7"/><rect x="2" y="4" width="20" height="16" rx="2"/>',
    "filter": '<path d="M2 5h20"/><path d="M6 12h12"/><path d="M9 19h6"/>',
    "edit": '<path d="M21.174 6.812a1 1 0 0 0-3.986-3.987L3.842 16.174a2 2 0 0 0-.5.83l-1.321 4.352a.5.5 0 0 0 .623.622l4.353-1.32a2 2 0 0 0 .83-.497z"/><path d="m15 5 4 4"/>',
    "delete": '<path d="M10 11v6"/><path d="M14 11v6"/><path d="M19 6v14a2 2 0 0 1-2 2H7a2 2 0 0 1-2-2V6"/><path d="M3 6h18"/><path d="M8 6V4a2 2 0 0 1 2-2h4a2 2 0 0 1 2 2v2"/>',
    "duplicate": '<rect width="14" height="14" x="8" y="8" rx="2" ry="2"/><path d="M4 16c-1.1 0-2-.9-2-2V4c0-1.1.9-2 2-2h10c1.1 0 2 .9 2 2"/>',
    "menu-horizontal": '<circle cx="12" cy="12" r="1"/><circle cx="19" cy="12" r="1"/><circle cx="5" cy="12" r="1"/>',
    "external": '<path d="M15 3h6v6"/><path d="M10 14 21 3"/><path d="M18 13v6a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V8a2 2 0 0 1 2-2h6"/>',
    "view": '<path d="M2.062 12.348a1 1 0 0 1 0-.696 10.75 10.75 0 0 1 19.876 0 1 1 0 0 1 0 .696 10.75 10.75 0 0 1-19.876 0"/><circle cx="12" cy="12" r="3"/>',
    "hide": '<path d="M10.733 5.076a10.744 10.744 0 0 1 11.205 6.575 1 1 0 0 1 0 .696 10.747 10.747 0 0 1-1.444 2.49"/><path d="M14.084 14.158a3 3 0 0 1-4.242-4.242"/><path d="M17.479 17.499a10.75 10.75 0 0 1-15.417-5.151 1 1 0 0 1 0-.696 10.75 10.75 0 0 1 4.446-5.143"/><path d="m2 2 20 20"/>',
    "refresh": '<path d="M3 12a9 9 0 0 1 9-9 9.75 9.75 0 0 1 6.74 2.74L21 8"/><path d="M21 3v5h-5"/><path d="M21 12a9 9 0 0 1-9 9 9.75 9.75 0 0 1-6.74-2.74L3 16"/><path d="M8 16H3v5"/>',
    "disabled": '<circle cx="12" cy="12" r="10"/><path d="M4.929 4.929 19.07 19.071"/>',
    "star": '<path d="M11.525 2.295a.53.53 0 0 1 .95 0l2.31 4.679a2.123 2.123 0 0 0 1.595 1.16l5.166.756a.53.53 0 0 1 .294.904l-3.736 3.638a2.123 2.123 0 0 0-.611 1.878l.882 5.14a.53.53 0 0 1-.771.56l-4.618-2.428a2.122 2.122 0 0 0-1.973 0L6.396 21.01a.53.53 0 0 1-.77-.56l.881-5.139a2.122 2.122 0 0 0-.611-1.879L2.16 9.795a.53.53 0 0 1 .294-.906l5.165-.755a2.122 2.122 0 0 0 1.597-1.16z"/>',
    "info": '<circle cx="12" cy="12" r="10"/><path d="M12 16v-4"/><path d="M12 8h.01"/>',
    "check": '<path d="M20 6 9 17l-5-5"/>',
    "x": '<path d="M18 6 6 18"/><path d="m6 6 12 12"/>',
    "plus": '<path d="M5 12h14"/><path d="M12 5v14"/>',
    "search": '<path d="m21 21-4.34-4.34"/><circle cx="11" cy="11" r="8"/>',
    "settings": '<path d="M9.671 4.136a2.34 2.34 0 0 1 4.659 0 2.34 2.34 0 0 0 3.319 1.915 2.34 2.34 0 0 1 2.33 4.033 2.34 2.34 0 0 0 0 3.831 2.34 2.34 0 0 1-2.33 4.033 2.34 2.34 0 0 0-3.319 1.915 2.34 2.34 0 0 1-4.659 0 2.34 2.34 0 0 0-3.32-1.915 2.34 2.34 0 0 1-2.33-4.033 2.34 2.34 0 0 0 0-3.831A2.34 2.34 0 0 1 6.35 6.051a2.34 2.34 0 0 0 3.319-1.915"/><circle cx="12" cy="12" r="3"/>',
    "calendar": '<path d="M8 2v3"/><path d="M16 2v3"/><rect x="3" y="3" width="18" height="18" rx="2"/><path d="M3 9h18"/>',
    "clock": '<circle cx="12" cy="12" r="10"/><path d="M12 6v6l4 2"/>',
    "key": '<path d="M2.586 17.414A2 2 0 0 0 2 18.828V21a1 1 0 0 0 1 1h3a1 1 0 0 0 1-1v-1a1 1 0 0 1 1-1h1a1 1 0 0 0 1-1v-1a1 1 0 0 1 1-1h.172a2 2 0 0 0 1.414-.586l.814-.814a6.5 6.5 0 1 0-4-4z"/><circle cx="16.5" cy="7.5" r=".5" fill="currentColor"/>',
    "code": '<path d="m16 18 6-6-6-6"/><path d="m8 6-6 6 6 6"/>',
    "chart-line": '<path d="M3 3v16a2 2 0 0 0 2 2h16"/><path d="m19 9-5 5-4-4-3 3"/>',
    "camera": '<path d="M13.997 4a2 2 0 0 1 1.76 1.05l.486.9A2 2 0 0 0 18.003 7H20a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2V9a2 2 0 0 1 2-2h1.997a2 2 0 0 0 1.759-1.048l.489-.904A2 2 0 0 1 10.004 4z"/><circle cx="12" cy="13" r="3"/>',
    "chevron-down": '<path d="m6 9 6 6 6-6"/>',
    "chevron-right": '<path d="m9 18 6-6-6-6"/>',
    "chevron-left": '<path d="m15 18-6-6 6-6"/>',
    "arrow-left": '<path d="m12 19-7-7 7-7"/><path d="M19 12H5"/>',
    "arrow-right": '<path d="M5 12h14"/><path d="m12 5 7 7-7 7"/>',
    "arrow-up": '<path d="m5 12 7-7 7 7"/><path d="M12 19V5"/>',
    "lock": '<rect width="18" height="11" x="3" y="11" rx="2" ry="2"/><path d="M7 11V7a5 5 0 0 1 10 0v4"/>',
    "arrow-down": '<path d="M12 5v14"/><path d="m19 12-7 7-7-7"/>',
    "undo": '<path d="M9 14 4 9l5-5"/><path d="M4 9h10.5a5.5 5.5 0 0 1 5.5 5.5a5.5 5.5 0 0 1-5.5 5.5H11"/>',
    "play": '<path d="M5 5a2 2 0 0 1 3.008-1.728l11.997 6.998a2 2 0 0 1 .003 3.458l-12 7A2 2 0 0 1 5 19z"/>',
    "connect": '<path d="M12 22v-5"/><path d="M15 8V2"/><path d="M17 8a1 1 0 0 1 1 1v4a4 4 0 0 1-4 4h-4a4 4 0 0 1-4-4V9a1 1 0 0 1 1-1z"/><path d="M9 8V2"/>',
    "send": '<path d="M14.536 21.686a.5.5 0 0 0 .937-.024l6.5-19a.496.496 0 0 0-.635-.635l-19 6.5a.5.5 0 0 0-.024.937l7.93 3.18a2 2 0 0 1 1.112 1.11z"/><path d="m21.854 2.147-10.94 10.939"/>',
    "link": '<path d="M10 13a5 5 0 0 0 7.54.54l3-3a5 5 0 0 0-7.07-7.07l-1.72 1.71"/><path d="M14 11a5 5 0 0 0-7.54-.54l-3 3a5 5 0 0 0 7.07 7.07l1.71-1.71"/>',
    "database": '<ellipse cx="12" cy="5" rx="9" ry="3"/><path d="M3 5V19A9 3 0 0 0 21 19V5"/><path d="M3 12A9 3 0 0 0 21 12"/>',
    "bolt": '<path d="M15.914 4a1.5 1.5 0 00-2.474-1.561l-9 9A1.5 1.5 0 005.5 14h4.002a.5.5 0 01.471.666L8.086 20a1.5 1.5 0 002.475 1.56l9-9A1.5 1.5 0 0018.5 10h-3.997a.5.5 0 01-.472-.667z"/>',
    "money": '<rect width="20" height="12" x="2" y="6" rx="2"/><circle cx="12" cy="12" r="2"/><path d="M6 12h.01M18 12h.01"/>',
  };

  /** An SVG node for a Polaris icon name; an unknown name draws nothing and is remembered for the tests. */
  standin.icon = (name, size = 18) => {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    if (name && !standin.icons[name]) (standin.unknownIcons ??= new Set()).add(name);
    svg.innerHTML = standin.icons[name] || ""; // our own constant markup
    const attributes = { viewBox: "0 0 24 24", width: size, height: size, fill: "none", stroke: "currentColor", "stroke-width": "1.8" };
    for (const [key, value] of Object.entries(attributes)) svg.setAttribute(key, value);
    for (const key of ["stroke-linecap", "stroke-linejoin"]) svg.setAttribute(key, "round");
    svg.setAttribute("aria-hidden", "true");
    return svg;
  };
}
{
  const standin = window.polarisStandIn;
  const { define } = standin;

  const SPACE = {
    none: 0, "small-500": 1, "small-400": 2, "small-300": 4, "small-200": 8, "small-100": 12, small: 12, base: 16, large: 20,
    "large-100": 20, "large-200": 24, "large-300": 32, "large-400": 40, "large-500": 48,
  };
  const RADIUS = { none: 0, "small-200": 4, "small-100": 4, small: 4, base: 8, large: 12, "large-100": 12, "large-200": 16, max: 9999 };
  const words = (table) => (value) => value.trim().split(/\s+/).map((word) => (word in table ? `${table[word]}px` : word)).join(" ");
  const space = words(SPACE);
  const as = (value) => value;
  const PROPERTIES = {
    gap: ["gap", space], rowgap: ["rowGap", space], columngap: ["columnGap", space], padding: ["padding", space],
    paddingblock: ["paddingBlock", space], paddingblockstart: ["paddingBlockStart", space], paddingblockend: ["paddingBlockEnd", space],
    paddinginline: ["paddingInline", space], paddinginlinestart: ["paddingInlineStart", space], paddinginlineend: ["paddingInlineEnd", space],
    alignitems: ["alignItems", as], justifycontent: ["justifyContent", as], justifyitems: ["justifyItems", as], aligncontent: ["alignContent", as],
    placeitems: ["placeItems", as], placecontent: ["placeContent", as], inlinesize: ["inlineSize", as], blocksize: ["blockSize", as],
    mininlinesize: ["minInlineSize", as], maxinlinesize: ["maxInlineSize", as], minblocksize: ["minBlockSize", as], maxblocksize: ["maxBlockSize", as],
    overflow: ["overflow", as], gridtemplatecolumns: ["gridTemplateColumns", as], gridtemplaterows: ["gridTemplateRows", as],
    gridcolumn: ["gridColumn", as], gridrow: ["gridRow", as], borderradius: ["borderRadius", words(RADIUS)],
  };
  const NAMES = [...Object.keys(PROPERTIES), "border", "direction", "accessibilityvisibility", "accessibilitylabel", "accessibilityrole"];
  const CONDITION = /^@container\s*[\w-]*\s*\(\s*inline-size\s*(<=|>=|<|>)\s*(\d+(?:\.\d+)?)px\s*\)\s*(.+)$/s;
  const ROLES = { header: "banner", footer: "contentinfo", section: "region", aside: "complementary", "ordered-list": "list", "unordered-list": "list", "list-item": "listitem" };

  /** Splits `A, B` at the comma that stands outside brackets: `repeat(2, 1fr), 1fr`. */
  const alternatives = (text) => {
    let depth = 0;
    for (let at = 0; at < text.length; at += 1) {
      if (text[at] === "(") depth += 1;
      if (text[at] === ")") depth -= 1;
      if (text[at] === "," && depth === 0) return [text.slice(0, at), text.slice(at + 1)];
    }
    return [text, ""];
  };

  /** The value for the parent's present width, and whether it depends on that width. */
  const resolve = (value, width) => {
    const match = CONDITION.exec(value.trim());
    if (!match) return [value, false];
    const [, operator, limit, rest] = match;
    const [yes, no] = alternatives(rest);
    const holds = { "<=": width <= +limit, ">=": width >= +limit, "<": width < +limit, ">": width > +limit }[operator];
    return [(holds ? yes : no).trim(), true];
  };

  class Box extends standin.Element {
    static shadow = null;
    static observedAttributes = NAMES;
    connected() {
      this.resizes ??= new ResizeObserver(() => this.render());
    }
    disconnected() {
      this.resizes.disconnect();
      this.watched = null;
    }
    render() {
      const parent = this.parentElement;
      let isResponsive = false;
      for (const property of this.applied || []) this.style[property] = "";
      this.applied = new Set();
      for (const [name, [property, convert]] of Object.entries(PROPERTIES)) {
        const raw = this.getAttribute(name);
        if (raw === null) continue;
        this.applied.add(property);
        const [value, depends] = resolve(raw, parent?.clientWidth || innerWidth);
        isResponsive ||= depends;
        const isFlex = this.localName === "s-stack" && /^(align|justify)/.test(property);
        this.style[property] = convert(isFlex ? value.replace(/^(start|end)$/, "flex-$1") : value);
      }
      this.style.border = this.border();
      this.describe();
      if (isResponsive && parent && this.watched !== parent) {
        this.resizes.disconnect();
        this.resizes.observe((this.watched = parent));
      }
    }
    border() {
      const [width, color] = this.text("border").split(/\s+/);
      if (!width || width === "none") return "";
      return `${{ large: 2, "large-100": 3 }[width] || 1}px solid var(--line${color === "strong" ? "-strong" : ""})`;
    }
    describe() {
      if (this.hasAttribute("accessibilityrole")) {
        const role = this.text("accessibilityrole");
        standin.setAttribute(this, "role", ROLES[role] || role);
      }
      standin.setAttribute(this, "aria-label", this.text("accessibilitylabel") || null);
      standin.setAttribute(this, "aria-hidden", this.text("accessibilityvisibility") === "hidden" ? "true" : null);
    }
  }
  for (const name of ["s-stack", "s-grid", "s-grid-item", "s-box"]) define(name, class extends Box {});
  define("s-query-container", class extends HTMLElement {});

  class Text extends standin.Element {
    static shadow = null;
    static observedAttributes = ["accessibilityvisibility"];
    render() {
      standin.setAttribute(this, "aria-hidden", this.text("accessibilityvisibility") === "hidden" ? "true" : null);
    }
  }
  define("s-text", class extends Text {});
  define("s-paragraph", class extends Text {});

  define("s-heading", class extends Text {
    render() {
      super.render();
      const role = this.text("accessibilityrole");
      let level = 2;
      for (let node = this.parentElement; node; node = node.parentElement) if (node.matches("s-section[heading], s-modal[heading], s-banner[heading]")) level += 1;
      standin.setAttribute(this, "role", role === "none" || role === "presentation" ? "presentation" : "heading");
      standin.setAttribute(this, "aria-level", role ? null : Math.min(level, 4));
    }
  });

  const withRole = (role) => class extends HTMLElement {
    connectedCallback() {
      standin.setAttribute(this, "role", role);
    }
  };
  define("s-divider", withRole("separator"));
  define("s-unordered-list", withRole("list"));
  define("s-ordered-list", withRole("list"));
  define("s-list-item", withRole("listitem"));
}
{
  const standin = window.polarisStandIn;
  const { define, h, sheet } = standin;

  /** Marks the root with `has-<slot>` while something is assigned, so empty areas take no room. */
  const followSlots = (root) => {
    for (const slot of root.querySelectorAll("slot")) {
      const name = slot.name || "default";
      const update = () => root.firstElementChild.classList.toggle(`has-${name}`, slot.assignedNodes().length > 0);
      slot.addEventListener("slotchange", update);
      update();
    }
  };
  const slot = (name) => h("slot", name ? { name } : {});

  const pageLook = sheet(`
    :host { display: block; }
    .page { margin: 0 auto; padding: 24px 24px 64px; max-width: 1048px; }
    :host([inlinesize=small]) .page { max-width: 708px; } :host([inlinesize=large]) .page { max-width: none; }
    header { display: grid; grid-template-columns: 1fr auto; gap: 6px 16px; align-items: center; margin-bottom: 20px; }
    .crumbs { grid-column: 1 / -1; display: none; } .has-breadcrumb-actions .crumbs { display: block; font-size: 13px; }
    h1 { margin: 0; font-size: 22px; line-height: 1.25; font-weight: 650; letter-spacing: -0.018em; min-width: 0; overflow-wrap: anywhere; }
    .actions { display: flex; flex-wrap: wrap; gap: 8px; justify-content: flex-end; }
    .columns, .main, .aside { display: flex; flex-direction: column; gap: 16px; min-width: 0; }
    .aside { display: none; } .has-aside .aside { display: flex; }
    @media (min-width: 760px) { .has-aside .columns { display: grid; grid-template-columns: minmax(0, 2fr) minmax(0, 1fr); align-items: start; } }
    @media (max-width: 560px) {
      .page { padding: 16px 12px 48px; } header { grid-template-columns: 1fr; margin-bottom: 16px; } h1 { font-size: 21px; }
      .actions { justify-content: flex-start; } ::slotted([slot=primary-action]) { order: -1; }
    }
    .embedded header { margin: 0; } .embedded .actions, .embedded .crumbs { display: none; }
    .embedded h1 { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }`);

  define("s-page", class extends standin.Element {
    static styles = [pageLook];
    static observedAttributes = ["heading"];
    build() {
      this.title1 = h("h1");
      this.root = h("div", { class: "page" },
        h("header", {}, h("div", { class: "crumbs" }, slot("breadcrumb-actions")), this.title1,
          h("div", { class: "actions" }, slot("secondary-actions"), slot("primary-action"))),
        h("main", { class: "columns" }, h("div", { class: "main" }, slot()), h("div", { class: "aside" }, slot("aside"))));
      this.shadowRoot.append(this.root);
      followSlots(this.shadowRoot);
    }
    render() {
      // Inside the admin the heading and the actions stand in the title bar; the heading stays for screen readers.
      this.root.classList.toggle("embedded", standin.isEmbedded());
      standin.setText(this.title1, this.text("heading"));
      this.title1.hidden = !this.text("heading");
    }
  });

  const sectionLook = sheet(`
    :host { display: block; min-width: 0; }
    section { background: var(--card); border: 1px solid var(--line); border-radius: var(--radius-large); box-shadow: var(--shadow); padding: 16px; }
    section.flush { padding: 0; overflow: hidden; } section.inner { background: none; border: 0; box-shadow: none; padding: 0; border-radius: 0; }
    header { display: none; grid-template-columns: 1fr auto; gap: 2px 12px; align-items: center; margin-bottom: 12px; }
    .headed header { display: grid; } .flush header { padding: 14px 16px 0; }
    h2, h3 { margin: 0; font-size: 15px; line-height: 1.35; font-weight: 630; letter-spacing: -0.008em; overflow-wrap: anywhere; } h3 { font-size: 14px; }
    .sub { grid-column: 1 / -1; color: var(--ink-soft); margin: 0; } .actions { display: flex; flex-wrap: wrap; gap: 8px; }
    .body { display: flex; flex-direction: column; gap: 14px; } .flush .body { gap: 0; }
    @media (max-width: 560px) { section { padding: 14px; } }`);

  define("s-section", class extends standin.Element {
    static styles = [sectionLook];
    static observedAttributes = ["heading", "subheading", "padding", "accessibilitylabel"];
    build() {
      this.isInner = Boolean(this.parentElement?.closest("s-section"));
      this.title2 = h(this.isInner ? "h3" : "h2", { id: "heading" });
      this.sub = h("p", { class: "sub" });
      this.root = h("section", {},
        h("header", {}, this.title2, h("div", { class: "actions" }, slot("secondary-actions"), slot("primary-action")), this.sub),
        h("div", { class: "body" }, slot()));
      this.shadowRoot.append(h("div", {}, this.root));
      followSlots(this.shadowRoot);
    }
    render() {
      const heading = this.text("heading");
      const label = this.text("accessibilitylabel");
      standin.setText(this.title2, heading);
      standin.setText(this.sub, this.text("subheading"));
      this.sub.hidden = !this.text("subheading");
      this.root.classList.toggle("headed", Boolean(heading));
      this.root.classList.toggle("flush", this.text("padding") === "none");
      this.root.classList.toggle("inner", this.isInner);
      // Without a name a section is no landmark, which is the browser's own rule for <section>.
      standin.setAttribute(this.root, "aria-label", label || null);
      standin.setAttribute(this.root, "aria-labelledby", heading && !label ? "heading" : null);
      this.title2.hidden = !heading;
    }
  });
}
{
  const standin = window.polarisStandIn;
  const { define, h, sheet, safeHref, setAttribute } = standin;
  const POPUPS = { "s-modal": "dialog", "s-popover": "dialog", "s-menu": "menu" };

  /** What buttons, links and clickables share: an inner native control, commands, tooltips, submit and reset. */
  class Action extends standin.Element {
    static shadow = { mode: "open", delegatesFocus: true };
    static observedAttributes = ["href", "target", "download", "disabled", "loading", "accessibilitylabel", "icon", "tone", "variant", "command", "commandfor", "type", "interestfor", "aria-pressed"];
    build() {
      this.addEventListener("click", (event) => this.clicked(event));
      for (const name of ["pointerenter", "focusin"]) this.addEventListener(name, () => this.tooltip()?.show(this));
      for (const name of ["pointerleave", "focusout"]) this.addEventListener(name, () => this.tooltip()?.hide());
    }
    tooltip() {
      const found = standin.byId(this, this.getAttribute("interestfor"));
      return found?.localName === "s-tooltip" ? found : null;
    }
    /** As a native control: a click by script reaches the inner control, which is what follows a link. */
    click() {
      this.control.click();
    }
    get isBusy() {
      return this.flag("disabled") || this.flag("loading");
    }
    render() {
      const wanted = safeHref(this.getAttribute("href")) && !this.isBusy ? "a" : "button";
      if (this.control?.localName !== wanted) {
        const next = h(wanted, { class: "control", part: "control" });
        if (wanted === "button") next.type = "button";
        this.fill(next);
        if (this.control) this.control.replaceWith(next);
        else this.shadowRoot.append(next);
        this.control = next;
      }
      if (wanted === "a") {
        const target = this.getAttribute("target");
        setAttribute(this.control, "href", safeHref(this.getAttribute("href")));
        setAttribute(this.control, "target", target === "auto" ? null : target);
        setAttribute(this.control, "rel", target === "_blank" ? "noopener" : null);
        setAttribute(this.control, "download", this.getAttribute("download"));
      }
      setAttribute(this.control, "aria-label", this.text("accessibilitylabel") || null);
      setAttribute(this.control, "aria-disabled", this.isBusy ? "true" : null);
      setAttribute(this.control, "aria-busy", this.flag("loading") ? "true" : null);
      const popup = this.popup();
      setAttribute(this.control, "aria-haspopup", popup ? POPUPS[popup.localName] : null);
      if (popup && !this.control.hasAttribute("aria-expanded")) setAttribute(this.control, "aria-expanded", "false");
      setAttribute(this.control, "role", wanted && this.closest("s-menu") ? "menuitem" : null);
      setAttribute(this.control, "aria-description", this.tooltip()?.textContent.trim() || null);
      this.decorate?.();
    }
    popup() {
      const target = standin.byId(this, this.getAttribute("commandfor"));
      return target && POPUPS[target.localName] ? target : null;
    }
    setExpanded(isOpen) {
      setAttribute(this.control, "aria-expanded", String(isOpen));
    }
    clicked(event) {
      if (this.isBusy) {
        event.preventDefault();
        event.stopImmediatePropagation();
        return;
      }
      const command = this.getAttribute("command") || "--auto";
      const target = standin.byId(this, this.getAttribute("commandfor"));
      if (target && command === "--copy") this.copy(target);
      else if (target) standin.command(target, command, this);
      if (this.control.localName !== "button") return;
      queueMicrotask(() => {
        const form = this.closest("form");
        if (event.defaultPrevented || !form) return;
        if (this.text("type") === "submit") form.requestSubmit();
        if (this.text("type") === "reset") form.reset();
      });
    }
    async copy(target) {
      const text = "value" in target && target.value ? target.value : target.textContent.trim();
      try {
        await navigator.clipboard.writeText(text);
      } catch {
        // Without the clipboard permission (an iframe, plain http) the old way still works.
        const area = h("textarea", { style: "position:fixed;opacity:0" });
        area.value = text;
        document.body.append(area);
        area.select();
        document.execCommand("copy");
        area.remove();
        this.control.focus();
      }
      window.shopify?.toast?.show(standin.say("Copied"));
    }
  }
  standin.booleans(Action, ["disabled", "loading"]);

  standin.command = (target, command, opener) => {
    const verb = { "--show": "showOverlay", "--hide": "hideOverlay" }[command] || "toggleOverlay";
    target[verb]?.(opener);
  };

  const buttonLook = sheet(`
    :host { display: inline-block; max-width: 100%; vertical-align: middle; } :host([inlinesize=fill]) { display: block; }
    .control { display: inline-flex; align-items: center; justify-content: center; gap: 6px; width: 100%; min-height: var(--control); padding: 5px 12px;
      border: 1px solid var(--line-strong); border-radius: var(--radius); background: var(--card); color: var(--ink); cursor: pointer;
      font-weight: 560; font-size: 14px; line-height: 1.4; text-decoration: none; text-align: center; box-shadow: var(--shadow); position: relative; transition: background .12s; }
    .control:hover { background: var(--hover); }
    :host([variant=primary]) .control { background: var(--accent); border-color: var(--accent); color: #fff; }
    :host([variant=primary]) .control:hover { background: var(--accent-hover); }
    :host([variant=tertiary]) .control { background: none; border-color: transparent; box-shadow: none; font-weight: 500; color: var(--accent); }
    :host([variant=tertiary]) .control:hover { background: var(--hover); }
    :host([tone=critical]) .control { color: var(--critical); border-color: #dfb0ad; } :host([tone=critical]) .control:hover { background: var(--critical-soft); }
    :host([tone=critical][variant=tertiary]) .control { border-color: transparent; }
    :host([tone=critical][variant=primary]) .control { background: var(--critical); border-color: var(--critical); color: #fff; }
    :host([tone=critical][variant=primary]) .control:hover { background: #841418; }
    .control[aria-disabled] { cursor: default; background: var(--neutral-soft) !important; color: var(--ink-faint) !important; border-color: transparent !important; box-shadow: none; }
    .icon-only .control, .control.icon-only { padding: 5px; min-width: var(--control); }
    .spinner { position: absolute; width: 16px; height: 16px; border: 2px solid currentColor; border-inline-start-color: transparent; border-radius: 50%; animation: turn .8s linear infinite; }
    .control[aria-busy] slot, .control[aria-busy] svg { visibility: hidden; } .control:not([aria-busy]) .spinner { display: none; }
    @keyframes turn { to { rotate: 1turn; } }
    @media (max-width: 560px) { .control { padding-inline: 14px; font-size: 15px; } }
    .control[role=menuitem] { justify-content: flex-start; border: 0; box-shadow: none; background: none; font-weight: 450; text-align: start; padding: 6px 10px; }
    .control[role=menuitem]:is(:hover, :focus-visible) { background: var(--hover); }`);

  define("s-button", class extends Action {
    static styles = [buttonLook];
    static watch = { childList: true, characterData: true, subtree: true };
    fill(control) {
      this.iconSpot = h("span", { style: "display:contents" });
      control.append(h("span", { class: "spinner", "aria-hidden": "true" }), this.iconSpot, h("slot"));
    }
    decorate() {
      const icon = this.text("icon");
      if (this.iconSpot.dataset.icon !== icon) {
        this.iconSpot.dataset.icon = icon;
        this.iconSpot.replaceChildren(...(icon ? [standin.icon(icon, 16)] : []));
      }
      this.control.classList.toggle("icon-only", Boolean(icon) && !this.textContent.trim());
      if (this.closest("s-menu")) this.style.display = "block";
    }
  });

  const linkLook = sheet(`
    :host { display: inline; } .control { display: inline; border: 0; padding: 0; background: none; cursor: pointer; color: var(--accent); font: inherit; text-align: start;
      text-decoration: underline; text-decoration-color: color-mix(in srgb, currentColor 40%, transparent); text-underline-offset: 2px; border-radius: 3px; }
    .control:hover { text-decoration-color: currentColor; } :host([tone=neutral]) .control { color: var(--ink); } :host([tone=critical]) .control { color: var(--critical); }`);
  define("s-link", class extends Action {
    static styles = [linkLook];
    fill(control) {
      control.append(h("slot"));
    }
  });

  const clickableLook = sheet(`
    :host { display: block; } .control { display: block; width: 100%; border: 0; padding: 0; background: none; color: inherit; text-align: start; text-decoration: none; cursor: pointer; border-radius: var(--radius); }
    .control:hover { background: var(--hover); } :host([padding=base]) .control { padding: 16px; } :host([padding=small]) .control { padding: 12px; } :host([padding=small-200]) .control { padding: 8px; }
    :host([border]) .control { border: 1px solid var(--line); } :host([borderradius^=large]) .control { border-radius: var(--radius-large); }
    :host([background=base]) .control { background: var(--card); box-shadow: var(--shadow); } :host([background=base]) .control:hover { background: var(--hover); } :host([background=subdued]) .control { background: var(--sunken); }`);
  define("s-clickable", class extends Action {
    static styles = [clickableLook];
    fill(control) {
      control.append(h("slot"));
    }
  });

  define("s-button-group", class extends standin.Element {
    static styles = [sheet(":host { display: block; } div { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; } :host([gap=none]) div { gap: 0; }")];
    build() {
      this.shadowRoot.append(h("div", { role: "group" }, h("slot"), h("slot", { name: "secondary-actions" }), h("slot", { name: "primary-action" })));
    }
    render() {
      setAttribute(this.shadowRoot.firstElementChild, "aria-label", this.text("accessibilitylabel") || null);
    }
  });

  const chipLook = sheet(`
    :host { display: inline-block; max-width: 100%; } .chip { display: inline-flex; align-items: center; gap: 4px; max-width: 100%; border-radius: 99px; background: var(--neutral-soft); padding: 2px 10px; font-size: 13px; line-height: 20px; color: var(--ink); }
    .control { border: 0; text-decoration: none; cursor: pointer; min-height: 26px; }
    .remove { border: 0; background: none; padding: 5px; min-width: 24px; min-height: 24px; margin-inline-end: -6px; display: inline-grid; place-items: center; cursor: pointer; border-radius: 99px; } .remove:hover { background: var(--line); }`);
  const removable = (Base) => class extends Base {
    static styles = [chipLook];
    static watch = { childList: true, characterData: true, subtree: true };
    removeButton() {
      const button = h("button", { type: "button", class: "remove", "aria-label": `${standin.say("Remove")} ${this.textContent.trim()}` }, standin.icon("x", 14));
      button.addEventListener("click", (event) => {
        event.stopPropagation();
        this.dispatchEvent(new Event("remove", { bubbles: true }));
      });
      return button;
    }
  };
  define("s-chip", class extends removable(standin.Element) {
    static observedAttributes = ["removable"];
    render() {
      this.shadowRoot.replaceChildren(h("span", { class: "chip" }, h("slot", { name: "graphic" }), h("slot"), this.flag("removable") ? this.removeButton() : null));
    }
  });
  define("s-clickable-chip", class extends removable(Action) {
    fill(control) {
      control.classList.add("chip");
      control.append(h("slot", { name: "graphic" }), h("slot"));
    }
    decorate() {
      this.shadowRoot.querySelector(".remove")?.remove();
      if (this.flag("removable")) this.control.after(this.removeButton());
    }
  });
}
{
  const standin = window.polarisStandIn;
  const { define, h, sheet, setAttribute } = standin;
  const FIELDS = "s-text-field, s-number-field, s-money-field, s-email-field, s-url-field, s-password-field, s-search-field, s-date-field, s-text-area, s-select";

  const say = (host, name) => host.dispatchEvent(new Event(name));

  const modalLook = sheet(`
    :host { display: contents; }
    dialog { width: min(620px, calc(100vw - 24px)); max-height: calc(100dvh - 48px); padding: 0; border: 0; border-radius: var(--radius-large); box-shadow: var(--shadow-over); color: var(--ink); background: var(--card); }
    dialog[open] { display: flex; flex-direction: column; } dialog::backdrop { background: rgb(20 28 25 / 45%); }
    :host([size^=small]) dialog { width: min(440px, calc(100vw - 24px)); } :host([size^=large]) dialog { width: min(900px, calc(100vw - 24px)); }
    header { display: flex; align-items: center; justify-content: space-between; gap: 12px; padding: 12px 12px 12px 16px; border-bottom: 1px solid var(--line); }
    h2 { margin: 0; font-size: 16px; font-weight: 630; line-height: 1.35; overflow-wrap: anywhere; }
    .close { width: 32px; height: 32px; display: grid; place-items: center; border: 0; border-radius: var(--radius); background: none; cursor: pointer; flex: none; } .close:hover { background: var(--hover); }
    .body { padding: 16px; overflow: auto; display: flex; flex-direction: column; gap: 14px; } :host([padding=none]) .body { padding: 0; }
    footer { display: flex; flex-wrap: wrap; justify-content: flex-end; gap: 8px; padding: 12px 16px; border-top: 1px solid var(--line); }`);

  define("s-modal", class extends standin.Element {
    static styles = [modalLook];
    static observedAttributes = ["heading", "accessibilitylabel"];
    build() {
      this.title2 = h("h2", { id: "heading" });
      const close = h("button", { type: "button", class: "close", "aria-label": standin.say("Close") }, standin.icon("x"));
      close.addEventListener("click", () => this.hideOverlay());
      this.body = h("div", { class: "body" }, h("slot"));
      this.dialog = h("dialog", { "aria-labelledby": "heading" }, h("header", {}, this.title2, close), this.body,
        h("footer", {}, h("slot", { name: "secondary-actions" }), h("slot", { name: "primary-action" })));
      this.dialog.addEventListener("close", () => this.closed());
      // A click on the backdrop is a click on the dialog itself, outside its box.
      this.dialog.addEventListener("click", (event) => event.target === this.dialog && this.hideOverlay());
      this.shadowRoot.append(this.dialog);
    }
    render() {
      standin.setText(this.title2, this.text("heading"));
      setAttribute(this.dialog, "aria-label", this.text("accessibilitylabel") || null);
      setAttribute(this.body, "tabindex", this.body.scrollHeight > this.body.clientHeight + 1 ? "0" : null);
    }
    showOverlay(opener = null) {
      if (this.dialog.open) return;
      this.opener = opener;
      say(this, "show");
      this.dialog.showModal();
      this.render();
      this.querySelector(FIELDS)?.focus();
      opener?.setExpanded?.(true);
      say(this, "aftershow");
    }
    hideOverlay() {
      if (!this.dialog.open) return;
      say(this, "hide");
      this.dialog.close();
    }
    toggleOverlay(opener) {
      if (this.dialog.open) this.hideOverlay();
      else this.showOverlay(opener);
    }
    closed() {
      this.opener?.setExpanded?.(false);
      this.opener?.focus();
      say(this, "afterhide");
    }
  });

  standin.documentStyle("overlays", `
    :is(s-popover, s-menu)[popover] { position: fixed; inset: auto; margin: 0; border: 1px solid var(--line); border-radius: var(--radius-large); background: var(--card); color: var(--ink); padding: 12px; box-shadow: var(--shadow-over); max-width: min(360px, calc(100vw - 24px)); overflow: auto; }
    s-menu[popover] { padding: 6px; min-width: 180px; }`);

  class Popover extends standin.Element {
    connected() {
      this.popover = "auto";
    }
    build() {
      this.shadowRoot.append(this.inner());
      // `beforetoggle` comes at once, `toggle` a task later: too late for the opener's own click.
      this.addEventListener("beforetoggle", (event) => {
        if (event.newState === "closed") this.closedAt = performance.now();
      });
      this.addEventListener("toggle", (event) => this.toggled(event.newState === "open"));
    }
    inner() {
      return h("div", {}, h("slot"));
    }
    showOverlay(opener = null) {
      this.opener = opener;
      this.showPopover();
      this.place();
    }
    hideOverlay() {
      this.hidePopover();
    }
    toggleOverlay(opener) {
      // A click outside has closed it before the opener's click arrives; then it stays closed.
      if (this.matches(":popover-open") || performance.now() - (this.closedAt || -1e9) < 200) this.hidePopover();
      else this.showOverlay(opener);
    }
    toggled(isOpen) {
      this.opener?.setExpanded?.(isOpen);
      if (!isOpen && this.contains(document.activeElement)) this.opener?.focus();
      say(this, isOpen ? "show" : "hide");
      say(this, isOpen ? "aftershow" : "afterhide");
      if (isOpen) this.opened?.();
    }
    place() {
      const anchor = this.opener?.getBoundingClientRect?.();
      if (!anchor) return;
      const own = this.getBoundingClientRect();
      const below = anchor.bottom + 6 + own.height <= innerHeight || anchor.top < own.height;
      this.style.top = `${Math.max(8, below ? anchor.bottom + 6 : anchor.top - 6 - own.height)}px`;
      this.style.left = `${Math.max(12, Math.min(anchor.left, innerWidth - own.width - 12))}px`;
    }
  }
  define("s-popover", class extends Popover {});

  define("s-menu", class extends Popover {
    static observedAttributes = ["accessibilitylabel"];
    inner() {
      this.addEventListener("keydown", (event) => this.moved(event));
      this.addEventListener("click", () => queueMicrotask(() => this.hidePopover()));
      return (this.root = h("div", { role: "menu" }, h("slot")));
    }
    render() {
      setAttribute(this.root, "aria-label", this.text("accessibilitylabel") || "Actions");
    }
    get items() {
      return [...this.querySelectorAll("s-button, s-link")];
    }
    opened() {
      this.items[0]?.focus();
    }
    moved(event) {
      const items = this.items;
      const at = items.indexOf(document.activeElement);
      const next = { ArrowDown: (at + 1) % items.length, ArrowUp: (at - 1 + items.length) % items.length, Home: 0, End: items.length - 1 }[event.key];
      if (next === undefined) return;
      event.preventDefault();
      items[next].focus();
    }
  });

  define("s-tooltip", class extends HTMLElement {
    connectedCallback() {
      this.popover = "manual";
      standin.setAttribute(this, "role", "tooltip");
    }
    show(anchor) {
      const box = anchor.getBoundingClientRect();
      this.showPopover();
      const own = this.getBoundingClientRect();
      this.style.left = `${Math.max(8, Math.min(box.left + box.width / 2 - own.width / 2, innerWidth - own.width - 8))}px`;
      this.style.top = `${box.top > own.height + 12 ? box.top - own.height - 6 : box.bottom + 6}px`;
    }
    hide() {
      if (this.matches(":popover-open")) this.hidePopover();
    }
  });
}
{
  const standin = window.polarisStandIn;
  const { define, h, sheet, setAttribute, setText } = standin;
  const TONES = `
    :host { --tone: var(--ink); --tone-soft: var(--neutral-soft); }
    :host([tone=info]) { --tone: var(--info); --tone-soft: var(--info-soft); } :host([tone=success]) { --tone: var(--success); --tone-soft: var(--success-soft); }
    :host([tone=warning]), :host([tone=caution]) { --tone: var(--warning); --tone-soft: var(--warning-soft); } :host([tone=critical]) { --tone: var(--critical); --tone-soft: var(--critical-soft); }`;
  const ICONS = { info: "info", success: "check-circle", warning: "alert-triangle", critical: "alert-circle", auto: "info" };

  const bannerLook = sheet(`${TONES}
    :host { display: block; } .banner { display: grid; grid-template-columns: auto minmax(0, 1fr) auto; gap: 4px 10px; padding: 12px 14px; border-radius: var(--radius-large); background: var(--tone-soft); border: 1px solid color-mix(in srgb, var(--tone) 22%, transparent); }
    .icon { color: var(--tone); padding-top: 1px; } .title { font-weight: 620; color: var(--tone); } .body { display: flex; flex-direction: column; gap: 4px; }
    ::slotted([slot=secondary-actions]) { margin-top: 6px; }
    .dismiss { border: 0; background: none; cursor: pointer; width: 32px; height: 32px; margin: -5px -6px; display: grid; place-items: center; border-radius: var(--radius); } .dismiss:hover { background: rgb(0 0 0 / 6%); }
    .actions { display: flex; gap: 8px; flex-wrap: wrap; }`);

  define("s-banner", class extends standin.Element {
    static styles = [bannerLook];
    static observedAttributes = ["tone", "heading", "dismissible"];
    build() {
      this.spot = h("span", { class: "icon" });
      this.heading1 = h("div", { class: "title" });
      this.close = h("button", { type: "button", class: "dismiss", "aria-label": standin.say("Dismiss") }, standin.icon("x", 16));
      this.close.addEventListener("click", () => {
        this.dispatchEvent(new Event("dismiss"));
        this.hidden = true;
        this.dispatchEvent(new Event("afterhide"));
      });
      this.root = h("div", { class: "banner" }, this.spot,
        h("div", { class: "body" }, this.heading1, h("div", {}, h("slot")), h("div", { class: "actions" }, h("slot", { name: "secondary-actions" }))), this.close);
      this.shadowRoot.append(this.root);
    }
    render() {
      const tone = this.text("tone") || "auto";
      setAttribute(this.root, "role", tone === "critical" ? "alert" : "status");
      this.spot.replaceChildren(standin.icon(ICONS[tone] || "info"));
      setText(this.heading1, this.text("heading"));
      this.heading1.hidden = !this.text("heading");
      this.close.hidden = !this.flag("dismissible");
      this.close.style.display = this.close.hidden ? "none" : "";
    }
  });

  define("s-badge", class extends standin.Element {
    static styles = [sheet(`${TONES}
      :host { display: inline-flex; vertical-align: middle; max-width: 100%; } span { display: inline-flex; align-items: center; gap: 4px; padding: 1px 9px; border-radius: 99px; font-size: 12.5px; line-height: 20px; font-weight: 540; background: var(--tone-soft); color: var(--tone); }
      :host([tone=neutral]) span, :host(:not([tone])) span { color: #454f4a; } :host([color=strong]) span { background: var(--tone); color: #fff; } :host([size^=large]) span { font-size: 14px; padding: 3px 11px; }`)];
    static observedAttributes = ["icon"];
    build() {
      this.spot = h("i", { style: "display:contents" });
      this.shadowRoot.append(h("span", {}, this.spot, h("slot")));
    }
    render() {
      this.spot.replaceChildren(...(this.text("icon") ? [standin.icon(this.text("icon"), 13)] : []));
    }
  });

  define("s-spinner", class extends standin.Element {
    static styles = [sheet(`:host { display: inline-block; } div { width: 20px; height: 20px; border: 2.5px solid var(--line-strong); border-block-start-color: var(--accent); border-radius: 50%; animation: turn .9s linear infinite; }
      :host([size^=large]) div { width: 36px; height: 36px; border-width: 4px; } @keyframes turn { to { rotate: 1turn; } }`)];
    static observedAttributes = ["accessibilitylabel"];
    build() {
      this.shadowRoot.append(h("div", { role: "status" }));
    }
    render() {
      setAttribute(this.shadowRoot.firstElementChild, "aria-label", this.text("accessibilitylabel") || standin.say("Loading"));
    }
  });

  define("s-progress", class extends standin.Element {
    static styles = [sheet(`${TONES} :host { display: block; --tone: var(--accent); } .track { height: 8px; border-radius: 99px; background: var(--neutral-soft); overflow: hidden; box-shadow: inset 0 0 0 1px rgb(0 0 0 / 5%); } .bar { height: 100%; border-radius: 99px; background: var(--tone); }`)];
    static observedAttributes = ["value", "max", "accessibilitylabel"];
    build() {
      this.bar = h("div", { class: "bar" });
      this.shadowRoot.append(h("div", { class: "track", role: "progressbar" }, this.bar));
    }
    render() {
      const max = +this.text("max") || 1;
      const track = this.shadowRoot.firstElementChild;
      const value = this.hasAttribute("value") ? Math.min(max, Math.max(0, +this.text("value"))) : null;
      setAttribute(track, "aria-valuemin", "0");
      setAttribute(track, "aria-valuemax", max);
      setAttribute(track, "aria-valuenow", value);
      setAttribute(track, "aria-label", this.text("accessibilitylabel") || "Progress");
      this.bar.style.width = `${value === null ? 35 : (value / max) * 100}%`;
    }
  });

  define("s-icon", class extends standin.Element {
    static styles = [sheet(":host { display: inline-flex; vertical-align: middle; flex: none; }")];
    static observedAttributes = ["type", "size"];
    render() {
      setAttribute(this, "aria-hidden", "true");
      this.shadowRoot.replaceChildren(standin.icon(this.text("type"), this.text("size") === "small" ? 15 : 18));
    }
  });

  define("s-avatar", class extends standin.Element {
    static styles = [sheet(`:host { display: inline-flex; flex: none; --size: 36px; } :host([size^=small]) { --size: 28px; } :host([size^=large]) { --size: 48px; }
      div, img { width: var(--size); height: var(--size); border-radius: 50%; } div { display: grid; place-items: center; background: var(--accent-soft); color: var(--accent); font-weight: 620; font-size: calc(var(--size) * .38); overflow: hidden; } img { object-fit: cover; }`)];
    static observedAttributes = ["src", "alt", "initials"];
    render() {
      const src = standin.safeHref(this.getAttribute("src"));
      const alt = this.text("alt");
      const initials = h("div", alt ? { role: "img", "aria-label": alt } : { "aria-hidden": "true" }, this.text("initials").slice(0, 2).toUpperCase());
      const image = src ? h("img", { src, alt }) : null;
      image?.addEventListener("error", () => image.replaceWith(initials));
      this.shadowRoot.replaceChildren(image || initials);
    }
  });

  const imageLook = sheet(`:host { display: block; } img { display: block; max-width: 100%; height: auto; } :host([inlinesize=fill]) img { width: 100%; } :host([objectfit=cover]) img { object-fit: cover; } :host([objectfit=contain]) img { object-fit: contain; }
    :host([borderradius=base]) img { border-radius: var(--radius); } :host(s-thumbnail) img { width: 44px; height: 44px; object-fit: cover; border-radius: var(--radius); border: 1px solid var(--line); }`);
  for (const name of ["s-image", "s-thumbnail"]) {
    define(name, class extends standin.Element {
      static styles = [imageLook];
      static observedAttributes = ["src", "alt", "aspectratio", "loading"];
      render() {
        const image = h("img", { src: standin.safeHref(this.getAttribute("src")), alt: this.text("alt"), loading: this.getAttribute("loading") });
        if (this.text("aspectratio")) image.style.aspectRatio = this.text("aspectratio");
        this.shadowRoot.replaceChildren(image);
      }
    });
  }
}
{
  const standin = window.polarisStandIn;
  const { define, h, sheet, setAttribute } = standin;

  standin.documentStyle("table", `
    s-table { display: block; } s-table-header-row { display: table-header-group; }
    s-table-body { display: table-row-group; } s-table-row { display: table-row; }
    s-table-header, s-table-cell { display: table-cell; padding: 10px 12px; vertical-align: middle; text-align: start; border-bottom: 1px solid var(--line); }
    s-table-cell { overflow-wrap: anywhere; } s-table-cell s-button { white-space: nowrap; }
    @media (min-width: 1200px) { s-table-cell { overflow-wrap: break-word; } } /* where there is room a word stays whole, and its column widens */
    s-table-header { font-size: 13px; font-weight: 560; color: var(--ink-soft); background: var(--sunken); padding-block: 8px; white-space: nowrap; }
    :is(s-table-header, s-table-cell):first-child { padding-inline-start: 16px; } :is(s-table-header, s-table-cell):last-child { padding-inline-end: 16px; }
    s-table-body > s-table-row:last-child > s-table-cell { border-bottom: 0; }
    :is(s-table-header, s-table-cell)[data-format] { text-align: end; font-variant-numeric: tabular-nums; white-space: nowrap; }
    s-table-row[clickdelegate] { cursor: pointer; } s-table-body > s-table-row:hover { background: #fafbf9; }
    s-table[aria-busy] { opacity: .55; }
    @media (max-width: 560px) {
      s-table-header-row { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
      s-table-body { display: block; } s-table-row { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 4px 12px; padding: 12px 14px; border-bottom: 1px solid var(--line); align-items: center; }
      s-table-body > s-table-row:last-child { border-bottom: 0; }
      s-table-body > s-table-row > s-table-cell { display: block; padding: 0 !important; border: 0; text-align: start !important; white-space: normal !important; grid-column: 1 / -1; order: 3; }
      s-table-cell[data-slot=kicker] { order: 0; font-size: 13px; color: var(--ink-soft); } s-table-body > s-table-row > s-table-cell[data-slot=primary] { order: 1; grid-column: 1; font-weight: 600; }
      s-table-body > s-table-row > s-table-cell[data-slot=secondary] { order: 2; grid-column: 2; justify-self: end; } s-table-cell[data-slot=inline] { order: 3; }
      s-table-cell[data-label][data-slot=labeled]::before { content: attr(data-label) ": "; color: var(--ink-soft); }
      s-table-cell[data-slot=labeled]:empty { display: none !important; }
    }`);

  const tableLook = sheet(`
    :host { display: block; } .table { display: table; width: 100%; border-collapse: collapse; } .frame { overflow-x: auto; }
    .filters { padding: 12px 16px; border-bottom: 1px solid var(--line); } .bare .filters { display: none; }
    .pager { display: flex; justify-content: center; gap: 8px; padding: 10px; border-top: 1px solid var(--line); }
    .pager button { display: inline-grid; place-items: center; width: 40px; height: 34px; border: 1px solid var(--line-strong); border-radius: var(--radius); background: var(--card); cursor: pointer; }
    .pager button:hover { background: var(--hover); } .pager button:disabled { color: #a5ada8; background: var(--sunken); border-color: var(--line); cursor: default; }
    @media (max-width: 560px) { .table { display: block; } .pager button { height: 40px; width: 56px; } .filters { padding: 12px 14px; } }`);

  define("s-table", class extends standin.Element {
    static styles = [tableLook];
    static observedAttributes = ["loading", "paginate", "haspreviouspage", "hasnextpage"];
    static watch = { childList: true, subtree: true, attributes: true, attributeFilter: ["format", "listslot"] };
    build() {
      this.table = h("div", { class: "table", role: "table" }, h("slot"));
      const filters = h("slot", { name: "filters" });
      this.root = h("div", { class: "bare" }, h("div", { class: "filters" }, filters), h("div", { class: "frame" }, this.table));
      filters.addEventListener("slotchange", () => this.root.classList.toggle("bare", !filters.assignedNodes().length));
      this.pager = h("div", { class: "pager" }, this.turn("previouspage", "chevron-left", standin.say("Previous page")), this.turn("nextpage", "chevron-right", standin.say("Next page")));
      this.shadowRoot.append(this.root);
      this.addEventListener("click", (event) => this.delegate(event));
    }
    turn(event, icon, label) {
      const button = h("button", { type: "button", "aria-label": label }, standin.icon(icon));
      button.addEventListener("click", () => this.dispatchEvent(new Event(event)));
      return button;
    }
    render() {
      setAttribute(this, "aria-busy", this.flag("loading") ? "true" : null);
      const label = this.closest("s-section")?.getAttribute("heading") || this.closest("s-page")?.getAttribute("heading");
      setAttribute(this.table, "aria-label", label);
      if (this.flag("paginate")) this.root.append(this.pager);
      else this.pager.remove();
      this.pager.children[0].disabled = !this.flag("haspreviouspage");
      this.pager.children[1].disabled = !this.flag("hasnextpage");
      this.columns();
    }
    /** A header's attributes are copied to the cells below it: alignment, and the place in the phone's card. */
    columns() {
      const headers = [...this.querySelectorAll("s-table-header")];
      for (const header of headers) {
        const format = header.getAttribute("format");
        setAttribute(header, "data-format", format && format !== "base" ? format : null);
      }
      for (const row of this.querySelectorAll("s-table-row")) {
        [...row.children].forEach((cell, index) => {
          const header = headers[index];
          if (!header) return;
          setAttribute(cell, "data-format", header.getAttribute("data-format"));
          setAttribute(cell, "data-slot", header.getAttribute("listslot") || "labeled");
          setAttribute(cell, "data-label", header.textContent.trim() || null);
        });
      }
    }
    /** Pointer convenience only: a click on a row outside any control clicks the element the row names. */
    delegate(event) {
      const row = event.target.closest("s-table-row[clickdelegate]");
      if (!row || event.target.closest("a, button, input, s-link, s-button, s-clickable, s-checkbox, s-switch, s-menu")) return;
      if (String(getSelection())) return;
      standin.byId(row, row.getAttribute("clickdelegate"))?.click();
    }
  });

  const withRole = (role) => class extends HTMLElement {
    connectedCallback() {
      setAttribute(this, "role", role);
    }
  };
  define("s-table-header-row", class extends HTMLElement {
    connectedCallback() {
      // One element stands for the group and its row, so the row's role is enough.
      setAttribute(this, "role", "row");
    }
  });
  define("s-table-body", withRole("rowgroup"));
  define("s-table-row", withRole("row"));
  define("s-table-cell", withRole("cell"));
  define("s-table-header", withRole("columnheader"));
}
{
  // What every field shares: a form-associated host around one native control, with label, details and error tied to it.
  const standin = window.polarisStandIn;
  const { h, setAttribute, setText } = standin;

  standin.fieldLook = standin.sheet(`
    :host { display: block; min-width: 0; } .field { display: flex; flex-direction: column; gap: 4px; }
    label, legend { font-weight: 540; padding: 0; line-height: 1.4; } .details { color: var(--ink-soft); font-size: 13px; line-height: 1.45; white-space: pre-line; }
    .error { color: var(--critical); font-size: 13px; line-height: 1.45; display: flex; gap: 6px; align-items: flex-start; } .error svg { margin-top: 2px; } .error[hidden], .details[hidden] { display: none; }
    .control { display: flex; align-items: center; min-height: var(--control); border: 1px solid #8b968f; border-radius: var(--radius); background: var(--card); overflow: hidden; }
    .control:hover { border-color: #66716b; } .control:focus-within { outline: 2px solid var(--accent); outline-offset: 1px; border-color: var(--accent); }
    .control :focus-visible { outline: none; }
    .invalid .control { border-color: var(--critical); background: #fffafa; } .disabled .control { background: var(--sunken); border-color: var(--line); color: var(--ink-soft); }
    .control > :is(input, textarea, select) { flex: 1; width: 100%; min-width: 0; border: 0; background: none; padding: 5px 10px; font-size: var(--type); line-height: 1.5; min-height: calc(var(--control) - 2px); }
    .control > textarea { resize: vertical; display: block; } .adorn { color: var(--ink-soft); padding-inline-start: 10px; white-space: nowrap; flex: none; display: inline-flex; align-items: center; }
    .adorn:empty { display: none; } .adorn.end { padding: 0 10px 0 0; } input::placeholder, textarea::placeholder { color: #6f7973; opacity: 1; }
    input[type=search]::-webkit-search-cancel-button { cursor: pointer; }`);

  standin.Field = class extends standin.Element {
    static formAssociated = true;
    static shadow = { mode: "open", delegatesFocus: true };
    static styles = [standin.fieldLook];
    static observedAttributes = ["label", "details", "error", "value", "checked", "disabled", "readonly", "placeholder", "required", "labelaccessibilityvisibility", "accessibilitylabel", "min", "max", "step", "maxlength", "minlength", "rows", "prefix", "suffix", "icon", "autocomplete", "currencycode", "name", "inputmode"];
    constructor() {
      super();
      this.internals = this.attachInternals();
    }
    get form() {
      return this.internals.form;
    }
    get name() {
      return this.text("name");
    }
    set name(value) {
      this.setAttribute("name", value);
    }
    get type() {
      return this.localName;
    }
    get error() {
      return this.text("error");
    }
    set error(value) {
      setAttribute(this, "error", value || null);
    }
    get isDisabled() {
      return this.flag("disabled") || Boolean(this.isFormDisabled);
    }
    formDisabledCallback(isDisabled) {
      this.isFormDisabled = isDisabled && !this.flag("disabled");
      if (this.isBuilt) this.render();
    }
    formResetCallback() {
      this.reset();
      this.submit();
    }
    formStateRestoreCallback(state) {
      if (typeof state === "string") this.value = state;
    }
    build() {
      this.label = h("label", { for: "control", id: "label" });
      this.details = h("div", { class: "details", id: "details" });
      this.errorText = h("span");
      this.errorBox = h("div", { class: "error", id: "error" }, standin.icon("alert-circle", 15), this.errorText);
      this.control = this.makeControl();
      this.control.id = "control";
      this.shadowRoot.append(this.layout());
      this.control.addEventListener("input", () => this.edited());
      this.control.addEventListener("change", () => {
        this.edited();
        // A native change stays inside its shadow root, so the host sends its own.
        this.dispatchEvent(new Event("change", { bubbles: true }));
      });
      this.control.addEventListener("keydown", (event) => this.entered(event));
    }
    layout() {
      this.frame = h("div", { class: "control" }, this.control);
      return (this.root = h("div", { class: "field" }, this.label, this.frame, this.details, this.errorBox));
    }
    /** Enter in a single line submits, as it does in a native input; not while an input method composes. */
    entered(event) {
      if (event.key !== "Enter" || event.isComposing || !this.form || /^(textarea|select)$/.test(this.control.localName)) return;
      event.preventDefault();
      this.form.requestSubmit();
    }
    edited() {
      this.isDirty = true;
      this.submit();
    }
    render() {
      this.describe();
      if (!this.isDirty) this.reset();
      this.submit();
    }
    /** Existing nodes are changed, never rebuilt: the merchant may be typing in them. */
    describe() {
      const error = this.text("error");
      const details = this.text("details");
      setText(this.label, this.text("label"));
      this.label.classList.toggle("visually-hidden", this.text("labelaccessibilityvisibility") === "exclusive");
      setText(this.details, details);
      this.details.hidden = !details || Boolean(error);
      setText(this.errorText, error);
      this.errorBox.hidden = !error;
      this.root.classList.toggle("invalid", Boolean(error));
      this.root.classList.toggle("disabled", this.isDisabled);
      const control = this.labelled || this.control;
      setAttribute(control, "aria-describedby", error ? "error" : details ? "details" : null);
      setAttribute(control, "aria-invalid", error ? "true" : null);
      setAttribute(control, "aria-label", !this.text("label") && this.text("accessibilitylabel") ? this.text("accessibilitylabel") : null);
      if (this.control !== this.labelled) {
        this.control.disabled = this.isDisabled;
        setAttribute(this.control, "aria-required", this.flag("required") ? "true" : null);
      }
      this.internals.setValidity({});
    }
  };

  /** Fields with one text value. */
  standin.ValueField = class extends standin.Field {
    get value() {
      return this.control ? this.control.value : this.text("value");
    }
    set value(value) {
      this.isDirty = true;
      this.control.value = value ?? "";
      this.submit();
    }
    get defaultValue() {
      return this.text("value");
    }
    set defaultValue(value) {
      this.setAttribute("value", value);
    }
    reset() {
      this.isDirty = false;
      if (this.control.value !== this.defaultValue) this.control.value = this.defaultValue;
    }
    submit() {
      this.internals.setFormValue(this.isDisabled ? null : this.value);
    }
  };
}
{
  const standin = window.polarisStandIn;
  const { define, h, setAttribute, setText } = standin;
  const TYPES = { email: "email", url: "url", password: "password", search: "search", date: "date" };

  class TextField extends standin.ValueField {
    get kind() {
      return this.localName.slice(2).replace("-field", "");
    }
    makeControl() {
      // Numbers stay text: a native number input hides what was typed wrongly, and the server's sentence needs it.
      return h("input", { type: TYPES[this.kind] || "text", spellcheck: ["text", "search"].includes(this.kind) ? null : "false" });
    }
    layout() {
      const root = super.layout();
      this.lead = h("span", { class: "adorn" });
      this.before = h("span", { class: "adorn", id: "prefix" });
      this.after = h("span", { class: "adorn end" });
      this.frame.prepend(this.lead, this.before);
      this.frame.append(this.after, h("slot", { name: "accessory" }));
      return root;
    }
    describe() {
      super.describe();
      for (const name of ["placeholder", "maxlength", "minlength", "readonly", "autocomplete"]) setAttribute(this.control, name, this.getAttribute(name));
      const icon = this.text("icon") || (this.kind === "search" ? "search" : "");
      if (this.lead.dataset.icon !== icon) {
        this.lead.dataset.icon = icon;
        this.lead.replaceChildren(...(icon ? [standin.icon(icon, 16)] : []));
      }
      setText(this.before, this.prefixText());
      setText(this.after, this.text("suffix"));
    }
    prefixText() {
      return this.text("prefix");
    }
  }
  for (const name of ["text", "email", "url", "password", "search", "date"]) define(`s-${name}-field`, class extends TextField {});

  define("s-number-field", class extends TextField {
    describe() {
      super.describe();
      setAttribute(this.control, "inputmode", this.text("inputmode") || (/\./.test(this.text("step")) ? "decimal" : "numeric"));
    }
  });

  define("s-money-field", class extends TextField {
    describe() {
      super.describe();
      setAttribute(this.control, "inputmode", "decimal");
    }
    prefixText() {
      const code = this.text("currencycode");
      if (!/^[A-Z]{3}$/.test(code)) return "";
      const part = new Intl.NumberFormat("en", { style: "currency", currency: code }).formatToParts(0).find(({ type }) => type === "currency");
      return part ? part.value : code;
    }
  });

  define("s-text-area", class extends standin.ValueField {
    makeControl() {
      return h("textarea");
    }
    describe() {
      super.describe();
      setAttribute(this.control, "rows", this.getAttribute("rows") || 3);
      for (const name of ["placeholder", "maxlength", "minlength", "readonly"]) setAttribute(this.control, name, this.getAttribute(name));
    }
  });

  const COLOR = /^#[0-9a-f]{6}$/i;
  define("s-color-field", class extends standin.ValueField {
    static styles = [standin.fieldLook, standin.sheet(".control > input[type=color] { flex: none; width: 40px; padding: 4px 0 4px 6px; cursor: pointer; }")];
    makeControl() {
      return h("input", { type: "text", spellcheck: "false", maxlength: "9" });
    }
    layout() {
      const root = super.layout();
      this.swatch = h("input", { type: "color", "aria-label": standin.say("Pick a colour") });
      this.swatch.addEventListener("input", () => {
        this.value = this.swatch.value;
      });
      this.swatch.addEventListener("change", () => this.dispatchEvent(new Event("change", { bubbles: true })));
      this.frame.prepend(this.swatch);
      return root;
    }
    submit() {
      super.submit();
      if (COLOR.test(this.value)) this.swatch.value = this.value;
      this.swatch.disabled = this.isDisabled;
    }
  });

  define("s-drop-zone", class extends standin.Field {
    static observedAttributes = [...standin.Field.observedAttributes, "accept", "multiple"];
    static styles = [standin.fieldLook, standin.sheet(".control { border-style: dashed; } .control > input { padding: 14px; }")];
    makeControl() {
      return h("input", { type: "file" });
    }
    get files() {
      return [...(this.control?.files || [])];
    }
    get value() {
      return this.control?.value || "";
    }
    get defaultValue() {
      return "";
    }
    entered() {}
    reset() {
      this.isDirty = false;
      this.control.value = "";
    }
    describe() {
      super.describe();
      setAttribute(this.control, "accept", this.getAttribute("accept"));
      setAttribute(this.control, "multiple", this.flag("multiple"));
    }
    submit() {
      const data = new FormData();
      for (const file of this.files) data.append(this.name, file);
      this.internals.setFormValue(this.isDisabled || !this.files.length || !this.name ? null : data);
    }
  });
}
{
  const standin = window.polarisStandIn;
  const { define, h, sheet, setAttribute, setText } = standin;
  const CHILDREN = { childList: true, subtree: true, characterData: true, attributes: true, attributeFilter: ["value", "selected", "disabled", "label"] };
  const isOn = (node, name) => node.hasAttribute(name) && node.getAttribute(name) !== "false";
  const label = (node) => [...node.childNodes].filter((child) => !child.slot).map((child) => child.textContent).join("").trim().replace(/\s+/g, " ");

  define("s-select", class extends standin.ValueField {
    static watch = CHILDREN;
    static styles = [standin.fieldLook, sheet(".control { position: relative; } .control > select { appearance: none; padding-inline-end: 34px; cursor: pointer; text-overflow: ellipsis; } .control > svg { position: absolute; inset-inline-end: 10px; pointer-events: none; color: var(--ink-soft); } option { color: var(--ink); background: var(--card); }")];
    makeControl() {
      return h("select");
    }
    layout() {
      const root = super.layout();
      this.frame.append(standin.icon("chevron-down", 16));
      return root;
    }
    /** The option marked selected, else `value`, else the first, or none with a placeholder. */
    get defaultValue() {
      const options = [...this.querySelectorAll("s-option")];
      const chosen = options.find((option) => isOn(option, "selected"));
      if (chosen) return chosen.getAttribute("value") ?? label(chosen);
      if (this.hasAttribute("value")) return this.text("value");
      return this.text("placeholder") || !options.length ? "" : (options[0].getAttribute("value") ?? label(options[0]));
    }
    describe() {
      super.describe();
      const shape = JSON.stringify([this.text("placeholder"), [...this.querySelectorAll("s-option, s-option-group")].map((node) => [node.localName, node.getAttribute("value"), node.getAttribute("label"), label(node), isOn(node, "disabled")])]);
      if (shape === this.shape) return;
      this.shape = shape;
      const before = this.control.value;
      const native = (node) => node.localName === "s-option-group"
        ? h("optgroup", { label: node.getAttribute("label"), disabled: isOn(node, "disabled") }, ...[...node.children].map(native))
        : h("option", { value: node.getAttribute("value") ?? label(node), disabled: isOn(node, "disabled") }, label(node));
      this.control.replaceChildren(...[...this.children].filter((node) => /^s-option/.test(node.localName)).map(native));
      if (this.text("placeholder")) this.control.prepend(h("option", { value: "", hidden: true }, this.text("placeholder")));
      if (this.isDirty) this.control.value = before;
    }
  });
  for (const name of ["s-option", "s-option-group", "s-choice"]) define(name, class extends HTMLElement {});

  const choiceLook = sheet(`
    .choice { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 2px 10px; align-items: start; padding-block: 3px; } .choice label { font-weight: 450; cursor: pointer; }
    .choice input { appearance: none; margin: 1px 0 0; width: 20px; height: 20px; border: 1.5px solid #77827b; background: var(--card); cursor: pointer; display: grid; place-items: center; flex: none; }
    input[type=checkbox] { border-radius: 5px; } input[type=radio] { border-radius: 50%; } .choice input:hover { border-color: var(--accent); }
    .choice input:checked { background: var(--accent); border-color: var(--accent); } .choice input:checked::after { content: ""; }
    input[type=checkbox]:checked::after { width: 5px; height: 10px; border: solid #fff; border-width: 0 2px 2px 0; rotate: 45deg; translate: 0 -1px; } input[type=radio]:checked::after { width: 8px; height: 8px; border-radius: 50%; background: #fff; }
    .choice input:disabled { background: var(--neutral-soft); border-color: var(--line-strong); cursor: default; } .choice input:disabled:checked::after { border-color: var(--ink-faint); } .choice input[aria-invalid] { border-color: var(--critical); }
    .below { grid-column: 2; } .below:empty { display: none; } fieldset { border: 0; padding: 0; margin: 0; min-width: 0; } legend { margin-bottom: 4px; } .list { display: flex; flex-direction: column; gap: 4px; }
    @media (pointer: coarse), (max-width: 560px) { .choice { padding-block: 8px; } .choice input { width: 22px; height: 22px; } }`);
  const switchLook = sheet(`
    .choice input { width: 38px; height: 22px; border-radius: 99px; position: relative; background: #8a948e; border: 0; display: block; transition: background .15s; margin-top: 0; }
    .choice input::after, .choice input:checked::after { content: ""; position: absolute; inset: 3px auto auto 3px; width: 16px; height: 16px; border: 0; border-radius: 50%; background: #fff; rotate: none; translate: 0; transition: translate .15s; }
    .choice input:checked::after { translate: 16px 0; } .choice input:disabled { background: var(--line-strong); }
    @media (pointer: coarse), (max-width: 560px) { .choice input { width: 38px; } }`);

  class Checkbox extends standin.Field {
    makeControl() {
      return h("input", { type: "checkbox" });
    }
    layout() {
      return (this.root = h("div", { class: "choice" }, this.control, this.label, h("div", { class: "below" }, this.details, this.errorBox)));
    }
    get checked() {
      return this.control ? this.control.checked : this.flag("checked");
    }
    set checked(value) {
      this.isDirty = true;
      this.control.checked = Boolean(value);
      this.submit();
    }
    get defaultChecked() {
      return this.flag("checked");
    }
    get value() {
      return this.getAttribute("value") ?? "on";
    }
    get defaultValue() {
      return this.value;
    }
    formStateRestoreCallback(state) {
      this.checked = state !== null;
    }
    reset() {
      this.isDirty = false;
      this.control.checked = this.defaultChecked;
    }
    submit() {
      this.internals.setFormValue(this.checked && !this.isDisabled ? this.value : null);
    }
  }
  define("s-checkbox", class extends Checkbox {
    static styles = [standin.fieldLook, choiceLook];
  });
  define("s-switch", class extends Checkbox {
    static styles = [standin.fieldLook, choiceLook, switchLook];
    makeControl() {
      return h("input", { type: "checkbox", role: "switch" });
    }
  });

  define("s-choice-list", class extends standin.Field {
    static styles = [standin.fieldLook, choiceLook];
    static observedAttributes = [...standin.Field.observedAttributes, "multiple"];
    static watch = CHILDREN;
    makeControl() {
      this.list = h("div", { class: "list" });
      return (this.labelled = h("fieldset"));
    }
    layout() {
      this.label = h("legend");
      this.control.append(this.label, this.list, this.details, this.errorBox);
      return (this.root = h("div", { class: "field" }, this.control));
    }
    get inputs() {
      return [...this.list.querySelectorAll("input")];
    }
    get values() {
      return this.list ? this.inputs.filter((input) => input.checked).map((input) => input.value) : this.defaultValues;
    }
    set values(values) {
      this.isDirty = true;
      for (const input of this.inputs) input.checked = values.includes(input.value);
      this.submit();
    }
    get defaultValues() {
      const chosen = [...this.querySelectorAll("s-choice")].filter((choice) => isOn(choice, "selected")).map((choice) => choice.getAttribute("value"));
      return this.flag("multiple") ? chosen : chosen.slice(-1);
    }
    entered(event) {
      if (event.target.localName === "input") super.entered(event);
    }
    describe() {
      super.describe();
      const type = this.flag("multiple") ? "checkbox" : "radio";
      const choices = [...this.querySelectorAll("s-choice")];
      const rows = choices.map((choice) => [choice.getAttribute("value"), label(choice), choice.querySelector("[slot=details]")?.textContent.trim() || "", isOn(choice, "disabled")]);
      const shape = JSON.stringify([type, rows]);
      if (shape !== this.shape) {
        const before = this.values;
        this.shape = shape;
        this.list.replaceChildren(...rows.map(([value, text, details], at) => h("div", { class: "choice" },
          h("input", { type, name: "choice", id: `choice-${at}`, value, "aria-describedby": details ? `about-${at}` : null }), h("label", { for: `choice-${at}` }, text),
          details ? h("div", { class: "below details", id: `about-${at}` }, details) : null)));
        if (this.isDirty) for (const input of this.inputs) input.checked = before.includes(input.value);
      }
      this.inputs.forEach((input, at) => {
        input.disabled = this.isDisabled || rows[at][3];
      });
      setText(this.label, this.text("label"));
      setAttribute(this.control, "aria-invalid", null); // not allowed on a group; the described error says it
    }
    reset() {
      this.isDirty = false;
      const values = this.defaultValues;
      for (const input of this.inputs) input.checked = values.includes(input.value);
    }
    submit() {
      const data = new FormData();
      for (const value of this.values) data.append(this.name, value);
      this.internals.setFormValue(this.isDisabled || !this.values.length || !this.name ? null : data);
    }
  });
}
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
