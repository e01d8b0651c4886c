"""What is missing before Drumbeat can run, a line each, with how to mend it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import make_url, text
from sqlalchemy.exc import SQLAlchemyError

from bot.config import Config, ConfigError, read_config
from bot.routing import find_rituals
from bot.store import Database, SchemaError, check_schema, is_empty

OLDEST_PYTHON = (3, 11)
# A clock that stands before this program was written is wrong, and everything would be due at the wrong time.
NOT_BEFORE = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. ``mend`` is empty when it is well."""

    what: str
    how_it_is: str
    mend: str = ""


def examine(file: Path | None, *, now: datetime, platforms: Callable[[Config], Iterable[Finding]]) -> Iterator[Finding]:
    """Look at everything that a start needs, as far as it gets; ``platforms`` looks at Slack and Discord."""
    yield _python()
    yield _clock(now)
    yield _zones()
    try:
        config = read_config(file)
    except ConfigError as error:
        yield Finding("settings", str(error), "Mend the lines above; config.example.toml explains each setting.")
        return
    yield Finding("settings", "read" if file or Path("config.toml").exists() else "none given: all as they come")
    yield _guard("rituals", lambda: ", ".join(find_rituals().by_name))
    ill = False
    for finding in _database(config):
        ill = ill or bool(finding.mend)
        yield finding
    if not (config.slack_bot_token or config.slack_client_id or config.discord_token):
        yield Finding("platforms", "the playground alone: python -m bot play")
    elif ill:
        yield Finding("platforms", "not looked at yet", "Mend the database first; the home channels stand in it.")
    else:
        yield from platforms(config)


def _python() -> Finding:
    version = ".".join(str(part) for part in sys.version_info[:3])
    well = sys.version_info[:2] >= OLDEST_PYTHON
    return Finding("Python", version, "" if well else "Install Python 3.11 or newer.")


def _clock(now: datetime) -> Finding:
    mend = "" if now >= NOT_BEFORE else "Set this machine's clock; everything is planned by it."
    return Finding("clock", f"{now:%Y-%m-%d %H:%M} UTC", mend)


def _zones() -> Finding:
    try:
        ZoneInfo("Europe/Berlin")
    except ZoneInfoNotFoundError:
        return Finding("time zones", "missing", "Install the package tzdata.")
    return Finding("time zones", "there")


def _guard(what: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(what, look())
    except Exception as error:  # noqa: BLE001 - a doctor names what is ill instead of falling over it
        return Finding(what, f"{type(error).__name__}: {error}", "Install Drumbeat anew; a file of it is damaged.")


def _database(config: Config) -> Iterator[Finding]:
    shown = make_url(config.database_url).render_as_string(hide_password=True)
    database = Database(config.database_url)
    try:
        with database.transaction() as db:
            db.execute(text("SELECT 1"))
        yield Finding("database", shown)
        if is_empty(database):
            yield Finding("tables", "none yet; the first start makes them")
            return
        check_schema(database)
        yield Finding("tables", "as this version needs them")
    except SchemaError as error:
        yield Finding("tables", "of another version", str(error))
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", error)).strip().split("\n")[0]
        yield Finding("database", f"{shown}: {reason}", "Check database_url, and that the database runs.")
    finally:
        database.close()
