"""The inverse square root of a matrix that is known only by its shifted solves.

.. math:: M^{-1/2} = \\frac{2}{\\pi}\\int_0^\\infty (M + t^2 I)^{-1}\\,dt

With t an elliptic function of the variable of integration, the midpoint rule converges geometrically, and needs some ten points more for every
four orders of magnitude between the eigenvalues (Hale, Higham & Trefethen 2008, SIAM Journal on Numerical Analysis 46, 2505-2523).
"""

from __future__ import annotations

from math import asinh, cosh, pi, sinh, sqrt

import numpy as np

from virker.meta.blocks import Array

_DIGITS = 36.0  # -log of the relative error


def nodes(low: float, high: float) -> tuple[Array, Array]:
    """Points t (N,) and weights (N,) with sum w / (t^2 + x) = x^(-1/2) to rounding, for every x from ``low`` to ``high``, both above zero."""
    ratio = min(low / (high * 1.0001), 0.9999)
    quarter, other = pi / (2 * _mean(1.0, sqrt(ratio))), pi / (2 * _mean(1.0, sqrt(1 - ratio)))
    count = 2 + int(_DIGITS * quarter / (2 * pi * other))
    t, slope = np.empty(count), np.empty(count)
    for i in range((count + 1) // 2):
        t[i], slope[i] = _tangent(quarter * (i + 0.5) / count, ratio)
        # The other half lies opposite: sc(K - u) sc(u) = 1 / sqrt(ratio).
        t[-1 - i], slope[-1 - i] = 1 / (sqrt(ratio) * t[i]), slope[i] / (sqrt(ratio) * t[i] ** 2)
    return sqrt(low) * t, sqrt(low) * slope * (2 / pi * quarter / count)


def _mean(a: float, b: float) -> float:
    """The arithmetic-geometric mean."""
    for _ in range(12):  # digits double with every step
        a, b = (a + b) / 2, sqrt(a * b)
    return a


def _tangent(u: float, ratio: float) -> tuple[float, float]:
    """For u up to half the quarter period: sc(u) of the parameter 1 - ``ratio`` and its derivative: -i sn(iu) of the parameter ``ratio``, by descending Landen steps (Abramowitz & Stegun 16.4, 16.20)."""
    a, b, c, steps = 1.0, sqrt(1 - ratio), sqrt(ratio), []
    while True:
        a, b = (a + b) / 2, sqrt(a * b)
        c = c * c / (4 * a)  # (a - b) / 2 without the difference: it must fall as fast as the sinh below grows
        if c < 1e-40:
            break
        steps.append(c / a)
    after = angle = 2.0 ** len(steps) * a * u
    for share in reversed(steps):
        after, angle = angle, (angle + asinh(share * sinh(angle))) / 2
    return sinh(angle), cosh(angle) ** 2 / cosh(after - angle)
