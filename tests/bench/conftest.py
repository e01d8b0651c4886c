"""What every measurement may ask for: a fresh database whose commits really reach the disk."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from bot.store import migrate
from tests import postgres


@pytest.fixture(scope="module")
def durable_postgresql() -> Iterator[postgres.Server]:
    """A PostgreSQL that waits for the disk, as one in real use does."""
    with postgres.running(durable=True) as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def durable_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a fresh, migrated database."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'drumbeat.db'}"
    else:
        server: postgres.Server = request.getfixturevalue("durable_postgresql")
        url = server.create(f"bench_{time.monotonic_ns()}")
    migrate(url)
    return url


def spread(seconds: Sequence[float]) -> str:
    """Say median and 99th percentile in milliseconds."""
    ordered = sorted(seconds)
    last = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
    return f"p50 {statistics.median(ordered) * 1000:8.1f} ms   p99 {last * 1000:8.1f} ms"


def resident_megabytes(pid: int | None = None) -> float:
    """Read how much memory a process holds, on Linux."""
    status = Path(f"/proc/{pid or os.getpid()}/status").read_text(encoding="ascii")
    kilobytes = next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))
    return int(kilobytes) / 1024
