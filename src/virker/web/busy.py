"""Work that takes a processor for long (a plan, a note): one at a time, a few may wait, and the others are told to come back."""

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
    """One piece of work at a time, with a short queue."""

    def __init__(self, most_waiting: int = MOST_WAITING) -> None:
        self.most_waiting = most_waiting
        self.here = 0
        self._turn: anyio.Semaphore | None = None

    async def run(self, work: Callable[[], T]) -> T:
        """Do the work in a thread when its turn comes.

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
