"""The analysis in words and tables, in Danish or English: sections that the terminal and the report share."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from virker.cli.own_data.analysis import Analysis
from virker.cli.own_data.bias_told import bias_section
from virker.cli.own_data.drawings import EFFECTS
from virker.cli.own_data.marks import marks_of
from virker.cli.own_data.refusals import INTERCEPT
from virker.cli.own_data.teller import Section, Teller
from virker.language import Said, counted
from virker.meta.drawing.axis import shown_as
from virker.meta.drawing.words import decimals

_TESTS = {
    "z": Said("normalfordeling", "normal distribution"),
    "t": Said("t-fordeling", "t distribution"),
    "knapp-hartung": Said("Knapp-Hartung", "Knapp-Hartung"),
    "adhoc": Said("Knapp-Hartung (aldrig smallere end det almindelige interval)", "Knapp-Hartung (never narrower than the ordinary interval)"),
}
_SHOWN = {
    "exp": Said("vist som forhold (exp)", "shown as ratios (exp)"),
    "tanh": Said("vist som korrelationer (tanh)", "shown as correlations (tanh)"),
    "logistic": Said("vist som andele (logistisk)", "shown as shares (logistic)"),
    "percent": Said("vist i procent", "shown in per cent"),
}


_SURE_OF_R2 = 40  # below about this many estimates the share is hardly estimated (López-López et al. 2014)
_SEPARATORS = {",": Said("komma", "comma"), ";": Said("semikolon", "semicolon"), "\t": Said("tabulator", "tab")}
_DECIMALS = {".": Said("punktum", "point"), ",": Said("komma", "comma")}
_PARTS = {
    "prediction": Said("prædiktionsinterval", "prediction interval"),
    "moderators": Said("test af alle moderatorer", "test of all moderators"),
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
    "groups": Said("test af, om grupperne har samme gennemsnit", "test that all groups have the same mean"),
}


def sections(analysis: Analysis, speak: str) -> list[Section]:
    """All that is told, in order."""
    t = Teller(analysis, speak)
    made = [_data(t), _result(t), *_groups(t), *_predictions(t), _marks(t), *bias_section(t), *_series(t), *_influence(t), *_failed(t)]
    return [section for section in made if section.lines or section.rows]


def _data(t: Teller) -> Section:
    a, e = t.a, t.a.estimates
    k, of = len(e.y), len(a.table.lines)
    studies = len(set(a.study)) if a.study else 0
    many, out_of = (
        counted(k, Said("estimat", "estimate"), Said("estimater", "estimates"))[t.speak],
        counted(of, Said("række", "row"), Said("rækker", "rows"))[t.speak],
    )
    within = counted(studies, Said("studie", "study"), Said("studier", "studies"))[t.speak]
    inside = t.said(f" i {within}", f" in {within}") if studies else ""
    lines = [t.said(f"{many}{inside} fra {out_of}, mål: {_measure(t)}.", f"{many}{inside} from {out_of}, measure: {_measure(t)}.")]
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
        lines += [t.said(f"'{c}' består af ord; de andre værdier sammenlignes med '{v}'.", f"'{c}' is words; its other values are compared with '{v}'.") for c, v in a.design.against.items()]  # fmt: skip
    return Section(t.said("Data", "Data"), lines)


def _measure(t: Teller) -> str:
    known = {"as printed": Said("som trykt", "as printed"), "log of the printed ratio": Said("logaritmen af det trykte forhold", "log of the printed ratio")}
    measure = t.a.estimates.measure
    if measure in known:
        return known[measure][t.speak]
    return f"{EFFECTS[measure][t.speak]} ({measure})" if measure in EFFECTS else measure


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
    names = (
        [t.words["common" if not a.study and a.model.method == "common" else "summary"]]
        if a.mean_only
        else [INTERCEPT[t.speak] if name == "intercept" else name for name in c.names]
    )
    shows = [t if a.mean_only else _Unshown(t.a, t.speak, float(se)) for se in c.se]
    rows = [[name, shows[j].effect(c.beta[j]), shows[j].interval(c.ci_low[j], c.ci_high[j]), t.p(float(c.p[j]))] for j, name in enumerate(names)]
    ahead: Any = a.around.get("prediction")
    if a.mean_only and ahead is not None and math.isfinite(float(ahead.pi_low[0])) and a.spread_known:
        rows.append([t.words["prediction"], "", t.interval(ahead.pi_low[0], ahead.pi_high[0]), ""])
    lines = [*_rows_explained(t, len(rows) > 1), *_heterogeneity(t)]
    if not a.mean_only and a.transform != "none":
        lines.append(t.said("Koefficienterne står på modellens egen skala, forudsigelser på den naturlige.", "Coefficients are on the model's own scale, predictions on the natural one."))  # fmt: skip
    return Section(kind + shown, lines, t.heads, rows, "forest")


class _Unshown(Teller):
    """A coefficient of a regression, with as many decimals as its standard error ``se`` bears.

    It stays on the scale of the model: exp of a slope is a factor, and the reader has not asked for it.
    """

    def __init__(self, analysis: Analysis, speak: str, se: float) -> None:
        super().__init__(analysis, speak)
        self.shown = shown_as(None)
        self.digits = decimals(se)


def _rows_explained(t: Teller, several: bool) -> list[str]:
    """What interval and p are of."""
    a = t.a
    if not a.mean_only:
        return [t.said("p tester, om koefficienten er 0.", "p tests whether the coefficient is 0.")]
    nothing = t.plain(t.shown.show(0.0), 1 if t.shown.name == "logistic" else 0)
    lines = [t.said(f"p tester, om gennemsnittet er {nothing}.", f"p tests whether the mean is {nothing}.")]
    if several:
        lines.append(t.said("Det første interval gælder gennemsnittet, prædiktionsintervallet effekten et nyt sted.", "The first interval is of the mean, the prediction interval of the effect in a new place."))  # fmt: skip
    return lines


def _heterogeneity(t: Teller) -> list[str]:
    a, m = t.a, t.a.model
    if not m.q_df:
        return []  # nothing is left over to differ
    q = f"Q({m.q_df}) = {t.plain(m.q)}, p {_equals(t.p(m.q_p))}"
    if a.study:
        shares: Any = a.around.get("shares")
        lines = [t.said(f"Varians mellem studier: {t.small(m.sigma2_study)}; mellem et studies estimater: {t.small(m.sigma2_estimate)}. {q}.", f"Variance between studies: {t.small(m.sigma2_study)}; between estimates of a study: {t.small(m.sigma2_estimate)}. {q}.")]  # fmt: skip
        if shares is not None:
            lines.append(t.said(f"I²: {t.plain(shares.study, 1)} % mellem studier, {t.plain(shares.estimate, 1)} % inden for studier.", f"I²: {t.plain(shares.study, 1)} % between studies, {t.plain(shares.estimate, 1)} % within studies."))  # fmt: skip
    elif m.method == "common":
        lines = [f"{q}."]
    else:
        around: Any = a.around.get("tau2 interval")
        between = "" if around is None else f" [{t.small(around.tau2[0])}{t.words['separator']}{t.small(around.tau2[1])}]"
        lines = [f"τ² = {t.small(m.tau2)}{between}, τ = {t.small(m.tau2**0.5)}, I² = {t.plain(m.i2, 1)} %, {q}."]
    lines.append(_spread_explained(t))
    if not a.mean_only and (told := _moderators(t)):
        lines.append(t.said(f"Test af alle moderatorer: {told}.", f"Test of all moderators: {told}."))
        r2 = getattr(m, "r2", math.nan)
        if math.isfinite(r2):
            unsure = (
                t.said(" (med så få estimater et meget usikkert tal)", " (with so few estimates a very uncertain number)") if m.data.k < _SURE_OF_R2 else ""
            )
            lines.append(t.said(f"Moderatorerne står for {t.plain(r2, 1)} % af τ²{unsure}.", f"The moderators account for {t.plain(r2, 1)} % of τ²{unsure}."))
    return lines


def _spread_explained(t: Teller) -> str:
    """The letters in words."""
    more = t.said(", som moderatorerne ikke forklarer", ", that the moderators do not explain") if not t.a.mean_only else ""
    all_alike = t.said(f"Q tester, om der er forskelle ud over stikprøvefejl{more}", f"Q tests whether there are differences beyond sampling error{more}")
    share = t.said("I² er den del af forskellene mellem estimaterne, som ikke er stikprøvefejl", "I² is the part of the differences between estimates that is no sampling error")  # fmt: skip
    if t.a.study or t.a.model.method == "common":
        return f"{share}; {all_alike}." if t.a.study else f"{all_alike}."
    scale = t.said(" på modellens skala", " on the scale of the model") if t.a.transform != "none" else ""
    return t.said(f"τ er standardafvigelsen mellem effekter{scale}; ", f"τ is the standard deviation between effects{scale}; ") + f"{share}; {all_alike}."


def _moderators(t: Teller) -> str:
    """The test of all moderators by name, with its degrees of freedom: robust where the coefficients are; empty where there is none."""
    m, wald = t.a.model, t.a.around.get("moderators")
    if t.a.robust is not None:
        if wald is None:
            return ""
        value, p, df = wald.f, wald.p, (wald.df_numerator, wald.df_denominator)  # type: ignore[attr-defined]
    else:
        value, p = m.qm, m.qm_p
        df = m.qm_df if isinstance(m.qm_df, tuple) else (m.qm_df,) if m.test == "z" else (m.qm_df, m.data.k - m.data.p)
    if not math.isfinite(value) or not math.isfinite(p):
        return ""
    told = t.words["separator"].join(t.plain(x, 0 if float(x).is_integer() else 1) for x in df)
    return f"{'F' if len(df) == 2 else 'χ²'}({told}) = {t.plain(value)}, p {_equals(t.p(p))}"


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
        unknown = t.said("der er for få studier til at sige det", "there are too few studies to say")
        told = f"p {_equals(t.p(p))}" if math.isfinite(p) else unknown
        lines.append(t.said(f"Test af, om grupperne har samme gennemsnit: {told}.", f"Test that all groups have the same mean: {told}."))
    return [Section(t.said(f"Grupper efter '{a.asked.by}'", f"Groups by '{a.asked.by}'"), lines, t.heads, rows, "groups")]


def _predictions(t: Teller) -> Iterable[Section]:
    ahead: Any = t.a.around.get("prediction")
    if t.a.mean_only or ahead is None:
        return []
    mean = ahead.mean if hasattr(ahead, "mean") else ahead.estimate
    rows = [[name, t.effect(mean[i]), t.interval(ahead.ci_low[i], ahead.ci_high[i]), t.interval(ahead.pi_low[i], ahead.pi_high[i])] for i, name in enumerate(t.a.predicted)]  # fmt: skip
    lines = []
    if any(len(text.split(",")) < len(t.a.asked.mods) for text in t.a.predicted):
        lines.append(t.said("Moderatorer, som ikke er nævnt, står ved deres gennemsnit.", "Moderators that are not named stand at their mean."))
    return [Section(t.said("Forudsagt", "Predicted"), lines, [*t.heads[:3], t.words["prediction"].lower()], rows)]


def _marks(t: Teller) -> Section:
    return Section(t.said("Husk på", "Keep in mind"), [f"- {mark[t.speak]}" for mark in marks_of(t.a)])


def _series(t: Teller) -> Iterable[Section]:
    titles = {"leave-one-out": ("Uden ét studie ad gangen", "Without each study in turn"), "cumulative": ("Kumuleret", "Cumulative")}
    for kind, title in titles.items():
        found: Any = t.a.around.get(kind)
        if found is None:
            continue
        rows = [[t.a.labels[int(found.study[i])], t.effect(found.estimate[i]), t.interval(found.ci_low[i], found.ci_high[i]), t.p(float(found.p[i]))] for i in range(len(found.study))]  # fmt: skip
        name, first = t.said(*title), t.said("uden", "without")
        if kind == "cumulative":
            name, first = t.said(f"{name} efter '{t.a.asked.cumulative}'", f"{name} by '{t.a.asked.cumulative}'"), t.said("til og med", "up to and with")
        yield Section(name, [], [first, *t.heads[1:]], rows, kind)


def _influence(t: Teller) -> Iterable[Section]:
    found: Any = t.a.around.get("influence")
    if found is None:
        return []
    names = ("rstudent", "dffits", "cook_d", "hat", "weight")
    rows = [[label, *(t.plain(float(getattr(found, name)[i]), 3 if name != "weight" else 1) for name in names)] for i, label in enumerate(t.a.labels)]
    head = ["", t.words["rstudent"], "DFFITS", t.words["cook_d"], t.words["hat"], f"{t.words['weight']} (%)"]
    beyond = [label for i, label in enumerate(t.a.labels) if any(abs(float(getattr(found, name)[i])) > limit for name, limit in found.limits.items())]
    told = t.words["alt marked"].format(names=", ".join(beyond)) if beyond else t.words["alt unmarked"]
    more = t.said("Sådanne studier skal ses efter, ikke slettes.", "Look at such studies; do not delete them.") if beyond else ""
    return [Section(t.words["influence plot"], [f"{told} {more}".rstrip()], head, rows, "influence")]


def _failed(t: Teller) -> Iterable[Section]:
    lines = [f"- {_PARTS[name][t.speak]}: {why[t.speak]}" for name, why in t.a.failed.items()]
    return [Section(t.said("Kunne ikke beregnes", "Could not be computed"), lines)]
