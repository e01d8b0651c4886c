"""I'm here: whoever writes the word that is said aloud in the room is down as having come."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from bot.chat import Answer, Problems, Whisper
from bot.moments import spoken_clock
from bot.tables import Gathering, Guess
from bot.turn import Turn
from rituals.gathering import turnout_messages as messages
from rituals.gathering.closing import renew
from rituals.gathering.declaration import ritual
from rituals.gathering.easy_words import changes_at, is_word, word_at
from rituals.gathering.gatherings import find
from rituals.gathering.opening import confirm_stand_in, find_host_there, open_it, runs, stands_in
from rituals.gathering.record import find_evidence, note
from rituals.gathering.times import BEFORE, may_start, takes_words
from rituals.gathering.turnout_messages import NOT_THERE, WORDS_MOST

# Two of some four hundred words cannot be found by trying so few times.
TRIES = 5
ASK_THE_HOST = "Please ask whoever runs it to tick you in the roll call."
CLOSED = "The word is not taken any more. Whoever runs it can tick you in the roll call."
NOT_YET = "It has not begun yet. Once it has, write here what is said aloud."


@ritual.press("word")
def show_word(turn: Turn) -> Answer:
    """Show the word of this moment to whoever runs it, and to nobody else."""
    gathering = find(turn, turn.about)
    if gathering is None:
        return NOT_THERE
    if not runs(turn, gathering, turn.who):
        return Whisper("Only whoever runs it sees the word, so that it is said in the room.")
    there = find_host_there(turn, gathering) if stands_in(turn, gathering, turn.who) else None
    if there is not None:
        return Whisper(f"{there.name} is there and sees the word. Thank you for standing in.")
    if gathering.state == "announced" and may_start(gathering, turn.now):
        open_it(turn, gathering)
    if not takes_words(gathering, turn.now):
        return Whisper("There is a word from half an hour before it begins until half an hour after it ends.")
    return messages.the_word(
        word_at(gathering.word_key, turn.now),
        spoken_clock(changes_at(turn.now).astimezone(ZoneInfo(turn.zone)).time()),
        gathering.id,
        turn.action,
    )


@ritual.press("here")
def ask_for_word(turn: Turn) -> Answer:
    """Ask for the word that was said aloud."""
    gathering = find(turn, turn.about)
    if gathering is None:
        return NOT_THERE
    refusal = _refuse(turn, gathering)
    return Whisper(refusal) if refusal else messages.here_form(turn.action("here", gathering.id))


@ritual.submit("here")
def hear_word(turn: Turn) -> Answer:
    """Note somebody as here who wrote the word; a wrong one is counted, never kept."""
    gathering = find(turn, turn.about)
    refusal = _refuse(turn, gathering) if gathering is not None else "This gathering is not there any more."
    if gathering is None or refusal:
        return Problems({"word": refusal})
    answers = turn.answers
    written = answers.line("word", most=WORDS_MOST)
    if answers.problems:
        return Problems(answers.problems)
    if not is_word(written, gathering.word_key, turn.now):
        left = TRIES - _count_wrong(turn, gathering)
        if left <= 0:
            return Problems({"word": f"That is not the word, and there are no tries left. {ASK_THE_HOST}"})
        tries = "1 try" if left == 1 else f"{left} tries"
        return Problems({"word": f"That is not the word of this moment. Please listen again; {tries} left."})
    note(turn, gathering, turn.who, "word", "came")
    confirm_stand_in(turn, gathering)
    renew(turn, gathering)
    return Whisper("You are down as here. Thank you for coming.")


def _refuse(turn: Turn, gathering: Gathering) -> str:
    """Say why somebody cannot write the word, or ''."""
    if gathering.state == "announced":
        return NOT_YET
    if not takes_words(gathering, turn.now):
        return CLOSED
    if turn.who.opted_out:
        return "You asked not to be counted, so nothing is written down about you."
    if find_evidence(turn, gathering, turn.who, "word") is not None:
        return "You are down as here already. Thank you for coming."
    if stands_in(turn, gathering, turn.who):
        return "You see the word yourself, so writing it tells nothing. The roll call can say that you were there."
    since = turn.who.counted_since
    if since is not None and since > gathering.starts_at - BEFORE:
        # How often they have tried may have been forgotten with them.
        return f"You are counted only since it has begun. {ASK_THE_HOST}"
    guess = turn.db.get(Guess, (gathering.id, turn.who.id))
    return f"There are no tries left. {ASK_THE_HOST}" if guess is not None and guess.wrong >= TRIES else ""


def _count_wrong(turn: Turn, gathering: Gathering) -> int:
    guess = turn.db.get(Guess, (gathering.id, turn.who.id))
    if guess is None:
        guess = Guess(gathering_id=gathering.id, member_id=turn.who.id, wrong=0)
        turn.db.add(guess)
    guess.wrong += 1
    turn.db.flush()
    return guess.wrong
