"""How often something may be sent: counted in memory, by address and in all, and forgotten with the time."""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from collections.abc import Callable

#: Addresses remembered; the oldest go first.
MOST_ADDRESSES = 2_000


class Rate:
    """At most ``each`` from one address and ``all_`` in all within ``seconds``."""

    def __init__(self, each: int, all_: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.each, self.all, self.seconds, self.clock = each, all_, seconds, clock
        self.by_address: OrderedDict[str, deque[float]] = OrderedDict()
        self.every: deque[float] = deque()

    def allows(self, address: str) -> bool:
        """Whether one more may be sent now; if so, it is counted."""
        now = self.clock()
        mine = self.by_address.pop(address, deque())
        for times in (mine, self.every):
            while times and times[0] <= now - self.seconds:
                times.popleft()
        self.by_address[address] = mine
        while len(self.by_address) > MOST_ADDRESSES:
            self.by_address.popitem(last=False)
        if len(mine) >= self.each or len(self.every) >= self.all:
            return False
        mine.append(now)
        self.every.append(now)
        return True
