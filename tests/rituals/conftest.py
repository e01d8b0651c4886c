"""Every scene of a ritual runs on every platform."""

from __future__ import annotations

import pytest

from tests.stages import STAGES


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Play each scene on each platform, unless it says on which."""
    chosen = any("platform" in mark.args[0] for mark in metafunc.definition.iter_markers("parametrize"))
    if "platform" in metafunc.fixturenames and not chosen:
        metafunc.parametrize("platform", getattr(metafunc.module, "PLATFORMS", tuple(STAGES)))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Where a scene runs on both databases, play the room's and Slack's on SQLite and Discord's on PostgreSQL."""
    both = {_scene(item) for item in items if "postgresql" in item.nodeid}
    told = {_scene(item) for item in items if {"discord", "postgresql"} <= _parts(item)}
    needless = {item for item in items if _scene(item) in both and _is_either(item)}
    needless |= {item for item in items if _scene(item) in told and {"playground", "postgresql"} <= _parts(item)}
    if needless:
        config.hook.pytest_deselected(items=list(needless))
        items[:] = [item for item in items if item not in needless]


def _scene(item: pytest.Item) -> str:
    return item.nodeid.partition("[")[0]


def _parts(item: pytest.Item) -> set[str]:
    return set(item.nodeid.partition("[")[2].rstrip("]").split("-"))


def _is_either(item: pytest.Item) -> bool:
    return {"slack", "postgresql"} <= _parts(item) or {"discord", "sqlite"} <= _parts(item)
