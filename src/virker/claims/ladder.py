"""The wording ladder: from a verdict to the strongest sentence that it carries, in Danish and English.

The idea is GRADE's (the verb carries the certainty: "results in", "likely results in", "may result in"; Santesso et al. 2020,
J Clin Epidemiol 119:126-135) and SBU's (each level says how far the result can be trusted: it holds, it is likely to, it is
possible, it cannot be judged; "Så graderas tillförlitligheten i det samlade vetenskapliga underlaget", sbu.se). The words are ours, and so is
the step from STAR's levels to them: STAR counts studies, GRADE grades certainty, and nobody has published a crosswalk.

A frame is a proposal: a person writes the sentence and binds it. The program never changes words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from virker.bank import Bank
from virker.claims.check import Check
from virker.claims.frames import filled
from virker.claims.records import Part
from virker.claims.result import ORDER, PartResult, only_association
from virker.claims.wording import TooStrong, too_strong
from virker.language import Said
from virker.synthesis import Verdict, rule_set
from virker.synthesis.star import STAR


@dataclass(frozen=True, slots=True)
class Proposal:
    """The strongest wording that one part of a claim carries.

    Attributes
    ----------
    part : int
        Which part of the claim, the main one being 0.
    sentence : Said
        The frame, filled with the words of the query; never more than the verdict carries.
    stronger : bool
        The claim's own words say more than that.
    room : bool
        The verdict would carry a higher level than the words ask for.
    because : tuple of Said
        What makes the own words too strong: a word of the lexicon, or the level or direction that they ask for.
    """

    claim: str
    part: int
    direction: str
    level: str | None
    sentence: Said
    stronger: bool
    room: bool
    because: tuple[Said, ...]


def proposals(check: Check, bank: Bank) -> tuple[Proposal, ...]:
    """A proposal for every part of a claim that a verdict was given on and that asks about a measure.

    A part that only names sources reports what they say: there is no measure of which a sentence could tell how sure we are.
    """
    found = []
    for i, (part, result) in enumerate(zip(check.claim.parts, check.parts, strict=False)):
        if result.verdict is not None and part.select is not None and not (part.select.is_named and not part.select.intervention):
            found.append(_proposal(check, i, part, result, result.verdict, bank))
    return tuple(found)


def propose(check: Check, bank: Bank) -> Proposal | None:
    """The proposal for the part that holds worst (of equals the first); None where no verdict was given."""
    found = proposals(check, bank)
    return min(found, key=lambda p: (ORDER.index(check.parts[p.part].status), p.part)) if found else None


def overstated_lines(checks: Sequence[Check], bank: Bank, language: str) -> list[str]:
    """One line for each synthesis claim whose words are too strong: the wording that would hold."""
    lines = []
    for check in checks:
        if check.claim.kind == "synthesis" and check.status == "overstated" and (found := propose(check, bank)) and found.stronger:
            lines.append(f"  {check.claim.id}: {found.sentence[language]}")
    head = Said(
        "Ord, der er for stærke, og det stærkeste, der holder (et forslag: et menneske skriver):",
        "Words that are too strong, and the strongest that hold (a proposal: a person writes):",
    )
    return ["", head[language], *lines] if lines else []


def explained(check: Check, bank: Bank, language: str) -> list[str]:
    """The lines of ``virker explain``: the wording that holds for each part, and how the claim's own words compare."""
    lines = []
    several = len(check.parts) > 1
    for p in proposals(check, bank):
        head = Said(f"Del {p.part + 1}: ", f"Part {p.part + 1}: ")[language] if several else ""
        lines.append(f"  {head}{p.sentence[language]}")
        lines += [f"    {b[language]}" for b in p.because]
        if p.room:
            lines.append("    " + Said("Ordene kunne være stærkere: banken bærer det.", "The words could be stronger: the bank carries it.")[language])
    return ["", Said("Det stærkeste, der kan siges", "The strongest that can be said")[language], *lines] if lines else []


def _proposal(check: Check, number: int, part: Part, result: PartResult, verdict: Verdict, bank: Bank) -> Proposal:
    own = Said(check.claim.da, check.claim.en) if number == 0 else part.says or Said("", "")
    too = _phrases(too_strong(own.da, "da", verdict), too_strong(own.en, "en", verdict))
    asked = () if result.status == "supported" else _asked(part, verdict)
    rules = rule_set(verdict.rule_set)
    assert part.select is not None
    sentence = filled(verdict, part.select, bank, associated=verdict.rule_set == STAR.id and associated(verdict, bank), strict=part.expect.strict)
    room = (
        result.status == "supported"
        and part.expect.level is not None
        and verdict.level is not None
        and verdict.level != part.expect.level
        and rules.at_least(verdict.level, part.expect.level)
    )
    return Proposal(check.claim.id, number, verdict.direction, verdict.level, sentence, bool(too) or result.status != "supported", room, too or asked)


def _phrases(da: TooStrong | None, en: TooStrong | None) -> tuple[Said, ...]:
    """The words of the lexicon that are too strong, told in each language; where only one language has one, both are told of it."""
    if da and en:
        return (Said(f"»{da.phrase}« kræver {da.needs}; der er {da.has}.", f"“{en.phrase}” needs {en.needs}; there is {en.has}."),)
    one = da or en
    if one is None:
        return ()
    where = Said("den danske ordlyd", "the Danish words") if da else Said("den engelske ordlyd", "the English words")
    return (Said(f"»{one.phrase}« er for stærkt ({where.da}).", f"“{one.phrase}” is too strong ({where.en})."),)


def _asked(part: Part, verdict: Verdict) -> tuple[Said, ...]:
    """The level that the claim says its words need, where the verdict does not reach it."""
    rules, level = rule_set(verdict.rule_set), part.expect.level
    if level is None or level not in rules.levels or rules.at_least(verdict.level, level):
        return ()
    has = rules.level_labels.get(verdict.level or "", Said("intet niveau", "no level"))
    return (Said(f"Ordene kræver {rules.level_labels[level].da}; der er {has.da}.", f"The words need {rules.level_labels[level].en}; there is {has.en}."),)


def associated(verdict: Verdict, bank: Bank) -> bool:
    """Whether everything counted is an association, so that no sentence may say that anything works."""
    counted = [[row for a in c.findings if (row := bank.finding(a))] for c in verdict.contributions if c.counted]
    return bool(counted) and all(
        only_association([r.finding for r in rows], max((bank.maryland(r.study) for r in rows), default=0), all(r.study.kind != "primary" for r in rows))
        for rows in counted
    )
