"""What a ritual is made of: its commands, buttons, forms and times, each a plain function of a turn."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from bot.chat import Answer, Blank, Form, Message, Part, Problems, Typable, Whisper
from bot.insights.steps import Offer

if TYPE_CHECKING:
    from bot.turn import Turn

Role = Literal["anyone", "member", "organizer", "founder"]
# 'anyone' may act where there is no movement yet; the others stand on each other.
RANKS: tuple[str, ...] = ("anyone", "member", "organizer", "founder")

Handle = Callable[["Turn"], Answer]
Sample = tuple[str, Message | Form | Whisper | Problems]


@dataclass(frozen=True, slots=True)
class Handler:
    """A function of a turn, and who may cause it. ``anonymous``: the turn, the log and the filter never learn who."""

    handle: Handle
    only: Role = "member"
    anonymous: bool = False


@dataclass(frozen=True, slots=True)
class Glimpse:
    """What a ritual has for one member's own page: what they owe, with its buttons, and what is on, in lines."""

    owed: tuple[Part, ...] = ()
    on: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Command:
    """Something to type: ``/name usage``, and what it does in a few words. Organizers may have more to type.

    ``own``: first words that belong to this command where otherwise another one may follow it.
    """

    name: str
    about: str
    handler: Handler
    usage: str = ""
    organizers_usage: str = ""
    blank: Blank | None = None
    own: tuple[str, ...] = ()

    @property
    def typable(self) -> Typable:
        """The command as a platform offers it to everybody, organizers among them."""
        return Typable(self.name, self.about, self.organizers_usage or self.usage, self.blank)

    def line(self, role: str) -> str:
        """Explain the command to somebody in a line."""
        usage = self.usage if role == "member" else self.organizers_usage or self.usage
        return f"/{self.name}{' ' + usage if usage else ''}: {self.about}"


@dataclass
class Ritual:
    """A kind of ritual. ``beat`` is the cadence with which it begins in every new movement.

    Without one it begins when it is first used, with ``beat_when_used``: a movement starts small.
    """

    name: str
    about: str
    beat: str = ""
    beat_when_used: str = "on demand"
    commands: dict[str, Command] = field(default_factory=dict)
    presses: dict[str, Handler] = field(default_factory=dict)
    submits: dict[str, Handler] = field(default_factory=dict)
    timers: dict[str, Handler] = field(default_factory=dict)
    replied: Handler | None = None
    reacted: Handler | None = None
    glimpses: Callable[[Turn], Glimpse] | None = None
    offers: Callable[[Turn], Iterable[Offer]] | None = None
    samples: Callable[[], Iterable[Sample]] | None = None

    def command(
        self,
        name: str,
        about: str,
        *,
        usage: str = "",
        organizers_usage: str = "",
        blank: Blank | None = None,
        only: Role = "member",
        own: tuple[str, ...] = (),
    ) -> Callable[[Handle], Handle]:
        """Hear ``/name``; ``blank`` is what may follow it, for platforms that ask for words one by one.

        ``own``: first words that are this command's affair where otherwise another command may follow it.
        """

        def register(handle: Handle) -> Handle:
            self.commands[name] = Command(name, about, Handler(handle, only), usage, organizers_usage, blank, own)
            return handle

        return register

    def press(self, verb: str, *, only: Role = "member", anonymous: bool = False) -> Callable[[Handle], Handle]:
        """Hear a tap on a button, or a pick in a menu, whose action has this verb."""
        return _into(self.presses, verb, only, anonymous=anonymous)

    def submit(self, verb: str, *, only: Role = "member", anonymous: bool = False) -> Callable[[Handle], Handle]:
        """Hear a form whose action has this verb."""
        return _into(self.submits, verb, only, anonymous=anonymous)

    def timer(self, verb: str) -> Callable[[Handle], Handle]:
        """Ring when a timer set by ``turn.later(…, verb)`` is due."""
        return _into(self.timers, verb, "anyone", anonymous=False)

    def opens(self, handle: Handle) -> Handle:
        """Open one occurrence, ``turn.occurrence``: when its time has come, or when an organizer asks for one."""
        self.timers["open"] = Handler(handle)
        return handle

    def begins(self, handle: Handle) -> Handle:
        """Prepare a movement that has just begun to practise this ritual."""
        self.timers["begin"] = Handler(handle)
        return handle

    def reply(self, handle: Handle) -> Handle:
        """Hear words in a thread under one of this ritual's posts."""
        self.replied = Handler(handle)
        return handle

    def reaction(self, handle: Handle) -> Handle:
        """Hear a reaction (``turn.emoji``) to one of this ritual's posts, put there or taken back (``turn.on``)."""
        self.reacted = Handler(handle)
        return handle

    def home(self, glimpses: Callable[[Turn], Glimpse]) -> Callable[[Turn], Glimpse]:
        """Tell what this ritual has for somebody's own page. It reads and writes nothing."""
        self.glimpses = glimpses
        return glimpses

    def steps(self, offers: Callable[[Turn], Iterable[Offer]]) -> Callable[[Turn], Iterable[Offer]]:
        """Tell what this ritual has that the one who acts could do next. It reads and writes nothing."""
        self.offers = offers
        return offers

    def gallery(self, samples: Callable[[], Iterable[Sample]]) -> Callable[[], Iterable[Sample]]:
        """Give one sample of every view, for the gallery."""
        self.samples = samples
        return samples


def _into(handlers: dict[str, Handler], verb: str, only: Role, *, anonymous: bool) -> Callable[[Handle], Handle]:
    def register(handle: Handle) -> Handle:
        handlers[verb] = Handler(handle, only, anonymous)
        return handle

    return register


@dataclass(frozen=True, slots=True)
class Rituals:
    """All rituals that were found, by name."""

    by_name: Mapping[str, Ritual]

    @property
    def typable(self) -> tuple[Typable, ...]:
        """Every command as a platform offers it, by name."""
        return tuple(command.typable for _, (_, command) in sorted(self.commands.items()))

    @property
    def commands(self) -> dict[str, tuple[Ritual, Command]]:
        """Every command, by what is typed after the slash."""
        return {
            name: (ritual, command)
            for ritual in self.by_name.values()
            for name, command in sorted(ritual.commands.items())
        }
