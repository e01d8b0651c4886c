"""The digest of wins: on Fridays, silent when there is nothing, true also after something in it has changed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.tables import Occurrence
from rituals.win.tables import Win
from tests.rituals.test_win_reporting import HARBOUR, report
from tests.town import Town

sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

FRIDAY = datetime(2026, 11, 6, 15, 0, tzinfo=UTC)
NEXT_FRIDAY = datetime(2026, 11, 13, 15, 0, tzinfo=UTC)
DECEMBER = datetime(2026, 12, 4, 15, 0, tzinfo=UTC)
LINE = f"• {HARBOUR} (harbour.example/12 and 6 bins). Thanks to Ana and Ben."
FLYERS = "What people put in\n• Printed flyers (200 flyers). Thanks to Chi."


async def some_wins(town: Town) -> None:
    await town.start_movement()
    await report(town)
    await report(town, "dee", what="Two families joined", makers=(), evidence="")
    await report(town, "ana", what="Printed flyers.", kind=("effort",), makers=("chi",), evidence="200 flyers")


async def test_the_wins_of_the_week_come_on_friday_in_one_message(town: Town) -> None:
    await some_wins(town)
    before = len(town.channel())
    await town.wait_until(FRIDAY)
    assert [text for text in town.channel()[before:] if "digest" in text] == [
        f"3 wins since the last digest\nWhat changed\n{LINE}\n• Two families joined (a claim).\n{FLYERS}"
    ]


@sqlite
async def test_a_week_without_wins_is_silent_and_counts_as_nothing_missed(town: Town) -> None:
    await some_wins(town)
    await town.wait_until(FRIDAY)
    digests = [text for text in town.channel() if "digest" in text]
    await town.wait_until(NEXT_FRIDAY)
    assert [text for text in town.channel() if "digest" in text] == digests
    assert [
        (row["state"], row["why"]) for row in town.rows(Occurrence) if row["planned_at"] in (FRIDAY, NEXT_FRIDAY)
    ] == [("excused", "a digest"), ("excused", "a digest")]


async def test_the_first_digest_of_a_month_rounds_the_last_one_up(town: Town) -> None:
    await some_wins(town)
    await town.wait_until(DECEMBER)
    assert town.channel()[-2 if town.channel()[-1].startswith("Check-in") else -1] == (
        "November 2026 in wins: 2 outcomes (one of them with a link or a number) and one effort. "
        f"3 people were thanked by name.\n• {HARBOUR}"
    )
    count = len([text for text in town.channel() if "in wins" in text])
    await town.command("ana", "/win digest")
    assert count == len([text for text in town.channel() if "in wins" in text]) == 1


@sqlite
async def test_an_organizer_gets_a_digest_at_any_time(town: Town) -> None:
    await some_wins(town)
    assert await town.command("chi", "/win digest") == "Only an organizer can do this."
    assert await town.command("ana", "/win digest") == "Done. The digest comes into the channel."
    assert town.channel()[-1].startswith("3 wins since the last digest\n")
    assert await town.command("ana", "/win digest") == (
        "There is no win since the last digest, so there is nothing to sum up."
    )


async def test_a_name_that_is_taken_out_later_leaves_the_digest_and_the_round_up(town: Town) -> None:
    await some_wins(town)
    await town.wait_until(FRIDAY)
    await town.wait_until(DECEMBER)
    await town.press("ben", "Take my name out")
    assert "Ben" not in "\n".join(town.channel())
    assert LINE.replace("Ana and Ben", "Ana") in town.post("3 wins").text
    assert " 2 people were thanked by name." in town.post("November 2026 in wins").text


@sqlite
async def test_wins_that_are_taken_back_leave_the_digest(town: Town) -> None:
    await some_wins(town)
    await town.wait_until(FRIDAY)
    for beginning in ("A win, told by Chi", "A win, told by Dee"):
        await town.press("ana", "Change", on=town.post(beginning))
        await town.press("ana", "Take it back")
    assert town.post("One win").text == (f"One win since the last digest\n{FLYERS}")
    await town.press("ana", "Change", on=town.post("An effort"))
    await town.press("ana", "Take it back")
    assert [text for text in town.channel() if "stood here" in text] == [
        *["A win that stood here was taken back."] * 3,
        "The wins that stood here were taken back.",
    ]


async def test_a_digest_waits_for_the_end_of_the_quiet_hours_and_is_true_then(town: Town) -> None:
    await some_wins(town)
    await town.press("ana", "Change", on=town.post("A win, told by Dee"))
    await town.press("ana", "Take it back")
    await town.command("ana", "/drumbeat")
    await town.press("ana", "Settings")
    await town.fill("ana", quiet="15:00 to 08:00")
    await town.wait_until(FRIDAY)
    assert [text for text in town.channel() if "digest" in text] == []
    await town.press("ben", "Take my name out")
    await town.wait_until(datetime(2026, 11, 7, 7, 1, tzinfo=UTC))
    assert [text for text in town.channel() if "digest" in text] == [
        f"2 wins since the last digest\nWhat changed\n{LINE.replace('Ana and Ben', 'Ana')}\n{FLYERS}"
    ]


@sqlite
async def test_a_digest_that_nobody_has_seen_disappears_with_the_last_of_its_wins(town: Town) -> None:
    await town.start_movement()
    await report(town)
    await town.command("ana", "/drumbeat")
    await town.press("ana", "Settings")
    await town.fill("ana", quiet="15:00 to 08:00")
    await town.wait_until(FRIDAY)
    await town.press("chi", "Change", on=town.post("A win"))
    await town.press("chi", "Take it back")
    await town.wait_until(datetime(2026, 11, 7, 9, 0, tzinfo=UTC))
    assert [text for text in town.channel() if "digest" in text or "wins" in text] == []


@sqlite
async def test_three_hundred_wins_are_one_message(town: Town) -> None:
    await town.start_movement()
    await report(town)
    with town.drumbeat.database.transaction() as db:
        for number in range(300):
            db.add(
                Win(
                    movement_id=1,
                    once=f"w{number}",
                    reporter_id=None,
                    kind=("outcome", "effort")[number % 2],
                    what="*" * 600,
                    evidence="_1" * 150,
                    found=False,
                    taken_back=False,
                    at=town.clock(),
                )
            )
    await town.command("ana", "/win digest")
    shown = [text for text in town.channel() if "digest" in text]
    assert len(shown) == 1
    assert shown[0].startswith("301 wins since the last digest\nWhat changed\n• ")
    assert " more\nWhat people put in\n• ****" in shown[0]


@sqlite
async def test_the_digest_is_paused_like_any_ritual(town: Town) -> None:
    await some_wins(town)
    assert (
        "Win-digest: The wins of the week, once, if there were any.\nevery friday 16:00 (Europe/Berlin): "
        "next Fri 6 Nov 16:00, Fri 13 Nov 16:00, Fri 20 Nov 16:00" in await town.command("ana", "/rituals")
    )
