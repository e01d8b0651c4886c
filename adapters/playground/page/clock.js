// The movement's clock in the page's head, and the buttons that move it.

import { make } from "./make.js";
import { inZone } from "./view.js";

const LEAPS = [["hour", "Next hour"], ["day", "Next day"], ["monday", "Next Monday"]];

export class Clock {
  constructor(element, { room, ask, announce, complain }) {
    this.room = room;
    this.announce = announce;
    this.time = make("time", { class: "clock-time" });
    this.buttons = make("div", { class: "clock-buttons", role: "group", "aria-label": "Move the clock", hidden: true },
      LEAPS.map(([to, label]) => make("button", {
        type: "button", class: "button plain",
        click: () => { if (!room.clock?.moving) ask({ do: "move", to }).catch((refusal) => complain(refusal.message)); },
      }, label)));
    element.append(make("p", { class: "clock-now" }, make("span", { class: "unseen" }, "The movement’s time: "), this.time), this.buttons);
    this.element = element;
    setInterval(() => this.show(), 1000);
  }

  show() {
    const { clock } = this.room;
    if (!clock) return;
    const now = this.room.now();
    const day = inZone(now, clock.zone, { weekday: "short", day: "numeric", month: "short", year: "numeric" }).replace(",", "");
    const words = `${day}, ${inZone(now, clock.zone, { hour: "2-digit", minute: "2-digit" })}`;
    if (this.time.textContent !== words) {
      this.time.textContent = words;
      this.time.dateTime = now.toISOString();
    }
    this.buttons.hidden = !clock.movable;
    this.element.classList.toggle("clock-moving", clock.moving);
    for (const button of this.buttons.children) {
      if (clock.moving) button.setAttribute("aria-disabled", "true");
      else button.removeAttribute("aria-disabled");
    }
    if (this.moving && !clock.moving) this.announce(`It is now ${words}.`);
    if (!this.moving && clock.moving) this.announce("The clock is moving.");
    this.moving = clock.moving;
  }
}
