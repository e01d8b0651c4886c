"""What people's own calendars read, checked with parsers that did not write it: ical for events, dateutil for zones."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from dateutil.tz import datetime_ambiguous, datetime_exists, tzical  # type: ignore[import-untyped]
from hypothesis import given, settings
from hypothesis import strategies as st
from ical.calendar import Calendar
from ical.calendar_stream import IcsCalendarStream
from ical.event import Event

from bot.cadence import Cadence, read_cadence
from bot.calendars import Entry, Repeated, as_sent, file_name, write_calendar
from bot.moments import WEEKDAYS

BERLIN = "Europe/Berlin"
DAY = timedelta(days=1)
CHANGED = datetime(2026, 10, 28, 9, 0, tzinfo=UTC)
TOWN_HALL = Entry(
    uid="b0a7",
    title="Town hall",
    starts_at=datetime(2026, 11, 5, 17, 0, tzinfo=UTC),
    minutes=90,
    changed_at=CHANGED,
    kind="town hall",
    place="https://meet.example.org/river?room=1,2;3",
    words="What do we do in winter?\n\nHost: Ben",
)
WHOLE = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Drumbeat//Gatherings//EN
CALSCALE:GREGORIAN
NAME:Open data: my gatherings
X-WR-CALNAME:Open data: my gatherings
REFRESH-INTERVAL;VALUE=DURATION:PT1H
X-PUBLISHED-TTL:PT1H
X-WR-TIMEZONE:Europe/Berlin
BEGIN:VEVENT
SUMMARY:Town hall
DTSTART:20261105T170000Z
DTEND:20261105T183000Z
DTSTAMP:20261028T090000Z
UID:b0a7@drumbeat
SEQUENCE:0
CATEGORIES:town hall
DESCRIPTION:What do we do in winter?\\n\\nHost: Ben
LAST-MODIFIED:20261028T090000Z
LOCATION:https://meet.example.org/river?room=1\\,2\\;3
STATUS:CONFIRMED
TRANSP:OPAQUE
URL:https://meet.example.org/river?room=1,2;3
END:VEVENT
END:VCALENDAR
"""


def read(written: str) -> Calendar:
    """Read a calendar as a calendar program does: from what is sent."""
    return IcsCalendarStream.calendar_from_ics(as_sent(written).decode())


def starts(written: str, count: int) -> list[datetime]:
    """When the events of a calendar begin, as the parser tells it."""
    return [begin(event) for event in islice(read(written).timeline, count)]


def begin(event: Event) -> datetime:
    assert isinstance(event.dtstart, datetime)
    return event.dtstart.astimezone(UTC)


def upcoming(cadence: Cadence, anchor: datetime, count: int, *, zone: str = BERLIN) -> list[datetime]:
    return [*cadence.upcoming(anchor - datetime.resolution, zone=zone, anchor=anchor, count=count)]


def weekly(**parts: object) -> Repeated:
    series = Repeated(
        entry=replace(TOWN_HALL, uid="5e71"), cadence=read_cadence("every thursday 18:00"), anchor=CHANGED
    )
    return replace(series, **parts)  # type: ignore[arg-type]


# ------------------------------------------------------------------------------------------------ single ones


def test_one_gathering_is_written_whole() -> None:
    assert write_calendar([TOWN_HALL], zone=BERLIN, name="Open data: my gatherings") == WHOLE


def test_another_parser_reads_what_was_meant() -> None:
    (event,) = read(WHOLE).events
    told = event.summary, event.description, event.location, str(event.url), event.sequence, event.status
    assert told == (
        "Town hall",
        "What do we do in winter?\n\nHost: Ben",
        "https://meet.example.org/river?room=1,2;3",
        "https://meet.example.org/river?room=1,2;3",
        0,
        "CONFIRMED",
    )
    assert (begin(event), event.computed_duration) == (TOWN_HALL.starts_at, timedelta(minutes=90))


def test_a_cancelled_one_says_so_to_every_program_and_takes_nobodys_time() -> None:
    cancelled = replace(TOWN_HALL, cancelled=True, revision=3, changed_at=CHANGED + DAY)
    (event,) = read(write_calendar([cancelled], zone=BERLIN)).events
    told = event.summary, event.status, event.sequence, event.transparency, event.last_modified
    assert told == ("Cancelled: Town hall", "CANCELLED", 3, "TRANSPARENT", CHANGED + DAY)


def test_a_maybe_is_tentative() -> None:
    (event,) = read(write_calendar([replace(TOWN_HALL, tentative=True)], zone=BERLIN)).events
    assert (event.status, event.transparency) == ("TENTATIVE", "TRANSPARENT")


def test_a_calendar_without_gatherings_is_one_all_the_same() -> None:
    assert read(write_calendar([], zone=BERLIN, name="Open data")).events == []


NASTY = st.text(st.characters(codec="utf-8"), min_size=1, max_size=200) | st.sampled_from(
    ["a\r\nEND:VEVENT\r\nBEGIN:VALARM", "\\n\\,;:\"'", "SUMMARY:x", "ü" * 90, "👩‍👩‍👧" * 40, "\u2028\u0085x"]
)


@given(NASTY, NASTY, NASTY)
def test_whatever_people_wrote_stays_where_it_was_written(title: str, place: str, words: str) -> None:
    entry = replace(TOWN_HALL, title=f"T{title}", place=f"P{place}", words=f"W{words}")
    sent = as_sent(write_calendar([entry], [weekly(entry=replace(entry, uid="5e71"))], zone=BERLIN, name=f"N{title}"))
    assert all(len(line) <= 75 for line in sent.split(b"\r\n"))
    assert re.findall(rb"[\r\n]", sent.replace(b"\r\n", b"")) == []
    unfolded = sent.replace(b"\r\n ", b"").decode().splitlines()
    names = [line for line in unfolded if re.match(r"(BEGIN|END):", line)]
    assert [line for line in names if "VEVENT" in line] == ["BEGIN:VEVENT", "END:VEVENT"] * 2
    assert not any("VALARM" in line for line in names)
    for event in IcsCalendarStream.calendar_from_ics(sent.decode()).events:
        told = event.summary or "", event.location or "", event.description or ""
        assert [part[0] for part in told] == ["T", "P", "W"]


def test_a_file_is_named_by_what_and_when_in_letters_that_every_disk_takes() -> None:
    at = datetime(2026, 11, 5, 23, 30, tzinfo=UTC)  # in Berlin the next day has begun
    named = [file_name(title, at, zone=BERLIN) for title in ("Town hall", "Ümläut & Söhne!", "议事", "x" * 90)]
    assert named == [
        "town-hall-2026-11-06.ics",
        "ml-ut-s-hne-2026-11-06.ics",
        "gathering-2026-11-06.ics",
        "x" * 45 + "-2026-11-06.ics",
    ]


# ------------------------------------------------------------------------------------------------ series


def test_a_series_is_one_rule_in_the_zone_of_the_movement() -> None:
    written = write_calendar([], [weekly()], zone=BERLIN)
    assert "\nDTSTART;TZID=Europe/Berlin:20261029T180000\n" in written
    assert "\nRRULE:FREQ=WEEKLY;BYDAY=TH\n" in written
    assert starts(written, 30) == upcoming(weekly().cadence, CHANGED, 30)


def test_what_is_off_moved_or_different_is_told_one_by_one() -> None:
    first, second, third, fourth, fifth = upcoming(weekly().cadence, CHANGED, 5)
    known = (
        (first, replace(TOWN_HALL, starts_at=first)),
        (second, replace(TOWN_HALL, starts_at=second, cancelled=True)),
        (third, replace(TOWN_HALL, starts_at=third + DAY, revision=2)),
        (fourth, None),
        (fifth, replace(TOWN_HALL, starts_at=fifth, title="Winter hall", minutes=30)),
    )
    written = write_calendar([], [weekly(known=known)], zone=BERLIN)
    assert "\nEXDATE;TZID=Europe/Berlin:20261105T180000,20261119T180000\n" in written
    assert written.count("BEGIN:VEVENT") == 3
    shown = [(begin(one), one.summary, one.computed_duration) for one in islice(read(written).timeline, 4)]
    long, short = timedelta(minutes=90), timedelta(minutes=30)
    assert shown == [
        (first, "Town hall", long),
        (third + DAY, "Town hall", long),
        (fifth, "Winter hall", short),
        (fifth + 7 * DAY, "Town hall", long),
    ]


def test_a_series_ends_with_the_last_one_that_may_begin() -> None:
    first, second, third = upcoming(weekly().cadence, CHANGED, 3)
    until = third + timedelta(seconds=1)
    assert starts(write_calendar([], [weekly(until=until)], zone=BERLIN), 9) == [first, second, third]
    until = third
    assert starts(write_calendar([], [weekly(until=until)], zone=BERLIN), 9) == [first, second]
    assert starts(write_calendar([], [weekly(until=first)], zone=BERLIN), 9) == []


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe"])
def test_a_time_of_night_that_clocks_jump_over_is_off_or_moved_by_its_own_name(zone: str) -> None:
    cadence, anchor = read_cadence("every day 02:15"), datetime(2027, 3, 1, tzinfo=UTC)
    series = weekly(cadence=cadence, anchor=anchor)
    slots = upcoming(cadence, anchor, 400, zone=zone)
    assert starts(write_calendar([], [series], zone=zone), 400) == slots
    plain = tuple((slot, replace(series.entry, uid="b0a7", starts_at=slot)) for slot in slots[:390])
    told = write_calendar([], [replace(series, known=plain)], zone=zone)
    assert starts(told, 400) == slots
    # In the nights in which clocks change, it is told as an instant, which no program can take for another.
    assert told.count("RECURRENCE-ID") == {"UTC": 0, "Australia/Lord_Howe": 1}.get(zone, 2)
    off = replace(series, known=tuple((slot, None) for slot in slots[:390]))
    assert starts(write_calendar([], [off], zone=zone), 10) == slots[390:]
    moved = replace(TOWN_HALL, minutes=15)
    later = [(slot, replace(moved, starts_at=slot + timedelta(hours=1))) for slot in slots[:390]]
    hour_later = write_calendar([], [replace(series, known=tuple(later))], zone=zone)
    assert starts(hour_later, 390) == [slot + timedelta(hours=1) for slot in slots[:390]]


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        ("every month on the 28th 10:00", "FREQ=MONTHLY;BYMONTHDAY=28"),
        ("every month on the 31st 10:00", "FREQ=MONTHLY;BYMONTHDAY=-1"),
        ("every quarter on the 30th 10:00", "FREQ=MONTHLY;BYMONTHDAY=30;BYMONTH=1,4,7,10"),
        ("every month on the 30th 10:00", "FREQ=MONTHLY;BYMONTHDAY=30"),
    ],
)
def test_the_last_days_of_months_are_told_in_rules_that_every_program_knows(words: str, rule: str) -> None:
    series = weekly(cadence=read_cadence(words))
    written = write_calendar([], [series], zone=BERLIN)
    assert f"\nRRULE:{rule}\n" in written
    assert starts(written, 150) == upcoming(series.cadence, CHANGED, 150)


DAYS = st.lists(st.sampled_from(WEEKDAYS), min_size=1, unique=True).map(" and ".join)
PERIODS = st.sampled_from(["month", "quarter"])
NUMBERS = st.sampled_from(["1st", "2nd", "15th", "28th", "29th", "30th", "31st"])
RHYTHMS = st.one_of(
    st.sampled_from(["every day", "every weekday", "quarterly"]),
    st.builds("every {}".format, DAYS),
    st.builds("every {} weeks on {}".format, st.integers(1, 10), DAYS),
    st.builds(
        "{} {} of the {}".format,
        st.sampled_from(["first", "fourth", "last"]),
        st.sampled_from(["day", *WEEKDAYS]).filter(lambda day: day != "day"),
        PERIODS,
    ),
    st.builds("last day of the {}".format, PERIODS),
    st.builds("every {} on the {}".format, PERIODS, NUMBERS),
)
CADENCES = st.builds("{} {:%H:%M}".format, RHYTHMS, st.times()).map(read_cadence)
ZONES = st.sampled_from(
    ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Kolkata"]
)
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@settings(max_examples=60)
@given(CADENCES, ZONES, MOMENTS, st.lists(st.sampled_from(["as meant", "off", "moved"]), max_size=6))
def test_every_cadence_comes_round_in_a_calendar_as_it_does_with_us(
    cadence: Cadence, zone: str, anchor: datetime, fates: list[str]
) -> None:
    slots = upcoming(cadence, anchor, 24, zone=zone)
    shift = timedelta(minutes=10)
    known, expected = [], slots[len(fates) :]
    for slot, fate in zip(slots, fates, strict=False):
        at = slot + shift if fate == "moved" else slot
        known.append((slot, None if fate == "off" else replace(TOWN_HALL, starts_at=at, minutes=5)))
        expected += [] if fate == "off" else [at]
    series = Repeated(entry=replace(TOWN_HALL, minutes=5), cadence=cadence, anchor=anchor, known=tuple(known))
    written = write_calendar([], [series], zone=zone)
    assert starts(written, len(expected)) == sorted(expected)


# ------------------------------------------------------------------------------------------------ zones


def test_a_zone_is_described_as_the_format_has_it() -> None:
    """The rules are those of RFC 5545's own example for New York: a change is told by the clocks before it."""
    series = weekly(anchor=datetime(2008, 2, 1, tzinfo=UTC))
    written = write_calendar([], [series], zone="America/New_York")
    assert written.partition("BEGIN:VTIMEZONE\n")[2].partition("END:VTIMEZONE")[0] == (
        "TZID:America/New_York\n"
        "BEGIN:STANDARD\nDTSTART:20070101T000000\nTZNAME:EST\nTZOFFSETFROM:-0500\nTZOFFSETTO:-0500\nEND:STANDARD\n"
        "BEGIN:DAYLIGHT\nDTSTART:20070311T020000\nRRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3\n"
        "TZNAME:EDT\nTZOFFSETFROM:-0500\nTZOFFSETTO:-0400\nEND:DAYLIGHT\n"
        "BEGIN:STANDARD\nDTSTART:20071104T020000\nRRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=11\n"
        "TZNAME:EST\nTZOFFSETFROM:-0400\nTZOFFSETTO:-0500\nEND:STANDARD\n"
    )


@pytest.mark.parametrize(
    "name",
    [
        "Europe/Berlin",
        "Europe/Dublin",
        "America/New_York",
        "America/Santiago",
        "Asia/Jerusalem",
        "Asia/Kolkata",
        "Africa/Casablanca",
        "Australia/Lord_Howe",
        "Pacific/Chatham",
    ],
)
def test_programs_that_do_not_know_a_zone_are_told_how_its_clocks_run(name: str) -> None:
    series = weekly(cadence=read_cadence("every day 12:00"), anchor=datetime(2026, 1, 1, tzinfo=UTC))
    told = tzical(io.StringIO(write_calendar([], [series], zone=name))).get(name)
    zone, wall = ZoneInfo(name), datetime(2026, 1, 1, 0, 30)  # noqa: DTZ001 - what clocks show
    wrong = []
    while wall.year < 2029:
        if datetime_exists(wall, zone) and not datetime_ambiguous(wall, zone):
            expected = wall.replace(tzinfo=zone).utcoffset()
            if wall.replace(tzinfo=told).utcoffset() != expected:
                wrong.append(wall)
        wall += timedelta(hours=1) if wall.weekday() in (5, 6) else timedelta(hours=6)
    assert wrong == []
