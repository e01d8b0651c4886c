"""What /drumbeat shows of a movement: what it is, what comes next, and what this person may do."""

from __future__ import annotations

from sqlalchemy import select

from bot.chat import Answer, Button, Whisper
from bot.insights.numbers import opted_out_note
from bot.missions import current_mission
from bot.people import count_members, count_opted_out
from bot.ritual import RANKS
from bot.tables import Gathering
from bot.turn import Turn
from rituals.movement import messages
from rituals.movement.declaration import ritual


def show_movement(turn: Turn) -> Answer:
    """Show the movement, and the commands and buttons that this person has."""
    movement = turn.movement
    facts = [("Next step", movement.next_step)]
    following = _next_gathering(turn)
    if following is not None:
        facts.append(("Next gathering", f"{following.title}, {turn.spoken(following.starts_at)}"))
    facts.append(("Members", _count_members(turn)))
    facts.append(("Time zone", movement.zone))
    facts.append(("Quiet hours", movement.quiet_hours))
    if movement.scope:
        facts.append(("Scope", movement.scope))
    mission = current_mission(turn)
    return messages.movement_shown(
        messages.Shown(
            movement.name, facts, (mission.words, mission.version) if mission else None, _commands(turn), _buttons(turn)
        )
    )


def _next_gathering(turn: Turn) -> Gathering | None:
    announced = (Gathering.movement_id == turn.movement.id) & (Gathering.state == "announced")
    ahead = select(Gathering).where(announced, Gathering.starts_at > turn.now)
    return turn.db.scalar(ahead.order_by(Gathering.starts_at, Gathering.id).limit(1))


def _count_members(turn: Turn) -> str:
    left_out = opted_out_note(count_opted_out(turn.db, turn.movement.id))
    return f"{count_members(turn.db, turn.movement.id)}{f'; {left_out}' if left_out else ''}"


def _commands(turn: Turn) -> list[str]:
    rank = RANKS.index(turn.who.role)
    return [
        command.line(turn.who.role)
        for _, command in turn.rituals.commands.values()
        if RANKS.index(command.handler.only) <= rank and command.name != "drumbeat"
    ]


def _buttons(turn: Turn) -> list[Button]:
    row = [turn.button("Read our story", "read-story")] if _story(turn) else []
    if turn.who.role != "member":
        row += [turn.button("Settings", "settings"), turn.button("Story", "story"), turn.button("Mission", "mission")]
    if turn.who.role == "founder":
        row.append(turn.button("Organizers", "organizers"))
    return row


def _story(turn: Turn) -> list[tuple[str, str]]:
    movement = turn.movement
    told = (
        ("What is wrong", movement.problem),
        ("What could be", movement.future),
        ("What each of us does", movement.part),
    )
    return [(title, words) for title, words in told if words]


@ritual.press("read-story")
def read_story(turn: Turn) -> Answer:
    """Show the story whole."""
    told = _story(turn)
    if not told:
        return Whisper("The story is not written down any more.")
    return messages.story(turn.movement.name, told)
