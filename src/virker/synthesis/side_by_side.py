"""The disagreement view as text: every rule set's verdict, where they part and why, and what other banks have printed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from virker.bank import Bank, Query, names
from virker.language import DIRECTIONS, Said
from virker.synthesis.crosswalk import NOT_COMPARABLE, RUNGS, rung_said, step
from virker.synthesis.disagreement import Disagreement, parting_said
from virker.synthesis.external import NEARNESS, External, Nearness, Silent, words_of
from virker.synthesis.registry import RULE_SETS, verdict
from virker.synthesis.report import verdict_said
from virker.synthesis.verdict import Verdict
from virker.vocabulary import Vocabulary

_WIDTH = 42


def question_said(query: Query, vocabulary: Vocabulary) -> Said:
    """``meetings (on) → employment, unemployment; unemployed people``: what was asked."""

    def told(language: str) -> str:
        measure = ", ".join(vocabulary.label("interventions", w, language) for w in names(query.intervention)) or "…"
        outcome = ", ".join(vocabulary.label("outcomes", w, language) for w in names(query.outcome))
        group = ", ".join(vocabulary.label("target_groups", w, language) for w in names(query.target_group))
        less = {"da": " (mindre)", "en": " (less)"}[language] if query.contrast == "less" else ""
        return measure + less + (f" → {outcome}" if outcome else "") + (f"; {group}" if group else "")

    return Said(told("da"), told("en"))


def verdict_lines(found: Disagreement, language: str) -> list[str]:
    """One line for each rule set: direction, level, counted pieces of evidence, and the rung on the crosswalk."""
    lines = []
    for name, said in found.verdicts.items():
        rules = RULE_SETS[name]
        level = rules.level_labels.get(said.level or "", Said("intet niveau", "no level"))[language]
        counted = sum(said.counts.values())
        rung = rung_said(name, said.level)
        shown = "" if rung is NOT_COMPARABLE else f"  ≈ {rung[language]}"
        talt = {"da": "talt", "en": "counted"}[language]
        lines.append(f"  {rules.label[language]:<{_WIDTH}} {DIRECTIONS[said.direction][language]:<20} {level:<24} {counted:>3} {talt}{shown}")
    missing = [r for name, r in RULE_SETS.items() if name not in found.verdicts]
    return lines + [
        Said(f"  ! {r.label.da}: kræver pip install 'virker[{r.extra}]'", f"  ! {r.label.en}: needs pip install 'virker[{r.extra}]'")[language] for r in missing
    ]


def parting_lines(found: Disagreement, language: str) -> list[str]:
    """Where they part and because of which rule; where they agree, that they do, and whether strength is judged differently."""
    lines = []
    if found.agree:
        lines.append(Said("  De siger alle det samme om retningen.", "  They all say the same of the direction.")[language])
    if len(found.rungs) > 1:
        rungs = "; ".join(RUNGS[r][language] for r in found.rungs)
        lines.append(Said(f"  Styrken dømmer de forskelligt: {rungs}.", f"  They judge strength differently: {rungs}.")[language])
    return lines + [f"  ≠ {parting_said(p)[language]}" for p in found.partings]


def external_lines(others: Sequence[tuple[External, Nearness]], bank: Bank, first: str, language: str) -> list[str]:
    """What other banks have printed, each beside our own verdict on *their* question, with what is known of why the two differ."""
    if not others:
        return [Said("  Andre banker: ingen trykt dom om dette spørgsmål.", "  Other banks: no printed verdict on this question.")[language]]
    lines = [Said("  Andre banker, og vores dom om deres spørgsmål:", "  Other banks, and our verdict on their question:")[language]]
    for entry, near in others:
        ours = verdict(bank, entry.query, first)
        what = entry.what_da if language == "da" else entry.what_en
        lines.append(f"    {entry.bank}: {words_of(entry, language)}")
        lines.append(f"      {what} ({NEARNESS[near][language]})")
        lines.append(f"      {against(entry, ours)[language]}")
        if because := (entry.because_da if language == "da" else entry.because_en):
            lines.append(f"      {because}")
    return lines


def against(entry: External, ours: Verdict) -> Said:
    """How an external verdict stands to ours on the same question: direction first, then strength, where they can be compared."""
    said = Said("vi siger ", "we say ") + verdict_said(ours, RULE_SETS[ours.rule_set])
    if entry.direction is None:
        head = Said("Ingen retning at sammenligne; ", "No direction to compare; ") + said
    elif ours.direction == "too-little" != entry.direction:
        head = Said("Vi har for lidt viden til at dømme; de siger ", "We have too little evidence to judge; they say ") + DIRECTIONS[entry.direction]
    elif entry.direction != ours.direction:
        theirs = DIRECTIONS[entry.direction]
        head = Said(f"AFVIGER: de siger {theirs.da}, ", f"DIFFERS: they say {theirs.en}, ") + said
    else:
        head = _strength(entry, ours) + Said("; ", "; ") + said
    same = entry.study is not None and any(c.unit == entry.study and c.counted for c in ours.contributions)
    return head + (Said(". Vores dom tæller den samme gennemgang.", ". Our verdict counts the same review.") if same else Said(".", "."))


def _strength(entry: External, ours: Verdict) -> Said:
    mine, theirs = step(ours.rule_set, ours.level), step(entry.scale or "", entry.level)
    if not mine or not theirs or mine.rung is None or theirs.rung is None:
        return Said("Samme retning, styrken kan ikke sammenlignes", "The same direction, strength cannot be compared")
    lower = list(RUNGS).index(theirs.rung) - list(RUNGS).index(mine.rung)
    if not lower:
        return Said("Enige", "They agree")
    if lower > 0:
        return Said("AFVIGER: samme retning, svagere end vores", "DIFFERS: the same direction, weaker than ours")
    return Said("AFVIGER: samme retning, stærkere end vores", "DIFFERS: the same direction, stronger than ours")


def silent_lines(silent: Iterable[Silent], language: str) -> list[str]:
    """Banks whose verdicts are printed nowhere that we have read."""
    return [f"! {s.bank}: {s.why_da if language == 'da' else s.why_en}" for s in silent]
