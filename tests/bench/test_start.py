"""How long a start takes, and how much memory Drumbeat holds at rest."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.bench.conftest import resident_megabytes

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.bench


def test_start_and_rest(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = [sys.executable, "-m", "bot", "play", "--port", "0", "--empty"]
    seconds = []
    resident = 0.0
    for _ in range(4):  # the first start makes the database, the others find it
        started = time.perf_counter()
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
        with subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
            assert process.stdout is not None
            next(line for line in process.stdout if "http://" in line)
            seconds.append(time.perf_counter() - started)
            resident = resident_megabytes(process.pid)
            process.terminate()
            process.communicate()
    with capsys.disabled():
        print(  # noqa: T201 - a measurement is there to be read
            f"\nfirst start {seconds[0]:.2f} s, later ones {min(seconds[1:]):.2f} s; at rest {resident:.0f} MB"
        )
