"""Which work of the bank is it that a note names? One, two or more, none, or none but one that is nearly so."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from virker.annotate.citations import Citation
from virker.bank import Bank
from virker.bank.records import Study
from virker.bank.references import is_institution, surname
from virker.errors import MissingExtra
from virker.language import Said

#: So many letters of a name may be wrong: one in a short name, two in a longer. Ours.
WRONG_LETTERS, LONG_NAME = 2, 6
#: So many years a citation may be off and still be shown as a likely slip. Ours.
YEARS_OFF = 3


def folded(name: str) -> str:
    """A name without accents and case, so that Hägglund is Hagglund.

    >>> folded("Hägglund"), folded("van den Berg"), folded("Sørensen")
    ('hagglund', 'vandenberg', 'sorensen')
    """
    plain = unicodedata.normalize("NFKD", name.casefold().replace("ø", "o").replace("æ", "ae").replace("ß", "ss"))
    return re.sub(r"[^a-z]", "", "".join(c for c in plain if not unicodedata.combining(c)))


@dataclass(frozen=True, slots=True)
class _Work:
    study: Study
    surnames: tuple[str, ...]
    given: frozenset[str]
    institutions: frozenset[str]
    letter: str


class Works:
    """The bank's works by the names that a text would use; ``aliases`` are other names of institutions (STAR, DØR)."""

    def __init__(self, bank: Bank, aliases: Mapping[str, str] | None = None) -> None:
        self.bank = bank
        self.aliases = {folded(k): folded(v) for k, v in (aliases or {}).items()}
        self._works = [_work(s) for s in bank.studies.values() if s.year is not None]
        self._by_name: dict[str, list[_Work]] = defaultdict(list)
        for work in self._works:
            for name in {*work.surnames[:1], *work.institutions}:
                self._by_name[name].append(work)
        self._trials = {name.casefold(): t.id for t in bank.trials.values() for name in _trial_names(t.da, t.en)}
        spoken = {a for s in bank.studies.values() for a in s.authors if is_institution(a)} | {s.publisher for s in bank.studies.values() if s.publisher}
        #: Names of institutions, as texts write them: these are one author each.
        self.institutions: tuple[str, ...] = tuple(sorted({*spoken, *(aliases or {})}))

    def trials_in(self, text: str) -> tuple[str, ...]:
        """Ids of trials that the text names by the name they are known under (*Hurtigt i gang 2*), the longest name first."""
        low = " ".join(text.casefold().split())
        found = {self._trials[n]: None for n in sorted(self._trials, key=len, reverse=True) if re.search(rf"(?<!\w){re.escape(n)}(?!\w)", low)}
        return tuple(found)

    def match(self, citation: Citation) -> Citation:
        """The citation with the works that it may be."""
        names = [self.aliases.get(folded(n), folded(n)) for n in citation.names]
        same = [w for w in self._by_name.get(names[0], ()) if _names_fit(names, citation.others, w)]
        fits = [w for w in same if w.study.year == citation.year and (not citation.letter or w.letter in ("", citation.letter))]
        if citation.letter and any(w.letter == citation.letter for w in fits):
            fits = [w for w in fits if w.letter == citation.letter]
        if len(fits) == 1:
            return replace(citation, outcome="one", works=(fits[0].study.id,))
        if fits:
            return self._several(citation, fits)
        near = self._other_year(citation, same) or self._misspelt(citation, names) or self._cut(citation, names)
        return near or replace(citation, outcome="none", why=Said("banken har intet værk af det navn", "the bank has no work of that name"))

    def _several(self, citation: Citation, fits: Sequence[_Work]) -> Citation:
        told = _bare_citation(citation.text)
        read = [w.study.id for w in fits if w.study.cited_as and told in _bare_citation(w.study.cited_as)]
        ids = (*read, *(w.study.id for w in fits if w.study.id not in read))
        why = Said("flere værker har de forfattere og det år", "several works have these authors and that year")
        if len(read) == 1:
            why += Said(f"; i kildenotatet er det læst som {read[0]}", f"; in the source note it is read as {read[0]}")
        return replace(citation, outcome="several", works=ids, why=why)

    def _other_year(self, citation: Citation, same: Iterable[_Work]) -> Citation | None:
        gap = min((abs((w.study.year or 0) - citation.year) for w in same), default=YEARS_OFF + 1)
        if gap > YEARS_OFF:
            return None
        off = [w for w in same if abs((w.study.year or 0) - citation.year) == gap]
        years = ", ".join(str(y) for y in dict.fromkeys(w.study.year for w in off))
        why = Said(f"året passer ikke: i banken er det {years}", f"the year does not fit: in the bank it is {years}")
        return replace(citation, outcome="near", works=tuple(w.study.id for w in off), why=why)

    def _misspelt(self, citation: Citation, names: Sequence[str]) -> Citation | None:
        scored = []
        for first, distance in _like(names[0], self._by_name):
            for work in self._by_name[first]:
                gap = abs((work.study.year or 0) - citation.year)
                if gap > YEARS_OFF or (work.letter and citation.letter and work.letter != citation.letter):
                    continue
                rest = _rest_distance(names[1:], citation.others, work)
                if rest is not None and (gap == 0 or distance + rest[0] <= 1):
                    scored.append((distance + rest[0] + gap, work, rest[1]))
        if not scored:
            return None
        scored.sort(key=lambda s: s[0])
        best = [w for score, w, _ in scored if score == scored[0][0]]
        why = _how_it_differs(citation, best[0], scored[0][2])
        read = sorted(best, key=lambda w: not (w.study.cited_as and _bare_citation(citation.text) in _bare_citation(w.study.cited_as)))
        if len(best) > 1:
            why += Said(f"; {len(best)} værker har det navn og år", f"; {len(best)} works have that name and year")
        return replace(citation, outcome="near", works=tuple(w.study.id for w in read), why=why)

    def _cut(self, citation: Citation, names: Sequence[str]) -> Citation | None:
        """An institution whose name is cut short or written longer."""
        if len(names) > 1 or len(names[0]) < 12:
            return None
        like = [w for n, ws in self._by_name.items() if len(n) >= 12 and (names[0] in n or n in names[0]) for w in ws if w.study.year == citation.year]
        if not like:
            return None
        why = Said("navnet er skåret over eller skrevet længere", "the name is cut or written longer")
        return replace(citation, outcome="near", works=tuple(dict.fromkeys(w.study.id for w in like)), why=why)


def _work(study: Study) -> _Work:
    people = [a for a in study.authors if not is_institution(a)]
    surnames = tuple(folded(surname(a)) for a in people)
    given = frozenset(folded(w) for a in people for w in a.removesuffix(surname(a)).split() if len(w) > 3)
    own = {folded(a.partition(" – ")[0]) for a in study.authors if is_institution(a)} | ({folded(study.publisher)} if study.publisher else set())
    letter = re.search(r"-\d{4}([a-z])$", study.id)
    return _Work(study, surnames, given, frozenset(own), letter[1] if letter else "")


def _trial_names(da: str, en: str) -> tuple[str, ...]:
    """The names that a trial is known under: its labels, and what stands in brackets in the English one."""
    own = re.search(r"\(([^)]+)\)$", en)
    return tuple(n for n in (da, en, own[1] if own else "") if len(n.split()) > 1)


def _names_fit(names: Sequence[str], others: bool, work: _Work) -> bool:
    """Whether these are the work's authors as a text names them; where the bank knows only the first author, the first is enough."""
    if len(names) == 1 and names[0] in work.institutions:
        return True
    if others:
        return work.surnames[: len(names)] == tuple(names) and (len(work.surnames) > len(names) or len(work.surnames) == 1)
    return work.surnames == tuple(names)


def _like(name: str, known: Mapping[str, object]) -> list[tuple[str, int]]:
    """Known names within a letter or two of ``name``, itself included; a Danish genitive's s is no mistake."""
    try:
        from rapidfuzz import process
        from rapidfuzz.distance import OSA
    except ImportError:  # pragma: no cover - installed with the tests
        raise MissingExtra("note", "Comparing names") from None
    most = WRONG_LETTERS if len(name) >= LONG_NAME else 1
    return [(str(k), int(d)) for k, d, _ in process.extract(name, list(known), scorer=OSA.distance, score_cutoff=most, limit=8)]


def _rest_distance(names: Sequence[str], others: bool, work: _Work) -> tuple[int, str] | None:
    """How far the other names are from the work's, and a word on it where one of them is a middle name; None when they are others."""
    theirs = work.surnames[1:]
    if others or not names:
        return (0, "") if others == bool(theirs) or not work.surnames[1:] else (1, "authors")
    total, middle = 0, ""
    for name in names:
        close = _like(name, dict.fromkeys(theirs))
        if close:
            total += close[0][1]
        elif name in work.given:
            total, middle = total + 1, name
        else:
            return None
    return (total + abs(len(theirs) - len(names)), middle or ("authors" if len(theirs) != len(names) else ""))


def _how_it_differs(citation: Citation, work: _Work, told: str) -> Said:
    who = " & ".join(surname(a) for a in work.study.authors[:3]) + (" …" if len(work.study.authors) > 3 else "")
    if told == "authors":
        return Said(f"forfatterne passer ikke helt: i banken er de {who}", f"the authors do not quite fit: in the bank they are {who}")
    if told:
        return Said(f"et mellemnavn er brugt som efternavn: forfatterne er {who}", f"a middle name is used as a surname: the authors are {who}")
    if work.study.year != citation.year:
        return Said(f"navn og år passer ikke: {who} ({work.study.year})", f"name and year do not fit: {who} ({work.study.year})")
    return Said(f"navnet er stavet anderledes: {who}", f"the name is spelt otherwise: {who}")


def _bare_citation(text: str) -> str:
    plain = re.sub(r"\b(?:og|and)\b|[&,()./]|\s", "", text.casefold())
    return re.sub(r"(?:etal|mfl)", "", plain)


@dataclass(frozen=True, slots=True)
class SameWork:
    """One piece of evidence that a note names in two ways: with two years, or with two names."""

    works: tuple[str, ...]
    texts: tuple[str, ...]
    versions: bool


def named_twice(bank: Bank, citations: Iterable[Citation]) -> tuple[SameWork, ...]:
    """Works that the note names in two ways: versions of one work under two years, or one work under two names."""
    by_root: dict[str, list[Citation]] = defaultdict(list)
    for c in citations:
        if c.works and (c.outcome == "one" or (c.outcome == "near" and len(c.works) == 1)):
            by_root[_family(bank, c.works[0])].append(c)
    out = []
    for cited in by_root.values():
        works = tuple(dict.fromkeys(c.works[0] for c in cited))
        ways = {(frozenset(folded(n) for n in c.names) if c.outcome == "near" else frozenset({"as written"}), c.year, c.letter) for c in cited}
        if len(works) > 1 or len(ways) > 1:
            texts = tuple(dict.fromkeys(c.text for c in cited))
            out.append(SameWork(works, texts, len(works) > 1))
    return tuple(out)


def _family(bank: Bank, study: str) -> str:
    seen: set[str] = set()
    while study not in seen and (above := bank.studies[study].version_of) in bank.studies and above:
        seen.add(study)
        study = above
    return study
