"""Directions in which the coefficients keep their digits, for each range of tau.

Where one study outweighs the others by twelve orders of magnitude, its weight would swamp what the others say, unless there are directions that it
does not see. Turned so that the heaviest row sees the first direction only, the next one the first two, and so on, the weights stand graded along
the diagonal, and scaling it leaves a matrix that is safe to factor. Which rows are heavy changes with tau: beyond all standard errors the studies
weigh alike, and only priors stand out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from virker.meta.data import Array

_STEP = 10.0  # from one band to the next, where weights change: tau by this factor
_ALIKE = 100.0  # variances within this factor of each other need no bands of their own


@dataclass(frozen=True, slots=True)
class Band:
    """From the tau ``above`` on: ``axes`` (p, p) orthogonal, and the rows of the design ``Q`` (k, p) and of the priors ``H`` (m, p) in them."""

    above: float
    axes: Array
    Q: Array
    H: Array


def bands(Q: Array, v: Array, H: Array) -> tuple[Band, ...]:
    """The bands of a design ``Q`` (k, p), orthonormal, with variances ``v`` (k,) and priors ``H`` (m, p), in rising order; the first is from 0 on."""
    if Q.shape[1] == 1:
        return (Band(0.0, np.eye(1), Q, H),)
    low, high = float(np.sqrt(v.min())), float(np.sqrt(v.max()))
    wide = v.max() > _ALIKE * v.min()
    between = low * _STEP ** np.arange(np.ceil(np.log10(high / low))) if wide else np.empty(0)
    found = [_band(0.0 if i == 0 else float(tau), Q, H, 1.0 / np.sqrt(v + tau * tau)) for i, tau in enumerate((*between, *(() if wide else (0.0,))))]
    return (*found, _band(high, Q, H, np.zeros(len(v)))) if len(H) else tuple(found)


def _band(above: float, Q: Array, H: Array, weight: Array) -> Band:
    axes, unseen = _graded(np.concatenate([weight[:, None] * Q, H]))
    k = len(Q)
    return Band(above, axes, np.where(unseen[:k], 0.0, Q @ axes), np.where(unseen[k:], 0.0, H @ axes))


def _graded(rows: Array) -> tuple[Array, NDArray[np.bool_]]:
    """Orthogonal directions (p, p) for weighted ``rows`` (n, p), and which of them a row does not see (n, p), exactly.

    Householder's reflections, the row of each picked as in QR with pivoting; Cox & Higham (1998) show for least squares with weights that such an
    order keeps the digits of every row.
    """
    n, p = rows.shape
    rest, axes, unseen = rows.copy(), np.eye(p), np.zeros((n, p), dtype=bool)
    for j in range(p - 1):
        left = np.abs(rest[:, j:]).max(axis=1)
        if not left.max() > 0:
            break
        size = ((rest[:, j:] / left.max()) ** 2).sum(axis=1)
        i = int(size.argmax())
        u = rest[i, j:] / left[i]
        u[0] += np.copysign(np.linalg.norm(u), u[0])
        u /= np.linalg.norm(u)
        for turned in (rest, axes):
            turned[:, j:] -= 2.0 * np.outer(turned[:, j:] @ u, u)
        rest[i, j + 1 :], unseen[i, j + 1 :] = 0.0, True
    return axes, unseen
