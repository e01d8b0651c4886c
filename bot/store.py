"""Where everything that lasts is kept: one database, SQLite for one laptop or PostgreSQL for many machines."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Engine,
    Integer,
    MetaData,
    Select,
    TypeDecorator,
    create_engine,
    event,
    inspect,
    make_url,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Session

if TYPE_CHECKING:
    from alembic.config import Config

P = ParamSpec("P")
T = TypeVar("T")

# PostgreSQL answers several turns at once; SQLite has one writer, so one worker makes the queue fair.
POSTGRESQL_WORKERS = 8
SQLITE_BUSY_MS = 15_000
# So long a turn that empties the journal waits for those who read; otherwise the next turns try, without waiting.
SQLITE_WIPE_MS = 200


class SchemaError(RuntimeError):
    """The database is not what this version of Drumbeat needs. The message says which command mends it."""


def collided(error: DBAPIError) -> bool:
    """Tell whether two transactions met and the database sent one away; the same work, done again, succeeds."""
    return getattr(error.orig, "sqlstate", "") in {"40001", "40P01"}


class UTCDateTime(TypeDecorator[datetime]):
    """An instant in UTC. A time without a zone is refused: nobody could say when it is."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Write UTC; SQLite keeps no zone, so the zone is left off there."""
        if value is None:
            return None
        if value.tzinfo is None:
            msg = "a time without a zone cannot be stored"
            raise ValueError(msg)
        utc = value.astimezone(UTC)
        return utc if dialect.name == "postgresql" else utc.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Read UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Id = BigInteger().with_variant(Integer(), "sqlite")
Document = JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


class Table(DeclarativeBase):
    """What every table shares: the names of its constraints, so that a migration can find them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UTCDateTime, dict[str, Any]: Document}  # noqa: RUF012 - SQLAlchemy reads it so


def insert_or(session: Session) -> Callable[[Any], Any]:
    """Give the dialect's own INSERT, which knows ON CONFLICT; both databases write it alike."""
    return postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert


@contextmanager
def remembering(session: Session) -> Iterator[None]:
    """Let a session hold on to what it reads: turns taken together often need the same rows."""
    kept: list[object] = []
    event.listen(session, "loaded_as_persistent", lambda _session, row: kept.append(row))
    session.info["remembers"] = True
    yield


def remembers(session: Session) -> bool:
    """Tell whether a session holds on to what it reads."""
    return "remembers" in session.info


def recall(session: Session, key: tuple[object, ...], find: Callable[[], T | None]) -> T | None:
    """Find a row, or recall it where this transaction has found it before. What was not there is looked for again."""
    if not remembers(session):
        return find()
    found: T | None = session.info.get(key)
    if found is None:
        found = session.info[key] = find()
    return found


def forget(session: Session) -> None:
    """Recall nothing from before: part of it was undone."""
    wipes = session.info.get(_WIPES, False)
    session.info.clear()
    session.info.update({"remembers": True, _WIPES: wipes})


def leave_nothing_behind(session: Session) -> None:
    """Ask that what was deleted or changed cannot be read from the database's files either, once this is kept.

    For everything that was anonymous: on SQLite the journal would tell in which order rows came, and hold keys and
    marks that are long deleted. What PostgreSQL leaves in its files until it vacuums only its administrator can read.
    """
    session.info[_WIPES] = True


_WIPES = "wipes"


class Database:
    """One database, its connections and the worker threads that use them."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.is_sqlite = make_url(url).get_backend_name() == "sqlite"
        self.engine = _engine(_resolved(url))
        # Whoever ran before may have been stopped before the journal was emptied.
        self._to_wipe = self.is_sqlite
        self._workers = ThreadPoolExecutor(1 if self.is_sqlite else POSTGRESQL_WORKERS, thread_name_prefix="turn")

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Open a session whose work is kept whole or not at all. On SQLite it holds the one write lock."""
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session
        asked = session.info.get(_WIPES, False)
        if self.is_sqlite and (asked or self._to_wipe):
            self._to_wipe = not _empty_journal(self.engine, patience_ms=SQLITE_WIPE_MS if asked else 0)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Open a session that only reads, and waits for no writer."""
        with self.engine.connect().execution_options(read_only=True) as connection, Session(connection) as session:
            yield session

    def glance(self, statement: Select[Any]) -> tuple[Any, ...]:
        """Read one row of bare columns, without a session: what is asked every second should cost little."""
        with self.engine.connect() as connection:
            return tuple(connection.execution_options(read_only=True).execute(statement).one())

    async def work(self, task: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do a synchronous task in a worker thread, so that the event loop stays free."""
        return await asyncio.get_running_loop().run_in_executor(self._workers, lambda: task(*args, **kwargs))

    def close(self) -> None:
        """Finish what runs and let the connections go."""
        self._workers.shutdown(wait=True)
        self.engine.dispose()


def _resolved(url: str) -> str:
    """Write a SQLite file's place from the root on: a relative one means another file in another folder."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database or parsed.database.startswith((":", "file:")):
        return url
    return parsed.set(database=str(Path(parsed.database).absolute())).render_as_string(hide_password=False)


@cache
def _engine(url: str) -> Engine:
    """Give the engine of a database, always the same one: it remembers every statement that it has compiled."""
    # hide_parameters: what people wrote must not reach the log with the error of a statement.
    if make_url(url).get_backend_name() != "sqlite":
        return create_engine(
            url, pool_size=POSTGRESQL_WORKERS, max_overflow=4, pool_pre_ping=True, hide_parameters=True
        )
    engine = create_engine(url, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's connection
        connection.isolation_level = None  # SQLAlchemy opens the transactions, not the driver
        for pragma in (
            "journal_mode=WAL",
            "synchronous=NORMAL",
            "foreign_keys=ON",
            "secure_delete=ON",  # what is deleted is overwritten
            f"busy_timeout={SQLITE_BUSY_MS}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:  # noqa: ANN401
        # A deferred BEGIN that reads and then writes fails with 'database is locked' in spite of the busy timeout.
        reads = connection.get_execution_options().get("read_only")
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")

    return engine


def _empty_journal(engine: Engine, *, patience_ms: int) -> bool:
    """Move SQLite's journal into the database and leave nothing in it; tells whether no reader was in the way."""
    with closing(engine.raw_connection()) as pooled:  # outside any transaction: inside one it is refused
        cursor = pooled.cursor()
        cursor.execute(f"PRAGMA busy_timeout={patience_ms}")
        try:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            (busy, _, _) = cursor.fetchall()[0]
        finally:
            cursor.execute(f"PRAGMA busy_timeout={SQLITE_BUSY_MS}")
    return not busy


def _alembic(url: str) -> Config:
    from alembic.config import Config  # it takes a while to load, and most processes make no tables

    config = Config()
    config.set_main_option("script_location", "migrations:")
    config.set_main_option("path_separator", "os")
    config.attributes["url"] = url
    return config


@contextmanager
def _reaching() -> Iterator[None]:
    """Say in a sentence that a database cannot be used, whatever the driver calls it."""
    try:
        yield
    except DBAPIError as error:
        why = str(error.orig).strip().rstrip(".")
        msg = f"The database cannot be used: {why}. Check `database_url` in the configuration."
        raise SchemaError(msg) from error


def migrate(url: str, *, to: str = "head") -> None:
    """Bring a database's tables to a version; ``head`` is this program's, ``base`` is none at all."""
    from alembic import command

    config = _alembic(url)
    with _reaching():
        _keep_private(url)
        if to == "base" or to.startswith("-"):
            command.downgrade(config, to)
        else:
            command.upgrade(config, to)


def _keep_private(url: str) -> None:
    """Make a new SQLite file one that only its owner reads: it holds names and what people wrote."""
    parsed = make_url(_resolved(url))
    if parsed.get_backend_name() == "sqlite" and parsed.database and parsed.database.startswith("/"):
        with contextlib.suppress(OSError):  # where there is no such folder, SQLite says so
            Path(parsed.database).touch(mode=0o600)


def is_empty(database: Database) -> bool:
    """Tell whether a database has no tables at all."""
    with _reaching(), database.reading() as db:
        return not inspect(db.connection()).get_table_names()


def migrate_if_empty(url: str) -> bool:
    """Make the tables where there are none at all; a database with anything in it is only migrated on purpose."""
    with _reaching():
        _keep_private(url)
    database = Database(url)
    try:
        empty = is_empty(database)
    finally:
        database.close()
    if empty:
        migrate(url)
    return empty


def check_models(url: str) -> None:
    """Raise when the models and the migrated tables differ."""
    from alembic import command

    command.check(_alembic(url))


@cache
def _versions() -> tuple[str | None, frozenset[str]]:
    """Give the newest version of the tables, and all that this program knows."""
    from alembic.script import ScriptDirectory

    versions = ScriptDirectory.from_config(_alembic(""))
    return versions.get_current_head(), frozenset(version.revision for version in versions.walk_revisions())


def check_schema(database: Database) -> None:
    """Refuse to run on tables of another version, with the command that mends it."""
    from alembic.runtime.migration import MigrationContext

    head, known = _versions()
    with _reaching(), database.reading() as session:
        current = MigrationContext.configure(session.connection()).get_current_revision()
    if current == head:
        return
    if current is not None and current not in known:
        msg = (
            f"The database is at version {current}, which this Drumbeat does not know: a newer one made it. Update it."
        )
        raise SchemaError(msg)
    have = f"at version {current}" if current else "empty"
    msg = f"The database is {have}, this Drumbeat needs {head}. Run: python -m bot migrate"
    raise SchemaError(msg)
