"""What the site can do for somebody with a task: the calculators, the planner, the cards, the law, and checking a note."""

from __future__ import annotations

from virker.language import Said
from virker.web.address import Address
from virker.web.frame import View, rendered
from virker.web.page import WebPage
from virker.web.site import Site
from virker.web.tools.registry import TOOLS

_TITLE = Said("Værktøjer", "Tools")
_SHORT = Said(
    "Til sagsbehandleren, planlæggeren og den, der har et notat: beregnere, planlægger, kort og loven som data.",
    "For the caseworker, the planner and whoever has a note: calculators, a planner, cards and the law as data.",
)
_MORE: tuple[tuple[str, Said, Said], ...] = (
    ("plan", Said("Planlæggeren", "The planner"), Said("Hvad en blanding af indsatser vil give og koste, hvem der betaler, og hvad svaret hænger på.", "What a mix of measures would give and cost, who pays, and what the answer hangs on.")),
    ("cards", Said("Kort til samtalen", "Cards for the meeting"), Said("Ét ark om hver indsats og hver målgruppe, til skærm og papir.", "One sheet on each measure and each group, for screen and paper.")),
    ("law", Said("Loven som data", "The law as data"), Said("Satser, frister og betingelser på en dag, med lovsted, og hvad der ikke er fundet.", "Rates, limits and conditions on a day, with the section, and what was not found.")),
    ("query", Said("Spørg evidensbanken", "Ask the evidence bank"), Said("Sæt et spørgsmål sammen, og se dommen og studierne bag.", "Put a question together, and see the verdict and the studies behind it.")),
    ("check", Said("Prøv et notat", "Check a note"), Said("Hvilke sætninger i dit eget notat holder?", "Which sentences of your own note hold?")),
    ("suggest", Said("Foreslå et studie", "Suggest a study"), Said("Peg på et studie, banken mangler, eller på en vurdering, der er forkert.", "Point to a study that the bank lacks, or to a rating that is wrong.")),
)  # fmt: skip


def ids(site: Site) -> tuple[str, ...]:
    """One page."""
    return ("",)


def page(site: Site, address: Address) -> WebPage:
    """The page."""
    view = View(site, address)
    calculators = [t for t in TOOLS.values() if view.has("tool", t.id)]
    more = [m for m in _MORE if view.has(m[0])]
    title, short = _TITLE[address.language], _SHORT[address.language]
    main = rendered("tools.html.j2", view, title=title, short=short, calculators=calculators, more=more)
    return WebPage(address, title, short, main, "tools", wide=True)
