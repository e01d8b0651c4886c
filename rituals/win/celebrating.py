"""Celebrating a win: by any reaction, by a reply in its thread, or by a line of thanks that stands there."""

from __future__ import annotations

from sqlalchemy import Delete, delete, select

from bot.chat import Answer, Problems, Whisper
from bot.plain import tidy
from bot.store import insert_or
from bot.tables import Member
from bot.turn import Turn
from rituals.win import forms, messages
from rituals.win.declaration import THANKS_MOST, ritual
from rituals.win.naming import NOT_THERE
from rituals.win.tables import Cheer, Win
from rituals.win.wins import find_win, key_of, show_win

WORDS, REPLY = "words", "reply"


@ritual.reaction
def keep_reaction(turn: Turn) -> None:
    """Count whoever puts any reaction on a win, until they take all of theirs back."""
    win = find_win(turn, turn.about)
    if win is None or turn.who.bot:
        return
    how = f"reaction {turn.emoji}"[:120]
    if turn.on:
        _cheer(turn, win, how)
    else:
        turn.db.execute(_mine(win, turn.who, how))
    show_win(turn, win)


@ritual.reply
def keep_reply(turn: Turn) -> None:
    """Count whoever replies; whoever reported the win may only have added something."""
    win = find_win(turn, turn.about)
    if win is None or turn.who.bot or turn.who.id == win.reporter_id or not (turn.unread or tidy(turn.words)):
        return
    _cheer(turn, win, REPLY)
    show_win(turn, win)


@ritual.press("thank")
def open_thanks(turn: Turn) -> Answer:
    """Ask for a line of thanks."""
    win = find_win(turn, turn.about)
    if win is None:
        return NOT_THERE
    mine = turn.db.get(Cheer, (win.id, turn.who.id, WORDS))
    return forms.thanks_form(mine.words if mine is not None else "", turn.action("thank", win.id))


@ritual.submit("thank")
def keep_thanks(turn: Turn) -> Answer:
    """Keep a line of thanks in the win's thread; a second one replaces it, an empty one takes it back."""
    win = find_win(turn, turn.about)
    if win is None:
        return Problems({"": "This win was taken back meanwhile. Your words are still here."})
    answers = turn.answers
    mine = turn.db.get(Cheer, (win.id, turn.who.id, WORDS))
    words = answers.line("words", most=THANKS_MOST, required=mine is None)
    if answers.problems:
        return Problems(answers.problems)
    if not words:
        turn.db.execute(_mine(win, turn.who, WORDS))
    elif mine is None:
        _cheer(turn, win, WORDS, words)
    else:
        mine.words = words
        turn.db.flush()
    show_win(turn, win)
    turn.show(f"thanks:{win.id}", messages.thanks(_thanks(turn, win)), under=key_of(win.id), about="thanks")
    return Whisper("It stands under the win." if words else "Taken back.")


def _cheer(turn: Turn, win: Win, how: str, words: str = "") -> None:
    row = {"win_id": win.id, "member_id": turn.who.id, "how": how, "words": words, "at": turn.now}
    turn.db.execute(insert_or(turn.db)(Cheer).values(row).on_conflict_do_nothing())


def _mine(win: Win, member: Member, how: str) -> Delete:
    return delete(Cheer).where(Cheer.win_id == win.id, Cheer.member_id == member.id, Cheer.how == how)


def _thanks(turn: Turn, win: Win) -> list[tuple[str, str]]:
    rows = turn.db.execute(
        select(Member.name, Cheer.words)
        .join(Member, Member.id == Cheer.member_id)
        .where(Cheer.win_id == win.id, Cheer.how == WORDS)
        .order_by(Cheer.at, Member.id)
    )
    return [(row[0], row[1]) for row in rows]
