"""All measures in their tree, each with its verdict, how sure it is, and how much it rests on."""

from __future__ import annotations

from virker.language import Said
from virker.web.address import Address
from virker.web.frame import View, rendered
from virker.web.measures import cell, measures, question, rules_of, whole
from virker.web.page import WebPage
from virker.web.site import Site

_TITLE = Said("Indsatser", "Measures")
_SHORT = Said(
    "Alle indsatser, som banken ved noget om: hvad de gør, og hvor sikkert det er.", "All measures that the bank knows of: what they do, and how sure that is."
)


def ids(site: Site) -> tuple[str, ...]:
    """One page."""
    return ("",)


def page(site: Site, address: Address) -> WebPage:
    """The page."""
    view = View(site, address)
    lines = []
    for measure in measures(site).values():
        about = whole(site, measure)
        lines.append((measure, about, cell(site, question(measure, about)) if measure.contrast else None))
    main = rendered(
        "interventions.html.j2", view, title=_TITLE[address.language], short=_SHORT[address.language], lines=lines, levels=rules_of(site).level_labels
    )
    return WebPage(address, _TITLE[address.language], _SHORT[address.language], main, "interventions", wide=True)
