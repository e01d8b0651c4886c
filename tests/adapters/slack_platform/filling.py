"""Filling in a modal as Slack's client lets somebody: what each input takes, and how Slack writes it down."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from adapters.playground.refusals import Answers, refuse
from tests.adapters.slack_platform.refusing import Json


def fill_in(view: Json, answers: Answers, *, native: Callable[[str], str], zone: str) -> Json:
    """Give ``view.state.values``: by block, then by action, what stands in each input."""
    values: Json = {}
    for block in view["blocks"]:
        if block["type"] == "input":
            element = block["element"]
            answer = answers.get(element["action_id"], "")
            value = _value(element, answer, label=block["label"]["text"], native=native, zone=zone)
            values.setdefault(block["block_id"], {})[element["action_id"]] = {"type": element["type"], **value}
    return values


def _value(
    element: Json, answer: str | tuple[str, ...], *, label: str, native: Callable[[str], str], zone: str
) -> Json:
    picks = (answer,) if isinstance(answer, str) and answer else tuple(answer)
    name = element["action_id"]
    match element["type"]:
        case "radio_buttons" | "static_select":
            return {"selected_option": _picked(element, picks)[0] if picks else None}
        case "checkboxes":
            return {"selected_options": _picked(element, picks)}
        case "users_select":
            return {"selected_user": native(picks[0]) if picks else None}
        case "multi_users_select":
            return {"selected_users": [native(one) for one in picks]}
        case "datepicker":
            day = _moment(str(answer), label, name, zone)
            return {"selected_date": day.date().isoformat() if day else None}
        case "datetimepicker":
            moment = _moment(str(answer), label, name, zone)
            return {"selected_date_time": int(moment.timestamp()) if moment else None}
    return {"value": str(answer) or None}


def _picked(element: Json, picks: tuple[str, ...]) -> list[Json]:
    return [one for one in element["options"] if one["value"] in picks]


def _moment(words: str, label: str, name: str, zone: str) -> datetime | None:
    """Slack has pickers for days and times, where nobody can type; without a zone it is the person's own."""
    if not words:
        return None
    try:
        moment = datetime.fromisoformat(words)
    except ValueError:
        refuse(True, f"“{label}” is picked from a calendar.", field=name)
        raise
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))
