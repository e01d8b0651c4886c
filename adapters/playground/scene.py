"""Who and what there is in the room: people, channels, posts, and how each thing that happens changes them.

Everything comes in as a *fact*, a small JSON object; live or read again from the journal, the same facts make the same
scene.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from bot.chat import Message, Person, Place
from bot.plain import read_aloud
from bot.wire import Json, from_json

PLATFORM: Final = "playground"
BOT: Final = "drumbeat"


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """Something that stands in a channel, a thread or an inbox, or was whispered to one person.

    ``number`` orders what is shown; a whisper has the number of the post that it came after.
    """

    id: str
    number: int
    place: Place
    author: str
    at: datetime
    words: str = ""
    view: Message | None = None
    once: str = ""
    edited: int = 0
    reactions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def thread(self) -> str:
        """The id of the post whose thread this stands in; empty for a post in the channel itself."""
        return self.place.thread

    @property
    def text(self) -> str:
        """All that is shown, as plain words."""
        return self.words if self.view is None else read_aloud(self.view)


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel and the ids of the people in it, in the order they came."""

    id: str
    name: str
    workspace: str
    creator: str
    people: tuple[str, ...] = ()


class Scene:
    """All that lasts in a room, and nothing but what the facts say."""

    def __init__(self) -> None:
        self.people: dict[str, Person] = {}
        self.channels: dict[str, Channel] = {}
        self.posts: dict[str, Post] = {}
        self.calls: dict[str, tuple[str, ...]] = {}
        self.closed_inboxes: set[str] = set()
        self.posted = 0
        self.offset = 0.0

    def apply(self, fact: Json) -> None:
        """Let something happen. Whether it may was decided before it became a fact."""
        effects = {
            "person": self._meet,
            "channel": self._open_channel,
            "joined": self._change_people,
            "left": self._change_people,
            "inbox closed": self._close_inbox,
            "posted": self._add,
            "edited": self._edit,
            "deleted": self._delete,
            "reacted": self._change_reactions,
            "call": self._change_call,
            "offset": self._move_clock,
        }
        effects[fact["is"]](fact)

    def _meet(self, fact: Json) -> None:
        person = Person(fact["id"], fact["name"], fact["zone"], steward=fact["steward"], bot=fact["bot"])
        self.people[person.id] = person

    def _open_channel(self, fact: Json) -> None:
        self.channels[fact["id"]] = Channel(fact["id"], fact["name"], fact["workspace"], fact["creator"])

    def _close_inbox(self, fact: Json) -> None:
        self.closed_inboxes.add(fact["person"])

    def _edit(self, fact: Json) -> None:
        post = self.posts[fact["id"]]
        self.posts[post.id] = replace(post, view=from_json(fact["view"]), edited=post.edited + 1)

    def _delete(self, fact: Json) -> None:
        del self.posts[fact["id"]]

    def _change_call(self, fact: Json) -> None:
        there = tuple(one for one in self.calls.get(fact["room"], ()) if one != fact["person"])
        self.calls[fact["room"]] = (*there, fact["person"]) if fact["here"] else there

    def _move_clock(self, fact: Json) -> None:
        self.offset = fact["seconds"]

    def _add(self, fact: Json) -> None:
        self.posted += 1
        place = Place(PLATFORM, fact["workspace"], fact["channel"], fact["thread"], fact["person"])
        self.posts[fact["id"]] = Post(
            id=fact["id"],
            number=self.posted,
            place=place,
            author=fact["author"],
            at=datetime.fromisoformat(fact["at"]),
            words=fact["words"],
            view=None if fact["view"] is None else from_json(fact["view"]),
            once=fact["once"],
        )

    def _change_people(self, fact: Json) -> None:
        channel = self.channels[fact["channel"]]
        others = tuple(one for one in channel.people if one != fact["person"])
        people = (*others, fact["person"]) if fact["is"] == "joined" else others
        self.channels[channel.id] = replace(channel, people=people)

    def _change_reactions(self, fact: Json) -> None:
        post = self.posts[fact["id"]]
        reactions = dict(post.reactions)
        others = tuple(one for one in reactions.pop(fact["emoji"], ()) if one != fact["person"])
        if fact["on"] or others:
            reactions[fact["emoji"]] = (*others, fact["person"]) if fact["on"] else others
        self.posts[post.id] = replace(post, reactions=reactions)
