"""STAR's evidence hierarchy: strong, moderate, indication, conflicting, uncertain.

Source: the Danish Agency for Labour Market and Recruitment, "The hierarchy level of evidence" (star.dk). The rule counts
effect studies of high quality that point the same way, and one researched literature review as enough. It does not say what
a majority is of, whether a study that finds no effect opposes, or what high quality is: those are settings here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from virker.language import Said, counted, joined, pointing
from virker.synthesis.rulesets import QUALITY_DERIVED, Judgement, RuleSet
from virker.synthesis.units import EvidenceUnit, Units
from virker.synthesis.verdict import Contribution, Setting

LEVELS = ("strong", "moderate", "indication", "conflicting", "uncertain")

LABELS = {
    "strong": Said("stærk evidens", "strong evidence"),
    "moderate": Said("moderat evidens", "moderate evidence"),
    "indication": Said("indikation", "indication"),
    "conflicting": Said("modstridende viden", "conflicting knowledge"),
    "uncertain": Said("usikker viden", "uncertain knowledge"),
}

SETTINGS: Mapping[str, Setting] = {
    "high_quality_maryland": Setting(4, False, "hvad høj kvalitet er, er ikke offentliggjort: vi tager Maryland 4 eller 5", "what high quality is was not published: we take Maryland 4 or 5"),
    "studies_for_strong": Setting(3, True, "mindst tre studier af høj kvalitet", "three or more studies of high quality"),
    "studies_for_moderate": Setting(2, True, "to studier af høj kvalitet", "two studies of high quality"),
    "none_opposes": Setting(True, False, "om et studie uden effekt tæller imod, er ikke offentliggjort: vi lader det tælle med i flertallet", "whether a study without effect opposes was not published: we count it when the majority is taken"),
    "limited_for_indication": Setting(2, False, "»flere studier af begrænset kvalitet« er trykt uden tal: vi tager mindst to", "“more studies with limited quality” is printed without a number: we take at least two"),
    "review_own_grade_caps": Setting(True, False, "en litteraturgennemgang kan ikke give mere sikkerhed, end den selv udtaler", "a review lends no more certainty than it claims itself"),
    "review_for_whole_group": Setting(True, False, "en litteraturgennemgang om en snævrere gruppe taler kun for den gruppe", "a review of a narrower group speaks for that group only"),
}  # fmt: skip

#: A review's own words for its certainty, and the most that it can then carry.
GRADES = {"stærk": "strong", "strong": "strong", "moderat": "moderate", "moderate": "moderate", "indikation": "indication", "indication": "indication", "sparsom": "indication", "limited": "indication", "low": "indication", "lav": "indication"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Counting:
    """One way to count without counting anything twice."""

    primary: tuple[EvidenceUnit, ...]
    reviews: tuple[EvidenceUnit, ...]


def is_high_quality(unit: EvidenceUnit, threshold: float) -> bool:
    """An assessed mark decides; without one the design does."""
    return unit.assessed == "good" if unit.assessed else unit.maryland >= threshold


def judge(units: Units, settings: Mapping[str, Setting], strict: bool = False) -> Judgement:
    """Grade by counting; of the two ways to count without overlap the one that gives more certainty is taken.

    A review whose list has been read is shown, and its studies count. A review whose list has not been read counts once, and
    the studies known to be in it then do not.
    """
    primary = tuple(u for u in units.primary if not strict or u.strict)
    counted_studies = {p.id for p in primary}
    researched = tuple(u for u in units.reviews if _may_count(u, counted_studies, settings) and (not strict or u.strict))
    covered = frozenset().union(*(r.covers for r in researched)) if researched else frozenset()
    countings = [_Counting(primary, ())]
    if researched:
        countings.append(_Counting(tuple(p for p in primary if p.id not in covered), researched))
    graded = [(_grade(c, settings, strict), c) for c in countings]
    (direction, level, why), counting = min(graded, key=lambda g: (LEVELS.index(g[0][1]), len(g[1].reviews)))
    if strict:
        return Judgement(direction, level, (), why)
    return Judgement(direction, level, _contributions(units, counting, settings), why, _marks(counting, level, settings))


def _may_count(review: EvidenceUnit, counted_studies: set[str], settings: Mapping[str, Setting]) -> bool:
    own_studies_count = review.list_read and bool(review.covers & counted_studies)
    too_narrow = review.narrower and bool(settings["review_for_whole_group"].value)
    return review.is_researched_review and not own_studies_count and not too_narrow


def _direction(unit: EvidenceUnit, strict: bool) -> str:
    return (unit.strict or unit.direction) if strict else unit.direction


def _grade(counting: _Counting, settings: Mapping[str, Setting], strict: bool) -> tuple[str, str, tuple[Said, ...]]:
    threshold = float(settings["high_quality_maryland"].value)
    high: Counter[str] = Counter()
    limited: Counter[str] = Counter()
    for unit in counting.primary:
        (high if is_high_quality(unit, threshold) else limited)[_direction(unit, strict)] += 1
    reviews = Counter(_direction(u, strict) for u in counting.reviews)
    everything = high + limited + reviews
    if not everything:
        return "too-little", "uncertain", (Said("Ingen studier uden for notatet kan tælles.", "No study outside the note can be counted."),)
    top = _majority(everything, bool(settings["none_opposes"].value))
    tally = _tally(everything)
    if top is None:
        if everything["positive"] and everything["negative"]:
            return (
                "mixed",
                "conflicting",
                (tally, Said("Studierne peger i modsat retning uden flertal.", "The studies point in opposite directions without a majority.")),
            )
        return "mixed", "uncertain", (tally, Said("Der er intet flertal.", "There is no majority."))
    if top == "mixed":
        return "mixed", "conflicting", (tally, Said("Flertallet finder selv blandede resultater.", "Most of them find mixed results themselves."))
    same = high[top]
    if reviews[top]:
        ceiling = _review_ceiling([u for u in counting.reviews if _direction(u, strict) == top], settings)
        by_review = Said(
            f"Mindst én litteraturgennemgang peger samme vej ({LABELS[ceiling].da} er det højeste, den bærer).",
            f"At least one researched review points the same way ({LABELS[ceiling].en} is the most it carries).",
        )
    else:
        ceiling, by_review = "uncertain", None
    by_studies = _by_studies(same, limited[top], settings)
    level = min(by_studies, ceiling, key=LEVELS.index)
    reasons = [tally, _studies_said(same, limited[top])]
    if by_review and LEVELS.index(ceiling) < LEVELS.index(by_studies):
        reasons.append(by_review)
    if level == "uncertain":
        return "too-little", "uncertain", (*reasons, Said("Det er for få til en indikation.", "That is too few for an indication."))
    return top, level, tuple(reasons)


def _by_studies(high: int, limited: int, settings: Mapping[str, Setting]) -> str:
    if high >= float(settings["studies_for_strong"].value):
        return "strong"
    if high >= float(settings["studies_for_moderate"].value):
        return "moderate"
    return "indication" if high or limited >= float(settings["limited_for_indication"].value) else "uncertain"


def _majority(everything: Counter[str], none_opposes: bool) -> str | None:
    votes = everything if none_opposes else Counter({d: n for d, n in everything.items() if d != "none"}) or everything
    top, most = votes.most_common(1)[0]
    return top if 2 * most > votes.total() else None


def _review_ceiling(reviews: Sequence[EvidenceUnit], settings: Mapping[str, Setting]) -> str:
    if not settings["review_own_grade_caps"].value:
        return "strong"
    best = []
    for review in reviews:
        grades = [GRADES[g] for r in review.rows if (g := (r.finding.evidence_grade or "").split(" ")[0].casefold()) in GRADES]
        best.append(min(grades, key=LEVELS.index) if grades else "strong")
    return min(best, key=LEVELS.index)


def _contributions(units: Units, counting: _Counting, settings: Mapping[str, Setting]) -> tuple[Contribution, ...]:
    inside = {id(u) for u in (*counting.primary, *counting.reviews)}
    threshold = float(settings["high_quality_maryland"].value)
    out = []
    for unit in units.all:
        taken = id(unit) in inside
        if not taken:
            why = _why_left_out(unit)
        elif unit.is_review:
            why = Said("litteraturgennemgang", "researched review")
        else:
            why = _quality_said(is_high_quality(unit, threshold), None if unit.assessed else unit.maryland)
        out.append(Contribution(unit=unit.id, findings=unit.addresses, direction=unit.direction, weight=float(taken), counted=taken, why=why))
    return tuple(out)


@cache
def _quality_said(high: bool, derived_from: int | None) -> Said:
    mark = Said("høj kvalitet", "high quality") if high else Said("begrænset kvalitet", "limited quality")
    if derived_from is None:
        return mark
    return mark + Said(f" (udledt af designet, Maryland {derived_from})", f" (derived from the design, Maryland {derived_from})")


def _why_left_out(unit: EvidenceUnit) -> Said:
    if unit.is_review and not unit.is_researched_review:
        return Said(
            "vises: en ekspertvurdering eller fortællende oversigt tæller ikke i hierarkiet",
            "shown: an expert judgement or narrative review does not count in the hierarchy",
        )
    if unit.is_review and unit.narrower:
        return Said("vises: den handler om en snævrere gruppe", "shown: it is about a narrower group")
    if unit.is_review:
        return Said("vises: dens studier tæller selv", "shown: its studies count themselves")
    return Said("indgår i en litteraturgennemgang, der tæller", "is covered by a review that counts")


def _marks(counting: _Counting, level: str, settings: Mapping[str, Setting]) -> tuple[Said, ...]:
    marks = []
    if len(counting.reviews) == 1 and _grade(_Counting(counting.primary, ()), settings, False)[1] != level:
        marks.append(
            Said(f"Niveauet hviler på én litteraturgennemgang ({counting.reviews[0].id}).", f"The level rests on one review ({counting.reviews[0].id}).")
        )
    if any(not r.list_read for r in counting.reviews):
        marks.append(
            Said(
                "Gennemgangens liste over studier er ikke læst, så overlap kan ikke udelukkes.",
                "The review's list of studies has not been read, so overlap cannot be ruled out.",
            )
        )
    if any(not u.assessed for u in counting.primary):
        marks.append(QUALITY_DERIVED)
    return tuple(marks)


def _tally(everything: Counter[str]) -> Said:
    word = counted(
        sum(everything.values()),
        Said("uafhængigt stykke evidens", "independent piece of evidence"),
        Said("uafhængige stykker evidens", "independent pieces of evidence"),
    )
    ways = joined([pointing(everything[d], d) for d in ("positive", "none", "negative", "mixed") if everything[d]], ", ")
    return Said(f"{word.da}: {ways.da}.", f"{word.en}: {ways.en}.")


def _studies_said(high: int, limited: int) -> Said:
    return Said(
        f"{high} af høj og {limited} af begrænset kvalitet peger den vej.",
        f"{high} of high and {limited} of limited quality point that way.",
    )


STAR = RuleSet(
    id="star-hierarchy",
    version="2026.1",
    label=Said("STARs evidenshierarki", "STAR's evidence hierarchy"),
    levels=LEVELS,
    level_labels=LABELS,
    settings=SETTINGS,
    judge=judge,
)
