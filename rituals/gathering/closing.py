"""A gathering closes: two numbers where it is known who came, else a quiet question to whoever hosted it."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from bot.people import away_ids, organizers
from bot.tables import Gathering, Member, Post
from bot.turn import Turn, read_number
from rituals.gathering import after, notes_promise
from rituals.gathering import turnout_messages as messages
from rituals.gathering.declaration import ritual
from rituals.gathering.gatherings import card_key, find, occurrence_of, show_card
from rituals.gathering.opening import who_ran
from rituals.gathering.record import NOT_HELD, Record, ends_at, read_turnout, settle, told_by
from rituals.gathering.times import HERE_UNTIL, TOLD_UNTIL, closes_at

# So often the host is asked who came, once a day; then it stays unrecorded, which blames nobody.
NUDGES = 3
A_DAY = timedelta(days=1)


@ritual.timer("end")
def close(turn: Turn) -> None:
    """Close a gathering a while after its planned end."""
    gathering = find(turn, turn.about)
    if gathering is None or gathering.state not in ("announced", "under way") or closes_at(gathering) > turn.now:
        return
    gathering.state = "over"
    occurrence = occurrence_of(turn, gathering)
    occurrence.opened_at = occurrence.opened_at or gathering.starts_at
    occurrence.closed_at = turn.now
    turn.db.flush()
    turn.cancel("start", gathering.id)
    turn.later(max(ends_at(gathering) + HERE_UNTIL, turn.now), "shut", gathering.id)
    turn.later(max(closes_at(gathering) + TOLD_UNTIL, turn.now), "seal", gathering.id)
    found = renew(turn, gathering)
    notes_promise.open_promise(turn, gathering, found)
    if not found.recorded:
        turn.later(turn.now, "nudge", f"{gathering.id}/1")


@ritual.timer("shut")
def take_no_words(turn: Turn) -> None:
    """Take no word any more, and forget the secret from which they follow."""
    gathering = find(turn, turn.about)
    if gathering is not None and gathering.state == "over":
        gathering.word_key = ""
        renew(turn, gathering)


@ritual.timer("seal")
def forget_visits(turn: Turn) -> None:
    """Look once more who was in the call, and forget when each of them came and went."""
    gathering = find(turn, turn.about)
    if gathering is not None and gathering.state == "over":
        renew(turn, gathering)
    turn.unwatch(turn.about)


def renew(turn: Turn, gathering: Gathering) -> Record:
    """Bring the record, the ledger and all that is shown up to what is known now."""
    occurrence = occurrence_of(turn, gathering)
    stood = gathering.recorded and occurrence.why != NOT_HELD
    found = settle(turn, gathering)
    if gathering.state != "over":
        return found
    show_card(turn, gathering)
    after.follow_record(turn, gathering, found)
    if not found.recorded:
        return found
    settle_nudges(turn, gathering, "thank you, it is recorded who came.")
    stands = occurrence.why != NOT_HELD
    if gathering.shown_at is not None and (stands or stood):
        view = messages.closed(gathering.title, read_turnout(turn, gathering))
        turn.show(f"turnout:{gathering.id}", view, under=card_key(gathering), about=str(gathering.id))
    if stands and not stood:
        after.follow_up(turn, gathering)
    elif not stands:
        notes_promise.release_promise(turn, gathering)
    return found


# ------------------------------------------------------------------------------------------------ asking the host


@ritual.timer("nudge")
def nudge(turn: Turn) -> None:
    """Ask who came, in private and in nobody's quiet hours: the first one of those it falls to who is there."""
    number, _, rest = turn.about.partition("/")
    count, _, only = rest.partition("/")
    gathering = find(turn, number)
    times = read_number(count)
    if gathering is None or times is None or gathering.state != "over" or gathering.recorded:
        return
    if not only and times < NUDGES:
        turn.later(A_DAY, "nudge", f"{gathering.id}/{times + 1}")
    for member in who_may_know(turn, gathering):
        if only and member.id != read_number(only):
            continue
        chance = turn.quiet_until(member)
        if chance > turn.now:
            turn.later(chance, "nudge", f"{gathering.id}/{times}/{member.id}")
            continue
        settle_nudges(turn, gathering, "I have asked again below.", member=member)
        record = read_turnout(turn, gathering)
        known = record.came + record.guests
        at = turn.moment(gathering.starts_at)
        view = messages.nudge(turn.movement.name, gathering.title, at, known, gathering.id, turn.action)
        turn.dm(member, f"nudge:{gathering.id}:{times}:{member.id}", view, about=str(gathering.id))


def who_may_know(turn: Turn, gathering: Gathering) -> list[Member]:
    """List who is asked about a gathering: whoever ran it, else its host, else the co-host, else all organizers."""
    leads = sorted(who_ran(turn, gathering))
    # Whoever only says that they stood in is asked together with who was to host it.
    claim = sorted(told_by(turn, gathering, "lead"))
    for ids in (leads, [*claim, gathering.host_id], [gathering.co_host_id]):
        found = [turn.db.get(Member, one) for one in ids if one is not None]
        reached = _reached(turn, [one for one in found if one is not None])
        if reached:
            return reached
    return _reached(turn, organizers(turn.db, turn.movement.id))


def _reached(turn: Turn, those: list[Member]) -> list[Member]:
    away = away_ids(turn.db, [one.id for one in those], at=turn.now)
    return [one for one in those if one.left_at is None and one.reminders and not one.opted_out and one.id not in away]


def settle_nudges(turn: Turn, gathering: Gathering, said: str, *, member: Member | None = None) -> None:
    """Put every question who came to rest, or all to one person; one that was not delivered is taken back."""
    start = f"{turn.ritual.name}:nudge:{gathering.id}:"
    sent = select(Post.key).where(Post.movement_id == turn.movement.id, Post.key.startswith(start, autoescape=True))
    for full in turn.db.scalars(sent.order_by(Post.id)):
        asked = turn.db.get(Member, int(full.rpartition(":")[2]))
        if asked is not None and (member is None or asked.id == member.id):
            key = full.removeprefix(f"{turn.ritual.name}:")
            turn.withdraw(key)
            turn.dm(asked, key, messages.nudge_settled(gathering.title, said), about=str(gathering.id))
