"""What Drumbeat shows, written the way Slack wants it; nobody's words can format, ping or run anything there.

Everything is literal text in rich_text blocks, which Slack never parses, or plain_text:
https://docs.slack.dev/reference/block-kit/blocks/rich-text-block
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

from bot.chat import (
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
    Problems,
    Quote,
    Span,
    Text,
    When,
    Whisper,
    Words,
    shorten,
)
from bot.plain import read_aloud, say_missing

Payload = dict[str, Any]

# chat.update refuses a text over 4,000 bytes with & < > escaped. Nobody says whether ours, escaped already, is escaped
# once more before it is measured; so it is cut to hold even then.
TEXT_BYTES = 4000

_USER = re.compile(r"[UW][A-Z0-9]{2,}")
_DATES = {"moment": "{date_short_pretty} at {time}", "day": "{date_long}", "time": "{time}"}
# Slack takes whole seconds in ten digits: https://docs.slack.dev/reference/block-kit/block-elements/datetime-picker-element
_SECONDS = range(10**9, 10**10)


def render_message(message: Message, links: Mapping[str, str] = MappingProxyType({})) -> Payload:
    """Give ``blocks``, and a ``text`` for notifications and screen readers.

    A picture is its words here: Slack shows only pictures that were uploaded before, and those are put in afterwards.
    ``links`` are the addresses of the files that were brought, by their names; of the others it is said that they are
    missing. Slack shows a file where its address stands in the ``text``.
    """
    shared = [f"<{html.escape(url, quote=False)}|{name}>" for name, url in links.items()]
    missing = {file.name for file in message.attachments} - set(links)
    room = TEXT_BYTES - sum(_bytes(one) + 1 for one in shared)
    words = _notification(read_aloud(message, missing=missing), room=room)
    blocks = [_block(place, part, links) for place, part in enumerate(message.parts)]
    return {"text": "\n".join([words, *shared]), "blocks": blocks}


def render_whisper(whisper: Whisper) -> Payload:
    """Give the body of an answer that only the person who acted sees, beside what they acted on."""
    return {"response_type": "ephemeral", "replace_original": False, **render_message(whisper.message)}


def render_form(form: Form) -> Payload:
    """Give a modal; ``callback_id`` is the action, a field's ``block_id`` and ``action_id`` are its name."""
    return {
        "type": "modal",
        "callback_id": form.action.encode(),
        "title": _plain(form.title),
        "submit": _plain(form.submit),
        "blocks": [_input(field) for field in form.fields],
    }


def render_problems(problems: Problems, form_fields: Sequence[str]) -> Payload:
    """Give the answer that keeps a form open and marks what is wrong, a sentence below its field.

    Slack shows problems only at fields, so those of the form as a whole stand below the first.
    """
    errors: dict[str, str] = {}
    for field, sentence in problems.sentences:
        shown_at = field if field in form_fields else form_fields[0]
        errors[shown_at] = f"{errors[shown_at]}\n{sentence}" if shown_at in errors else sentence
    return {"response_action": "errors", "errors": errors}


# ------------------------------------------------------------------------------------------------ messages


def _notification(words: str, *, room: int) -> str:
    written = html.escape(words, quote=False)
    if _bytes(written) < room:
        return written
    kept, used = 0, _bytes("…")
    for letter in words:
        used += _bytes(html.escape(letter, quote=False))
        if used >= room:
            break
        kept += 1
    return html.escape(words[:kept].rstrip(), quote=False) + "…"


def _bytes(written: str) -> int:
    return len(html.escape(written, quote=False).encode())


def _block(place: int, part: Part, links: Mapping[str, str]) -> Payload:
    match part:
        case Text(spans=spans):
            return _rich(_section(*map(_span, spans)))
        case Quote(words=words, by=by):
            quote = {"type": "rich_text_quote", "elements": [_literal(words)]}
            return _rich(_section(_literal(by)), quote) if by else _rich(quote)
        case Facts(pairs=pairs):
            return _rich(_section(*(element for pair in enumerate(pairs) for element in _fact(*pair))))
        case Picture(alt=alt):
            return {"type": "context", "elements": [_plain(alt)]}
        case Attachment():
            return _file(part, links)
        case Buttons(row=row):
            elements = [_button(button, f"link-{place}-{column}") for column, button in enumerate(row)]
            return {"type": "actions", "elements": elements}
        case Menu(label=label, action=action, options=options):
            menu = {
                "type": "static_select",
                "action_id": action.encode(),
                "placeholder": _plain(label),
                "options": [_option(option) for option in options],
            }
            return {"type": "actions", "elements": [menu]}


def _file(file: Attachment, links: Mapping[str, str]) -> Payload:
    """Name a file as a link to it, for a screen on which Slack does not show it below the message."""
    if file.name in links:
        return _rich(_section({"type": "link", "url": links[file.name], "text": file.name}))
    return _rich(_section(_literal(say_missing(file))))


def _rich(*elements: Payload) -> Payload:
    return {"type": "rich_text", "elements": list(elements)}


def _section(*elements: Payload) -> Payload:
    return {"type": "rich_text_section", "elements": list(elements)}


def _literal(words: str, **style: bool) -> Payload:
    element: Payload = {"type": "text", "text": _harmless(words)}
    if style:
        element["style"] = style
    return element


def _harmless(words: str) -> str:
    """Keep '<!channel>' from pinging where somebody's program copies a message without its blocks.

    Slack itself leaves it alone in a block. What flattens blocks to Slack's older markup may not, so an invisible word
    joiner breaks it there.
    """
    return words.replace("<!", "<\u2060!")


def _span(span: Span | Link | Mention | Moment) -> Payload:
    match span:
        case Span(words=words, style=style):
            return _literal(words) if style == "plain" else _literal(words, **{style: True})
        case Link(label=label, url=url):
            return {"type": "link", "url": url, "text": _harmless(label)}
        case Mention(person=person, name=name):
            if _USER.fullmatch(person):
                return {"type": "user", "user_id": person}
            return _literal("@" + shorten(name, limit=Mention.weight - 2))
        case Moment(at=at, words=words, style=style):
            seconds = int(at.timestamp())
            if seconds not in _SECONDS:
                return _literal(words)
            return {"type": "date", "timestamp": seconds, "format": _DATES[style], "fallback": words}


def _fact(place: int, pair: tuple[str, str]) -> list[Payload]:
    name, value = pair
    return [_literal(f"\n{name}" if place else name, bold=True), _literal(f": {value}")]


def _button(button: Button | Link, link_id: str) -> Payload:
    if isinstance(button, Link):
        # Slack reports taps on links too, under this name, which is no action's.
        return {"type": "button", "action_id": link_id, "text": _plain(button.label), "url": button.url}
    shown: Payload = {"type": "button", "action_id": button.action.encode(), "text": _plain(button.label)}
    if button.style != "plain":
        shown["style"] = button.style
    return shown


def _option(option: Option) -> Payload:
    return {"text": _plain(option.label), "value": option.value}


def _plain(words: str) -> Payload:
    return {"type": "plain_text", "text": words, "emoji": True}


# ------------------------------------------------------------------------------------------------ forms


def _input(field: Field) -> Payload:
    block: Payload = {
        "type": "input",
        "block_id": field.name,
        "label": _plain(field.label),
        "optional": not field.required,
        "element": {"action_id": field.name, **_element(field)},
    }
    if field.hint:
        block["hint"] = _plain(field.hint)
    return block


def _element(field: Field) -> Payload:
    match field:
        case Words(value=value, long=long, most=most):
            line: Payload = {"type": "plain_text_input", "multiline": long, "max_length": most}
            return {**line, "initial_value": value if long else value.replace("\n", " ")} if value.strip() else line
        case Choice(options=options, value=value, many=many):
            shown = [_option(option) for option in options]
            chosen = [one for one in shown if one["value"] in value]
            choice: Payload = {"type": "checkboxes" if many else "radio_buttons", "options": shown}
            if chosen:
                choice["initial_options" if many else "initial_option"] = chosen if many else chosen[0]
            return choice
        case People(value=value, most=most):
            known = [person for person in value if _USER.fullmatch(person)]
            if most == 1:
                return {"type": "users_select", **({"initial_user": known[0]} if known else {})}
            people: Payload = {"type": "multi_users_select", "max_selected_items": most}
            return {**people, "initial_users": known} if known else people
        case When(value=value, clock=clock):
            return _clock(_parse(value)) if clock else _calendar(_parse(value))


def _parse(value: str) -> datetime | None:
    """Read a moment where it is ISO; free words such as 'next monday' cannot stand in Slack's pickers."""
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return None


def _calendar(day: datetime | None) -> Payload:
    return {"type": "datepicker", **({"initial_date": day.date().isoformat()} if day else {})}


def _clock(moment: datetime | None) -> Payload:
    """Without a zone nobody can tell which instant is meant, so the picker starts empty then."""
    seconds = int(moment.timestamp()) if moment and moment.tzinfo else 0
    return {"type": "datetimepicker", **({"initial_date_time": seconds} if seconds in _SECONDS else {})}
