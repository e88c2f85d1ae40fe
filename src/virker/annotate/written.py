"""What ``virker note import`` writes: the sentences, a draft of claims, and the citations. The note's text stays with the person who brought it."""

from __future__ import annotations

import msgspec

from virker import __version__
from virker.annotate.annotation import Annotated
from virker.annotate.candidate import CONFIDENCE_LABELS
from virker.annotate.draft import as_toml
from virker.annotate.told import citation_lines, citation_words
from virker.bank import Bank
from virker.language import Language


def sentences_toml(note: Annotated) -> str:
    """Every sentence with its id, its text, and the claims that it is known to make or the draft proposed."""

    def quoted(text: str) -> str:
        return msgspec.json.encode(text).decode()

    lines = [f"# {note.note.path.name}, read by virker {__version__}. The words are the note's own: keep the file where the note may be kept.", ""]
    for a in note.annotations:
        lines += ["[[sentence]]", f"id = {quoted(a.sentence.id)}", f"text = {quoted(a.sentence.text)}"]
        if a.sentence.known:
            lines.append(f"known_as = {quoted(a.sentence.known)}")
        if a.sure == "known" and a.checks:
            lines.append(f"claims = {msgspec.json.encode([c.claim.id for c in a.checks]).decode()}")
        if a.candidate:
            lines += [f"draft = {quoted(a.candidate.claim.id)}", f"confidence = {quoted(a.candidate.confidence)}"]
        if a.figures:
            lines.append(f"numbers = {msgspec.json.encode([f.text for f in a.figures]).decode()}")
        if a.citations:
            lines.append(f"works = {msgspec.json.encode([w for c in a.citations for w in c.works[:1]]).decode()}")
        lines.append("")
    return "\n".join(lines)


def claims_toml(note: Annotated) -> str:
    """The candidate claims as TOML to read, mend and paste into ``notes/claims``."""
    drafts = [a for a in note.annotations if a.candidate]
    clear = sum(a.sure == "clear" for a in drafts)
    lines = [
        f"# {len(drafts)} candidate claims from {note.note.path.name}: {clear} clear, {len(drafts) - clear} unsure. Drafts by a program, read by nobody yet.",
        "# Read each against its sentence, mend select and expect, give it an id of your own, write da and en in your own words,",
        "# and paste it into notes/claims. A line with ? tells what the extractor is not sure of.",
        "",
    ]
    lines += [as_toml(a.candidate, f"sentence {a.sentence.id}") for a in drafts if a.candidate]
    return "\n".join(lines)


def citations_text(note: Annotated, bank: Bank, language: Language) -> str:
    """Every citation, those to look at first."""
    lines = citation_lines(note, bank, language)
    lines += ["", *(f"  {', '.join(where)}  {citation_words(c, bank, language)}" for c, where in note.citations if c.outcome == "one")]
    return "\n".join(lines) + "\n"


def import_summary(note: Annotated, language: Language) -> str:
    """One line: how many sentences, how many known, how many drafts by how sure they are."""
    drafts = [a for a in note.annotations if a.candidate]
    clear = sum(a.sure == "clear" for a in drafts)
    known = sum(a.sentence.known is not None for a in note.annotations)
    words = {k: v[language] for k, v in CONFIDENCE_LABELS.items()}
    return {
        "da": f"{len(note.annotations)} sætninger, {known} kendt fra kildenotatet; {len(drafts)} udkast til påstande ({clear} {words['clear']}, {len(drafts) - clear} {words['unsure']})",
        "en": f"{len(note.annotations)} sentences, {known} known from the source note; {len(drafts)} drafts of claims ({clear} {words['clear']}, {len(drafts) - clear} {words['unsure']})",
    }[language]
