"""Settings come from one file and the environment, and every mistake is told at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.config import ConfigError, read_config


def written(folder: Path, text: str) -> Path:
    file = folder / "config.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_every_mistake_is_told_at_once_and_no_value_repeated(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        'database_url = "mysql://root:secret@host/x"\nwho_may_start = "secret"\n'
        'playground_port = 70000\nshout = "secret"\n',
    )
    with pytest.raises(ConfigError) as mistakes:
        read_config(file)
    assert str(mistakes.value).splitlines() == [
        "The configuration has mistakes:",
        "- database_url names 'mysql'; Drumbeat knows sqlite and postgresql",
        "- who_may_start should be 'stewards' or 'anyone'",
        "- playground_port should be less than or equal to 65535",
        "- shout is no setting; there are database_url, log_format, log_level, playground_port, who_may_start",
    ]
    assert "secret" not in str(mistakes.value)


def test_the_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = written(tmp_path, 'log_level = "error"\nwho_may_start = "anyone"\n')
    monkeypatch.setenv("LOG_LEVEL", "debug")
    config = read_config(file)
    assert (config.log_level, config.who_may_start) == ("debug", "anyone")


@pytest.mark.parametrize("given", ["postgres://ana@db/river", "postgresql://ana@db/river"])
def test_the_short_names_of_postgresql_are_understood(tmp_path: Path, given: str) -> None:
    assert read_config(written(tmp_path, f'database_url = "{given}"')).database_url == (
        "postgresql+psycopg://ana@db/river"
    )


def test_what_is_no_address_of_a_database_gets_an_example(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"write sqlite:///drumbeat.db or postgresql://user:password@host/name"):
        read_config(written(tmp_path, 'database_url = "drumbeat"'))


def test_a_file_that_is_no_toml_is_named(tmp_path: Path) -> None:
    file = written(tmp_path, "database_url = \n")
    with pytest.raises(ConfigError) as mistake:
        read_config(file)
    assert str(mistake.value).startswith(f"{file} is not valid TOML: ")


def test_a_missing_file_is_named_with_what_to_do(tmp_path: Path) -> None:
    file = tmp_path / "nowhere.toml"
    with pytest.raises(ConfigError) as mistake:
        read_config(file)
    assert str(mistake.value) == f"There is no file {file}. Copy config.example.toml to start from."
