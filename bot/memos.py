"""Memos: small things that an adapter wants to find again after a restart."""

from __future__ import annotations

from sqlalchemy import select

from bot.store import Database, insert_or
from bot.tables import Memo


class Memos:
    """Keeps words under keys."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def recall(self, key: str) -> str:
        """Give what was kept under a key; '' when nothing was."""

        def read() -> str:
            with self._database.reading() as db:
                return db.scalar(select(Memo.words).where(Memo.key == key)) or ""

        return await self._database.work(read)

    async def keep(self, key: str, words: str) -> None:
        """Keep words under a key, in place of what was there."""

        def write() -> None:
            with self._database.transaction() as db:
                insert = insert_or(db)(Memo).values(key=key, words=words)
                db.execute(insert.on_conflict_do_update(index_elements=["key"], set_={"words": insert.excluded.words}))

        await self._database.work(write)
