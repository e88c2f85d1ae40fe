"""Funnel plot: the numbers of a pooled effect by how certain they are. Drawn only from ten studies on, for with fewer an uneven funnel says nothing."""

from __future__ import annotations

from virker.language import Said, number
from virker.publish.figures.amounts import axis_said
from virker.publish.figures.figure import Drawing, Figure, Grid
from virker.synthesis.pooled_effect import PooledEffect
from virker.synthesis.pooled_settings import SETTINGS
from virker.synthesis.pooled_words import amount_said, cell_said, rounded

WIDTH = 680
_HEADER = Said("Studie|Tal|Standardfejl (analysens skala)|Resultat i banken", "Study|Number|Standard error (scale of analysis)|Finding in the bank")
_CARE = Said(
    "En skæv tragt kan komme af, at resultater ikke er udgivet, men også af, at små studier er om andre indsatser eller andre mennesker.",
    "An uneven funnel may come from results that were not published, but also from small studies being of other measures or other people.",
)


def funnel(cell: PooledEffect, about: Said, language: str, width: int = WIDTH) -> Figure | None:
    """The plot of a pooled effect; None where nothing is pooled, or too few studies are."""
    if cell.model is None or cell.units < int(SETTINGS["small_studies_from"].value):
        return None
    measure = cell.measure
    unit = axis_said(measure)
    drawn = cell.model.draw("funnel", words=language, transform="exp" if measure.relative else None, width=width, effect=unit[language])
    what = Said(f"{about.da}: {cell_said(cell).da}", f"{about.en}: {cell_said(cell).en}")
    caption = Said(f"Tallene efter sikkerhed (tragtplot), {what.da}", f"The numbers by their certainty (funnel plot), {what.en}")[language]
    tested = (cell.small_studies.said[language],) if cell.small_studies else ()
    return Figure(
        "figure", caption, f"{caption}. {drawn.alt}", _grid(cell, language), Drawing(drawn.svg, drawn.width, drawn.height), (*tested, _CARE[language])
    )


def _grid(cell: PooledEffect, language: str) -> Grid:
    rows = [
        (m.label[language], amount_said(m.amount, cell)[language], number(rounded(m.se or 0.0), language), m.address)
        for m in sorted(cell.members, key=lambda m: m.se or 0.0)
    ]
    return Grid(tuple(_HEADER[language].split("|")), tuple(rows))
