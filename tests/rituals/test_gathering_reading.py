"""What is typed behind /gather is taken apart: when, how long, where, how many; what is left is the title."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rituals.gathering.declaration import guess_kind
from rituals.gathering.reading import read_line, read_minutes
from rituals.gathering.venues import Where, read_place, write_place

BERLIN = "Europe/Berlin"
FRIDAY_TEN = datetime(2026, 11, 20, 9, tzinfo=UTC)  # ten o'clock in Berlin

LINES = [
    ("town hall tomorrow 18:00 90m", "town hall|Sat 21 Nov 18:00||90|"),
    ("Town hall sat 6pm in #Lounge", "Town hall|Sat 21 Nov 18:00|||voice Lounge"),
    ("Town hall in #Lounge sat 6pm", "Town hall|Sat 21 Nov 18:00|||voice Lounge"),
    ("co-working next thursday at 19 in the voice channel Big Room", "co-working|Thu 26 Nov 19:00|||voice Big Room"),
    ("Standup every weekday 09:30 15m huddle", "Standup|Mon 23 Nov 09:30|every weekday 09:30|15|huddle"),
    ("Design huddle tomorrow 10:00", "Design huddle|Sat 21 Nov 10:00|||"),
    ("Call in the huddle tomorrow 10:00", "Call|Sat 21 Nov 10:00|||huddle"),
    (
        "Book club every other tuesday 18:00 at City Library, Hall 5",
        "Book club|Tue 24 Nov 18:00|every other tuesday 18:00||address City Library, Hall 5",
    ),
    ("reading group friday 18:00 every 2 weeks", "reading group|Fri 20 Nov 18:00|every other friday 18:00||"),
    (
        "learn Rust first tuesday of the month 18:00",
        "learn Rust|Tue 01 Dec 18:00|first tuesday of the month 18:00||",
    ),
    ("weekly sync tomorrow 18:00", "weekly sync|Sat 21 Nov 18:00|||"),
    ("tomorrow 18:00 town hall at Library", "town hall|Sat 21 Nov 18:00|||address Library"),
    ("Dinner at Ana's friday 19h", "Dinner at Ana's|Fri 20 Nov 19:00|||"),
    ("Friday for Future call saturday 15:00", "Friday for Future call|Sat 21 Nov 15:00|||"),
    (
        "Working in public tomorrow 18:00 for 2 hours in Berlin",
        "Working in public|Sat 21 Nov 18:00||120|address Berlin",
    ),
    ("action day 24.12. 10:00-14:00 at the river", "action day|Thu 24 Dec 10:00||240|address the river"),
    ("call friday from 6pm to 7:30pm", "call|Fri 20 Nov 18:00||90|"),
    ("meeting 11-1pm tomorrow", "meeting|Sat 21 Nov 11:00||120|"),
    (
        "call friday 6-8pm https://meet.example.org/a?b=c",
        "call|Fri 20 Nov 18:00||120|link https://meet.example.org/a?b=c",
    ),
    ("call tonight 8pm 1h30", "call|Fri 20 Nov 20:00||90|"),
    ("call in half an hour 30m", "call|Fri 20 Nov 10:30||30|"),
    ("workshop 2 hours tomorrow 18:00", "workshop|Sat 21 Nov 18:00||120|"),
    ("meetup - tomorrow, 18:00, 2h", "meetup|Sat 21 Nov 18:00||120|"),
    ("demo on the 3rd of december at 18:00", "demo|Thu 03 Dec 18:00|||"),
    ("Clean-up 5 km run sunday 10am", "Clean-up 5 km run|Sun 22 Nov 10:00|||"),
    ("2026-12-01 18:00 town hall", "town hall|Tue 01 Dec 18:00|||"),
    ("chat today 9am", "chat|Fri 20 Nov 09:00|||"),
]

ASKED_BACK = [
    ("", "", ""),
    ("town hall", "town hall", "When is it? Such as 'tomorrow 18:00'."),
    ("town hall tomorrow 2h", "town hall", "'tomorrow' needs a time of day; write it like 'tomorrow 18:00'."),
    ("town hall 3/4 18:00", "town hall", "'3/4' may be 3 April or 4 March; write it with the month's name."),
    ("call friday at 7", "call", "'at 7' may be 7am or 7pm; write '7am' or '19:00'."),
    ("picnic fri 3 dec 18:00", "picnic", "3 December 2026 is a Thursday, so 'fri 3 dec' contradicts itself."),
    ("every monday standup", "standup", "At what time of day?"),
    ("call monday 18:00 or tuesday 19:00", "call", "I read two times there. Which one is it?"),
    ("call every monday 18:00 tuesday 19:00", "call", "I read two times there. Which one is it?"),
    (
        "town hall 31 june 18:00",
        "town hall",
        "There is no such day as '31 june'; write it like 'friday', '3 december' or '2026-12-03'.",
    ),
]


@pytest.mark.parametrize(("words", "read"), LINES)
def test_a_line_is_taken_apart(words: str, read: str) -> None:
    line = read_line(words, zone=BERLIN, now=FRIDAY_TEN)
    at = f"{line.starts_at.astimezone(ZoneInfo(BERLIN)):%a %d %b %H:%M}" if line.starts_at else ""
    where = f"{line.where.kind} {line.where.place}".strip()
    assert f"{line.title}|{at}|{line.cadence}|{line.minutes or ''}|{where}" == read
    assert line.problem == ""


@pytest.mark.parametrize(("words", "title", "problem"), ASKED_BACK)
def test_what_is_in_doubt_is_asked_back_and_the_title_is_kept(words: str, title: str, problem: str) -> None:
    line = read_line(words, zone=BERLIN, now=FRIDAY_TEN)
    assert (line.title, line.starts_at, line.problem) == (title, None, problem)


@pytest.mark.parametrize(
    ("words", "title", "capacity", "open_slot"),
    [
        ("town hall tomorrow 18:00 max 20", "town hall", 20, ""),
        ("town hall tomorrow 18:00 up to 30 people", "town hall", 30, ""),
        ("town hall max 5 tomorrow 18:00 open slot", "town hall", 5, "open"),
        ("dinner for 8 people tomorrow 18:00 host wanted", "dinner", 8, "open"),
        ("Top 20 tomorrow 18:00", "Top 20", None, ""),
    ],
)
def test_places_and_an_open_host_slot_are_read(words: str, title: str, capacity: int | None, open_slot: str) -> None:
    line = read_line(words, zone=BERLIN, now=FRIDAY_TEN)
    assert (line.title, line.capacity, "open" * line.open_slot, line.problem) == (title, capacity, open_slot, "")


@pytest.mark.parametrize(
    ("words", "minutes"),
    [
        ("90", 90),
        ("90m", 90),
        ("90 minutes", 90),
        ("1h", 60),
        ("1h30", 90),
        ("1 h 30 min", 90),
        ("1.5 hours", 90),
        ("2 hours", 120),
        ("half an hour", 30),
        ("a while", None),
        ("", None),
    ],
)
def test_a_length_is_read(words: str, minutes: int | None) -> None:
    assert read_minutes(words) == minutes


@pytest.mark.parametrize(
    ("words", "where"),
    [
        ("", Where()),
        ("huddle", Where("huddle")),
        ("in the huddle", Where("huddle")),
        ("#Lounge", Where("voice", "Lounge")),
        ("voice channel Big Room", Where("voice", "Big Room")),
        ("stage: Assembly", Where("voice", "Assembly")),
        ("https://meet.example.org/a", Where("link", "https://meet.example.org/a")),
        ("Harbour Street 4, second floor", Where("address", "Harbour Street 4, second floor")),
        ("https://not a link", Where("address", "https://not a link")),
        ("javascript:alert(1)", Where("address", "javascript:alert(1)")),
    ],
)
def test_a_place_is_read_and_can_be_written_back(words: str, where: Where) -> None:
    assert read_place(words) == where
    assert read_place(write_place(where)) == where


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Town Hall", "town hall"),
        ("River clean-up", "action day"),
        ("Book club", "reading"),
        ("Rust workshop", "learning"),
        ("Coworking", "co-working"),
        ("Picnic", "meetup"),
        ("Weekly sync", "call"),
        ("Something", "call"),
    ],
)
def test_the_kind_is_guessed_from_the_title(title: str, kind: str) -> None:
    assert guess_kind(title) == kind


PIECES = [
    "town hall",
    "tomorrow",
    "18:00",
    "90m",
    "at",
    "in",
    "#Lounge",
    "max 20",
    "every",
    "monday",
    "3/4",
    "\u202e",
    "1h",
    "-",
]


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=12), max_size=12).map(" ".join))
def test_whatever_is_typed_gives_a_time_or_a_question(words: str) -> None:
    line = read_line(words, zone=BERLIN, now=FRIDAY_TEN)
    assert line.starts_at is not None or line.problem or not words.strip()
