"""Maryland threshold: only studies at level 3 of the Scientific Maryland Scale and above count, by majority.

Source: What Works Centre for Local Economic Growth, the scale by method: 3 is before-after *and* a comparison group, 4 instrumental
variables and regression discontinuity, 5 a randomised trial; hazard regressions and control functions "3 or 4". Its evidence
reviews keep level 3 and above, its toolkits level 2. Not published as a rule: what a set of studies then adds up to. The reviews
tell how many are consistently positive, mixed, without effect and negative; the majority of them is our reading.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from virker.language import Said, counted, joined, pointing
from virker.synthesis.rulesets import Judgement, RuleSet
from virker.synthesis.units import EvidenceUnit, Units
from virker.synthesis.verdict import Contribution, Setting

#: Designs that the source scores as "3 or 4".
THREE_OR_FOUR = frozenset({"timing-of-events", "selection-model"})

SETTINGS: Mapping[str, Setting] = {
    "threshold": Setting(3, True, "centrets gennemgange medtager niveau 3 og op (dets værktøjskasser niveau 2)", "the centre's reviews keep level 3 and above (its toolkits level 2)"),
    "hazard_regressions": Setting(3, False, "kilden siger »3 eller 4« om varighedsmodeller og kontrolfunktioner: vi tager 3", "the source says “3 or 4” of hazard regressions and control functions: we take 3"),
    "majority": Setting(0.5, False, "hvad studierne tilsammen siger, er ikke offentliggjort som regel: vi kræver mere end halvdelen", "what the studies add up to was not published as a rule: we need more than half"),
    "none_opposes": Setting(True, False, "studier uden effekt tæller med, når flertallet gøres op", "studies without effect count when the majority is taken"),
    "fewest": Setting(1, False, "mindst ét studie på niveauet", "at least one study at the level"),
}  # fmt: skip


def score(unit: EvidenceUnit, settings: Mapping[str, Setting]) -> int:
    """The piece of evidence's level on the scale; what the source scores "3 or 4" takes the setting."""
    hazard = any(r.study.design in THREE_OR_FOUR for r in unit.rows)
    return max(unit.maryland, int(settings["hazard_regressions"].value)) if hazard else unit.maryland


def judge(units: Units, settings: Mapping[str, Setting], strict: bool = False) -> Judgement:
    """Keep the studies at the threshold and above, and take their majority; a review has no score and is shown."""
    threshold = float(settings["threshold"].value)
    contributions = []
    votes: Counter[str] = Counter()
    for unit in units.all:
        direction = unit.strict if strict else unit.direction
        level = score(unit, settings)
        taken = not unit.is_review and level >= threshold and direction is not None
        if taken and direction:
            votes[direction] += 1
        if unit.is_review:
            why = Said("vises: en oversigt har intet niveau på skalaen", "shown: a review has no level on the scale")
        elif level < threshold:
            why = Said(f"under tærsklen: Maryland {level}", f"below the threshold: Maryland {level}")
        elif not taken:
            why = Said("signifikans er ikke trykt", "significance is not printed")
        else:
            why = Said(f"Maryland {level}", f"Maryland {level}")
        contributions.append(
            Contribution(unit=unit.id, findings=unit.addresses, direction=direction or unit.direction, weight=float(taken), counted=taken, why=why)
        )
    below = sum(not u.is_review and score(u, settings) < threshold for u in units.all)
    verdict = _majority(votes, settings)
    total = votes.total()
    ways = joined([pointing(votes[d], d) for d in ("positive", "mixed", "none", "negative")], ", ")
    studies = counted(total, Said("studie", "study"), Said("studier", "studies"))
    tally = Said(
        f"{studies.da} på niveau {threshold:g} og op: {ways.da}; {below} under tærsklen.",
        f"{studies.en} at level {threshold:g} and above: {ways.en}; {below} below the threshold.",
    )
    mark = Said(
        "Skalaens kilde dømmer hvert studie, ikke dem alle; flertallet er vores. Niveauet følger designet, ikke udførelsen.",
        "The scale's source scores each study, not all of them; the majority is ours. The level follows the design, not how well it was done.",
    )
    return Judgement(verdict, None, tuple(contributions), (tally,), (mark,), {"kept": float(total), "below": float(below)})


def _majority(votes: Counter[str], settings: Mapping[str, Setting]) -> str:
    if votes.total() < float(settings["fewest"].value):
        return "too-little"
    asked = votes if settings["none_opposes"].value else (Counter({d: n for d, n in votes.items() if d != "none"}) or votes)
    top, most = asked.most_common(1)[0]
    return top if most > float(settings["majority"].value) * asked.total() else "mixed"


MARYLAND = RuleSet(
    id="maryland",
    version="2026.1",
    label=Said("Maryland-tærskel (niveau 3 og op)", "Maryland threshold (level 3 and above)"),
    levels=(),
    level_labels={},
    settings=SETTINGS,
    judge=judge,
)
