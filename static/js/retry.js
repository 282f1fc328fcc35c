// A request that failed leaves the page as it was and offers to try again.
(() => {
  "use strict";
  const { phrase, say } = portal;
  const offer = (event, words) => {
    const { elt, requestConfig } = event.detail;
    if (elt.matches("[data-palette], [data-poll]")) return;
    const again = () => {
      if (elt.matches("form")) elt.requestSubmit();
      else htmx.ajax(requestConfig.verb.toUpperCase(), requestConfig.path, { source: elt, target: requestConfig.target });
    };
    say(phrase(words), phrase("retry"), again);
  };
  document.addEventListener("htmx:responseError", (event) => offer(event, "failed"));
  document.addEventListener("htmx:sendError", (event) => offer(event, "offline"));
})();
