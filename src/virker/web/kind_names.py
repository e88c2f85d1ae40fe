"""What a kind of page is called beside a search result, and how much it weighs there."""

from __future__ import annotations

from virker.language import Said

#: Kinds without a name here are single pages.
KIND_NAMES: dict[str, Said] = {
    "intervention": Said("Indsats", "Measure"),
    "group": Said("Målgruppe", "Target group"),
    "study": Said("Studie", "Study"),
    "review": Said("Oversigt", "Review"),
    "trial": Said("Forsøg", "Trial"),
    "claim": Said("Påstand", "Claim"),
    "note": Said("Notat", "Note"),
    "card": Said("Kort", "Card"),
    "tool": Said("Beregner", "Calculator"),
    "law": Said("Lov", "Law"),
    "plan": Said("Plan", "Plan"),
}
_PAGE = Said("Side", "Page")
#: A measure's own page goes before the fifty studies that name the measure.
_WEIGHTS = {"intervention": 4.0, "group": 4.0, "tool": 2.5, "card": 2.0, "note": 2.0, "trial": 1.5, "review": 1.2, "study": 1.0, "claim": 0.8}


def kind_name(kind: str) -> Said:
    """The name of a kind of page."""
    return KIND_NAMES.get(kind, _PAGE)


def kind_weight(kind: str) -> float:
    """How much a hit on such a page weighs against one on a study's page."""
    return _WEIGHTS.get(kind, 2.0)
