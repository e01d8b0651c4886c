"""Running until done or told to stop; what prevents a start is said in a sentence, and nothing else."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from collections.abc import Callable, Coroutine, Iterator
from typing import Any, NoReturn

import click


def refuse(sentence: str) -> NoReturn:
    """End with a sentence about what is to be done first."""
    click.echo(sentence, err=True)
    sys.exit(1)


def run_until_stopped(start: Callable[[], Coroutine[Any, Any, None]], *, known: tuple[type[Exception], ...]) -> None:
    """Run until done or told to stop; what prevents a start is said in a sentence, without a traceback."""
    try:
        asyncio.run(_until_stopped(start()))
    except known as error:
        refuse(str(error))
    except ExceptionGroup as group:
        told, others = group.split(known)
        if others is not None or told is None:
            raise
        refuse("\n".join(dict.fromkeys(str(one) for one in _each(told))))


def _each(group: ExceptionGroup[Exception]) -> Iterator[Exception]:
    for one in group.exceptions:
        yield from _each(one) if isinstance(one, ExceptionGroup) else [one]


async def _until_stopped(work: Coroutine[Any, Any, None]) -> None:
    task = asyncio.ensure_future(work)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, task.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await task
