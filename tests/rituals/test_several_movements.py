"""A workspace holds several movements that know nothing of each other, and most people in it are in none."""

from __future__ import annotations

import base64

import pytest

from bot.chat import Action, Pressed, Problems, Whisper
from bot.plain import read_aloud
from bot.tables import Member, Movement, Practice
from rituals.checkin.tables import QuestionSet
from tests.town import RIVER, Town

sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

GARDEN = "garden"
PLAZA = "plaza"
ABROAD = "abroad"


async def two_movements(town: Town) -> None:
    """Ana's river and Ben's garden; Chi is in both, Dee only in the river, Eli only in the garden."""
    town.room.add_channel(GARDEN, "garden", creator="ben")
    town.room.seat(GARDEN, "chi", "eli")
    town.room.add_channel(PLAZA, "plaza", creator="eli")
    town.room.seat(PLAZA, "ana", "ben", "chi", "dee")
    await town.start_movement()
    await town.start_movement(who="ben", channel=GARDEN, name="Green Garden")


@sqlite
async def test_each_channel_shows_its_own_movement(town: Town) -> None:
    await two_movements(town)
    assert (await town.command("chi", "/drumbeat")).startswith("Clean River\n")
    assert (await town.command("chi", "/drumbeat", channel=GARDEN)).startswith("Green Garden\n")


async def test_in_a_third_channel_somebody_in_both_picks_and_the_command_is_done(town: Town) -> None:
    await two_movements(town)
    asked = await town.command("chi", "/away until friday", channel=PLAZA)
    assert asked == "Which movement do you mean?\nMovement {Clean River, Green Garden}"
    garden = str(next(row["id"] for row in town.rows(Movement) if row["name"] == "Green Garden"))
    assert await town.press("chi", "Movement", choice=garden) == (
        "You are away. Your first day back is Fri 6 November.\n"
        "Nobody asks you for anything then, and nothing counts as missed. Rest well.\n"
        "[I'm back] [Choose other days]"
    )
    assert await town.command("chi", "/away back") == "You are not away."
    assert (await town.command("chi", "/away back", channel=GARDEN)).startswith("Welcome back.")


@sqlite
async def test_in_a_private_message_a_pick_opens_the_form(town: Town) -> None:
    await two_movements(town)
    await town.command("chi", "/drumbeat away", channel="")
    river = str(next(row["id"] for row in town.rows(Movement) if row["name"] == "Clean River"))
    assert (await town.press("chi", "Movement", choice=river)).startswith("Take a break\n")
    assert (await town.fill("chi", back="friday")).startswith("You are away.")


@sqlite
async def test_typed_elsewhere_a_command_means_the_only_movement_of_that_person(town: Town) -> None:
    await two_movements(town)
    assert (await town.command("dee", "/rituals", channel=PLAZA)).startswith("Check-in: ")
    assert (await town.command("dee", "/rituals", channel="")).startswith("Check-in: ")


@sqlite
async def test_drumbeat_in_private_offers_the_movements_of_that_person(town: Town) -> None:
    await two_movements(town)
    assert await town.command("chi", "/drumbeat", channel="") == (
        "Which movement do you mean?\nMovement {Clean River, Green Garden}"
    )
    assert await town.command("dee", "/drumbeat", channel="") == (
        "Your movement lives in another channel. Pick it here:\nMovement {Clean River}"
    )
    river = str(next(row["id"] for row in town.rows(Movement) if row["name"] == "Clean River"))
    assert (await town.press("dee", "Movement", choice=river)).startswith("Clean River\n")


@sqlite
async def test_drumbeat_in_private_tells_an_outsider_where_to_type_it(town: Town) -> None:
    town.room.add_channel(PLAZA, "plaza", creator="eli")
    await town.start_movement()
    assert (
        await town.command("eli", "/drumbeat", channel="") == "Type /drumbeat in a channel to start a movement there."
    )


@sqlite
async def test_an_outsider_has_no_movement_anywhere(town: Town) -> None:
    town.room.add_channel(PLAZA, "plaza", creator="eli")
    await town.start_movement()
    for line in ("/checkin", "/away", "/mission", "/rituals"):
        assert await town.command("eli", line, channel=PLAZA) == (
            "There is no movement in this channel yet. Its creator or an admin can start one with /drumbeat."
        )


@sqlite
async def test_a_pick_that_was_tampered_with_is_refused(town: Town) -> None:
    await two_movements(town)
    gone = Whisper("This is not there any more. Please use the newest message.")
    line = base64.urlsafe_b64encode(b"rituals").decode()
    for about, choice in (
        (line, "999"),
        (line, "-1"),
        (line, "9" * 30),
        (line, "²"),
        (line, ""),
        ("____", "1"),
        ("a", "1"),
    ):
        event = Pressed(
            id=f"pick-{about}-{choice}",
            who=town.person("chi"),
            place=town.place(PLAZA),
            at=town.clock(),
            action=Action("which", "movement", about),
            choice=choice,
        )
        assert await town.drumbeat.engine.hear(event) == gone


@sqlite
async def test_a_command_too_long_to_carry_is_still_answered_after_the_pick(town: Town) -> None:
    await two_movements(town)
    await town.command("chi", "/away " + "until friday " * 20, channel=PLAZA)
    river = str(next(row["id"] for row in town.rows(Movement) if row["name"] == "Clean River"))
    assert (await town.press("chi", "Movement", choice=river)).startswith("Take a break\n")


# ------------------------------------------------------------------------------------------------ sealed apart


async def test_a_button_of_a_movement_does_nothing_for_an_outsider(town: Town) -> None:
    await two_movements(town)
    board = await town.open_check_in()
    river = next(row["id"] for row in town.rows(Movement) if row["name"] == "Clean River")
    assert board.view is not None
    copied = board.view.actions[0]
    assert copied.movement == river
    event = Pressed(
        id="stolen",
        who=town.person("eli"),
        place=town.place(GARDEN),
        at=town.clock(),
        action=copied,
    )
    assert await town.drumbeat.engine.hear(event) == Whisper(
        "This belongs to a movement that you are not in. Join its channel first."
    )


@sqlite
async def test_the_same_action_from_another_workspace_is_refused(town: Town) -> None:
    town.room.add_channel(ABROAD, "abroad", "elsewhere", creator="ana")
    await town.start_movement(channel=ABROAD, name="Abroad")
    await town.start_movement()
    board = await town.open_check_in()
    river = next(int(str(row["id"])) for row in town.rows(Movement) if row["name"] == "Clean River")
    number = board.view.actions[0].about if board.view else ""
    gone = "This is not there any more. Please use the newest message."
    place = town.place(ABROAD)
    pressed = Pressed(
        id="abroad-1",
        who=town.person("ana"),
        place=place,
        at=town.clock(),
        action=Action("check-in", "pass", number, river),
    )
    assert await town.drumbeat.engine.hear(pressed) == Whisper(gone)
    sent = await town.submit("ana", Action("check-in", "answer", number, river), {"q1": "Words"}, place=place)
    assert sent == Problems({"": gone})
    assert town.acts() == []


@sqlite
async def test_an_action_of_one_movement_about_a_thing_of_another_finds_nothing(town: Town) -> None:
    await two_movements(town)
    await town.open_check_in()
    river, garden = (int(str(row["id"])) for row in town.rows(Movement))
    of_garden = town.post("Check-in, ", channel=GARDEN)
    number = of_garden.view.actions[0].about if of_garden.view else ""
    place = town.place(RIVER)
    # Dee is in the river only, and writes the number of the garden's check-in into the river's action.
    sent = await town.submit("dee", Action("check-in", "answer", number, river), {"q1": "Words"}, place=place)
    assert isinstance(sent, Problems)
    for verb in ("pass", "answer", "energy"):
        event = Pressed(
            id=f"cross-{verb}",
            who=town.person("dee"),
            place=place,
            at=town.clock(),
            action=Action("check-in", verb, number, river),
        )
        answer = await town.drumbeat.engine.hear(event)
        assert isinstance(answer, Whisper)
        assert " takes no more " in read_aloud(answer.message)
    assert garden != river
    assert town.acts() == []


@sqlite
async def test_an_organizer_cannot_reach_into_another_movement(town: Town) -> None:
    await two_movements(town)
    of_garden = next(row for row in town.rows(Practice) if row["movement_id"] == 2)
    theirs = next(row for row in town.rows(QuestionSet) if row["practice_id"] == of_garden["id"])
    for verb in ("pause", "resume", "skip", "move", "change"):
        assert await town.press_kept("ana", Action("rituals", verb, str(of_garden["id"]), 1)) == (
            "This ritual is not practised here any more."
        )
    assert await town.press_kept("ana", Action("check-in", "set", str(theirs["id"]), 1)) == (
        "This question set is not there any more. Type /checkin questions to see what there is."
    )
    assert of_garden in town.rows(Practice)


async def test_the_same_person_in_both_answers_each_apart(town: Town) -> None:
    await two_movements(town)
    river, garden = await town.open_check_in(), town.post("Check-in, ", channel=GARDEN)
    await town.press("chi", "Check in", on=river)
    await town.fill("chi", q1="By the river")
    await town.press("chi", "Check in", on=garden)
    await town.fill("chi", q1="In the garden")
    assert town.thread(river) == ["Answers, Mon 2 November\nChi\n> 1. By the river"]
    assert town.thread(garden) == ["Answers, Mon 2 November\nChi\n> 1. In the garden"]


@sqlite
async def test_a_setting_of_one_movement_leaves_the_other_as_it_is(town: Town) -> None:
    await two_movements(town)
    await town.command("ana", "/drumbeat")
    await town.press("ana", "Settings")
    await town.fill("ana", zone="Asia/Tokyo")
    await town.command("chi", "/remind off")
    assert "Time zone: Europe/Berlin" in await town.command("ben", "/drumbeat", channel=GARDEN)
    assert (
        await town.command("chi", "/remind", channel=GARDEN)
        == "I won't remind you of gatherings, check-ins or promises."
    )


@sqlite
async def test_an_organizer_of_one_movement_is_a_member_in_the_other(town: Town) -> None:
    town.room.seat(RIVER, "eli")
    await two_movements(town)
    town.room.seat(GARDEN, "ana")
    assert await town.command("ben", "/checkin now") == "Only an organizer can do this."
    assert await town.command("ben", "/checkin now", channel=GARDEN) == "Done. The check-in comes into the channel."


async def test_in_two_workspaces_the_same_person_is_two_members_who_know_nothing_of_each_other(town: Town) -> None:
    town.room.add_channel(ABROAD, "abroad", "elsewhere", creator="dee")
    town.room.seat(ABROAD, "chi")
    await town.start_movement()
    await town.start_movement(who="dee", channel=ABROAD, name="Hill Farm")
    river = await town.open_check_in()
    hill = town.board(channel=ABROAD)
    await town.press("chi", "Check in", on=hill)
    await town.fill("chi", q1="Ploughed the hill")
    assert town.thread(hill) == ["Answers, Mon 2 November\nChi\n> 1. Ploughed the hill"]
    assert town.thread(river) == []
    assert "\nNobody has answered yet. " in town.board().text
    # Both reminders come into the one inbox that Chi has on some platforms, and each button means its own movement.
    await town.wait(hours=30)
    (reminder,) = [post for post in town.room.inbox("chi") if "Clean River" in post.text and "two minutes" in post.text]
    await town.press("chi", "Check in", on=reminder)
    await town.fill("chi", q1="Counted the ducks")
    assert town.thread(river) == ["Answers, Mon 2 November\nChi\n> 1. Counted the ducks"]
    members = {(row["movement_id"], row["person"]) for row in town.rows(Member)}
    assert members >= {(1, "chi"), (2, "chi"), (1, "ana"), (2, "dee")}
    assert (2, "ana") not in members
