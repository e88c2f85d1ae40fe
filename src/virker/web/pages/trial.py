"""A trial or reform with all its papers, told as one piece of evidence."""

from __future__ import annotations

from virker.language import Said
from virker.publish.wording import LEVELS
from virker.web.address import Address
from virker.web.evidence import Role, links, nearest_level
from virker.web.frame import View, rendered
from virker.web.page import WebPage
from virker.web.site import Site
from virker.web.study_page import ROLES, lead
from virker.web.trial_told import outcomes

_BEST: tuple[Role, ...] = ("carries", "both", "against", "shown", "unread")


def ids(site: Site) -> tuple[str, ...]:
    """Every trial of the bank."""
    return tuple(site.edition.bank.trials)


def page(site: Site, address: Address) -> WebPage:
    """The page."""
    view, bank, language = View(site, address), site.edition.bank, address.language
    trial = bank.trials[address.id]
    papers = [bank.studies[p] for p in links(site).papers.get(trial.id, ())]
    name = trial.da if language == "da" else trial.en
    main = rendered(
        "trial.html.j2",
        view,
        trial=trial,
        name=name,
        papers=[(p, lead(view, p), nearest_level(p)) for p in papers],
        outcomes=outcomes(site, trial.id, language),
        claims=_claims(site, [p.id for p in papers]),
        roles=ROLES,
        levels=LEVELS,
    )
    said = Said(f"{name}: hvad der blev prøvet, og hvad alle artiklerne om det fandt.", f"{name}: what was tried, and what all the papers on it found.")
    return WebPage(address, name, said[language], main, "studies", wide=True)


def _claims(site: Site, papers: list[str]) -> list[tuple[str, Role]]:
    """The claims that any of the papers stands under, and the most that one of them does there."""
    found: dict[str, Role] = {}
    for paper in papers:
        for leaning in links(site).claims.get(paper, ()):
            name = leaning.check.claim.id
            found[name] = min(found.get(name, leaning.role), leaning.role, key=_BEST.index)
    return sorted(found.items(), key=lambda c: (_BEST.index(c[1]), c[0]))
