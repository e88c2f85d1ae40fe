"""What does the law say on that date?

Nouns: :class:`Scheme` (one scheme and its name), :class:`Parameter` (one dated value with its legal reference),
:class:`Reading` (what the law says of one thing on one day).
A new scheme is a file in ``rules/``; copy ``jobpraemie-2017.toml``. What was not found is listed in ``not_found``, never filled in.

>>> from datetime import date
>>> from virker.rules import Parameter
>>> p = Parameter(id="rate_percent", da="sats", en="rate", value=10, unit="percent", from_=date(2017, 4, 1), to=date(2019, 3, 31),
...               status="repealed", reference="§ 3", source="the act")
>>> p.holds_on(date(2018, 1, 1)), p.holds_on(date(2020, 1, 1))
(True, False)
"""

from virker.rules.load import load_rules
from virker.rules.records import Parameter, Reading, Rules, Scheme

__all__ = ["Parameter", "Reading", "Rules", "Scheme", "load_rules"]
