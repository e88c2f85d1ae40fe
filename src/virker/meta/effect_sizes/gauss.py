"""Gauss' hypergeometric function for the large third argument that a correlation of many persons needs.

SciPy's overflows there: at c = 100 (202 persons) it is infinite, above that not a number.
"""

from __future__ import annotations

import numpy as np

from virker.meta.effect_sizes.sizes import Array

_SERIES_FROM = 20.0  # above this c, terms fall faster than j^-19 at x = 1, and faster elsewhere
_TERMS = 2000


def hypergeometric(a: float, b: float, c: Array, x: Array) -> Array:
    """₂F₁(a, b; c; x) for 0 ≤ x ≤ 1 and c > a + b. Shapes (k,); nan where c is not above a + b.

    From c = 20 the defining series, summed until nothing is added; below, SciPy's.
    """
    from scipy.special import hyp2f1

    c, x = np.broadcast_arrays(np.asarray(c, dtype=np.float64), np.asarray(x, dtype=np.float64))
    large = c >= _SERIES_FROM
    out: Array = np.where(c > a + b, hyp2f1(a, b, np.where((c > a + b) & ~large, c, a + b + 1.0), x), np.nan)
    if not large.any():
        return out
    at, bottom = x[large], c[large]
    term = np.ones(len(at))
    total = term.copy()
    for j in range(_TERMS):
        term = term * ((a + j) * (b + j) / (1.0 + j)) * at / (bottom + j)
        total = total + term
        if (term <= 1e-17 * total).all():
            break
    out[large] = total
    return out
