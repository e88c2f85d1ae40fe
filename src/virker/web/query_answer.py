"""What the query page answers: the verdict with its reasons, every rule set beside it, why they part, and the findings."""

from __future__ import annotations

from typing import Any

from virker.bank import Row
from virker.claims.frames import filled
from virker.claims.ladder import associated
from virker.language import Language, Said
from virker.publish.wording import LEVELS
from virker.synthesis import RULE_SETS, Units, evidence_units, judging, verdict_on
from virker.synthesis.disagreement import disagreements_on, parting_said
from virker.synthesis.side_by_side import question_said
from virker.synthesis.star import STAR
from virker.web.asked import Asked
from virker.web.finding_words import told
from virker.web.measure_parts import lines_of
from virker.web.measure_verdict import others, rule_line
from virker.web.site import Site

#: More lines than these are in the files only: a page must stay light.
MOST_LINES, MOST_FINDINGS = 80, 60
#: More findings than these, and why the rule sets part is asked of the API: it leaves rules out one at a time, and a page must answer at once.
MOST_PARTED = 1_000
#: The files that the findings of a question can be taken home as.
FORMATS: tuple[tuple[str, Said], ...] = (
    ("csv", Said("CSV", "CSV")),
    ("xlsx", Said("Excel", "Excel")),
    ("json", Said("JSON", "JSON")),
    ("ris", Said("RIS (referencer)", "RIS (references)")),
    ("bib", Said("BibTeX (referencer)", "BibTeX (references)")),
)


def answer_to(site: Site, asked: Asked, language: Language) -> dict[str, Any]:
    """Everything that the page shows of the answer."""
    bank, query = site.edition.bank, asked.query
    rows = bank.select(query)
    units = evidence_units(bank, rows, query)
    verdicts = {name: verdict_on(units, rules, asked.settings_of(name)) for name, rules in judging().items()}
    chosen, rules = verdicts[asked.rule_set], RULE_SETS[asked.rule_set]
    lines = lines_of(site, units, chosen, language)
    return {
        "answer": chosen,
        "asked_said": _upper(question_said(query, bank.vocabulary)[language]),
        "sentence": filled(chosen, query, bank, associated=chosen.rule_set == STAR.id and associated(chosen, bank)),
        "rules": rules,
        "changed": [(f"{r}.{n}", s.value, RULE_SETS[r].settings[n].value) for r, some in asked.settings.items() for n, s in some.items()],
        "verdicts": [(rule_line(name, v), bool(asked.settings_of(name))) for name, v in verdicts.items()],
        "agree": len({v.direction for v in verdicts.values()}) == 1,
        "partings": _partings(units, asked, rows),
        "others": others(site, query),
        "lines": lines[:MOST_LINES],
        "more_lines": max(0, len(lines) - MOST_LINES),
        "pieces": len(lines),
        "read": LEVELS,
        "findings": [(told(r, bank.vocabulary, language), r.study.id) for r in rows[:MOST_FINDINGS]],
        "count": len(rows),
        "aside": len(units.aside),
    }


def _partings(units: Units, asked: Asked, rows: tuple[Row, ...]) -> list[Said] | None:
    """Why the rule sets differ, by their own settings; None where it was not asked: settings were changed, or there are too many findings."""
    if asked.settings or len(rows) > MOST_PARTED:
        return None
    return [parting_said(p) for p in disagreements_on(units, asked.query, asked.rule_set).partings]


def _upper(words: str) -> str:
    return words[:1].upper() + words[1:]
