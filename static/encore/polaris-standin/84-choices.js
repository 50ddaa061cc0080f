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
