// The gallery: every view of every ritual on one page, for people who write rituals.

import { renderForm } from "./form.js";
import { make } from "./make.js";
import { renderMessage } from "./view.js";

const KINDS = { Message: "post", Whisper: "whisper", Form: "form", Problems: "what is wrong with a form" };
const PEOPLE = { ana: "Ana", ben: "Ben", chi: "Chi", dee: "Dee", eli: "Eli" };

const { entries } = JSON.parse(document.getElementById("entries").textContent);
const rituals = groupByRitual(entries);

function groupByRitual(all) {
  const groups = new Map();
  for (const entry of all) groups.set(entry[0], [...(groups.get(entry[0]) ?? []), entry]);
  return groups;
}

const SHOW = {
  Message: renderQuietly,
  Whisper: ({ message }) => [make("p", { class: "exhibit-only" }, "Only the person who acted sees this"), renderQuietly(message)],
  Form: (form) => [make("h4", { class: "exhibit-title", dir: "auto" }, form.title),
    renderForm({ form, people: Object.keys(PEOPLE) }, (person) => PEOPLE[person]).element,
    make("div", { class: "buttons" }, make("button", { type: "button", class: "button primary" }, form.submit))],
  Problems: ({ sentences }) => make("dl", { class: "facts" }, sentences.map(([field, sentence]) =>
    make("div", {}, make("dt", {}, field || "The whole form"), make("dd", { class: "problem" }, sentence)))),
};

function renderQuietly(message) {
  return renderMessage(message, { press: () => Promise.resolve(), self: "" });
}

function number(entry) {
  return `view-${entries.indexOf(entry) + 1}`;
}

document.getElementById("index").append(make("ul", {}, [...rituals].map(([ritual, views]) =>
  make("li", {}, ritual, make("ul", {}, views.map((entry) => make("li", {}, make("a", { href: `#${number(entry)}` }, entry[1]))))))));

document.getElementById("views").append(...[...rituals].flatMap(([ritual, views]) => [
  make("h2", {}, ritual),
  ...views.map((entry) => make("section", { class: "entry", id: number(entry) },
    make("h3", {}, `${entry[1]} (${KINDS[entry[2].is]})`),
    make("div", { class: `exhibit exhibit-${entry[2].is}` }, SHOW[entry[2].is](entry[2])))),
]));
