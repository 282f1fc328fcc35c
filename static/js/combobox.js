// <portal-combobox> makes a text input search on the server, after the ARIA combobox pattern.
(() => {
  "use strict";
  const PAUSE = 200;
  let last = 0;

  class Combobox extends HTMLElement {
    connectedCallback() {
      this.input = this.querySelector("input[type=text]");
      this.hiddenId = this.querySelector("input[type=hidden]");
      this.list = this.querySelector(".combo__list");
      this.status = this.querySelector("[role=status]");
      this.list.id ||= `combo-${++last}`;
      this.list.setAttribute("role", "listbox");
      this.list.setAttribute("aria-label", this.input.labels[0]?.textContent.trim() || "");
      const facts = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.list.id };
      Object.entries(facts).forEach(([name, value]) => this.input.setAttribute(name, value));
      this.input.addEventListener("input", () => this.ask());
      this.input.addEventListener("keydown", (event) => this.steer(event));
      this.input.addEventListener("blur", () => setTimeout(() => this.close(), PAUSE));
      this.list.addEventListener("mousedown", (event) => event.preventDefault());
      this.list.addEventListener("click", (event) => this.choose(event.target.closest("[role=option]")));
    }

    ask() {
      this.hiddenId.value = "";          // what was typed is no longer what was chosen
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.search(), PAUSE);
    }

    async search() {
      this.request?.abort();
      this.request = new AbortController();
      const url = new URL(this.dataset.url, location.href);
      url.searchParams.set("q", this.input.value);
      try {
        const response = await fetch(url, { signal: this.request.signal, headers: { "HX-Request": "true" } });
        if (response.ok) this.show(await response.text());
      } catch { /* a newer search took over, or there is no connection: typing goes on */ }
    }

    show(html) {
      this.list.innerHTML = html;
      const found = this.options().length;
      this.list.hidden = found === 0;
      this.input.setAttribute("aria-expanded", String(found > 0));
      this.status.textContent = found ? this.status.dataset.found.replace("{count}", found) : this.status.dataset.none;
      this.mark(-1);
    }

    options() { return portal.all("[role=option]", this.list); }

    mark(index) {
      const options = this.options();
      options.forEach((option, at) => option.setAttribute("aria-selected", String(at === index)));
      this.at = index;
      if (index < 0) { this.input.removeAttribute("aria-activedescendant"); return; }
      this.input.setAttribute("aria-activedescendant", options[index].id);
      options[index].scrollIntoView({ block: "nearest" });
    }

    steer(event) {
      const options = this.options();
      if (event.key === "Escape" && !this.list.hidden) { event.stopPropagation(); this.close(); }
      if (event.key === "ArrowDown" && this.list.hidden) { this.search(); return; }
      if (this.list.hidden || !options.length) return;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        const step = event.key === "ArrowDown" ? 1 : -1;
        this.mark((this.at + step + options.length) % options.length);
      }
      if (event.key === "Enter" && this.at >= 0) { event.preventDefault(); this.choose(options[this.at]); }
    }

    choose(option) {
      if (!option) return;
      this.hiddenId.value = option.dataset.value;
      this.input.value = option.querySelector("b")?.textContent ?? option.textContent.trim();
      this.close();
      this.hiddenId.dispatchEvent(new Event("change", { bubbles: true }));
    }

    close() {
      this.list.hidden = true;
      this.input.setAttribute("aria-expanded", "false");
      this.input.removeAttribute("aria-activedescendant");
    }
  }
  customElements.define("portal-combobox", Combobox);
})();
