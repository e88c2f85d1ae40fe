"""What changed, for people who do not run the program: plain sentences for a newsletter, and a comment for a merge request."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from virker.claims.diff import Difference, Item, Moved, by_study
from virker.claims.diffwords import (
    CLAIM,
    CLAIMS,
    RESULT,
    RESULTS,
    STUDIES,
    STUDY,
    fields_said,
    finding_said,
    gone_said,
    status_said,
    study_name,
    verdict_said,
    why_said,
)
from virker.language import Said, counted, joined

#: So many items of one kind are told one by one; the rest by their number.
_MOST = 20


def newsletter(diff: Difference, since: Said, until: Said, language: str) -> str:
    """Plain sentences in Markdown: in short, what no longer holds, what holds better, new studies, what was withdrawn, what was corrected."""
    lines = [f"# {Said('Nyt i evidensbanken', 'News from the evidence bank')[language]}", "", _period(since, until)[language], ""]
    if diff.nothing:
        return "\n".join([*lines, nothing_changed()[language]])
    lines += [in_short(diff)[language]]
    better = [c for c in diff.claims if c.rose]
    level = [c for c in diff.claims if c.verdicts and not c.fell and not c.rose]
    lines += _section(Said("Det holder ikke længere som før", "What no longer holds as it did"), [_claim_told(diff, c) for c in diff.fell], language)
    lines += _section(Said("Det står bedre", "What stands better"), [_claim_told(diff, c) for c in better], language)
    lines += _section(Said("Samme svar, anden styrke", "Same answer, another strength"), [_claim_told(diff, c) for c in level], language)
    lines += _section(Said("Nye påstande", "New claims"), [_words(c) for c in diff.claims if c.before is None], language)
    lines += _section(Said("Nye resultater", "New findings"), _new(diff), language)
    gone = [i for i in diff.findings if i.how == "went"]
    lines += _section(Said("Tæller ikke længere", "No longer counted"), [_gone(diff, i) for i in gone], language)
    lines += _section(Said("Rettet", "Corrected"), [_corrected(diff, i) for i in (*diff.studies, *diff.findings) if i.how == "changed"], language)
    return "\n".join(lines)


def merge_comment(diff: Difference, since: Said, until: Said, language: str) -> str:
    """A comment for a merge request: what fell first, a table of the claims that moved, and the changes folded away.

    Its first line is a mark by which a build server finds its own comment and writes it anew.
    """
    lines = ["<!-- virker diff -->", f"## {Said('Hvad ændrer det?', 'What does this change?')[language]}", "", _period(since, until)[language], ""]
    if diff.nothing:
        return "\n".join([*lines, nothing_changed()[language]])
    lines += [("⚠️ " if diff.fell else "") + in_short(diff)[language], ""]
    moved = sorted(diff.claims, key=lambda c: (not c.fell, not c.rose))
    if moved:
        head = Said("| | påstand | før | nu | hvorfor |", "| | claim | before | now | why |")[language]
        lines += [head, "|---|---|---|---|---|", *(_table_row(diff, c, language) for c in moved[:_MOST])]
        lines += [f"| | … +{len(moved) - _MOST} | | | |"] if len(moved) > _MOST else []
    for title, items in _folded(diff):
        if items:
            shown = [f"- {i[language]}" for i in items[:_MOST]] + ([f"- … +{len(items) - _MOST}"] if len(items) > _MOST else [])
            lines += ["", f"<details><summary>{title[language]} ({len(items)})</summary>", "", *shown, "", "</details>"]
    return "\n".join(lines)


def nothing_changed() -> Said:
    """The whole answer, when the two states are the same."""
    return Said("Intet er ændret: de samme studier, resultater, domme og påstande.", "Nothing changed: the same studies, findings, verdicts and claims.")


def in_short(diff: Difference) -> Said:
    """Everything in two sentences: how much came, went and was corrected, and how many claims moved which way."""
    parts: list[Said] = []
    for how, word in (
        ("came", Said("er kommet til", "came in")),
        ("went", Said("er trukket tilbage, erstattet eller væk", "were withdrawn, superseded or removed")),
        ("changed", Said("er rettet", "changed")),
    ):
        studies, findings = (sum(i.how == how for i in items) for items in (diff.studies, diff.findings))
        own = [c for n, c in ((studies, counted(studies, STUDY, STUDIES)), (findings, counted(findings, RESULT, RESULTS))) if n]
        if own:
            amount = Said(" og ".join(o.da for o in own), " and ".join(o.en for o in own))
            parts.append(amount + Said(" ", " ") + word)
    evidence = joined(parts, ", ") if parts else Said("ingen ændringer i resultaterne", "no changes in the findings")
    claims = _claims_in_short(diff)
    return Said(f"{evidence.da[0].upper()}{evidence.da[1:]}. {claims.da}", f"{evidence.en[0].upper()}{evidence.en[1:]}. {claims.en}")


def _claims_in_short(diff: Difference) -> Said:
    """How many claims stand weaker, stronger, or otherwise; how many are new and how many are gone."""
    new, gone = sum(c.before is None for c in diff.claims), sum(c.after is None for c in diff.claims)
    other = len(diff.claims) - new - gone
    if not diff.claims:
        return Said("Ingen påstande har flyttet sig.", "No claims moved.")
    fell, rose = len(diff.fell), sum(c.rose for c in diff.claims)
    told = counted(other, CLAIM, CLAIMS)
    parts = []
    if other:
        verb = "is" if other == 1 else "are"
        parts.append(
            Said(f"{told.da} er berørt: {fell} står svagere, {rose} står stærkere.", f"{told.en} {verb} affected: {fell} weaker than before, {rose} stronger.")
        )
    if new or gone:
        parts.append(Said(f"Nye påstande: {new}. Slettede: {gone}.", f"New claims: {new}. Deleted: {gone}."))
    return joined(parts)


def _period(since: Said, until: Said) -> Said:
    return Said(f"Fra {since.da} til {until.da}.", f"From {since.en} to {until.en}.")


def _section(title: Said, told: Sequence[Said], language: str) -> list[str]:
    if not told:
        return []
    lines = ["", f"## {title[language]}", "", *(f"- {t[language]}" for t in told[:_MOST])]
    return lines + ([Said(f"- … og {len(told) - _MOST} til", f"- … and {len(told) - _MOST} more")[language]] if len(told) > _MOST else [])


def _words(moved: Moved) -> Said:
    return Said(f"»{moved.claim.da.rstrip('.')}«", f"“{moved.claim.en.rstrip('.')}”")


def _claim_told(diff: Difference, moved: Moved) -> Said:
    """One claim in sentences: its words, its status before and now, the verdict before and now, and why."""
    was, now = status_said(moved.before), status_said(moved.after)
    told = _words(moved)
    if moved.before != moved.after:
        told += Said(f". Før: {was.da}. Nu: {now.da}.", f". Before: {was.en}. Now: {now.en}.")
    else:
        told += Said(f". Stadig: {now.da}.", f". Still: {now.en}.")
    for old, new in moved.verdicts[:1]:
        a, b = verdict_said(old), verdict_said(new)
        told += Said(f" Dommen gik fra {a.da} til {b.da}.", f" The verdict went from {a.en} to {b.en}.")
    why = joined(why_said(diff, moved))
    return told + Said(f" {why.da}", f" {why.en}") if why.da else told


def _new(diff: Difference) -> list[Said]:
    """New findings by study: each study's name, and up to three of its findings."""
    told = []
    for study, items in by_study(diff.findings, "came").items():
        some = joined([finding_said(diff, i.address) for i in items[:3]], "; ")
        more = len(items) - 3
        name = study_name(diff, study)
        new = diff.by_address.get(study)
        mark = Said("nyt studie, ", "new study, ") if new and new.how == "came" else Said("", "")
        told.append(
            Said(f"{name} ({mark.da}{study}): {some.da}", f"{name} ({mark.en}{study}): {some.en}")
            + (Said(f"; og {more} til", f"; and {more} more") if more > 0 else Said("", ""))
        )
    return told


def _gone(diff: Difference, item: Item) -> Said:
    name, about, why = study_name(diff, item.address.partition("#")[0]), finding_said(diff, item.address), gone_said(item)
    return Said(f"{name}, {about.da} ({item.address}): {why.da}", f"{name}, {about.en} ({item.address}): {why.en}")


def _corrected(diff: Difference, item: Item) -> Said:
    name, fields = study_name(diff, item.address.partition("#")[0]), fields_said(item)
    return Said(f"{name} ({item.address}): {fields.da}", f"{name} ({item.address}): {fields.en}")


def _table_row(diff: Difference, moved: Moved, language: str) -> str:
    sign = "⬇️" if moved.fell else "⬆️" if moved.rose else ""
    was, now = status_said(moved.before)[language], status_said(moved.after)[language]
    if moved.verdicts:
        a, b = moved.verdicts[0]
        was, now = f"{was} ({verdict_said(a)[language]})", f"{now} ({verdict_said(b)[language]})"
    why = " ".join(w[language] for w in why_said(diff, moved))
    words = moved.claim.da if language == "da" else moved.claim.en
    return "| " + " | ".join(_cell(c) for c in (sign, f"`{moved.claim.id}` {words}", was, now, why)) + " |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _folded(diff: Difference) -> Iterable[tuple[Said, list[Said]]]:
    yield Said("Nye resultater", "New findings"), _new(diff)
    yield Said("Tæller ikke længere", "No longer counted"), [_gone(diff, i) for i in diff.findings if i.how == "went"]
    yield Said("Rettet", "Corrected"), [_corrected(diff, i) for i in (*diff.studies, *diff.findings) if i.how == "changed"]
