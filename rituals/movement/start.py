"""How a movement begins in a channel: three answers, and it is live."""

from __future__ import annotations

from datetime import timedelta

from bot import practices
from bot.chat import Answer, Blank, Problems, Whisper
from bot.people import movements_of, welcome
from bot.routing import HOME_COMMAND, offer_movements
from bot.tables import Movement, Practice
from bot.timers import set_timer
from bot.turn import Turn
from rituals.movement import forms, messages
from rituals.movement.declaration import NAME_MOST, STEP_MOST, ritual
from rituals.movement.moving import MOVE, offer_to_move
from rituals.movement.shown import show_movement

FURTHEST_GATHERING = timedelta(days=366)


@ritual.command(
    "drumbeat",
    "Start a movement here, or see the one there is",
    blank=Blank("command", "Another command with its words, such as: away until friday"),
    only="anyone",
    own=(MOVE,),
)
def drumbeat(turn: Turn) -> Answer:
    """Show the movement of this channel, or offer to start one."""
    if turn.words.lower().split()[:1] == [MOVE]:
        return offer_to_move(turn)
    if turn.movement_ is not None:
        return show_movement(turn)
    if not turn.place.channel:
        theirs = movements_of(turn.db, turn.person, turn.place) if turn.person is not None else []
        if theirs:
            return offer_movements(HOME_COMMAND, theirs)
        return Whisper("Type /drumbeat in a channel to start a movement there.")
    if not _may_start(turn):
        return Whisper(
            "There is no movement in this channel yet. Only the channel's creator or an admin can start one here. "
            "Ask them to type /drumbeat, or start one in a channel of your own."
        )
    return forms.start_form(turn.action("start"), zone_known=_knows_zone(turn))


def _knows_zone(turn: Turn) -> bool:
    """Tell whether the platform says which time zone the person is in. Discord does not."""
    return turn.person is not None and bool(turn.person.zone)


def _may_start(turn: Turn) -> bool:
    return not turn.stewards_only or (turn.person is not None and turn.person.steward)


@ritual.submit("start", only="anyone")
def start(turn: Turn) -> Answer:
    """Begin a movement: the person becomes its founder, the channel its home, its people the members."""
    if turn.movement_ is not None:
        return Problems({"": "A movement has just been started in this channel. Type /drumbeat to see it."})
    if not turn.place.channel or turn.person is None or not _may_start(turn):
        return Problems({"": "Only the channel's creator or an admin can start a movement here."})
    answers = turn.answers
    name = answers.line("name", most=NAME_MOST)
    step = answers.line("next-step", most=STEP_MOST)
    zone = turn.zone if _knows_zone(turn) else answers.zone("zone")
    gathering = answers.moment("gathering", zone=zone, required=False)
    if gathering is not None and gathering <= turn.now:
        answers.problems["gathering"] = "That time has passed. Choose one that is still ahead."
    elif gathering is not None and gathering - turn.now > FURTHEST_GATHERING:
        answers.problems["gathering"] = "That is more than a year away. Choose a day that people can look forward to."
    if answers.problems:
        return Problems(answers.problems)
    movement = Movement(
        platform=turn.place.platform,
        workspace=turn.place.workspace,
        channel=turn.place.channel,
        name=name,
        next_step=step,
        first_gathering_at=gathering,
        zone=zone,
        started_at=turn.now,
        roll_due_at=turn.now,
    )
    turn.db.add(movement)
    turn.db.flush()
    founder = welcome(turn.db, movement, turn.person, now=turn.now)
    founder.role = "founder"
    turn.movement_, turn.who_ = movement, founder
    for one in turn.rituals.by_name.values():
        if one.beat:
            practices.begin(turn.db, movement, one.name, cadence=one.beat, owner_id=founder.id, now=turn.now)
            if "begin" in one.timers:
                set_timer(turn.db, movement.id, one.name, "begin", "", due=turn.now)
        if "movement-starts" in one.timers:
            set_timer(turn.db, movement.id, one.name, "movement-starts", "", due=turn.now)
    planned = [_planned(turn, practice) for practice in practices.practices(turn.db, movement)]
    turn.show("live", messages.announcement(name, founder.name, step, planned))
    return messages.begun(name, movement.zone)


def _planned(turn: Turn, practice: Practice) -> str:
    known = turn.rituals.by_name[practice.ritual]
    return f"{practice.ritual.capitalize()}, {practice.cadence}: {known.about}"
