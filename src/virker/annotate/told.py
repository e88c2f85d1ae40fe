"""An annotation in words, in one language: what the page, the Word comments and the terminal all say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from virker.annotate.annotation import SURE_LABELS, Annotated, Annotation
from virker.annotate.citations import OUTCOME_LABELS, Citation
from virker.bank import Bank
from virker.claims.check import Check
from virker.claims.records import STATUS_LABELS, STATUS_SIGNS, STATUSES, Status
from virker.language import Language, Said
from virker.publish.behind import finding_lines, verdict_words
from virker.publish.references import label

NO_CLAIM = Said("ingen påstand fundet", "no claim found")
NO_CLAIM_SIGN = "○"
MAYBE = Said("måske: ", "perhaps: ")
#: So many findings are named under a sentence; the rest are counted. Ours.
MOST_FINDINGS = 6
#: So much of a title tells works of one name apart. Ours.
TITLE_WIDTH = 44


@dataclass(frozen=True, slots=True)
class Told:
    """What is said of one sentence.

    ``look`` is its class on the page: the status, ``unsure-`` before it where the reading is unsure, or ``none``.
    """

    id: str
    text: str
    look: str
    sign: str
    status: str
    sure: str
    claims: tuple[str, ...]
    reasons: tuple[str, ...]
    verdicts: tuple[str, ...]
    findings: tuple[str, ...]
    unsure: tuple[str, ...]
    holds: str
    citations: tuple[str, ...]
    corrections: tuple[str, ...]
    why_none: str
    heading: bool

    @property
    def tested(self) -> bool:
        """Whether there is more to tell than that no claim was found."""
        return self.look != "none" or bool(self.citations or self.corrections)


def told(a: Annotation, bank: Bank, language: Language) -> Told:
    """One annotation in words."""
    checks = () if a.instead else a.checks
    findings = _findings(checks, language)
    because = tuple(dict.fromkeys(line for c in checks for line in _reasons(c.claim.id, [r[language] for r in c.reasons], len(checks) > 1)))
    more = len(findings) - MOST_FINDINGS
    return Told(
        id=a.sentence.id,
        text=a.sentence.text,
        look="none" if a.status is None else f"{'unsure-' if a.sure == 'unsure' else ''}{a.status}",
        sign=sign_of(a),
        status=NO_CLAIM[language] if a.status is None else (MAYBE[language] if a.sure == "unsure" else "") + STATUS_LABELS[a.status][language],
        sure=SURE_LABELS[a.sure][language] if a.sure else "",
        claims=tuple(c.claim.id for c in a.checks) if a.sure == "known" else (),
        reasons=(a.instead[language],) if a.instead else because,
        verdicts=tuple(dict.fromkeys(v for c in checks for v in verdict_words(c, language))),
        findings=findings[:MOST_FINDINGS] + ((Said(f"og {more} til", f"and {more} more")[language],) if more > 0 else ()),
        unsure=tuple(u[language] for u in a.candidate.unsure) if a.candidate else (),
        holds=a.holds[language] if a.holds else "",
        citations=tuple(citation_words(c, bank, language) for c in a.citations if c.outcome != "one"),
        corrections=tuple(c.what_da if language == "da" else c.what_en for c in a.corrections),
        why_none=a.none_because[language] if a.none_because else "",
        heading=a.sentence.heading,
    )


def _findings(checks: Sequence[Check], language: Language) -> tuple[str, ...]:
    """The findings that decided, those of one study that say the same on one line: ``Humlum m.fl. 2025: + positiv, læst i resumé (humlum-2025 #4 #12)``."""
    lines: dict[str, dict[str, list[str]]] = {}
    for check in checks:
        for f in (f for f in finding_lines(check, language) if f.decides and not f.seed):
            study, _, number = f.address.partition("#")
            numbers = lines.setdefault(f"{f.study}: {f.direction}, {f.read}", {}).setdefault(study, [])
            numbers += [f"#{number}"] if f"#{number}" not in numbers else []
    return tuple(f"{said} ({'; '.join(' '.join((s, *n)) for s, n in where.items())})" for said, where in lines.items())


def _reasons(claim: str, reasons: list[str], several: bool) -> list[str]:
    """Why a claim came out as it did, with its name where the sentence has several."""
    return [f"{claim}: {r}" for r in reasons] if several else reasons


def sign_of(a: Annotation) -> str:
    """The sign of a status, with a question mark where the reading is unsure."""
    return NO_CLAIM_SIGN if a.status is None else STATUS_SIGNS[a.status] + ("?" if a.sure == "unsure" else "")


def citation_words(c: Citation, bank: Bank, language: Language) -> str:
    """``Benchke et al., 2010: no work, but one that is like it: …``."""
    works = ", ".join(f"{work_words(bank, w, language, len(c.works) > 1)} [{w}]" for w in c.works)
    tail = f" → {works}" if works else ""
    why = f": {c.why[language]}" if c.why[language] else ""
    return f"{c.text}: {OUTCOME_LABELS[c.outcome][language]}{why}{tail}"


def work_words(bank: Bank, work: str, language: Language, among_others: bool) -> str:
    """A work's name; beside others of the same name with the first words of its title."""
    study = bank.studies[work]
    name = label(study, language)
    title = (study.title or "")[:TITLE_WIDTH].rstrip()
    return f"{name}, {title}{'…' if len(study.title or '') > TITLE_WIDTH else ''}" if among_others and title else name


@dataclass(frozen=True, slots=True)
class Count:
    """How many sentences have a status, and how many of them by an unsure reading."""

    status: Status | None
    read: int
    unsure: int


def counts(note: Annotated) -> tuple[Count, ...]:
    """Sentences by status, what holds first; those without a claim last."""
    found = Counter((a.status, a.sure == "unsure") for a in note.annotations)
    rows = [Count(s, found[s, False], found[s, True]) for s in (*reversed(STATUSES), None)]
    return tuple(r for r in rows if r.read or r.unsure)


def summary(note: Annotated, bank: Bank, language: Language) -> str:
    """Ten seconds: how many sentences hold, what the others are, and which citations to look at."""
    total = len(note.annotations)
    known = sum(a.sentence.known is not None for a in note.annotations)
    green = sum(a.green for a in note.annotations)
    lines = [
        Said(
            f"{note.note.path.name}: {total} sætninger; {green} holder, {known} kendes igen fra kildenotatet.",
            f"{note.note.path.name}: {total} sentences; {green} hold, {known} are recognised from the source note.",
        )[language],
        "",
    ]
    for c in counts(note):
        sign = NO_CLAIM_SIGN if c.status is None else STATUS_SIGNS[c.status]
        name = NO_CLAIM[language] if c.status is None else STATUS_LABELS[c.status][language]
        more = Said(f"  og {c.unsure} måske (usikker læsning)", f"  and {c.unsure} perhaps (unsure reading)")[language] if c.unsure else ""
        lines.append(f"  {sign} {c.read:>4}  {name}{more}")
    lines += ["", *citation_lines(note, bank, language)]
    return "\n".join(lines)


def citation_lines(note: Annotated, bank: Bank, language: Language) -> list[str]:
    """The citations, those to look at first: what matches no work, two works, or one that is only like it."""
    cited = note.citations
    odd = [(c, where) for c, where in cited if c.outcome != "one"]
    lines = [
        Said(
            f"{len(cited)} henvisninger: {len(cited) - len(odd)} er ét værk i banken, {len(odd)} skal ses efter.",
            f"{len(cited)} citations: {len(cited) - len(odd)} are one work in the bank, {len(odd)} to be looked at.",
        )[language]
    ]
    order = {"none": 0, "near": 1, "several": 2}
    lines += [f"  {', '.join(where)}  {citation_words(c, bank, language)}" for c, where in sorted(odd, key=lambda x: order[x[0].outcome])]
    for same in note.twice:
        lines.append("  " + twice_words(same.works, same.texts, same.versions)[language])
    return lines


def twice_words(works: tuple[str, ...], texts: tuple[str, ...], versions: bool) -> Said:
    """One piece of evidence named in two ways."""
    both, ids = "; ".join(texts), ", ".join(works)
    if versions:
        return Said(f"Versioner af ét værk, der tæller som ét vidne: {both} ({ids})", f"Versions of one work, which count as one witness: {both} ({ids})")
    return Said(f"Ét værk under to navne: {both} ({ids})", f"One work under two names: {both} ({ids})")
