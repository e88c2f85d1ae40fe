"""What the job bonus is reckoned from: facts that a person tells, and nothing that is kept."""

from __future__ import annotations

import msgspec


class BonusFacts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the reckoning is told. None means not told: the answer then says what it would take.

    Attributes
    ----------
    earnings : dict of str to float, or pairs of them
        Ordinary earnings before tax in kroner by month (``2017-04``, or ``2017-04..2018-09`` for each of them), oldest first.
        Pay with public support, such as wage subsidy, does not belong here.
    scheme : str
        The scheme's id.
    benefit : str or None
        2017: the benefit received in the scheme's reference week, by its Danish name.
    group : {"a", "b"} or None
        2017: only needed where the benefit stands in both groups.
    weeks, days : int or None
        Weeks (2011, 2017) or days (2012) with a benefit in the scheme's window.
    entitled : bool or None
        2011: entitled to and receiving extra child benefit as a lone parent on the scheme's day. 2012: on social assistance on its day.
    lives_in_denmark : bool or None
        2017: lives in Denmark and is liable to tax there.
    lone_parent_bonus : bool or None
        2012: receives the bonus for lone parents at the same time.
    """

    earnings: dict[str, float] | list[tuple[str, float]]
    scheme: str = "jobpraemie-2017"
    benefit: str | None = None
    group: str | None = None
    weeks: int | None = None
    days: int | None = None
    entitled: bool | None = None
    lives_in_denmark: bool | None = None
    lone_parent_bonus: bool | None = None
