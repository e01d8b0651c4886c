"""Pictures of figures: drawn as SVG for a page, as PNG for a chat, and the very same bytes on every machine.

Nothing is told by colour alone: shapes, places and words say the same, so a picture can be read in grey.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

import jinja2
import resvg_py

from bot.letters import BOLD, FAMILY, REGULAR, read_letters

# What a verdict looks like: a tick, a cross, a question mark, two arrows away from each other, a dash.
Sign = Literal["yes", "no", "open", "split", "none"]

WIDTH = 960
ZOOM = 1.5
EDGE = 36
HEAD = 142
ROW = 76
FOOT = 58
APART = 22
LABEL_SIZE = 23
LABEL_ROOM = 300
TRACK_FROM, TRACK_TO = 388, 652
NOTE_SIZE, NOTE_ROOM = 17, 150
SMALLEST_DOT, LARGEST_DOT = 13.0, 26.0
STEPS = 5
TURNOUT_HEAD, TURNOUT_ROW, TURNOUT_FOOT = 148, 46, 60
TURNOUT_LABEL_ROOM = 250
TURNOUT_FROM, TURNOUT_TO = 410, 730
TURNOUT_STEPS = 4
_NICE_STEPS = [1, *(number * 10**power for power in range(9) for number in (2, 5, 10))]
INKS = {"yes": "#14693e", "no": "#a3201a", "open": "#6b5000", "split": "#5b3a9e", "none": "#5a5f69"}


@dataclass(frozen=True, slots=True)
class ScaleRow:
    """What people said to one question, on a scale of 1 to 5: how many for each figure, and what that means.

    Without counts it says only that there is nothing to show.
    """

    number: str
    label: str
    counts: tuple[int, int, int, int, int] | None
    mean: str
    sign: Sign
    verdict: str
    note: str = ""

    @property
    def average(self) -> float:
        """Tell where the mean lies, exactly."""
        counts = self.counts or (0,) * STEPS
        return sum(figure * count for figure, count in enumerate(counts, 1)) / (sum(counts) or 1)


@dataclass(frozen=True, slots=True)
class Scale:
    """Several questions on one scale, whose ends are named. ``apart``: the last one sums the others up."""

    title: str
    about: str
    ends: tuple[str, str]
    rows: Sequence[ScaleRow]
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Turnout:
    """One gathering: what it was called, its day, how many had said yes and how many came.

    Where it is not known who came, ``note`` says why in two words.
    """

    label: str
    day: str
    said_yes: int
    came: int | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Turnouts:
    """Some gatherings, oldest first, and of what they are."""

    about: str
    rows: Sequence[Turnout]


@dataclass(frozen=True, slots=True)
class _TurnoutLine:
    """A gathering, laid out."""

    row: Turnout
    middle: float
    label: str
    yes_x: float
    came_x: float | None


@dataclass(frozen=True, slots=True)
class _Dot:
    x: float
    radius: float
    count: int


@dataclass(frozen=True, slots=True)
class _Line:
    """A row, laid out."""

    row: ScaleRow
    top: float
    label: Sequence[str]
    dots: Sequence[_Dot]
    mean_x: float
    note: str
    ink: str


def draw_scale(scale: Scale) -> str:
    """Draw answers on a scale as SVG: a dot for each figure, as large as its count, and a mark where the mean lies."""
    most = max((count for row in scale.rows for count in row.counts or ()), default=1)
    last = len(scale.rows) - 1
    apart = APART if scale.apart and last else 0
    lines = [
        _lay_out(row, top=HEAD + ROW * index + (apart if index == last else 0), most=most)
        for index, row in enumerate(scale.rows)
    ]
    height = HEAD + ROW * len(lines) + FOOT + apart
    bold = read_letters(BOLD)
    return _template("scale.svg").render(
        scale=scale,
        lines=lines,
        title=bold.wrap(scale.title, 30, room=WIDTH - 2 * EDGE, most=1),
        width=WIDTH,
        height=height,
        edge=EDGE,
        row=ROW,
        ticks=[(figure, _place(figure)) for figure in range(1, STEPS + 1)],
        divider=HEAD + ROW * last + apart / 2 - 2 if apart else None,
        family=FAMILY,
        foot=height - FOOT + 30,
    )


def draw_turnouts(shown: Turnouts) -> str:
    """Draw gatherings as SVG, a row each: a ring at how many said yes, a dot at how many came, a line between them."""
    most = max((count for row in shown.rows for count in (row.said_yes, row.came or 0)), default=0)
    step = next(one for one in _NICE_STEPS if one * TURNOUT_STEPS >= most)
    lines = [_lay_out_turnout(row, index, end=step * TURNOUT_STEPS) for index, row in enumerate(shown.rows)]
    height = TURNOUT_HEAD + TURNOUT_ROW * len(lines) + TURNOUT_FOOT
    letters = read_letters()
    about = shown.about if letters.knows(shown.about) else ""
    return _template("turnouts.svg").render(
        about=" ".join(letters.wrap(about, 20, room=WIDTH - 2 * EDGE, most=1)),
        lines=lines,
        width=WIDTH,
        height=height,
        edge=EDGE,
        row=TURNOUT_ROW,
        ticks=[(step * number, _turnout_place(number, end=TURNOUT_STEPS)) for number in range(TURNOUT_STEPS + 1)],
        top=TURNOUT_HEAD,
        foot=height - 32,
        family=FAMILY,
    )


def _lay_out_turnout(row: Turnout, index: int, *, end: int) -> _TurnoutLine:
    letters = read_letters(BOLD)
    label = row.label if letters.knows(row.label) else "as named in the text"
    return _TurnoutLine(
        row=row,
        middle=TURNOUT_HEAD + TURNOUT_ROW * index + TURNOUT_ROW / 2,
        label=" ".join(letters.wrap(label, 19, room=TURNOUT_LABEL_ROOM, most=1)),
        yes_x=_turnout_place(row.said_yes, end=end),
        came_x=None if row.came is None else _turnout_place(row.came, end=end),
    )


def _turnout_place(count: int, *, end: int) -> float:
    return round(TURNOUT_FROM + (TURNOUT_TO - TURNOUT_FROM) * count / end, 2)


def draw_png(svg: str) -> bytes:
    """Turn a drawing into a PNG, with our own letters only: a machine's fonts would make another picture."""
    drawn: bytes = resvg_py.svg_to_bytes(
        svg_string=svg,
        zoom=ZOOM,
        skip_system_fonts=True,
        font_files=[str(REGULAR), str(BOLD)],
        font_family=FAMILY,
        sans_serif_family=FAMILY,
    )
    return bytes(drawn)


def _lay_out(row: ScaleRow, *, top: float, most: int) -> _Line:
    letters = read_letters(BOLD)
    # Letters that we do not have would be empty boxes: then the number alone leads to the words beside the picture.
    label = row.label if letters.knows(row.label) else "as named in the text"
    return _Line(
        row=row,
        top=top,
        label=letters.wrap(label, LABEL_SIZE, room=LABEL_ROOM, most=2),
        dots=[
            _Dot(_place(figure), _radius(count, most), count)
            for figure, count in enumerate(row.counts or (), 1)
            if count
        ],
        mean_x=_place(row.average),
        note=" ".join(read_letters().wrap(row.note, NOTE_SIZE, room=NOTE_ROOM, most=1)),
        ink=INKS[row.sign],
    )


def _place(figure: float) -> float:
    return round(TRACK_FROM + (TRACK_TO - TRACK_FROM) * (figure - 1) / (STEPS - 1), 2)


def _radius(count: int, most: int) -> float:
    """Let the area grow with the count; the smallest still holds its number."""
    return round(SMALLEST_DOT + (LARGEST_DOT - SMALLEST_DOT) * (count / most) ** 0.5, 2) if most > 1 else 15.0


@cache
def _template(name: str) -> jinja2.Template:
    known = jinja2.Environment(
        loader=jinja2.PackageLoader("bot", "pictures"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return known.get_template(name)
