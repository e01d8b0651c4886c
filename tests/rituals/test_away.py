"""A break: announced in a few seconds, changed, ended; and nobody asks for anything meanwhile."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.chat import Problems
from bot.tables import Away
from tests.town import BERLIN, RIVER, Town

sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

PEACE = "Nobody asks you for anything then, and nothing counts as missed. Rest well."
WELCOME = "Welcome back. Nothing was counted against you, and there is nothing to catch up on."


def at(month: int, day: int, hour: int = 0) -> datetime:
    """A time on Berlin's clocks."""
    return datetime(2026, month, day, hour, tzinfo=BERLIN).astimezone(UTC)


def breaks(town: Town) -> list[tuple[str, str]]:
    """Every break that is kept, on Berlin's clocks."""

    def spoken(moment: object) -> str:
        return f"{moment.astimezone(BERLIN):%d %b %H:%M}" if isinstance(moment, datetime) else "open"

    return sorted((spoken(row["start"]), spoken(row["end"])) for row in town.rows(Away))


@sqlite
async def test_a_break_is_taken_by_form(town: Town) -> None:
    await town.start_movement()
    assert await town.command("chi", "/away") == "Take a break\nFirst day away\nFirst day back\n[Take the break]"
    assert await town.fill("chi", back="2026-11-09") == (
        f"You are away. Your first day back is Mon 9 November.\n{PEACE}\n[I'm back] [Choose other days]"
    )
    assert breaks(town) == [("01 Nov 12:00", "09 Nov 00:00")]


@sqlite
@pytest.mark.parametrize(
    ("line", "said", "kept"),
    [
        (
            "/away until friday",
            "You are away. Your first day back is Fri 6 November.",
            ("01 Nov 12:00", "06 Nov 00:00"),
        ),
        ("/away friday", "You are away. Your first day back is Fri 6 November.", ("01 Nov 12:00", "06 Nov 00:00")),
        (
            "/away till 3 December",
            "You are away. Your first day back is Thu 3 December.",
            ("01 Nov 12:00", "03 Dec 00:00"),
        ),
        (
            "/away for two weeks",
            "You are away. Your first day back is Sun 15 November.",
            ("01 Nov 12:00", "15 Nov 00:00"),
        ),
        ("/away 3 days", "You are away. Your first day back is Wed 4 November.", ("01 Nov 12:00", "04 Nov 00:00")),
        (
            "/away from wednesday until monday",
            "From Wed 4 November on you are away. Your first day back is Mon 9 November.",
            ("04 Nov 00:00", "09 Nov 00:00"),
        ),
        (
            "/away from 20 november for a week",
            "From Fri 20 November on you are away. Your first day back is Fri 27 November.",
            ("20 Nov 00:00", "27 Nov 00:00"),
        ),
        (
            "/away from 20 november",
            "From Fri 20 November on you are away, until you say you are back.",
            ("20 Nov 00:00", "open"),
        ),
    ],
)
async def test_a_break_is_taken_in_words(town: Town, line: str, said: str, kept: tuple[str, str]) -> None:
    await town.start_movement()
    assert (await town.command("chi", line)).split("\n")[:2] == [said, PEACE]
    assert breaks(town) == [kept]


@sqlite
async def test_a_break_without_an_end_lasts_until_somebody_is_back(town: Town) -> None:
    await town.start_movement()
    await town.command("chi", "/away")
    assert (await town.fill("chi")).split("\n")[0] == "You are away, until you say you are back."
    await town.wait(days=10)
    assert town.inbox("chi") == []
    assert await town.press("chi", "I'm back") == WELCOME
    assert breaks(town) == [("01 Nov 12:00", "11 Nov 12:00")]


@sqlite
@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            "/away someday",
            (
                "I do not understand the day 'someday'; write it like 'friday', '3 december' or '2026-12-03'. You can "
                "also type /away alone and pick the days."
            ),
        ),
        ("/away until today", "Name the first day you are back; it comes after your first day away."),
        ("/away from 2026-10-01", "That first day is over. Choose today or a later day."),
        (
            "/away until 2028-01-01",
            "That is more than a year ahead. Leave the day open; you can come back whenever you like.",
        ),
    ],
)
async def test_days_that_cannot_be_get_a_sentence(town: Town, line: str, said: str) -> None:
    await town.start_movement()
    assert await town.command("chi", line) == said
    assert breaks(town) == []


@sqlite
async def test_days_that_cannot_be_get_a_sentence_in_the_form(town: Town) -> None:
    await town.start_movement()
    await town.command("chi", "/away")
    assert await town.fill("chi", **{"from": "2026-10-01"}) == (
        "from: That first day is over. Choose today or a later day."
    )
    assert await town.fill("chi", **{"from": "tomorrow", "back": "today"}) == (
        "back: Name the first day you are back; it comes after your first day away."
    )
    assert await town.fill("chi", **{"from": "2028-01-01", "back": ""}) == (
        "back: That is more than a year ahead. Leave the day open; you can come back whenever you like."
    )
    assert await town.send_past_the_form("chi", **{"from": "", "back": "soon"}) == Problems(
        {
            "from": "Please fill this in.",
            "back": "I do not understand the day 'soon'; write it like 'friday', '3 december' or '2026-12-03'.",
        }
    )


# ------------------------------------------------------------------------------------------------ several


async def test_while_away_the_newest_word_on_the_return_counts(town: Town) -> None:
    await town.start_movement()
    await town.command("chi", "/away until friday")
    await town.wait_until(at(11, 3, 12))
    assert (await town.command("chi", "/away until 10 november")).split("\n")[0] == (
        "You are away. Your first day back is Tue 10 November."
    )
    assert breaks(town) == [("01 Nov 12:00", "10 Nov 00:00")]
    await town.command("chi", "/away until thursday")
    assert breaks(town) == [("01 Nov 12:00", "05 Nov 00:00")]


@sqlite
async def test_breaks_that_touch_are_one_and_others_stay_apart(town: Town) -> None:
    await town.start_movement()
    await town.command("chi", "/away from 9 november until 16 november")
    await town.command("chi", "/away from 12 november until 23 november")
    await town.command("chi", "/away from 1 december until 8 december")
    assert breaks(town) == [("01 Dec 00:00", "08 Dec 00:00"), ("09 Nov 00:00", "23 Nov 00:00")]
    assert await town.command("chi", "/away") == (
        "From Mon 9 November on you are away. Your first day back is Mon 23 November.\n"
        "From Tue 1 December on you are away. Your first day back is Tue 8 December.\n"
        f"{PEACE}\n[Call off what is planned] [Choose other days]"
    )


@sqlite
async def test_other_days_can_be_chosen(town: Town) -> None:
    await town.start_movement()
    await town.command("chi", "/away until friday")
    assert await town.press("chi", "Choose other days") == (
        "Take a break\nFirst day away\nFirst day back\n[Take the break]"
    )
    await town.fill("chi", back="2026-11-04")
    assert breaks(town) == [("01 Nov 12:00", "04 Nov 00:00")]


# ------------------------------------------------------------------------------------------------ coming back


async def test_coming_back_ends_the_break_and_keeps_what_is_planned(town: Town) -> None:
    await town.start_movement()
    await town.command("chi", "/away until friday")
    await town.command("chi", "/away from 1 december until 8 december")
    await town.wait_until(at(11, 3, 12))
    assert await town.press("chi", "I'm back") == (
        f"{WELCOME}\nFrom Tue 1 December on you are away. Your first day back is Tue 8 December.\n"
        "[Call off what is planned]"
    )
    assert breaks(town) == [("01 Dec 00:00", "08 Dec 00:00"), ("01 Nov 12:00", "03 Nov 12:00")]
    assert await town.press("chi", "Call off what is planned") == "Called off. No break is planned any more."
    assert breaks(town) == [("01 Nov 12:00", "03 Nov 12:00")]
    assert await town.press("chi", "Call off what is planned") == "No break is planned."


@sqlite
async def test_back_is_also_a_word(town: Town) -> None:
    await town.start_movement()
    assert await town.command("chi", "/away back") == "You are not away."
    await town.command("chi", "/away until friday")
    assert await town.command("chi", "/away BACK") == WELCOME
    await town.command("chi", "/away from wednesday")
    assert await town.command("chi", "/away back") == "Called off. No break is planned any more."


@sqlite
async def test_at_the_return_there_is_a_greeting_that_asks_nothing(town: Town) -> None:
    await town.start_movement()
    await town.command("chi", "/away until friday")
    await town.wait_until(at(11, 6, 6))
    assert town.inbox("chi") == []
    await town.wait_until(at(11, 6, 7))
    assert town.inbox("chi") == [
        "Welcome back to Clean River. Nothing was counted against you, and there is nothing to catch up on."
    ]


@sqlite
async def test_who_came_back_earlier_is_not_greeted_again(town: Town) -> None:
    await town.start_movement()
    await town.command("chi", "/away until friday")
    await town.command("chi", "/away until 10 november")
    await town.wait_until(at(11, 3, 12))
    await town.press("chi", "I'm back")
    await town.wait_until(at(11, 12))
    assert [text for text in town.inbox("chi") if text.startswith("Welcome")] == []


@sqlite
async def test_who_left_meanwhile_is_not_greeted(town: Town) -> None:
    await town.start_movement()
    await town.command("chi", "/away until friday")
    await town.room.leave("chi", RIVER)
    await town.wait_until(at(11, 7))
    assert town.inbox("chi") == []


@sqlite
async def test_who_is_away_may_answer_all_the_same(town: Town) -> None:
    await town.start_movement()
    await town.command("chi", "/away until friday")
    board = await town.open_check_in()
    await town.say("chi", "Greetings from the sea", under=board)
    assert "\nOne person has answered. " in town.board().text


@sqlite
async def test_a_break_is_nobody_elses_business(town: Town) -> None:
    await town.start_movement()
    before = len(town.channel())
    await town.command("chi", "/away until friday")
    await town.wait(days=1)
    assert [text for text in town.channel()[before:] if not text.startswith("Check-in, ")] == []
    assert "away" not in "\n".join(town.inbox("ana"))
