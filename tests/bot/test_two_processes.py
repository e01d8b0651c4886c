"""Several processes share one database, and each thing still happens once."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from bot.people import welcome
from bot.store import Database
from bot.tables import Act, Movement, Timer
from tests.hamlet import Hamlet
from tests.processes.ringing import strokes
from tests.town import PEOPLE, START

ROOT = Path(__file__).parents[2]


@contextmanager
def ringing(url: str) -> Iterator[subprocess.Popen[str]]:
    """A process that is ready to ring."""
    with subprocess.Popen(  # noqa: S603 - our own script
        [sys.executable, "-m", "tests.processes.ringing", url],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def read_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def start(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("go\n")
    process.stdin.flush()


def set_timers(url: str, *, movements: int, each: int) -> list[str]:
    """Set timers that are all due in the same minute; gives what they are about."""
    database = Database(url)
    with database.transaction() as db:
        about = []
        for number in range(movements):
            movement = Movement(
                platform="playground",
                workspace="movement",
                channel=f"c{number}",
                name="Clean River",
                started_at=START,
                roll_due_at=START,
            )
            db.add(movement)
            db.flush()
            member = welcome(db, movement, PEOPLE["ana"], now=START - timedelta(days=1))
            for stroke in range(each):
                about.append(f"{member.id}/{stroke}")
                due = START - timedelta(seconds=(number * 7 + stroke) % 60)
                db.add(
                    Timer(
                        movement_id=movement.id,
                        ritual=strokes.name,
                        verb="ring",
                        about=about[-1],
                        due_at=due,
                        planned_at=due,
                    )
                )
    database.close()
    return about


@pytest.mark.parametrize(
    ("database_url", "movements", "each", "killed"),
    [("postgresql", 100, 2, False), ("postgresql", 500, 2, True), ("sqlite", 100, 2, True)],
    indirect=["database_url"],
)
def test_every_timer_rings_once_whoever_rings_and_whoever_is_killed(
    database_url: str, movements: int, each: int, *, killed: bool
) -> None:
    about = set_timers(database_url, movements=movements, each=each)
    with ExitStack() as stack:
        one, other = (stack.enter_context(ringing(database_url)) for _ in range(2))
        assert [read_line(one), read_line(other)] == ["ready", "ready"]
        start(one)
        assert read_line(one)  # it is in the midst of a transaction, with timers rung and not yet committed
        start(other)
        if killed:
            one.kill()
            assert one.wait(100) == -signal.SIGKILL
        else:
            assert one.communicate(timeout=100)[0]
        other.communicate(timeout=100)
        assert other.returncode == 0
    after = Hamlet(database_url, strokes)
    rung = Counter(row["evidence"] for row in after.rows(Act))
    assert rung == Counter(about)
    assert after.rows(Timer) == []
    after.close()
