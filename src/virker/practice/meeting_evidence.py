"""What the evidence adds to the law's minimum: claims of the workspace with their status, and what follows from those that hold."""

from __future__ import annotations

from dataclasses import dataclass

from virker.bank import Bank
from virker.claims.check import Check
from virker.claims.edition import Edition
from virker.language import Said
from virker.practice.meeting_law import GROUPS
from virker.practice.schedule import EvidenceLine

#: Everybody who registers is newly unemployed, so that word tells nobody apart here.
_NOBODY_APART = {"newly-unemployed"}


@dataclass(frozen=True, slots=True)
class _Asked:
    """A claim to be shown under a topic, and the advice that it carries while it is supported."""

    topic: Said
    claim: str
    advice: Said | None = None
    #: Only for these groups; empty: for all.
    groups: tuple[str, ...] = ()


_EARLY, _PAUSE = Said("Tidligt", "Early"), Said("Pauser", "Pauses")
_FORM, _CONTENT = Said("Form", "Form"), Said("Indhold", "Content")
_WHOM, _OTHERS = Said("For hvem", "For whom"), Said("For andre", "For others")
_NEAR = ("insured", "insured-referred")

LINES: tuple[_Asked, ...] = (
    _Asked(_EARLY, "own-meetings-early", Said("Læg den første samtale tidligt.", "Place the first meeting early.")),
    _Asked(_EARLY, "own-meetings-early-timing"),
    _Asked(_EARLY, "meetings-early-especially"),
    _Asked(_PAUSE, "own-meetings-week"),
    _Asked(_PAUSE, "own-meetings-fade", Said("Undgå lange pauser mellem samtalerne.", "Avoid long pauses between meetings.")),
    _Asked(_PAUSE, "own-meetings-repeat", Said("Følg den første samtale op med flere.", "Follow the first meeting up with more.")),
    _Asked(
        _PAUSE,
        "own-meetings-hig2",
        Said("Overvej flere samtaler, end loven kræver, hvis der er tid til dem.", "Consider more meetings than the law requires, where there is time."),
    ),
    _Asked(_PAUSE, "own-meetings-cancelled", Said("Flyt en samtale frem for at aflyse den.", "Move a meeting rather than cancel it.")),
    _Asked(_FORM, "own-meetings-individual", Said("Hold samtalerne individuelt.", "Hold the meetings individually.")),
    _Asked(
        _FORM,
        "own-meetings-versus-group",
        Said("Erstat ikke en individuel samtale med et gruppemøde.", "Do not replace an individual meeting by a group meeting."),
    ),
    _Asked(_FORM, "own-meetings-group"),
    _Asked(_FORM, "own-meetings-distance"),
    _Asked(_CONTENT, "own-meetings-referral", Said("Tag konkrete ledige stillinger med til samtalen.", "Bring concrete vacancies to the meeting.")),
    _Asked(_WHOM, "own-meetings-near-employment", groups=(*_NEAR, "job-ready")),
    _Asked(_WHOM, "own-meetings-good-prospects", groups=_NEAR),
    _Asked(_OTHERS, "own-meetings-displacement"),
)


def evidence_lines(edition: Edition, group: str) -> tuple[EvidenceLine, ...]:
    """The lines for a group, in the order in which they are told."""
    return tuple(_line(asked, edition, group) for asked in LINES if not asked.groups or group in asked.groups)


def knows_of_joint_meetings(edition: Edition) -> bool:
    """Whether the bank has any finding on meetings that job centre and fund hold together, read outside the source note."""
    return any("meetings-joint" in (f.intervention, *f.also) and f.origin.level != "seed" for f in (r.finding for r in edition.bank.rows))


def _line(asked: _Asked, edition: Edition, group: str) -> EvidenceLine:
    check = edition.by_id.get(asked.claim)
    if check is None:
        says = Said(f"Påstanden '{asked.claim}' findes ikke i dette arbejdsområde.", f"This workspace has no claim '{asked.claim}'.")
        return EvidenceLine(asked.topic, asked.claim, None, says, None, Said("", ""), False)
    advice = asked.advice if check.status == "supported" else None
    about, fits = _about(check, edition.bank, GROUPS[group].term)
    return EvidenceLine(asked.topic, asked.claim, check.status, Said(check.claim.da, check.claim.en), advice, about, fits)


def _about(check: Check, bank: Bank, term: str) -> tuple[Said, bool]:
    """Whom the traced findings under the claim are about, and whether any of them is about the person's group or a wider one."""
    carrying = {a for part in check.parts for a in part.carrying}
    groups = [r.finding.target_group for r in check.rows if r.address in carrying]
    words = sorted({g for named in groups for g in named})
    up = set(bank.vocabulary.ancestors("target_groups", term))
    fits = any(set(named) - _NOBODY_APART <= up for named in groups)
    return Said(*(", ".join(bank.vocabulary.label("target_groups", w, speak) for w in words) for speak in ("da", "en"))), fits
