"""The vault, the memos and the record of calls: what is kept beside the movements."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.memos import Memos
from bot.recorder import Recorder, file_of
from bot.store import Database
from bot.tables import Install
from bot.vault import Vault, VaultError, new_key
from tests.town import stopped_clock

OLD, NEW = new_key(), new_key()


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.close()


def vault(database: Database, *keys: str) -> Vault:
    return Vault(database, " ".join(keys), now=stopped_clock())


def sealed(database: Database) -> list[str]:
    with database.reading() as db:
        return list(db.scalars(select(Install.sealed)))


async def test_what_is_kept_for_a_workspace_is_found_again_and_nowhere_in_the_clear(database: Database) -> None:
    mine = vault(database, OLD)
    await mine.save("slack", "T1", {"token": "xoxb-secret"})
    await mine.save("slack", "T2", {"token": "xoxb-other"})
    await mine.save("slack", "T1", {"token": "xoxb-newer"})
    assert await mine.load("slack", "T1") == {"token": "xoxb-newer"}
    assert await mine.load("slack", "T3") is None
    assert await mine.all("slack") == {"T1": {"token": "xoxb-newer"}, "T2": {"token": "xoxb-other"}}
    assert await mine.all("discord") == {}
    assert "xoxb" not in "".join(sealed(database))


async def test_a_workspace_that_is_forgotten_is_gone(database: Database) -> None:
    mine = vault(database, OLD)
    await mine.save("slack", "T1", {"token": "xoxb-1"})
    await mine.save("slack", "T2", {"token": "xoxb-2"})
    await mine.remove("slack", "T1")
    assert await mine.all("slack") == {"T2": {"token": "xoxb-2"}}


async def test_an_old_key_can_be_thrown_away_once_everything_is_renewed(database: Database) -> None:
    await vault(database, OLD).save("slack", "T1", {"token": "xoxb-1"})
    assert await vault(database, NEW, OLD).load("slack", "T1") == {"token": "xoxb-1"}
    await vault(database, NEW, OLD).renew()
    assert await vault(database, NEW).load("slack", "T1") == {"token": "xoxb-1"}


async def test_a_key_that_is_lost_is_said_in_a_sentence(database: Database) -> None:
    await vault(database, OLD).save("slack", "T1", {"token": "xoxb-1"})
    for attempt in (vault(database, NEW).load("slack", "T1"), vault(database, NEW).renew()):
        with pytest.raises(VaultError, match="Put the old key behind the new one"):
            await attempt


async def test_a_seal_is_read_only_unchanged_by_us_and_in_time(database: Database) -> None:
    mine = vault(database, OLD)
    seal = mine.seal("a state")
    assert mine.unseal(seal, 600) == "a state"
    assert mine.unseal(seal[:-4] + "AAAA", 600) is None
    assert mine.unseal(vault(database, NEW).seal("a state"), 600) is None
    assert mine.unseal(seal, -1) is None


async def test_a_memo_is_found_again_and_can_be_replaced(database: Database) -> None:
    memos = Memos(database)
    assert await memos.recall("commands") == ""
    await memos.keep("commands", "one")
    await memos.keep("commands", "two")
    assert await memos.recall("commands") == "two"


def test_calls_are_written_down_a_line_each_beside_what_was_there(tmp_path: Path) -> None:
    file = tmp_path / "new" / "calls.jsonl"
    for number in (1, 2):
        recorder = Recorder(file)
        recorder({"method": "chat.postMessage", "payload": {"text": "größer"}, "at": number})
        recorder.close()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert [line["at"] for line in lines] == [1, 2]
    assert lines[0]["payload"] == {"text": "größer"}


def test_several_platforms_are_recorded_in_a_file_each(tmp_path: Path) -> None:
    file = tmp_path / "calls.jsonl"
    assert [file_of("slack", file, 1).name, file_of("slack", file, 2).name] == ["calls.jsonl", "calls-slack.jsonl"]
