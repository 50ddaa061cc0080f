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
