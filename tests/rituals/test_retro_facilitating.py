"""Who facilitates: proposed by rota, free to skip and to hand over, and anybody can take over from who is silent."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.chat import Action
from bot.practices import follow
from bot.tables import Host, Member, Movement, Occurrence, Practice
from rituals.retro.tables import Retro
from tests.retros import board, lead, start, up_to_the_talk, write
from tests.town import RIVER, Town

sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ASKED = (
    "The retro of Fri 6 November in Clean River is open. By the rota it would be your turn to facilitate. It takes "
    "about twenty minutes in all: you keep it moving, I do the rest.\n"
    "[Yes, I will] [Skip me this time] [Ask somebody else]"
)
SETTLED = "The retro of Fri 6 November in Clean River: nothing left to do here."


async def plan_retro(town: Town, *, rota: tuple[str, ...] = ("chi",)) -> None:
    """Plan a retro for every Friday 16:00, with some more people on the rota than Ana."""
    await town.start_movement()
    await town.command("ana", "/retro")
    for who in rota:
        await town.command(who, "/retro rota")
        await town.press(who, "I take turns, too")
    with town.drumbeat.database.transaction() as db:
        practice = db.scalars(select(Practice).where(Practice.ritual == "retro")).one()
        movement = db.get_one(Movement, practice.movement_id)
        follow(db, movement, practice, "every friday 16:00", now=town.clock())


def ran(town: Town) -> list[str]:
    """Who is on record as having run a retro."""
    names = {row["id"]: str(row["person"]) for row in town.rows(Member)}
    return [names[row["member_id"]] for row in town.rows(Host)]


async def test_a_planned_retro_asks_whose_turn_it_is_in_private_and_they_may_skip(town: Town) -> None:
    await plan_retro(town)
    await town.wait(days=5, hours=6)
    assert "Ana is asked to facilitate; anybody may." in board(town).text
    assert town.inbox("ana")[-1] == ASKED
    assert await town.press("ana", "Skip me this time") == "All right, I ask the next one on the rota."
    assert town.inbox("ana")[-1] == SETTLED
    assert town.inbox("chi")[-1] == ASKED
    assert await town.press("chi", "Yes, I will") == (
        "Thank you. Press Facilitate on the retro whenever you want to move it on."
    )
    await town.wait(minutes=2)  # edits of an older post are not hurried
    assert "Chi facilitates." in board(town).text
    assert town.inbox("chi")[-1] == SETTLED
    assert ran(town) == []


@sqlite
async def test_who_has_not_had_it_longest_is_asked_next(town: Town) -> None:
    await plan_retro(town)
    await town.wait(days=5, hours=6)
    await town.press("ana", "Yes, I will")
    await lead(town, "Close the retro")
    await town.wait(days=7)
    assert "Chi is asked to facilitate; anybody may." in board(town).text
    assert await town.command("chi", "/retro rota") == (
        "Who facilitates by turns, whoever has not had it longest first: 1. Chi\n2. Ana\n[Leave me out]"
    )


@sqlite
async def test_nobody_is_asked_who_is_away_or_stepped_off(town: Town) -> None:
    await plan_retro(town, rota=("chi", "dee"))
    await town.command("ana", "/away until 20 november")
    await town.command("chi", "/retro rota")
    assert await town.press("chi", "Leave me out") == (
        "All right, you are not asked any more. /retro rota brings you back."
    )
    await town.wait(days=5, hours=6)
    assert "Dee is asked to facilitate; anybody may." in board(town).text


@sqlite
async def test_who_does_not_answer_is_not_waited_for(town: Town) -> None:
    await plan_retro(town)
    await town.wait(days=5, hours=6)
    await town.wait(days=1)
    assert "Chi is asked to facilitate; anybody may." in board(town).text
    assert town.inbox("ana")[-1] == SETTLED
    await town.wait(days=1, minutes=1)
    assert "2. Topics" in board(town).text or "closed by itself" in board(town).text


@sqlite
async def test_when_all_have_skipped_whoever_presses_facilitate_does_it(town: Town) -> None:
    await plan_retro(town, rota=())
    await town.wait(days=5, hours=6)
    assert await town.press("ana", "Skip me this time") == (
        "All right. Nobody else is on the rota now, so whoever presses Facilitate does it."
    )
    await town.wait(minutes=2)
    assert "Nobody facilitates yet: whoever presses Facilitate can." in board(town).text
    assert await town.press("dee", "Facilitate", on=board(town)) == "Nobody facilitates. You can.\n[Take over]"
    await town.press("dee", "Take over")
    await town.wait(minutes=2)
    assert "Dee facilitates." in board(town).text
    assert ran(town) == ["dee"]


@sqlite
async def test_somebody_else_can_be_asked_instead_and_until_they_say_yes_it_stays_where_it_was(town: Town) -> None:
    await start(town)
    await lead(town, "Hand it over")
    assert await town.fill("ana", whom=("dee",)) == "I ask Dee in private. Until they say yes, it is with you."
    assert "Ana facilitates." in board(town).text
    assert "Ana asks whether you would facilitate it." in town.inbox("dee")[-1]
    await town.press("dee", "Yes, I will")
    assert "Dee facilitates." in board(town).text
    assert await town.press("ana", "Facilitate", on=board(town)) == "Dee facilitates. You can take over.\n[Take over]"
    await lead(town, "Hand it over", "dee")
    answer = await town.send_past_the_form("dee", whom=("eli",))
    assert "Please choose a member of this movement." in str(answer)
    answer = await town.send_past_the_form("dee", whom=("dee",))
    assert "That is you. Please choose somebody else." in str(answer)


async def test_anybody_takes_over_when_the_facilitator_is_silent(town: Town) -> None:
    await start(town)
    assert await town.press("chi", "Facilitate", on=board(town)) == (
        "Ana facilitates and was here lately. Ask them first; if they stay silent, you can take over."
    )
    await town.wait(days=1)
    assert await town.press("chi", "Facilitate", on=board(town)) == "Ana facilitates. You can take over.\n[Take over]"
    assert (await town.press("chi", "Take over")).startswith("You facilitate. Notes are being written.")
    assert "Chi facilitates." in board(town).text
    await write(town, "chi", "The soup was good")
    await write(town, "ben", "Nobody had the key")
    await lead(town, "Show the notes", "chi")
    assert await town.press_kept("ana", Action("retro", "next", "1/group", 1)) == (
        "Chi facilitates. You can take over.\n[Take over]"
    )
    assert ran(town) == ["ana", "chi"]


@sqlite
async def test_when_the_facilitator_leaves_anybody_takes_over(town: Town) -> None:
    await start(town)
    await town.room.leave("ana", RIVER)
    await town.settle()
    assert await town.press("chi", "Facilitate", on=board(town)) == "Nobody facilitates. You can.\n[Take over]"
    await town.press("chi", "Take over")
    assert "Chi facilitates." in board(town).text


@sqlite
async def test_a_button_of_an_earlier_phase_moves_nothing(town: Town) -> None:
    await start(town)
    await write(town, "chi", "The soup was good")
    await write(town, "ben", "Nobody had the key")
    await lead(town, "Show the notes")
    for verb in ("next", "back", "close"):
        assert await town.press_kept("ana", Action("retro", verb, "1/gather", 1)) == (
            "The retro has moved on meanwhile. Press Facilitate to see where it stands."
        )
    assert "2. Topics" in board(town).text
    await lead(town, "Back to the notes")
    assert "1. Notes" in board(town).text
    await write(town, "dee", "Start at ten")
    await lead(town, "Show the notes")
    assert "3 notes in 3 topics." in board(town).text


@sqlite
async def test_there_is_nothing_to_show_without_a_note(town: Town) -> None:
    await start(town)
    assert await lead(town, "Show the notes") == (
        "There is no note yet, so there is nothing to show. Wait a little, or close the retro."
    )
    await lead(town, "Close the retro")
    assert "Nobody wrote a note this time" in board(town).text


@sqlite
@pytest.mark.parametrize("names", ["without", "signed"])
async def test_who_writes_notes_by_command_has_taken_part(town: Town, names: str) -> None:
    await start(town, names=(names,))
    said = {"ana": "Start at ten", "ben": "Nobody had the key", "chi": "The soup was good", "dee": "Rain"}
    for who, note in said.items():
        await town.command(who, f"/retro note {note}")
        assert (await town.fill(who, column=("0",))).startswith("Your note is in")
    for step in ("Show the notes", "On to the votes", "On to the talk", "Close the retro"):
        await lead(town, step)
    assert "4 people took part, 4 notes." in town.thread(board(town))[-1]
    assert [row["state"] for row in town.rows(Occurrence)][-1] == "held"
    assert town.acts("hosted") == [("ana", "hosted")]


@sqlite
async def test_a_note_by_command_that_only_waits_is_no_part_in_the_open_retro(town: Town) -> None:
    await start(town)
    await write(town, "ben", "Nobody had the key")
    await write(town, "chi", "The soup was good")
    await lead(town, "Show the notes")
    await lead(town, "On to the votes")
    await town.command("dee", "/retro note For the next one")
    assert (await town.fill("dee")).startswith("Your note waits for the next retro.")
    await lead(town, "On to the talk")
    await lead(town, "Close the retro")
    assert "3 people took part, 2 notes." in town.thread(board(town))[-1]


@sqlite
async def test_closed_before_the_reveal_its_notes_wait_for_the_next_one(town: Town) -> None:
    await start(town)
    await write(town, "chi", "The soup was good")
    await lead(town, "Close the retro")
    assert "Closed before the notes were shown. The notes wait for the next retro." in board(town).text
    assert "The soup" not in town.all_words()
    await start(town)
    assert "1 note from in between is in already." in board(town).text


@sqlite
async def test_a_retro_that_is_planned_while_one_is_open_is_left_out(town: Town) -> None:
    await plan_retro(town)
    await town.wait(days=4)
    await start(town)
    await town.wait(days=1, hours=6)
    assert sum(text.startswith("Retro, ") for text in town.channel()) == 1
    excused = [row for row in town.rows(Occurrence) if row["state"] == "excused"]
    assert [row["why"] for row in excused] == ["a retro was open already"]


@sqlite
async def test_only_who_takes_turns_starts_a_retro_and_only_organizers_change_how_it_runs(town: Town) -> None:
    await town.start_movement()
    refused = "Whoever takes turns in facilitating can start a retro. /retro rota puts you among them."
    assert await town.command("dee", "/retro now") == refused
    assert await town.command("dee", "/retro") == (
        "No retro is open right now. None is planned.\n[Note for the next retro]"
    )
    for word in ("settings", "votes"):
        assert await town.command("dee", f"/retro {word}") == "Only an organizer can do this."
    assert (await town.command("dee", "/retro sometime")).startswith("I know /retro alone, /retro note and your words,")
    await town.command("dee", "/retro rota")
    await town.press("dee", "I take turns, too")
    await start(town, "dee")
    assert "Dee facilitates." in board(town).text


@sqlite
async def test_the_settings_hold_from_the_next_retro_on(town: Town) -> None:
    await town.start_movement()
    await town.command("ana", "/retro settings")
    assert await town.fill("ana", format=("own",), columns="Roots, Leaves", way=("live",), pace="5 5 5 5") == (
        "Saved, from the next retro on."
    )
    await town.command("ana", "/retro votes")
    assert await town.fill("ana", each="5", on_one="9", topics="4") == (
        "on-one: That is more than the votes each has. Please choose fewer."
    )
    assert (
        await town.fill("ana", each="5", on_one="5", topics="9") == "topics: Please write a whole number from 1 to 4."
    )
    assert await town.fill("ana", each="5", on_one="5", topics="4") == "Saved, from the next retro on."
    await start(town)
    kept = town.rows(Retro)[0]
    assert (kept["columns"], kept["live"], kept["spans"]) == (["Roots", "Leaves"], True, [5, 5, 5, 5])
    assert (kept["votes_each"], kept["votes_on_one"], kept["topics_most"]) == (5, 5, 4)


@sqlite
async def test_the_page_of_ones_own_says_that_a_retro_is_open_and_nobody_owes_it_anything(town: Town) -> None:
    await up_to_the_talk(town)
    page = await town.look("dee")
    assert "A retro is open: the topics are talked about until Wed 4 November, 12:00." in page
    assert "You owe nothing right now." in page
