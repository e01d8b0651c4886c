"""Opening and closing a check-in: never two at once, a summary in the thread, and no word about who did not answer."""

from __future__ import annotations

import pytest

from bot.chat import Person
from bot.tables import Occurrence
from tests.town import RIVER, Town

sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@sqlite
async def test_the_summary_stands_in_the_thread(town: Town) -> None:
    board = await town.open_check_in()
    await town.press("chi", "Check in", on=board)
    await town.fill("chi", q1="Fine", did="Ten posters")
    await town.say("ben", "Fine, too", under=board)
    await town.wait(days=2)
    assert town.thread(board)[-1] == (
        "The check-in of Mon 2 November is closed. 2 people answered. Thank you.\n"
        "Done for us since the last one:\nChi\n> Ten posters"
    )
    assert town.board().text == (
        "Check-in, Mon 2 November\n1. What did you move forward?\n2. What will you do next?\n"
        "3. Where do you need a hand?\n"
        "2 people answered. This check-in is closed. Late answers are welcome until the next one.\n[Add a late answer]"
    )
    assert len(town.channel()) == 2


@sqlite
@pytest.mark.parametrize(
    ("answering", "said", "state"),
    [
        ((), "Nobody answered this time.", "missed"),
        (("chi",), "One person answered. Thank you.", "missed"),
        (("chi", "ben"), "2 people answered. Thank you.", "held"),
    ],
)
async def test_it_was_held_when_two_people_answered(
    town: Town, answering: tuple[str, ...], said: str, state: str
) -> None:
    board = await town.open_check_in()
    for who in answering:
        await town.say(who, "Fine", under=board)
    await town.wait(days=2)
    assert town.thread(board)[-1] == f"The check-in of Mon 2 November is closed. {said}"
    assert [row["state"] for row in town.rows(Occurrence)] == [state]


@sqlite
async def test_a_late_answer_does_not_change_what_was(town: Town) -> None:
    board = await town.open_check_in()
    await town.wait(days=2)
    for who in ("chi", "ben"):
        await town.press(who, "Add a late answer")
        await town.fill(who, q1="Late")
    assert [row["state"] for row in town.rows(Occurrence)] == ["missed"]
    assert town.thread(board)[0] == "The check-in of Mon 2 November is closed. Nobody answered this time."


@sqlite
async def test_a_movement_of_two_has_a_check_in_like_any_other(town: Town) -> None:
    town.room.add_channel("duo", "duo", creator="ana")
    town.room.seat("duo", "ben")
    await town.start_movement(channel="duo", name="Duo")
    await town.command("ana", "/checkin now", channel="duo")
    board = town.post("Check-in, ", channel="duo")
    await town.say("ana", "Fine", under=board, channel="duo")
    await town.say("ben", "Fine, too", under=board, channel="duo")
    await town.wait(days=2)
    assert town.thread(board) == [
        "Fine",
        "Fine, too",
        "The check-in of Sun 1 November is closed. 2 people answered. Thank you.",
    ]


@sqlite
async def test_more_than_five_deeds_are_counted(town: Town) -> None:
    await town.start_movement()
    people = [Person(f"p{number}", f"Person {number}") for number in range(7)]
    await town.bring(*people)
    board = await town.open_check_in()
    for person in people:
        await town.press(person.id, "Check in", on=board)
        await town.fill(person.id, did=f"Deed of {person.name}")
    await town.command("ana", "/checkin close")
    assert town.thread(board)[-1].split("\n") == [
        "The check-in of Mon 2 November is closed. 7 people answered. Thank you.",
        "Done for us since the last one:",
        *(line for number in range(5) for line in (f"Person {number}", f"> Deed of Person {number}")),
        "… and 2 more.",
    ]


# ------------------------------------------------------------------------------------------------ on demand


@sqlite
async def test_an_organizer_starts_one_now_and_never_a_second(town: Town) -> None:
    await town.start_movement()
    assert await town.command("ana", "/checkin") == (
        "No check-in is open right now. The next one opens Mon 2 November, 09:00.\n[Start one now]"
    )
    assert await town.press("ana", "Start one now") == "Done. The check-in comes into the channel."
    assert await town.press("ana", "Start one now") == (
        "A check-in is open already, until Mon 2 November, 09:00.\n[Close it now]"
    )
    assert len(town.channel()) == 2


async def test_one_on_demand_closes_when_the_planned_one_opens(town: Town) -> None:
    await town.start_movement()
    await town.command("ana", "/checkin now")
    first = town.board()
    await town.say("chi", "Fine", under=first)
    await town.open_check_in()
    assert [row["state"] for row in town.rows(Occurrence)] == ["missed", "open"]
    assert town.thread(first)[-1] == "The check-in of Sun 1 November is closed. One person answered. Thank you."
    assert town.post("Check-in, Sun 1").text.split("\n")[-1] == "One person answered. This check-in is closed."


@sqlite
async def test_an_organizer_can_close_early(town: Town) -> None:
    board = await town.open_check_in()
    await town.say("chi", "Fine", under=board)
    await town.command("ana", "/checkin now")
    assert await town.press("ana", "Close it now") == (
        "Closed. The summary is in the thread. Late answers are welcome until the next check-in."
    )
    assert await town.press("ana", "Close it now") == "No check-in is open, so there is nothing to close."
    assert await town.command("ana", "/checkin close") == "No check-in is open, so there is nothing to close."
    await town.wait(days=3)
    assert town.thread(board) == [
        "Fine",
        "The check-in of Mon 2 November is closed. One person answered. Thank you.",
    ]


@sqlite
async def test_a_member_is_told_when_the_next_one_opens(town: Town) -> None:
    await town.start_movement()
    assert await town.command("chi", "/checkin") == (
        "No check-in is open right now. The next one opens Mon 2 November, 09:00."
    )


@sqlite
async def test_while_paused_none_is_planned(town: Town) -> None:
    await town.start_movement()
    await town.command("ana", "/rituals")
    await town.press("ana", "Pause")
    assert await town.command("chi", "/checkin") == "No check-in is open right now. None is planned."


# ------------------------------------------------------------------------------------------------ nobody is shamed


async def test_who_did_not_answer_is_named_nowhere(town: Town) -> None:
    """Gus and Hal never answer, Ida passes, Jon is away: nobody ever reads one of these names."""
    silent = [
        Person("gus", "Gus-Name"),
        Person("hal", "Hal-Name"),
        Person("ida", "Ida-Name"),
        Person("jon", "Jon-Name"),
    ]
    town.room.add_person(Person("eli", "Eli", "Europe/Berlin"))
    for person in silent:
        town.room.add_person(person)
    town.room.seat(RIVER, *(person.id for person in silent))
    await town.start_movement()
    await town.command("ana", "/drumbeat")
    await town.press("ana", "Organizers")
    await town.fill("ana", people=("ben",))
    await town.command("jon", "/away until 20 november")
    for _ in range(2):
        board = await town.open_check_in()
        await town.press("ida", "Pass this time", on=board)
        await town.press("chi", "Check in", on=board)
        await town.fill("chi", q1="Fine")
        await town.wait(days=3)
    for line in ("/drumbeat", "/rituals", "/mission", "/checkin settings"):
        await town.command("ben", line)
    assert len(town.inbox("gus")) == 2
    words = town.all_words()
    assert "Chi" in words
    assert [person.name for person in silent if person.name in words] == []
