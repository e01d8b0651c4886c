"""Effort that the ledger shows is offered to whoever made it, in private, and told only with their yes."""

from __future__ import annotations

from sqlalchemy import select

from bot.chat import Answer, Whisper
from bot.people import away_ids, members
from bot.tables import Member
from bot.turn import Turn, read_number
from rituals.win import views
from rituals.win.declaration import ritual
from rituals.win.looking import find_effort
from rituals.win.tables import Win, WinChoice, WinMaker, WinOffer
from rituals.win.unmaking import unmake
from rituals.win.wins import choice_of, show_win


def offer_effort(turn: Turn) -> None:
    """Ask those whose effort the records show: one thing at a time, each thing once, and nobody who is away."""
    there = {member.id: member for member in members(turn.db, turn.movement.id) if member.reminders}
    away = away_ids(turn.db, there, at=turn.now)
    silent = turn.db.scalars(select(WinChoice.member_id).where(WinChoice.offers.is_(False))).all()
    asked = {
        (member_id, effort)
        for member_id, effort in turn.db.execute(
            select(WinOffer.member_id, WinOffer.effort)
            .join(Member, Member.id == WinOffer.member_id)
            .where(Member.movement_id == turn.movement.id)
        )
    }
    told: set[int] = {*away, *silent}
    for member_id, (effort, what) in find_effort(turn, sorted(there)):
        if member_id in there and member_id not in told and (member_id, effort) not in asked:
            told.add(member_id)
            _ask(turn, there[member_id], effort, what)


def _ask(turn: Turn, member: Member, effort: str, what: str) -> None:
    offer = WinOffer(member_id=member.id, effort=effort, what=what, answer="asked", at=turn.now)
    turn.db.add(offer)
    turn.db.flush()
    turn.dm(member, f"offer:{offer.id}", views.offer(turn.movement.name, what, offer.id, turn.action), about="offer")


@ritual.press("offer")
def answer_offer(turn: Turn) -> Answer:
    """Hear the yes or the no of whoever was asked; nobody else's press means anything."""
    number, _, said = turn.about.partition("/")
    offer_id = read_number(number)
    offer = turn.db.get(WinOffer, offer_id) if offer_id is not None else None
    if offer is None or offer.member_id != turn.who.id:
        return Whisper("This is not there any more.")
    if said == "back":
        return _take_back(turn, offer)
    if offer.answer != "asked" or said not in ("yes", "no", "never"):
        return Whisper("You have answered this already. /win me shows what you chose.")
    if said == "yes":
        _tell_all(turn, offer)
    elif said == "never":
        choice_of(turn, turn.who).offers = False
    offer.answer = "yes" if said == "yes" else "no"
    _settle(turn, offer, said)
    return None


def _settle(turn: Turn, offer: WinOffer, said: str) -> None:
    view = views.offer_answered(said, offer.what, offer.id, turn.action)
    turn.dm(turn.who, f"offer:{offer.id}", view, about="offer")


def _tell_all(turn: Turn, offer: WinOffer) -> None:
    turn.practice()
    win = Win(
        movement_id=turn.movement.id,
        once=f"offer {offer.id}",
        kind="effort",
        what=offer.what,
        evidence="",
        found=True,
        taken_back=False,
        at=turn.now,
    )
    turn.db.add(win)
    turn.db.flush()
    turn.db.add(WinMaker(win_id=win.id, member_id=offer.member_id, shown=True, note=f"offer {offer.id}"[:16]))
    offer.win_id = win.id
    turn.db.flush()
    show_win(turn, win)


def _take_back(turn: Turn, offer: WinOffer) -> Answer:
    win = turn.db.get(Win, offer.win_id) if offer.win_id is not None else None
    if win is None or win.taken_back:
        return Whisper("It is taken back already.")
    unmake(turn, win)
    return None
