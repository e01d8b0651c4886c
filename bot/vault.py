"""The vault: keeps the tokens of workspaces that installed Drumbeat, encrypted with keys that can be renewed."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.clock import Now
from bot.store import Database, insert_or
from bot.tables import Install

Values = Mapping[str, str]


class VaultError(RuntimeError):
    """What is in the vault cannot be read. The sentence says what to do."""


def new_key() -> str:
    """Make a key."""
    return Fernet.generate_key().decode()


class Vault:
    """Encrypts with the first of its keys and reads with any of them: a new key is put before the old one."""

    def __init__(self, database: Database, keys: str, *, now: Now) -> None:
        self._database = database
        self._now = now
        self._keys = MultiFernet([Fernet(key) for key in keys.split()])

    # ---------------------------------------------------------------------------------------- installs

    async def load(self, platform: str, workspace: str) -> Values | None:
        """Give what was kept for a workspace."""
        return (await self._read(platform, workspace)).get(workspace)

    async def all(self, platform: str) -> Mapping[str, Values]:
        """Give what was kept for every workspace of a platform."""
        return await self._read(platform)

    async def save(self, platform: str, workspace: str, values: Values) -> None:
        """Keep something for a workspace, in place of what was there."""
        row = {"platform": platform, "workspace": workspace, "sealed": self._encrypt(values), "at": self._now()}

        def write(db: Session) -> None:
            insert = insert_or(db)(Install).values(row)
            renewed = {"sealed": insert.excluded.sealed, "at": insert.excluded.at}
            db.execute(insert.on_conflict_do_update(index_elements=["platform", "workspace"], set_=renewed))

        await self._write(write)

    async def remove(self, platform: str, workspace: str) -> None:
        """Forget a workspace."""
        mine = (Install.platform == platform) & (Install.workspace == workspace)
        await self._write(lambda db: db.execute(delete(Install).where(mine)))

    async def renew(self) -> None:
        """Encrypt everything with the newest key, so that the ones behind it can be thrown away."""

        def renew(db: Session) -> None:
            for row in db.scalars(select(Install).with_for_update()):
                row.sealed = self._keys.rotate(row.sealed).decode()

        try:
            await self._write(renew)
        except InvalidToken as error:
            raise VaultError(_LOST) from error

    # ---------------------------------------------------------------------------------------- short-lived seals

    def seal(self, words: str) -> str:
        """Make something that only we can read, and that shows when it was changed."""
        return self._keys.encrypt(words.encode()).decode()

    def unseal(self, sealed: str, seconds: int) -> str | None:
        """Read what ``seal`` made if it is not older than that; nothing when it is, or when somebody made it up."""
        try:
            return self._keys.decrypt(sealed.encode(), ttl=seconds).decode()
        except InvalidToken:
            return None

    # ---------------------------------------------------------------------------------------- inside

    def _encrypt(self, values: Values) -> str:
        return self._keys.encrypt(json.dumps(dict(values)).encode()).decode()

    async def _read(self, platform: str, workspace: str | None = None) -> dict[str, Values]:
        def read() -> dict[str, Values]:
            query = select(Install).where(Install.platform == platform)
            if workspace is not None:
                query = query.where(Install.workspace == workspace)
            with self._database.reading() as db:
                return {row.workspace: json.loads(self._keys.decrypt(row.sealed)) for row in db.scalars(query)}

        try:
            return await self._database.work(read)
        except InvalidToken as error:
            raise VaultError(_LOST) from error

    async def _write(self, write: Callable[[Session], object]) -> None:
        def work() -> None:
            with self._database.transaction() as db:
                write(db)

        await self._database.work(work)


_LOST = (
    "The tokens in the database were encrypted with a key that secret_keys does not hold. Put the old key behind the "
    "new one, or have the workspaces install Drumbeat again."
)
