"""Which number of the bank a measure gets, and what it is as a hazard ratio in this group.

Only a number that the bank holds for this measure, turned this way, and for people who include the group, is used. Where there is none,
the measure has no effect in the plan's figures, and the plan says how large it would have to be instead. A printed number for the whole
course (net) already holds the lock-in; numbers by phase are used phase by phase, each found with the earlier ones in place.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from virker.bank import Bank
from virker.bank.records import Phase as PhaseName
from virker.errors import ContentError, Problem, QueryError
from virker.language import Said
from virker.plan.calibrate import Kind, Target, calibrate
from virker.plan.compile import compile_baseline
from virker.plan.draws import amounts, centre, has_band
from virker.plan.inputs import Array, Phase
from virker.plan.scenario import MeasureTold, Scenario
from virker.synthesis.effect_number import NumberKind
from virker.synthesis.effect_path import EffectNumber, EffectPath, effect_path

#: Kinds of numbers as the model computes them, and in which order they are taken from one piece of evidence: what a plan is
#: about (time in work) first, what needs most translation last.
USED: dict[NumberKind, Kind] = {
    "time-in-work": "weeks-in-work",
    "employment-share": "in-work-at-pp",
    "job-share": "job-exits-pp",
    "employment-share-relative": "in-work-at-percent",
    "job-hazard": "hazard-ratio",
    "time-unemployed": "duration-within",
    "unemployment-spell": "duration-mean",
}
_OVER_A_SPAN: dict[Kind, Kind] = {"in-work-at-pp": "in-work-mean-pp", "in-work-at-percent": "in-work-mean-percent"}
_NOT_ONLY_JOBS = Said("tæller afgang til andet end job med", "counts exits to other things than a job")
_NO_NOTICE = Said(
    "virker, før indsatsen begynder, og planen har intet varsel (notice_weeks)", "works before the measure begins, and the plan has no notice (notice_weeks)"
)
_NO_END = Said("kilden siger ikke, hvor længe effekten varer; skriv lasts_weeks", "the source does not say how long the effect lasts; write lasts_weeks")
_ENDS_FIRST = Said(
    "planen lader effekten slutte (lasts_weeks), før indsatsen er forbi", "the plan lets the effect end (lasts_weeks) before the measure is over"
)
_OUT_OF_REACH = Said("kan ikke nås i denne gruppe med disse afgangsrater", "cannot be reached in this group with these exit rates")
WEEKS_A_MONTH = 52 / 12
#: A spell's mean length is changed as long as the spell lasts: ten years, after which hardly anybody is left. Ours.
WHOLE_SPELL = 520


@dataclass(frozen=True, slots=True)
class PhaseEffect:
    """A number of the bank as the model uses it.

    Attributes
    ----------
    target : Target
        What the number is in the model: its kind, its horizon, and the weeks since the announcement in which the hazard is changed.
    centre : float
        Log hazard ratio with which the group's model gives the printed number.
    log_ratio : ndarray of shape (S,)
        The same for each draw of the number; one value for a number that is only run at its centre.
    clipped : float
        Share of the draws whose number cannot be reached in this group, and is held at the end of what can.
    """

    number: EffectNumber
    target: Target
    centre: float
    log_ratio: Array = field(default_factory=lambda: np.zeros(1))
    clipped: float = 0.0

    @property
    def span(self) -> tuple[int, int]:
        return self.target.windows[0]

    @property
    def phase(self) -> PhaseName:
        return self.number.phase

    @property
    def has_band(self) -> bool:
        return has_band(self.number)

    @property
    def followed_weeks(self) -> int | None:
        """For how many weeks the source followed people, where it says so."""
        return round(self.number.horizon_months * WEEKS_A_MONTH) if self.number.horizon_months is not None else None

    def at_centre(self) -> Phase:
        return Phase(self.phase, *self.span, np.array([self.centre]))

    def drawn(self) -> Phase:
        return Phase(self.phase, *self.span, self.log_ratio)

    def at(self, share: float) -> Phase:
        """The phase at a quantile of the draws."""
        return Phase(self.phase, *self.span, np.array([float(np.quantile(self.log_ratio, share))]))


@dataclass(frozen=True, slots=True)
class MeasureEffect:
    """What the bank gives for a measure: the path, the numbers used in the order of their weeks (none: a direction only, or nothing), and
    those that were left.

    ``others`` are other numbers of the bank for the same measure and group, each as the model would use it; the sensitivity runs them.
    """

    told: MeasureTold
    path: EffectPath
    used: tuple[PhaseEffect, ...]
    others: tuple[PhaseEffect, ...]
    refused: tuple[tuple[EffectNumber, Said], ...]


def find_effects(scenario: Scenario, bank: Bank) -> tuple[MeasureEffect, ...]:
    """The effect of every measure of the scenario.

    Raises
    ------
    ContentError
        When a finding that the scenario names does not speak for the measure and the group.
    """
    found = [_effect(told, scenario, bank) for told in scenario.measure]
    problems = [p for effect in found for p in _named_problems(effect)]
    if problems:
        raise ContentError(problems)
    return tuple(found)


def _effect(told: MeasureTold, scenario: Scenario, bank: Bank) -> MeasureEffect:
    path = effect_path(
        bank, told.intervention, told.contrast, scenario.group, country=scenario.country,
        saturation=told.saturation, significance_level=scenario.significance_level, finding=told.effect,
    )  # fmt: skip
    usable: list[PhaseEffect] = []
    refused: list[tuple[EffectNumber, Said]] = []
    for number in path.numbers:
        fitted = _fitted(number, told, scenario)
        if isinstance(fitted, Said):
            refused.append((number, fitted))
        else:
            usable.append(fitted)
    chosen = tuple(_chosen(usable, path.named))
    others = tuple(u for u in usable if not any(u is one for one in chosen))
    used: list[PhaseEffect] = []
    for one in sorted(chosen, key=lambda u: u.span):
        drawn = _drawn(one, tuple(used), scenario)
        if drawn is None:
            refused.append((one.number, _OUT_OF_REACH))
        else:
            used.append(drawn)
    return MeasureEffect(told, path, tuple(used), others, tuple(refused))


def refitted(effects: tuple[MeasureEffect, ...], scenario: Scenario) -> dict[str, tuple[Phase, ...]]:
    """The phases of each measure at the numbers already chosen, found anew in the group as ``scenario`` has it.

    A number that cannot be reached there is held at the end of what can.
    """
    baseline, found = compile_baseline(scenario), dict[str, tuple[Phase, ...]]()
    for effect in effects:
        phases: tuple[Phase, ...] = ()
        for used in effect.used:
            middle = calibrate(baseline, replace(used.target, known=phases), printed(used.number, np.array([centre(used.number)])), clip=True)
            phases = (*phases, Phase(used.phase, *used.span, middle.log_ratio))
        found[effect.told.id] = phases
    return found


def _chosen(usable: list[PhaseEffect], named: EffectNumber | None) -> Iterator[PhaseEffect]:
    """The named number, else the best piece of evidence's; one number for the whole course, or one for each phase."""
    if not usable:
        return
    first = next((u for u in usable if named is not None and u.number.address == named.address), None)
    if first is None:
        unit = usable[0].number.unit
        first = min((u for u in usable if u.number.unit == unit and u.phase == usable[0].phase), key=_by_kind)
    yield first
    if first.phase == "net":
        return
    for phase in ("after", "lock-in", "threat"):
        of_phase = [u for u in usable if u.phase == phase]
        if phase != first.phase and of_phase:
            same = [u for u in of_phase if u.number.unit == first.number.unit]
            yield min(same or of_phase[:1], key=_by_kind)


def _by_kind(effect: PhaseEffect) -> int:
    return list(USED).index(effect.number.kind)


def _fitted(number: EffectNumber, told: MeasureTold, scenario: Scenario) -> PhaseEffect | Said:
    """The number as a hazard ratio in this group, or why it cannot be one."""
    if number.kind not in USED:
        return _NOT_ONLY_JOBS
    span = window(number, told)
    if isinstance(span, Said):
        return span
    horizon = round(number.horizon_months * WEEKS_A_MONTH) if number.horizon_months is not None else None
    target = Target(model_kind(number), told.start_week, (span,), horizon)
    try:
        middle = calibrate(compile_baseline(scenario), target, printed(number, np.array([centre(number)])), clip=True)
    except QueryError:  # a group in which nobody ever leaves, or nobody is in work to take per cent of
        return _OUT_OF_REACH
    if middle.clipped[0]:
        return _OUT_OF_REACH
    return PhaseEffect(number, target, float(middle.log_ratio[0]))


def _drawn(effect: PhaseEffect, earlier: tuple[PhaseEffect, ...], scenario: Scenario) -> PhaseEffect | None:
    """The same with its draws, given the phases before it; a number without a band is the same in all. None where those put it out of reach.

    A share in work two years on, printed after a lock-in, is what is left of both: so the later ratio is found around the earlier.
    """
    if not effect.has_band and not earlier:
        return replace(effect, log_ratio=np.full(scenario.draws, effect.centre))
    baseline, number = compile_baseline(scenario), effect.number
    target = replace(effect.target, known=tuple(u.at_centre() for u in earlier))
    middle = calibrate(baseline, target, printed(number, np.array([centre(number)])), clip=True)
    if middle.clipped[0]:
        return None
    among = replace(effect.target, known=tuple(u.drawn() for u in earlier))
    drawn = calibrate(baseline, among, printed(number, amounts(number, scenario.draws, scenario.seed)), clip=True)
    return replace(effect, target=target, centre=float(middle.log_ratio[0]), log_ratio=drawn.log_ratio, clipped=float(drawn.clipped.mean()))


def model_kind(number: EffectNumber) -> Kind:
    """The kind as the model computes it; a share over a span from the start is the mean over it, not the share at its end."""
    kind = USED[number.kind]
    if number.horizon_from == 0 and kind in _OVER_A_SPAN:
        return _OVER_A_SPAN[kind]
    return kind


def printed(number: EffectNumber, amount: Array) -> Array:
    """Amounts in the unit in which the model computes that kind: shares for points, weeks as they are, ratios less one for relative shares."""
    if number.kind in ("employment-share", "job-share"):
        return amount / 100
    return amount - 1 if number.kind == "employment-share-relative" else amount


def window(number: EffectNumber, told: MeasureTold) -> tuple[int, int] | Said:
    """In which weeks since the announcement the hazard is changed, or why that cannot be told.

    A threat works until the measure begins, lock-in while it runs, an effect after it from then on. It lasts as long as the scenario says,
    else as long as the source followed people; a hazard ratio for the whole course without a horizon only while the measure runs, and a
    change of the spell's mean length as long as the spell does.
    """
    first, last = told.notice_weeks, told.notice_weeks + told.weeks
    if number.phase == "threat":
        return (0, first) if first else _NO_NOTICE
    if number.phase == "lock-in":
        return first, last
    begin = last if number.phase == "after" else 0
    if told.lasts_weeks is not None:
        stop = told.lasts_weeks
    elif number.horizon_months is not None:
        stop = round(number.horizon_months * WEEKS_A_MONTH)
    else:
        if number.kind == "job-hazard" and number.phase == "after":
            return _NO_END
        stop = last if number.kind == "job-hazard" else WHOLE_SPELL
    if stop <= begin:
        return _ENDS_FIRST if told.lasts_weeks is not None else _OUT_OF_REACH
    return begin, stop


def _named_problems(effect: MeasureEffect) -> Iterator[Problem]:
    told = effect.told
    if told.effect is None:
        return
    reason = effect.path.named_unfit or next((why for number, why in effect.refused if number.address == told.effect), None)
    if reason is not None:
        usable = [e.number.address for e in (*effect.used, *effect.others)]
        todo = f"leave out `effect`, or name one of {', '.join(usable)}" if usable else "leave out `effect`: the bank has no number for this measure and group"
        yield Problem(f"measure '{told.id}'", 0, f"'{told.effect}' does not speak for this measure and group: {reason.en}", todo)
