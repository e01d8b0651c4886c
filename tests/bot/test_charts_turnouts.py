"""The picture of gatherings: who said yes and who came, in shapes and figures, whatever a gathering is called."""

from __future__ import annotations

import struct
from dataclasses import replace
from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as some

from bot.charts import WIDTH, Turnout, Turnouts, draw_png, draw_turnouts

HALL = Turnout("Town hall", "1 Sep", 12, 9)
SHOWN = Turnouts("The last gathering of Clean River", [HALL])
NAME = "{http://www.w3.org/2000/svg}"


def words_of(svg: str) -> list[str]:
    return [text.text or "" for text in ET.fromstring(svg).iter(f"{NAME}text")]  # noqa: S314 - it is our own


def marks_of(svg: str) -> list[tuple[str, str]]:
    """Where the rings and dots of the gatherings are, without those of the legend."""
    marks = [(one.attrib["r"], one.attrib["cx"]) for one in ET.fromstring(svg).iter(f"{NAME}circle")]  # noqa: S314
    return marks[:-2]


def test_everything_is_said_in_words_and_figures_too() -> None:
    assert words_of(draw_turnouts(SHOWN)) == [
        *("Said yes, and came", "The last gathering of Clean River"),
        *("0", "5", "10", "15", "20", "said yes", "came"),
        *("1 Sep", "Town hall", "12", "9"),
        *("had said yes", "came, with or without a yes, guests included"),
    ]


def test_a_ring_stands_at_who_said_yes_and_a_dot_at_who_came() -> None:
    assert marks_of(draw_turnouts(SHOWN)) == [("11", "602.0"), ("7", "554.0")]
    unknown = replace(SHOWN, rows=[replace(HALL, came=None, note="not known")])
    assert marks_of(draw_turnouts(unknown)) == [("11", "602.0")]
    assert "not known" in words_of(draw_turnouts(unknown))


def test_what_has_no_letters_here_is_named_in_the_text_beside_it() -> None:
    svg = draw_turnouts(Turnouts("The last gathering of 川", [replace(HALL, label="川の掃除")]))
    assert "as named in the text" in words_of(svg)
    assert not any("川" in words for words in words_of(svg))


def test_a_picture_is_the_same_bytes_each_time_and_as_large_as_its_rows() -> None:
    png = draw_png(draw_turnouts(SHOWN))
    assert png == draw_png(draw_turnouts(SHOWN))
    assert struct.unpack(">II", png[16:24]) == (1.5 * WIDTH, 1.5 * (148 + 46 + 60))


counts = some.integers(0, 100_000)
rows = some.lists(
    some.builds(Turnout, some.text(min_size=1), some.just("1 Sep"), counts, some.one_of(some.none(), counts)),
    min_size=1,
    max_size=12,
)


@given(rows)
def test_every_mark_stands_on_its_track_and_never_outside(given_rows: list[Turnout]) -> None:
    svg = draw_turnouts(Turnouts("The last gatherings", given_rows))
    assert all(410 <= float(place) <= 730 for _, place in marks_of(svg))
