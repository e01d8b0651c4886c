"""Showing how the movement is doing: all of it to organizers, the active side to everybody, each figure explained."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from bot.charts import Turnout, Turnouts, draw_png, draw_turnouts
from bot.chat import Answer, Picture, Whisper
from bot.figures import read_pulse
from bot.insights.anonymity import SMALLEST_GROUP
from bot.insights.pulse import Came, Pulse
from bot.looking_back import reflection_words
from bot.people import ORGANIZERS
from bot.purposes import purposes_of_acts
from bot.tables import Energy, Occurrence
from bot.turn import Turn
from rituals.pulse import messages
from rituals.pulse.declaration import ritual
from rituals.pulse.definitions import DEFINITIONS
from rituals.pulse.dropping import begin_notes
from rituals.pulse.figures import MONTHS, Figure, tell
from rituals.pulse.messages import Line, Seen

QUARTER = timedelta(days=90)
NOTHING_YET = Whisper("There is no gathering yet that is over. After the first one there is a picture of it.")


@ritual.command("pulse", "See how the movement is doing, and what each figure means")
def show_pulse(turn: Turn) -> Answer:
    """Show somebody the figures that they may see."""
    begin_notes(turn)
    pulse = read_pulse(turn.db, turn.movement, now=turn.now)
    return messages.pulse(_see(turn, pulse, organizer=turn.who.role in ORGANIZERS), turn.action)


def _see(turn: Turn, pulse: Pulse, *, organizer: bool) -> Seen:
    return Seen(
        movement=turn.movement.name,
        figures=_figures(turn, pulse, organizer=organizer),
        not_counted=pulse.not_counted,
        organizer=organizer,
    )


def _figures(turn: Turn, pulse: Pulse, *, organizer: bool) -> list[Figure]:
    looking_back = reflection_words(turn.db, turn.movement, now=turn.now) if organizer else ""
    purposes = purposes_of_acts(turn.db, turn.movement, since=turn.now - QUARTER, now=turn.now)
    told = tell(pulse, purposes=purposes, energy=_energy(turn), looking_back=looking_back)
    return [one for one in told if one.active or organizer]


def _energy(turn: Turn) -> Sequence[int]:
    """Read the energy figures that were shown last; fewer than a group's are shown to nobody."""
    last = turn.db.scalar(
        select(Occurrence.id)
        .join(Energy, Energy.occurrence_id == Occurrence.id)
        .where(Occurrence.movement_id == turn.movement.id, Occurrence.closed_at.is_not(None))
        .group_by(Occurrence.id, Occurrence.planned_at)
        .having(func.count() >= SMALLEST_GROUP)
        .order_by(Occurrence.planned_at.desc())
        .limit(1)
    )
    if last is None:
        return ()
    return turn.db.scalars(select(Energy.figure).where(Energy.occurrence_id == last).order_by(Energy.figure)).all()


@ritual.press("meaning")
def explain(turn: Turn) -> Answer:
    """Say what a figure means; whoever may not see it is told neither."""
    pulse = read_pulse(turn.db, turn.movement, now=turn.now)
    shown = {one.key: one for one in _figures(turn, pulse, organizer=turn.who.role in ORGANIZERS)}
    figure = shown.get(turn.choice)
    if figure is None:
        return Whisper("There is no such figure here. /pulse shows those there are.")
    return messages.meaning(figure, DEFINITIONS[figure.key])


@ritual.press("picture")
def send_picture(turn: Turn) -> Answer:
    """Send the picture in private, where every platform can show it; a second one in a day brings it up to date."""
    pulse = read_pulse(turn.db, turn.movement, now=turn.now)
    picture = _draw(turn, pulse.gatherings)
    if picture is None:
        return NOTHING_YET
    key = f"picture:{turn.who.id}:{turn.today():%Y%m%d}"
    turn.dm(turn.who, key, messages.picture_sent(turn.movement.name, picture))
    return Whisper("It is in your private messages.")


@ritual.press("channel", only="organizer")
def show_channel(turn: Turn) -> Answer:
    """Show everybody the active side, with the picture; once a day, however often it is pressed."""
    pulse = read_pulse(turn.db, turn.movement, now=turn.now)
    seen = _see(turn, pulse, organizer=False)
    turn.show(f"pulse:{turn.today():%Y%m%d}", messages.in_channel(seen, _draw(turn, pulse.gatherings)))
    return Whisper("Done. The active side is in the channel; what points at who is quiet is not.")


def _draw(turn: Turn, gatherings: Sequence[Came]) -> Picture | None:
    if not gatherings:
        return None
    count = f"{len(gatherings)} gatherings" if len(gatherings) > 1 else "gathering"
    rows = [Turnout(one.title, _short_day(turn, one), one.said_yes, one.came, _note(one)) for one in gatherings]
    lines = [Line(one.title, turn.spoken_date(one.at), one.said_yes, _came(one)) for one in gatherings]
    about = f"The last {count} of {turn.movement.name}"
    return Picture(draw_png(draw_turnouts(Turnouts(about, rows))), messages.describe(lines))


def _short_day(turn: Turn, one: Came) -> str:
    day = one.at.astimezone(ZoneInfo(turn.zone))
    return f"{day.day} {MONTHS[day.month - 1]}"


def _note(one: Came) -> str:
    return "not known" if one.held else "not held"


def _came(one: Came) -> str:
    if one.came is not None:
        return f"{one.came} came"
    return "nobody told who came" if one.held else "it was not held"
