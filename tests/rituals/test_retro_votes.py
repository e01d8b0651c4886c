"""Dot votes: a few each, taken back as long as voting lasts, seen by nobody before it closes, destroyed then."""

from __future__ import annotations

import asyncio

import pytest

from bot.chat import Action, Attachment, Person, Pressed
from bot.tables import Mark, MarkKey
from rituals.retro.tables import RetroTopic, RetroVote
from tests.retros import board, lead, options, pick, start, up_to_the_talk, up_to_the_votes, vote, write
from tests.town import RIVER, Town

sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
GIVE, TAKE = "Give a vote to …", "Take a vote back from …"


async def test_everybody_gives_their_votes_within_the_limits_and_takes_them_back(town: Town) -> None:
    await up_to_the_votes(town)
    assert await town.press("chi", "Vote", on=board(town)) == (
        "3 of your 3 votes left, at most 2 on one topic. Nobody sees who gave what.\n"
        "Give a vote to … {Nobody had the key, Start at ten, The soup was good}"
    )
    assert await pick(town, "chi", GIVE, "Nobody had the key") == (
        "2 of your 3 votes left, at most 2 on one topic. Nobody sees who gave what.\n"
        "Your votes\n• Nobody had the key: 1 vote\n"
        "Give a vote to … {Nobody had the key, Start at ten, The soup was good}\n"
        "Take a vote back from … {Nobody had the key}"
    )
    assert await pick(town, "chi", GIVE, "Nobody had the key") == (
        "1 of your 3 votes left, at most 2 on one topic. Nobody sees who gave what.\n"
        "Your votes\n• Nobody had the key: 2 votes\n"
        "Give a vote to … {Start at ten, The soup was good}\n"
        "Take a vote back from … {Nobody had the key}"
    )
    assert await pick(town, "chi", GIVE, "Start at ten") == (
        "0 of your 3 votes left, at most 2 on one topic. Nobody sees who gave what.\n"
        "Your votes\n• Nobody had the key: 2 votes\n• Start at ten: 1 vote\n"
        "Take a vote back from … {Nobody had the key, Start at ten}"
    )
    assert await pick(town, "chi", TAKE, "Nobody had the key") == (
        "1 of your 3 votes left, at most 2 on one topic. Nobody sees who gave what.\n"
        "Your votes\n• Nobody had the key: 1 vote\n• Start at ten: 1 vote\n"
        "Give a vote to … {Nobody had the key, Start at ten, The soup was good}\n"
        "Take a vote back from … {Nobody had the key, Start at ten}"
    )
    assert "One person has voted." in board(town).text


@sqlite
async def test_more_than_ones_votes_are_refused_whoever_sends_them(town: Town) -> None:
    await up_to_the_votes(town)
    await town.press("chi", "Vote", on=board(town))
    topics = {label: value.partition("/")[0] for label, value in options(town, "chi", GIVE).items()}
    kept = Action("retro", "vote", "1/0", 1)
    key, soup, ten = topics["Nobody had the key"], topics["The soup was good"], topics["Start at ten"]
    refused = "No more votes fit there. Take one back first, then give it to another topic.\n"
    assert (await town.press_kept("chi", kept, choice=f"{key}/3")).startswith(refused)
    await town.press_kept("chi", kept, choice=f"{key}/2")
    await town.press_kept("chi", kept, choice=f"{soup}/1")
    for choice in (f"{ten}/1", f"{soup}/2", f"{key}/9"):
        assert (await town.press_kept("chi", kept, choice=choice)).startswith(refused)
    for choice in ("", "1/1", f"{key}", f"{key}/-1", "x/y", f"{2**62}/1", "9" * 40 + "/1", "²/1"):
        said = await town.press_kept("chi", kept, choice=choice)
        assert said.startswith("This topic is not there any more.\n"), choice
    await town.press_kept("chi", kept, choice=f"{key}/2")
    assert sorted(int(str(row["votes"])) for row in town.rows(RetroVote)) == [1, 2]


@sqlite
async def test_a_vote_that_is_delivered_twice_counts_once(town: Town) -> None:
    await up_to_the_votes(town)
    await vote(town, "chi", "Nobody had the key")
    await town.redeliver()
    assert [row["votes"] for row in town.rows(RetroVote)] == [1]


async def test_how_it_stands_is_shown_only_at_the_close_and_who_gave_what_never(town: Town) -> None:
    await up_to_the_votes(town)
    await vote(town, "chi", "Nobody had the key", "Nobody had the key")
    await vote(town, "ben", "Nobody had the key", "The soup was good")
    shown = [line for line in board(town).text.split("\n") if line.startswith("• ")]
    assert shown == ["• Nobody had the key (1 note)", "• Start at ten (1 note)", "• The soup was good (1 note)"]
    assert "(1 vote)" not in town.all_words()
    assert {row["votes"] for row in town.rows(RetroTopic)} == {0}
    await lead(town, "On to the talk")
    assert board(town).text.split("\n")[4:6] == ["1. Nobody had the key (3 votes)", "2. The soup was good (1 vote)"]
    assert town.rows(RetroVote) == []
    assert [row["scope"] for row in town.rows(MarkKey)] == ["retro-here:1"]
    assert {row["scope"] for row in town.rows(Mark)} == {"retro-here:1"}


@sqlite
async def test_nobody_votes_before_or_after_the_vote(town: Town) -> None:
    await up_to_the_talk(town)
    closed = "Nobody can vote right now: voting has closed or has not begun."
    for verb in ("ballot", "vote", "unvote"):
        assert await town.press_kept("chi", Action("retro", verb, "1/0", 1), choice="1/1") == closed


@sqlite
async def test_where_nobody_votes_the_topics_with_the_most_notes_come_first(town: Town) -> None:
    await start(town)
    for words in ("The key was lost", "The key was lost again", "Start at ten", "The soup", "Rain"):
        await write(town, "chi", words)
    await lead(town, "Show the notes")
    await lead(town, "On to the votes")
    await lead(town, "On to the talk")
    assert board(town).text.split("\n")[3:7] == [
        (
            "In this thread, those with the most notes first, because nobody voted. Each topic ends in a promise, a "
            "decision to make, or no action."
        ),
        "1. The key was lost (0 votes)",
        "2. Rain (0 votes)",
        "3. Start at ten (0 votes)",
    ]


@sqlite
async def test_a_tie_is_told_and_how_it_was_decided(town: Town) -> None:
    await start(town)
    for words in ("Key", "Rain", "Soup", "Ten o’clock"):
        await write(town, "chi", words)
    await lead(town, "Show the notes")
    await lead(town, "On to the votes")
    await vote(town, "chi", "Ten o’clock", "Soup", "Rain")
    await vote(town, "ben", "Key")
    await lead(town, "On to the talk")
    assert board(town).text.split("\n")[4:8] == [
        "1. Key (1 vote)",
        "2. Rain (1 vote)",
        "3. Soup (1 vote)",
        "Equal votes: the topic with more notes goes first, then the alphabet.",
    ]


@sqlite
async def test_going_back_to_the_topics_throws_the_votes_away_and_going_back_to_the_votes_begins_anew(
    town: Town,
) -> None:
    await up_to_the_votes(town)
    await vote(town, "chi", "Nobody had the key")
    await lead(town, "Back to the topics")
    assert town.rows(RetroVote) == []
    await lead(town, "On to the votes")
    assert "Nobody has voted yet." in board(town).text
    await vote(town, "chi", "The soup was good")
    await lead(town, "On to the talk")
    first = town.thread(board(town))[1:]
    assert [text.split("\n")[0] for text in first] == ["1. The soup was good (1 vote)"]
    await lead(town, "Back to the votes")
    await vote(town, "chi", "Start at ten")
    await lead(town, "On to the talk")
    # The first place keeps its post, so that nobody is notified again.
    assert [text.split("\n")[0] for text in town.thread(board(town))[1:]] == ["1. Start at ten (1 vote)"]


@sqlite
async def test_what_came_of_a_topic_stays_when_one_goes_back_to_the_votes_and_it_gets_none(town: Town) -> None:
    await up_to_the_talk(town)
    soup = town.room.thread(board(town).id)[-1]
    await town.press("dee", "A decision to make", on=soup)
    await town.fill("dee", decision="Who cooks?")
    await lead(town, "Back to the votes")
    empty = "2. No topic stands here any more, because the vote began anew."
    kept = "1. The soup was good (0 votes)\n> The soup was good\nWhat came of it\nTo decide: Who cooks?"
    assert town.thread(board(town))[1:] == [kept, empty]
    await vote(town, "chi", "Start at ten")
    await lead(town, "On to the talk")
    assert [text.split("\n")[0] for text in town.thread(board(town))[1:]] == [
        "1. Start at ten (1 vote)",
        "2. The soup was good (0 votes)",
    ]
    await lead(town, "Back to the votes")
    await lead(town, "Close the retro")
    *_, first, second, summary = town.thread(board(town))
    assert (first, second) == (kept, empty)
    assert "Talked about\n1. The soup was good (0 votes): To decide: Who cooks?\n" in summary
    file = town.room.thread(board(town).id)[-1].view
    assert file is not None
    assert "### The soup was good (0 votes)\n\n- To decide: Who cooks?" in "".join(
        part.words for part in file.parts if isinstance(part, Attachment)
    )


@sqlite
async def test_somebody_who_leaves_midway_leaves_their_votes_and_cannot_vote_any_more(town: Town) -> None:
    await up_to_the_votes(town)
    await vote(town, "chi", "Nobody had the key")
    await town.room.leave("chi", RIVER)
    await town.settle()
    await lead(town, "On to the talk")
    assert "1. Nobody had the key (1 vote)" in board(town).text


@sqlite
@pytest.mark.parametrize("platform", ["playground"])
async def test_eighty_people_vote_at_once_and_every_vote_counts(town: Town) -> None:
    await town.start_movement()
    for number in range(80):
        town.room.add_person(Person(f"p{number}", f"P{number}", "Europe/Berlin"))
        town.room.seat(RIVER, f"p{number}")
    await up_to_the_votes(town)
    await town.press("ana", "Vote", on=board(town))
    topic = options(town, "ana", GIVE)["The soup was good"].partition("/")[0]
    before = board(town).edited

    def event(number: int) -> Pressed:
        return Pressed(
            id=f"v{number}",
            who=town.person(f"p{number}"),
            place=town.place(RIVER),
            at=town.clock(),
            action=Action("retro", "vote", "1/0", 1),
            choice=f"{topic}/{1 + number % 2}",
        )

    await asyncio.gather(*(town.drumbeat.engine.hear(event(number)) for number in range(80)))
    await town.settle()
    assert "80 people have voted." in board(town).text
    assert board(town).edited - before <= 2
    await lead(town, "On to the talk")
    assert "1. The soup was good (120 votes)" in board(town).text
