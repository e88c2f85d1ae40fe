"""Every study of the bank, by name; choices hide the others by style alone, and a script adds search in the list."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from virker.bank import LEVELS, Study
from virker.language import Said
from virker.publish.references import alphabetical, label
from virker.publish.wording import LEVELS as READ
from virker.vocabulary import Vocabulary
from virker.web.address import Address
from virker.web.evidence import nearest_level
from virker.web.frame import View, rendered
from virker.web.page import WebPage
from virker.web.site import Site

_TITLE = Said("Studier i evidensbanken", "Studies in the evidence bank")
_SHORT = Said(
    "Hvert studie med design, land, indsats og hvor tæt på kilden det er læst.",
    "Every study with its design, country, measure and how near to the source it was read.",
)

#: The choices: the letter of its classes, its name, and the words of each class.
KINDS: dict[str, Said] = {
    "primary": Said("studier", "studies"),
    "review": Said("litteraturgennemgange", "reviews"),
    "expert-report": Said("ekspertrapporter", "expert reports"),
}
QUALITIES: dict[str, Said] = {
    "high": Said("Maryland 4 og 5", "Maryland 4 and 5"),
    "some": Said("Maryland 1 til 3", "Maryland 1 to 3"),
    "outside": Said("uden for skalaen", "outside the scale"),
}
REGIONS: dict[str, Said] = {
    "denmark": Said("Danmark", "Denmark"),
    "nordic": Said("øvrige Norden", "other Nordic"),
    "elsewhere": Said("andre lande", "other countries"),
    "unknown": Said("ukendt", "unknown"),
}
#: More studies than these are divided by year, so that no page grows too large.
MOST = 240
UNREAD = Said("intet resultat", "no finding")


@dataclass(frozen=True, slots=True)
class Choice:
    """One row of choices: its letter, its question, and its options with how many studies each has."""

    letter: str
    name: Said
    options: tuple[tuple[str, Said, int], ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """One study as the list shows it; ``classes`` are what the choices look at, ``measures`` and ``countries`` what the script does."""

    id: str
    name: str
    title: str
    design: str
    maryland: int
    where: str
    level: str | None
    findings: int
    classes: str
    measures: str
    countries: str


def ids(site: Site) -> tuple[str, ...]:
    """One page; for a bank with more studies than a page can carry, also one for each year."""
    studies = site.edition.bank.studies.values()
    return ("",) if len(studies) <= MOST else ("", *sorted({_year(s) for s in studies}, reverse=True))


def page(site: Site, address: Address) -> WebPage:
    """The list, or the years that it is divided into, or one of these years."""
    bank, language = site.edition.bank, address.language
    years = Counter(_year(s) for s in bank.studies.values()) if len(bank.studies) > MOST else Counter[str]()
    shown = [s for s in bank.studies.values() if not years or _year(s) == address.id]
    studies = sorted(shown, key=lambda s: (alphabetical(label(s, language)), s.id))
    classes = {s.id: _classes(site, s) for s in studies}
    title = f"{_TITLE[language]}: {_year_said(address.id)[language]}" if address.id else _TITLE[language]
    main = rendered(
        "studies.html.j2",
        View(site, address),
        title=title,
        short=_SHORT[language],
        years=[(y, _year_said(y), years[y]) for y in sorted(years, reverse=True)] if not address.id else [],
        listed=[_listed(site, s, classes[s.id], language) for s in studies],
        choices=_choices(classes),
        read=READ,
        measures=_measures(bank.vocabulary, studies, language),
        countries=sorted({(c, bank.vocabulary.label("countries", c, language)) for s in studies for c in s.countries}, key=lambda c: alphabetical(c[1])),
    )
    return WebPage(address, title, _SHORT[language], main, "studies", wide=True, scripts=("studies.js",))


def _year(study: Study) -> str:
    return str(study.year) if study.year else "none"


def _year_said(year: str) -> Said:
    return Said("uden år", "no year") if year == "none" else Said(year, year)


def _classes(site: Site, study: Study) -> dict[str, str]:
    """What each choice sees of a study, by the choice's letter."""
    bank = site.edition.bank
    maryland = bank.maryland(study)
    regions = {t.region for c in study.countries if (t := bank.vocabulary["countries"].get(c))}
    region = "denmark" if "denmark" in regions else "nordic" if "nordic" in regions else "elsewhere" if study.countries else "unknown"
    return {
        "k": study.kind,
        "q": "high" if maryland >= 4 else "some" if maryland else "outside",
        "c": region,
        "r": nearest_level(study) or "nothing",
        "y": f"{study.year // 10 * 10}" if study.year else "none",
    }


def _choices(classes: dict[str, dict[str, str]]) -> tuple[Choice, ...]:
    """The choices with options that at least one study has."""
    decades = sorted({c["y"] for c in classes.values()})
    words: dict[str, tuple[Said, dict[str, Said]]] = {
        "k": (Said("Slags", "Kind"), KINDS),
        "c": (Said("Land", "Country"), REGIONS),
        "q": (Said("Design", "Design"), QUALITIES),
        "y": (Said("Udgivet", "Published"), {d: Said("uden år", "no year") if d == "none" else Said(f"{d}’erne", f"{d}s") for d in decades}),
        "r": (Said("Læst", "Read"), {**{level: READ[level] for level in LEVELS}, "nothing": UNREAD}),
    }
    found = []
    for letter, (name, options) in words.items():
        counts = Counter(c[letter] for c in classes.values())
        found.append(Choice(letter, name, tuple((o, said, counts[o]) for o, said in options.items() if counts[o])))
    return tuple(found)


def _listed(site: Site, study: Study, classes: dict[str, str], language: str) -> Listed:
    bank = site.edition.bank
    return Listed(
        id=study.id,
        name=label(study, language, width=44),
        title=study.title or "",
        design=bank.vocabulary.label("designs", study.design, language),
        maryland=bank.maryland(study),
        where=", ".join(bank.vocabulary.label("countries", c, language) for c in study.countries),
        level=nearest_level(study),
        findings=len(study.finding),
        classes=" ".join(f"{letter}-{value}" for letter, value in classes.items()),
        measures=" ".join(sorted({f.intervention for f in study.finding})),
        countries=" ".join(study.countries),
    )


def _measures(vocabulary: Vocabulary, studies: list[Study], language: str) -> list[tuple[str, str]]:
    """The measures that a study has a finding on, each with everything below it: its terms and its label."""
    used = {f.intervention for s in studies for f in s.finding}
    found = []
    for term in vocabulary["interventions"]:
        under = sorted(vocabulary.under("interventions", term) & used)
        if under:
            found.append((" ".join(under), vocabulary.label("interventions", term, language)))
    return sorted(found, key=lambda m: alphabetical(m[1]))
