// Files go to the server as soon as they are chosen, one request and one row each. The answer replaces the row and
// brings a hidden input, so that a failed submit keeps the file.
(() => {
  "use strict";
  const { token, one } = portal;
  const SVG = "http://www.w3.org/2000/svg";

  const bar = () => {
    const svg = document.createElementNS(SVG, "svg"), rect = document.createElementNS(SVG, "rect");
    const facts = { class: "meter", viewBox: "0 0 100 6", preserveAspectRatio: "none", "aria-hidden": "true" };
    Object.entries(facts).forEach(([name, value]) => svg.setAttribute(name, value));
    rect.setAttribute("height", "6");
    rect.setAttribute("width", "0");
    svg.append(rect);
    return svg;
  };

  const rowFor = (zone, file, cancel) => {
    const row = document.createElement("li"), words = document.createElement("div"), note = document.createElement("small");
    const stop = document.createElement("button");
    note.textContent = zone.dataset.uploading;
    words.append(file.name, note, bar());
    stop.type = "button";
    stop.className = "icon-btn";
    stop.textContent = "×";
    stop.setAttribute("aria-label", zone.dataset.cancel.replace("{name}", file.name));
    stop.addEventListener("click", () => { cancel(); row.remove(); });
    row.append(document.createElement("span"), words, stop);
    return row;
  };

  const send = (zone, file) => {
    const request = new XMLHttpRequest(), body = new FormData();
    const row = rowFor(zone, file, () => request.abort());
    const fail = () => {
      row.dataset.tone = "bad";
      one("small", row).textContent = request.status === 422 && request.responseText.length < 300
        ? request.responseText : zone.dataset.failed;
      one(".meter", row)?.remove();
    };
    body.append("file", file);
    request.upload.addEventListener("progress", (event) => {
      one("rect", row)?.setAttribute("width", String((100 * event.loaded) / event.total));
    });
    request.addEventListener("error", fail);
    request.addEventListener("load", () => {
      if (request.status < 200 || request.status > 299) { fail(); return; }
      const holder = document.createElement("ul");
      holder.innerHTML = request.responseText;
      const done = holder.firstElementChild;
      row.replaceWith(done);
      htmx.process(done);
      zone.dispatchEvent(new Event("change", { bubbles: true }));   // autosave notices the new hidden input
    });
    request.open("POST", zone.dataset.upload);
    request.setRequestHeader("X-CSRFToken", token());
    one(".files", zone).append(row);
    request.send(body);
  };

  document.addEventListener("change", (event) => {
    const zone = event.target.matches("input[type=file]") && event.target.closest("[data-upload]");
    if (!zone) return;
    [...event.target.files].forEach((file) => send(zone, file));
    event.target.value = "";
  });
  ["dragover", "dragleave", "drop"].forEach((name) => document.addEventListener(name, (event) => {
    const drop = event.target.closest?.(".drop");
    if (drop) drop.toggleAttribute("data-over", name === "dragover");
  }));
})();
