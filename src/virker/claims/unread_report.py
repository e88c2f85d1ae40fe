"""The works to get and read: as text for whoever reads them, as JSON for programs, as CSV for the library that gets them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from virker.bank.references import authors_short, csl
from virker.bank.show import effect_said
from virker.claims.records import STATUS_LABELS
from virker.claims.unread import WHY, Wanted, Why, Work, number_said
from virker.language import DIRECTIONS, Said, counted, number
from virker.vocabulary import Vocabulary

_WAYS: tuple[Why, ...] = ("untraced", "nearer", "beside")
_WORK = (Said("værk", "work"), Said("værker", "works"))
_CLAIM = (Said("påstand", "claim"), Said("påstande", "claims"))
_CONTRAST = {"on": Said("givet", "given"), "more": Said("mere", "more"), "less": Said("mindre", "less"), "unknown": Said("retning ukendt", "way unknown")}
_LEVEL = {
    "seed": Said("notatet alene", "the note alone"),
    "secondary": Said("en omtale i en anden tekst", "a retelling in another text"),
    "abstract": Said("et resumé", "an abstract"),
    "text": Said("teksten", "the text"),
    "table": Said("en tabel", "a table"),
}
_COLUMNS: tuple[tuple[str, Said], ...] = (
    ("rank", Said("nr.", "no.")),
    ("study", Said("id", "id")),
    ("untraced", Said("påstande uden anden kilde", "claims without another source")),
    ("claims", Said("påstande i alt", "claims in all")),
    ("reference", Said("reference", "reference")),
    ("authors", Said("forfattere", "authors")),
    ("year", Said("år", "year")),
    ("title", Said("titel", "title")),
    ("container", Said("tidsskrift eller serie", "journal or series")),
    ("publisher", Said("udgiver", "publisher")),
    ("doi", Said("DOI", "DOI")),
    ("isbn", Said("ISBN", "ISBN")),
    ("url", Said("adresse", "address")),
    ("language", Said("sprog", "language")),
    ("why", Said("hvorfor det ikke er læst, og hvad der er usikkert", "why it has not been read, and what is unsure")),
)


def todo_text(works: Sequence[Work], references: Mapping[str, str], vocabulary: Vocabulary, language: str) -> str:
    """A paragraph for each work: its reference, why it has not been read, what to look for, and which claims hang on it."""
    if not works:
        return Said(
            "Intet mangler at blive læst: hver påstand står på kilder, nogen har læst.",
            "Nothing is left to read: every claim stands on sources that somebody has read.",
        )[language]
    untraced = {h.claim for w in works for h in w.hanging("untraced")}
    head = counted(len(works), *_WORK) + Said(" skal skaffes og læses. ", " to get and read. ") + counted(len(untraced), *_CLAIM)
    lines = [(head + Said(" står helt eller delvis på notatet alene.", " with nothing, in whole or in part, but the note to stand on."))[language]]
    for rank, work in enumerate(works, 1):
        lines += ["", f"{rank}. {work.study.id}  ({_counts(work)[language]})", f"   {references.get(work.study.id, work.study.title or work.study.id)}"]
        lines += [f"   ! {why}" for why in not_read_because(work, language)]
        for wanted in work.wanted:
            lines += [f"   {line}" for line in _look_for(wanted, vocabulary, language)]
        for way in _WAYS:
            if hanging := work.hanging(way):
                told = ", ".join(f"{h.claim} [{STATUS_LABELS[h.status][language]}]" for h in hanging)
                lines.append(f"   {WHY[way][language]}: {told}")
    first = next((w.row.address for work in works for w in work.wanted if w.row), None)
    if first:
        lines += [
            "",
            Said(f"Når et værk er skaffet: virker bank read {first} skriver skemaet.", f"When a work is at hand: virker bank read {first} writes the form.")[
                language
            ],
        ]
    return "\n".join(lines)


def todo_csv(works: Sequence[Work], references: Mapping[str, str], language: str) -> str:
    """One line a work, for the library that gets it; opens in Excel with its æøå."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([label[language] for _, label in _COLUMNS])
    for rank, work in enumerate(works, 1):
        s = work.study
        known: dict[str, object] = {
            "rank": rank,
            "study": s.id,
            "untraced": len(work.hanging("untraced")),
            "claims": len(work.claims),
            "reference": references.get(s.id, ""),
            "authors": "; ".join(s.authors) or authors_short(s),
            "why": "; ".join(not_read_because(work, language)),
        }
        writer.writerow([v if (v := known.get(name, getattr(s, name, None))) is not None else "" for name, _ in _COLUMNS])
    # the mark lets Excel read æøå
    return "\ufeff" + out.getvalue()


def todo_json(works: Sequence[Work], references: Mapping[str, str], vocabulary: Vocabulary) -> str:
    """Everything as JSON; texts in both languages."""
    data = {"format": 1, "works": [_work_data(w, references, vocabulary) for w in works]}
    return msgspec.json.format(msgspec.json.encode(data), indent=2).decode() + "\n"


def not_read_because(work: Work, language: str) -> list[str]:
    """What the study's file says of why it has not been read, and what of it nobody has seen (in the file's own words)."""
    s = work.study
    unsure = Said("ikke bekræftet", "not verified")[language]
    told = [s.incomplete_because] if s.incomplete_because else []
    told += [f"{unsure}: {part}" for part in s.unverified]
    missing = [
        name[language]
        for name, there in ((Said("titel", "title"), s.title), (Said("år", "year"), s.year), (Said("forfattere", "authors"), s.authors))
        if not there
    ]
    if missing and not s.incomplete_because:
        told.append(Said("mangler i referencen: ", "missing in the reference: ")[language] + ", ".join(missing))
    return told


def _counts(work: Work) -> Said:
    untraced, total = len(work.hanging("untraced")), len(work.claims)
    if untraced and untraced == total:
        return counted(total, *_CLAIM) + Said(" uden anden kilde", " without another source")
    if untraced:
        return counted(untraced, *_CLAIM) + Said(f" uden anden kilde, {total} i alt", f" without another source, {total} in all")
    return counted(total, *_CLAIM)


def _look_for(wanted: Wanted, v: Vocabulary, language: str) -> Iterator[str]:
    """What to find in the source: the result in the vocabulary's words, what is known of it, and the numbers that claims print."""
    numbers = ", ".join(number_said(n)[language] for n in wanted.numbers)
    confirm = Said("bekræft", "confirm")[language]
    if wanted.row is None:
        yield Said("□ noget, banken endnu ikke har: se påstandene", "□ something that the bank does not have yet: see the claims")[language] + (
            f"; {confirm}: {numbers}" if numbers else ""
        )
        return
    f = wanted.row.finding
    direction = DIRECTIONS[f.direction][language] if f.direction else "–"
    size = effect_said(wanted.row, language)
    yield f"□ #{f.id}  {what_about(wanted, v)[language]}"
    told = Said("kendt fra ", "known from ")[language] + _LEVEL[f.origin.level][language]
    yield f"      {told}: {direction}{', ' + size if size else ''}{f'; {confirm}: {numbers}' if numbers else ''}"
    if f.note:
        yield f"      {f.note}"


def what_about(wanted: Wanted, v: Vocabulary) -> Said:
    """Which table or outcome to look for: measure, outcome, whom, and when."""
    assert wanted.row is not None
    f = wanted.row.finding
    said = {}
    for language in ("da", "en"):
        group = ", ".join(v.label("target_groups", t, language) for t in (f.subgroup or f.target_group))
        months = Said("måneder", "months")[language]
        ends = [number(m, language) for m in (f.horizon_from, f.horizon_to) if m is not None]
        when = f"{number(f.horizon_months, language)} {months}" if f.horizon_months is not None else f"{'–'.join(ends)} {months}" if ends else ""
        about = f"{v.label('interventions', f.intervention, language)} ({_CONTRAST[f.contrast][language]}) → {v.label('outcomes', f.outcome, language)}"
        said[language] = "; ".join(p for p in (about, group, when) if p)
    return Said(said["da"], said["en"])


def _work_data(work: Work, references: Mapping[str, str], vocabulary: Vocabulary) -> dict[str, Any]:
    s = work.study
    return {
        "study": s.id,
        "reference": references.get(s.id, ""),
        "csl": csl(s),
        "incomplete_because": s.incomplete_because,
        "unverified": list(s.unverified),
        "claims": [{"id": h.claim, "status": h.status, "why": h.why} for h in work.claims],
        "look_for": [_wanted_data(w, vocabulary) for w in work.wanted],
    }


def _wanted_data(wanted: Wanted, vocabulary: Vocabulary) -> dict[str, Any]:
    row = wanted.row
    about = what_about(wanted, vocabulary) if row else None
    return {
        "finding": row.address if row else None,
        "level": row.finding.origin.level if row else None,
        "about": {"da": about.da, "en": about.en} if about else None,
        "direction": row.finding.direction if row else None,
        "known": {"da": effect_said(row, "da"), "en": effect_said(row, "en")} if row else None,
        "note": row.finding.note if row else None,
        "confirm": [msgspec.to_builtins(n) for n in wanted.numbers],
        "claims": list(wanted.claims),
    }
