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
