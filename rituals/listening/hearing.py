"""What people heard: each writes it down, those of the talk read it, and everybody only if all of them share it."""

from __future__ import annotations

from bot.chat import Answer, Problems, Whisper
from bot.insights.talks import YES
from bot.tables import Member
from bot.turn import Turn
from rituals.listening import forms, messages, views
from rituals.listening.declaration import HEARD_MOST, ritual
from rituals.listening.shown import correct, round_key
from rituals.listening.talking import LONG_OVER, NOT_THERE, find_open_mine, note_yes
from rituals.listening.talks import Talk, find_mine, is_final


@ritual.press("hear")
def open_form(turn: Turn) -> Answer:
    """Ask what somebody heard."""
    talk = find_open_mine(turn)
    if isinstance(talk, Whisper):
        return talk
    return forms.heard_form(talk.seat_of(turn.who).heard, turn.action("hear", talk.occurrence.id))


@ritual.submit("hear")
def keep(turn: Turn) -> Answer:
    """Keep what somebody heard. Whoever heard something has talked; and nobody agreed to share these words yet."""
    talk = find_mine(turn)
    if talk is None or is_final(turn, talk):
        return Problems({"": f"{NOT_THERE if talk is None else LONG_OVER} Your words are still here."})
    answers = turn.answers
    words = answers.words("heard", most=HEARD_MOST)
    if answers.problems:
        return Problems(answers.problems)
    seat = talk.seat_of(turn.who)
    if seat.heard != words:
        seat.heard = words
        share_nothing(turn, talk)
    if seat.says == YES:
        correct(turn, talk, cards=False)
    else:
        note_yes(turn, talk)
    return _read(turn, talk)


@ritual.press("read")
def read(turn: Turn) -> Answer:
    """Show somebody what was heard in their talk."""
    talk = find_mine(turn)
    return _read(turn, talk) if talk is not None else Whisper(NOT_THERE)


@ritual.press("erase")
def erase(turn: Turn) -> Answer:
    """Delete what somebody wrote down; it is nowhere any more."""
    talk = find_mine(turn)
    if talk is None:
        return Whisper(NOT_THERE)
    talk.seat_of(turn.who).heard = ""
    share_nothing(turn, talk)
    correct(turn, talk, cards=False)
    return Whisper("Deleted. Nobody can read it any more.")


@ritual.press("share")
def share(turn: Turn) -> Answer:
    """Be ready to share what was heard; it is shared when all of them are."""
    talk = find_open_mine(turn)
    if isinstance(talk, Whisper):
        return talk
    if not any(seat.heard for seat, _ in talk.seats):
        return Whisper("Nothing is written down yet, so there is nothing to share.")
    talk.seat_of(turn.who).shares = True
    turn.db.flush()
    if _is_shared(talk):
        heard = [(member.name, seat.heard) for seat, member in talk.seats if seat.heard]
        names = [member.name for _, member in talk.seats]
        turn.show(_shared_key(talk), messages.shared_words(heard, names), under=round_key(talk.occurrence))
    return _read(turn, talk)


@ritual.press("unshare")
def unshare(turn: Turn) -> Answer:
    """Take one's yes to sharing back; what stands in the thread is taken out of it."""
    talk = find_mine(turn)
    if talk is None:
        return Whisper(NOT_THERE)
    share_nothing(turn, talk, only=turn.who)
    return _read(turn, talk)


def share_nothing(turn: Turn, talk: Talk, *, only: Member | None = None) -> None:
    """Take the yes of all of them back, or of one, because what they agreed to has changed."""
    was_shared = _is_shared(talk)
    for seat, member in talk.seats:
        if only is None or member.id == only.id:
            seat.shares = False
    turn.db.flush()
    if was_shared:
        turn.withdraw(_shared_key(talk))
        turn.show(_shared_key(talk), messages.unshared(), under=round_key(talk.occurrence))


def _is_shared(talk: Talk) -> bool:
    return all(seat.shares for seat, _ in talk.seats)


def _shared_key(talk: Talk) -> str:
    return f"shared:{talk.occurrence.id}:{talk.pair.id}"


def _read(turn: Turn, talk: Talk) -> Answer:
    mine = talk.seat_of(turn.who)
    view = views.Heard(
        round=talk.occurrence.id,
        mine=mine.heard,
        others=[(member.name, seat.heard) for seat, member in talk.seats if member.id != turn.who.id],
        sharing=mine.shares,
        waiting_for=[member.name for seat, member in talk.seats if not seat.shares],
        shared=_is_shared(talk),
        final=is_final(turn, talk),
    )
    return views.heard_words(view, turn.action)
