"""When somebody is forgotten or not counted any more: what they answered and whether they came is counted anew."""

from __future__ import annotations

from sqlalchemy import or_, select

from bot.tables import Act, Evidence, Gathering, Member, Rsvp
from bot.turn import Turn, read_number
from rituals.gathering import turnout_messages as messages
from rituals.gathering.declaration import ritual
from rituals.gathering.gatherings import card_key, find, show_card
from rituals.gathering.hosting import is_ahead, look_after_host
from rituals.gathering.record import look, note_calls, read_turnout
from rituals.gathering.seats import is_open
from rituals.gathering.waiting import fill_places
from rituals.gathering.welcoming import forget_welcomed


@ritual.timer("member-deleted")
def count_without(turn: Turn) -> None:
    """Find the gatherings that show anything of this member; each is counted in a turn of its own, after this one."""
    who = read_number(turn.about)
    named = (Gathering.host_id, Gathering.co_host_id, Gathering.asked_id, Gathering.note_taker_id)
    theirs = or_(
        *(column == who for column in named),
        Gathering.id.in_(select(Rsvp.gathering_id).where(Rsvp.member_id == who)),
        Gathering.id.in_(select(Evidence.gathering_id).where(Evidence.member_id == who)),
        Gathering.occurrence_id.in_(select(Act.occurrence_id).where(Act.member_id == who)),
    )
    of_movement = select(Gathering.id).where(Gathering.movement_id == turn.movement.id, Gathering.state != "cancelled")
    for number in turn.db.scalars(of_movement.where(theirs).order_by(Gathering.id)):
        turn.later(turn.now, "recount", number)
        gathering, member = find(turn, str(number)), turn.db.get(Member, who)
        if gathering is not None and member is not None and gathering.state in ("under way", "over"):
            _count_unnamed(turn, gathering, member)


def _count_unnamed(turn: Turn, gathering: Gathering, member: Member) -> None:
    """Keep that there was somebody, before everything that says who it was goes: it is others' record, too."""
    note_calls(turn, gathering)
    found = look(turn, gathering)
    nobodys = found.hosted and not found.hosts
    gathering.unnamed += found.of(member).came
    gathering.unnamed_hosts += nobodys or member.id in found.hosts
    turn.db.flush()


@ritual.timer("recount")
def recount(turn: Turn) -> None:
    """Count a gathering anew, pass on a place that is free now, and show it."""
    gathering = find(turn, turn.about)
    if gathering is None:
        return
    if is_ahead(turn, gathering):
        look_after_host(turn, gathering)
    if is_open(turn, gathering):
        fill_places(turn, gathering)
    show_card(turn, gathering)
    forget_welcomed(turn, gathering)
    # What was settled stays settled: that somebody is forgotten changes nobody else's record.
    if gathering.state == "over" and gathering.recorded and gathering.shown_at is not None:
        view = messages.closed(gathering.title, read_turnout(turn, gathering))
        turn.show(f"turnout:{gathering.id}", view, under=card_key(gathering), about=str(gathering.id))
