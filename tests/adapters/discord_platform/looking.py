"""Looking around on this Discord as people do, with the playground's own words for what there is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from adapters.playground.delivery import Call
from adapters.playground.refusals import RoomError
from adapters.playground.scene import BOT, Post
from adapters.playground.scene import Channel as Room
from adapters.playground.stage import OpenForm
from bot.chat import Message, Person, Place
from bot.plain import read_aloud
from tests.adapters.discord_platform.interactions import is_loading
from tests.adapters.discord_platform.reading import Eyes, read_message
from tests.adapters.discord_platform.refusing import Json
from tests.adapters.discord_platform.service import Fault, Logged
from tests.adapters.discord_platform.setting import Setting
from tests.adapters.discord_platform.world import PRIVATE, TEXT, THREAD, Channel, Sent

PLATFORM: Final = "discord"


class Looking(Setting):
    """What can be seen, and what can be made to go wrong."""

    def __init__(
        self,
        *,
        now: Callable[[], datetime],
        privileged: Sequence[str] = ("members", "message_content"),
        strict: bool = True,
        bot_name: str = "Drumbeat",
    ) -> None:
        super().__init__(now=now, privileged=privileged, strict=strict, bot_name=bot_name)
        self._forms: dict[str, OpenForm] = {}
        self._hidden: set[str] = set()
        self._read: dict[str, tuple[int, Message | None]] = {}

    @property
    def people(self) -> tuple[Person, ...]:
        return tuple(self._known.values())

    @property
    def channels(self) -> tuple[Room, ...]:
        return tuple(self._room(one) for one in self.world.channels.values() if one.kind == TEXT)

    @property
    def posts(self) -> tuple[Post, ...]:
        """Every post anywhere, oldest first."""
        return tuple(self._post(sent) for sent in self._sent(lambda _: True))

    @property
    def voice(self) -> dict[str, tuple[str, ...]]:
        """Who is in which call."""
        there: dict[str, tuple[str, ...]] = {}
        for server in self.world.servers.values():
            for person, room in server.calls.items():
                there[self.named(room)] = (*there.get(self.named(room), ()), self.named(person))
        return there

    def channel(self, channel: str) -> Room:
        return self._room(self._of(channel))

    def message(self, message_id: str) -> Post | None:
        """Give a post as it is now, or nothing when there is none or it was deleted."""
        sent = self.world.sent.get(message_id)
        return None if sent is None or sent.only else self._post(sent)

    def channel_messages(self, channel: str) -> tuple[Post, ...]:
        """The posts of a channel itself, oldest first; replies stand in their threads."""
        native = self._of(channel).id
        return tuple(self._post(sent) for sent in self._sent(lambda sent: sent.channel == native))

    def thread(self, message_id: str) -> tuple[Post, ...]:
        """The replies to a post, oldest first."""
        return tuple(self._post(sent) for sent in self._sent(lambda sent: sent.channel == message_id))

    def inbox(self, person: str) -> tuple[Post, ...]:
        """What Drumbeat and a person wrote each other in private."""
        private = self.world.private.get(self.native(person))
        if private is None:
            return ()
        return tuple(self._post(sent) for sent in self._sent(lambda sent: sent.channel == private.id))

    def whispers(self, person: str) -> tuple[Post, ...]:
        """What only this person saw, oldest first."""
        native = self.native(self.person(person).id)
        told = (sent for sent in self.world.sent.values() if sent.only == native and not is_loading(sent))
        return tuple(self._post(sent) for sent in told if not self._is_hidden(sent))

    def _is_hidden(self, sent: Sent) -> bool:
        """Tell whether somebody put a whisper away, or it was the way to something else that they see now."""
        because = sent.interaction["id"] if sent.interaction is not None else ""
        return sent.id in self._hidden or because in self._hidden

    def form(self, person: str) -> OpenForm | None:
        """The form that a person has open."""
        return self._forms.get(person)

    def people_of(self, place: Place) -> tuple[str, ...]:
        """List whom a person can pick in a place; in private it is everybody of the server."""
        if place.channel:
            return self.channel(place.channel).people
        here = self.world.servers[self.native(place.workspace)].members
        return tuple(self.named(one) for one in here if self.named(one) in self._known)

    # ------------------------------------------------------------------------------------------- what Drumbeat sent

    @property
    def calls(self) -> list[Call]:
        """Every post and edit that arrived, in order."""
        return [self._call(logged) for logged in self.service.calls]

    @property
    def failed_calls(self) -> list[Call]:
        """Every post and edit that ``fail_next`` kept from arriving, in order."""
        return [self._call(logged) for logged in self.service.failed]

    @property
    def recorded(self) -> list[Json]:
        """Every request, as the conformance check reads it; the webhooks' and interactions' tokens left out."""
        return self.service.recorded

    def fail_next(self, n: int, *, retry_after: float | None = None, after_storing: bool = False) -> None:
        """Let the next ``n`` posts or edits fail for the time being: 503, or 429 with a time to wait.

        With ``after_storing`` they arrive, but the connection breaks on the way back.
        """
        self.service.faults.extend([Fault(retry_after, after_storing)] * n)

    def refuse_next(self, code: int, *, retry_after: float | None = None) -> None:
        """Let the next post or edit be refused with one of Discord's codes, such as 50013 (or 30046 with a wait)."""
        self.service.faults.append(Fault(retry_after, code=code))

    def fail_answers(self, n: int, *, after_storing: bool = False) -> None:
        """Let the next ``n`` answers to interactions get a 502; with ``after_storing`` they count all the same."""
        self.service.answer_faults.extend([Fault(after_storing=after_storing)] * n)

    def fail_requests(self, n: int, *, status: int = 503) -> None:
        """Let the next ``n`` requests of any kind fail."""
        self.service.outages.extend([status] * n)

    # ------------------------------------------------------------------------------------------- on the way

    def _sent(self, wanted: Callable[[Sent], bool]) -> list[Sent]:
        return [sent for sent in self.world.sent.values() if not sent.only and not is_loading(sent) and wanted(sent)]

    def _room(self, channel: Channel) -> Room:
        people = tuple(self._people_in(channel))
        creator = self._creators[channel.id]
        return Room(self.named(channel.id), channel.name, self.named(channel.server), creator, people)

    def _place(self, channel: Channel) -> Place:
        """Say where a channel, a thread or a private conversation is, by short names."""
        if channel.kind == PRIVATE:
            return Place(PLATFORM, self._workspace(channel.recipient), person=self.named(channel.recipient))
        home = self.world.home(channel)
        thread = channel.id if channel.kind == THREAD else ""
        return Place(PLATFORM, self.named(channel.server), self.named(home.id), thread)

    def _workspace(self, native: str) -> str:
        """Discord's private messages belong to no server; the first one that both are on stands for them."""
        return next((self.named(one.id) for one in self.world.shared_servers(native)), "")

    def _eyes(self, sent: Sent) -> Eyes:
        return Eyes(self._name_of, sent.written, sent.files)

    def _name_of(self, native: str) -> tuple[str, str]:
        account = self.world.accounts.get(native)
        return self.named(native), account.name if account is not None else native

    def _view(self, sent: Sent) -> Message | None:
        """Read what Drumbeat shows in a message, once for each time that it was written."""
        known = self._read.get(sent.id)
        if known is None or known[0] != sent.version:
            mine = sent.author == self.world.bot.id
            known = (sent.version, read_message(sent.components, sent.content, self._eyes(sent)) if mine else None)
            self._read[sent.id] = known
        return known[1]

    def _post(self, sent: Sent) -> Post:
        return Post(
            id=sent.id,
            number=sent.number,
            place=self._place(self.world.channels[sent.channel]),
            author=self.named(sent.author),
            at=sent.at,
            words=sent.words,
            view=self._view(sent),
            edited=sent.version,
            reactions={emoji: tuple(map(self.named, people)) for emoji, people in sent.reactions.items()},
        )

    def _call(self, logged: Logged) -> Call:
        eyes = Eyes(self._name_of, logged.at, {})
        view = read_message(logged.components, logged.content, eyes)
        channel = self.world.channels.get(logged.channel)
        place = Place(PLATFORM, "", logged.channel) if channel is None else self._place(channel)
        return Call(logged.kind, place, logged.message, "" if view is None else read_aloud(view))

    def _check_inside(self, person: str, channel: str) -> None:
        room = self._of(channel)
        if not self._is_in(room, self.person(person).id):
            raise RoomError(f"{self.person(person).name} is not in #{room.name}.")

    def _visible(self, person: str, message_id: str) -> Sent:
        self.person(person)
        sent = self.world.sent.get(message_id)
        if sent is None or sent.only not in ("", self.native(person)) or is_loading(sent):
            raise RoomError("That message is gone.")
        place = self._place(self.world.channels[sent.channel])
        if place.channel:
            self._check_inside(person, place.channel)
        elif place.person != person:
            raise RoomError("That message is somebody else's.")
        return sent

    @property
    def drumbeat(self) -> str:
        """Drumbeat's own id on this Discord."""
        return self.native(BOT)
