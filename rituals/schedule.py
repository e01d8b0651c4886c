"""Rituals: what a movement practises, when it comes next, and how an organizer changes that."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select

from bot import practices
from bot.cadence import CadenceError, read_cadence
from bot.chat import Action, Answer, Button, Buttons, Form, Part, People, Problems, Text, When, Whisper, Words, bold
from bot.people import find_member
from bot.quiet import read_quiet_hours
from bot.ritual import Ritual
from bot.tables import Member, Practice
from bot.turn import Turn

ritual = Ritual("rituals", "What your movement practises, and when.")

NOT_THERE = Whisper("This ritual is not practised here any more.")
# A message holds so many rituals with their buttons.
MOST_SHOWN = 5


@ritual.command("rituals", "See your rituals and when they come next")
def show_rituals(turn: Turn) -> Answer:
    """List the rituals; organizers get the buttons that change them."""
    shown = practices.practices(turn.db, turn.movement)[:MOST_SHOWN]
    if not shown:
        return Whisper("Your movement has no rituals yet.")
    organizes = turn.who.role != "member"
    parts: list[Part] = []
    for practice in shown:
        parts.append(
            Text(
                bold(_title(turn, practice)),
                "\n",
                practices.spoken_plan(turn.movement, practice, now=turn.now),
                ".",
                _carried(turn, practice),
            )
        )
        if organizes:
            parts.append(_buttons(practice, turn.action))
    return Whisper(*parts)


def _title(turn: Turn, practice: Practice) -> str:
    known = turn.rituals.by_name.get(practice.ritual)
    return f"{practice.ritual.capitalize()}: {known.about}" if known else practice.ritual.capitalize()


def _carried(turn: Turn, practice: Practice) -> str:
    owner = _name(turn, practice.owner_id)
    understudy = _name(turn, practice.understudy_id)
    if not owner:
        return "\nNobody owns it yet."
    return f"\nOwner: {owner}. " + (f"Understudy: {understudy}." if understudy else "No understudy yet.")


def _name(turn: Turn, member_id: int | None) -> str:
    if member_id is None:
        return ""
    return turn.db.scalar(select(Member.name).where(Member.id == member_id, Member.left_at.is_(None))) or ""


def _buttons(practice: Practice, action: Callable[..., Action]) -> Buttons:
    row = [Button("Change", action("change", practice.id))]
    if practice.paused_at is not None:
        row.append(Button("Resume", action("resume", practice.id), "primary"))
    elif practice.next_at is not None:
        row += [
            Button("Skip the next", action("skip", practice.id)),
            Button("Move the next", action("move", practice.id)),
            Button("Pause", action("pause", practice.id)),
        ]
    return Buttons(*row)


def _find(turn: Turn) -> Practice | None:
    if not turn.about.isdigit():
        return None
    return turn.db.scalar(
        select(Practice).where(Practice.id == int(turn.about), Practice.movement_id == turn.movement.id)
    )


@ritual.press("pause", only="organizer")
def pause(turn: Turn) -> Answer:
    """Stop planning until resumed."""
    practice = _find(turn)
    if practice is None:
        return NOT_THERE
    if practice.paused_at is None:
        practices.pause(turn.db, practice, now=turn.now)
    return Whisper(
        Text(f"The {practice.ritual} is paused. What is open now goes on to its close; nothing new begins."),
        _buttons(practice, turn.action),
    )


@ritual.press("resume", only="organizer")
def resume(turn: Turn) -> Answer:
    """Go on with the next planned time."""
    practice = _find(turn)
    if practice is None:
        return NOT_THERE
    if practice.paused_at is not None:
        practices.resume(turn.db, turn.movement, practice, now=turn.now)
    return Whisper(f"The {practice.ritual} goes on: {practices.spoken_plan(turn.movement, practice, now=turn.now)}.")


@ritual.press("skip", only="organizer")
def skip(turn: Turn) -> Answer:
    """Leave out the next one."""
    practice = _find(turn)
    if practice is None:
        return NOT_THERE
    skipped = practices.skip_next(turn.db, turn.movement, practice, now=turn.now)
    if skipped is None:
        return Whisper(f"No {practice.ritual} is planned that could be skipped.")
    then = (
        f"The one after it comes {turn.spoken(practice.next_at)}." if practice.next_at else "Nothing else is planned."
    )
    return Whisper(f"The {practice.ritual} of {turn.spoken(skipped)} is skipped. {then}")


@ritual.press("move", only="organizer")
def open_move_form(turn: Turn) -> Answer:
    """Ask for another time for the next one."""
    practice = _find(turn)
    if practice is None:
        return NOT_THERE
    if practice.next_at is None:
        return Whisper(f"No {practice.ritual} is planned that could be moved.")
    return move_form(turn.spoken(practice.next_at), turn.action("move", practice.id))


def move_form(planned: str, action: Action) -> Form:
    """Ask when the next one shall be."""
    return Form(
        "Move the next one",
        action,
        When(
            name="when", label="Move it to", hint=f"Planned for {planned}. Later ones stay where they are.", clock=True
        ),
        submit="Move it",
    )


@ritual.submit("move", only="organizer")
def move(turn: Turn) -> Answer:
    """Move the next one."""
    practice = _find(turn)
    if practice is None or practice.next_slot is None:
        return Problems({"": "Nothing is planned that could be moved."})
    answers = turn.answers
    to = answers.moment("when")
    if to is None:
        return Problems(answers.problems)
    following = read_cadence(practice.cadence).next_after(
        practice.next_slot, zone=turn.movement.zone, anchor=practice.anchor
    )
    if to <= turn.now:
        return Problems({"when": "That is over. Choose a time that is still ahead."})
    if following is not None and to >= following:
        return Problems(
            {"when": f"The one after it comes {turn.spoken(following)}. Choose an earlier time, or skip one."}
        )
    if _is_quiet(turn, to):
        return Problems({"when": _quiet_sentence(turn)})
    practices.move_next(turn.db, practice, to)
    return Whisper(Text(f"The next {practice.ritual} comes ", turn.moment(to), ". Later ones stay where they are."))


@ritual.press("change", only="organizer")
def open_change_form(turn: Turn) -> Answer:
    """Open a ritual's cadence, owner and understudy."""
    practice = _find(turn)
    if practice is None:
        return NOT_THERE
    owner = _person(turn, practice.owner_id)
    understudy = _person(turn, practice.understudy_id)
    return change_form(practice.cadence, owner, understudy, turn.action("change", practice.id))


def change_form(cadence: str, owner: tuple[str, ...], understudy: tuple[str, ...], action: Action) -> Form:
    """Ask for cadence, owner, understudy."""
    return Form(
        "Change the ritual",
        action,
        Words(
            name="cadence",
            label="When?",
            hint="Such as: every monday 09:00 · every other friday 16:00 · quarterly · on demand",
            value=cadence,
            most=80,
        ),
        People(name="owner", label="Owner", hint="Sees to it that it happens.", value=owner, required=False),
        People(
            name="understudy",
            label="Understudy",
            hint="Takes over when the owner can't.",
            value=understudy,
            required=False,
        ),
        submit="Keep",
    )


@ritual.submit("change", only="organizer")
def change(turn: Turn) -> Answer:
    """Keep a ritual's cadence, owner and understudy."""
    practice = _find(turn)
    if practice is None:
        return Problems({"": "This ritual is not practised here any more."})
    answers = turn.answers
    written = answers.line("cadence", most=80)
    if "cadence" not in answers.problems:
        try:
            cadence = read_cadence(written)
        except CadenceError as error:
            answers.problems["cadence"] = str(error)
        else:
            upcoming = cadence.next_after(turn.now, zone=turn.movement.zone, anchor=turn.now)
            if upcoming is not None and _is_quiet(turn, upcoming):
                answers.problems["cadence"] = _quiet_sentence(turn)
    carriers = {field: _carrier(turn, answers.one(field), field, answers.problems) for field in ("owner", "understudy")}
    if carriers["owner"] is not None and carriers["owner"] == carriers["understudy"]:
        answers.problems["understudy"] = "The understudy must be somebody else than the owner."
    if answers.problems:
        return Problems(answers.problems)
    practice.owner_id, practice.understudy_id = carriers["owner"], carriers["understudy"]
    if str(cadence) != practice.cadence:
        practices.follow(turn.db, turn.movement, practice, str(cadence), now=turn.now)
    return Whisper(
        f"Kept. {practice.ritual.capitalize()}: {practices.spoken_plan(turn.movement, practice, now=turn.now)}."
    )


def _person(turn: Turn, member_id: int | None) -> tuple[str, ...]:
    if member_id is None:
        return ()
    person = turn.db.scalar(select(Member.person).where(Member.id == member_id, Member.left_at.is_(None)))
    return (person,) if person else ()


def _carrier(turn: Turn, person: str, field: str, problems: dict[str, str]) -> int | None:
    if not person:
        return None
    member = find_member(turn.db, turn.movement, person)
    if member is None or member.left_at is not None or member.bot:
        problems[field] = "Please choose a member of this movement."
        return None
    return member.id


def _is_quiet(turn: Turn, at: datetime) -> bool:
    quiet = read_quiet_hours(turn.movement.quiet_hours)
    return quiet is not None and quiet.covers(at, turn.movement.zone)


def _quiet_sentence(turn: Turn) -> str:
    return (
        f"That lies in your quiet hours ({turn.movement.quiet_hours}). Choose another time, or change the quiet hours "
        "with /drumbeat."
    )
