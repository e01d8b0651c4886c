"""What each member chose about their name: whether stories told outside may have it, and whether effort is offered."""

from __future__ import annotations

from bot.chat import Answer, Whisper
from bot.turn import Turn
from rituals.win import views
from rituals.win.declaration import ritual
from rituals.win.naming import tell_again
from rituals.win.wins import choice_of

ANSWERS = {"yes": True, "no": False}


def show_choices(turn: Turn) -> Answer:
    """Show somebody what they chose, with the way to change it."""
    mine = choice_of(turn, turn.who)
    return views.choices(in_stories=mine.in_stories, offers=mine.offers, action=turn.action)


@ritual.press("in-stories")
def choose_name(turn: Turn) -> Answer:
    """Keep whether stories told outside may have somebody's name."""
    if turn.about not in ANSWERS:
        return show_choices(turn)
    mine = choice_of(turn, turn.who)
    mine.in_stories = ANSWERS[turn.about]
    turn.db.flush()
    tell_again(turn)
    return Whisper(
        "Noted: stories told outside may have your name. /win me changes that."
        if mine.in_stories
        else "Noted: stories told outside say 'a member' for you. /win me changes that."
    )


@ritual.press("offers")
def switch_offers(turn: Turn) -> Answer:
    """Switch on or off that effort from the records is offered to somebody."""
    mine = choice_of(turn, turn.who)
    mine.offers = turn.about != "off"
    turn.db.flush()
    return show_choices(turn)
