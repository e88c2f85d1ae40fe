"""The schedule as text: a table that fits the terminal, and under it what it rests on."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from datetime import date

from virker.claims.records import STATUS_LABELS, STATUS_SIGNS
from virker.language import Said, day_said
from virker.practice.answer import Answer, Step
from virker.practice.meeting_law import GROUPS
from virker.practice.schedule import HOLDERS, EvidenceLine, Schedule, Window
from virker.rules import Parameter, Scheme
from virker.rules.told import status_said, value_said

#: From so many columns on, the law's words have a column of their own.
WIDE = 120
#: The lines of an answer that tell how the suggestions were placed.
_PLACED = ("placement", "weekdays", "longest-pause", "unplaced")
_DAYS = {"da": ("ma", "ti", "on", "to", "fr", "lø", "sø"), "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")}


def schedule_text(answer: Answer, schedule: Schedule, scheme: Scheme, language: str, width: int = 80) -> str:
    """The headline, the table, how the dates were placed, the law, what is only told, the evidence, what is not known."""
    asked, group = schedule.asked, GROUPS[schedule.asked.group]
    seen, began = day_said(asked.on), day_said(asked.registered)
    head = Said(
        f"{group.said.da}; {group.began.da} {began.da}; set fra {seen.da}",
        f"{group.said.en}; {group.began.en} {began.en}; seen from {seen.en}",
    )[language]
    parts = [*_wrap(head[0].upper() + head[1:] + ".", width), *_wrap(answer.headline[language], width)]
    refs = _references(schedule)
    if schedule.windows:
        parts += ["", *_table(schedule, refs, language, width)]
        parts += ["", Said("Sådan er datoerne lagt", "How the dates are placed")[language]]
        parts += [line for s in answer.steps if s.id in _PLACED for line in _item(_with_claims(s, schedule, language), width)]
        parts += ["", Said("Loven", "The law")[language], *_law(answer, refs, scheme, language, width)]
    if schedule.beside:
        parts += [
            "",
            Said("Fortalt ved siden af, ikke efterprøvet i loven og ikke brugt ovenfor", "Told beside it, not verified in the act and not used above")[
                language
            ],
        ]
        parts += [line for rule in schedule.beside for line in _item(_rule_said(rule[1], scheme, language), width, "? ")]
    parts += ["", Said("Hvad evidensen lægger til (forslag, ikke krav)", "What the evidence adds (suggestions, no requirements)")[language]]
    parts += [line for e in schedule.evidence for line in _evidence(e, language, width)]
    parts += ["", Said("Det ved vi ikke", "What we do not know")[language]]
    parts += [line for s in answer.not_known for line in _item(s[language], width)]
    return "\n".join([*parts, "", *_wrap(answer.guard[language], width)])


def _table(schedule: Schedule, refs: dict[str, int], language: str, width: int) -> Iterator[str]:
    wide = width >= WIDE
    heads = (
        Said("Vindue", "Window"),
        Said("Hvem", "By whom"),
        Said("Min.", "Min."),
        Said("Status", "Status"),
        Said("Forslag", "Suggested"),
        Said("Lov", "Law"),
    )
    rows = [[h[language] for h in heads]] + [_cells(w, refs, language) for w in schedule.windows]
    words = [Said("Med ord", "In words")[language], *(words_of(w, language) for w in schedule.windows)]
    sizes = [max(len(line) for row in rows for line in row[n].split("\n")) for n in range(len(heads))]
    left = width - sum(sizes) - 2 * len(sizes)
    for nth, (row, said) in enumerate(zip(rows, words, strict=True)):
        columns = [cell.split("\n") for cell in row]
        if wide:
            columns.append(_wrap(said, max(left, 20)))
        for line in range(max(map(len, columns))):
            cells = (c[line] if line < len(c) else "" for c in columns)
            yield "  ".join(f"{cell:<{size}}" for cell, size in zip(cells, [*sizes, 0], strict=False)).rstrip()
        if nth == 0:
            yield "  ".join("─" * size for size in (*sizes, *((min(left, 40),) if wide else ())))
        elif not wide:
            yield from _wrap(said, width, initial_indent="  ", subsequent_indent="  ")


def words_of(w: Window, language: str) -> str:
    """The window in words, and what only a secondary source says of its number."""
    told = [
        Said(f"Ikke efterprøvet ({_short(p.from_, 'da')}): {value_said(p).da}", f"Unverified ({_short(p.from_, 'en')}): {value_said(p).en}")[language]
        for _, p in w.beside
        if p.from_ and p.unit == "meetings"
    ]
    return ". ".join([w.said[language], *told])


def _cells(w: Window, refs: dict[str, int], language: str) -> list[str]:
    closes = _short(w.closes, language) if w.closes else ""
    span = f"{_short(w.opens, language)} –{' ' + closes if closes else ''}"
    numbers = ",".join(str(n) for n in sorted({refs[p.reference] for _, p in w.rules}))
    minimum = str(w.minimum) if w.minimum else "–"
    suggested = "\n".join(f"{_DAYS[language][d.weekday()]} {_short(d, language)}" for d in w.suggested) or "–"
    return [span, HOLDERS[w.holder][language].replace(" og ", "\n+ ").replace(" and ", "\n+ "), minimum, standing(w)[language], suggested, f"[{numbers}]"]


def standing(w: Window) -> Said:
    """What was held and what remains, in as few words as a column has room for."""
    n, held = w.remaining, len(w.held)
    told = {
        "met": Said("opfyldt", "met"),
        "met-late": Said("for sent", "held late"),
        "open": Said(f"{n} mangler", f"{n} to hold"),
        "not-open": Said(f"{n} mangler", f"{n} to hold"),
        "short": Said(f"lukket\n{w.missed} mangler", f"closed\n{w.missed} short") if w.missed else Said("lukket", "closed"),
        "no-minimum": Said("aftales", "as agreed"),
    }[w.state]
    return told + Said(f"\n{held} holdt", f"\n{held} held") if held else told


def _short(day: date, language: str) -> str:
    """``1.9.2026``, ``1 Sep 2026``."""
    return f"{day.day}.{day.month}.{day.year}" if language == "da" else f"{day.day} {day_said(day).en.split()[1][:3]} {day.year}"


def _references(schedule: Schedule) -> dict[str, int]:
    """A number for each provision that a window rests on, in the order of the table."""
    found = dict.fromkeys(p.reference for w in schedule.windows for _, p in w.rules)
    return {reference: n for n, reference in enumerate(found, 1)}


def _law(answer: Answer, refs: dict[str, int], scheme: Scheme, language: str, width: int) -> Iterator[str]:
    """Each provision with its number, and under it the values read there, each once."""
    rules = dict.fromkeys(p for s in answer.steps if s.holds != "unknown" for _, p in s.rules)
    numbered = {**refs}
    for p in rules:
        numbered.setdefault(p.reference, len(numbered) + 1)
    for reference, n in sorted(numbered.items(), key=lambda x: x[1]):
        yield from _wrap(f"[{n}] {scheme.said(reference)[language]}", width, subsequent_indent="    ")
        for p in rules:
            if p.reference == reference:
                status = status_said(p)[language]
                yield from _wrap(f"{_value_said(p, scheme, language)} ({status})", width, initial_indent="    · ", subsequent_indent="      ")
    for step in answer.steps:
        if step.id in ("total", "uncounted"):
            yield from _item(step.said[language], width)


def _with_claims(step: Step, schedule: Schedule, language: str) -> str:
    statuses = {e.claim: e.status for e in schedule.evidence}
    told = (f"{c}: {STATUS_LABELS[status][language]}" if (status := statuses.get(c)) else c for c in step.claims)
    return f"{step.said[language]} [{'; '.join(told)}]" if step.claims else step.said[language]


def _rule_said(p: Parameter, scheme: Scheme, language: str) -> str:
    since = f"; {Said('tidligst fra', 'from')[language]} {day_said(p.from_)[language]}" if p.from_ else ""
    return f"{_value_said(p, scheme, language)} ({status_said(p)[language]}{since}; {scheme.said(p.reference)[language]})"


def _value_said(p: Parameter, scheme: Scheme, language: str) -> str:
    """``A meeting at: 16 months``; of what is only true or false, the words themselves where it is true."""
    label = p.da if language == "da" else p.en
    return label if p.value is True else f"{label}: {value_said(p, scheme)[language]}"


def _evidence(e: EvidenceLine, language: str, width: int) -> Iterator[str]:
    sign, status = (STATUS_SIGNS[e.status], STATUS_LABELS[e.status][language]) if e.status else ("?", Said("findes ikke", "not there")[language])
    yield from _item(f"{e.topic[language]}: {e.says[language]} [{e.claim}: {status}]", width, f"{sign} ")
    if e.about[language] and not e.fits:
        yield from _wrap(
            Said(
                f"Undersøgt for: {e.about.da}. Om det gælder her, må et menneske vurdere.",
                f"Studied for: {e.about.en}. Whether it holds here is for a person to judge.",
            )[language],
            width,
            initial_indent="      ",
            subsequent_indent="      ",
        )
    if e.advice:
        yield from _wrap(f"→ {e.advice[language]}", width, initial_indent="    ", subsequent_indent="      ")


def _item(text: str, width: int, sign: str = "· ") -> list[str]:
    return _wrap(text, width, initial_indent=f"  {sign}", subsequent_indent="    ")


def _wrap(text: str, width: int, initial_indent: str = "", subsequent_indent: str = "") -> list[str]:
    """Lines of at most ``width``; ids of claims are not broken at their hyphens."""
    return textwrap.wrap(text, width, initial_indent=initial_indent, subsequent_indent=subsequent_indent, break_on_hyphens=False)
