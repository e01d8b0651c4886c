"""The members of a movement stay the same people as those of its home channel."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from adapters.playground import Room
from bot.chat import DeliveryError, Person, Place
from bot.roll import Roll
from bot.tables import Member, Movement
from tests.hamlet import Hamlet
from tests.town import RIVER


class FickleRoom(Room):
    """A room whose list of people can fail, be empty, or arrive late."""

    trouble: Exception | None = None
    nobody = False
    hamlet: Hamlet | None = None

    async def members(self, place: Place) -> tuple[Person, ...]:
        if self.trouble is not None:
            raise self.trouble
        people = await super().members(place)
        if self.hamlet is not None:
            # While the list is on its way, time passes, Eli comes and Dee goes.
            self.hamlet.pass_time(seconds=2)
            await self.join("eli", RIVER)
            await self.leave("dee", RIVER)
        return () if self.nobody else people


@pytest.fixture
def hamlet(database_url: str) -> Iterator[Hamlet]:
    hamlet = Hamlet(database_url, room=FickleRoom)
    hamlet.found()
    hamlet.pass_time(days=1)
    yield hamlet
    hamlet.close()


def there(hamlet: Hamlet) -> list[str]:
    return sorted(row["person"] for row in hamlet.rows(Member) if row["left_at"] is None)


def next_roll(hamlet: Hamlet) -> timedelta:
    wait: timedelta = hamlet.rows(Movement)[0]["roll_due_at"] - hamlet.clock()
    return wait


def fickle(hamlet: Hamlet) -> FickleRoom:
    assert isinstance(hamlet.room, FickleRoom)
    return hamlet.room


async def test_the_roll_finds_who_came_and_who_went_unheard(hamlet: Hamlet) -> None:
    hamlet.room.seat(RIVER, "eli")
    hamlet.engine.hearing.stewards_only = True
    hamlet.room.listen(no_ear)
    await hamlet.room.leave("dee", RIVER)
    assert await hamlet.roll.do_due() == 1
    assert (there(hamlet), next_roll(hamlet)) == (["ana", "ben", "chi", "eli"], timedelta(days=1))


async def no_ear(_event: object) -> None:
    """Hear nothing: the event was lost."""


async def test_who_comes_or_goes_while_the_list_is_on_its_way_is_not_undone_by_it(hamlet: Hamlet) -> None:
    fickle(hamlet).hamlet = hamlet
    await hamlet.roll.do_due()
    assert there(hamlet) == ["ana", "ben", "chi", "eli"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("trouble", "again"),
    [
        (DeliveryError("Slow down.", retry_after=3), timedelta(seconds=3)),
        (DeliveryError("There is no such channel.", permanent=True), timedelta(days=1)),
        (OSError("no line"), timedelta(minutes=10)),
    ],
)
async def test_a_roll_that_cannot_be_called_is_called_again(
    hamlet: Hamlet, trouble: Exception, again: timedelta
) -> None:
    fickle(hamlet).trouble = trouble
    await hamlet.roll.do_due()
    assert (there(hamlet), next_roll(hamlet)) == (["ana", "ben", "chi", "dee"], again)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_an_empty_list_makes_nobody_leave(hamlet: Hamlet) -> None:
    fickle(hamlet).nobody = True
    await hamlet.roll.do_due()
    assert (there(hamlet), next_roll(hamlet)) == (["ana", "ben", "chi", "dee"], timedelta(minutes=10))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_the_roll_of_another_platform_is_left_to_those_who_serve_it(hamlet: Hamlet) -> None:
    elsewhere = Roll(hamlet.database, {"slack": hamlet.room}, now=hamlet.clock)
    assert (await elsewhere.do_due(), await elsewhere.next_due()) == (0, None)
    assert (await hamlet.roll.next_due(), await hamlet.roll.do_due()) == (hamlet.clock(), 1)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_whoever_shut_us_out_is_asked_less_and_less_until_they_let_us_in_again(hamlet: Hamlet) -> None:
    began = hamlet.clock()
    fickle(hamlet).trouble = DeliveryError("I am not on that server any more", permanent=True, shut_out=True)
    asked = []
    while (due := await hamlet.roll.next_due()) and due < began + timedelta(days=1000):
        hamlet.clock.move_to(due)
        await hamlet.roll.do_due()
        asked.append((hamlet.clock() - began).days)
    assert asked == [*range(8), *range(14, 60, 7), 63]
    # A restart looks once.
    await hamlet.roll.begin()
    assert (await hamlet.roll.do_due(), await hamlet.roll.do_due()) == (1, 0)
    # Whatever is heard from there shows that we are back.
    fickle(hamlet).trouble = None
    await hamlet.room.join("eli", RIVER)
    await hamlet.roll.do_due()
    assert (next_roll(hamlet), hamlet.rows(Movement)[0]["shut_out_at"]) == (timedelta(days=1), None)


async def test_organizers_hear_once_why_nobody_can_see_who_is_in_the_channel(hamlet: Hamlet) -> None:
    fickle(hamlet).trouble = DeliveryError(
        "Discord does not tell me", mend="Switch the Server Members Intent on.", permanent=True
    )
    for _ in range(2):
        await hamlet.roll.do_due()
        hamlet.pass_time(days=1)
        await hamlet.settle()
    sentence = (
        "I could not see who is in the channel of Clean River: Discord does not tell me. "
        "Switch the Server Members Intent on."
    )
    inboxes = [[post.text for post in hamlet.room.inbox(who)] for who in ("ana", "ben", "chi")]
    assert inboxes == [[sentence], [sentence], []]
