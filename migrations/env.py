"""How a migration runs: on the connection of the program, or on one of its own."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from sqlalchemy import Connection, create_engine, pool

import bot.tables  # noqa: F401 - the shared tables
from bot.routing import find_rituals
from bot.store import Table

config = context.config
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


def _migrate(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        # With foreign keys on, rebuilding a parent table deletes its children: SQLite drops the old one on the way.
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.commit()
    context.configure(
        connection=connection,
        target_metadata=Table.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        render_item=_render,
        compare_type=True,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if broken:
            message = f"the migration left rows without a parent: {broken[:5]}"
            raise RuntimeError(message)
        connection.commit()


engine = create_engine(config.attributes["url"], poolclass=pool.NullPool)
with engine.connect() as connection:
    _migrate(connection)
