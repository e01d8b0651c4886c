"""The wins of a movement: finding one, and keeping the channel's view of it true wherever it stands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from bot.chat import Message
from bot.moments import MONTHS
from bot.tables import Member, Occurrence
from bot.turn import Turn, read_number
from rituals.win import messages
from rituals.win.tables import Cheer, Win, WinChoice, WinDigest, WinMaker


def find_win(turn: Turn, number: str) -> Win | None:
    """Find a win of this very movement that was not taken back."""
    win_id = read_number(number)
    win = turn.db.get(Win, win_id) if win_id is not None else None
    return win if win is not None and win.movement_id == turn.movement.id and not win.taken_back else None


def key_of(win_id: int) -> str:
    """Name the post of a win."""
    return f"win:{win_id}"


def note_key(maker: WinMaker) -> str:
    """Name the private message to somebody who was named."""
    return f"named:{maker.note}"


def makers_of(turn: Turn, win: Win) -> list[tuple[WinMaker, Member]]:
    """List who made a win happen, in the order in which they joined the movement."""
    rows = turn.db.execute(
        select(WinMaker, Member)
        .join(Member, Member.id == WinMaker.member_id)
        .where(WinMaker.win_id == win.id)
        .order_by(Member.joined_at, Member.id)
    )
    return [(row[0], row[1]) for row in rows]


def cheered(turn: Turn, win: Win) -> int:
    """Count who celebrated a win: nobody twice, not those it is about, and nobody who asked not to be counted."""
    about = select(WinMaker.member_id).where(WinMaker.win_id == win.id)
    counted = turn.db.scalar(
        select(func.count(func.distinct(Cheer.member_id)))
        .join(Member, Member.id == Cheer.member_id)
        .where(Cheer.win_id == win.id, Member.opted_out.is_(False), Cheer.member_id.not_in(about))
    )
    return counted or 0


def view_of(turn: Turn, win: Win) -> messages.Shown:
    """Give a win as everybody sees it."""
    reporter = turn.db.get(Member, win.reporter_id) if win.reporter_id is not None else None
    return messages.Shown(
        kind=win.kind,
        what=win.what,
        evidence=win.evidence,
        by=reporter.name if reporter is not None else "",
        makers=[member.name for maker, member in makers_of(turn, win) if maker.shown],
        cheered=cheered(turn, win),
        found=win.found,
    )


def show_win(turn: Turn, win: Win) -> None:
    """Make the channel's post of a win true."""
    turn.show(key_of(win.id), lambda: _post(turn, win), about=str(win.id))


def _post(turn: Turn, win: Win) -> Message:
    return messages.taken_back() if win.taken_back else messages.win(view_of(turn, win), win.id, turn.action)


def show_everywhere(turn: Turn, win: Win) -> None:
    """Make everything true that shows a win: its post, its digest, and the round-up of its month."""
    turn.db.flush()
    show_win(turn, win)
    rounded = turn.db.scalars(
        select(WinDigest.occurrence_id)
        .join(Occurrence, Occurrence.id == WinDigest.occurrence_id)
        .where(Occurrence.movement_id == turn.movement.id, WinDigest.month == month_of(turn, win))
    ).all()
    for occurrence_id in sorted({*rounded, *([win.digest_id] if win.digest_id is not None else [])}):
        show_digest(turn, occurrence_id)


def month_of(turn: Turn, win: Win) -> str:
    """Name the calendar month of a win: '2026-05'."""
    return f"{win.at.astimezone(ZoneInfo(turn.movement.zone)):%Y-%m}"


def in_full(day: date) -> str:
    """Say a day for readers of any year: '4 May 2026'."""
    return f"{day.day} {MONTHS[day.month - 1].title()} {day.year}"


def show_digest(turn: Turn, occurrence_id: int) -> None:
    """Make a digest true. One that nobody has seen yet disappears with the last of its wins."""
    key = f"digest:{occurrence_id}"
    shown = turn.db.get(WinDigest, occurrence_id)
    if shown is None:
        return
    wins = of_digest(turn, occurrence_id)
    month = round_up(turn, shown.month) if shown.month else None
    if not wins and (month is None or not month.wins):
        turn.withdraw(key)
    turn.show(key, messages.digest([view_of(turn, win) for win in wins], month), about=f"digest/{occurrence_id}")


def of_digest(turn: Turn, occurrence_id: int) -> Sequence[Win]:
    """List the wins of one digest."""
    return turn.db.scalars(
        select(Win)
        .where(Win.digest_id == occurrence_id, Win.movement_id == turn.movement.id, Win.taken_back.is_(False))
        .order_by(Win.at, Win.id)
    ).all()


def round_up(turn: Turn, month: str) -> messages.RoundUp:
    """Sum a month up: '2026-05'."""
    year, _, number = month.partition("-")
    start = datetime(int(year), int(number), 1, tzinfo=ZoneInfo(turn.movement.zone))
    around = turn.db.scalars(
        select(Win)
        .where(Win.movement_id == turn.movement.id, Win.taken_back.is_(False))
        .where(Win.at >= start, Win.at < start + timedelta(days=32))
        .order_by(Win.at, Win.id)
    )
    wins = [win for win in around if month_of(turn, win) == month]
    thanked = turn.db.scalar(
        select(func.count(func.distinct(WinMaker.member_id))).where(
            WinMaker.win_id.in_([win.id for win in wins]), WinMaker.shown.is_(True)
        )
    )
    return messages.RoundUp(
        f"{MONTHS[int(number) - 1].title()} {year}", [view_of(turn, win) for win in wins], thanked or 0
    )


def choice_of(turn: Turn, member: Member) -> WinChoice:
    """Find what a member chose; who never chose has not said anything about stories, and gets offers."""
    found = turn.db.get(WinChoice, member.id)
    if found is None:
        found = WinChoice(member_id=member.id, in_stories=None, offers=True)
        turn.db.add(found)
        turn.db.flush()
    return found


def is_undecided(turn: Turn, member: Member) -> bool:
    """Tell whether a member has not said whether stories may have their name."""
    found = turn.db.get(WinChoice, member.id)
    return found is None or found.in_stories is None


def may_edit(turn: Turn, win: Win) -> bool:
    """Tell whether whoever acts may change a win: its reporter and the organizers."""
    return turn.who.role != "member" or (win.reporter_id is not None and win.reporter_id == turn.who.id)
