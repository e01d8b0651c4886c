"""What people see on Discord, read back into the language: the opposite of what a renderer does.

What cannot be seen cannot be read: whose zone a moment was written for, or how a form's button was to be called.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import takewhile
from typing import Any, Final, TypeVar
from zoneinfo import ZoneInfo

from bot.chat import (
    Action,
    Attachment,
    Button,
    Buttons,
    Facts,
    Link,
    Mention,
    Menu,
    Message,
    Moment,
    Option,
    Part,
    Picture,
    Piece,
    Quote,
    Span,
    Text,
    ViewError,
    Whisper,
)
from bot.moments import spoken_clock, spoken_day, spoken_moment
from tests.adapters.discord_platform.markup import Run, read
from tests.adapters.discord_platform.refusing import Json

OURS: Final = "db1:"
ROW, BUTTON, SELECT, TEXT_DISPLAY, GALLERY = 1, 2, 3, 10, 12
LINK_STYLE: Final = 5
JOINER: Final = "\u2060"
UNSEEN: Final = b"\x89PNG\r\n\x1a\n"
STYLES: Final = {1: "primary", 4: "danger"}
# In which zone the people sit who look, and how their clients write a moment.
ZONE: Final = "Europe/Berlin"
_MARKED: Final = ("bold", "italic")
_Loose = TypeVar("_Loose", Message, Text, Facts)


@dataclass(frozen=True, slots=True)
class Eyes:
    """Who looks: what people are called, when it was written, and what hangs on it."""

    name_of: Callable[[str], tuple[str, str]]
    at: datetime
    files: Mapping[str, bytes]


def read_message(components: Sequence[Json], content: str, eyes: Eyes) -> Message | None:
    """Read a message; nothing if it has neither components nor words."""
    texts = [part for part in [_read_text(content, eyes)] if part is not None]
    parts = [*texts, *(part for one in components for part in _read_part(one, eyes))]
    return _whole(Message, parts, "parts") if parts else None


def whispered(view: Message) -> Whisper:
    """Give what somebody was told alone; it was shown, so it is not checked again."""
    whisper = object.__new__(Whisper)
    object.__setattr__(whisper, "message", view)
    return whisper


def action_of(custom_id: str) -> Action:
    """Read a component's id as the action that it carries; an id of another kind gets an action of its own."""
    try:
        return Action.decode(custom_id.removeprefix(OURS))
    except ViewError:
        return Action("another", "id", sha256(custom_id.encode()).hexdigest()[:40])


def read_pieces(content: str, eyes: Eyes) -> list[Piece]:
    """Read a text piece by piece."""
    runs = read(content)
    apart = [
        run
        for place, run in enumerate(runs)
        if not (run.words == JOINER and 0 < place < len(runs) - 1 and _touch(runs[place - 1], runs[place + 1]))
    ]
    return [_piece(run, eyes) for run in apart]


def _touch(before: Run, after: Run) -> bool:
    return before.kind in _MARKED and after.kind in _MARKED


# ------------------------------------------------------------------------------------------------ parts


def _read_part(component: Json, eyes: Eyes) -> list[Part]:
    match component["type"]:
        case 10:
            part = _read_text(component["content"], eyes)
            return [] if part is None else [part]
        case 12:
            return [_read_picture(item, eyes) for item in component["items"]]
        case 13:
            return [_read_file(component["file"]["url"], eyes)]
        case 1 if component["components"][0]["type"] == SELECT:
            return [_read_menu(component["components"][0])]
        case 1:
            return [Buttons(*map(_read_button, component["components"]))]
        case kind:
            raise AssertionError(f"Nobody taught these eyes to read a component of type {kind}.")


def _read_text(content: str, eyes: Eyes) -> Part | None:
    if not content.strip():
        return None
    lines = content.split("\n")
    before = [*takewhile(lambda line: not line.startswith("> "), lines)]
    quoted = lines[len(before) :]
    if quoted and all(line.startswith("> ") for line in quoted):
        words = "\n".join(_plain(line[2:], eyes) for line in quoted)
        if words.strip():
            return Quote(words, _plain("\n".join(before), eyes))
    facts = [_read_fact(read_pieces(line, eyes)) for line in lines]
    pairs = [pair for pair in facts if pair is not None]
    if len(pairs) == len(facts):
        return _whole(Facts, pairs, "pairs")
    return _whole(Text, read_pieces(content, eyes), "spans")


def _read_fact(pieces: list[Piece]) -> tuple[str, str] | None:
    """Read a line as a fact: a name in bold that ends with a colon, and plain words."""
    if len(pieces) != 2:
        return None
    name, value = pieces
    if not (isinstance(name, Span) and name.style == "bold" and name.words.endswith(":") and name.words[:-1].strip()):
        return None
    if not (isinstance(value, Span) and value.style == "plain" and value.words.strip()):
        return None
    return (name.words[:-1], value.words.removeprefix(" "))


def _plain(content: str, eyes: Eyes) -> str:
    return "".join(str(getattr(piece, "words", "")) for piece in read_pieces(content, eyes))


def _read_picture(item: Json, eyes: Eyes) -> Picture:
    return Picture(eyes.files.get(item["media"]["url"], UNSEEN), item.get("description") or "a picture")


def _read_file(url: str, eyes: Eyes) -> Attachment:
    content = eyes.files.get(url, b"Nobody opened this.")
    return Attachment(url.rpartition("/")[2], content.decode().replace("\r\n", "\n"))


def _read_menu(select: Json) -> Menu:
    options = tuple(Option(one["label"], one["value"].strip()) for one in select["options"])
    return Menu(select.get("placeholder") or "Make a selection", action_of(select["custom_id"]), options)


def _read_button(button: Json) -> Button | Link:
    if button["style"] == LINK_STYLE:
        return Link(button["label"], button["url"])
    action = action_of(button["custom_id"])
    match STYLES.get(button["style"]):
        case "primary":
            return Button(button["label"], action, "primary")
        case "danger":
            return Button(button["label"], action, "danger")
        case _:
            return Button(button["label"], action)


# ------------------------------------------------------------------------------------------------ pieces


def _piece(run: Run, eyes: Eyes) -> Piece:
    try:
        match run.kind:
            case "moment":
                return _read_moment(int(run.words), run.more, eyes)
            case "mention" if run.words:
                return Mention(*eyes.name_of(run.words))
            case "link":
                return Link(run.words, run.more)
            case "bold":
                return Span(run.words, "bold")
            case "italic":
                return Span(run.words, "italic")
            case "code":
                return Span(run.words, "code")
            case _:
                return Span(run.words or run.more)
    except (ViewError, OverflowError, ValueError):
        return Span(run.words)


def _read_moment(seconds: int, style: str, eyes: Eyes) -> Piece:
    at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    local = at.astimezone(ZoneInfo(ZONE))
    match style:
        case "D":
            return Moment(at, spoken_day(local.date(), now=eyes.at, zone=ZONE), "day")
        case "t":
            return Moment(at, spoken_clock(local.time()), "time")
        case _:
            return Moment(at, spoken_moment(at, ZONE, now=eyes.at))


def _whole(build: type[_Loose], things: Sequence[Any], name: str) -> _Loose:
    """Build from what was read, even if the language would have written it otherwise: it is shown all the same."""
    try:
        return build(*things)
    except ViewError:
        made = object.__new__(build)
        object.__setattr__(made, name, tuple(things))
        return made
