"""Whose turn it is: pages and answers are made one at a time, and long work (a plan, a note) beside them, one at a time too.

Python computes in one thread at a time anyway, and what the pages share (a stemmer, what has been worked out once) is then never used by two at once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import anyio
from anyio.to_thread import run_sync

from virker.language import Said
from virker.web.parameters import Fault, Refused

T = TypeVar("T")
#: How many may wait for their turn.
MOST_WAITING = 4


class Busy:
    """Short work one piece after the other; beside it long work, one piece at a time, with a short queue."""

    def __init__(self, most_waiting: int = MOST_WAITING) -> None:
        self.most_waiting = most_waiting
        self.here = 0
        self._turn: anyio.Semaphore | None = None
        self._short: anyio.CapacityLimiter | None = None

    async def short(self, work: Callable[[], T]) -> T:
        """Do short work in a thread, so that the server goes on listening meanwhile."""
        if self._short is None:
            self._short = anyio.CapacityLimiter(1)
        return await run_sync(work, limiter=self._short)

    async def run(self, work: Callable[[], T]) -> T:
        """Do long work in a thread when its turn comes.

        Raises
        ------
        Refused
            With 429 where too many are waiting already.
        """
        if self.here > self.most_waiting:
            raise Refused(
                [Fault("", Said("for mange regner lige nu", "too many are at work right now"), Said("prøv igen om lidt", "try again in a moment"))], 429
            )
        if self._turn is None:
            self._turn = anyio.Semaphore(1)
        self.here += 1
        try:
            async with self._turn:
                return await run_sync(work)
        finally:
            self.here -= 1
