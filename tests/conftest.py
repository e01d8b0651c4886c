"""What every test may ask for: a fresh database on either system, and a browser."""

from __future__ import annotations

import logging
import os
import shutil
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterator
from contextlib import AsyncExitStack, ExitStack, closing
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import coverage
import psycopg
import pytest
import structlog
from hypothesis import settings
from hypothesis.configuration import set_hypothesis_home_dir

from bot.store import Database
from tests import postgres
from tests.stages import STAGES
from tests.town import Town

# The same examples on every machine and in every run: a test that is red here is red there.
settings.register_profile("ci", derandomize=True, deadline=None, max_examples=40, database=None)
settings.load_profile("ci")
# What a ritual does is not logged while tests run, unless a test captures the log.
structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
set_hypothesis_home_dir(Path(__file__).parent.parent / ".cache" / "hypothesis")

# Files with tests of ten seconds and more; most of these wait for processes of their own or for a browser.
LONGEST = (
    "test_killed.py",
    "test_checkin_machine.py",
    "test_check_in_scene.py",
    "test_two_processes.py",
    "test_play.py",
    "test_crashes.py",
    "test_program.py",
    "test_retro_machine.py",
    "test_migrations.py",
    "test_hostile_words.py",
    "test_alignment.py",
)
# Files whose lines other tests reach as well.
UNWATCHED = {
    "test_alignment_hostile.py",
    "test_check_in_scene.py",
    "test_checkin_machine.py",
    "test_hostile_words.py",
    "test_play.py",
    "test_reading.py",
    "test_retro_hostile.py",
    "test_retro_machine.py",
    "test_traces.py",
}
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

_server = pytest.StashKey[postgres.Server]()


class WorkerNode(Protocol):
    """What this file uses of pytest-xdist's view of a worker."""

    config: pytest.Config
    workerinput: dict[str, Any]


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: WorkerNode) -> None:
    """Start one PostgreSQL for all workers: the process that starts them also outlives them."""
    if _server not in node.config.stash:
        stack = ExitStack()
        node.config.add_cleanup(stack.close)
        try:
            node.config.stash[_server] = stack.enter_context(postgres.running())
        except postgres.NoPostgresError as reason:
            raise pytest.UsageError(str(reason)) from reason
    node.workerinput["postgresql"] = node.config.stash[_server].address


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, so that no worker is left with it when the others have finished.

    What needs a browser is skipped where there is none; under CI it fails instead, and somebody installs one.
    """
    items.sort(key=lambda item: LONGEST.index(item.path.name) if item.path.name in LONGEST else len(LONGEST))
    if find_browser() or os.environ.get("CI"):
        return
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason="neither Chromium nor Google Chrome is in PATH"))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Leave the lines of a repeated scene unwatched: watching doubles a test's time, and the first telling is watched.

    So it is with files that go over the same lines a thousand times.

    pytest-cov's own `no_cover` stops one of the two watchers that a worker has, so it gains nothing.
    """
    watchers: list[coverage.Coverage] = []
    if item.path.name in UNWATCHED or _is_repeated(item):
        while (watcher := coverage.Coverage.current()) is not None:
            watcher.stop()
            watchers.append(watcher)
    try:
        return (yield)
    finally:
        for watcher in reversed(watchers):
            watcher.start()


def _is_repeated(item: pytest.Item) -> bool:
    """Tell whether the same test also runs in the room on SQLite. What is about an adapter or a database is not."""
    parts = item.nodeid.partition("[")[2]
    alike = item.path.parent.name in ("rituals", "bot")
    return alike and any(repeat in parts for repeat in ("slack", "discord", "postgresql"))


def find_browser() -> str | None:
    return next(filter(None, map(shutil.which, BROWSERS)), None)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the browser, for Playwright's `executable_path`."""
    browser = find_browser()
    if not browser:
        pytest.fail("Neither Chromium nor Google Chrome is in PATH: install one, such as with `apt install chromium`.")
    return browser


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The URL of a fresh, migrated database; the test runs once on each system.

    A test about one system says so: `@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)`.
    """
    url: str = request.getfixturevalue(f"fresh_{request.param}")
    return url


@pytest.fixture
def platform() -> str:
    """What the town lies on. Scenes of rituals run on every platform; see tests/rituals/conftest.py."""
    return "playground"


@pytest.fixture
async def found_town(database_url: str, platform: str) -> AsyncIterator[Callable[..., Awaitable[Town]]]:
    """Found towns of your own: at another time, with other settings."""
    async with AsyncExitStack() as stack:

        async def found(**parts: Any) -> Town:  # noqa: ANN401 - passed on
            town = Town(database_url, stage=STAGES[platform], **parts)
            stack.push_async_callback(town.close)
            await town.open()
            return town

        yield found


@pytest.fixture
async def town(found_town: Callable[..., Awaitable[Town]]) -> Town:
    """The town of the tests, with a Drumbeat that nobody has spoken to yet."""
    return await found_town()


@pytest.fixture
def fresh_sqlite(sqlite_template: Path) -> str:
    """The address stays the same from test to test, so that its engine need not compile every statement anew."""
    file = sqlite_template.with_name("fresh.db")
    url = f"sqlite:///{file}"
    Database(url).close()  # whoever has left a connection open keeps the old file
    for leftover in file.parent.glob("fresh.db*"):
        leftover.unlink()
    shutil.copy(sqlite_template, file)
    return url


@pytest.fixture
def fresh_postgresql(postgresql: postgres.Server, postgresql_template: str) -> Iterator[str]:
    """A database of its own for each test, in truth always the same one: it is emptied where only rows were written."""
    name = f"{postgresql_template}_fresh"
    url = postgresql.url(name)
    Database(url).close()  # whoever has left a connection open would see the rows go
    if _is_like(postgresql, name, postgresql_template):
        postgresql.empty(name)
    else:
        postgresql.drop(name)
        postgresql.create(name, template=postgresql_template)
    yield url
    Database(url).close()


@cache
def _shape(server: postgres.Server, template: str) -> str:
    return server.shape(template)


def _is_like(server: postgres.Server, name: str, template: str) -> bool:
    """Tell whether a database is there and has the tables of the template."""
    try:
        return server.shape(name) == _shape(server, template)
    except psycopg.Error:
        return False


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file. Copying it is some hundred times faster than migrating anew."""
    file = tmp_path_factory.mktemp("template") / "drumbeat.db"
    migrate(f"sqlite:///{file}")
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # a copy of the file alone must be the whole database
    return file


@pytest.fixture(scope="session")
def postgresql_template(request: pytest.FixtureRequest, postgresql: postgres.Server) -> Iterator[str]:
    """The name of a migrated database to copy; one for each worker, so that no worker waits for another."""
    name = f"template_{_worker(request).get('workerid', 'main')}"
    migrate(postgresql.create(name))
    yield name
    postgresql.drop(f"{name}_fresh")
    postgresql.drop(name)


@pytest.fixture(scope="session")
def postgresql(request: pytest.FixtureRequest) -> Iterator[postgres.Server]:
    """The server of this run; without workers it is started when the first test asks for it."""
    shared = _worker(request).get("postgresql")
    if shared:
        yield postgres.Server(shared)
        return
    with postgres.running() as server:
        yield server


def migrate(url: str) -> None:
    from bot.store import migrate as migrate_database

    migrate_database(url)


def _worker(request: pytest.FixtureRequest) -> dict[str, Any]:
    return getattr(request.config, "workerinput", {})
