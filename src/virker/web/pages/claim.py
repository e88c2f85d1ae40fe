"""A claim: its sentence and status, what was asked, what carries it and what speaks against it, and how it stood earlier."""

from __future__ import annotations

from virker.claims.fragility_report import block
from virker.claims.ladder import proposals
from virker.claims.records import KIND_LABELS
from virker.claims.report import MEANING
from virker.claims.versions import version_notes
from virker.language import Said
from virker.publish.wording import LEVELS
from virker.synthesis import RULE_SETS
from virker.web.address import Address
from virker.web.claimed import fragility_of, history, mentions, parts_told, section_said
from virker.web.frame import View, rendered
from virker.web.page import WebPage
from virker.web.site import Site


def ids(site: Site) -> tuple[str, ...]:
    """Every claim of the source note and of ours."""
    return tuple(c.claim.id for c in site.edition.checks)


def page(site: Site, address: Address) -> WebPage:
    """The page."""
    view, edition, language = View(site, address), site.edition, address.language
    check = edition.by_id[address.id]
    claim = check.claim
    words = claim.da if language == "da" else claim.en
    stronger = [p.sentence[language] for p in proposals(check, edition.bank) if p.stronger] if claim.kind == "synthesis" else []
    main = rendered(
        "claim.html.j2",
        view,
        check=check,
        claim=claim,
        words=words,
        kind=KIND_LABELS[claim.kind][language],
        section=section_said(claim.section)[language],
        meaning=MEANING[check.status][language],
        meanings=MEANING,
        holds=list(dict.fromkeys(stronger)),
        parts=parts_told(view, check),
        rule_sets=RULE_SETS,
        levels=LEVELS,
        versions=version_notes(check, edition.bank),
        history=history(site).get(claim.id, ()),
        fragile=list(dict.fromkeys(line.strip() for line in block(fragility_of(site, check), edition.bank, language).splitlines()[1:])),
        mentions=mentions(site, language).get(claim.id, ()),
        titles={n: texts[language].meta.get("subtitle") or texts[language].meta.get("title", n) for n, texts in edition.texts.items() if language in texts},
        sentences=[s for s in edition.book.sentences if s.id in claim.sentences],
        attested=edition.book.attestations.get(claim.id),
    )
    said = Said(f"Holder påstanden? {MEANING[check.status].da}.", f"Does the claim hold? {MEANING[check.status].en}.")
    return WebPage(address, words, said[language], main, "notes", wide=True)
