"""Who takes notes: somebody says so beforehand, and when it is over the notes are their promise of 24 hours."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from bot.chat import Answer, Moment, Problems, Whisper
from bot.insights.attendance import QUORUM
from bot.people import away_ids, find_present
from bot.promises import is_open, make_promise, note_agreed
from bot.tables import Gathering, Member, Promise
from bot.turn import Turn
from rituals.gathering import after_messages as messages
from rituals.gathering import views
from rituals.gathering.declaration import ritual
from rituals.gathering.gatherings import find, may_change, name_of, occurrence_of, read_shown, show_card
from rituals.gathering.record import Record
from rituals.gathering.turnout_messages import NOT_THERE

WITHIN = timedelta(hours=24)
AHEAD = ("announced", "under way")
PAST = "This gathering is over or was cancelled, so its notes stay as they are."
NOT_YOURS = "Only its hosts and organizers can ask somebody."


@ritual.press("notes")
def take_notes(turn: Turn) -> Answer:
    """Let somebody take notes, if nobody does."""
    gathering = find(turn, turn.about)
    if gathering is None:
        return NOT_THERE
    _settle_question(turn, gathering, turn.who, "You take notes. Thank you.")
    if gathering.state not in AHEAD:
        return Whisper(PAST)
    taker = name_of(turn, gathering.note_taker_id)
    if taker and gathering.note_taker_id != turn.who.id:
        _settle_question(turn, gathering, turn.who, f"{taker} takes notes.")
        return Whisper(f"{taker} takes notes already. Thank you for offering.")
    gathering.note_taker_id = turn.who.id
    turn.db.flush()
    show_card(turn, gathering)
    return messages.takes_notes(read_shown(turn, gathering), turn.action)


@ritual.press("notes-off")
def take_none(turn: Turn) -> Answer:
    """Let somebody take notes no more."""
    gathering = find(turn, turn.about)
    if gathering is None:
        return NOT_THERE
    if gathering.state not in AHEAD:
        return Whisper(f"{PAST} /promise shows your promises, and lets you hand one on.")
    if gathering.note_taker_id == turn.who.id:
        gathering.note_taker_id = None
        turn.db.flush()
        show_card(turn, gathering)
    return Whisper("All right, thank you for saying so. Somebody else can take notes now.")


@ritual.press("notes-ask")
def open_request(turn: Turn) -> Answer:
    """Ask whom to ask whether they take notes."""
    gathering = find(turn, turn.about)
    if gathering is None:
        return NOT_THERE
    refusal = _refuse(turn, gathering)
    return Whisper(refusal) if refusal else messages.ask_for_notes_form(turn.action("notes-ask", gathering.id))


@ritual.submit("notes-ask")
def request(turn: Turn) -> Answer:
    """Ask somebody in private; they take notes once they say so."""
    gathering = find(turn, turn.about)
    refusal = _refuse(turn, gathering) if gathering is not None else "This gathering is not there any more."
    if gathering is None or refusal:
        return Problems({"": refusal})
    member = find_present(turn.db, turn.movement, turn.answers.one("whom"))
    if member is None:
        return Problems({"whom": "Please choose a member of this movement."})
    if member.id == turn.who.id:
        return take_notes(turn)
    if away_ids(turn.db, [member.id], at=turn.now):
        return Problems({"whom": f"{member.name} is away now. Please choose somebody else."})
    view = messages.asked_for_notes(turn.movement.name, read_shown(turn, gathering), turn.who.name, turn.action)
    turn.dm(member, _question(gathering, member), view, about=str(gathering.id))
    return Whisper(f"I ask {member.name} in private. They take notes once they say yes.")


def _refuse(turn: Turn, gathering: Gathering) -> str:
    if gathering.state not in AHEAD:
        return PAST
    if not may_change(turn, gathering):
        return NOT_YOURS
    taker = name_of(turn, gathering.note_taker_id)
    return f"{taker} takes notes already." if taker else ""


@ritual.press("notes-no")
def decline(turn: Turn) -> Answer:
    """Say no, which is fine; whoever asked sees the open place on the card."""
    gathering = find(turn, turn.about)
    if gathering is None:
        return NOT_THERE
    _settle_question(turn, gathering, turn.who, "You can't take notes this time. Thank you for saying so.")
    return Whisper("All right, thank you for saying so.")


def _question(gathering: Gathering, member: Member) -> str:
    return f"notes:{gathering.id}:{member.id}"


def _settle_question(turn: Turn, gathering: Gathering, member: Member, said: str) -> None:
    """Let the question rest, where somebody was asked."""
    if turn.post is not None and turn.post.key == f"{ritual.name}:{_question(gathering, member)}":
        view = views.question_settled(read_shown(turn, gathering), said)
        turn.dm(member, _question(gathering, member), view, about=str(gathering.id))


def ways(turn: Turn, gathering: Gathering) -> list[tuple[str, str]]:
    """Tell what somebody may do about the notes, as labels with their verbs."""
    if gathering.state not in AHEAD:
        return []
    if name_of(turn, gathering.note_taker_id):
        return [("I can't take notes", "notes-off")] if gathering.note_taker_id == turn.who.id else []
    return [("I'll take notes", "notes")]


def asking(turn: Turn, gathering: Gathering) -> list[tuple[str, str]]:
    """Tell how somebody can be asked to take notes, where nobody does."""
    open_place = gathering.state in AHEAD and not name_of(turn, gathering.note_taker_id)
    return [("Ask somebody to take notes", "notes-ask")] if open_place else []


# ------------------------------------------------------------------------------------------------ the promise


def open_promise(turn: Turn, gathering: Gathering, found: Record) -> None:
    """Make the notes a promise of whoever said they take them, once, unless they were not there."""
    taker = turn.db.get(Member, gathering.note_taker_id) if gathering.note_taker_id is not None else None
    there = taker is not None and taker.left_at is None and found.of(taker).says in ("came", "unknown")
    took_place = found.took_place or len(found.came) + found.guests >= QUORUM
    if taker is None or not there or not took_place or find_promise(turn, gathering) is not None:
        return
    promise = make_promise(
        turn,
        what=f"Notes of {gathering.title}",
        owner=taker,
        due_at=turn.now + WITHIN,
        about=_about(gathering),
        occurrence=occurrence_of(turn, gathering),
    )
    note_agreed(turn, promise)


def release_promise(turn: Turn, gathering: Gathering) -> None:
    """Let the promise go where it turns out that nothing happened of which there could be notes."""
    promise = find_promise(turn, gathering)
    if promise is not None and is_open(promise):
        _void(promise)


def follow_record(turn: Turn, gathering: Gathering, found: Record) -> None:
    """Ask no notes of somebody who was not there; who turns out to have been there has promised them as before."""
    promise = find_promise(turn, gathering)
    if promise is None or promise.owner_id != gathering.note_taker_id or promise.done_at is not None:
        return
    says = found.of(turn.member(promise.owner_id)).says
    if says in ("away", "excused") and is_open(promise):
        _void(promise)
    elif says == "came" and promise.released_at == promise.made_at and turn.now < promise.due_at:
        promise.released_at = None


def _void(promise: Promise) -> None:
    """Let a promise go as if from its first moment: whoever could not keep it has not missed it, also days later."""
    promise.released_at = promise.made_at


def find_promise(turn: Turn, gathering: Gathering) -> Promise | None:
    """Find the promise of the notes."""
    of_it = select(Promise).where(Promise.movement_id == turn.movement.id, Promise.about == _about(gathering))
    return turn.db.scalar(of_it.where(Promise.ritual == ritual.name).limit(1))


def find_due(turn: Turn, gathering: Gathering, member: Member) -> Moment | None:
    """Tell until when somebody has promised the notes, if they have."""
    promise = find_promise(turn, gathering)
    mine = promise is not None and promise.owner_id == member.id and is_open(promise)
    return turn.moment(promise.due_at) if promise is not None and mine else None


def _about(gathering: Gathering) -> str:
    return f"notes/{gathering.id}"
