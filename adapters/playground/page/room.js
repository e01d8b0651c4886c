// The room as this page knows it: what there is, where it stands, and who may see it.

import { inZone } from "./view.js";

const READ_AFTER = 7 * 24 * 3600 * 1000;

export class Room {
  constructor() {
    this.posts = new Map();
    this.people = new Map();
    this.channels = new Map();
    this.voice = {};
    this.commands = [];
    this.clock = null;
    this.read = new Map();
    this.newest = 0;
    this.history = 0;
  }

  /** Begin anew with everything that the server told. */
  fill(told) {
    this.posts.clear();
    this.newest = 0;
    this.commands = told.commands;
    this.update(told);
    // What came in the last week and was never looked at counts as unread; older things are history.
    const old = this.now() - READ_AFTER;
    const history = [...this.posts.values()].filter((post) => new Date(post.at) < old).map((post) => post.number);
    this.history = history.reduce((most, number) => Math.max(most, number), 0);
    if ([...this.read.values()].some((number) => number > this.newest)) this.read.clear();
  }

  /** Take in what changed; gives the ids of the posts that are new or different. */
  update(told) {
    if (told.people) this.people = new Map(told.people.map((person) => [person.id, person]));
    if (told.channels) this.channels = new Map(told.channels.map((channel) => [channel.id, channel]));
    if (told.voice) this.voice = told.voice;
    if (told.clock) this.clock = { ...told.clock, heard: performance.now() };
    for (const id of told.gone ?? []) this.posts.delete(id);
    const fresh = told.posts.filter((post) => !this.posts.has(post.id)).map((post) => post.id);
    for (const post of told.posts) {
      this.posts.set(post.id, post);
      this.newest = Math.max(this.newest, post.number);
    }
    return fresh;
  }

  /** The movement's time, which may have been moved. */
  now() {
    return new Date(new Date(this.clock.now).getTime() + performance.now() - this.clock.heard);
  }

  nameOf(person) {
    return person === "drumbeat" ? "Drumbeat" : (this.people.get(person)?.name ?? person);
  }

  zoneOf(person) {
    return this.people.get(person)?.zone || undefined;
  }

  timeOf(post, person, format) {
    return inZone(new Date(post.at), this.zoneOf(person), format);
  }

  /** Tell whether a post stands in a place: {channel}, {channel, thread} or {inbox}; a whisper only for its person. */
  standsIn(post, place, person) {
    if (post.only && post.only !== person) return false;
    return (post.channel || "") === (place.channel ?? "") && (post.thread || "") === (place.thread ?? "")
      && (post.inbox || "") === (place.channel ? "" : place.inbox ?? "");
  }

  postsIn(place, person) {
    return [...this.posts.values()].filter((post) => this.standsIn(post, place, person)).sort(inOrder);
  }

  replies(post, person) {
    return this.postsIn({ channel: post.channel, thread: post.id }, person).filter((reply) => !reply.only);
  }

  /** How many of a place's posts by others a person has not looked at. */
  unread(place, person) {
    const read = this.read.get(placeKey(place, person)) ?? this.history;
    let unread = 0;
    for (const post of this.posts.values()) {
      if (post.number > read && post.author !== person && !post.only && this.standsIn(post, place, person)) unread += 1;
    }
    return unread;
  }

  markRead(place, person) {
    this.read.set(placeKey(place, person), this.newest);
  }
}

function placeKey(place, person) {
  return `${person}/${place.channel ?? ""}/${place.inbox ?? ""}`;
}

/** A whisper carries the number of the post it came after. */
function inOrder(one, other) {
  return one.number - other.number || Number(Boolean(one.only)) - Number(Boolean(other.only)) || count(one) - count(other);
}

function count(post) {
  return Number(post.id.slice(1));
}
