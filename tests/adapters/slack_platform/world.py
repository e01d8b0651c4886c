"""What there is on this Slack: workspaces, people, conversations and what was written, views and what only one saw."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Literal

from bot.chat import Person
from tests.adapters.slack_platform.names import Names
from tests.adapters.slack_platform.refusing import Json, RefusedError

Kind = Literal["channel", "group", "im"]
STEP = 100  # microseconds between two messages of one channel whose clock stands still


@dataclass(slots=True)
class User:
    """A person, as all the workspaces that they are in know them."""

    id: str
    person: Person
    open_inbox: bool = True
    deleted: bool = False
    huddle: str = ""


@dataclass(slots=True)
class Workspace:
    """A workspace, and what installing the app gave it."""

    id: str
    name: str
    bot_token: str
    bot_user: str
    bot_id: str
    scopes: set[str]
    installed: bool = False
    people: dict[str, None] = field(default_factory=dict)


@dataclass(slots=True)
class Line:
    """A message as it is stored."""

    number: int
    channel: str
    ts: str
    user: str
    at: datetime
    text: str
    blocks: list[Json] = field(default_factory=list)
    thread_ts: str = ""
    metadata: Json | None = None
    bot: bool = False
    subtype: str = ""
    room: Json | None = None
    edited: int = 0
    reactions: dict[str, list[str]] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return f"{self.channel}/{self.ts}"

    @property
    def is_answer(self) -> bool:
        """Tell whether it answers a person in their inbox where an ephemeral message could not be shown.

        Whatever is delivered carries metadata, by which it is found again; an answer carries none.
        """
        return self.bot and self.channel.startswith("D") and not self.metadata


@dataclass(slots=True)
class Ephemeral:
    """A message that one person saw, and that Slack forgets when they reload; kept here for the test."""

    number: int
    channel: str
    ts: str
    user: str
    at: datetime
    text: str
    blocks: list[Json] = field(default_factory=list)
    thread_ts: str = ""

    @property
    def id(self) -> str:
        return f"{self.channel}/{self.ts}"


@dataclass(slots=True)
class Conversation:
    """A channel, a private channel ('group') or the direct messages of one person with the app ('im')."""

    id: str
    team: str
    name: str
    kind: Kind
    creator: str
    created: int
    members: dict[str, None] = field(default_factory=dict)
    archived: bool = False
    lines: dict[str, Line] = field(default_factory=dict)
    last: int = 0


@dataclass(slots=True)
class View:
    """A modal that somebody has open, or somebody's App Home."""

    id: str
    team: str
    user: str
    content: Json
    hash: str
    root: str
    channel: str = ""
    thread_ts: str = ""
    problems: tuple[tuple[str, str], ...] = ()
    typed: dict[str, str | tuple[str, ...]] = field(default_factory=dict)

    @property
    def has_inputs(self) -> bool:
        return any(block.get("type") == "input" for block in self.content["blocks"])


Shown = Line | Ephemeral | View


class World:
    """Everything that Slack keeps."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.now = now
        self.names = Names()
        self.users: dict[str, User] = {}
        self.workspaces: dict[str, Workspace] = {}
        self.conversations: dict[str, Conversation] = {}
        self.inboxes: dict[tuple[str, str], Conversation] = {}
        self.views: dict[str, View] = {}
        self.stacks: defaultdict[str, list[View]] = defaultdict(list)
        self.homes: dict[tuple[str, str], View] = {}
        self.whispers: defaultdict[str, list[Ephemeral]] = defaultdict(list)
        # What was put before each person's eyes alone, in order: an act's answer is what was added during it.
        self.shown: defaultdict[str, list[Shown]] = defaultdict(list)
        self.calls: dict[str, list[str]] = {}
        self.numbers = count(1)
        self.serials = count(1)

    # ------------------------------------------------------------------------------------------- finding

    def conversation(self, workspace: Workspace, native: str) -> Conversation:
        """Find a conversation that a workspace's bot may know of; it knows nothing of another workspace's."""
        found = self.conversations.get(native)
        hidden = found is not None and found.kind != "channel" and workspace.bot_user not in found.members
        if found is None or found.team != workspace.id or hidden:
            raise RefusedError("channel_not_found")
        return found

    def user(self, workspace: Workspace, native: str) -> User:
        if native not in workspace.people or native not in self.users:
            raise RefusedError("user_not_found")
        return self.users[native]

    def line(self, message_id: str) -> Line | None:
        """Find a message by its channel and timestamp, or by a timestamp that only one channel has."""
        channel, slash, ts = message_id.rpartition("/")
        there = self.conversations.get(channel)
        found = ([] if there is None else [there]) if slash else self.conversations.values()
        lines = [one.lines[ts] for one in found if ts in one.lines]
        assert len(lines) < 2, f"{message_id} is in several channels: say in which"
        return lines[0] if lines else None

    def lines(self) -> Iterator[Line]:
        return (line for one in self.conversations.values() for line in one.lines.values())

    def top(self, user: str) -> View | None:
        """Give the modal that somebody sees."""
        stack = self.stacks.get(user)
        return stack[-1] if stack else None

    # ------------------------------------------------------------------------------------------- making

    def workspace(self, name: str, scopes: set[str]) -> Workspace:
        native = self.names.workspace(name)
        if native not in self.workspaces:
            number = len(self.workspaces) or ""
            bot = f"UDRUMBEAT{number}"
            self.names.learn(bot, "drumbeat")
            token = f"xoxb-{native}-made-up"
            self.workspaces[native] = Workspace(native, name, token, bot, f"BDRUMBEAT{number}", scopes)
        return self.workspaces[native]

    def inbox(self, workspace: Workspace, user: str) -> Conversation:
        """Give the direct messages between a person and the app; there is one conversation for ever."""
        if (workspace.id, user) not in self.inboxes:
            native = f"D{user[1:]}"
            while native in self.conversations:
                native += "0"
            made = Conversation(native, workspace.id, "", "im", user, self.seconds())
            made.members |= {user: None, workspace.bot_user: None}
            self.conversations[native] = self.inboxes[workspace.id, user] = made
        return self.inboxes[workspace.id, user]

    def seconds(self) -> int:
        return int(self.now().timestamp())

    def serial(self, letters: str) -> str:
        return f"{letters}{next(self.serials):09}"

    def stamp(self, conversation: Conversation) -> str:
        """Give the next timestamp, which is a message's id in its conversation alone: another may have the same."""
        now = self.now()
        micros = int(now.replace(microsecond=0).timestamp()) * 1_000_000 + now.microsecond
        conversation.last = max(micros, conversation.last) + STEP
        return f"{conversation.last // 1_000_000}.{conversation.last % 1_000_000:06}"

    def event_ts(self) -> str:
        return f"{self.now().timestamp():.6f}"
