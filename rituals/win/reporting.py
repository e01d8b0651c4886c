"""How a win is reported: it is shown in the channel at once, because a celebration needs its moment."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from sqlalchemy import select

from bot.chat import Answer, Problems, Whisper
from bot.people import find_present
from bot.plain import tidy
from bot.tables import Member
from bot.turn import Answers, Turn
from rituals.win import evidence, forms, views
from rituals.win.declaration import EVIDENCE_MOST, MOST_MAKERS, WHAT_MOST, ritual
from rituals.win.naming import name_makers
from rituals.win.tables import Win
from rituals.win.wins import is_undecided, show_win


def open_win_form(turn: Turn, typed: str = "") -> Answer:
    """Give the form; what was typed behind the command stands in it."""
    what, link = evidence.take_link(tidy(typed))
    too_long = _length(what) > WHAT_MOST or _length(link) > EVIDENCE_MOST
    given = forms.Given(what=_cut(tidy(typed)) if too_long else what, evidence="" if too_long else link)
    return forms.win_form(given, turn.action("report", secrets.token_hex(8)))


def _length(words: str) -> int:
    return len(words.encode("utf-16-le")) // 2


def _cut(words: str) -> str:
    return words.encode("utf-16-le")[: 2 * WHAT_MOST].decode("utf-16-le", errors="ignore").strip()


@ritual.submit("report")
def keep_report(turn: Turn) -> Answer:
    """Keep a win and show it to the channel; the same form sent twice is one win."""
    answers = turn.answers
    given, makers = read_win(turn, answers)
    if answers.problems:
        return Problems(answers.problems)
    known = turn.db.scalar(select(Win.id).where(Win.movement_id == turn.movement.id, Win.once == turn.about[:40]))
    if known is not None:
        return Whisper("This win is in the channel already. With Change below it you can still edit it.")
    turn.practice()  # the first win begins the digests
    win = Win(
        movement_id=turn.movement.id,
        once=turn.about[:40],
        reporter_id=turn.who.id,
        kind=given.kind,
        what=given.what,
        evidence=given.evidence,
        found=False,
        taken_back=False,
        at=turn.now,
    )
    turn.db.add(win)
    turn.db.flush()
    name_makers(turn, win, makers)
    show_win(turn, win)
    own = any(member.id == turn.who.id for member in makers)
    return views.reported(
        named=sum(member.id != turn.who.id for member in makers),
        asks=views.asks(turn.action) if own and is_undecided(turn, turn.who) else (),
    )


def read_win(turn: Turn, answers: Answers) -> tuple[forms.Given, Sequence[Member]]:
    """Read the form of a win; what is wrong stands in the answers' problems."""
    what = answers.words("what", most=WHAT_MOST)
    kind = answers.one("kind")
    if kind not in ("outcome", "effort"):
        answers.problems["kind"] = "Please choose an outcome or an effort."
    given = answers.line("evidence", most=EVIDENCE_MOST, required=False)
    problem = evidence.find_problem(given) if "evidence" not in answers.problems else ""
    if problem:
        answers.problems["evidence"] = problem
    makers = []
    for person in dict.fromkeys(answers.many("makers")):
        member = find_present(turn.db, turn.movement, person)
        if member is None:
            answers.problems["makers"] = (
                "Somebody you chose is not a member of this movement. Please choose again; you can name others in your "
                "own words."
            )
            break
        makers.append(member)
    if len(makers) > MOST_MAKERS:
        answers.problems["makers"] = f"Please choose {MOST_MAKERS} people at most."
    return forms.Given(what=what, kind=kind, evidence=given), makers
