// The loyalty launcher: opens the panel, which the app sends as HTML, and carries what is clicked and sent in it to the app.
(() => {
  const root = document.getElementById("encore-loyalty");
  if (!root) return;
  const dialog = root.querySelector("dialog");
  const content = root.querySelector("[data-encore-content]");
  const FRESH_MS = 60_000; // after which a panel that is opened again is asked for again
  let seen = 0, turn = 0, timer = 0, busy = false, last = null;

  // A text colour that cannot be read on the merchant's colour gives way to black or white.
  const light = (colour) => {
    const probe = document.createElement("i");
    probe.style.color = colour;
    root.append(probe);
    const [r, g, b] = getComputedStyle(probe).color.match(/[\d.]+/g).map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    probe.remove();
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (one, other) => (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
  const ground = light("var(--encore-accent)");
  if (ratio(ground, light("var(--encore-on)")) < 4.5) {
    root.style.setProperty("--encore-on", ratio(ground, 1) >= ratio(ground, 0) ? "#fff" : "#000");
  }

  const figure = (value) => new Intl.NumberFormat(root.dataset.locale || undefined).format(value);
  const balance = root.querySelector("[data-encore-balance]");
  if (balance?.textContent) balance.textContent = figure(balance.textContent);

  const worth = (field) => {
    const shown = field.parentElement.querySelector("output");
    const places = 10 ** field.dataset.encorePlaces;
    const amount = Math.floor(Number((field.value * field.dataset.encoreRate * places).toFixed(6))) / places;
    const style = { style: "currency", currency: shown.dataset.encoreCurrency };
    shown.textContent = new Intl.NumberFormat(root.dataset.locale || undefined, style).format(amount);
  };

  const show = (html) => {
    content.innerHTML = html;
    content.scrollTop = 0;
    seen = Date.now();
    const here = location.pathname + location.search;
    for (const link of content.querySelectorAll("a[data-encore-apply]")) link.search = new URLSearchParams({ redirect: here });
    for (const link of content.querySelectorAll("a[data-encore-return]")) link.search = new URLSearchParams({ return_to: here });
    const told = content.querySelector("[data-encore-figure]");
    if (told && balance) {
      balance.textContent = figure(told.dataset.encoreFigure);
      balance.parentElement.hidden = false;
    }
    for (const field of content.querySelectorAll("[data-encore-rate]")) worth(field);
    if (dialog.open) content.querySelector("h2")?.focus({ preventScroll: true });
  };

  const fail = () => {
    content.querySelector("[data-encore-retry]")?.closest("[role=alert]").remove();
    content.querySelector(".encore-wait")?.remove();
    content.prepend(root.querySelector("[data-encore-fault]").content.cloneNode(true));
    content.querySelector("[data-encore-retry]").focus();
  };

  // What is sent again after a fault is the same form with the same key, so that nothing is done twice.
  const ask = async (url, body, quietly) => {
    if (busy) return;
    const mine = ++turn;
    clearTimeout(timer);
    busy = Boolean(body);
    last = [url, body];
    content.setAttribute("aria-busy", "true");
    const to = new URL(url, location.href);
    to.searchParams.set("locale", root.dataset.locale);
    try {
      const answer = await fetch(to, { method: body ? "POST" : "GET", body });
      const html = await answer.text();
      if (mine !== turn) return;
      if (!(answer.headers.get("Content-Type") || "").startsWith("text/html") || !html.includes("encore-")) throw new Error(answer.status);
      const next = new DOMParser().parseFromString(html, "text/html").querySelector("[data-encore-again]");
      if (!next || !quietly) show(html); // the same waiting is not told twice
      if (next) timer = setTimeout(() => dialog.open && ask(next.dataset.encoreFrom, null, true), Number(next.dataset.encoreAgain));
    } catch {
      if (mine === turn) fail();
    } finally {
      if (mine === turn) {
        busy = false;
        content.removeAttribute("aria-busy");
      }
    }
  };

  const open = () => {
    if (dialog.open) return;
    dialog.showModal();
    const waiting = content.querySelector("[data-encore-again]");
    if (waiting) ask(waiting.dataset.encoreFrom, null, true);
    else if (Date.now() - seen > FRESH_MS) ask(root.dataset.panel);
    else content.querySelector("h2")?.focus({ preventScroll: true });
  };

  const copy = async (button) => {
    try {
      await navigator.clipboard.writeText(button.dataset.encoreCopy);
    } catch {
      const field = document.createElement("textarea");
      field.value = button.dataset.encoreCopy;
      button.after(field);
      field.select();
      document.execCommand("copy");
      field.remove();
      button.focus();
    }
    button.textContent = button.dataset.encoreSaid;
    button.setAttribute("role", "status");
  };

  root.addEventListener("click", (event) => {
    const on = (name) => event.target.closest(`[data-encore-${name}]`);
    if (on("open")) open();
    else if (on("close") || event.target === dialog) dialog.close();
    else if (on("to")) ask(on("to").dataset.encoreTo);
    else if (on("copy")) copy(on("copy"));
    else if (on("retry")) ask(...(last || [root.dataset.panel]));
  });
  content.addEventListener("submit", (event) => {
    event.preventDefault();
    ask(event.target.getAttribute("action"), new URLSearchParams(new FormData(event.target)));
  });
  content.addEventListener("input", (event) => event.target.matches("[data-encore-rate]") && worth(event.target));
  document.addEventListener("click", (event) => {
    if (!event.target.closest?.('a[href$="#encore-loyalty"]')) return;
    event.preventDefault();
    open();
  });
  if (location.hash === "#encore-loyalty") open();
})();
