"""The story so far, for an organizer to take outside: what is in it is counted from the records, or marked a claim."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bot.chat import ATTACHMENT_LIMIT, Answer, Whisper
from bot.insights.promises import ON_TIME, standing
from bot.tables import Member, Mission, Promise
from bot.turn import Turn
from rituals.win import evidence, views
from rituals.win.names import Names, listed
from rituals.win.pages import as_markdown, as_page
from rituals.win.pledges import read_pledges
from rituals.win.study import Study, Told
from rituals.win.tables import Win, WinChoice
from rituals.win.turnout import count_turnout, list_tried
from rituals.win.wins import in_full, makers_of

# What a retro, or an alignment check, led to is what was learned.
LEARNING = ("retro", "alignment-check")


def send_story(turn: Turn) -> Answer:
    """Send the story to the organizer who asks, in private, as Markdown and as a page."""
    names = _read_names(turn)
    study = _collect(turn, names)
    markdown, page = as_markdown(study), as_page(study)
    while max(len(markdown.encode()), len(page.encode())) > ATTACHMENT_LIMIT:
        study = study.without_older_half()
        markdown, page = as_markdown(study), as_page(study)
    view = views.Story(
        movement=turn.movement.name,
        wins=study.wins,
        left_out=study.left_out,
        replaced=names.replaced,
        day=turn.spoken_day(turn.today()),
        day_in_name=turn.today().isoformat(),
    )
    key = f"story:{turn.who.id}:{turn.now:%Y%m%d%H%M%S}"
    turn.dm(turn.who, key, views.story(view, markdown, page), about="story")
    return Whisper("It comes to you in private, as Markdown and as a page to open in a browser.")


def _read_names(turn: Turn) -> Names:
    """Find who agreed to be named outside. Who has left is not named."""
    rows = turn.db.execute(
        select(Member.name, Member.left_at, WinChoice.in_stories)
        .outerjoin(WinChoice, WinChoice.member_id == Member.id)
        .where(Member.movement_id == turn.movement.id, Member.bot.is_(False))
    ).all()
    agreed = {name for name, left_at, yes in rows if yes and left_at is None}
    return Names(agreed=agreed, others={name for name, left_at, yes in rows if not yes or left_at is not None})


def _collect(turn: Turn, names: Names) -> Study:
    movement = turn.movement
    wins = [(win, _told(turn, win, names)) for win in _wins(turn)]
    titled = (
        ("What is wrong", movement.problem),
        ("What could be", movement.future),
        ("What each of us does", movement.part),
    )
    mission = turn.db.scalar(
        select(Mission).where(Mission.movement_id == movement.id).order_by(Mission.version.desc()).limit(1)
    )
    promises = turn.db.scalars(select(Promise).where(Promise.movement_id == movement.id).order_by(Promise.id)).all()
    return Study(
        movement=movement.name,
        since=in_full(movement.started_at.astimezone(ZoneInfo(turn.zone))),
        day=in_full(turn.today()),
        story=[(title, names.veil(words)) for title, words in titled if words],
        mission=names.veil(mission.words) if mission is not None else "",
        tried=list_tried(turn, own=turn.ritual.name),
        outcomes=[told for win, told in wins if win.kind == "outcome" and win.evidence],
        claims=[told for win, told in wins if win.kind == "outcome" and not win.evidence],
        efforts=[told for win, told in wins if win.kind == "effort"],
        figures=count_turnout(turn, read_pledges(turn, _counted(turn, promises)).values()),
        learned=_learned(turn, list(promises), names),
    )


def _counted(turn: Turn, promises: Sequence[Promise]) -> list[Promise]:
    """Leave out the promises of who asked to be in no figure."""
    counted = set(
        turn.db.scalars(
            select(Member.id).where(
                Member.movement_id == turn.movement.id, Member.opted_out.is_(False), Member.bot.is_(False)
            )
        )
    )
    return [one for one in promises if one.owner_id in counted]


def _wins(turn: Turn) -> list[Win]:
    return list(
        turn.db.scalars(
            select(Win).where(Win.movement_id == turn.movement.id, Win.taken_back.is_(False)).order_by(Win.at, Win.id)
        )
    )


def _told(turn: Turn, win: Win, names: Names) -> Told:
    makers = [member for maker, member in makers_of(turn, win) if maker.shown]
    yes = set(
        turn.db.scalars(
            select(WinChoice.member_id).where(
                WinChoice.member_id.in_([member.id for member in makers]), WinChoice.in_stories.is_(True)
            )
        )
    )
    agreed = [member.name for member in makers if member.id in yes and member.left_at is None]
    return Told(
        day=in_full(win.at.astimezone(ZoneInfo(turn.zone))),
        what=names.veil(win.what),
        by=listed(agreed, len(makers) - len(agreed)),
        proof=[("from our records", "")] if win.found else _proof(win, names),
    )


def _proof(win: Win, names: Names) -> list[tuple[str, str]]:
    return [
        (_label(link, names) if link else names.veil(words), link) for words, link in evidence.in_a_row(win.evidence)
    ]


def _label(link: str, names: Names) -> str:
    host = evidence.spoken_host(link)
    return "a link" if names.hold(host) else host


def _learned(turn: Turn, promises: list[Promise], names: Names) -> list[str]:
    """List what was promised in a retro, in public, and done."""
    led_to = [one for one in promises if one.ritual in LEARNING and one.public]
    pledges = read_pledges(turn, led_to)
    return [names.veil(one.what) for one in led_to if standing(pledges[one.id], now=turn.now) in (*ON_TIME, "late")]
