"""The rules of each rule set that can be switched off, one by one: how a disagreement is traced to its cause.

A switch gives the units and settings as they would be without one rule. Where a rule set then says what the other says, that
rule is why they part. It is a thought experiment on our own computation; nothing that it gives is ever shown as a verdict.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import msgspec

from virker.bank import Row
from virker.language import Said
from virker.synthesis.rulesets import RuleSet
from virker.synthesis.units import EvidenceUnit, Units
from virker.synthesis.verdict import Setting

Settings = Mapping[str, Setting]
Change = Callable[[Units, Settings], tuple[Units, Settings]]


@dataclass(frozen=True, slots=True)
class Switch:
    """One rule: its name, what the rule set does by it (a verb phrase), and how to leave it out."""

    id: str
    does: Said
    without: Change


def _set(**values: float | int | str | bool) -> Change:
    """Other values of settings that the rule set has."""

    def change(units: Units, settings: Settings) -> tuple[Units, Settings]:
        return units, {**settings, **{n: msgspec.structs.replace(settings[n], value=v) for n, v in values.items() if n in settings}}

    return change


def _no_reviews(units: Units, settings: Settings) -> tuple[Units, Settings]:
    return replace(units, reviews=()), settings


def _reviews_as_studies(units: Units, settings: Settings) -> tuple[Units, Settings]:
    """Researched reviews that STAR could count, as if they were strong studies; those on the studies counted stay out."""
    own = {u.id for u in units.primary}
    counted = [msgspec.structs.replace(u, is_review=False, maryland=5) for u in units.reviews if u.is_researched_review and not u.covers & own]
    return replace(units, primary=(*units.primary, *counted), reviews=tuple(u for u in units.reviews if u.id not in {c.id for c in counted})), settings


def _no_nulls(units: Units, settings: Settings) -> tuple[Units, Settings]:
    def some(u: EvidenceUnit) -> bool:
        return u.direction != "none"

    return replace(units, primary=tuple(filter(some, units.primary)), reviews=tuple(filter(some, units.reviews))), settings


def _as_told(units: Units, settings: Settings) -> tuple[Units, Settings]:
    """The vote as told, insignificant results as no effect, where the rule set looks at the estimates' sign."""
    return replace(units, primary=tuple(msgspec.structs.replace(u, reported=u.direction) for u in units.primary)), settings


def _all_significant(units: Units, settings: Settings) -> tuple[Units, Settings]:
    """Results whose significance is not printed, as if it were."""

    def printed(row: Row) -> Row:
        f = row.finding
        silent = f.significant is None and f.p is None and f.p_max is None and f.direction in ("positive", "negative")
        return Row(row.study, msgspec.structs.replace(f, significant="yes"), row.address) if silent else row

    primary = tuple(msgspec.structs.replace(u, rows=tuple(map(printed, u.rows))) for u in units.primary)
    return replace(units, primary=primary), settings


_WEIGHS = (
    Switch("weighs-quality", Said("vægter studiernes kvalitet", "weighs the studies' quality"), _set(quality_satisfactory=1.0, quality_unsatisfactory=1.0)),
    Switch("weighs-method", Said("vægter metoden", "weighs the method"), _set(method_econometric=1.0, method_other=1.0)),
    Switch("weighs-country", Said("vægter landet", "weighs the country"), _set(geography_nordic=1.0, geography_other=1.0)),
    Switch("weighs-journal", Said("vægter, om studiet står i et tidsskrift", "weighs whether the study stands in a journal"), _set(journal_no=1.0, journal_yes=1.0)),
)  # fmt: skip
#: Nothing at all stays too little.
_FEW = Switch(
    "few-studies-below-one",
    Said("kalder en vidensmængde under 1 for få studier", "calls a stock of knowledge below 1 too few studies"),
    _set(few_studies_below=1e-9),
)
_SHARE = Switch("needs-55-percent", Said("kræver 55 % af viden i samme retning", "needs 55% of the knowledge one way"), _set(majority_share=0.0))
_NULL = Switch("null-is-a-direction", Said("regner »ingen effekt« for en retning", "treats no effect as a direction"), _no_nulls)
_NULL_OPPOSES = Switch("null-opposes", Said("lader studier uden effekt tælle imod", "lets studies without effect count against"), _set(none_opposes=False))
_LEAVES_REVIEWS = Switch("leaves-reviews-out", Said("lader litteraturgennemgange ude", "leaves literature reviews out"), _reviews_as_studies)
_PRINTED = Switch("needs-printed-significance", Said("kræver, at signifikans er trykt", "needs printed significance"), _all_significant)
_CREDIBLE = Switch("drops-weak-designs", Said("udelader svage design", "drops weak designs"), _set(credible_maryland=0))

SWITCHES: Mapping[str, tuple[Switch, ...]] = {
    "star-hierarchy": (
        Switch("counts-reviews", Said("tæller litteraturgennemgange", "counts literature reviews"), _no_reviews),
        _NULL_OPPOSES,
        Switch("one-limited-study-is-nothing", Said("regner ét studie af begrænset kvalitet for ingenting", "takes one study of limited quality for nothing"), _set(limited_for_indication=1)),
        Switch("asks-for-high-quality", Said("kræver studier af høj kvalitet", "asks for studies of high quality"), _set(high_quality_maryland=0)),
    ),
    "jobeffekter-g2": (_FEW, _SHARE, *_WEIGHS, _NULL, _LEAVES_REVIEWS),
    "jobeffekter-g1": (
        _FEW,
        _SHARE,
        *_WEIGHS,
        Switch("scales-down-sub-categories", Said("tæller underkategorier af det søgte halvt", "counts sub-categories of the search half"), _set(combination_one=1.0, combination_both=1.0)),
        _NULL,
        _LEAVES_REVIEWS,
    ),
    "vote-count": (
        Switch("ignores-significance", Said("ser på fortegnet uanset signifikans", "takes the sign whatever its significance"), _as_told),
        Switch("needs-two", Said("kræver to studier", "needs two studies"), _set(fewest=1)),
        _LEAVES_REVIEWS,
    ),
    "clear-resea": (_PRINTED, _CREDIBLE, _LEAVES_REVIEWS),
    "pathways": (_PRINTED, _CREDIBLE, _LEAVES_REVIEWS),
    "maryland": (
        Switch("drops-designs-below-3", Said("udelader design under Maryland 3", "drops designs below Maryland 3"), _set(threshold=0)),
        _NULL_OPPOSES,
        _LEAVES_REVIEWS,
    ),
    "pooled": (
        Switch("numbers-only", Said("kun ser på tal med trykt præcision", "looks at numbers with a printed precision only"), _set(numbers_only=False)),
        Switch("interval-decides", Said("kræver, at hele intervallet ligger på én side", "needs the whole interval on one side"), _set(interval_decides=False)),
        Switch("pools-from-three", Said("kræver tre studier i et samlet skøn", "needs three studies in a pooled effect"), _set(fewest=2)),
        _LEAVES_REVIEWS,
    ),
}  # fmt: skip


def direction_without(units: Units, rules: RuleSet, switches: tuple[Switch, ...]) -> str:
    """The direction that the rule set would give with these of its rules left out."""
    settings: Settings = rules.settings
    for switch in switches:
        units, settings = switch.without(units, settings)
    return rules.judge(units, settings, False).direction
