"""Gatherings of one movement: finding one, showing its card, and telling those who mean to come."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bot.appointments import want
from bot.moments import spoken_clock, spoken_day
from bot.people import ORGANIZERS
from bot.tables import Gathering, Member, Occurrence, Practice, Series
from bot.turn import Turn, read_number
from rituals.gathering import messages
from rituals.gathering.answered import counts
from rituals.gathering.declaration import KINDS
from rituals.gathering.forecasting import forecast_words
from rituals.gathering.messages import Card, Shown
from rituals.gathering.record import read_turnout
from rituals.gathering.times import takes_words
from rituals.gathering.turnout_messages import turnout_words
from rituals.gathering.venues import Where

# Whoever may still come. Those who can't have said so and are left in peace.
COMING = ("going", "maybe", "waiting", "offered")


def find(turn: Turn, about: str) -> Gathering | None:
    """Find a gathering of this movement by the number in an action, which may be any."""
    number = read_number(about)
    if number is None:
        return None
    ours = select(Gathering).where(Gathering.id == number, Gathering.movement_id == turn.movement.id)
    return turn.db.scalar(ours)


def occurrence_of(turn: Turn, gathering: Gathering) -> Occurrence:
    """Find the occurrence that a gathering is."""
    return turn.db.get_one(Occurrence, gathering.occurrence_id)


def may_change(turn: Turn, gathering: Gathering) -> bool:
    """Tell whether who acts may change or cancel it: its hosts, who announced it, who began its kind, organizers."""
    practice = turn.db.get_one(Practice, occurrence_of(turn, gathering).practice_id)
    theirs = (gathering.host_id, gathering.co_host_id, gathering.announced_by_id, practice.owner_id)
    return turn.who.id in theirs or turn.who.role in ORGANIZERS


def publish(turn: Turn, gathering: Gathering) -> None:
    """Tell the channel of a gathering, once."""
    if gathering.shown_at is None:
        gathering.shown_at = turn.now
    show_card(turn, gathering)


def show_card(turn: Turn, gathering: Gathering) -> None:
    """Show a gathering's card as it stands, once its turn has come."""
    if gathering.shown_at is not None:
        want(turn.db, turn.movement, gathering, now=turn.now)
        turn.show(
            card_key(gathering), lambda: messages.card(read_card(turn, gathering), turn.action), about=str(gathering.id)
        )


def read_shown(turn: Turn, gathering: Gathering) -> Shown:
    """Make a gathering ready to be named in a sentence."""
    return Shown(gathering.id, gathering.title, turn.moment(gathering.starts_at), gathering.minutes)


def card_key(gathering: Gathering) -> str:
    """Name the card's post, such as to show something under it."""
    return f"card:{gathering.id}"


def read_card(turn: Turn, gathering: Gathering) -> Card:
    """Gather all that the card shows."""
    over = gathering.state == "over"
    return Card(
        number=gathering.id,
        title=gathering.title,
        kind=KINDS.get(gathering.kind, gathering.kind),
        starts=turn.moment(gathering.starts_at),
        clocks=spoken_clocks(turn, gathering),
        minutes=gathering.minutes,
        where=Where(gathering.place_kind, gathering.place),
        host=name_of(turn, gathering.host_id),
        co_host=name_of(turn, gathering.co_host_id),
        words=gathering.words,
        again=_cadence(turn, gathering),
        capacity=gathering.capacity,
        counts=counts(turn, gathering),
        forecast="" if over else forecast_words(turn, gathering),
        state=gathering.state,
        turnout=turnout_words(read_turnout(turn, gathering)) if over else "",
        takes_words=takes_words(gathering, turn.now),
        why=gathering.why,
        mobilizing=gathering.purpose == "mobilizing",
        notes=name_of(turn, gathering.note_taker_id),
    )


def spoken_clocks(turn: Turn, gathering: Gathering) -> str:
    """Say from when to when it is by the movement's own clocks: 'Mon 2 November, 18:00 to 19:30 (Europe/Berlin)'."""
    start = gathering.starts_at.astimezone(ZoneInfo(turn.zone))
    end = (gathering.starts_at + timedelta(minutes=gathering.minutes)).astimezone(ZoneInfo(turn.zone))
    day = spoken_day(start.date(), now=turn.now, zone=turn.zone)
    return f"{day}, {spoken_clock(start.time())} to {spoken_clock(end.time())} ({turn.zone})"


def name_of(turn: Turn, member_id: int | None) -> str:
    """Name somebody who is in the movement; '' for nobody and for who has left."""
    member = turn.db.get(Member, member_id) if member_id is not None else None
    there = member is not None and member.left_at is None and member.movement_id == turn.movement.id
    return member.name if member is not None and there else ""


def _cadence(turn: Turn, gathering: Gathering) -> str:
    series = turn.db.get(Series, gathering.series_id) if gathering.series_id is not None else None
    return series.cadence if series is not None and series.until is None else ""
