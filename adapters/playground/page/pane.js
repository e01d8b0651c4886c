// One person's chat: their channels and inbox, a thread beside it, and everything they do.

import { Calls } from "./calls.js";
import { Composer } from "./composer.js";
import { openForm } from "./dialog.js";
import { Feed } from "./feed.js";
import { freshId, keepFocus, make } from "./make.js";
import { renderAvatar, renderBadge } from "./post.js";

const NOTHING = "Nothing here yet. Type / to see what Drumbeat can do.";

export class Pane {
  /** host: room, ask, announce, choose(pane, person), close(pane), changed() when something was read. */
  constructor(person, host) {
    this.person = person;
    this.host = host;
    this.room = host.room;
    this.drawn = new Map();
    this.place = { channel: this.ownChannels()[0]?.id ?? [...this.room.channels.keys()][0] ?? "" };
    if (!this.place.channel) this.place = { inbox: person };
    this.head = make("header", { class: "pane-head" });
    this.tabs = make("nav", { class: "tabs" });
    this.line = make("div", { class: "place-line" });
    this.notice = make("p", { class: "notice pane-notice", role: "alert", hidden: true });
    this.body = make("div", { class: "pane-body" });
    this.eyes = {
      room: this.room, person, act: (act) => this.act(act), openThread: (root) => this.openThread(root),
    };
    this.calls = new Calls(this.eyes);
    this.element = make("section", { class: "pane" }, this.head, this.tabs, this.line, this.calls.element, this.notice, this.body);
    this.open(this.place);
  }

  get name() {
    return this.room.nameOf(this.person);
  }

  ownChannels() {
    return [...this.room.channels.values()].filter((channel) => channel.people.includes(this.person));
  }

  get channel() {
    return this.place.channel ? this.room.channels.get(this.place.channel) : null;
  }

  get isInside() {
    return !this.channel || this.channel.people.includes(this.person);
  }

  // ---------------------------------------------------------------------------------------------- drawing

  drawHead() {
    const people = [...this.room.people.values()].filter((person) => !person.bot);
    const call = Object.entries(this.room.voice).find(([, there]) => there.includes(this.person))?.[0];
    const callable = Boolean(call || (this.channel && this.isInside));
    if (this.isNew("head", [people.map((person) => [person.id, person.name]), call, callable])) this.makeHead(people, call, callable);
    for (const option of this.select.options) {
      const unread = option.value === this.person ? 0 : this.room.unread({ inbox: option.value }, option.value);
      const label = unread ? `${this.room.nameOf(option.value)} (${unread})` : this.room.nameOf(option.value);
      if (option.textContent !== label) option.textContent = label;
    }
    this.drawTabs();
    this.drawLine();
    this.calls.draw();
  }

  makeHead(people, call, callable) {
    const [title, id] = [freshId("pane"), freshId("person")];
    const toggle = () => this.act(call ? { do: "leave call", room: call } : { do: "enter call", room: this.place.channel });
    this.element.setAttribute("aria-labelledby", title);
    this.select = make("select", { id, class: "who", change: () => this.host.choose(this, this.select.value), "data-key": "who" },
      people.map((person) => make("option", { value: person.id }, person.name)));
    this.select.value = this.person;
    keepFocus(this.head, () => this.head.replaceChildren(...[
      make("h2", { class: "unseen", id: title }, `${this.name}’s chat`),
      renderAvatar(this.person, this.name),
      make("label", { for: id, class: "unseen" }, "Person in this pane"), this.select,
      callable && make("button", {
        type: "button", class: `button plain call${call ? " call-on" : ""}`, click: toggle, "data-key": "call",
      }, call ? "Leave call" : "Join call"),
      this.host.canClose() && make("button", {
        type: "button", class: "quiet close", "aria-label": `Close ${this.name}’s pane`, click: () => this.host.close(this), "data-key": "close",
      }, "×"),
    ].filter(Boolean)));
  }

  drawTabs() {
    const places = [
      ...[...this.room.channels.values()].map((channel) => [{ channel: channel.id }, `#${channel.name}`]),
      [{ inbox: this.person }, "Inbox"],
    ].map(([place, label]) => {
      const current = this.place.channel === place.channel;
      const outside = place.channel && !this.ownChannels().some((channel) => channel.id === place.channel);
      const looking = current && this.isShown();
      return { place, label, current, unread: outside || looking ? 0 : this.room.unread(place, this.person) };
    });
    if (!this.isNew("tabs", [places, this.name])) return;
    this.tabs.setAttribute("aria-label", `${this.name}’s places`);
    keepFocus(this.tabs, () => this.tabs.replaceChildren(...places.map(({ place, label, current, unread }) =>
      make("button", { type: "button", class: "tab", "aria-current": current ? "page" : null, title: label, click: () => this.open(place), "data-key": label },
        make("bdi", {}, label), renderBadge(unread)))));
  }

  drawLine() {
    const zone = this.room.zoneOf(this.person);
    const elsewhere = zone && zone !== this.room.clock?.zone ? `${zone.split("/").at(-1).replaceAll("_", " ")} time` : "";
    const { people, id } = this.channel ?? { people: [], id: "" };
    const inCall = (this.room.voice[id] ?? []).map((person) => this.room.nameOf(person));
    if (!this.isNew("line", [id, people.length, inCall, this.isInside, elsewhere, this.name])) return;
    const about = this.channel ? [make("span", {}, people.length === 1 ? "1 person" : `${people.length} people`)]
      : [make("span", {}, "Private: Drumbeat and ", make("bdi", {}, this.name))];
    if (elsewhere) about.push(make("span", {}, elsewhere));
    if (inCall.length) about.push(make("span", { class: "in-call", dir: "auto" }, `In the call: ${inCall.join(", ")}`));
    if (this.channel && this.isInside) {
      const leave = () => this.act({ do: "leave", channel: id });
      about.push(make("button", { type: "button", class: "quiet", "aria-label": "Leave the channel", "data-key": "leave", click: leave }, "Leave"));
    }
    keepFocus(this.line, () => this.line.replaceChildren(...about));
  }

  /** Tell whether a part of the pane must be drawn again: an open menu or the focus in it would be lost for nothing. */
  isNew(part, shown) {
    const written = JSON.stringify(shown);
    const changed = this.drawn.get(part) !== written;
    this.drawn.set(part, written);
    return changed;
  }

  // ---------------------------------------------------------------------------------------------- places

  open(place) {
    this.place = place;
    this.thread = null;
    this.inside = this.isInside;
    this.complain("");
    this.feed = null;
    if (!this.inside) {
      const join = () => this.act({ do: "join", channel: this.channel.id });
      this.body.replaceChildren(make("div", { class: "outside" },
        make("p", {}, make("bdi", {}, this.name), " is not in ", make("bdi", {}, `#${this.channel.name}`), "."),
        make("button", { type: "button", class: "button primary", click: join }, `Join #${this.channel.name}`)));
    } else {
      const where = this.channel ? `#${this.channel.name}` : "Drumbeat";
      const label = this.channel ? `Messages in ${where}` : `${this.name}’s inbox`;
      this.feed = new Feed({ place, eyes: this.eyes, label, nothing: NOTHING });
      const composer = new Composer({
        label: `Message ${where} as ${this.name}`, placeholder: `Message ${where}`, announce: this.host.announce,
        commands: () => this.room.commands, send: (words) => this.say(words, ""),
      });
      this.body.replaceChildren(make("div", { class: "stream" }, this.feed.element, this.feed.down, composer.element));
      this.feed.toEnd();
      this.room.markRead(place, this.person);
    }
    this.drawHead();
    this.host.changed();
  }

  openThread(root) {
    this.closeThread();
    const feed = new Feed({ place: { channel: this.place.channel, thread: root }, eyes: this.eyes, label: "Messages in the thread", nothing: "", root });
    const composer = new Composer({
      label: `Reply in the thread as ${this.name}`, placeholder: "Reply", announce: this.host.announce,
      commands: () => [], send: (words) => this.say(words, root),
    });
    const titleId = freshId("thread");
    const element = make("aside", {
      class: "thread", "aria-labelledby": titleId, keydown: (event) => { if (event.key === "Escape") this.closeThread(root); },
    },
    make("header", { class: "thread-head" }, make("h3", { id: titleId }, "Thread"),
      make("button", { type: "button", class: "quiet close", "aria-label": "Close the thread", click: () => this.closeThread(root) }, "×")),
    feed.element, feed.down, composer.element);
    this.thread = { root, feed, element };
    this.body.append(element);
    this.body.classList.add("has-thread");
    feed.toEnd();
    composer.box.focus();
  }

  /** Put the thread away; after reading it, the focus goes back to the post that it hangs on. */
  closeThread(root = "") {
    this.thread?.element.remove();
    this.thread = null;
    this.body.classList.remove("has-thread");
    if (root) this.feed?.refocus({ id: root, key: "reply" });
  }

  // ---------------------------------------------------------------------------------------------- acting and hearing

  say(words, thread) {
    const place = { channel: this.place.channel ?? "", thread };
    return this.ask({ do: words.startsWith("/") ? "command" : "say", words, ...place });
  }

  /** Do something as this person; a refusal is thrown. A form that comes back is opened. */
  async ask(act) {
    const reply = await this.host.ask({ ...act, who: this.person });
    if (act.do !== "fill") this.follow(reply);
    return reply;
  }

  /** The same, with a refusal shown above the messages. */
  async act(act) {
    try {
      await this.ask(act);
      this.complain("");
    } catch (refusal) {
      this.complain(refusal.message);
    }
  }

  follow(reply) {
    if (!reply.form) return;
    const feed = this.thread?.feed ?? this.feed;
    const remembered = feed?.focusKey();
    openForm(reply.form, {
      person: this.person, room: this.room, ask: (act) => this.ask(act), after: (next) => this.follow(next),
      closed: () => feed?.refocus(remembered),
    });
  }

  complain(sentence) {
    this.notice.textContent = sentence;
    this.notice.hidden = !sentence;
  }

  /** Draw what changed. */
  update(told, fresh) {
    const touched = told.posts.map((post) => post.id);
    const roots = told.posts.map((post) => post.thread).filter(Boolean);
    if (this.inside !== this.isInside) {
      this.open(this.place);
      return;
    }
    this.feed?.update(fresh, [...new Set([...touched, ...roots])], told.gone);
    if (this.thread && !this.room.posts.has(this.thread.root)) this.closeThread();
    this.thread?.feed.update(fresh, touched, told.gone);
    if (this.isShown() && this.inside) this.room.markRead(this.place, this.person);
    this.drawHead();
  }

  /** Draw everything again, around what is being written. */
  renew() {
    if (this.place.channel && !this.channel) this.place = { inbox: this.person };
    if (!this.feed || this.inside !== this.isInside || this.place.inbox && this.feed.place.channel) {
      this.open(this.place);
      return;
    }
    if (this.thread && !this.room.posts.has(this.thread.root)) this.closeThread();
    this.feed.refill();
    this.thread?.feed.refill();
    this.drawHead();
  }

  isShown() {
    return this.element.offsetParent !== null;
  }

  /** Tell whether this person has a new post in front of them or in their inbox. */
  notices(post) {
    return post.author !== this.person && (this.room.standsIn(post, { inbox: this.person }, this.person)
      || (this.inside && this.room.standsIn(post, { ...this.place, thread: post.thread }, this.person)));
  }
}
