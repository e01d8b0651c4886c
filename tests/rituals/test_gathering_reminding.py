"""Reminding those who are going, in private: a day before by the clock on the wall, and an hour before."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.chat import Person
from rituals.gathering.reminding import day_before
from tests.gatherings import announce, card
from tests.people import RIVER
from tests.town import BERLIN, Found, Town

sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
in_the_room = pytest.mark.parametrize("platform", ["playground"])

FRIDAY = "town hall friday 18:00 90m at Harbour Street 4"
IT = "town hall, Fri 6 November, 18:00 (90 minutes)"
WAYS = "[Can't make it after all] [Don't remind me]"
DAY = f"Clean River: you are going to this: {IT}.\nWhere: Harbour Street 4\n{WAYS}"
HOUR = f"Clean River: this begins soon: {IT}.\nWhere: Harbour Street 4\n{WAYS}"


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A time in November on Berlin's clocks."""
    return datetime(2026, 11, day, hour, minute, tzinfo=BERLIN).astimezone(UTC)


async def move(town: Town, starts: str) -> None:
    """Give the town hall another time."""
    await town.press("ana", "More", on=card(town))
    await town.press("ana", "Time and place")
    await town.fill("ana", when=starts)


def letters(town: Town, who: str, title: str = "town hall") -> list[str]:
    """What somebody was told of a gathering in private, but for what its host is asked."""
    return [text for text in town.inbox(who) if title in text and text.startswith("Clean River: ") and WAYS in text]


@pytest.mark.parametrize(
    ("starts", "before"),
    [
        # In Berlin clocks go forward on 28 March 2027 at 2:00, and back on 31 October 2027 at 3:00.
        (datetime(2027, 3, 28, 18, 0, tzinfo=BERLIN), datetime(2027, 3, 27, 18, 0, tzinfo=BERLIN)),
        (datetime(2027, 10, 31, 18, 0, tzinfo=BERLIN), datetime(2027, 10, 30, 18, 0, tzinfo=BERLIN)),
        # The day before there was no half past two: the clocks showed half past three.
        (datetime(2027, 3, 29, 2, 30, tzinfo=BERLIN), datetime(2027, 3, 28, 3, 30, tzinfo=BERLIN)),
        # Half past two came twice: the first one counts.
        (datetime(2027, 11, 1, 2, 30, tzinfo=BERLIN), datetime(2027, 10, 31, 2, 30, tzinfo=BERLIN, fold=0)),
    ],
)
def test_a_day_before_is_the_same_time_on_the_clock(starts: datetime, before: datetime) -> None:
    assert day_before(starts, zone="Europe/Berlin") == before.astimezone(UTC)


async def test_who_is_going_is_reminded_a_day_and_an_hour_before_and_can_call_it_off_there(town: Town) -> None:
    await announce(town, line=FRIDAY)
    for who, answer in (("chi", "Going"), ("ben", "Going"), ("dee", "Maybe")):
        await town.press(who, answer, on=card(town))
    await town.wait_until(at(5, 17, 59))
    assert letters(town, "chi") == []
    await town.restart()
    await town.wait_until(at(5, 18))
    assert letters(town, "chi") == [DAY]
    await town.press("ben", "Can't make it after all")
    assert [text for text in town.inbox("ben") if "town hall" in text] == [
        f"{IT}. You said that you are not coming, or not for sure."
    ]
    assert "Going: 1, maybe: 1." in card(town).text
    await town.wait_until(at(6, 16, 59))
    assert letters(town, "chi") == [DAY]
    await town.wait_until(at(6, 17))
    assert letters(town, "chi") == [DAY, HOUR]
    await town.restart()
    await town.wait_until(at(6, 18))
    assert [letters(town, who) for who in ("ana", "ben", "chi", "dee")] == [[], [], [DAY, HOUR], []]


@in_the_room
@sqlite
async def test_who_need_not_or_must_not_be_reminded_is_not(town: Town) -> None:
    await announce(town, line=FRIDAY)
    names = ("away", "quiet", "uncounted", "gone", "late", "lately")
    await town.bring(*(Person(name, name.title(), "Europe/Berlin") for name in names))
    for who in (*names[:4], "ana", "chi"):
        await town.press(who, "Going", on=card(town))
    assert await town.press("quiet", "Don't remind me") == (
        "I won't remind you any more, neither of gatherings nor of promises and check-ins. What you said about coming "
        "stands. /remind switches reminders on again."
    )
    assert "I will remind you" not in await town.press("quiet", "Going", on=card(town))
    await town.command("away", "/away until 9 november")
    town.set_member("uncounted", opted_out=True)
    await town.room.leave("gone", RIVER)
    await town.wait_until(at(5, 16))
    assert "I will remind you in private an hour before." in await town.press("late", "Going", on=card(town))
    await town.wait_until(at(6, 16, 30))
    # The host is asked the day before whether it stands, so this would be a second message.
    assert [letters(town, who) for who in (*names, "ana", "chi")] == [[], [], [], [], [], [], [], [DAY]]
    assert "I will remind you" not in await town.press("lately", "Going", on=card(town))
    await town.wait_until(at(6, 18, 30))
    assert [letters(town, who) for who in (*names, "ana", "chi")] == [[], [], [], [], [HOUR], [], [HOUR], [DAY, HOUR]]
    assert "Going: 7." in card(town).text


@in_the_room
@sqlite
async def test_a_reminder_wakes_nobody_but_for_what_they_get_up_for(town: Town) -> None:
    await announce(town, line="breakfast friday 7:30")
    await announce(town, line="dawn walk friday 6:00")
    await announce(town, line="night watch friday 23:30")
    for title in ("breakfast", "dawn walk", "night watch"):
        await town.press("chi", "Going", on=card(town, title))

    async def told(until: datetime) -> list[str]:
        before = len(town.inbox("chi"))
        await town.wait_until(until)
        said = [text.removeprefix("Clean River: ").split(" (")[0] for text in town.inbox("chi")[before:]]
        return [text for text in said if text.startswith(("this begins", "you are going"))]

    breakfast, walk = "breakfast, Fri 6 November, 07:30", "dawn walk, Fri 6 November, 06:00"
    watch = "night watch, Fri 6 November, 23:30"
    assert await told(at(5, 6, 59)) == []
    assert await told(at(5, 7)) == [f"you are going to this: {walk}"]
    assert await told(at(5, 7, 30)) == [f"you are going to this: {breakfast}"]
    assert await told(at(6, 6, 29)) == []
    assert await told(at(6, 6, 30)) == [f"this begins soon: {breakfast}"]
    # At half past eleven at night they sleep; in the morning there is still time to remind them of the evening.
    assert await told(at(6, 7)) == [f"you are going to this: {watch}"]
    assert await told(at(7, 1)) == []


@in_the_room
@sqlite
async def test_reminders_move_with_a_gathering_and_end_when_it_is_called_off(town: Town) -> None:
    await announce(town, line=FRIDAY)
    await town.press("chi", "Going", on=card(town))
    await town.wait_until(at(5, 18))
    assert letters(town, "chi") == [DAY]
    await move(town, "2026-11-08 18:00")
    assert letters(town, "chi") == []
    assert f"{IT.replace('Fri 6', 'Sun 8')}. It was moved." in town.inbox("chi")
    moved = DAY.replace("Fri 6", "Sun 8")
    await town.wait_until(at(7, 17, 59))
    assert letters(town, "chi") == []
    await town.wait_until(at(7, 18))
    assert letters(town, "chi") == [moved]
    # Later on the same day: what reminded them says so, and they are not notified again.
    await move(town, "2026-11-08 20:00")
    last = [text.replace("Fri 6", "Sun 8").replace("18:00", "20:00") for text in (DAY, HOUR)]
    await town.wait_until(at(8, 18))
    assert letters(town, "chi") == last[:1]
    await town.wait_until(at(8, 19))
    assert letters(town, "chi") == last
    # What reminds them of the day is changed; an hour before the new time they hear of it once more.
    await move(town, "2026-11-08 22:00")
    await town.wait(minutes=2)
    last = [text.replace("20:00", "22:00") for text in last]
    assert letters(town, "chi") == last[:1]
    assert f"{IT.replace('Fri 6', 'Sun 8').replace('18:00', '22:00')}. It was moved." in town.inbox("chi")
    heard = len(town.inbox("chi"))
    await town.wait_until(at(8, 21))
    assert (letters(town, "chi"), town.inbox("chi")[heard:]) == (last, last[1:])
    await town.press("ana", "More", on=card(town))
    await town.press("ana", "Cancel it")
    await town.fill("ana", why="Rain")
    assert letters(town, "chi") == []
    await town.wait_until(at(9, 20))
    assert letters(town, "chi") == []


@in_the_room
@sqlite
async def test_after_a_silence_nobody_is_reminded_too_late(town: Town) -> None:
    await announce(town, line=FRIDAY)
    await announce(town, line="picnic friday 19:30")
    await town.press("chi", "Going", on=card(town))
    await town.press("chi", "Going", on=card(town, "picnic"))
    town.jump(at(6, 17, 30))
    await town.settle()
    # The one of the day before would come with the other one, or half an hour before it.
    assert letters(town, "chi") == [HOUR]
    assert letters(town, "chi", "picnic") == []
    town.jump(at(6, 19, 40))
    await town.settle()
    assert letters(town, "chi", "picnic") == []


@in_the_room
@sqlite
async def test_on_the_night_when_the_clocks_change_the_reminder_comes_at_the_time_of_the_gathering(
    found_town: Found,
) -> None:
    town = await found_town(at=datetime(2026, 10, 23, 10, 0, tzinfo=UTC))
    await announce(town, line="town hall sunday 18:00")
    await town.press("chi", "Going", on=card(town))
    await town.wait_until(datetime(2026, 10, 24, 15, 59, 59, tzinfo=UTC))
    assert letters(town, "chi") == []
    # 18:00 on Saturday is 16:00 UTC; 18:00 on Sunday is 17:00 UTC, twenty-five hours later.
    await town.wait_until(datetime(2026, 10, 24, 16, 0, tzinfo=UTC))
    assert letters(town, "chi") == [
        f"Clean River: you are going to this: town hall, Sun 25 October, 18:00 (1 hour).\nWhere: not known yet\n{WAYS}"
    ]
    await town.wait_until(datetime(2026, 10, 25, 15, 59, 59, tzinfo=UTC))
    assert len(letters(town, "chi")) == 1
    await town.wait_until(datetime(2026, 10, 25, 16, 0, tzinfo=UTC))
    assert len(letters(town, "chi")) == 2
