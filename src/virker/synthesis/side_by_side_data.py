"""The disagreement view as plain data, for programs: the same as the text says, with the rules named by their ids."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from virker.bank import Bank
from virker.language import Said
from virker.synthesis.crosswalk import step
from virker.synthesis.disagreement import Disagreement, Parting, parting_said
from virker.synthesis.external import External, Nearness
from virker.synthesis.registry import verdict
from virker.synthesis.side_by_side import against


def answer_data(found: Disagreement, others: Sequence[tuple[External, Nearness]], bank: Bank) -> dict[str, Any]:
    """One question: every rule set's verdict, where they part and why, and other banks' printed verdicts beside ours on their question."""
    return {
        "query": msgspec.to_builtins(found.query),
        "agree": found.agree,
        "verdicts": [
            {
                "rule_set": name,
                "version": v.version,
                "direction": v.direction,
                "level": v.level,
                "rung": s.rung if (s := step(name, v.level)) else None,
                "counts": dict(v.counts),
                "reasons": [_said(r) for r in v.reasons],
                "marks": [_said(m) for m in v.marks],
            }
            for name, v in found.verdicts.items()
        ],
        "partings": [_parting(p) for p in found.partings],
        "external": [_external(entry, near, bank, found.first) for entry, near in others],
    }


def _parting(p: Parting) -> dict[str, Any]:
    return {
        "rule_set": p.rule_set,
        "direction": p.direction,
        "wanted": p.wanted,
        "rules_of": p.of,
        "because": [s.id for s in p.because],
        "also": [s.id for s in p.also],
        "says": _said(parting_said(p)),
    }


def _external(entry: External, near: Nearness, bank: Bank, first: str) -> dict[str, Any]:
    ours = verdict(bank, entry.query, first)
    return {
        **msgspec.to_builtins(entry),
        "nearness": near,
        "ours": {"rule_set": first, "direction": ours.direction, "level": ours.level},
        "says": _said(against(entry, ours)),
    }


def _said(told: Said) -> dict[str, str]:
    return {"da": told.da, "en": told.en}
