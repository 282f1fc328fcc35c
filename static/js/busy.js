// A form is sent once, and what is asked about it while it is typed ends there. After 300 ms its button shows that
// the server is working.
(() => {
  "use strict";
  const { one } = portal;
  const SLOW = 300;

  const begin = (form, button) => {
    form.dataset.busy = "";
    if (button) button.setAttribute("aria-disabled", "true");
    portal.all("[hx-post]", form).forEach((part) => htmx.trigger(part, "htmx:abort"));
    form.busyTimer = setTimeout(() => button?.classList.add("btn--busy"), SLOW);
  };
  const end = (form) => {
    clearTimeout(form.busyTimer);
    delete form.dataset.busy;
    portal.all("[aria-disabled=true]", form).forEach((button) => {
      button.removeAttribute("aria-disabled");
      button.classList.remove("btn--busy");
    });
  };

  // Capture: before htmx, so that a second click never becomes a second request.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    if ("busy" in form.dataset) { event.preventDefault(); event.stopImmediatePropagation(); return; }
    begin(form, event.submitter || one("button:not([type=button])", form));
  }, true);
  // Another script may have taken the submit over; all listeners have run when the timer fires.
  document.addEventListener("submit", (event) => setTimeout(() => {
    if (event.defaultPrevented && !event.target.matches("[hx-post]")) end(event.target);
  }));
  document.addEventListener("htmx:beforeRequest", (event) => {
    const { elt } = event.detail;
    if (!elt.matches("form") && elt.closest("form[data-busy]")) event.preventDefault();
  });
  document.addEventListener("htmx:validation:halted", (event) => end(event.target.closest("form")));
  document.addEventListener("htmx:afterRequest", (event) => { if (event.detail.elt.matches("form")) end(event.detail.elt); });
  addEventListener("pageshow", (event) => { if (event.persisted) portal.all("form[data-busy]").forEach(end); });
})();
