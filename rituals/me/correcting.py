"""Setting one's own record right: whether one was there, what does not belong in it, and what nobody saw."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from bot import ledger
from bot.chat import Action, Answer, Option, Problems, Whisper, shorten
from bot.tables import Act, Gathering
from bot.turn import Turn, read_number
from rituals.me import forms, messages
from rituals.me.declaration import ACTS_SHOWN, CORRECTABLE, DID_MOST, GATHERINGS_SHOWN, ritual
from rituals.me.words import spoken_act

LABEL_ROOM = 70
GATHERING = "gathering"
NOT_THERE = Whisper("That is not in your record any more.")
NOT_COUNTED = Whisper("You chose not to be counted, so I write nothing down. /me changes that.")


@ritual.press("correct")
def open_corrections(turn: Turn) -> Answer:
    """Show what somebody can set right."""
    return messages.correct(_gatherings(turn), [_option(turn, act) for act in _acts(turn)], turn.action)


def _gatherings(turn: Turn) -> list[tuple[str, Action]]:
    """List the gatherings of the last days; the gathering itself takes the correction."""
    if turn.who.opted_out:
        return []
    lately = (
        select(Gathering)
        .where(Gathering.movement_id == turn.movement.id, Gathering.state == "over")
        .where(Gathering.starts_at > turn.now - CORRECTABLE - timedelta(days=1))
        .order_by(Gathering.starts_at.desc(), Gathering.id.desc())
    )
    open_ones = [
        one
        for one in turn.db.scalars(lately)
        if one.starts_at + timedelta(minutes=one.minutes) + CORRECTABLE > turn.now
    ]
    return [
        (f"{one.title}, {turn.spoken_date(one.starts_at)}", turn.action("correct", one.id, ritual=GATHERING))
        for one in open_ones[:GATHERINGS_SHOWN]
    ]


def _acts(turn: Turn) -> list[Act]:
    last = select(Act).where(Act.member_id == turn.who.id).order_by(Act.at.desc(), Act.id.desc()).limit(ACTS_SHOWN)
    return list(turn.db.scalars(last))


def _option(turn: Turn, act: Act) -> Option:
    return Option(shorten(_say(turn, act), limit=LABEL_ROOM), str(act.id))


def _say(turn: Turn, act: Act) -> str:
    said = f"{turn.spoken_date(act.at)}: {spoken_act(act.kind)}"
    return f"{said} ({act.evidence})" if act.evidence and act.kind == "action_done" else said


def _find(turn: Turn, written: str) -> Act | None:
    """Find an act of the one who acts; a number may be anybody's."""
    number = read_number(written)
    act = turn.db.get(Act, number) if number is not None else None
    return act if act is not None and act.member_id == turn.who.id else None


@ritual.press("take-out")
def ask_to_take_out(turn: Turn) -> Answer:
    """Ask once."""
    act = _find(turn, turn.choice)
    return NOT_THERE if act is None else messages.sure_to_take_out(_say(turn, act), act.id, turn.action)


@ritual.press("taken-out")
def take_out(turn: Turn) -> Answer:
    """Delete one act, for good. How many came to a gathering is what was told there, and stays so."""
    act = _find(turn, turn.about)
    if act is None:
        return NOT_THERE
    ledger.take_out(turn.db, act)
    return Whisper("It is out of your record.")


@ritual.press("did")
def open_did(turn: Turn) -> Answer:
    """Ask what somebody did."""
    return NOT_COUNTED if turn.who.opted_out else forms.did_form(turn.action("did"))


@ritual.submit("did")
def keep_did(turn: Turn) -> Answer:
    """Write 'I did something' into the ledger, at most once a day, as the check-in does."""
    if turn.who.opted_out:
        return NOT_COUNTED
    answers = turn.answers
    what = answers.line("what", most=DID_MOST)
    if answers.problems:
        return Problems(answers.problems)
    once = f"did:{turn.who.id}:{turn.today().isoformat()}"
    told = select(Act.id).where(Act.movement_id == turn.movement.id, Act.once == once)
    if turn.db.scalar(told) is not None:
        return Whisper("Thank you. You told me of something today already, and one a day is what counts.")
    ledger.let_back_in(turn.db, turn.who, once)
    turn.record("action_done", once=once, evidence=what)
    return messages.did(what)
