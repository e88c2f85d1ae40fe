"""Works as texts cite them: (Author, year) in the text, and the list at the end.

A reference is made from what the bank says of a study. Addresses of copies are never printed: only the DOI, and else the
publisher's or institution's own page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from virker.bank import Bank
from virker.bank.records import Study
from virker.bank.references import is_institution, surname
from virker.publish.wording import AND, ET_AL, NO_DATE, NO_TITLE


@dataclass(frozen=True, slots=True)
class Reference:
    """One entry of a reference list: ``lead`` (authors and year), ``title`` (with its final mark), ``rest``, and a link where the work has one."""

    study: str
    cite: str
    lead: str
    title: str
    rest: str
    link: str | None
    link_text: str | None

    @property
    def text(self) -> str:
        """The whole entry as plain text."""
        return " ".join(p for p in (self.lead, self.title, self.rest, self.link or "") if p)


def turned(author: str) -> str:
    """Surname first, then initials.

    >>> turned("Jakob R. Munch"), turned("DAMVAD"), turned("Jens-Peter Holm")
    ('Munch, J. R.', 'DAMVAD', 'Holm, J.-P.')
    """
    family = surname(author)
    given = author[: len(author) - len(family)].split()
    return f"{family}, {' '.join(_initial(g) for g in given)}" if given else family


def _initial(name: str) -> str:
    return "-".join(f"{part[0]}." for part in name.strip(".").split("-") if part)


def who(study: Study, language: str, short: Mapping[str, str] | None = None) -> str:
    """Whom a text names: one, two, or the first and others; an institution that comes first stands alone."""
    authors = list(study.authors)
    if not authors:
        return study.publisher or _shortened(study.container or study.title or study.id, 32)
    if is_institution(authors[0]):
        return (short or {}).get(authors[0], authors[0].partition(" – ")[0])  # SBU – its long name: SBU
    names = [surname(a) for a in authors if not is_institution(a)]
    if len(names) > 2:
        return f"{names[0]} {ET_AL[language]}"
    return f" {AND[language]} ".join(names)


def year_of(study: Study, language: str) -> str:
    """The year, or that there is none."""
    return str(study.year) if study.year else NO_DATE[language]


def label(study: Study, language: str, short: Mapping[str, str] | None = None, width: int = 28) -> str:
    """A study's name in a figure or table: short, with its year and the letter that its id carries."""
    letter = re.search(r"-\d{4}([a-z])$", study.id)
    return f"{_shortened(who(study, language, short), width - 5)} {year_of(study, language)}{letter[1] if letter else ''}"


def references(bank: Bank, studies: Iterable[str], language: str) -> dict[str, Reference]:
    """The list of the works cited, sorted as a reader looks them up; works not in the bank are left out (they are problems)."""
    cited = sorted({s for s in studies if s in bank.studies}, key=lambda s: _order(bank.studies[s], language))
    letters = _letters([bank.studies[s] for s in cited], language)
    return {s: _reference(bank.studies[s], letters[s], language) for s in cited}


def _reference(study: Study, letter: str, language: str) -> Reference:
    year = year_of(study, language) + letter
    people = [turned(a) for a in study.authors]
    authors = people[0] if len(people) == 1 else f"{', '.join(people[:-1])} {AND[language]} {people[-1]}" if people else who(study, language)
    place = [p for p in (study.container, study.publisher if study.publisher not in (study.container, authors) else None) if p]
    isbn = f"ISBN {study.isbn}." if study.isbn else ""
    rest = " ".join(p for p in (". ".join(p.rstrip(".") for p in place) + "." if place else "", isbn) if p)
    link = f"https://doi.org/{study.doi}" if study.doi else study.url
    return Reference(
        study=study.id,
        cite=f"{who(study, language)}, {year}",
        lead=f"{authors} ({year}).",
        title=_closed(study.title or NO_TITLE[language]),
        rest=rest,
        link=link,
        link_text=link,
    )


def _closed(title: str) -> str:
    """A title with its final mark: a full stop unless it asks or exclaims."""
    return title if title.endswith(("?", "!", ".")) else f"{title}."


def _letters(studies: Sequence[Study], language: str) -> dict[str, str]:
    """Letters after the year where two works would be cited alike: those of their ids when these differ, else in order of title."""
    groups: dict[str, list[Study]] = {}
    for study in studies:
        groups.setdefault(f"{who(study, language)}, {study.year}", []).append(study)
    letters = {s.id: "" for s in studies}
    for same in (g for g in groups.values() if len(g) > 1):
        own = [found[1] if (found := re.search(r"-\d{4}([a-z])$", s.id)) else "" for s in same]
        chosen = own if all(own) and len(set(own)) == len(own) else [chr(97 + i) for i in range(len(same))]
        letters.update({s.id: letter for s, letter in zip(same, chosen, strict=True)})
    return letters


def _order(study: Study, language: str) -> tuple[str, int, str]:
    lead = " ".join(turned(a) for a in study.authors) or who(study, language)
    return alphabetical(lead), study.year or 9999, study.title or ""


def alphabetical(text: str) -> str:
    """A key that sorts æ, ø and å after z, as Danish does.

    >>> sorted(["Åberg", "Zhang", "Østergaard", "Ærø"], key=alphabetical)
    ['Zhang', 'Ærø', 'Østergaard', 'Åberg']
    """
    return text.casefold().translate(str.maketrans("æäøöåüé", "{{||}ye"))


def _shortened(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1].rstrip() + "…"
