"""When a ritual comes round: paused, skipped, moved, changed, right across clock changes and times of silence."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.chat import Action, Problems
from bot.tables import Occurrence
from tests.town import BERLIN, RIVER, Found, Town, where_moments_are_typed

sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

PLAN = "every monday 09:00 (Europe/Berlin): next Mon 2 Nov 09:00, Mon 9 Nov 09:00, Mon 16 Nov 09:00"
WHAT = "Check-in: Everybody says in two minutes where they are and what comes next."


def at(*parts: int) -> datetime:
    """A time on Berlin's clocks."""
    return datetime(*parts, tzinfo=BERLIN).astimezone(UTC)  # type: ignore[misc, arg-type]


def boards(town: Town) -> list[str]:
    """The first lines of the check-ins in the channel."""
    return [text.split("\n")[0] for text in town.channel() if text.startswith("Check-in, ")]


def slots(town: Town) -> list[tuple[str, str]]:
    """What became of each planned time, on Berlin's clocks."""
    rows = sorted(town.rows(Occurrence), key=lambda row: str(row["planned_at"]))
    found = []
    for row in rows:
        planned = row["planned_at"]
        assert isinstance(planned, datetime)
        found.append((f"{planned.astimezone(BERLIN):%d %b %H:%M}", str(row["state"])))
    return found


@sqlite
async def test_rituals_shows_a_member_the_plan_and_an_organizer_also_the_buttons(town: Town) -> None:
    await town.start_movement()
    plain = f"{WHAT}\n{PLAN}.\nOwner: Ana. No understudy yet."
    assert await town.command("chi", "/rituals") == plain
    assert await town.command("ana", "/rituals") == (f"{plain}\n[Change] [Skip the next] [Move the next] [Pause]")


@sqlite
async def test_the_check_in_opens_at_its_time(town: Town) -> None:
    await town.start_movement()
    await town.wait_until(at(2026, 11, 2, 8, 59))
    assert boards(town) == []
    await town.wait_until(at(2026, 11, 2, 9, 0))
    assert boards(town) == ["Check-in, Mon 2 November"]


# ------------------------------------------------------------------------------------------------ pause and resume


async def test_a_paused_ritual_stays_silent_until_it_is_resumed(town: Town) -> None:
    await town.start_movement()
    await town.command("ana", "/rituals")
    assert await town.press("ana", "Pause") == (
        "The check-in is paused. One that is open now runs to its close; no new one opens until you resume it.\n"
        "[Change] [Resume]"
    )
    assert await town.command("chi", "/rituals") == (
        f"{WHAT}\nevery monday 09:00, paused.\nOwner: Ana. No understudy yet."
    )
    await town.wait_until(at(2026, 11, 18, 12, 0))
    assert boards(town) == []
    assert await town.press("ana", "Resume") == (
        "The check-in is on again: every monday 09:00 (Europe/Berlin): next Mon 23 Nov 09:00, Mon 30 Nov 09:00, "
        "Mon 7 Dec 09:00."
    )
    await town.wait_until(at(2026, 11, 23, 9, 0))
    assert boards(town) == ["Check-in, Mon 23 November"]
    assert town.inbox("ana") == []


@sqlite
async def test_what_is_open_when_a_ritual_is_paused_still_closes(town: Town) -> None:
    board = await town.open_check_in()
    await town.command("ana", "/rituals")
    await town.press("ana", "Pause")
    await town.wait(days=2)
    assert town.thread(board) == ["The check-in of Mon 2 November is closed. Nobody answered this time."]


# ------------------------------------------------------------------------------------------------ skip


async def test_the_next_one_can_be_skipped_and_nobody_misses_it(town: Town) -> None:
    await town.start_movement()
    await town.command("ana", "/rituals")
    assert await town.press("ana", "Skip the next") == (
        "The check-in of Mon 2 November, 09:00 is skipped. The next one comes Mon 9 November, 09:00."
    )
    await town.wait_until(at(2026, 11, 9, 10, 0))
    assert boards(town) == ["Check-in, Mon 9 November"]
    assert slots(town) == [("02 Nov 09:00", "excused"), ("09 Nov 09:00", "open")]


@sqlite
async def test_skipped_less_than_an_hour_before_it_counts_as_missed(town: Town) -> None:
    await town.start_movement()
    await town.command("ana", "/rituals")
    await town.wait_until(at(2026, 11, 2, 8, 30))
    await town.press("ana", "Skip the next")
    assert slots(town) == [("02 Nov 09:00", "missed")]


@sqlite
async def test_a_second_tap_on_the_same_button_skips_no_more(town: Town) -> None:
    await town.start_movement()
    await town.command("ana", "/rituals")
    shown = town.room.whispers("ana")[-1]
    await town.press("ana", "Skip the next", on=shown)
    assert await town.press("ana", "Skip the next", on=shown) == (
        "That check-in is not the next one any more. This is how it stands: every monday 09:00 (Europe/Berlin): next "
        "Mon 9 Nov 09:00, Mon 16 Nov 09:00, Mon 23 Nov 09:00."
    )
    assert slots(town) == [("02 Nov 09:00", "excused")]


# ------------------------------------------------------------------------------------------------ move


@sqlite
async def test_the_next_one_can_be_moved_and_the_others_stay(town: Town) -> None:
    await town.start_movement()
    await town.command("ana", "/rituals")
    assert await town.press("ana", "Move the next") == "Move the next one\nMove it to\n[Move it]"
    assert await town.fill("ana", when="2026-11-04 17:30") == (
        "The next check-in comes Wed 4 November, 17:30. The ones after it stay as planned."
    )
    assert (await town.command("chi", "/rituals")).split("\n")[1] == (
        "every monday 09:00 (Europe/Berlin): next Wed 4 Nov 17:30, Mon 9 Nov 09:00, Mon 16 Nov 09:00."
    )
    await town.wait_until(at(2026, 11, 9, 9, 0))
    assert boards(town) == ["Check-in, Wed 4 November", "Check-in, Mon 9 November"]


@where_moments_are_typed
@sqlite
@pytest.mark.parametrize(
    ("when", "problem"),
    [
        ("2026-10-30 09:00", "when: That time has passed. Choose one that is still ahead."),
        (
            "2026-11-09 09:00",
            "when: The one after it comes Mon 9 November, 09:00. Choose an earlier time, or skip one.",
        ),
        (
            "tomorrow 23:00",
            (
                "when: That lies in your quiet hours (22:00 to 07:00). Choose another time, or change the quiet "
                "hours with /drumbeat."
            ),
        ),
        ("tomorrow", "when: 'tomorrow' needs a time of day; write it like 'tomorrow 18:00'."),
    ],
)
async def test_a_time_it_cannot_be_moved_to_gets_a_sentence(town: Town, when: str, problem: str) -> None:
    await town.start_movement()
    await town.command("ana", "/rituals")
    await town.press("ana", "Move the next")
    assert await town.fill("ana", when=when) == problem


@sqlite
async def test_one_that_was_skipped_can_be_moved_back_to_its_time(town: Town) -> None:
    await town.start_movement()
    await town.command("ana", "/rituals")
    await town.press("ana", "Skip the next")
    await town.command("ana", "/rituals")
    await town.press("ana", "Move the next")
    await town.fill("ana", when="2026-11-02 09:00")
    await town.wait_until(at(2026, 11, 2, 9, 0))
    assert boards(town) == ["Check-in, Mon 2 November"]


@sqlite
async def test_a_move_that_was_begun_before_another_one_opened_moves_nothing(town: Town) -> None:
    await town.start_movement()
    await town.command("ana", "/rituals")
    await town.press("ana", "Move the next")
    await town.wait_until(at(2026, 11, 2, 9, 0))
    assert await town.fill("ana", when="2026-11-04 17:30") == (
        "That check-in is not the next one any more. Type /rituals to see what is."
    )


# ------------------------------------------------------------------------------------------------ change


async def test_a_new_cadence_is_shown_back_in_words_with_its_next_three_dates(town: Town) -> None:
    await town.start_movement()
    await town.command("ana", "/rituals")
    assert await town.press("ana", "Change") == "Change the ritual\nWhen?\nOwner\nUnderstudy\n[Save]"
    assert await town.fill("ana", cadence="Every other Friday at 4pm", owner=("ben",), understudy=("chi",)) == (
        "Saved. Check-in: every other friday 16:00 (Europe/Berlin): next Fri 6 Nov 16:00, Fri 20 Nov 16:00, "
        "Fri 4 Dec 16:00."
    )
    assert (await town.command("dee", "/rituals")).endswith("\nOwner: Ben. Understudy: Chi.")
    await town.wait_until(at(2026, 11, 21, 9, 0))
    assert boards(town) == ["Check-in, Fri 6 November", "Check-in, Fri 20 November"]


@sqlite
async def test_on_demand_nothing_is_planned(town: Town) -> None:
    await town.start_movement()
    await town.command("ana", "/rituals")
    await town.press("ana", "Change")
    assert await town.fill("ana", cadence="on demand") == "Saved. Check-in: on demand."
    await town.wait(days=14)
    assert boards(town) == []
    assert (await town.command("ana", "/rituals")).endswith("\n[Change]")


@sqlite
@pytest.mark.parametrize(
    ("written", "problem"),
    [
        (
            "when the moon is full",
            (
                "cadence: I do not understand 'when the moon is full'; write it like 'every monday 09:00', "
                "'every other friday 16:00' or 'last day of the month 17:00'."
            ),
        ),
        (
            "every monday 23:00",
            (
                "cadence: That lies in your quiet hours (22:00 to 07:00). Choose another time, or change the quiet "
                "hours with /drumbeat."
            ),
        ),
    ],
)
async def test_a_cadence_that_cannot_be_gets_a_sentence(town: Town, written: str, problem: str) -> None:
    await town.start_movement()
    await town.command("ana", "/rituals")
    await town.press("ana", "Change")
    assert await town.fill("ana", cadence=written) == problem
    assert (await town.command("chi", "/rituals")).split("\n")[1] == f"{PLAN}."


@sqlite
async def test_every_mistake_in_a_change_is_told_at_once(town: Town) -> None:
    await town.start_movement()
    await town.command("ana", "/rituals")
    await town.press("ana", "Change")
    answer = await town.send_past_the_form("ana", cadence="", owner=("eli",), understudy=("nobody",))
    who = "Please choose a member of this movement."
    assert answer == Problems({"cadence": "Please fill this in.", "owner": who, "understudy": who})


@sqlite
async def test_nobody_understudies_themselves(town: Town) -> None:
    await town.start_movement()
    await town.command("ana", "/rituals")
    await town.press("ana", "Change")
    assert await town.fill("ana", owner=("ben",), understudy=("ben",)) == (
        "understudy: The understudy must be somebody else than the owner."
    )


@sqlite
async def test_a_ritual_whose_owner_left_belongs_to_nobody(town: Town) -> None:
    await town.start_movement()
    await town.command("ana", "/rituals")
    await town.press("ana", "Change")
    await town.fill("ana", owner=("ben",), understudy=("chi",))
    await town.room.leave("ben", RIVER)
    assert (await town.command("chi", "/rituals")).endswith("\nNobody owns it right now. Understudy: Chi.")


@sqlite
async def test_a_member_cannot_change_the_schedule(town: Town) -> None:
    await town.start_movement()
    place = town.place(RIVER)
    for verb in ("change", "move"):
        answer = await town.submit("chi", Action("rituals", verb, "1", 1), {"cadence": "on demand"}, place=place)
        assert answer == Problems({"": "Only an organizer can do this."})
    await town.command("ana", "/rituals")
    assert (await town.command("chi", "/rituals")).split("\n")[1] == f"{PLAN}."


# ------------------------------------------------------------------------------------------------ clock changes


async def set_cadence(town: Town, words: str, *, zone: str = "Europe/Berlin", quiet: str = "none") -> None:
    await town.command("ana", "/drumbeat")
    await town.press("ana", "Settings")
    await town.fill("ana", zone=zone, quiet=quiet)
    await town.command("ana", "/rituals")
    await town.press("ana", "Change")
    await town.fill("ana", cadence=words)


@sqlite
async def test_across_the_end_of_summer_time_the_check_in_keeps_its_hour(found_town: Found) -> None:
    town = await found_town(at=at(2026, 10, 18, 12, 0))
    await town.start_movement()
    for week in (19, 26):
        await town.wait_until(at(2026, 10, week, 8, 59))
        before = len(boards(town))
        await town.wait(minutes=1)
        assert len(boards(town)) == before + 1
    assert slots(town) == [("19 Oct 09:00", "missed"), ("26 Oct 09:00", "open")]


@sqlite
async def test_an_hour_that_comes_twice_opens_one_check_in(found_town: Found) -> None:
    town = await found_town(at=at(2026, 10, 24, 12, 0))
    await town.start_movement()
    await set_cadence(town, "every sunday 02:30")
    await town.wait_until(at(2026, 10, 25, 12, 0))
    assert boards(town) == ["Check-in, Sun 25 October"]
    assert [row["opened_at"] for row in town.rows(Occurrence)] == [datetime(2026, 10, 25, 0, 30, tzinfo=UTC)]


@sqlite
async def test_an_hour_that_the_clocks_jump_over_still_opens_the_check_in(found_town: Found) -> None:
    town = await found_town(at=at(2026, 3, 28, 12, 0))
    await town.start_movement()
    await set_cadence(town, "every sunday 02:30")
    await town.wait_until(at(2026, 4, 5, 12, 0))
    assert boards(town) == ["Check-in, Sun 29 March", "Check-in, Sun 5 April"]
    # Half past two does not exist on the 29th: the clocks show half past three at that instant.
    assert [row["opened_at"] for row in town.rows(Occurrence)] == [
        datetime(2026, 3, 29, 1, 30, tzinfo=UTC),
        datetime(2026, 4, 5, 0, 30, tzinfo=UTC),
    ]


@sqlite
async def test_a_new_time_zone_keeps_the_time_of_day(town: Town) -> None:
    await town.start_movement()
    await town.command("ana", "/drumbeat")
    await town.press("ana", "Settings")
    await town.fill("ana", zone="America/New_York")
    assert (await town.command("chi", "/rituals")).split("\n")[1] == (
        "every monday 09:00 (America/New_York): next Mon 2 Nov 09:00, Mon 9 Nov 09:00, Mon 16 Nov 09:00."
    )
    await town.wait_until(datetime(2026, 11, 2, 13, 59, tzinfo=UTC))
    assert boards(town) == []
    await town.wait(minutes=1)
    assert boards(town) == ["Check-in, Mon 2 November"]


# ------------------------------------------------------------------------------------------------ silence and quiet


async def test_after_a_short_silence_the_check_in_is_caught_up_with_once(town: Town) -> None:
    await town.start_movement()
    town.jump(at(2026, 11, 2, 14, 0))
    await town.restart()
    await town.settle()
    assert boards(town) == ["Check-in, Mon 2 November"]
    assert slots(town) == [("02 Nov 09:00", "open")]
    assert town.inbox("ana") == []


async def test_after_a_long_silence_it_is_skipped_and_the_organizers_are_told(town: Town) -> None:
    await town.start_movement()
    town.jump(at(2026, 11, 11, 14, 0))
    await town.restart()
    await town.settle()
    assert boards(town) == []
    assert slots(town) == [("02 Nov 09:00", "missed"), ("09 Nov 09:00", "missed")]
    assert town.inbox("ana") == [
        (
            "I was not running for a while. 2 check-ins did not take place (Mon 2 November, 09:00, Mon 9 November, "
            "09:00). Nothing was posted late; the next one comes as planned."
        )
    ]
    assert town.inbox("chi") == []
    await town.wait_until(at(2026, 11, 16, 9, 0))
    assert boards(town) == ["Check-in, Mon 16 November"]


@sqlite
async def test_of_several_missed_only_the_latest_within_grace_is_opened(town: Town) -> None:
    await town.start_movement()
    town.jump(at(2026, 11, 9, 12, 0))
    await town.restart()
    await town.settle()
    assert boards(town) == ["Check-in, Mon 9 November"]
    assert slots(town) == [("02 Nov 09:00", "missed"), ("09 Nov 09:00", "open")]
    assert len(town.inbox("ana")) == 1


@sqlite
async def test_the_close_that_fell_into_a_silence_is_made_up_for(town: Town) -> None:
    board = await town.open_check_in()
    await town.say("chi", "Fine here", under=board)
    town.jump(at(2026, 11, 5, 12, 0))
    await town.restart()
    await town.settle()
    assert town.thread(board) == [
        "Fine here",
        "The check-in of Mon 2 November is closed. One person answered. Thank you.",
    ]


@sqlite
async def test_what_is_planned_in_quiet_hours_is_posted_when_they_end(town: Town) -> None:
    await town.start_movement()
    await town.command("ana", "/drumbeat")
    await town.press("ana", "Settings")
    await town.fill("ana", quiet="20:00 to 10:00")
    await town.wait_until(at(2026, 11, 2, 9, 59))
    assert boards(town) == []
    await town.wait(minutes=1)
    assert boards(town) == ["Check-in, Mon 2 November"]


@sqlite
async def test_what_somebody_asks_for_is_posted_also_in_quiet_hours(town: Town) -> None:
    await town.start_movement()
    await town.wait_until(at(2026, 11, 1, 23, 30))
    await town.command("ana", "/checkin now")
    assert boards(town) == ["Check-in, Sun 1 November"]


@sqlite
async def test_over_a_month_nothing_is_posted_twice(town: Town) -> None:
    await town.start_movement()
    await town.wait(timedelta(weeks=4))
    posted = [(call.place.lane, call.text) for call in town.room.calls if call.kind == "post"]
    # The announcement; and each week a check-in, its summary and four reminders.
    assert len(posted) == len(set(posted)) == 1 + 4 * 6
