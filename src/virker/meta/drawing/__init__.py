"""How do results look?

Every result has ``.draw()``; the drawings that belong to no single result are functions here: :func:`labbe`, :func:`over_time`, :func:`forest_of`.
A drawing is SVG written by our own small code (``surface.py``): the same numbers give the same bytes, words are inside, and it is redrawn, not shrunk,
for a narrow screen (``width=340``). Copy ``series.py`` for a new kind and give it a line in ``kinds.py``.

>>> from virker import meta
>>> drawing = meta.fit([0.1, 0.3, 0.35, 0.65], [0.01, 0.02, 0.04, 0.02]).draw(words="da", labels=["Ærø", "Fanø", "Samsø", "Læsø"])
>>> drawing.title, "Ærø" in drawing.svg
('Forest plot', True)
"""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import Any

from numpy.typing import ArrayLike

from virker.errors import nearest
from virker.meta.drawing.axis import TRANSFORMS, shown_as
from virker.meta.drawing.rows import NARROW, Look
from virker.meta.drawing.words import DANISH, ENGLISH, Words, words_of
from virker.meta.errors import InputError
from virker.meta.picture import ENDINGS, Drawing
from virker.meta.results import Result

__all__ = ["DANISH", "ENDINGS", "ENGLISH", "NARROW", "TRANSFORMS", "Drawing", "draw", "forest_of", "kinds_of", "labbe", "look_of", "over_time"]


def look_of(
    words: Words | str | None = None,
    transform: str | None = None,
    width: int = 760,
    digits: int | None = None,
    limits: tuple[float, float] | None = None,
    zero: float | None = 0.0,
    level: float = 0.95,
) -> Look:
    """How to draw.

    Parameters
    ----------
    words : "en", "da", or a mapping of your own over the English words.
    transform : how numbers are shown: "exp" for log ratios, "logistic" for logits, "tanh" for Fisher's z, "percent" for shares; the axis is labelled
        in natural units.
    width : pixels, 280 to 2000. Below 520 the rows of a forest plot take two lines.
    digits : decimals; as many as the estimates' precision calls for by default.
    limits : of the axis of effects, on the scale of the model.
    zero : where the line of no effect stands, on the scale of the model; None for no line.
    """
    if not 280 <= width <= 2000:
        raise InputError(f"A drawing is 280 to 2000 pixels wide, not {width}.")
    if limits is not None and not limits[0] < limits[1]:
        raise InputError(f"limits must be the lower and the upper end of the axis, not {limits}.")
    return Look(words_of(words), shown_as(transform), width, digits, limits, zero, level)


def draw(result: Result, kind: str | None = None, **how: Any) -> Drawing:
    """The drawing of a result.

    ``kind`` is one of :func:`kinds_of` the result, the first by default. ``how`` takes the arguments of :func:`look_of`, and those of the kind, such
    as ``labels`` (a name for each estimate), ``by``, ``order``, ``title`` and ``effect`` (the words at the axis of effects).

    Raises
    ------
    InputError
        The result has no drawing, no such kind, or the kind no such option.
    """
    from virker.meta.drawing.kinds import kinds

    there = kinds().get(type(result).__name__)
    if there is None:
        raise InputError(f"{type(result).__name__} is a test or a few numbers, and has no drawing.\n    → draw the model that it is about")
    if kind is not None and kind not in there:
        raise InputError(f"{type(result).__name__} has no drawing '{kind}': {nearest(kind, there)} It has {', '.join(there)}.")
    function = there[kind or next(iter(there))]
    looks = inspect.signature(look_of).parameters
    level = getattr(result, "level", None)
    if "level" not in how and isinstance(level, float):
        how["level"] = level
    look = look_of(**{name: value for name, value in how.items() if name in looks})
    rest = {name: value for name, value in how.items() if name not in looks}
    _known(function, rest, kind or next(iter(there)))
    return function(result, look, **rest)


def kinds_of(result: Result) -> tuple[str, ...]:
    """The drawings that a result has, the one that ``.draw()`` gives first; none for a result that is only a test."""
    from virker.meta.drawing.kinds import kinds

    return tuple(kinds().get(type(result).__name__, ()))


def forest_of(y: ArrayLike, v: ArrayLike, *, labels: Sequence[str] | None = None, title: str | None = None, effect: str | None = None, **how: Any) -> Drawing:
    """Estimates ``y`` (k,) with variances ``v`` (k,) and their intervals, without a mean: for what must not be pooled."""
    from virker.meta.data import data
    from virker.meta.drawing.forest import plain_forest

    d = data(y, v)
    return plain_forest(d.y, d.v, look_of(**how), labels=labels, title=title, effect=effect)


def over_time(
    horizon: ArrayLike,
    estimate: ArrayLike,
    low: ArrayLike,
    high: ArrayLike,
    *,
    pi_low: ArrayLike | None = None,
    pi_high: ArrayLike | None = None,
    pooled: Sequence[bool] | None = None,
    joined: bool = True,
    title: str | None = None,
    effect: str | None = None,
    over: str | None = None,
    **how: Any,
) -> Drawing:
    """Estimates by horizon with their intervals; see :func:`virker.meta.drawing.series.over_time`."""
    from virker.meta.drawing.series import over_time as drawn

    more: dict[str, Any] = {"pi_low": pi_low, "pi_high": pi_high, "pooled": pooled, "joined": joined, "title": title, "effect": effect, "over": over}
    return drawn(horizon, estimate, low, high, look_of(**how), **more)


def labbe(
    events1: ArrayLike,
    n1: ArrayLike,
    events2: ArrayLike,
    n2: ArrayLike,
    *,
    pooled: float | None = None,
    measure: str = "log-odds-ratio",
    labels: Sequence[str] | None = None,
    title: str | None = None,
    **how: Any,
) -> Drawing:
    """L'Abbé plot of k studies' shares with an event in two groups; ``pooled`` is an effect of ``measure`` drawn as a line."""
    from virker.meta.data import vector
    from virker.meta.drawing.scatter import labbe as drawn

    a = vector(events1, "events1")
    n, c, m = (vector(x, name, len(a)) for x, name in ((n1, "n1"), (events2, "events2"), (n2, "n2")))
    if not len(a) or min(n.min(), m.min()) <= 0 or (a > n).any() or (c > m).any() or min(a.min(), c.min()) < 0:
        raise InputError("Events must be counts from 0 to the persons of their group, and every group must have persons.")
    return drawn(a / n, c / m, n + m, look_of(**how), pooled=pooled, measure=measure, labels=labels, title=title)


def _known(function: Any, options: dict[str, Any], kind: str) -> None:
    """Refuse an option that the kind does not have, naming the nearest; kinds that pass options on are asked as they are called."""
    parameters = inspect.signature(function).parameters
    if any(p.kind is inspect.Parameter.VAR_KEYWORD for p in parameters.values()):
        allowed = {"labels", "title", "effect", "contours", "order", "kind"}
    else:
        allowed = {name for name, p in parameters.items() if p.kind is inspect.Parameter.KEYWORD_ONLY}
    for name in options:
        if name not in allowed:
            raise InputError(f"The drawing '{kind}' has no option '{name}': {nearest(name, allowed)} It has {', '.join(sorted(allowed))}.")
