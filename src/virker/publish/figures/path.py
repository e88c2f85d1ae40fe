"""An effect over the months with its uncertainty: the steps of a path that have a number, each at the middle of its band of months."""

from __future__ import annotations

from math import isfinite, nan

from virker.language import Said
from virker.publish.figures.amounts import axis_said, on_scale
from virker.publish.figures.figure import Drawing, Figure, Grid
from virker.synthesis.pooled_effect import PooledEffect
from virker.synthesis.pooled_path import PooledPath, Step
from virker.synthesis.pooled_words import STATUSES, amount_said, interval_said

WIDTH = 680
#: From so many steps on a drawing says more than a sentence.
LEAST = 2
_HEADER = Said("Måneder|Tal [95 pct.-interval]|I et nyt studie|Bag tallet", "Months|Number [95% interval]|In a new study|Behind the number")
_AHEAD = Said("stiplet: hvor et nyt studie kan ligge", "dashed: where a new study may lie")
_OPEN = Said("hul prik: ét studies eget tal", "hollow: one study's own number")


def drawable(path: PooledPath) -> tuple[Step, ...]:
    """The steps with a number at a time; nothing where there are too few for a drawing."""
    steps = tuple(s for s in path.steps if s.effect is not None and s.effect.estimate is not None and s.band.low is not None)
    return steps if len(steps) >= LEAST else ()


def over_months(path: PooledPath, about: Said, language: str, width: int = WIDTH) -> Figure | None:
    """The drawing of a path; None where it has fewer than two numbers."""
    from virker.meta.drawing import over_time

    steps = [(s, s.effect) for s in drawable(path) if s.effect is not None]
    if not steps:
        return None
    measure = path.measure
    unit = axis_said(measure)
    what = Said(f"{about.da}: {measure.label.da}", f"{about.en}: {measure.label.en}")
    drawn = over_time(
        [_month(s, e) for s, e in steps],
        [_scale(e.estimate, e) for _, e in steps],
        [_scale(e.ci_low, e) for _, e in steps],
        [_scale(e.ci_high, e) for _, e in steps],
        pi_low=[_scale(e.pi_low, e) for _, e in steps],
        pi_high=[_scale(e.pi_high, e) for _, e in steps],
        pooled=[e.status == "pooled" for _, e in steps],
        joined=False,
        title=measure.label[language][:1].upper() + measure.label[language][1:],
        effect=unit[language],
        words=language,
        transform="exp" if measure.relative else None,
        width=width,
    )
    caption = Said(f"Effekten over tid, {what.da}", f"The effect over time, {what.en}")[language]
    held = ((_OPEN, any(e.status != "pooled" for _, e in steps)), (_AHEAD, any(e.pi_low is not None for _, e in steps)))
    notes = tuple(said[language] for said, there in held if there)
    return Figure("figure", caption, path.said[language], _grid(steps, language), Drawing(drawn.svg, drawn.width, drawn.height), notes)


def _month(step: Step, effect: PooledEffect) -> float:
    """Where the numbers were measured: the mean of their horizons; the middle of the band where none is told."""
    told = [m.horizon_months for m in effect.members if m.horizon_months is not None]
    low, high = step.band.low or 0.0, step.band.high
    return sum(told) / len(told) if told else (low + high) / 2 if high is not None else low + 12


def _scale(value: float | None, effect: PooledEffect) -> float:
    """As :func:`on_scale`; an end without bound is not drawn."""
    x = on_scale(value, effect.measure)
    return x if isfinite(x) else nan


def _grid(steps: list[tuple[Step, PooledEffect]], language: str) -> Grid:
    rows = []
    for step, e in steps:
        assert e.estimate is not None
        size = amount_said(e.estimate, e)[language]
        if e.ci_low is not None and e.ci_high is not None:
            size += f" [{interval_said(e.ci_low, e.ci_high)[language]}]"
        ahead = interval_said(e.pi_low, e.pi_high)[language] if e.pi_low is not None and e.pi_high is not None else ""
        names = ", ".join(dict.fromkeys(m.label[language] for m in e.members))
        rows.append((step.band.said[language], size, ahead, f"{STATUSES[e.status][language]}: {names}"))
    return Grid(tuple(_HEADER[language].split("|")), tuple(rows))
