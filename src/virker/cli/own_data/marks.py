"""The honest words: what a reader of the numbers must know before using them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from virker.cli.own_data.columns import PRINTED
from virker.language import Said
from virker.meta.data import Array

if TYPE_CHECKING:
    from virker.cli.own_data.analysis import Analysis


#: Names of columns that hold ratios.
_RATIOS = frozenset(
    {"hr", "or", "rr", "irr", "hazard_ratio", "odds_ratio", "risk_ratio", "hazard ratio", "odds ratio", "risk ratio", "hazardratio", "oddsratio"}
)
_TELLING, _OFF = 3, 0.02  # so many intervals, this far from even (a share of their width), are no chance of rounding
_COUNTS = frozenset({"two_proportions", "one_proportion", "two_rates", "one_rate"})
_WITHOUT_ADDING = frozenset({"arcsine-difference", "phi", "arcsine", "freeman-tukey", "sqrt-rate", "sqrt-rate-difference"})


def marks_of(a: Analysis) -> list[Said]:
    """All that is worth knowing, the gravest first."""
    return [
        *_ratios(a),
        *_zero_cells(a),
        *_few(a),
        *_wide(a),
        *_nested(a),
        *_groups(a),
        *_moderators(a),
        *_bias(a),
        *_without_moderators(a),
        *a.marks,
        *_optima(a),
    ]


def _ratios(a: Analysis) -> Iterator[Said]:
    """Printed ratios that were taken for differences: by the name of their column, or because their intervals are even on the logarithmic scale."""
    if a.columns.family != PRINTED or a.asked.ratio:
        return
    x = {role: np.array([a.table.number(a.table.columns[column][i]) for i in a.estimates.rows], dtype=float) for role, column in a.columns.roles.items()}
    if a.columns.roles["estimate"].casefold() in _RATIOS or _even_in_logs(x):
        yield Said("Estimaterne ligner forhold (hazardratioer, oddsratioer, relative risici), men er regnet som forskelle. Er de forhold, er gennemsnit, interval og p forkerte: brug --ratio.", "The estimates look like ratios (hazard, odds or risk ratios) but were taken as differences. If they are ratios, mean, interval and p are wrong: use --ratio.")  # fmt: skip


def _even_in_logs(x: dict[str, Array]) -> bool:
    if "low" not in x:
        return False
    seen = np.isfinite(x["low"] + x["high"])
    estimate, low, high = (x[role][seen] for role in ("estimate", "low", "high"))
    if len(low) < _TELLING or low.min() <= 0:
        return False
    plain = np.abs(estimate - (low + high) / 2) / (high - low)
    logs = np.abs(np.log(estimate) - np.log(low * high) / 2) / np.log(high / low)
    return bool(np.median(plain) > _OFF and np.median(logs) < np.median(plain) / 2)


def _zero_cells(a: Analysis) -> Iterator[Said]:
    """Studies to whose cells 1/2 was added."""
    if a.columns.family not in _COUNTS or a.estimates.measure in _WITHOUT_ADDING:
        return
    x = {role: np.array([a.table.number(a.table.columns[column][i]) for i in a.estimates.rows], dtype=float) for role, column in a.columns.roles.items()}
    cells = [x[role] for role in x if role.startswith(("events", "none"))] + [x[f"n{g}"] - x[f"events{g}"] for g in ("1", "2", "") if f"n{g}" in x]
    empty = np.array(cells) == 0
    if empty.any():
        told = ", ".join(a.labels[i] for i in np.flatnonzero(empty.any(axis=0))[:8])
        yield Said(f"I disse studier er en celle 0, og 1/2 er lagt til deres celler: {told}. Med få hændelser kan det flytte resultatet.", f"In these studies a cell is 0, and 1/2 was added to their cells: {told}. With few events that may move the result.")  # fmt: skip


def _few(a: Analysis) -> Iterator[Said]:
    k = len(set(a.study)) if a.study else len(a.estimates.y)
    what = Said("studier", "studies") if a.study else Said("estimater", "estimates")
    if k == 1 and a.study:
        yield Said("Alle estimater er fra ét studie. Hvor sikkert gennemsnittet er, og hvor forskellige effekter er fra sted til sted, kan ét studie ikke vise.", "All estimates are from one study. One study cannot show how sure the mean is, nor how much effects differ from place to place.")  # fmt: skip
    elif k == 1:
        yield Said("Der er ét estimat. Her er intet at lægge sammen, og intet kan siges om, hvor forskellige effekter er.", "There is one estimate: nothing to pool, and nothing can be said of how much effects differ.")  # fmt: skip
    elif k < 5:
        yield Said(f"Der er kun {k} {what.da}. Variansen mellem studier er næsten ukendt, og intervallet kan være alt for smalt eller alt for bredt.", f"There are only {k} {what.en}. The variance between studies is hardly known, and the interval may be much too narrow or too wide.")  # fmt: skip
    elif k < 10:
        yield Said(
            f"Der er {k} {what.da}. Det er få, når man vil vide, hvor forskellige effekterne er.",
            f"There are {k} {what.en}: few to say how much effects differ.",
        )
    tau2 = a.model.sigma2_study + a.model.sigma2_estimate if a.study else a.model.tau2
    if tau2 == 0 and 1 < k < 20 and a.spread_known:
        see = Said("; se intervallet for τ²", "; look at the interval for τ²") if not a.study else Said("", "")
        yield Said(f"Variansen mellem effekterne er anslået til 0. Med så få {what.da} viser det ikke, at effekterne er ens{see.da}. Prædiktionsintervallet er derfor lige så smalt som gennemsnittets, og det er næppe bredt nok.", f"The variance between effects is estimated at 0. With so few {what.en} that does not show that effects are alike{see.en}. The prediction interval is therefore as narrow as that of the mean, and hardly wide enough.")  # fmt: skip


def _wide(a: Analysis) -> Iterator[Said]:
    """What the interval of the mean holds, and where the prediction interval says something else."""
    c = a.coefficients
    if not a.mean_only or not math.isfinite(float(c.ci_low[0])):
        return
    low, high = float(c.ci_low[0]), float(c.ci_high[0])
    compared = a.columns.family not in ("one_rate", "one_proportion")  # of one group alone 0 is no "no effect"
    if compared and low <= 0 <= high:
        yield Said("Gennemsnittets interval rummer også muligheden 'ingen effekt': der er ikke vist nogen effekt, og det er heller ikke vist, at der ingen er.", "The interval of the mean also holds 'no effect': none has been shown, nor has it been shown that there is none.")  # fmt: skip
    ahead: Any = a.around.get("prediction")
    if ahead is None or not a.spread_known:
        return
    least, most = float(ahead.pi_low[0]), float(ahead.pi_high[0])
    if compared and not low <= 0 <= high and least < 0 < most:
        yield Said("Gennemsnittets interval udelukker, at der ingen effekt er. Det gør prædiktionsintervallet ikke: et nyt sted kan effekten udeblive eller gå den anden vej.", "The interval of the mean excludes that there is no effect. The prediction interval does not: in a new place the effect may be nil or go the other way.")  # fmt: skip
    if high > low and math.isfinite(most - least) and most - least > 3 * (high - low):
        yield Said("Prædiktionsintervallet er over tre gange så bredt som gennemsnittets interval: gennemsnittet beskriver få af studierne.", "The prediction interval is more than three times as wide as that of the mean: the mean describes few of the studies.")  # fmt: skip


def _nested(a: Analysis) -> Iterator[Said]:
    if a.study:
        yield from _studies(a)
        return
    repeated = [name for name, count in Counter(a.labels).items() if count > 1]
    if repeated and a.asked.study is None:
        yield Said(f"'{repeated[0]}' står ved flere estimater. Er de fra samme studie, er de ikke uafhængige: brug --study.", f"'{repeated[0]}' stands at several estimates. If they are from one study they are not independent: use --study.")  # fmt: skip


def _studies(a: Analysis) -> Iterator[Said]:
    if a.asked.rho is None:
        yield Said("Stikprøvefejl inden for et studie er regnet som uafhængige (--rho siger andet).", "Sampling errors within a study are taken as independent (--rho says otherwise).")  # fmt: skip
    if a.robust is None:
        return
    yield Said("Gennemsnittets standardfejl er klyngerobust: den holder, også hvis stikprøvefejlene hænger anderledes sammen. Prædiktionsintervallet lægger modellens varianser til, og de er ikke robuste.", "The standard error of the mean is cluster-robust: it holds also where sampling errors hang together otherwise. The prediction interval adds the variances of the model, which are not robust.")  # fmt: skip
    if float(a.robust.coefficients.df.min()) < 4:
        yield Said("Der er færre end fire frihedsgrader, så p-værdien er ikke til at stole på (Tipton 2015).", "There are fewer than four degrees of freedom, so the p-value is not to be trusted (Tipton 2015).")  # fmt: skip


def _groups(a: Analysis) -> Iterator[Said]:
    small = [g.name for g in a.groups if len(g.model.data.y) < 3] if a.groups and not a.study else []
    if small:
        yield Said(f"Grupper med færre end tre estimater ({', '.join(small)}) siger næsten intet hver for sig.", f"Groups of fewer than three estimates ({', '.join(small)}) say next to nothing on their own.")  # fmt: skip
    if a.groups:
        yield Said("Grupperne er ikke dannet ved lodtrækning: en forskel mellem dem kan skyldes noget andet, som adskiller studierne.", "Groups were not drawn by lot: a difference between them may be due to something else that sets the studies apart.")  # fmt: skip


def _moderators(a: Analysis) -> Iterator[Said]:
    if a.design is not None and len(a.estimates.y) < 10 * (a.design.X.shape[1] - 1):
        yield Said("Der er færre end ti estimater for hver moderator: en sammenhæng kan let være tilfældig.", "There are fewer than ten estimates for each moderator: a relation may easily be chance.")  # fmt: skip
    if a.design is not None:
        yield Said(
            "Moderatorer viser, hvad effekten hænger sammen med, ikke hvad den skyldes.", "Moderators tell what the effect goes with, not what it is due to."
        )


def _bias(a: Analysis) -> Iterator[Said]:
    if a.asked.bias and len(a.estimates.y) < 10:
        yield Said("Med færre end ti estimater siger test for manglende resultater næsten intet.", "With fewer than ten estimates, tests for missing results say next to nothing.")  # fmt: skip


def _without_moderators(a: Analysis) -> Iterator[Said]:
    if a.asked.bias and a.design is not None:
        yield Said("Metoderne for manglende resultater ser bort fra moderatorerne.", "The methods for missing results disregard the moderators.")


def _optima(a: Analysis) -> Iterator[Said]:
    count = len(a.model.optima) if isinstance(a.model.optima, tuple) else int(a.model.optima)
    if count > 1:
        yield Said(f"Likelihooden har {count} lokale maksima; det højeste er brugt.", f"The likelihood has {count} local maxima; the highest was taken.")
