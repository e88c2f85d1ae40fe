"""Multilevel and multivariate models and cluster-robust inference: the reference set's names to ours.

The reference's ``wald_cr`` has its two tests under each other's names: its ``HTZ_F``, ``HTZ_df_den`` and ``HTZ_p`` are the naive F test
(g - 1 degrees of freedom), its ``naiveF_p`` is the p-value of HTZ. Its data show it: F(3, 16) = 2.1045 has p = .1399.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from ops_univariate import model as univariate_model

from virker.meta import multilevel_after as after
from virker.meta.aggregate import aggregate
from virker.meta.moments import fit_moments
from virker.meta.multilevel import MultilevelModel, fit_multilevel
from virker.meta.multivariate import MultivariateModel, fit_multivariate
from virker.meta.results import Coefficients
from virker.meta.robust import robust
from virker.meta.tests import coefficients, f_upper
from virker.meta.wald import wald_test

Args = dict[str, Any]
Out = dict[str, Any]


def _multilevel(args: Args, input: Args, **options: Any) -> MultilevelModel:
    tests = {"residual": "t", "contain": "t-containment"}
    test = tests[args.get("dfs", "residual")] if args.get("test") == "t" else "z"
    levels = "study" if args.get("random") == "~1|study" else "study-and-estimate"
    return fit_multilevel(
        input["yi"],
        input["vi"],
        input["cluster"],
        input["X"],
        rho=args.get("rho"),
        method=args.get("method", "REML").lower(),
        test=test,
        levels=levels,
        **options,
    )


def _coefficients(c: Coefficients) -> Out:
    out = {"beta": c.beta, "se": c.se, "stat": c.statistic, "p": c.p, "ci_lb": c.ci_low, "ci_ub": c.ci_high, "vcov": c.vcov}
    return out if c.df is None else {**out, "df": c.df}


def fit_ml3(args: Args, input: Args, kind: str) -> Out:
    """Three levels, or two (``~1|study``)."""
    m = _multilevel(args, input)
    table, qm_p = m.coefficients, m.qm_p
    if table.df is not None and table.df.min() < 1:
        # With as many coefficients as studies, containment leaves no degrees of freedom: the engine gives no test, the reference takes one.
        table = coefficients(table.beta, table.vcov, df=np.maximum(table.df, 1.0), names=table.names)
        qm_p = float(f_upper(m.qm, m.qm_df[0], max(1.0, m.qm_df[1]))) if m.qm_df else qm_p
    sigma2 = [m.sigma2_study, m.sigma2_estimate] if m.levels == "study-and-estimate" else [m.sigma2_study]
    fit = {"sigma2": sigma2, "Q": m.q, "Q_p": m.q_p, "QM": m.qm, "QM_p": qm_p, "ll_ML": m.log_likelihood_ml, "ll_REML": m.log_likelihood_reml}
    return {**_coefficients(table), **fit}


def predict_ml3(args: Args, input: Args, kind: str) -> Out:
    m = _multilevel(args, input)
    p = after.predict_multilevel(m, args.get("newX", None if m.p == 1 else input["X"]))
    return {"pred": p.mean, "se": p.se, "ci_lb": p.ci_low, "ci_ub": p.ci_high, "pi_lb": p.pi_low, "pi_ub": p.pi_high}


def ranef_ml3(args: Args, input: Args, kind: str) -> Out:
    effects = after.study_effects(_multilevel(args, input))
    return {"study_blup": effects.effect, "study_se": effects.se}


def i2_ml3(args: Args, input: Args, kind: str) -> Out:
    shares = after.heterogeneity_shares(_multilevel(args, input))
    return {"I2_total": shares.total, "I2_study": shares.study, "I2_es": shares.estimate}


def sigma2_profile_ci(args: Args, input: Args, kind: str) -> Out:
    component = {"study": "study", "es": "estimate"}[args["which"]]
    interval = after.profile_interval(_multilevel(args, input), component, level=args["level"] / 100)
    return {"ci": [interval.low, interval.high]}


def ll_grid_ml3(args: Args, input: Args, kind: str) -> Out:
    model = _multilevel(args, input)
    pairs = np.asarray(args["sigma2"])
    return {"ll": [after.log_likelihood_grid(model, study, estimate)[0, 0] for study, estimate in pairs]}


def cooks_ml3(args: Args, input: Args, kind: str) -> Out:
    return {"cook_d": after.cooks_distance(_multilevel(args, input))}


def _multivariate(args: Args, input: Args) -> MultivariateModel:
    levels = np.asarray(input["outcome"] if "outcome" in input else input["time"])
    V = input["V"] if "V" in input else input["vi"]
    structure = args.get("struct", args.get("model"))
    return fit_multivariate(input["yi"], V, input["study"], levels, structure=structure, method=args.get("method", "REML").lower())


def fit_mv(args: Args, input: Args, kind: str) -> Out:
    m = _multivariate(args, input)
    fit = {"tau2": m.tau2, "rho": m.rho, "Q": m.q, "Q_p": m.q_p, "QM": m.qm, "QM_p": m.qm_p, "ll_ML": m.log_likelihood_ml, "ll_REML": m.log_likelihood_reml}
    return {**_coefficients(m.coefficients), **fit}


def _fitted(args: Args, input: Args, kind: str) -> Any:
    if kind == "mv":
        return _multivariate(args, input)
    if kind == "uni":
        return univariate_model({"method": args.get("method", "REML")}, input)
    return _multilevel(args, input)


def robust_covariance(args: Args, input: Args, kind: str) -> Out:
    cluster = input["study"] if kind == "mv" else input["cluster"]
    model = _fitted(args, input, kind)
    if args["engine"] == "clubSandwich":
        return _coefficients(robust(model, cluster, kind=args["type"]).coefficients)
    out = _coefficients(robust(model, cluster, kind="CR1p" if args["adjust"] else "CR0", degrees="clusters").coefficients)
    return {**out, "df": out["df"][0]}


def wald_cr(args: Args, input: Args, kind: str) -> Out:
    model = robust(_fitted(args, input, kind), input["study"] if kind == "mv" else input["cluster"])
    constraint = np.eye(len(model.coefficients.beta))[1:]
    htz, naive = wald_test(model, constraint), wald_test(model, constraint, kind="naive-F")
    return {"HTZ_F": naive.f, "HTZ_df_den": naive.df_denominator, "HTZ_p": naive.p, "naiveF_p": htz.p}


def robu(args: Args, input: Args, kind: str) -> Out:
    weighting = {"CORR": "correlated", "HIER": "hierarchical"}[args["modelweights"]]
    model = fit_moments(input["yi"], input["vi"], input["cluster"], input["X"], weighting=weighting, rho=args["rho"])
    c = robust(model, input["cluster"]).coefficients
    return {"beta": c.beta, "se": c.se, "df": c.df, "p": c.p, "tau2": model.tau2, "omega2": model.omega2, "I2": model.i2}


def aggregate_studies(args: Args, input: Args, kind: str) -> Out:
    combined = aggregate(input["yi"], input["vi"], input["cluster"], rho=args["rho"])
    return {"yi": combined.y, "vi": combined.v}


OPERATIONS: dict[str, Callable[[Args, Args, str], Out]] = {
    "fit_ml3": fit_ml3,
    "fit_ml2": fit_ml3,
    "predict_ml3": predict_ml3,
    "ranef_ml3": ranef_ml3,
    "I2_ml3": i2_ml3,
    "sigma2_profile_ci": sigma2_profile_ci,
    "ll_grid_ml3": ll_grid_ml3,
    "cooks_ml3": cooks_ml3,
    "robust": robust_covariance,
    "wald_cr": wald_cr,
    "robu": robu,
    "fit_mv": fit_mv,
    "aggregate": aggregate_studies,
}
