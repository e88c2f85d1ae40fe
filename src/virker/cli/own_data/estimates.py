"""From the columns of a file to estimates and variances, every row that cannot be used told with its reason.

A row in which a needed number is missing is left out and told. A row that says something impossible (a standard error of 0, more events than persons)
stops everything: leaving it out would be a choice that only the file's owner can make.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from virker.cli.own_data.columns import PRINTED, RAW, SHORT, Columns
from virker.cli.own_data.faults import Fault, nearest_said
from virker.cli.own_data.table import MISSING, Table
from virker.errors import UserError
from virker.language import Said
from virker.meta import effect_sizes as es
from virker.meta.data import Array


@dataclass(frozen=True, slots=True)
class Estimates:
    """``y``, ``v`` (k,) on the scale of ``measure``; ``rows`` (k,) their places in the table; ``dropped``: the lines left out, and what is missing there."""

    y: Array
    v: Array
    measure: str
    rows: list[int]
    dropped: dict[int, str]


def known_measure(measure: str | None, speak: str) -> str | None:
    """The measure by our name, from ours or metafor's short one."""
    if measure is None:
        return None
    every = [name for _, measures in RAW.values() for name in measures]
    found = SHORT.get(measure.upper(), measure)
    if found not in every:
        hint, told = nearest_said(measure, [*every, *SHORT]), ", ".join(dict.fromkeys(every))
        raise UserError(
            Said(f"'{measure}' er ikke et mål\n    → {hint.da}målene er {told}", f"'{measure}' is no measure\n    → {hint.en}the measures are {told}")[speak]
        )
    return found


def measure_needed(columns: Columns) -> Fault | None:
    """Raw numbers can be compared in several ways, so the measure has to be said."""
    if columns.family == PRINTED:
        return None
    told, has = ", ".join(RAW[columns.family][1]), ", ".join(columns.roles.values())
    return Fault(Said(f"filen har rå tal ({has}), men det er ikke sagt, hvad de skal gøres til", f"the file has raw numbers ({has}), and nobody said what to make of them"), Said(f"--measure og et af: {told}", f"--measure and one of: {told}"))  # fmt: skip


def numbers_of(table: Table, columns: Mapping[str, str]) -> tuple[dict[str, Array], list[Fault]]:
    """The numbers of each role (rows,), NaN where missing, and a fault for each cell that is no number."""
    out: dict[str, Array] = {}
    faults: list[Fault] = []
    for role, column in columns.items():
        found = [table.number(text) for text in table.columns[column]]
        for line, text, value in zip(table.lines, table.columns[column], found, strict=True):
            if value is None:
                mark = table.decimal
                faults.append(Fault(Said(f"'{text}' er ikke et tal", f"'{text}' is no number"), _todo(text, mark), line, column))  # fmt: skip
        out[role] = np.array([math.nan if value is None else value for value in found])
    return out, faults


def _todo(text: str, mark: str) -> Said:
    if text.startswith(("<", ">")):
        return Said("det er kun en grænse: lad feltet stå tomt, og brug en standardfejl, et interval eller t, hvis kilden har det", "that is only a bound: leave the field empty, and use a standard error, an interval or t if the source has one")  # fmt: skip
    return Said(f"skriv et tal med '{mark}' som decimaltegn og uden andre tegn, eller lad feltet stå tomt", f"write a number with '{mark}' as its decimal mark and no other signs, or leave the field empty")  # fmt: skip


def estimates_of(table: Table, columns: Columns, measure: str | None, ratio: bool, level: float, also: list[str]) -> tuple[Estimates | None, list[Fault]]:
    """The estimates of all rows that have what is needed; ``also`` are other columns that must not be empty (study, moderators)."""
    x, faults = numbers_of(table, columns.roles)
    needed = _needed(x, columns)
    empty = {name: np.array([text.casefold() in MISSING for text in table.columns[name]]) for name in also}
    lacking = np.isnan(needed).any(axis=0)
    for column in empty.values():
        lacking |= column
    dropped = {table.lines[i]: _what(x, columns, empty, int(i)) for i in np.flatnonzero(lacking)}
    faults += _impossible(table, columns, x, ~lacking, ratio)
    rows = [int(i) for i in np.flatnonzero(~lacking)]
    if not faults and not rows:
        faults = [Fault(Said("ingen række har alt, hvad der er brug for", "no row has all that is needed"), Said("tjek hvilke kolonner der er valgt", "check which columns were chosen"))]  # fmt: skip
    if faults:
        return None, faults
    found = _computed(columns, {role: values[rows] for role, values in x.items()}, measure, ratio, level)
    faults = [
        Fault(Said("effekten eller dens varians findes ikke for tallene i rækken", "the effect or its variance does not exist for the numbers of the row"), Said("se efter tomme grupper og nul spredning", "look for empty groups and no spread"), table.lines[rows[i]])
        for i in np.flatnonzero(~(np.isfinite(found.y) & np.isfinite(found.v) & (found.v > 0)))
    ]  # fmt: skip
    return (None, faults) if faults else (Estimates(found.y, found.v, found.measure, rows, dropped), [])


def _needed(x: dict[str, Array], columns: Columns) -> Array:
    """What a row needs, (m, rows); of printed uncertainty any one is enough."""
    if columns.family != PRINTED:
        return np.array(list(x.values()))
    kinds = [x[role] for role in ("variance", "se", "t", "p") if role in x]
    if "low" in x:
        kinds.append(x["low"] + x["high"])
    some = np.where(np.isnan(np.array(kinds)).all(axis=0), math.nan, 0.0)
    return np.array([x["estimate"], some])


def _what(x: dict[str, Array], columns: Columns, empty: dict[str, Any], row: int) -> str:
    names = [columns.roles[role] for role, values in x.items() if math.isnan(values[row]) and role != "df"]
    return ", ".join(dict.fromkeys([*names, *(name for name, column in empty.items() if column[row])]))


def _impossible(table: Table, columns: Columns, x: dict[str, Array], used: Any, ratio: bool) -> list[Fault]:
    """Rows that say what cannot be."""
    checks: list[tuple[str, Any, Said]] = []
    there = {role: ~np.isnan(values) for role, values in x.items()}
    above = Said("skal være over 0", "must be above 0")
    for role in ("variance", "se", "sd1", "sd2", "n1", "n2", "n", "time1", "time2", "time", "df"):
        if role in x:
            checks.append((role, x[role] <= 0, above))
    for role in ("events1", "events2", "events", "none1", "none2"):
        if role in x:
            checks.append((role, x[role] < 0, Said("kan ikke være under 0", "cannot be below 0")))
    for role, whole in (("events1", "n1"), ("events2", "n2"), ("events", "n")):
        if role in x and whole in x:
            checks.append(
                (role, x[role] > x[whole], Said(f"er større end antallet i '{columns.roles[whole]}'", f"is larger than the number in '{columns.roles[whole]}'"))
            )
    if "low" in x:
        checks.append(("low", x["low"] >= x["high"], Said("er ikke under intervallets øvre ende", "is not below the upper end of the interval")))
        checks.append(("estimate", (x["estimate"] < x["low"]) | (x["estimate"] > x["high"]), Said("ligger uden for sit interval", "lies outside its interval")))
    if "p" in x:
        checks.append(
            ("p", (x["p"] <= 0) | (x["p"] > 1), Said("er ingen p-værdi; et p trykt som 0 er kun en grænse", "is no p-value; a p printed as 0 is only a bound"))
        )
    if "r" in x:
        checks.append(("r", np.abs(x["r"]) >= 1, Said("skal ligge mellem −1 og 1", "must lie between −1 and 1")))
    if ratio:
        for role in ("estimate", "low"):
            if role in x:
                checks.append((role, x[role] <= 0, Said("skal være over 0, for det er et forhold", "must be above 0, for it is a ratio")))
    todo = Said("ret tallet, eller slet rækken", "mend the number, or delete the row")
    return [Fault(Said(f"{_cell(table, columns, role, int(i))} {what.da}", f"{_cell(table, columns, role, int(i))} {what.en}"), todo, table.lines[i], columns.roles[role]) for role, wrong, what in checks for i in np.flatnonzero(wrong & there[role] & used)]  # fmt: skip


def _cell(table: Table, columns: Columns, role: str, row: int) -> str:
    return table.columns[columns.roles[role]][row]


def _computed(columns: Columns, x: dict[str, Array], measure: str | None, ratio: bool, level: float) -> es.EffectSizes:
    if columns.family == PRINTED:
        if "variance" in x:
            y = np.log(x["estimate"]) if ratio else x["estimate"]
            return es.EffectSizes(y, x["variance"] / x["estimate"] ** 2 if ratio else x["variance"], "log of the printed ratio" if ratio else "as printed")
        given: dict[str, Any] = {role: values for role, values in x.items() if role != "estimate"}
        return es.printed(x["estimate"], **given, level=level, ratio=ratio, measure="log of the printed ratio" if ratio else "as printed")
    for g in "12":
        if f"none{g}" in x:
            x[f"n{g}"] = x[f"events{g}"] + x.pop(f"none{g}")
    wanted = {role: x[role] for role in RAW[columns.family][0]}
    found: es.EffectSizes = getattr(es, columns.family)(**wanted, measure=measure, undefined="keep")
    return found
