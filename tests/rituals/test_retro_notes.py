"""Notes: hidden until all are shown together, changed only by whoever holds their key, and never lost or doubled."""

from __future__ import annotations

import pytest

from bot.chat import Action, Problems, Submitted
from bot.tables import Act, Mark, MarkKey
from rituals.retro.tables import Retro, RetroNote
from tests.retros import DIDNT, TRY, board, lead, seat_seven, start, write
from tests.town import RIVER, Town

sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

KEPT = (
    "Your note is in, under “What worked”. Nobody sees it before all are shown together. I don’t keep who wrote it, so "
    "only these buttons can change it.\n[Change it] [Take it back] [Add another]"
)

SOUP: dict[str, str | tuple[str, ...]] = {"note": "Soup", "column": ("0",)}


def words(town: Town) -> list[str]:
    return sorted(str(row["words"]) for row in town.rows(RetroNote))


@sqlite
async def test_nobody_sees_a_note_before_the_reveal(town: Town) -> None:
    await start(town)
    assert await write(town, "chi", "The soup was good") == KEPT
    assert "The soup" not in "\n".join([*town.channel(), *town.thread(board(town))])
    assert await town.press_kept("dee", Action("retro", "read", "1", 1)) == (
        "The notes are shown once everybody had time to write theirs."
    )
    await write(town, "ben", "Nobody had the key", DIDNT)
    await lead(town, "Show the notes")
    assert await town.press("dee", "Read the notes") == (
        "What worked\n> The soup was good\nWhat didn’t work\n> Nobody had the key"
    )


async def test_the_author_changes_and_takes_back_a_note_with_its_own_buttons(town: Town) -> None:
    await start(town)
    await write(town, "chi", "The soup was good")
    await town.press("chi", "Add another")
    await town.fill("chi", note="Too cold", column=(DIDNT,))
    await town.press("chi", "Change it")
    assert town.form("chi").form.fields[1].value == "Too cold"
    await town.fill("chi", note="Far too cold", column=(TRY,))
    assert words(town) == ["Far too cold", "The soup was good"]
    assert "2 notes." in board(town).text
    assert await town.press("chi", "Take it back") == "Taken back. Nothing of it is left."
    assert words(town) == ["The soup was good"]
    assert "1 note." in board(town).text
    assert await town.press("chi", "Change it") == (
        "This note has been shown to all or taken back, so it can’t be changed any more."
    )


@sqlite
async def test_after_the_reveal_nobody_can_change_a_note(town: Town) -> None:
    await start(town)
    await write(town, "ben", "Nobody had the key", DIDNT)
    await write(town, "chi", "The soup was good")
    await town.press("chi", "Change it")
    await lead(town, "Show the notes")
    assert await town.fill("chi", note="The soup was bad") == (
        "The notes were shown meanwhile, so this one can't be changed any more."
    )
    for label in ("Change it", "Take it back"):
        assert await town.press("chi", label) == (
            "This note has been shown to all or taken back, so it can’t be changed any more."
        )
    assert words(town) == ["Nobody had the key", "The soup was good"]


@sqlite
async def test_a_form_that_is_delivered_twice_makes_one_note_also_after_it_was_taken_back(town: Town) -> None:
    await start(town)
    await write(town, "chi", "The soup was good")
    form = next(event for event in reversed(town.heard) if isinstance(event, Submitted))
    await town.drumbeat.engine.hear(form)
    assert words(town) == ["The soup was good"]
    await town.press("chi", "Take it back")
    await town.drumbeat.engine.hear(form)
    assert words(town) == []


@sqlite
async def test_a_form_that_is_delivered_again_after_the_reveal_makes_no_second_note(town: Town) -> None:
    await start(town)
    await write(town, "ben", "Nobody had the key", DIDNT)
    await write(town, "chi", "The soup was good")
    form = next(event for event in reversed(town.heard) if isinstance(event, Submitted))
    await lead(town, "Show the notes")
    await town.drumbeat.engine.hear(form)
    await lead(town, "On to the votes")
    await town.drumbeat.engine.hear(form)
    assert words(town) == ["Nobody had the key", "The soup was good"]


@sqlite
async def test_a_note_in_between_waits_for_the_next_retro_and_can_be_changed_until_its_reveal(town: Town) -> None:
    await town.start_movement()
    await town.command("chi", "/retro note The bridge was locked")
    assert await town.fill("chi") == (
        "Your note waits for the next retro. Nobody sees it until then. I don’t keep who wrote it, so only these "
        "buttons can change it.\n[Change it] [Take it back] [Add another]"
    )
    assert (await town.command("ben", "/retro")).startswith(
        "No retro is open right now. None is planned. 1 note waits for it.\n"
    )
    await town.press("chi", "Change it")
    await town.fill("chi", note="The bridge was locked again")
    await start(town)
    assert "1 note from in between is in already.\n1 note." in board(town).text
    await town.press("chi", "Change it")
    await town.fill("chi", note="The bridge was locked twice", column=(DIDNT,))
    await town.command("ben", "/retro note The soup")
    await town.fill("ben", column=("0",))
    await lead(town, "Show the notes")
    assert await town.press("dee", "Read the notes") == (
        "What worked\n> The soup\nWhat didn’t work\n> The bridge was locked twice"
    )


@sqlite
async def test_a_note_that_stays_as_it_was_in_between_has_a_heading_of_its_own(town: Town) -> None:
    await town.start_movement()
    await town.command("chi", "/retro note The bridge was locked")
    await town.fill("chi")
    await start(town)
    await write(town, "ben", "The soup")
    await lead(town, "Show the notes")
    assert await town.press("dee", "Read the notes") == (
        "What worked\n> The soup\nNoted in between\n> The bridge was locked"
    )


async def test_a_late_note_joins_the_topics_as_one_of_its_own(town: Town) -> None:
    await start(town)
    await write(town, "ben", "Nobody had the key", DIDNT)
    await write(town, "chi", "The soup was good")
    await lead(town, "Show the notes")
    assert (await write(town, "dee", "Start at ten", TRY)).startswith(
        "Your note is in, under “What to try next”. The others see it already."
    )
    assert "3 notes in 3 topics." in board(town).text
    await town.press("dee", "Change it")
    await town.fill("dee", note="Start at noon")
    assert "• Start at noon (1 note)" in board(town).text
    assert "Start at ten" not in board(town).text
    await lead(town, "On to the votes")
    assert "Start at noon" in await town.press("chi", "Read the notes")
    assert await town.press("dee", "Take it back") == (
        "This note has been shown to all or taken back, so it can’t be changed any more."
    )


@sqlite
async def test_a_note_that_comes_after_the_topics_are_settled_waits_for_the_next_retro(town: Town) -> None:
    await start(town)
    await write(town, "ben", "Nobody had the key", DIDNT)
    await write(town, "chi", "The soup was good")
    await lead(town, "Show the notes")
    await town.press("dee", "Add a late note", on=board(town))
    await lead(town, "On to the votes")
    assert (await town.fill("dee", note="Start at ten", column=(TRY,))).startswith(
        "Your note waits for the next retro."
    )
    assert "2 notes" not in board(town).text
    assert [row["occurrence_id"] for row in town.rows(RetroNote) if row["words"] == "Start at ten"] == [None]


@sqlite
async def test_among_few_it_is_said_before_the_first_note_that_notes_would_not_be_anonymous(town: Town) -> None:
    await start(town)
    assert (
        "Only 4 people are here, so notes would not be anonymous: I keep no names, but others may guess. Write only "
        "what you would also say in conversation.\nNo note yet."
    ) in board(town).text
    await town.press("chi", "Add a note")
    assert [field.hint for field in town.form("chi").form.fields][-1] == (
        "Kept without your name, but among 4 people others may guess whose it is."
    )


@sqlite
async def test_signed_notes_carry_a_name_and_count_as_feedback(town: Town) -> None:
    await start(town, names=("signed",))
    assert "Notes are signed: your name will stand beside them." in board(town).text
    await write(town, "chi", "The soup was good")
    await write(town, "chi", "Nobody had the key", DIDNT)
    await lead(town, "Show the notes")
    assert await town.press("dee", "Read the notes") == (
        "What worked\nChi\n> The soup was good\nWhat didn’t work\nChi\n> Nobody had the key"
    )
    assert town.acts("feedback_given") == [("chi", "feedback_given")]


@sqlite
async def test_a_signed_note_that_waited_loses_its_name_in_a_retro_without_names(town: Town) -> None:
    await start(town, names=("signed",))
    await write(town, "chi", "The soup was good")
    await lead(town, "Close the retro")
    assert [row["member_id"] is None for row in town.rows(RetroNote)] == [False]
    await start(town)
    assert [row["member_id"] for row in town.rows(RetroNote)] == [None]
    await town.press("chi", "Change it")
    assert (await town.fill("chi", note="The soup was very good", column=(DIDNT,))).startswith("Your note is in")
    await write(town, "ben", "Nobody had the key", DIDNT)
    await lead(town, "Show the notes")
    assert await town.press("dee", "Read the notes") == (
        "What didn’t work\n> Nobody had the key\n> The soup was very good"
    )
    assert [row["member_id"] for row in town.rows(RetroNote)] == [None, None]


@sqlite
async def test_a_signed_note_that_waited_keeps_its_name_in_the_next_signed_retro(town: Town) -> None:
    await start(town, names=("signed",))
    await write(town, "chi", "The soup was good")
    await lead(town, "Close the retro")
    await start(town, names=("signed",))
    await write(town, "ben", "Nobody had the key", DIDNT)
    await lead(town, "Show the notes")
    assert await town.press("dee", "Read the notes") == (
        "What didn’t work\nBen\n> Nobody had the key\nNoted in between\nChi\n> The soup was good"
    )


@sqlite
@pytest.mark.parametrize(
    ("steps", "over"),
    [
        (("On to the votes",), "This retro takes no more notes."),
        (("On to the votes", "On to the talk"), "This retro takes no more notes."),
        (("On to the votes", "On to the talk", "Close the retro"), "This retro is closed."),
    ],
)
async def test_a_signed_note_that_comes_too_late_is_not_kept_and_its_words_stay(
    town: Town, steps: tuple[str, ...], over: str
) -> None:
    await start(town, names=("signed",))
    await write(town, "ben", "Nobody had the key", DIDNT)
    await write(town, "chi", "The soup was good")
    await lead(town, "Show the notes")
    await town.press("dee", "Add a late note", on=board(town))
    for step in steps:
        await lead(town, step)
    assert await town.fill("dee", note="Start at ten", column=(TRY,)) == (
        f"{over} Your words are still here: /retro note takes them for the next one, without your name."
    )
    assert words(town) == ["Nobody had the key", "The soup was good"]
    assert sorted(town.acts("feedback_given")) == [("ben", "feedback_given"), ("chi", "feedback_given")]
    await town.command("dee", "/retro note Start at ten")
    assert (await town.fill("dee")).startswith("Your note waits for the next retro.")


@sqlite
async def test_a_form_for_signed_notes_keeps_none_that_waits_without_a_name(town: Town) -> None:
    await town.start_movement()
    gone = Problems({"": "This form is not good any more. Your words are still here: copy them into a new one."})
    forged = Action("retro", "signed-note", "0/abcdefghijklmnop", 1)
    assert await town.submit("chi", forged, SOUP, place=town.place(RIVER)) == gone
    assert words(town) == []


async def test_an_anonymous_retro_leaves_no_way_from_a_note_to_its_author(town: Town) -> None:
    await seat_seven(town)
    await start(town)
    people = ("gus", "ana", "fay", "chi", "ben", "eli", "dee")
    for number, who in enumerate(people):
        await write(town, who, f"{chr(122 - number)} was what {number} saw", str(number % 3))
    assert {row["member_id"] for row in town.rows(RetroNote)} == {None}
    assert len({row["token"] for row in town.rows(RetroNote)}) == 7
    await lead(town, "Show the notes")
    assert {row["token"] for row in town.rows(RetroNote)} == {""}
    assert town.rows(Retro)[0]["spent"] == sorted(town.rows(Retro)[0]["spent"])  # type: ignore[call-overload]
    await lead(town, "On to the votes")
    await lead(town, "On to the talk")
    await lead(town, "Close the retro")
    assert town.rows(Mark) == town.rows(MarkKey) == []
    assert town.rows(Retro)[0]["spent"] == []
    assert {row["kind"] for row in town.rows(Act)} <= {"hosted", "message"}


@sqlite
async def test_what_cannot_be_a_note_gets_a_sentence_and_nothing_is_lost(town: Town) -> None:
    await start(town)
    await town.press("chi", "Add a note", on=board(town))
    answer = await town.send_past_the_form("chi", note="  ", column=("0",))
    assert answer == Problems({"note": "Please fill this in."})
    answer = await town.send_past_the_form("chi", note="Soup", column=("7",))
    assert answer == Problems({"column": "Please choose where your note belongs."})
    gone = Problems({"": "This form is not good any more. Your words are still here: copy them into a new one."})
    for about in ("1/short", "99/abcdefghijklmnop", "x/abcdefghijklmnop", "", "1/abcdefghijklmnop/2"):
        action = Action("retro", "note", about, 1)
        assert await town.submit("chi", action, SOUP, place=town.place(RIVER)) == gone, about
    signed = Action("retro", "signed-note", "1/abcdefghijklmnop", 1)
    assert await town.submit("chi", signed, SOUP, place=town.place(RIVER)) == gone
    assert words(town) == []


@sqlite
@pytest.mark.parametrize("platform", ["playground"])
async def test_three_hundred_notes_are_shown_voted_on_and_kept(town: Town) -> None:
    await seat_seven(town)
    await start(town)
    with town.drumbeat.database.transaction() as db:
        for number in range(299):
            note = f"*{number}* {hex(number * 7919)} <b>{'x_' * 150}"
            row = {"id": number * 31337 % 10**6, "movement_id": 1, "occurrence_id": 1, "token": f"{number:064}"}
            db.add(RetroNote(words=note, column=number % 3, **row))
    await write(town, "chi", "The last one")
    assert "300 notes." in board(town).text
    await lead(town, "Show the notes")
    assert "… and " in board(town).text
    assert "[Page 2]" in await town.press("dee", "Read the notes")
    assert "[Page 1] [Page 3]" in await town.press("dee", "Page 2")
    await town.press("ana", "Facilitate", on=board(town))
    assert "[Page 2]" in await town.press("ana", "Arrange the topics")
    await lead(town, "On to the votes")
    assert "Page 1 of 12" in await town.press("chi", "Vote", on=board(town))
    assert "Page 2 of 12" in await town.press("chi", "Page 2")
    await lead(town, "On to the talk")
    await lead(town, "Close the retro")
    assert "300 notes." in town.thread(board(town))[-1]
    assert len(town.rows(RetroNote)) == 300


@sqlite
async def test_a_note_in_between_that_was_taken_back_does_not_come_again(town: Town) -> None:
    await town.start_movement()
    await town.command("chi", "/retro note The bridge was locked")
    await town.fill("chi")
    form = next(event for event in reversed(town.heard) if isinstance(event, Submitted))
    assert await town.press("chi", "Take it back") == "Taken back. Nothing of it is left."
    await town.drumbeat.engine.hear(form)
    assert words(town) == [""]
    assert "waits" not in await town.command("ben", "/retro")
    await start(town)
    assert words(town) == []


@sqlite
async def test_a_nameless_note_that_waited_gets_no_name_by_being_changed_in_a_signed_retro(town: Town) -> None:
    await town.start_movement()
    await town.command("chi", "/retro note The bridge was locked")
    await town.fill("chi")
    await start(town, names=("signed",))
    assert await town.press("chi", "Change it") == (
        "This note came in without your name, and notes are signed now. It can stay as it is, or you take it back and "
        "write a new one."
    )
    assert town.acts("feedback_given") == []
    assert await town.press("chi", "Take it back") == "Taken back. Nothing of it is left."
