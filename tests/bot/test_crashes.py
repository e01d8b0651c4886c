"""Drumbeat is killed where it hurts most, and goes on as if nothing had happened."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bot.tables import Lane, Post
from bot.wire import from_json
from tests.hamlet import Hamlet
from tests.processes.posting import MortalRoom
from tests.town import START

ROOT = Path(__file__).parents[2]
MOMENTS = [
    ("after a commit", 1),
    ("after a commit", 7),
    ("before a post", 2),
    ("before a post", 5),
    ("after a post", 1),
    ("after a post", 3),
    ("after a post", 6),
    ("before an edit", 1),
    ("after an edit", 1),
    ("after an edit", 2),
]


def run(url: str, journal: Path, moment: str, n: int) -> int:
    """Run the process to its end; gives how it ended, a negative signal when it was killed."""
    done = subprocess.run(  # noqa: S603 - our own script
        [sys.executable, "-m", "tests.processes.posting", url, journal, moment, str(n)],
        check=False,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done.returncode


def check_shown(hamlet: Hamlet) -> None:
    """Every wish stands in the room exactly once as it was last wished, in the place where it belongs."""
    rows = hamlet.rows(Post)
    messages = {row["id"]: row["message_id"] for row in rows}
    wished = [(row["channel"], row["person"], messages.get(row["root_id"], ""), from_json(row["view"])) for row in rows]
    shown = [(post.place.channel, post.place.person, post.thread, post.view) for post in hamlet.room.posts]
    assert sorted(shown, key=repr) == sorted(wished, key=repr)
    assert {(row["state"], row["version"] - row["shown_version"]) for row in rows} <= {("shown", 0)}
    assert {(row["wake_at"], row["lease_until"]) for row in hamlet.rows(Lane)} <= {(None, None)}


@pytest.mark.parametrize(
    ("database_url", "moment", "n"),
    [("sqlite", *moment) for moment in MOMENTS]
    + [("postgresql", "after a post", 2), ("postgresql", "before a post", 3)],
    indirect=["database_url"],
)
async def test_killed_at_any_moment_every_post_is_there_once_after_a_restart(
    database_url: str, moment: str, n: int, tmp_path: Path
) -> None:
    journal = tmp_path / "room.jsonl"
    founding = Hamlet(database_url)
    founding.found()
    founding.close()
    assert run(database_url, journal, moment, n) == -signal.SIGKILL
    again = Hamlet(database_url, room=MortalRoom, journal=journal, at=START)
    again.pass_time(hours=1)
    await again.settle()
    check_shown(again)
    again.close()


async def test_killed_again_and_again_every_post_is_there_once(fresh_sqlite: str, tmp_path: Path) -> None:
    journal = tmp_path / "room.jsonl"
    founding = Hamlet(fresh_sqlite)
    founding.found()
    founding.close()
    for moment, n in (("after a post", 1), ("before a post", 1), ("after a post", 2)):
        assert run(fresh_sqlite, journal, moment, n) == -signal.SIGKILL
    assert run(fresh_sqlite, journal, "never", 0) == 0
    after = Hamlet(fresh_sqlite, room=MortalRoom, journal=journal)
    check_shown(after)
    after.close()
