"""PET-PEESE: the effect of an infinitely precise study, by a line in the standard error or in the variance.

Stanley & Doucouliagos 2014 (doi:10.1002/jrsm.1095).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from numpy.typing import ArrayLike

from virker.meta import special
from virker.meta.asymmetry import RegressionTest, regression_test
from virker.meta.data import data
from virker.meta.errors import InputError, TooFew
from virker.meta.plain import p_value, plain, short
from virker.meta.results import Result


@dataclass(frozen=True, slots=True)
class PetPeese(Result):
    """Both lines, and the one that the rule takes.

    Attributes
    ----------
    pet, peese : the line in the standard error and the line in the variance; ``limit`` is the effect at 0.
    chosen : "peese" where PET's limit is above 0 in the wanted direction (one-sided p < alpha), else "pet".
    pet_p : that one-sided p-value.
    estimate, ci_low, ci_high : limit of the chosen line, the unit of y.
    """

    pet: RegressionTest
    peese: RegressionTest
    chosen: Literal["pet", "peese"]
    pet_p: float
    estimate: float
    ci_low: float
    ci_high: float

    def columns(self) -> dict[str, list[Any]]:
        """A row for each line: the effect at its limit, its interval, and the slope."""
        lines = (self.pet, self.peese)
        names = ("limit", "limit_low", "limit_high", "slope", "slope_se", "p")
        return {"name": ["pet", "peese"], **{n: [plain(getattr(line, n)) for line in lines] for n in names}}

    def __str__(self) -> str:
        one = self.pet if self.chosen == "pet" else self.peese
        clusters = f", {one.g} clusters" if one.g else ""
        return f"{self.chosen.upper()}, k = {one.k}{clusters}: {short(self.estimate)} [{short(self.ci_low)}, {short(self.ci_high)}], p of PET {p_value(self.pet_p)}"


def pet_peese(
    y: ArrayLike,
    v: ArrayLike,
    *,
    cluster: ArrayLike | None = None,
    alternative: Literal["greater", "less"] = "greater",
    alpha: float = 0.05,
    level: float = 0.95,
) -> PetPeese:
    """The effect at a standard error of 0, conditionally on there being one.

    Weighted least squares (weights 1/v, multiplicative variance) of y on the standard error (PET). If its limit is above 0, the line in the variance
    (PEESE) is taken, since PET then corrects too much.

    Parameters
    ----------
    y, v : (k,) estimates and sampling variances, k >= 3.
    cluster : (k,) study of each estimate: CR2 covariance and Satterthwaite degrees of freedom.
    alternative : the direction in which results are wanted.
    alpha : level of the one-sided test that chooses.
    level : confidence level.

    Notes
    -----
    **When it misleads.** With large heterogeneity, few estimates, or standard errors that are nearly alike it extrapolates far beyond what was seen and
    errs by more than the bias it removes (Stanley 2017, doi:10.1177/1948550617693062; Carter et al. 2019, doi:10.1177/2515245919847196); the
    interval does not tell of the choice between the lines. Estimates and standard errors that are tied by construction (standardised differences,
    ratios) give a slope without any bias. Look at the smallest standard error before believing the limit.
    """
    if alternative not in ("greater", "less"):
        raise InputError(f"alternative must be 'greater' or 'less', and is '{alternative}'.")
    if not 0.0 < alpha < 1.0:
        raise InputError(f"alpha must be between 0 and 1, such as 0.05, and is {alpha}.")
    if (k := data(y, v).k) < 3:
        raise TooFew("PET-PEESE needs at least three estimates.", have=k, least=3)
    pet, peese = (regression_test(y, v, predictor=x, model="weighted", cluster=cluster, level=level) for x in ("se", "v"))
    table = pet.coefficients
    df = float(table.df[0]) if table.df is not None else float("nan")
    sign = 1.0 if alternative == "greater" else -1.0
    p = float(special.stdtr(df, -sign * float(table.statistic[0])))
    one = peese if p < alpha else pet
    return PetPeese(pet, peese, "peese" if p < alpha else "pet", p, one.limit, one.limit_low, one.limit_high)
