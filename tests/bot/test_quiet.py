from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.quiet import QuietHours, QuietHoursError, read_quiet_hours

BERLIN = "Europe/Berlin"
NIGHT = QuietHours(time(22), time(7))
NAP = QuietHours(time(13), time(15))
HINT = "write them like '22:00 to 07:00', '10pm to 7am' or 'none'."


@pytest.mark.parametrize("words", ["22:00 to 07:00", "From 22:00 until 7am", "10pm-7am", "10 PM – 7:00"])
def test_quiet_hours_are_read_and_kept_in_one_form(words: str) -> None:
    hours = read_quiet_hours(words)
    assert (hours, str(hours)) == (NIGHT, "22:00 to 07:00")


def test_a_movement_can_have_no_quiet_hours() -> None:
    assert read_quiet_hours(" None ") is None


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("at night", f"I do not understand the quiet hours 'at night'; {HINT}"),
        ("22:00", f"I do not understand the quiet hours '22:00'; {HINT}"),
        ("22:00 to 07:00 on sunday", f"I do not understand the quiet hours '22:00 to 07:00 on sunday'; {HINT}"),
        ("22:00 to 10pm", f"Quiet hours need a beginning and an end, 22:00 is both; {HINT}"),
        ("25:00 to 07:00", "'25:00' is not a time of day; write it like '18:00', '9am' or 'noon'."),
    ],
)
def test_quiet_hours_that_are_not_understood_are_refused_with_examples(words: str, sentence: str) -> None:
    with pytest.raises(QuietHoursError) as refusal:
        read_quiet_hours(words)
    assert str(refusal.value) == sentence


def test_quiet_hours_begin_and_end_on_a_whole_minute() -> None:
    with pytest.raises(QuietHoursError) as refusal:
        QuietHours(time(22, 0, 30), time(7))
    assert str(refusal.value) == f"Quiet hours begin and end on a whole minute; {HINT}"


def test_the_beginning_is_quiet_and_the_end_is_not() -> None:
    clocks = ["21:59:59", "22:00", "23:59:59", "00:00", "06:59:59", "07:00", "12:59", "13:00", "14:59", "15:00"]
    moments = [datetime.fromisoformat(f"2026-11-20T{clock}").replace(tzinfo=ZoneInfo(BERLIN)) for clock in clocks]
    quiet = {name: [clock for clock, at in zip(clocks, moments, strict=True) if hours.covers(at, BERLIN)]
             for name, hours in (("night", NIGHT), ("nap", NAP))}  # fmt: skip
    assert quiet == {"night": ["22:00", "23:59:59", "00:00", "06:59:59"], "nap": ["13:00", "14:59"]}


@pytest.mark.parametrize(
    ("hours", "zone", "at", "end"),
    [
        ("22:00 to 07:00", BERLIN, "2026-11-20T21:30", "2026-11-20T21:30"),
        ("22:00 to 07:00", BERLIN, "2026-11-20T22:00", "2026-11-21T07:00"),
        ("22:00 to 07:00", BERLIN, "2026-11-21T03:00", "2026-11-21T07:00"),
        ("22:00 to 07:00", BERLIN, "2026-11-21T07:00", "2026-11-21T07:00"),
        ("13:00 to 15:00", BERLIN, "2026-11-21T14:10:30.5", "2026-11-21T15:00"),
        # Nights an hour shorter and an hour longer still end at seven.
        ("22:00 to 07:00", BERLIN, "2026-03-28T23:00", "2026-03-29T07:00"),
        ("22:00 to 07:00", BERLIN, "2026-10-24T23:00", "2026-10-25T07:00"),
        # 02:30 does not come: at 03:00 it is over.
        ("22:00 to 02:30", BERLIN, "2026-03-29T01:00", "2026-03-29T03:00"),
        ("22:00 to 02:15", "Australia/Lord_Howe", "2026-10-04T01:00", "2026-10-04T02:30"),
        ("22:00 to 00:30", "America/Havana", "2026-03-07T23:00", "2026-03-08T01:00"),
    ],
)
def test_quiet_ends_when_clocks_say_so(hours: str, zone: str, at: str, end: str) -> None:
    quiet = read_quiet_hours(hours)
    start, expected = (datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)) for text in (at, end))
    assert quiet is not None
    assert quiet.ends_after(start, zone) == expected.astimezone(UTC)


def test_an_hour_that_comes_twice_is_quiet_twice() -> None:
    hours = QuietHours(time(22), time(2, 30))
    first, second = datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    starts = [first - timedelta(minutes=15), first, second - timedelta(minutes=15), second]
    assert [hours.ends_after(at, BERLIN) for at in starts] == [first, first, second, second]


MINUTES = st.times().map(lambda clock: clock.replace(second=0, microsecond=0))


@given(
    MINUTES,
    MINUTES,
    st.sampled_from([BERLIN, "Australia/Lord_Howe", "America/Havana", "America/Nuuk"]),
    st.sampled_from(
        [datetime(2026, month, day, tzinfo=UTC) for month, day in ((3, 7), (3, 28), (4, 4), (10, 3), (10, 24))]
    ),
    st.integers(0, 48 * 60),
)
@settings(max_examples=200, deadline=None)
def test_it_is_quiet_up_to_the_end_and_not_at_the_end(
    start: time, end: time, zone: str, day: datetime, minutes: int
) -> None:
    if start == end:
        return
    hours, at = QuietHours(start, end), day + timedelta(minutes=minutes)
    found = hours.ends_after(at, zone)
    between = [at + timedelta(minutes=n) for n in range((found - at) // timedelta(minutes=1))]
    assert not hours.covers(found, zone)
    assert [moment for moment in between if not hours.covers(moment, zone)] == []
