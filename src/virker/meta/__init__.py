"""What do these numbers add up to?

Arrays in, small frozen results out; no bank objects, usable on its own (``from virker import meta``). Shapes are written with k (estimates),
p (columns of the design matrix, the intercept first), g (clusters) and B (a batch of fits). A new estimator of the between-study variance is
a function in ``tau2.py``; copy ``dersimonian_laird``.
"""

from virker.meta.comparison import compare, contrast, vif
from virker.meta.diagnostics import baujat, cumulative, hat, influence, leave_one_out, rstandard
from virker.meta.heterogeneity import profile, tau2_interval
from virker.meta.prediction import blup, predict, weights
from virker.meta.resampling import gosh, permutation_test
from virker.meta.univariate import fit

__all__ = [
    "baujat",
    "blup",
    "compare",
    "contrast",
    "cumulative",
    "fit",
    "gosh",
    "hat",
    "influence",
    "leave_one_out",
    "permutation_test",
    "predict",
    "profile",
    "rstandard",
    "tau2_interval",
    "vif",
    "weights",
]
