// Warn once before unsaved work is lost. Autosave and submit count as saved.
(() => {
  "use strict";
  let dirty = false;
  const clean = () => { dirty = false; };

  document.addEventListener("input", (event) => { if (event.target.closest("[data-guard]")) dirty = true; });
  document.addEventListener("submit", clean);
  document.addEventListener("portal:saved", clean);
  addEventListener("beforeunload", (event) => { if (dirty) event.preventDefault(); });
})();
