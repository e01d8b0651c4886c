"""Going, maybe, can't: one tap, to be changed until it begins; from then on what people said stands."""

from __future__ import annotations

from bot.chat import Answer, Whisper
from bot.tables import Gathering, Rsvp
from bot.turn import Turn
from rituals.gathering import rsvp_messages as messages
from rituals.gathering.answered import Counts, counts
from rituals.gathering.declaration import ritual
from rituals.gathering.forecasting import forecast_words
from rituals.gathering.gatherings import find, occurrence_of, show_card
from rituals.gathering.reminding import settle_reminders, spoken_reminders
from rituals.gathering.seats import KEPT, ahead_of, find_answer, hosts_of, is_open, seats_free
from rituals.gathering.shown import show
from rituals.gathering.waiting import NOT_KEPT, close_offer, fill_places, keep_looking, owed

__all__ = ["Counts", "counts", "forecast_words", "owed"]

NOT_THERE = Whisper("This gathering is not there any more.")
CALLED_OFF = Whisper("This gathering was called off, so there is nothing to answer any more.")


@ritual.press("going")
def say_going(turn: Turn) -> Answer:
    """Note that somebody means to come; where all places are taken they wait for one."""
    return _answer(turn, "going")


@ritual.press("maybe")
def say_maybe(turn: Turn) -> Answer:
    """Note that somebody may come."""
    return _answer(turn, "maybe")


@ritual.press("cant")
def say_cant(turn: Turn) -> Answer:
    """Note that somebody can't come, or can't after all."""
    return _answer(turn, "cant")


@ritual.press("take-place")
def take_place(turn: Turn) -> Answer:
    """Take the place that was offered, if it is still kept."""
    gathering = find(turn, turn.about)
    row = find_answer(turn, gathering, turn.who) if gathering is not None else None
    if gathering is not None and is_open(turn, gathering) and (row is None or row.answer not in KEPT):
        return NOT_KEPT
    return _answer(turn, "going")


def _answer(turn: Turn, wanted: str) -> Whisper:
    gathering = find(turn, turn.about)
    if gathering is None:
        return NOT_THERE
    if gathering.state == "cancelled":
        return CALLED_OFF
    if not is_open(turn, gathering):
        return messages.begun(show(turn, gathering))
    fill_places(turn, gathering)  # whoever left, or let an offer pass, has no place any more
    row = find_answer(turn, gathering, turn.who)
    was = row.answer if row is not None else ""
    said = _find_place(turn, gathering, was) if wanted == "going" else wanted
    if said != was:
        _change(turn, gathering, row, said)
    # An intention and a sign of life, whatever the answer; which one it was is not in the ledger.
    occurrence = occurrence_of(turn, gathering)
    turn.record("rsvp", once=f"rsvp:{occurrence.id}:{turn.who.id}", occurrence=occurrence)
    show_card(turn, gathering)
    counts_places = gathering.capacity is not None and turn.who.id not in hosts_of(gathering)
    return _say(turn, gathering, said, freed=counts_places and was in KEPT)


def _find_place(turn: Turn, gathering: Gathering, was: str) -> str:
    """Decide whether somebody who wants to come has a place, or waits for one."""
    if was in KEPT or turn.who.id in hosts_of(gathering):
        return "going"
    # A place that is free after all who wait were asked is anybody's.
    free = seats_free(turn, gathering)
    return "going" if free is None or free > 0 else "waiting"


def _change(turn: Turn, gathering: Gathering, row: Rsvp | None, said: str) -> None:
    was = row.answer if row is not None else ""
    if row is None:
        row = Rsvp(gathering_id=gathering.id, member_id=turn.who.id)
        turn.db.add(row)
    elif was == "offered":
        shown = show(turn, gathering)
        taken = messages.offer_taken(shown, turn.action)
        passed = messages.offer_settled(shown, "You passed this place on.")
        close_offer(turn, gathering, row, turn.who, taken if said == "going" else passed)
    row.answer = said
    row.at = turn.now
    turn.db.flush()
    if was == "going":
        settle_reminders(turn, gathering, turn.who, "You said that you are not coming, or not for sure.")
    if was in KEPT:
        fill_places(turn, gathering)
    if said == "waiting":
        keep_looking(turn, gathering)


def _say(turn: Turn, gathering: Gathering, said: str, *, freed: bool) -> Whisper:
    shown = show(turn, gathering)
    match said:
        case "going":
            return messages.going(
                shown,
                turn.action,
                host=gathering.capacity is not None and turn.who.id in hosts_of(gathering),
                reminders=spoken_reminders(turn, gathering, turn.who),
                calendar="calendar" in turn.ritual.presses,
            )
        case "maybe":
            return messages.maybe(shown, turn.action, freed=freed)
        case "cant":
            return messages.cant(shown, turn.action, freed=freed, hosts=turn.who.id in hosts_of(gathering))
    row = find_answer(turn, gathering, turn.who)
    return messages.waiting(shown, ahead_of(turn, gathering, row) if row is not None else 0, turn.action)
