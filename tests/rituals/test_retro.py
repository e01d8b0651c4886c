"""A retro from its first note to its summary, as people see it: live, spread over days, with every set of questions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.chat import Attachment, Problems
from bot.tables import Host, Occurrence, Promise
from tests.retros import (
    DIDNT,
    TRY,
    WORKED,
    board,
    lead,
    notifications,
    pick,
    seat_seven,
    start,
    up_to_the_talk,
    up_to_the_votes,
    vote,
    write,
)
from tests.town import Town, where_moments_are_typed

sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def test_a_retro_goes_from_notes_to_promises_and_every_step_stands_on_one_board(town: Town) -> None:
    await seat_seven(town)
    first = await start(town)
    assert first.text == (
        "Retro, Sun 1 November\n"
        "What worked, what didn’t, what to try. Ana facilitates.\n"
        "1. Notes\n• What worked\n• What didn’t work\n• What to try next\n"
        "Five minutes are enough. Nobody sees a note before all are shown together. Nobody sees who wrote a note: it "
        "is kept without a name.\n"
        "No note yet. Nobody has finished yet. Until Tue 3 November, 12:00.\n"
        "[Add a note] [I’m finished] [Facilitate]"
    )
    await write(town, "chi", "Nobody had the key to the shed", DIDNT)
    await write(town, "ben", "Nobody had the key of the shed", DIDNT)
    await write(town, "dee", "The soup", WORKED)
    assert await town.press("chi", "I’m finished") == (
        "Noted. The channel sees how many are finished, never who.\n[I’m not finished after all]"
    )
    assert "3 notes. One person has finished." in board(town).text
    await town.press("chi", "I’m not finished after all")
    assert "3 notes. Nobody has finished yet." in board(town).text
    await lead(town, "Show the notes")
    assert board(town).text == (
        "Retro, Sun 1 November\n"
        "What worked, what didn’t, what to try. Ana facilitates.\n"
        "2. Topics\n3 notes in 2 topics. I put together what reads alike; the facilitator can join, split and rename. "
        "If nobody changes anything, it stays so.\n"
        "• Nobody had the key of the shed (2 notes)\n• The soup (1 note)\n"
        "Until Mon 2 November, 12:00.\n"
        "[Read the notes] [Add a late note] [Facilitate]"
    )
    await lead(town, "On to the votes")
    assert board(town).text == (
        "Retro, Sun 1 November\n"
        "What worked, what didn’t, what to try. Ana facilitates.\n"
        "3. Votes\nWhat should we talk about? 3 votes each, at most 2 on one topic. One minute. How it stands is shown "
        "when the vote closes, and never who voted for what.\n"
        "• Nobody had the key of the shed (2 notes)\n• The soup (1 note)\n"
        "Nobody has voted yet. Nobody has finished yet. Until Mon 2 November, 12:00.\n"
        "[Vote] [I’m finished] [Read the notes] [Facilitate]"
    )
    await vote(town, "chi", "The soup")
    assert "One person has voted. Nobody has finished yet." in board(town).text
    await lead(town, "On to the talk")
    assert board(town).text == (
        "Retro, Sun 1 November\n"
        "What worked, what didn’t, what to try. Ana facilitates.\n"
        "4. Talk\nIn this thread, in the order of the votes. Each topic ends in a promise, a decision to make, or no "
        "action.\n1. The soup (1 vote)\n"
        "Until Wed 4 November, 12:00.\n[Read the notes] [Facilitate]"
    )
    assert town.thread(board(town)) == [
        "The notes are in. 3 votes each, one minute: press Vote on the board above.",
        (
            "1. The soup (1 vote)\n> The soup\nWhat comes of it? Talk here in the thread, then:\n"
            "[Make a promise] [A decision to make] [No action]"
        ),
    ]
    assert board(town).id == first.id


@sqlite
async def test_each_topic_ends_in_a_promise_a_decision_or_no_action(town: Town) -> None:
    await up_to_the_votes(town)
    await vote(town, "chi", "Nobody had the key", "Nobody had the key", "The soup was good")
    await vote(town, "ben", "Nobody had the key", "The soup was good", "Start at ten")
    await lead(town, "On to the talk")
    topics = town.room.thread(board(town).id)[1:]
    await town.press("chi", "Make a promise", on=topics[0])
    assert await town.fill("chi", what="Three spare keys", due="2026-11-06") == (
        "Promised. I remind you once before it is due."
    )
    assert await town.press("dee", "No action", on=topics[0]) == (
        "Something came of this topic already, so it stays as it is."
    )
    await town.press("dee", "A decision to make", on=topics[1])
    assert await town.fill("dee", decision="Who cooks?") == "Noted. It stands at the topic and in the summary."
    assert await town.press("ben", "No action", on=topics[2]) == "Noted: no action. That is a fair outcome."
    assert [text.partition("What came of it\n")[2] for text in town.thread(board(town))[1:]] == [
        "Promise. Chi: Three spare keys, by Fri 6 November\n[Make a promise] [A decision to make] [No action]",
        "To decide: Who cooks?\n[Make a promise] [A decision to make] [No action]",
        "No action.\n[Make a promise] [A decision to make] [No action]",
    ]
    assert board(town).text.split("\n")[4:7] == [
        "1. Nobody had the key (3 votes): Promise. Chi: Three spare keys, by Fri 6 November",
        "2. The soup was good (2 votes): To decide: Who cooks?",
        "3. Start at ten (1 vote): No action.",
    ]
    assert town.inbox("ana")[-1] == (
        "Every topic of the retro in Clean River has an outcome. It can be closed.\n[Close the retro]"
    )
    await town.press("ana", "Close the retro")
    assert board(town).text == (
        "Retro, Sun 1 November\nWhat worked, what didn’t, what to try.\n"
        "Closed. The summary is in the thread.\n"
        "1. Nobody had the key (3 votes): Promise. Chi: Three spare keys, by Fri 6 November\n"
        "2. The soup was good (2 votes): To decide: Who cooks?\n"
        "3. Start at ten (1 vote): No action.\n"
        "[Note for the next retro]"
    )
    assert town.thread(board(town))[-1] == (
        "The retro of Sun 1 November is closed. Thank you.\n"
        "4 people took part, 3 notes.\n"
        "Talked about\n"
        "1. Nobody had the key (3 votes): Promise. Chi: Three spare keys, by Fri 6 November\n"
        "2. The soup was good (2 votes): To decide: Who cooks?\n"
        "3. Start at ten (1 vote): No action.\n"
        "Promised\nChi: Three spare keys, by Fri 6 November\n"
        "retro-2026-11-01.md (file)"
    )
    assert [(row["ritual"], row["what"], row["public"]) for row in town.rows(Promise)] == [
        ("retro", "Three spare keys", True)
    ]


@sqlite
async def test_a_promise_that_somebody_else_is_put_down_for_is_asked_for(town: Town) -> None:
    await up_to_the_talk(town)
    await town.press("chi", "Make a promise")
    assert await town.fill("chi", what="Three keys", owner=("ben",), due="2026-11-06") == "I ask Ben in private."
    assert "Promise. Asked of Ben: Three keys, by Fri 6 November" in "\n".join(town.thread(board(town)))


@sqlite
@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"what": "", "due": "2026-11-06"}, "what: Please fill this in."),
        ({"what": "Keys", "due": "2026-10-30"}, "due: This day is over. Please choose today or a later one."),
        ({"what": "Keys", "owner": ()}, "owner: Please choose who does it."),
        (
            {"what": "Keys", "owner": ("chi",), "co-owner": ("chi",)},
            "co-owner: Please choose somebody else than who does it.",
        ),
        ({"what": "Keys", "owner": ("eli",)}, "owner: Please choose a member of this movement."),
    ],
)
async def test_a_promise_that_is_not_whole_gets_a_sentence(
    town: Town, answers: dict[str, str | tuple[str, ...]], said: str
) -> None:
    await up_to_the_talk(town)
    await town.press("chi", "Make a promise")
    answer = await town.send_past_the_form("chi", **answers)
    assert isinstance(answer, Problems)
    assert [f"{field}: {sentence}" for field, sentence in answer.sentences] == [said]


# ------------------------------------------------------------------------------------------------ the questions


@sqlite
@pytest.mark.parametrize(
    ("chosen", "own", "shown"),
    [
        ("worked", "", "What worked, what didn’t, what to try|What worked|What didn’t work|What to try next"),
        ("start", "", "Start, stop, continue|Start|Stop|Continue"),
        ("four", "", "The four Ls|Liked|Learned|Lacked|Longed for"),
        ("mad", "", "Mad, sad, glad|Mad|Sad|Glad"),
        (
            "sailboat",
            "",
            (
                "Sailboat|Wind: what drives us on|Anchor: what holds us back|Rocks: what we could run into|"
                "Island: where we want to be"
            ),
        ),
        ("own", "Roots, Leaves,  Fruit", "Our own columns|Roots|Leaves|Fruit"),
    ],
)
async def test_each_set_of_questions_has_its_columns(town: Town, chosen: str, own: str, shown: str) -> None:
    await start(town, format=(chosen,), columns=own)
    name, *columns = shown.split("|")
    assert board(town).text.startswith(
        f"Retro, Sun 1 November\n{name}. Ana facilitates.\n1. Notes\n" + "\n".join(f"• {one}" for one in columns)
    )
    last = str(len(columns) - 1)
    assert f"under “{columns[-1]}”" in await write(town, "chi", "So it was", last)
    await write(town, "ben", "And so it was, too", "0")
    await lead(town, "Show the notes")
    assert await town.press("dee", "Read the notes") == (
        f"{columns[0]}\n> And so it was, too\n{columns[-1]}\n> So it was"
    )


@sqlite
@pytest.mark.parametrize(
    ("answers", "field", "sentence"),
    [
        (
            {"format": ("own",), "columns": "Only one"},
            "columns",
            "Please name two to five columns, with commas between them: 'Roots, Leaves, Fruit'.",
        ),
        (
            {"format": ("own",), "columns": "a, A"},
            "columns",
            "Two columns have the same name. Please give each a name of its own.",
        ),
        (
            {"pace": "soon"},
            "pace",
            "Please write four times, for notes, groups, votes and talk: '2 1 1 3' for days, or '12h' for hours.",
        ),
        ({"pace": "2 1 1 99"}, "pace", "Each phase of a retro that is spread out takes up to 28 days."),
        ({"way": ("live",), "pace": "0 1 1 1"}, "pace", "Each phase of a live retro takes 1 minute to 4 hours."),
    ],
)
async def test_what_is_not_understood_when_one_starts_a_retro_gets_a_sentence(
    town: Town, answers: dict[str, str | tuple[str, ...]], field: str, sentence: str
) -> None:
    await town.start_movement()
    await town.command("ana", "/retro now")
    assert await town.fill("ana", **answers) == f"{field}: {sentence}"


# ------------------------------------------------------------------------------------------------ time


async def test_a_retro_that_is_spread_out_moves_on_by_itself_and_notifies_the_channel_at_most_six_times(
    town: Town,
) -> None:
    await seat_seven(town)
    await town.command("ana", "/rituals")
    await town.press("ana", "Pause")  # the check-in has posts of its own
    before = notifications(town)
    await start(town)
    words = ("The soup", "Nobody had a key", "Start at ten", "A new flyer", "Too much rain", "Thanks for the cake")
    for number, said in enumerate(words):
        await write(town, ("ana", "ben", "chi", "dee")[number % 4], said, str(number % 3))
    await town.wait(days=2)
    assert "2. Topics" in board(town).text
    await town.wait(days=1)
    assert "3. Votes" in board(town).text
    for who, topic in (("ana", "The soup"), ("ben", "A new flyer"), ("chi", "Start at ten")):
        await town.press(who, "Vote", on=board(town))
        await pick(town, who, "Give a vote to …", topic)
    await town.wait(days=1)
    assert "4. Talk" in board(town).text
    await town.press("chi", "Make a promise")
    await town.fill("chi", what="Look again", due="2026-11-20")
    await town.wait(days=3)
    assert "Closed. The summary is in the thread." in board(town).text
    assert notifications(town) - before == 6
    assert town.rows(Occurrence)[-1]["state"] == "held"
    assert len(town.thread(board(town))) == 5


@sqlite
async def test_the_channel_hears_once_that_the_vote_of_a_spread_retro_opens_and_six_times_at_most(town: Town) -> None:
    await town.start_movement()
    await town.command("ana", "/retro votes")
    await town.fill("ana", topics="4")
    before = notifications(town)
    await start(town)
    for words in ("Key", "Rain", "Soup", "Ten o’clock"):
        await write(town, "chi", words)
    await lead(town, "Show the notes")
    assert town.thread(board(town)) == []
    await lead(town, "On to the votes")
    told = "The notes are in. 3 votes each, one minute: press Vote on the board above."
    assert town.thread(board(town)) == [told]
    await lead(town, "Back to the topics")
    await lead(town, "On to the votes")
    assert town.thread(board(town)) == [told]
    await lead(town, "On to the talk")
    await lead(town, "Back to the votes")
    await lead(town, "On to the talk")
    await lead(town, "Close the retro")
    assert [text.split("\n")[0][:2] for text in town.thread(board(town))] == ["Th", "1.", "2.", "3.", "Th"]
    assert notifications(town) - before == 6


@sqlite
async def test_a_live_retro_needs_no_call_to_vote_and_may_have_four_topics(town: Town) -> None:
    await town.start_movement()
    await town.command("ana", "/retro votes")
    await town.fill("ana", topics="4")
    before = notifications(town)
    await start(town, way=("live",))
    for words in ("Key", "Rain", "Soup", "Ten o’clock"):
        await write(town, "chi", words)
    await lead(town, "Show the notes")
    await lead(town, "On to the votes")
    assert town.thread(board(town)) == []
    await lead(town, "On to the talk")
    await lead(town, "Change the time")
    await town.fill("ana", way=("spread",))
    await lead(town, "Back to the votes")
    await lead(town, "On to the talk")
    await lead(town, "Close the retro")
    assert notifications(town) - before == 6


@sqlite
async def test_a_live_retro_is_told_that_the_time_is_up_and_only_a_person_moves_it_on(town: Town) -> None:
    await start(town, way=("live",))
    assert "Until Sun 1 November, 12:07." in board(town).text
    await write(town, "chi", "The soup was good")
    await write(town, "ben", "Nobody had the key")
    await town.wait(minutes=8)
    assert "2 notes. Nobody has finished yet. The time is up: finish your sentence." in board(town).text
    await lead(town, "Show the notes")
    await lead(town, "On to the votes")
    await lead(town, "On to the talk")
    assert (await lead(town, "Time this topic")) == (
        "10 minutes from now. The board says when they are over; nothing else happens."
    )
    assert "Time for this topic until Sun 1 November, 12:18." in board(town).text
    before = notifications(town)
    await town.wait(minutes=12)
    assert "The time for this topic is up." in board(town).text
    assert notifications(town) == before


@sqlite
async def test_a_deadline_in_the_quiet_hours_moves_to_their_end(town: Town) -> None:
    await start(town, pace="12h 12h 12h 12h")
    assert "Until Mon 2 November, 07:00." in board(town).text
    await write(town, "chi", "The soup was good")
    await write(town, "ben", "Nobody had the key")
    await town.wait(hours=18, minutes=59)
    assert "1. Notes" in board(town).text
    await town.wait(minutes=2)
    assert "2. Topics" in board(town).text
    assert "Until Mon 2 November, 19:00." in board(town).text


@sqlite
@pytest.mark.parametrize(
    ("opens", "until"),
    [
        (datetime(2026, 10, 24, 16, 0, tzinfo=UTC), "Mon 26 October, 18:00"),
        (datetime(2026, 3, 27, 17, 0, tzinfo=UTC), "Sun 29 March, 18:00"),
    ],
)
async def test_a_day_is_a_day_on_the_wall_also_when_clocks_change(
    found_town: object, opens: datetime, until: str
) -> None:
    town: Town = await found_town(at=opens)  # type: ignore[operator] # the fixture
    await start(town)
    assert f"Until {until}." in board(town).text


@sqlite
async def test_the_time_of_a_phase_can_be_changed_on_the_way(town: Town) -> None:
    await start(town)
    await lead(town, "Change the time")
    assert await town.fill("ana", until="2026-11-01 23:30") == (
        "Saved. This phase lasts until Mon 2 November, 07:00. That is when your quiet hours end."
    )
    assert "Until Mon 2 November, 07:00." in board(town).text
    await town.press("ana", "Change the time")
    assert await town.fill("ana", way=("live",)) == "Saved. This phase lasts until Sun 1 November, 12:07."
    await town.press("ana", "Change the time")
    assert await town.fill("ana", until="2026-10-01 12:00") == (
        "until: This time is over. Please choose a later one, or leave it empty."
    )


# Slack's picker starts empty, which means 'as usual from now'.
@where_moments_are_typed
@sqlite
async def test_a_time_that_is_left_as_it_was_shown_is_not_touched_also_between_two_minutes(town: Town) -> None:
    await town.start_movement()
    await town.wait(seconds=37)
    await start(town, way=("live",))
    await lead(town, "Change the time")
    assert await town.fill("ana", way=("spread",)) == "Saved. This phase lasts until Tue 3 November, 12:00."
    assert "1. Notes" in board(town).text
    await town.press("ana", "Change the time")
    assert await town.fill("ana", way=("live",)) == "Saved. This phase lasts until Sun 1 November, 12:07."
    await town.wait(minutes=6, seconds=40)
    await lead(town, "Change the time")
    assert await town.fill("ana") == "Saved. This phase lasts until Sun 1 November, 12:07."
    assert "The time is up" not in board(town).text
    await town.wait(seconds=30)
    assert "The time is up" in board(town).text


@sqlite
async def test_a_restart_in_each_phase_changes_nothing(town: Town) -> None:
    await start(town)
    await write(town, "chi", "The soup was good")
    await town.restart()
    await write(town, "ben", "Nobody had the key", DIDNT)
    await town.press("chi", "Change it")
    await town.fill("chi", note="The soup was very good")
    await lead(town, "Show the notes")
    await town.restart()
    await write(town, "dee", "Start at ten", TRY)
    await lead(town, "On to the votes")
    await town.press("chi", "Vote", on=board(town))
    await town.restart()
    await pick(town, "chi", "Give a vote to …", "Start at ten")
    await lead(town, "On to the talk")
    await town.restart()
    await town.press("chi", "No action")
    await town.restart()
    await lead(town, "Close the retro")
    assert town.thread(board(town))[1:] == [
        "1. Start at ten (1 vote)\n> Start at ten\nWhat came of it\nNo action.",
        (
            "The retro of Sun 1 November is closed. Thank you.\n4 people took part, 3 notes.\n"
            "Talked about\n1. Start at ten (1 vote): No action.\nretro-2026-11-01.md (file)"
        ),
    ]


@sqlite
async def test_the_command_leads_to_what_there_is_to_do_in_each_phase(town: Town) -> None:
    await up_to_the_votes(town)
    opened = "A retro is open in the channel. "
    assert await town.command("dee", "/retro") == (
        f"{opened}People are voting, until Mon 2 November, 12:00.\n[Vote] [Facilitate]"
    )
    assert (await town.press("dee", "Vote")).startswith("3 of your 3 votes left")
    await lead(town, "On to the talk")
    assert await town.command("dee", "/retro") == (
        f"{opened}The topics are talked about in its thread, until Wed 4 November, 12:00.\n"
        "[Read the notes] [Facilitate]"
    )
    await lead(town, "Close the retro")
    await start(town)
    assert await town.command("dee", "/retro") == (
        f"{opened}Notes are being written, until Tue 3 November, 12:00.\n[Add a note] [Facilitate]"
    )
    await town.press("dee", "Add a note")
    assert (await town.fill("dee", note="Soup", column=("0",))).startswith("Your note is in")


# ------------------------------------------------------------------------------------------------ the end


@sqlite
async def test_the_file_holds_everything_that_was_written_letter_for_letter(town: Town) -> None:
    await up_to_the_votes(town)
    await vote(town, "chi", "Nobody had the key")
    await lead(town, "On to the talk")
    await town.press("chi", "A decision to make")
    await town.fill("chi", decision="*Who* keeps the key?")
    await lead(town, "Close the retro")
    summary = town.room.thread(board(town).id)[-1]
    assert summary.view is not None
    assert [part.words for part in summary.view.parts if isinstance(part, Attachment)] == [
        (
            "# Retro, 2026-11-01\n\nClean River. What worked, what didn’t, what to try. 4 took part.\n\n"
            "## Talked about\n\n### Nobody had the key (1 vote)\n\n- To decide: \\*Who\\* keeps the key?\n\n"
            "## Other topics\n\n- Start at ten (0 votes)\n- The soup was good (0 votes)\n\n"
            "## Notes\n\n### What worked\n\n- The soup was good\n\n### What didn’t work\n\n- Nobody had the key\n\n"
            "### What to try next\n\n- Start at ten\n"
        )
    ]


@sqlite
async def test_a_retro_opens_with_last_times_promises_and_how_they_went(town: Town) -> None:
    await up_to_the_talk(town)
    for who, what in (("chi", "Three spare keys"), ("dee", "Print the flyer")):
        await town.press(who, "Make a promise")
        await town.fill(who, what=what, due="2026-11-06")
    await lead(town, "Close the retro")
    with town.drumbeat.database.transaction() as db:
        db.get_one(Promise, 1).done_at = town.clock() + timedelta(days=5)
    await town.wait(days=14)
    await start(town)
    assert (
        "Promised last time\n• Chi: Three spare keys (done)\n• Dee: Print the flyer (still open)\n1. Notes"
        in board(town).text
    )


@sqlite
async def test_who_said_no_in_private_is_not_named_by_the_retro_nor_by_the_next_one(town: Town) -> None:
    await up_to_the_talk(town)
    await town.press("chi", "Make a promise")
    await town.fill("chi", what="Three keys", owner=("ben",), due="2026-11-06")
    assert await town.press("ben", "I can't") == "That is fine. I tell Chi, and nobody else."
    assert await town.press("dee", "No action") == "Noted: no action. That is a fair outcome."
    await town.press("dee", "Make a promise")
    await town.fill("dee", what="Print the flyer", due="2026-11-06")
    await lead(town, "Close the retro")
    summary = town.room.thread(board(town).id)[-1]
    assert summary.view is not None
    files = [part.words for part in summary.view.parts if isinstance(part, Attachment)]
    assert len(files) == 1
    said = "\n".join([board(town).text, *town.thread(board(town)), *files])
    assert "Three keys" not in said
    assert "Asked of" not in said
    await town.wait(days=14)
    await start(town)
    assert "Promised last time\n• Dee: Print the flyer (still open)\n1. Notes" in board(town).text


@sqlite
async def test_the_topic_and_the_board_follow_what_somebody_answers_who_was_put_down(town: Town) -> None:
    await up_to_the_talk(town)
    for who, what in (("ben", "Three keys"), ("dee", "Print the flyer")):
        await town.press("chi", "Make a promise")
        await town.fill("chi", what=what, owner=(who,), due="2026-11-06")
    asked = [f"Asked of {one}, by Fri 6 November" for one in ("Ben: Three keys", "Dee: Print the flyer")]
    said = "\n".join(town.thread(board(town)))
    assert [one for one in asked if one not in said] == []
    before = notifications(town)
    await town.press("ben", "I can't")
    await town.press("dee", "I'll do it")
    await town.wait(minutes=2)
    said = "\n".join([board(town).text, *town.thread(board(town))])
    assert "Three keys" not in said
    assert "Asked of" not in said
    assert said.count("Promise. Dee: Print the flyer, by Fri 6 November") == 2
    assert notifications(town) == before


@sqlite
async def test_a_closed_retro_stays_as_it_was_told_when_somebody_answers_later(town: Town) -> None:
    await up_to_the_talk(town)
    await town.press("chi", "Make a promise")
    await town.fill("chi", what="Three keys", owner=("ben",), due="2026-11-06")
    await lead(town, "Close the retro")
    before = [board(town).text, *town.thread(board(town))]
    await town.press("ben", "I can't")
    await town.wait(minutes=2)
    assert [board(town).text, *town.thread(board(town))] == before


@sqlite
async def test_what_was_let_go_after_its_day_is_not_called_open(town: Town) -> None:
    await up_to_the_talk(town)
    await town.press("chi", "Make a promise")
    await town.fill("chi", what="Three spare keys", due="2026-11-06")
    await lead(town, "Close the retro")
    await town.wait(days=14)
    await town.press("chi", "Let it go")
    await start(town)
    assert "Promised last time\n• Chi: Three spare keys (let go)\n1. Notes" in board(town).text


@sqlite
async def test_a_retro_that_two_people_took_part_in_was_held_and_whoever_ran_it_has_run_it(town: Town) -> None:
    await up_to_the_talk(town)
    await lead(town, "Close the retro")
    assert [row["state"] for row in town.rows(Occurrence)] == ["held"]
    assert len(town.rows(Host)) == 1
    assert town.acts("hosted") == [("ana", "hosted")]


@sqlite
async def test_a_retro_without_a_note_closes_itself_and_says_so(town: Town) -> None:
    await start(town)
    await town.wait(days=2)
    assert board(town).text == (
        "Retro, Sun 1 November\nWhat worked, what didn’t, what to try.\n"
        "Nobody wrote a note this time, so it closed by itself.\n[Note for the next retro]"
    )
    assert town.thread(board(town)) == [
        "The retro of Sun 1 November is closed. Nobody wrote a note this time, so it closed by itself."
    ]
    assert town.rows(Occurrence)[0]["state"] == "missed"
    assert town.acts("hosted") == []


@sqlite
async def test_a_single_note_is_talked_about_at_once(town: Town) -> None:
    await start(town)
    await write(town, "chi", "The soup was good")
    await lead(town, "Show the note")
    assert "4. Talk" in board(town).text
    assert town.thread(board(town))[0].startswith("1. The soup was good (0 votes)\n> The soup was good")


@sqlite
async def test_a_live_retro_that_nobody_moves_on_closes_itself_and_its_notes_wait(town: Town) -> None:
    await start(town, way=("live",))
    await write(town, "chi", "The soup was good")
    await town.wait(hours=7)
    assert (
        "Nobody moved it on for a long time, so it closed by itself. The notes wait for the next retro."
        in board(town).text
    )
    await start(town)
    assert "1 note from in between is in already.\n1 note." in board(town).text


@sqlite
async def test_a_live_retro_that_is_left_in_the_middle_of_the_vote_closes_itself_with_what_there_is(
    town: Town,
) -> None:
    await start(town, way=("live",))
    await write(town, "chi", "The soup was good")
    await write(town, "ben", "Nobody had the key")
    await lead(town, "Show the notes")
    await lead(town, "On to the votes")
    await vote(town, "chi", "The soup was good")
    await town.wait(hours=7)
    assert "so it closed by itself. The summary is in the thread." in board(town).text
    assert town.thread(board(town))[-1].endswith("retro-2026-11-01.md (file)")


@sqlite
async def test_there_are_never_two_open_retros(town: Town) -> None:
    await start(town)
    assert await town.command("ana", "/retro now") == (
        "A retro is open in the channel already, and there is never a second one.\n[Facilitate]"
    )
    await town.command("ana", "/rituals")
    await town.command("ana", "/retro")
    assert sum(text.startswith("Retro, ") for text in town.channel()) == 1
