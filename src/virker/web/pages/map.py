"""The evidence map: what is known about whom and about what, and where the gaps are."""

from __future__ import annotations

from virker.language import DIRECTIONS, Said
from virker.publish.wording import SIGNS
from virker.web.address import Address
from virker.web.evidence_map import GAPS, by_group, by_outcome
from virker.web.frame import View, rendered
from virker.web.measures import RECENT_YEARS, rules_of, this_year
from virker.web.page import WebPage
from virker.web.site import Site

_TITLES = {
    "": Said("Evidenskort: indsatser og målgrupper", "Evidence map: measures and target groups"),
    "outcomes": Said("Evidenskort: indsatser og udfald", "Evidence map: measures and outcomes"),
}
_SHORT = {
    "": Said(
        "Hvad der er viden om for hvem. Et tomt felt er et hul, og der står hvilken slags.",
        "What is known for whom. An empty cell is a gap, and it says of which kind.",
    ),
    "outcomes": Said(
        "Hvad indsatserne gør ved andet end arbejde: løn, helbred, adfærd, andre menneskers job.",
        "What the measures do to other things than work: pay, health, behaviour, other people's jobs.",
    ),
}


def ids(site: Site) -> tuple[str, ...]:
    """By target group, and by outcome."""
    return ("", "outcomes")


def page(site: Site, address: Address) -> WebPage:
    """The page."""
    key = ("map", address.id)
    if key not in site.memo:
        site.memo[key] = by_outcome(site) if address.id else by_group(site)
    title, short = _TITLES[address.id][address.language], _SHORT[address.id][address.language]
    main = rendered(
        "map.html.j2",
        View(site, address),
        title=title,
        short=short,
        map=site.memo[key],
        gaps=GAPS,
        signs=SIGNS,
        directions=DIRECTIONS,
        levels=rules_of(site).level_labels,
        rules=rules_of(site).label,
        since=this_year(site) - RECENT_YEARS,
        years=RECENT_YEARS,
        outcomes=bool(address.id),
    )
    return WebPage(address, title, short, main, "map", wide=True)
