// Showing what Drumbeat says: each part of a view as the plainest element that means it.

import { make } from "./make.js";

/**
 * Render a message. The context says who reads it (zone, self, now) and what happens on a press:
 * press(action, choice, label) gives a promise that is kept when the press was answered.
 */
export function renderMessage(message, context) {
  return make("div", { class: "view" }, message.parts.map((part) => PARTS[part.is](part, context)));
}

export function encodeAction({ ritual, verb, about, movement }) {
  return `${ritual}:${verb}:${about}:${movement}`;
}

const PARTS = {
  Text: (text, context) => make("p", { class: "text", dir: "auto" }, text.spans.map((span) => renderSpan(span, context))),
  Quote: ({ words, by }) =>
    make("figure", { class: "quote" }, by && make("figcaption", { dir: "auto" }, by), make("blockquote", { dir: "auto" }, words)),
  Facts: ({ pairs }) =>
    make("dl", { class: "facts" }, pairs.map(([name, value]) =>
      make("div", {}, make("dt", { dir: "auto" }, name), make("dd", { dir: "auto" }, value)))),
  Picture: ({ png, alt }) => make("img", { class: "picture", src: `data:image/png;base64,${png.base64}`, alt }),
  Attachment: renderFile,
  Buttons: ({ row }, context) =>
    make("div", { class: "buttons" }, row.map((one) => (one.is === "Link" ? renderLink(one, "button") : renderButton(one, context)))),
  Menu: renderMenu,
};

function renderSpan(span, context) {
  switch (span.is) {
    case "Link":
      return renderLink(span, "link");
    case "Mention": {
      const mine = span.person === context.self ? " mention-me" : "";
      return make("bdi", { class: `mention${mine}` }, `@${span.name}`);
    }
    case "Moment":
      return renderMoment(span, context);
    default: {
      const tag = { bold: "strong", italic: "em", code: "code" }[span.style];
      return tag ? make(tag, {}, span.words) : document.createTextNode(span.words);
    }
  }
}

function renderLink({ label, url }, look) {
  const address = /^https?:\/\//.test(url) ? url : null;
  return make("a", { class: look, href: address, target: "_blank", rel: "noopener noreferrer", dir: "auto" }, label);
}

/**
 * Offer a file to download. It comes as plain text from an address that belongs to no page, whatever its name says: what
 * somebody wrote into an HTML file can run nowhere near this one.
 */
function renderFile({ name, words }) {
  const address = `data:text/plain;charset=utf-8,${encodeURIComponent(words)}`;
  return make("a", { class: "file", href: address, download: name },
    make("span", { class: "file-name" }, name), make("span", { class: "file-size" }, `Download file, ${tellSize(words)}`));
}

/** Say how much a text is, as the disk will count it. */
function tellSize(words) {
  const bytes = new TextEncoder().encode(words).length;
  return bytes < 1000 ? `${bytes} bytes` : `${(bytes / 1000).toFixed(1)} kB`;
}

function renderButton({ label, action, style }, context) {
  const encoded = encodeAction(action);
  const button = make("button", { type: "button", class: `button ${style}`, "data-key": encoded, dir: "auto" }, label);
  button.addEventListener("click", () => once(button, () => context.press(encoded, "", label)));
  return button;
}

function renderMenu({ label, action, options }, context) {
  const encoded = encodeAction(action);
  const select = make("select", { "data-key": encoded },
    make("option", { value: "" }, "Choose…"), options.map((option) => make("option", { value: option.value }, option.label)));
  // A closed menu that is stepped through with the keyboard would act at every step, so the keyboard opens it first.
  select.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !(event.key.startsWith("Arrow") || event.key.length === 1)) return;
    if (typeof select.showPicker !== "function") return;
    event.preventDefault();
    select.showPicker();
  });
  select.addEventListener("change", () => {
    const choice = select.value;
    if (choice !== "") once(select, () => context.press(encoded, choice, label)).then(() => { select.value = ""; });
  });
  return make("label", { class: "menu" }, make("span", { dir: "auto" }, label), select);
}

/** Let a control act, and not again before it was answered. It keeps its focus, which a disabled one would lose. */
async function once(control, act) {
  if (control.getAttribute("aria-busy") === "true") return;
  control.setAttribute("aria-busy", "true");
  try {
    await act();
  } finally {
    control.removeAttribute("aria-busy");
  }
}

function renderMoment({ at, words, style }, context) {
  return make("time", { class: "moment", datetime: at.iso, title: words }, tellMoment(at.iso, style, context));
}

/** Write an instant on the clock of the reader's time zone. */
export function tellMoment(iso, style, { zone, now }) {
  const moment = new Date(iso);
  const year = now && inZone(moment, zone, { year: "numeric" }) !== inZone(now, zone, { year: "numeric" });
  const day = inZone(moment, zone, { weekday: "short", day: "numeric", month: "short", ...(year && { year: "numeric" }) });
  const time = inZone(moment, zone, { hour: "2-digit", minute: "2-digit" });
  return { day: day.replace(",", ""), time, moment: `${day.replace(",", "")}, ${time}` }[style];
}

/** Format a date for a time zone; one that this browser doesn't know counts as the browser's own. */
export function inZone(moment, zone, format) {
  try {
    return new Intl.DateTimeFormat("en-GB", { timeZone: zone || undefined, ...format }).format(moment);
  } catch {
    return new Intl.DateTimeFormat("en-GB", format).format(moment);
  }
}
