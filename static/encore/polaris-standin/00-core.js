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
