"""What stands at a finding, in words: how the measure was turned, compared with what, when, how precisely, and how near it was read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from virker.bank import Row
from virker.bank.records import Estimand, Qualifier
from virker.bank.show import effect_said
from virker.language import Said, counted, number
from virker.synthesis.effect_told import PHASES
from virker.synthesis.scale import STATES
from virker.vocabulary import Vocabulary

TURNED: dict[str, Said] = {
    "more": Said("mere", "more"),
    "less": Said("mindre", "less"),
    "unknown": Said("uvist om mere eller mindre", "not told whether more or less"),
}
COMPARED: dict[str, Said] = {
    "nothing": Said("ingen indsats", "no measure"),
    "usual-effort": Said("den sædvanlige indsats", "the usual effort"),
    "another-programme": Said("en anden indsats", "another programme"),
}
SIGNIFICANT: dict[str | None, Said] = {"yes": Said("ja", "yes"), "no": Said("nej", "no"), None: Said("ikke trykt", "not printed")}
QUALIFIERS: dict[Qualifier, Said] = {
    "about": Said("omkring ", "about "),
    "almost": Said("næsten ", "almost "),
    "at-least": Said("mindst ", "at least "),
    "more-than": Said("mere end ", "more than "),
    "up-to": Said("op til ", "up to "),
}
ESTIMANDS: dict[Estimand, Said] = {
    "ITT": Said("alle, der blev tilbudt den (ITT)", "all who were offered it (ITT)"),
    "ATT": Said("dem, der deltog (ATT)", "those who took part (ATT)"),
    "LATE": Said("dem, hvis deltagelse blev flyttet (LATE)", "those whose participation was moved (LATE)"),
    "association": Said("en sammenhæng, ikke en målt effekt", "an association, not a measured effect"),
}
KINDS: dict[str, Said] = {
    "mechanism": Said("mekanisme", "mechanism"),
    "descriptive": Said("beskrivelse, ingen effekt", "description, no effect"),
    "forecast": Said("fremskrivning", "forecast"),
    "rejected": Said("kilden forkaster selv tallet", "the source itself rejects the number"),
}
SCOPES: dict[str, Said] = {"market": Said("hele arbejdsmarkedet", "the whole labour market"), "budget": Said("de offentlige finanser", "public finances")}
_LABOUR_MARKET = {"weak": STATES["weak"], "strong": STATES["strong"]}


@dataclass(frozen=True, slots=True)
class FindingTold:
    """One finding as a line of a table; texts are in the page's language, ``note`` and ``place`` are the coder's own (English)."""

    number: int
    address: str
    intervention: str
    measure: str
    turned: str
    outcome: str
    group: str
    compared: str
    when: str
    conditions: str
    direction: str | None
    effect: str
    precision: str
    significant: str
    n: str
    level: str
    place: str
    document: str
    note: str
    marks: tuple[str, ...]


def told(row: Row, vocabulary: Vocabulary, language: str) -> FindingTold:
    """A finding in words."""
    f = row.finding
    groups = f.subgroup or f.target_group
    compared = COMPARED[f.comparator][language] if f.comparator in COMPARED else ""
    return FindingTold(
        number=f.id,
        address=row.address,
        intervention=f.intervention,
        measure=vocabulary.label("interventions", f.intervention, language),
        turned=TURNED[f.contrast][language] if f.contrast in TURNED else "",
        outcome=vocabulary.label("outcomes", f.outcome, language),
        group=", ".join(vocabulary.label("target_groups", g, language) for g in groups),
        compared=compared,
        when="; ".join(_when(row, language)),
        conditions="; ".join(c[language] for c in _conditions(row, vocabulary)),
        direction=f.direction,
        effect=effect(row, language),
        precision=precision(row, language),
        significant=SIGNIFICANT[f.significant][language],
        n=number(f.n, language) if f.n is not None else "",
        level=f.origin.level,
        place=f.origin.place or "",
        document=f.origin.document,
        note=f.note or "",
        marks=tuple(m[language] for m in _marks(row)),
    )


def effect(row: Row, language: str) -> str:
    """The effect in the source's own sign and unit, with ``about`` where the source says so; empty where only a direction is known."""
    f = row.finding
    size = effect_said(row, language).partition(" (SE ")[0]
    if not size or f.qualifier not in QUALIFIERS:
        return size
    return QUALIFIERS[f.qualifier][language] + size.lstrip("≥≤ ")


def precision(row: Row, language: str) -> str:
    """What the source prints of precision: standard error, interval, p, and the two means."""
    return "; ".join(_precision(row, language))


def _precision(row: Row, language: str) -> Iterator[str]:
    f = row.finding
    if f.se is not None:
        yield f"SE {number(f.se, language)}"
    if f.ci_low is not None and f.ci_high is not None:
        yield Said(f"interval {number(f.ci_low, 'da')} til {number(f.ci_high, 'da')}", f"interval {number(f.ci_low, 'en')} to {number(f.ci_high, 'en')}")[
            language
        ]
    if f.p is not None:
        yield f"p = {number(f.p, language)}"
    elif f.p_max is not None:
        yield f"p < {number(f.p_max, language)}"
    if f.mean_treated is not None and f.mean_control is not None:
        treated, control = number(f.mean_treated, language), number(f.mean_control, language)
        yield Said(f"{treated} mod {control}", f"{treated} against {control}")[language]


def _when(row: Row, language: str) -> Iterator[str]:
    f = row.finding
    if f.phase:
        yield PHASES[f.phase][language]
    months = Said("måneder", "months")[language]
    if f.horizon_from is not None and f.horizon_to is not None:
        yield f"{number(f.horizon_from, language)}–{number(f.horizon_to, language)} {months}"
    elif f.horizon_months is not None:
        one = Said("måned", "month")[language] if f.horizon_months == 1 else months
        yield Said("efter ", "after ")[language] + f"{number(f.horizon_months, language)} {one}"


def _conditions(row: Row, vocabulary: Vocabulary) -> Iterator[Said]:
    """What the finding holds under, where the source tells: whom the number is about, the labour market, the mechanism."""
    f = row.finding
    if f.estimand in ESTIMANDS:
        yield ESTIMANDS[f.estimand]
    if f.scope in SCOPES:
        yield Said("målt på ", "measured on ") + SCOPES[f.scope]
    if f.spillover:
        yield Said("virkning på andre end deltagerne", "effect on others than the participants")
    if f.cycle:
        yield STATES[f.cycle]
    if f.labour_market:
        yield _LABOUR_MARKET[f.labour_market]
    if f.saturation:
        yield STATES[f.saturation]
    if f.mechanism:
        names = [Said(vocabulary.label("mechanisms", m, "da"), vocabulary.label("mechanisms", m, "en")) for m in f.mechanism]
        yield Said("mekanisme: " + ", ".join(n.da for n in names), "mechanism: " + ", ".join(n.en for n in names))
    if f.n_studies is not None:
        yield counted(f.n_studies, Said("studie", "study"), Said("studier", "studies"))


def _marks(row: Row) -> Iterator[Said]:
    """What a reader must know before using it: that it no longer counts, or that it never was evidence."""
    f = row.finding
    if f.withdrawn:
        yield Said(f"trukket tilbage {f.withdrawn}: {f.withdrawn_because or ''}", f"withdrawn {f.withdrawn}: {f.withdrawn_because or ''}")
    if f.superseded_by is not None:
        yield Said(f"erstattet af resultat {f.superseded_by}", f"superseded by finding {f.superseded_by}")
    if f.origin.level == "seed":
        yield Said("tæller ikke: kun notatet fortæller det", "not counted: only the note tells it")
    if f.kind in KINDS:
        yield KINDS[f.kind]
    if f.sensitivity_of is not None:
        yield Said(f"en prøve af resultat {f.sensitivity_of}", f"a check of finding {f.sensitivity_of}")
    if f.restates:
        yield Said(f"gengiver {f.restates}", f"retells {f.restates}")
