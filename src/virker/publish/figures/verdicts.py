"""The rule sets side by side: what each published way of grading says of the same findings."""

from __future__ import annotations

from collections.abc import Mapping

from virker.claims.edition import Edition
from virker.language import DIRECTIONS, WAYS, Said, pointing
from virker.publish.figures.figure import Figure, Grid
from virker.publish.figures.settings import FigureBook, Section
from virker.publish.wording import SIGNS
from virker.synthesis import evidence_units, judging, rule_set, verdict_on
from virker.synthesis.verdict import Reading

NO_LEVEL = Said("intet niveau", "no level")


def verdicts(edition: Edition, book: FigureBook, section: Section, language: str) -> Figure:
    """One row for each rule set and question: direction, level, counts, and what changes if only printed significance counts."""
    rows: list[tuple[str, ...]] = []
    told: list[str] = []
    for panel in section.panel:
        units = evidence_units(edition.bank, edition.bank.select(panel.select), panel.select)
        for rules in [rule_set(name) for name in book.rule_sets or judging()]:
            said = verdict_on(units, rules)
            level = rules.level_labels.get(said.level or "", NO_LEVEL)[language]
            counts = ", ".join(pointing(said.counts[d], d)[language].replace(" ", "\u00a0", 1) for d in WAYS if said.counts.get(d)) or "0"
            strict = _strict(said.strict, rules.level_labels, language)
            rows.append(
                (rules.label[language], panel.said[language], f"{SIGNS[said.direction]}\u00a0{DIRECTIONS[said.direction][language]}", level, counts, strict)
            )
            told.append(f"{panel.said[language]}, {rules.label[language]}: {DIRECTIONS[said.direction][language]}, {level}")
    header = Said(
        "Regelsæt|Spørgsmål|Retning|Niveau|Talt med|Kun trykt signifikans",
        "Rule set|Question|Direction|Level|Counted|Printed significance only",
    )[language].split("|")
    if len(section.panel) == 1:  # the caption names the only question
        header.pop(1)
        rows = [(r[0], *r[2:]) for r in rows]
    caption = Said(f"{section.da}: regelsættene side om side", f"{section.en}: the rule sets side by side")[language]
    return Figure("table", caption, "; ".join(told) + ".", Grid(tuple(header), tuple(rows)))


def _strict(reading: Reading | None, labels: Mapping[str, Said], language: str) -> str:
    if reading is None:
        return Said("uændret", "unchanged")[language]
    level = said[language] if (said := labels.get(reading.level or "")) else ""
    return ", ".join(p for p in (DIRECTIONS[reading.direction][language], level) if p)
