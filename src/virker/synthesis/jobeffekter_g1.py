"""Jobeffekter.dk, its first published generation (G1, one page dated 1 October 2019); and why the one before cannot be computed.

Source: www.jobeffekter.dk, the pages on the algorithm, calculations (steps 1-3 of 6; the rest was cut) and combination factor.
What sets G1 apart from the last generation: the combination factor is 1, 0.5 or 0.25, it covers the target group as well as the
measure and also results for a sub-category of what was searched for, and several results of one study all count in full.
Published for G1: the worked example (0.20), *few studies* below 1, and that the direction with most knowledge dominates. Not
found for G1: steps 4-6. The 55 per cent is the later page's, and so a setting here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import msgspec

from virker.bank import Query, Row, names
from virker.bank.records import Direction
from virker.language import Said, number
from virker.synthesis.jobeffekter import SETTINGS as LAST
from virker.synthesis.jobeffekter import quality_mark, unit_weight, verdict_of
from virker.synthesis.rulesets import Judgement, RuleSet
from virker.synthesis.signs import results
from virker.synthesis.units import EvidenceUnit, Units
from virker.synthesis.verdict import Contribution, Setting

#: Rule sets that somebody may ask for and that cannot be computed, with what is missing.
NOT_COMPUTABLE: Mapping[str, Said] = {
    "jobeffekter-g0": Said(
        "Jobeffekter.dk før 2019 (G0) kan ikke beregnes: teksten om vægtene er afbrudt efter »Studiernes kvalitet«, og hvordan de vægtede resultater bliver til en dom, er ikke fundet",
        "Jobeffekter.dk before 2019 (G0) cannot be computed: the text on the weights is cut after the quality of the studies, and how weighted results become a verdict was not found",
    ),
}

_TAKEN = ("quality_good", "quality_satisfactory", "quality_unsatisfactory", "derived_good_from", "derived_satisfactory_from", "method_rct", "method_econometric", "econometric_from", "method_other", "geography_denmark", "geography_nordic", "geography_other", "journal_no", "journal_yes", "few_studies_below")  # fmt: skip
SETTINGS: Mapping[str, Setting] = {
    **{name: LAST[name] for name in _TAKEN},
    **{name: Setting(LAST[name].value, False, "vægten står kun på den senere side om vægte", "the weight stands only on the later page on weights") for name in ("quality_good", "quality_unsatisfactory", "method_rct")},
    "combination_one": Setting(0.5, True, "kombination i målgruppe eller indsats, eller resultatet gælder en underkategori af det søgte", "a combination in target group or measure, or the result is for a sub-category of what was searched for"),
    "combination_both": Setting(0.25, True, "kombination i både målgruppe og indsats", "a combination in both target group and measure"),
    "majority_share": Setting(0.55, False, "de 55 % står på den senere fortolkningsside; trin 4-6 fra 2019 er ikke fundet", "the 55% stands on the later page on interpretation; steps 4-6 of 2019 were not found"),
    "majority_of": Setting("total", False, "af hvad de 55 % tages, er ikke fundet for 2019: vi tager hele vidensmængden", "what the 55% is of was not found for 2019: we take the whole stock"),
}  # fmt: skip

#: The last generation's factors, switched off: what is left of its weight is quality, method, geography and journal.
_PLAIN = {"combination": Setting(1.0, True, "", ""), "multi_result_rule": Setting("share_of_n", True, "", "")}


def combination(group: bool, measure: bool, settings: Mapping[str, Setting] = SETTINGS) -> float:
    """The combination factor: 1, 0.5 where either target group or measure is combined or a sub-category, 0.25 where both are.

    >>> combination(False, False), combination(True, False), combination(True, True)
    (1.0, 0.5, 0.25)
    """
    if group and measure:
        return float(settings["combination_both"].value)
    return float(settings["combination_one"].value) if group or measure else 1.0


def judge(units: Units, settings: Mapping[str, Setting], strict: bool = False) -> Judgement:
    """Weigh every result by its study and by the search, sum by direction, and apply the rules that were published."""
    query = units.query
    stock: dict[str, float] = defaultdict(float)
    contributions = []
    for unit in units.all:
        given = {} if unit.is_review else _given(unit, query, settings, strict)
        for direction, weight in given.items():
            stock[direction] += weight
        contributions.append(_contribution(unit, given, strict))
    total = sum(stock.values())
    verdict, said = verdict_of(stock, settings)
    amount = Said(f"Vidensmængde {number(round(total, 2), 'da')}.", f"Stock of knowledge {number(round(total, 2), 'en')}.")
    measures = {"stock": round(total, 6), **{f"stock_{d}": round(v, 6) for d, v in sorted(stock.items())}}
    return Judgement(verdict, None, tuple(contributions), (amount, said), _marks(units), measures)


def row_weight(row: Row, unit: EvidenceUnit, query: Query, settings: Mapping[str, Setting]) -> float:
    """One result's contribution: the study's weights times the combination factor of the search."""
    asked = names(query.intervention)
    below = bool(asked) and not {row.finding.intervention, *row.finding.also} & set(asked)
    alone = msgspec.structs.replace(unit, rows=(row,))
    return unit_weight(alone, {**settings, **_PLAIN}) * combination(unit.narrower, below or bool(row.finding.components), settings)


def _given(unit: EvidenceUnit, query: Query, settings: Mapping[str, Setting], strict: bool) -> dict[Direction, float]:
    """What the unit's results give to each direction; a result that its source calls insignificant is no effect."""
    given: dict[Direction, float] = defaultdict(float)
    for result in results(unit.rows, query):
        significant = result.row.finding.significant
        if strict and significant is None:
            continue
        direction: Direction = "none" if significant == "no" and result.direction != "mixed" else result.direction
        given[direction] += row_weight(result.row, unit, query, settings)
    return given


def _contribution(unit: EvidenceUnit, given: Mapping[Direction, float], strict: bool) -> Contribution:
    weight = round(sum(given.values()), 6)
    if given:
        shown = number(round(weight, 3), "da"), number(round(weight, 3), "en")
        many = len(unit.rows)
        why = Said(f"vidensbidrag {shown[0]} af {many} resultater", f"contribution {shown[1]} from {many} results")
        if many == 1:
            why = Said(f"vidensbidrag {shown[0]}", f"contribution {shown[1]}")
    elif unit.is_review:
        why = Said("vises: oversigter indgår ikke", "shown: reviews are not part of it")
    else:
        why = Said("signifikans er ikke trykt", "significance is not printed")
    direction = (unit.strict if strict else None) or unit.direction
    return Contribution(unit=unit.id, findings=unit.addresses, direction=direction, weight=weight, counted=bool(given), why=why)


def _marks(units: Units) -> tuple[Said, ...]:
    marks = [
        Said("Trin 4-6 i beregningen fra 2019 er ikke fundet: evidensniveauet beregnes ikke, og de 55 % er den senere sides.", "Steps 4-6 of the calculation of 2019 were not found: the evidence level is not computed, and the 55% is the later page's."),
        Said("Vægte for andre lande, metoder og tidsskrifter er vore egne, for de er ikke offentliggjort.", "Weights of other countries, methods and journals are our own: they were not published."),
        Said("Et studie med mange resultater tæller hvert af dem fuldt, som reglen var dengang.", "A study with many results counts each of them in full, as the rule was then."),
    ]  # fmt: skip
    return (*marks, *quality_mark(units))


JOBEFFEKTER_G1 = RuleSet(
    id="jobeffekter-g1",
    version="2026.1",
    label=Said("Jobeffekter.dk (udgaven fra 2019)", "Jobeffekter.dk (generation of 2019)"),
    levels=(),
    level_labels={},
    settings=SETTINGS,
    judge=judge,
)
