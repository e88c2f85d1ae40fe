"""A query on the bank: which findings does a claim, a cell of the map, or a person ask about?"""

from __future__ import annotations

import msgspec

from virker.bank.records import Comparator, Contrast, Cycle, Estimand, FindingKind, LabourMarket, Phase, Saturation, Scope, StudyKind

Names = str | tuple[str, ...]


class Query(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What to select. Every field given must hold; a field with several values is met by any of them.

    Terms of a tree (interventions, target groups, outcomes) also find everything below them. ``contrast`` does not select:
    it says which way the question turns the measure, so that a finding on a benefit cut answers a question about a rise
    with its sign turned round.

    Unless the query names a ``study``, a ``trial`` or single ``finding`` addresses, it leaves out what is no effect on the
    treated person: descriptive results, spillovers and market-wide results are asked for by ``kind``, ``spillover``, ``scope``.
    """

    intervention: Names = ()
    without: Names = ()
    #: also bundles that have the measure as one part
    combined: bool = False
    contrast: Contrast = "on"
    target_group: Names = ()
    not_target_group: Names = ()
    subgroup: Names = ()
    outcome: Names = ()
    study: Names = ()
    trial: Names = ()
    finding: Names = ()
    country: Names = ()
    region: Names = ()
    design: Names = ()
    min_maryland: int | None = None
    study_kind: StudyKind | tuple[StudyKind, ...] = ()
    kind: FindingKind | tuple[FindingKind, ...] = ()
    mechanism: Names = ()
    comparator: Comparator | tuple[Comparator, ...] = ()
    phase: Phase | tuple[Phase, ...] = ()
    cycle: Cycle | tuple[Cycle, ...] = ()
    saturation: Saturation | tuple[Saturation, ...] = ()
    labour_market: LabourMarket | tuple[LabourMarket, ...] = ()
    scope: Scope | tuple[Scope, ...] = ()
    spillover: bool | None = None
    estimand: Estimand | tuple[Estimand, ...] = ()
    horizon_from: float | None = None
    horizon_to: float | None = None
    year_from: int | None = None
    year_to: int | None = None

    @property
    def is_named(self) -> bool:
        """Whether the query names what it wants (a study, a trial, single findings) rather than describing it."""
        return bool(self.study or self.trial or self.finding)


def names(value: Names | None) -> tuple[str, ...]:
    """One or several names as a tuple."""
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else tuple(value)
