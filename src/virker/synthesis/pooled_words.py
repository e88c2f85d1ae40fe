"""Pooled effects in words, in both languages."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite, isnan

from virker.bank.show import signed
from virker.language import Said, counted, joined, number
from virker.synthesis.effect_told import PHASES
from virker.synthesis.pooled_effect import LeaveOneOut, PooledAnswer, PooledEffect, PooledMember, SmallStudies

STUDIES = (Said("studie eller forsøg", "study or trial"), Said("studier og forsøg", "studies and trials"))
STATUSES: dict[str, Said] = {
    "pooled": Said("samlet skøn", "pooled"),
    "single": Said("ét studie", "one study"),
    "too-few": Said("for få til et samlet skøn", "too few to pool"),
    "none": Said("intet kan vejes", "nothing can be weighed"),
}
_COUNTED: dict[str, Said] = {
    "pooled": Said("med samlet skøn", "pooled"),
    "too-few": Said("med for få studier til et samlet skøn", "with too few studies to pool"),
    "single": Said("med ét studie", "with one study"),
    "none": Said("hvor intet kan vejes", "where nothing can be weighed"),
}


def rounded(value: float) -> float:
    """Three digits that mean something; none of them after a point where the number is large."""
    return float(f"{value:.3g}") if abs(value) < 100 else float(round(value))


def amount_said(value: float, cell: PooledEffect) -> Said:
    """``5.2 percentage points``, ``1.14 times``."""
    shown, unit = rounded(value), cell.measure.unit_said
    if cell.measure.relative:
        return Said(f"{signed(shown, 'da')} gange", f"{signed(shown, 'en')} times")
    return Said(f"{signed(shown, 'da')} {unit.da}", f"{signed(shown, 'en')} {unit.en}")


def p_said(p: float) -> Said:
    """``p = 0.03``, ``p < 0.0001``."""
    shown = max(round(p, 3 if p >= 0.001 else 4), 0.0001)
    sign = "<" if p < 0.0001 else "="
    return Said(f"p {sign} {number(shown, 'da')}", f"p {sign} {number(shown, 'en')}")


def interval_said(low: float, high: float) -> Said:
    """``2.1 to 8.3``."""
    (low_da, low_en), (high_da, high_en) = _end(low), _end(high)
    return Said(f"{low_da} til {high_da}", f"{low_en} to {high_en}")


def _end(value: float) -> tuple[str, str]:
    """An end of an interval; what no number can hold is without bound."""
    if not isfinite(value):
        return ("−" if value < 0 else "") + "∞", ("−" if value < 0 else "") + "∞"
    return signed(rounded(value), "da"), signed(rounded(value), "en")


def cell_said(cell: PooledEffect) -> Said:
    """What the numbers of the cell have in common."""
    return joined((cell.measure.label, place_said(cell)), ", ")


def place_said(cell: PooledEffect) -> Said:
    """What they have in common beside the measure: phase, months, scope, and what they are compared with where that is another programme."""
    parts = [PHASES[cell.phase], cell.band.said]
    if cell.scope != "individual":
        parts.append(Said("hele markedet" if cell.scope == "market" else "de offentlige kasser", "the whole market" if cell.scope == "market" else "public budgets"))  # fmt: skip
    if cell.another_programme:
        parts.append(Said("over for en anden indsats", "compared with another programme"))
    return joined(tuple(parts), ", ")


def effect_said(cell: PooledEffect) -> Said:
    """What the cell measures, and its number: pooled, or the one unit's own; or that there is none."""
    return cell_said(cell) + Said(": ", ": ") + numbers_said(cell)


def numbers_said(cell: PooledEffect) -> Said:
    """The number of the cell with its intervals and how many units it is from."""
    units = counted(cell.units, *STUDIES)
    if cell.status == "none":
        return STATUSES["none"] + Said(".", ".")
    if cell.estimate is None or cell.ci_low is None or cell.ci_high is None:
        return Said(f"{STATUSES[cell.status].da} ({units.da}).", f"{STATUSES[cell.status].en} ({units.en}).")
    size, ci = amount_said(cell.estimate, cell), interval_said(cell.ci_low, cell.ci_high)
    said = Said(f"{size.da} (95 pct. {ci.da}), {units.da}", f"{size.en} (95% {ci.en}), {units.en}")
    if cell.pi_low is not None and cell.pi_high is not None:
        pi = interval_said(cell.pi_low, cell.pi_high)
        said += Said(f"; i et nyt studie {pi.da}", f"; in a new study {pi.en}")
    return said + Said(".", ".")


def pooled_reasons(cell: PooledEffect, several: bool) -> tuple[Said, ...]:
    """How the pooled effect came about, and what it says."""
    model = (
        Said("model i tre niveauer med robuste standardfejl (CR2)", "three-level model with robust standard errors (CR2)")
        if several
        else Said("ét skøn fra hvert, tilfældige effekter (REML, Knapp-Hartung)", "one estimate of each, random effects (REML, Knapp-Hartung)")
    )
    n, units = counted(len(cell.members), Said("tal", "number"), Said("tal", "numbers")), counted(cell.units, *STUDIES)
    lines = [Said(f"{n.da} fra {units.da}: {model.da}.", f"{n.en} from {units.en}: {model.en}."), _direction_said(cell)]
    if cell.i2 is not None and cell.q_p is not None:
        i2, p = round(cell.i2), p_said(cell.q_p)
        lines.append(
            Said(
                f"{i2} pct. af spredningen ligger mellem studierne (Cochrans Q: {p.da}).",
                f"{i2}% of the variance lies between the studies (Cochran's Q: {p.en}).",
            )
        )
    return tuple(lines)


def _direction_said(cell: PooledEffect) -> Said:
    match cell.direction:
        case "positive":
            head = Said("Intervallet ligger på den gavnlige side", "The interval lies on the favourable side")
        case "negative":
            head = Said("Intervallet ligger på den ugunstige side", "The interval lies on the unfavourable side")
        case "none":
            return Said("Intervallet rummer også ingen effekt: der er ikke vist nogen, og det er ikke vist, at der ingen er.", "The interval also holds no effect: none has been shown, nor has it been shown that there is none.")  # fmt: skip
        case _:
            return Said("Banken siger ikke, hvilken vej der er gavnlig.", "The bank does not say which way is favourable.")
    holds = holds_no_effect(cell)
    if holds is None:
        return head + Said(".", ".")
    return head + (
        Said("; men et nyt studie kan vel finde ingen effekt eller den modsatte.", "; yet a new study may well find no effect, or the opposite.")
        if holds
        else Said(", og det gør også intervallet for et nyt studie.", ", and so does the interval for a new study.")
    )


def holds_no_effect(cell: PooledEffect) -> bool | None:
    """Whether the prediction interval holds "no effect"; None where there is no such interval."""
    if cell.pi_low is None or cell.pi_high is None or isnan(cell.pi_low + cell.pi_high):
        return None
    return cell.pi_low <= cell.measure.no_effect <= cell.pi_high


def few_reasons(units: int, fewest: int, unweighed: int, reviews: int, dated: bool) -> tuple[Said, ...]:
    """Why nothing was pooled."""
    lines = []
    if not units:
        lines.append(Said("Intet tal i gruppen har en trykt præcision.", "No number of the group has a printed precision."))
    elif units == 1:
        lines.append(Said("Ét studie eller forsøg med trykt præcision: der er intet at samle.", "One study or trial with a printed precision: there is nothing to pool."))  # fmt: skip
    elif not dated:
        lines.append(Said("Kilderne siger ikke, hvornår der er målt, så tallene vides ikke at være fra samme tid.", "The sources do not say when they measured, so the numbers are not known to be of the same time."))  # fmt: skip
    elif units < fewest:
        lines.append(Said(f"{units} uafhængige studier eller forsøg; der skal {fewest} til et samlet skøn. De vises side om side.", f"{units} independent studies or trials; a pooled effect needs {fewest}. They are shown side by side."))  # fmt: skip
    if unweighed:
        n = counted(unweighed, Said("tal", "number"), Said("tal", "numbers"))
        lines.append(Said(f"{n.da} kan ikke vejes: præcisionen er ikke trykt.", f"{n.en} cannot be weighed: no precision is printed."))
    if reviews:
        n = counted(reviews, Said("tal fra en gennemgang", "number of a review"), Said("tal fra gennemgange", "numbers of reviews"))
        lines.append(Said(f"{n.da} vises og samles ikke.", f"{n.en} {'is' if reviews == 1 else 'are'} shown and not pooled."))
    return tuple(lines)


def no_test(units: int, least: int) -> SmallStudies:
    """Why small-study effects were not tested."""
    return SmallStudies(
        None,
        Said(
            f"Om små studier finder større effekter, kan ikke testes med {units} studier (mindst {least}).",
            f"Whether small studies find larger effects cannot be tested with {units} studies ({least} at least).",
        ),
    )


def tested(p: float, bound: float) -> SmallStudies:
    """The test of small-study effects."""
    shown = p_said(p)
    lean = p < bound
    return SmallStudies(
        p,
        Said(
            f"Små studier finder {'andre' if lean else 'ikke påviseligt andre'} effekter end store ({shown.da}); det kan skyldes, hvad der bliver udgivet, eller at små studier er anderledes.",
            f"Small studies find {'other' if lean else 'no detectably other'} effects than large ones ({shown.en}); what gets published may be why, or that small studies differ.",
        ),
    )


def left_out_said(found: LeaveOneOut, cell: PooledEffect) -> Said:
    """What leaving one unit out does."""
    low, high = amount_said(found.low, cell), amount_said(found.high, cell)
    return Said(
        f"Uden ét af studierne er skønnet fra {low.da} (uden {found.low_without}) til {high.da} (uden {found.high_without}).",
        f"With one study left out the effect is from {low.en} (without {found.low_without}) to {high.en} (without {found.high_without}).",
    )


def answer_said(cells: Sequence[PooledEffect]) -> tuple[Said, ...]:
    """How many cells pool, and how many do not."""
    if not cells:
        return (
            Said("Banken har intet tal om spørgsmålet, som kan stå sammen med andre.", "The bank has no number on the question that can stand with others."),
        )
    counts = {s: sum(c.status == s for c in cells) for s in STATUSES}
    n = counted(len(cells), Said("gruppe af sammenlignelige tal", "cell of comparable numbers"), Said("grupper af sammenlignelige tal", "cells of comparable numbers"))  # fmt: skip
    told = joined(tuple(Said(f"{counts[s]} {said.da}", f"{counts[s]} {said.en}") for s, said in _COUNTED.items() if counts[s]), ", ")
    return (n + Said(": ", ": ") + told + Said(".", "."),)


def pooled_lines(answer: PooledAnswer, language: str) -> list[str]:
    """The answer for a terminal: how many cells pool, each that does or is near it, and its numbers."""
    lines = [f"  {s[language]}" for s in answer.said]
    for cell in answer.cells:
        if cell.status in ("pooled", "too-few"):
            lines.append(f"    {effect_said(cell)[language]}")
            lines += [f"      {member_line(m, cell)[language]}" for m in cell.members]
            lines += [f"      {r[language]}" for r in cell.reasons]
            lines += [f"      ! {m[language]}" for m in cell.marks]
    return lines


def member_line(member: PooledMember, cell: PooledEffect) -> Said:
    """One number on one line: its study, its amount and interval, its weight."""
    size = amount_said(member.amount, cell)
    said = member.label + Said(f": {size.da}", f": {size.en}")
    if member.low is not None and member.high is not None:
        ci = interval_said(member.low, member.high)
        said += Said(f" ({ci.da})", f" ({ci.en})")
    if member.weight is not None:
        w = rounded(member.weight)
        said += Said(f", vægt {number(w, 'da')} pct.", f", weight {number(w, 'en')}%")
    return said
