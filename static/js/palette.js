// Ctrl K: entries of the page are filtered at once, the server adds records through hx-get.
(() => {
  "use strict";
  const { all } = portal;
  const rowsOf = (input) => all("[role=option]", input.closest("dialog"));
  const shown = (input) => rowsOf(input).filter((row) => !row.hidden);

  const mark = (input, index) => {
    const rows = shown(input);
    all("[data-active]", input.closest("dialog")).forEach((row) => {
      delete row.dataset.active;
      row.setAttribute("aria-selected", "false");
    });
    const row = rows[(index + rows.length) % rows.length];
    if (!row) { input.removeAttribute("aria-activedescendant"); return; }
    row.id ||= `palette-${rowsOf(input).indexOf(row)}`;
    row.dataset.active = "";
    row.setAttribute("aria-selected", "true");
    row.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", row.id);
  };

  const filter = (input) => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    rowsOf(input).filter((row) => !row.closest("#palette-records")).forEach((row) => {
      row.hidden = !words.every((word) => row.textContent.toLowerCase().includes(word));
    });
    all("[data-group]", input.closest("dialog")).forEach((group) => {
      group.hidden = !all("[role=option]", group).some((row) => !row.hidden);
    });
    mark(input, 0);
  };

  document.addEventListener("input", (event) => { if (event.target.matches("[data-palette]")) filter(event.target); });
  document.addEventListener("portal:opened", (event) => {
    const input = event.target.querySelector("[data-palette]");
    if (!input) return;
    input.value = "";
    filter(input);
    input.focus();
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id === "palette-records") mark(portal.one("[data-palette]"), 0);
  });
  document.addEventListener("keydown", (event) => {
    const input = event.target.closest("[data-palette]");
    if (!input) return;
    const rows = shown(input);
    const at = rows.findIndex((row) => "active" in row.dataset);
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      mark(input, at + (event.key === "ArrowDown" ? 1 : -1));
    }
    if (event.key === "Enter" && rows[at]) {
      event.preventDefault();
      rows[at].click();
    }
  });
})();
