"""What people do is heard once, answered by the right ritual, and kept whole or not at all."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Table as Columns
from sqlalchemy.exc import IntegrityError

from bot.chat import (
    Action,
    Answer,
    Button,
    Buttons,
    Commanded,
    Event,
    Form,
    Message,
    Person,
    Place,
    Pressed,
    Problems,
    Reacted,
    Said,
    Whisper,
    Words,
)
from bot.plain import read_aloud
from bot.ritual import Ritual
from bot.store import Table
from bot.tables import Act, Member, Mission, Movement, Post, Seen
from bot.turn import Turn
from tests.hamlet import Hamlet, notices
from tests.logged import log
from tests.town import RIVER

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PLACE = Place("playground", "movement", channel=RIVER)

# ---------------------------------------------------------------------------------------- a ritual with defects

faulty = Ritual("faulty", "Everything that can go wrong.")


@faulty.command("break", "Write something down, then fail")
def break_(turn: Turn) -> Answer:
    write_everywhere(turn)
    raise ZeroDivisionError(turn.words)


@faulty.command("form", "Open a form")
def form(turn: Turn) -> Answer:
    return Form("Form", turn.action("break"), Words(name="words", label="What?", long=True))


@faulty.submit("break")
def break_form(turn: Turn) -> Answer:
    write_everywhere(turn)
    raise ZeroDivisionError


@faulty.submit("organized", only="organizer")
def organized(turn: Turn) -> Answer:
    return Whisper(f"Kept for {turn.who.name}.")


@faulty.press("organized", only="organizer")
def open_organized(turn: Turn) -> Answer:
    return Form("Form", turn.action("organized"), Words(name="words", label="What?"))


@faulty.command("clash", "Write the same mission twice")
def clash(turn: Turn) -> Answer:
    for _ in range(2):
        turn.db.add(Mission(movement_id=turn.movement.id, version=1, words="", member_id=None, at=turn.now))
    return None


@faulty.command("offer", "Show buttons")
def offer(turn: Turn) -> Answer:
    turn.show(
        "offer",
        Message(
            "Press",
            Buttons(
                Button("Secret", turn.action("secret")),
                Button("Organize", turn.action("organized")),
                Button("Unknown verb", turn.action("nothing")),
                Button("Unknown ritual", Action("nothing", "nothing", "", turn.movement.id)),
            ),
        ),
    )
    return None


@faulty.press("secret", anonymous=True)
def secret(turn: Turn) -> Answer:
    known = [name for name in ("who_", "person") if getattr(turn, name) is not None]
    return Whisper(f"Known of you: {known}. Mark: {turn.mark(b'key')}")


@faulty.command("govern", "For the founder", only="founder")
def govern(turn: Turn) -> Answer:
    return Whisper("Governed.")


@faulty.command("organize", "For organizers", only="organizer")
def organize(turn: Turn) -> Answer:
    return Whisper("Organized.")


@faulty.command("count", "Count")
def count(turn: Turn) -> Answer:
    turn.movement.part += "|"
    return None


def write_everywhere(turn: Turn) -> None:
    turn.movement.scope = "broken"
    turn.who.name = "Broken"
    turn.show("broken", Message("broken"))
    turn.later(turn.now, "broken")
    turn.record("message", once="broken")
    turn.db.add(Mission(movement_id=turn.movement.id, version=1, words="broken", member_id=turn.who.id, at=turn.now))
    turn.db.flush()


@pytest.fixture
def hamlet(database_url: str) -> Iterator[Hamlet]:
    hamlet = Hamlet(database_url, faulty, notices)
    hamlet.found()
    yield hamlet
    hamlet.close()


def everything(hamlet: Hamlet) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table."""
    with hamlet.database.reading() as db:
        return {
            table.name: [dict(row) for row in db.execute(table.select()).mappings()]
            for table in Table.metadata.sorted_tables
            if isinstance(table, Columns)
        }


def said(answer: Answer) -> str:
    assert isinstance(answer, Whisper | Problems)
    return read_aloud(answer.message if isinstance(answer, Whisper) else answer)


def actions(hamlet: Hamlet) -> Mapping[str, Action]:
    view = hamlet.room.channel_messages(RIVER)[-1].view
    assert view is not None
    return {action.verb if action.ritual != "nothing" else "no ritual": action for action in view.actions}


async def press(hamlet: Hamlet, who: str, verb: str) -> Answer:
    return await hamlet.room.press(who, hamlet.room.channel_messages(RIVER)[-1].id, actions(hamlet)[verb])


async def heard(hamlet: Hamlet, *events: Event) -> list[Answer]:
    return [await hamlet.engine.hear(event) for event in events]


# ---------------------------------------------------------------------------------------- duplicates


async def test_an_event_that_comes_again_changes_nothing_and_is_not_answered(hamlet: Hamlet) -> None:
    await hamlet.command("chi", "/count")
    before = everything(hamlet)
    assert await hamlet.room.redeliver(hamlet.room.events[-1]) is None
    assert everything(hamlet) == before
    assert hamlet.rows(Movement)[0]["part"] == "|"


async def test_an_event_delivered_five_times_at_once_counts_once(hamlet: Hamlet) -> None:
    event = Commanded(id="again", who=Person("chi", "Chi"), place=PLACE, at=hamlet.clock(), name="count")
    await asyncio.gather(*(hamlet.engine.hear(event) for _ in range(5)))
    assert hamlet.rows(Movement)[0]["part"] == "|"


async def test_a_turn_that_failed_may_be_heard_again(hamlet: Hamlet) -> None:
    await hamlet.command("chi", "/break")
    assert said(await hamlet.room.redeliver(hamlet.room.events[-1])).startswith("Sorry, that went wrong")


@SQLITE
async def test_events_are_forgotten_after_two_days(hamlet: Hamlet) -> None:
    await hamlet.command("chi", "/count")
    hamlet.pass_time(days=1)
    await hamlet.command("chi", "/count")
    hamlet.pass_time(days=1, seconds=1)
    await hamlet.engine.forget_old_events()
    assert [row["event"] for row in hamlet.rows(Seen)] == [hamlet.room.events[-1].id]


async def test_turns_of_one_movement_that_meet_are_taken_one_after_the_other(hamlet: Hamlet) -> None:
    await asyncio.gather(*(hamlet.command(who, "/count") for who in ("ana", "ben", "chi", "dee") * 10))
    assert hamlet.rows(Movement)[0]["part"] == "|" * 40


# ---------------------------------------------------------------------------------------- apologies


async def test_a_turn_that_fails_leaves_no_trace_and_an_apology_with_a_reference_that_is_in_the_log(
    hamlet: Hamlet,
) -> None:
    before = everything(hamlet)
    with log() as entries:
        apology = said(await hamlet.command("chi", "/break my secret words"))
    (entry,) = [entry for entry in entries if entry["log_level"] == "error"]
    assert apology == (
        "Sorry, that went wrong on my side and nothing was changed. Please try again; "
        f"if it fails again, tell an organizer this reference: {entry['reference']}."
    )
    assert isinstance(entry["exc_info"], ZeroDivisionError)
    assert {name: value for name, value in entry.items() if name not in ("exc_info", "reference")} == {
        "event": "turn failed",
        "log_level": "error",
        "what": "commanded",
        "ritual": "faulty",  # never who, never their words
    }
    assert everything(hamlet) == before


async def test_a_form_that_fails_stays_open_with_what_was_typed(hamlet: Hamlet) -> None:
    await hamlet.command("chi", "/form")
    opened = hamlet.room.form("chi")
    assert opened is not None
    before = everything(hamlet)
    answer = await hamlet.room.fill("chi", opened.id, {"words": "Hours of work"})
    assert isinstance(answer, Problems)
    assert said(answer).startswith("Sorry, that went wrong on my side and nothing was changed.")
    still = hamlet.room.form("chi")
    assert still is not None
    assert still.typed == {"words": "Hours of work"}
    assert everything(hamlet) == before


async def test_two_rows_that_clash_are_a_mistake_like_any_other(hamlet: Hamlet) -> None:
    before = everything(hamlet)
    with log() as entries:
        assert said(await hamlet.command("chi", "/clash")).startswith("Sorry, that went wrong")
    assert [type(entry["exc_info"]) for entry in entries if entry["log_level"] == "error"] == [IntegrityError]
    assert everything(hamlet) == before


@SQLITE
async def test_words_in_a_statement_that_fails_do_not_reach_the_log(hamlet: Hamlet) -> None:
    with log() as entries:
        await hamlet.command("chi", "/clash")
    assert "parameters" in str(entries[-1]["exc_info"])
    assert "clean" not in str(entries[-1]["exc_info"]).lower()
    assert "hidden" in str(entries[-1]["exc_info"])


@SQLITE
async def test_words_in_the_channel_that_make_drumbeat_fail_are_not_answered(hamlet: Hamlet) -> None:
    """Nobody asked it anything: an apology out of nowhere would only disturb."""
    event = Said(id="x" * 9, who=Person("chi", "Chi"), place=PLACE, at=hamlet.clock(), words="Hi")
    hamlet.database.engine.dispose()
    broken = replace(event, who=Person("nul\x00", "Chi"))
    assert await heard(hamlet, event, broken) == [None, None]


# ---------------------------------------------------------------------------------------- permissions


@SQLITE
@pytest.mark.parametrize(
    ("who", "line", "answer"),
    [
        ("ana", "/govern", "Governed."),
        ("ben", "/govern", "Only the founder can do this."),
        ("chi", "/govern", "Only the founder can do this."),
        ("ana", "/organize", "Organized."),
        ("ben", "/organize", "Organized."),
        ("chi", "/organize", "Only an organizer can do this."),
    ],
)
async def test_who_may_do_what(hamlet: Hamlet, who: str, line: str, answer: str) -> None:
    assert said(await hamlet.command(who, line)) == answer


@SQLITE
async def test_a_form_for_organizers_cannot_be_sent_by_somebody_who_is_none_any_more(hamlet: Hamlet) -> None:
    await hamlet.command("ana", "/offer")
    await hamlet.settle()
    await press(hamlet, "ben", "organized")
    with hamlet.database.transaction() as db:
        member = db.query(Member).filter_by(person="ben").one()
        member.role = "member"
    opened = hamlet.room.form("ben")
    assert opened is not None
    answer = await hamlet.room.fill("ben", opened.id, {"words": "Hours of work"})
    assert answer == Problems({"": "Only an organizer can do this."})


@SQLITE
@pytest.mark.parametrize("verb", ["nothing", "no ritual"])
async def test_a_button_that_nobody_knows_any_more_says_so(hamlet: Hamlet, verb: str) -> None:
    await hamlet.command("ana", "/offer")
    await hamlet.settle()
    assert said(await press(hamlet, "chi", verb)) == "This is not there any more. Please use the newest message."


@SQLITE
@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("/helo", "I don't know /helo. Did you mean /hello?"),
        ("/qqqqqq", "I don't know /qqqqqq. Type /drumbeat to see what I can do."),
    ],
)
async def test_a_command_that_nobody_knows_gets_the_nearest_one(hamlet: Hamlet, line: str, answer: str) -> None:
    assert said(await hamlet.command("chi", line)) == answer


# ---------------------------------------------------------------------------------------- anonymous


async def test_an_anonymous_press_leaves_nothing_that_tells_who_it_was(hamlet: Hamlet) -> None:
    await hamlet.command("ana", "/offer")
    await hamlet.settle()
    before = everything(hamlet)
    with log() as entries:
        answers = [said(await press(hamlet, who, "secret")) for who in ("chi", "chi", "dee")]
    assert everything(hamlet) == before
    assert {answer.partition(" Mark")[0] for answer in answers} == {"Known of you: []."}
    assert answers[0] == answers[1] != answers[2]
    told = repr([{name: value for name, value in entry.items() if name != "ms"} for entry in entries])
    assert [name for name in ("chi", "Chi", "dee", "Dee") if name in told] == []


# ---------------------------------------------------------------------------------------- sealed movements


async def test_a_movements_number_sent_from_another_workspace_is_refused(hamlet: Hamlet) -> None:
    hamlet.room.add_channel("hill", "hill", "elsewhere", creator="eli")
    other = hamlet.found("hill", people=("eli",))
    spoofed = Pressed(
        id="spoofed",
        who=Person("eli", "Eli"),
        place=replace(PLACE, workspace="movement"),
        at=hamlet.clock(),
        action=Action("notices", "write", "", other),
    )
    before = everything(hamlet)
    assert [said(answer) for answer in await heard(hamlet, spoofed)] == [
        "This is not there any more. Please use the newest message."
    ]
    assert everything(hamlet) == before


async def test_a_movements_number_is_refused_to_people_who_are_not_in_it(hamlet: Hamlet) -> None:
    hamlet.room.add_channel("hill", "hill", creator="eli")
    hill = hamlet.found("hill", people=("eli",))
    event = Pressed(
        id="spoofed",
        who=Person("chi", "Chi"),
        place=PLACE,
        at=hamlet.clock(),
        action=Action("notices", "write", "", hill),
    )
    (answer,) = await heard(hamlet, event)
    assert said(answer) == "This belongs to a movement that you are not in. Join its channel first."


@SQLITE
async def test_replies_find_the_post_of_their_own_channel_though_another_has_a_message_of_that_id(
    hamlet: Hamlet,
) -> None:
    """Ids of messages are unique within a channel only."""
    heard_about: list[str] = []
    ritual = Ritual("talk", "Talk.")

    @ritual.reply
    def reply(turn: Turn) -> None:
        heard_about.append(turn.post.key if turn.post is not None else "")

    hamlet.close()
    hamlet.rituals = replace(hamlet.rituals, by_name={"talk": ritual, "notices": notices})
    hamlet.wake()
    await hamlet.command("ana", "/tell chi private A secret")
    await hamlet.command("ana", "/post public A notice")
    with hamlet.database.transaction() as db:
        for post in db.query(Post):
            post.ritual, post.message_id, post.state = "talk", "m1", "shown"
    who, at = Person("chi", "Chi"), hamlet.clock()
    await heard(hamlet, Said(id="r", who=who, place=replace(PLACE, thread="m1"), at=at, words="Yes"))
    assert heard_about == ["notices:public"]


# ---------------------------------------------------------------------------------------- reactions


def under(hamlet: Hamlet) -> list[str]:
    """What stands under the first message of the channel."""
    return [post.text for post in hamlet.room.thread(hamlet.room.channel_messages(RIVER)[0].id)]


async def test_a_reaction_is_heard_by_the_ritual_on_whose_post_it_was_put_and_again_when_taken_back(
    hamlet: Hamlet,
) -> None:
    await hamlet.command("ana", "/post lost A glove")
    await hamlet.settle()
    glove = hamlet.room.channel_messages(RIVER)[0].id
    await hamlet.room.react("chi", glove, "🎉")
    await hamlet.settle()
    put = under(hamlet)
    await hamlet.room.react("chi", glove, "🎉", on=False)
    await hamlet.settle()
    assert (put, under(hamlet)) == (["Chi put 🎉"], ["Chi took back 🎉"])


@SQLITE
async def test_a_reaction_that_is_told_again_is_heard_once(hamlet: Hamlet) -> None:
    await hamlet.command("ana", "/post lost A glove")
    await hamlet.settle()
    await hamlet.room.react("chi", hamlet.room.channel_messages(RIVER)[0].id, "🎉")
    before = everything(hamlet)
    await hamlet.room.redeliver(hamlet.room.events[-1])
    assert everything(hamlet) == before


@SQLITE
async def test_a_reaction_in_a_thread_is_heard(hamlet: Hamlet) -> None:
    for line in ("/post lost A glove", "/reply found lost Mine"):
        await hamlet.command("ana", line)
    await hamlet.settle()
    (found,) = hamlet.room.thread(hamlet.room.channel_messages(RIVER)[0].id)
    await hamlet.room.react("chi", found.id, "🎉")
    await hamlet.settle()
    assert hamlet.channel() == ["A glove", "Chi put 🎉"]


@SQLITE
async def test_reactions_to_what_people_wrote_and_to_a_ritual_that_does_not_listen_change_nothing_shown(
    hamlet: Hamlet,
) -> None:
    await hamlet.room.say("ben", RIVER, "Hello")
    await hamlet.command("ana", "/offer")
    await hamlet.settle()
    shown = hamlet.rows(Post)
    for post in hamlet.room.channel_messages(RIVER):
        await hamlet.room.react("chi", post.id, "🎉")
    assert hamlet.rows(Post) == shown


@SQLITE
async def test_a_reaction_in_a_channel_of_its_own_movement_only_is_heard(hamlet: Hamlet) -> None:
    """Ids of messages are unique within a channel only."""
    hamlet.room.add_channel("hill", "hill", creator="chi")
    hamlet.found("hill", people=("chi",))
    await hamlet.command("ana", "/post lost A glove")
    await hamlet.settle()
    glove = hamlet.room.channel_messages(RIVER)[0].id
    hill = Place("playground", "movement", channel="hill")
    event = Reacted(id="r", who=Person("chi", "Chi"), place=hill, at=hamlet.clock(), message=glove, emoji="🎉")
    await heard(hamlet, event)
    await hamlet.settle()
    assert under(hamlet) == []


# ---------------------------------------------------------------------------------------- signs of life


@SQLITE
async def test_writing_counts_once_a_day_and_never_what_was_written(hamlet: Hamlet) -> None:
    for day in range(2):
        for words in ("One", "Two"):
            await hamlet.room.say("chi", RIVER, words)
        hamlet.pass_time(days=1 - day)
    acts = [(row["kind"], row["evidence"]) for row in hamlet.rows(Act)]
    assert acts == [("message", ""), ("message", "")]
