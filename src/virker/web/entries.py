"""What the live search looks through: one entry a page, made from the bank and the notes without drawing the page."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from virker.bank.references import short_name
from virker.language import Language
from virker.web.address import Address
from virker.web.frame import FOOT, MENU
from virker.web.kinds import KINDS
from virker.web.measures import groups
from virker.web.written import page_of

if TYPE_CHECKING:
    from virker.bank.records import Study
    from virker.vocabulary import Vocabulary
    from virker.vocabulary.terms import Kind
    from virker.web.site import Site


@dataclass(frozen=True, slots=True)
class Entry:
    """A page that can be found.

    ``title`` and ``text`` are shown and searched; ``more`` is searched only.
    """

    address: Address
    title: str
    text: str
    more: str = ""


def entries(site: Site, language: Language) -> list[Entry]:
    """One entry for every page in a language that the search may show."""
    found = []
    for kind in KINDS:
        make = _MAKERS.get(kind, _single)
        for one in site.ids(kind):
            entry = make(site, Address(language, kind, one))
            if entry is not None:
                found.append(entry)
    return found


def _single(site: Site, address: Address) -> Entry | None:
    """A page that has no maker of its own: its title, its description and its text."""
    if address.kind in _DEAR:
        return Entry(address, _NAMES[address.kind][address.language], "")
    page = page_of(site, address)
    return Entry(address, page.title, page.description, page.main.striptags() if address.kind in _PROSE else "") if page.searched else None


def _intervention(site: Site, address: Address) -> Entry | None:
    return _termed(site, address, site.edition.bank.vocabulary["interventions"][address.id].label(address.language), "interventions", (address.id,))


def _group(site: Site, address: Address) -> Entry | None:
    """One term, or people named by several, such as insured unemployed people under 30."""
    group = groups(site)[address.id]
    return _termed(site, address, group.said[address.language], "target_groups", group.terms)


def _termed(site: Site, address: Address, title: str, kind: Kind, terms: Iterable[str]) -> Entry:
    """The word of the other language is found too: "wage subsidy" finds løntilskud."""
    vocabulary = site.edition.bank.vocabulary
    known = [vocabulary[kind][t] for t in terms if t in vocabulary[kind]]
    definitions = [t.definition_da if address.language == "da" else t.definition_en for t in known]
    above = [vocabulary.label(kind, up, address.language) for t in known for up in vocabulary.ancestors(kind, t.id)]
    return Entry(address, _capital(title), " ".join(filter(None, definitions)), " ".join([*(t.label(address.other.language) for t in known), *above]))


def _study(site: Site, address: Address) -> Entry | None:
    study, vocabulary = site.edition.bank.studies[address.id], site.edition.bank.vocabulary
    name = short_name(study, address.language)
    title = f"{name}: {study.title}" if study.title else name
    about = "; ".join(_labels(study, vocabulary, address.language))
    more = [*study.authors, study.container, study.publisher, study.doi, study.period, study.population, study.sample, study.id, *study.countries]
    said = [vocabulary.label("designs", study.design, address.language), *(vocabulary.label("countries", c, address.language) for c in study.countries)]
    return Entry(address, title, about, " ".join(filter(None, [*more, *said])))


def _labels(study: Study, vocabulary: Vocabulary, language: Language) -> list[str]:
    """What it is about: measures, groups and outcomes, each once."""
    pairs: Iterable[tuple[Kind, str]] = (
        *((("interventions", f.intervention)) for f in study.finding),
        *((("target_groups", g)) for f in study.finding for g in f.target_group),
        *((("outcomes", f.outcome)) for f in study.finding),
    )
    return [vocabulary.label(kind, term, language) for kind, term in dict.fromkeys(pairs)]


def _trial(site: Site, address: Address) -> Entry | None:
    trial = site.edition.bank.trials[address.id]
    danish = address.language == "da"
    return Entry(
        address, trial.da if danish else trial.en, trial.what_da if danish else trial.what_en, " ".join(filter(None, [trial.years, trial.place, trial.id]))
    )


def _claim(site: Site, address: Address) -> Entry | None:
    claim = site.edition.by_id[address.id].claim
    return Entry(address, claim.da if address.language == "da" else claim.en, "", claim.id)


def _note(site: Site, address: Address) -> Entry | None:
    text = site.edition.notes.get(address.id, {}).get(address.language)
    if text is None:
        return _single(site, address)
    return Entry(address, str(text.meta.get("title", address.id)), str(text.meta.get("short", "")), text.markdown)


def _card(site: Site, address: Address) -> Entry | None:
    card = site.edition.cards.get(address.id, {}).get(address.language)
    if card is None:
        return _single(site, address)
    lines = [line.text for section in card.sections for line in section.lines]
    return Entry(address, card.front.title, lines[0] if lines else "", " ".join(lines[1:]))


def _plan(site: Site, address: Address) -> Entry | None:
    """The planner; an example by its title alone, because a plan takes a second to work out."""
    if not address.id:
        return _single(site, address)
    from virker.web.tools.planned import examples

    scenario = examples(site)[address.id].scenario
    return Entry(address, scenario.title[address.language], "") if scenario else None


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


#: Pages with words of their own. A list is left out: it names everything, and would answer every question.
_PROSE = ("about", "accessibility", "method", "law", "tool", "check", "suggest")
#: Pages that take long to write and have no words of their own to find.
_DEAR = ("index", "changes", "download")
_NAMES = {kind: said for kind, _, said in (*MENU, *FOOT)}
_MAKERS: dict[str, Callable[[Site, Address], Entry | None]] = {
    "intervention": _intervention,
    "group": _group,
    "study": _study,
    "review": _study,
    "trial": _trial,
    "claim": _claim,
    "note": _note,
    "card": _card,
    "plan": _plan,
}
