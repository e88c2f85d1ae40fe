"""The same as data, for other programs: ``virker rules list`` and ``show`` with ``--format json``."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec

from virker.rules.onday import Entry, SchemeOnDay, on_day
from virker.rules.records import Parameter, Rules, Scheme
from virker.rules.show import where_said
from virker.rules.told import value_said


def list_data(rules: Rules, day: date) -> dict[str, Any]:
    """Every scheme with its counts on ``day``."""
    views = [on_day(rules, name, day) for name in rules.schemes]
    return {"format": 1, "on": day, "schemes": [_summary(v) for v in views]}


def scheme_data(rules: Rules, name: str, day: date) -> dict[str, Any]:
    """The scheme on ``day``: every parameter with what goes, what is beside, and its values of other days."""
    view = on_day(rules, name, day)
    about = {"da": view.scheme.about_da, "en": view.scheme.about_en}
    where = where_said(view)
    told = {"about": about, "outside": msgspec.to_builtins(where), "not_found": msgspec.to_builtins(view.scheme.not_found)}
    return {"format": 1, "on": day, **_summary(view), **told, "parameters": [_entry(e, view.scheme) for e in view.entries]}


def _summary(view: SchemeOnDay) -> dict[str, Any]:
    return {
        "id": view.scheme.id,
        "name": {"da": view.scheme.da, "en": view.scheme.en},
        "place": view.place,
        "first_day": view.first,
        "last_day": view.last,
        "values": len(view.scheme.parameter),
        "in_force_on_day": view.count("in force", "repealed"),
        "unverified_on_day": view.count("unverified"),
        "proposed_on_day": view.count("proposed"),
        "things_not_found": len(view.scheme.not_found),
    }


def _entry(entry: Entry, scheme: Scheme) -> dict[str, Any]:
    def many(values: tuple[Parameter, ...]) -> list[dict[str, Any]]:
        return [parameter_data(p, scheme) for p in values]

    now = parameter_data(entry.goes, scheme) if entry.goes else None
    return {"id": entry.name, "in_force": now, "beside": many(entry.beside), "earlier": many(entry.earlier), "later": many(entry.later)}


def parameter_data(parameter: Parameter, scheme: Scheme | None = None) -> dict[str, Any]:
    """One value as data, with the same in words."""
    said = value_said(parameter, scheme)
    read = {} if scheme is None else {"source_in": msgspec.to_builtins(scheme.said(parameter.source))}
    return {
        "name": {"da": parameter.da, "en": parameter.en},
        "value": parameter.value,
        "unit": parameter.unit,
        "said": msgspec.to_builtins(said),
        "from": parameter.from_,
        "to": parameter.to,
        "status": parameter.status,
        "reference": parameter.reference,
        "source": parameter.source,
        **read,
    }
