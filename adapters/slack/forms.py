"""Forms in Slack: where they were opened, what was typed into them, and showing them again with what is wrong.

A form carries its place in its private_metadata: https://docs.slack.dev/reference/views/modal-views
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from adapters.slack.render import render_form
from bot.chat import Form, Problems

Json = dict[str, Any]
Answers = dict[str, str | tuple[str, ...]]

HINT_MOST = 2000
_CHANNEL = re.compile(r"[CGD][A-Z0-9_]{2,30}")
_TS = re.compile(r"\d{10}\.\d{6}")

# What a picker holds, and where a new form begins with it: https://docs.slack.dev/reference/block-kit/block-elements
_BEGINS_WITH = {
    "plain_text_input": ("value", "initial_value"),
    "datepicker": ("selected_date", "initial_date"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "radio_buttons": ("selected_option", "initial_option"),
    "checkboxes": ("selected_options", "initial_options"),
    "users_select": ("selected_user", "initial_user"),
    "multi_users_select": ("selected_users", "initial_users"),
}


@dataclass(frozen=True, slots=True)
class Where:
    """Where a form was opened: a channel and perhaps a thread, or the App Home; neither means in private."""

    channel: str = ""
    thread: str = ""
    home: bool = False


def form_view(form: Form, where: Where) -> Json:
    """Give the form as Slack opens it, with where it was opened."""
    kept = {"channel": where.channel, "thread": where.thread, "home": where.home}
    return {**render_form(form), "private_metadata": json.dumps({key: value for key, value in kept.items() if value})}


def read_where(view: Mapping[str, Any]) -> Where:
    """Read where a form was opened. Anything may come back from a person's device."""
    try:
        kept = json.loads(view.get("private_metadata") or "{}")
        channel, thread, home = (kept.get(key) for key in ("channel", "thread", "home"))
    except (ValueError, AttributeError):
        return Where()
    return Where(
        channel if isinstance(channel, str) and _CHANNEL.fullmatch(channel) else "",
        thread if isinstance(thread, str) and _TS.fullmatch(thread) else "",
        home is True,
    )


def read_answers(view: Mapping[str, Any]) -> Answers:
    """Read what was filled in: a string for words and moments, a tuple for what was chosen."""
    typed = ((view.get("state") or {}).get("values") or {}).items()
    return {block: _answer(state) for block, fields in typed for state in fields.values()}


def field_names(view: Mapping[str, Any]) -> tuple[str, ...]:
    """List a form's fields in the order in which they stand."""
    return tuple(block["block_id"] for block in view.get("blocks") or () if block.get("type") == "input")


def _answer(state: Mapping[str, Any]) -> str | tuple[str, ...]:
    match state.get("type"):
        case "datepicker":
            return state.get("selected_date") or ""
        case "datetimepicker":
            seconds = state.get("selected_date_time")
            return datetime.fromtimestamp(seconds, UTC).isoformat() if isinstance(seconds, int) else ""
        case "radio_buttons" | "static_select":
            chosen = state.get("selected_option")
            return (chosen["value"],) if chosen else ()
        case "checkboxes":
            return tuple(option["value"] for option in state.get("selected_options") or ())
        case "users_select":
            return (state["selected_user"],) if state.get("selected_user") else ()
        case "multi_users_select":
            return tuple(state.get("selected_users") or ())
        case _:
            return state.get("value") or ""


# ------------------------------------------------------------------------------------------------ after the time was up


def said_view(view: Mapping[str, Any], sentence: str) -> Json:
    """Show a sentence where the form was."""
    words = {"type": "rich_text_section", "elements": [{"type": "text", "text": sentence}]}
    return {
        "type": "modal",
        "title": view["title"],
        "close": {"type": "plain_text", "text": "Close", "emoji": True},
        "blocks": [{"type": "rich_text", "elements": [words]}],
    }


def filled_again(view: Mapping[str, Any], problems: Problems) -> Json:
    """Show a form again as it was sent, each problem below its field.

    Slack takes problems only within three seconds; later they stand where the hints are.
    """
    names = field_names(view)
    wrong: dict[str, list[str]] = {}
    for field, sentence in problems.sentences:
        wrong.setdefault(field if field in names else names[0], []).append(sentence)
    values = (view.get("state") or {}).get("values") or {}
    return {
        **{key: view[key] for key in ("type", "callback_id", "title", "submit", "private_metadata") if view.get(key)},
        "blocks": [_filled(block, values, wrong) for block in view["blocks"]],
    }


def _filled(block: Json, values: Mapping[str, Any], wrong: Mapping[str, list[str]]) -> Json:
    if block.get("type") != "input":
        return block
    name = block["block_id"]
    element = {key: value for key, value in block["element"].items() if not key.startswith("initial_")}
    held, begins = _BEGINS_WITH.get(element["type"], ("", ""))
    value = ((values.get(name) or {}).get(element["action_id"]) or {}).get(held)
    if value not in (None, "", []):
        element[begins] = value
    shown: Json = {**block, "element": element}
    if name in wrong:
        hint = (block.get("hint") or {}).get("text", "")
        told = "\n".join([*(f"⚠️ {sentence}" for sentence in wrong[name]), *([hint] if hint else [])])
        shown["hint"] = {"type": "plain_text", "text": told[:HINT_MOST], "emoji": True}
    return shown
