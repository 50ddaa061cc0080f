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
