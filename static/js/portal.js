// The helpers every behaviour uses, and what htmx needs to know. Behaviours listen on the document, so they
// keep working for parts that htmx swaps in later.
window.portal = (() => {
  "use strict";
  const one = (query, within = document) => within.querySelector(query);
  const all = (query, within = document) => [...within.querySelectorAll(query)];
  const isTyping = (target) =>
    Boolean(target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]"));
  const isShown = (element) => element.getClientRects().length > 0;
  const token = () => one("meta[name=csrf-token]").content;

  // A translated sentence that a script says.
  const phrase = (name) => {
    const template = one("#phrases");
    const term = template && all("dt", template.content).find((dt) => dt.textContent === name);
    return term ? term.nextElementSibling.textContent : "";
  };

  // Say something in the corner, with at most one button.
  const say = (text, label, act) => {
    const toast = document.createElement("div");
    toast.className = "toast";
    const words = document.createElement("span");
    words.textContent = text;
    toast.append(words);
    if (label) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = label;
      button.addEventListener("click", () => { toast.remove(); act(); });
      toast.append(button);
    }
    one("#toasts").append(toast);
  };

  document.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = token();
  });
  document.documentElement.dataset.scripts = "on";

  return { one, all, isTyping, isShown, token, phrase, say };
})();
