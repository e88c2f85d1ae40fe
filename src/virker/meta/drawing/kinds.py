"""Which drawings a result has: for each type its kinds by name, the first the one that ``.draw()`` gives.

A kind is a function of the result and the look; its other arguments are the options of ``.draw()``. A new result has a line in :func:`kinds`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from virker import meta
from virker.meta.drawing import curves, forest, funnel, nets, panels, posterior, scatter, series
from virker.meta.drawing.axis import TRANSFORMS
from virker.meta.drawing.rows import Look
from virker.meta.picture import Drawing

if TYPE_CHECKING:
    from virker.meta.cells import Cells
    from virker.meta.diagnostics import Baujat
    from virker.meta.excess import ExcessSignificance
    from virker.meta.heterogeneity import Tau2Interval
    from virker.meta.location_scale import LocationScale
    from virker.meta.moments import MomentModel
    from virker.meta.multilevel_after import ProfileInterval, StudyEffects
    from virker.meta.precision_effect import PetPeese
    from virker.meta.resampling import Bootstrap, Gosh
    from virker.meta.results import Coefficients
    from virker.meta.signs import SignTest
    from virker.meta.trim_fill import TrimAndFill
    from virker.meta.univariate import RandomEffects

Kind = Callable[..., Drawing]


def _of_coefficients(c: Coefficients, look: Look, *, labels: Sequence[str] | None = None, title: str | None = None, effect: str | None = None) -> Drawing:
    words = look.words
    names = labels or c.names or tuple(f"b{j}" for j in range(len(c.beta)))
    return series.intervals(look, names, c.beta, c.ci_low, c.ci_high, title=title or words["coefficients"], label=words["coefficient"], over=effect or words["effect"])  # fmt: skip


def _own_coefficients(result: Any, look: Look, **how: Any) -> Drawing:
    return _of_coefficients(result.coefficients, look, **how)


def _two_tables(m: LocationScale, look: Look, *, title: str | None = None, effect: str | None = None) -> Drawing:
    columns = m.columns()
    names = [f"{part}: {name}" for part, name in zip(columns["part"], columns["name"], strict=True)]
    return series.intervals(look, names, columns["estimate"], columns["ci_low"], columns["ci_high"], title=title or look.words["coefficients"], label=look.words["coefficient"], over=effect or look.words["effect"])  # fmt: skip


def _one(name: str) -> Kind:
    def drawn(result: Any, look: Look, *, title: str | None = None, effect: str | None = None) -> Drawing:
        words = look.words
        return series.intervals(look, [words["summary"]], [result.estimate], [result.ci_low], [result.ci_high], title=title or words[name], label=words["estimate"], over=effect or words["effect"])  # fmt: skip

    return drawn


def _predictions(result: Any, look: Look, *, labels: Sequence[str] | None = None, title: str | None = None, effect: str | None = None) -> Drawing:
    mean = result.mean if hasattr(result, "mean") else result.estimate
    low, high = (result.ci_low, result.ci_high) if hasattr(result, "ci_low") else (result.pi_low, result.pi_high)
    more = {"pi_low": result.pi_low, "pi_high": result.pi_high} if hasattr(result, "ci_low") else {}
    names = labels or [str(i + 1) for i in range(len(mean))]
    return series.intervals(look, names, mean, low, high, title=title or look.words["predictions"], label="", over=effect or look.words["effect"], **more)


def _cells(result: Cells, look: Look, *, title: str | None = None, effect: str | None = None) -> Drawing:
    notes = [f"({k})" for k in result.k]
    return series.intervals(look, [str(c) for c in result.cell], result.estimate, result.ci_low, result.ci_high, pi_low=result.pi_low, pi_high=result.pi_high, notes=notes, title=title or look.words["cells"], label=look.words["cell"], over=effect or look.words["effect"])  # fmt: skip


def _study_effects(result: StudyEffects, look: Look, *, title: str | None = None, effect: str | None = None) -> Drawing:
    from virker.meta.tests import critical

    half = float(critical(None, look.level)) * result.se
    return series.intervals(look, [str(s) for s in result.study], result.effect, result.effect - half, result.effect + half, title=title or look.words["study effects"], label=look.words["study"], over=effect or look.words["effect"])  # fmt: skip


def _pet_peese(result: PetPeese, look: Look, *, title: str | None = None, effect: str | None = None) -> Drawing:
    lines = (result.pet, result.peese)
    return series.intervals(look, ["PET", "PEESE"], [x.limit for x in lines], [x.limit_low for x in lines], [x.limit_high for x in lines], title=title or "PET-PEESE", label="", over=effect or look.words["effect"])  # fmt: skip


def _tau(result: Tau2Interval, look: Look, *, title: str | None = None) -> Drawing:
    middle = (float("nan"),)
    return series.intervals(replace(look, shown=TRANSFORMS["none"]), ["τ"], middle, [result.tau[0]], [result.tau[1]], title=title or look.words["tau2 interval"], label="", over="τ")  # fmt: skip


def _variance(result: ProfileInterval, look: Look, *, title: str | None = None) -> Drawing:
    high = result.high if np.isfinite(result.high) else float("nan")
    return series.intervals(replace(look, shown=TRANSFORMS["none"]), ["σ²"], [float("nan")], [result.low], [high], title=title or look.words["profile"], label="", over="σ²")  # fmt: skip


def _share(result: SignTest, look: Look, *, title: str | None = None) -> Drawing:
    plain = replace(look, shown=TRANSFORMS["none"], zero=0.5, limits=look.limits or (0.0, 1.0))
    return series.intervals(plain, [look.words["positive share"]], [result.share], [result.ci_low], [result.ci_high], title=title or look.words["sign test"], label="", over=look.words["positive share"])  # fmt: skip


def _gosh(result: Gosh, look: Look, *, title: str | None = None, effect: str | None = None) -> Drawing:
    return curves.gosh(result.beta[:, 0], result.i2, look, title=title, effect=effect)


def _bootstrap(result: Bootstrap, look: Look, *, title: str | None = None, effect: str | None = None) -> Drawing:
    ends = (float(result.ci_low[0]), float(result.ci_high[0]))
    return curves.histogram(result.beta[:, 0], look, title=title or look.words["bootstrap"], over=effect or look.words["effect"], marks=ends)


def _power(result: ExcessSignificance, look: Look, *, title: str | None = None) -> Drawing:
    plain = replace(look, shown=TRANSFORMS["none"])
    return curves.histogram(result.power, plain, title=title or look.words["power plot"], over=look.words["power"])


def _baujat(result: Baujat, look: Look, **how: Any) -> Drawing:
    return scatter.baujat(result.heterogeneity, result.influence, look, **how)


def _model_baujat(model: RandomEffects, look: Look, **how: Any) -> Drawing:
    return _baujat(meta.baujat(model), look, **how)


def _model_funnel(model: Any, look: Look, *, contours: bool = True, labels: Sequence[str] | None = None, title: str | None = None, effect: str | None = None) -> Drawing:  # fmt: skip
    """Of a model with moderators, the residuals around zero, without contours."""
    d = model.data
    if d.p == 1 and d.intercept:
        return funnel.funnel(d.y, d.v, float(model.coefficients.beta[0]), look, contours=contours, labels=labels, title=title, effect=effect)
    left = d.y - d.X @ model.coefficients.beta
    return funnel.funnel(left, d.v, 0.0, replace(look, shown=TRANSFORMS["none"]), contours=False, labels=labels, title=title, effect=effect)


def _filled_funnel(result: TrimAndFill, look: Look, **how: Any) -> Drawing:
    return funnel.funnel(result.y, result.v, float(result.model.beta[0]), look, filled=result.k0, **how)


def _profile(model: RandomEffects, look: Look, *, title: str | None = None) -> Drawing:
    return curves.profile(meta.profile(model), look, title=title)


def _influence(model: RandomEffects, look: Look, **how: Any) -> Drawing:
    return panels.influence(meta.influence(model), look, **how)


def _without(model: RandomEffects, look: Look, **how: Any) -> Drawing:
    return series.subsets(meta.leave_one_out(model), look, **how)


def _cumulated(model: RandomEffects, look: Look, *, order: Any = None, **how: Any) -> Drawing:
    return series.subsets(meta.cumulative(model, order), look, **how)


def _all_subsets(model: RandomEffects, look: Look, *, draws: int = 10_000, seed: int = 0, title: str | None = None, effect: str | None = None) -> Drawing:  # fmt: skip
    return _gosh(meta.gosh(model, draws=draws, seed=seed), look, title=title, effect=effect)


def _moments(model: MomentModel, look: Look, **how: Any) -> Drawing:
    return forest.plain_forest(model.data.y, model.data.v, look, **how)


def _estimates(result: Any, look: Look, **how: Any) -> Drawing:
    return forest.plain_forest(result.y, result.v, look, **({"labels": [str(s) for s in result.study]} if hasattr(result, "study") else {}) | how)


@lru_cache(maxsize=1)
def kinds() -> dict[str, dict[str, Kind]]:
    """The drawings of each type of result, by the name of the type: so nothing has to be imported that is not drawn."""
    coefficients = {"coefficients": _own_coefficients}
    return {
        "RandomEffects": {
            "forest": forest.forest, "funnel": _model_funnel, "radial": scatter.radial, "baujat": _model_baujat, "bubble": scatter.bubble, "profile": _profile,
            "influence": _influence, "leave-one-out": _without, "cumulative": _cumulated, "gosh": _all_subsets, **coefficients,
        },
        "MultilevelModel": {"forest": forest.multilevel_forest, "funnel": _model_funnel, **coefficients},
        "TrimAndFill": {"funnel": _filled_funnel},
        "Coefficients": {"coefficients": _of_coefficients},
        "RobustModel": coefficients,
        "MultivariateModel": coefficients,
        "RegressionTest": coefficients,
        "OrderedProbit": coefficients,
        "LocationScale": {"coefficients": _two_tables},
        "SelectionModel": {"selection": curves.selection, **coefficients},
        "MomentModel": {"forest": _moments},
        "Aggregated": {"forest": _estimates},
        "EffectSizes": {"forest": _estimates},
        "Glmm": {"estimate": _one("forest")},
        "TableEffect": {"estimate": _one("forest")},
        "HenmiCopas": {"estimate": _one("forest")},
        "PetPeese": {"estimate": _pet_peese},
        "Prediction": {"predictions": _predictions},
        "Blup": {"predictions": _predictions},
        "MultilevelPrediction": {"predictions": _predictions},
        "StudyEffects": {"study-effects": _study_effects},
        "HeterogeneityShares": {"shares": panels.shares},
        "ProfileInterval": {"interval": _variance},
        "Tau2Interval": {"interval": _tau},
        "Profile": {"profile": curves.profile},
        "Cells": {"cells": _cells},
        "Influence": {"influence": panels.influence},
        "Residuals": {"residuals": panels.residuals},
        "Baujat": {"baujat": _baujat},
        "Subsets": {"subsets": series.subsets},
        "Gosh": {"gosh": _gosh},
        "Bootstrap": {"bootstrap": _bootstrap},
        "PCurve": {"p-curve": curves.p_curve},
        "ExcessSignificance": {"power": _power},
        "SignTest": {"share": _share},
        "Harvest": {"harvest": panels.harvest},
        "BayesModel": {"posterior": posterior.posterior, "tau": posterior.tau, "studies": posterior.shrunken_of},
        "Shrinkage": {"studies": posterior.shrunken},
        "NetworkModel": {**coefficients, "network": nets.net},
        "ComponentModel": {**coefficients, "network": nets.net},
        "League": {"league": nets.league},
        "NetworkPrediction": {"predictions": nets.predictions},
        "Ranking": {"ranking": nets.ranking},
        "Split": {"split": nets.split},
        "MultilevelBootstrap": {"bootstrap": _bootstrap},
        "WildBootstrap": {"bootstrap": nets.wild},
    }  # fmt: skip
