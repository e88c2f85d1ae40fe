"""Ask the bank: any question, judged by any rule set, at an address that can be shared."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from virker.language import Said
from virker.synthesis import RULE_SETS
from virker.web.address import Address
from virker.web.api.verdicts import NOTHING_ASKED
from virker.web.asked import Asked, parameters_of, read_asked
from virker.web.frame import View, rendered
from virker.web.measures import measures
from virker.web.page import WebPage
from virker.web.parameters import Fault, Refused
from virker.web.query_answer import FORMATS, answer_to
from virker.web.query_form import query_form
from virker.web.site import Site
from virker.web.tools.form import Form, Told
from virker.web.tools.reply import Reply

_TITLE = Said("Spørg evidensbanken", "Ask the evidence bank")
_SHORT = Said(
    "Vælg indsats, målgruppe, udfald, studier og regelsæt: svaret er en dom med sine grunde, og resultaterne bag.",
    "Choose measure, target group, outcome, studies and rule set: the answer is a verdict with its reasons, and the findings behind it.",
)
_FAULTY = Said("Fejl: ", "Error: ")
Pairs = Sequence[tuple[str, str]]


def ids(site: Site) -> tuple[str, ...]:
    """One page."""
    return ("",)


def page(site: Site, address: Address) -> WebPage:
    """The page before anything is asked."""
    return _page(site, address, (), [], None)


def shortened(site: Site, pairs: Pairs) -> list[tuple[str, str]]:
    """The question without empty fields and without what is as it would be anyhow: what a form sends becomes an address to share."""
    usual = {f.name: f.default for r in RULE_SETS for f in _form(site, r).fields if f.default}
    kept = ((name, text.strip()) for name, text in pairs)
    return [(name, text) for name, text in kept if text and usual.get(name) != text]


def question(site: Site, address: Address, pairs: Pairs) -> Reply:
    """The answer, or the form again with every fault."""
    try:
        asked = read_asked(site, pairs)
    except Refused as refused:
        return Reply(422, _page(site, address, pairs, list(refused.faults), None))
    if not asked.is_named:
        return Reply(422, _page(site, address, pairs, [NOTHING_ASKED], None))
    return Reply(200, _page(site, address, pairs, [], asked))


def _form(site: Site, rule_set: str) -> Form:
    """The form with a rule set's settings, made once for each."""
    key = ("query form", rule_set)
    if key not in site.memo:
        site.memo[key] = query_form(site, rule_set)
    form: Form = site.memo[key]
    return form


def _page(site: Site, address: Address, pairs: Pairs, faults: list[Fault], asked: Asked | None) -> WebPage:
    view, language = View(site, address), address.language
    chosen = next((text for name, text in pairs if name == "rule_set" and text in RULE_SETS), site.edition.workspace.settings.rule_set)
    form = _form(site, chosen)
    fields = {f.name for f in form.fields}
    first = {name: text[:200] for name, text in reversed(pairs) if name in fields}
    told = Told({}, {f.name: f.default for f in form.fields} | first, faults)
    seen: set[str] = set()
    beside = [(name, text) for name, text in pairs if not (name in fields and name not in seen and not seen.add(name))]  # type: ignore[func-returns-value]  # add gives None
    known = {p.name: p.said for p in parameters_of(site)}
    shown: dict[str, Any] = answer_to(site, asked, language) if asked else {"answer": None}
    address_of = asked.address if asked else ""
    main = rendered(
        "query.html.j2",
        view,
        title=_TITLE[language],
        short=_SHORT[language],
        form=form,
        told=told,
        faults=faults,
        beside=[(name, text, known[name]) for name, text in beside if name in known],
        asked=address_of,
        formats=FORMATS,
        measures=list(measures(site).values()),
        **shown,
    )
    title = shown["asked_said"] if asked else (_FAULTY[language] if faults else "") + _TITLE[language]
    return WebPage(address, title, _SHORT[language], main, "tools", wide=True, searched=not pairs, question=f"?{address_of}" if asked else "")
