"""The settings: from one file and the environment, checked as a whole, every mistake told at once."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

DEFAULT_FILE = Path("config.toml")


class ConfigError(ValueError):
    """The settings cannot be used; the message has a line for each mistake."""


class Config(BaseSettings):
    """Every setting. Each can be a line of the file or, in capitals, a variable of the environment, which wins."""

    model_config = SettingsConfigDict(extra="forbid", frozen=True, case_sensitive=False)

    database_url: str = Field(
        default="sqlite:///drumbeat.db", description="Where everything is kept: SQLite, or postgresql+psycopg://…"
    )
    who_may_start: Literal["stewards", "anyone"] = Field(
        default="stewards",
        description="Who may start a movement: 'stewards' (the channel's creator and admins) or 'anyone'",
    )
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
        lines = [f"- {_where(one['loc'])} {_what(one['type'], one['msg'])}" for one in error.errors()]
        raise ConfigError("\n".join(["The configuration has mistakes:", *lines])) from None
    except ValueError as error:
        msg = f"{path} is not valid TOML: {error}"
        raise ConfigError(msg) from None


def _where(loc: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in loc) or "the file"


def _what(kind: str, message: str) -> str:
    if kind == "extra_forbidden":
        return f"is no setting; there are {', '.join(sorted(Config.model_fields))}"
    return message.removeprefix("Value error, ").removeprefix("Input ").strip()
