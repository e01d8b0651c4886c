"""What is not kept: each test contains the very thing that could leak, and looks for it everywhere."""

from __future__ import annotations

import json

import pytest

from bot.chat import Person
from bot.store import Table
from bot.tables import Act, Member
from rituals.checkin.tables import CheckInAnswer
from tests.town import RIVER, Town, where_anything_can_be_typed

sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

SECRET = "Zanzibar-4711"


def everything_stored(town: Town) -> str:
    """The whole database as text."""
    tables = [mapper.class_ for mapper in Table.registry.mappers]
    return json.dumps({table.__tablename__: town.rows(table) for table in tables}, default=str, ensure_ascii=False)


async def test_what_people_say_is_not_stored_only_that_they_did_once_a_day(town: Town) -> None:
    board = await town.open_check_in()
    for _ in range(3):
        await town.say("chi", f"The password is {SECRET}")
    await town.say("dee", f"My answer is {SECRET}", under=board)
    await town.say("dee", f"And again {SECRET}", under=board)
    assert SECRET not in everything_stored(town)
    assert town.acts() == [("chi", "message"), ("dee", "message"), ("dee", "checkin_answer")]
    await town.wait(days=1)
    await town.say("chi", "Good morning")
    assert town.acts("message") == [("chi", "message"), ("dee", "message"), ("chi", "message")]


@sqlite
async def test_a_message_in_the_ledger_has_no_words_and_no_place(town: Town) -> None:
    await town.start_movement()
    await town.say("chi", SECRET)
    (act,) = town.rows(Act)
    assert (act["kind"], act["evidence"], act["occurrence_id"]) == ("message", "", None)


@sqlite
async def test_a_reaction_is_a_sign_of_life_once_a_message_and_taking_it_back_is_none(town: Town) -> None:
    await town.start_movement()
    first = town.room.channel_messages(RIVER)[0]
    await town.room.react("chi", first.id, "👍")
    await town.room.react("chi", first.id, "🎉")
    await town.room.react("chi", first.id, "👍", on=False)
    assert town.acts() == [("chi", "reaction")]
    assert "👍" not in everything_stored(town)


@where_anything_can_be_typed
@sqlite
async def test_a_mistyped_command_is_not_stored(town: Town) -> None:
    await town.start_movement()
    await town.command("chi", f"/{SECRET} please")
    await town.command("chi", f"/drumbeat {SECRET}")
    assert SECRET.lower() not in everything_stored(town).lower()


@sqlite
async def test_an_answer_that_was_changed_is_not_kept_in_its_first_words(town: Town) -> None:
    board = await town.open_check_in()
    await town.press("chi", "Check in", on=board)
    await town.fill("chi", q1=SECRET)
    assert SECRET in everything_stored(town)
    await town.press("chi", "Check in", on=board)
    await town.fill("chi", q1="Something else")
    assert SECRET not in everything_stored(town)
    assert SECRET not in "\n".join(town.thread(board))


async def test_somebody_who_opted_out_leaves_no_act_and_is_not_counted(town: Town) -> None:
    await town.start_movement()
    town.set_member("chi", opted_out=True)
    board = await town.open_check_in()
    await town.say("chi", "Hello")
    await town.say("chi", "My answer", under=board)
    await town.press("chi", "Check in", on=board)
    await town.fill("chi", q1="My answer again", did="Ten posters")
    await town.room.react("chi", board.id, "👍")
    assert town.acts() == []
    assert "\nNobody has answered yet. " in town.board().text
    await town.say("ben", "Fine", under=board)
    assert "\nOne person has answered. " in town.board().text
    assert "\nMembers: 3\n" in await town.command("ana", "/drumbeat")


@sqlite
async def test_a_bot_leaves_no_act(town: Town) -> None:
    await town.bring(Person("beep", "Beep", bot=True))
    await town.start_movement()
    await town.say("beep", "I am a feed.")
    assert town.acts() == []


@sqlite
async def test_the_figure_of_a_scale_stands_beside_no_name_in_the_chat(town: Town) -> None:
    await town.start_movement()
    await town.command("ana", "/checkin questions")
    await town.press("ana", "Change a set", choice=town.set_choices()[0])
    await town.fill("ana", question1="How tired are you? (1-5)", question2="Why?", question3="")
    board = await town.open_check_in()
    await town.press("chi", "Check in", on=board)
    await town.fill("chi", q1="5", q2="Long nights")
    assert [row["words"] for row in town.rows(CheckInAnswer)] == [{"1": "5", "2": "Long nights"}]
    await town.command("ana", "/checkin close")
    assert town.thread(board) == [
        "Answers, Mon 2 November\nChi\n> 2. Long nights",
        "The check-in of Mon 2 November is closed. One person answered. Thank you.",
    ]


@sqlite
async def test_what_somebody_is_told_alone_nobody_else_reads(town: Town) -> None:
    await town.open_check_in()
    await town.command("chi", "/away until friday")
    await town.command("dee", "/remind off")
    others = "\n".join(
        [*town.channel(), *town.inbox("ana"), *town.inbox("ben"), *(post.text for post in town.room.whispers("ana"))]
    )
    assert "Your first day back" not in others
    assert "remind you" not in others
    assert [row["reminders"] for row in town.rows(Member) if row["person"] == "dee"] == [False]
