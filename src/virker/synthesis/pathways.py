"""Pathways to Work: a rating for each outcome domain and horizon, and the highest of them over all.

Source: US Department of Health and Human Services, Pathways to Work Evidence Clearinghouse (pathwaystowork.acf.gov). Published:
the domains, the horizons (short to 18 months since the first offer, long to five years, very long beyond; education at its
longest follow-up), two-sided p < .05, and the ratings well-supported, supported, mixed and not supported. The text of the
lowest ratings was cut where it was read; here they are one, *insufficient*. Not found: the numeric rules of study quality.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from virker.bank import Row
from virker.language import Said
from virker.synthesis.rulesets import Judgement, RuleSet
from virker.synthesis.signs import DIRECTION_OF, Sign, is_credible, results, sign_of, together, words
from virker.synthesis.units import EvidenceUnit, Units
from virker.synthesis.verdict import Contribution, Setting

LEVELS = ("well-supported", "supported", "mixed", "not-supported", "insufficient")
LABELS = {
    "well-supported": Said("velunderbygget", "well-supported"),
    "supported": Said("underbygget", "supported"),
    "mixed": Said("blandet støtte", "mixed support"),
    "not-supported": Said("ikke underbygget", "not supported"),
    "insufficient": Said("utilstrækkelig viden", "insufficient evidence"),
}
DOMAINS = {
    "employment": Said("beskæftigelse", "employment"),
    "earnings": Said("indkomst fra arbejde", "earnings"),
    "benefits": Said("offentlig forsørgelse", "public benefit receipt"),
    "education": Said("uddannelse", "education and training"),
}
BANDS = {
    "short": Said("kort sigt", "short term"),
    "long": Said("langt sigt", "long term"),
    "very-long": Said("meget langt sigt", "very long term"),
    "longest": Said("længste opfølgning", "longest follow-up"),
    "not-told": Said("tidshorisont ikke oplyst", "horizon not told"),
}
SETTINGS: Mapping[str, Setting] = {
    "alpha": Setting(0.05, True, "tosidet p < 0,05", "two-sided p < .05"),
    "studies_for_well_supported": Setting(2, True, "mindst to studier af moderat eller høj kvalitet med signifikant gunstige resultater", "at least two studies of moderate or high quality with significant favourable findings"),
    "short_months": Setting(18, True, "kort sigt: til og med 18 måneder", "short term: up to and including 18 months"),
    "long_months": Setting(60, True, "langt sigt: over 18 måneder til fem år", "long term: beyond 18 months to five years"),
    "credible_maryland": Setting(3, False, "talreglerne for moderat og høj studiekvalitet er ikke fundet: vi tager Maryland 3 og op", "the numeric rules for moderate and high study quality were not found: we take Maryland 3 and up"),
    "horizon_not_told": Setting("own-band", False, "Pathways kender altid tidshorisonten; resultater uden får deres eget bånd her (`leave-out` udelader dem)", "Pathways always knows the horizon; results without one get a band of their own here (`leave-out` drops them)"),
    "employment_outcomes": Setting("employment employment-rate exit-to-job employment-duration return-to-work", False, "hvilke af vore udfald der er beskæftigelse, er vores valg", "which of our outcomes are employment is our choice"),
    "earnings_outcomes": Setting("earnings income", False, "hvilke af vore udfald der er indkomst, er vores valg", "which of our outcomes are earnings is our choice"),
    "benefits_outcomes": Setting("unemployment unemployment-rate unemployment-duration exit-unemployment benefit-receipt self-support", False, "ledighed måles her som regel ved ydelsen: vi tager den med under offentlig forsørgelse", "unemployment is mostly measured by the benefit here: we take it as public benefit receipt"),
    "education_outcomes": Setting("education education-entry education-attainment", False, "hvilke af vore udfald der er uddannelse, er vores valg", "which of our outcomes are education is our choice"),
    "said_significant_is": Setting(0.05, False, "et resultat, som kilden kalder signifikant uden p-værdi, tæller som p < 0,05", "a result that its source calls significant without a p-value counts as p < .05"),
}  # fmt: skip

#: What other rule sets set aside and Pathways rates in a band of its own (the English words of the reason in usable.py).
_OTHER_BANDS = frozenset({"a shorter horizon of the same outcome", "measures lock-in or threat, not the effect after"})


@dataclass(frozen=True, slots=True)
class Cell:
    """The rating of one domain at one horizon, and how its studies came out."""

    domain: str
    band: str
    level: str
    direction: str
    signs: Mapping[str, Sign]

    def count(self, sign: Sign) -> int:
        return sum(s == sign for s in self.signs.values())


def judge(units: Units, settings: Mapping[str, Setting], strict: bool = False) -> Judgement:
    """Rate every cell; the verdict is the highest rating, as on Pathways' own search page, and says which cell it is."""
    rated = cells(units, settings, strict)
    best = min(rated, key=lambda c: LEVELS.index(c.level), default=None)
    signs: dict[str, list[Sign]] = defaultdict(list)
    for cell in rated:
        for unit, sign in cell.signs.items():
            signs[unit].append(sign)
    threshold = float(settings["credible_maryland"].value)
    contributions = tuple(_contribution(u, signs.get(u.id, []), threshold) for u in units.all)
    measures = {f"{c.domain}.{c.band}.{s}": float(n) for c in rated for s in ("favourable", "unfavourable", "null") if (n := c.count(s))}
    direction, level = (best.direction, best.level) if best else ("too-little", "insufficient")
    return Judgement(direction, level, contributions, _reasons(best, rated), _marks(rated, best, signs), measures)


def cells(units: Units, settings: Mapping[str, Setting], strict: bool = False) -> tuple[Cell, ...]:
    """Every domain and horizon that a study of moderate or high quality reports on, in the order of :data:`DOMAINS` and :data:`BANDS`."""
    query = units.query
    found: dict[tuple[str, str], dict[str, list[Sign]]] = defaultdict(lambda: defaultdict(list))
    alpha, said_is = float(settings["alpha"].value), float(settings["said_significant_is"].value)
    threshold = float(settings["credible_maryland"].value)
    other = _by_study(units)
    for unit in (u for u in units.primary if is_credible(u, threshold)):
        rows = (*unit.rows, *(r for s in unit.studies for r in other.get(s, ())))
        longest = _longest_education(rows, settings)
        for result in results(rows, query):
            cell = cell_of(result.row, settings)
            if cell and (cell[1] != "longest" or _months(result.row) == longest):
                found[cell][unit.id].append(sign_of(result, alpha, strict, said_is))
    order = [(d, b) for d in DOMAINS for b in BANDS if (d, b) in found]
    return tuple(_cell(d, b, {u: together(s) for u, s in found[d, b].items()}, settings) for d, b in order)


def cell_of(row: Row, settings: Mapping[str, Setting]) -> tuple[str, str] | None:
    """The domain and horizon band of a finding; None for outcomes that Pathways does not rate."""
    domain = next((d for d in DOMAINS if row.finding.outcome in words(settings[f"{d}_outcomes"].value)), None)
    if domain is None:
        return None
    if domain == "education":
        return domain, "longest"
    months = _months(row)
    if months is None:
        return (domain, "not-told") if settings["horizon_not_told"].value == "own-band" else None
    return domain, band_of(months, settings)


def band_of(months: float, settings: Mapping[str, Setting] = SETTINGS) -> str:
    """The horizon band of a follow-up in months.

    >>> [band_of(m) for m in (18, 18.1, 60, 61)]
    ['short', 'long', 'long', 'very-long']
    """
    if months <= float(settings["short_months"].value):
        return "short"
    return "long" if months <= float(settings["long_months"].value) else "very-long"


def _months(row: Row) -> float | None:
    f = row.finding
    return f.horizon_months if f.horizon_months is not None else f.horizon_to


def _longest_education(rows: Iterable[Row], settings: Mapping[str, Setting]) -> float | None:
    asked = words(settings["education_outcomes"].value)
    return max((m for r in rows if r.finding.outcome in asked and (m := _months(r)) is not None), default=None)


def _by_study(units: Units) -> dict[str, list[Row]]:
    """Results of other horizons that were set aside, by study: a rating by horizon needs them all."""
    rows: dict[str, list[Row]] = defaultdict(list)
    for aside in units.aside:
        if aside.why.en in _OTHER_BANDS:
            rows[aside.row.study.id].append(aside.row)
    return rows


def _cell(domain: str, band: str, signs: Mapping[str, Sign], settings: Mapping[str, Setting]) -> Cell:
    def n(sign: Sign) -> int:
        return sum(s == sign for s in signs.values())

    if n("mixed") or (n("favourable") and n("unfavourable")):
        return Cell(domain, band, "mixed", "mixed", signs)
    if n("favourable"):
        well = n("favourable") >= float(settings["studies_for_well_supported"].value)
        return Cell(domain, band, "well-supported" if well else "supported", "positive", signs)
    if n("unfavourable") or n("null"):
        return Cell(domain, band, "not-supported", "negative" if n("unfavourable") > n("null") else "none", signs)
    return Cell(domain, band, "insufficient", "too-little", signs)


def cell_said(cell: Cell) -> Said:
    """``employment, short term: supported (1 favourable, 0 unfavourable, 2 null, 3 silent)``."""
    where = DOMAINS[cell.domain] + Said(", ", ", ") + BANDS[cell.band]
    counts = [cell.count(s) for s in ("favourable", "unfavourable", "mixed", "null", "silent")]
    names = (("gunstige", "ugunstige", "blandede", "uden effekt", "uden trykt signifikans"), ("favourable", "unfavourable", "mixed", "null", "not printed"))
    da, en = (", ".join(f"{c} {w}" for c, w in zip(counts, told, strict=True) if c) for told in names)
    return Said(f"{where.da}: {LABELS[cell.level].da} ({da})", f"{where.en}: {LABELS[cell.level].en} ({en})")


def _reasons(best: Cell | None, rated: tuple[Cell, ...]) -> tuple[Said, ...]:
    if best is None:
        return (
            Said(
                "Intet studie af moderat eller høj kvalitet måler et udfald på et kendt område.",
                "No study of moderate or high quality measures an outcome of a known domain.",
            ),
        )
    where = DOMAINS[best.domain] + Said(", ", ", ") + BANDS[best.band]
    highest = Said(f"Den højeste bedømmelse er den for {where.da}.", f"The highest rating is that of {where.en}.")
    return (highest, *(cell_said(c) + Said(".", ".") for c in rated))


def _marks(rated: tuple[Cell, ...], best: Cell | None, signs: Mapping[str, list[Sign]]) -> tuple[Said, ...]:
    marks = [
        Said(
            "Studiernes kvalitet er udledt af designet: Pathways' egne talregler er ikke fundet.",
            "The studies' quality is derived from the design: Pathways' own numeric rules were not found.",
        )
    ]
    silent = sum(set(s) == {"silent"} for s in signs.values())
    if silent:
        marks.append(
            Said(
                f"{silent} af {len(signs)} studier trykker ingen signifikans og kan ikke tælle.",
                f"{silent} of {len(signs)} studies print no significance, and cannot count.",
            )
        )
    lower = [c for c in rated if best and c.direction not in (best.direction, "too-little")]
    if lower:
        marks.append(
            Said("Andre områder eller tidshorisonter er bedømt anderledes (se ovenfor).", "Other domains or horizons are rated differently (see above).")
        )
    if best and best.band == "not-told":
        marks.append(
            Said("Den højeste bedømmelse er af resultater, hvis tidshorisont ikke er oplyst.", "The highest rating is of results whose horizon is not told.")
        )
    return tuple(marks)


def _contribution(unit: EvidenceUnit, signs: list[Sign], threshold: float) -> Contribution:
    sign = together(signs)
    if unit.is_review:
        why = Said("vises: Pathways bedømmer studier, ikke oversigter", "shown: Pathways rates studies, not reviews")
    elif not is_credible(unit, threshold):
        why = Said(f"vises: lav kvalitet (Maryland {unit.maryland})", f"shown: low quality (Maryland {unit.maryland})")
    elif not signs:
        why = Said("intet udfald på Pathways' områder", "no outcome of Pathways' domains")
    elif sign == "silent":
        why = Said("signifikans er ikke trykt", "significance is not printed")
    else:
        why = Said(f"moderat eller høj kvalitet (Maryland {unit.maryland})", f"moderate or high quality (Maryland {unit.maryland})")
    taken = sign != "silent" and bool(signs)
    return Contribution(unit=unit.id, findings=unit.addresses, direction=DIRECTION_OF.get(sign, unit.direction), weight=float(taken), counted=taken, why=why)


PATHWAYS = RuleSet(
    id="pathways",
    version="2026.1",
    label=Said("Pathways to Work", "Pathways to Work"),
    levels=LEVELS,
    level_labels=LABELS,
    settings=SETTINGS,
    judge=judge,
)
