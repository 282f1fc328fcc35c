// Toasts leave after 8 s and wait while hovered or focused. One that can be undone counts the same.
(() => {
  "use strict";
  const tray = portal.one("#toasts");
  const TIME = 8000;

  const arm = (toast) => {
    let left = TIME, timer, since, holds = 0;
    const run = () => {
      holds = Math.max(0, holds - 1);
      if (holds) return;
      since = Date.now();
      timer = setTimeout(() => toast.remove(), left);
    };
    const wait = () => {
      if (!holds) { clearTimeout(timer); left = Math.max(1000, left - (Date.now() - since)); }
      holds += 1;
    };
    toast.addEventListener("pointerenter", wait);
    toast.addEventListener("pointerleave", run);
    toast.addEventListener("focusin", wait);
    toast.addEventListener("focusout", run);
    run();
  };

  if (!tray) return;
  portal.all(".toast", tray).forEach(arm);
  new MutationObserver((changes) => changes.forEach((change) => change.addedNodes.forEach((node) => {
    if (node.nodeType === Node.ELEMENT_NODE && node.matches(".toast")) arm(node);
  }))).observe(tray, { childList: true });
})();
