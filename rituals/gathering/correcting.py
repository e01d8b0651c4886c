"""One's own record of a gathering: to be seen and corrected within a week; whoever ran it may answer once."""

from __future__ import annotations

from datetime import timedelta

from bot.chat import Answer, Whisper
from bot.insights.attendance import Says, spoken
from bot.people import organizers
from bot.tables import Gathering, Member
from bot.turn import Turn, read_number
from rituals.gathering import turnout_messages as messages
from rituals.gathering.closing import renew
from rituals.gathering.declaration import ritual
from rituals.gathering.gatherings import find
from rituals.gathering.opening import may_call_roll, who_ran
from rituals.gathering.record import ends_at, find_evidence, look, note
from rituals.gathering.turnout_messages import NOT_THERE, Own

CORRECTED_FOR = timedelta(days=7)
NOT_COUNTED = Whisper("You asked not to be counted, so nothing is written down about you.")
# What whoever ran it says when they remember it otherwise.
OTHERWISE: dict[str, Says] = {"came": "away", "away": "came"}


@ritual.press("correct")
def show_own(turn: Turn) -> Answer:
    """Show somebody their own record of one gathering, and how to correct it."""
    gathering = find(turn, turn.about)
    return NOT_THERE if gathering is None else open_own(turn, gathering)


def open_own(turn: Turn, gathering: Gathering) -> Whisper:
    """Show whoever acts their own record of a gathering that is over."""
    if gathering.state == "cancelled":
        return Whisper("This gathering was cancelled, so there is nothing to correct.")
    if gathering.state != "over":
        return Whisper("It is not over yet. While it is on, I'm here on its card writes you down.")
    if turn.who.opted_out:
        return NOT_COUNTED
    return messages.own_record(_own(turn, gathering), gathering.id, turn.action)


def _own(turn: Turn, gathering: Gathering) -> Own:
    finding = look(turn, gathering).of(turn.who)
    return Own(
        title=gathering.title,
        at=turn.moment(gathering.starts_at),
        says=finding.says,
        how=spoken(finding),
        ended=find_evidence(turn, gathering, turn.who, "host") is not None,
        late=turn.now > ends_at(gathering) + CORRECTED_FOR,
    )


@ritual.press("was-there")
def say_was_there(turn: Turn) -> Answer:
    """Note that somebody says they were there."""
    return _correct(turn, "came")


@ritual.press("was-not")
def say_was_not(turn: Turn) -> Answer:
    """Note that somebody says they were not there."""
    return _correct(turn, "away")


def _correct(turn: Turn, says: Says) -> Answer:
    gathering = find(turn, turn.about)
    if gathering is None:
        return NOT_THERE
    own = _own(turn, gathering)
    if gathering.state != "over" or turn.who.opted_out or own.ended or own.late or own.says == says:
        return open_own(turn, gathering)
    note(turn, gathering, turn.who, "self", says, by=turn.who)
    renew(turn, gathering)
    _tell_host(turn, gathering, says)
    return messages.corrected(_own(turn, gathering), gathering.id, turn.action)


def _tell_host(turn: Turn, gathering: Gathering, says: Says) -> None:
    """Show it to whoever can know; a change of mind changes that message and notifies nobody again."""
    view = messages.correction(
        turn.movement.name,
        turn.who.name,
        gathering.title,
        turn.moment(gathering.starts_at),
        came=says == "came",
        about=f"{gathering.id}/{turn.who.id}",
        action=turn.action,
    )
    for judge in _judges(turn, gathering, turn.who):
        turn.dm(judge, _key(gathering, turn.who, judge), view, about=str(gathering.id))


def _key(gathering: Gathering, member: Member, judge: Member) -> str:
    return f"correction:{gathering.id}:{member.id}:{judge.id}"


def _judges(turn: Turn, gathering: Gathering, about: Member) -> list[Member]:
    """List who can know whether somebody was there: whoever ran it, else host, co-host, organizers; never they."""
    leads = sorted(who_ran(turn, gathering))
    for ids in (leads, [gathering.host_id], [gathering.co_host_id]):
        there = [turn.member(one) for one in ids if one is not None and one != about.id]
        if any(one.left_at is None for one in there):
            return [one for one in there if one.left_at is None]
    return [one for one in organizers(turn.db, turn.movement.id) if one.id != about.id]


@ritual.press("disagree")
def disagree(turn: Turn) -> Answer:
    """Let whoever ran it say once that it was otherwise; then it stands so, and the person is told kindly."""
    number, _, person = turn.about.partition("/")
    gathering, member_id = find(turn, number), read_number(person)
    member = turn.db.get(Member, member_id) if member_id is not None else None
    if gathering is None or member is None or member.movement_id != turn.movement.id:
        return NOT_THERE
    if member.id == turn.who.id or not may_call_roll(turn, gathering, turn.who):
        return Whisper("Only whoever ran it can answer this.")
    said = find_evidence(turn, gathering, member, "self")
    if said is None or find_evidence(turn, gathering, member, "host") is not None:
        return Whisper("This is settled already. Thank you.")
    if turn.now > said.at + CORRECTED_FOR:
        return Whisper("This was more than a week ago, so it stays as they say.")
    stands = OTHERWISE[said.says]
    note(turn, gathering, member, "host", stands, by=turn.who)
    renew(turn, gathering)
    came = stands == "came"
    at = turn.moment(gathering.starts_at)
    told = messages.disagreed(turn.movement.name, gathering.title, at, turn.who.name, came=came)
    turn.dm(member, f"answered:{gathering.id}:{member.id}", told, about=str(gathering.id))
    settled = messages.correction_settled(member.name, gathering.title, f"{turn.who.name} has answered, so it stands.")
    for judge in {turn.who.id: turn.who} | {one.id: one for one in _judges(turn, gathering, member)}:
        key = _key(gathering, member, turn.member(judge))
        turn.withdraw(key)
        turn.dm(turn.member(judge), key, settled, about=str(gathering.id))
    return Whisper("Noted. It stands as you say, and they are told in private.")
