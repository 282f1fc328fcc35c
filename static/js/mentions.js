// <portal-mentions> offers names while @ is typed in its textarea. The names are the ticks below it, which do the
// same without scripts.
(() => {
  "use strict";
  const MOST = 8;
  const TYPED = /(^|[\s(])@([^@\n]{0,60})$/;
  let last = 0;

  class Mentions extends HTMLElement {
    connectedCallback() {
      this.input = this.querySelector("textarea");
      this.list = this.querySelector(".combo__list");
      this.status = this.querySelector("[role=status]");
      this.people = portal.all("input[name=mention]", this).map((box) => box.closest("label").textContent.trim());
      if (!this.people.length) return;
      this.input.closest(".field").append(this.list);
      this.list.id = `mentions-${++last}`;
      this.list.setAttribute("role", "listbox");
      this.list.setAttribute("aria-label", this.input.labels[0]?.textContent.trim() || "");
      this.input.setAttribute("aria-autocomplete", "list");
      this.input.setAttribute("aria-controls", this.list.id);
      this.input.addEventListener("input", () => this.offer());
      this.input.addEventListener("keydown", (event) => this.steer(event));
      this.input.addEventListener("blur", () => this.close());
      this.list.addEventListener("mousedown", (event) => event.preventDefault());
      this.list.addEventListener("click", (event) => this.choose(event.target.closest("[role=option]")));
    }

    typed() { return TYPED.exec(this.input.value.slice(0, this.input.selectionStart))?.[2]; }

    offer() {
      const typed = this.typed()?.toLowerCase();
      const found = typed === undefined ? [] : this.people.filter((name) => this.fits(name.toLowerCase(), typed)).slice(0, MOST);
      this.list.replaceChildren(...found.map((person, at) => this.option(person, at)));
      this.list.hidden = !found.length;
      this.status.textContent = found.length ? this.dataset.found.replace("{count}", found.length) : "";
      this.mark(found.length ? 0 : -1);
    }

    fits(person, typed) { return person.startsWith(typed) || person.includes(` ${typed}`); }

    option(person, at) {
      const option = document.createElement("li");
      const [name, ...rest] = person.split(", ");
      const [bold, small] = [document.createElement("b"), document.createElement("small")];
      bold.textContent = name;
      small.textContent = rest.join(", ");
      option.setAttribute("role", "option");
      option.id = `${this.list.id}-${at}`;
      option.append(bold, " ", small);
      return option;
    }

    mark(index) {
      const options = portal.all("[role=option]", this.list);
      options.forEach((option, at) => option.setAttribute("aria-selected", String(at === index)));
      this.at = index;
      if (index < 0) { this.input.removeAttribute("aria-activedescendant"); return; }
      this.input.setAttribute("aria-activedescendant", options[index].id);
      options[index].scrollIntoView({ block: "nearest" });
    }

    steer(event) {
      if (this.list.hidden || event.isComposing) return;
      const options = portal.all("[role=option]", this.list);
      if (event.key === "Escape") { event.stopPropagation(); this.close(); }
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        const step = event.key === "ArrowDown" ? 1 : -1;
        this.mark((this.at + step + options.length) % options.length);
      }
      if (event.key === "Enter" || event.key === "Tab") { event.preventDefault(); this.choose(options[this.at]); }
    }

    choose(option) {
      if (!option) return;
      const end = this.input.selectionStart;
      this.input.setRangeText(`${option.querySelector("b").textContent} `, end - this.typed().length, end, "end");
      this.close();
      this.input.focus();
      this.input.dispatchEvent(new Event("change", { bubbles: true }));
    }

    close() {
      this.list.hidden = true;
      this.mark(-1);
    }
  }
  customElements.define("portal-mentions", Mentions);
})();
