"""The questions of a retro: six formats, each with its columns."""

from __future__ import annotations

from dataclasses import dataclass

from bot.plain import tidy_line

OWN = "own"
# The column of a note that was dropped in between retros: whatever the next one asks, it fits there.
IN_BETWEEN = -1
IN_BETWEEN_NAME = "Noted in between"
LEAST_COLUMNS = 2
MOST_COLUMNS = 5
COLUMN_MOST = 60


class ColumnsError(ValueError):
    """What was written are no columns; the sentence says so to the one who wrote it."""


@dataclass(frozen=True, slots=True)
class Format:
    """A way to look back: its name, and the columns that notes are put in."""

    name: str
    columns: tuple[str, ...]


FORMATS = {
    "worked": Format("What worked, what didn’t, what to try", ("What worked", "What didn’t work", "What to try next")),
    "start": Format("Start, stop, continue", ("Start", "Stop", "Continue")),
    "four": Format("The four Ls", ("Liked", "Learned", "Lacked", "Longed for")),
    "mad": Format("Mad, sad, glad", ("Mad", "Sad", "Glad")),
    "sailboat": Format(
        "Sailboat",
        (
            "Wind: what drives us on",
            "Anchor: what holds us back",
            "Rocks: what we could run into",
            "Island: where we want to be",
        ),
    ),
}
FIRST = "worked"


def read_columns(words: str) -> tuple[str, ...]:
    """Read own columns: two to five short names with commas or line breaks between them."""
    found = [line for part in words.replace("\n", ",").split(",") if (line := tidy_line(part))]
    if not LEAST_COLUMNS <= len(found) <= MOST_COLUMNS:
        raise ColumnsError("Please name two to five columns, with commas between them: 'Roots, Leaves, Fruit'.")
    if any(len(one.encode("utf-16-le")) // 2 > COLUMN_MOST for one in found):
        raise ColumnsError(f"Please keep each column's name to {COLUMN_MOST} characters.")
    if len({one.casefold() for one in found}) < len(found):
        raise ColumnsError("Two columns have the same name. Please give each a name of its own.")
    return tuple(found)


def wait_for(column: int) -> int:
    """Mark a note that waits for the next retro with the column of the usual format in which it belongs."""
    return IN_BETWEEN - 1 - column


def find_column(columns: list[str] | tuple[str, ...], waited: int) -> int:
    """Find the column for a note that has waited; where the retro has no such column it was noted in between."""
    usual, at = FORMATS[FIRST].columns, IN_BETWEEN - 1 - waited
    return list(columns).index(usual[at]) if 0 <= at < len(usual) and usual[at] in columns else IN_BETWEEN


def column_name(columns: list[str] | tuple[str, ...], column: int) -> str:
    """Name a column by its number."""
    return columns[column] if 0 <= column < len(columns) else IN_BETWEEN_NAME
