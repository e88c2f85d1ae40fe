"""The honest words: what a reader of the numbers must know before using them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from virker.language import Said

if TYPE_CHECKING:
    from virker.cli.own_data.analysis import Analysis


def marks_of(a: Analysis) -> list[Said]:
    """All that is worth knowing, the gravest first."""
    return [*_few(a), *_wide(a), *_nested(a), *_groups(a), *_moderators(a), *_bias(a), *_without_moderators(a), *a.marks, *_optima(a)]


def _few(a: Analysis) -> Iterator[Said]:
    k = len(set(a.study)) if a.study else len(a.estimates.y)
    what = Said("studier", "studies") if a.study else Said("estimater", "estimates")
    if k == 1:
        yield Said("Der er ét estimat. Her er intet at lægge sammen, og intet kan siges om, hvor forskellige effekter er.", "There is one estimate: nothing to pool, and nothing can be said of how much effects differ.")  # fmt: skip
    elif k < 5:
        yield Said(f"Der er kun {k} {what.da}. Variansen mellem studier er næsten ukendt, og intervallet kan være meget for smalt eller for bredt.", f"There are only {k} {what.en}. The variance between studies is hardly known, and the interval may be much too narrow or too wide.")  # fmt: skip
    elif k < 10:
        yield Said(f"Der er {k} {what.da}: få til at sige, hvor forskellige effekter er.", f"There are {k} {what.en}: few to say how much effects differ.")
    tau2 = None if a.study else a.model.tau2
    if tau2 == 0 and 1 < k < 20 and a.model.method != "common":
        yield Said("τ² er anslået til 0. Med så få estimater viser det ikke, at effekterne er ens; se intervallet for τ².", "τ² is estimated at 0. With so few estimates that does not show that effects are alike; look at the interval for τ².")  # fmt: skip


def _wide(a: Analysis) -> Iterator[Said]:
    """Mean and prediction interval, where they say different things."""
    ahead: Any = a.around.get("prediction")
    if not a.mean_only or ahead is None or (not a.study and a.model.method == "common"):
        return
    c = a.coefficients
    clear = float(c.ci_low[0]) > 0 or float(c.ci_high[0]) < 0
    low, high = float(ahead.pi_low[0]), float(ahead.pi_high[0])
    if clear and low < 0 < high:
        yield Said("Gennemsnittet er klart forskelligt fra ingen effekt, men prædiktionsintervallet er ikke: et nyt sted kan effekten gå den anden vej.", "The mean is clear of no effect, but the prediction interval is not: in a new place the effect may go the other way.")  # fmt: skip
    width = float(c.ci_high[0] - c.ci_low[0])
    if width > 0 and math.isfinite(high - low) and high - low > 3 * width:
        yield Said("Prædiktionsintervallet er over tre gange så bredt som gennemsnittets interval: gennemsnittet beskriver få af studierne.", "The prediction interval is more than three times as wide as that of the mean: the mean describes few of the studies.")  # fmt: skip


def _nested(a: Analysis) -> Iterator[Said]:
    if a.study:
        if a.asked.rho is None:
            yield Said("Stikprøvefejl inden for et studie er regnet som uafhængige (--rho siger andet); den klyngerobuste standardfejl holder, hvis de ikke er det.", "Sampling errors within a study are taken as independent (--rho says otherwise); the cluster-robust standard error holds if they are not.")  # fmt: skip
        df = None if a.robust is None else float(a.robust.coefficients.df.min())
        if df is not None and df < 4:
            yield Said("Der er færre end fire frihedsgrader, så p-værdien er ikke til at stole på (Tipton 2015).", "There are fewer than four degrees of freedom, so the p-value is not to be trusted (Tipton 2015).")  # fmt: skip
        return
    repeated = [name for name, count in Counter(a.labels).items() if count > 1]
    if repeated and a.asked.study is None:
        yield Said(f"'{repeated[0]}' står ved flere estimater. Er de fra samme studie, er de ikke uafhængige: brug --study.", f"'{repeated[0]}' stands at several estimates. If they are from one study they are not independent: use --study.")  # fmt: skip


def _groups(a: Analysis) -> Iterator[Said]:
    small = [g.name for g in a.groups if len(g.model.data.y) < 3] if a.groups and not a.study else []
    if small:
        yield Said(f"Grupper med færre end tre estimater ({', '.join(small)}) siger næsten intet hver for sig.", f"Groups of fewer than three estimates ({', '.join(small)}) say next to nothing on their own.")  # fmt: skip
    if a.groups:
        yield Said("Grupper er ikke trukket ved lod: en forskel mellem dem kan skyldes noget andet, som skiller studierne.", "Groups were not drawn by lot: a difference between them may be due to something else that sets the studies apart.")  # fmt: skip


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
