"""The language between Drumbeat and any chat: what can be shown, what people can do, and how a chat answers.

Everything here is plain data, checked when it is built: whatever can be built fits inside every platform's limits
(Slack: https://docs.slack.dev/reference/block-kit, Discord: https://discord.com/developers/docs/components/reference).
Text is a row of spans, never markup, so nobody's words can format, ping or run anything: a renderer writes every span
out literally and turns only the tokens (``Mention``, ``Moment``, ``Link``) into the platform's own.
"""

from __future__ import annotations

import re
import string
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar, Literal, Protocol

TEXT_LIMIT = 2000
MESSAGE_LIMIT = 4000
PARTS_LIMIT = 20
# Discord counts 40 nested components in a message; two stay free for the container that a renderer may put around.
COMPONENTS_LIMIT = 38
BUTTONS_IN_ROW = 5
LABEL_LIMIT = 75
VALUE_LIMIT = 100
# Discord's custom_id holds 100 characters; the rest belongs to the renderer (a version mark).
ACTION_LIMIT = 90
MENU_LIMIT = 25
CHOICE_LIMIT = 10
FACTS_LIMIT = 10
ALT_LIMIT = 1000
TITLE_LIMIT = 24
FIELDS_LIMIT = 5
FIELD_LABEL_LIMIT = 45
HINT_LIMIT = 100
ANSWER_LIMIT = 3000
URL_LIMIT = 500
# Discord takes ten files and notifies a hundred people a message: https://discord.com/developers/docs/resources/message
PICTURES_LIMIT = 4
PICTURE_LIMIT = 5_000_000
ATTACHMENTS_LIMIT = 2
ATTACHMENT_LIMIT = 200_000
ATTACHMENT_NAME_LIMIT = 60
MENTIONS_LIMIT = 100
FIELD_NAME_LIMIT = 40
# Slack and Discord agree on a command's name; Discord's description is the shorter one, Slack alone has a usage.
COMMAND_NAME_LIMIT = 32
COMMAND_ABOUT_LIMIT = 100
COMMAND_USAGE_LIMIT = 300
# Slack refuses a message whose words, labels, values and addresses make about 13,200 characters in all.
LETTERS_LIMIT = 12_000
EVENT_TITLE_LIMIT = 100
EVENT_WORDS_LIMIT = 1000

MENTION_WEIGHT = 24  # '<@' + a 20-digit id + '>'
MOMENT_WEIGHT = 20  # '<t:1764000000:F>'
# What takes two units: a punctuation mark with its backslash, and a character outside the basic plane.
_HEAVIER = re.compile(rf"[{re.escape(string.punctuation)}\U00010000-\U0010ffff]")
_SLUG = re.compile(r"[a-z][a-z0-9-]*")
_ABOUT = re.compile(r"[\w./,+=-]*", re.ASCII)
# Names that every platform and every disk takes as they are.
_FILE_NAME = re.compile(r"[a-z0-9][a-z0-9.-]*\.(md|html|csv|json|ics|txt)")
# As RFC 3986 has it, so that every platform takes it and counts it alike; other letters come percent-encoded.
_URL = re.compile(
    r"https?://[A-Za-z0-9][\w-]*(\.[A-Za-z0-9][\w-]*)*(:[0-9]{1,5})?([/?#][\w.~:/?#\[\]@!$&()*+,;=%-]*)?", re.ASCII
)
# What no JSON, database and screen carries unharmed. bot.plain.tidy leaves none of it.
_UNSENDABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


class ViewError(ValueError):
    """A view that some platform could not show. A defect of the code that built it, never of a person's words."""


def weight(words: str) -> int:
    """Tell how much room words take where that is tightest.

    In UTF-16 units, with a backslash before each ASCII punctuation mark and a quote mark before each line.
    """
    return len(words) + len(_HEAVIER.findall(words)) + 2 * words.count("\n")


def fit(lines: Iterable[str], *, limit: int = TEXT_LIMIT) -> str:
    """Join lines up to the limit; what does not fit is counted in a last line: '… and 12 more'."""
    kept: list[str] = []
    rest = list(lines)
    room = limit - weight("\n… and 99999 more")
    used = 0
    whole = sum(weight(line) for line in rest) + 3 * len(rest)
    if whole <= limit:
        return "\n".join(rest)
    while rest and used + weight(rest[0]) + 3 <= room:
        used += weight(rest[0]) + 3
        kept.append(rest.pop(0))
    return "\n".join([*kept, f"… and {len(rest)} more"])


def shorten(words: str, *, limit: int) -> str:
    """Cut words to a weight, on a character, with '…' where something was left out."""
    if weight(words) <= limit:
        return words
    used = 0
    for index, char in enumerate(words):
        used += weight(char)
        if used > limit - 1:
            return words[:index].rstrip() + "…"
    return words


def _refuse(broken: bool, why: str) -> None:  # noqa: FBT001 - reads as 'refuse if …'
    if broken:
        raise ViewError(why)


def _check_words(words: str, limit: int, what: str) -> None:
    _refuse(bool(_UNSENDABLE.search(words)), f"{what} that cannot be sent: {words[:60]!r}")
    _refuse(not words.strip(), f"{what} is empty")
    _refuse(weight(words) > limit, f"{what} weighs {weight(words)}, more than {limit}: {words[:60]!r}")


def _check_label(label: str, limit: int, what: str) -> None:
    """Labels are shown unescaped, so only their length counts."""
    _refuse(bool(_UNSENDABLE.search(label)), f"{what} that cannot be sent: {label[:60]!r}")
    _refuse(not label.strip(), f"{what} is empty")
    _refuse(len(label.encode("utf-16-le")) // 2 > limit, f"{what} is longer than {limit}: {label!r}")


def _check_url(url: str) -> None:
    _refuse(not url.startswith(("https://", "http://")), f"not a web address: {url!r}")
    _refuse(len(url) > URL_LIMIT or bool(re.search(r"[\s<>|\"']", url)), f"a web address that cannot be sent: {url!r}")
    _refuse(not _URL.fullmatch(url), f"a web address that is not well-formed: {url!r}")


# ------------------------------------------------------------------------------------------------ text


@dataclass(frozen=True, slots=True)
class Span:
    """Words in one style. Shown letter for letter, whoever wrote them."""

    words: str
    style: Literal["plain", "bold", "italic", "code"] = "plain"

    def __post_init__(self) -> None:
        _refuse(not self.words, "a span without words")
        _refuse(bool(_UNSENDABLE.search(self.words)), f"a span that cannot be sent: {self.words[:60]!r}")
        _refuse(
            self.style == "code" and ("`" in self.words or "\n" in self.words), "code with a backtick or a new line"
        )

    @property
    def weight(self) -> int:
        return weight(self.words) + (0 if self.style == "plain" else 4)


@dataclass(frozen=True, slots=True)
class Link:
    """A web address behind a label; in a text or among buttons."""

    label: str
    url: str

    def __post_init__(self) -> None:
        _check_label(self.label, LABEL_LIMIT, "a link's label")
        _check_url(self.url)

    @property
    def weight(self) -> int:
        return weight(self.label) + len(self.url) + 4


@dataclass(frozen=True, slots=True)
class Mention:
    """A person, shown as the platform shows people. In a new post it notifies them; in an edit it never does."""

    person: str
    name: str

    weight: ClassVar[int] = MENTION_WEIGHT

    def __post_init__(self) -> None:
        _refuse(not re.fullmatch(r"[\w-]{1,20}", self.person, re.ASCII), f"not a person's id: {self.person!r}")
        _refuse(not self.name.strip(), "a mention without a name")
        _refuse(bool(_UNSENDABLE.search(self.name)), f"a name that cannot be sent: {self.name[:60]!r}")


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant, shown in each reader's own time zone where the platform can; ``words`` are for where it cannot."""

    at: datetime
    words: str
    style: Literal["moment", "day", "time"] = "moment"

    def __post_init__(self) -> None:
        _refuse(self.at.tzinfo is None, "a moment without a time zone")
        _check_words(self.words, 60, "a moment's words")
        # In the hour that comes twice, a local time would not equal itself after it was written down.
        object.__setattr__(self, "at", self.at.astimezone(UTC))

    @property
    def weight(self) -> int:
        return max(MOMENT_WEIGHT, weight(self.words))


Piece = Span | Link | Mention | Moment


def bold(words: str) -> Span:
    """Set words in bold."""
    return Span(words, "bold")


def italic(words: str) -> Span:
    """Set words in italics."""
    return Span(words, "italic")


def code(words: str) -> Span:
    """Set words as something to type, such as a command."""
    return Span(words, "code")


@dataclass(frozen=True, slots=True, init=False)
class Text:
    """A paragraph: plain strings and spans in a row. ``Text("Hello ", bold(name), ".")``."""

    spans: tuple[Piece, ...]

    def __init__(self, *pieces: str | Piece) -> None:
        object.__setattr__(self, "spans", tuple(Span(p) if isinstance(p, str) else p for p in pieces if p != ""))
        _refuse(not self.spans, "a text without words")
        _refuse(all(isinstance(one, Span) and not one.words.strip() for one in self.spans), "a text of blanks")
        _refuse(self.weight > TEXT_LIMIT, f"a text weighs {self.weight}, more than {TEXT_LIMIT}")

    @property
    def weight(self) -> int:
        return sum(span.weight for span in self.spans)


# ------------------------------------------------------------------------------------------------ actions


@dataclass(frozen=True, slots=True)
class Action:
    """All that a press needs, so that it works after a restart: ``check-in:answer:17:3``.

    ``movement`` only says which movement was meant: the engine checks that the person belongs to it.
    """

    ritual: str
    verb: str
    about: str = ""
    movement: int = 0

    def __post_init__(self) -> None:
        _refuse(not (_SLUG.fullmatch(self.ritual) and _SLUG.fullmatch(self.verb)), f"not an action: {self!r}")
        _refuse(not _ABOUT.fullmatch(self.about), f"not what an action can be about: {self.about!r}")
        _refuse(self.movement < 0, "a movement's number is never negative")
        _refuse(self.movement >= 10**18, f"a movement's number that cannot be read back: {self.movement}")
        _refuse(len(self.encode()) > ACTION_LIMIT, f"an action longer than {ACTION_LIMIT}: {self.encode()!r}")

    def encode(self) -> str:
        """Write the action into the one string that a platform carries for us."""
        return f"{self.ritual}:{self.verb}:{self.about}:{self.movement}"

    @classmethod
    def decode(cls, written: str) -> Action:
        """Read what ``encode`` wrote; raises ``ViewError`` for anything else."""
        ritual, _, rest = written.partition(":")
        verb, _, rest = rest.partition(":")
        about, colon, movement = rest.rpartition(":")
        _refuse(not colon or not re.fullmatch(r"[0-9]{1,18}", movement), f"not an action: {written[:100]!r}")
        return cls(ritual, verb, about, int(movement))


# ------------------------------------------------------------------------------------------------ messages


@dataclass(frozen=True, slots=True)
class Quote:
    """Somebody's own words, set apart and shown letter for letter; ``by`` is written above them."""

    words: str
    by: str = ""

    def __post_init__(self) -> None:
        _refuse(bool(_UNSENDABLE.search(self.by)), f"an author that cannot be sent: {self.by[:60]!r}")
        _check_words(self.words, TEXT_LIMIT - weight(self.by) - 4, "a quote")

    @property
    def weight(self) -> int:
        return weight(self.words) + weight(self.by) + 4


@dataclass(frozen=True, slots=True, init=False)
class Facts:
    """A few pairs of a name and what it is: ``Facts(("Next", "Mon 4 May"), …)``."""

    pairs: tuple[tuple[str, str], ...]

    def __init__(self, *pairs: tuple[str, str]) -> None:
        object.__setattr__(self, "pairs", tuple((name, value) for name, value in pairs))
        _refuse(not 1 <= len(self.pairs) <= FACTS_LIMIT, f"{len(self.pairs)} facts, not 1 to {FACTS_LIMIT}")
        for name, value in self.pairs:
            _check_label(name, LABEL_LIMIT, "a fact's name")
            _check_words(value, 1000, "a fact")
        _refuse(self.weight > TEXT_LIMIT, "facts that weigh more than a text may")

    @property
    def weight(self) -> int:
        return sum(weight(name) + weight(value) + 9 for name, value in self.pairs)


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG with words for those who cannot see it."""

    png: bytes
    alt: str

    def __post_init__(self) -> None:
        _refuse(not self.png.startswith(b"\x89PNG"), "a picture that is no PNG")
        _refuse(len(self.png) > PICTURE_LIMIT, f"a picture of {len(self.png)} bytes, more than {PICTURE_LIMIT}")
        _check_label(self.alt, ALT_LIMIT, "a picture's words")

    weight: ClassVar[int] = 0


@dataclass(frozen=True, slots=True)
class Attachment:
    """A small text file to open or download, such as the Markdown of a summary. Never in a ``Whisper``."""

    name: str
    words: str

    def __post_init__(self) -> None:
        _refuse(
            not _FILE_NAME.fullmatch(self.name) or len(self.name) > ATTACHMENT_NAME_LIMIT,
            f"not a file's name: {self.name[:80]!r}",
        )
        _refuse(bool(_UNSENDABLE.search(self.words)), f"a file that cannot be sent: {self.name!r}")
        _refuse(not self.words.strip(), f"a file without words: {self.name!r}")
        size = len(self.content)
        _refuse(size > ATTACHMENT_LIMIT, f"a file of {size} bytes, more than {ATTACHMENT_LIMIT}")

    weight: ClassVar[int] = 0

    @property
    def content(self) -> bytes:
        """What is in the file. The lines of a calendar end as its format wants (RFC 5545)."""
        return (self.words.replace("\n", "\r\n") if self.name.endswith(".ics") else self.words).encode()


@dataclass(frozen=True, slots=True)
class Button:
    """One tap."""

    label: str
    action: Action
    style: Literal["plain", "primary", "danger"] = "plain"

    def __post_init__(self) -> None:
        _check_label(self.label, LABEL_LIMIT, "a button's label")


@dataclass(frozen=True, slots=True, init=False)
class Buttons:
    """A row of one to five buttons or links."""

    row: tuple[Button | Link, ...]

    def __init__(self, *row: Button | Link) -> None:
        object.__setattr__(self, "row", row)
        _refuse(not 1 <= len(row) <= BUTTONS_IN_ROW, f"{len(row)} buttons in a row, not 1 to {BUTTONS_IN_ROW}")

    weight: ClassVar[int] = 0


@dataclass(frozen=True, slots=True)
class Option:
    """One of several things to choose from."""

    label: str
    value: str

    def __post_init__(self) -> None:
        _check_label(self.label, LABEL_LIMIT, "an option's label")
        _check_label(self.value, VALUE_LIMIT, "an option's value")
        _refuse(self.value != self.value.strip(), f"an option's value with blanks around it: {self.value!r}")


def _check_options(options: tuple[Option, ...], least: int, most: int) -> None:
    _refuse(not least <= len(options) <= most, f"{len(options)} options, not {least} to {most}")
    _refuse(len({option.value for option in options}) < len(options), "two options with one value")


@dataclass(frozen=True, slots=True)
class Menu:
    """Pick one of up to 25; arrives as ``Pressed`` with ``choice``."""

    label: str
    action: Action
    options: tuple[Option, ...]

    weight: ClassVar[int] = 0

    def __post_init__(self) -> None:
        _check_label(self.label, LABEL_LIMIT, "a menu's label")
        _check_options(self.options, 1, MENU_LIMIT)


Part = Text | Quote | Facts | Picture | Attachment | Buttons | Menu


def _components(part: Part) -> int:
    match part:
        case Buttons(row=row):
            return 1 + len(row)
        case Menu() | Picture():
            return 2
        case _:
            return 1


@dataclass(frozen=True, slots=True, init=False)
class Message:
    """What a post shows, top to bottom. A plain string becomes a ``Text``."""

    parts: tuple[Part, ...]

    def __init__(self, *parts: str | Part) -> None:
        object.__setattr__(self, "parts", tuple(Text(p) if isinstance(p, str) else p for p in parts))
        _refuse(not 1 <= len(self.parts) <= PARTS_LIMIT, f"{len(self.parts)} parts, not 1 to {PARTS_LIMIT}")
        _refuse(
            not any(isinstance(part, Text | Quote | Facts) for part in self.parts),
            "a message without a word: nobody could read it aloud",
        )
        total = sum(part.weight for part in self.parts)
        _refuse(total > MESSAGE_LIMIT, f"a message weighs {total}, more than {MESSAGE_LIMIT}")
        _refuse(sum(map(_components, self.parts)) > COMPONENTS_LIMIT, "more components than Discord shows")
        _refuse(sum(isinstance(p, Picture) for p in self.parts) > PICTURES_LIMIT, "more pictures than can be sent")
        files = self.attachments
        _refuse(len(files) > ATTACHMENTS_LIMIT, f"{len(files)} files, more than {ATTACHMENTS_LIMIT}")
        _refuse(len({file.name for file in files}) < len(files), "two files with one name")
        _refuse(
            len({s.person for p in self.parts if isinstance(p, Text) for s in p.spans if isinstance(s, Mention)})
            > MENTIONS_LIMIT,
            f"more than {MENTIONS_LIMIT} people mentioned",
        )
        _refuse(
            total
            + sum(weight(p.alt) for p in self.parts if isinstance(p, Picture))
            + sum(weight(p.name) for p in files)
            + sum(weight(p.label) for p in self.parts if isinstance(p, Menu))
            + sum(weight(o.label + o.value) for p in self.parts if isinstance(p, Menu) for o in p.options)
            + sum(weight(b.label) for p in self.parts if isinstance(p, Buttons) for b in p.row)
            + sum(len(b.url) for p in self.parts if isinstance(p, Buttons) for b in p.row if isinstance(b, Link))
            > LETTERS_LIMIT,
            f"more than {LETTERS_LIMIT} letters together with labels, values and addresses",
        )
        actions = self.actions
        _refuse(len(set(actions)) < len(actions), "one action twice in a message")

    @property
    def attachments(self) -> tuple[Attachment, ...]:
        """Every file that comes with this message, in order."""
        return tuple(part for part in self.parts if isinstance(part, Attachment))

    @property
    def actions(self) -> tuple[Action, ...]:
        """Every action that this message offers, in order."""
        found: list[Action] = []
        for part in self.parts:
            if isinstance(part, Buttons):
                found.extend(button.action for button in part.row if isinstance(button, Button))
            elif isinstance(part, Menu):
                found.append(part.action)
        return tuple(found)


# ------------------------------------------------------------------------------------------------ forms


def _check_field(name: str, label: str, hint: str) -> None:
    _refuse(not _SLUG.fullmatch(name), f"not a field's name: {name!r}")
    _check_label(label, FIELD_LABEL_LIMIT, "a field's label")
    _refuse(len(name) > FIELD_NAME_LIMIT, f"a field's name longer than {FIELD_NAME_LIMIT}: {name!r}")
    _refuse(bool(_UNSENDABLE.search(hint)), f"a hint that cannot be sent: {hint!r}")
    _refuse(bool(hint) and not hint.strip(), "a hint of blanks")
    _refuse(len(hint.encode("utf-16-le")) // 2 > HINT_LIMIT, f"a hint longer than {HINT_LIMIT}: {hint!r}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A line, or with ``long`` a box, to type in."""

    name: str
    label: str
    hint: str = ""
    value: str = ""
    long: bool = False
    required: bool = True
    most: int = 300

    def __post_init__(self) -> None:
        _check_field(self.name, self.label, self.hint)
        _refuse(not 1 <= self.most <= ANSWER_LIMIT, f"an answer of {self.most} characters, not 1 to {ANSWER_LIMIT}")
        _refuse(bool(_UNSENDABLE.search(self.value)), f"a value that cannot be sent: {self.value[:60]!r}")
        _refuse(len(self.value.encode("utf-16-le")) // 2 > self.most, "a value longer than the answer may be")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Two to ten options to tick: one, or with ``many`` several."""

    name: str
    label: str
    options: tuple[Option, ...]
    hint: str = ""
    value: tuple[str, ...] = ()
    many: bool = False
    required: bool = True

    def __post_init__(self) -> None:
        _check_field(self.name, self.label, self.hint)
        _check_options(self.options, 2, CHOICE_LIMIT)
        _refuse(not set(self.value) <= {option.value for option in self.options}, "a value that is no option")
        _refuse(not self.many and len(self.value) > 1, "two values where one can be chosen")


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Pick up to ``most`` people of the place; the answer is their ids."""

    name: str
    label: str
    hint: str = ""
    value: tuple[str, ...] = ()
    most: int = 1
    required: bool = True

    def __post_init__(self) -> None:
        _check_field(self.name, self.label, self.hint)
        _refuse(not 1 <= self.most <= MENU_LIMIT, f"{self.most} people to pick, not 1 to {MENU_LIMIT}")
        _refuse(len(self.value) > self.most, "more people picked than may be")
        _refuse(not all(re.fullmatch(r"[\w-]{1,20}", one, re.ASCII) for one in self.value), "not a person's id")
        _refuse(len(set(self.value)) < len(self.value), "one person picked twice")


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """A day, or with ``clock`` a day and a time. The answer is what a picker gives (ISO) or what somebody typed."""

    name: str
    label: str
    hint: str = ""
    value: str = ""
    clock: bool = False
    required: bool = True

    def __post_init__(self) -> None:
        _check_field(self.name, self.label, self.hint)
        _refuse(bool(_UNSENDABLE.search(self.value)), f"a moment that cannot be sent: {self.value!r}")
        _refuse(len(self.value) > 40, "a moment longer than 40 characters")  # noqa: PLR2004 - an ISO time has 25


Field = Words | Choice | People | When


@dataclass(frozen=True, slots=True, init=False)
class Form:
    """One to five fields; sending it arrives as ``Submitted`` with the same action."""

    title: str
    action: Action
    fields: tuple[Field, ...]
    submit: str

    def __init__(self, title: str, action: Action, *fields: Field, submit: str = "Send") -> None:
        for name, value in (("title", title), ("action", action), ("fields", fields), ("submit", submit)):
            object.__setattr__(self, name, value)
        _check_label(title, TITLE_LIMIT, "a form's title")
        _check_label(submit, TITLE_LIMIT, "a form's button")
        _refuse(not 1 <= len(fields) <= FIELDS_LIMIT, f"{len(fields)} fields, not 1 to {FIELDS_LIMIT}")
        _refuse(len({field.name for field in fields}) < len(fields), "two fields with one name")


# ------------------------------------------------------------------------------------------------ answers


@dataclass(frozen=True, slots=True, init=False)
class Whisper:
    """Something that only the person who acted sees, at once and only then. Never the only copy of anything."""

    message: Message

    def __init__(self, *parts: str | Part) -> None:
        object.__setattr__(self, "message", Message(*parts))
        # Slack's words for one person alone hold no files.
        _refuse(bool(self.message.attachments), "a file in a whisper, where Slack cannot show it")


@dataclass(frozen=True, slots=True, init=False)
class Problems:
    """What is wrong with a form, a sentence a field; the field '' stands for the form as a whole."""

    sentences: tuple[tuple[str, str], ...]

    def __init__(self, sentences: Mapping[str, str]) -> None:
        object.__setattr__(self, "sentences", tuple(sentences.items()))
        _refuse(not self.sentences, "problems without a problem")
        _refuse(len(self.sentences) > FIELDS_LIMIT + 1, f"{len(self.sentences)} problems, more than a form has places")
        for _, sentence in self.sentences:
            _check_words(sentence, 300, "a problem")


Answer = Form | Whisper | Problems | None


# ------------------------------------------------------------------------------------------------ places and events


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere in a chat: a channel, a thread in it (the id of the message it hangs on), or one person's inbox.

    In an event from an inbox the workspace may be '': on Discord a private conversation belongs to no server.
    """

    platform: str
    workspace: str
    channel: str = ""
    thread: str = ""
    person: str = ""

    @property
    def lane(self) -> str:
        """Name what is posted in order and paced together: a channel with its threads, or an inbox."""
        return f"{self.platform}/{self.workspace}/{self.channel or '@' + self.person}"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as the platform knows them. A steward may govern the place they act in (its creator, an admin).

    A name or a zone that is '' is not known at this moment; what was known before stays.
    """

    id: str
    name: str
    zone: str = ""
    steward: bool = False
    bot: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """What every event carries; ``id`` is the platform's, and the same for a redelivery."""

    id: str
    who: Person
    place: Place
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Said(Happening):
    """Somebody wrote ``words`` in a channel, or in a thread (``place.thread``).

    ``unread``: the platform shows us that they wrote, and not what; ``words`` is empty then.
    """

    words: str
    message: str = ""
    unread: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Commanded(Happening):
    """Somebody typed ``/name words``."""

    name: str
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed(Happening):
    """Somebody tapped a button, or picked ``choice`` in a menu; ``message`` is the post it stands on, if it is one."""

    action: Action
    choice: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted(Happening):
    """Somebody sent a form. A field of words or a moment gives a string, the others a tuple."""

    action: Action
    answers: Mapping[str, str | tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reacted(Happening):
    """Somebody put (``on``) or took back a reaction. What programs put is not told.

    ``emoji`` tells one reaction from another on the same platform; Slack calls 'tada' what others call '🎉'. A chat may
    tell the same twice with different ids (Discord gives reactions none), so what follows from it must not add up.
    """

    message: str
    emoji: str
    on: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined(Happening):
    """Somebody came into a channel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Left(Happening):
    """Somebody left a channel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Present(Happening):
    """Somebody entered (``here``) or left a call. ``name`` is what people call the room, where it has a name.

    A call of a channel stands in that channel (``place.channel``); a chat that knows no channel yet leaves it empty.
    """

    room: str
    here: bool
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WasPresent(Happening):
    """Somebody had been in a call that ran from ``began`` to ``at``, the platform says afterwards; not for how long."""

    room: str
    began: datetime
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed(Happening):
    """Somebody's name or time zone is another one now (``who``), in the whole workspace."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked(Happening):
    """Somebody opened the page that their chat keeps for them (Slack's App Home). The answer is shown there."""


Event = Said | Commanded | Pressed | Submitted | Reacted | Joined | Left | Present | WasPresent | Changed | Looked


# ------------------------------------------------------------------------------------------------ commands


@dataclass(frozen=True, slots=True)
class Blank:
    """Something that may be typed after a command, with what people type there most. A person may type anything."""

    name: str
    about: str
    suggestions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        # Discord's names of options: https://discord.com/developers/docs/interactions/application-commands
        _refuse(not _SLUG.fullmatch(self.name) or len(self.name) > COMMAND_NAME_LIMIT, f"not a name: {self.name!r}")
        _check_label(self.about, COMMAND_ABOUT_LIMIT, "what a blank is about")
        _refuse(len(self.suggestions) > MENU_LIMIT, f"{len(self.suggestions)} suggestions, more than {MENU_LIMIT}")
        for suggestion in self.suggestions:
            _check_label(suggestion, VALUE_LIMIT, "a suggestion")


@dataclass(frozen=True, slots=True)
class Typable:
    """A command as a platform offers it: ``/name``, what it does, and what may follow (``Commanded.words``).

    ``usage`` shows what may follow in one line: '[until friday | back]'.
    """

    name: str
    about: str
    usage: str = ""
    blank: Blank | None = None

    def __post_init__(self) -> None:
        _refuse(not _SLUG.fullmatch(self.name) or len(self.name) > COMMAND_NAME_LIMIT, f"not a command: {self.name!r}")
        _check_label(self.about, COMMAND_ABOUT_LIMIT, "what a command is about")
        # Slack: usage_hint, https://docs.slack.dev/reference/app-manifest
        _refuse(len(self.usage) > COMMAND_USAGE_LIMIT, f"a usage longer than {COMMAND_USAGE_LIMIT}: {self.usage!r}")


# ------------------------------------------------------------------------------------------------ the port


class DeliveryError(Exception):
    """A chat did not take a post.

    ``why`` is a part of a sentence ('the channel was deleted'), ``mend`` a whole one that says what somebody can do.
    ``permanent``: trying again is no use until somebody does something. ``gone``: the message, or the thread it would
    stand in, was deleted; that was a decision, and is respected. ``shut_out``: the whole channel is closed to us: it is
    gone, or we were sent away. ``retry_after``: seconds that the platform asked us to wait; such a refusal is known not
    to have arrived, every other temporary one is in doubt.
    """

    def __init__(
        self,
        why: str,
        *,
        mend: str = "",
        permanent: bool = False,
        gone: bool = False,
        shut_out: bool = False,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(why)
        self.why = why
        self.mend = mend
        self.permanent = permanent
        self.gone = gone
        self.shut_out = shut_out
        self.retry_after = retry_after


class ExportError(Exception):
    """What a platform gave out of its past cannot be read. The sentence says what somebody can do."""


class ConnectError(Exception):
    """A chat cannot be connected to, and trying again is no use. The sentence says what somebody can do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointment:
    """A gathering as a platform's own list of events shows it; ``room`` is what people call the call that it is in."""

    title: str
    words: str
    starts_at: datetime
    ends_at: datetime
    place: str
    room: str = ""
    state: Literal["announced", "under way", "over", "cancelled"] = "announced"

    def __post_init__(self) -> None:
        # Discord's, which alone keeps such a list: https://discord.com/developers/docs/resources/guild-scheduled-event
        _check_label(self.title, EVENT_TITLE_LIMIT, "an event's title")
        _check_label(self.place, EVENT_TITLE_LIMIT, "an event's place")
        _check_label(self.words, EVENT_WORDS_LIMIT, "an event's words")
        _refuse(self.starts_at.tzinfo is None or self.ends_at <= self.starts_at, "an event that ends before it begins")


Hear = Callable[[Event], Awaitable[Answer]]


class Chat(Protocol):
    """A platform, as the engine sees it. ``platform`` is the name that its places carry."""

    platform: str

    async def run(self, hear: Hear) -> None:
        """Connect and pass on what happens until cancelled."""

    async def post(self, place: Place, message: Message, *, once: str) -> str:
        """Post, and give the platform's message id. ``once`` marks the post for ``find``."""

    async def edit(self, place: Place, message_id: str, message: Message) -> None:
        """Make a post show something else. Nobody is notified."""

    async def find(self, place: Place, *, once: str, since: datetime) -> str | None:
        """Look for a post of ours that we may have sent before we could note it."""

    async def members(self, place: Place) -> tuple[Person, ...]:
        """List the people of a channel. Who is a steward is told with what they do, not here."""

    async def inside(self, place: Place, room: str) -> tuple[Person, ...] | None:
        """List who is in a call now; None where this chat cannot tell. ``place`` is the home channel of who asks.

        ``room`` is the id of a room or of a channel that has a call, or what people call it, however they write that.
        """

    async def keep_event(self, place: Place, event_id: str, appointment: Appointment) -> str:
        """Keep the platform's own list of events in step: make one where ``event_id`` is '', change it otherwise.

        Gives its id, '' where there is no such list. Nobody is notified by us; doing it twice is as good as once.
        """
