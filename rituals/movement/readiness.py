"""Is a movement the right tool? Four questions, and an honest answer; nothing is kept."""

from __future__ import annotations

from bot.chat import Answer, Problems
from bot.turn import Turn
from rituals.movement import forms, messages
from rituals.movement.declaration import ritual

# What speaks against a movement, and what to do instead.
DOUBTS = (
    (
        "authority",
        "Can you simply order it?",
        "You have formal authority: decide, explain, and support those who do it.",
    ),
    (
        "days",
        "Must it be decided within days?",
        "There is no time for a movement to grow: get the few who decide into one room.",
    ),
    (
        "conflict",
        "Do your interests conflict?",
        "People want opposite things: negotiate or mediate first, then come back.",
    ),
    (
        "trust",
        "Is trust broken?",
        "Nobody joins who doesn't trust: repair that first, in person, with somebody from outside.",
    ),
)


@ritual.command("readiness", "Find out whether a movement is the right tool", only="anyone")
def readiness(turn: Turn) -> Answer:
    """Ask four questions."""
    return forms.readiness_form([(name, label) for name, label, _ in DOUBTS], turn.action("readiness"))


@ritual.submit("readiness", only="anyone")
def judge_readiness(turn: Turn) -> Answer:
    """Say honestly when something else would serve better."""
    answers = turn.answers
    missing = {name: "Please choose yes or no." for name, _, _ in DOUBTS if answers.one(name) not in ("yes", "no")}
    if missing:
        return Problems(missing)
    return messages.verdict([better for name, _, better in DOUBTS if answers.one(name) == "yes"])
