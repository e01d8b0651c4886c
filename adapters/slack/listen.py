"""What happens in Slack, read as events; pure functions of what Slack sends.

The payloads: https://docs.slack.dev/reference/interaction-payloads and https://docs.slack.dev/reference/events
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, TypedDict

from adapters.slack.forms import read_answers, read_where
from adapters.slack.words import plain_words
from bot.chat import (
    Action,
    Changed,
    Commanded,
    Event,
    Joined,
    Left,
    Looked,
    Person,
    Place,
    Pressed,
    Reacted,
    Said,
    Submitted,
    ViewError,
)

Json = dict[str, Any]
PLATFORM = "slack"
SLACKBOT = "USLACKBOT"

# A message of any other kind tells of something that we hear of elsewhere, or of a message that was changed or deleted.
SAYING = {"", "file_share", "thread_broadcast", "me_message"}


class _Happening(TypedDict):
    id: str
    who: Person
    place: Place
    at: datetime


def place_of(workspace: str, channel: str, person: str, *, thread: str = "", message: str = "") -> Place:
    """Say where something happened. A message whose thread is its own starts one, and stands in the channel itself."""
    under = "" if thread == message else thread
    if channel.startswith("D") or not channel:
        return Place(PLATFORM, workspace, thread=under, person=person)
    return Place(PLATFORM, workspace, channel, under)


def moment_of(ts: object, *, otherwise: datetime) -> datetime:
    """Read Slack's time stamps: seconds since 1970 with six decimals."""
    try:
        return datetime.fromtimestamp(float(str(ts)), UTC)
    except (ValueError, OverflowError, OSError):
        return otherwise


# ------------------------------------------------------------------------------------------------ waiting for an answer


def commanded(body: Json, *, workspace: str, who: Person, now: datetime) -> Commanded:
    """Read '/name words'. Slack never sends one twice; should it, the trigger is the same."""
    return Commanded(
        id=f"slack/{workspace}/command/{body['trigger_id']}",
        who=who,
        place=place_of(workspace, body.get("channel_id", ""), who.id),
        at=now,
        name=body["command"].removeprefix("/").lower(),
        words=(body.get("text") or "").strip(),
    )


def action_of(body: Json) -> Action | None:
    """Read which button or menu was used; nothing for a link, or for what is none of ours."""
    try:
        return Action.decode(body["actions"][0]["action_id"])
    except (ViewError, LookupError, TypeError):
        return None


def pressed(body: Json, *, workspace: str, who: Person, action: Action, now: datetime) -> Pressed:
    """Read a tap on a button or a pick in a menu: on a post, on a whisper, or on the App Home."""
    used: Json = body["actions"][0]
    stands: Json = body.get("container") or {}
    message: Json = body.get("message") or {}
    ts = stands.get("message_ts") or message.get("ts") or ""
    thread = stands.get("thread_ts") or message.get("thread_ts") or ""
    channel = stands.get("channel_id") or (body.get("channel") or {}).get("id") or ""
    lasting = stands.get("type") == "message" and not stands.get("is_ephemeral")
    return Pressed(
        id=f"slack/{workspace}/press/{body.get('trigger_id') or used.get('action_ts')}",
        who=who,
        place=place_of(workspace, channel, who.id, thread=thread, message=ts),
        at=moment_of(used.get("action_ts"), otherwise=now),
        action=action,
        choice=(used.get("selected_option") or {}).get("value", ""),
        message=ts if lasting else "",
    )


def submitted(body: Json, *, workspace: str, who: Person, now: datetime) -> Submitted | None:
    """Read a form that was sent. Where it was opened comes back from the person's device, so it is only a claim."""
    view: Json = body["view"]
    try:
        action = Action.decode(view.get("callback_id", ""))
    except ViewError:
        return None
    where = read_where(view)
    # The view and its hash are the same when a form is sent again with its mistakes mended; the trigger is not.
    sent = body.get("trigger_id") or f"{view['id']}/{view.get('hash', '')}"
    return Submitted(
        id=f"slack/{workspace}/form/{sent}",
        who=who,
        place=place_of(workspace, where.channel, who.id, thread=where.thread),
        at=now,
        action=action,
        answers=read_answers(view),
    )


# ------------------------------------------------------------------------------------------------ what just happens


def actor(event: Json) -> str:
    """Tell who did it; nobody when it is none of our business: what programs write, edits, notices."""
    kind = event.get("type")
    if kind == "message" and (event.get("subtype", "") not in SAYING or event.get("bot_id")):
        return ""
    if kind in {"reaction_added", "reaction_removed"} and (event.get("item") or {}).get("type") != "message":
        return ""
    if kind == "app_home_opened" and event.get("tab") != "home":
        return ""
    user = event.get("user")
    person = user.get("id", "") if isinstance(user, dict) else user
    return "" if person == SLACKBOT else str(person or "")


def happened(body: Json, *, workspace: str, who: Person, name_of: Callable[[str], str], now: datetime) -> Event | None:
    """Read an event of ``actor``'s; nothing when we have no use for its kind."""
    event: Json = body["event"]
    common: _Happening = {
        "id": f"slack/{workspace}/{body.get('event_id') or event.get('event_ts')}",
        "who": who,
        "place": place_of(workspace, str(event.get("channel") or ""), who.id),
        "at": moment_of(event.get("event_ts") or event.get("ts") or body.get("event_time"), otherwise=now),
    }
    match event.get("type"):
        case "message":
            return _said(event, common, name_of)
        case "reaction_added" | "reaction_removed" as kind:
            item: Mapping[str, Any] = event["item"]
            common["place"] = place_of(workspace, item["channel"], who.id)
            return Reacted(**common, message=item["ts"], emoji=event["reaction"], on=kind == "reaction_added")
        case "member_joined_channel":
            return Joined(**common)
        case "member_left_channel":
            return Left(**common)
        case "user_change" | "team_join":
            common["place"] = Place(PLATFORM, workspace)
            return Changed(**common)
        case "app_home_opened":
            common["place"] = Place(PLATFORM, workspace, person=who.id)
            return Looked(**common)
        case _:
            return None


def _said(event: Json, common: _Happening, name_of: Callable[[str], str]) -> Said:
    words = plain_words(event.get("text") or "", name_of=name_of)
    ts, thread = event["ts"], event.get("thread_ts") or ""
    common["place"] = place_of(common["place"].workspace, event["channel"], common["who"].id, thread=thread, message=ts)
    # A picture or a file without a word: that they wrote is all there is to know.
    return Said(**common, words=words, message=ts, unread=not words.strip())
