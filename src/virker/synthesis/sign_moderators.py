"""What may make findings differ: the moderators that the note speaks of, each as a two-way split of the findings that tell.

A finding whose fields say neither is left out of that moderator's model and never guessed. A new one is an entry in :data:`MODERATORS`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from virker.bank import Bank, Row
from virker.language import Said
from virker.synthesis.effect_number import horizon

Side = Callable[[Bank, Row], bool | None]


@dataclass(frozen=True, slots=True)
class Moderator:
    """A split of findings: ``is_one`` is True for those of ``one``, False for those of ``other``, None for what the bank does not tell."""

    id: str
    one: Said
    other: Said
    is_one: Side


def _measure(one: str, other: str) -> Side:
    """The finding's measure is ``one``, or something below it; or ``other``."""

    def side(bank: Bank, row: Row) -> bool | None:
        up = bank.vocabulary.ancestors("interventions", row.finding.intervention)
        return True if one in up else False if other in up else None

    return side


def _cycle(bank: Bank, row: Row) -> bool | None:
    return {"recession": True, "boom": False}.get(row.finding.cycle or "")


def _sex(bank: Bank, row: Row) -> bool | None:
    people = {*row.finding.target_group, *row.finding.subgroup}
    return None if ("women" in people) == ("men" in people) else "women" in people


def _late(bank: Bank, row: Row) -> bool | None:
    months = horizon(row.finding)
    return None if months is None else months > 12


def _lock_in(bank: Bank, row: Row) -> bool | None:
    return {"lock-in": True, "after": False}.get(row.finding.phase or "")


def _rct(bank: Bank, row: Row) -> bool | None:
    level = bank.maryland(row.study)
    return level == 5 if level else None


def _nordic(bank: Bank, row: Row) -> bool | None:
    known = [bank.vocabulary["countries"].get(c) for c in row.countries]
    regions = {term.region in ("denmark", "nordic") for term in known if term is not None}
    return regions.pop() if len(regions) == 1 else None


def _danish(bank: Bank, row: Row) -> bool | None:
    return row.countries[0] == "DK" if len(row.countries) == 1 else None


MODERATORS: tuple[Moderator, ...] = (
    Moderator("cycle", Said("i lavkonjunktur", "in recession"), Said("i højkonjunktur", "in a boom"), _cycle),
    Moderator("individual", Said("om individuelle samtaler", "on individual meetings"), Said("om gruppemøder", "on group meetings"), _measure("meetings-individual", "meetings-group")),
    Moderator("private", Said("om privat løntilskud", "on private wage subsidies"), Said("om offentligt løntilskud", "on public wage subsidies"), _measure("wage-subsidy-private", "wage-subsidy-public")),
    Moderator("lock-in", Said("om fastlåsning", "on lock-in"), Said("om tiden efter", "on the time after"), _lock_in),
    Moderator("horizon", Said("senere end et år efter start", "later than a year after the start"), Said("inden for det første år", "within the first year"), _late),
    Moderator("sex", Said("om kvinder", "on women"), Said("om mænd", "on men"), _sex),
    Moderator("design", Said("fra lodtrækningsforsøg", "from randomised trials"), Said("fra andre design", "from other designs"), _rct),
    Moderator("denmark", Said("fra Danmark", "from Denmark"), Said("fra andre lande", "from other countries"), _danish),
    Moderator("nordic", Said("fra Norden", "from the Nordic countries"), Said("fra resten af verden", "from the rest of the world"), _nordic),
)  # fmt: skip
