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
