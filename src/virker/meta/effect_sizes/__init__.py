"""From what studies report to an estimate and its sampling variance.

One function a family of data; each takes plain columns of k studies and returns :class:`EffectSizes` (y, v). ``measure`` is a word of the
field. To add a measure, add its word to the family's ``Literal``, its line in the function's table, and its formula in the ``match``
statement below; copy ``two_rates.py``.
"""

from virker.meta.effect_sizes.change import Change, change
from virker.meta.effect_sizes.correlations import (
    Correlation,
    MultipleCorrelation,
    PartialCorrelation,
    correlations,
    multiple_correlations,
    partial_correlations,
)
from virker.meta.effect_sizes.labour import (
    Baseline,
    baseline,
    difference_to_hazard,
    employment_difference,
    hazard_ratios,
    hazard_ratios_from_logrank,
    hazard_to_difference,
    hazard_to_weeks,
    log_hazards,
    relative_change,
    weeks_difference,
    weeks_to_hazard,
)
from virker.meta.effect_sizes.matched_pairs import MatchedPairs, matched_margins, matched_pairs
from virker.meta.effect_sizes.printed import printed, sd_printed, smd_printed
from virker.meta.effect_sizes.reliability import Reliability, reliability
from virker.meta.effect_sizes.single import OneMean, OneProportion, OneRate, one_mean, one_proportion, one_rate
from virker.meta.effect_sizes.sizes import EffectSizes, Undefined
from virker.meta.effect_sizes.tetrachoric import Search
from virker.meta.effect_sizes.two_means import TwoMeans, two_means
from virker.meta.effect_sizes.two_proportions import AddTo, TwoProportions, two_proportions
from virker.meta.effect_sizes.two_rates import TwoRates, two_rates

__all__ = [
    "AddTo",
    "Baseline",
    "Change",
    "Correlation",
    "EffectSizes",
    "MatchedPairs",
    "MultipleCorrelation",
    "OneMean",
    "OneProportion",
    "OneRate",
    "PartialCorrelation",
    "Reliability",
    "Search",
    "TwoMeans",
    "TwoProportions",
    "TwoRates",
    "Undefined",
    "baseline",
    "change",
    "correlations",
    "difference_to_hazard",
    "employment_difference",
    "hazard_ratios",
    "hazard_ratios_from_logrank",
    "hazard_to_difference",
    "hazard_to_weeks",
    "log_hazards",
    "matched_margins",
    "matched_pairs",
    "multiple_correlations",
    "one_mean",
    "one_proportion",
    "one_rate",
    "partial_correlations",
    "printed",
    "relative_change",
    "reliability",
    "sd_printed",
    "smd_printed",
    "two_means",
    "two_proportions",
    "two_rates",
    "weeks_difference",
    "weeks_to_hazard",
]
