"""metafor's words for effect sizes and tables, translated into ours."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import ops_univariate

from virker.meta import effect_sizes as es
from virker.meta import glmm, tables

_VARIANCE = {
    "LS": "large-sample", "LS2": "corrected", "UB": "unbiased", "AV": "pooled", "HO": "homoscedastic", "AVHO": "pooled-homoscedastic",
    "ST": "large-sample", "CS": "cross-sectional",
}  # fmt: skip
# ST and CS are the two ways of sampling; our phi takes the table as one sample, our point-biserial correlation the groups as fixed.
_SAMPLING = {("PHI", "ST"): "stratified", ("PHI", "CS"): "large-sample", ("RBIS", "CS"): "large-sample"}
# The reference's tetrachoric correlation is where R's optimize stops, its variance from the second differences of R's optim; both by their defaults.
_SEARCH = es.Search(tolerance=float(np.finfo(np.float64).eps ** 0.25), step=1e-3)
_TO = {"only0": "zero-cells", "all": "all", "if0all": "all-if-zero", "none": "none"}
_TABLE = {
    "RR": "log-risk-ratio", "OR": "log-odds-ratio", "RD": "risk-difference", "AS": "arcsine-difference", "PETO": "peto-log-odds-ratio",
    "PHI": "phi", "YUQ": "yule-q", "YUY": "yule-y", "RTET": "tetrachoric", "ZTET": "tetrachoric-z", "PBIT": "probit-difference",
    "OR2DN": "log-odds-ratio-to-d-normal", "OR2DL": "log-odds-ratio-to-d-logistic",
}  # fmt: skip
_MEANS = {
    "MD": "mean-difference", "SMD": "smd", "SMDH": "smd-heteroscedastic", "SMD1": "smd-sd2", "SMD1H": "smd-sd2-heteroscedastic",
    "ROM": "log-mean-ratio", "CVR": "log-cv-ratio", "VR": "log-sd-ratio", "RPB": "point-biserial", "RBIS": "biserial",
    "D2ORN": "d-to-log-odds-ratio-normal", "D2ORL": "d-to-log-odds-ratio-logistic",
}  # fmt: skip
_CHANGE = {
    "MC": "mean-change", "SMCC": "smd-change", "SMCR": "smd-raw", "SMCRH": "smd-raw-heteroscedastic", "ROMC": "log-mean-ratio",
    "CVRC": "log-cv-ratio", "VRC": "log-sd-ratio",
}  # fmt: skip
_CORRELATION = {"COR": "correlation", "UCOR": "unbiased-correlation", "ZCOR": "fisher-z"}
_RATES = {"IRR": "log-rate-ratio", "IRD": "rate-difference", "IRSD": "sqrt-rate-difference"}
_PROPORTION = {"PR": "proportion", "PLN": "log-proportion", "PLO": "logit", "PRZ": "probit", "PAS": "arcsine", "PFT": "freeman-tukey"}
_RATE = {"IR": "rate", "IRLN": "log-rate", "IRS": "sqrt-rate", "IRFT": "freeman-tukey"}
_PAIRS = {
    "MPRD": "risk-difference", "MPRR": "log-risk-ratio", "MPOR": "log-odds-ratio", "MPORC": "conditional-log-odds-ratio",
    "MPPETO": "peto-log-odds-ratio",
}  # fmt: skip
_ALPHA = {"ARAW": "alpha", "AHW": "cube-root-alpha", "ABT": "log-alpha"}
_PARTIAL = {"PCOR": "partial-correlation", "ZPCOR": "partial-fisher-z", "SPCOR": "semi-partial-correlation"}
_MULTIPLE = {"R2": "r-squared", "ZR2": "multiple-fisher-z"}
_MEAN = {"MN": "mean", "MNLN": "log-mean", "SDLN": "log-sd", "CVLN": "log-cv"}


def _column(input: dict[str, Any], name: str) -> np.ndarray[Any, Any]:
    return np.array(input[name], dtype=np.float64)


def _sizes(args: dict[str, Any], input: dict[str, Any]) -> es.EffectSizes:
    measure = args["measure"]
    column = {name: _column(input, name) for name in input if isinstance(input[name], list)}
    more: dict[str, Any] = {"undefined": "keep"}
    zero: dict[str, Any] = {key: value for key, value in (("add", args.get("add")), ("to", _TO.get(args.get("to", "only0")))) if value is not None}
    if "vtype" in args:
        more["variance"] = _SAMPLING.get((measure, args["vtype"]), _VARIANCE[args["vtype"]])
    correct = {"correct": args["correct"]} if "correct" in args else {}
    if measure in _TABLE:
        if measure in {"AS", "PHI", "RTET", "ZTET"} and args.get("to", "only0") == "only0":
            # The cases record the default `add` of the other measures beside these too; the reference did not add.
            zero = {}
        if measure in {"RTET", "ZTET"}:
            more["search"] = _SEARCH
        a, b, c, d = (column[name] for name in ("ai", "bi", "ci", "di"))
        return es.two_proportions(a, a + b, c, c + d, measure=_TABLE[measure], **zero, **more)
    if measure in _CHANGE and "m1i" in column and "ri" in column:
        values = [column[name] for name in ("m1i", "sd1i", "m2i", "sd2i", "ni", "ri")]
        return es.change(*values, measure=_CHANGE[measure], **more, **correct)
    if measure in _MEANS:
        values = [column.get(name) for name in ("m1i", "sd1i", "n1i", "m2i", "sd2i", "n2i")]
        return es.two_means(*values, measure=_MEANS[measure], **more, **correct)
    if measure in _CORRELATION:
        return es.correlations(column["ri"], column["ni"], measure=_CORRELATION[measure], **more)
    if measure in _RATES:
        return es.two_rates(*(column[name] for name in ("x1i", "t1i", "x2i", "t2i")), measure=_RATES[measure], **zero, **more)
    if measure in _PROPORTION:
        return es.one_proportion(column["xi"], column["ni"] if "ni" in column else column["xi"] + column["mi"], measure=_PROPORTION[measure], **zero, **more)
    if measure in _RATE:
        return es.one_rate(column["xi"], column["ti"], measure=_RATE[measure], **zero, **more)
    if measure in _PAIRS:
        return es.matched_pairs(*(column[name] for name in ("ai", "bi", "ci", "di")), measure=_PAIRS[measure], **zero, **more)
    if measure == "MPORM":
        return es.matched_margins(column["ai"], column["ci"], column["ai"] + column["bi"], column["ri"], **more)
    if measure in _ALPHA:
        return es.reliability(column["ai"], column["mi"], column["ni"], measure=_ALPHA[measure], **more)
    if measure in _PARTIAL:
        whole = {"r2": column["r2i"]} if measure == "SPCOR" else {}
        return es.partial_correlations(column["ti"], column["ni"], column["mi"], measure=_PARTIAL[measure], correct=False, **whole, **more)
    if measure in _MULTIPLE:
        return es.multiple_correlations(column["r2i"], column["ni"], column["mi"], measure=_MULTIPLE[measure], **more)
    if measure in _MEAN:
        return es.one_mean(column.get("mi"), column.get("sdi"), column.get("ni"), measure=_MEAN[measure], **more)
    raise NotImplementedError(measure)


def escalc(args: dict[str, Any], input: dict[str, Any], kind: str) -> dict[str, Any]:
    found = _sizes(args, input)
    return {"yi": found.y, "vi": found.v}


def _table(input: dict[str, Any]) -> list[np.ndarray[Any, Any]]:
    a, b, c, d = (_column(input, name) for name in ("ai", "bi", "ci", "di"))
    return [a, a + b, c, c + d]


def _pooled(found: tables.TableEffect) -> dict[str, Any]:
    return {
        "beta": found.estimate, "se": found.se, "z": found.z, "p": found.p, "ci": [found.ci_low, found.ci_high],
        "Q": found.q, "Q_p": found.q_p, "I2": found.i2, "MH": found.association, "MH_p": found.association_p,
        "TA": found.tarone, "TA_p": found.tarone_p,
    }  # fmt: skip


def mh(args: dict[str, Any], input: dict[str, Any], kind: str) -> dict[str, Any]:
    correct = args.get("correct", True)
    if args["measure"] in _RATES:
        columns = (_column(input, name) for name in ("x1i", "t1i", "x2i", "t2i"))
        return _pooled(tables.mantel_haenszel_rates(*columns, measure=_RATES[args["measure"]], correct=correct))
    return _pooled(tables.mantel_haenszel(*_table(input), measure=_TABLE[args["measure"]], correct=correct))


def peto(args: dict[str, Any], input: dict[str, Any], kind: str) -> dict[str, Any]:
    return _pooled(tables.peto(*_table(input)))


def table_fit(args: dict[str, Any], input: dict[str, Any], kind: str) -> dict[str, Any]:
    found = _sizes({"measure": args["measure"]}, input)
    whole = np.isfinite(found.y) & np.isfinite(found.v)
    y, v = found.y[whole].tolist(), found.v[whole].tolist()
    return ops_univariate.fit(args, {"yi": y, "vi": v, "X": [[1.0]] * len(y), "X_names": ["intrcpt"]}, "uni")


_GLMM = {"UM.FS": "fixed-study", "UM.RS": "random-study", "CM.AL": "conditional-approximate", "CM.EL": "conditional-exact"}


def fit_glmm(args: dict[str, Any], input: dict[str, Any], kind: str) -> dict[str, Any]:
    # the reference has seven nodes in one dimension and Laplace in two
    two = args["model"] == "UM.RS" and args["method"] == "ML"
    how: dict[str, Any] = {"model": _GLMM[args["model"]], "method": args["method"].lower(), "nodes": 1 if two else 7}
    if args["measure"] == "IRR":
        found = glmm.fit_glmm_rates(*(_column(input, name) for name in ("x1i", "t1i", "x2i", "t2i")), **how)
    else:
        found = glmm.fit_glmm(*_table(input), **how)
    # lme4 with several nodes measures the log-likelihood from the saturated model
    ll = found.ll - found.ll_saturated if args["model"] == "UM.RS" and args["method"] == "EE" else found.ll
    return {"beta": [found.estimate], "se": [found.se], "tau2": found.tau2, "ll": ll, "QE_Wld": found.q_wald, "QE_LRT": found.q_lr}


OPERATIONS: dict[str, Callable[[dict[str, Any], dict[str, Any], str], dict[str, Any]]] = {
    "escalc": escalc,
    "mh": mh,
    "peto": peto,
    "table_fit": table_fit,
    "glmm": fit_glmm,
}
