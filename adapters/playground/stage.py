"""The room before anybody acts: setting the scene, looking at it, and telling whoever watches what changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal

from adapters.playground.journal import Journal
from adapters.playground.refusals import Answers, RoomError, refuse
from adapters.playground.scene import BOT, PLATFORM, Channel, Post, Scene
from bot.chat import Form, Message, Person, Place
from bot.wire import Json, to_json

WHISPERS_KEPT = 50


@dataclass(frozen=True, slots=True)
class Change:
    """What watchers are told: the kind of thing that is different now, its id, and whom alone it concerns."""

    kind: Literal["scene", "post", "gone", "whisper", "dismissed", "form", "calls", "clock"]
    id: str = ""
    person: str = ""


@dataclass(frozen=True, slots=True)
class OpenForm:
    """A form that somebody has in front of them, with what they sent and what was wrong with it."""

    id: str
    form: Form
    place: Place
    typed: Answers = field(default_factory=dict)
    problems: tuple[tuple[str, str], ...] = ()


Watcher = Callable[[Change], None]


class Stage:
    """People, channels and posts. What lasts goes to the journal; whispers and open forms are gone after a restart."""

    def __init__(self, *, now: Callable[[], datetime], journal: Path | None = None) -> None:
        self._now = now
        self._scene = Scene()
        self._whispers: dict[str, list[Post]] = {}
        self._whispered = 0
        self._forms: dict[str, OpenForm] = {}
        self._watchers: list[Watcher] = []
        self._journal = None if journal is None else Journal(journal)
        for fact in [] if self._journal is None else self._journal.read():
            self._scene.apply(fact)

    # ------------------------------------------------------------------------------------------- setting the scene

    def add_person(self, person: Person) -> None:
        """Add somebody, or change what is known of them."""
        refuse(person.id == BOT, f"The id {BOT!r} is Drumbeat's own.")
        if self._scene.people.get(person.id) != person:
            known = {"name": person.name, "zone": person.zone, "steward": person.steward, "bot": person.bot}
            self._happen({"is": "person", "id": person.id, **known}, Change("scene"))

    def add_channel(self, channel: str, name: str, workspace: str = "movement", *, creator: str) -> None:
        """Add a channel with its creator in it. One that is there already stays as it is."""
        if channel in self._scene.channels:
            return
        self.person(creator)
        fact = {"is": "channel", "id": channel, "name": name, "workspace": workspace, "creator": creator}
        self._happen(fact, Change("scene"))
        self.seat(channel, creator)

    def seat(self, channel: str, *people: str) -> None:
        """Put people into a channel without telling anybody: they were there before Drumbeat came."""
        for person in people:
            self.person(person)
            if person not in self.channel(channel).people:
                self._happen({"is": "joined", "person": person, "channel": channel}, Change("scene"))

    def close_inbox(self, person: str) -> None:
        """Let somebody refuse private messages from now on."""
        self._happen({"is": "inbox closed", "person": self.person(person).id}, Change("scene"))

    def delete(self, message_id: str) -> None:
        """Take a post away, as a moderator would."""
        refuse(message_id not in self._scene.posts, "There is no such message.")
        self._happen({"is": "deleted", "id": message_id}, Change("gone", message_id))

    def remember_offset(self, seconds: float) -> None:
        """Note for the host how far the clock was moved."""
        self._happen({"is": "offset", "seconds": seconds}, Change("clock"))

    def on_change(self, watcher: Watcher) -> Callable[[], None]:
        """Call the watcher at every change; what is returned stops it."""
        self._watchers.append(watcher)
        return lambda: self._watchers.remove(watcher)

    # ------------------------------------------------------------------------------------------- looking

    @property
    def is_new(self) -> bool:
        """Nothing ever happened here: the scene is yet to be set."""
        return not self._scene.people

    def now(self) -> datetime:
        """Tell what time it is in the room."""
        return self._now()

    @property
    def offset(self) -> float:
        """How many seconds the host's clock had been moved."""
        return self._scene.offset

    @property
    def people(self) -> tuple[Person, ...]:
        return tuple(self._scene.people.values())

    @property
    def channels(self) -> tuple[Channel, ...]:
        return tuple(self._scene.channels.values())

    @property
    def posts(self) -> tuple[Post, ...]:
        """Every post anywhere, oldest first."""
        return tuple(self._scene.posts.values())

    @property
    def voice(self) -> dict[str, tuple[str, ...]]:
        """Who is in which call."""
        return {room: people for room, people in self._scene.calls.items() if people}

    def person(self, person: str) -> Person:
        if person not in self._scene.people:
            raise RoomError(f"Nobody here is called {person!r}.")
        return self._scene.people[person]

    def channel(self, channel: str) -> Channel:
        if channel not in self._scene.channels:
            raise RoomError(f"There is no channel {channel!r}.")
        return self._scene.channels[channel]

    def message(self, message_id: str) -> Post | None:
        """Give a post as it is now, or nothing when there is none or it was deleted."""
        return self._scene.posts.get(message_id)

    def channel_messages(self, channel: str) -> tuple[Post, ...]:
        """The posts of a channel itself, oldest first; replies stand in their threads."""
        return tuple(post for post in self.posts if post.place.channel == channel and not post.thread)

    def thread(self, message_id: str) -> tuple[Post, ...]:
        """The replies to a post, oldest first."""
        return tuple(post for post in self.posts if post.thread == message_id)

    def inbox(self, person: str) -> tuple[Post, ...]:
        """What Drumbeat and a person wrote each other in private."""
        return tuple(post for post in self.posts if post.place.person == person)

    def whispers(self, person: str) -> tuple[Post, ...]:
        """What only this person saw, oldest first."""
        return tuple(self._whispers.get(person, ()))

    def form(self, person: str) -> OpenForm | None:
        """The form that a person has open."""
        return self._forms.get(person)

    # ------------------------------------------------------------------------------------------- happening

    def _happen(self, fact: Json, *changes: Change) -> None:
        if self._journal is not None:
            self._journal.append(fact)
        self._scene.apply(fact)
        self._tell(*changes)

    def _tell(self, *changes: Change) -> None:
        for change in changes:
            for watcher in tuple(self._watchers):
                watcher(change)

    def _put(self, place: Place, author: str, *, words: str = "", view: Message | None = None, once: str = "") -> str:
        message_id = f"m{self._scene.posted + 1}"
        where = {"workspace": place.workspace, "channel": place.channel, "thread": place.thread, "person": place.person}
        what = {"words": words, "view": None if view is None else to_json(view), "once": once}
        fact = {"is": "posted", "id": message_id, "at": self._now().isoformat(), "author": author, **where, **what}
        self._happen(fact, Change("post", message_id))
        return message_id

    def _whisper(self, person: str, place: Place, view: Message) -> None:
        told = self._whispers.setdefault(person, [])
        self._whispered += 1
        whisper_id = f"w{self._whispered}"
        number = self._scene.posted
        told.append(Post(id=whisper_id, number=number, place=place, author=BOT, at=self._now(), view=view))
        self._tell(Change("whisper", whisper_id, person))
        while len(told) > WHISPERS_KEPT:
            self._tell(Change("dismissed", told.pop(0).id, person))

    def _inbox_place(self, person: str, workspace: str = "") -> Place:
        theirs = [channel.workspace for channel in self.channels if person in channel.people]
        refuse(not (workspace or theirs), f"{self.person(person).name} is in no channel.")
        return Place(PLATFORM, workspace or theirs[0], person=person)
