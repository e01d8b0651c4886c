"""Many people at once: their turns share a transaction, and nobody notices but by the speed."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from bot.chat import Action, Answer, Commanded, Event, Person, Place, Pressed, Problems, Submitted, Whisper
from bot.intake import TOGETHER, Intake
from bot.plain import read_aloud
from bot.ritual import Ritual
from bot.tables import Act, Member, Seen
from bot.turn import Turn
from rituals.checkin.tables import CheckInAnswer
from tests.hamlet import Hamlet, notices
from tests.town import RIVER, Town

PLACE = Place("playground", "movement", RIVER)
sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def said(answer: Answer) -> str:
    match answer:
        case Whisper(message=message):
            return read_aloud(message)
        case Problems():
            return read_aloud(answer)
        case _:
            return repr(answer)


# ------------------------------------------------------------------------------------------------ the intake


async def test_what_arrives_while_others_are_answered_is_answered_together_and_in_order() -> None:
    hands: list[list[int]] = []
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def take(events: Sequence[int]) -> list[str]:
        hands.append(list(events))
        begun.set()
        await go_on.wait()
        return [f"answer {event}" for event in events]

    intake: Intake[int, str] = Intake(take)
    first = asyncio.create_task(intake.put(0, queue="river"))
    await begun.wait()
    crowd = [asyncio.create_task(intake.put(number, queue="river")) for number in range(1, TOGETHER + 3)]
    await asyncio.sleep(0)
    go_on.set()
    assert await asyncio.gather(first, *crowd) == [f"answer {number}" for number in range(TOGETHER + 3)]
    assert hands == [[0], list(range(1, TOGETHER + 1)), [TOGETHER + 1, TOGETHER + 2]]


async def test_two_queues_do_not_wait_for_each_other() -> None:
    stuck = asyncio.Event()

    async def take(events: Sequence[str]) -> Sequence[str]:
        if "slow" in events:
            await stuck.wait()
        return events

    intake: Intake[str, str] = Intake(take)
    slow = asyncio.create_task(intake.put("slow", queue=1))
    assert await intake.put("quick", queue=2) == "quick"
    stuck.set()
    assert await slow == "slow"


async def test_who_gives_up_waiting_takes_nobody_elses_answer_away() -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def take(events: Sequence[str]) -> Sequence[str]:
        begun.set()
        await go_on.wait()
        return events

    intake: Intake[str, str] = Intake(take)
    impatient = asyncio.create_task(intake.put("one", queue=1))
    await begun.wait()
    patient = asyncio.create_task(intake.put("two", queue=1))
    impatient.cancel()
    await asyncio.wait({impatient})
    go_on.set()
    assert await patient == "two"


async def test_a_hand_that_fails_is_told_to_everybody_in_it_and_the_next_is_taken() -> None:
    async def take(events: Sequence[str]) -> Sequence[str]:
        if "bad" in events:
            msg = "no database"
            raise OSError(msg)
        return events

    intake: Intake[str, str] = Intake(take)
    with pytest.raises(OSError, match="no database"):
        await intake.put("bad", queue=1)
    assert await intake.put("good", queue=1) == "good"


# ------------------------------------------------------------------------------------------------ turns together


faulty = Ritual("faulty", "Fails.")


@faulty.command("break", "Fail after writing")
def break_it(turn: Turn) -> Answer:
    turn.record("broken", once="broken")
    turn.db.flush()
    raise ZeroDivisionError


@pytest.fixture
def hamlet(database_url: str) -> Iterator[Hamlet]:
    hamlet = Hamlet(database_url, faulty, notices)
    hamlet.found()
    yield hamlet
    hamlet.close()


async def test_in_a_crowd_each_gets_their_own_answer_and_one_that_fails_spoils_no_other(hamlet: Hamlet) -> None:
    at = hamlet.clock()

    def typed(number: int, who: str, name: str, words: str = "") -> Event:
        person = Person(who, who.capitalize())
        return Commanded(id=f"e{number}", who=person, place=PLACE, at=at, name=name, words=words)

    crowd = [
        typed(0, "chi", "hello"),
        typed(1, "chi", "hello"),
        typed(2, "dee", "break"),
        typed(3, "dee", "later", "1 words"),
        typed(1, "chi", "hello"),
        typed(4, "ana", "post", "note Hello"),
        typed(5, "dee", "hello"),
    ]
    answers = [said(answer) for answer in await asyncio.gather(*map(hamlet.engine.hear, crowd))]
    apology = answers.pop(2)
    assert apology.startswith("Sorry, that went wrong on my side and nothing was changed.")
    assert answers == [
        "Hello, Chi\n[Write]",
        "Hello, Chi\n[Write]",
        "Only an organizer can do this.",
        "None",
        said(await hamlet.command("ana", "/post note Hello")),
        "Hello, Dee\n[Write]",
    ]
    await hamlet.settle()
    assert hamlet.channel() == ["Hello"]
    assert hamlet.rows(Act) == []
    seen = {row["event"] for row in hamlet.rows(Seen)}
    assert {"e0", "e1", "e4", "e5"} <= seen
    assert not {"e2", "e3"} & seen


@sqlite
async def test_what_one_takes_back_in_a_crowd_is_told_to_nobody_in_it(hamlet: Hamlet) -> None:
    hamlet.room.close_inbox("chi")
    await hamlet.command("ana", "/tell chi note Please come")
    await hamlet.settle()
    at, chi = hamlet.clock(), Person("chi", "Chi")
    crowd = [
        Commanded(id="a", who=Person("ben", "Ben"), place=PLACE, at=at, name="hello"),
        Commanded(id="b", who=chi, place=PLACE, at=at, name="untell", words="note"),
        Commanded(id="c", who=chi, place=PLACE, at=at, name="hello"),
    ]
    answers = await asyncio.gather(*map(hamlet.engine.hear, crowd))
    assert [said(answer) for answer in answers[1:]] == ["Taken back.", "Hello, Chi\n[Write]"]


@sqlite
async def test_what_one_takes_back_stays_untold_when_another_in_the_crowd_is_refused(hamlet: Hamlet) -> None:
    hamlet.room.close_inbox("chi")
    await hamlet.command("ana", "/tell chi note Please come")
    await hamlet.settle()
    at, chi = hamlet.clock(), Person("chi", "Chi")
    crowd = [
        Commanded(id="a", who=Person("ben", "Ben"), place=PLACE, at=at, name="hello"),
        Commanded(id="b", who=chi, place=PLACE, at=at, name="untell", words="note"),
        Commanded(id="c", who=Person("dee", "Dee"), place=PLACE, at=at, name="later", words="1 words"),
        Commanded(id="d", who=chi, place=PLACE, at=at, name="hello"),
    ]
    answers = await asyncio.gather(*map(hamlet.engine.hear, crowd))
    assert [said(answer) for answer in answers[1:]] == [
        "Taken back.",
        "Only an organizer can do this.",
        "Hello, Chi\n[Write]",
    ]


async def answers_of(town: Town, *, at_once: bool) -> tuple[list[str], list[str], list[object]]:
    """Let twenty people answer a check-in, and some of them twice; gives what is shown and kept then."""
    people = [Person(f"p{number:02}", f"Person {number:02}", "Europe/Berlin") for number in range(20)]
    await town.start_movement()
    await town.bring(*people)
    board = await town.open_check_in()
    form = Action("check-in", "answer", "1", 1)
    events: list[Event] = [
        Pressed(id=f"pass{number}", who=person, place=PLACE, at=town.clock(), action=Action("check-in", "pass", "1", 1))
        for number, person in enumerate(people[:3])
    ]
    events += [
        Submitted(
            id=f"answer{turn}-{number}",
            who=person,
            place=PLACE,
            at=town.clock(),
            action=form,
            answers={
                "q1": f"Answer {number} {'again ' * turn}",
                "q2": "x" * 60,
                "did": "Posters" if number % 5 else "",
            },
        )
        for turn in (0, 1)
        for number, person in enumerate(people)
        if turn == 0 or number % 3 == 0
    ]
    if at_once:
        await asyncio.gather(*map(town.drumbeat.engine.hear, events))
    else:
        for event in events:
            await town.drumbeat.engine.hear(event)
    await town.settle()
    kept = [
        [row["member_id"], row["words"], row["did"], row["page"], row["passed"]] for row in town.rows(CheckInAnswer)
    ]
    return [town.board().text, *town.thread(board)], sorted(str(act) for act in town.acts()), [*kept]


async def test_a_crowd_that_answers_at_once_leaves_what_it_would_have_left_one_by_one(
    town: Town, sqlite_template: Path, tmp_path: Path
) -> None:
    other = Town(f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'other.db')}")
    assert await answers_of(town, at_once=True) == await answers_of(other, at_once=False)
    assert len(town.rows(Member)) == 24
    await other.close()
