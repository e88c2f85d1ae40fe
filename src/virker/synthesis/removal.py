"""The smallest set of pieces of evidence whose removal changes an outcome.

Rule sets do not look at names: two pieces that point the same way with the same quality are interchangeable. So it is enough to ask *how
many of each class* are taken away, which is exact and makes the search small. A budget of evaluations, never of seconds, bounds it, so that
the answer is the same on every machine; past the budget a bound from below (every smaller number was tried) and one from above (a set that
is enough, from which nothing can be put back) are given, and the answer says that it is such a pair.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, islice, product
from math import comb, prod
from typing import Generic, TypeVar

T = TypeVar("T")

#: How many outcomes may be worked out for one question before the search gives bounds instead.
BUDGET = 4000
#: So many sets are written out one by one; more are told as "any n of these".
LISTED = 12

#: In so many orders pieces are put back when a bound from above is looked for.
ORDERS = 12

Members = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pattern(Generic[T]):
    """Sets of one shape: any ``n`` of each group of interchangeable pieces, and what comes of taking them away."""

    take: tuple[tuple[int, Members], ...]
    becomes: T

    @property
    def count(self) -> int:
        """How many sets have this shape."""
        return prod(comb(len(members), n) for n, members in self.take)

    @property
    def sets(self) -> Iterator[Members]:
        """The sets themselves, in a fixed order."""
        for chosen in product(*(combinations(members, n) for n, members in self.take)):
            yield tuple(sorted(i for part in chosen for i in part))


@dataclass(frozen=True, slots=True)
class Removal(Generic[T]):
    """The smallest removals that change an outcome.

    Attributes
    ----------
    size : int or None
        So many pieces taken away are enough; None when nothing found changes it.
    at_least : int
        No smaller number is enough: every one was tried.
    patterns : tuple of Pattern
        All smallest sets, by shape, when ``exact``; else one set that is enough.
    pieces : int
        How many pieces there were to take away.
    """

    size: int | None
    at_least: int
    patterns: tuple[Pattern[T], ...]
    pieces: int

    @property
    def exact(self) -> bool:
        """Whether the size is known: the bounds meet, or everything was tried and nothing changes it."""
        return self.size == self.at_least if self.size is not None else self.at_least > self.pieces

    @property
    def count(self) -> int:
        """How many different sets of that size do it (of those found)."""
        return sum(p.count for p in self.patterns)

    @property
    def sets(self) -> tuple[Members, ...]:
        """The first :data:`LISTED` of the sets."""
        return tuple(islice((s for p in self.patterns for s in p.sets), LISTED))


def smallest_removal(classes: Sequence[Members], outcome: Callable[[frozenset[str]], T], changed: Callable[[T], bool], budget: int = BUDGET) -> Removal[T]:
    """Search by increasing size over how many of each class to take away.

    Parameters
    ----------
    classes
        Groups of interchangeable pieces, by id; ids are unique over all groups.
    outcome
        What comes of the evidence without the given ids. It must treat the members of a class alike.
    changed
        Whether that is the change looked for.
    """
    pieces = sum(map(len, classes))
    spent = 0
    for size in range(1, pieces + 1):
        spent += number_of_ways([len(c) for c in classes], size)
        if spent > budget:
            return _bounded(classes, outcome, changed, size, pieces)
        found = tuple(_changing(classes, outcome, changed, size))
        if found:
            return Removal(size, size, found, pieces)
    return Removal(None, pieces + 1, (), pieces)


def number_of_ways(sizes: Sequence[int], total: int) -> int:
    """How many ways there are to take ``total`` from classes of these sizes, members of a class being alike.

    >>> number_of_ways([2, 2], 2), number_of_ways([5], 3), number_of_ways([1, 1, 1], 2)
    (3, 1, 3)
    """
    ways = [1] + [0] * total
    for size in sizes:
        ways = [sum(ways[t - n] for n in range(min(size, t) + 1)) for t in range(total + 1)]
    return ways[total]


def _changing(classes: Sequence[Members], outcome: Callable[[frozenset[str]], T], changed: Callable[[T], bool], size: int) -> Iterator[Pattern[T]]:
    for counts in _splits([len(c) for c in classes], size):
        without = frozenset(i for n, members in zip(counts, classes, strict=True) for i in members[:n])
        if changed(after := outcome(without)):
            yield Pattern(tuple((n, members) for n, members in zip(counts, classes, strict=True) if n), after)


def _splits(sizes: Sequence[int], total: int) -> Iterator[tuple[int, ...]]:
    if not sizes:
        if total == 0:
            yield ()
        return
    rest = sum(sizes[1:])
    for n in range(max(0, total - rest), min(sizes[0], total) + 1):
        for others in _splits(sizes[1:], total - n):
            yield (n, *others)


def _bounded(classes: Sequence[Members], outcome: Callable[[frozenset[str]], T], changed: Callable[[T], bool], at_least: int, pieces: int) -> Removal[T]:
    """A set that is enough and from which nothing can be put back; the smallest of those that several orders of putting back give."""
    everything = [i for members in classes for i in members]
    starts = [frozenset(everything)] if changed(outcome(frozenset(everything))) else [frozenset(c) for c in classes if changed(outcome(frozenset(c)))][:1]
    best: frozenset[str] | None = None
    for start in starts:
        for first in range(0, len(classes), max(1, len(classes) // ORDERS)):
            order = [i for members in (*classes[first:], *classes[:first]) for i in members]
            left = start
            for i in order:
                if i in left and changed(outcome(left - {i})):
                    left -= {i}
            if best is None or len(left) < len(best):
                best = left
    if best is None:
        return Removal(None, at_least, (), pieces)
    take = tuple((1, (i,)) for i in sorted(best))
    return Removal(len(best), at_least, (Pattern(take, outcome(best)),), pieces)
