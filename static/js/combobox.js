// The place box (ARIA 1.2 combobox with a listbox). Without this file it is a plain text field.
const WAIT = 150;

class Combobox {
  constructor(root) {
    this.root = root;
    this.input = root.querySelector("input[type=text]");
    this.hidden = root.querySelector("input[type=hidden]");
    this.list = root.querySelector("[role=listbox]");
    this.status = root.querySelector("[data-combobox-status]");
    this.clearButton = root.querySelector(".combobox-clear");
    this.name = this.input.name;
    this.results = [];
    this.active = -1;
    this.input.setAttribute("role", "combobox");
    this.input.setAttribute("aria-autocomplete", "list");
    this.input.setAttribute("aria-expanded", "false");
    this.input.setAttribute("aria-controls", this.list.id);
    if (this.hidden && !this.hidden.disabled) {
      this.input.removeAttribute("name");
    }
    this.listen();
    this.showClear();
  }

  listen() {
    this.input.addEventListener("input", () => this.typed());
    this.input.addEventListener("keydown", (event) => this.pressed(event));
    this.input.addEventListener("blur", () => this.close());
    // Pressing on the list must not take the focus away from the field before the click arrives.
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) {
        this.choose(Number(option.dataset.index));
      }
    });
    this.clearButton.addEventListener("click", () => this.clear());
  }

  typed() {
    this.forget();
    this.showClear();
    clearTimeout(this.timer);
    this.request?.abort();
    const text = this.input.value.trim();
    if (text.length < 2) {
      this.close();
      return;
    }
    this.timer = setTimeout(() => this.search(text), WAIT);
  }

  async search(text) {
    this.request = new AbortController();
    const url = new URL(this.root.dataset.url, location.href);
    url.searchParams.set("q", text);
    try {
      const response = await fetch(url, {
        headers: { Accept: "application/json" },
        signal: this.request.signal,
      });
      if (!response.ok) {
        throw new Error(response.status);
      }
      this.show((await response.json()).results);
    } catch (error) {
      if (error.name !== "AbortError") {
        this.note(this.root.dataset.failed);
      }
    }
  }

  show(results) {
    this.results = results;
    this.activate(-1);
    if (!results.length) {
      this.note(this.root.dataset.none);
      return;
    }
    this.list.replaceChildren(...results.map((result, index) => this.option(result, index)));
    this.open();
    this.status.textContent = `${this.root.dataset.some} ${results.length}`;
  }

  option(result, index) {
    const option = document.createElement("li");
    option.className = "combobox-option";
    option.id = `${this.list.id}-${index}`;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    option.dataset.index = index;
    const label = document.createElement("span");
    label.textContent = result.label;
    option.append(label);
    if (result.detail) {
      const detail = document.createElement("span");
      detail.className = "combobox-detail";
      detail.textContent = result.detail;
      option.append(" ", detail);
    }
    return option;
  }

  // A listbox may hold options only: the line that says there are none is one that cannot be chosen.
  note(text) {
    this.results = [];
    const line = document.createElement("li");
    line.className = "combobox-note";
    line.setAttribute("role", "option");
    line.setAttribute("aria-disabled", "true");
    line.setAttribute("aria-selected", "false");
    line.textContent = text;
    this.list.replaceChildren(line);
    this.open();
    this.status.textContent = text;
  }

  pressed(event) {
    if (event.key === "Escape") {
      if (!this.list.hidden) {
        event.preventDefault();
        this.close();
      } else {
        this.clear();
      }
      return;
    }
    if (event.key === "Enter" && !this.list.hidden && this.active >= 0) {
      event.preventDefault();
      this.choose(this.active);
      return;
    }
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") {
      return;
    }
    event.preventDefault();
    if (this.list.hidden) {
      this.typed();
      return;
    }
    const count = this.results.length;
    if (count) {
      const step = event.key === "ArrowDown" ? 1 : -1;
      // From the field itself (-1), up goes to the last and down to the first.
      this.activate((this.active + step + (this.active < 0 && step < 0 ? 1 : 0) + count) % count);
    }
  }

  activate(index) {
    this.list.children[this.active]?.setAttribute("aria-selected", "false");
    this.active = index;
    const option = index >= 0 ? this.list.children[index] : null;
    if (option) {
      option.setAttribute("aria-selected", "true");
      option.scrollIntoView({ block: "nearest" });
      this.input.setAttribute("aria-activedescendant", option.id);
    } else {
      this.input.removeAttribute("aria-activedescendant");
    }
  }

  choose(index) {
    const result = this.results[index];
    this.input.value = result.label;
    this.showClear();
    this.close();
    if ("navigate" in this.root.dataset) {
      location.assign(result.url);
      return;
    }
    this.hidden.value = result.ref;
    this.hidden.disabled = false;
    // One parameter is enough: what was typed need not travel beside what was chosen.
    this.input.removeAttribute("name");
    this.changed();
  }

  forget() {
    this.input.name = this.name;
    if (this.hidden) {
      this.hidden.value = "";
      this.hidden.disabled = true;
    }
  }

  clear() {
    const had = Boolean(this.input.value);
    this.input.value = "";
    this.forget();
    this.showClear();
    this.close();
    this.input.focus();
    if (had) {
      this.changed();
    }
  }

  changed() {
    this.root.dispatchEvent(new CustomEvent("combobox:change", { bubbles: true }));
  }

  showClear() {
    this.clearButton.hidden = !this.input.value;
  }

  open() {
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
  }

  close() {
    clearTimeout(this.timer);
    this.list.hidden = true;
    this.activate(-1);
    this.input.setAttribute("aria-expanded", "false");
  }
}

function start(within) {
  for (const root of within.querySelectorAll("[data-combobox]:not([data-ready])")) {
    root.dataset.ready = "";
    new Combobox(root);
  }
}

start(document);
document.addEventListener("htmx:load", (event) => start(event.target));
