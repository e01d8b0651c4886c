"""Arranging topics: I propose groups, the facilitator joins, splits and renames, and no note is lost on the way."""

from __future__ import annotations

import pytest

from bot.chat import Action, Menu
from rituals.retro import messages, views
from rituals.retro.tables import RetroNote, RetroTopic
from tests.retros import DIDNT, TRY, board, lead, options, pick, start, write
from tests.town import RIVER, Town

sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ALIKE = "Nobody had the key of the shed"
ALIKE_TOO = "Nobody had the key to the shed"


async def up_to_the_topics(town: Town) -> None:
    await start(town)
    await write(town, "chi", ALIKE, DIDNT)
    await write(town, "ben", ALIKE_TOO, DIDNT)
    await write(town, "dee", "The soup was good")
    await write(town, "dee", "Start at ten", TRY)
    await lead(town, "Show the notes")


def topics(town: Town) -> list[str]:
    return [line for line in board(town).text.split("\n") if line.startswith("• ")]


def notes_by_topic(town: Town) -> dict[str, list[str]]:
    """What the database holds: every topic with its notes."""
    names = {row["id"]: str(row["name"]) for row in town.rows(RetroTopic)}
    found: dict[str, list[str]] = {name: [] for name in names.values()}
    for row in town.rows(RetroNote):
        found[names[row["topic_id"]]].append(str(row["words"]))
    return {name: sorted(words) for name, words in sorted(found.items())}


async def test_the_facilitator_joins_splits_and_renames(town: Town) -> None:
    await up_to_the_topics(town)
    assert topics(town) == [f"• {ALIKE} (2 notes)", "• Start at ten (1 note)", "• The soup was good (1 note)"]
    await lead(town, "Arrange the topics")
    assert await pick(town, "ana", "Open a topic", f"{ALIKE} (2 notes)") == (
        f"{ALIKE}\n> {ALIKE}\n> {ALIKE_TOO}\n"
        f"Take a note out {{{ALIKE}, {ALIKE_TOO}}}\n"
        "Join with … {Start at ten, The soup was good}\n"
        "[Rename] [Split into single notes] [All topics]"
    )
    await pick(town, "ana", "Take a note out", ALIKE_TOO)
    assert notes_by_topic(town) == {
        ALIKE: [ALIKE],
        ALIKE_TOO: [ALIKE_TOO],
        "Start at ten": ["Start at ten"],
        "The soup was good": ["The soup was good"],
    }
    await pick(town, "ana", "Join with …", "The soup was good")
    await town.press("ana", "Rename")
    await town.fill("ana", name="Key and soup")
    assert topics(town) == [
        "• Key and soup (2 notes)",
        f"• {ALIKE_TOO} (1 note)",
        "• Start at ten (1 note)",
    ]
    await town.press("ana", "Split into single notes")
    assert topics(town) == [
        f"• {ALIKE} (1 note)",
        f"• {ALIKE_TOO} (1 note)",
        "• Start at ten (1 note)",
        "• The soup was good (1 note)",
    ]
    await town.press("ana", "On to the votes")
    assert "3. Votes" in board(town).text


@sqlite
async def test_every_neighbour_and_every_note_can_be_reached_however_many_there_are(town: Town) -> None:
    await start(town)
    words = [letter * 4 for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ59"]
    for word in words:
        await write(town, "chi", word)
    await lead(town, "Show the notes")
    await lead(town, "Arrange the topics")
    await pick(town, "ana", "Open a topic", "AAAA (1 note)")
    first = options(town, "ana", "Join with …")
    await town.press("ana", "Page 2")
    second = options(town, "ana", "Join with …")
    assert [*first, *second] == sorted(set(words) - {"AAAA"})
    await pick(town, "ana", "Join with …", "ZZZZ")
    assert notes_by_topic(town)["AAAA"] == ["AAAA", "ZZZZ"]
    assert await town.press_kept("ana", Action("retro", "topic-page", "1/x/1", 1)) == (
        "This topic is not there any more. Open the list again to see those that are."
    )


def test_a_big_topic_gives_out_each_of_its_notes() -> None:
    def action(verb: str, about: str | int = "") -> Action:
        return Action("retro", verb, str(about), 1)

    notes = [(number, messages.Entry(f"Note {number}")) for number in range(60)]
    topic = views.Arranged(1, "Key", len(notes))
    shown = [
        int(option.value)
        for page in range(3)
        for part in views.one_topic(topic, notes, [], "1/1", action, page=page).message.parts
        if isinstance(part, Menu)
        for option in part.options
    ]
    assert shown == list(range(60))


@sqlite
async def test_nobody_else_arranges_the_topics_and_nobody_once_they_are_settled(town: Town) -> None:
    await up_to_the_topics(town)
    for verb in ("arrange", "topic", "topic-page", "join", "take-out", "split", "rename"):
        said = await town.press_kept("chi", Action("retro", verb, "1/1", 1), choice="1")
        assert said == (
            "Ana facilitates and was here lately. Ask them first; if they stay silent, you can take over."
        ), verb
    await lead(town, "On to the votes")
    for verb in ("arrange", "topic", "topic-page", "join", "take-out", "split", "rename"):
        said = await town.press_kept("ana", Action("retro", verb, "1/1", 1), choice="1")
        assert said == "The topics are settled: they can be arranged only before the vote.", verb


@sqlite
async def test_numbers_that_somebody_makes_up_change_nothing(town: Town) -> None:
    await up_to_the_topics(town)
    topic = str(town.rows(RetroTopic)[0]["id"])
    before = notes_by_topic(town)
    for about in ("1/0", "1/x", "1", f"1/{2**62}", "1/" + "9" * 30):
        for verb in ("join", "take-out", "split", "rename"):
            said = await town.press_kept("ana", Action("retro", verb, about, 1), choice="1")
            assert said.startswith("This topic is not there any more."), (verb, about)
    for choice in ("", "0", "x", topic, "9" * 30):
        assert (await town.press_kept("ana", Action("retro", "join", f"1/{topic}", 1), choice=choice)).startswith("Thi")
        said = await town.press_kept("ana", Action("retro", "take-out", f"1/{topic}", 1), choice=choice)
        assert said.startswith("This note is not in this topic any more."), choice
    assert notes_by_topic(town) == before


@sqlite
async def test_another_movements_retro_is_out_of_reach(town: Town) -> None:
    await up_to_the_topics(town)
    town.room.add_channel("garden", "garden", creator="ben")
    await town.start_movement(who="ben", channel="garden", name="Garden")
    before = notes_by_topic(town)
    for verb in ("lead", "read", "arrange", "take", "add", "ballot", "accept", "time"):
        await town.press_kept("ben", Action("retro", verb, "1", 2), channel="garden")
    for verb in ("next", "back", "close"):
        assert await town.press_kept("ben", Action("retro", verb, "1/group", 2), channel="garden") == (
            "This retro is closed."
        )
    assert notes_by_topic(town) == before
    assert "2. Topics" in town.post("Retro, ", channel=RIVER).text
