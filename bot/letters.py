"""The letters that pictures are written with: which ones there are, and how much room words take."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

FAMILY = "Open Sans"
_FOLDER = Path(str(files("ttf_opensans"))) / "ttf"
REGULAR = _FOLDER / "OpenSans-Regular.ttf"
BOLD = _FOLDER / "OpenSans-Bold.ttf"
_MISSING = 0xFFFF


@dataclass(frozen=True, slots=True)
class Letters:
    """One font: how wide each letter is, for a size of 1."""

    widths: Mapping[int, float]

    def knows(self, words: str) -> bool:
        """Tell whether all of these words can be drawn; what cannot would come out as empty boxes."""
        return all(ord(letter) in self.widths for letter in words)

    def width(self, words: str, size: float) -> float:
        """Tell how wide words become in a size."""
        return size * sum(self.widths.get(ord(letter), 1) for letter in words)

    def wrap(self, words: str, size: float, *, room: float, most: int) -> tuple[str, ...]:
        """Lay words out in lines; what does not fit into the last one ends in '…'."""
        lines: list[str] = []
        rest = words.split()
        while rest and len(lines) < most:
            line = rest.pop(0)
            while rest and self.width(f"{line} {rest[0]}", size) <= room:
                line = f"{line} {rest.pop(0)}"
            last = len(lines) == most - 1
            if last and rest:
                line = f"{line} {rest[0]}"
            if self.width(line, size) > room or (last and rest):
                kept = self._cut(line, size, room=room)
                if not last:
                    rest.insert(0, line[len(kept) - 1 :])
                    kept = kept[:-1] + "-"
                line = kept
            lines.append(line)
        return tuple(lines)

    def _cut(self, words: str, size: float, *, room: float) -> str:
        """Keep as many letters as fit beside an ellipsis."""
        while words and self.width(words.rstrip() + "…", size) > room:
            words = words[:-1]
        return words.rstrip() + "…"


@cache
def read_letters(path: Path = REGULAR) -> Letters:
    """Read a font's letters (TrueType's tables cmap and hmtx: https://learn.microsoft.com/typography/opentype/spec/)."""
    font = path.read_bytes()
    tables = {
        font[at : at + 4].decode("ascii"): struct.unpack_from(">I", font, at + 8)[0]
        for at in range(12, 12 + 16 * struct.unpack_from(">H", font, 4)[0], 16)
    }
    per_size = struct.unpack_from(">H", font, tables["head"] + 18)[0]
    measured = struct.unpack_from(">H", font, tables["hhea"] + 34)[0]
    advances = struct.unpack_from(">" + "Hh" * measured, font, tables["hmtx"])[::2]
    return Letters(
        {
            letter: advances[min(glyph, measured - 1)] / per_size
            for letter, glyph in _read_glyphs(font, tables["cmap"]).items()
        }
    )


def _read_glyphs(font: bytes, cmap: int) -> dict[int, int]:
    """Read which glyph draws which letter, from the table of the basic plane (format 4)."""
    found = {
        (platform, encoding): cmap + offset
        for platform, encoding, offset in (
            struct.unpack_from(">HHI", font, cmap + 4 + 8 * number)
            for number in range(struct.unpack_from(">H", font, cmap + 2)[0])
        )
    }
    table = found[3, 1]
    count = struct.unpack_from(">H", font, table + 6)[0] // 2
    starts_at = table + 16 + 2 * count
    ends = struct.unpack_from(f">{count}H", font, table + 14)
    starts = struct.unpack_from(f">{count}H", font, starts_at)
    deltas = struct.unpack_from(f">{count}H", font, starts_at + 2 * count)
    offsets = struct.unpack_from(f">{count}H", font, starts_at + 4 * count)
    glyphs: dict[int, int] = {}
    for number, (start, end) in enumerate(zip(starts, ends, strict=True)):
        for letter in range(start, end + 1):
            glyph = letter
            if offsets[number]:
                at = starts_at + 4 * count + 2 * number + offsets[number] + 2 * (letter - start)
                glyph = struct.unpack_from(">H", font, at)[0]
                if not glyph:
                    continue
            glyph = (glyph + deltas[number]) % 0x10000
            if glyph and letter != _MISSING:
                glyphs[letter] = glyph
    return glyphs
