"""Every claim, by section and status; a choice at the top hides the others by style alone."""

from __future__ import annotations

from dataclasses import dataclass

from virker.claims.check import Check, tally
from virker.claims.records import STATUSES, Status
from virker.claims.report import MEANING
from virker.language import Said
from virker.web.address import Address
from virker.web.claimed import section_said
from virker.web.frame import View, rendered
from virker.web.page import WebPage
from virker.web.site import Site

_TITLE = Said("Holder hver påstand?", "Does every claim hold?")
_SHORT = Said(
    "Hver påstand i kildenotatet og i vores egne notater, prøvet mod evidensbanken.",
    "Every claim of the source note and of our own notes, tested against the bank.",
)
#: As the statuses are told: what holds first.
_ORDER: tuple[Status, ...] = tuple(reversed(STATUSES))


@dataclass(frozen=True, slots=True)
class Section:
    """The claims of one section, by status."""

    number: int
    name: str
    count: int
    groups: tuple[tuple[Status, tuple[Check, ...]], ...]


def ids(site: Site) -> tuple[str, ...]:
    """One page."""
    return ("",)


def page(site: Site, address: Address) -> WebPage:
    """The page."""
    checks, language = site.edition.checks, address.language
    main = rendered(
        "claims.html.j2",
        View(site, address),
        title=_TITLE[language],
        short=_SHORT[language],
        sections=[_section(checks, number, language) for number in sorted({c.claim.section for c in checks})],
        order=_ORDER,
        meaning=MEANING,
        counts=tally(checks),
        theirs=tally([c for c in checks if c.claim.sentences]),
        own=tally([c for c in checks if not c.claim.sentences]),
        total=len(checks),
    )
    return WebPage(address, _TITLE[language], _SHORT[language], main, "notes", wide=True)


def _section(checks: tuple[Check, ...], number: int, language: str) -> Section:
    own = [c for c in checks if c.claim.section == number]
    groups = ((status, tuple(c for c in own if c.status == status)) for status in _ORDER)
    return Section(number, section_said(number)[language], len(own), tuple((s, found) for s, found in groups if found))
