"""A platform's own list of events stays in step with the gatherings, whatever goes wrong on the way."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from adapters.playground import Room
from bot.appointments import appointment_of, want
from bot.chat import Appointment, DeliveryError, Place
from bot.practices import begin
from bot.tables import Gathering, Movement, Occurrence, Twin
from bot.twins import Twins
from tests.hamlet import Hamlet

LONG = "Größe 🌱 " * 30


class ListingRoom(Room):
    """A room with a list of events, which can refuse, or take its time."""

    trouble: Exception | None = None
    hamlet: Hamlet | None = None

    async def keep_event(self, place: Place, event_id: str, appointment: Appointment) -> str:
        if self.trouble is not None:
            raise self.trouble
        if self.hamlet is not None:
            hamlet, self.hamlet = self.hamlet, None
            change(hamlet, title="Changed meanwhile")
        self.listed[event_id or "e1"] = f"{appointment.title}: {appointment.state}"
        return event_id or "e1"

    @property
    def listed(self) -> dict[str, str]:
        self.__dict__.setdefault("_listed", {})
        listed: dict[str, str] = self.__dict__["_listed"]
        return listed


@pytest.fixture
def hamlet(database_url: str) -> Iterator[Hamlet]:
    hamlet = Hamlet(database_url, room=ListingRoom)
    hamlet.found()
    hamlet.pass_time(days=1)
    yield hamlet
    hamlet.close()


def announce(hamlet: Hamlet, **parts: object) -> None:
    with hamlet.database.transaction() as db:
        movement = db.query(Movement).one()
        starts_at = hamlet.clock() + timedelta(days=2)
        practice = begin(
            db, movement, "gathering", cadence="on demand", owner_id=None, now=hamlet.clock(), name="town hall"
        )
        occurrence = Occurrence(
            movement_id=movement.id, practice_id=practice.id, planned_at=starts_at, state="announced"
        )
        db.add(occurrence)
        db.flush()
        told: dict[str, object] = {"title": "Town hall", "place_kind": "huddle", "minutes": 60, **parts}
        gathering = Gathering(
            movement_id=movement.id,
            occurrence_id=occurrence.id,
            uid="u1",
            kind="call",
            purpose="organizing",
            starts_at=starts_at,
            announced_at=hamlet.clock(),
            changed_at=hamlet.clock(),
            **told,
        )
        db.add(gathering)
        db.flush()
        want(db, movement, gathering, now=hamlet.clock())


def change(hamlet: Hamlet, **parts: object) -> None:
    with hamlet.database.transaction() as db:
        gathering = db.query(Gathering).one()
        for name, value in parts.items():
            setattr(gathering, name, value)
        want(db, db.query(Movement).one(), gathering, now=hamlet.clock())


def room(hamlet: Hamlet) -> ListingRoom:
    assert isinstance(hamlet.room, ListingRoom)
    return hamlet.room


def twins(hamlet: Hamlet) -> Twins:
    return Twins(hamlet.database, {Room.platform: hamlet.room}, now=hamlet.clock)


def again_in(hamlet: Hamlet) -> timedelta | None:
    at = hamlet.rows(Twin)[0]["try_at"]
    return None if at is None else at - hamlet.clock()


async def test_an_event_is_made_once_and_changed_when_the_gathering_is(hamlet: Hamlet) -> None:
    announce(hamlet)
    assert await twins(hamlet).next_due() == hamlet.clock()
    assert [await twins(hamlet).do_due() for _ in range(2)] == [1, 0]
    change(hamlet, capacity=12)  # nothing that stands there
    assert await twins(hamlet).do_due() == 0
    change(hamlet, title="Winter hall", state="cancelled")
    assert await twins(hamlet).do_due() == 1
    assert room(hamlet).listed == {"e1": "Winter hall: cancelled"}


async def test_what_changes_while_an_event_is_made_is_told_next(hamlet: Hamlet) -> None:
    announce(hamlet)
    room(hamlet).hamlet = hamlet
    await twins(hamlet).do_due()
    assert (room(hamlet).listed, again_in(hamlet)) == ({"e1": "Town hall: announced"}, timedelta(0))
    await twins(hamlet).do_due()
    assert (room(hamlet).listed, again_in(hamlet)) == ({"e1": "Changed meanwhile: announced"}, None)


@pytest.mark.parametrize(
    ("trouble", "wait"),
    [
        (DeliveryError("not now", retry_after=7), timedelta(seconds=7)),
        (DeliveryError("no answer"), timedelta(minutes=2)),
        (DeliveryError("not allowed", permanent=True), timedelta(days=1)),
        (RuntimeError(), timedelta(minutes=2)),
    ],
)
async def test_what_went_wrong_is_tried_again_and_nobody_is_told(
    hamlet: Hamlet, trouble: Exception, wait: timedelta
) -> None:
    announce(hamlet)
    room(hamlet).trouble = trouble
    await twins(hamlet).do_due()
    assert (again_in(hamlet), hamlet.room.calls) == (wait, [])
    room(hamlet).trouble = None
    hamlet.pass_time(seconds=wait.total_seconds())
    await twins(hamlet).do_due()
    assert (room(hamlet).listed, again_in(hamlet)) == ({"e1": "Town hall: announced"}, None)


async def test_a_deleted_event_is_not_made_anew(hamlet: Hamlet) -> None:
    announce(hamlet)
    room(hamlet).trouble = DeliveryError("somebody deleted it", permanent=True, gone=True)
    await twins(hamlet).do_due()
    room(hamlet).trouble = None
    change(hamlet, title="Winter hall")
    assert (await twins(hamlet).do_due(), room(hamlet).listed) == (0, {})


async def test_a_process_that_dies_on_the_way_leaves_it_to_the_next_one(hamlet: Hamlet) -> None:
    announce(hamlet)
    twins(hamlet)._claim()
    assert await twins(hamlet).do_due() == 0
    hamlet.pass_time(minutes=1)
    assert await twins(hamlet).do_due() == 1


async def test_however_long_the_words_are_they_fit_and_say_neither_link_nor_address(hamlet: Hamlet) -> None:
    announce(hamlet, title=LONG[:80], words=LONG * 10, place_kind="address", place="Dee's kitchen")
    with hamlet.database.reading() as db:
        told = appointment_of(db.query(Gathering).one())
        assert len(told.words.encode("utf-16-le")) // 2 <= 1000
        assert (told.title, told.place, told.words[-1]) == (LONG[:80].strip(), "In the chat", "…")
