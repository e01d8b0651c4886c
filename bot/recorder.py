"""The recorder: writes every call that goes out to a platform into a file, so that anybody can judge them."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path


class Recorder:
    """Appends JSON lines to a file. The adapters give plain values in which every token is blacked out."""

    def __init__(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        # Whole lines at once, so that a program that is killed leaves no half one.
        self._file = open(file, "a", encoding="utf-8", buffering=1, opener=_only_for_its_owner)  # noqa: SIM115

    def __call__(self, call: Mapping[str, object]) -> None:
        self._file.write(json.dumps(call, ensure_ascii=False) + "\n")

    def close(self) -> None:
        self._file.close()


def _only_for_its_owner(name: str, flags: int) -> int:
    """Open a file that nobody else reads: the lines hold what people see."""
    return os.open(name, flags, 0o600)


def file_of(platform: str, file: Path, platforms: int) -> Path:
    """Name the file for one platform's calls: the one that was asked for, or one each where several run."""
    return file if platforms == 1 else file.with_stem(f"{file.stem}-{platform}")
