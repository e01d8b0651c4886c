"""What organizers can set: name, next step, time zone, quiet hours, scope, and the story."""

from __future__ import annotations

from bot import practices
from bot.chat import Answer, Problems, Whisper
from bot.quiet import QuietHours, QuietHoursError, read_quiet_hours
from bot.turn import Turn
from rituals.movement import forms
from rituals.movement.declaration import NAME_MOST, STEP_MOST, STORY_MOST, ritual


@ritual.press("settings", only="organizer")
def open_settings(turn: Turn) -> Answer:
    """Open name, next step, time zone, quiet hours, scope."""
    movement = turn.movement
    return forms.settings_form(
        {
            "name": movement.name,
            "next-step": movement.next_step,
            "zone": movement.zone,
            "quiet": movement.quiet_hours,
            "scope": movement.scope,
        },
        turn.action("settings"),
    )


@ritual.submit("settings", only="organizer")
def keep_settings(turn: Turn) -> Answer:
    """Keep the settings; a new time zone moves what is planned."""
    answers = turn.answers
    name = answers.line("name", most=NAME_MOST)
    step = answers.line("next-step", most=STEP_MOST)
    zone = answers.zone("zone")
    quiet = answers.line("quiet", most=30)
    scope = answers.words("scope", most=STORY_MOST, required=False)
    hours = None
    if quiet and "quiet" not in answers.problems:
        try:
            hours = read_quiet_hours(quiet)
        except QuietHoursError as error:
            answers.problems["quiet"] = str(error)
    if answers.problems:
        return Problems(answers.problems)
    movement = turn.movement
    moved = zone != movement.zone
    movement.name, movement.next_step, movement.scope = name, step, scope
    movement.zone = zone
    movement.quiet_hours = str(hours) if hours else "none"
    said = ["Saved."]
    if moved:
        for practice in practices.practices(turn.db, movement):
            practices.change_zone(turn.db, movement, practice, now=turn.now)
        said.append(f"Times are in {zone} now; rituals keep their time of day.")
    return Whisper(" ".join([*said, *_held_up(turn, hours)]))


def _held_up(turn: Turn, hours: QuietHours | None) -> list[str]:
    """Say which rituals are planned for a time that is quiet now."""
    late = [
        f"The {practice.ritual} is planned for your quiet hours, so it waits for their end. Change either with "
        "/rituals or /drumbeat."
        for practice in practices.practices(turn.db, turn.movement)
        if hours and practice.next_at and hours.covers(practice.next_at, turn.movement.zone)
    ]
    return late[:1]


@ritual.press("story", only="organizer")
def open_story(turn: Turn) -> Answer:
    """Open the three parts of the story."""
    movement = turn.movement
    return forms.story_form(
        {"problem": movement.problem, "future": movement.future, "part": movement.part}, turn.action("story")
    )


@ritual.submit("story", only="organizer")
def keep_story(turn: Turn) -> Answer:
    """Keep the story."""
    answers = turn.answers
    told = {name: answers.words(name, most=STORY_MOST, required=False) for name in ("problem", "future", "part")}
    if answers.problems:
        return Problems(answers.problems)
    turn.movement.problem, turn.movement.future, turn.movement.part = told["problem"], told["future"], told["part"]
    if not any(told.values()):
        return Whisper("Saved. Your movement has no story now.")
    return Whisper("Saved. Everybody can read it: type /drumbeat and press Read our story.")
