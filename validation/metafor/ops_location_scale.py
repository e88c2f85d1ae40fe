"""Location-scale models: the reference set's names to ours.

The open cases have no location-scale model, so its arguments are not known. What is read here: ``method``, ``test``, and the design of the scale
under ``Z`` or ``scale`` as rows or as names of columns of X; without it, tau2 has the moderators of the mean. The names of the answer are those
that the other operations have, with ``alpha`` where metafor has it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from virker.meta.location_scale import fit_location_scale
from virker.meta.results import Coefficients

Answer = dict[str, Any]


def location_scale(args: Answer, data: Answer, kind: str) -> Answer:
    tests: dict[str, Any] = {"z": "z", "t": "t"}
    m = fit_location_scale(data["yi"], data["vi"], data["X"], _scale(args, data), method=args.get("method", "REML").lower(), test=tests[args.get("test", "z")])
    likelihood = "ll_REML" if m.method == "reml" else "ll_ML"
    return {
        **_named(m.location, ""), **_named(m.scale, "_alpha"), "alpha": m.scale.beta, "alpha_se": m.scale.se, "tau2": m.tau2, "QM": m.qm, "QM_p": m.qm_p,
        "QS": m.qs, "QS_p": m.qs_p, "ll": m.log_likelihood, likelihood: m.log_likelihood,
    }  # fmt: skip


def _named(c: Coefficients, end: str) -> Answer:
    names = {"beta": c.beta, "se": c.se, "stat": c.statistic, "p": c.p, "ci_lb": c.ci_low, "ci_ub": c.ci_high, "vcov": c.vcov}
    return {name + end: value for name, value in names.items()}


def _scale(args: Answer, data: Answer) -> Any:
    X = np.asarray(data["X"], dtype=float)
    given = args.get("Z", args.get("scale", data.get("Z")))
    if given is None or isinstance(given, str | bool):
        names = [name for name in data.get("X_names", ()) if isinstance(given, str) and name in given]
        given = names or None
    if given is None:
        return X
    if all(isinstance(name, str) for name in given):
        wanted = [j for j, name in enumerate(data["X_names"]) if name in given]
        return np.column_stack([np.ones(len(X)), X[:, [j for j in wanted if j]]])
    Z = np.asarray(given, dtype=float).reshape(len(X), -1)
    return Z if (Z[:, 0] == 1).all() else np.column_stack([np.ones(len(X)), Z])


OPERATIONS = {"location_scale": location_scale}
