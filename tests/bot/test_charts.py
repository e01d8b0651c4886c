"""Pictures: the same bytes everywhere, no empty boxes, nothing said by colour alone, and no word outside the frame."""

from __future__ import annotations

import re
import struct
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.charts import INKS, WIDTH, Scale, ScaleRow, draw_png, draw_scale
from bot.letters import BOLD, REGULAR, read_letters

ROW = ScaleRow("1", "Weekly check-in", (0, 0, 1, 3, 2), "4.2", "yes", "aligned", "agreed, up")
SCALE = Scale("Does what we do serve our mission?", "6 people rated", ("not any more", "fully"), [ROW])


def words_of(svg: str) -> list[str]:
    return [text.text or "" for text in ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]  # noqa: S314


def test_a_picture_is_the_same_bytes_each_time_and_as_large_as_its_rows() -> None:
    png = draw_png(draw_scale(SCALE))
    assert png == draw_png(draw_scale(SCALE))
    width, height = struct.unpack(">II", png[16:24])
    assert (width, height) == (1.5 * WIDTH, 1.5 * (142 + 76 + 58))


def test_everything_is_said_in_words_and_figures() -> None:
    assert words_of(draw_scale(SCALE)) == [
        *("Does what we do serve our mission?", "6 people rated"),
        *("1", "2", "3", "4", "5", "not any more", "fully"),
        *("1", "Weekly check-in", "1", "3", "2", "4.2", "aligned", "agreed, up"),
        "A dot is as large as the number of people; the triangle marks the average.",
    ]


@pytest.mark.parametrize("sign", ["yes", "no", "open", "split", "none"])
def test_every_verdict_has_a_shape_of_its_own(sign: str) -> None:
    shapes = {
        one: re.sub(r"#[0-9a-f]{6}", "", draw_scale(replace(SCALE, rows=[replace(ROW, sign=one)])))
        for one in ("yes", "no", "open", "split", "none")
    }
    assert [one for one, shape in shapes.items() if shape == shapes[sign]] == [sign]


def test_the_ground_is_the_pictures_own_so_that_it_can_be_read_in_the_dark() -> None:
    assert f'<rect width="{WIDTH}" height="276" fill="#ffffff"/>' in draw_scale(SCALE)


@pytest.mark.parametrize("ink", [*INKS.values(), "#4a4f59", "#1b1f26", "#274472"])
def test_every_ink_stands_out_on_white(ink: str) -> None:
    def light(channel: str) -> float:
        value = int(channel, 16) / 255
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    luminance = 0.2126 * light(ink[1:3]) + 0.7152 * light(ink[3:5]) + 0.0722 * light(ink[5:7])
    assert 1.05 / (luminance + 0.05) >= 4.5


@pytest.mark.parametrize("label", ["川のそうじ", "تنظيف النهر", "Walks \N{BROOM}", "नदी"])
def test_letters_that_we_do_not_have_lead_to_the_text(label: str) -> None:
    assert "as named in the text" in words_of(draw_scale(replace(SCALE, rows=[replace(ROW, label=label)])))


@pytest.mark.parametrize("label", ["Čištění řeky", "Καθαρισμός", "Уборка реки", "Dọn sông"])
def test_letters_that_we_have_are_drawn(label: str) -> None:
    assert label in words_of(draw_scale(replace(SCALE, rows=[replace(ROW, label=label)])))


def test_what_is_kept_closed_has_no_dots() -> None:
    words = words_of(draw_scale(replace(SCALE, rows=[replace(ROW, counts=None, sign="none", verdict="too few")])))
    assert "kept closed" in words
    assert "4.2" not in words


def test_markup_in_a_label_stays_words() -> None:
    label = '<image href="x"/>&'
    assert label in words_of(draw_scale(replace(SCALE, rows=[replace(ROW, label=label)])))


@given(some.text(max_size=80), some.integers(1, 3))
def test_words_never_leave_their_room_whatever_they_are(words: str, most: int) -> None:
    letters = read_letters(BOLD)
    lines = letters.wrap(words, 23, room=300, most=most)
    assert len(lines) <= most
    assert all(letters.width(line, 23) <= 300 for line in lines)
    if letters.width(" ".join(words.split()), 23) <= 300:
        assert " ".join(lines) == " ".join(words.split())


@given(some.lists(some.integers(0, 400), min_size=5, max_size=5), some.text(max_size=60))
def test_whatever_is_drawn_is_well_formed(counts: list[int], label: str) -> None:
    known = read_letters()
    shown = "".join(letter for letter in label if known.knows(letter))
    row = replace(ROW, counts=tuple(counts) if any(counts) else None, label=shown)  # type: ignore[arg-type]
    svg = draw_scale(replace(SCALE, rows=[row, replace(row, number="")], apart=True))
    radii = [float(dot.get("r", "0")) for dot in ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}circle")]  # noqa: S314
    assert all(radius <= 26 for radius in radii)


def test_letters_are_as_wide_as_the_font_says() -> None:
    # Open Sans: 2048 units, a space of 532 and an 'A' of 1296 in the regular face.
    assert read_letters(REGULAR).width("A ", 2048) == 1296 + 532
