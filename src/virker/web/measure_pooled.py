"""A measure's printed numbers put together: what they pool to, what stands side by side, and a plot for each unit."""

from __future__ import annotations

from dataclasses import dataclass

from virker.language import Language, Said
from virker.publish.figures import Figure
from virker.publish.figures.forest import forest, groups
from virker.synthesis.effect_path import EffectPath
from virker.synthesis.pooled_effect import PooledAnswer, PooledEffect
from virker.synthesis.pooled_path import PooledPath, pooled_path
from virker.synthesis.pooled_words import effect_said
from virker.web.measures import Measure
from virker.web.site import Site

#: So many plots stand open on the page; those of further units are folded away.
OPEN = 1


@dataclass(frozen=True, slots=True)
class Line:
    """A cell of which something can be said in a sentence, with its reasons and warnings."""

    said: Said
    reasons: tuple[Said, ...]
    marks: tuple[Said, ...]


def lines(found: PooledAnswer) -> tuple[Line, ...]:
    """The cells with a pooled effect, and those with too few to pool."""
    return tuple(Line(effect_said(c), c.reasons, _marks(c)) for c in found.cells if c.status in ("pooled", "too-few"))


def _marks(cell: PooledEffect) -> tuple[Said, ...]:
    return cell.marks + ((cell.small_studies.said,) if cell.small_studies else ())


def months(site: Site, path: EffectPath) -> tuple[PooledPath, ...]:
    """The measure's numbers over the months, those of which something can be said."""
    return tuple(p for p in pooled_path(site.edition.bank, path) if any(s.effect is not None and s.effect.estimate is not None for s in p.steps))


def plots(found: PooledAnswer, measure: Measure, language: Language) -> tuple[Figure, ...]:
    """A plot for each unit in which a number prints its precision."""
    return tuple(forest(g, measure.said, language) for g in groups(found.cells))
