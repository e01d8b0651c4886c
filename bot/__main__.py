"""The commands: play with Drumbeat, run it, look after its database."""

from __future__ import annotations

import asyncio
import re
import sys
from pathlib import Path
from urllib.parse import urlsplit

import click
from alembic.util import CommandError

from adapters.playground import PlaygroundError
from adapters.playground.gallery import render_gallery
from adapters.playground.journal import JournalError
from bot import doctor as examination
from bot import play as playing
from bot.backfill import BackfillError
from bot.chat import ConnectError, ExportError
from bot.clock import wall_clock
from bot.config import Config, ConfigError, read_config
from bot.door import DoorError
from bot.log import set_up_logging
from bot.routing import find_rituals
from bot.serving import RecordError, serve
from bot.stopping import refuse, run_until_stopped
from bot.store import SchemaError
from bot.store import migrate as migrate_database
from bot.vault import VaultError, new_key

PLAY_FOLDER = Path("data/playground")
PLAY_PORT = 8484
# https://discord.com/developers/docs/reference#snowflakes
DISCORD_ID = re.compile(r"\d{17,20}", re.ASCII)


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
    run_until_stopped(lambda: playing.play(folder, port=port, empty=empty, fresh=fresh, report=click.echo), known=KNOWN)


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
        refuse(
            "The settings name no platform to connect to. The README says how to get the tokens of Slack and Discord; "
            "to try Drumbeat without any, type: python -m bot play"
        )
    run_until_stopped(lambda: serve(config, record), known=KNOWN)


@main.command()
@config_option
@click.option("--to", default="head", show_default=True, help="A version, or -1 for the one before.")
def migrate(file: Path | None, to: str) -> None:
    """Migrate: bring the database's tables to this version. Make a copy of the database first."""
    config = _read(file)
    try:
        migrate_database(config.database_url, to=to)
    except SchemaError as error:
        refuse(str(error))
    except CommandError:
        refuse(f"There is no version {to}. Leave --to out for the newest, or write -1 for the one before.")
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
        refuse(f"{url} is no address that Slack can call. Write it whole: --http https://drumbeat.example.org")
    click.echo(write_manifest(find_rituals().typable, http_url=url), nl=False)


@manifest.command()
@click.argument("application_id")
def discord(application_id: str) -> None:
    """Discord: the link that invites the bot to a server, with the permissions it uses and why.

    The application id stands on the application's first page at discord.com/developers.
    """
    from adapters.discord.manifest import write_manifest

    if not DISCORD_ID.fullmatch(application_id):
        refuse(
            "That is no application id, which is a number of 17 to 20 digits. Copy it from your application's "
            "first page at discord.com/developers (General Information, Application ID)."
        )
    click.echo(write_manifest(application_id), nl=False)


@main.command("import")
@config_option
@click.argument("export", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--movement", default="", help="Whose past it is, by name; the one whose home channel is in the file.")
@click.option(
    "--channel", "channels", multiple=True, help="A channel of the file that belongs to it; several if given again."
)
def bring_in(file: Path | None, export: Path, movement: str, channels: tuple[str, ...]) -> None:
    """Import: bring the time before Drumbeat into the ledger: a Slack export (zip) or a DiscordChatExporter JSON.

    Each member gets one sign of life for each day on which they wrote; no words are kept. It may be stopped and
    started again, and the same file twice changes nothing. Drumbeat may be running.
    """
    from bot import past

    config = _read(file)
    set_up_logging("warning", "plain")
    try:
        told = past.bring_in(config, export, movement=movement, channels=channels, now=wall_clock(), report=click.echo)
    except (ExportError, BackfillError, SchemaError) as error:
        refuse(str(error))
    for line in told:
        click.echo(line)


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


def _read(file: Path | None) -> Config:
    try:
        return read_config(file)
    except ConfigError as error:
        refuse(str(error))


if __name__ == "__main__":
    main()
