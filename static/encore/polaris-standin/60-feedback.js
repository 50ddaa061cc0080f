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
