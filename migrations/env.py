"""How a migration runs: on the connection of the program, or on one of its own."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from sqlalchemy import Connection, Engine, create_engine, event, pool

import bot.tables  # noqa: F401 - the shared tables
from bot.routing import find_rituals
from bot.store import Table

config = context.config
# Any number, always the same: several copies of the program that are started at once migrate one after the other.
ONE_AT_A_TIME = 4_672_018
find_rituals()  # each ritual brings its own tables


def _render(kind: str, item: Any, autogen: Any) -> str | Literal[False]:  # noqa: ANN401 - alembic's own
    """Write our column types as plain SQLAlchemy: a migration outlives the program's classes."""
    if kind == "type":
        name = type(item).__name__
        if name == "UTCDateTime":
            return "sa.DateTime(timezone=True)"
        if name == "JSON":
            autogen.imports.add("from sqlalchemy.dialects import postgresql")
            jsonb = "postgresql.JSONB(none_as_null=True)"
            return f"sa.JSON(none_as_null=True).with_variant({jsonb}, 'postgresql')"
    return False


def _one_transaction_on_sqlite(engine: Engine) -> None:
    """Let SQLAlchemy open the transaction: the driver would commit before each change of a table."""

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's connection
        connection.isolation_level = None
        # With foreign keys on, rebuilding a parent table deletes its children: SQLite drops the old one on the way.
        connection.execute("PRAGMA foreign_keys=OFF")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Table.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        render_item=_render,
        compare_type=True,
    )
    # All the way or not at all: a migration that fails leaves the database as it was.
    with context.begin_transaction():
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({ONE_AT_A_TIME})")
        context.run_migrations()
        if connection.dialect.name == "sqlite":
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            if broken:
                message = f"the migration leaves rows without a parent: {broken[:5]}"
                raise RuntimeError(message)


engine = create_engine(config.attributes["url"], poolclass=pool.NullPool)
if engine.dialect.name == "sqlite":
    _one_transaction_on_sqlite(engine)
with engine.connect() as connection:
    _migrate(connection)
