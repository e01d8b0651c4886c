"""The files of the past that each platform gives out; here the right one is opened."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Collection
from contextlib import closing
from datetime import datetime
from pathlib import Path

from adapters.discord.exported import DiscordExport
from adapters.slack.exported import SlackExport
from bot import backfill
from bot.config import Config
from bot.store import Database, check_schema


def bring_in(
    config: Config,
    file: Path,
    *,
    movement: str,
    channels: Collection[str],
    now: datetime,
    report: Callable[[str], None],
) -> list[str]:
    """Bring a file into the ledger of the movement that it belongs to; gives what is to be said about it."""
    database = Database(config.database_url)
    try:
        check_schema(database)
        with closing(open_export(file)) as export:
            found = backfill.choose_movement(database, export, named=movement)
            chosen = backfill.choose_channels(export, found, named=channels)
            told = backfill.bring_in(
                database, export, file, movement_id=found.id, channels=chosen, now=now, report=report
            )
    finally:
        database.close()
    return backfill.spoken(told)


def open_export(file: Path) -> backfill.Export:
    """Open a file of the past; Slack gives a zip, Discord's exporter a JSON."""
    return SlackExport(file) if zipfile.is_zipfile(file) else DiscordExport(file)
