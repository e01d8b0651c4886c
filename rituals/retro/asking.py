"""Who facilitates next: proposed by rota, asked in private, and free to skip or to ask somebody else."""

from __future__ import annotations

from bot import rota
from bot.chat import Answer, Problems, Whisper
from bot.people import find_present
from bot.tables import Member, Occurrence, Practice
from bot.turn import Turn
from rituals.retro import forms, views
from rituals.retro.declaration import ritual
from rituals.retro.leading import appoint
from rituals.retro.requests import ask, settle
from rituals.retro.rounds import Found, find_facilitator, find_retro, show_board
from rituals.retro.tables import Retro

SETTLED = Whisper("This is settled already. Thank you.")


def ask_by_rota(turn: Turn, occurrence: Occurrence, retro: Retro) -> Member | None:
    """Ask whoever's turn it is; nobody, when nobody can be asked. Then whoever presses Facilitate does it."""
    practice = turn.db.get_one(Practice, occurrence.practice_id)
    candidates = rota.read_candidates(turn.db, practice, now=turn.now)
    whose = rota.propose(candidates, skipped=retro.skipped)
    if whose is None:
        settle(turn, occurrence, retro)
        return None
    member = turn.member(whose)
    ask(turn, occurrence, retro, member)
    return member


@ritual.timer("ask")
def ask_next(turn: Turn) -> None:
    """Ask the next one on the rota when nobody has answered."""
    found = _found(turn)
    asked_id = found[1].asked_id if found is not None else None
    if found is None or asked_id is None or find_facilitator(turn, found[1]) is not None:
        return
    occurrence, retro = found
    retro.skipped = [*retro.skipped, asked_id]
    ask_by_rota(turn, occurrence, retro)
    show_board(turn, occurrence, retro)


def _found(turn: Turn) -> Found | None:
    found = find_retro(turn, turn.about)
    return found if found is not None and found[1].phase != "closed" else None


@ritual.press("accept")
def accept(turn: Turn) -> Answer:
    """Take the turn."""
    found = _found(turn)
    if found is None or found[1].asked_id != turn.who.id:
        return SETTLED
    occurrence, retro = found
    appoint(turn, occurrence, retro, turn.who)
    return Whisper("Thank you. Press Facilitate on the retro whenever you want to move it on.")


@ritual.press("skip")
def skip(turn: Turn) -> Answer:
    """Leave it to the next one this time."""
    found = _found(turn)
    if found is None or found[1].asked_id != turn.who.id:
        return SETTLED
    occurrence, retro = found
    retro.skipped = [*retro.skipped, turn.who.id]
    following = ask_by_rota(turn, occurrence, retro)
    show_board(turn, occurrence, retro)
    if following is None:
        return Whisper("All right. Nobody else is on the rota now, so whoever presses Facilitate does it.")
    return Whisper("All right, I ask the next one on the rota.")


@ritual.press("swap")
def open_swap(turn: Turn) -> Answer:
    """Ask whom to ask instead."""
    found = _found(turn)
    if found is None or turn.who.id not in (found[1].asked_id, found[1].facilitator_id):
        return SETTLED
    return forms.swap_form(turn.action("swap", turn.about))


@ritual.submit("swap")
def swap(turn: Turn) -> Answer:
    """Ask somebody else. Whoever facilitates goes on until they say yes."""
    found = _found(turn)
    if found is None or turn.who.id not in (found[1].asked_id, found[1].facilitator_id):
        return Problems({"": "This is settled already: somebody facilitates, or the retro is closed."})
    occurrence, retro = found
    member = find_present(turn.db, turn.movement, turn.answers.one("whom"))
    if member is None:
        return Problems({"whom": "Please choose a member of this movement."})
    if member.id == turn.who.id:
        return Problems({"whom": "That is you. Please choose somebody else."})
    ask(turn, occurrence, retro, member, by=turn.who.name)
    turn.db.flush()
    show_board(turn, occurrence, retro)
    stays = " Until they say yes, it is with you." if find_facilitator(turn, retro) is not None else ""
    return Whisper(f"I ask {member.name} in private.{stays}")


# ------------------------------------------------------------------------------------------------ the rota itself


def show_rota(turn: Turn) -> Answer:
    """Say who takes turns."""
    practice = turn.practice()
    order = rota.in_turn(rota.read_candidates(turn.db, practice, now=turn.now))
    names = [f"{place}. {turn.member(one.member_id).name}" for place, one in enumerate(order, start=1)]
    return views.rota(names, turn.action, on_it=rota.is_on_rota(practice, turn.who))


@ritual.press("rota-on")
def step_on(turn: Turn) -> Answer:
    """Take turns from now on."""
    rota.step_on(turn.practice(), turn.who)
    return Whisper("Thank you. When it is your turn I ask you in private, and you can always skip.")


@ritual.press("rota-off")
def step_off(turn: Turn) -> Answer:
    """Take no turns any more."""
    rota.step_off(turn.practice(), turn.who)
    return Whisper("All right, you are not asked any more. /retro rota brings you back.")
