// Buttons with data-open open a dialog of the page; links that load into #dialog open theirs when it arrives.
(() => {
  "use strict";
  const { one } = portal;

  const open = (id) => {
    const dialog = document.getElementById(id);
    if (!dialog || dialog.open) return false;
    dialog.showModal();
    dialog.dispatchEvent(new Event("portal:opened", { bubbles: true }));
    return true;
  };
  portal.open = open;

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("a[data-open], button[data-open]");
    if (opener && document.getElementById(opener.dataset.open)) {
      event.preventDefault();
      open(opener.dataset.open);
    }
    if (event.target.closest("[data-close]") || event.target.matches("dialog")) event.target.closest("dialog").close();
  });

  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id !== "dialog") return;
    if (event.detail.target.childElementCount) open("dialog");
    else event.detail.target.close();
  });
  document.addEventListener("portal:close", () => one("#dialog").close());
})();
