"""What a rule set is: an id, a version, its levels and settings, and a function from units to a judgement."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from virker.language import Said
from virker.synthesis.units import Units
from virker.synthesis.verdict import Contribution, Setting


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a rule set says before it is dressed as a verdict."""

    direction: str
    level: str | None
    contributions: tuple[Contribution, ...]
    reasons: tuple[Said, ...]
    marks: tuple[Said, ...] = ()
    measures: Mapping[str, float] = field(default_factory=dict)


#: The warning of a rule set that asks for quality, where nobody has assessed it.
QUALITY_DERIVED = Said("Kvaliteten er udledt af designet, ikke vurderet.", "Quality is derived from the design, not assessed.")

Judge = Callable[[Units, Mapping[str, Setting], bool], Judgement]


@dataclass(frozen=True, slots=True)
class RuleSet:
    """A published way to turn findings into a verdict, with its settings.

    ``levels`` runs from most to least certain. ``judge(units, settings, strict)`` is a pure function; ``strict`` is the
    reading in which only printed significance counts.

    ``abstains``: where it says too little, it lacks what it works on (numbers), not evidence: it then takes no part in whether rule sets agree.
    ``extra``: the optional part of the installation without which it cannot judge.
    """

    id: str
    version: str
    label: Said
    levels: tuple[str, ...]
    level_labels: Mapping[str, Said]
    settings: Mapping[str, Setting]
    judge: Judge
    abstains: bool = False
    extra: str | None = None

    def at_least(self, level: str | None, wanted: str) -> bool:
        """Whether ``level`` is ``wanted`` or better in this rule set."""
        return level is not None and self.levels.index(level) <= self.levels.index(wanted)
