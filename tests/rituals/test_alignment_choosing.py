"""After the results: members propose to keep, change or stop, people consent or object, and what stands follows."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.chat import Action, Problems
from bot.tables import Promise
from rituals.alignment.tables import Activity, Proposal
from tests.rituals.alignment_scene import (
    MISSION,
    board,
    choices,
    look_at,
    open_check,
    rate_all,
    start_with_mission,
    write_mission,
)
from tests.town import Town

sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
in_the_room = pytest.mark.parametrize("platform", ["playground"])

HEAD = (
    "Keep, change or stop? We choose by consent: a choice stands when enough people say yes within 72 hours and "
    "nobody's objection is open. Silence is neither."
)
# Proposals made one after the other are seconds apart, and an edit of an old post waits for a minute.
THREE_DAYS = timedelta(days=3, minutes=5)
A_WHILE = timedelta(minutes=2)
NEW_WORDS = "A river to swim in, for everybody."


async def until_choosing(town: Town, *activities: str) -> None:
    """Five people have rated, so three must consent."""
    await start_with_mission(town)
    await open_check(town, *activities)
    await rate_all(town, *[(4, 3, 2, 4)[: len(activities) + 1]] * 5)
    await town.command("ana", "/alignment-check close")


async def propose(town: Town, who: str, position: int, label: str, **answers: str | tuple[str, ...]) -> str:
    await look_at(town, who, position)
    await town.press(who, label)
    return await town.fill(who, **answers)


async def test_what_is_chosen_becomes_promises_and_opens_the_next_check(town: Town) -> None:
    await until_choosing(town, "Walks", "Town hall")
    assert choices(town) == [
        HEAD,
        "1. Walks: nothing proposed yet.",
        "2. Town hall: nothing proposed yet.",
        "The mission: nothing proposed yet.",
        "Everybody can propose, consent or object. Until Sun 22 November, 12:00.",
        "Look at one of them {1. Walks, 2. Town hall, The mission}",
    ]
    await propose(town, "ana", 1, "Keep it")
    assert await propose(
        town, "ana", 2, "Change it", what="Ask the school", owner=("chi",), due="2026-12-01", why="Too long"
    ) == (
        "2. Town hall: proposed to change it.\nProposed by Ana\n> Too long\n"
        "With it: Chi, by Tue 1 December: Ask the school\n"
        "1 consent, 3 are needed. Open until Wed 4 November, 12:00. You consented.\n[I object]\n"
        "Propose something else:\n[Keep it] [Change it] [Stop it]"
    )
    await propose(town, "ben", 3, "Amend it", mission=NEW_WORDS, why="")
    assert choices(town)[1:4] + choices(town)[-1:] == [
        "1. Walks: proposed to keep it (1 consent, 3 are needed).",
        "2. Town hall: proposed to change it (1 consent, 3 are needed).",
        "The mission: proposed to amend it (1 consent, 3 are needed).",
        "[I consent to all 3]",
    ]
    assert (await look_at(town, "dee", 3)).split("\n") == [
        "The mission: proposed to amend it.",
        "The mission, as proposed",
        f"> {NEW_WORDS}",
        "Proposed by Ben.",
        "1 consent, 3 are needed. Open until Wed 4 November, 12:00.",
        "[I consent] [I object]",
        "Propose something else:",
        "[Reaffirm it] [Amend it]",
    ]
    for who in ("chi", "dee", "fay"):
        assert await town.press(who, "I consent to all 3") == (
            "Noted: you consent. You can change it for each one until its time is over."
        )
    await town.wait(THREE_DAYS)
    assert choices(town) == [
        HEAD,
        "1. Walks: we keep it.",
        "2. Town hall: we change it.",
        "The mission: amended.",
        "Choosing is over. The next check begins with what we chose.",
    ]
    assert town.channel()[-1] == f"Our mission, now in version 2, proposed by Ben and agreed:\n> {NEW_WORDS}"
    assert await town.command("chi", "/mission") == (
        f"Clean River\nVersion 2, Wed 4 November, Ben\n> {NEW_WORDS}\nVersion 1, Sun 1 November, Ana\n> {MISSION}"
    )
    owners = [(row["what"], row["ritual"], row["accepted_at"]) for row in town.rows(Promise)]
    assert owners == [("Ask the school", "alignment-check", None)]
    assert any("Ask the school" in one for one in town.inbox("chi"))
    shown = await town.command("ana", "/alignment-check now")
    assert (
        "What we chose last time\nWalks: we keep it\nTown hall: we change it. Ask the school (asked for)\n"
        "All in all: amended\n"
    ) in shown


@sqlite
async def test_who_said_no_in_private_is_not_named_by_the_next_check(town: Town) -> None:
    await until_choosing(town, "Walks")
    await propose(town, "ana", 1, "Change it", what="Ask the school", owner=("chi",), due="2026-12-01", why="")
    for who in ("ben", "dee"):
        await look_at(town, who, 1)
        await town.press(who, "I consent")
    await town.wait(THREE_DAYS)
    assert (await town.press("chi", "I can't")).startswith("That is fine.")
    shown = await town.command("ana", "/alignment-check now")
    assert "What we chose last time\nWalks: we change it\n" in shown
    assert "Ask the school" not in shown


@sqlite
async def test_an_objection_keeps_a_proposal_from_standing_until_it_is_taken_back(town: Town) -> None:
    await until_choosing(town, "Walks")
    await propose(town, "ana", 1, "Stop it", owner=("ana",), due="2026-12-01", why="")
    for who in ("ben", "chi"):
        await town.press(who, "I consent to it")
    await look_at(town, "dee", 1)
    await town.press("dee", "I object")
    assert await town.fill("dee", reason="The schools count on us") == (
        "1. Walks: proposed to stop it.\nProposed by Ana.\n"
        "With it: Ana, by Tue 1 December: Tell everybody that it ends, and say thank you\n"
        "Dee objects\n> The schools count on us\n"
        "3 consent, 3 are needed, one objection. Open until Wed 4 November, 12:00. You objected.\n"
        "[I consent] [Change my objection]\n"
        "Propose something else:\n[Keep it] [Change it] [Stop it]"
    )
    assert await town.press("dee", "I consent to it") == (
        "Noted: you consent. Where you objected, your objection stays. You can change it for each one until its time "
        "is over."
    )
    await town.wait(THREE_DAYS)
    assert choices(town)[1] == (
        "1. Walks: a proposal to stop it met an objection and does not stand; the next one is welcome."
    )
    assert town.rows(Promise) == []
    await propose(town, "ana", 1, "Change it", what="One walk a month", owner=("ana",), due="2026-12-01", why="")
    await town.wait(A_WHILE)
    for who in ("ben", "dee"):
        await town.press(who, "I consent to it")
    await look_at(town, "chi", 1)
    await town.press("chi", "I object")
    await town.fill("chi", reason="Too few")
    await town.press("chi", "I consent")
    await town.wait(THREE_DAYS)
    assert choices(town)[1] == "1. Walks: we change it."
    assert [(row["what"], row["accepted_at"] is not None) for row in town.rows(Promise)] == [("One walk a month", True)]
    assert town.acts("proposal_made", "feedback_given") == [
        ("dee", "feedback_given"),
        ("chi", "feedback_given"),
        ("ana", "proposal_made"),
    ]


@sqlite
@in_the_room
async def test_silence_is_no_consent(town: Town) -> None:
    await until_choosing(town, "Walks")
    await propose(town, "ana", 1, "Keep it", why="People come back")
    await town.press("ben", "I consent to it")
    await town.wait(THREE_DAYS)
    assert choices(town)[1] == "1. Walks: too few answered on a proposal to keep it; it can be made again."
    assert [row["state"] for row in town.rows(Proposal)] == ["lapsed"]


@sqlite
@in_the_room
async def test_whoever_left_neither_objects_nor_consents_any_more(town: Town) -> None:
    await until_choosing(town, "Walks")
    await propose(town, "ana", 1, "Keep it")
    for who in ("ben", "chi", "fay"):
        await town.press(who, "I consent to it")
    await look_at(town, "dee", 1)
    await town.press("dee", "I object")
    await town.fill("dee", reason="No")
    await town.room.leave("dee", "river")
    await town.room.leave("fay", "river")
    await town.wait(THREE_DAYS)
    assert choices(town)[1] == "1. Walks: we keep it."


@sqlite
@in_the_room
async def test_a_new_proposal_takes_the_place_of_the_one_before(town: Town) -> None:
    await until_choosing(town, "Walks")
    await propose(town, "ana", 1, "Keep it")
    await town.press("chi", "I consent to it")
    await town.wait(days=1)
    await propose(town, "ben", 1, "Stop it", owner=("ben",), due="2026-12-01")
    await town.wait(A_WHILE)
    assert choices(town)[1] == "1. Walks: proposed to stop it (1 consent, 3 are needed)."
    await town.wait(days=2)
    assert choices(town)[1] == "1. Walks: proposed to stop it (1 consent, 3 are needed)."
    assert [row["state"] for row in town.rows(Proposal)] == ["withdrawn", "open"]


@sqlite
@in_the_room
async def test_a_mission_that_changed_meanwhile_is_not_overwritten(town: Town) -> None:
    await until_choosing(town, "Walks")
    await propose(town, "ben", 2, "Amend it", mission=NEW_WORDS, why="")
    for who in ("ana", "chi"):
        await town.press(who, "I consent to it")
    await write_mission(town, "A river, and a lake.")
    await town.wait(THREE_DAYS)
    assert choices(town)[2] == ("The mission: the mission was changed meanwhile, so what was proposed does not stand.")
    assert "Version 3" not in await town.command("chi", "/mission")


@sqlite
@in_the_room
async def test_reaffirming_leaves_the_mission_as_it_stands(town: Town) -> None:
    await until_choosing(town, "Walks")
    await propose(town, "ana", 2, "Reaffirm it", why="Still true")
    for who in ("ben", "chi"):
        await town.press(who, "I consent to it")
    await town.wait(THREE_DAYS)
    assert choices(town)[2] == "The mission: reaffirmed."
    assert (await town.command("chi", "/mission")).count("Version") == 1


@sqlite
@in_the_room
async def test_choosing_ends_after_three_weeks_and_not_before_a_proposal_had_its_time(town: Town) -> None:
    await until_choosing(town, "Walks")
    await town.wait(days=20)
    await propose(town, "ana", 1, "Keep it")
    await town.wait(A_WHILE)
    assert "Until Tue 24 November, 12:00." in choices(town)[-3]
    for who in ("ben", "chi"):
        await town.press(who, "I consent to it")
    await look_at(town, "ana", 2)
    await town.press("ana", "Reaffirm it")
    await town.wait(days=4)
    assert choices(town)[1:] == [
        "1. Walks: we keep it.",
        "The mission: nothing proposed yet.",
        "Choosing is over. The next check begins with what we chose.",
    ]
    assert await town.fill("ana", why="") == "Choosing is over for this check. The next one begins with what we chose."
    assert board(town).text.split("\n")[-1] == "5 people rated. This check is over; what came of it is in the thread."


@sqlite
@in_the_room
async def test_a_new_check_ends_the_choosing_of_the_one_before(town: Town) -> None:
    await until_choosing(town, "Walks")
    await propose(town, "ana", 1, "Keep it")
    await town.command("ana", "/alignment-check now")
    assert choices(town)[1:] == [
        "1. Walks: too few answered on a proposal to keep it; it can be made again.",
        "The mission: nothing proposed yet.",
        "Choosing is over. The next check begins with what we chose.",
    ]


@sqlite
@in_the_room
async def test_what_is_missing_in_a_proposal_gets_a_sentence(town: Town) -> None:
    await until_choosing(town, "Walks")
    await look_at(town, "ana", 1)
    await town.press("ana", "Change it")
    assert await town.send_past_the_form("ana", what="", owner=(), due="2026-10-01") == Problems(
        {
            "what": "Please fill this in.",
            "owner": "Please choose a member of this movement.",
            "due": (
                "Consent takes 72 hours, so the first possible day is Wed 4 November. Choose that one or a later one."
            ),
        }
    )
    assert await propose(town, "ana", 2, "Amend it", mission=MISSION) == (
        "mission: These are the words as they stand. Reaffirm them, or change something."
    )
    assert town.rows(Proposal) == []


@sqlite
@in_the_room
async def test_nothing_is_due_before_the_choice_can_stand(town: Town) -> None:
    await until_choosing(town, "Walks")
    too_early = await propose(town, "ana", 1, "Stop it", owner=("ana",), due="2026-11-03")
    assert too_early.startswith("due: Consent takes 72 hours, so the first possible day is Wed 4 November.")
    assert town.rows(Proposal) == []
    on_the_day = await propose(town, "ana", 1, "Stop it", owner=("ana",), due="2026-11-04")
    assert "With it: Ana, by Wed 4 November:" in on_the_day
    await town.wait(timedelta(hours=12, minutes=30))  # past midnight where they live, not yet in UTC
    too_early = await propose(town, "ana", 1, "Stop it", owner=("ana",), due="2026-11-04")
    assert too_early.startswith("due: Consent takes 72 hours, so the first possible day is Thu 5 November.")


@sqlite
@in_the_room
async def test_every_member_can_propose(town: Town) -> None:
    await until_choosing(town, "Walks")
    assert await look_at(town, "chi", 1) == (
        "1. Walks: nothing proposed yet.\nWhat do you propose?\n[Keep it] [Change it] [Stop it]"
    )
    await propose(town, "chi", 1, "Change it", what="One walk a month", owner=("chi",), due="2026-12-01", why="")
    await town.wait(A_WHILE)
    for who in ("ana", "dee"):
        await town.press(who, "I consent to it")
    await town.wait(THREE_DAYS)
    assert choices(town)[1] == "1. Walks: we change it."
    assert [(row["what"], row["accepted_at"] is not None) for row in town.rows(Promise)] == [("One walk a month", True)]


@sqlite
@in_the_room
async def test_the_command_leads_to_the_choices(town: Town) -> None:
    await until_choosing(town, "Walks")
    assert await town.command("chi", "/alignment-check") == "\n".join(choices(town))
    made_up = Action("alignment-check", "item", "1", 1)
    assert await town.press_kept("chi", made_up, choice="999") == "Please pick one of the activities."
    assert len(town.rows(Activity)) == 2


@sqlite
@in_the_room
async def test_every_old_mission_can_be_read_whole(town: Town) -> None:
    await start_with_mission(town)
    words = {number: f"{number} " + "river, " * 84 for number in range(2, 6)}
    for number in range(2, 6):
        await write_mission(town, words[number])
    assert await town.command("chi", "/mission") == "\n".join(
        [
            "Clean River",
            *(f"Version {number}, Sun 1 November, Ana\n> {words[number].strip()}" for number in (5, 4, 3)),
            "[Earlier versions]",
        ]
    )
    assert await town.press("chi", "Earlier versions") == (
        f"Clean River\nVersion 2, Sun 1 November, Ana\n> {words[2].strip()}\n"
        f"Version 1, Sun 1 November, Ana\n> {MISSION}"
    )
