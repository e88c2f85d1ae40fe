"""Jobeffekter.dk, its last generation (G2): weighted vote counting on the sign of significance.

Source: jobeffekter.dk, the pages on weights, combination factor, calculations and interpretation. Published: quality weights,
RCT 1 and econometric 0.8, Denmark 1, not in a journal 0.5, combination 0.5, the multiple-results weights but for the last row,
"few studies" below 1, and 55 per cent for a verdict. Never published, and so settings with a mark: weights of other methods,
countries and journals, and the thresholds of the evidence levels, which are therefore not computed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from virker.bank import Row
from virker.language import Said, number
from virker.synthesis.journals import in_journal
from virker.synthesis.rulesets import QUALITY_DERIVED, Judgement, RuleSet
from virker.synthesis.units import EvidenceUnit, Units
from virker.synthesis.verdict import Contribution, Setting

_PUB = ("offentliggjort på jobeffekter.dk", "published on jobeffekter.dk")

SETTINGS: Mapping[str, Setting] = {
    "quality_good": Setting(1.0, True, *_PUB),
    "quality_satisfactory": Setting(0.5, True, *_PUB),
    "quality_unsatisfactory": Setting(0.25, True, *_PUB),
    "derived_good_from": Setting(4, False, "sidens egne karakterer er ikke fundet: uden en persons karakter er Maryland 4 og op »god«", "the site's own marks were not found: without a person's mark, Maryland 4 and above is “good”"),
    "derived_satisfactory_from": Setting(3, False, "uden en persons karakter er Maryland 3 »tilfredsstillende«, og alt under er »ikke tilfredsstillende«", "without a person's mark, Maryland 3 is “satisfactory” and anything below “unsatisfactory”"),
    "method_rct": Setting(1.0, True, "følger af den offentliggjorte regel om højst 1", "follows from the published rule of at most 1"),
    "method_econometric": Setting(0.8, True, *_PUB),
    "econometric_from": Setting(2, False, "sidens grænse mellem økonometri og andre metoder er ikke fundet: vi tager Maryland 2 og op", "the site's line between econometrics and other methods was not found: we take Maryland 2 and above"),
    "method_other": Setting(0.5, False, "vægten for andre metoder er ikke fundet: vi tager 0,5", "the weight of other methods was not found: we take 0.5"),
    "geography_denmark": Setting(1.0, True, *_PUB),
    "geography_nordic": Setting(0.8, False, "vægten for Norden er ikke fundet: vi tager 0,8", "the Nordic weight was not found: we take 0.8"),
    "geography_other": Setting(0.5, False, "vægten for andre lande er ikke fundet: vi tager 0,5", "the weight of other countries was not found: we take 0.5"),
    "journal_no": Setting(0.5, True, *_PUB),
    "journal_yes": Setting(0.75, False, "vægten for tidsskrifter under toppen er ikke fundet: vi tager 0,75 for alle tidsskrifter", "the weight of journals below the top was not found: we take 0.75 for all journals"),
    "combination": Setting(0.5, True, *_PUB),
    "multi_result_rule": Setting("share_of_n", False, "eksemplet på siden passer med både en vægt per resultat og en andel af resultaterne: vi tager andelen, så ét forsøg er én stemme", "the page's example fits both a weight per result and a share of the results: we take the share, so that one trial is one vote"),
    "few_studies_below": Setting(1.0, True, *_PUB),
    "sub_result": Setting(0.5, True, *_PUB),
    "majority_share": Setting(0.55, True, *_PUB),
    "majority_of": Setting("total", False, "den danske side siger 55 % af hele vidensmængden, den engelske af netto: vi følger den danske", "the Danish page says 55% of the whole stock, the English one of the net stock: we follow the Danish"),
}  # fmt: skip


def contribution(q: float, m: float, g: float, j: float, c: float = 1.0, r: float = 1.0) -> float:
    """A result's knowledge contribution: the product of its weights, between 0 and 1.

    The worked example of the 2019 page on the algorithm: satisfactory, econometric, Danish, not in a journal.

    >>> contribution(0.5, 0.8, 1, 0.5)
    0.2
    """
    return q * m * g * j * c * r


def judge(units: Units, settings: Mapping[str, Setting], strict: bool = False) -> Judgement:
    """Weigh every result, sum by direction, and apply the rules of the page in its order."""
    stock: dict[str, float] = defaultdict(float)
    contributions = []
    for unit in units.all:
        direction = unit.strict if strict else unit.direction
        taken = not unit.is_review and direction is not None
        weight = unit_weight(unit, settings) if taken else 0.0
        if taken and direction:
            stock[direction] += weight
        why = (
            Said(f"vidensbidrag {number(round(weight, 3), 'da')}", f"contribution {number(round(weight, 3), 'en')}")
            if taken
            else Said("vises: oversigter indgår ikke", "shown: reviews are not part of it")
            if unit.is_review
            else Said("signifikans er ikke trykt", "significance is not printed")
        )
        contributions.append(
            Contribution(
                unit=unit.id,
                findings=unit.addresses,
                direction=direction or unit.direction,
                weight=round(weight, 6),
                counted=taken,
                why=why,
            )
        )
    total = sum(stock.values())
    verdict, said = verdict_of(stock, settings)
    amount = Said(f"Vidensmængde {number(round(total, 2), 'da')}.", f"Stock of knowledge {number(round(total, 2), 'en')}.")
    level_mark = Said(
        "Evidensniveauets grænser er aldrig offentliggjort og beregnes ikke.", "The thresholds of the evidence level were never published; it is not computed."
    )
    weights_mark = Said(
        "Vægte for andre lande, metoder og tidsskrifter er vore egne, for de er ikke offentliggjort.",
        "Weights of other countries, methods and journals are our own: they were not published.",
    )
    return Judgement(
        verdict,
        None,
        tuple(contributions),
        (amount, said),
        (level_mark, weights_mark, *quality_mark(units)),
        {"stock": round(total, 6), **{f"stock_{d}": round(v, 6) for d, v in sorted(stock.items())}},
    )


def verdict_of(stock: Mapping[str, float], settings: Mapping[str, Setting]) -> tuple[str, Said]:
    """The direction from the stock of knowledge by direction.

    Below one: few studies. Else the direction with 55 per cent or more of it; else conflicting.
    """
    total = sum(stock.values())
    if total < float(settings["few_studies_below"].value) - 1e-12:
        return "too-little", Said("Under 1: få studier.", "Below 1: few studies.")
    ranked = sorted(stock.items(), key=lambda item: -item[1])
    top, most = ranked[0]
    base = total if settings["majority_of"].value == "total" else max(total - (ranked[1][1] if len(ranked) > 1 else 0.0), most)
    tied = len(ranked) > 1 and most - ranked[1][1] < 1e-12
    share = most / base
    percent = Said(f"{number(round(100 * share), 'da')} % peger samme vej", f"{number(round(100 * share), 'en')}% point the same way")
    if tied or share < float(settings["majority_share"].value) - 1e-12 or top == "mixed":
        return "mixed", percent + Said(": modstridende.", ": conflicting.")
    return top, percent + Said(".", ".")


def unit_weight(unit: EvidenceUnit, settings: Mapping[str, Setting]) -> float:
    """What a piece of evidence contributes in all: the mean over its results (share rule) or their sum, at most 1 (per-result rule; the cap is ours)."""
    each = [_row_weight(row, unit, settings) for row in unit.rows]
    return sum(each) / len(each) if settings["multi_result_rule"].value == "share_of_n" else min(1.0, sum(each))


def _row_weight(row: Row, unit: EvidenceUnit, settings: Mapping[str, Setting]) -> float:
    def value(name: str) -> float:
        return float(settings[name].value)

    mark = unit.assessed or _derived(unit, settings)
    econometric = unit.maryland >= float(settings["econometric_from"].value)
    method = "method_rct" if row.study.design.startswith("rct") else "method_econometric" if econometric else "method_other"
    sub = value("sub_result") if row.finding.subgroup and settings["multi_result_rule"].value == "per_result_table" else 1.0
    combined = value("combination") if row.finding.components else 1.0
    return contribution(
        value(f"quality_{mark}"),
        value(method),
        _geography(row, settings),
        value("journal_yes" if in_journal(row.study.container) else "journal_no"),
        combined,
        sub,
    )


def _derived(unit: EvidenceUnit, settings: Mapping[str, Setting]) -> str:
    """The quality mark of a piece of evidence that no person has assessed: read off its design."""
    if unit.maryland >= float(settings["derived_good_from"].value):
        return "good"
    return "satisfactory" if unit.maryland >= float(settings["derived_satisfactory_from"].value) else "unsatisfactory"


def quality_mark(units: Units) -> tuple[Said, ...]:
    """The warning that quality was read off the design, where it was for any study."""
    return () if all(u.assessed or u.is_review for u in units.all) else (QUALITY_DERIVED,)


def _geography(row: Row, settings: Mapping[str, Setting]) -> float:
    if "DK" in row.countries:
        return float(settings["geography_denmark"].value)
    nordic = {"SE", "NO", "FI", "IS"} & set(row.countries)
    return float(settings["geography_nordic" if nordic else "geography_other"].value)


JOBEFFEKTER = RuleSet(
    id="jobeffekter-g2",
    version="2026.1",
    label=Said("Jobeffekter.dk (seneste udgave)", "Jobeffekter.dk (last generation)"),
    levels=(),
    level_labels={},
    settings=SETTINGS,
    judge=judge,
)
