// After a swap the focus goes where the reading goes on: the error summary, or the heading of the next item.
(() => {
  "use strict";
  const { one } = portal;

  document.addEventListener("htmx:afterSettle", (event) => {
    const part = event.detail.elt;
    const target = one("[data-error-summary]", part) || one("[data-focus]", part);
    if (target) target.focus();
  });

  // The list marks the item that is open, also when J, K or a click loaded it. Until it is there, nothing can be done
  // with the one before: a quick J and A must not approve what is about to leave.
  document.addEventListener("htmx:beforeRequest", (event) => {
    const link = event.detail.elt.closest(".entry > a");
    if (!link) return;
    portal.all(".entry > a[aria-current]").forEach((other) => other.removeAttribute("aria-current"));
    link.setAttribute("aria-current", "true");
    const inbox = link.closest(".inbox");
    if (inbox) inbox.dataset.open = "item";
    if (one("#item")) one("#item").inert = true;
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.elt.matches(".entry > a") && one("#item")) one("#item").inert = false;
  });

  const summary = one("[data-error-summary]");
  if (summary) summary.focus();
})();
