"""The analysis of somebody's own data: the model, what stands around it, and the honest words about both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from virker.cli.own_data.asked import Asked
from virker.cli.own_data.columns import UNITS, Columns, find_columns, found_name, missing_columns
from virker.cli.own_data.design import Design, asked_rows, design_of
from virker.cli.own_data.estimates import Estimates, estimates_of, known_measure, measure_needed
from virker.cli.own_data.faults import Fault, refuse
from virker.cli.own_data.refusals import engine_fault, engine_said
from virker.cli.own_data.subgroups import TEST, Group, between_groups, groups_of
from virker.cli.own_data.table import MISSING, Table
from virker.language import Said
from virker.meta.data import Array
from virker.meta.errors import MetaError
from virker.meta.results import Result

_BY_SIZE = frozenset({"regression test", "rank test", "trim and fill", "pet-peese"})
_ALIKE = Said("alle standardfejl er ens, så små og store studier ikke kan skelnes", "all standard errors are the same, so small and large studies cannot be told apart")  # fmt: skip
_WITHOUT_UNIT = frozenset({"smd", "smd-heteroscedastic", "log-mean-ratio", "fisher-z", "correlation", "unbiased-correlation"})


@dataclass(frozen=True, slots=True)
class Analysis:
    """Everything that was worked out; ``around`` by name: ``prediction``, ``leave-one-out``, ``influence``, ``regression test``, …

    ``marks``: what a reader must know. ``failed``: what could not be computed, and why.
    """

    asked: Asked
    table: Table
    columns: Columns
    estimates: Estimates
    labels: list[str]
    study: list[str] | None
    design: Design | None
    model: Any
    robust: Any
    groups: list[Group]
    between: Any
    around: dict[str, Result]
    predicted: list[str]
    transform: str
    marks: list[Said]
    failed: dict[str, Said]

    @property
    def coefficients(self) -> Any:
        """The coefficients that are reported: the cluster-robust ones where there are studies with several estimates."""
        return (self.robust or self.model).coefficients

    @property
    def mean_only(self) -> bool:
        """Whether the model has no moderators."""
        return self.design is None

    @property
    def spread_known(self) -> bool:
        """Whether the model says anything of how much effects differ: a common effect and a single estimate do not."""
        return bool(self.model.q_df) and (self.study is not None or self.model.method != "common")


def analyse(table: Table, asked: Asked, speak: str) -> Analysis:
    """Read the columns, fit, and look around; all that is wrong is told at once."""
    measure = known_measure(asked.measure, speak)
    columns, faults = find_columns(table, asked.roles, measure)
    named = [name for name in (asked.study, asked.by, asked.label, asked.unit, asked.cumulative or None, *asked.mods) if name]
    faults += missing_columns(table, named)
    if columns is not None and measure is None and (fault := measure_needed(columns)) is not None:
        faults.append(fault)
    refuse(table.name, faults, speak)
    assert columns is not None
    also = [name for name in dict.fromkeys([asked.study, asked.by, *asked.mods]) if name]
    estimates, faults = estimates_of(table, columns, measure, asked.ratio, asked.level, also)
    refuse(table.name, [*faults, *_mixed_units(table, asked, measure or "")], speak)
    assert estimates is not None
    design, faults = design_of(table, asked.mods, estimates.rows)
    rows, predicted, wrong = (np.zeros((0, 1)), [], []) if design is None else asked_rows(table, design, asked.predict)
    if asked.predict and design is None:
        wrong = [Fault(Said("--predict er for modeller med --mods", "--predict is for models with --mods"), Said("prædiktionsintervallet står der altid uden moderatorer", "without moderators the prediction interval is always told"))]  # fmt: skip
    if asked.by and asked.mods:
        wrong.append(Fault(Said("--by og --mods kan ikke bruges sammen", "--by and --mods cannot be used together"), Said(f"skriv --mods {','.join([*asked.mods, asked.by])}", f"write --mods {','.join([*asked.mods, asked.by])}")))  # fmt: skip
    refuse(table.name, [*faults, *wrong], speak)
    try:
        return _fitted(table, asked, columns, estimates, design, rows, predicted, speak)
    except MetaError as error:
        refuse(table.name, [engine_fault(error)], speak)
        raise


def _mixed_units(table: Table, asked: Asked, measure: str) -> list[Fault]:
    """Estimates in different units must not be pooled; a unit column says so. A standardised difference or a ratio of raw means has none."""
    column = asked.unit or found_name(table, UNITS)
    if column is None or measure in _WITHOUT_UNIT:
        return []
    units = list(dict.fromkeys(text for text in table.columns[column] if text.casefold() not in MISSING))
    if len(units) < 2:
        return []
    told = ", ".join(f"'{unit}'" for unit in units[:6]) + (" …" if len(units) > 6 else "")
    return [Fault(Said(f"estimaterne har forskellige enheder: {told}", f"the estimates have different units: {told}"), Said("regn dem om til én enhed, eller lav en fil for hver; tal i forskellige enheder kan ikke lægges sammen", "convert them to one unit, or make a file for each; numbers in different units cannot be pooled"), 0, column)]  # fmt: skip


def _fitted(table: Table, asked: Asked, columns: Columns, estimates: Estimates, design: Design | None, rows: Array, predicted: list[str], speak: str) -> Analysis:  # fmt: skip
    from virker import meta

    y, v, k = estimates.y, estimates.v, len(estimates.y)
    study = None if asked.study is None else [table.columns[asked.study][i] for i in estimates.rows]
    marks: list[Said] = []
    nested = study is not None and len(set(study)) < k
    if study is not None and not nested:
        marks.append(Said("Hvert studie har ét estimat, så modellen er den almindelige.", "Each study has one estimate, so the model is the ordinary one."))
    X, names = (None, None) if design is None else (design.X, design.names)
    robust = None
    model: Any
    if nested and study is not None:
        refuse(table.name, _unused(asked), speak)
        model = meta.fit_multilevel(y, v, study, X, rho=asked.rho, method="ml" if asked.method == "ml" else "reml", level=asked.level, names=names)
        if len(set(study)) > 1:
            robust = meta.robust(model, study, level=asked.level)
    else:
        alone = k <= (1 if design is None else design.X.shape[1])
        test: Any = "z" if alone else asked.test or TEST
        method: Any = asked.method
        model = meta.fit(y, v, X, method=method, test=test, level=asked.level, names=names)
    groups = groups_of(table, asked, estimates, study if nested else None)
    around, failed = _around(asked, model, robust, estimates, study if nested else None, rows, _order(table, asked, estimates))
    between: Any = None
    try:
        between = between_groups(table, asked, estimates, groups, study if nested else None)
    except MetaError as error:
        failed["groups"] = engine_said(error)
    marks += _beyond(design, rows)
    transform = asked.transform or _natural(estimates.measure)
    return Analysis(asked, table, columns, estimates, _labels(table, asked, estimates), study if nested else None, design, model, robust, groups, between, around, predicted, transform, marks, failed)  # fmt: skip


def _unused(asked: Asked) -> list[Fault]:
    """Options that a three-level model has no use for."""
    faults = []
    if asked.test is not None:
        faults.append(Fault(Said("studier med flere estimater testes klyngerobust (CR2, Satterthwaite)", "studies with several estimates are tested cluster-robustly (CR2, Satterthwaite)"), Said("udelad --test", "leave --test out")))  # fmt: skip
    if asked.method not in ("reml", "ml"):
        faults.append(Fault(Said(f"studier med flere estimater kræver --method reml eller ml, ikke {asked.method}", f"studies with several estimates need --method reml or ml, not {asked.method}"), Said("udelad --method", "leave --method out")))  # fmt: skip
    return faults


def _beyond(design: Design | None, rows: Array) -> list[Said]:
    """Predictions at values of a moderator that no estimate has come near."""
    if design is None or not len(rows):
        return []
    low, high = design.X.min(axis=0), design.X.max(axis=0)
    outside = [name for j, name in enumerate(design.names) if ((rows[:, j] < low[j]) | (rows[:, j] > high[j])).any()]
    told = ", ".join(f"'{name}'" for name in outside)
    return [Said(f"Der forudsiges uden for estimaternes værdier af {told}: det er en forlængelse af linjen, som intet tal støtter.", f"Predictions lie outside the values that estimates have of {told}: they prolong the line, and no number supports that.")] if outside else []  # fmt: skip


def _labels(table: Table, asked: Asked, estimates: Estimates) -> list[str]:
    """A name for each estimate: of the column asked for, else guessed; with the year behind it where names repeat."""
    from virker.cli.own_data.columns import LABELS, YEARS

    column = asked.label or found_name(table, tuple(name for name in LABELS if name != (asked.study or "").casefold())) or asked.study
    if column is None:
        return [f"#{table.lines[i]}" for i in estimates.rows]
    names = [table.columns[column][i] or f"#{table.lines[i]}" for i in estimates.rows]
    year = found_name(table, YEARS)
    if len(set(names)) < len(names) and year is not None and column not in (asked.label, asked.study):
        years = [table.columns[year][i] for i in estimates.rows]
        names = [name if when in name else f"{name} {when}" for name, when in zip(names, years, strict=True)]
    return names


def _natural(measure: str) -> str:
    """How a measure is shown: ratios as ratios."""
    if measure.startswith("log") and measure != "logit":
        return "exp"
    return {"fisher-z": "tanh", "logit": "logistic", "peto-log-odds-ratio": "exp"}.get(measure, "none")


def _order(table: Table, asked: Asked, estimates: Estimates) -> Array | None:
    """The numbers of the column that a cumulative analysis goes by; None for the file's order."""
    if not asked.cumulative:
        return None
    texts = [table.columns[asked.cumulative][i] for i in estimates.rows]
    numbers = [table.number(text) for text in texts]
    if all(n is not None and np.isfinite(n) for n in numbers):
        return np.array(numbers, dtype=float)
    places = {text: float(i) for i, text in enumerate(sorted(set(texts)))}
    return np.array([places[text] for text in texts])


def _around(asked: Asked, model: Any, robust: Any, estimates: Estimates, study: list[str] | None, rows: Array, order: Array | None) -> tuple[dict[str, Result], dict[str, Said]]:  # fmt: skip
    """What was asked for beside the model; what cannot be computed is told, not left out in silence."""
    from virker import meta

    y, v = estimates.y, estimates.v
    mean_only = model.data.p == 1
    calls: dict[str, Any] = {}
    if mean_only:
        calls["prediction"] = lambda: meta.predict(model) if study is None else meta.predict_multilevel(model, robust=robust)
    elif len(rows):
        calls["prediction"] = lambda: meta.predict(model, rows) if study is None else meta.predict_multilevel(model, rows, robust=robust)
    if robust is not None and not mean_only:
        calls["moderators"] = lambda: meta.wald_test(robust)
    if study is not None:
        calls["shares"] = lambda: meta.heterogeneity_shares(model)
    elif len(y) > model.data.p and asked.method != "common":
        calls["tau2 interval"] = lambda: meta.tau2_interval(model)
    if asked.leave_one_out and study is None:
        calls["leave-one-out"] = lambda: meta.leave_one_out(model)
    if asked.influence and study is None:
        calls["influence"] = lambda: meta.influence(model)
    if asked.cumulative is not None and study is None:
        calls["cumulative"] = lambda: meta.cumulative(model, order)
    if asked.bias:
        calls |= _bias_calls(y, v, study)
    found: dict[str, Result] = {}
    failed: dict[str, Said] = {}
    for name, call in calls.items():
        try:
            found[name] = call()
        except MetaError as error:
            failed[name] = _ALIKE if name in _BY_SIZE and np.ptp(v) == 0 and len(v) > 1 else engine_said(error)
    if study is not None:
        alone = Said("kun for modeller med ét estimat for hvert studie", "only for models with one estimate for each study")
        wanted = {"leave-one-out": asked.leave_one_out, "influence": asked.influence, "cumulative": asked.cumulative is not None}
        failed |= {name: alone for name, asks in wanted.items() if asks}
    return found, failed


def _bias_calls(y: Array, v: Array, study: list[str] | None) -> dict[str, Any]:
    from virker import meta

    side: Any = "greater" if float(np.sum(y / v)) >= 0 else "less"  # the direction of the mean
    calls: dict[str, Any] = {
        "regression test": lambda: meta.regression_test(y, v, cluster=study),
        "pet-peese": lambda: meta.pet_peese(y, v, cluster=study, alternative=side),
        "selection": lambda: meta.selection_model(y, v, cluster=study, alternative=side),
        "p-curve": lambda: meta.p_curve(y / np.sqrt(v), cluster=study),
    }
    if study is None:
        calls["trim and fill"] = lambda: meta.trim_and_fill(y, v)
        calls["rank test"] = lambda: meta.rank_test(y, v)
    return calls
