"""The first look at the likelihood of two variance components: where its peaks are.

Rays of a constant ratio of the study to the estimate component, and along each a point in every factor of ``_FINE`` (of ``_COARSE`` where there are
more than ``_FEW`` estimates), from far below the smallest sampling variance to ``_HIGHEST`` times the spread.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from virker.meta.blocks import Array
from virker.meta.components import Problem, log_likelihoods, spread

RATIOS = (0.0, 0.02, 0.15, 0.6, 2.0, 8.0, 40.0, 250.0)
_FINE, _COARSE, _FEW = 1.6, 3.0, 2000
_HIGHEST = 6.0
_MOST_POINTS = 60
# Climb from at most so many of its peaks.
_MAX_STARTS = 4


def component_grid(problem: Problem) -> Array:
    """Zero, and values of a component from too small to matter to too large to be believed."""
    high = _HIGHEST * spread(problem)
    low = min(0.1 * float(problem.v.min()), 2e-3 * high)
    factor = _FINE if len(problem.y) <= _FEW else _COARSE
    return np.append(0.0, np.geomspace(low, high, min(_MOST_POINTS, 2 + int(np.log(high / low) / np.log(factor)))))


@dataclass(frozen=True, slots=True)
class _Peak:
    """A local maximum along one ray of the first look: which ray, how far out, how high, and where."""

    ray: int
    total: float
    height: float
    sigma2: tuple[float, float]


def first_starts(problem: Problem) -> list[tuple[float, float]]:
    """The peaks among neighbouring rays, the highest first.

    The likelihood often has a narrow ridge along a constant sum of the components. Along a ray, of components in a constant ratio, a ridge is a
    clean peak, so rays are compared by their peaks.
    """
    grid = component_grid(problem)
    rays = [np.zeros_like(grid)] if problem.free == (False, True) else [ratio * grid for ratio in RATIOS] if problem.free[1] else []
    peaks: list[_Peak] = []
    if rays:
        heights = log_likelihoods(problem, np.array(rays), grid)
        for number, (study, height) in enumerate(zip(rays, heights, strict=True)):
            peaks += _peaks(number, study, grid, height)
    if problem.free[0]:
        peaks += _peaks(len(rays), grid, np.zeros_like(grid), log_likelihoods(problem, grid[:, None], np.zeros(1))[:, 0])
    if not peaks:
        return [(0.0, 0.0)]
    kept = [a for a in peaks if not any(0 < abs(a.ray - b.ray) <= 2 and a.total < 3 * b.total and b.total < 3 * a.total and a.height < b.height for b in peaks)]
    kept.sort(key=lambda peak: -peak.height)
    # Several rays meet at zero.
    return list(dict.fromkeys(peak.sigma2 for peak in kept))[:_MAX_STARTS]


def _peaks(ray: int, study: Array, estimate: Array, height: Array) -> list[_Peak]:
    """Local maxima along a ray, each moved to the top of the parabola through it and its neighbours (on a logarithmic scale)."""
    padded = np.concatenate([[-np.inf], height, [-np.inf]])
    out = []
    for i in np.flatnonzero((height >= padded[:-2]) & (height >= padded[2:])):
        factor, top = 1.0, float(height[i])
        if 2 <= i < len(height) - 1:
            below, above = height[i] - height[i - 1], height[i] - height[i + 1]
            if below + above > 0:
                shift = 0.5 * (below - above) / (below + above)
                total = study + estimate
                factor = float((total[i + 1] / total[i]) ** shift)
                top += float(0.25 * (below - above) * shift)
        a, b = float(study[i]) * factor, float(estimate[i]) * factor
        out.append(_Peak(ray, a + b, top, (a, b)))
    return out
