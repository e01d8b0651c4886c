// One post: who, when, what, and what can be done with it.

import { make } from "./make.js";
import { renderMessage } from "./view.js";

export const EMOJI = [["👍", "thumbs up"], ["❤️", "heart"], ["🎉", "party"], ["🙏", "thanks"], ["👀", "eyes"]];
const HUES = 8;

/** Render a post as a person sees it. */
export function renderPost(post, eyes, { follows, inThread, open }) {
  const { room, person } = eyes;
  const name = room.nameOf(post.author);
  const own = post.author === "drumbeat";
  const kind = [own ? "post-drumbeat" : "post-person", follows && "post-follows", post.only && "post-whisper"];
  return make("article", {
    class: ["post", ...kind.filter(Boolean)].join(" "), "data-id": post.id, tabindex: "-1",
    "aria-label": `${name}, ${room.timeOf(post, person, { hour: "2-digit", minute: "2-digit" })}`,
  },
  renderAvatar(post.author, name),
  make("div", { class: "post-content" },
    make("header", { class: "post-head" },
      make("bdi", { class: "author" }, name),
      make("time", { class: "at", datetime: post.at }, room.timeOf(post, person, { hour: "2-digit", minute: "2-digit" })),
      post.edited > 0 && !own && make("span", { class: "edited" }, "edited")),
    post.only && renderOnly(post, eyes),
    post.view ? renderMessage(post.view, contextOf(post, eyes)) : make("p", { class: "words", dir: "auto" }, post.words),
    renderFoot(post, eyes, { inThread, open })));
}

/** A round sign with the first letter of a name, in a hue that stays the person's. */
export function renderAvatar(id, name) {
  if (id === "drumbeat") return make("span", { class: "avatar avatar-drum", "aria-hidden": "true" });
  const hue = [...id].reduce((sum, char) => sum + char.codePointAt(0), 0) % HUES;
  return make("span", { class: `avatar hue-${hue}`, "aria-hidden": "true" }, [...name.trim()][0]?.toUpperCase() ?? "?");
}

/** A number of unread posts, or nothing. */
export function renderBadge(unread) {
  if (!unread) return "";
  return make("span", { class: "badge" }, unread > 99 ? "99+" : String(unread), make("span", { class: "unseen" }, " unread"));
}

/** Say a post in words, for those who hear the page. */
export function tellPost(post, room) {
  const words = post.view ? post.view.parts.map(tellPart).filter(Boolean).join(" ") : post.words;
  return `${room.nameOf(post.author)}${post.only ? ", only to you" : ""}: ${words.slice(0, 300)}`;
}

function tellPart(part) {
  switch (part.is) {
    case "Text": return part.spans.map((span) => span.words ?? span.label ?? `@${span.name}`).join("");
    case "Quote": return part.words;
    case "Facts": return part.pairs.map((pair) => pair.join(": ")).join(", ");
    default: return "";
  }
}

function contextOf(post, eyes) {
  const { room, person } = eyes;
  return {
    zone: room.zoneOf(person), self: person, now: room.now(),
    press: (action, choice) => eyes.act({ do: "press", message: post.id, action, choice }),
  };
}

function renderOnly(post, eyes) {
  const dismiss = () => eyes.act({ do: "dismiss", message: post.id });
  return make("p", { class: "only" }, make("span", {}, "Only ", make("bdi", {}, eyes.room.nameOf(post.only)), " sees this"),
    make("button", { type: "button", class: "quiet", click: dismiss, "data-key": "dismiss" }, "Dismiss"));
}

function renderFoot(post, eyes, { inThread, open }) {
  if (post.only) return null;
  const { room, person } = eyes;
  const replies = post.channel && !inThread ? room.replies(post, person).length : 0;
  const reacted = Object.entries(post.reactions);
  const reacting = make("div", { class: "reacting", hidden: !open, role: "group", "aria-label": "Reactions" },
    EMOJI.map(([emoji, name]) => renderReaction(post, eyes, emoji, name, [])));
  const react = make("button", {
    type: "button", class: "quiet", "aria-expanded": String(Boolean(open)), "data-key": "react",
    click: () => {
      reacting.hidden = !reacting.hidden;
      react.setAttribute("aria-expanded", String(!reacting.hidden));
    },
  }, "React");
  const reply = post.channel && !inThread && !post.thread
    && make("button", { type: "button", class: "quiet", "data-key": "reply", click: () => eyes.openThread(post.id) }, "Reply");
  return make("footer", { class: "post-foot" },
    reacted.length > 0 && make("div", { class: "reactions" }, reacted.map(([emoji, people]) => renderReaction(post, eyes, emoji, nameEmoji(emoji), people))),
    replies > 0 && make("button", { type: "button", class: "replies", "data-key": "replies", click: () => eyes.openThread(post.id) },
      replies === 1 ? "1 reply" : `${replies} replies`),
    make("div", { class: "tools" }, reply, react),
    reacting);
}

function renderReaction(post, eyes, emoji, name, people) {
  const mine = (post.reactions[emoji] ?? []).includes(eyes.person);
  const names = people.map((one) => eyes.room.nameOf(one)).join(", ");
  const toggle = () => eyes.act({ do: "react", message: post.id, emoji, on: !mine });
  return make("button", {
    type: "button", class: "reaction", "aria-pressed": String(mine), click: toggle, "data-key": `${people.length ? "shown" : "offer"}-${emoji}`,
    "aria-label": people.length ? `${name}, ${people.length}` : name, title: names || name,
  }, emoji, people.length > 0 && make("span", {}, String(people.length)));
}

function nameEmoji(emoji) {
  return EMOJI.find(([one]) => one === emoji)?.[1] ?? emoji;
}
