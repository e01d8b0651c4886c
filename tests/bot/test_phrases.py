"""Moments as people say them: understood where they mean one thing, refused with both meanings where they mean two."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.moments import MomentError
from bot.phrases import AmbiguousError, read_phrase

BERLIN = "Europe/Berlin"
FRIDAY_TEN = datetime(2026, 11, 20, 9, tzinfo=UTC)  # ten o'clock in Berlin

UNDERSTOOD = [
    ("sat 6pm", "Sat 2026-11-21 18:00"),
    ("Sat. 6 PM", "Sat 2026-11-21 18:00"),
    ("next thursday at 19", "Thu 2026-11-26 19:00"),
    ("24.12. 18:00", "Thu 2026-12-24 18:00"),
    ("24.12. at 18.00", "Thu 2026-12-24 18:00"),
    ("12.12 18.00", "Sat 2026-12-12 18:00"),
    ("thu 3.12. 18:00", "Thu 2026-12-03 18:00"),
    ("mon 23.11.2026 10:00", "Mon 2026-11-23 10:00"),
    ("24. december 18:00", "Thu 2026-12-24 18:00"),
    ("tonight 8pm", "Fri 2026-11-20 20:00"),
    ("tonight at 8", "Fri 2026-11-20 20:00"),
    ("tonight 8", "Fri 2026-11-20 20:00"),
    ("8pm tonight", "Fri 2026-11-20 20:00"),
    ("this evening 19:00", "Fri 2026-11-20 19:00"),
    ("this afternoon at 3", "Fri 2026-11-20 15:00"),
    ("tomorrow evening at 7", "Sat 2026-11-21 19:00"),
    ("tomorrow morning 9", "Sat 2026-11-21 09:00"),
    ("tomorrow morning at 9:30", "Sat 2026-11-21 09:30"),
    ("sunday night at 9", "Sun 2026-11-22 21:00"),
    ("in two hours", "Fri 2026-11-20 12:00"),
    ("in half an hour", "Fri 2026-11-20 10:30"),
    ("in 45 mins", "Fri 2026-11-20 10:45"),
    ("in a fortnight 18:00", "Fri 2026-12-04 18:00"),
    ("dec 3 6pm", "Thu 2026-12-03 18:00"),
    ("december 3rd, 7:30 pm", "Thu 2026-12-03 19:30"),
    ("the 3rd of december 18:00", "Thu 2026-12-03 18:00"),
    ("1st december 2026 noon", "Tue 2026-12-01 12:00"),
    ("18:00 tomorrow", "Sat 2026-11-21 18:00"),
    ("6pm on friday", "Fri 2026-11-20 18:00"),
    ("on friday at 18:00", "Fri 2026-11-20 18:00"),
    ("this friday 18:00", "Fri 2026-11-20 18:00"),
    ("friday, 18:00", "Fri 2026-11-20 18:00"),
    ("friday 6 p.m.", "Fri 2026-11-20 18:00"),
    ("friday @ 6pm", "Fri 2026-11-20 18:00"),
    ("friday 19h", "Fri 2026-11-20 19:00"),
    ("friday 19h30", "Fri 2026-11-20 19:30"),
    ("next week tuesday 18:00", "Tue 2026-11-24 18:00"),
    ("tuesday next week at 6 pm", "Tue 2026-11-24 18:00"),
    ("the day after tomorrow 18:00", "Sun 2026-11-22 18:00"),
    ("tmrw 10am", "Sat 2026-11-21 10:00"),
    ("noon tomorrow", "Sat 2026-11-21 12:00"),
    ("tomorrow midday", "Sat 2026-11-21 12:00"),
    ("24/12 18:00", "Thu 2026-12-24 18:00"),
    ("12/24 18:00", "Thu 2026-12-24 18:00"),
    ("24/12/2026 18:00", "Thu 2026-12-24 18:00"),
    ("24-12-2026 18:00", "Thu 2026-12-24 18:00"),
    ("2026/12/24 18:00", "Thu 2026-12-24 18:00"),
    ("4/4 18:00", "Sun 2027-04-04 18:00"),
    ("2026-12-24T18:00+01:00", "Thu 2026-12-24 18:00"),
]

IN_DOUBT = [
    ("3/4 18:00", "'3/4' may be 3 April or 4 March; write it with the month's name."),
    ("03-04-2026 18:00", "'03-04-2026' may be 3 April or 4 March; write it with the month's name."),
    ("sat 3/4 6pm", "'3/4' may be 3 April or 4 March; write it with the month's name."),
    ("friday at 7", "'at 7' may be 7am or 7pm; write '7am' or '19:00'."),
    ("friday at 12", "'at 12' may be 12am or 12pm; write '12am' or '12:00'."),
    ("friday at 7 o'clock", "'at 7 o'clock' may be 7am or 7pm; write '7am' or '19:00'."),
]

EXAMPLES = "write it like 'friday 18:00', '3 december 18:00' or 'tomorrow 9am'."
REFUSED = [
    ("fri 3 dec 18:00", "3 December 2026 is a Thursday, so 'fri 3 dec' contradicts itself."),
    ("1.13. 18:00", "There is no month 13; write the day like '3 december'."),
    ("tomorrow", "'tomorrow' needs a time of day; write it like 'tomorrow 18:00'."),
    ("18:00", f"I do not understand the time '18:00'; {EXAMPLES}"),
    ("tomorrow 2h", f"I do not understand the time 'tomorrow 2h'; {EXAMPLES}"),
    ("friday 7", f"I do not understand the time 'friday 7'; {EXAMPLES}"),
    ("yesterday 18:00", f"I do not understand the time 'yesterday 18:00'; {EXAMPLES}"),
    ("next month", f"I do not understand the time 'next month'; {EXAMPLES}"),
    ("", f"I do not understand the time ''; {EXAMPLES}"),
]


@pytest.mark.parametrize(("words", "local"), UNDERSTOOD)
def test_usual_phrases_are_understood(words: str, local: str) -> None:
    at = read_phrase(words, zone=BERLIN, now=FRIDAY_TEN)
    assert f"{at.astimezone(ZoneInfo(BERLIN)):%a %Y-%m-%d %H:%M}" == local


@pytest.mark.parametrize(("words", "sentence"), IN_DOUBT)
def test_what_has_two_meanings_is_asked_back_with_both(words: str, sentence: str) -> None:
    with pytest.raises(AmbiguousError) as refusal:
        read_phrase(words, zone=BERLIN, now=FRIDAY_TEN)
    assert str(refusal.value) == sentence


@pytest.mark.parametrize(("words", "sentence"), REFUSED)
def test_what_is_not_understood_is_refused(words: str, sentence: str) -> None:
    with pytest.raises(MomentError) as refusal:
        read_phrase(words, zone=BERLIN, now=FRIDAY_TEN)
    assert str(refusal.value) == sentence


def test_a_time_in_the_night_of_the_clocks_is_the_one_that_calendars_show() -> None:
    jumped = read_phrase("28.3.2027 02:30", zone=BERLIN, now=FRIDAY_TEN)
    twice = read_phrase("31.10.2027 02:30", zone=BERLIN, now=FRIDAY_TEN)
    assert (jumped, twice) == (datetime(2027, 3, 28, 1, 30, tzinfo=UTC), datetime(2027, 10, 31, 0, 30, tzinfo=UTC))


PIECES = [
    "friday",
    "next week",
    "in",
    "at",
    "tonight",
    "3/4",
    "24.12.",
    "7",
    "7pm",
    "19h",
    "18:00",
    "half",
    " ",
    "٣",
    ".",
]


@given(st.lists(st.sampled_from(PIECES), max_size=8).map(" ".join))
def test_whatever_is_typed_gets_an_answer_or_a_sentence(words: str) -> None:
    try:
        read_phrase(words, zone=BERLIN, now=FRIDAY_TEN)
    except MomentError as refusal:
        assert str(refusal).endswith(".")  # noqa: PT017 - both ends are right, this one has to be a sentence
