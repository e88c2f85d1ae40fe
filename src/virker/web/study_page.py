"""The page of a study, whatever its kind: what was studied, what it found, and everything that leans on it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

from virker.bank import Study, Votes
from virker.bank.references import short_name
from virker.language import Said, counted, day_said, number
from virker.publish.references import Reference, references
from virker.publish.wording import LEVELS
from virker.synthesis.star import STAR
from virker.web.address import Address
from virker.web.evidence import links, nearest_level, page_of
from virker.web.finding_words import FindingTold, told
from virker.web.frame import View, rendered
from virker.web.page import WebPage
from virker.web.reviewed import covered
from virker.web.site import Site

#: More findings than this are told in groups that open, so that the page stays small.
MANY = 30
_KINDS: dict[str, Said] = {
    "primary": Said("Studie", "Study"),
    "review": Said("Litteraturgennemgang", "Review"),
    "expert-report": Said("Ekspertrapport", "Expert report"),
}
_MARKS: dict[str, Said] = {
    "good": Said("god", "good"),
    "satisfactory": Said("tilfredsstillende", "satisfactory"),
    "unsatisfactory": Said("utilfredsstillende", "unsatisfactory"),
}
ROLES: dict[str, Said] = {
    "carries": Said("bærer ordene", "carries the words"),
    "both": Said("bærer noget af den og taler imod noget", "carries some of it and speaks against some"),
    "against": Said("taler imod", "speaks against"),
    "shown": Said("vist, afgør ikke", "shown, does not decide"),
    "unread": Said("ikke læst: kun notatet fortæller", "not read: only the note tells"),
}


@dataclass(frozen=True, slots=True)
class Group:
    """Findings on one measure and outcome; ``common`` and ``compared`` hold for all of them, so that no line need repeat it."""

    title: str
    findings: tuple[FindingTold, ...]
    common: tuple[str, ...] = ()
    compared: str = ""


def study_page(site: Site, address: Address) -> WebPage:
    """The page at ``study/<id>`` or ``review/<id>``."""
    view, bank = View(site, address), site.edition.bank
    study, language = bank.studies[address.id], address.language
    known = links(site)
    rows = [row for row in (bank.finding(f"{study.id}#{f.id}") for f in study.finding) if row]
    findings = tuple(told(row, bank.vocabulary, language) for row in rows)
    title = short_name(study, view.language)
    main = rendered(
        "study.html.j2",
        view,
        study=study,
        title=title,
        kind=_KINDS[study.kind][language],
        reference=reference(site, study, language),
        lead=lead(view, study),
        quality=quality(site, study)[language],
        read=read_said(study)[language],
        groups=_groups(findings),
        many=len(findings) > MANY,
        levels=LEVELS,
        corrections=known.corrections.get(study.id, ()),
        earlier=known.earlier.get(study.id, ()),
        papers=[p for p in known.papers.get(study.trial or "", ()) if p != study.id],
        reviews=known.reviews.get(study.id, ()),
        claims=known.claims.get(study.id, ()),
        roles=ROLES,
        covered=covered(site, study) if study.kind != "primary" else None,
        votes=[_votes(f, row.finding.votes, language) for f, row in zip(findings, rows, strict=True) if row.finding.votes],
        notes=bank.reading_notes.get(study.id),
        data=f"files/study/{study.id}.json",
    )
    said = Said(
        f"{title}: hvad der blev undersøgt, hvad det fandt, og hvad der hviler på det.", f"{title}: what was studied, what it found, and what rests on it."
    )
    return WebPage(address, title, said[language], main, "studies", wide=True)


def ids_of(site: Site, kind: str) -> tuple[str, ...]:
    """The studies that a kind of page shows, in the bank's order."""
    return tuple(s.id for s in site.edition.bank.studies.values() if page_of(s) == kind)


def reference(site: Site, study: Study, language: str) -> Reference:
    """The study as an entry of a reference list."""
    return references(site.edition.bank, [study.id], language)[study.id]


def lead(view: View, study: Study) -> str:
    """``A randomised controlled trial from Denmark of individual meetings, for insured unemployed people.``"""
    measures = [view.term("interventions", i) for i, _ in Counter(f.intervention for f in study.finding).most_common(3)]
    groups = [view.term("target_groups", g) for g, _ in Counter(g for f in study.finding for g in f.target_group).most_common(2)]
    where = [view.term("countries", c) for c in study.countries]
    design = view.term("designs", study.design)
    parts = [design[0].upper() + design[1:]]
    if where:
        parts.append(view.t("fra ", "from ") + _listed(view, where))
    if measures:
        parts.append(
            view.t("om ", "on ") + _listed(view, measures) + (view.t(" m.m.", " and more") if len({f.intervention for f in study.finding}) > 3 else "")
        )
    if groups:
        parts.append(view.t("for ", "for ") + _listed(view, groups))
    return " ".join(parts) + "."


def _listed(view: View, words: list[str]) -> str:
    return ", ".join(words[:-1]) + view.t(" og ", " and ") + words[-1] if len(words) > 1 else words[0]


def quality(site: Site, study: Study) -> Said:
    """The rating and where it comes from: a named person, or the design alone."""
    if study.assessment:
        a, mark, day = study.assessment, _MARKS[study.assessment.mark], day_said(study.assessment.on)
        return Said(f"{mark.da}, vurderet af {a.by} den {day.da}: {a.reason}", f"{mark.en}, assessed by {a.by} on {day.en}: {a.reason}")
    maryland, least = site.edition.bank.maryland(study), STAR.settings["high_quality_maryland"].value
    if not maryland:
        return Said(
            "Ikke vurderet: Maryland-skalaen gælder ikke for et studie af den slags, og ingen har vurderet det.",
            "Not assessed: the Maryland scale does not apply to this kind of study, and nobody has assessed it.",
        )
    high = isinstance(least, (int, float)) and maryland >= least
    counts = Said("høj kvalitet", "high quality") if high else Said("begrænset kvalitet", "limited quality")
    return Said(
        f"Maryland {maryland} af 5, udledt af designet. Ingen har vurderet selve studiet. I STARs evidenshierarki tæller det som {counts.da} (grænsen på {least} er vores).",
        f"Maryland {maryland} of 5, derived from the design. Nobody has assessed the study itself. In STAR's evidence hierarchy it counts as {counts.en} (the threshold of {least} is ours).",
    )


def read_said(study: Study) -> Said:
    """How much of the study has been read."""
    if not study.finding:
        return Said("Banken har intet resultat fra det.", "The bank has no finding from it.")
    nearest = nearest_level(study)
    if nearest == "seed":
        return Said(
            "Ikke læst. Kun det notat, som banken prøver, fortæller om det, og det tæller ikke som evidens.",
            "Not read. Only the note that the bank tests tells of it, and that is no evidence.",
        )
    count = Counter(f.origin.level for f in study.finding)
    amount = counted(len(study.finding), Said("resultat", "finding"), Said("resultater", "findings"))
    da = ", ".join(f"{n} {LEVELS[level].da}" for level, n in count.most_common())
    en = ", ".join(f"{n} {LEVELS[level].en}" for level, n in count.most_common())
    return Said(f"{amount.da}: {da}.", f"{amount.en}: {en}.")


def _votes(f: FindingTold, votes: Votes, language: str) -> tuple[int, str, str, str, str]:
    """A review's own count of studies by direction: the finding's number, what it is on, and the three counts."""

    def cell(low: int | None, value: int | None) -> str:
        return "–" if value is None else number(value, language) if low is None else f"{number(low, language)}–{number(value, language)}"

    return f.number, f"{f.measure} → {f.outcome}", cell(votes.positive_low, votes.positive), cell(votes.none_low, votes.none), cell(None, votes.negative)


def _groups(findings: tuple[FindingTold, ...]) -> tuple[Group, ...]:
    """One group, or one for each measure and outcome when there are many findings."""
    if len(findings) <= MANY:
        return (Group("", findings),) if findings else ()
    groups: dict[tuple[str, str, str], list[FindingTold]] = {}
    for f in findings:
        groups.setdefault((f.measure, f.turned, f.outcome), []).append(f)
    return tuple(_group(f"{m}{f' ({t})' if t else ''} → {o}", own) for (m, t, o), own in groups.items())


def _group(title: str, own: list[FindingTold]) -> Group:
    """What the findings have in common is told once, above them; a line keeps what is its own."""

    def same(texts: set[str]) -> str:
        return next(iter(texts)) if len(own) > 1 and len(texts) == 1 else ""

    group, compared, conditions = same({f.group for f in own}), same({f.compared for f in own}), same({f.conditions for f in own})
    lines = [
        replace(
            f,
            measure="",
            turned="",
            outcome="",
            group="" if group else f.group,
            compared="" if compared else f.compared,
            conditions="" if conditions else f.conditions,
        )
        for f in own
    ]
    return Group(title, tuple(lines), tuple(c for c in (group, conditions) if c), compared)
