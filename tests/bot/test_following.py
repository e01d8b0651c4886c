"""Each calendar shows the gatherings of one movement, and of those only what its followers may see."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count, islice

import pytest
from ical.calendar_stream import IcsCalendarStream
from sqlalchemy.orm import Session

from bot.following import find_calendar, make_link
from bot.practices import begin
from bot.tables import Feed, Gathering, Member, Movement, Occurrence, Rsvp, Series
from tests.hamlet import Hamlet

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
DAY = timedelta(days=1)
numbers = count()


@pytest.fixture
def hamlet(database_url: str) -> Iterator[Hamlet]:
    hamlet = Hamlet(database_url)
    hamlet.found()
    yield hamlet
    hamlet.close()


def add(db: Session, movement: Movement, title: str, starts_at: datetime, **parts: object) -> Gathering:
    practice = begin(
        db, movement, "gathering", cadence="on demand", owner_id=None, now=starts_at, name=f"{next(numbers)}"
    )
    occurrence = Occurrence(movement_id=movement.id, practice_id=practice.id, planned_at=starts_at, state="announced")
    db.add(occurrence)
    db.flush()
    told: dict[str, object] = {"place_kind": "huddle", "shown_at": starts_at, **parts}
    made = Gathering(
        movement_id=movement.id,
        occurrence_id=occurrence.id,
        uid=f"u{occurrence.id}",
        title=title,
        kind="call",
        purpose="organizing",
        minutes=60,
        starts_at=starts_at,
        announced_at=starts_at,
        changed_at=starts_at,
        **told,
    )
    db.add(made)
    db.flush()
    return made


def shown(db: Session, token: str, now: datetime) -> list[str]:
    written = find_calendar(db, token, now=now)
    assert written is not None
    timeline = IcsCalendarStream.calendar_from_ics(written).timeline
    return [f"{event.dtstart:%d %b} {event.summary}" for event in islice(timeline, 5)]


def test_two_movements_and_two_people_know_nothing_of_each_other(hamlet: Hamlet) -> None:
    hamlet.room.add_channel("sea", "sea", creator="ana")
    other = hamlet.found("sea", people=("ana", "ben"))
    now = hamlet.clock()
    with hamlet.database.transaction() as db:
        river, sea = (db.get_one(Movement, one) for one in sorted({1, other}))
        ana, ben = (db.query(Member).filter_by(movement_id=river.id, name=name).one() for name in ("Ana", "Ben"))
        hers = add(db, river, "Hers", now + DAY)
        his = add(db, river, "His", now + 2 * DAY, co_host_id=ben.id)
        add(db, river, "Long ago", now - 91 * DAY, host_id=ana.id)
        add(db, river, "Not shown yet", now + 3 * DAY, shown_at=None)
        elsewhere = add(db, sea, "Elsewhere", now + DAY)
        for gathering, answer in ((hers, "waiting"), (his, "cant"), (elsewhere, "going")):
            db.add(Rsvp(gathering_id=gathering.id, member_id=ana.id, answer=answer, at=now))
        db.flush()
        links = [make_link(db, river, who, now=now) for who in (ana, ben, None)]
        links.append(make_link(db, sea, None, now=now))
        seen = [shown(db, link, now) for link in links]
        assert seen == [
            ["02 Nov Hers"],
            ["03 Nov His"],
            ["02 Nov Hers", "03 Nov His"],
            ["02 Nov Elsewhere"],
        ]
        assert db.query(Feed).filter_by(member_id=None).count() == 2


def test_a_series_shows_what_was_made_and_what_its_rule_promises(hamlet: Hamlet) -> None:
    now = hamlet.clock()
    with hamlet.database.transaction() as db:
        movement = db.query(Movement).one()
        practice = begin(db, movement, "gathering", cadence="on demand", owner_id=None, now=now, name="reading")
        anchor = datetime.fromisoformat("2026-11-05T18:00:00+01:00")
        series = Series(
            movement_id=movement.id,
            practice_id=practice.id,
            uid="s1",
            cadence="every thursday 18:00",
            anchor=anchor,
            planned_to=anchor + 21 * DAY,
            title="Reading",
            kind="reading",
            purpose="organizing",
            place_kind="address",
            place="Dee's kitchen",
            minutes=60,
            changed_at=now,
        )
        db.add(series)
        db.flush()
        add(db, movement, "Reading", anchor, series_id=series.id, slot=anchor)
        # 12 November was passed over; 19 November stands on another day; one is left of an older rhythm.
        moved = anchor + 14 * DAY
        add(db, movement, "Reading", moved + DAY, series_id=series.id, slot=moved)
        add(db, movement, "Reading of old", anchor - 3 * DAY, series_id=series.id, slot=anchor - 3 * DAY)
        gone = anchor - 2 * DAY
        add(db, movement, "Gone", gone, series_id=series.id, slot=gone, state="cancelled")
        add(db, movement, "Reading", anchor + 21 * DAY, series_id=series.id, slot=anchor + 21 * DAY)
        link = make_link(db, movement, None, now=now)
        assert shown(db, link, now) == [
            "02 Nov Reading of old",
            "05 Nov Reading",
            "20 Nov Reading",
            "26 Nov Reading",
            "03 Dec Reading",
        ]
        assert "kitchen" not in (find_calendar(db, link, now=now) or "")
