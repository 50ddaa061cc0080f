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
