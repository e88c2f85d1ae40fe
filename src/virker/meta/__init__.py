"""What do these numbers add up to?

Arrays in, small frozen results out; no bank objects, usable on its own (``from virker import meta``). Shapes are written with k (estimates),
p (columns of the design matrix, the intercept first), g (clusters) and B (a batch of fits). A new estimator of the between-study variance is
a function in ``tau2.py``; copy ``dersimonian_laird``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from virker.meta import bayes, effect_sizes, network
from virker.meta.aggregate import aggregate
from virker.meta.asymmetry import rank_test, regression_test
from virker.meta.bayes import fit_bayes
from virker.meta.cells import fit_cells
from virker.meta.comparison import compare, contrast, vif
from virker.meta.diagnostics import baujat, cumulative, hat, influence, leave_one_out, rstandard
from virker.meta.excess import excess_significance, p_curve
from virker.meta.fail_safe import fail_safe_n
from virker.meta.glmm import fit_glmm, fit_glmm_rates
from virker.meta.henmi import henmi_copas
from virker.meta.heterogeneity import profile, tau2_interval
from virker.meta.location_scale import fit_location_scale
from virker.meta.moments import fit_moments
from virker.meta.multilevel import fit_multilevel
from virker.meta.multilevel_after import cooks_distance, heterogeneity_shares, log_likelihood_grid, predict_multilevel, profile_interval, study_effects
from virker.meta.multilevel_bootstrap import bootstrap_multilevel
from virker.meta.multivariate import fit_multivariate
from virker.meta.network import fit_components, fit_network
from virker.meta.ordered import ordered_probit
from virker.meta.precision_effect import pet_peese
from virker.meta.prediction import blup, predict, weights
from virker.meta.resampling import bootstrap, gosh, permutation_test
from virker.meta.results import Result, drawn_by
from virker.meta.robust import robust
from virker.meta.selection import selection_model
from virker.meta.signs import combine_p, harvest, sign_test
from virker.meta.tables import mantel_haenszel, mantel_haenszel_rates, peto
from virker.meta.trim_fill import trim_and_fill
from virker.meta.univariate import fit
from virker.meta.wald import wald_test
from virker.meta.wild_bootstrap import wild_bootstrap

if TYPE_CHECKING:
    from virker.meta.picture import Drawing


def _draw(result: Result, kind: str | None = None, **how: Any) -> Drawing:
    """The drawing of a result; drawings are imported when the first is asked for."""
    from virker.meta.drawing import draw

    return draw(result, kind, **how)


drawn_by(_draw)

__all__ = [
    "aggregate",
    "baujat",
    "bayes",
    "blup",
    "bootstrap",
    "bootstrap_multilevel",
    "combine_p",
    "compare",
    "contrast",
    "cooks_distance",
    "cumulative",
    "effect_sizes",
    "excess_significance",
    "fail_safe_n",
    "fit",
    "fit_bayes",
    "fit_cells",
    "fit_components",
    "fit_glmm",
    "fit_glmm_rates",
    "fit_location_scale",
    "fit_moments",
    "fit_multilevel",
    "fit_multivariate",
    "fit_network",
    "gosh",
    "harvest",
    "hat",
    "henmi_copas",
    "heterogeneity_shares",
    "influence",
    "leave_one_out",
    "log_likelihood_grid",
    "mantel_haenszel",
    "mantel_haenszel_rates",
    "network",
    "ordered_probit",
    "p_curve",
    "permutation_test",
    "pet_peese",
    "peto",
    "predict",
    "predict_multilevel",
    "profile",
    "profile_interval",
    "rank_test",
    "regression_test",
    "robust",
    "rstandard",
    "selection_model",
    "sign_test",
    "study_effects",
    "tau2_interval",
    "trim_and_fill",
    "vif",
    "wald_test",
    "weights",
    "wild_bootstrap",
]
