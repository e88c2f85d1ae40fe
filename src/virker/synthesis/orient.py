"""Which way a finding points: seen from a question, from its source's own words, and together with others on the same trial."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from virker.bank import Query, Row
from virker.bank.records import Direction

_TURNED: dict[Direction, Direction] = {"positive": "negative", "negative": "positive", "none": "none", "mixed": "mixed"}


def oriented(row: Row, query: Query) -> Direction | None:
    """The finding's direction for a question that turns the measure as ``query.contrast`` does; None where that is not known.

    A question about *more* is answered by findings on *more* or *on*; a finding on *less* answers it with its sign turned. A
    description turns nothing: its direction is as told, and so is a bundle's, whose parts were turned as the bundle says.
    """
    direction, contrast = row.finding.direction, row.finding.contrast
    if row.finding.kind == "descriptive" or (query.combined and row.finding.components):
        return direction
    if direction is None or contrast == "unknown":
        return None
    return direction if (contrast == "less") == (query.contrast == "less") else _TURNED[direction]


def is_turned(row: Row, query: Query) -> bool:
    """Whether the question turns the finding's sign: it asks about less of the measure, and the study was about more, or the other way."""
    direction = oriented(row, query)
    return direction is not None and direction != row.finding.direction


def as_told(row: Row, query: Query) -> Direction:
    """The direction as the source tells it: a result that it calls insignificant is no effect."""
    direction = oriented(row, query)
    assert direction is not None
    return "none" if row.finding.significant == "no" and direction != "mixed" else direction


def vote(directions: Iterable[tuple[str, Direction]]) -> Direction:
    """One vote of several papers on one trial: first each paper's own direction, then the majority of the papers."""
    pairs = list(directions)
    if len(pairs) == 1:
        return pairs[0][1]
    by_study: dict[str, list[Direction]] = defaultdict(list)
    for study, direction in pairs:
        by_study[study].append(direction)
    return majority([majority(own) for own in by_study.values()])


def majority(directions: Iterable[Direction]) -> Direction:
    """The direction of a piece of evidence with several results.

    The direction of more than half of them; else positive (or negative) when nothing points the other way and at least as
    many results have it as have none; else mixed.

    >>> majority(["positive", "none"]), majority(["positive", "negative"]), majority(["none", "none", "positive"])
    ('positive', 'mixed', 'none')
    """
    count = Counter(directions)
    total = sum(count.values())
    top, most = count.most_common(1)[0]
    if 2 * most > total:
        return top
    if not count["mixed"]:
        if count["positive"] and not count["negative"]:
            return "positive"
        if count["negative"] and not count["positive"]:
            return "negative"
    return "mixed"
