"""What is the verdict of a rule set on a set of findings?

Nouns: :class:`EvidenceUnit` (one trial, study or review: one vote), :class:`RuleSet` (a published way to weigh them),
:class:`Verdict` (direction, level, and why). A new rule set is one file with a ``judge`` function and its settings; copy
``votecount.py``.

>>> from virker.synthesis.votecount import sign_test
>>> round(sign_test(5, 0), 4)
0.0625
"""

from virker.synthesis.gather import evidence_units
from virker.synthesis.orient import is_turned, oriented
from virker.synthesis.registry import RULE_SETS, judging, rule_set, verdict, verdict_on
from virker.synthesis.rulesets import RuleSet
from virker.synthesis.units import EvidenceUnit, Units
from virker.synthesis.verdict import Contribution, Setting, Verdict

__all__ = [
    "RULE_SETS",
    "Contribution",
    "EvidenceUnit",
    "RuleSet",
    "Setting",
    "Units",
    "Verdict",
    "evidence_units",
    "is_turned",
    "judging",
    "oriented",
    "rule_set",
    "verdict",
    "verdict_on",
]
