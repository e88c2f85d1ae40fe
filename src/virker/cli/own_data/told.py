"""The analysis in words and tables, in Danish or English: sections that the terminal and the report share."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from virker.cli.own_data.analysis import Analysis
from virker.cli.own_data.marks import marks_of
from virker.language import Said
from virker.meta.drawing.axis import shown_as
from virker.meta.drawing.words import DANISH, ENGLISH, Words, bracketed, decimals, figure

_TESTS = {
    "z": Said("normalfordeling", "normal distribution"),
    "t": Said("t-fordeling", "t distribution"),
    "knapp-hartung": Said("Knapp-Hartung", "Knapp-Hartung"),
    "adhoc": Said("Knapp-Hartung, aldrig smallere end uden", "Knapp-Hartung, never narrower than without"),
}
_SHOWN = {
    "exp": Said("vist som forhold (exp)", "shown as ratios (exp)"),
    "tanh": Said("vist som korrelationer (tanh)", "shown as correlations (tanh)"),
    "logistic": Said("vist som andele (logistisk)", "shown as shares (logistic)"),
    "percent": Said("vist i procent", "shown in per cent"),
}


_SEPARATORS = {",": Said("komma", "comma"), ";": Said("semikolon", "semicolon"), "\t": Said("tabulator", "tab")}
_DECIMALS = {".": Said("punktum", "point"), ",": Said("komma", "comma")}
_PARTS = {
    "prediction": Said("prædiktionsinterval", "prediction interval"),
    "shares": Said("andele af variansen", "shares of the variance"),
    "tau2 interval": Said("interval for τ²", "interval for τ²"),
    "leave-one-out": Said("uden ét studie ad gangen", "without each study in turn"),
    "influence": Said("hvert studies indflydelse", "influence of each study"),
    "cumulative": Said("kumuleret", "cumulative"),
    "regression test": Said("regressionstest", "regression test"),
    "rank test": Said("rangtest", "rank test"),
    "trim and fill": Said("trim-and-fill", "trim and fill"),
    "pet-peese": Said("PET-PEESE", "PET-PEESE"),
    "selection": Said("selektionsmodel", "selection model"),
    "p-curve": Said("p-kurve", "p-curve"),
}


@dataclass(frozen=True, slots=True)
class Section:
    """A part of what is told: its title, sentences, and perhaps a table whose first column names the rows. ``kind`` says which drawing belongs to it."""

    title: str
    lines: list[str] = field(default_factory=list)
    head: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    kind: str = ""


class Teller:
    """Numbers of one analysis as one language writes them."""

    def __init__(self, analysis: Analysis, speak: str) -> None:
        self.a, self.speak = analysis, speak
        self.words: Words = DANISH if speak == "da" else ENGLISH
        self.shown = shown_as(analysis.transform)
        se = min(x for x in (float(analysis.estimates.v.min()) ** 0.5, float(analysis.coefficients.se[0])) if math.isfinite(x) and x > 0)
        self.digits = 2 if self.shown.ratio else min(4, decimals(self.shown.show(se) if self.shown.name == "percent" else se))
        self.level = figure(100 * analysis.asked.level, 0 if float(100 * analysis.asked.level).is_integer() else 1, self.words)

    def effect(self, value: float) -> str:
        return figure(self.shown.show(float(value)), self.digits, self.words)

    def interval(self, low: float, high: float) -> str:
        if math.isnan(float(low)):
            return ""
        return bracketed(self.shown.show(float(low)), self.shown.show(float(high)), self.digits, self.words)

    def plain(self, value: float, digits: int = 2) -> str:
        return figure(float(value), digits, self.words)

    def small(self, value: float) -> str:
        """A variance: two digits that count."""
        return figure(float(value), decimals(abs(float(value))) if value else 0, self.words)

    def p(self, value: float) -> str:
        if math.isnan(value):
            return "–"
        return f"< {figure(0.0001, 4, self.words)}" if value < 0.0001 else figure(value, 4 if value < 0.001 else 3, self.words)

    def said(self, da: str, en: str) -> str:
        return Said(da, en)[self.speak]

    @property
    def heads(self) -> list[str]:
        return ["", self.said("estimat", "estimate"), self.said(f"{self.level} %-interval", f"{self.level} % interval"), "p"]


def sections(analysis: Analysis, speak: str) -> list[Section]:
    """All that is told, in order."""
    t = Teller(analysis, speak)
    made = [_data(t), _result(t), *_groups(t), *_predictions(t), _marks(t), *_bias(t), *_series(t), *_influence(t), *_failed(t)]
    return [section for section in made if section.lines or section.rows]


def _data(t: Teller) -> Section:
    a, e = t.a, t.a.estimates
    k, of = len(e.y), len(a.table.lines)
    studies = len(set(a.study)) if a.study else 0
    many = t.said(f"{k} estimater", f"{k} estimates") if k != 1 else t.said("1 estimat", "1 estimate")
    inside = t.said(f" i {studies} studier", f" in {studies} studies") if studies else ""
    lines = [t.said(f"{many}{inside} fra {of} rækker, mål: {_measure(t)}.", f"{many}{inside} from {of} rows, measure: {_measure(t)}.")]
    guessed = t.said(" (gættet)", " (guessed)")
    roles = ", ".join(f"{role} = {column}{guessed if role in a.columns.guessed else ''}" for role, column in a.columns.roles.items())
    lines.append(t.said(f"Kolonner: {roles}.", f"Columns: {roles}."))
    if a.table.separator:
        mark, decimal = _SEPARATORS[a.table.separator][t.speak], _DECIMALS[a.table.decimal][t.speak]
        lines.append(t.said(f"Skilletegn: {mark}; decimaltegn: {decimal}.", f"Separator: {mark}; decimal mark: {decimal}."))
    if e.dropped:
        rows = "; ".join(t.said(f"række {line} ({what} mangler)", f"row {line} ({what} missing)") for line, what in list(e.dropped.items())[:20])
        more = "" if len(e.dropped) <= 20 else f" … (+{len(e.dropped) - 20})"
        lines.append(t.said(f"Udeladt: {rows}{more}.", f"Left out: {rows}{more}."))
    if a.design is not None:
        lines += [t.said(f"'{c}' er ord; de andre værdier sammenlignes med '{v}'.", f"'{c}' is words; its other values are compared with '{v}'.") for c, v in a.design.against.items()]  # fmt: skip
    return Section(t.said("Data", "Data"), lines)


def _measure(t: Teller) -> str:
    known = {"as printed": Said("som trykt", "as printed"), "log of the printed ratio": Said("logaritmen af det trykte forhold", "log of the printed ratio")}
    return known[t.a.estimates.measure][t.speak] if t.a.estimates.measure in known else t.a.estimates.measure


def _result(t: Teller) -> Section:
    a, c = t.a, t.a.coefficients
    shown = f", {_SHOWN[a.transform][t.speak]}" if a.transform in _SHOWN and a.mean_only else ""
    if a.study:
        kind = t.said("Model på tre niveauer", "Three-level model") + f", {a.model.method.upper()}"
        kind += t.said(", klyngerobust (CR2, Satterthwaite)", ", cluster-robust (CR2, Satterthwaite)") if a.robust else ""
    else:
        common = a.model.method == "common"
        kind = t.said("Model med fælles effekt" if common else "Model med tilfældige effekter", "Common-effect model" if common else "Random-effects model")
        kind += "" if common else f", {a.model.method.upper()}"
        kind += f", {_TESTS[a.model.test][t.speak]}"
    names = [t.words["common" if not a.study and a.model.method == "common" else "summary"]] if a.mean_only else list(c.names)
    same = t if a.mean_only else _Unshown(t.a, t.speak)
    rows = [[name, same.effect(c.beta[j]), same.interval(c.ci_low[j], c.ci_high[j]), t.p(float(c.p[j]))] for j, name in enumerate(names)]
    ahead: Any = a.around.get("prediction")
    if a.mean_only and ahead is not None and math.isfinite(float(ahead.pi_low[0])) and not (not a.study and a.model.method == "common"):
        rows.append([t.words["prediction"], "", t.interval(ahead.pi_low[0], ahead.pi_high[0]), ""])
    lines = _heterogeneity(t)
    if not a.mean_only and a.transform != "none":
        lines.append(t.said("Koefficienterne står på modellens egen skala, forudsigelser på den naturlige.", "Coefficients are on the model's own scale, predictions on the natural one."))  # fmt: skip
    return Section(kind + shown, lines, t.heads, rows, "forest")


class _Unshown(Teller):
    """Coefficients of a regression stay on the scale of the model: exp of a slope is a factor, and the reader has not asked for it."""

    def __init__(self, analysis: Analysis, speak: str) -> None:
        super().__init__(analysis, speak)
        self.shown = shown_as(None)
        self.digits = 4


def _heterogeneity(t: Teller) -> list[str]:
    a, m = t.a, t.a.model
    q = f"Q({m.q_df}) = {t.plain(m.q)}, p {_equals(t.p(m.q_p))}"
    if a.study:
        shares: Any = a.around.get("shares")
        lines = [t.said(f"Varians mellem studier: {t.small(m.sigma2_study)}; mellem estimater i et studie: {t.small(m.sigma2_estimate)}. {q}.", f"Variance between studies: {t.small(m.sigma2_study)}; between estimates of a study: {t.small(m.sigma2_estimate)}. {q}.")]  # fmt: skip
        if shares is not None:
            lines.append(t.said(f"I²: {t.plain(shares.study, 1)} % mellem studier, {t.plain(shares.estimate, 1)} % inden for studier.", f"I²: {t.plain(shares.study, 1)} % between studies, {t.plain(shares.estimate, 1)} % within studies."))  # fmt: skip
    elif m.method == "common":
        lines = [f"{q}."]
    else:
        around: Any = a.around.get("tau2 interval")
        between = "" if around is None else f" [{t.small(around.tau2[0])}{t.words['separator']}{t.small(around.tau2[1])}]"
        lines = [f"τ² = {t.small(m.tau2)}{between}, τ = {t.small(m.tau2**0.5)}, I² = {t.plain(m.i2, 1)} %, {q}."]
    if not a.mean_only and math.isfinite(m.qm):
        told = f"{_moderators(t)} = {t.plain(m.qm)}, p {_equals(t.p(m.qm_p))}"
        lines.append(t.said(f"Test af alle moderatorer: {told}.", f"Test of all moderators: {told}."))
        r2 = getattr(m, "r2", math.nan)
        if math.isfinite(r2):
            lines.append(t.said(f"Moderatorerne står for {t.plain(r2, 1)} % af τ².", f"The moderators account for {t.plain(r2, 1)} % of τ²."))
    return lines


def _moderators(t: Teller) -> str:
    """The statistic by name, with its degrees of freedom."""
    m = t.a.model
    df = m.qm_df if isinstance(m.qm_df, tuple) else (m.qm_df,) if m.test == "z" else (m.qm_df, m.data.k - m.data.p)
    return f"{'F' if len(df) == 2 else 'χ²'}({t.words['separator'].join(t.plain(x, 0) for x in df)})"


def _equals(p: str) -> str:
    return p if p.startswith("<") else f"= {p}"


def _groups(t: Teller) -> Iterable[Section]:
    a = t.a
    if not a.groups:
        return []
    rows = []
    for group in a.groups:
        c = group.model.coefficients
        k = sum(1 for i in a.estimates.rows if a.table.columns[a.asked.by or ""][i] == group.name)
        rows.append([f"{group.name} ({k})", t.effect(c.beta[0]), t.interval(c.ci_low[0], c.ci_high[0]), t.p(float(c.p[0]))])
    lines = []
    if a.between is not None:
        p = float(a.between.qm_p if hasattr(a.between, "qm_p") else a.between.p)
        lines.append(
            t.said(f"Test af, om grupperne har samme gennemsnit: p {_equals(t.p(p))}.", f"Test that all groups have the same mean: p {_equals(t.p(p))}.")
        )
    return [Section(t.said(f"Grupper efter '{a.asked.by}'", f"Groups by '{a.asked.by}'"), lines, t.heads, rows, "groups")]


def _predictions(t: Teller) -> Iterable[Section]:
    ahead: Any = t.a.around.get("prediction")
    if t.a.mean_only or ahead is None:
        return []
    mean = ahead.mean if hasattr(ahead, "mean") else ahead.estimate
    rows = [[name, t.effect(mean[i]), t.interval(ahead.ci_low[i], ahead.ci_high[i]), t.interval(ahead.pi_low[i], ahead.pi_high[i])] for i, name in enumerate(t.a.predicted)]  # fmt: skip
    return [Section(t.said("Forudsagt", "Predicted"), [], [*t.heads[:3], t.words["prediction"].lower()], rows)]


def _marks(t: Teller) -> Section:
    return Section(t.said("Husk på", "Keep in mind"), [f"- {mark[t.speak]}" for mark in marks_of(t.a)])


def _bias(t: Teller) -> Iterable[Section]:
    found = t.a.around
    if not t.a.asked.bias:
        return []
    rows: list[list[str]] = []
    test: Any = found.get("regression test")
    if test is not None:
        rows.append([t.said("regressionstest (Egger), hældning", "regression test (Egger), slope"), t.plain(test.slope), "", t.p(test.p)])
        rows.append(
            [t.said("… effekt ved standardfejl 0", "… effect at standard error 0"), t.effect(test.limit), t.interval(test.limit_low, test.limit_high), ""]
        )
    rank: Any = found.get("rank test")
    if rank is not None:
        rows.append([t.said("rangtest (Kendalls τ)", "rank test (Kendall's τ)"), t.plain(rank.tau), "", t.p(rank.p)])
    filled: Any = found.get("trim and fill")
    if filled is not None:
        c = filled.model.coefficients
        rows.append([t.said(f"trim-and-fill: {filled.k0} udfyldt", f"trim and fill: {filled.k0} filled in"), t.effect(c.beta[0]), t.interval(c.ci_low[0], c.ci_high[0]), ""])  # fmt: skip
    pet: Any = found.get("pet-peese")
    if pet is not None:
        rows.append([f"PET-PEESE ({pet.chosen.upper()})", t.effect(pet.estimate), t.interval(pet.ci_low, pet.ci_high), t.p(pet.pet_p)])
    chosen: Any = found.get("selection")
    if chosen is not None:
        c = chosen.coefficients
        rows.append([t.said("selektionsmodel (tre parametre)", "selection model (three parameters)"), t.effect(c.beta[0]), t.interval(c.ci_low[0], c.ci_high[0]), t.p(chosen.lrt_p)])  # fmt: skip
        rows.append([t.said("… vægt af p > 0,025 mod p < 0,025", "… weight of p > 0.025 against p < 0.025"), t.plain(chosen.delta[-1]), "", ""])
    curve: Any = found.get("p-curve")
    if curve is not None:
        rows.append([t.said(f"p-kurve: {curve.significant} signifikante, højreskæv", f"p-curve: {curve.significant} significant, right-skewed"), "", "", t.p(curve.right_skew_p)])  # fmt: skip
    told = t.said(
        "Hver metode har sin egen forklaring på skævhed, og forskelle mellem små og store studier kan have andre grunde end, at resultater mangler. "
        "Er de enige, er konklusionen robust; er de ikke, afgør de intet.",
        "Each method has its own account of asymmetry, and small and large studies may differ for other reasons than missing results. "
        "Where they agree the conclusion is robust; where they do not they settle nothing.",
    )
    return [Section(t.said("Manglende resultater (publikationsbias)", "Missing results (publication bias)"), [told], t.heads, rows, "funnel")]


def _series(t: Teller) -> Iterable[Section]:
    titles = {"leave-one-out": ("Uden ét studie ad gangen", "Without each study in turn"), "cumulative": ("Kumuleret", "Cumulative")}
    for kind, title in titles.items():
        found: Any = t.a.around.get(kind)
        if found is None:
            continue
        rows = [[t.a.labels[int(found.study[i])], t.effect(found.estimate[i]), t.interval(found.ci_low[i], found.ci_high[i]), t.p(float(found.p[i]))] for i in range(len(found.study))]  # fmt: skip
        yield Section(t.said(*title), [], t.heads, rows, kind)


def _influence(t: Teller) -> Iterable[Section]:
    found: Any = t.a.around.get("influence")
    if found is None:
        return []
    names = ("rstudent", "dffits", "cook_d", "hat", "weight")
    rows = [[label, *(t.plain(float(getattr(found, name)[i]), 3 if name != "weight" else 1) for name in names)] for i, label in enumerate(t.a.labels)]
    head = ["", t.words["rstudent"], "DFFITS", t.words["cook_d"], t.words["hat"], f"{t.words['weight']} (%)"]
    return [Section(t.words["influence plot"], [], head, rows, "influence")]


def _failed(t: Teller) -> Iterable[Section]:
    lines = [f"- {_PARTS[name][t.speak]}: {why[t.speak]}" for name, why in t.a.failed.items()]
    return [Section(t.said("Kunne ikke beregnes", "Could not be computed"), lines)]
