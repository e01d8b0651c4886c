"""The commands: play with Drumbeat, run it, look after its database."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, NoReturn

import click
import structlog

from adapters.playground import Playground, PlaygroundError, Room
from adapters.playground.gallery import render_gallery
from adapters.playground.journal import JournalError
from adapters.playground.sample import gather_people
from bot import doctor as examination
from bot import play as playing
from bot.chat import Chat
from bot.clock import wall_clock
from bot.config import Config, ConfigError, read_config
from bot.main import assemble
from bot.routing import find_rituals
from bot.store import SchemaError
from bot.store import migrate as migrate_database

PLAY_FOLDER = Path("data/playground")
PLAY_PORT = 8484
ROOM_FILE = Path("data/room.jsonl")

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
def run(file: Path | None) -> None:
    """Run: connect to every platform that the settings name, until stopped (Ctrl+C, SIGTERM)."""
    config = _read(file)
    set_up_logging(config.log_level, config.log_format)
    if not config.playground_port:
        _refuse(
            "The settings name no platform to connect to. Set playground_port to serve the playground with the real "
            "clock, or try: python -m bot play"
        )
    _run(lambda: _serve(config))


async def _serve(config: Config) -> None:
    room = Room(now=wall_clock, journal=ROOM_FILE)
    if not room.people:
        gather_people(room)
    chats: dict[str, Chat] = {}
    drumbeat = assemble(config, chats=chats)
    page = Playground(room, port=config.playground_port, commands=drumbeat.commands)
    chats[page.platform] = page
    structlog.get_logger().info("running", playground=page.address)
    try:
        await drumbeat.run()
    finally:
        drumbeat.close()


@main.command()
@config_option
@click.option("--to", default="head", show_default=True, help="A version, or -1 for the one before.")
def migrate(file: Path | None, to: str) -> None:
    """Migrate: bring the database's tables to this version. Make a copy of the database first."""
    config = _read(file)
    migrate_database(config.database_url, to=to)
    click.echo("The database has the tables that this version needs." if to == "head" else f"The database is at {to}.")


@main.command()
@config_option
def doctor(file: Path | None) -> None:
    """Doctor: look at everything that a start needs, and say what is missing and how to mend it."""
    ill = False
    for finding in examination.examine(file, now=wall_clock()):
        ill = ill or bool(finding.mend)
        click.echo(f"{'MEND' if finding.mend else '  ok'}  {finding.what}: {finding.how_it_is}")
        if finding.mend:
            click.echo(f"      {finding.mend}")
    sys.exit(1 if ill else 0)


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


def set_up_logging(level: str, form: str) -> None:
    """Log in lines for people or as JSON. No member's words and no secret is ever given to the log."""
    least = logging.getLevelNamesMapping()[level.upper()]
    logging.basicConfig(level=least, format="%(message)s")
    # A round that lasts longer than its second is no news: the next one does the rest.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    processors: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    if form == "json":
        processors += [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    else:
        processors.append(structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty()))
    structlog.configure(
        processors=processors,
        wrapper_class=structlog.make_filtering_bound_logger(least),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


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
    except (SchemaError, PlaygroundError, JournalError) as error:
        _refuse(str(error))
    except ExceptionGroup as group:
        known, others = group.split((SchemaError, PlaygroundError, JournalError))
        if others is not None or known is None:
            raise
        _refuse(str(_first(known)))


def _first(group: ExceptionGroup[Exception]) -> Exception:
    one = group.exceptions[0]
    return _first(one) if isinstance(one, ExceptionGroup) else one


async def _until_stopped(work: Coroutine[Any, Any, None]) -> None:
    task = asyncio.ensure_future(work)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, task.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await task


if __name__ == "__main__":
    main()
