"""Univariate models and what stands around them: metafor's rma.uni and its methods, in our words."""

from __future__ import annotations

from typing import Any

import numpy as np

from virker.meta import comparison, diagnostics, heterogeneity, prediction, resampling, univariate

Answer = dict[str, Any]
METHOD = {"EE": "common", "FE": "common", "CE": "common", "CO": "he", "VC": "he", "MP": "pm"}
_INTERVAL: dict[str, heterogeneity.Kind] = {"QP": "q-profile", "PL": "profile-likelihood", "GENQ": "generalised-q"}
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
        "tau2_se": m.tau2_se, "I2": m.i2, "H2": m.h2, "R2": _r2(m), "Q": m.q, "Q_p": m.q_p, "Q_df": m.q_df, "QM": m.qm, "QM_p": m.qm_p,
        "vcov": c.vcov, "fit_stats_ML": _criteria(m.likelihood), "fit_stats_REML": _criteria(m.restricted),
    }  # fmt: skip


def _criteria(i: univariate.Information) -> list[float]:
    return [i.log_likelihood, i.deviance, i.aic, i.bic, i.aicc]


def _r2(m: univariate.RandomEffects) -> float:
    """The reference says 0 where there is no variance to account for; the engine says that it is undefined."""
    return 0.0 if np.isnan(m.r2) and m.data.p > 1 and m.data.intercept else m.r2


def predict(args: Answer, data: Answer, kind: str) -> Answer:
    m = model(args, data)
    # The reference takes one degree of freedom where k - p - 1 is 0; the engine says that there is no interval unless told.
    p = prediction.predict(m, args.get("newX"), interval="riley" if args["predtype"] == "riley" else "model", df=float(max(1, m.data.k - m.data.p - 1)))
    return {"pred": p.estimate, "se": p.se, "ci_lb": p.ci_low, "ci_ub": p.ci_high, "pi_lb": p.pi_low, "pi_ub": p.pi_high}


def tau2_ci(args: Answer, data: Answer, kind: str) -> Answer:
    m = model(args, data)
    # The reference searches up to 100 or ten times the estimate of tau2, whichever is greater (its documentation of confint), and no further.
    i = heterogeneity.tau2_interval(m, kind=_INTERVAL[args["type"]], level=args.get("level", 95) / 100, upper=max(100.0, 10.0 * m.tau2))
    return {"tau2": i.tau2, "tau": i.tau, "I2": i.i2, "H2": i.h2}


def profile_ll(args: Answer, data: Answer, kind: str) -> Answer:
    return {"ll": heterogeneity.profile(model(args, data), args["tau2"]).log_likelihood}


def blup(args: Answer, data: Answer, kind: str) -> Answer:
    b = prediction.blup(model(args, data))
    return {"pred": b.estimate, "se": b.se, "pi_lb": b.pi_low, "pi_ub": b.pi_high}


def weights_pct(args: Answer, data: Answer, kind: str) -> Answer:
    return {"w": prediction.weights(model(args, data))}


def rstandard(args: Answer, data: Answer, kind: str) -> Answer:
    r = diagnostics.rstandard(model(args, data))
    return {"resid": r.residual, "se": r.se, "z": r.z}


def hat(args: Answer, data: Answer, kind: str) -> Answer:
    return {"hat": diagnostics.hat(model(args, data))}


def influence(args: Answer, data: Answer, kind: str) -> Answer:
    i = diagnostics.influence(model(args, data))
    shifts = {f"dfbs_{j + 1}": i.dfbetas[:, j] for j in range(i.dfbetas.shape[1])}
    return {
        "rstudent": i.rstudent, "dffits": i.dffits, "cook_d": i.cook_d, "cov_r": i.cov_ratio, "tau2_del": i.tau2_deleted,
        "QE_del": i.q_deleted, "hat": i.hat, "weight": i.weight, **shifts,
    }  # fmt: skip


def baujat(args: Answer, data: Answer, kind: str) -> Answer:
    b = diagnostics.baujat(model(args, data))
    return {"x": b.heterogeneity, "y": b.influence}


def leave1out(args: Answer, data: Answer, kind: str) -> Answer:
    s = diagnostics.leave_one_out(model(args, data))
    return {"estimate": s.estimate, "se": s.se, "p": s.p, "Q": s.q, "tau2": s.tau2, "I2": s.i2}


def cumul(args: Answer, data: Answer, kind: str) -> Answer:
    if args["order"] != "vi ascending":
        raise NotImplementedError(args["order"])
    # Not by vi: all reference numbers agree with sorting by the places order(vi), as if these had been handed over as the values to sort by.
    s = diagnostics.cumulative(model(args, data), np.argsort(data["vi"], kind="stable"))
    return {"estimate": s.estimate, "se": s.se, "tau2": s.tau2}


def permutest(args: Answer, data: Answer, kind: str) -> Answer:
    t = resampling.permutation_test(model(args, data), exact=bool(args.get("exact", True)))
    return {"p": t.p, "QM_p": t.qm_p}


def gosh(args: Answer, data: Answer, kind: str) -> Answer:
    g = resampling.gosh(model(args, data), draws=2 ** len(data["yi"]))
    e = g.beta[:, 0]
    return {
        "n": len(e), "estimate_mean": e.mean(), "estimate_sd": e.std(ddof=1), "I2_mean": g.i2.mean(),
        "estimate_quantiles_0_25_50_75_100": np.quantile(e, [0, 0.25, 0.5, 0.75, 1]),
    }  # fmt: skip


def vif(args: Answer, data: Answer, kind: str) -> Answer:
    return {"vif": comparison.vif(model(args, data))}


def anova_lrt(args: Answer, data: Answer, kind: str) -> Answer:
    if args["reduced"] != "intercept only":
        raise NotImplementedError(args["reduced"])
    test = comparison.compare(model(args, data), model(args, {**data, "X": None}))
    return {"LRT": test.statistic, "p": test.p}


def contrast(args: Answer, data: Answer, kind: str) -> Answer:
    c = comparison.contrast(model(args, data), args["L"])
    return {"estimate": c.beta, "se": c.se, "p": c.p}


OPERATIONS = {
    "fit": fit, "predict": predict, "tau2_ci": tau2_ci, "profile_ll": profile_ll, "blup": blup, "weights_pct": weights_pct, "rstandard": rstandard,
    "hat": hat, "influence": influence, "baujat": baujat, "leave1out": leave1out, "cumul": cumul, "permutest": permutest, "gosh": gosh, "vif": vif,
    "anova_lrt": anova_lrt, "contrast": contrast,
}  # fmt: skip
