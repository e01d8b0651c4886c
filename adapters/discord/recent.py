"""The newest things that Drumbeat came across on Discord; the oldest are let go, so that memory never fills."""

from __future__ import annotations

from collections import OrderedDict
from typing import Generic, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


class Recent(Generic[Key, Value]):
    """Keeps so many values, each by its key."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[Key, Value] = OrderedDict()

    def keep(self, key: Key, value: Value) -> tuple[Key, Value] | None:
        """Keep a value as the newest; gives what had to go for it, if anything."""
        self._kept[key] = value
        self._kept.move_to_end(key)
        return self._kept.popitem(last=False) if len(self._kept) > self._most else None

    def get(self, key: Key) -> Value | None:
        return self._kept.get(key)

    def forget(self, key: Key) -> bool:
        """Let go of a key; tells whether it was there."""
        return self._kept.pop(key, None) is not None

    def __contains__(self, key: Key) -> bool:
        return key in self._kept
