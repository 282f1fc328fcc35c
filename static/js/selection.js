// Ticked rows: the bulk bar says how many and how much; Shift-click ticks a range.
(() => {
  "use strict";
  const { one, all } = portal;
  const boxes = () => all("[data-list] input[type=checkbox][form=bulk]");
  let last = null;

  const tell = () => {
    const bar = one(".bulk");
    if (!bar) return;
    const ticked = boxes().filter((box) => box.checked);
    const count = ticked.length === 1 ? bar.dataset.one : bar.dataset.many.replace("{count}", ticked.length);
    const sum = ticked.reduce((total, box) => total + Number(box.dataset.amount || 0), 0);
    const money = { style: "currency", currency: bar.dataset.currency, minimumFractionDigits: 0 };
    const parts = bar.dataset.currency ? [count, sum.toLocaleString(document.documentElement.lang, money)] : [count];
    one("b", bar).textContent = parts.join(", ");
  };

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-clear]")) {
      boxes().forEach((box) => { box.checked = false; });
      tell();
      return;
    }
    const box = event.target.closest("[data-list] input[type=checkbox]");
    if (!box) return;
    if (event.shiftKey && last) {
      const rows = boxes();
      const [from, to] = [rows.indexOf(last), rows.indexOf(box)].sort((a, b) => a - b);
      if (from >= 0) rows.slice(from, to + 1).forEach((row) => { row.checked = box.checked; });
    }
    last = box;
    tell();
  });
  document.addEventListener("htmx:afterSettle", tell);
  tell();
})();
