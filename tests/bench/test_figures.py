"""How long a pulse and a record take in a movement of two years, with how much memory; how fast acts are written."""

from __future__ import annotations

import random
import time
import tracemalloc
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import chain, islice
from typing import Any

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from bot.figures import read_cohorts, read_drop_off, read_levels, read_pulse, read_record
from bot.ledger import record
from bot.store import Database
from bot.tables import Act, Away, Gathering, Member, Movement, Occurrence, Practice, Promise, Rsvp
from tests.bench.conftest import spread

NOW = datetime(2026, 6, 29, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)
YEARS = 2 * 365
# Members, and about how many acts each leaves in two years.
SIZES = {100: 200, 5000: 200}
ROUNDS = 5
CHUNK = 10_000
WRITTEN = 2_000
ZONES = ("Europe/Berlin", "America/New_York", "Asia/Tokyo", "")

pytestmark = pytest.mark.bench

Row = dict[str, Any]


class Crowd:
    """A movement of so many with two years behind it: a check-in a week, four calls a week, talk every day."""

    def __init__(self, people: int) -> None:
        self.people = people
        self.chance = random.Random(people)  # noqa: S311 - the same movement in every run
        self.joined = {who: NOW - self.chance.uniform(0, YEARS) * DAY for who in range(1, people + 1)}

    def plant(self, database: Database) -> tuple[int, float]:
        """Put it into the database; gives how many acts that were, and the seconds that these took."""
        with database.transaction() as db:
            db.execute(insert(Movement), [self._movement()])
            db.execute(insert(Member), list(self._members()))
            db.execute(insert(Away), list(self._breaks()))
            db.execute(insert(Practice), [self._practice(1, "check-in"), self._practice(2, "gathering")])
            db.execute(insert(Occurrence), list(self._occurrences()))
            db.execute(insert(Gathering), list(self._gatherings()))
            for some in chunks(self._rsvps()):
                db.execute(insert(Rsvp), some)
            db.execute(insert(Promise), list(self._promises()))
        many, started = 0, time.perf_counter()
        for some in chunks(chain(self._answers(), self._turnout(), self._talk())):
            with database.transaction() as db:
                db.execute(insert(Act), some)
            many += len(some)
        return many, time.perf_counter() - started

    def _movement(self) -> Row:
        home = {"platform": "playground", "workspace": "w", "channel": "c", "name": "River", "zone": "Europe/Berlin"}
        return {"id": 1, **home, "started_at": NOW - YEARS * DAY, "roll_due_at": NOW}

    def _members(self) -> Iterator[Row]:
        for who, joined in self.joined.items():
            left = None if self.chance.random() < 0.9 else joined + self.chance.random() * (NOW - joined)
            person = {"id": who, "movement_id": 1, "person": f"p{who}", "name": f"Person {who}"}
            yield {**person, "joined_at": joined, "left_at": left, "zone": self.chance.choice(ZONES)}

    def _breaks(self) -> Iterator[Row]:
        """A third of the people take two weeks off each year."""
        for who in range(1, self.people + 1, 3):
            for year in range(2):
                start = NOW - (year * 365 + self.chance.uniform(0, 365)) * DAY
                yield {"member_id": who, "start": start, "end": start + 14 * DAY}

    def _practice(self, number: int, ritual: str) -> Row:
        row = {"id": number, "movement_id": 1, "ritual": ritual, "cadence": "on demand", "channel": "c"}
        return {**row, "anchor": NOW - YEARS * DAY, "settings": {}}

    def _occurrences(self) -> Iterator[Row]:
        for week in range(104):
            at = NOW - (7 * week + 3) * DAY
            row = {"movement_id": 1, "practice_id": 1, "planned_at": at, "opened_at": at}
            yield {"id": 1000 + week, **row, "closed_at": at + 2 * DAY, "state": "held"}
        for call in range(416):
            at = NOW - (1.75 * call + 0.5) * DAY
            row = {"movement_id": 1, "practice_id": 2, "planned_at": at, "opened_at": at}
            yield {"id": 2000 + call, **row, "closed_at": at, "state": "held"}

    def _gatherings(self) -> Iterator[Row]:
        for call in range(416):
            at = NOW - (1.75 * call + 0.5) * DAY
            what = {"title": "call", "kind": "call", "purpose": "organizing", "place_kind": "voice", "minutes": 60}
            when = {"starts_at": at, "announced_at": at - 7 * DAY, "changed_at": at}
            of = {"id": call + 1, "movement_id": 1, "occurrence_id": 2000 + call, "uid": f"u{call}"}
            yield {**of, **what, **when, "state": "over", "recorded": call % 5 > 0}

    def _rsvps(self) -> Iterator[Row]:
        for call in range(416):
            for who in self._some(60):
                yield {"gathering_id": call + 1, "member_id": who, "answer": "going", "at": NOW - YEARS * DAY}

    def _promises(self) -> Iterator[Row]:
        for number in range(self.people // 2):
            due = NOW - self.chance.uniform(-10, 200) * DAY
            row = {"movement_id": 1, "owner_id": number + 1, "what": "gloves", "due_at": due, "made_at": due - 9 * DAY}
            yield {**row, "accepted_at": due - 9 * DAY, "done_at": due if number % 3 else None}

    def _some(self, many: int) -> list[int]:
        return self.chance.sample(range(1, self.people + 1), min(many, self.people // 2))

    def _act(self, who: int, kind: str, at: datetime, once: str, occurrence_id: int | None = None) -> Row:
        row = {"movement_id": 1, "member_id": who, "kind": kind, "at": at, "evidence": ""}
        return {**row, "occurrence_id": occurrence_id, "once": once}

    def _answers(self) -> Iterator[Row]:
        for week in range(104):
            for who in self._some(self.people // 10):
                at = NOW - (7 * week + 3 - self.chance.random()) * DAY
                yield self._act(who, "checkin_answer", at, f"answered:{1000 + week}:{who}", 1000 + week)

    def _turnout(self) -> Iterator[Row]:
        for call in range(416):
            at = NOW - (1.75 * call + 0.5) * DAY
            for place, who in enumerate(self._some(40)):
                yield self._act(who, "attended", at, f"attended:{2000 + call}:{who}", 2000 + call)
                if place == 0:
                    yield self._act(who, "hosted", at, f"hosted:{2000 + call}:{who}", 2000 + call)

    def _talk(self) -> Iterator[Row]:
        kinds = ["message"] * 12 + ["reaction"] * 8 + ["rsvp", "promise_made", "promise_kept", "action_done"]
        for number in range(self.people * SIZES[self.people] * 9 // 10):
            who = 1 + int(self.people * self.chance.random() ** 2)
            at = NOW - self.chance.uniform(0, YEARS) * DAY
            yield self._act(who, self.chance.choice(kinds), at, f"talk:{number}")


def chunks(rows: Iterable[Row]) -> Iterator[list[Row]]:
    left = iter(rows)
    while some := list(islice(left, CHUNK)):
        yield some


def settle(database: Database) -> None:
    """Let the database look at its tables, as it does by itself from time to time."""
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE" if not database.is_sqlite else "SELECT 1"))


def timed(database: Database, read: Callable[[Session], object]) -> tuple[list[float], float, float]:
    """Read a few times, each in a session of its own; gives the seconds, our own processor's, the most megabytes."""
    seconds: list[float] = []
    busy = time.process_time()
    for _ in range(ROUNDS):
        with database.reading() as db:
            started = time.perf_counter()
            read(db)
            seconds.append(time.perf_counter() - started)
    busy = (time.process_time() - busy) / ROUNDS
    with database.reading() as db:
        tracemalloc.start()
        read(db)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    return seconds, busy, most / 2**20


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("people", SIZES)
def test_two_years_of_a_movement(durable_url: str, people: int, capsys: pytest.CaptureFixture[str]) -> None:
    database = Database(durable_url)
    many, planted = Crowd(people).plant(database)
    settle(database)
    with database.transaction() as db:
        ben = db.scalars(select(Member).where(Member.left_at.is_(None)).order_by(Member.joined_at)).first()
        movement = db.get_one(Movement, 1)
        assert ben is not None
        started = time.perf_counter()
        for number in range(WRITTEN):
            record(db, ben, "reaction", at=NOW - 300 * DAY, once=f"bench:{number}")
        written = time.perf_counter() - started
    reads: dict[str, Callable[[Session], object]] = {
        "read_pulse": lambda db: read_pulse(db, movement, now=NOW),
        "read_levels": lambda db: read_levels(db, movement, now=NOW),
        "read_drop_off": lambda db: read_drop_off(db, movement, now=NOW),
        "read_cohorts": lambda db: read_cohorts(db, movement, now=NOW),
        "read_record": lambda db: read_record(db, ben, now=NOW),
    }
    name = database.engine.dialect.name
    rates = f"{many / planted:.0f}/s in bulk, {WRITTEN / written:.0f}/s one by one"
    lines = [f"{name:10} {people:5} members, {many} acts: written {rates}"]
    for what, read in reads.items():
        seconds, busy, most = timed(database, read)
        took = f"{spread(seconds)}   processor {busy * 1000:7.1f} ms"
        lines.append(f"{name:10} {people:5} members   {what:14} {took}   {most:5.1f} MB")
    database.close()
    with capsys.disabled():
        print("", *lines, sep="\n")  # noqa: T201 - a measurement is there to be read
