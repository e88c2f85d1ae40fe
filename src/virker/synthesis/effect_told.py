"""An effect path in words: each number with what a reader must be told of it, the order of the numbers, and what was found."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from virker.bank import LEVELS, Bank, Row
from virker.bank.records import Contrast, Phase
from virker.bank.references import short_name
from virker.bank.show import UNITS, effect_said
from virker.language import Said, counted, number
from virker.synthesis.effect_fit import SATURATIONS, Asked
from virker.synthesis.effect_number import EffectNumber, NumberKind, horizon

PHASES: dict[Phase, Said] = {
    "net": Said("samlet", "net"),
    "after": Said("efter indsatsen", "after the measure"),
    "lock-in": Said("fastlåsning", "lock-in"),
    "threat": Said("før indsatsen (trussel)", "before the measure (threat)"),
}
LEVELS_SAID: dict[str, Said] = {
    "table": Said("tabel", "table"),
    "text": Said("tekst", "text"),
    "abstract": Said("resumé", "abstract"),
    "secondary": Said("anden kilde", "another source"),
    "seed": Said("kun notatet", "the note only"),
}


OrderKey = tuple[Callable[[EffectNumber], float], Said]

#: How numbers are ordered within a phase, the first difference deciding.
ORDER: tuple[OrderKey, ...] = (
    (lambda n: n.turned, Said("indsatsen skruet samme vej", "the measure turned the same way")),
    (lambda n: n.via, Said("netop denne indsats", "this very measure")),
    (lambda n: n.covers_wider, Said("netop gruppen frem for en bredere", "the group itself rather than a wider one")),
    (lambda n: -n.maryland, Said("stærkere design (Maryland-skalaen)", "a stronger design (Maryland scale)")),
    (lambda n: LEVELS.index(n.level), Said("læst nærmere kilden", "read nearer the source")),
    (lambda n: n.precision in ("none", "assumed"), Said("præcision trykt", "precision printed")),
)


def order_for(country: str | None) -> tuple[OrderKey, ...]:
    same: tuple[OrderKey, ...] = ((lambda n: country not in n.countries, Said("samme land", "the same country")),) if country else ()
    return (*ORDER, *same, (lambda n: -(n.year or 0), Said("nyere", "newer")))


def number_said(row: Row, measures: Said, how: Said) -> Said:
    """The number as its source prints it, with what it measures, how near it was read, how precise it is, and its address."""
    f, months = row.finding, horizon(row.finding)
    when = Said(", ", ", ") + months_said(months) if months is not None else Said("", "")
    source, phase = LEVELS_SAID[f.origin.level], PHASES[f.phase or "net"]
    size = Said(effect_said(row, "da"), effect_said(row, "en"))
    return Said(
        f"{short_name(row.study)}: {size.da}{when.da} ({phase.da}); {measures.da}; {source.da}; {how.da} [{row.address}]",
        f"{short_name(row.study)}: {size.en}{when.en} ({phase.en}); {measures.en}; {source.en}; {how.en} [{row.address}]",
    )


def marks(bank: Bank, row: Row, kind: NumberKind | None, turned: bool, wider: bool, via: bool, asked: Asked) -> Iterator[Said]:
    """What a reader must be told of the number before using it."""
    f, s, label = row.finding, row.study, bank.vocabulary.label
    if wider:
        yield Said(
            f"målt på en bredere gruppe: {', '.join(label('target_groups', t, 'da') for t in (*f.target_group, *f.subgroup))}",
            f"measured on a wider group: {', '.join(label('target_groups', t, 'en') for t in (*f.target_group, *f.subgroup))}",
        )
    if turned:
        yield Said("kilden skruede indsatsen den anden vej; tallet er vendt om", "the source turned the measure the other way; the number is turned round")
    elif f.contrast != asked.contrast:
        yield Said(
            f"kilden sammenligner {_CONTRASTS[f.contrast].da}; der spørges om {_CONTRASTS[asked.contrast].da}",
            f"the source compares {_CONTRASTS[f.contrast].en}; the question is on {_CONTRASTS[asked.contrast].en}",
        )
    if via:
        yield Said(
            f"indsatsen i kilden er »{label('interventions', f.intervention, 'da')}«",
            f"the source's measure is “{label('interventions', f.intervention, 'en')}”",
        )
    if kind in ("job-hazard", "exit-hazard") and f.unit == "percent":
        yield Said("procent på afgang er læst som en ændring af raten", "a percentage on exits is read as a change of the rate")
    if f.comparator == "unknown":
        yield Said("det fremgår ikke, hvad der sammenlignes med", "what it is compared with is not told")
    if bank.standing(s.id).is_review:
        yield Said("fra en gennemgang, ikke fra et enkelt studie", "from a review, not from a single study")
    if s.version_of:
        yield Said(
            f"fra en tidligere udgave af {s.version_of}, som ikke selv trykker et tal af den slags i det læste",
            f"from an earlier version of {s.version_of}, which prints no number of that kind in what was read",
        )
    if f.saturation:
        yield Said(f"fundet, hvor {SATURATIONS[f.saturation].da}", f"found where {SATURATIONS[f.saturation].en}")
    elif asked.saturation:
        yield Said("kilden siger ikke, hvor mange der fik indsatsen", "the source does not say how many got the measure")
    if f.qualifier in ("about", "almost"):
        yield Said("omtrentligt i kilden", "approximate in the source")
    if f.estimand == "LATE":
        yield Said("gælder dem, hvis deltagelse blev flyttet (LATE)", "holds for those whose participation was moved (LATE)")


_CONTRASTS: dict[Contrast, Said] = {
    "on": Said("med og uden indsatsen", "with and without the measure"),
    "more": Said("mere af indsatsen end sædvanligt", "more of the measure than usual"),
    "less": Said("mindre af indsatsen end sædvanligt", "less of the measure than usual"),
    "unknown": Said("ukendt", "unknown"),
}


def told(ranked: Sequence[EffectNumber], refused: int, order: tuple[OrderKey, ...], finding: str | None) -> tuple[Said, ...]:
    """How many numbers can be used and how many cannot, and what put the first before the next."""
    if not ranked:
        head = Said("Banken har intet tal, som planlæggeren kan bruge for denne indsats og gruppe.", "The bank has no number that the planner can use for this measure and group.")  # fmt: skip
    else:
        n, units = len(ranked), len({r.unit for r in ranked})
        head = Said(
            f"{counted(n, Said('tal', ''), Said('tal', '')).da} kan bruges, fra {counted(units, Said('studie eller forsøg', ''), Said('studier og forsøg', '')).da}.",
            f"{counted(n, Said('', 'number'), Said('', 'numbers')).en} can be used, from {counted(units, Said('', 'study or trial'), Said('', 'studies and trials')).en}.",
        )
    lines = [head]
    if refused:
        more = counted(refused, Said("tal", "number"), Said("tal", "numbers"))
        lines.append(
            Said(f"{more.da} på indsatsen kan ikke bruges; grunden står ved hvert.", f"{more.en} on the measure cannot be used; the reason stands with each.")
        )
    if len(ranked) > 1:
        lines.append(_why_first(ranked, order, finding))
    return tuple(lines)


def _why_first(ranked: Sequence[EffectNumber], order: tuple[OrderKey, ...], finding: str | None) -> Said:
    """What put the first number before the next: the planner's word, the phase, the first key on which they differ, or nothing."""
    one, two = ranked[0], ranked[1]
    if one.address == finding:
        return Said(f"{one.address} står først, fordi det er valgt.", f"{one.address} stands first because it was chosen.")
    if one.phase != two.phase:
        return Said(
            f"{one.address} er det eneste tal for fasen »{PHASES[one.phase].da}«.", f"{one.address} is the only number for the phase “{PHASES[one.phase].en}”."
        )
    for key, why in order:
        if key(one) != key(two):
            return Said(f"{one.address} står før {two.address}: {why.da}.", f"{one.address} stands before {two.address}: {why.en}.")
    return Said(f"Intet skiller {one.address} og {two.address}: de er lige gode læsninger.", f"Nothing separates {one.address} and {two.address}: they are equally good readings.")  # fmt: skip


def months_said(months: float) -> Said:
    """``24 months``, ``1 month``."""
    return Said(f"{number(months, 'da')} {'måned' if months == 1 else 'måneder'}", f"{number(months, 'en')} {'month' if months == 1 else 'months'}")


def cannot_use(bank: Bank, row: Row) -> Said:
    """That the planner cannot use a number of this outcome and unit."""
    f = row.finding
    unit = UNITS.get(f.unit, Said(f.unit, f.unit))
    return Said(
        f"et tal, som planlæggeren ikke kan bruge: {bank.vocabulary.label('outcomes', f.outcome, 'da')}, {unit.da}",
        f"a number that the planner cannot use: {bank.vocabulary.label('outcomes', f.outcome, 'en')}, {unit.en}",
    )
