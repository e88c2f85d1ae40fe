"""A verdict as text: the direction and level, why, and what each piece of evidence gave."""

from __future__ import annotations

from virker.language import DIRECTIONS, Said
from virker.synthesis.rulesets import RuleSet
from virker.synthesis.verdict import Verdict


def verdict_said(verdict: Verdict, rules: RuleSet) -> Said:
    """``positive, strong evidence``: direction and level in both languages."""
    direction, level = DIRECTIONS[verdict.direction], rules.level_labels.get(verdict.level or "")
    return Said(direction.da + (f", {level.da}" if level else ""), direction.en + (f", {level.en}" if level else ""))


def verdict_text(verdict: Verdict, rules: RuleSet, language: str) -> str:
    """The verdict with its reasons, marks, contributions and what was set aside, for a terminal."""
    lines = [f"{rules.label[language]}: {verdict_said(verdict, rules)[language]}"]
    lines += [f"  {r[language]}" for r in verdict.reasons]
    lines += [f"  ! {m[language]}" for m in verdict.marks]
    for c in sorted(verdict.contributions, key=lambda c: (not c.counted, c.unit)):
        lines.append(f"  {'•' if c.counted else '·'} {c.unit:<30} {DIRECTIONS[c.direction][language]:<13} {c.why[language]}")
    if verdict.not_counted:
        lines.append(Said(f"  Vist, ikke talt: {len(verdict.not_counted)} resultater", f"  Shown, not counted: {len(verdict.not_counted)} findings")[language])
    return "\n".join(lines)
