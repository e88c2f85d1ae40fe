"""What somebody asks of their own data, as the options of the command tell it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asked for."""

    roles: dict[str, str] = field(default_factory=dict)
    measure: str | None = None
    ratio: bool = False
    method: str = "reml"
    test: str | None = None
    level: float = 0.95
    mods: tuple[str, ...] = ()
    study: str | None = None
    rho: float | None = None
    by: str | None = None
    label: str | None = None
    unit: str | None = None
    predict: tuple[str, ...] = ()
    transform: str | None = None
    bias: bool = False
    influence: bool = False
    leave_one_out: bool = False
    cumulative: str | None = None
