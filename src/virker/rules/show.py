"""``virker rules list`` and ``show`` as text: what goes on the day, what stands beside it, and what was not found, shown plainly."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from datetime import date

from virker.language import Said, counted, day_said
from virker.rules.onday import Entry, Place, SchemeOnDay, on_day
from virker.rules.records import Parameter, Rules, Scheme
from virker.rules.told import days_said, status_said, value_said

#: Lines longer than this are hard to read, however wide the terminal.
WIDEST = 120
#: The heading over values of other days, where the whole scheme lies on one side of the day.
_OTHER_DAYS: dict[Place, Said] = {"before": Said("Gælder først senere", "Holds only later"), "ended": Said("Gjaldt tidligere", "Held earlier")}


def list_text(rules: Rules, day: date, lang: str) -> str:
    """Every scheme: its name, how many values it holds, and what stands on ``day``."""
    schemes = [on_day(rules, name, day) for name in rules.schemes]
    values = counted(sum(len(s.scheme.parameter) for s in schemes), Said("værdi", "value"), Said("værdier", "values"))
    many = counted(len(schemes), Said("ordning", "scheme"), Said("ordninger", "schemes"))
    head = Said("Loven som data, set den ", "The law as data, as of ") + day_said(day) + Said(": ", ": ") + many + Said(", ", ", ") + values + Said(".", ".")
    lines = [head[lang]]
    for scheme in schemes:
        name = scheme.scheme.id
        lines += ["", f"{name}  {Said(scheme.scheme.da, scheme.scheme.en)[lang]}", f"    {_counts(scheme)[lang]}"]
        lines += [f"    {where[lang]}"] if (where := where_said(scheme)) else []
    lines += ["", Said("Vis en ordning: virker rules show ORDNING --on DATO", "Show a scheme: virker rules show SCHEME --on DATE")[lang]]
    return "\n".join(lines)


def _counts(view: SchemeOnDay) -> Said:
    goes, unverified, proposed = view.count("in force", "repealed"), view.count("unverified"), view.count("proposed")
    later, missing = sum(len(e.later) for e in view.entries), len(view.scheme.not_found)
    values = counted(len(view.scheme.parameter), Said("værdi", "value"), Said("værdier", "values"))
    return values + Said(
        f"; den dag {goes} gældende, {unverified} ikke efterprøvet, {proposed} kun foreslået, {later} først senere; ikke fundet: {missing}",
        f"; on that day {goes} in force, {unverified} not verified, {proposed} only proposed, {later} only later; not found: {missing}",
    )


def where_said(view: SchemeOnDay) -> Said | None:
    """Where the day lies, when it is outside what the sources tell of; None when it is inside."""
    day, first, last = day_said(view.day), day_said(view.first or view.day), day_said(view.last or view.day)
    match view.place:
        case "before":
            return Said(
                f"Den {day.da} ligger før ordningens første dag i de læste kilder: Den ældste værdi gælder fra {first.da}.",
                f"{day.en} is before the scheme's first day in the sources read: its oldest value holds from {first.en}.",
            )
        case "ended":
            return Said(f"Ordningen er ophørt: De sidste værdier gjaldt til {last.da}.", f"The scheme has ended: its last values held until {last.en}.")
        case "after":
            return Said(
                f"Der er ingen værdi for den {day.da}: De sidste, der er fundet, gælder til {last.da}.",
                f"There is no value for {day.en}: the last ones found hold until {last.en}.",
            )
    return None


def scheme_text(rules: Rules, name: str, day: date, lang: str, width: int = WIDEST) -> str:
    """The scheme on ``day`` in full, in four parts: what goes, what is not verified or passed, what has no value, what was not found."""
    view = on_day(rules, name, day)
    scheme, when = view.scheme, day_said(day)
    lines = [Said(f"{scheme.da} [{scheme.id}], som loven stod den {when.da}", f"{scheme.en} [{scheme.id}], as the law stood on {when.en}")[lang]]
    lines += wrapped(Said(scheme.about_da, scheme.about_en)[lang], "", width)
    if where := where_said(view):
        lines += ["", *wrapped(where[lang], "", width)]
    loose = [e for e in view.entries if not e.goes and e.beside]
    empty = [e for e in view.entries if not e.goes and not e.beside]
    for title, entries in (
        (Said("Det gælder den dag", "In force on that day"), [e for e in view.entries if e.goes]),
        (Said("Kun sagt, ikke efterprøvet i loven eller vedtaget", "Only said: not verified in the law, or not passed"), loose),
        (_OTHER_DAYS.get(view.place, Said("Ingen værdi fundet for den dag", "No value found for that day")), empty),
    ):
        if entries:
            lines += ["", f"{title[lang]} ({len(entries)})"]
            lines += [line for e in entries for indent, text in _entry(e, view, lang) for line in wrapped(text, indent, width)]
    if scheme.not_found:
        lines += ["", Said("Ikke fundet", "Not found")[lang]]
        lines += [line for what in scheme.not_found for line in wrapped(f"– {what[lang]}", "  ", width)]
    return "\n".join(lines)


def _entry(entry: Entry, view: SchemeOnDay, lang: str) -> Iterator[tuple[str, str]]:
    """The lines of a parameter, each with its indent."""
    shown = entry.goes or (entry.beside[0] if entry.beside else (entry.earlier or entry.later)[-1])
    yield "  ", f"{Said(shown.da, shown.en)[lang]} [{entry.name}]"
    if shown.holds_on(view.day):
        yield "      ", _value(shown, view, lang)
        yield "      ", _read(shown, view.scheme, lang)
    for other in entry.beside:
        if other is not shown:
            yield "      ", f"{Said('også sagt', 'also said')[lang]}: {_value(other, view, lang)} ({_read(other, view.scheme, lang)})"
    for mark, others in ((Said("tidligere", "earlier"), entry.earlier), (Said("senere", "later"), entry.later)):
        for other in others:
            yield "      ", f"{mark[lang]}: {_value(other, view, lang)}"


def _value(parameter: Parameter, view: SchemeOnDay, lang: str) -> str:
    parts = [value_said(parameter, view.scheme), days_said(parameter)]
    # A rate of another year was in force in its own days: only what is loose needs saying.
    if parameter.holds_on(view.day) or parameter.status in ("unverified", "proposed"):
        parts.append(status_said(parameter, view.day))
    return "; ".join(p[lang] for p in parts)


def _read(parameter: Parameter, scheme: Scheme, lang: str) -> str:
    source = Said("Kilde: ", "Source: ") + scheme.said(parameter.source)
    return f"{scheme.said(parameter.reference)[lang]}. {source[lang]}"


def wrapped(text: str, indent: str, width: int) -> list[str]:
    """The text in lines of that width; ``§ 7`` and ``2.500 kr.`` are never parted."""
    whole = re.sub(r"(§§?) |(?<=\d) (?=kr\.)", lambda m: f"{m[1] or ''}\N{NO-BREAK SPACE}", text)
    lines = textwrap.wrap(whole, width, initial_indent=indent, subsequent_indent=indent + "  " * bool(indent), break_long_words=False, break_on_hyphens=False)
    return [line.replace("\N{NO-BREAK SPACE}", " ") for line in lines]
