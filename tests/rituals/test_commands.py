"""Commands: each also behind /drumbeat, and a mistyped one gets the nearest."""

from __future__ import annotations

import pytest

from bot.chat import Commanded, Whisper
from bot.plain import read_aloud
from tests.town import RIVER, Town, where_anything_can_be_typed

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.mark.parametrize(
    "line", ["/checkin now", "/drumbeat checkin now", "/drumbeat /checkin now", "/drumbeat CHECKIN now"]
)
async def test_a_command_also_works_behind_drumbeat(town: Town, line: str) -> None:
    await town.start_movement()
    assert await town.command("ana", line) == "Done. The check-in comes into the channel."


@where_anything_can_be_typed
@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("/chekin", "I don't know /chekin. Did you mean /checkin?"),
        ("/ritual", "I don't know /ritual. Did you mean /rituals?"),
        ("/xylophone", "I don't know /xylophone. Type /drumbeat to see what I can do."),
    ],
)
async def test_a_command_that_there_is_not_gets_the_nearest(town: Town, typed: str, said: str) -> None:
    await town.start_movement()
    assert await town.command("chi", typed) == said


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("/drumbeat chekcin", "I don't know /chekcin. Did you mean /checkin?"),
        ("/drumbeat misson", "I don't know /misson. Did you mean /mission?"),
        ("/drumbeat `code`", "I don't know /code. Type /drumbeat to see what I can do."),
        ("/drumbeat <!channel>", "I don't know /<!channel>. Type /drumbeat to see what I can do."),
    ],
)
async def test_a_mistyped_command_gets_the_nearest(town: Town, typed: str, said: str) -> None:
    await town.start_movement()
    assert await town.command("chi", typed) == said


async def test_help_behind_drumbeat_shows_the_movement(town: Town) -> None:
    await town.start_movement()
    assert await town.command("chi", "/drumbeat help") == await town.command("chi", "/drumbeat")


async def test_a_command_of_a_hundred_thousand_letters_is_not_known(town: Town) -> None:
    await town.start_movement()
    event = Commanded(
        id="long",
        who=town.person("chi"),
        place=town.place(RIVER),
        at=town.clock(),
        name="drumbeat",
        words="x" * 100_000,
    )
    answer = await town.drumbeat.engine.hear(event)
    assert isinstance(answer, Whisper)
    assert read_aloud(answer.message) == f"I don't know /{'x' * 39}…. Type /drumbeat to see what I can do."


@pytest.mark.parametrize("word", ["later", "now please", "<script>", "\u202enow", "x" * 500])
async def test_a_word_behind_checkin_that_is_not_known_gets_the_known_ones(town: Town, word: str) -> None:
    await town.start_movement()
    assert await town.command("ana", f"/checkin {word}") == (
        "I know /checkin alone, and for organizers /checkin now, /checkin close, /checkin questions and "
        "/checkin settings."
    )


@pytest.mark.parametrize("word", ["now", "close", "questions", "settings"])
async def test_a_member_cannot_use_the_organizers_words(town: Town, word: str) -> None:
    await town.start_movement()
    assert await town.command("chi", f"/checkin {word}") == "Only an organizer can do this."


async def test_the_same_command_delivered_twice_is_done_once(town: Town) -> None:
    await town.start_movement()
    await town.command("ana", "/checkin now")
    assert await town.redeliver() is None
    await town.settle()
    assert len(town.channel()) == 2


async def test_the_same_answer_delivered_twice_is_one_answer(town: Town) -> None:
    board = await town.open_check_in()
    await town.press("chi", "Check in", on=board)
    await town.fill("chi", q1="Fine", did="Ten posters")
    said = len(town.room.whispers("chi"))
    assert await town.redeliver() is None
    await town.settle()
    assert len(town.room.whispers("chi")) == said
    assert town.acts() == [("chi", "checkin_answer"), ("chi", "action_done")]


async def test_the_same_reply_delivered_twice_is_one_answer(town: Town) -> None:
    board = await town.open_check_in()
    await town.say("chi", "Fine", under=board)
    await town.redeliver()
    await town.settle()
    assert town.acts() == [("chi", "message"), ("chi", "checkin_answer")]
    assert "\nOne person has answered. " in town.board().text
