"""The database: what it refuses, and what it says when it cannot be used."""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError, StatementError

from bot.config import Config
from bot.main import assemble
from bot.store import Database, SchemaError, leave_nothing_behind, migrate, migrate_if_empty
from bot.tables import Away, Seen
from tests.hamlet import Hamlet
from tests.town import START

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def refusal(url: str) -> str:
    with pytest.raises(SchemaError) as refused:
        assemble(Config(database_url=url), chats={})
    return str(refused.value)


def test_an_empty_database_stops_the_start_with_the_command_to_run(database_url: str) -> None:
    migrate(database_url, to="base")
    newest = max(file.name for file in Path("migrations/versions").glob("[0-9]*.py"))[:4]
    said = f"The database is empty, this Drumbeat needs {newest}. Run: python -m bot migrate"
    assert refusal(database_url) == said


def test_a_database_of_a_newer_drumbeat_stops_the_start(database_url: str) -> None:
    database = Database(database_url)
    with database.transaction() as db:
        db.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    database.close()
    assert refusal(database_url) == (
        "The database is at version 9999, which this Drumbeat does not know: a newer one made it. Update it."
    )


def test_a_database_that_is_not_there_is_told_in_a_sentence(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/no/such/folder/drumbeat.db"
    said = "The database cannot be used: unable to open database file. Check `database_url` in the configuration."
    assert refusal(url) == said
    with pytest.raises(SchemaError) as refused:
        migrate(url)
    assert str(refused.value) == said


def test_a_file_that_is_no_database_is_told_in_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "letter.txt"
    file.write_text("Dear all, " * 200)
    assert refusal(f"sqlite:///{file}") == (
        "The database cannot be used: file is not a database. Check `database_url` in the configuration."
    )


def test_a_server_that_does_not_answer_is_told_in_a_sentence_without_the_password() -> None:
    said = refusal("postgresql+psycopg://drumbeat:hunter2@127.0.0.1:1/drumbeat")
    assert said.startswith("The database cannot be used: ")
    assert said.endswith("Check `database_url` in the configuration.")
    assert "hunter2" not in said


def test_work_is_kept_whole_or_not_at_all(database_url: str) -> None:
    database = Database(database_url)

    def fail() -> None:
        with database.transaction() as db:
            db.add(Seen(event="one", at=START))
            db.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with database.reading() as db:
        assert db.query(Seen).count() == 0
    database.close()


def test_a_moment_comes_back_as_the_same_instant(database_url: str) -> None:
    database = Database(database_url)
    moment = datetime(2026, 3, 29, 3, 30, 1, 123456, tzinfo=timezone(timedelta(hours=2)))
    with database.transaction() as db:
        db.add(Seen(event="one", at=moment))
    with database.reading() as db:
        at = db.query(Seen).one().at
    assert (at, at.utcoffset()) == (moment.astimezone(UTC), timedelta(0))
    database.close()


def test_a_moment_without_a_zone_is_refused(database_url: str) -> None:
    database = Database(database_url)
    with pytest.raises(StatementError, match="a time without a zone"), database.transaction() as db:
        db.add(Seen(event="one", at=datetime(2026, 3, 29)))  # noqa: DTZ001 - that is the point
    database.close()


def test_a_row_without_its_parent_is_refused(database_url: str) -> None:
    database = Database(database_url)
    with pytest.raises(IntegrityError), database.transaction() as db:
        db.add(Away(member_id=77, start=START))
    database.close()


@SQLITE
def test_reading_waits_for_no_writer(database_url: str) -> None:
    database, other = Database(database_url), Database(database_url)
    with database.transaction() as db:
        db.add(Seen(event="one", at=START))
        db.flush()
        with other.reading() as reading:
            assert reading.query(Seen).count() == 0
    database.close()
    other.close()


def content(url: str) -> bytes:
    """Everything that lies in a database's files."""
    file = Path(url.removeprefix("sqlite:///"))
    return b"".join(one.read_bytes() for one in file.parent.glob(f"{file.name}*"))


def keep_and_forget(database: Database, *, wiped: bool) -> None:
    """Keep three hundred words, and delete every one of them again."""
    for number in range(300):
        with database.transaction() as db:
            db.add(Seen(event=f"Zanzibar-{number} {'bar ' * (number % 40)}", at=START))
    with database.transaction() as db:
        db.execute(text("DELETE FROM seen"))
        if wiped:
            leave_nothing_behind(db)


@SQLITE
def test_what_was_deleted_for_good_is_in_no_file_any_more(database_url: str) -> None:
    database = Database(database_url)
    keep_and_forget(database, wiped=False)
    assert b"Zanzibar-" in content(database_url)
    keep_and_forget(database, wiped=True)
    assert b"Zanzibar-" not in content(database_url)
    database.close()


@SQLITE
def test_a_reader_in_the_way_only_puts_off_that_deleted_things_leave_the_files(database_url: str) -> None:
    database = Database(database_url)
    with database.reading() as reading:
        assert reading.query(Seen).count() == 0
        keep_and_forget(database, wiped=True)
        assert b"Zanzibar-" in content(database_url)
    with database.transaction() as db:
        db.add(Seen(event="another turn", at=START))
    assert b"Zanzibar-" not in content(database_url)
    database.close()


@SQLITE
def test_a_new_start_empties_the_journal_that_a_stopped_program_left(database_url: str) -> None:
    stopped, database = Database(database_url), Database(database_url)
    keep_and_forget(stopped, wiped=False)
    with database.transaction() as db:
        db.add(Seen(event="the first turn", at=START))
    assert b"Zanzibar-" not in content(database_url)
    stopped.close()
    database.close()


def test_deleting_a_movement_deletes_all_that_hangs_on_it(database_url: str) -> None:
    hamlet = Hamlet(database_url)
    movement = hamlet.found()
    with hamlet.database.transaction() as db:
        db.execute(text("DELETE FROM movement WHERE id = :movement").bindparams(movement=movement))
    with hamlet.database.reading() as db:
        assert db.execute(text("SELECT count(*) FROM member")).scalar_one() == 0
    hamlet.close()


def test_a_migration_that_fails_midway_leaves_the_database_as_it_was(database_url: str) -> None:
    migrate(database_url, to="base")
    database = Database(database_url)
    with database.transaction() as db:
        db.execute(text("CREATE TABLE energy_mark (mine INTEGER)"))
    with pytest.raises(SchemaError, match="energy_mark"):
        migrate(database_url)
    assert sorted(inspect(database.engine).get_table_names()) == ["alembic_version", "energy_mark"]
    database.close()


def test_rows_without_a_parent_stop_a_migration(fresh_sqlite: str) -> None:
    """They cannot come from Drumbeat, but from a hand in the file."""
    with closing(sqlite3.connect(fresh_sqlite.removeprefix("sqlite:///"))) as connection:
        connection.execute("INSERT INTO away (member_id, start) VALUES (77, '2026-01-01 00:00:00')")
        connection.commit()
    with pytest.raises(RuntimeError, match="rows without a parent"):
        migrate(fresh_sqlite)


@pytest.mark.parametrize("make", [migrate, migrate_if_empty])
def test_a_new_database_file_is_for_its_owner_alone(tmp_path: Path, make: Callable[[str], object]) -> None:
    file = tmp_path / "drumbeat.db"
    make(f"sqlite:///{file}")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
