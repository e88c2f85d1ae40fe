"""Publication bias: the reference set's names to ours."""

from __future__ import annotations

from math import comb
from typing import Any

from virker.meta.asymmetry import rank_test, regression_test
from virker.meta.excess import excess_significance
from virker.meta.fail_safe import fail_safe_n
from virker.meta.henmi import henmi_copas
from virker.meta.selection import selection_model
from virker.meta.trim_fill import trim_and_fill
from virker.meta.univariate import fit

Case = dict[str, Any]

METHOD: dict[str, Any] = {"EE": "common", "FE": "common", "DL": "dl", "REML": "reml", "ML": "ml"}
PREDICTOR: dict[str, Any] = {"sei": "se", "vi": "v", "ni": "n", "ninv": "1/n", "sqrtninv": "1/sqrt(n)"}
WEIGHT: dict[str, Any] = {
    "stepfun": "step",
    "beta": "beta",
    "halfnorm": "half-normal",
    "negexp": "negative-exponential",
    "logistic": "logistic",
    "power": "power",
}
# metafor counts out all combinations up to here, and takes the chi-squared approximation above.
COMBINATIONS = 1_000_000


def regtest(args: Case, data: Case, kind: str) -> Case:
    found = regression_test(
        data["yi"],
        data["vi"],
        data["X"],
        predictor=PREDICTOR[args["predictor"]],
        n=data.get("ni"),
        model="random" if args["model"] == "rma" else "weighted",
        method=METHOD[args["method"]],
    )
    return {"stat": found.statistic, "p": found.p, "limit": found.limit, "limit_ci": [found.limit_low, found.limit_high]}


def ranktest(args: Case, data: Case, kind: str) -> Case:
    found = rank_test(data["yi"], data["vi"])
    return {"tau": found.tau, "p": found.p}


def trimfill(args: Case, data: Case, kind: str) -> Case:
    found = trim_and_fill(data["yi"], data["vi"], estimator=args["estimator"], method=METHOD[args["method"]])
    table = found.model.coefficients
    return {
        "k0": found.k0,
        "se_k0": found.k0_se,
        "side_right": float(found.side == "right"),
        "estimate": table.beta[0],
        "se": table.se[0],
        "ci_lb": table.ci_low[0],
        "ci_ub": table.ci_high[0],
        "tau2": found.model.tau2,
        "Q": found.model.q,
    }


def fsn(args: Case, data: Case, kind: str) -> Case:
    target = None
    if args["type"] == "Orwin":
        target = float(fit(data["yi"], data["vi"], method="common").beta[0]) / 2
    found = fail_safe_n(data["yi"], data["vi"], kind=args["type"].lower(), target=target)
    return {"fsnum": found.n, "p": found.p}


def tes(args: Case, data: Case, kind: str) -> Case:
    alternative: Any = args["alternative"].replace(".", "-")

    def test(how: Any) -> Any:
        return excess_significance(data["yi"], data["vi"], null=args["H0"], alpha=args["alpha"], alternative=alternative, test=how)

    found, k = test("exact"), len(data["yi"])
    if sum(comb(k, j) for j in range(found.observed, k + 1)) > COMBINATIONS:
        found = test("chi2")
    return {"O": found.observed, "E": found.expected, "OE": found.ratio, "p": found.p, "theta": found.effect, "power": found.power}


def hc(args: Case, data: Case, kind: str) -> Case:
    found = henmi_copas(data["yi"], data["vi"])
    return {"beta": found.estimate, "se": found.se, "ci_lb": found.ci_low, "ci_ub": found.ci_high, "tau2": found.tau2}


def selmodel(args: Case, data: Case, kind: str) -> Case:
    found = selection_model(
        data["yi"],
        data["vi"],
        data["X"],
        weight=WEIGHT[args["type"]],
        steps=args.get("steps") or (0.025,),
        alternative=args["alternative"].replace(".", "-"),
    )
    return {
        "delta": found.delta,
        "delta_se": found.delta_se,
        "beta": found.beta,
        "se": found.se,
        "tau2": found.tau2,
        "ll": found.ll,
        "LRT": found.lrt,
        "LRT_p": found.lrt_p,
    }


OPERATIONS = {"regtest": regtest, "ranktest": ranktest, "trimfill": trimfill, "fsn": fsn, "tes": tes, "henmi_copas": hc, "selmodel": selmodel}
