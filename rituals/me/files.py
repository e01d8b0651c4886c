"""What is kept of somebody as files: JSON and CSV with the same in both, in parts where one file would be too large."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rituals.me.kept import Kept

# A file may have 200,000 bytes; what is written around the rows has room in the rest.
PART_ROOM = 180_000
# A spreadsheet runs what begins so as a formula: https://owasp.org/www-community/attacks/CSV_Injection
_RISKY = ("=", "+", "-", "@", "\t", "\r")
_HEAD = ("table", "row", "field", "value")

Numbered = tuple[int, Kept]


@dataclass(frozen=True, slots=True)
class Copy:
    """One part of a copy: the same rows as JSON and as CSV."""

    json: str
    csv: str


def write_copies(kept: Iterable[Kept], *, title: str, made_at: str) -> list[Copy]:
    """Write everything down, in as few parts as hold it."""
    parts = list(_parts(list(enumerate(kept, start=1))))
    return [
        Copy(_write_json(part, title=title, made_at=made_at, which=(number, len(parts))), _write_csv(part))
        for number, part in enumerate(parts, start=1)
    ]


def _parts(rows: Sequence[Numbered]) -> Iterable[list[Numbered]]:
    part: list[Numbered] = []
    used = 0
    for row in rows:
        size = max(len(_json_of(row[1]).encode()) + len(row[1].table) + 8, len(_csv_of([row]).encode()))
        if part and used + size > PART_ROOM:
            yield part
            part, used = [], 0
        part.append(row)
        used += size
    yield part


def _write_json(rows: Sequence[Numbered], *, title: str, made_at: str, which: tuple[int, int]) -> str:
    tables: dict[str, list[str]] = {}
    for _, one in rows:
        tables.setdefault(one.table, []).append(_json_of(one))
    number, of = which
    head = {"about": title, "made_at": made_at, "part": number, "of": of}
    lines = [f" {json.dumps(name)}: {json.dumps(value, ensure_ascii=False)}," for name, value in head.items()]
    listed = [f"  {json.dumps(table)}: [\n" + ",\n".join(written) + "\n  ]" for table, written in tables.items()]
    return "\n".join(["{", *lines, ' "kept": {', ",\n".join(listed), " }", "}"]) + "\n"


def _json_of(one: Kept) -> str:
    return f"   {json.dumps(one.fields, ensure_ascii=False)}"


def _write_csv(rows: Sequence[Numbered]) -> str:
    return ",".join(_HEAD) + "\n" + _csv_of(rows)


def _csv_of(rows: Sequence[Numbered]) -> str:
    written = io.StringIO()
    # A file in a chat may hold no carriage return.
    writer = csv.writer(written, lineterminator="\n")
    for number, one in rows:
        for name, value in one.fields.items():
            writer.writerow([one.table, number, name, harmless(_cell(value))])
    return written.getvalue()


def _cell(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def harmless(cell: str) -> str:
    """Keep a spreadsheet from running what somebody wrote: a quote mark before what would be a formula."""
    return f"'{cell}" if cell.startswith(_RISKY) else cell
