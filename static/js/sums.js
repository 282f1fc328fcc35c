// Sums of amounts while they are typed: [data-total="prefix"] says the sum of the fields of a form whose names begin
// so, in its words. The server adds up again; where an amount cannot be read, the words stay as they are.
(() => {
  "use strict";
  const { all } = portal;
  const lang = document.documentElement.lang;
  const point = (1.5).toLocaleString(lang).charAt(1);

  const read = (text) => {
    const kept = text.replace(/[\s'’]/g, "").split(point);
    const plain = [kept[0].replace(/[.,]/g, ""), ...kept.slice(1)].join(".");
    return plain === "" ? 0 : Number(plain);
  };

  const tell = (target, form) => {
    const fields = [...form.elements].filter((field) => field.name.startsWith(target.dataset.total));
    const sum = fields.reduce((total, field) => total + read(field.value), 0);
    if (Number.isNaN(sum)) return;
    const money = { style: "currency", currency: target.dataset.currency, trailingZeroDisplay: "stripIfInteger" };
    target.textContent = target.dataset.words.replace("{amount}", sum.toLocaleString(lang, money));
  };

  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (!form || !event.target.name) return;
    for (const target of all("[data-total]"))
      if (event.target.name.startsWith(target.dataset.total)) tell(target, form);
  });
})();
