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
        "- shout is no setting; config.example.toml has them all",
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


def test_a_mistyped_setting_gets_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"- slack_token is no setting; did you mean slack_bot_token\?"):
        read_config(written(tmp_path, 'slack_token = "xoxb-1"'))


@pytest.mark.parametrize(
    ("given", "mistakes"),
    [
        ('slack_app_token = "xapp-1"', ["slack_bot_token is missing: Socket Mode needs both tokens"]),
        (
            'slack_bot_token = "xoxb-1"',
            [
                (
                    "slack_app_token is missing: give it for Socket Mode, the simple way; or for HTTP mode "
                    "slack_signing_secret and http_port"
                )
            ],
        ),
        (
            'slack_bot_token = "xoxb-1"\nhttp_port = 80',
            ["slack_signing_secret is missing: without slack_app_token Slack calls us"],
        ),
        (
            (
                'slack_client_id = "1.2"\nslack_client_secret = "s"\npublic_url = "https://a.example"\n'
                'secret_keys = "KDs0-FT6MBUjOYrHFbZfH7BBbPGyEKqoCR5V3Vuy7b8="'
            ),
            [
                "slack_signing_secret is missing: without slack_app_token Slack calls us",
                "http_port is missing: without slack_app_token Slack calls us",
            ],
        ),
        (
            'slack_client_id = "1.2"\nslack_signing_secret = "s"\nhttp_port = 80',
            [
                "slack_client_secret is missing: several workspaces need it",
                "public_url is missing: workspaces are sent there to install Drumbeat",
                "secret_keys is missing: their tokens are kept encrypted",
            ],
        ),
    ],
)
def test_settings_that_need_each_other_are_named(tmp_path: Path, given: str, mistakes: list[str]) -> None:
    with pytest.raises(ConfigError) as told:
        read_config(written(tmp_path, given))
    assert str(told.value).splitlines() == ["The configuration has mistakes:", *(f"- {one}" for one in mistakes)]


@pytest.mark.parametrize(
    ("given", "mistake"),
    [
        (
            'discord_shards = "hush"',
            "discord_shards names no shards; write 0-3/8 for the first four of eight, or 0/1 for one alone",
        ),
        (
            'discord_shards = "3-1/8"',
            "discord_shards names no shards; write 0-3/8 for the first four of eight, or 0/1 for one alone",
        ),
        (
            'slack_install_code = "hush"',
            (
                "slack_install_code has to stand in a link; take 12 letters and digits or more, such as from "
                "`python -m bot key`"
            ),
        ),
        ('public_url = "hush"', "public_url is not a web address; write https://drumbeat.example.org"),
        ('public_url = "https://hush/"', "public_url ends with a slash; write https://drumbeat.example.org"),
        (
            'slack_bot_token = "xapp-hush"',
            ("slack_bot_token holds a token that starts with xapp-, which belongs into slack_app_token; swap the two"),
        ),
        (
            'slack_app_token = "xoxb-hush"',
            ("slack_app_token holds a token that starts with xoxb-, which belongs into slack_bot_token; swap the two"),
        ),
    ],
)
def test_a_mistake_gets_a_sentence_with_what_is_right(tmp_path: Path, given: str, mistake: str) -> None:
    with pytest.raises(ConfigError) as told:
        read_config(written(tmp_path, given))
    assert str(told.value).splitlines() == ["The configuration has mistakes:", f"- {mistake}"]


@pytest.mark.parametrize("shards", ["", "0/1", "0-3/8", "7/8"])
def test_shards_and_addresses_that_are_right_are_taken(tmp_path: Path, shards: str) -> None:
    given = f'discord_shards = "{shards}"\npublic_url = "http://127.0.0.1:8080/drumbeat"'
    config = read_config(written(tmp_path, given))
    assert (config.discord_shards, config.public_url) == (shards, "http://127.0.0.1:8080/drumbeat")


def test_a_key_that_is_none_is_told_how_to_make_one_and_not_repeated(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as told:
        read_config(written(tmp_path, 'secret_keys = "my-secret"'))
    assert str(told.value).splitlines()[1:] == [
        "- secret_keys holds a key that cannot be used; `python -m bot key` makes one"
    ]


@pytest.mark.parametrize(
    ("given", "slack", "discord"),
    [
        ("http://127.0.0.1:9/", "http://127.0.0.1:9/api/", "http://127.0.0.1:9/api/v10"),
        ("http://127.0.0.1:9/here/api", "http://127.0.0.1:9/here/api/", "http://127.0.0.1:9/here/api"),
    ],
)
def test_an_address_without_a_path_means_the_platforms_own_path(
    tmp_path: Path, given: str, slack: str, discord: str
) -> None:
    config = read_config(written(tmp_path, f'slack_api_url = "{given}"\ndiscord_api_url = "{given}"'))
    assert (config.slack_api_url, config.discord_api_url) == (slack, discord)


def test_no_secret_is_shown_with_the_settings(tmp_path: Path) -> None:
    config = read_config(
        written(tmp_path, 'slack_bot_token = "hush"\nslack_app_token = "hush"\ndiscord_token = "hush"')
    )
    assert "hush" not in repr(config)
