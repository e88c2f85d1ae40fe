"""Several estimates of one study made into one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from virker.meta.blocks import Array, groups
from virker.meta.data import data
from virker.meta.errors import InputError
from virker.meta.results import Result


@dataclass(frozen=True, slots=True)
class Aggregated(Result):
    """One estimate for each study, (g,), studies in order of first appearance.

    Attributes
    ----------
    y, v : the combined estimate and its sampling variance.
    study : labels.
    n : how many estimates went into each.
    """

    y: Array
    v: Array
    study: NDArray[Any]
    n: NDArray[np.intp]


def aggregate(y: ArrayLike, v: ArrayLike, study: ArrayLike, *, rho: float) -> Aggregated:
    """Combine the estimates of each study with the weights that make the variance least, given how their sampling errors are correlated.

    Parameters
    ----------
    y, v, study : (k,) each.
    rho : correlation of two sampling errors of one study, from 0 to below 1. There is no default: it decides the variance.

    Notes
    -----
    :math:`\\bar y_j = 1'V_j^{-1}y_j / 1'V_j^{-1}1`, :math:`\\bar v_j = 1/1'V_j^{-1}1`, :math:`V_j` with ρ√(v v') off the diagonal. With
    very different variances and a high ρ a weight may be negative, and the combined estimate then lies outside the estimates it is made of.
    O(k), by Sherman and Morrison.
    """
    given = data(y, v)
    if not 0 <= rho < 1:
        raise InputError(f"rho must be a correlation from 0 to below 1, and is {rho}.")
    by = groups(study, given.k)
    y_, v_ = given.y[by.order], given.v[by.order]
    root = np.sqrt(v_)
    # V = S((1 - ρ)I + ρ11')S, so V⁻¹1 = S⁻¹(r - ρ/(1 + (n - 1)ρ) 1 Σr)/(1 - ρ), r = S⁻¹1.
    r = 1 / root
    share = (rho / (1 + (by.sizes - 1) * rho) * by.sums(r))[by.codes]
    weight = r * (r - share) / (1 - rho)
    total = by.sums(weight)
    middle = by.sums(y_) / by.sizes  # weights of both signs: sum what is left after the mean
    return Aggregated(middle + by.sums(weight * (y_ - middle[by.codes])) / total, 1 / total, by.labels, by.sizes)
