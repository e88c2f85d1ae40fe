"""One measure: what it does in plain words, under every rule set, over time, for whom, on whom else, and the studies behind."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from virker.bank import Query
from virker.language import Language, Said
from virker.publish.figures import Figure
from virker.publish.figures.funnel import funnel
from virker.publish.figures.harvest import harvest
from virker.publish.figures.over_time import over_time, points
from virker.publish.figures.path import over_months
from virker.publish.figures.settings import OverTime, Panel, Section
from virker.publish.html import figure_html
from virker.publish.page import Placed
from virker.publish.wording import LEVELS
from virker.synthesis.effect_path import EffectPath
from virker.synthesis.pooled_cells import known_cells
from virker.synthesis.scale import ROLES, Scale, states
from virker.synthesis.scale_told import ROLES_SAID, cell_said, ends, reading_said
from virker.web.address import Address
from virker.web.finding_words import effect, precision
from virker.web.frame import View, rendered
from virker.web.measure_numbers import money, numbers, out_of_hundred, path
from virker.web.measure_parts import (
    aside_studies,
    cards_of,
    claims_of,
    forms_of,
    groups_of,
    law_of,
    moderators,
    outcomes_of,
    phases,
    study_lines,
)
from virker.web.measure_pooled import OPEN, lines, months, plots
from virker.web.measure_verdict import counted_said, disagreement, earlier, flips, others, partings, rule_lines, sentence
from virker.web.measures import WORK, Measure, cell, measures, question, rules_of, units, verdict, whole
from virker.web.page import WebPage
from virker.web.site import Site

_FIGURE = Said("Figur", "Figure")
#: A drawing over time says something from this many results on.
_LEAST_POINTS = 3


def ids(site: Site) -> tuple[str, ...]:
    """The measures that the bank has something on."""
    return tuple(measures(site))


def page(site: Site, address: Address) -> WebPage:
    """The page of a measure; of a heading whose forms are turned different ways, its forms alone."""
    view, measure, language = View(site, address), measures(site)[address.id], address.language
    shown: dict[str, Any] = _measure(site, measure, language) if measure.contrast else {"sentence": None}
    cards = tuple(cards_of(site, measure.term, "measure", language))
    own, noted = claims_of(site, measure.term)
    main = rendered(
        "intervention.html.j2",
        view,
        m=measure,
        definition=_definition(site, measure)[language],
        parent=measures(site).get(measure.parent or ""),
        forms=forms_of(site, measure),
        levels=rules_of(site).level_labels,
        read=LEVELS,
        cards=cards,
        law=law_of(site, cards),
        own=own,
        noted=noted,
        asides=aside_studies(site, measure) if measure.contrast else (),
        effect=lambda row: effect(row, language),
        precision=lambda row: precision(row, language),
        **shown,
    )
    short = shown["sentence"][language] if shown["sentence"] else Said("Formerne for sig.", "The forms one by one.")[language]
    return WebPage(address, measure.said[language], short, main, "interventions", wide=True, scripts=("filter.js",) if measure.contrast else ())


def _definition(site: Site, measure: Measure) -> Said:
    term = site.edition.bank.vocabulary["interventions"][measure.term]
    return Said(term.definition_da or "", term.definition_en or "")


def _measure(site: Site, measure: Measure, language: Language) -> dict[str, Any]:
    """Everything that has a verdict under it."""
    about = whole(site, measure)
    query = question(measure, about)
    found = disagreement(site, query)
    flip = flips(site, query)
    way = path(site, measure)
    drawn = _over_time(site, measure, language)
    return {
        "sentence": sentence(site, query),
        "about": about,
        "cell": cell(site, query),
        "counted": counted_said(verdict(site, query)),
        "reasons": verdict(site, query).reasons,
        "marks": verdict(site, query).marks,
        "hundred": out_of_hundred(site, measure),
        "rules": rule_lines(found),
        "agree": found.agree,
        "partings": partings(found),
        "phases": phases(site, measure),
        "numbers": numbers(way),
        "unusable": len(way.unusable),
        "harvest": _harvest(site, measure, about, 2 if drawn else 1, language),
        "over_time": drawn,
        **_pooled(site, measure, query, way, 3 if drawn else 2, language),
        "groups": groups_of(site, measure),
        "outcomes": outcomes_of(site, measure),
        "moderators": moderators(site, measure),
        "scale": _scale(site, measure.term),
        "money": money(site, measure),
        "flips": flip.lines,
        "flip_words": flip.words,
        "margins": flip.margins,
        "earlier": earlier(site, query),
        "others": others(site, query),
        "studies": study_lines(site, question(measure), query, language),
    }


def _harvest(site: Site, measure: Measure, about: tuple[str, ...], number: int, language: Language) -> Markup | None:
    query = question(measure, about)
    if not units(site, query).all:
        return None
    said = Said(f"Evidensen om {_lower(measure.said.da)}", f"The evidence on {_lower(measure.said.en)}")
    section = Section(section=0, da=said.da, en=said.en, panel=(Panel(da=measure.said.da, en=measure.said.en, select=query),))
    return _placed(harvest(site.edition, site.figures, section, language), number, language)


def _over_time(site: Site, measure: Measure, language: Language) -> Markup | None:
    said = Said(f"Effekten over tid: {_lower(measure.said.da)}", f"The effect over time: {_lower(measure.said.en)}")
    spec = site.figures.of_measure(measure.term) or OverTime(intervention=measure.term, outcome=WORK, da=said.da, en=said.en)
    timed = [p for p in points(site.edition, site.figures, spec, language) if p.start is not None]
    # the figure draws a measure as if more of it were asked about; one that is turned round would be drawn upside down
    if measure.contrast == "less" or len(timed) < _LEAST_POINTS:
        return None
    return _placed(over_time(site.edition, site.figures, spec, language), 1, language)


def _pooled(site: Site, measure: Measure, query: Query, way: EffectPath, first: int, language: Language) -> dict[str, Any]:
    """What the printed numbers add up to, and over the months; figures are numbered from ``first``."""
    found = known_cells(site.edition.bank, query)
    over = months(site, way)
    funnels = (funnel(c, measure.said, language) for c in found.cells)
    figures = [
        *plots(found, measure, language),
        *(f for f in funnels if f is not None),
        *(f for p in over if (f := over_months(p, measure.said, language)) is not None),
    ]
    drawn = [_placed(f, n, language) for n, f in enumerate(figures, first)]
    return {"pooled": found, "pooled_lines": lines(found), "pooled_over": over, "pooled_open": drawn[:OPEN], "pooled_folded": drawn[OPEN:]}


def _placed(figure: Figure, number: int, language: Language) -> Markup:
    return figure_html(Placed(figure, f"{_FIGURE[language]} {number}", f"figure-{number}"), language)


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:] if not words[:2].isupper() else words


def _scale(site: Site, term: str) -> dict[str, Any]:
    """The printed states, by whom the result is on, in words."""
    key = ("scale", term)
    if key not in site.memo:
        found: Scale = states(site.edition.bank, term)
        rows = [(s.said, [cell_said(s.cell(role)) for role in ROLES]) for s in found.states]
        told = [reading_said(site.edition.bank, r) for s in found.states for role in ROLES[1:] for r in s.cell(role)]
        site.memo[key] = {"roles": [ROLES_SAID[r] for r in ROLES], "rows": rows, "told": told, "ends": ends(found)}
    shown: dict[str, Any] = site.memo[key]
    return shown
