// Shows the invitation of a referral link, and lets the app's pages tell one device from another.
(() => {
  const bar = document.getElementById("encore-referral");
  const keep = (name, make) => {
    try {
      let value = localStorage.getItem(name);
      if (!value && make) localStorage.setItem(name, (value = make()));
      return value || "";
    } catch {
      return ""; // storage is off: the pages work without
    }
  };
  const device = keep("encore-device", () => crypto.randomUUID());
  for (const field of document.querySelectorAll("[data-encore-device]")) field.value = device;
  for (const link of document.querySelectorAll('a[href*="/apps/loyalty/referral"]')) {
    const to = new URL(link.href);
    to.searchParams.set("device", device);
    link.href = to;
  }
  if (!bar) return;

  const code = new URLSearchParams(location.search).get("referral_code");
  if (!code || location.pathname.endsWith("/referral")) return;
  const query = new URLSearchParams({ referral_code: code, device });
  bar.querySelector("[data-go]").href = `${bar.dataset.page}?${query}`;
  bar.querySelector("[data-close]").addEventListener("click", () => { bar.hidden = true; });
  bar.hidden = false;
})();
