"""The sample movement is a believable one, and stays what it was after a restart."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select

from adapters.playground import Room
from adapters.playground.sample import HOME
from bot.clock import MovedClock
from bot.config import Config
from bot.main import assemble
from bot.play import DATABASE, JOURNAL, MovableTime, make_sample, next_monday_morning
from bot.store import Database
from bot.tables import Act, Member, Movement, Occurrence, Post, Practice

SUNDAY = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)


def test_the_sample_ends_on_a_monday_morning() -> None:
    assert next_monday_morning(SUNDAY) == datetime(2026, 11, 23, 8, 20, tzinfo=UTC)
    assert next_monday_morning(datetime(2026, 11, 23, 12, 0, tzinfo=UTC)) == datetime(2026, 11, 30, 8, 20, tzinfo=UTC)


async def test_twelve_people_have_three_months_behind_them_and_a_check_in_before_them(tmp_path: Path) -> None:
    folder = tmp_path / "playground"
    weeks: list[str] = []
    await make_sample(folder, report=weeks.append, now=SUNDAY)
    assert len(weeks) == 13
    database = Database(f"sqlite:///{folder / DATABASE}")
    with database.reading() as db:
        states = db.execute(
            select(Practice.ritual, Occurrence.state, func.count())
            .join(Practice, Practice.id == Occurrence.practice_id)
            .group_by(Practice.ritual, Occurrence.state)
            .order_by(Practice.ritual, Occurrence.state)
        ).all()
        kinds = dict(db.execute(select(Act.kind, func.count()).group_by(Act.kind)).all())
        organizers = db.scalars(select(Member.person).where(Member.role != "member").order_by(Member.person)).all()
        assert [tuple(row) for row in states] == [
            ("alignment-check", "open", 1),
            ("check-in", "held", 13),
            ("check-in", "open", 1),
            ("gathering", "announced", 4),
            ("gathering", "held", 12),
            ("gathering", "missed", 1),
            ("retro", "held", 1),
            ("win-digest", "excused", 10),
        ]
        assert db.scalar(select(func.count()).select_from(Member)) == 12
        assert list(organizers) == ["ana", "ben"]
        least = {"checkin_answer": 80, "action_done": 20, "message": 8, "attended": 50, "rsvp": 80}
        assert {kind: count for kind, count in least.items() if kinds[kind] < count} == {}
        assert db.scalars(select(Post.state).distinct()).all() == ["shown"]
        assert db.scalar(select(Movement.name)) == "Clean River"

    clock = MovedClock(wall=lambda: SUNDAY)
    room = Room(now=clock, journal=folder / JOURNAL)
    clock.offset = timedelta(seconds=room.offset)
    assert clock() == datetime(2026, 11, 23, 8, 20, tzinfo=UTC)
    before = [post.text for post in room.channel_messages(HOME)]
    assert before[-1].startswith("Check-in, Mon 23 November\n")
    config_of = f"sqlite:///{folder / DATABASE}"
    database.close()

    drumbeat = assemble(Config(database_url=config_of), chats={Room.platform: room}, now=clock)
    await drumbeat.settle()
    assert [post.text for post in room.channel_messages(HOME)] == before
    await MovableTime(drumbeat, clock, room).move_to(clock() + timedelta(days=2))
    assert "is closed" in room.channel_messages(HOME)[-1].text
    assert Room(now=clock, journal=folder / JOURNAL).offset == clock.offset.total_seconds()
    drumbeat.close()
