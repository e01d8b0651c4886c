"""Rating in private: it can be changed by the rater alone, and leads nobody to them, not even in the database."""

from __future__ import annotations

import asyncio

import pytest

from bot.chat import Action, Person, Problems, Submitted, Whisper
from bot.tables import Act, Mark, MarkKey, Post, Seen
from rituals.alignment.tables import Activity, Rating
from tests.rituals.alignment_scene import board, open_check, rate, rate_all, results, start_with_mission
from tests.town import Town

sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
in_the_room = pytest.mark.parametrize("platform", ["playground"])

TWICE = (
    "You have rated already. To change it, use the buttons of the message that you got then: nothing else knows which "
    "ratings are yours."
)
CLOSED = "This alignment check takes no more ratings. What came of it is in its thread."


async def test_a_rating_is_changed_by_the_message_that_confirmed_it_and_never_given_twice(town: Town) -> None:
    await start_with_mission(town)
    await open_check(town, "Walks")
    assert await rate(town, "chi", 1, 2) == (
        "Kept, without your name: all 2. You can change them until the close, with the buttons of this message alone: "
        "nothing else knows which ratings are yours.\n[Say why] [Change my ratings]"
    )
    assert await town.press("chi", "Rate", on=board(town)) == TWICE
    await rate(town, "chi", 5, 4, verb="Change my ratings")
    assert sorted(str(row["figure"]) for row in town.rows(Rating)) == ["4", "5"]
    assert "Fewer than 5 people have rated so far." in board(town).text


@sqlite
async def test_a_form_that_arrives_twice_is_kept_once(town: Town) -> None:
    await start_with_mission(town)
    await open_check(town, "Walks")
    await rate(town, "chi", 5, 4)
    await town.redeliver()
    assert sorted(str(row["figure"]) for row in town.rows(Rating)) == ["4", "5"]
    assert len(town.rows(Mark)) == 1


@sqlite
@in_the_room
async def test_a_second_form_of_the_same_person_is_refused(town: Town) -> None:
    await start_with_mission(town)
    await open_check(town, "Walks")
    await town.press("chi", "Rate", on=board(town))
    second = town.form("chi").form.action
    await rate(town, "chi", 5, 4)
    answer = await town.submit("chi", second, {"a1": ("1",), "a2": ("1",)}, place=town.place())
    assert answer == Problems({"": TWICE})
    assert sorted(str(row["figure"]) for row in town.rows(Rating)) == ["4", "5"]


@sqlite
async def test_nine_activities_come_on_two_forms(town: Town) -> None:
    await start_with_mission(town)
    await open_check(town, *(f"Activity {number}" for number in range(1, 10)))
    await town.press("chi", "Rate", on=board(town))
    assert [field.label for field in town.form("chi").form.fields] == [f"Activity {number}" for number in range(1, 6)]
    shown = await town.fill("chi", **{f"a{number}": ("4",) for number in range(1, 6)})
    assert shown.startswith("Kept, without your name: 5 of 10. ")
    assert shown.endswith("\n[Rate the other 5] [Say why 1 to 5] [Change 1 to 5]")
    await town.press("chi", "Rate the other 5")
    assert town.form("chi").form.fields[-1].label == "All in all: do we serve our mission?"
    shown = await town.fill("chi", **{f"a{number}": ("2",) for number in range(6, 11)})
    assert shown.startswith("Kept, without your name: all 10. ")
    assert shown.endswith("\n[Say why 1 to 5] [Say why 6 to 10] [Change 1 to 5] [Change 6 to 10]")
    assert "Fewer than 5 people have rated so far." in board(town).text
    assert await town.press("chi", "Rate", on=board(town)) == TWICE


@sqlite
@in_the_room
async def test_whoever_lost_the_message_still_gets_to_the_second_form(town: Town) -> None:
    await start_with_mission(town)
    await open_check(town, *(f"Activity {number}" for number in range(1, 6)))
    await rate(town, "chi", 4, 4, 4)
    await town.press("chi", "Rate", on=board(town))
    assert [field.label for field in town.form("chi").form.fields] == [
        *("Activity 4", "Activity 5", "All in all: do we serve our mission?")
    ]
    shown = await town.fill("chi", a4=("2",), a5=("2",), a6=("2",))
    assert shown.startswith("Kept, without your name: all 6. ")
    assert shown.split("\n")[-1] == "[Say why 4 to 6] [Change 4 to 6]"
    assert await town.press("chi", "Rate", on=board(town)) == TWICE
    assert sorted(str(row["figure"]) for row in town.rows(Rating)) == ["2", "2", "2", "4", "4", "4"]
    assert "Fewer than 5 people have rated so far." in board(town).text
    await town.command("ana", "/alignment-check close")
    assert (town.rows(Mark), town.rows(MarkKey)) == ([], [])


@sqlite
@in_the_room
async def test_what_is_no_figure_gets_a_sentence(town: Town) -> None:
    await start_with_mission(town)
    await open_check(town, "Walks")
    await town.press("chi", "Rate", on=board(town))
    answer = await town.send_past_the_form("chi", a1=("6",), a2=())
    sentence = "Please choose a figure from 1 to 5, or 'Not sure'."
    assert answer == Problems({"a1": sentence, "a2": sentence})
    assert (town.rows(Rating), town.rows(Mark)) == ([], [])


@sqlite
async def test_after_the_close_nothing_is_taken(town: Town) -> None:
    await start_with_mission(town)
    await open_check(town, "Walks")
    await town.press("dee", "Rate", on=board(town))
    await rate(town, "chi", 5, 4)
    await town.command("ana", "/alignment-check close")
    assert await town.fill("dee", a1=("1",), a2=("1",)) == CLOSED
    assert await town.press("chi", "Change my ratings") == CLOSED
    assert await town.press("chi", "Say why") == CLOSED
    assert town.rows(Rating) == []


@sqlite
@in_the_room
async def test_whoever_leaves_after_rating_leaves_the_rating(town: Town) -> None:
    await start_with_mission(town)
    await open_check(town, "Walks")
    await rate_all(town, *[(4, 4)] * 5)
    await town.room.leave("chi", "river")
    await town.command("ana", "/alignment-check close")
    assert "5 people rated.\n1. Walks: 4.0 of 5, aligned, agreed." in results(town)


@sqlite
@in_the_room
async def test_forty_people_rate_at_once(town: Town) -> None:
    await start_with_mission(town)
    people = [Person(f"p{number}", f"P{number}", "Europe/Berlin") for number in range(40)]
    await town.bring(*people)
    await open_check(town, "Walks", "Town hall")
    occurrence = town.rows(Activity)[0]["occurrence_id"]
    events = [
        Submitted(
            id=f"crowd-{number}",
            who=person,
            place=town.place(),
            at=town.clock(),
            action=Action("alignment-check", "rate", f"{occurrence}/1/{number:016d}", 1),
            answers={"a1": ("4",), "a2": ("1" if number % 2 else "5",), "a3": ("3",)},
        )
        for number, person in enumerate(people)
    ]
    answers = await asyncio.gather(*(town.drumbeat.engine.hear(event) for event in (*events, *events)))
    await town.settle()
    assert {type(answer) for answer in answers} == {Whisper}
    assert "40 people have rated." in board(town).text
    await town.command("ana", "/alignment-check close")
    assert results(town).split("\n")[1:4] == [
        "1. Walks: 4.0 of 5, aligned, agreed.",
        "2. Town hall: 3.0 of 5, split, contested.",
        "All in all: 3.0 of 5, unsure, agreed.",
    ]


# ------------------------------------------------------------------------------------------------ whose it is


async def test_nothing_links_a_rating_to_anybody(town: Town) -> None:
    await start_with_mission(town)
    await open_check(town, "Walks", "Town hall")
    before = (town.rows(Act), {str(row["event"]) for row in town.rows(Seen)})
    await rate_all(town, (5, 1, 4), (1, 5, 4), (3, 3, 3), (2, 4, 0), (4, 2, 5))
    await town.press("chi", "Say why")
    await town.fill("chi", a1="Zebra", a2="", a3="")
    await town.press("ana", "Say why")
    await town.fill("ana", a1="Ant", a2="", a3="")
    assert (town.rows(Act), {str(row["event"]) for row in town.rows(Seen)}) == before
    # While it is open, what a rater's own message holds finds their rows, and nothing in the database does.
    assert set(town.rows(Rating)[0]) == {"activity_id", "voter", "figure", "reason"}
    voters = {str(row["voter"]) for row in town.rows(Rating)}
    assert len(voters) == 5
    assert not voters & {str(row["mark"]) for row in town.rows(Mark)}
    assert not any(voter in str(row["view"]) for row in town.rows(Post) for voter in voters)
    await town.command("ana", "/alignment-check close")
    assert (town.rows(Rating), town.rows(Mark), town.rows(MarkKey)) == ([], [], [])
    # What is left is one list for each activity, in the order of size: nobody's five answers lie side by side.
    assert [(row["figures"], row["unsure"], row["reasons"]) for row in town.rows(Activity)] == [
        ([1, 2, 3, 4, 5], 0, ["Ant", "Zebra"]),
        ([1, 2, 3, 4, 5], 0, []),
        ([3, 4, 4, 5], 1, []),
    ]


@sqlite
@in_the_room
async def test_the_order_in_which_ratings_came_is_not_kept(town: Town) -> None:
    with town.drumbeat.database.reading() as db:
        made = db.connection().exec_driver_sql("SELECT sql FROM sqlite_master WHERE name = 'alignment_rating'")
        assert "WITHOUT ROWID" in str(made.scalar())


@sqlite
@in_the_room
async def test_nothing_but_the_count_from_five_on_is_shown_before_the_close(town: Town) -> None:
    await start_with_mission(town)
    await open_check(town, "Walks")
    shown = board(town).text
    await rate_all(town, *[(1, 1)] * 4)
    assert board(town).text == shown
    await rate(town, "fay", 1, 1)
    await rate(town, "gus", 1, 1)
    assert board(town).text == shown.replace("Fewer than 5 people have rated so far", "6 people have rated")
    assert await town.press_kept("ana", Action("alignment-check", "reasons", "1", 1)) == (
        "There are no reasons to read here."
    )


@sqlite
@in_the_room
async def test_what_the_database_holds_gives_nobody_the_key_to_a_rating(town: Town) -> None:
    await start_with_mission(town)
    await open_check(town, "Walks")
    await rate(town, "chi", 5, 4)
    occurrence = town.rows(Activity)[0]["occurrence_id"]
    voter = str(town.rows(Rating)[0]["voter"])
    # The hash in the database is not the token: with it nobody gets at anything.
    guess = Action("alignment-check", "rate", f"{occurrence}/1/{voter[:16]}", 1)
    await town.submit("ben", guess, {"a1": ("1",), "a2": ("1",)}, place=town.place())
    assert sorted(str(row["figure"]) for row in town.rows(Rating) if row["voter"] == voter) == ["4", "5"]
