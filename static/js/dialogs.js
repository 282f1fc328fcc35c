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

  // A form in #dialog swaps its own mistakes into #dialog; an answer that lands elsewhere means that it is done.
  document.addEventListener("htmx:afterSwap", (event) => {
    const { target, requestConfig } = event.detail;
    const frame = one("#dialog");
    if (target === frame && frame.childElementCount) open("dialog");
    else if (target === frame || requestConfig?.elt.closest("#dialog")) frame.close();
  });
  document.addEventListener("portal:close", () => one("#dialog").close());
})();
