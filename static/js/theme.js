// Light, dark or as the system says: at once, and in a cookie so that the server renders the next page the same way.
(() => {
  "use strict";
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("[data-theme-form]");
    if (!form || !event.submitter) return;
    event.preventDefault();
    const theme = event.submitter.value, root = document.documentElement;
    if (theme) root.dataset.theme = theme;
    else delete root.dataset.theme;
    portal.all("[data-theme-form] button").forEach((button) => button.setAttribute("aria-pressed", String(button.value === theme)));
    fetch(form.action, { method: "POST", body: new FormData(form, event.submitter), headers: { "X-CSRFToken": portal.token() } });
  });
})();
