"""How a retro opens: at its time or because somebody starts one, and never a second beside an open one."""

from __future__ import annotations

from bot.chat import Answer, Buttons, Problems, Text, Whisper
from bot.marks import open_marks
from bot.practices import open_slot
from bot.tables import Member, Occurrence, Practice
from bot.turn import Turn
from rituals.retro.asking import ask_by_rota
from rituals.retro.closing import note_host
from rituals.retro.declaration import TOPICS, VOTES_EACH, VOTES_ON_ONE, ritual
from rituals.retro.leading import may_start
from rituals.retro.moving import set_end, usual_end
from rituals.retro.notes import few_authors
from rituals.retro.presence import note_here
from rituals.retro.revealing import adopt_waiting
from rituals.retro.rounds import find_open, finished_scope, here_scope, show_board
from rituals.retro.settings import Setup, read_answers, read_setup, setup_form
from rituals.retro.tables import Retro


@ritual.opens
def open_planned(turn: Turn) -> None:
    """Open a retro at its time; one that is open still goes on instead."""
    occurrence = turn.occurrence
    if find_open(turn) is not None:
        occurrence.state = "excused"
        occurrence.closed_at = turn.now
        occurrence.why = "a retro was open already"
        return
    practice = turn.db.get_one(Practice, occurrence.practice_id)
    begin_retro(turn, occurrence, practice, read_setup(practice), facilitator=None)


@ritual.press("now")
def open_start_form(turn: Turn) -> Answer:
    """Ask how a retro is to run that starts now."""
    refusal = _refusal(turn)
    return refusal or setup_form(turn, "Start a retro", "start", submit="Start it now")


@ritual.submit("start")
def start(turn: Turn) -> Answer:
    """Start a retro now; whoever starts it facilitates it."""
    refusal = _refusal(turn)
    if refusal is not None:
        return refusal
    setup = read_answers(turn)
    if isinstance(setup, Problems):
        return setup
    practice = turn.practice()
    occurrence = open_slot(turn.db, practice, turn.now, now=turn.now)
    if occurrence is None:
        return Whisper("A retro was started this very moment. It is in the channel.")
    begin_retro(turn, occurrence, practice, setup, facilitator=turn.who)
    return Whisper("Done. The retro comes into the channel, and you facilitate it.")


def _refusal(turn: Turn) -> Whisper | None:
    found = find_open(turn)
    if found is not None:
        return Whisper(
            Text("A retro is open in the channel already, and there is never a second one."),
            Buttons(turn.button("Facilitate", "lead", found[0].id)),
        )
    if not may_start(turn.practice(), turn.who):
        return Whisper("Whoever takes turns in facilitating can start a retro. /retro rota puts you among them.")
    return None


def begin_retro(
    turn: Turn, occurrence: Occurrence, practice: Practice, setup: Setup, *, facilitator: Member | None
) -> None:
    """Post the board, take in the notes from in between, and find somebody to facilitate."""
    kept = practice.settings
    retro = Retro(
        occurrence_id=occurrence.id,
        phase="gather",
        format=setup.form,
        columns=list(setup.columns),
        live=setup.live,
        signed=setup.signed,
        few=few_authors(turn),
        spans=list(setup.spans),
        votes_each=int(kept.get("votes_each", VOTES_EACH)),
        votes_on_one=int(kept.get("votes_on_one", VOTES_ON_ONE)),
        topics_most=int(kept.get("topics", TOPICS)),
        voters=0,
        skipped=[],
        spent=[],
        ended="",
    )
    turn.db.add(retro)
    turn.db.flush()
    adopt_waiting(turn, occurrence)
    open_marks(turn, here_scope(occurrence.id))
    open_marks(turn, finished_scope(occurrence.id, "gather"))
    set_end(turn, occurrence, retro, usual_end(turn, retro))
    if facilitator is not None:
        retro.facilitator_id, retro.facilitator_seen_at = facilitator.id, turn.now
        note_host(turn, occurrence, facilitator)
        note_here(turn, occurrence)
    else:
        ask_by_rota(turn, occurrence, retro)
    turn.db.flush()
    show_board(turn, occurrence, retro)
