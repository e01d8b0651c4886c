"""A record in plain words: what somebody did, and where that puts them. Read by nobody but them."""

from __future__ import annotations

from collections.abc import Mapping

from bot.insights.ladder import Level

# Each kind of act: what doing it once is, and several times. What asks most stands first.
_DONE: dict[str, tuple[str, str]] = {
    "hosted": ("hosted once", "hosted {} times"),
    "initiated": ("began one thing that took place", "began {} things that took place"),
    "role_duty": ("did a duty of a role once", "did a duty of a role {} times"),
    "mentored": ("helped somebody along once", "helped somebody along {} times"),
    "handed_over": ("handed one thing over", "handed {} things over"),
    "brought_in": ("brought in one person who acted", "brought in {} people who acted"),
    "attended": ("came to one gathering", "came to {} gatherings"),
    "promise_kept": ("kept one promise", "kept {} promises"),
    "action_done": ("did one thing on your own", "did {} things on your own"),
    "proposal_made": ("made one proposal", "made {} proposals"),
    "feedback_given": ("gave signed feedback once", "gave signed feedback {} times"),
    "promise_made": ("promised something once", "promised something {} times"),
    "checkin_answer": ("answered one check-in", "answered {} check-ins"),
    "rsvp": ("answered one invitation to a gathering", "answered {} invitations to gatherings"),
    "decision_vote": ("had a say in one decision", "had a say in {} decisions"),
    "poll_vote": ("voted once", "voted {} times"),
    "invite_sent": ("invited one person", "invited {} people"),
    "message": ("wrote on one day", "wrote on {} days"),
    "reaction": ("reacted once", "reacted {} times"),
}
_STANDING: dict[Level, str] = {
    "newcomer": "You are new here. Look around as long as you like; the first step takes under five minutes.",
    "listening": "You are listening in. That is a fine place to be, for as long as you want.",
    "digital-only": "You take part in the chat. The next step would be to turn up, or to do one small thing.",
    "activated": "You do your part. Movements are made of that.",
    "core": "You do your part again and again, month after month. Others can count on it.",
    "leading": "You carry things for others, too. Look for somebody to share them with.",
}
# To somebody alone, and with their wish to everybody.
_ROSE: dict[Level, tuple[str, str]] = {
    "activated": ("You did your part. Thank you: movements are made of that.", "{} did their part. Thank you."),
    "core": (
        "You have done your part month after month. Others can count on it. Thank you.",
        "{} has done their part month after month. Thank you.",
    ),
    "leading": (
        "You carry things for others now, too. Thank you.",
        "{} carries things for all of us now. Thank you.",
    ),
}


def spoken_record(counts: Mapping[str, int]) -> list[str]:
    """Say what somebody did, a line for each kind of it."""
    said = [
        (once, often.format(counts[kind]), counts[kind]) for kind, (once, often) in _DONE.items() if counts.get(kind)
    ]
    return [once if count == 1 else often for once, often, count in said]


def spoken_act(kind: str) -> str:
    """Say what one act was, in a few words."""
    once, _ = _DONE.get(kind, (kind.replace("_", " "), ""))
    return once


def spoken_standing(level: Level) -> str:
    """Say kindly where somebody stands; it is told to nobody else."""
    return _STANDING[level]


def spoken_rise(level: Level) -> tuple[str, str] | None:
    """Say that somebody has risen to this place: to them, and to everybody (with room for a name); or nothing."""
    return _ROSE.get(level)
