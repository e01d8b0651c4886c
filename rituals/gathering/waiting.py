"""The wait-list: a free place is offered in private to whoever waits longest, and after a while to the next."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import func, select

from bot.chat import Answer, Message, Part, Whisper
from bot.people import away_ids
from bot.tables import Gathering, Member, Rsvp, Timer
from bot.turn import Turn, read_number
from rituals.gathering import rsvp_messages as messages
from rituals.gathering.answered import counts
from rituals.gathering.declaration import ritual
from rituals.gathering.gatherings import find, show_card
from rituals.gathering.seats import (
    answers,
    find_answer,
    free_seats_of_leavers,
    hosts_of,
    is_open,
    keep_until,
    seats_free,
    seats_taken,
)
from rituals.gathering.shown import show

# A ritual does not hear of who leaves, so while people wait it is looked now and then whether somebody has.
LOOK_AGAIN = timedelta(hours=1)
# One who was offered a place is told of it this long before the start, or not at all.
IN_TIME = timedelta(minutes=5)
SHOWN_MOST = 3
_MOMENT = timedelta(milliseconds=1)
NOT_KEPT = Whisper("This place is not kept for you any more. To come all the same, tap Going at the gathering.")


def fill_places(turn: Turn, gathering: Gathering) -> None:
    """Offer every free place to those who wait for one; whatever took or freed a place calls this."""
    if not is_open(turn, gathering):
        return
    if gathering.capacity is not None:
        free_seats_of_leavers(turn, gathering)
    for row, member in answers(turn, gathering, "offered"):
        if row.offered_until is None or row.offered_until <= turn.now:
            _let_lapse(turn, gathering, row, member)
    _seat_hosts(turn, gathering)
    free = seats_free(turn, gathering)
    if free is not None and free <= 0:
        return
    waiting = answers(turn, gathering, "waiting")
    away = away_ids(turn.db, [member.id for _, member in waiting], at=turn.now)
    for row, member in waiting:
        if free is not None and free <= 0:
            break
        if member.id in away or turn.quiet_until(member) > gathering.starts_at - IN_TIME:
            continue  # they cannot be asked now, and stay where they are in the line
        _offer(turn, gathering, row, member)
        free = free - 1 if free is not None else None


def keep_looking(turn: Turn, gathering: Gathering) -> None:
    """Look now and then whether a place is free, for as long as somebody waits."""
    if counts(turn, gathering).waiting:
        turn.later(LOOK_AGAIN, "places", gathering.id)


def _seat_hosts(turn: Turn, gathering: Gathering) -> None:
    """Whoever waited and hosts it now needs no place any more."""
    for row, member in answers(turn, gathering, "waiting", "offered", among=hosts_of(gathering)):
        close_offer(turn, gathering, row, member, messages.offer_settled(show(turn, gathering), "You host it now."))
        row.answer = "going"
        turn.db.flush()


def waits_first(turn: Turn, gathering: Gathering, hosted: Collection[int]) -> bool:
    """Let those who host it no more be the first to wait, where all places are taken: hosting, they took none.

    Tells whether who acts is among them; the others are told in private.
    """
    turn.db.flush()
    if gathering.capacity is None or not is_open(turn, gathering):
        return False
    free_seats_of_leavers(turn, gathering)
    found = False
    for row, member in answers(turn, gathering, "going", among=set(hosted) - hosts_of(gathering)):
        if seats_taken(turn, gathering) <= gathering.capacity:
            continue
        line = select(func.min(Rsvp.at)).where(Rsvp.gathering_id == gathering.id, Rsvp.answer == "waiting")
        first = turn.db.scalar(line)
        row.answer = "waiting"
        row.at = min(first - _MOMENT, turn.now) if first is not None else turn.now
        turn.db.flush()
        keep_looking(turn, gathering)
        if member is turn.who_:
            found = True
        else:
            view = messages.hosts_no_more(turn.movement.name, show(turn, gathering), turn.action)
            key = f"unseated:{gathering.id}:{member.id}:{gathering.revision}"
            turn.dm(member, key, view, about=str(gathering.id))
    return found


def _offer(turn: Turn, gathering: Gathering, row: Rsvp, member: Member) -> None:
    told_at = turn.quiet_until(member)
    row.answer = "offered"
    row.offered_until = keep_until(told_at, gathering.starts_at)
    turn.db.flush()
    about = _about(gathering, member)
    turn.later(row.offered_until, "lapse", about)
    if told_at > turn.now:
        # A message that only waited would not know whether the place is still kept for them by then.
        turn.later(told_at, "offer", about)
    else:
        _tell(turn, gathering, row, member)


def _tell(turn: Turn, gathering: Gathering, row: Rsvp, member: Member) -> None:
    if row.offered_until is not None:
        until = turn.moment(row.offered_until)
        view = messages.offer(turn.movement.name, show(turn, gathering), until, turn.action)
        turn.dm(member, _key(gathering, row), view, about=str(gathering.id))


def _let_lapse(turn: Turn, gathering: Gathering, row: Rsvp, member: Member) -> None:
    """Take an offer back that was not answered: whoever still wants to come taps again."""
    close_offer(turn, gathering, row, member, messages.offer_lapsed(show(turn, gathering)))
    turn.db.delete(row)
    turn.db.flush()


def close_offer(turn: Turn, gathering: Gathering, row: Rsvp, member: Member, instead: Message) -> None:
    """Take the buttons off an offer that was made, and the offer itself back where nobody has seen it."""
    for verb in ("offer", "lapse"):
        turn.cancel(verb, _about(gathering, member))
    if row.offered_until is not None:
        turn.withdraw(_key(gathering, row))
        turn.dm(member, _key(gathering, row), instead, about=str(gathering.id))
    row.offered_until = None


def _about(gathering: Gathering, member: Member) -> str:
    return f"{gathering.id}/{member.id}"


def _key(gathering: Gathering, row: Rsvp) -> str:
    """Name an offer's message: whoever waits a second time is asked a second time."""
    return f"offer:{gathering.id}:{row.member_id}:{row.at:%Y%m%d%H%M%S%f}"


# ------------------------------------------------------------------------------------------------ times and changes


def _find_offer(turn: Turn) -> tuple[Gathering, Rsvp, Member] | None:
    written, _, member_id = turn.about.partition("/")
    gathering, number = find(turn, written), read_number(member_id)
    if gathering is None or number is None:
        return None
    return next(((gathering, row, who) for row, who in answers(turn, gathering, "offered") if who.id == number), None)


@ritual.timer("offer")
def tell_after_quiet_hours(turn: Turn) -> None:
    """Offer a place to somebody who was asleep when it was freed."""
    found = _find_offer(turn)
    if found is not None and is_open(turn, found[0]):
        _tell(turn, *found)


@ritual.timer("lapse")
def lapse(turn: Turn) -> None:
    """Pass a place on that nobody took; at the start its offer ends, and what was answered stands still."""
    found = _find_offer(turn)
    if found is None:
        return
    gathering, row, member = found
    if is_open(turn, gathering):
        fill_places(turn, gathering)
        show_card(turn, gathering)
    else:
        close_offer(turn, gathering, row, member, messages.offer_lapsed(show(turn, gathering)))


@ritual.timer("places")
def look_again(turn: Turn) -> None:
    """Look whether somebody has left, or is back, while others wait."""
    gathering = find(turn, turn.about)
    if gathering is not None and is_open(turn, gathering):
        fill_places(turn, gathering)
        keep_looking(turn, gathering)
        show_card(turn, gathering)


def note_capacity(turn: Turn, gathering: Gathering) -> str:
    """Offer what a new number of places has made free; gives what its host should know, or ''."""
    fill_places(turn, gathering)
    taken = seats_taken(turn, gathering)
    if gathering.capacity is None or taken <= gathering.capacity:
        return ""
    return f"{taken} people have a place already. Nobody loses theirs; a new one is given when there is room again."


def note_move(turn: Turn, gathering: Gathering) -> None:
    """Keep the open offers of a gathering true that was moved, or changed otherwise."""
    for row, member in answers(turn, gathering, "offered"):
        if row.offered_until is not None and row.offered_until > gathering.starts_at:
            row.offered_until = gathering.starts_at
            turn.later(row.offered_until, "lapse", _about(gathering, member))
        if not _waits_for_morning(turn, gathering, member):
            _tell(turn, gathering, row, member)
    fill_places(turn, gathering)


def _waits_for_morning(turn: Turn, gathering: Gathering, member: Member) -> bool:
    """Tell whether somebody is still to be told of their offer, when their quiet hours end."""
    its = (Timer.verb == "offer") & (Timer.about == _about(gathering, member))
    ours = select(Timer.id).where(Timer.movement_id == turn.movement.id, Timer.ritual == ritual.name, its)
    return turn.db.scalar(ours) is not None


def end_waiting(turn: Turn, gathering: Gathering) -> None:
    """Offer no place any more at a gathering that was called off."""
    turn.cancel("places", gathering.id)
    settled = messages.offer_settled(show(turn, gathering), "It was called off.")
    for row, member in answers(turn, gathering, "offered"):
        close_offer(turn, gathering, row, member, settled)


# ------------------------------------------------------------------------------------------------ what people see


@ritual.press("pass-place")
def pass_on(turn: Turn) -> Answer:
    """Let the place go that was offered; it is the next one's."""
    gathering = find(turn, turn.about)
    row = find_answer(turn, gathering, turn.who) if gathering is not None else None
    if gathering is None or row is None or row.answer != "offered" or not is_open(turn, gathering):
        return NOT_KEPT
    shown = show(turn, gathering)
    close_offer(turn, gathering, row, turn.who, messages.offer_settled(shown, "You passed this place on."))
    row.answer = "cant"
    row.at = turn.now
    turn.db.flush()
    fill_places(turn, gathering)
    show_card(turn, gathering)
    return messages.cant(shown, turn.action, freed=True)


@ritual.press("leave-line")
def leave_line(turn: Turn) -> Answer:
    """Wait no more for a place; nothing is said about coming then."""
    gathering = find(turn, turn.about)
    row = find_answer(turn, gathering, turn.who) if gathering is not None else None
    if gathering is None or row is None or row.answer != "waiting" or not is_open(turn, gathering):
        return Whisper("You are not waiting for a place there.")
    turn.db.delete(row)
    turn.db.flush()
    fill_places(turn, gathering)
    show_card(turn, gathering)
    return messages.left_line(show(turn, gathering), turn.action)


def owed(turn: Turn) -> tuple[Part, ...]:
    """Show somebody on their own page the places that are kept for them."""
    kept = turn.db.execute(
        select(Gathering, Rsvp.offered_until)
        .join(Rsvp, Rsvp.gathering_id == Gathering.id)
        .where(
            Rsvp.member_id == turn.who.id,
            Rsvp.answer == "offered",
            Rsvp.offered_until > turn.now,
            Gathering.movement_id == turn.movement.id,
            Gathering.state == "announced",
        )
        .order_by(Rsvp.offered_until)
        .limit(SHOWN_MOST)
    )
    parts: list[Part] = []
    for gathering, until in kept:
        if until is not None:
            parts += messages.offered(show(turn, gathering), turn.moment(until), turn.action)
    return tuple(parts)
