// Calls with a name of their own, such as 'lounge': who is in which, a way in and a way out.

import { freshId, keepFocus, make } from "./make.js";

const LONGEST = 80;

export class Calls {
  /** eyes: room, person, act. */
  constructor(eyes) {
    this.eyes = eyes;
    this.drawn = "";
    this.summary = make("summary", {});
    this.list = make("ul", { class: "calls-list" });
    const id = freshId("call");
    this.box = make("input", { id, type: "text", maxlength: LONGEST, autocomplete: "off", placeholder: "Such as lounge" });
    const enter = (event) => {
      event.preventDefault();
      const name = this.box.value.trim().replace(/\s+/g, " ");
      if (!name) return this.box.focus();
      this.box.value = "";
      return this.move("enter call", name);
    };
    this.form = make("form", { class: "calls-form", submit: enter },
      make("label", { for: id }, "Call"), this.box, make("button", { type: "submit", class: "button plain" }, "Join"));
    this.element = make("details", { class: "calls" }, this.summary, this.list, this.form);
  }

  /** Come into a call or leave it; the focus stays here, wherever the button went. */
  async move(what, call) {
    await this.eyes.act({ do: what, room: call });
    if (!this.element.contains(document.activeElement)) this.summary.focus();
  }

  draw() {
    const { room, person } = this.eyes;
    const calls = Object.entries(room.voice)
      .filter(([call, there]) => there.length && !room.channels.has(call))
      .map(([call, there]) => ({ call, mine: there.includes(person), names: there.map((one) => room.nameOf(one)).join(", ") }));
    const busy = Object.values(room.voice).some((there) => there.includes(person));
    const shown = JSON.stringify([calls, busy]);
    if (shown === this.drawn) return;
    this.drawn = shown;
    this.summary.textContent = calls.length ? `In a call: ${calls.map(({ call, names }) => `${call} (${names})`).join(", ")}` : "Other calls";
    keepFocus(this.list, () => this.list.replaceChildren(...calls.map((one) => this.row(one, busy))));
    this.list.hidden = !calls.length;
    this.form.hidden = busy;
  }

  row({ call, mine, names }, busy) {
    const press = () => this.move(mine ? "leave call" : "enter call", call);
    return make("li", {}, make("span", { class: "in-call", dir: "auto" }, make("bdi", {}, call), `: ${names}`),
      (mine || !busy) && make("button", {
        type: "button", class: "button plain", "aria-label": `${mine ? "Leave" : "Join"} ${call}`, click: press, "data-key": call,
      }, mine ? "Leave" : "Join"));
  }
}
