"""Changing a win, or taking it back: whoever reported it can, and the organizers."""

from __future__ import annotations

from bot.chat import Answer, Problems, Whisper
from bot.turn import Turn
from rituals.win import forms, views
from rituals.win.declaration import MOST_MAKERS, ritual
from rituals.win.naming import NOT_THERE, name_makers
from rituals.win.reporting import read_win
from rituals.win.tables import WinMaker
from rituals.win.unmaking import unmake
from rituals.win.wins import find_win, makers_of, may_edit, show_everywhere

NOT_YOURS = "Whoever reported this win, or an organizer, can change it."


@ritual.press("change")
def open_change(turn: Turn) -> Answer:
    """Offer what this person may do with a win."""
    win = find_win(turn, turn.about)
    if win is None:
        return NOT_THERE
    named = turn.db.get(WinMaker, (win.id, turn.who.id)) is not None
    # One from the records has nothing to edit: it is as it was, or it is not told.
    if win.found:
        return views.change(win.id, turn.action, may_edit=False, may_take_out=named)
    return views.change(win.id, turn.action, may_edit=may_edit(turn, win), may_take_out=named)


@ritual.press("edit")
def open_edit(turn: Turn) -> Answer:
    """Open a win as it stands."""
    win = find_win(turn, turn.about)
    if win is None:
        return NOT_THERE
    if win.found or not may_edit(turn, win):
        return Whisper(NOT_YOURS)
    makers = [member.person for maker, member in makers_of(turn, win) if maker.shown and member.left_at is None]
    given = forms.Given(win.what, win.kind, tuple(makers[:MOST_MAKERS]), win.evidence)
    return forms.win_form(given, turn.action("edit", win.id), new=False)


@ritual.submit("edit")
def keep_edit(turn: Turn) -> Answer:
    """Keep what was changed, and show it wherever the win stands."""
    win = find_win(turn, turn.about)
    if win is None:
        return Problems({"": "This win was taken back meanwhile. Your words are still here: you can report it anew."})
    if win.found or not may_edit(turn, win):
        return Problems({"": NOT_YOURS})
    answers = turn.answers
    given, makers = read_win(turn, answers)
    if answers.problems:
        return Problems(answers.problems)
    win.what, win.kind, win.evidence = given.what, given.kind, given.evidence
    # Who left is not offered by any form, and stays.
    gone = [member for _, member in makers_of(turn, win) if member.left_at is not None]
    name_makers(turn, win, [*makers, *gone])
    show_everywhere(turn, win)
    return Whisper("Saved. The channel shows it as it is now; edits notify nobody.")


@ritual.press("take-back")
def take_back(turn: Turn) -> Answer:
    """Take a win back."""
    win = find_win(turn, turn.about)
    if win is None:
        return NOT_THERE
    if win.found or not may_edit(turn, win):
        return Whisper(NOT_YOURS)
    unmake(turn, win)
    return Whisper("Taken back. It is gone from the channel and from every digest.")
