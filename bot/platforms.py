"""The platforms that the settings name, each with what it needs of us; here the adapters are made."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Protocol

from aiohttp import web
from sqlalchemy import inspect, select

from adapters.discord import DiscordChat
from adapters.slack import Install, OAuth, SlackChat
from bot.chat import Chat, Place
from bot.clock import wall_clock
from bot.config import Config
from bot.doctor import Finding
from bot.main import Drumbeat
from bot.memos import Memos
from bot.recorder import Recorder, file_of
from bot.store import Database
from bot.tables import Movement
from bot.vault import Vault

EXAMINED = 20


class Connection(Chat, Protocol):
    """A chat with a line to somewhere else."""

    @property
    def connected(self) -> bool: ...

    async def examine(self, homes: Sequence[Place]) -> list[tuple[str, str, str]]: ...


def named(config: Config) -> list[str]:
    """List the platforms that the settings name."""
    tokens = {"slack": config.slack_bot_token or config.slack_client_id, "discord": config.discord_token}
    return [platform for platform, token in tokens.items() if token]


class Installs:
    """Slack's workspaces, kept in the vault."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    async def load(self, workspace: str) -> Install | None:
        values = await self._vault.load(SlackChat.platform, workspace)
        return Install(**values) if values is not None else None

    async def all(self) -> list[Install]:
        return [Install(**values) for values in (await self._vault.all(SlackChat.platform)).values()]

    async def save(self, install: Install) -> None:
        values = {name: getattr(install, name) for name in Install.__slots__}
        await self._vault.save(SlackChat.platform, install.workspace, values)

    async def remove(self, workspace: str) -> None:
        await self._vault.remove(SlackChat.platform, workspace)


class Platforms:
    """Slack and Discord as far as the settings name them."""

    def __init__(self, config: Config, drumbeat: Drumbeat, *, record: Path | None = None) -> None:
        self._config = config
        self._drumbeat = drumbeat
        self._record = record
        self._recorders: list[Recorder] = []
        self.slack = self._make_slack() if "slack" in named(config) else None
        self.discord = self._make_discord() if "discord" in named(config) else None

    @property
    def chats(self) -> Mapping[str, Connection]:
        """What is connected, by the name of its platform."""
        chats: tuple[Connection | None, ...] = (self.slack, self.discord)
        return {chat.platform: chat for chat in chats if chat is not None}

    @property
    def routes(self) -> list[web.RouteDef]:
        """What the web server takes for them."""
        return self.slack.routes() if self.slack is not None else []

    @property
    def connected(self) -> Mapping[str, Callable[[], bool]]:
        """Ask each whether its line stands."""
        return {platform: partial(getattr, chat, "connected") for platform, chat in self.chats.items()}

    async def prepare(self) -> None:
        """Encrypt what is in the vault with the newest key."""
        if self._config.secret_keys:
            await Vault(self._drumbeat.database, self._config.secret_keys, now=self._drumbeat.now).renew()

    def close(self) -> None:
        """Close the records."""
        for recorder in self._recorders:
            recorder.close()

    def _make_slack(self) -> SlackChat:
        config = self._config
        installs = oauth = None
        if config.slack_client_id:
            vault = Vault(self._drumbeat.database, config.secret_keys, now=self._drumbeat.now)
            installs = Installs(vault)
            oauth = OAuth(
                client_id=config.slack_client_id,
                client_secret=config.slack_client_secret,
                public_url=config.public_url,
                seal=vault.seal,
                unseal=vault.unseal,
                code=config.slack_install_code,
            )
        return SlackChat(
            bot_token=config.slack_bot_token,
            app_token=config.slack_app_token,
            signing_secret=config.slack_signing_secret,
            api_url=config.slack_api_url,
            commands=self._drumbeat.commands,
            now=self._drumbeat.now,
            installs=installs,
            oauth=oauth,
            record=self._recorder("slack"),
        )

    def _make_discord(self) -> DiscordChat:
        return DiscordChat(
            token=self._config.discord_token,
            api_url=self._config.discord_api_url,
            commands=self._drumbeat.commands,
            now=self._drumbeat.now,
            shards=self._config.discord_shards,
            record=self._recorder("discord"),
            remember=Memos(self._drumbeat.database),
        )

    def _recorder(self, platform: str) -> Recorder | None:
        if self._record is None:
            return None
        several = bool(self._config.discord_token) and bool(
            self._config.slack_bot_token or self._config.slack_client_id
        )
        recorder = Recorder(file_of(platform, self._record, 2 if several else 1))
        self._recorders.append(recorder)
        return recorder


async def examine(config: Config) -> list[Finding]:
    """Look at every platform that the settings name, and at the home channels there."""
    drumbeat = Drumbeat(config, now=wall_clock, chats={})
    try:
        platforms = Platforms(config, drumbeat)
        homes = await drumbeat.database.work(_homes, drumbeat.database)
        findings = [_install_link(config)] if config.slack_client_id else []
        for platform, chat in platforms.chats.items():
            theirs = [home for home in homes if home.platform == platform]
            findings += [Finding(*line) for line in await chat.examine(theirs[:EXAMINED])]
            if len(theirs) > EXAMINED:
                findings.append(Finding(f"{platform} channels", f"{len(theirs) - EXAMINED} more were not looked at"))
        return findings
    finally:
        drumbeat.close()


def _install_link(config: Config) -> Finding:
    """Tell who may install Drumbeat in their workspace."""
    who = "whoever has its code" if config.slack_install_code else "anybody who finds it; slack_install_code closes it"
    return Finding("Slack install link", f"open to {who}")


def _homes(database: Database) -> list[Place]:
    with database.reading() as db:
        if not inspect(db.connection()).has_table(Movement.__tablename__):
            return []
        return [
            Place(one.platform, one.workspace, channel=one.channel)
            for one in db.scalars(select(Movement).order_by(Movement.id))
        ]
