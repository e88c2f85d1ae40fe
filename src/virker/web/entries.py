"""What the live search looks through: one entry a page, made from the bank and the notes without drawing the page."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from virker.bank.references import short_name
from virker.language import Language
from virker.web.address import Address
from virker.web.kinds import KINDS

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
    page = KINDS[address.kind].module.page(site, address)
    return Entry(address, page.title, page.description, page.main.striptags()) if page.searched else None


def _term(kind: Kind) -> Callable[[Site, Address], Entry | None]:
    def entry(site: Site, address: Address) -> Entry | None:
        vocabulary = site.edition.bank.vocabulary
        term = vocabulary[kind].get(address.id)
        if term is None:
            return None
        definition = (term.definition_da if address.language == "da" else term.definition_en) or ""
        above = [vocabulary.label(kind, t, address.language) for t in vocabulary.ancestors(kind, term.id)[1:]]
        # The word of the other language too: "wage subsidy" finds løntilskud.
        return Entry(address, _capital(term.label(address.language)), definition, " ".join([term.label(address.other.language), *above]))

    return entry


def _study(site: Site, address: Address) -> Entry | None:
    study, vocabulary = site.edition.bank.studies[address.id], site.edition.bank.vocabulary
    title = f"{short_name(study)}: {study.title}" if study.title else short_name(study)
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


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


_MAKERS: dict[str, Callable[[Site, Address], Entry | None]] = {
    "intervention": _term("interventions"),
    "group": _term("target_groups"),
    "study": _study,
    "review": _study,
    "trial": _trial,
    "claim": _claim,
    "note": _note,
    "card": _card,
}
