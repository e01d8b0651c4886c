// The page: up to three people side by side in one room.

import { Clock } from "./clock.js";
import { Connection } from "./connection.js";
import { make } from "./make.js";
import { Pane } from "./pane.js";
import { renderBadge, tellPost } from "./post.js";
import { Room } from "./room.js";

const MOST = 3;
const AT_FIRST = 2;
const ALOUD = 3;
const SAID_AFTER = 3000;

const room = new Room();
const panes = [];
let active = null;
const main = document.getElementById("people");
const switcher = document.getElementById("switcher");
const offline = document.getElementById("offline");
const announcer = document.getElementById("announcer");

const connection = new Connection({
  onRoom(told) {
    room.fill(told);
    const same = panes.length > 0 && panes.every((pane) => room.people.has(pane.person));
    // After a broken line everything is drawn again, but what somebody was writing stays.
    if (same) for (const pane of panes) pane.renew();
    else seat(peopleInAddress());
    clock.show();
  },
  onChanges(told) {
    const fresh = room.update(told);
    for (const pane of panes) pane.update(told, fresh);
    drawSwitcher();
    clock.show();
    tellAloud(fresh);
  },
  onLine(there) {
    offline.hidden = there;
    offline.textContent = there ? "" : "The line to Drumbeat is down. Trying again…";
  },
});

const ask = (act) => connection.ask(act);
const clock = new Clock(document.getElementById("clock"), { room, ask, announce, complain: (words) => (active ?? panes[0])?.complain(words) });

const host = {
  room, ask, announce,
  canClose: () => panes.length > 1,
  close(pane) {
    seat(panes.filter((one) => one !== pane).map((one) => one.person));
    panes[0].element.querySelector(".who").focus();
  },
  choose(pane, person) {
    // Somebody who is shown already changes places with the one who was here.
    seat(panes.map((one) => (one === pane ? person : one.person === person ? pane.person : one.person)));
    panes.find((one) => one.person === person)?.element.querySelector(".who").focus();
  },
  changed() {
    for (const pane of panes) pane.drawTabs();
    drawSwitcher();
  },
};

/** Show these people, in this order. */
function seat(people) {
  const wanted = people.filter((person) => room.people.has(person)).slice(0, MOST);
  const place = new Map(panes.map((pane) => [pane.person, pane.place]));
  const before = active?.person;
  panes.length = 0;
  if (!wanted.length) {
    main.replaceChildren(make("p", { class: "empty" }, "Nobody is here yet."));
    return;
  }
  for (const person of wanted) {
    const pane = new Pane(person, { ...host, canClose: () => wanted.length > 1 });
    panes.push(pane);
    if (place.has(person)) pane.open(place.get(person));
    pane.element.addEventListener("focusin", () => { if (pane !== active) activate(pane); });
  }
  main.replaceChildren(...panes.map((pane) => pane.element));
  main.style.setProperty("--panes", String(panes.length));
  for (const pane of panes) pane.feed?.toEnd();
  activate(panes.find((pane) => pane.person === before) ?? panes[0]);
  const address = `#${wanted.map(encodeURIComponent).join(",")}`;
  if (location.hash !== address) history.replaceState(null, "", address);
}

function activate(pane) {
  active = pane;
  for (const one of panes) one.element.classList.toggle("pane-active", one === pane);
  if (pane.inside && pane.isShown()) room.markRead(pane.place, pane.person);
  pane.drawTabs();
  drawSwitcher();
}

let drawn = "";

function drawSwitcher() {
  const shown = JSON.stringify([[...room.people], panes.map((pane) => [pane.person, pane === active, room.unread({ inbox: pane.person }, pane.person)])]);
  if (shown === drawn) return;
  drawn = shown;
  const next = [...room.people.values()].find((person) => !person.bot && !panes.some((pane) => pane.person === person.id));
  const focused = switcher.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  const people = panes.map((pane) => {
    const unread = pane === active ? 0 : room.unread({ inbox: pane.person }, pane.person);
    const show = () => { activate(pane); pane.feed?.toEnd(); };
    return make("button", { type: "button", class: "switch", "aria-pressed": String(pane === active), click: show, "data-key": pane.person },
      make("bdi", {}, pane.name), renderBadge(unread));
  });
  const add = () => {
    seat([...panes.map((pane) => pane.person), next.id]);
    activate(panes.at(-1));
    panes.at(-1).element.querySelector(".who").focus();
  };
  switcher.replaceChildren(...people, ...(next && panes.length < MOST
    ? [make("button", { type: "button", class: "button plain add", click: add, "aria-label": "Add a person", "data-key": "" }, make("span", { class: "add-words" }, "Add a person"))] : []));
  if (focused !== null) [...switcher.children].find((one) => one.dataset.key === focused)?.focus();
}

function peopleInAddress() {
  const asked = location.hash.slice(1).split(",").map(decodeWord).filter((person) => room.people.has(person));
  const everybody = [...room.people.values()].filter((person) => !person.bot).map((person) => person.id);
  return asked.length ? [...new Set(asked)] : everybody.slice(0, AT_FIRST);
}

function decodeWord(word) {
  try {
    return decodeURIComponent(word);
  } catch {
    return "";
  }
}

window.addEventListener("hashchange", () => seat(peopleInAddress()));

/** Say what is new in front of the person in the active pane; the rest of the page stays silent. */
function tellAloud(fresh) {
  const posts = fresh.map((id) => room.posts.get(id)).filter((post) => post && active?.notices(post));
  if (posts.length > ALOUD) announce(`${posts.length} new messages`);
  else for (const post of posts) announce(tellPost(post, room));
}

function announce(words) {
  const said = make("p", {}, words);
  announcer.append(said);
  // Once it was said it only would be in the way of who reads the page line by line.
  setTimeout(() => said.remove(), SAID_AFTER);
}
