"""How a retro closes: what came of it in its thread, everything as a file, and nothing left that tells who wrote it."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from sqlalchemy import delete, select

from bot.marks import destroy_marks
from bot.store import insert_or
from bot.tables import Host, Member, Occurrence
from bot.turn import Turn
from rituals.retro import messages
from rituals.retro.declaration import QUORUM
from rituals.retro.discussing import show_talk, talked_about
from rituals.retro.export import Exported, Section, markdown
from rituals.retro.formats import FORMATS, IN_BETWEEN, column_name
from rituals.retro.phases import OPEN_PHASES
from rituals.retro.presence import count_here
from rituals.retro.requests import settle
from rituals.retro.revealing import let_wait, reveal
from rituals.retro.rounds import (
    board_key,
    day_of,
    entry,
    find_facilitator,
    finished_scope,
    here_scope,
    outcomes,
    public_promises,
    rank_topics,
    read_notes,
    say_promise,
    show_board,
    topic_lines,
    votes_scope,
)
from rituals.retro.tables import Retro, RetroVote

ENDINGS = {
    "done": "Thank you.",
    "quiet": "Nobody wrote a note this time, so it closed by itself.",
    "still": "Nobody moved it on for a long time, so it closed by itself.",
    "early": "It ended before the notes were shown; they wait for the next retro.",
    "left": "Nobody moved it on for a long time, so it closed by itself. Its notes wait for the next retro.",
}


def finish(turn: Turn, occurrence: Occurrence, retro: Retro, how: str) -> None:
    """Close a retro. ``how``: done, quiet (nobody wrote), still (nobody moved it on), early or left (never shown)."""
    people = count_here(turn, occurrence)
    facilitator = find_facilitator(turn, retro)
    if facilitator is not None:
        note_host(turn, occurrence, facilitator)
    if how in ("early", "left"):
        let_wait(turn, occurrence)
    else:
        # Whatever was written late lies open now, too, and nobody can change it any more.
        reveal(turn, occurrence, retro)
    retro.phase, retro.ended = "closed", how
    retro.phase_ends_at = retro.topic_timer_at = None
    settle(turn, occurrence, retro)
    retro.spent = []
    occurrence.closed_at = turn.now
    occurrence.state = "held" if people >= QUORUM and how in ("done", "still") else "missed"
    _forget(turn, occurrence)
    _record_hosts(turn, occurrence)
    turn.db.flush()
    show_talk(turn, occurrence, retro)
    show_summary(turn, occurrence, retro, people)
    show_board(turn, occurrence, retro)


def _forget(turn: Turn, occurrence: Occurrence) -> None:
    """Destroy every mark and every vote, and let the timers rest."""
    turn.db.execute(delete(RetroVote).where(RetroVote.occurrence_id == occurrence.id))
    for phase in OPEN_PHASES:
        destroy_marks(turn, finished_scope(occurrence.id, phase))
    destroy_marks(turn, votes_scope(occurrence.id))
    destroy_marks(turn, here_scope(occurrence.id))
    for verb in ("phase", "still", "topic-time", "ask"):
        turn.cancel(verb, occurrence.id)


def note_host(turn: Turn, occurrence: Occurrence, member: Member) -> None:
    """Write somebody down as a host of record."""
    row = {"occurrence_id": occurrence.id, "member_id": member.id, "at": turn.now}
    turn.db.execute(insert_or(turn.db)(Host).values(row).on_conflict_do_nothing())


def _record_hosts(turn: Turn, occurrence: Occurrence) -> None:
    if occurrence.state != "held":
        return
    ran = select(Member).join(Host, Host.member_id == Member.id).where(Host.occurrence_id == occurrence.id)
    for member in turn.db.scalars(ran.order_by(Member.id)):
        turn.record("hosted", once=f"hosted:{occurrence.id}:{member.id}", occurrence=occurrence, member=member)


def show_summary(turn: Turn, occurrence: Occurrence, retro: Retro, people: int) -> None:
    """Post what a retro came to in its thread."""
    notes = read_notes(turn, occurrence)
    view = messages.Summary(
        day=day_of(turn, occurrence),
        ending=ENDINGS[retro.ended],
        people=people,
        notes=len(notes),
        topics=topic_lines(turn, occurrence, retro, []),
        promises=[say_promise(turn, one) for one in public_promises(turn, occurrence)],
        file=_file(turn, occurrence, retro, people) if notes else None,
    )
    turn.show(
        f"summary:{occurrence.id}",
        messages.summary(view),
        under=board_key(occurrence),
        about=str(occurrence.id),
    )


def _file(turn: Turn, occurrence: Occurrence, retro: Retro, people: int) -> tuple[str, str]:
    opened = occurrence.opened_at or occurrence.planned_at
    day = opened.astimezone(ZoneInfo(turn.zone)).date().isoformat()
    notes = read_notes(turn, occurrence)
    promises = public_promises(turn, occurrence)
    talked = {one.id: one for one in talked_about(turn, occurrence)}
    names = {one.topic: one.name for one in rank_topics(turn, occurrence)}
    sections = []
    for one in rank_topics(turn, occurrence):
        topic = talked.get(one.topic)
        sections.append(
            Section(
                title=one.name,
                votes=one.votes,
                talked=topic is not None,
                outcomes=tuple(outcomes(turn, topic, promises)) if topic is not None else (),
            )
        )
    columns = [
        (
            column_name(retro.columns, column),
            tuple(
                (shown.words, shown.by, names.get(one.topic_id or 0, ""))
                for one in notes
                if one.column == column
                for shown in (entry(turn, one),)
            ),
        )
        for column in (*range(len(retro.columns)), IN_BETWEEN)
    ]
    exported = Exported(
        title=f"Retro, {day}",
        movement=turn.movement.name,
        form=FORMATS[retro.format].name if retro.format in FORMATS else "Our own columns",
        people=people,
        topics=tuple(sections),
        promises=tuple(say_promise(turn, one) for one in promises),
        columns=tuple((name, rows) for name, rows in columns if rows),
    )
    return f"retro-{day}.md", markdown(exported)
