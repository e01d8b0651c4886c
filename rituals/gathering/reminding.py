"""Reminding those who are going, in private: a day before by the clock on the wall, and an hour before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bot.chat import Answer, Whisper
from bot.moments import find_instant
from bot.people import away_ids
from bot.quiet import read_quiet_hours
from bot.tables import Gathering, Member, Post
from bot.turn import Turn, read_number
from rituals.gathering import rsvp_messages as messages
from rituals.gathering.declaration import ritual
from rituals.gathering.gatherings import find
from rituals.gathering.seats import answers, find_answer, is_open
from rituals.gathering.shown import show
from rituals.gathering.waiting import end_waiting, note_move

HOUR_BEFORE = timedelta(hours=1)
# Whoever answered so lately need not be reminded.
FRESH = {"day": timedelta(hours=3), "hour": timedelta(hours=1)}
# From then on the reminder of the day before would only come on top of the other one.
DAY_UNTIL = timedelta(hours=3)


def day_before(starts_at: datetime, *, zone: str) -> datetime:
    """Find the same time of day on the day before, by the clocks of the place: it may be 23 or 25 hours earlier."""
    wall = starts_at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    return find_instant(wall - timedelta(days=1), zone=zone)


def plan_reminders(turn: Turn, gathering: Gathering) -> None:
    """Set the times of the reminders of a gathering that was announced, or move them with it."""
    times = {"day": day_before(gathering.starts_at, zone=turn.zone), "hour": gathering.starts_at - HOUR_BEFORE}
    for which, at in times.items():
        if at > turn.now and is_open(turn, gathering):
            turn.later(at, f"remind-{which}", gathering.id)
        else:
            turn.cancel(f"remind-{which}", gathering.id)
    for key, state, member in _sent(turn, gathering):
        still = next((one for one in FRESH if _key(turn, gathering, member, one) == key), None)
        if still is None:
            _settle(turn, gathering, member, key, "It was moved.")
        elif state in ("wanted", "shown") and _is_going(turn, gathering, member):
            _send(turn, gathering, member, still)
    note_move(turn, gathering)


def unplan_reminders(turn: Turn, gathering: Gathering) -> None:
    """Remind nobody of a gathering that was called off, not even by what could not be delivered until now."""
    for which in ("day", "hour"):
        turn.cancel(f"remind-{which}", gathering.id)
    end_waiting(turn, gathering)
    for key, _, member in _sent(turn, gathering):
        _settle(turn, gathering, member, key, "It was called off.")


def spoken_reminders(turn: Turn, gathering: Gathering, member: Member) -> str:
    """Say when somebody who says yes now is reminded, or '' for never."""
    if not member.reminders or member.opted_out:
        return ""
    day = day_before(gathering.starts_at, zone=turn.zone)
    said = ["a day"] if member.id != gathering.host_id and day - turn.now >= FRESH["day"] else []
    said += ["an hour"] if gathering.starts_at - HOUR_BEFORE - turn.now >= FRESH["hour"] else []
    return f"{' and '.join(said)} before" if said else ""


# ------------------------------------------------------------------------------------------------ ringing


@ritual.timer("remind-day")
def remind_a_day_before(turn: Turn) -> None:
    """Remind those who are going; whoever has quiet hours now is reminded when these end."""
    gathering = find(turn, turn.about)
    if gathering is None:
        return
    for member in _to_remind(turn, gathering, "day"):
        waits_until = turn.quiet_until(member)
        if waits_until <= turn.now:
            _send(turn, gathering, member, "day")
        elif waits_until <= gathering.starts_at - DAY_UNTIL:
            # A message that only waited would also reach who says in the night that they can't.
            turn.later(waits_until, "remind-one", f"{gathering.id}/{member.id}")


@ritual.timer("remind-one")
def remind_after_quiet_hours(turn: Turn) -> None:
    """Remind one person in the morning, if they still mean to come and it still takes place then."""
    written, _, member_id = turn.about.partition("/")
    gathering, number = find(turn, written), read_number(member_id)
    if gathering is None or turn.now < day_before(gathering.starts_at, zone=turn.zone):
        return
    for member in _to_remind(turn, gathering, "day"):
        if member.id == number:
            _send(turn, gathering, member, "day")


@ritual.timer("remind-hour")
def remind_an_hour_before(turn: Turn) -> None:
    """Remind those who are going; early in the morning, too, where they chose to get up for it."""
    gathering = find(turn, turn.about)
    if gathering is None:
        return
    quiet = read_quiet_hours(turn.movement.quiet_hours)
    for member in _to_remind(turn, gathering, "hour"):
        asleep = turn.quiet_until(member) > turn.now
        if not asleep or quiet is None or not quiet.covers(gathering.starts_at, member.zone or turn.zone):
            _send(turn, gathering, member, "hour")


def _to_remind(turn: Turn, gathering: Gathering, which: str) -> list[Member]:
    """List who is going and may be reminded of it: nobody who is away, and nobody who said so only just now."""
    least = DAY_UNTIL if which == "day" else timedelta()
    if not is_open(turn, gathering) or gathering.starts_at - turn.now < least:
        return []
    there = [
        member
        for row, member in answers(turn, gathering, "going")
        if row.at <= turn.now - FRESH[which]
        and member.reminders
        and not member.opted_out
        # Whoever hosts it is asked the day before whether it stands.
        and not (which == "day" and member.id == gathering.host_id)
    ]
    away = away_ids(turn.db, [member.id for member in there], at=turn.now)
    return [member for member in there if member.id not in away]


def _is_going(turn: Turn, gathering: Gathering, member: Member) -> bool:
    row = find_answer(turn, gathering, member)
    return row is not None and row.answer == "going"


def _send(turn: Turn, gathering: Gathering, member: Member, which: str) -> None:
    view = messages.reminder(turn.movement.name, show(turn, gathering), turn.action, soon=which == "hour")
    at_once = which == "hour"  # a time that they chose themselves, by saying that they come
    turn.dm(member, _key(turn, gathering, member, which), view, about=str(gathering.id), at_once=at_once)


def _key(turn: Turn, gathering: Gathering, member: Member, which: str) -> str:
    """Name a reminder. Of another day there is another one, and an hour before another time, too."""
    day = f"{gathering.starts_at.astimezone(ZoneInfo(turn.zone)):%Y%m%d}"
    instant = f"{gathering.starts_at.astimezone(UTC):%Y%m%d%H%M}"
    return f"remind-{which}:{gathering.id}:{member.id}:{day if which == 'day' else instant}"


# ------------------------------------------------------------------------------------------------ no more of it


def settle_reminders(turn: Turn, gathering: Gathering, member: Member, said: str) -> None:
    """Take back what reminded somebody, or its buttons off where they have seen it."""
    turn.cancel("remind-one", f"{gathering.id}/{member.id}")
    for which in FRESH:
        _settle(turn, gathering, member, _key(turn, gathering, member, which), said)


def _sent(turn: Turn, gathering: Gathering) -> list[tuple[str, str, Member]]:
    """List the reminders of a gathering that there are, as key, state and whom they remind."""
    start = f"{ritual.name}:remind-"
    sent = turn.db.execute(
        select(Post.key, Post.state, Member)
        .join(Member, (Member.person == Post.person) & (Member.movement_id == Post.movement_id))
        .where(
            Post.movement_id == turn.movement.id,
            Post.ritual == ritual.name,
            Post.about == str(gathering.id),
            Post.key.startswith(start),
        )
    )
    return [(key.removeprefix(f"{ritual.name}:"), state, member) for key, state, member in sent]


def _settle(turn: Turn, gathering: Gathering, member: Member, key: str, said: str) -> None:
    turn.withdraw(key)
    turn.dm(member, key, messages.offer_settled(show(turn, gathering), said), about=str(gathering.id))


@ritual.press("quiet")
def switch_off(turn: Turn) -> Answer:
    """Switch somebody's reminders off, from a reminder or from the answer to their yes."""
    turn.who.reminders = False
    return Whisper(
        "I won't remind you any more, neither of gatherings nor of promises and check-ins. What you said about coming "
        "stands. /remind switches reminders on again."
    )
