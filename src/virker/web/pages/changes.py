"""What changed: day by day in the bank, and step by step as the literature grew; between any two moments where a server answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from virker.claims.diff import Difference, Moved
from virker.claims.diffwords import fields_said, finding_said, gone_said, moment, status_said, verdict_said, why_said
from virker.claims.newsletter import in_short, nothing_changed
from virker.language import Said
from virker.web.address import Address
from virker.web.changed import between, came, days, grown, superseded
from virker.web.frame import View, rendered
from virker.web.page import WebPage
from virker.web.parameters import FIRST_YEAR, LAST_YEAR, Fault, Refused, day_of
from virker.web.site import Site
from virker.web.tools.reply import Reply

_TITLE = Said("Hvad er ændret?", "What has changed?")
_SHORT = Said(
    "Hvad der er kommet til banken, rettet og trukket tilbage, og hvad det gjorde ved påstandene.",
    "What came into the bank, was corrected or withdrawn, and what that did to the claims.",
)

#: So many of the last steps of the literature are told claim by claim; of the others only how many moved.
TOLD = 4


def ids(site: Site) -> tuple[str, ...]:
    """One page."""
    return ("",)


def page(site: Site, address: Address) -> WebPage:
    """The page with everything that can be told ahead."""
    language = address.language
    main = rendered(
        "changes.html.j2",
        View(site, address),
        title=_TITLE[language],
        short=_SHORT[language],
        days=days(site),
        superseded=superseded(site),
        grown=[
            (g, in_short(g.difference)[language], [_moved(g.difference, m) for m in (*g.fell, *g.rose)] if n < TOLD else []) for n, g in enumerate(grown(site))
        ],
        rereading=[c for c in site.edition.checks if c.needs_rereading],
        statuses=status_said,
    )
    return WebPage(address, _TITLE[language], _SHORT[language], main, "notes", wide=True)


def asked(site: Site, address: Address, fields: Mapping[str, str]) -> Reply:
    """What differs between two moments that a reader asks for: ``since``, and ``until`` (now, when it is left out).

    Raises
    ------
    Refused
        When one is neither a day nor a year, or they stand the wrong way round.
    """
    faults: list[Fault] = []
    since, until = (_moment(name, fields.get(name, ""), faults) for name in ("since", "until"))
    if since is None and not faults:
        if not any(fields.get(name, "").strip() for name in ("since", "until")):
            return Reply(200, page(site, address))
        faults.append(
            Fault(
                "since",
                Said("Fra hvornår mangler.", "From when is missing."),
                Said("skriv et år eller en dag, som 2020 eller 2026-11-22", "write a year or a day, such as 2020 or 2026-11-22"),
            )
        )
    if since is not None and until is not None and _end(since) > _end(until):
        faults.append(Fault("until", Said("Til ligger før fra.", "To lies before from."), Said("byt dem om", "turn them round")))
    if faults or since is None:
        raise Refused(faults)
    return Reply(200, compared(site, address, since, until))


def _moment(name: str, text: str, faults: list[Fault]) -> date | int | None:
    """A year or a day; None where nothing is written or it is neither (then a fault tells so)."""
    text = text.strip()
    if not text:
        return None
    if text.isascii() and text.isdigit() and len(text) == 4 and FIRST_YEAR <= int(text) <= LAST_YEAR:
        return int(text)
    if (day := day_of(text)) and FIRST_YEAR <= day.year <= LAST_YEAR:
        return day
    shown = text[:40]
    faults.append(
        Fault(
            name,
            Said(f"»{shown}« er hverken et år eller en dag.", f"“{shown}” is neither a year nor a day."),
            Said(
                f"skriv et år fra {FIRST_YEAR} til {LAST_YEAR} eller en dag som 2026-11-22",
                f"write a year from {FIRST_YEAR} to {LAST_YEAR} or a day such as 2026-11-22",
            ),
        )
    )
    return None


def _end(moment_: date | int) -> date:
    return date(moment_, 12, 31) if isinstance(moment_, int) else moment_


def compared(site: Site, address: Address, since: date | int, until: date | int | None = None) -> WebPage:
    """What differs between two moments that a reader asks for; ``address`` is the page's own, so that links lead on."""
    language, told = address.language, between(site, since, until)
    period = Said(f"Fra {moment(since).da} til {moment(until).da}", f"From {moment(since).en} to {moment(until).en}")
    main = rendered(
        "changed.html.j2",
        View(site, address),
        title=_TITLE[language],
        period=period[language],
        short=(nothing_changed() if told.nothing else in_short(told))[language],
        moved=[
            (m, why_said(told, m), [(verdict_said(a), verdict_said(b)) for a, b in m.verdicts])
            for m in sorted(told.claims, key=lambda m: (not m.fell, not m.rose))
        ],
        came=[(study, [finding_said(told, i.address) for i in items]) for study, items in came(told).items()],
        went=[(i.address, finding_said(told, i.address), gone_said(i)) for i in told.findings if i.how == "went"],
        changed=[(i.address, fields_said(i)) for i in (*told.studies, *told.findings) if i.how == "changed"],
        statuses=status_said,
        since=since,
        until=until or "",
    )
    return WebPage(address, f"{_TITLE[language]} {period[language]}", period[language], main, "notes", wide=True, searched=False)


def _moved(told: Difference, moved: Moved) -> tuple[Moved, tuple[Said, ...]]:
    return moved, why_said(told, moved)
