"""What /win does: it opens the form, shows what one chose, and gives organizers the digest and the story."""

from __future__ import annotations

from bot.chat import Answer, Blank, Whisper
from bot.plain import tidy_line
from bot.turn import Turn
from rituals.win import choices, digest, story
from rituals.win.declaration import ritual
from rituals.win.reporting import open_win_form

_FOR_ORGANIZERS = {"story": story.send_story, "digest": digest.digest_now}


@ritual.command(
    "win",
    "Tell the channel what went well, and who made it happen",
    usage="[what happened, with a link | me]",
    organizers_usage="[what happened, with a link | me | digest | story]",
    blank=Blank("what", "What happened, with a link if there is one", ("me", *_FOR_ORGANIZERS)),
)
def win(turn: Turn) -> Answer:
    """Open the form with what was typed in it, or do one of the other things."""
    word = tidy_line(turn.words).lower()
    if word in _FOR_ORGANIZERS:
        return _FOR_ORGANIZERS[word](turn) if turn.who.role != "member" else Whisper("Only an organizer can do this.")
    return choices.show_choices(turn) if word == "me" else open_win_form(turn, turn.words)
