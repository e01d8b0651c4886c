"""What /drumbeat shows of a movement: what it is, what comes next, and what this person may do."""

from __future__ import annotations

from bot.chat import Answer, Button, Whisper
from bot.missions import current_mission
from bot.people import members
from bot.ritual import RANKS
from bot.turn import Turn
from rituals.movement import messages
from rituals.movement.declaration import ritual


def show_movement(turn: Turn) -> Answer:
    """Show the movement, and the commands and buttons that this person has."""
    movement = turn.movement
    facts = [("Next step", movement.next_step)]
    if movement.first_gathering_at and movement.first_gathering_at > turn.now:
        facts.append(("First gathering", turn.spoken(movement.first_gathering_at)))
    facts.append(("Members", str(len(members(turn.db, movement.id)))))
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
