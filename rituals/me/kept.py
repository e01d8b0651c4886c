"""All that the database holds of one member, read from every table there is, so that a new one cannot be forgotten."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Column, ForeignKey, Select, Text, or_, select
from sqlalchemy import Table as Sheet
from sqlalchemy.orm import Session

from bot.plain import tidy
from bot.store import Table
from bot.tables import Gathering, Member, Occurrence, Practice

Fields = dict[str, object]

# Columns that name a member of whom the row does not tell: it is somebody else's.
ELSEWHERE = {
    # What a host said of others is theirs: it stands in their copy.
    ("evidence", "by_id"),
    # Whom somebody brought in is another person.
    ("member", "brought_in_by"),
}
# Who wrote a row's words, where that is not its ``member_id``: the first of these columns that names anybody.
AUTHORS: dict[str, tuple[str, ...]] = {
    "promise": ("asked_by_id", "owner_id"),
    "gathering": ("announced_by_id",),
    "rally": ("by_id",),
    "win": ("reporter_id",),
    # Nobody knows who wrote these, or several people or nobody did.
    "listening_pair": (),
    "practice": (),
    "retro": (),
    "series": (),
}
# Short words that people typed; whatever may be long is words anyway.
WORDS = frozenset({"title", "name", "why", "place", "label"})
# Lists of members by their numbers: what they say of others is not told.
PEOPLE = frozenset({("gathering", "skipped"), ("gathering", "welcomed"), ("retro", "skipped")})
# What only holds the tables together, or opens something.
TECHNICAL = frozenset({"movement_id", "once", "token", "uid", "fingerprint", "word_key", "key"})
ME, SOMEBODY_ELSE = "me", "somebody else"


@dataclass(frozen=True, slots=True)
class Kept:
    """One row of one table, as its member may have it."""

    table: str
    fields: Fields


def links(sheet: Sheet) -> list[Column[Any]]:
    """List a table's columns that name a member."""
    return [column for column in sheet.columns if _leads_to(column, "member")]


def own_links(sheet: Sheet) -> list[Column[Any]]:
    """List the columns by which a row belongs into somebody's copy."""
    return [column for column in links(sheet) if (sheet.name, column.name) not in ELSEWHERE]


def _leads_to(column: Column[Any], table: str) -> bool:
    return any(key.column.table.name == table for key in column.foreign_keys)


def read_everything(db: Session, member: Member) -> Iterator[Kept]:
    """Read everything that is kept of a member. What is anonymous has no link to anybody, so it is not in it."""
    for sheet in Table.metadata.sorted_tables:
        if sheet.name == "member":
            mine = select(sheet).where(sheet.c.id == member.id)
        elif own := own_links(sheet):
            mine = select(sheet).where(or_(*(column == member.id for column in own)))
        elif (parent := _parent(sheet)) is not None:
            mine = _below(sheet, parent, member.id)
        else:
            continue
        for row in db.execute(mine.order_by(*sheet.primary_key)).mappings():
            yield Kept(sheet.name, dict(_tell(db, sheet, {**row}, member.id)))


def _parent(sheet: Sheet) -> ForeignKey | None:
    """Find the table of somebody's own rows on which a table hangs that names nobody, such as a promise's moves."""
    return next((key for key in sorted(sheet.foreign_keys, key=str) if _owner(key.column.table)), None)


def _owner(sheet: Sheet) -> str:
    """Name the column with whose member a row goes; '' for none."""
    own = [
        column
        for column in own_links(sheet)
        if not column.nullable and any(key.ondelete == "CASCADE" for key in column.foreign_keys)
    ]
    return own[0].name if own else ""


def _below(sheet: Sheet, key: ForeignKey, member_id: int) -> Select[Any]:
    owner = key.column.table.c[_owner(key.column.table)]
    return select(sheet).where(key.parent.in_(select(key.column).where(owner == member_id)))


def _tell(db: Session, sheet: Sheet, row: Mapping[str, Any], me: int) -> Iterator[tuple[str, object]]:
    """Tell a row's columns: other people only as somebody else, and words only to who wrote them."""
    wrote = _wrote(sheet, row, me)
    for column in sheet.columns:
        value = row[column.name]
        if (sheet.name, column.name) in PEOPLE:
            if me in value:
                yield column.name, [ME]
            continue
        if column.name in TECHNICAL or (_is_words(column) and not wrote):
            continue
        if _leads_to(column, "member"):
            value = None if value is None else ME if value == me else SOMEBODY_ELSE
        elif sheet.name == "member" and column.name == "id":
            continue
        yield column.name, plainly(value)
    yield from _context(db, row)


def _wrote(sheet: Sheet, row: Mapping[str, Any], me: int) -> bool:
    if sheet.name == "member":
        return True
    named = [row[name] for name in AUTHORS.get(sheet.name, ("member_id",)) if name in row]
    return next((one for one in named if one is not None), None) == me


def _is_words(column: Column[Any]) -> bool:
    return isinstance(column.type, Text | JSON) or column.name in WORDS


def _context(db: Session, row: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    """Say of which ritual or gathering it is: numbers alone tell nobody anything."""
    if row.get("occurrence_id") is not None:
        about = select(Practice.ritual, Occurrence.planned_at).join(Occurrence, Occurrence.practice_id == Practice.id)
        ritual, planned_at = db.execute(about.where(Occurrence.id == row["occurrence_id"])).one()
        yield "ritual", ritual
        yield "planned_at", plainly(planned_at)
    if row.get("gathering_id") is not None:
        starts_at = db.scalar(select(Gathering.starts_at).where(Gathering.id == row["gathering_id"]))
        yield "gathering_starts_at", plainly(starts_at)


def plainly(value: object) -> object:
    """Give a value as a file can hold it."""
    match value:
        case datetime() | date():
            return value.isoformat()
        case str():
            return tidy(value)
        case dict():
            return {str(name): plainly(one) for name, one in value.items()}
        case list() | tuple():
            return [plainly(one) for one in value]
        case _:
            return value
