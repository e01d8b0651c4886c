"""Looking at this Slack: who and what there is, read back into the playground's own words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from adapters.playground.delivery import Call
from adapters.playground.refusals import RoomError
from adapters.playground.scene import BOT, Channel, Post
from adapters.playground.stage import OpenForm
from bot.chat import Form, Message, Person, Place, Whisper
from bot.plain import read_aloud
from tests.adapters.slack_platform.faults import Sent
from tests.adapters.slack_platform.platform import SlackPlatform
from tests.adapters.slack_platform.reading import plain, read_form, read_message, read_whisper
from tests.adapters.slack_platform.world import Conversation, Ephemeral, Line, Shown, View

PLATFORM = "slack"


class Looking:
    """What can be seen. Names are short ones; a message is called by its channel's id and its timestamp."""

    def __init__(self, *, now: Callable[[], datetime], strict: bool = True, limit_posts: bool = False) -> None:
        self.platform = SlackPlatform(now=now, strict=strict, limit_posts=limit_posts)
        self.world = self.platform.world
        self._typed: dict[str, str] = {}

    # ------------------------------------------------------------------------------------------- names

    def native(self, name: str) -> str:
        """Give Slack's id for a short name."""
        return self.world.names.native(name)

    def named(self, native: str) -> str:
        """Give the short name for an id of Slack."""
        return self.world.names.named(native)

    def naming(self, native: str) -> tuple[str, str]:
        """Say who a mention is: their short name, and the name that Slack shows."""
        user = self.world.users.get(native)
        return (user.person.id, user.person.name) if user else (native, native)

    # ------------------------------------------------------------------------------------------- people and places

    @property
    def people(self) -> tuple[Person, ...]:
        return tuple(user.person for user in self.world.users.values())

    @property
    def channels(self) -> tuple[Channel, ...]:
        return tuple(self._channel(one) for one in self.world.conversations.values() if one.kind != "im")

    @property
    def voice(self) -> dict[str, tuple[str, ...]]:
        """Who is in which call."""
        return {room: tuple(map(self.named, people)) for room, people in self.world.calls.items() if people}

    def person(self, person: str) -> Person:
        native = self.world.names.known("U", person)
        if native is None or native not in self.world.users:
            raise RoomError(f"Nobody here is called {person!r}.")
        return self.world.users[native].person

    def channel(self, channel: str) -> Channel:
        return self._channel(self._conversation(channel))

    # ------------------------------------------------------------------------------------------- messages

    @property
    def posts(self) -> tuple[Post, ...]:
        """Every post anywhere, oldest first; not what Slack itself says, and not what only one person was answered."""
        return self._read(self.world.lines())

    def message(self, message_id: str) -> Post | None:
        line = self.world.line(message_id)
        return None if line is None or line.subtype else self._post(line)

    def channel_messages(self, channel: str) -> tuple[Post, ...]:
        """The posts of a channel itself, oldest first; replies stand in their threads."""
        lines = self._conversation(channel).lines.values()
        return self._read(line for line in lines if line.thread_ts in ("", line.ts))

    def thread(self, message_id: str) -> tuple[Post, ...]:
        """The replies to a post, oldest first."""
        channel, _, ts = message_id.partition("/")
        found = self.world.conversations.get(channel)
        lines = () if found is None else found.lines.values()
        return self._read(line for line in lines if line.thread_ts == ts != line.ts)

    def inbox(self, person: str) -> tuple[Post, ...]:
        """What Drumbeat and a person wrote each other in private."""
        return self._read(self._private(person))

    def whispers(self, person: str) -> tuple[Post, ...]:
        """What only this person was answered, oldest first.

        Ephemeral messages, which Slack forgets, modals with nothing to fill in, and answers in their inbox.
        """
        native = self.world.names.person(person)
        answers = [line for line in self._private(person) if line.is_answer]
        told = sorted((*self.world.whispers.get(native, ()), *answers), key=lambda one: one.number)
        return tuple(self._post(one) for one in told)

    # ------------------------------------------------------------------------------------------- views

    def form(self, person: str) -> OpenForm | None:
        """The form that a person has open; a modal without anything to fill in is none."""
        view = self.world.top(self.world.names.person(person))
        return None if view is None or not view.has_inputs else self._form(view)

    def notice(self, person: str) -> Message | None:
        """What a modal without anything to fill in tells a person."""
        view = self.world.top(self.world.names.person(person))
        return None if view is None else read_message("", view.content["blocks"], naming=self.naming)

    def home(self, person: str, workspace: str = "movement") -> Message | None:
        """What a person's App Home shows, when it was ever published."""
        view = self.world.homes.get((self.native(workspace), self.world.names.person(person)))
        return None if view is None else read_message("", view.content["blocks"], naming=self.naming)

    # ------------------------------------------------------------------------------------------- calls

    @property
    def calls(self) -> list[Call]:
        """Every post and edit that arrived, in order; answers to what somebody did are none."""
        return [self._call(sent) for sent in self.platform.sent]

    @property
    def failed_calls(self) -> list[Call]:
        """Every post and edit that ``fail_next`` kept from arriving, in order."""
        return [self._call(sent) for sent in self.platform.faults.missed]

    # ------------------------------------------------------------------------------------------- reading

    def _conversation(self, channel: str) -> Conversation:
        native = self.world.names.known("C", channel) or channel
        found = self.world.conversations.get(native)
        if found is None or found.kind == "im":
            raise RoomError(f"There is no channel {channel!r}.")
        return found

    def _channel(self, one: Conversation) -> Channel:
        people = tuple(self.named(user) for user in one.members if user in self.world.users)
        return Channel(self.named(one.id), one.name, self.named(one.team), self.named(one.creator), people)

    def _private(self, person: str) -> list[Line]:
        native = self.world.names.person(person)
        inboxes = [one for (_, user), one in self.world.inboxes.items() if user == native]
        return [line for one in inboxes for line in one.lines.values()]

    def _read(self, lines: Iterable[Line]) -> tuple[Post, ...]:
        shown = [line for line in lines if not line.subtype and not line.is_answer]
        return tuple(self._post(line) for line in sorted(shown, key=lambda line: line.number))

    def place(self, channel: str, thread_ts: str = "") -> Place:
        """Name a conversation, or a thread in it."""
        found = self.world.conversations[channel]
        workspace, thread = self.named(found.team), f"{channel}/{thread_ts}" if thread_ts else ""
        if found.kind == "im":
            person = next(user for user in found.members if user in self.world.users)
            return Place(PLATFORM, workspace, thread=thread, person=self.named(person))
        return Place(PLATFORM, workspace, self.named(channel), thread)

    def _post(self, one: Line | Ephemeral) -> Post:
        bot = isinstance(one, Ephemeral) or one.bot
        metadata = one.metadata if isinstance(one, Line) else None
        return Post(
            id=one.id,
            number=one.number,
            place=self.place(one.channel, "" if one.thread_ts == one.ts else one.thread_ts),
            author=BOT if bot else self.named(one.user),
            at=one.at,
            words="" if bot else self._typed.get(one.id, plain(one.text, self.naming)),
            view=self._shown(one) if bot else None,
            once=str((metadata or {}).get("event_payload", {}).get("id", "")),
            edited=one.edited if isinstance(one, Line) else 0,
            reactions=self._reactions(one),
        )

    def _shown(self, one: Line | Ephemeral) -> Message:
        files = self.platform.files.below(one.channel, one.text)
        return read_message(one.text, one.blocks, naming=self.naming, files=files)

    def _reactions(self, one: Line | Ephemeral) -> dict[str, tuple[str, ...]]:
        found = one.reactions if isinstance(one, Line) else {}
        return {emoji: tuple(map(self.named, people)) for emoji, people in found.items() if people}

    def _form(self, view: View) -> OpenForm:
        zone = self.world.users[view.user].person.zone or "UTC"
        form: Form = read_form(view.content, naming=self.naming, zone=zone)
        place = self.place(view.channel, view.thread_ts) if view.channel else self._somewhere(view)
        return OpenForm(view.id, form, place, view.typed, view.problems)

    def _somewhere(self, view: View) -> Place:
        return Place(PLATFORM, self.named(view.team), person=self.named(view.user))

    def _answer(self, shown: Shown) -> Form | Whisper:
        if isinstance(shown, View):
            return self._form(shown).form
        return read_whisper(shown.text, shown.blocks, naming=self.naming)

    def _call(self, sent: Sent) -> Call:
        known = sent.channel in self.world.conversations
        place = self.place(sent.channel, sent.thread_ts) if known else Place(PLATFORM, self.named(sent.team))
        files = self.platform.files.named(sent.text)
        words = read_aloud(read_message(sent.text, sent.blocks, naming=self.naming, files=files))
        return Call(sent.kind, place, f"{sent.channel}/{sent.ts}" if sent.ts else "", words)
