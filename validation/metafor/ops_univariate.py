"""Univariate models and what stands around them: metafor's rma.uni and its methods, in our words."""

from __future__ import annotations

from typing import Any

import numpy as np

from virker.meta import univariate

Answer = dict[str, Any]
METHOD = {"EE": "common", "FE": "common", "HSk": "hsk"}
TEST = {"z": "z", "t": "t", "knha": "knapp-hartung", "adhoc": "adhoc"}
WEIGHTS = {"ones": lambda v: np.ones(len(v)), "inv_sqrt_vi": lambda v: 1 / np.sqrt(v)}


def model(args: Answer, data: Answer, **changed: Any) -> univariate.RandomEffects:
    """The model that ``args`` asks for."""
    v = np.asarray(data["vi"], dtype=float)
    weights: Any = "equal" if args.get("weighted") is False else None
    if "weights" in args:
        weights = WEIGHTS[args["weights"]](v) if isinstance(args["weights"], str) else args["weights"]
    method = METHOD.get(args["method"], args["method"].lower())
    settings = {"method": method, "test": TEST[args.get("test", "z")], "weights": weights, **changed}
    return univariate.fit(data["yi"], v, data.get("X"), **settings)


def fit(args: Answer, data: Answer, kind: str) -> Answer:
    m = model(args, data)
    c = m.coefficients
    return {
        "beta": c.beta, "se": c.se, "stat": c.statistic, "p": c.p, "ci_lb": c.ci_low, "ci_ub": c.ci_high, "df": m.df, "tau2": m.tau2,
        "tau2_se": m.tau2_se, "I2": m.i2, "H2": m.h2, "R2": m.r2, "Q": m.q, "Q_p": m.q_p, "Q_df": m.q_df, "QM": m.qm, "QM_p": m.qm_p,
        "vcov": c.vcov, "fit_stats_ML": _criteria(m.likelihood), "fit_stats_REML": _criteria(m.restricted),
    }  # fmt: skip


def _criteria(i: univariate.Information) -> list[float]:
    return [i.log_likelihood, i.deviance, i.aic, i.bic, i.aicc]


OPERATIONS = {"fit": fit}
