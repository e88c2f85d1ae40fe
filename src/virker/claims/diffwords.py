"""What changed, in words: the sentences that the newsletter, the comment for a merge request and the terminal share."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from virker.bank import Row
from virker.bank.references import short_name
from virker.bank.show import effect_said
from virker.claims.diff import Difference, Item, Judged, Moved
from virker.claims.records import STATUS_LABELS, Status
from virker.language import DIRECTIONS, Said, counted, day_said, joined, number
from virker.synthesis import rule_set

RESULT, RESULTS = Said("resultat", "finding"), Said("resultater", "findings")
STUDY, STUDIES = Said("studie", "study"), Said("studier", "studies")
CLAIM, CLAIMS = Said("påstand", "claim"), Said("påstande", "claims")

#: Fields that a reader meets most, by the name that a reader would use.
_FIELDS = {
    "effect": Said("tallet", "the number"),
    "effect_low": Said("tallets nedre ende", "the lower end of the number"),
    "effect_high": Said("tallets øvre ende", "the upper end of the number"),
    "direction": Said("retningen", "the direction"),
    "significant": Said("om det er signifikant", "whether it is significant"),
    "unit": Said("enheden", "the unit"),
    "se": Said("standardfejlen", "the standard error"),
    "outcome": Said("udfaldet", "the outcome"),
    "intervention": Said("indsatsen", "the measure"),
    "target_group": Said("målgruppen", "the target group"),
    "origin.level": Said("hvor tæt på kilden det er læst", "how near to the source it was read"),
    "origin.document": Said("kilden", "the source"),
    "origin.place": Said("stedet i kilden", "the place in the source"),
    "design": Said("designet", "the design"),
    "assessment": Said("kvalitetsmærket", "the quality mark"),
    "includes": Said("listen over studier", "the list of studies"),
    "note": Said("læserens note", "the reader's note"),
    "title": Said("titlen", "the title"),
    "authors": Said("forfatterne", "the authors"),
    "year": Said("året", "the year"),
}
_WENT = {
    "withdrawn": Said("trukket tilbage", "withdrawn"),
    "superseded": Said("erstattet af", "superseded by"),
    "absent": Said("ikke i banken", "not in the bank"),
}


def moment(of: date | int | None) -> Said:
    """A day, a year or now, as a reader is told it."""
    if of is None:
        return Said("nu", "now")
    if isinstance(of, int):
        return Said(f"litteraturen til og med {of}", f"the literature up to {of}")
    return day_said(of)


def study_name(diff: Difference, name: str) -> str:
    """``Maibom et al. (2017)``, from whichever of the two states has the study."""
    study = diff.after.bank.studies.get(name) or diff.before.bank.studies.get(name)
    return short_name(study) if study else name


def row_of(diff: Difference, address: str) -> Row | None:
    """The finding as it is now, or as it was when it is gone."""
    return diff.after.bank.finding(address) or diff.before.bank.finding(address)


def finding_said(diff: Difference, address: str) -> Said:
    """``meetings → employment: positive, 3 weeks``."""
    row = row_of(diff, address)
    if row is None:
        return Said(address, address)
    told = []
    for language in ("da", "en"):
        label = diff.after.bank.vocabulary.label
        way = DIRECTIONS[row.finding.direction][language] if row.finding.direction else "–"
        size = effect_said(row, language)
        less = Said(" (mindre)", " (less)")[language] if row.finding.contrast == "less" else ""
        about = f"{label('interventions', row.finding.intervention, language)}{less} → {label('outcomes', row.finding.outcome, language)}"
        told.append(f"{about}: {way}{', ' + size if size else ''}")
    return Said(*told)


def fields_said(item: Item) -> Said:
    """``the number: 3 → 2; the direction: positive → none``."""
    return joined([_field_said(f.name, f.old, f.new) for f in item.fields], "; ")


def _field_said(name: str, old: object, new: object) -> Said:
    label = _FIELDS.get(name, Said(name, name))
    if name in ("note", "title", "population", "design_note", "sample") or "_because" in name:
        return label + Said(" er skrevet om", " was rewritten")
    return Said(
        f"{label.da}: {_value(name, old, 'da')} → {_value(name, new, 'da')}",
        f"{label.en}: {_value(name, old, 'en')} → {_value(name, new, 'en')}",
    )


def _value(name: str, value: object, language: str) -> str:
    if value is None or value == ():
        return Said("intet", "nothing")[language]
    if name == "direction" and str(value) in DIRECTIONS:
        return DIRECTIONS[str(value)][language]
    if isinstance(value, bool):
        return {"da": ("nej", "ja"), "en": ("no", "yes")}[language][value]
    if isinstance(value, (int, float)):
        return str(value) if name in ("year", "id") else number(value, language)
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def gone_said(item: Item) -> Said:
    """``withdrawn: an error in table 2``; ``superseded by x#4``; ``not in the bank``."""
    told = _WENT[item.why]
    if item.why == "superseded":
        return told + Said(f" {item.reason}", f" {item.reason}")
    return told + Said(f": {item.reason}", f": {item.reason}") if item.reason else told


def verdict_said(judged: Judged) -> Said:
    """``positive, moderate evidence``; that there is no verdict, where there is none."""
    if not judged.rule_set:
        return Said("ingen dom", "no verdict")
    level = rule_set(judged.rule_set).level_labels.get(judged.level or "")
    way = DIRECTIONS[judged.direction]
    return way + Said(f", {level.da}", f", {level.en}") if level else way


def status_said(status: Status | None) -> Said:
    """A status by its label; that there is no such claim, where there is none."""
    return STATUS_LABELS[status] if status else Said("fandtes ikke", "not there")


def why_said(diff: Difference, moved: Moved) -> tuple[Said, ...]:
    """Which findings under the claim came, went or changed; whether the claim itself was rewritten; or that it is none of these."""
    said = []
    if moved.came:
        said.append(Said("Nyt under den: ", "New under it: ") + _grouped(diff, moved.came))
    if moved.went:
        said.append(Said("Væk under den: ", "Gone from under it: ") + _grouped(diff, moved.went))
    if moved.changed:
        said.append(
            Said("Ændret under den: ", "Changed under it: ") + joined([_changed(diff, a) for a in moved.changed[:4]], "; ") + _more(len(moved.changed) - 4)
        )
    if moved.rewritten:
        fields = ", ".join(moved.rewritten)
        said.append(Said(f"Påstanden selv er ændret ({fields}).", f"The claim itself was changed ({fields})."))
    if not moved.explained and moved.before and moved.after:
        said.append(
            Said(
                "Hverken resultaterne under den eller påstanden er ændret: se ordforråd, forsøg og oversigters lister.",
                "Neither the findings under it nor the claim changed: see the vocabulary, trials and reviews' lists.",
            )
        )
    return tuple(said)


def _changed(diff: Difference, address: str) -> Said:
    study = address.partition("#")[0]
    if address.startswith("rules/"):
        return Said(f"loven ({address})", f"the law ({address})")
    item = diff.by_address.get(address) or diff.by_address.get(study)
    told = fields_said(item) if item else Said("", "")
    return Said(f"{address} ({told.da})", f"{address} ({told.en})")


def _grouped(diff: Difference, addresses: Iterable[str]) -> Said:
    """Addresses by study: the study's name, the number of findings, and why they went."""
    by_study: dict[str, list[str]] = {}
    for a in addresses:
        by_study.setdefault(a.partition("#")[0], []).append(a)
    told = []
    for study, own in list(by_study.items())[:5]:
        one = finding_said(diff, own[0]) if len(own) == 1 else counted(len(own), RESULT, RESULTS)
        item = diff.by_address.get(own[0])
        because = Said("; ", "; ") + gone_said(item) if item and item.how == "went" else Said("", "")
        name = study_name(diff, study)
        told.append(Said(f"{name} ({one.da}{because.da})", f"{name} ({one.en}{because.en})"))
    return joined(told, ", ") + _more(len(by_study) - 5)


def _more(count: int) -> Said:
    return Said(f" og {count} til", f" and {count} more") if count > 0 else Said("", "")
