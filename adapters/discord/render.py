"""What Drumbeat shows, written the way Discord wants it; nobody's words can format, ping or link anything there.

Messages are Components V2: https://discord.com/developers/docs/components/reference
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import Any

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
    Part,
    People,
    Picture,
    Quote,
    Span,
    Text,
    When,
    Whisper,
    Words,
    shorten,
)
from bot.plain import say_missing

Payload = dict[str, Any]

EPHEMERAL = 1 << 6
COMPONENTS_V2 = 1 << 15
# The version of what our ids mean, so that buttons posted by an older Drumbeat can be told apart.
OURS = "db1:"

ACTION_ROW, BUTTON, STRING_SELECT, TEXT_INPUT, USER_SELECT, TEXT_DISPLAY = 1, 2, 3, 4, 5, 10
MEDIA_GALLERY, FILE, LABEL, RADIO_GROUP, CHECKBOX_GROUP = 12, 13, 18, 21, 22
PICTURE_NAME = "picture-{}.png"
BUTTON_STYLES = {"primary": 1, "plain": 2, "danger": 4}
LINK_STYLE = 5
LINE, BOX = 1, 2
TYPED_MOMENT_LIMIT = 100

# Each of Discord's rules starts with one of these or needs one inside: bold and italics, spoilers, code, mentions and
# timestamps, emoji codes, commands, masked and bare links, headings, lists, quotes. A backslash makes any of them a
# letter, and a backslash as well: https://discord.com/developers/docs/reference#message-formatting
_LIVE = re.compile(r"[\\*_~`|<>@#:/.\[\]()+-]")
_BLANK = r"[\s\ufeff]*"
_MARKS = {"bold": "**", "italic": "*"}
_MOMENTS = {"moment": "F", "day": "D", "time": "t"}
_SNOWFLAKE = re.compile(r"[1-9][0-9]{0,18}")
_LABEL_AS_LINK = re.compile(r"[\[\]]|://")
# Asterisks of two styles that touch would be read as one mark, so an invisible word joiner stands between.
_JOINER = "\u2060"


def escape(words: str) -> str:
    """Write words so that Discord shows them letter for letter."""
    return _LIVE.sub(r"\\\g<0>", words)


def render_message(message: Message, *, files: bool = True) -> Payload:
    """Give the body of a post or an edit; it pings the people whom it mentions and nobody else.

    Pictures and files are shown from uploads that go with the body: ``list_uploads``. An edit brings them anew, and
    what was attached before goes. Without ``files`` it is said of each that it is missing.
    """
    components: list[Payload] = []
    uploads: list[Payload] = []
    for part in message.parts:
        match part:
            case Buttons(row=row):
                components.append({"type": ACTION_ROW, "components": [_button(button) for button in row]})
            case Menu():
                components.append({"type": ACTION_ROW, "components": [_menu(part)]})
            case Picture(alt=alt):
                name = PICTURE_NAME.format(len(uploads))
                uploads.append({"id": str(len(uploads)), "filename": name, "description": alt})
                shown = {"media": {"url": f"attachment://{name}"}, "description": alt}
                components.append({"type": MEDIA_GALLERY, "items": [shown]})
            case Attachment(name=name) if files:
                uploads.append({"id": str(len(uploads)), "filename": name})
                components.append({"type": FILE, "file": {"url": f"attachment://{name}"}})
            case Attachment():
                components.append({"type": TEXT_DISPLAY, "content": escape(say_missing(part))})
            case _:
                components.append({"type": TEXT_DISPLAY, "content": _content(part)})
    return {
        "flags": COMPONENTS_V2,
        "components": components,
        "attachments": uploads,
        "allowed_mentions": {"parse": [], "users": _mentioned(message)},
    }


def list_uploads(message: Message, *, files: bool = True) -> list[tuple[str, bytes]]:
    """Give the pictures and files of a message to upload, by name, in the order of the body."""
    uploads: list[tuple[str, bytes]] = []
    for part in message.parts:
        match part:
            case Picture(png=png):
                uploads.append((PICTURE_NAME.format(len(uploads)), png))
            case Attachment(name=name) if files:
                uploads.append((name, part.content))
            case _:
                pass
    return uploads


def render_whisper(whisper: Whisper) -> Payload:
    """Give the data of an answer that only the person who acted sees."""
    return {**render_message(whisper.message), "flags": COMPONENTS_V2 | EPHEMERAL}


def render_form(form: Form) -> Payload:
    """Give the data of a modal; a field's ``custom_id`` is its name. Discord itself words the button."""
    return {"title": form.title, "custom_id": _id(form.action), "components": [_label(field) for field in form.fields]}


# ------------------------------------------------------------------------------------------------ messages


def _id(action: Action) -> str:
    return OURS + action.encode()


def _mentioned(message: Message) -> list[str]:
    texts = [part for part in message.parts if isinstance(part, Text)]
    people = [span.person for text in texts for span in text.spans if isinstance(span, Mention)]
    return [person for person in dict.fromkeys(people) if _known(person)]


def _known(person: str) -> bool:
    return bool(_SNOWFLAKE.fullmatch(person)) and int(person) < 1 << 63


def _content(part: Part) -> str:
    match part:
        case Text(spans=spans):
            return _paragraph(spans)
        case Quote(words=words, by=by):
            lines = [f"> {escape(line)}" for line in words.strip("\n").split("\n")]
            return "\n".join([escape(by), *lines] if by else lines)
        case Facts(pairs=pairs):
            return "\n".join(f"{_marked(f'{name.strip()}:', '**')} {escape(value)}" for name, value in pairs)
        case _:
            return ""


def _paragraph(spans: tuple[Span | Link | Mention | Moment, ...]) -> str:
    written, before = "", ""
    for style, neighbours in groupby(spans, key=lambda span: span.style if isinstance(span, Span) else ""):
        run = list(neighbours)
        # Two bold spans in a row are one: '**a****b**' would not be bold.
        words = "".join(span.words for span in run if isinstance(span, Span))
        if style in _MARKS:
            marked = _marked(words, _MARKS[style])
            touching = before in _MARKS and written.endswith("*") and marked.startswith("*")
            written += _JOINER + marked if touching else marked
        elif style == "code":
            written += f"`{words}`"
        else:
            written += escape(words) or "".join(_token(span) for span in run if not isinstance(span, Span))
        before = style
    return written


def _marked(words: str, mark: str) -> str:
    """Set a mark around words; around their blanks Discord would show the mark itself."""
    found = re.fullmatch(rf"({_BLANK})(.*?)({_BLANK})", words, re.DOTALL)
    if not found or not found[2]:
        return words
    return f"{found[1]}{mark}{escape(found[2])}{mark}{found[3]}"


def _token(span: Link | Mention | Moment) -> str:
    match span:
        case Mention(person=person, name=name):
            return f"<@{person}>" if _known(person) else escape("@" + shorten(name, limit=Mention.weight - 2))
        case Moment(at=at, style=style):
            return f"<t:{int(at.timestamp())}:{_MOMENTS[style]}>"
        case Link(label=label, url=url):
            # Discord reads brackets in a label and parentheses in an address as its own, and shows a label that looks
            # like an address as it is; then both stand in the open.
            if _LABEL_AS_LINK.search(label) or "(" in url or ")" in url:
                return f"{escape(label)} <{url}>"
            return f"[{escape(label)}]({url})"


def _button(button: Button | Link) -> Payload:
    if isinstance(button, Link):
        return {"type": BUTTON, "style": LINK_STYLE, "label": button.label, "url": button.url}
    style = BUTTON_STYLES[button.style]
    return {"type": BUTTON, "style": style, "label": button.label, "custom_id": _id(button.action)}


def _menu(menu: Menu) -> Payload:
    return {
        "type": STRING_SELECT,
        "custom_id": _id(menu.action),
        "placeholder": menu.label,
        "options": [{"label": option.label, "value": option.value} for option in menu.options],
    }


# ------------------------------------------------------------------------------------------------ forms


def _label(field: Field) -> Payload:
    component: Payload = {"custom_id": field.name, "required": field.required, **_component(field)}
    label: Payload = {"type": LABEL, "label": field.label, "component": component}
    if field.hint:
        label["description"] = field.hint
    return label


def _component(field: Field) -> Payload:
    match field:
        case Words(value=value, long=long, most=most):
            line: Payload = {"type": TEXT_INPUT, "style": BOX if long else LINE, "max_length": most}
            return {**line, "value": value if long else value.replace("\n", " ")} if value.strip() else line
        case Choice(options=options, value=value, many=many, required=required):
            shown = [
                {"label": option.label, "value": option.value, "default": option.value in value} for option in options
            ]
            if not many:
                return {"type": RADIO_GROUP, "options": shown}
            return {"type": CHECKBOX_GROUP, "options": shown, "min_values": int(required), "max_values": len(shown)}
        case People(value=value, most=most, required=required):
            people: Payload = {"type": USER_SELECT, "min_values": int(required), "max_values": most}
            known = [{"id": person, "type": "user"} for person in value if _known(person)]
            return {**people, "default_values": known} if known else people
        case When(value=value, clock=clock):
            # Discord has no picker of days: what is typed is read as people write it.
            hint = "2026-05-04 18:30" if clock else "2026-05-04"
            typed: Payload = {
                "type": TEXT_INPUT,
                "style": LINE,
                "max_length": TYPED_MOMENT_LIMIT,
                "placeholder": hint,
            }
            return {**typed, "value": value.replace("\n", " ")} if value.strip() else typed
