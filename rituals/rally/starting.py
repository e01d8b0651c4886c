"""How a rally begins: organizers post one, and anybody else proposes one to them."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from itertools import count

from sqlalchemy import select

from bot.chat import Answer, Blank, Problems, Whisper
from bot.people import ORGANIZERS, organizers
from bot.plain import tidy, tidy_line
from bot.practices import open_slot
from bot.tables import Member
from bot.turn import Answers, Turn
from rituals.rally import forms, messages
from rituals.rally.declaration import LINK_MOST, LONGEST, MINUTES, NUDGE_MOST, SOONEST, WHAT_MOST, ritual
from rituals.rally.ending import show_open
from rituals.rally.links import NO_ADDRESS, read_link
from rituals.rally.rallies import ask_of, find_rally, show_rally
from rituals.rally.tables import Rally

NOT_THERE = Whisper("This rally is not there any more.")
TOO_LATE = "The deadline of this rally has passed, so it was not posted. Propose it anew with /rally."


@ritual.command(
    "rally",
    "One small ask to everybody, with its minutes and a deadline",
    usage="[what is to be done]",
    organizers_usage="[what is to be done | list]",
    blank=Blank("what", "The one thing to do; for organizers also: list", ("list",)),
)
def rally(turn: Turn) -> Answer:
    """Open the form with what was typed in it, or show organizers what is open."""
    if tidy_line(turn.words).lower() == "list":
        return show_open(turn) if turn.who.role in ORGANIZERS else Whisper("Only an organizer can do this.")
    return _form(turn, tidy(turn.words))


@ritual.press("new")
def open_form(turn: Turn) -> Answer:
    """Open an empty form."""
    return _form(turn, "")


def _form(turn: Turn, typed: str) -> Answer:
    links = [word for word in typed.split() if read_link(word) and len(read_link(word)) <= LINK_MOST]
    what = " ".join(word for word in typed.split() if word not in links[:1])
    kept = what.encode("utf-16-le")[: 2 * WHAT_MOST].decode("utf-16-le", errors="ignore").strip()
    posts = turn.who.role in ORGANIZERS
    return forms.rally_form(kept, "".join(links[:1]), turn.action("start", secrets.token_hex(8)), posts=posts)


@ritual.submit("start")
def keep(turn: Turn) -> Answer:
    """Post an organizer's rally, or send a member's to the organizers; the same form sent twice is one rally."""
    answers = turn.answers
    new = _read(turn, answers)
    if new is None:
        return Problems(answers.problems)
    known = turn.db.scalar(select(Rally.id).where(Rally.movement_id == turn.movement.id, Rally.once == new.once))
    if known is not None:
        return Whisper("This rally was sent already.")
    turn.db.add(new)
    turn.db.flush()
    if turn.who.role in ORGANIZERS:
        _post(turn, new)
        return Whisper(
            "Done. The rally comes into the channel, once; it closes by itself. /rally list ends it earlier."
        )
    _propose(turn, new)
    turn.later(new.deadline, "lapse", new.id)
    return Whisper("Thank you. The organizers are asked whether it goes into the channel, and you hear what they say.")


def _read(turn: Turn, answers: Answers) -> Rally | None:
    what = answers.words("what", most=WHAT_MOST)
    minutes = answers.one("minutes")
    if minutes not in {str(one) for one in MINUTES}:
        answers.problems["minutes"] = f"Please choose how many minutes it takes, {MINUTES[-1]} at most."
    deadline = _deadline(turn, answers)
    link = answers.line("link", most=LINK_MOST, required=False)
    if link and "link" not in answers.problems and not read_link(link):
        answers.problems["link"] = NO_ADDRESS
    nudge = answers.line("nudge", most=NUDGE_MOST, required=False)
    if answers.problems or deadline is None:
        return None
    return Rally(
        movement_id=turn.movement.id,
        once=turn.about[:40],
        by_id=turn.who.id,
        what=what,
        minutes=int(minutes),
        link=read_link(link) if link else "",
        nudge=nudge,
        deadline=deadline,
        state="proposed",
        at=turn.now,
    )


def _deadline(turn: Turn, answers: Answers) -> datetime | None:
    deadline = answers.moment("deadline")
    if deadline is None:
        return None
    if deadline < turn.now + SOONEST:
        answers.problems["deadline"] = "Please choose a time at least half an hour ahead."
    elif deadline > turn.now + LONGEST:
        answers.problems["deadline"] = "A rally is short: please choose a time within two weeks."
    return deadline


def _post(turn: Turn, new: Rally) -> None:
    """Put a rally into the channel, as an occurrence of its own."""
    practice = turn.practice()
    # Two may be posted at one moment; an occurrence has a moment of its own.
    moments = (turn.now + timedelta(microseconds=number) for number in count())
    opened = (open_slot(turn.db, practice, at, now=turn.now) for at in moments)
    occurrence = next(one for one in opened if one is not None)
    occurrence.closes_at = new.deadline
    new.occurrence_id, new.state = occurrence.id, "open"
    turn.db.flush()
    turn.cancel("lapse", new.id)
    turn.later(new.deadline, "close", new.id)
    show_rally(turn, new)


# ------------------------------------------------------------------------------------------------ proposing


def _key(proposal: Rally, member: Member) -> str:
    return f"proposed:{proposal.id}:{member.id}"


def _propose(turn: Turn, proposal: Rally) -> None:
    for member in organizers(turn.db, turn.movement.id):
        view = messages.proposed(turn.movement.name, turn.who.name, ask_of(turn, proposal), turn.action)
        turn.dm(member, _key(proposal, member), view, about=str(proposal.id))


def _settle(turn: Turn, proposal: Rally, said: str) -> None:
    """Put the question to the organizers to rest."""
    for member in organizers(turn.db, turn.movement.id):
        turn.withdraw(_key(proposal, member))
        turn.dm(member, _key(proposal, member), messages.settled(proposal.what, said))


def _tell_proposer(turn: Turn, proposal: Rally, said: str) -> None:
    proposer = turn.db.get(Member, proposal.by_id) if proposal.by_id is not None else None
    if proposer is not None and proposer.left_at is None and proposer is not turn.who_:
        turn.dm(proposer, f"answer:{proposal.id}", messages.settled(proposal.what, said), about=str(proposal.id))


@ritual.press("post", only="organizer")
def post(turn: Turn) -> Answer:
    """Put a member's rally into the channel."""
    proposal = find_rally(turn)
    if proposal is None:
        return NOT_THERE
    if proposal.state != "proposed":
        return Whisper("This was decided already.")
    if proposal.deadline < turn.now + SOONEST:
        return Whisper("Its deadline is less than half an hour away, or has passed, so it is not posted any more.")
    _post(turn, proposal)
    _settle(turn, proposal, "It is in the channel.")
    _tell_proposer(turn, proposal, "Your rally is in the channel. Thank you.")
    return Whisper("Done. The rally comes into the channel.")


@ritual.press("leave", only="organizer")
def leave(turn: Turn) -> Answer:
    """Leave a member's rally for now; they are told, and nobody else."""
    proposal = find_rally(turn)
    if proposal is None:
        return NOT_THERE
    if proposal.state != "proposed":
        return Whisper("This was decided already.")
    proposal.state = "left"
    turn.cancel("lapse", proposal.id)
    _settle(turn, proposal, "This rally was left for now.")
    _tell_proposer(turn, proposal, "The organizers leave this rally for now. Ask them what would help it.")
    return Whisper("Left for now. Whoever proposed it is told in private; a word from you would help them.")


@ritual.timer("lapse")
def lapse(turn: Turn) -> None:
    """Let a proposal go whose deadline has passed before anybody decided."""
    proposal = find_rally(turn)
    if proposal is None or proposal.state != "proposed":
        return
    proposal.state = "left"
    _settle(turn, proposal, "The deadline of this rally has passed, so it was not posted.")
    _tell_proposer(turn, proposal, TOO_LATE)


def take_proposal_back(turn: Turn, proposal: Rally) -> None:
    """Let a proposal go whose proposer is being forgotten."""
    proposal.state, proposal.what = "left", "…"
    turn.cancel("lapse", proposal.id)
    _settle(turn, proposal, "This rally was taken back.")
