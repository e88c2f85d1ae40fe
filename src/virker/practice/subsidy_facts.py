"""What the answer on wage subsidy is given from: facts that a person tells, and nothing that is kept."""

from __future__ import annotations

from datetime import date

import msgspec


class SubsidyFacts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the calculator is told. None means not told; the answer says where it matters.

    Attributes
    ----------
    on : date
        The day on which the subsidised job begins.
    group : str
        One of ``GROUPS``.
    employer : {"private", "public"}
    months_on_benefits : float or None
        Months on public benefits before the job begins.
    age : int or None
        In years. The act exempts those above an age from the earlier period; it is used for nothing else.
    lone_parent : bool or None
        Exempt from the earlier period. Used for nothing else.
    qualifying_education : bool or None
        Has a qualifying youth education, or a qualifying education at a higher level. Those without are exempt from the earlier period.
    self_found : bool or None
        The person has found the employer.
    last_employer : bool or None
        It is the employer that the person last worked for.
    job_ready : bool or None
        Only for those who support themselves.
    clearly_ready_for_education : bool or None
        Only for education allowance: assessed as clearly ready for education (åbenlyst uddannelsesparat).
    in_work : bool or None
        Only for sickness benefit and job clarification: in a job or self-employed.
    """

    on: date
    group: str
    employer: str
    months_on_benefits: float | None = None
    age: int | None = None
    lone_parent: bool | None = None
    qualifying_education: bool | None = None
    self_found: bool | None = None
    last_employer: bool | None = None
    job_ready: bool | None = None
    clearly_ready_for_education: bool | None = None
    in_work: bool | None = None
