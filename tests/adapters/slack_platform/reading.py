"""What Slack shows, read back into the language: blocks as parts of a message, a modal as a form.

Nothing is checked: whatever is shown can be read, also what the language itself would not let anybody build.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, Literal, TypeVar, cast
from zoneinfo import ZoneInfo

from bot.chat import (
    Action,
    Attachment,
    Button,
    Buttons,
    Choice,
    Facts,
    Field,
    Form,
    Link,
    Mention,
    Menu,
    Message,
    Moment,
    Option,
    Part,
    People,
    Picture,
    Piece,
    Problems,
    Quote,
    Span,
    Text,
    ViewError,
    When,
    Whisper,
    Words,
)
from tests.adapters.slack_platform.file_methods import File
from tests.adapters.slack_platform.refusing import Json

Naming = Callable[[str], tuple[str, str]]
Thing = TypeVar("Thing")
NO_FILES: Mapping[str, File] = MappingProxyType({})
PNG = b"\x89PNG\r\n\x1a\n"
_STYLES: dict[str, Literal["moment", "day", "time"]] = {"{date_long}": "day", "{time}": "time"}


def unchecked(kind: type[Thing], **fields: object) -> Thing:
    """Make a view without the checks: what stands in chat is shown, however long it is."""
    made = object.__new__(kind)
    for name, value in fields.items():
        object.__setattr__(made, name, value)
    return made


def read_message(text: str, blocks: list[Json], *, naming: Naming, files: Mapping[str, File] = NO_FILES) -> Message:
    """Read what a message shows; its ``text`` only where it has no blocks, as Slack does.

    ``files`` stand below it; a link in a line of its own that leads to one of them is the place where it is named.
    """
    found = [part for block in blocks for part in _parts(block, naming, files)]
    parts = found or [unchecked(Text, spans=(unchecked(Span, words=plain(text, naming), style="plain"),))]
    return unchecked(Message, parts=tuple(parts))


def read_whisper(text: str, blocks: list[Json], *, naming: Naming) -> Whisper:
    return unchecked(Whisper, message=read_message(text, blocks, naming=naming))


def read_problems(errors: tuple[tuple[str, str], ...]) -> Problems:
    return unchecked(Problems, sentences=errors)


def read_form(view: Json, *, naming: Naming, zone: str = "UTC") -> Form:
    """Read a modal. A moment is given in the zone of the person who looks at it."""
    fields = tuple(_field(block, naming, zone) for block in view["blocks"] if block["type"] == "input")
    submit = (view.get("submit") or {}).get("text", "")
    action = read_action(view.get("callback_id", ""))
    return unchecked(Form, title=view["title"]["text"], action=action, fields=fields, submit=submit)


def read_action(written: str) -> Action:
    """Read an action; a name that is none stands for itself."""
    try:
        return Action.decode(written)
    except ViewError:
        return unchecked(Action, ritual=written, verb="", about="", movement=0)


def find_element(blocks: list[Json], action: Action) -> tuple[Json, Json] | None:
    """Give the block and the button or menu in it that an action stands on."""
    for block in blocks:
        if block["type"] == "actions":
            for element in block["elements"]:
                if "url" not in element and read_action(element["action_id"]) == action:
                    return block, element
    return None


def plain(text: str, naming: Naming) -> str:
    """Say a text with Slack's markup in plain words."""
    named = re.sub(r"<@([UW]\w+)(?:\|[^>]*)?>", lambda found: f"@{naming(found[1])[1]}", text)
    named = re.sub(r"<(?:#|!)?[^>|]*\|([^>]*)>", r"\1", named)
    return html.unescape(re.sub(r"<(https?:[^>|]*)>", r"\1", named))


# ------------------------------------------------------------------------------------------------ messages


def _parts(block: Json, naming: Naming, files: Mapping[str, File]) -> list[Part]:
    match block["type"]:
        case "rich_text" if (file := files.get(_only_link(block))) is not None:
            return [unchecked(Attachment, name=file.name, words=file.content.decode())]
        case "rich_text":
            return [_rich(block["elements"], naming)]
        case "context":
            return [unchecked(Picture, png=PNG, alt=one["text"]) for one in block["elements"]]
        case "image":
            return [unchecked(Picture, png=PNG, alt=block["alt_text"])]
        case "actions":
            return _controls(block["elements"])
        case "section" | "header":
            words = block["text"]["text"]
            shown = plain(words, naming) if block["text"]["type"] == "mrkdwn" else words
            return [unchecked(Text, spans=(unchecked(Span, words=shown, style="plain"),))]
    return []


def _only_link(block: Json) -> str:
    words = [word for element in block["elements"] for word in element["elements"]]
    return str(words[0]["url"]) if len(words) == 1 and words[0]["type"] == "link" else ""


def _rich(elements: list[Json], naming: Naming) -> Part:
    last = elements[-1]
    if last["type"] == "rich_text_quote":
        by = _words(elements[0]["elements"]) if len(elements) > 1 else ""
        return unchecked(Quote, words=_words(last["elements"]), by=by)
    words = [word for element in elements for word in element["elements"]]
    pairs = _pairs(words)
    if pairs:
        return unchecked(Facts, pairs=pairs)
    return unchecked(Text, spans=tuple(_piece(word, naming) for word in words))


def _pairs(words: list[Json]) -> tuple[tuple[str, str], ...]:
    """Read names in bold, each followed by a colon and what it is; nothing when these words are anything else."""
    names, values = words[::2], words[1::2]
    if len(names) != len(values):
        return ()
    for number, (name, value) in enumerate(zip(names, values, strict=True)):
        bold = name["type"] == "text" and name.get("style") == {"bold": True}
        told = value["type"] == "text" and "style" not in value and value["text"].startswith(": ")
        if not (bold and told and name["text"].startswith("\n") == bool(number)):
            return ()
    read = zip(names, values, strict=True)
    return tuple((_shown(one["text"]).removeprefix("\n"), _shown(other["text"])[2:]) for one, other in read)


def _words(elements: list[Json]) -> str:
    return "".join(_shown(element.get("text", "")) for element in elements)


def _shown(words: str) -> str:
    """Leave out what only keeps a broadcast from being one where somebody copies a message."""
    return words.replace("<\u2060!", "<!")


def _piece(word: Json, naming: Naming) -> Piece:
    match word["type"]:
        case "link":
            return unchecked(Link, label=_shown(word.get("text") or word["url"]), url=word["url"])
        case "user":
            person, name = naming(word["user_id"])
            return unchecked(Mention, person=person, name=name)
        case "date":
            at = datetime.fromtimestamp(word["timestamp"], UTC)
            return unchecked(Moment, at=at, words=word["fallback"], style=_STYLES.get(word["format"], "moment"))
    styles = [one for one, on in word.get("style", {}).items() if on]
    style = cast("Literal['bold', 'italic', 'code']", styles[0]) if styles else "plain"
    return unchecked(Span, words=_shown(word["text"]), style=style)


def _controls(elements: list[Json]) -> list[Part]:
    menus = [_menu(one) for one in elements if one["type"] == "static_select"]
    buttons = tuple(_button(one) for one in elements if one["type"] == "button")
    return [*menus, *([unchecked(Buttons, row=buttons)] if buttons else [])]


def _menu(element: Json) -> Menu:
    label = element["placeholder"]["text"]
    return unchecked(Menu, label=label, action=read_action(element["action_id"]), options=_options(element))


def _button(element: Json) -> Button | Link:
    label = element["text"]["text"]
    if "url" in element:
        return unchecked(Link, label=label, url=element["url"])
    return unchecked(Button, label=label, action=read_action(element["action_id"]), style=element.get("style", "plain"))


def _options(element: Json) -> tuple[Option, ...]:
    return tuple(unchecked(Option, label=one["text"]["text"], value=one["value"]) for one in element.get("options", []))


# ------------------------------------------------------------------------------------------------ forms


def _field(block: Json, naming: Naming, zone: str) -> Field:
    element = block["element"]
    shared: dict[str, Any] = {
        "name": element["action_id"],
        "label": block["label"]["text"],
        "hint": (block.get("hint") or {}).get("text", ""),
        "required": not block.get("optional", False),
    }
    match element["type"]:
        case "radio_buttons" | "checkboxes" | "static_select":
            chosen = element.get("initial_options") or [element[one] for one in ("initial_option",) if one in element]
            value = tuple(one["value"] for one in chosen)
            many = element["type"] == "checkboxes"
            return unchecked(Choice, options=_options(element), value=value, many=many, **shared)
        case "users_select" | "multi_users_select":
            people = element.get("initial_users") or [element[one] for one in ("initial_user",) if one in element]
            most = element.get("max_selected_items", 100) if element["type"].startswith("multi") else 1
            return unchecked(People, value=tuple(naming(one)[0] for one in people), most=most, **shared)
        case "datepicker":
            return unchecked(When, value=element.get("initial_date", ""), clock=False, **shared)
        case "datetimepicker":
            at = element.get("initial_date_time")
            value_at = datetime.fromtimestamp(at, ZoneInfo(zone)).isoformat() if at else ""
            return unchecked(When, value=value_at, clock=True, **shared)
    long, most = element.get("multiline", False), element.get("max_length", 3000)
    return unchecked(Words, value=element.get("initial_value", ""), long=long, most=most, **shared)
