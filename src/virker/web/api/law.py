"""Dated law over HTTP: the schemes, and every value as it stood on a day."""

from __future__ import annotations

from datetime import date
from typing import Any

from virker.language import Said
from virker.rules.data import list_data, scheme_data
from virker.web.api.bank import not_found
from virker.web.api.endpoint import Call, Endpoint
from virker.web.parameters import Parameter, day
from virker.web.site import Site

_ON = (day("on", Said("dagen; uden den i dag", "the day; without it today")),)


def _parameters(site: Site) -> tuple[Parameter, ...]:
    return _ON


def _list(call: Call) -> dict[str, Any]:
    return list_data(call.site.edition.rules, call.values.get("on", date.today()))


def _scheme(call: Call) -> dict[str, Any]:
    rules, id = call.site.edition.rules, call.path["id"]
    if id not in rules.schemes:
        raise not_found(Said("ingen ordning", "no scheme"), id, list(rules.schemes))
    return scheme_data(rules, id, call.values.get("on", date.today()))


_SUMMARY = {"type": "object", "required": ["id", "name", "place", "values", "in_force_on_day", "unverified_on_day", "proposed_on_day"]}
_LIST = {
    "type": "object",
    "required": ["format", "on", "schemes"],
    "properties": {"on": {"type": "string", "format": "date"}, "schemes": {"type": "array", "items": _SUMMARY}},
}
_SCHEME = {
    "type": "object",
    "required": [*_SUMMARY["required"], "on", "about", "not_found", "parameters"],
    "properties": {"parameters": {"type": "array", "items": {"type": "object", "required": ["id", "in_force", "beside", "earlier", "later"]}}},
}
ENDPOINTS = (
    Endpoint("/rules", "The schemes of the dated law, with what stands on a day", _list, _LIST, _parameters, dated=True),
    Endpoint(
        "/rules/{id}",
        "One scheme on a day: what is in force, what is only said, what was not found",
        _scheme,
        _SCHEME,
        _parameters,
        parts={"id": ("The scheme, by its Danish name.", "jobpraemie-2017")},
        dated=True,
    ),
)
