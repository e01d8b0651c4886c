"""Ways from a note to its author, to be put into the database of an anonymous retro: the attacker must find each one.

Every one is a mistake that somebody could make in good faith: a private message, a column for the time, a count.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

from bot.ledger import mark_member
from bot.marks import random_number
from tests.attacker import Given, Loot, sha256_of, take_sqlite

Plant = Callable[[sqlite3.Connection, Sequence[Given]], None]


def member_ids(db: sqlite3.Connection) -> dict[str, int]:
    return dict(db.execute("SELECT person, id FROM member"))


def number_of(db: sqlite3.Connection, one: Given) -> int:
    (number,) = db.execute("SELECT id FROM retro_note WHERE words = ?", (one.words,)).fetchone()
    return int(number)


def by_column(db: sqlite3.Connection, given: Sequence[Given]) -> None:
    """A column with the author."""
    ids = member_ids(db)
    for one in given:
        db.execute("UPDATE retro_note SET member_id = ? WHERE words = ?", (ids[one.person], one.words))


def by_outbox(db: sqlite3.Connection, given: Sequence[Given]) -> None:
    """A private message that tells the author their own words."""
    post(db, given[0], key="own-note", view=f'{{"parts": ["Kept: {given[0].words}"]}}')


def by_button(db: sqlite3.Connection, given: Sequence[Given]) -> None:
    """A private message with a button that has the note's number."""
    post(db, given[0], key="change", about=str(number_of(db, given[0])))


def by_key_in_a_button(db: sqlite3.Connection, given: Sequence[Given]) -> None:
    """A private message with a button that has the note's key."""
    post(db, given[0], key="change", about=f"1/{given[0].keys[0]}")


def post(db: sqlite3.Connection, one: Given, *, key: str, view: str = "{}", about: str = "", at: str = "") -> None:
    """Put a private message into the outbox."""
    db.execute(
        "INSERT INTO post (movement_id, key, ritual, about, platform, workspace, channel, person, lane, view, version, "
        "shown_version, state, changed_at, failures, error) SELECT movement_id, ?, ritual, ?, platform, workspace, '', "
        "?, lane, ?, 1, 1, 'shown', ?, 0, '' FROM post LIMIT 1",
        (f"retro:{key}:{one.person}", about, one.person, view, at or "2026-01-01 00:00:00.000000"),
    )


def by_ledger(db: sqlite3.Connection, given: Sequence[Given]) -> None:
    """An act at the moment of giving."""
    for one in given:
        act(db, one, at=stamp(one))


def by_ledger_later(db: sqlite3.Connection, given: Sequence[Given]) -> None:
    """Acts that are always written an hour later."""
    for one in given:
        later = one.at.replace(hour=one.at.hour + 1)
        act(db, one, at=later.replace(tzinfo=None).isoformat(" "))


def act(db: sqlite3.Connection, one: Given, *, at: str) -> None:
    db.execute(
        "INSERT INTO act (movement_id, member_id, kind, at, evidence, once) VALUES (1, ?, 'feedback_given', ?, '', ?)",
        (member_ids(db)[one.person], at, f"planted:{one.at}"),
    )


def stamp(one: Given) -> str:
    return one.at.replace(tzinfo=None).isoformat(" ")


def by_reminder(db: sqlite3.Connection, given: Sequence[Given]) -> None:
    """A timer about each author, a day after they gave something."""
    for one in given:
        db.execute(
            "INSERT INTO timer (movement_id, ritual, verb, about, due_at, planned_at, failures) "
            "VALUES (1, 'retro', 'thank', ?, ?, '2026-11-02 09:00:00.000000', 0)",
            (f"{one.person}/{one.at.minute}", stamp(one).replace("2026-11-01", "2026-11-02")),
        )


def by_outbox_time(db: sqlite3.Connection, given: Sequence[Given]) -> None:
    """A private thank-you with nothing in it but its time."""
    post(db, given[0], key="thanks", at=stamp(given[0]))


def by_time(db: sqlite3.Connection, given: Sequence[Given]) -> None:
    """A time beside the note."""
    db.execute("ALTER TABLE retro_note ADD COLUMN at DATETIME")
    for one in given:
        db.execute("UPDATE retro_note SET at = ? WHERE words = ?", (stamp(one), one.words))


def by_second(db: sqlite3.Connection, given: Sequence[Given]) -> None:
    """A number beside the note that is a time, too."""
    db.execute("ALTER TABLE retro_note ADD COLUMN version INTEGER")
    for one in given:
        db.execute("UPDATE retro_note SET version = ? WHERE words = ?", (int(one.at.timestamp() * 1000), one.words))


def by_filter(db: sqlite3.Connection, given: Sequence[Given]) -> None:
    """The event that brought a note, in the duplicate filter."""
    db.execute("INSERT INTO seen (event, at) VALUES (?, '2026-01-01 00:00:00.000000')", (given[0].events[-1],))


def by_counted_numbers(db: sqlite3.Connection, given: Sequence[Given]) -> None:
    """Notes with counted numbers."""
    for number, one in enumerate(given, 1):
        db.execute("UPDATE retro_note SET id = ? WHERE words = ?", (number, one.words))


def by_hidden_number(db: sqlite3.Connection, given: Sequence[Given]) -> None:
    """Notes in a table that SQLite numbers in secret."""
    db.execute("CREATE TABLE planted (number BIGINT, words TEXT)")
    for one in given:
        db.execute("INSERT INTO planted VALUES (?, ?)", (random_number(), one.words))


def by_place_in_the_file(db: sqlite3.Connection, given: Sequence[Given]) -> None:
    """Notes without a hidden number, that lie in the file as they came."""
    db.execute("CREATE TABLE planted (number BIGINT PRIMARY KEY, words TEXT) WITHOUT ROWID")
    for one in given:
        db.execute("INSERT INTO planted VALUES (?, ?)", (random_number(), one.words))


def by_shown_order(db: sqlite3.Connection, given: Sequence[Given]) -> None:
    """A message to which each note was added when it came."""
    words = "\\n".join(one.words for one in given)
    db.execute("UPDATE post SET view = ? WHERE id = 1", (f'{{"parts": ["{words}"]}}',))


def by_edits(db: sqlite3.Connection, given: Sequence[Given]) -> None:
    """The message's count of edits beside each note."""
    db.execute("ALTER TABLE retro_note ADD COLUMN edit INTEGER")
    for edit, one in enumerate(given):
        db.execute("UPDATE retro_note SET edit = ? WHERE words = ?", (40 + 2 * edit, one.words))


def by_pseudonym(db: sqlite3.Connection, given: Sequence[Given]) -> None:
    """A random name for each author that stands beside all their notes."""
    for one in given:
        alias = f"planted-{sha256_of(one.person)[:12]}"
        db.execute("UPDATE retro_note SET token = ? WHERE words = ?", (alias, one.words))


def by_mark_and_key(db: sqlite3.Connection, given: Sequence[Given]) -> None:
    """A mark that was forgotten with its key."""
    key = "ab" * 32
    db.execute("INSERT INTO mark_key (scope, key) VALUES ('planted', ?)", (key,))
    mark = mark_member(bytes.fromhex(key), member_ids(db)[given[0].person])
    db.execute("INSERT INTO mark (scope, mark) VALUES ('planted', ?)", (mark,))


def by_plain_hash(db: sqlite3.Connection, given: Sequence[Given]) -> None:
    """A hash without a key."""
    db.execute("UPDATE retro_note SET token = ? WHERE words = ?", (sha256_of(given[0].person), given[0].words))


def by_salted_hash(db: sqlite3.Connection, given: Sequence[Given]) -> None:
    """A hash whose salt anybody can guess: the retro's number."""
    salted = sha256_of(f"{number_of(db, given[0])}:{member_ids(db)[given[0].person]}")
    db.execute("UPDATE retro_note SET token = ? WHERE words = ?", (salted, given[0].words))


PLANTS: dict[Plant, set[str]] = {
    by_column: {"beside", "handles", "pseudonyms"},
    by_outbox: {"beside", "handles"},
    by_button: {"handles"},
    by_key_in_a_button: {"handles"},
    by_ledger: {"times"},
    by_ledger_later: {"times"},
    by_reminder: {"times"},
    by_outbox_time: {"times"},
    by_time: {"times", "order"},
    by_second: {"times", "order"},
    by_filter: {"events"},
    by_counted_numbers: {"order"},
    by_hidden_number: {"order"},
    by_place_in_the_file: {"order"},
    by_shown_order: {"order"},
    by_edits: {"order"},
    by_pseudonym: {"pseudonyms"},
    by_mark_and_key: {"marks"},
    by_plain_hash: {"marks", "beside", "handles"},
    by_salted_hash: {"marks", "beside", "handles"},
}


def planted(file: Path, plant: Plant, given: Sequence[Given]) -> Loot:
    """Put a way into a copy of the database, and take the copy."""
    folder = file.with_name("planted")
    folder.mkdir()
    for one in file.parent.glob(f"{file.name}*"):
        shutil.copy(one, folder)
    with closing(sqlite3.connect(folder / file.name)) as connection, connection:
        plant(connection, given)
    loot = take_sqlite(folder / file.name)
    shutil.rmtree(folder)
    return loot
