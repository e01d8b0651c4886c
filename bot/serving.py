"""Serving: Drumbeat put together with every platform that the settings name, and its web server."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from bot.chat import Chat
from bot.config import Config
from bot.door import Door
from bot.feeds import Feeds
from bot.main import Drumbeat, assemble
from bot.play import serve_playground
from bot.store import migrate_if_empty

if TYPE_CHECKING:  # the libraries of the platforms take a while to load
    from bot.platforms import Platforms

log = structlog.get_logger()


class RecordError(Exception):
    """The calls cannot be recorded where somebody asked for it; the sentence says why."""


async def serve(config: Config, record: Path | None) -> None:
    """Run until cancelled; ``record`` is a file for every call to a platform."""
    if migrate_if_empty(config.database_url):
        log.info("made the tables of a new database")
    chats: dict[str, Chat] = {}
    drumbeat = assemble(config, chats=chats)
    platforms = _find_platforms(config, drumbeat, record)
    chats.update(platforms.chats)
    if config.playground_port:
        page = serve_playground(config, drumbeat)
        chats[page.platform] = page
    try:
        await platforms.prepare()
        async with asyncio.TaskGroup() as group:
            if config.http_port:
                door = Door(
                    host=config.http_host,
                    port=config.http_port,
                    database=drumbeat.database,
                    measures=drumbeat.measures,
                    now=drumbeat.now,
                    last_tick=lambda: drumbeat.last_tick,
                    connected=platforms.connected,
                    routes=[*platforms.routes, *Feeds(drumbeat.database, now=drumbeat.now).routes()],
                )
                group.create_task(door.run())
            log.info("running", platforms=sorted(chats), port=config.http_port or None)
            group.create_task(drumbeat.run())
    finally:
        platforms.close()
        drumbeat.close()


def _find_platforms(config: Config, drumbeat: Drumbeat, record: Path | None) -> Platforms:
    from bot.platforms import Platforms

    try:
        return Platforms(config, drumbeat, record=record)
    except OSError as error:
        drumbeat.close()
        why = error.strerror or type(error).__name__
        msg = f"Calls cannot be recorded in {record}: {why}. Name a file in a folder that can be written to."
        raise RecordError(msg) from error
