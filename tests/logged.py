"""What is logged while something happens; otherwise tests keep the log silent."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping, Sequence
from contextlib import contextmanager
from typing import Any

import structlog


@contextmanager
def log() -> Iterator[Sequence[MutableMapping[str, Any]]]:
    """What is logged, which the tests otherwise keep silent."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(0), cache_logger_on_first_use=False)
    try:
        with structlog.testing.capture_logs() as entries:
            yield entries
    finally:
        structlog.configure(**before)
