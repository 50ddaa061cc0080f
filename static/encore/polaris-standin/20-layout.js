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
