"""The program's commands, as somebody at a terminal sees them."""

from __future__ import annotations

import asyncio
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from bot.__main__ import KNOWN, main
from bot.door import DoorError
from bot.stopping import run_until_stopped
from bot.store import migrate

ROOT = Path(__file__).parents[2]
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/")
SQLITE_ONLY = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def typed(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


@contextmanager
def started(*words: str, folder: Path) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-m", "bot", *words],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def address_of(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    for line in process.stdout:
        found = ADDRESS.search(line)
        if found:
            return found.group()
    pytest.fail("the program ended without an address")


def test_help_teaches_what_there_is() -> None:
    shown = typed("--help").output
    assert [name for name in ("play", "run", "migrate", "doctor", "gallery") if f"\n  {name} " not in shown] == []
    assert "Begin with: python -m bot play." in shown


def test_the_playground_opens_without_anything_and_stops_cleanly(tmp_path: Path) -> None:
    with started("play", "--port", "0", "--empty", folder=tmp_path) as process:
        address = address_of(process)
        with urllib.request.urlopen(address) as page:  # noqa: S310 - our own page on loopback
            assert (page.status, b"Drumbeat" in page.read()) == (200, True)
        process.send_signal(signal.SIGTERM)
        out, _ = process.communicate(timeout=20)
        assert (process.returncode, "Traceback" in out) == (0, False)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data"]


def test_two_playgrounds_on_one_port_get_a_sentence(tmp_path: Path) -> None:
    with started("play", "--port", "0", "--empty", folder=tmp_path) as process:
        port = address_of(process).rsplit(":", 1)[1].rstrip("/")
        again = typed("play", "--port", port, "--empty", "--folder", str(tmp_path / "other"))
    assert again.exit_code == 1
    assert again.output.startswith(f"Port {port} is taken")


@SQLITE_ONLY
def test_an_older_database_stops_the_start_with_the_command_to_run(database_url: str) -> None:
    migrate(database_url, to="-1")
    before, newest = sorted(file.name[:4] for file in (ROOT / "migrations/versions").glob("0*.py"))[-2:]
    env = {"PLAYGROUND_PORT": "8999", "DATABASE_URL": database_url}
    refused = CliRunner().invoke(main, ["run"], env=env)
    assert (refused.exit_code, refused.output) == (
        1,
        f"The database is at version {before}, this Drumbeat needs {newest}. Run: python -m bot migrate\n",
    )
    assert CliRunner().invoke(main, ["migrate"], env=env).output == (
        "The database has the tables that this version needs.\n"
    )


def test_running_without_a_platform_says_what_to_do() -> None:
    refused = typed("run")
    assert (refused.exit_code, refused.output) == (
        1,
        (
            "The settings name no platform to connect to. The README says how to get the tokens of Slack and Discord; "
            "to try Drumbeat without any, type: python -m bot play\n"
        ),
    )


def test_run_makes_the_tables_of_a_new_database_and_serves_until_it_is_told_to_stop(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("playground_port = 18473\n", encoding="utf-8")
    with started("run", folder=tmp_path) as process:
        address = address_of(process)
        process.send_signal(signal.SIGTERM)
        out, _ = process.communicate(timeout=20)
        assert (process.returncode, address, "Traceback" in out) == (0, "http://127.0.0.1:18473/", False)
    assert typed("doctor").exit_code == 0


def test_a_database_that_cannot_be_reached_gets_a_sentence() -> None:
    env = {"DATABASE_URL": "postgresql://ana:opensesame@127.0.0.1:9/river"}
    refused = CliRunner().invoke(main, ["migrate"], env=env)
    assert (refused.exit_code, type(refused.exception)) == (1, SystemExit)
    assert refused.output.startswith("The database cannot be used: ")
    assert refused.output.endswith("Check `database_url` in the configuration.\n")
    assert "opensesame" not in refused.output


def test_a_version_that_there_is_not_gets_a_sentence() -> None:
    refused = typed("migrate", "--to", "9999")
    assert (refused.exit_code, refused.output) == (
        1,
        "There is no version 9999. Leave --to out for the newest, or write -1 for the one before.\n",
    )


def test_a_record_that_cannot_be_written_gets_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('discord_token = "any"\n', encoding="utf-8")
    (tmp_path / "taken").write_text("", encoding="utf-8")
    refused = typed("run", "--record-calls", "taken/calls.jsonl")
    assert (refused.exit_code, refused.output.splitlines()[-1]) == (
        1,
        ("Calls cannot be recorded in taken/calls.jsonl: File exists. Name a file in a folder that can be written to."),
    )


def test_a_record_is_said_to_hold_what_people_see() -> None:
    shown = " ".join(typed("run", "--help").output.split())
    assert "They hold all that people get to see, so keep the file to yourself." in shown
    assert "Two platforms get a file each, with their names in it." in shown


def test_making_the_tables_is_not_told_in_detail(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("playground_port = 18474\n", encoding="utf-8")
    with started("run", folder=tmp_path) as process:
        assert process.stdout is not None
        told = process.stdout.readline()
        assert "made the tables of a new database" in told


def test_everything_that_prevents_a_start_is_told() -> None:
    async def fail(sentence: str) -> None:
        raise DoorError(sentence)

    async def start() -> None:
        async with asyncio.TaskGroup() as outer:
            outer.create_task(fail("Port 1 is taken."))
            async with asyncio.TaskGroup() as inner:
                inner.create_task(fail("Port 2 is taken."))
                inner.create_task(fail("Port 2 is taken."))

    @click.command()
    def begin() -> None:
        run_until_stopped(start, known=KNOWN)

    refused = CliRunner().invoke(begin)
    assert (refused.exit_code, sorted(refused.output.splitlines())) == (1, ["Port 1 is taken.", "Port 2 is taken."])


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (
            ("discord", "abc"),
            (
                "That is no application id, which is a number of 17 to 20 digits. Copy it from your application's "
                "first page at discord.com/developers (General Information, Application ID)."
            ),
        ),
        (
            ("slack", "--http", "notaurl"),
            "notaurl is no address that Slack can call. Write it whole: --http https://drumbeat.example.org",
        ),
    ],
)
def test_what_no_manifest_can_be_made_for_gets_a_sentence(words: tuple[str, ...], sentence: str) -> None:
    refused = typed("manifest", *words)
    assert (refused.exit_code, refused.output) == (1, f"{sentence}\n")


def test_manifests_are_made_for_what_is_right() -> None:
    assert "client_id=123456789012345678&" in typed("manifest", "discord", "123456789012345678").output
    assert (
        "https://drumbeat.example.org/slack/"
        in typed("manifest", "slack", "--http", "https://drumbeat.example.org").output
    )


def test_a_key_is_made_that_the_settings_take(tmp_path: Path) -> None:
    key = typed("key").output.strip()
    (tmp_path / "config.toml").write_text(f'secret_keys = "{key}"\n', encoding="utf-8")
    assert typed("migrate").exit_code == 0


def test_mistakes_in_the_settings_stop_every_command(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('log_level = "loud"\n', encoding="utf-8")
    for command in ("run", "migrate"):
        refused = typed(command)
        assert (refused.exit_code, refused.output.splitlines()[0]) == (1, "The configuration has mistakes:")


def test_the_doctor_says_what_is_missing_and_then_that_all_is_well() -> None:
    new = typed("doctor")
    assert (new.exit_code, "  ok  tables: none yet; the first start makes them\n" in new.output) == (0, True)
    assert typed("migrate").exit_code == 0
    assert typed("migrate", "--to", "-1").exit_code == 0
    ill = typed("doctor")
    assert ill.exit_code == 1
    assert "MEND  tables: of another version\n" in ill.output
    assert "Run: python -m bot migrate" in ill.output
    assert typed("migrate").exit_code == 0
    well = typed("doctor")
    assert (well.exit_code, "MEND" in well.output) == (0, False)
    assert "  ok  database: sqlite:///drumbeat.db\n" in well.output


def test_the_doctor_names_a_database_that_is_not_there_and_hides_the_password() -> None:
    env = {"DATABASE_URL": "postgresql://ana:opensesame@127.0.0.1:9/river"}
    ill = CliRunner().invoke(main, ["doctor"], env=env)
    assert ill.exit_code == 1
    assert "MEND  database: postgresql+psycopg://ana:***@127.0.0.1:9/river: " in ill.output
    assert "opensesame" not in ill.output


def test_the_doctor_goes_on_where_the_settings_have_mistakes(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('log_level = "loud"\n', encoding="utf-8")
    ill = typed("doctor")
    assert ill.exit_code == 1
    assert "MEND  settings: The configuration has mistakes:\n- log_level should be " in ill.output


def test_the_gallery_holds_every_sample(tmp_path: Path) -> None:
    out = tmp_path / "views.html"
    said = typed("gallery", "--out", str(out)).output
    page = out.read_text(encoding="utf-8")
    assert re.fullmatch(r"\d+ views are in .*views\.html\.\n", said)
    assert "<script src" not in page
    assert "What did you move forward?" in page
