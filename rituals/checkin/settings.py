"""How long a check-in stays open, when it reminds, and how often its questions change."""

from __future__ import annotations

from bot.chat import Answer, Problems, Whisper
from bot.insights import anonymity
from bot.people import members
from bot.turn import Turn
from rituals.checkin import forms
from rituals.checkin.declaration import CHANGE_EVERY, OPEN_HOURS, REMIND_HOURS, ritual

LONGEST_HOURS = 24 * 28
MOST_IN_A_ROW = 52


def open_form(turn: Turn) -> Answer:
    """Give the form with what is set."""
    settings = turn.practice().settings
    values = {
        "open_hours": str(settings.get("open_hours", OPEN_HOURS)),
        "remind_hours": str(settings.get("remind_hours", REMIND_HOURS)),
        "change_every": str(settings.get("change_every", CHANGE_EVERY)),
        "energy": "yes" if settings.get("energy", True) else "no",
    }
    return forms.settings_form(values, turn.action("settings"))


@ritual.submit("settings", only="organizer")
def keep_settings(turn: Turn) -> Answer:
    """Keep the settings, from the next check-in on."""
    answers = turn.answers
    kept: dict[str, int | bool] = {}
    for field, key, least, most in (
        ("open-hours", "open_hours", 1, LONGEST_HOURS),
        ("remind-hours", "remind_hours", 0, LONGEST_HOURS),
        ("change-every", "change_every", 1, MOST_IN_A_ROW),
    ):
        written = answers.line(field, most=10)
        if field in answers.problems:
            continue
        if not (written.isascii() and written.isdigit()) or not least <= int(written) <= most:
            answers.problems[field] = f"Please write a whole number from {least} to {most}."
        else:
            kept[key] = int(written)
    energy = answers.one("energy")
    if energy not in ("yes", "no"):
        answers.problems["energy"] = "Please choose yes or no."
    if not answers.problems and kept["remind_hours"] >= kept["open_hours"]:
        answers.problems["remind-hours"] = "The reminder must come before the close. Choose fewer hours, or 0 for none."
    if answers.problems:
        return Problems(answers.problems)
    practice = turn.practice()
    practice.settings = {**practice.settings, **kept, "energy": energy == "yes"}
    few = energy == "yes" and not anonymity.may_offer(len(members(turn.db, turn.movement.id)))
    return Whisper(
        "Saved, from the next check-in on."
        + (
            f" Energy is asked once you are {anonymity.SMALLEST_GROUP} people: among fewer it would not be anonymous."
            if few
            else ""
        )
    )
