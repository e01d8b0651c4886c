// A row of posts as one person sees them, kept up to date post by post.

import { make } from "./make.js";
import { renderPost } from "./post.js";

const SHOWN = 200;
const NEAR_END = 80;

export class Feed {
  /** place: where the posts stand. eyes: whose (room, person, act, openThread). nothing: what to say when there are none. */
  constructor({ place, eyes, label, nothing, root = "" }) {
    this.place = place;
    this.eyes = eyes;
    this.root = root;
    this.limit = SHOWN;
    this.nothing = nothing;
    this.articles = new Map();
    this.list = make("div", { class: "posts" });
    // Nothing in here is read out by itself: the page's announcer says what is new, once, whatever is redrawn.
    this.element = make("div", { class: "feed", role: "log", "aria-live": "off", "aria-label": label, tabindex: "0" }, this.list);
    this.down = make("button", { type: "button", class: "down", hidden: true, click: () => this.toEnd() }, "New messages below");
    this.element.addEventListener("scroll", () => {
      // Only who scrolls up lets go of the end; a picture that pushes it down does not.
      const { scrollTop } = this.element;
      this.stuck = this.atEnd() || (this.stuck && scrollTop >= this.top);
      this.top = scrollTop;
      if (this.stuck) this.down.hidden = true;
    });
    // Pictures that load late and windows that change must not push the newest post out of sight.
    const observer = new ResizeObserver(() => { if (this.stuck) this.toEnd(); });
    observer.observe(this.list);
    observer.observe(this.element);
    this.fill();
  }

  posts() {
    const { room, person } = this.eyes;
    const root = this.root ? [room.posts.get(this.root)].filter(Boolean) : [];
    return [...root, ...room.postsIn(this.place, person)];
  }

  fill() {
    const posts = this.posts();
    const shown = posts.slice(-this.limit);
    this.articles.clear();
    this.list.replaceChildren();
    if (shown.length < posts.length) this.list.append(this.earlier(posts.length - shown.length));
    if (!posts.length) this.list.append(make("p", { class: "empty" }, this.nothing));
    for (const post of shown) this.append(post);
    this.toEnd();
  }

  earlier(hidden) {
    const more = () => {
      const fromEnd = this.element.scrollHeight - this.element.scrollTop;
      this.limit += SHOWN;
      this.fill();
      this.element.scrollTop = this.element.scrollHeight - fromEnd;
      this.element.focus();
    };
    return make("button", { type: "button", class: "earlier", click: more }, `Show ${Math.min(hidden, SHOWN)} earlier messages`);
  }

  /** Draw what changed: new posts at the end, others where they stand. */
  update(fresh, touched, gone) {
    const { room, person } = this.eyes;
    const here = (post) => post && (post.id === this.root || room.standsIn(post, this.place, person));
    if (gone.some((id) => this.articles.has(id))) {
      this.refill();
      return;
    }
    let added = false;
    let own = false;
    for (const post of touched.map((id) => room.posts.get(id)).filter(here)) {
      if (this.articles.has(post.id)) this.redraw(post);
      else if (fresh.includes(post.id)) {
        this.list.querySelector(".empty")?.remove();
        this.append(post);
        added = true;
        own ||= post.author === person || Boolean(post.only);
      }
    }
    if (this.stuck && this.articles.size > this.limit + SHOWN) this.refill();
    if (this.stuck || own) this.toEnd();
    else if (added) this.down.hidden = false;
  }

  refill() {
    const { stuck, element: { scrollTop } } = this;
    const key = this.focusKey();
    this.fill();
    if (!stuck) this.element.scrollTop = scrollTop;
    this.refocus(key);
  }

  append(post) {
    const before = this.last;
    const previous = this.list.lastElementChild === before?.article ? before.post : null;
    const { room, person } = this.eyes;
    const lastYear = new Date(post.at).getFullYear() !== room.now().getFullYear();
    const day = room.timeOf(post, person, { weekday: "long", day: "numeric", month: "long", ...(lastYear && { year: "numeric" }) });
    if (previous === null || day !== this.day) this.list.append(make("h3", { class: "day" }, make("span", {}, day)));
    const follows = previous !== null && day === this.day && isSameBreath(previous, post);
    this.day = day;
    const article = renderPost(post, this.eyes, { follows, inThread: Boolean(this.root) });
    this.articles.set(post.id, { article, follows });
    this.last = { post, article };
    this.list.append(article);
  }

  redraw(post) {
    const { article, follows } = this.articles.get(post.id);
    const key = this.focusKey();
    const open = article.querySelector(".reacting:not([hidden])") !== null;
    patch(article, renderPost(post, this.eyes, { follows, inThread: Boolean(this.root), open }));
    if (this.last?.article === article) this.last = { post, article };
    this.refocus(key);
  }

  /** Remember which control has the focus, in words that outlive a redraw. */
  focusKey() {
    const control = document.activeElement;
    const id = this.element.contains(control) ? control.closest("article")?.dataset.id : null;
    return id ? { id, key: control.dataset.key } : null;
  }

  refocus(remembered) {
    if (!remembered || this.element.contains(document.activeElement)) return;
    const { article } = this.articles.get(remembered.id) ?? {};
    const same = [...(article?.querySelectorAll("[data-key]") ?? [])].find((one) => one.dataset.key === remembered.key);
    (same ?? article ?? this.element).focus({ preventScroll: true });
  }

  atEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.element;
    return scrollHeight - scrollTop - clientHeight < NEAR_END;
  }

  toEnd() {
    this.element.scrollTop = this.element.scrollHeight;
    this.top = this.element.scrollTop;
    this.stuck = true;
    this.down.hidden = true;
  }
}

/** Change only what is different, so that a button under the finger or an open menu stays what it is. */
function patch(old, fresh) {
  if (old.isEqualNode(fresh)) return;
  if (!old.matches(".post, .post-content, .view") || old.className !== fresh.className) {
    old.replaceWith(fresh);
    return;
  }
  const wanted = [...fresh.children];
  [...old.children].slice(wanted.length).forEach((child) => child.remove());
  wanted.forEach((child, index) => {
    const there = old.children[index];
    if (there) patch(there, child);
    else old.append(child);
  });
}

function isSameBreath(previous, post) {
  const near = new Date(post.at) - new Date(previous.at) < 5 * 60 * 1000;
  return near && previous.author === post.author && post.author !== "drumbeat" && !previous.only && !post.only;
}
