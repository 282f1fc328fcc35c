// Ctrl K everywhere. Single keys only outside of fields and dialogs, and not at all when the person switched them
// off (WCAG 2.1.4): J and K move, Enter opens, X selects, data-key clicks its element, G then a letter goes.
(() => {
  "use strict";
  const { one, all, isTyping, isShown } = portal;
  let goesUntil = 0;
  let loading = 0;
  let waiting = "";

  const current = (list) => one(".entry:has([aria-current]), .entry:focus-within, tr:focus-within", list);
  const links = (list) => all(".entry > a, a.cover", list);

  const move = (list, step) => {
    const rows = links(list);
    const at = rows.findIndex((link) => link === document.activeElement || link.hasAttribute("aria-current"));
    const next = rows[Math.max(0, Math.min(rows.length - 1, at + step))];
    if (!next) return;
    next.focus();
    if (next.matches(".entry > a[hx-get]") && !next.hasAttribute("aria-current")) next.click();
  };

  const go = (letter) => {
    const target = all(".nav a").find((link) => link.textContent.trim().toLowerCase().startsWith(letter));
    if (target) target.click();
  };

  const press = (key) => {
    const hit = key.length === 1 && all("[data-key]").findLast((element) => element.dataset.key === key && isShown(element) && !element.closest("[inert]"));
    if (hit) hit.click();
    return Boolean(hit);
  };

  document.addEventListener("keydown", (event) => {
    if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === "k") {
      if (portal.open("palette")) event.preventDefault();
      return;
    }
    if (event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target) || one("dialog[open]")) return;
    if (document.documentElement.dataset.shortcuts === "off") return;

    const key = event.key.toLowerCase();
    const list = one("[data-list]");
    if (Date.now() < goesUntil && /^[a-z]$/.test(key)) { goesUntil = 0; event.preventDefault(); go(key); return; }
    if (key === "g") { goesUntil = Date.now() + 1500; return; }
    if (key === "?") { portal.open("shortcuts"); return; }
    if (list && (key === "j" || key === "k")) { event.preventDefault(); move(list, key === "j" ? 1 : -1); return; }
    if (list && key === "x") {
      const box = current(list)?.querySelector("input[type=checkbox]");
      if (box) box.click();
      return;
    }
    if (loading) { waiting = key; return; }
    if (press(key)) event.preventDefault();
  });

  // A key pressed while the next item is on its way is for that item: it waits until its buttons work.
  const isItem = (event) => event.detail.elt.matches(".entry > a");
  document.addEventListener("htmx:beforeSend", (event) => { if (isItem(event)) { loading += 1; waiting = ""; } });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (isItem(event)) setTimeout(() => { loading -= 1; if (!loading && event.detail.successful) press(waiting); }, 2 * htmx.config.defaultSettleDelay);
  });
})();
