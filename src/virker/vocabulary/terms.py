"""Terms and their trees, read from ``bank/vocabulary/*.toml``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Literal, get_args

import msgspec

from virker.errors import Problem, nearest, relative
from virker.files import line_of, read_text, read_toml

Kind = Literal["interventions", "target_groups", "outcomes", "mechanisms", "designs", "countries"]
KINDS: tuple[Kind, ...] = get_args(Kind)


class Term(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One word of the field, in both languages.

    ``maryland`` is for designs (1-5, 0 where the scale does not apply), ``region`` for countries, ``jobeffekter`` the
    category of Jobeffekter.dk where it is known.
    """

    id: str
    da: str
    en: str
    parent: str | None = None
    definition_da: str | None = None
    definition_en: str | None = None
    jobeffekter: str | None = None
    maryland: int | None = None
    region: str | None = None
    source: str | None = None

    def label(self, language: str) -> str:
        """The label in ``da`` or ``en``."""
        return self.da if language == "da" else self.en


class Vocabulary:
    """All terms by kind, with their trees."""

    def __init__(self, terms: Mapping[str, Iterable[Term]]) -> None:
        self._terms: dict[str, dict[str, Term]] = {kind: {t.id: t for t in terms.get(kind, ())} for kind in KINDS}
        self._up = {kind: {i: tuple(self._climb(kind, i)) for i in self._terms[kind]} for kind in KINDS}

    def __getitem__(self, kind: Kind) -> Mapping[str, Term]:
        return self._terms[kind]

    def ancestors(self, kind: Kind, term: str) -> tuple[str, ...]:
        """``term`` and everything above it, nearest first; just the word itself when it is unknown."""
        return self._up[kind].get(term, (term,))

    def under(self, kind: Kind, term: str) -> set[str]:
        """``term`` and everything below it."""
        return {i for i, up in self._up[kind].items() if term in up}

    def label(self, kind: Kind, term: str, language: str) -> str:
        """The term's label, or the id itself when the term is unknown."""
        found = self._terms[kind].get(term)
        return found.label(language) if found else term

    def hint(self, kind: Kind, word: str) -> str:
        """What to write instead of an unknown ``word``."""
        return f"{nearest(word, self._terms[kind])} The terms are in bank/vocabulary/{kind}.toml"

    def _climb(self, kind: str, term: str) -> list[str]:
        seen: list[str] = []
        at: str | None = term
        while at is not None and at not in seen:
            seen.append(at)
            found = self._terms[kind].get(at)
            at = found.parent if found else None
        return seen


class _File(msgspec.Struct, forbid_unknown_fields=True):
    term: list[Term]


def load_vocabulary(folder: Path, root: Path, problems: list[Problem]) -> Vocabulary:
    """Read ``<folder>/<kind>.toml`` for every kind; problems (with file and line) are added to ``problems``."""
    terms: dict[str, list[Term]] = {}
    for kind in KINDS:
        path = folder / f"{kind}.toml"
        shown = relative(path, root)
        text = read_text(path, shown, problems)
        data = read_toml(text, shown, problems) if text is not None else None
        if text is None or data is None:
            continue
        try:
            terms[kind] = msgspec.convert(data, _File).term
        except msgspec.ValidationError as error:
            problems.append(Problem(shown, 0, str(error), "a term has id, da, en, and optionally parent and definitions"))
            continue
        _check_tree(terms[kind], text, shown, problems)
    return Vocabulary(terms)


def _check_tree(terms: list[Term], text: str, shown: str, problems: list[Problem]) -> None:
    ids = [t.id for t in terms]
    for i in sorted({i for i in ids if ids.count(i) > 1}):
        second = text.find(f'id = "{i}"', text.find(f'id = "{i}"') + 1)
        problems.append(Problem(shown, line_of(text, f'id = "{i}"', second), f"the term '{i}' stands twice", "keep one of them"))
    for term in terms:
        if term.parent is not None and term.parent not in ids:
            line = line_of(text, f'parent = "{term.parent}"')
            problems.append(Problem(shown, line, f"'{term.id}' has the unknown parent '{term.parent}'", nearest(term.parent, ids)))
