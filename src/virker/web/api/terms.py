"""The words of the field over HTTP: interventions, target groups, outcomes, mechanisms, designs, countries."""

from __future__ import annotations

from collections.abc import Callable

from virker.language import Said
from virker.vocabulary.terms import Kind, Term
from virker.web.api.bank import not_found
from virker.web.api.endpoint import Api, Call, Endpoint, Page, paged
from virker.web.site import Site


class TermAnswer(Api, frozen=True, kw_only=True):
    """A term, what stands above and below it, and how many studies have a finding on it or on anything below."""

    term: Term
    above: list[str]
    below: list[str]
    studies: int | None


#: The address of each kind, and the field of a finding that names it (None: its studies are not counted).
_KINDS: tuple[tuple[str, Kind, str | None], ...] = (
    ("interventions", "interventions", "intervention"),
    ("target-groups", "target_groups", "target_group"),
    ("outcomes", "outcomes", "outcome"),
    ("mechanisms", "mechanisms", None),
    ("designs", "designs", None),
    ("countries", "countries", None),
)
_EXAMPLES = {"interventions": "meetings", "target-groups": "insured", "outcomes": "employment", "mechanisms": "threat", "designs": "rct", "countries": "DK"}


def _answer(site: Site, kind: Kind, field: str | None, term: Term) -> TermAnswer:
    vocabulary = site.edition.bank.vocabulary
    below = [t.id for t in vocabulary[kind].values() if t.parent == term.id]
    studies = len(_studies(site, field).get(term.id, ())) if field else None
    return TermAnswer(term=term, above=list(vocabulary.ancestors(kind, term.id)[1:]), below=below, studies=studies)


def _studies(site: Site, field: str) -> dict[str, set[str]]:
    """The studies under every term of a tree."""
    key = ("studies under", field)
    if key not in site.memo:
        bank, kind = site.edition.bank, next(k for _, k, f in _KINDS if f == field)
        under: dict[str, set[str]] = {}
        for row in bank.rows:
            told = getattr(row.finding, field)
            for term in (told,) if isinstance(told, str) else told:
                for above in bank.vocabulary.ancestors(kind, term):
                    under.setdefault(above, set()).add(row.study.id)
        site.memo[key] = under
    found: dict[str, set[str]] = site.memo[key]
    return found


def _all(kind: Kind, field: str | None) -> Callable[[Call], Page]:
    return lambda call: paged(call, list(call.site.edition.bank.vocabulary[kind].values()), lambda t: _answer(call.site, kind, field, t))


def _one(kind: Kind, field: str | None) -> Callable[[Call], TermAnswer]:
    def answer(call: Call) -> TermAnswer:
        known, id = call.site.edition.bank.vocabulary[kind], call.path["id"]
        if id not in known:
            raise not_found(Said("intet ord", "no term"), id, list(known))
        return _answer(call.site, kind, field, known[id])

    return answer


ENDPOINTS = tuple(
    e
    for path, kind, field in _KINDS
    for e in (
        Endpoint(f"/{path}", f"Terms: {path.replace('-', ' ')}", _all(kind, field), TermAnswer, paged=True),
        Endpoint(f"/{path}/{{id}}", f"One of the {path.replace('-', ' ')}", _one(kind, field), TermAnswer, parts={"id": ("The term.", _EXAMPLES[path])}),
    )
)
