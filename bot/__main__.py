"""The commands: play with Drumbeat, run it, look after its database."""

from __future__ import annotations

import asyncio
import contextlib
import re
import signal
import sys
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn
from urllib.parse import urlsplit

import click
import structlog
from alembic.util import CommandError

from adapters.playground import Playground, PlaygroundError, Room
from adapters.playground.gallery import render_gallery
from adapters.playground.journal import JournalError
from adapters.playground.sample import gather_people
from bot import doctor as examination
from bot import play as playing
from bot.chat import Chat, ConnectError
from bot.clock import wall_clock
from bot.config import Config, ConfigError, read_config
from bot.door import Door, DoorError
from bot.log import set_up_logging
from bot.main import Drumbeat, assemble
from bot.routing import find_rituals
from bot.store import SchemaError, migrate_if_empty
from bot.store import migrate as migrate_database
from bot.vault import VaultError, new_key

if TYPE_CHECKING:  # the libraries of the platforms take a while to load, and only `run` needs them
    from bot.platforms import Platforms

PLAY_FOLDER = Path("data/playground")
PLAY_PORT = 8484
ROOM_FILE = Path("data/room.jsonl")
# https://discord.com/developers/docs/reference#snowflakes
DISCORD_ID = re.compile(r"\d{17,20}", re.ASCII)


class RecordError(Exception):
    """The calls cannot be recorded where somebody asked for it; the sentence says why."""


# What prevents a start and is told in a sentence.
KNOWN = (SchemaError, PlaygroundError, JournalError, DoorError, VaultError, ConnectError, RecordError)

config_option = click.option(
    "--config",
    "file",
    type=click.Path(path_type=Path),
    help="The settings; config.toml in this folder where it is not given.",
)


@click.group(
    epilog="Begin with: python -m bot play. Nothing but a browser is needed for it.",
    context_settings={"help_option_names": ["-h", "--help"]},
)
def main() -> None:
    """Drumbeat runs a movement's rituals in the chat where its people are already.

    Settings come from config.toml and the environment; config.example.toml explains every one.
    """


@main.command()
@click.option(
    "--port", default=PLAY_PORT, show_default=True, help="The page's port on this machine; 0 takes a free one."
)
@click.option("--empty", is_flag=True, help="Begin without a movement: type /drumbeat yourself.")
@click.option("--fresh", is_flag=True, help="Forget what was played before and begin anew.")
@click.option(
    "--folder", type=click.Path(path_type=Path), default=PLAY_FOLDER, show_default=True, help="Where it is kept."
)
def play(port: int, *, empty: bool, fresh: bool, folder: Path) -> None:
    """Play: a chat in the browser, several people at once, a clock that can be moved.

    It begins with a movement of twelve and its three months of history. No account, no token, nothing sent anywhere.
    """
    set_up_logging("warning", "plain")
    _run(lambda: playing.play(folder, port=port, empty=empty, fresh=fresh, report=click.echo))


@main.command()
@config_option
@click.option(
    "--record-calls",
    "record",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write every call that goes out to a platform into this file, as JSON lines without tokens. They hold all "
    "that people get to see, so keep the file to yourself. Two platforms get a file each, with their names in it.",
)
def run(file: Path | None, record: Path | None) -> None:
    """Run: connect to every platform that the settings name, until stopped (Ctrl+C, SIGTERM).

    A new database gets its tables by itself; an older one is left alone until you migrate it.
    """
    config = _read(file)
    set_up_logging(config.log_level, config.log_format)
    if not (config.slack_bot_token or config.slack_client_id or config.discord_token or config.playground_port):
        _refuse(
            "The settings name no platform to connect to. The README says how to get the tokens of Slack and Discord; "
            "to try Drumbeat without any, type: python -m bot play"
        )
    _run(lambda: _serve(config, record))


async def _serve(config: Config, record: Path | None) -> None:
    if migrate_if_empty(config.database_url):
        log.info("made the tables of a new database")
    chats: dict[str, Chat] = {}
    drumbeat = assemble(config, chats=chats)
    platforms = _find_platforms(config, drumbeat, record)
    chats.update(platforms.chats)
    if config.playground_port:
        chats[Room.platform] = _serve_playground(config, drumbeat)
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
                    routes=platforms.routes,
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


def _serve_playground(config: Config, drumbeat: Drumbeat) -> Playground:
    room = Room(now=wall_clock, journal=ROOM_FILE)
    if not room.people:
        gather_people(room)
    page = Playground(room, port=config.playground_port, commands=drumbeat.commands)
    log.info("playground", address=page.address)
    return page


@main.command()
@config_option
@click.option("--to", default="head", show_default=True, help="A version, or -1 for the one before.")
def migrate(file: Path | None, to: str) -> None:
    """Migrate: bring the database's tables to this version. Make a copy of the database first."""
    config = _read(file)
    try:
        migrate_database(config.database_url, to=to)
    except SchemaError as error:
        _refuse(str(error))
    except CommandError:
        _refuse(f"There is no version {to}. Leave --to out for the newest, or write -1 for the one before.")
    click.echo("The database has the tables that this version needs." if to == "head" else f"The database is at {to}.")


@main.command()
@config_option
def doctor(file: Path | None) -> None:
    """Doctor: look at everything that a start needs, and say what is missing and how to mend it."""
    ill = False
    set_up_logging("critical", "plain")  # what is wrong is said in the findings
    for finding in examination.examine(file, now=wall_clock(), platforms=_examine_platforms):
        ill = ill or bool(finding.mend)
        click.echo(f"{'MEND' if finding.mend else '  ok'}  {finding.what}: {finding.how_it_is}")
        if finding.mend:
            click.echo(f"      {finding.mend}")
    sys.exit(1 if ill else 0)


def _examine_platforms(config: Config) -> list[examination.Finding]:
    from bot import platforms

    return asyncio.run(platforms.examine(config))


@main.group()
def manifest() -> None:
    """Manifest: what to give Slack and Discord so that they know Drumbeat, with exactly what it needs."""


@manifest.command()
@click.option("--http", "url", default="", help="Our public address (https://…), for HTTP mode instead of Socket Mode.")
def slack(url: str) -> None:
    """Slack: an app manifest to paste at api.slack.com/apps, Create New App, From a manifest."""
    from adapters.slack.manifest import write_manifest

    address = urlsplit(url)
    if url and not (address.scheme == "https" and address.hostname):
        _refuse(f"{url} is no address that Slack can call. Write it whole: --http https://drumbeat.example.org")
    click.echo(write_manifest(find_rituals().typable, http_url=url), nl=False)


@manifest.command()
@click.argument("application_id")
def discord(application_id: str) -> None:
    """Discord: the link that invites the bot to a server, with the permissions it uses and why.

    The application id stands on the application's first page at discord.com/developers.
    """
    from adapters.discord.manifest import write_manifest

    if not DISCORD_ID.fullmatch(application_id):
        _refuse(
            "That is no application id, which is a number of 17 to 20 digits. Copy it from your application's "
            "first page at discord.com/developers (General Information, Application ID)."
        )
    click.echo(write_manifest(application_id), nl=False)


@main.command()
def key() -> None:
    """Key: make a key for secret_keys, which encrypts the tokens of several Slack workspaces."""
    click.echo(new_key())


@main.command()
@click.option("--out", type=click.Path(path_type=Path), default=Path("gallery.html"), show_default=True)
def gallery(out: Path) -> None:
    """Gallery: write every message and form of every ritual onto one page."""
    entries = [
        (ritual.name, title, view)
        for ritual in find_rituals().by_name.values()
        if ritual.samples is not None
        for title, view in ritual.samples()
    ]
    out.write_text(render_gallery(entries), encoding="utf-8")
    click.echo(f"{len(entries)} views are in {out}.")


log = structlog.get_logger()


def _read(file: Path | None) -> Config:
    try:
        return read_config(file)
    except ConfigError as error:
        _refuse(str(error))


def _refuse(sentence: str) -> NoReturn:
    click.echo(sentence, err=True)
    sys.exit(1)


def _run(start: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run until done or told to stop; what prevents a start is said in a sentence, without a traceback."""
    try:
        asyncio.run(_until_stopped(start()))
    except KNOWN as error:
        _refuse(str(error))
    except ExceptionGroup as group:
        known, others = group.split(KNOWN)
        if others is not None or known is None:
            raise
        _refuse("\n".join(dict.fromkeys(str(one) for one in _each(known))))


def _each(group: ExceptionGroup[Exception]) -> Iterator[Exception]:
    for one in group.exceptions:
        yield from _each(one) if isinstance(one, ExceptionGroup) else [one]


async def _until_stopped(work: Coroutine[Any, Any, None]) -> None:
    task = asyncio.ensure_future(work)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, task.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await task


if __name__ == "__main__":
    main()
