"""What changed, for a terminal and for programs."""

from __future__ import annotations

from typing import Any

import msgspec

from virker.claims.diff import Difference, Item, Moved, by_study
from virker.claims.diffwords import fields_said, finding_said, gone_said, status_said, study_name, verdict_said, why_said
from virker.claims.newsletter import in_short, nothing_changed
from virker.language import Said

#: So many lines of one kind are shown in the terminal; the JSON has them all.
_MOST = 40


def text(diff: Difference, since: Said, until: Said, language: str) -> str:
    """First in short, then claims that moved and why, then studies and findings."""
    lines = [f"{since[language]} → {until[language]}"]
    if diff.nothing:
        return "\n".join([*lines, nothing_changed()[language]])
    lines.append(in_short(diff)[language])
    for title, moved in (
        (Said("Faldet", "Fell"), diff.fell),
        (Said("Steget", "Rose"), tuple(c for c in diff.claims if c.rose)),
        (Said("Ændret, samme status", "Changed, same status"), tuple(c for c in diff.claims if c.before == c.after)),
        (Said("Nye og slettede påstande", "New and deleted claims"), tuple(c for c in diff.claims if c.before is None or c.after is None)),
    ):
        lines += _listed(title[language], [line for c in moved for line in _claim(diff, c, language)])
    for title, how in ((Said("Kom", "Came"), "came"), (Said("Gik", "Went"), "went"), (Said("Ændret", "Changed"), "changed")):
        lines += _listed(title[language], _items(diff, how, language))
    return "\n".join(lines)


def _claim(diff: Difference, moved: Moved, language: str) -> list[str]:
    was, now = status_said(moved.before)[language], status_said(moved.after)[language]
    lines = [f"  {moved.claim.id}: {was} → {now}" if was != now else f"  {moved.claim.id}: {now}"]
    for old, new in moved.verdicts:
        part = Said(f"dom, del {old.part + 1}", f"verdict, part {old.part + 1}")[language]
        lines.append(f"      {part}: {verdict_said(old)[language]} → {verdict_said(new)[language]}")
    return lines + [f"      {w[language]}" for w in why_said(diff, moved)]


def _items(diff: Difference, how: str, language: str) -> list[str]:
    lines = []
    for item in diff.studies:
        if item.how == how and how == "changed":
            lines.append(f"  {item.address}: {fields_said(item)[language]}")
        elif item.how == how and not any(f.address.startswith(f"{item.address}#") for f in diff.findings):
            lines.append(f"  {item.address}  {study_name(diff, item.address)}{_reason(item, language)}")
    for study, items in by_study(diff.findings, how).items():  # type: ignore[arg-type]  # one of the three
        if how == "came" and len(items) > 3:
            lines.append(f"  {study}  {study_name(diff, study)}: " + Said(f"{len(items)} resultater", f"{len(items)} findings")[language])
            continue
        for item in items:
            told = fields_said(item)[language] if how == "changed" else finding_said(diff, item.address)[language] + _reason(item, language)
            lines.append(f"  {item.address}  {told}")
    return lines


def _reason(item: Item, language: str) -> str:
    return f" ({gone_said(item)[language]})" if item.how == "went" else ""


def _listed(title: str, lines: list[str]) -> list[str]:
    if not lines:
        return []
    return ["", title, *lines[:_MOST], *([f"  … +{len(lines) - _MOST} (--format json)"] if len(lines) > _MOST else [])]


def as_data(diff: Difference, since: Said, until: Said) -> dict[str, Any]:
    """The difference as plain data."""
    return {
        "format": 1,
        "from": {"da": since.da, "en": since.en, "digest": diff.before.bank.digest},
        "to": {"da": until.da, "en": until.en, "digest": diff.after.bank.digest},
        "nothing": diff.nothing,
        "summary": {"da": in_short(diff).da, "en": in_short(diff).en} if not diff.nothing else {"da": nothing_changed().da, "en": nothing_changed().en},
        "studies": [_item_data(i) for i in diff.studies],
        "findings": [_item_data(i) for i in diff.findings],
        "claims": [_claim_data(diff, c) for c in diff.claims],
    }


def as_json(diff: Difference, since: Said, until: Said) -> str:
    """:func:`as_data` as indented JSON."""
    return msgspec.json.format(msgspec.json.encode(as_data(diff, since, until)), indent=2).decode()


def _item_data(item: Item) -> dict[str, Any]:
    fields = [{"field": f.name, "old": f.old, "new": f.new} for f in item.fields]
    return {"address": item.address, "how": item.how, "why": item.why or None, "reason": item.reason or None, "fields": fields}


def _claim_data(diff: Difference, moved: Moved) -> dict[str, Any]:
    why = why_said(diff, moved)
    return {
        "id": moved.claim.id,
        "says": {"da": moved.claim.da, "en": moved.claim.en},
        "before": moved.before,
        "after": moved.after,
        "fell": moved.fell,
        "rose": moved.rose,
        "verdicts": [
            {"part": a.part + 1, "rule_set": b.rule_set or a.rule_set, "before": [a.direction, a.level], "after": [b.direction, b.level]}
            for a, b in moved.verdicts
        ],
        "came": list(moved.came),
        "went": list(moved.went),
        "changed": list(moved.changed),
        "rewritten": list(moved.rewritten),
        "why": {"da": [w.da for w in why], "en": [w.en for w in why]},
    }
