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
