"""The bank as files: the whole of it, or exactly the findings that a query selects."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from virker.bank import Bank
from virker.bank.export import FORMATS, selection
from virker.errors import MissingExtra
from virker.language import Said
from virker.web.api.endpoint import Call, Document, Endpoint
from virker.web.asked import Asked, query_parameters, read_asked, rule_parameters
from virker.web.parameters import Fault, Parameter, Refused
from virker.web.site import Site

MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
    "ris": "application/x-research-info-systems; charset=utf-8",
    "bib": "application/x-bibtex; charset=utf-8",
    "csl": "application/vnd.citationstyles.csl+json",
}


def _whole(bank: Bank, asked: Asked) -> bytes:
    """The records themselves, as the files of the bank tell them, with what was asked and the hash of the bank they are from."""
    used = {s.trial for s in bank.studies.values() if s.trial}
    told = {
        "format": 1,
        "query": asked.query,
        "studies": list(bank.studies.values()),
        "trials": [t for t in bank.trials.values() if t.id in used],
        "corrections": [c for c in bank.corrections if c.study in bank.studies],
    }
    return msgspec.json.encode(told)


def exported(site: Site, asked: Asked, ending: str) -> bytes:
    """What was asked for, in one of the formats. Nothing asked: every finding there is, also those that answer no query."""
    whole = site.edition.bank
    bank = selection(whole, whole.select(asked.query)) if msgspec.to_builtins(asked.query) else whole
    if ending == "json":
        return _whole(bank, asked)
    made = FORMATS["json" if ending == "csl" else ending](bank)
    return made.encode("utf-8") if isinstance(made, str) else made


def _file(ending: str) -> Callable[[Call], Document]:
    def answer(call: Call) -> Document:
        try:
            content = exported(call.site, read_asked(call.site, call.pairs), ending)
        except MissingExtra as error:
            told = str(error).splitlines()[0]
            raise Refused([Fault("", Said(told, told), Said("vælg CSV eller JSON", "choose CSV or JSON"))], 404) from None
        return Document(content, MEDIA[ending], f"virker-{call.site.stamp}.{'csl.json' if ending == 'csl' else ending}")

    return answer


def _parameters(site: Site) -> tuple[Parameter, ...]:
    """Those of the query; rule set and settings are let pass, so that the address of a question can be used as it is."""
    return (*query_parameters(site.edition.bank), *rule_parameters(site.edition.bank, site.edition.workspace.settings.rule_set))


_WHAT = {
    "csv": "one line a finding",
    "json": "studies with their findings, trials, corrections",
    "xlsx": "an Excel book: findings, studies",
    "parquet": "one row a finding",
    "ris": "references as RIS",
    "bib": "references as BibTeX",
    "csl": "references as CSL-JSON",
}
ENDPOINTS = tuple(
    Endpoint(
        f"/export.{ending}",
        f"The bank, or what a query selects: {what}",
        _file(ending),
        None,
        _parameters,
        more="Without parameters the whole bank. Rule set and settings change nothing here.",
        media=(MEDIA[ending],),
    )
    for ending, what in _WHAT.items()
)
