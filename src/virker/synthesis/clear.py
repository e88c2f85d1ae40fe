"""CLEAR's tiers for RESEA: high, moderate, potentially promising, or no rating.

Source: US Department of Labor, Clearinghouse for Labor Evaluation and Research (clear.dol.gov): the evidence tiers for
Reemployment Services and Eligibility Assessments, and the glossary's outcome findings (favourable, unfavourable, mixed).
Published: what each tier needs of employment and of the duration of unemployment insurance, and the two levels of
significance. Not found: the numeric rules of the study ratings (attrition, controls), and which outcomes make up each domain.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from virker.bank import Query
from virker.language import Said
from virker.synthesis.rulesets import Judgement, RuleSet
from virker.synthesis.signs import DIRECTION_OF, Sign, is_credible, results, sign_of, together, words
from virker.synthesis.units import EvidenceUnit, Units
from virker.synthesis.verdict import Contribution, Setting

LEVELS = ("high", "moderate", "potentially-promising", "no-rating")
LABELS = {
    "high": Said("højt niveau", "high"),
    "moderate": Said("moderat niveau", "moderate"),
    "potentially-promising": Said("muligvis lovende", "potentially promising"),
    "no-rating": Said("ingen bedømmelse", "no rating"),
}
SETTINGS: Mapping[str, Setting] = {
    "alpha_high": Setting(0.05, True, "højt niveau: p < 0,05", "high: p < .05"),
    "alpha_moderate": Setting(0.10, True, "moderat og muligvis lovende: p < 0,10", "moderate and potentially promising: p < .10"),
    "studies_for_high": Setting(2, True, "mindst to troværdige studier, hvert med gunstigt resultat for både beskæftigelse og dagpengeperiode", "at least two credible studies, each favourable on both employment and UI duration"),
    "credible_maryland": Setting(3, False, "CLEARs talregler for troværdighed er ikke fundet: vi tager Maryland 3 og op (lodtrækning eller kontrolgruppe)", "CLEAR's numeric rules for credibility were not found: we take Maryland 3 and up (drawn by lot, or a comparison group)"),
    "employment_outcomes": Setting("employment employment-rate exit-to-job employment-duration return-to-work", False, "hvilke udfald der er beskæftigelse, er ikke fundet: vi tager disse", "which outcomes are employment was not found: we take these"),
    "ui_duration_outcomes": Setting("unemployment-duration exit-unemployment benefit-receipt", False, "hvilke udfald der er dagpengeperiode, er ikke fundet: vi tager disse, også for andre ydelser end dagpenge", "which outcomes are UI duration was not found: we take these, also for benefits other than UI"),
    "said_significant_is": Setting(0.05, False, "et resultat, som kilden kalder signifikant uden p-værdi, tæller som p < 0,05", "a result that its source calls significant without a p-value counts as p < .05"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Rated:
    """One study under CLEAR's eyes: its finding in each domain, at each level of significance."""

    unit: EvidenceUnit
    credible: bool
    employment: tuple[Sign, Sign]
    duration: tuple[Sign, Sign]

    @property
    def overall(self) -> Sign:
        return together((self.employment[1], self.duration[1]))


def judge(units: Units, settings: Mapping[str, Setting], strict: bool = False) -> Judgement:
    """Rate each study by domain, then the measure by tier; reviews are not rated."""
    query = units.query
    rated = [_rate(u, query, settings, strict) for u in units.primary]
    level = tier(rated, settings)
    findings = Counter(r.overall for r in rated)
    direction = "positive" if level != "no-rating" else _unrated(findings)
    contributions = (*(_contribution(r) for r in rated), *(_shown(u) for u in units.reviews))
    return Judgement(
        direction,
        level,
        contributions,
        (_tally(rated, settings), _why(level)),
        _marks(rated, findings, level),
        {f"studies_{s}": float(n) for s, n in sorted(findings.items())},
    )


def tier(rated: list[_Rated], settings: Mapping[str, Setting]) -> str:
    """The published ladder, best first. Moderate may take employment from one credible study and UI duration from another."""
    credible = [r for r in rated if r.credible]
    both = [r for r in credible if r.employment[0] == r.duration[0] == "favourable"]
    if len(both) >= float(settings["studies_for_high"].value):
        return "high"
    if any(r.employment[1] == "favourable" for r in credible) and any(r.duration[1] == "favourable" for r in credible):
        return "moderate"
    if any("favourable" in (r.employment[1], r.duration[1]) for r in rated):
        return "potentially-promising"
    return "no-rating"


def _rate(unit: EvidenceUnit, query: Query, settings: Mapping[str, Setting], strict: bool) -> _Rated:
    found = results(unit.rows, query)
    levels = float(settings["alpha_high"].value), float(settings["alpha_moderate"].value)
    said_is = float(settings["said_significant_is"].value)

    def domain(name: str) -> tuple[Sign, Sign]:
        inside = [r for r in found if r.row.finding.outcome in words(settings[name].value)]
        first, second = (together(sign_of(r, a, strict, said_is) for r in inside) for a in levels)
        return first, second

    credible = is_credible(unit, float(settings["credible_maryland"].value))
    return _Rated(unit, credible, domain("employment_outcomes"), domain("ui_duration_outcomes"))


def _unrated(findings: Counter[Sign]) -> str:
    """No tier speaks of harm; that studies found it is told by CLEAR's outcome findings. No significance is no verdict of no effect."""
    if findings["mixed"]:
        return "mixed"
    return "negative" if findings["unfavourable"] else "too-little"


def _tally(rated: list[_Rated], settings: Mapping[str, Setting]) -> Said:
    credible = [r for r in rated if r.credible]
    both = sum(r.employment[0] == r.duration[0] == "favourable" for r in credible)
    work, duration = sum(r.employment[1] == "favourable" for r in credible), sum(r.duration[1] == "favourable" for r in credible)
    needed = settings["studies_for_high"].value
    return Said(
        f"Troværdige studier: {len(credible)} af {len(rated)}; gunstige for beskæftigelse {work}, for dagpengeperiode {duration} (p < 0,10), for begge {both} (p < 0,05; {needed} kræves til højt).",
        f"Credible studies: {len(credible)} of {len(rated)}; favourable on employment {work}, on UI duration {duration} (p < .10), on both {both} (p < .05; {needed} needed for high).",
    )


def _why(level: str) -> Said:
    return {
        "high": Said("Mindst to studier er gunstige for begge udfald.", "At least two studies are favourable on both outcomes."),
        "moderate": Said("Begge udfald er gunstige i mindst ét troværdigt studie.", "Both outcomes are favourable in at least one credible study."),
        "potentially-promising": Said("Mindst ét studie er gunstigt for det ene udfald.", "At least one study is favourable on one of the outcomes."),
        "no-rating": Said("Intet studie har et gunstigt resultat med trykt signifikans.", "No study has a favourable result of printed significance."),
    }[level]


def _marks(rated: list[_Rated], findings: Counter[Sign], level: str) -> tuple[Said, ...]:
    marks = [
        Said(
            "Hvilke studier der er troværdige, er udledt af designet: CLEARs egne talregler er ikke fundet.",
            "Which studies are credible is derived from the design: CLEAR's own numeric rules were not found.",
        )
    ]
    if silent := findings["silent"]:
        marks.append(
            Said(
                f"{silent} af {len(rated)} studier trykker ingen signifikans for de to udfald og kan ikke tælle.",
                f"{silent} of {len(rated)} studies print no significance on the two outcomes, and cannot count.",
            )
        )
    if level != "no-rating" and (against := findings["unfavourable"] + findings["mixed"]):
        marks.append(
            Said(
                f"Niveauet ser kun på gunstige resultater; {against} studier har også ugunstige.",
                f"The tier looks at favourable results only; {against} studies have unfavourable ones too.",
            )
        )
    return tuple(marks)


def _contribution(rated: _Rated) -> Contribution:
    unit, overall = rated.unit, rated.overall
    if overall == "silent":
        why = Said("signifikans er ikke trykt for de to udfald", "significance is not printed on the two outcomes")
    elif rated.credible:
        why = Said(f"troværdigt design (Maryland {unit.maryland})", f"credible design (Maryland {unit.maryland})")
    else:
        why = Said("ikke troværdigt design: tæller kun til muligvis lovende", "no credible design: counts for potentially promising only")
    direction = DIRECTION_OF.get(overall, unit.direction)
    return Contribution(unit=unit.id, findings=unit.addresses, direction=direction, weight=float(overall != "silent"), counted=overall != "silent", why=why)


def _shown(unit: EvidenceUnit) -> Contribution:
    why = Said("vises: CLEAR bedømmer studier, ikke oversigter", "shown: CLEAR rates studies, not reviews")
    return Contribution(unit=unit.id, findings=unit.addresses, direction=unit.direction, weight=0.0, counted=False, why=why)


CLEAR = RuleSet(
    id="clear-resea",
    version="2026.1",
    label=Said("CLEAR (RESEA-niveauer)", "CLEAR (RESEA tiers)"),
    levels=LEVELS,
    level_labels=LABELS,
    settings=SETTINGS,
    judge=judge,
)
