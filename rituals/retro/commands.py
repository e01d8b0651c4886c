"""What /retro does: it shows the open retro, takes notes for the next one, and lets those who may start one."""

from __future__ import annotations

from bot.chat import Answer, Blank, Buttons, Text, Whisper
from bot.people import ORGANIZERS
from bot.plain import tidy
from bot.turn import Turn
from rituals.retro import asking, opening, settings
from rituals.retro.declaration import NOTE_MOST, ritual
from rituals.retro.leading import may_start
from rituals.retro.messages import count
from rituals.retro.notes import TAKES, note_form
from rituals.retro.presence import note_here
from rituals.retro.rounds import count_waiting, find_open

_WORDS = {"now": opening.open_start_form, "rota": asking.show_rota}
_FOR_ORGANIZERS = {"settings": settings.open_settings, "votes": settings.open_votes}


@ritual.command(
    "retro",
    "Look back together, or drop a note for the next retro",
    usage="[note … | now | rota]",
    organizers_usage="[note … | now | rota | settings | votes]",
    blank=Blank("do", "A note for the next retro, or what to do", ("note", "now", "rota", "settings", "votes")),
)
def retro(turn: Turn) -> Answer:
    """Show what is on, or do what was asked for."""
    first, _, rest = turn.words.strip().partition(" ")
    word = first.lower()
    if word == "note":
        found = find_open(turn)
        words = tidy(rest)
        kept = words.encode("utf-16-le")[: 2 * NOTE_MOST].decode("utf-16-le", "ignore")
        if found is None or found[1].phase not in TAKES:
            return note_form(turn, None, words=kept)
        note_here(turn, found[0])
        return note_form(turn, found, words=kept)
    if word in _WORDS and not rest:
        return _WORDS[word](turn)
    if word in _FOR_ORGANIZERS and not rest:
        if turn.who.role not in ORGANIZERS:
            return Whisper("Only an organizer can do this.")
        return _FOR_ORGANIZERS[word](turn)
    if word:
        return Whisper(
            "I know /retro alone, /retro note and your words, /retro now, /retro rota, and for organizers /retro "
            "settings and /retro votes."
        )
    return _show(turn)


_PHASE_SAID = {
    "gather": "Notes are being written",
    "group": "The notes are put into topics",
    "vote": "People are voting",
    "discuss": "The topics are talked about in its thread",
}


def _show(turn: Turn) -> Answer:
    found = find_open(turn)
    if found is not None:
        occurrence, open_one = found
        said = f"A retro is open in the channel. {_PHASE_SAID[open_one.phase]}"
        ends = open_one.phase_ends_at
        until = (", until ", turn.moment(ends), ".") if ends is not None and ends > turn.now else (".",)
        first = {
            "gather": turn.button("Add a note", "add", occurrence.id, primary=True),
            "group": turn.button("Add a late note", "add", occurrence.id),
            "vote": turn.button("Vote", "ballot", occurrence.id, primary=True),
            "discuss": turn.button("Read the notes", "read", occurrence.id),
        }[open_one.phase]
        return Whisper(
            Text(said, *until),
            Buttons(first, turn.button("Facilitate", "lead", occurrence.id)),
        )
    practice = turn.practice()
    coming = f"The next one opens {turn.spoken(practice.next_at)}." if practice.next_at else "None is planned."
    waiting = count_waiting(turn)
    wait = f" {count(waiting, 'note waits', 'notes wait')} for it." if waiting else ""
    row = [turn.button("Note for the next retro", "add", 0)]
    if may_start(practice, turn.who):
        row.append(turn.button("Start one now", "now", primary=True))
    return Whisper(Text(f"No retro is open right now. {coming}{wait}"), Buttons(*row))
