"""When a ritual takes place: what a late beat means, and what organizers can change."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from bot import practices
from bot.practices import Due
from bot.store import Database
from bot.tables import Movement, Occurrence, Practice, Timer

BERLIN = ZoneInfo("Europe/Berlin")


def berlin(month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    """An instant as clocks in Berlin show it, in 2026."""
    return datetime(2026, month, day, hour, minute, tzinfo=BERLIN).astimezone(UTC)


@pytest.fixture
def db(fresh_sqlite: str) -> Iterator[Session]:
    database = Database(fresh_sqlite)
    with database.transaction() as db:
        yield db
    database.close()


def begin(db: Session, cadence: str, *, now: datetime) -> tuple[Movement, Practice]:
    movement = Movement(
        platform="playground",
        workspace="w",
        channel="c",
        name="Clean River",
        zone="Europe/Berlin",
        started_at=now,
        roll_due_at=now,
    )
    db.add(movement)
    db.flush()
    return movement, practices.begin(db, movement, "check-in", cadence=cadence, owner_id=None, now=now)


def planned(practice: Practice) -> tuple[datetime | None, datetime | None]:
    return practice.next_slot, practice.next_at


MONDAY = berlin(11, 2)


@pytest.mark.parametrize(
    ("cadence", "heard_at", "opens", "missed"),
    [
        ("every monday 09:00", MONDAY, MONDAY, ()),
        ("every monday 09:00", MONDAY + timedelta(hours=12), MONDAY, ()),
        ("every monday 09:00", MONDAY + timedelta(hours=12, seconds=1), None, (MONDAY,)),
        ("every monday 09:00", berlin(11, 9, 8, 59), None, (MONDAY,)),
        ("every monday 09:00", berlin(11, 9), berlin(11, 9), (MONDAY,)),
        ("every monday 09:00", berlin(11, 16, 21), berlin(11, 16), (MONDAY, berlin(11, 9))),
        ("every monday 09:00", berlin(11, 17), None, (MONDAY, berlin(11, 9), berlin(11, 16))),
        # Half the gap to the next one is less than the grace: a daily one is never caught up with near the next.
        ("every day 09:00", berlin(11, 2, 21), MONDAY, ()),
        ("every day 09:00", berlin(11, 2, 21, 1), None, (MONDAY,)),
        ("every day 09:00", berlin(11, 4, 10), berlin(11, 4), (MONDAY, berlin(11, 3))),
        ("every other monday 09:00", berlin(11, 16), berlin(11, 16), (MONDAY,)),
    ],
)
def test_a_beat_heard_late_is_caught_up_with_inside_the_grace_and_missed_after_it(
    db: Session, cadence: str, heard_at: datetime, opens: datetime | None, missed: tuple[datetime, ...]
) -> None:
    movement, practice = begin(db, cadence, now=berlin(11, 1))
    if cadence == "every day 09:00":
        practice.next_slot = practice.next_at = MONDAY
    assert practices.read_beat(movement, practice, now=heard_at) == Due(opens, missed)


def test_after_half_a_year_of_silence_only_the_latest_sixty_are_written_down(db: Session) -> None:
    movement, practice = begin(db, "every day 09:00", now=berlin(1, 1, 8))
    due = practices.read_beat(movement, practice, now=berlin(7, 1, 23))
    assert (due.opens, len(due.missed), due.missed[-1]) == (None, 60, berlin(7, 1))


def test_one_that_was_moved_earlier_is_caught_up_with_though_its_old_time_is_near(db: Session) -> None:
    movement, practice = begin(db, "every monday 09:00", now=berlin(11, 1))
    practices.move_next(db, practice, berlin(11, 2, 8, 50))
    assert practices.read_beat(movement, practice, now=berlin(11, 2, 8, 59)) == Due(berlin(11, 2, 8, 50), ())


def test_one_that_was_moved_does_not_come_again_at_its_old_time(db: Session) -> None:
    movement, practice = begin(db, "every monday 09:00", now=berlin(11, 1))
    practices.move_next(db, practice, berlin(11, 4, 18))
    assert planned(practice) == (MONDAY, berlin(11, 4, 18))
    assert practices.read_beat(movement, practice, now=berlin(11, 4, 18)) == Due(berlin(11, 4, 18), ())
    practices.plan(db, movement, practice, after=berlin(11, 4, 18))
    assert planned(practice) == (berlin(11, 9), berlin(11, 9))


def test_nothing_is_due_while_a_ritual_is_paused(db: Session) -> None:
    movement, practice = begin(db, "every monday 09:00", now=berlin(11, 1))
    practices.pause(db, practice, now=berlin(11, 1))
    assert planned(practice) == (None, None)
    assert db.query(Timer).all() == []
    assert practices.read_beat(movement, practice, now=berlin(11, 20)) == Due(None, ())
    practices.resume(db, movement, practice, now=berlin(11, 20))
    assert planned(practice) == (berlin(11, 23), berlin(11, 23))
    assert [timer.due_at for timer in db.query(Timer)] == [berlin(11, 23)]
    assert db.query(Occurrence).all() == []


@pytest.mark.parametrize(
    ("called_off_at", "state"),
    [
        (berlin(10, 30), "excused"),
        (berlin(11, 2, 8), "excused"),
        (berlin(11, 2, 8, 1), "missed"),
    ],
)
def test_one_that_is_called_off_an_hour_ahead_is_excused_and_later_missed(
    db: Session, called_off_at: datetime, state: str
) -> None:
    movement, practice = begin(db, "every monday 09:00", now=berlin(10, 29))
    assert practices.skip_next(db, movement, practice, now=called_off_at) == MONDAY
    assert [(row.planned_at, row.state, row.why) for row in db.query(Occurrence)] == [(MONDAY, state, "called off")]
    assert planned(practice) == (berlin(11, 9), berlin(11, 9))


def test_one_that_was_moved_and_then_called_off_leaves_the_following_where_it_is(db: Session) -> None:
    movement, practice = begin(db, "every monday 09:00", now=berlin(11, 1))
    practices.move_next(db, practice, berlin(11, 4, 18))
    assert practices.skip_next(db, movement, practice, now=berlin(11, 3)) == berlin(11, 4, 18)
    assert planned(practice) == (berlin(11, 9), berlin(11, 9))


def test_nothing_can_be_called_off_on_demand(db: Session) -> None:
    movement, practice = begin(db, "on demand", now=berlin(11, 1))
    assert practices.skip_next(db, movement, practice, now=berlin(11, 1)) is None
    assert (planned(practice), db.query(Timer).all()) == ((None, None), [])


def test_a_slot_is_opened_once(db: Session) -> None:
    _, practice = begin(db, "every monday 09:00", now=berlin(11, 1))
    assert practices.open_slot(db, practice, MONDAY, now=MONDAY) is not None
    assert practices.open_slot(db, practice, MONDAY, now=MONDAY) is None


def test_a_slot_that_was_written_off_is_not_opened_any_more(db: Session) -> None:
    _, practice = begin(db, "every monday 09:00", now=berlin(11, 1))
    for _ in range(2):
        practices.note_slots(db, practice, (MONDAY,), state="missed", why="nobody was there")
    assert practices.open_slot(db, practice, MONDAY, now=MONDAY) is None
    assert db.query(Occurrence).count() == 1


@pytest.mark.parametrize(
    ("begun", "expected"),
    [
        # Clocks go forward on 29 March: 02:30 is not there, and becomes 03:30, once.
        (berlin(3, 27, 12), ["2026-03-28 01:30", "2026-03-29 01:30", "2026-03-30 00:30"]),
        # Clocks go back on 25 October: 02:30 comes twice, and counts once.
        (berlin(10, 23, 12), ["2026-10-24 00:30", "2026-10-25 00:30", "2026-10-26 01:30"]),
    ],
)
def test_a_nightly_ritual_comes_once_a_night_when_clocks_change(
    db: Session, begun: datetime, expected: list[str]
) -> None:
    movement, practice = begin(db, "every day 02:30", now=begun)
    nights = []
    for _ in range(3):
        assert practice.next_at is not None
        nights.append(f"{practice.next_at:%Y-%m-%d %H:%M}")
        practices.plan(db, movement, practice, after=practice.next_at)
    assert nights == expected


def test_a_new_time_zone_keeps_the_time_of_day_and_which_weeks(db: Session) -> None:
    movement, practice = begin(db, "every other monday 09:00", now=berlin(11, 1))
    movement.zone = "America/New_York"
    practices.change_zone(db, movement, practice, now=berlin(11, 1))
    assert practice.next_at == datetime(2026, 11, 2, 14, 0, tzinfo=UTC)
    practices.plan(db, movement, practice, after=practice.next_at)
    assert practice.next_at == datetime(2026, 11, 16, 14, 0, tzinfo=UTC)
