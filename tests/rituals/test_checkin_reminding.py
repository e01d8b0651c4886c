"""The reminder: once, in private, and only to those who owe an answer and want to be reminded."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import update

from bot.chat import Person
from bot.tables import Movement, Post
from tests.town import BERLIN, RIVER, Town, where_zones_are_known

sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

REMINDER = (
    "The check-in of Clean River is open until Wed 4 November, 09:00. It takes two minutes.\n"
    "[Check in] [Pass this time] [Don't remind me again]"
)
DONE = "The check-in of Clean River: nothing left to do. Thank you."


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A time in November on Berlin's clocks."""
    return datetime(2026, 11, day, hour, minute, tzinfo=BERLIN).astimezone(UTC)


async def test_only_those_who_owe_an_answer_are_reminded_once_and_in_private(town: Town) -> None:
    board = await town.open_check_in()
    await town.press("ana", "Check in", on=board)
    await town.fill("ana", q1="Fine")
    await town.say("ben", "Fine, too", under=board)
    await town.press("chi", "Pass this time", on=board)
    await town.wait_until(at(3, 8, 59))
    assert town.inbox("dee") == []
    await town.wait_until(at(4, 8, 59))
    assert {who: town.inbox(who) for who in ("ana", "ben", "chi", "dee")} == {
        "ana": [],
        "ben": [],
        "chi": [],
        "dee": [REMINDER],
    }


@sqlite
async def test_an_answered_reminder_becomes_a_thank_you(town: Town) -> None:
    await town.open_check_in()
    await town.wait_until(at(3, 9))
    await town.press("chi", "Check in")
    await town.fill("chi", q1="Fine")
    await town.press("dee", "Pass this time")
    assert town.inbox("chi") == [DONE]
    assert town.inbox("dee") == [DONE]
    assert town.inbox("ben") == [REMINDER]


@sqlite
async def test_a_reply_in_the_thread_settles_the_reminder_too(town: Town) -> None:
    board = await town.open_check_in()
    await town.wait_until(at(3, 9))
    await town.say("chi", "Fine", under=board)
    assert town.inbox("chi") == [DONE]


@sqlite
async def test_reminders_can_be_switched_off_from_the_reminder(town: Town) -> None:
    await town.open_check_in()
    await town.wait_until(at(3, 9))
    assert await town.press("chi", "Don't remind me again") == (
        "I won't remind you of gatherings, check-ins or promises. /remind switches reminders on again; with /away "
        "nobody asks you for anything."
    )
    await town.wait(days=7)
    assert len(town.inbox("chi")) == 1
    assert len(town.inbox("dee")) == 2


@sqlite
async def test_reminders_are_switched_on_and_off_by_command(town: Town) -> None:
    await town.start_movement()
    off = "I won't remind you of gatherings, check-ins or promises."
    on = "I will remind you in private: of gatherings you go to, open check-ins, and what you promised."
    assert await town.command("chi", "/remind") == off
    assert await town.command("chi", "/remind") == on
    assert await town.command("chi", "/remind on") == on
    assert await town.command("chi", "/remind off") == off
    assert await town.command("chi", "/remind me") == (
        "I know /remind on, /remind off, and /remind alone, which switches to the other one."
    )
    await town.open_check_in()
    await town.wait_until(at(4, 8))
    assert town.inbox("chi") == []
    assert town.inbox("dee") == [REMINDER]


async def test_nobody_is_reminded_who_is_away_a_bot_left_out_or_new(town: Town) -> None:
    await town.start_movement()
    await town.bring(
        Person("beep", "Beep", bot=True), Person("kim", "Kim", "Europe/Berlin"), Person("lea", "Lea", "Europe/Berlin")
    )
    town.set_member("kim", opted_out=True)
    await town.command("chi", "/away until friday")
    await town.room.leave("lea", RIVER)
    await town.open_check_in()
    await town.wait(minutes=1)
    await town.bring(Person("max", "Max", "Europe/Berlin"))
    await town.wait_until(at(4, 8, 59))
    reminded = [person.id for person in town.room.people if REMINDER in town.inbox(person.id)]
    assert reminded == ["ana", "ben", "dee"]


@where_zones_are_known
async def test_a_reminder_waits_for_the_end_of_the_quiet_hours_where_the_member_is(town: Town) -> None:
    await town.start_movement()
    # In Auckland it is 21:00 when Berlin's clocks show 09:00, in Los Angeles midnight.
    await town.bring(Person("kia", "Kia", "Pacific/Auckland"), Person("lou", "Lou", "America/Los_Angeles"))
    await town.command("ana", "/checkin settings")
    await town.fill("ana", remind_hours="26")
    await town.open_check_in()
    await town.wait_until(at(3, 11))
    assert (len(town.inbox("dee")), len(town.inbox("kia")), len(town.inbox("lou"))) == (1, 0, 0)
    await town.wait_until(at(3, 15, 59))
    assert len(town.inbox("lou")) == 0
    await town.wait_until(at(3, 16))
    assert len(town.inbox("lou")) == 1
    await town.wait_until(at(3, 18, 59))
    assert len(town.inbox("kia")) == 0
    await town.wait_until(at(3, 19))
    assert len(town.inbox("kia")) == 1


@where_zones_are_known
@sqlite
@pytest.mark.parametrize("change", ["answers", "goes away", "switches off", "leaves", "opts out"])
async def test_who_owes_nothing_any_more_when_the_quiet_hours_end_is_not_reminded(town: Town, change: str) -> None:
    await town.start_movement()
    await town.bring(Person("lou", "Lou", "America/Los_Angeles"))
    board = await town.open_check_in()
    await town.wait_until(at(3, 9))
    match change:
        case "answers":
            await town.say("lou", "Fine", under=board)
        case "goes away":
            await town.command("lou", "/away")
            await town.fill("lou")
        case "switches off":
            await town.command("lou", "/remind off")
        case "leaves":
            await town.room.leave("lou", RIVER)
        case _:
            town.set_member("lou", opted_out=True)
    await town.wait_until(at(4, 8))
    assert town.inbox("lou") == []


@where_zones_are_known
@sqlite
async def test_no_reminder_comes_after_the_close(town: Town) -> None:
    await town.start_movement()
    await town.bring(Person("lou", "Lou", "America/Los_Angeles"))
    await town.command("ana", "/checkin settings")
    await town.fill("ana", open_hours="27", remind_hours="26")
    await town.open_check_in()
    await town.wait(days=4)
    assert len(town.inbox("dee")) == 1
    assert town.inbox("lou") == []


@sqlite
async def test_a_check_in_closed_early_reminds_nobody(town: Town) -> None:
    await town.open_check_in()
    await town.command("ana", "/checkin close")
    await town.wait(days=3)
    assert [town.inbox(who) for who in ("ana", "ben", "chi", "dee")] == [[], [], [], []]


@sqlite
async def test_a_reminder_that_could_not_be_delivered_until_the_close_is_taken_back(town: Town) -> None:
    await town.open_check_in()
    town.room.close_inbox("dee")
    await town.wait(days=2)
    # Whoever takes no private messages is told at their next act, but not about a check-in that is over.
    assert await town.command("dee", "/remind on") == (
        "I will remind you in private: of gatherings you go to, open check-ins, and what you promised."
    )


@sqlite
async def test_a_reminder_that_could_not_be_delivered_is_told_at_the_next_act(town: Town) -> None:
    await town.open_check_in()
    town.room.close_inbox("dee")
    await town.wait_until(at(3, 10))
    assert await town.command("dee", "/remind on") == (
        "I will remind you in private: of gatherings you go to, open check-ins, and what you promised.\n"
        f"I could not write to you in private, so here it is:\n{REMINDER}"
    )


@sqlite
async def test_zero_hours_mean_no_reminders(town: Town) -> None:
    await town.start_movement()
    await town.command("ana", "/checkin settings")
    await town.fill("ana", remind_hours="0")
    await town.open_check_in()
    await town.wait_until(at(4, 8))
    assert town.inbox("dee") == []


# ------------------------------------------------------------------------------------------------ nowhere to answer


def set_board(town: Town, **values: object) -> None:
    """Say how the prompt stands in the chat, where no scene brings it there within a day."""
    with town.drumbeat.database.transaction() as db:
        db.execute(update(Post).where(Post.key.startswith("check-in:board:")).values(values))


@sqlite
@pytest.mark.parametrize("platform", ["playground"])
@pytest.mark.parametrize("state", ["gone", "failed", "withdrawn"])
async def test_nobody_is_reminded_of_a_check_in_that_is_not_in_the_channel(town: Town, state: str) -> None:
    await town.open_check_in()
    set_board(town, state=state)
    with town.drumbeat.database.transaction() as db:
        db.execute(update(Movement).values(roll_due_at=at(30, 9)))  # a roll would try again what failed
    await town.wait_until(at(4, 8, 59))
    assert [town.inbox(who) for who in ("ana", "ben", "chi", "dee")] == [[], [], [], []]


@sqlite
@pytest.mark.parametrize("platform", ["playground"])
async def test_nobody_is_reminded_while_the_channel_is_closed_to_drumbeat(town: Town) -> None:
    await town.open_check_in()
    with town.drumbeat.database.transaction() as db:
        db.execute(update(Movement).values(shut_out_at=town.clock(), roll_due_at=at(30, 9)))
    await town.wait_until(at(4, 8, 59))
    assert town.inbox("dee") == []


@sqlite
@pytest.mark.parametrize("platform", ["playground"])
async def test_a_reminder_waits_for_a_prompt_that_is_still_on_its_way(town: Town) -> None:
    await town.open_check_in()
    set_board(town, state="sending", message_id=None)
    await town.wait_until(at(3, 9, 30))
    assert town.inbox("dee") == []
    set_board(town, state="shown", message_id="1")
    await town.wait_until(at(3, 10))
    assert town.inbox("dee") == [REMINDER]


@sqlite
@pytest.mark.parametrize("platform", ["slack", "discord"])
async def test_where_the_channel_was_deleted_nobody_is_reminded(town: Town) -> None:
    await town.open_check_in()
    deleting = town.room.delete_channel(RIVER)  # type: ignore[attr-defined]
    if deleting is not None:
        await deleting
    await town.wait_until(at(4, 8, 59))
    assert [text for text in town.inbox("dee") if text == REMINDER] == []
