"""What would a mix of measures give, and cost?

Nouns: :class:`Scenario` (what a planner wrote), :class:`Inputs` (the same as arrays, with effects from the bank), :class:`Run` (people by week),
:class:`Ledger` (who pays whom). A new kind of number that the bank prints enters in ``calibrate.py``.
"""
