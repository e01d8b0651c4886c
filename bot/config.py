"""The settings: from one file and the environment, checked as a whole, every mistake told at once."""

from __future__ import annotations

import difflib
import re
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from cryptography.fernet import Fernet
from pydantic import Field, ValidationError, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

DEFAULT_FILE = Path("config.toml")
TOKENS = {"slack_bot_token": "xoxb-", "slack_app_token": "xapp-"}
UNCHOSEN = "give it for Socket Mode, the simple way; or for HTTP mode slack_signing_secret and http_port"


class ConfigError(ValueError):
    """The settings cannot be used; the message has a line for each mistake."""


class Config(BaseSettings):
    """Every setting. Each can be a line of the file or, in capitals, a variable of the environment, which wins."""

    model_config = SettingsConfigDict(extra="forbid", frozen=True, case_sensitive=False, env_ignore_empty=True)

    database_url: str = Field(
        default="sqlite:///drumbeat.db", description="Where everything is kept: SQLite, or postgresql+psycopg://…"
    )
    who_may_start: Literal["stewards", "anyone"] = Field(
        default="stewards",
        description="Who may start a movement: 'stewards' (the channel's creator and admins) or 'anyone'",
    )
    slack_bot_token: str = Field(default="", repr=False, description="xoxb-…: Drumbeat's token in your workspace")
    slack_app_token: str = Field(default="", repr=False, description="xapp-…: for Socket Mode, which needs no address")
    slack_signing_secret: str = Field(default="", repr=False, description="For HTTP mode: proves that Slack is calling")
    slack_client_id: str = Field(default="", description="For an app that several workspaces install: its client id")
    slack_client_secret: str = Field(default="", repr=False, description="The same app's client secret")
    slack_install_code: str = Field(
        default="", repr=False, description="Only whoever knows it may install the app in their workspace"
    )
    slack_api_url: str = Field(default="https://slack.com/api/", description="Where Slack's Web API is")
    discord_token: str = Field(default="", repr=False, description="The bot's token")
    discord_api_url: str = Field(default="https://discord.com/api/v10", description="Where Discord's API is")
    discord_shards: str = Field(
        default="",
        description="Which shards this process runs: '0-3/8'; all by default",
    )
    secret_keys: str = Field(
        default="", repr=False, description="Keys that encrypt tokens in the database, newest first"
    )
    http_host: str = Field(default="127.0.0.1", description="The address that the web server listens on")
    http_port: int = Field(default=0, ge=0, le=65535, description="Its port; 0 for no web server")
    public_url: str = Field(default="", description="How others reach it: https://…")
    playground_port: int = Field(
        default=0, ge=0, le=65535, description="`run` serves the playground's page on this port; 0 does not serve it"
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(default="info", description="How much is logged")
    log_format: Literal["plain", "json"] = Field(
        default="plain", description="Lines for people, or for a log collector"
    )

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        # Hosts hand out 'postgres://'; both it and 'postgresql://' mean the driver that is installed.
        for short in ("postgres://", "postgresql://"):
            if value.startswith(short):
                value = "postgresql+psycopg://" + value.removeprefix(short)
        try:
            backend = make_url(value).get_backend_name()
        except ArgumentError as error:
            msg = "is not a database address; write sqlite:///drumbeat.db or postgresql://user:password@host/name"
            raise ValueError(msg) from error
        if backend not in ("sqlite", "postgresql"):
            msg = f"names {backend!r}; Drumbeat knows sqlite and postgresql"
            raise ValueError(msg)
        return value

    @field_validator("slack_api_url", "discord_api_url")
    @classmethod
    def _whole_address(cls, value: str, info: ValidationInfo) -> str:
        """Take an address without a path to mean the platform's own path there."""
        address = urlsplit(value)
        if address.scheme not in ("http", "https") or not address.hostname:
            msg = "is not a web address; write https://host/path"
            raise ValueError(msg)
        if info.field_name == "slack_api_url":
            return value.rstrip("/") + ("/" if address.path.strip("/") else "/api/")
        return value.rstrip("/") + ("" if address.path.strip("/") else "/api/v10")

    @field_validator("discord_shards")
    @classmethod
    def _some_shards(cls, value: str) -> str:
        read = re.fullmatch(r"(\d+)(?:-(\d+))?/(\d+)", value, re.ASCII)
        if value and (read is None or not int(read[1]) <= int(read[2] or read[1]) < int(read[3])):
            msg = "names no shards; write 0-3/8 for the first four of eight, or 0/1 for one alone"
            raise ValueError(msg)
        return value

    @field_validator("public_url")
    @classmethod
    def _public_address(cls, value: str) -> str:
        address = urlsplit(value)
        if value and (address.scheme not in ("http", "https") or not address.hostname or re.search(r"\s", value)):
            msg = "is not a web address; write https://drumbeat.example.org"
            raise ValueError(msg)
        if value.endswith("/"):
            msg = "ends with a slash; write https://drumbeat.example.org"
            raise ValueError(msg)
        return value

    @field_validator("slack_bot_token", "slack_app_token")
    @classmethod
    def _tokens_in_place(cls, value: str, info: ValidationInfo) -> str:
        """Refuse a token that belongs elsewhere; any other may be what a stand-in for Slack takes."""
        other = {"slack_bot_token": "slack_app_token", "slack_app_token": "slack_bot_token"}[str(info.field_name)]
        if value.startswith(TOKENS[other]):
            msg = f"holds a token that starts with {TOKENS[other]}, which belongs into {other}; swap the two"
            raise ValueError(msg)
        return value

    @field_validator("slack_install_code")
    @classmethod
    def _code_for_a_link(cls, value: str) -> str:
        if value and not re.fullmatch(r"[A-Za-z0-9_=-]{12,}", value):
            msg = "has to stand in a link; take 12 letters and digits or more, such as from `python -m bot key`"
            raise ValueError(msg)
        return value

    @field_validator("secret_keys")
    @classmethod
    def _good_keys(cls, value: str) -> str:
        for key in value.split():
            try:
                Fernet(key)
            except ValueError as error:
                msg = "holds a key that cannot be used; `python -m bot key` makes one"
                raise ValueError(msg) from error
        return value

    @model_validator(mode="after")
    def _whole(self) -> Self:
        """Refuse settings that only make sense together when one is missing."""
        slack_by_http = bool(self.slack_bot_token or self.slack_client_id) and not self.slack_app_token
        # Whoever gives the bot's token and nothing else has not chosen yet how Slack is to be heard.
        unchosen = slack_by_http and not (self.slack_client_id or self.slack_signing_secret or self.http_port)
        slack_by_http = slack_by_http and not unchosen
        needed = [
            (unchosen, "slack_app_token", "", UNCHOSEN),
            (self.slack_app_token, "slack_bot_token", self.slack_bot_token, "Socket Mode needs both tokens"),
            (
                slack_by_http,
                "slack_signing_secret",
                self.slack_signing_secret,
                "without slack_app_token Slack calls us",
            ),
            (slack_by_http, "http_port", self.http_port, "without slack_app_token Slack calls us"),
            (self.slack_client_id, "slack_client_secret", self.slack_client_secret, "several workspaces need it"),
            (self.slack_client_id, "public_url", self.public_url, "workspaces are sent there to install Drumbeat"),
            (self.slack_client_id, "secret_keys", self.secret_keys, "their tokens are kept encrypted"),
            (self.slack_client_secret, "slack_client_id", self.slack_client_id, "its secret is there"),
            (self.slack_install_code, "slack_client_id", self.slack_client_id, "otherwise nobody installs anything"),
        ]
        missing = [f"{name} is missing: {why}" for given, name, value, why in needed if given and not value]
        if self.slack_client_id and (self.slack_bot_token or self.slack_app_token):
            missing.append(
                "slack_client_id is for several workspaces, by HTTP; leave out slack_bot_token and slack_app_token"
            )
        if missing:
            raise ValueError("\n- ".join(missing))
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - pydantic passes it by name
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let the environment win over the file, and the command line over both."""
        file = TomlConfigSettingsSource(settings_cls)
        return init_settings, env_settings, file


def read_config(file: Path | None = None, **overrides: object) -> Config:
    """Read the settings from a file (``config.toml`` where there is one) and the environment.

    Raises ``ConfigError`` with every mistake in it. No value is repeated there: it could be a secret.
    """
    if file is not None and not file.exists():
        msg = f"There is no file {file}. Copy config.example.toml to start from."
        raise ConfigError(msg)
    path = file or DEFAULT_FILE

    class FileConfig(Config):
        model_config = SettingsConfigDict(toml_file=path if path.exists() else None)

    try:
        read = FileConfig(**overrides)  # type: ignore[arg-type]
        return Config.model_construct(**read.model_dump())
    except ValidationError as error:
        lines = [f"- {_where(one['loc'])}{_what(one['type'], one['msg'], one['loc'])}" for one in error.errors()]
        raise ConfigError("\n".join(["The configuration has mistakes:", *lines])) from None
    except ValueError as error:
        msg = f"{path} is not valid TOML: {error}"
        raise ConfigError(msg) from None


def _where(loc: tuple[int | str, ...]) -> str:
    return "".join(f"{part} " for part in loc)


def _what(kind: str, message: str, loc: tuple[int | str, ...]) -> str:
    if kind == "extra_forbidden":
        near = difflib.get_close_matches(str(loc[0]), list(Config.model_fields), n=1)
        return "is no setting; " + (f"did you mean {near[0]}?" if near else "config.example.toml has them all")
    return message.removeprefix("Value error, ").removeprefix("Input ").strip()
