// Menus are <details>: they open without scripts. With scripts they close on Escape and on a click elsewhere.
(() => {
  "use strict";
  const { all } = portal;
  const close = (menu) => { menu.open = false; };

  document.addEventListener("click", (event) => {
    all("details.menu[open]").filter((menu) => !menu.contains(event.target)).forEach(close);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    all("details.menu[open]").forEach((menu) => {
      close(menu);
      if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
    });
  });
})();
