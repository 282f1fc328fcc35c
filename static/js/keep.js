// What is typed into a form while the server draws it anew stays: choosing a field asks for other controls, and
// whoever works by keyboard is at the next one before they are there.
(() => {
  "use strict";
  const { all } = portal;
  let sent = new Map();
  let typed = [];
  const controls = (form) => all("input[id], select[id], textarea[id]", form);
  const isTick = (control) => control.matches("[type=checkbox], [type=radio]");
  const valueOf = (control) => (isTick(control) ? control.checked : control.value);

  document.addEventListener("htmx:beforeRequest", ({ detail }) => {
    const form = detail.elt.closest("[data-keep]");
    // A button of the form may move what is typed to another place.
    sent = new Map(form && form !== detail.elt ? controls(form).map((control) => [control.id, valueOf(control)]) : []);
  });
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    typed = detail.target.matches("[data-keep]")
      ? controls(detail.target).filter(({ id }) => sent.has(id)).filter((control) => sent.get(control.id) !== valueOf(control))
      : [];
  });
  document.addEventListener("htmx:afterSwap", () => {
    typed.splice(0).forEach((before) => {
      const now = document.getElementById(before.id);
      if (!now) return;
      if (isTick(now)) now.checked = before.checked; else now.value = before.value;
      now.dispatchEvent(new Event("change", { bubbles: true }));
    });
  });
})();
