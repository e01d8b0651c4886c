"""What Slack and Discord refuse, as their documents say it: every function lists the faults of one payload.

Slack: https://docs.slack.dev/reference/block-kit, Discord: https://discord.com/developers/docs/components/reference.
Lengths are counted in UTF-16 units, the tightest way any platform counts. A kind of block or component that is not
listed here is a fault as well, so that nothing new goes out unchecked. Long as it is, this is one file: the one place
to compare with the documents.
"""

from __future__ import annotations

import html
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

Payload = dict[str, Any]
Faults = Iterator[str]

SLACK_LETTERS = 13_000  # msg_blocks_too_long comes at about 13,200
DISCORD_FLAGS = {1 << 15, 1 << 15 | 1 << 6}
DISCORD_SHOWN = ("content", "embeds", "poll", "sticker_ids")
SELECTS = ("static_select", "users_select", "multi_users_select", "radio_buttons", "checkboxes")


def units(words: str) -> int:
    return len(words.encode("utf-16-le", "surrogatepass")) // 2


def _length(words: object, what: str, most: int, least: int = 1) -> Faults:
    if not isinstance(words, str):
        yield f"{what} is no text"
        return
    if not least <= units(words) <= most:
        yield f"{what} has {units(words)} characters, not {least} to {most}"
    if least and not words.strip():
        yield f"{what} is blank"


def _count(things: Sequence[object], what: str, least: int, most: int) -> Faults:
    if not least <= len(things) <= most:
        yield f"{what}: {len(things)}, not {least} to {most}"


def _distinct(names: Iterable[object], what: str) -> Faults:
    for name, times in Counter(names).items():
        if times > 1:
            yield f"{what} {name!r} {times} times"


def _sendable(payload: Payload) -> Faults:
    """JSON of whole characters only: half a surrogate pair is refused or shown as a black diamond."""
    try:
        written = json.dumps(payload, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        yield "a lone surrogate"
        return
    if re.search(rb"[\x00-\x08\x0b-\x1f\x7f]|\\u00[01]", written):
        yield "a control character"


# ------------------------------------------------------------------------------------------------ Slack


def slack_message(payload: Payload) -> list[str]:
    return [*_slack_message(payload)]


def _slack_message(payload: Payload) -> Faults:
    yield from _sendable(payload)
    text = payload.get("text", "")
    yield from _length(text, "text", 4000)
    if len(html.escape(text, quote=False).encode("utf-8", "replace")) > 4000:
        yield "text has over 4000 bytes when escaped"
    if re.search(r"[<>]|&(?!(amp|lt|gt);)", text):
        yield "text has live markup"
    yield from _slack_blocks(payload.get("blocks", []), 50, {"rich_text", "context", "actions"})
    letters = _slack_letters(payload.get("blocks", []))
    if letters > SLACK_LETTERS:
        yield f"{letters} letters in all blocks, more than {SLACK_LETTERS}"


def slack_view(payload: Payload) -> list[str]:
    return [*_slack_view(payload)]


def _slack_view(view: Payload) -> Faults:
    yield from _sendable(view)
    if view.get("type") != "modal":
        yield "no modal"
    yield from _slack_plain(view.get("title"), "title", 24)
    yield from _slack_plain(view.get("submit"), "submit", 24)
    yield from _length(view.get("callback_id", ""), "callback_id", 255, 0)
    yield from _length(view.get("private_metadata", ""), "private_metadata", 3000, 0)
    yield from _slack_blocks(view.get("blocks", []), 100, {"input"})
    if len(json.dumps(view)) > 250_000:
        yield "a view of more than 250 kB"


def slack_errors(payload: Payload, form_fields: Sequence[str]) -> list[str]:
    faults = [*_sendable(payload)]
    if payload.get("response_action") != "errors":
        faults.append("no errors")
    if not payload.get("errors"):
        faults.append("no sentence")
    faults += [f"{field!r} is no field" for field in payload.get("errors", {}) if field not in form_fields]
    faults += [fault for text in payload.get("errors", {}).values() for fault in _length(text, "an error", 2000)]
    return faults


def _slack_letters(blocks: object) -> int:
    if isinstance(blocks, dict):
        counted = ("text", "url", "value", "title", "alt_text")
        return sum(
            units(value) if isinstance(value, str) and key in counted else _slack_letters(value)
            for key, value in blocks.items()
        )
    return sum(map(_slack_letters, blocks)) if isinstance(blocks, list) else 0


def _slack_plain(text: Any, what: str, most: int) -> Faults:  # noqa: ANN401 - a payload may hold anything
    if not isinstance(text, dict) or text.get("type") != "plain_text":
        yield f"{what} is no plain_text"
    else:
        yield from _length(text.get("text"), what, most)


def _slack_blocks(blocks: list[Payload], most: int, kinds: set[str]) -> Faults:
    yield from _count(blocks, "blocks", 1, most)
    yield from _distinct((block["block_id"] for block in blocks if "block_id" in block), "block_id")
    for block in blocks:
        kind = block.get("type")
        if kind not in kinds:
            yield f"a block of type {kind!r}"
            continue
        if "block_id" in block:
            yield from _length(block["block_id"], "block_id", 255)
        if kind == "rich_text":
            yield from _slack_rich_text(block["elements"])
        elif kind == "context":
            yield from _count(block["elements"], "context elements", 1, 10)
            for element in block["elements"]:
                yield from _slack_plain(element, "context", 3000)
        elif kind == "actions":
            yield from _count(block["elements"], "action elements", 1, 25)
            yield from _distinct((element.get("action_id") for element in block["elements"]), "action_id")
            for element in block["elements"]:
                yield from _slack_element(element, {"button", "static_select"})
        else:
            yield from _slack_plain(block.get("label"), "a label", 2000)
            if "hint" in block:
                yield from _slack_plain(block["hint"], "a hint", 2000)
            yield from _slack_element(
                block["element"], {"plain_text_input", "datepicker", "datetimepicker", *SELECTS[1:]}
            )


def _slack_rich_text(elements: list[Payload]) -> Faults:
    yield from _count(elements, "rich text elements", 1, 100)
    for element in elements:
        if element.get("type") not in {"rich_text_section", "rich_text_quote"}:
            yield f"rich text of type {element.get('type')!r}"
        if not element["elements"]:
            yield "rich text without words"
        for word in element["elements"]:
            yield from _slack_word(word)


def _slack_word(word: Payload) -> Faults:
    match word.get("type"):
        case "text":
            if not word.get("text"):
                yield "rich text without a letter"
            if set(word.get("style", {})) - {"bold", "italic", "code"}:
                yield "an unknown style"
        case "link":
            yield from _length(word.get("url"), "a link's url", 3000)
            yield from _length(word.get("text"), "a link's text", 3000)
        case "user":
            yield from _slack_users([word.get("user_id", "")])
        case "date":
            yield from _slack_seconds(word.get("timestamp"))
            yield from _length(word.get("format"), "a date's format", 200)
            yield from _length(word.get("fallback"), "a date's fallback", 200)
        case kind:
            yield f"a rich text word of type {kind!r}"
    if re.search(r"<!(channel|here|everyone|subteam)", word.get("text") or ""):
        yield "a typed broadcast"


def _slack_users(people: Sequence[str]) -> Faults:
    yield from (f"{person!r} is no user" for person in people if not re.fullmatch(r"[UW][A-Z0-9]{2,}", person))
    yield from _distinct(people, "user")


def _slack_seconds(seconds: object) -> Faults:
    if type(seconds) is not int or not 10**9 <= seconds < 10**10:
        yield f"{seconds!r} is no timestamp of ten digits"


def _slack_element(element: Payload, kinds: set[str]) -> Faults:  # noqa: C901, PLR0912 - a row a kind
    kind = element.get("type")
    if kind not in kinds:
        yield f"an element of type {kind!r}"
        return
    yield from _length(element.get("action_id"), "action_id", 255)
    if kind == "button":
        yield from _slack_plain(element.get("text"), "a button", 75)
        yield from _length(element.get("value", ""), "a button's value", 2000, 0)
        if "url" in element:
            yield from _length(element["url"], "a button's url", 3000)
            if not re.fullmatch(r"https?://[^\s<>|]+", element["url"]):
                yield "a button's url is no web address"
        if element.get("style", "primary") not in {"primary", "danger"}:
            yield "an unknown style"
    if "placeholder" in element:
        yield from _slack_plain(element["placeholder"], "a placeholder", 150)
    if kind in {"static_select", "radio_buttons", "checkboxes"}:
        options = element.get("options", [])
        yield from _count(options, "options", 1, 100 if kind == "static_select" else 10)
        yield from _distinct((option["value"] for option in options), "option value")
        for option in options:
            yield from _slack_plain(option.get("text"), "an option", 75)
            yield from _length(option.get("value"), "an option's value", 150)
        initial = element.get("initial_options", [element["initial_option"]] if "initial_option" in element else None)
        if initial is not None and (not initial or any(option not in options for option in initial)):
            yield "an initial option that is no option"
    elif kind == "plain_text_input":
        most = element.get("max_length", 3000)
        if not 1 <= most <= 3000:
            yield f"max_length {most}, not 1 to 3000"
        yield from _length(element.get("initial_value", "x"), "initial_value", most)
    elif kind == "users_select" and "initial_user" in element:
        yield from _slack_users([element["initial_user"]])
    elif kind == "multi_users_select" and "initial_users" in element:
        yield from _count(element["initial_users"], "initial_users", 1, element.get("max_selected_items", 100))
        yield from _slack_users(element["initial_users"])
    elif kind == "datepicker" and not re.fullmatch(r"\d{4}-\d\d-\d\d", element.get("initial_date", "2026-05-04")):
        yield "initial_date is no day"
    elif kind == "datetimepicker":
        yield from _slack_seconds(element.get("initial_date_time", 10**9))


# ------------------------------------------------------------------------------------------------ Discord


def discord_message(payload: Payload) -> list[str]:
    return [*_discord_message(payload)]


def _discord_message(payload: Payload) -> Faults:
    yield from _sendable(payload)
    if payload.get("flags") not in DISCORD_FLAGS:
        yield f"flags {payload.get('flags')!r}"
    yield from (f"{key} in a message of components" for key in DISCORD_SHOWN if key in payload)
    nested = [*_discord_nested(payload.get("components", []))]
    yield from _count(nested, "components", 1, 40)
    yield from _distinct((one["custom_id"] for one in nested if "custom_id" in one), "custom_id")
    letters = sum(units(one.get("content", "")) for one in nested)
    if letters > 4000:
        yield f"{letters} characters of text, more than 4000"
    for component in payload.get("components", []):
        match component.get("type"):
            case 1:
                yield from _discord_row(component["components"])
            case 10:
                yield from _length(component.get("content"), "a text", 4000)
            case 13:
                yield from _discord_file(component.get("file", {}).get("url", ""), payload)
            case kind:
                yield f"a component of type {kind!r}"
    allowed = payload.get("allowed_mentions", {})
    if allowed.get("parse") != []:
        yield "mentions are parsed"
    yield from _discord_users(allowed.get("users", []), 100)


def discord_modal(payload: Payload) -> list[str]:
    return [*_discord_modal(payload)]


def _discord_modal(modal: Payload) -> Faults:
    yield from _sendable(modal)
    yield from _length(modal.get("title"), "title", 45)
    yield from _length(modal.get("custom_id"), "custom_id", 100)
    labels = modal.get("components", [])
    yield from _count(labels, "fields", 1, 5)
    yield from _distinct((label.get("component", {}).get("custom_id") for label in labels), "custom_id")
    for label in labels:
        if label.get("type") != 18:
            yield f"a field of type {label.get('type')!r}"
            continue
        yield from _length(label.get("label"), "a label", 45)
        if "description" in label:
            yield from _length(label["description"], "a description", 100)
        yield from _discord_field(label["component"])


def _discord_nested(components: list[Payload]) -> Iterator[Payload]:
    for component in components:
        yield component
        yield from _discord_nested(component.get("components", []))


def _discord_file(url: str, payload: Payload) -> Faults:
    if url.removeprefix("attachment://") not in [one.get("filename") for one in payload.get("attachments", [])]:
        yield f"a file {url!r} that does not come along"
    if not re.fullmatch(r"attachment://[A-Za-z0-9._-]+", url):
        yield f"a file called {url!r}"


def _discord_users(people: Sequence[str], most: int) -> Faults:
    yield from _count(people, "users", 0, most)
    yield from _distinct(people, "user")
    yield from (
        f"{person!r} is no user"
        for person in people
        if not re.fullmatch(r"[1-9][0-9]{0,18}", person) or int(person) >= 1 << 63
    )


def _discord_row(row: list[Payload]) -> Faults:
    yield from _count(row, "buttons in a row", 1, 5)
    if len(row) > 1 and any(one.get("type") == 3 for one in row):
        yield "a menu beside something else"
    for one in row:
        if one.get("type") == 3:
            yield from _length(one.get("custom_id"), "custom_id", 100)
            yield from _length(one.get("placeholder", "x"), "a placeholder", 150)
            yield from _discord_options(one["options"], 1, 25)
        elif one.get("type") == 2:
            yield from _length(one.get("label"), "a button", 80)
            if one.get("style") == 5:
                yield from _length(one.get("url"), "a button's url", 512)
                if "custom_id" in one or not re.fullmatch(r"https?://[^\s<>|]+", one.get("url", "")):
                    yield "a link that is no web address"
            else:
                yield from _length(one.get("custom_id"), "custom_id", 100)
                if one.get("style") not in {1, 2, 3, 4}:
                    yield "an unknown style"
        else:
            yield f"in a row a component of type {one.get('type')!r}"


def _discord_options(options: list[Payload], least: int, most: int) -> Faults:
    yield from _count(options, "options", least, most)
    # Whether blanks around a value survive is nowhere written, so values must differ without them.
    yield from _distinct((option.get("value", "").strip() for option in options), "option value")
    for option in options:
        yield from _length(option.get("label"), "an option", 100)
        yield from _length(option.get("value"), "an option's value", 100)


def _discord_field(field: Payload) -> Faults:
    yield from _length(field.get("custom_id"), "custom_id", 100)
    options = field.get("options", [])
    least, most = field.get("min_values", 1), field.get("max_values", 1)
    match field.get("type"):
        case 4:
            yield from _discord_typed(field)
        case 5:
            if not 0 <= least <= most <= 25:
                yield f"{least} to {most} people, not within 0 to 25"
            yield from _discord_users([one["id"] for one in field.get("default_values", [])], most)
        case 21:
            yield from _discord_options(options, 2, 10)
            if sum(option.get("default", False) for option in options) > 1:
                yield "two defaults where one can be chosen"
        case 22:
            yield from _discord_options(options, 1, 10)
            if not 0 <= least <= most <= len(options):
                yield f"{least} to {most} of {len(options)} options"
        case kind:
            yield f"a field of type {kind!r}"
    if least == 0 and field.get("required", True):
        yield "nothing may be chosen, but something must"


def _discord_typed(field: Payload) -> Faults:
    longest = field.get("max_length", 4000)
    if not 1 <= longest <= 4000:
        yield f"max_length {longest}, not 1 to 4000"
    yield from _length(field.get("value", "x"), "a value", longest)
    yield from _length(field.get("placeholder", "x"), "a placeholder", 100)
    if field.get("style") not in {1, 2}:
        yield "an unknown style"
    if field.get("style") == 1 and "\n" in field.get("value", ""):
        yield "two lines in a field of one"
