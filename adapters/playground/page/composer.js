// The box to write in: Enter sends, '/' offers what Drumbeat can do.

import { freshId, make } from "./make.js";

export class Composer {
  /** send(words) gives a promise; commands() the [name, what it does] pairs, none in a thread; say() reads something out. */
  constructor({ label, placeholder, send, commands, announce }) {
    this.send = send;
    this.commands = commands;
    this.announce = announce;
    this.active = -1;
    this.listId = freshId("commands");
    this.box = make("textarea", {
      rows: 1, placeholder, dir: "auto", "aria-label": label, "aria-autocomplete": "list", "aria-haspopup": "listbox",
      input: () => this.suggest(), keydown: (event) => this.type(event), blur: () => this.hide(),
    });
    this.list = make("ul", { class: "completion", role: "listbox", id: this.listId, "aria-label": "Commands", hidden: true, tabindex: "0" });
    // Scrolling the list must not take the focus from the box, which would close it.
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.notice = make("p", { class: "notice", role: "alert", hidden: true });
    this.element = make("form", { class: "composer", submit: (event) => { event.preventDefault(); this.submit(); } },
      this.notice, this.list, this.box, make("button", { class: "button send" }, "Send"));
  }

  type(event) {
    if (event.isComposing) return;
    const open = !this.list.hidden;
    if (open && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      this.point((this.active + (event.key === "ArrowDown" ? 1 : -1) + this.found.length) % this.found.length);
    } else if (open && event.key === "Tab" && event.shiftKey) {
      this.hide();
      return;
    } else if (open && event.key === "Escape") {
      this.hide();
    } else if (open && (event.key === "Tab" || event.key === "Enter") && !event.shiftKey && !this.isWhole()) {
      this.accept(this.active);
    } else if (event.key === "Enter" && !event.shiftKey) {
      this.submit();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  /** A command that is typed out needs no accepting: Enter sends it. */
  isWhole() {
    return this.box.value === `/${this.found[this.active][0]}`;
  }

  suggest() {
    this.grow();
    this.complain("");
    const typed = /^\/(\S*)$/.exec(this.box.value);
    this.found = typed ? this.commands().filter(([name]) => name.startsWith(typed[1].toLowerCase())) : [];
    if (!this.found.length) {
      this.hide();
      return;
    }
    this.list.replaceChildren(...this.found.map(([name, about], index) => make("li", {
      role: "option", id: `${this.listId}-${index}`, "aria-selected": "false",
      mousedown: () => this.accept(index),
    }, make("span", { class: "command" }, `/${name}`), make("span", { class: "about" }, about))));
    if (this.list.hidden) this.announce(`${this.found.length} commands. Arrow keys choose, Enter takes one.`);
    this.list.hidden = false;
    this.box.setAttribute("aria-controls", this.listId);
    this.point(0);
  }

  point(index) {
    this.list.children[this.active]?.setAttribute("aria-selected", "false");
    this.active = index;
    const option = this.list.children[index];
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    this.box.setAttribute("aria-activedescendant", option.id);
  }

  accept(index) {
    this.box.value = `/${this.found[index][0]} `;
    this.hide();
  }

  hide() {
    this.list.hidden = true;
    this.active = -1;
    this.box.removeAttribute("aria-activedescendant");
    this.box.removeAttribute("aria-controls");
  }

  async submit() {
    const words = this.box.value;
    if (!words.trim()) return;
    this.hide();
    this.box.value = "";
    this.grow();
    this.complain("");
    try {
      await this.send(words);
    } catch (refusal) {
      if (!this.box.value) this.box.value = words;
      this.grow();
      this.complain(refusal.message);
    }
  }

  complain(sentence) {
    this.notice.textContent = sentence;
    this.notice.hidden = !sentence;
  }

  /** As high as the words, up to a third of the window. */
  grow() {
    this.box.style.height = "auto";
    this.box.style.height = `${this.box.scrollHeight + 2}px`;
  }
}
