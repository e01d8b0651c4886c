from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.moments import (
    MomentError,
    read_clock,
    read_day,
    read_moment,
    spoken_day,
    spoken_moment,
    spoken_span,
)

BERLIN = "Europe/Berlin"
FRIDAY_TEN = datetime(2026, 11, 20, 9, tzinfo=UTC)  # ten o'clock in Berlin


@pytest.mark.parametrize(
    ("words", "clock"),
    [
        ("09:00", time(9)),
        ("9:00", time(9)),
        ("9am", time(9)),
        ("9 AM", time(9)),
        ("9.30pm", time(21, 30)),
        ("12am", time(0)),
        ("12 pm", time(12)),
        ("noon", time(12)),
        ("midnight", time(0)),
        ("23:59", time(23, 59)),
    ],
)
def test_a_time_of_day_is_read(words: str, clock: time) -> None:
    assert read_clock(words) == clock


@pytest.mark.parametrize("words", ["9", "24:00", "13pm", "0am", "9:60", "9:5", "18h", "", "noon sharp"])
def test_what_is_no_time_of_day_is_refused(words: str) -> None:
    with pytest.raises(MomentError) as refusal:
        read_clock(words)
    assert str(refusal.value) == f"'{words}' is not a time of day; write it like '18:00', '9am' or 'noon'."


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("today", date(2026, 11, 20)),
        ("Tomorrow", date(2026, 11, 21)),
        ("saturday", date(2026, 11, 21)),
        ("friday", date(2026, 11, 27)),
        ("next friday", date(2026, 11, 27)),
        ("next Mon", date(2026, 11, 23)),
        ("thurs", date(2026, 11, 26)),
        ("in 3 days", date(2026, 11, 23)),
        ("in a week", date(2026, 11, 27)),
        ("in 2 weeks", date(2026, 12, 4)),
        ("3 december", date(2026, 12, 3)),
        ("3rd of December", date(2026, 12, 3)),
        ("december 3", date(2026, 12, 3)),
        ("3 dec 2027", date(2027, 12, 3)),
        ("december 3rd, 2027", date(2027, 12, 3)),
        ("thu, 3 december", date(2026, 12, 3)),
        ("20 november", date(2026, 11, 20)),
        ("19 november", date(2027, 11, 19)),
        ("29 february", date(2028, 2, 29)),
        ("2026-12-03", date(2026, 12, 3)),
        ("2020-02-29", date(2020, 2, 29)),
    ],
)
def test_a_day_is_read(words: str, day: date) -> None:
    assert read_day(words, zone=BERLIN, now=FRIDAY_TEN) == day


def test_29_february_is_found_across_a_century_without_one() -> None:
    assert read_day("29 february", zone=BERLIN, now=datetime(2096, 3, 1, tzinfo=UTC)) == date(2104, 2, 29)


def test_today_is_the_movements_day_not_the_servers() -> None:
    late = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
    days = [read_day("today", zone=zone, now=late) for zone in ("UTC", BERLIN, "America/New_York")]
    assert days == [date(2026, 11, 20), date(2026, 11, 21), date(2026, 11, 20)]


@pytest.mark.parametrize(
    ("words", "local"),
    [
        ("2026-12-03T18:00", "2026-12-03 18:00"),
        ("2026-12-03 18:00", "2026-12-03 18:00"),
        ("2026-12-03T18:00:00", "2026-12-03 18:00"),
        ("2026-12-03 6pm", "2026-12-03 18:00"),
        ("2026-12-03T18:00Z", "2026-12-03 19:00"),
        ("2026-12-03T18:00:00.000Z", "2026-12-03 19:00"),
        ("2026-12-03T18:00+05:30", "2026-12-03 13:30"),
        ("3 december 18:00", "2026-12-03 18:00"),
        ("december 3 at 6 pm", "2026-12-03 18:00"),
        ("3 dec 2027, 18:00", "2027-12-03 18:00"),
        ("Thu 3 December, 18:00", "2026-12-03 18:00"),
        ("tomorrow 18:00", "2026-11-21 18:00"),
        ("tomorrow at noon", "2026-11-21 12:00"),
        ("today 9am", "2026-11-20 09:00"),
        ("friday 18:00", "2026-11-20 18:00"),
        ("friday 9am", "2026-11-27 09:00"),
        ("friday 10:00", "2026-11-27 10:00"),
        ("Fri 20 November, 09:00", "2026-11-20 09:00"),
        ("next friday 18:00", "2026-11-27 18:00"),
        ("20 november 18:00", "2026-11-20 18:00"),
        ("20 november 9am", "2027-11-20 09:00"),
        ("in 2 weeks 18:00", "2026-12-04 18:00"),
        ("in 2 hours", "2026-11-20 12:00"),
        ("in an hour", "2026-11-20 11:00"),
        ("in 90 minutes", "2026-11-20 11:30"),
    ],
)
def test_a_moment_is_read(words: str, local: str) -> None:
    expected = datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(BERLIN)).astimezone(UTC)
    at = read_moment(words, zone=BERLIN, now=FRIDAY_TEN)
    assert (at, at.tzinfo) == (expected, UTC)


@pytest.mark.parametrize(
    ("words", "instant"),
    [
        ("2026-03-29 02:30", datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),  # the clocks jump over it: 03:30 it is
        ("2026-10-25 02:30", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),  # comes twice: the first
        ("2026-10-25T02:30+01:00", datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),  # says itself that it is the second
    ],
)
def test_a_moment_at_the_change_of_clocks(words: str, instant: datetime) -> None:
    assert read_moment(words, zone=BERLIN, now=FRIDAY_TEN) == instant


DAY_EXAMPLES = "write it like 'friday', '3 december' or '2026-12-03'."
MOMENT_EXAMPLES = "write it like 'friday 18:00', '3 december 18:00' or 'tomorrow 9am'."


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("someday", f"I do not understand the day 'someday'; {DAY_EXAMPLES}"),
        ("friday 18:00", f"I do not understand the day 'friday 18:00'; {DAY_EXAMPLES}"),
        ("friday or so", f"I do not understand the day 'friday or so'; {DAY_EXAMPLES}"),
        ("next 3 december", f"I do not understand the day 'next 3 december'; {DAY_EXAMPLES}"),
        ("in 0 days", f"I do not understand the day 'in 0 days'; {DAY_EXAMPLES}"),
        ("03/12/2026", f"I do not understand the day '03/12/2026'; {DAY_EXAMPLES}"),
        ("3th december", f"I do not understand the day '3th december'; {DAY_EXAMPLES}"),
        ("31 june", f"There is no such day as '31 june'; {DAY_EXAMPLES}"),
        ("2026-02-29", f"There is no such day as '2026-02-29'; {DAY_EXAMPLES}"),
        ("0206-12-03", f"There is no such day as '0206-12-03'; {DAY_EXAMPLES}"),
        ("fri 3 december", "3 December 2026 is a Thursday, so 'fri 3 december' contradicts itself."),
        ("x" * 99, f"I do not understand the day '{'x' * 59}…'; {DAY_EXAMPLES}"),
    ],
)
def test_a_day_that_is_not_understood_is_refused_with_examples(words: str, sentence: str) -> None:
    with pytest.raises(MomentError) as refusal:
        read_day(words, zone=BERLIN, now=FRIDAY_TEN)
    assert str(refusal.value) == sentence


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("friday", "'friday' needs a time of day; write it like 'friday 18:00'."),
        ("2026-12-03", "'2026-12-03' needs a time of day; write it like '2026-12-03 18:00'."),
        ("friday 25:00", "'25:00' is not a time of day; write it like '18:00', '9am' or 'noon'."),
        ("friday 18:00 or so", f"I do not understand the time 'friday 18:00 or so'; {MOMENT_EXAMPLES}"),
        ("december 3 pm", f"I do not understand the time 'december 3 pm'; {MOMENT_EXAMPLES}"),
        ("18:00", f"I do not understand the time '18:00'; {MOMENT_EXAMPLES}"),
        ("", f"I do not understand the time ''; {MOMENT_EXAMPLES}"),
        ("2026-02-30T10:00", f"There is no such day as '2026-02-30T10:00'; {DAY_EXAMPLES}"),
        ("2026-12-03T18:61", f"'2026-12-03T18:61' is no time that exists; {MOMENT_EXAMPLES}"),
    ],
)
def test_a_moment_that_is_not_understood_is_refused_with_examples(words: str, sentence: str) -> None:
    with pytest.raises(MomentError) as refusal:
        read_moment(words, zone=BERLIN, now=FRIDAY_TEN)
    assert str(refusal.value) == sentence


def test_moments_are_told_with_the_year_only_when_it_is_another() -> None:
    told = [
        spoken_moment(datetime(2026, 12, 3, 17, tzinfo=UTC), BERLIN, now=FRIDAY_TEN),
        spoken_moment(datetime(2026, 12, 31, 23, 5, tzinfo=UTC), BERLIN, now=FRIDAY_TEN),
        spoken_day(date(2026, 12, 3), zone=BERLIN, now=FRIDAY_TEN),
        spoken_day(date(2027, 3, 1), zone=BERLIN, now=FRIDAY_TEN),
    ]
    assert told == ["Thu 3 December, 18:00", "Fri 1 January 2027, 00:05", "Thu 3 December", "Mon 1 March 2027"]


@pytest.mark.parametrize(
    ("span", "told"),
    [
        (timedelta(days=2), "2 days"),
        (timedelta(hours=3), "3 hours"),
        (timedelta(weeks=1), "1 week"),
        (timedelta(weeks=2), "2 weeks"),
        (timedelta(days=10), "10 days"),
        (timedelta(days=1), "1 day"),
        (timedelta(hours=36), "1 day and 12 hours"),
        (timedelta(days=1, minutes=5), "1 day"),
        (timedelta(minutes=90), "1 hour and 30 minutes"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(seconds=59), "less than a minute"),
    ],
)
def test_a_span_is_told_in_at_most_two_units(span: timedelta, told: str) -> None:
    assert spoken_span(span) == told


def test_a_span_that_runs_backwards_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="runs forward"):
        spoken_span(-timedelta(days=1))


@given(
    st.datetimes(datetime(2026, 11, 21), datetime(2199, 1, 1)),  # noqa: DTZ001 - Hypothesis wants them so
    st.sampled_from([BERLIN, "Asia/Kathmandu", "America/St_Johns", "UTC"]),
)
@settings(max_examples=200, deadline=None)
def test_what_is_told_can_be_typed_back(wall: datetime, zone: str) -> None:
    at = wall.replace(second=0, microsecond=0, tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC)
    assert read_moment(spoken_moment(at, zone, now=FRIDAY_TEN), zone=zone, now=FRIDAY_TEN) == at


PIECES = [
    "friday",
    "next",
    "in",
    "december",
    "3",
    "29",
    "2026",
    "-",
    ":",
    "T",
    "9am",
    "18:00",
    " ",
    ", ",
    "Z",
    "٣",
    "ß",
    "\0",
]


@given(st.lists(st.sampled_from(PIECES), max_size=8).map("".join))
@settings(max_examples=200, deadline=None)
def test_whatever_is_typed_gets_an_answer_or_a_sentence(words: str) -> None:
    for read in (read_day, read_moment):
        try:
            read(words, zone=BERLIN, now=FRIDAY_TEN)
        except MomentError as refusal:
            assert str(refusal).endswith(".")  # noqa: PT017 - both ends are right, this one has to be a sentence
