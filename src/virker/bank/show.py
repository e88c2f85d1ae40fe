"""A study as text: what it is, what it found, and where that was read."""

from __future__ import annotations

from virker.bank.bank import Bank
from virker.bank.records import Study
from virker.bank.references import short_name
from virker.bank.rows import Row
from virker.language import DIRECTIONS, Said, number
from virker.vocabulary import Vocabulary


def show(bank: Bank, study: Study, language: str) -> str:
    """Everything the bank has on one study."""
    v = bank.vocabulary
    lines = [f"{study.id}  {short_name(study)}", f"  {study.title or Said('(uden titel)', '(no title)')[language]}"]
    lines += [f"  {part}" for part in (study.container, f"https://doi.org/{study.doi}" if study.doi else None, study.url) if part]
    design = v["designs"].get(study.design)
    maryland = f", Maryland {design.maryland}" if design and design.maryland else ""
    quality = (
        study.assessment.mark
        if study.assessment
        else Said("kvalitet udledt af designet, ikke vurderet", "quality derived from the design, not assessed")[language]
    )
    lines.append(f"  {v.label('designs', study.design, language)}{maryland}; {quality}")
    if study.trial:
        papers = ", ".join(s.id for s in bank.studies.values() if s.trial == study.trial and s.id != study.id)
        lines.append(
            Said(f"  Forsøg: {study.trial}; andre artikler om det: {papers or 'ingen'}", f"  Trial: {study.trial}; other papers on it: {papers or 'none'}")[
                language
            ]
        )
    if study.version_of:
        lines.append(Said(f"  Tidligere udgave af {study.version_of}", f"  Earlier version of {study.version_of}")[language])
    for row in (r for r in bank.rows if r.study.id == study.id):
        lines += ["", *_finding(row, v, language)]
    for c in bank.corrections:
        if c.study == study.id:
            lines += ["", f"! {c.where}: {c.what_da if language == 'da' else c.what_en}"]
    if notes := bank.reading_notes.get(study.id):
        lines += ["", notes]
    return "\n".join(lines)


def _finding(row: Row, v: Vocabulary, language: str) -> list[str]:
    f = row.finding
    direction = DIRECTIONS[f.direction][language] if f.direction else "–"
    size = effect_said(row, language)
    group = ", ".join(v.label("target_groups", t, language) for t in (f.subgroup or f.target_group))
    lines = [
        f"#{f.id}  {direction}{': ' + size if size else ''}",
        f"    {v.label('interventions', f.intervention, language)} ({f.contrast}) → {v.label('outcomes', f.outcome, language)}; {group}",
        f"    {f.origin.document} ({f.origin.level}{', ' + f.origin.place if f.origin.place else ''})",
    ]
    return [*lines, f"    {f.note}"] if f.note else lines


def effect_said(row: Row, language: str) -> str:
    """The effect as printed: number or range, unit, precision; empty where only a direction is known."""
    f = row.finding
    if f.effect is not None:
        size = signed(f.effect, language)
    elif f.effect_low is not None and f.effect_high is not None:
        between = "–" if min(f.effect_low, f.effect_high) >= 0 else {"da": " til ", "en": " to "}[language]
        size = f"{signed(f.effect_low, language)}{between}{signed(f.effect_high, language)}"
    elif f.effect_low is not None or f.effect_high is not None:
        bound = f.effect_low if f.effect_low is not None else f.effect_high
        size = ("≥ " if f.effect_low is not None else "≤ ") + signed(bound or 0.0, language)
    else:
        return ""
    precise = f" (SE {number(f.se, language)})" if f.se is not None else ""
    return f"{size} {UNITS.get(f.unit, Said(f.unit, f.unit))[language]}{precise}"


def signed(value: float, language: str) -> str:
    """A number with a true minus sign, which no reader takes for a hyphen.

    >>> signed(-2.5, "da")
    '−2,5'
    """
    return ("−" if value < 0 else "") + number(abs(value), language)


UNITS: dict[str, Said] = {
    "pp": Said("procentpoint", "percentage points"),
    "percent": Said("procent", "per cent"),
    "days": Said("dage", "days"),
    "weeks": Said("uger", "weeks"),
    "months": Said("måneder", "months"),
    "hours-per-month": Said("timer om måneden", "hours a month"),
    "persons": Said("personer", "persons"),
    "ratio": Said("gange", "times"),
    "elasticity": Said("(elasticitet)", "(elasticity)"),
    "hazard-ratio": Said("(hazardratio)", "(hazard ratio)"),
    "risk-ratio": Said("(risikoratio)", "(risk ratio)"),
    "odds-ratio": Said("(oddsratio)", "(odds ratio)"),
    "hedges-g": Said("(Hedges' g)", "(Hedges' g)"),
    "scale-points": Said("skalapoint", "scale points"),
    "pp-per-year": Said("procentpoint om året", "percentage points a year"),
    "DKK": Said("kr.", "DKK"),
    "EUR": Said("euro", "euros"),
    "USD": Said("dollar", "dollars"),
    "EUR-per-month": Said("euro om måneden", "euros a month"),
}
