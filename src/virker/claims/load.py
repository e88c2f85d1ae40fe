"""Reading claims, sentences and attestations of a workspace."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from virker.bank.bank import Bank
from virker.bank.query import Query, names
from virker.claims.gaps import FILE as GAPS
from virker.claims.gaps import Gap, load_gaps
from virker.claims.records import Attestation, Claim, Sentence
from virker.decode import decode
from virker.errors import ContentError, Problem, nearest, relative
from virker.files import line_of, read_text, read_toml
from virker.vocabulary import Kind


@dataclass(frozen=True, slots=True)
class ClaimBook:
    """Everything that is claimed: the claims in order, the source note's sentences, who last read what, and what is not known."""

    claims: tuple[Claim, ...]
    sentences: tuple[Sentence, ...]
    attestations: dict[str, Attestation]
    places: dict[str, tuple[str, int]]
    gaps: tuple[Gap, ...] = ()

    def claim(self, name: str) -> Claim | None:
        return next((c for c in self.claims if c.id == name), None)


class _Sentences(msgspec.Struct, forbid_unknown_fields=True):
    sentence: list[Sentence]


def load_claims(folder: Path, root: Path, bank: Bank | None = None) -> ClaimBook:
    """Read ``claims/*.toml``, ``gaps.toml``, ``sentences.toml`` and ``attestations.toml`` under ``folder``.

    With a bank, the terms and studies in every query are checked against it.

    Raises
    ------
    ContentError
        With every problem found.
    """
    problems: list[Problem] = []
    claims: list[Claim] = []
    places: dict[str, tuple[str, int]] = {}
    for path in sorted((folder / "claims").glob("*.toml")):
        _read_claims(path, root, bank, claims, places, problems)
    sentences = _read_sentences(folder / "sentences.toml", root, problems)
    attestations = read_attestations(folder / "attestations.toml", root, problems)
    _check_sentences(claims, sentences, places, problems)
    gaps = load_gaps(folder, root, problems)
    problems += _gap_problems(gaps, places, folder / GAPS, root, bank)
    if problems:
        raise ContentError(problems)
    return ClaimBook(tuple(claims), tuple(sentences), attestations, places, gaps)


def _gap_problems(gaps: tuple[Gap, ...], places: dict[str, tuple[str, int]], path: Path, root: Path, bank: Bank | None) -> list[Problem]:
    """Gaps named like a claim, and words in their queries that the bank does not know. That nothing answers is what a gap says."""
    if not gaps:
        return []
    shown, text = relative(path, root), path.read_text(encoding="utf-8")
    problems = []
    for gap in gaps:
        start = max(text.find(f"[{gap.id}]"), 0)
        if gap.id in places:
            problems.append(Problem(shown, line_of(text, f"[{gap.id}]"), f"the gap '{gap.id}' has the id of a claim", "give it another id"))
        for query in gap.select if bank is not None else ():
            assert bank is not None
            problems += [Problem(shown, line_of(text, f'"{word}"', start), what, todo) for word, what, todo in unknown_words(query, bank, f"gap '{gap.id}'")]
    return problems


def _read_claims(path: Path, root: Path, bank: Bank | None, claims: list[Claim], places: dict[str, tuple[str, int]], problems: list[Problem]) -> None:
    shown = relative(path, root)
    text = read_text(path, shown, problems)
    data = read_toml(text, shown, problems) if text is not None else None
    if text is None or data is None:
        return
    for name, body in data.items():
        start = text.find(f"[{name}]")
        line = line_of(text, f"[{name}]")
        if not isinstance(body, dict):
            problems.append(Problem(shown, line_of(text, f"{name} ="), f"'{name}' is no claim", "a claim is a table: [its-id]"))
            continue
        if name in places:
            problems.append(
                Problem(shown, line, f"the claim id '{name}' is used twice (also in {places[name][0]}:{places[name][1]})", "give one of them another id")
            )
            continue
        claim = _decode_claim(name, body, shown, text, start, problems)
        if claim is None:
            continue
        places[name] = (shown, line)
        claims.append(claim)
        if not claim.parts:
            problems.append(Problem(shown, line, f"the claim '{name}' expects nothing", "give it select and expect, or parts under also"))
        if bank is not None:
            for query in (p.select for p in claim.parts if p.select):
                problems += [Problem(shown, line_of(text, f'"{word}"', start), what, todo) for word, what, todo in query_problems(query, bank, name)]


def _decode_claim(name: str, body: dict[str, Any], shown: str, text: str, start: int, problems: list[Problem]) -> Claim | None:
    def locate(steps: list[str | int]) -> int:
        last = next((s for s in reversed(steps) if isinstance(s, str)), "")
        return line_of(text, last, max(start, 0)) if last else line_of(text, f"[{name}]")

    before = len(problems)
    claim = decode({**body, "id": name}, Claim, shown, locate, problems)
    problems[before:] = [Problem(p.path, p.line, f"claim '{name}': {p.what}", p.todo) for p in problems[before:]]
    return claim


#: Fields of a query that hold terms, and the vocabulary they come from.
_TERM_FIELDS: dict[str, Kind] = {
    "intervention": "interventions",
    "without": "interventions",
    "target_group": "target_groups",
    "not_target_group": "target_groups",
    "subgroup": "target_groups",
    "outcome": "outcomes",
    "mechanism": "mechanisms",
    "design": "designs",
    "country": "countries",
}


def query_problems(query: Query, bank: Bank, owner: str) -> list[tuple[str, str, str]]:
    """``(word, what, todo)`` for everything in a claim's query that the bank does not know, and for one that matches nothing."""
    found = unknown_words(query, bank, f"claim '{owner}'")
    if not query.is_named and not found and not bank.ever_matched(query):
        found.append((owner, f"claim '{owner}': the query matches nothing in the bank", "widen it, or code the study it means; try it with virker bank query"))
    return found


def unknown_words(query: Query, bank: Bank, owner: str) -> list[tuple[str, str, str]]:
    """``(word, what, todo)`` for every term, study, trial or finding in the query that the bank does not know."""
    found = []
    for field, kind in _TERM_FIELDS.items():
        for word in names(getattr(query, field)):
            if word not in bank.vocabulary[kind]:
                found.append((word, f"{owner}: '{word}' is no term for {field}", bank.vocabulary.hint(kind, word)))
    for word in names(query.study):
        if word not in bank.studies:
            found.append((word, f"{owner}: the study '{word}' is not in the bank", nearest(word, bank.studies)))
    for word in names(query.trial):
        if word not in bank.trials:
            found.append((word, f"{owner}: the trial '{word}' is not in the bank", nearest(word, bank.trials)))
    for word in names(query.finding):
        if bank.finding(word) is None:
            found.append((word, f"{owner}: there is no finding '{word}'", "see the study's findings: virker bank show STUDY"))
    return found


def _read_sentences(path: Path, root: Path, problems: list[Problem]) -> list[Sentence]:
    if not path.exists():
        return []
    shown = relative(path, root)
    text = read_text(path, shown, problems)
    data = read_toml(text, shown, problems) if text is not None else None
    if text is None or data is None:
        return []
    read = decode(data, _Sentences, shown, lambda steps: line_of(text, f"{steps[-1]} =") if steps else 1, problems)
    return read.sentence if read else []


def read_attestations(path: Path, root: Path, problems: list[Problem]) -> dict[str, Attestation]:
    """Who last read each claim; an absent file means nobody has."""
    if not path.exists():
        return {}
    shown = relative(path, root)
    text = read_text(path, shown, problems)
    data = read_toml(text, shown, problems) if text is not None else None
    if text is None or data is None:
        return {}
    try:
        return msgspec.convert(data, dict[str, Attestation])
    except msgspec.ValidationError as error:
        problems.append(Problem(shown, 0, str(error), "the file is written by: virker attest CLAIM --by NAME"))
        return {}


def _check_sentences(claims: list[Claim], sentences: list[Sentence], places: dict[str, tuple[str, int]], problems: list[Problem]) -> None:
    known = {s.id: s for s in sentences}
    covered: set[str] = set()
    for claim in claims:
        for sentence in claim.sentences:
            covered.add(sentence)
            shown, line = places[claim.id]
            if sentences and sentence not in known:
                problems.append(Problem(shown, line, f"claim '{claim.id}' names the unknown sentence {sentence}", "the sentences are in notes/sentences.toml"))
            elif sentences and known[sentence].no_claim_en is not None:
                problems.append(Problem(shown, line, f"sentence {sentence} has claim '{claim.id}' and is marked as no claim", "keep one of the two"))
    for known_one in sentences:
        if known_one.id not in covered and known_one.no_claim_en is None:
            problems.append(
                Problem(
                    "notes/sentences.toml",
                    0,
                    f"sentence {known_one.id} has no claim and no reason for that",
                    "bind it to a claim, or write no_claim_da and no_claim_en",
                )
            )
