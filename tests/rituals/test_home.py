"""Somebody's own page: what they owe, the next step, what is on, in all their movements."""

from __future__ import annotations

import pytest

from bot.chat import Changed, Joined, Left, Person, Said
from bot.tables import Member
from tests.town import RIVER, Town

sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@sqlite
async def test_the_page_says_what_one_owes_and_lets_one_do_it(town: Town) -> None:
    await town.open_check_in()
    assert await town.look("chi") == (
        "Clean River\n"
        "The check-in waits for you, until Wed 4 November, 09:00.\n"
        "[Check in] [Pass this time]\n"
        "Next step\nBring one friend\n"
        "What is on\nCheck-in: Mon 9 November, 09:00"
    )
    await town.press("chi", "Check in")
    await town.fill("chi", q1="A flyer")
    assert (await town.look("chi")).splitlines()[:2] == ["Clean River", "You owe nothing right now."]
    assert "A check-in is open until Wed 4 November, 09:00." in await town.look("chi")


@sqlite
async def test_whoever_is_away_owes_nothing_on_their_page(town: Town) -> None:
    await town.open_check_in()
    await town.command("chi", "/away until friday")
    assert (await town.look("chi")).splitlines()[1] == "You owe nothing right now."


@sqlite
async def test_an_outsiders_page_says_how_to_begin(town: Town) -> None:
    await town.start_movement()
    assert await town.look("eli") == (
        "You are not in a movement here yet. Join a movement's channel, or type /drumbeat in a channel of your own to "
        "start one."
    )


@sqlite
async def test_the_page_holds_every_movement_of_a_person_and_names_those_that_do_not_fit(town: Town) -> None:
    for number in range(1, 9):
        channel = f"c{number}"
        town.room.add_channel(channel, channel, creator="ana")
        await town.start_movement(channel=channel, name=f"River {number}")
    page = await town.look("ana")
    assert [line for line in page.splitlines() if line.startswith("River")] == [f"River {n}" for n in range(1, 9)]
    assert "More of your movements, each with /drumbeat in its channel:" in page


@sqlite
async def test_a_new_name_and_time_zone_are_known_in_every_movement_of_the_workspace_at_once(town: Town) -> None:
    town.room.add_channel("garden", "garden", creator="ben")
    town.room.add_channel("abroad", "abroad", "elsewhere", creator="chi")
    town.room.seat("garden", "chi")
    await town.start_movement()
    await town.start_movement(who="ben", channel="garden", name="Garden")
    await town.start_movement(who="chi", channel="abroad", name="Abroad")
    chi = town.person("chi")
    renamed = Person(chi.id, "Chiara", "Asia/Tokyo")
    await town.drumbeat.engine.hear(Changed(id="1", who=renamed, place=town.place(RIVER), at=town.clock()))
    known = [(row["movement_id"], row["name"], row["zone"]) for row in town.rows(Member) if row["person"] == "chi"]
    assert known[:2] == [(1, "Chiara", "Asia/Tokyo"), (2, "Chiara", "Asia/Tokyo")]
    assert known[2][1] == "Chi"


@sqlite
async def test_an_old_leave_that_arrives_late_sends_nobody_away(town: Town) -> None:
    await town.start_movement()
    chi, place, left_at = town.person("chi"), town.place(RIVER), town.clock()
    await town.wait(hours=1)
    hear = town.drumbeat.engine.hear
    await hear(Left(id="1", who=chi, place=place, at=town.clock()))
    await town.wait(hours=1)
    await hear(Joined(id="2", who=chi, place=place, at=town.clock()))
    await hear(Left(id="3", who=chi, place=place, at=left_at))
    assert [row["left_at"] for row in town.rows(Member) if row["person"] == "chi"] == [None]


@sqlite
async def test_old_words_that_arrive_late_bring_nobody_back(town: Town) -> None:
    await town.start_movement()
    chi, place, said_at = town.person("chi"), town.place(RIVER), town.clock()
    await town.wait(hours=1)
    gone_at = town.clock()
    hear = town.drumbeat.engine.hear
    await hear(Left(id="1", who=chi, place=place, at=gone_at))
    await hear(Said(id="2", who=chi, place=place, at=said_at, words="Hello"))
    await hear(Joined(id="3", who=chi, place=place, at=said_at))
    assert [row["left_at"] for row in town.rows(Member) if row["person"] == "chi"] == [gone_at]


@sqlite
async def test_a_reply_that_the_platform_does_not_show_us_counts_as_an_answer(town: Town) -> None:
    board = await town.open_check_in()
    place = town.place(RIVER, under=board)
    await town.drumbeat.engine.hear(
        Said(id="1", who=town.person("chi"), place=place, at=town.clock(), words="", unread=True)
    )
    await town.settle()
    assert "\nOne person has answered. " in town.board().text
