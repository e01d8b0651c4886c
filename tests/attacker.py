"""Somebody who has the whole database, its journal and the logs, and wants to know who gave what without a name.

Every way is a pure function of what was taken (`Loot`) and of what the test knows (`Given`), and tells what it found in
sentences; nothing found is an empty list. The attacker is lent the truth only to recognise a find as one.
"""

from __future__ import annotations

import hashlib
import hmac
import itertools
import json
import re
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path

from sqlalchemy import Engine, inspect, text

Row = Mapping[str, object]

# A time that is nearer than this to the moment of giving is that moment.
NEAR = timedelta(seconds=1)
# So many things in the order of giving are no accident: one in some thousand.
IN_ORDER = 6
# A number or word as long as this stands for one thing only.
HANDLE_BITS = 32
HANDLE_LETTERS = 12
PAGE = 4096
HEX = re.compile(rb"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")


@dataclass(frozen=True, slots=True)
class Given:
    """One thing that somebody gave without a name: words that are nowhere else, who, when, and what came with it."""

    person: str
    words: str
    at: datetime
    # Ids of the events, and the keys of forms, that belonged to the giving.
    events: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Loot:
    """What was taken: every row with its hidden columns, which columns name a member, the files as they are, a log."""

    tables: Mapping[str, Sequence[Row]]
    naming: Mapping[str, tuple[str, ...]]
    members: Mapping[int, tuple[str, str]]
    files: Mapping[str, bytes] = field(default_factory=dict)
    log: str = ""


# ------------------------------------------------------------------------------------------------ taking


def take_sqlite(file: Path, *, log: str = "") -> Loot:
    """Take a SQLite file and what lies beside it. The files are read first: opening them may tidy them up."""
    files = {one.name: one.read_bytes() for one in sorted(file.parent.glob(f"{file.name}*"))}
    with closing(sqlite3.connect(file)) as connection:
        connection.row_factory = sqlite3.Row
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        tables: dict[str, list[Row]] = {}
        naming: dict[str, tuple[str, ...]] = {}
        for name in names:
            try:
                rows = connection.execute(f'SELECT rowid AS "hidden rowid", * FROM "{name}"').fetchall()  # noqa: S608 - a table's name
            except sqlite3.OperationalError:
                rows = connection.execute(f'SELECT * FROM "{name}"').fetchall()  # noqa: S608 - a table's name
            tables[name] = [dict(row) for row in rows]
            keys = connection.execute(f'PRAGMA foreign_key_list("{name}")').fetchall()
            naming[name] = tuple(key["from"] for key in keys if key["table"] == "member")
    return Loot(tables, naming, _members(tables), files, log)


def take_postgresql(engine: Engine, *, log: str = "") -> Loot:
    """Take everything that SQL shows: also where a row lies, and which transaction wrote it."""
    reflected = inspect(engine)
    tables: dict[str, list[Row]] = {}
    naming: dict[str, tuple[str, ...]] = {}
    with engine.connect() as connection:
        for name in reflected.get_table_names():
            hidden = 'ctid::text AS "hidden place", xmin::text::bigint AS "hidden writer"'
            rows = connection.execute(text(f'SELECT {hidden}, * FROM "{name}"')).mappings()  # noqa: S608 - a table's name
            tables[name] = [dict(row) for row in rows]
            keys = reflected.get_foreign_keys(name)
            naming[name] = tuple(
                column for key in keys if key["referred_table"] == "member" for column in key["constrained_columns"]
            )
    return Loot(tables, naming, _members(tables), {}, log)


def _members(tables: Mapping[str, Sequence[Row]]) -> dict[int, tuple[str, str]]:
    return {int(str(row["id"])): (str(row["person"]), str(row["name"])) for row in tables.get("member", ())}


# ------------------------------------------------------------------------------------------------ reading rows


@dataclass(frozen=True, slots=True)
class Line:
    """A row as somebody who searches sees it: its words, and which persons it names."""

    table: str
    row: Row
    words: str
    named: frozenset[str]


class Case:
    """What was taken, read once, beside what was given."""

    def __init__(self, loot: Loot, given: Sequence[Given]) -> None:
        self.loot = loot
        self.given = sorted(given, key=lambda one: one.at)
        self.cracked = _crack(loot)
        whose = {mark: person for mark, (person, _) in self.cracked.items()}
        self.lines = [
            Line(table, row, words := _words(row), _named(loot, table, row, words) | _marked(words, whose))
            for table, rows in loot.tables.items()
            for row in rows
        ]

    @cached_property
    def own(self) -> list[tuple[Line, Given]]:
        """The rows in which one given thing stands, and no other."""
        found = []
        for line in self.lines:
            held = [one for one in self.given if one.words and one.words in line.words]
            found += [(line, held[0])] if len(held) == 1 else []
        return found

    @cached_property
    def handles(self) -> dict[str, Given]:
        """Everything that stands for one given thing only: its keys, and the numbers and tokens of its own rows."""
        handles = {key: one for one in self.given for key in (*one.keys, *map(sha256_of, one.keys))}
        for line, one in self.own:
            for value in line.row.values():
                long_number = isinstance(value, int) and value.bit_length() > HANDLE_BITS
                token = isinstance(value, str) and len(value) >= HANDLE_LETTERS and one.words not in value
                if (long_number or token) and _moment(value) is None:
                    handles.setdefault(str(value), one)
        return {
            handle: one
            for handle, one in handles.items()
            if not any(handle in line.words for line, other in self.own if other != one)
        }


def _words(row: Row) -> str:
    return "\n".join(as_text(value) for value in row.values() if value is not None)


def as_text(value: object) -> str:
    """Give a value as somebody who searches sees it."""
    return value if isinstance(value, str) else json.dumps(value, default=str, ensure_ascii=False)


def _named(loot: Loot, table: str, row: Row, words: str) -> frozenset[str]:
    """Tell which persons a row names, by their member's number or in its words."""
    by_number = {
        loot.members[number][0]
        for column in loot.naming.get(table, ())
        if isinstance(number := row[column], int) and number in loot.members
    }
    by_word = {person for person, name in loot.members.values() if _is_word(person, words) or _is_word(name, words)}
    return frozenset(by_number | by_word)


def _marked(words: str, whose: Mapping[str, str]) -> frozenset[str]:
    """Tell whom a row names by a hash that was cracked."""
    return frozenset(person for mark, person in whose.items() if mark in words)


def _is_word(word: str, words: str) -> bool:
    return word in words and re.search(rf"(?<!\w){re.escape(word)}(?!\w)", words) is not None


def sha256_of(key: str) -> str:
    """Hash a key as a note's form and a rating's form do."""
    return hashlib.sha256(key.encode()).hexdigest()


def _moment(value: object) -> datetime | None:
    """Read an instant, in whatever form it is stored."""
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d.*", value):
        read = datetime.fromisoformat(value)
        return read if read.tzinfo else read.replace(tzinfo=UTC)
    if isinstance(value, int | float) and not isinstance(value, bool):
        for unit in (1, 1_000, 1_000_000):
            if 1_500_000_000 < value / unit < 3_000_000_000:
                return datetime.fromtimestamp(value / unit, UTC)
    return None


# ------------------------------------------------------------------------------------------------ the ways


def beside(case: Case) -> Iterator[str]:
    """The author is named in the row of what they gave."""
    for line, one in case.own:
        if one.person in line.named:
            yield f"{line.table}: a row holds {one.words!r} and names {one.person}"


def handles(case: Case) -> Iterator[str]:
    """A number, token or key of what was given stands where its author is named: outbox rows, timers, acts."""
    for handle, one in case.handles.items():
        for line in case.lines:
            if one.person in line.named and handle in line.words:
                yield f"{line.table}: {handle} belongs to {one.words!r} and stands beside {one.person}"


def events(case: Case) -> Iterator[str]:
    """The platform's id of the giving was kept, such as in the duplicate filter: the platform knows whose it was."""
    for event in (event for one in case.given for event in one.events):
        yield from (f"{line.table}: keeps the event {event}" for line in case.lines if event in line.words)
        yield from (f"{name}: keeps it" for name, content in case.loot.files.items() if event.encode() in content)


def times(case: Case) -> Iterator[str]:
    """A time beside what was given, or beside its author, is the time of giving, or always as much before or after."""
    own = {id(line): one for line, one in case.own}
    apart: defaultdict[tuple[str, str, float], set[Given]] = defaultdict(set)
    for line in case.lines:
        about = [one for one in case.given if one.person in line.named or own.get(id(line)) == one]
        moments = {column: moment for column, value in line.row.items() if (moment := _moment(value)) is not None}
        for (column, moment), one in itertools.product(moments.items(), about):
            if abs(moment - one.at) < NEAR:
                yield f"{line.table}.{column}: {moment} is when {one.words!r} was given"
            elif len(line.named) <= 1:
                apart[line.table, column, round((moment - one.at).total_seconds())].add(one)
    for (table, column, seconds), found in apart.items():
        if len(found) >= IN_ORDER // 2:
            yield f"{table}.{column}: {len(found)} times are all {seconds:.0f} seconds after the giving"


def order(case: Case) -> Iterator[str]:
    """What was given lies somewhere in the order of giving: numbers, hidden numbers, places in a file or in a text."""
    keyed: defaultdict[str, dict[Given, object]] = defaultdict(dict)
    for where, one, place in itertools.chain(_by_row(case), _by_text(case), _by_file(case)):
        keyed[where].setdefault(one, place)
    for where, lying in keyed.items():
        ranked = [lying[one] for one in case.given if one in lying]
        if len(set(map(str, ranked))) >= IN_ORDER and _is_sorted(ranked):
            yield f"{where}: tells the order of giving"


Lying = Iterator[tuple[str, Given, object]]


def _by_row(case: Case) -> Lying:
    for line, one in case.own:
        for column, value in line.row.items():
            place = _place(value) if column == "hidden place" else value
            if isinstance(place, int | float | tuple) or _moment(value) is not None:
                yield f"{line.table}.{column}", one, place


def _by_text(case: Case) -> Lying:
    for number, line in enumerate(case.lines):
        for column, value in line.row.items():
            words = as_text(value)
            for one in case.given:
                if one.words and (at := words.find(one.words)) >= 0:
                    yield f"{line.table}.{column}, the text of row {number}", one, at


def _by_file(case: Case) -> Lying:
    """The journal grows with time; within a page of the database each new row is put before the older ones."""
    signs = {("words", one.words): one for one in case.given if one.words}
    signs |= {("token", handle): one for handle, one in case.handles.items() if len(handle) > HANDLE_LETTERS}
    for name, content in case.loot.files.items():
        for part, piece in (("as a whole", content), *_pages(content)):
            for (kind, sign), one in signs.items():
                if (at := piece.find(sign.encode())) >= 0:
                    yield f"{name}, {part}: first place of the {kind}", one, at
                    yield f"{name}, {part}: last place of the {kind}", one, piece.rfind(sign.encode())


def _pages(content: bytes) -> Iterator[tuple[str, bytes]]:
    yield from ((f"page {at // PAGE + 1}", content[at : at + PAGE]) for at in range(0, len(content), PAGE))


def _place(value: object) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", str(value))))


def _is_sorted(ranked: Sequence[object]) -> bool:
    """Tell whether a row is sorted, up or down, but for at most one pair."""
    pairs = [(one, two) for one, two in itertools.combinations(ranked, 2) if one != two]
    up = sum(one < two for one, two in pairs)  # type: ignore[operator]
    return min(up, len(pairs) - up) <= 1


def pseudonyms(case: Case) -> Iterator[str]:
    """A value tells which things came from the same person: who knows one author of them knows the rest."""
    held: defaultdict[tuple[str, str], list[tuple[str, Given]]] = defaultdict(list)
    for line, one in case.own:
        for column, value in line.row.items():
            if value is not None and one.words not in as_text(value):
                held[line.table, column].append((as_text(value), one))
    for (table, column), values in held.items():
        pairs = [(a == b, x.person == y.person) for (a, x), (b, y) in itertools.combinations(values, 2) if x != y]
        if any(same for _, same in pairs) and all(alike == same for alike, same in pairs):
            yield f"{table}.{column}: tells what came from the same person"


def together(case: Case) -> Iterator[str]:
    """The transaction that wrote what was given also wrote a row that names its author, and nobody else's."""
    writers: defaultdict[object, set[str]] = defaultdict(set)
    authors: defaultdict[object, set[str]] = defaultdict(set)
    for line in case.lines:
        if line.table != "member":
            writers[line.row.get("hidden writer")] |= line.named if len(line.named) == 1 else set()
    own = [(line.row["hidden writer"], one) for line, one in case.own if "hidden writer" in line.row]
    for writer, one in own:
        authors[writer].add(one.person)
    for writer, one in own:
        if len(authors[writer]) == 1 and writers[writer] == {one.person}:
            yield f"the transaction that wrote {one.words!r} also wrote about {one.person}"


def marks(case: Case) -> Iterator[str]:
    """Some hash of a member is there, keyed with something that is there too, or with nothing at all."""
    for mark, (person, salt) in case.cracked.items():
        yield f"{mark} is {person}, hashed with {salt or 'nothing'!r}"


def _crack(loot: Loot) -> dict[str, tuple[str, str]]:
    """Find whose hashes these are, by trying every member with every key and every number there is."""
    rows = [row for table in loot.tables.values() for row in table]
    everything = b"\n".join([*loot.files.values(), *(_words(row).encode() for row in rows)])
    found = {value.decode() for value in HEX.findall(everything)}
    numbers = {as_text(value) for row in rows for value in row.values() if isinstance(value, int)}
    salts = ["", *sorted(found), *sorted(numbers)]
    return {
        digest: (person, salt)
        for number, (person, name) in loot.members.items()
        for plain, salt in itertools.product((str(number), person, name), salts)
        for digest in _digests(plain, salt)
        if digest in found
    }


def _digests(plain: str, salt: str) -> Iterator[str]:
    """Every hash that somebody would try: keyed as Drumbeat does, and the plain ones."""
    keys = [salt.encode()]
    if len(salt) == 64:
        keys.append(bytes.fromhex(salt))
    yield from (hmac.new(key, plain.encode(), hashlib.sha256).hexdigest() for key in keys)
    if len(salt) < 64:
        yield from (
            sha256_of(salt + plain),
            sha256_of(plain + salt),
            sha256_of(f"{salt}:{plain}"),
            sha256_of(f"{plain}:{salt}"),
        )


def logs(case: Case) -> Iterator[str]:
    """The log names an author, or holds what was given, its keys or its events."""
    names = dict(case.loot.members.values())
    for one in case.given:
        for told in (one.person, names.get(one.person), one.words, *one.keys, *one.events):
            if told and _is_word(told, case.loot.log):
                yield f"the log tells {told!r}"


def leftovers(loot: Loot, gone: Sequence[str]) -> list[str]:
    """Tell what of all that should be gone is still there: in rows, in free space, in the journal, in the log."""
    everything = {
        **loot.files,
        "rows": "\n".join(_words(row) for rows in loot.tables.values() for row in rows).encode(),
        "log": loot.log.encode(),
    }
    return [
        f"{name}: still holds {secret!r}"
        for secret in gone
        for name, content in everything.items()
        if secret.encode() in content
    ]


Way = Callable[[Case], Iterator[str]]
WAYS: tuple[Way, ...] = (beside, handles, events, times, order, pseudonyms, together, marks, logs)


def attack(loot: Loot, given: Sequence[Given]) -> dict[str, list[str]]:
    """Try every way; gives what was found by each that found something."""
    case = Case(loot, given)
    tried = {way.__name__: sorted(set(way(case))) for way in WAYS}
    return {name: found for name, found in tried.items() if found}
