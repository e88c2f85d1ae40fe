"""One target group, or people to whom several terms apply: what works for them, how sure that is, and the studies."""

from __future__ import annotations

from virker.bank import Query
from virker.language import Said
from virker.publish.wording import LEVELS
from virker.web.address import Address
from virker.web.frame import View, rendered
from virker.web.group_page import best, best_for_wider, counts, narrower_groups, table, wider_groups
from virker.web.measure_parts import StudyLine, cards_of, study_lines
from virker.web.measures import Group, groups, question, rules_of
from virker.web.page import WebPage
from virker.web.site import Site


def ids(site: Site) -> tuple[str, ...]:
    """The groups that the bank has an effect on, and the people that the workspace names."""
    return tuple(groups(site))


def page(site: Site, address: Address) -> WebPage:
    """The page."""
    group, language = groups(site)[address.id], address.language
    terms = site.edition.bank.vocabulary["target_groups"]
    shown = table(site, group)
    title = Said(f"Hvad virker for {group.said.da}?", f"What works for {group.said.en}?")[language]
    short = best(site, group)[language]
    main = rendered(
        "group.html.j2",
        View(site, address),
        title=title,
        short=short,
        g=group,
        definitions=[(t, terms[t].definition_da if language == "da" else terms[t].definition_en) for t in group.terms],
        table=shown,
        levels=rules_of(site).level_labels,
        rules=rules_of(site).label,
        read=LEVELS,
        for_wider=best_for_wider(site, group),
        counts=counts(site, group),
        wider=wider_groups(site, group),
        narrower=narrower_groups(site, group),
        cards=_cards(site, group, language),
        studies=_studies(site, group, language),
    )
    return WebPage(address, title, short, main, "groups", wide=True)


def _studies(site: Site, group: Group, language: str) -> tuple[tuple[Said, tuple[StudyLine, ...]], ...]:
    """The studies on the group by measure; a study stands under the widest measure that it is on."""
    out, seen = [], set[str]()
    for line in sorted(table(site, group).own, key=lambda x: x.measure.depth):
        query: Query = question(line.measure, group.terms)
        lines = tuple(s for s in study_lines(site, query, query, language) if s.id not in seen)
        seen.update(s.id for s in lines)
        if lines:
            out.append((line.measure.said, lines))
    return tuple(out)


def _cards(site: Site, group: Group, language: str) -> list[tuple[str, str]]:
    """The meeting cards on the group, each by its title."""
    found = {name: card.front.title for term in group.terms for name, card in cards_of(site, term, "meeting", language)}
    return list(found.items())
