"""Fragility in words and as data: the list of all claims, one claim in full, and the short block of ``virker explain``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from virker.bank import Bank
from virker.claims.fragility import ClaimFragility, PartFragility
from virker.claims.records import STATUS_LABELS
from virker.language import DIRECTIONS, Said, counted, joined
from virker.synthesis import rule_set
from virker.synthesis.fragility import Outcome
from virker.synthesis.margins import margin_said
from virker.synthesis.next_study import KIND_LABELS, KINDS, RUNGS, SHOWS, NewStudies, as_plain
from virker.synthesis.removal import Pattern, Removal

#: More sets, or names in a group, than these are told by their shape.
_LISTED, _NAMES = 3, 6
_PIECES = (Said("stykke evidens", "piece of evidence"), Said("stykker evidens", "pieces of evidence"))
TITLE = Said("Hvad kunne vende den", "What would flip it")


def list_text(found: Sequence[ClaimFragility], bank: Bank, language: str, shown: int | None = None) -> str:
    """A line for every claim, most fragile first; how many are as fragile comes before."""
    lines = [summary(found)[language], ""]
    told = [f for f in found if f.number is not None][:shown]
    rest = [f for f in found if f.number is None] if shown is None else []
    for f in told:
        becomes = "/".join(STATUS_LABELS[s][language] for s in f.becomes)
        number = str(f.number) if f.removal.exact else f"{f.removal.at_least}–{f.number}"
        moves = f"{STATUS_LABELS[f.check.status][language]} → {becomes}"
        lines.append(f"{number:>4} {_of(language)} {len(f.pieces):<3} {moves:<30} {f.check.claim.id:<38} {_sets(f.removal, language)}")
    for f in rest:
        lines.append(
            f"   – {_of(language)} {len(f.pieces):<3} {STATUS_LABELS[f.check.status][language]:<30} {f.check.claim.id:<38} {_without_number(f)[language]}"
        )
    if shown is not None and len(found) > len(told):
        lines += [
            "",
            Said(f"… og {len(found) - len(told)} til: virker fragility --all", f"… and {len(found) - len(told)} more: virker fragility --all")[language],
        ]
    return "\n".join(lines)


def summary(found: Sequence[ClaimFragility]) -> Said:
    """How many claims hang on one piece of evidence, how many rest on one alone, and how many have none under them."""
    one = sum(f.number == 1 for f in found)
    several = sum(f.number is not None and f.number > 1 for f in found)
    alone = sum(f.rests_on is not None and f.number == 1 for f in found)
    none = sum(not f.pieces for f in found)
    still = sum(f.number is None for f in found) - none
    return Said(
        f"{one} af {len(found)} påstande skifter status, hvis ét stykke evidens falder bort; {alone} af dem hviler på ét alene.\n"
        f"{several} tåler, at ethvert enkelt stykke falder bort. {none} har intet læst studie under sig; {still} skifter ikke, hvad der end tages væk.",
        f"{one} of {len(found)} claims change status if one piece of evidence goes; {alone} of them rest on one alone.\n"
        f"{several} stand the loss of any single piece. {none} have no study read under them; {still} do not change, whatever is taken away.",
    )


def block(f: ClaimFragility, bank: Bank, language: str) -> str:
    """The few lines of ``virker explain``."""
    lines = [TITLE[language], f"  {removal_said(f, bank)[language]}"]
    for part in f.parts[:3]:
        lines += [f"  {line[language]}" for line in _short(part)]
    return "\n".join(lines)


def full_text(f: ClaimFragility, bank: Bank, language: str) -> str:
    """Everything about one claim's fragility: its own, and that of each verdict under it."""
    claim = f.check.claim
    lines = [
        f"{claim.id}  [{STATUS_LABELS[f.check.status][language]}]",
        f"  {claim.da if language == 'da' else claim.en}",
        f"  {removal_said(f, bank)[language]}",
    ]
    for part in f.parts:
        head = Said(f"Del {part.part}, ", f"Part {part.part}, ") + _label(part)
        lines += ["", head[language], *(f"  {s[language]}" for s in (*_verdict_removals(part), *map(margin_said, part.fragility.margins)))]
        lines += [Said("  Nye studier, der ændrer dommen:", "  New studies that change the verdict:")[language], *_new_table(part, language)]
        lines += [f"  {s[language]}" for s in _matters(part)]
    return "\n".join(lines)


def removal_said(f: ClaimFragility, bank: Bank) -> Said:
    """What removal changes the claim's status, in one sentence."""
    if f.number is None:
        return _without_number(f)
    becomes = Said(*("/".join(STATUS_LABELS[s][lang] for s in f.becomes) for lang in ("da", "en")))
    if f.rests_on:
        kind = _kind_of(f.rests_on, bank)
        return Said(f"Hviler på {kind.da} alene, {f.rests_on}; uden: {becomes.da}.", f"Rests on {kind.en} alone, {f.rests_on}; without it: {becomes.en}.")
    size = _size_said(f.removal)
    sets = Said(_sets(f.removal, "da"), _sets(f.removal, "en"))
    return Said(f"Uden {size.da} bliver den {becomes.da}: {sets.da}.", f"Without {size.en} it becomes {becomes.en}: {sets.en}.")


def outcome_said(outcome: Outcome, rules: str) -> Said:
    """``positive, strong evidence``."""
    direction, level = DIRECTIONS[outcome[0]], rule_set(rules).level_labels.get(outcome[1] or "")
    return Said(direction.da + (f", {level.da}" if level else ""), direction.en + (f", {level.en}" if level else ""))


def _without_number(f: ClaimFragility) -> Said:
    if f.check.status == "judgement":
        return Said("En person har skønnet: intet studie ændrer det.", "A person has judged: no study changes that.")
    if f.check.status == "error":
        return Said("Kan ikke afgøres, før fejlen er rettet.", "Cannot be decided before the error is mended.")
    if not f.pieces:
        if any(p.expect.rule for p in f.check.claim.parts):
            return Said("Hviler på loven, ikke på studier.", "Rests on the law, not on studies.")
        unread = ", ".join(f.unread)
        get = Said(f" Skaf og læs: {unread}.", f" Get and read: {unread}.") if unread else Said("", "")
        return Said("Intet læst studie under den: der er intet at tage væk.", "No study read under it: there is nothing to take away.") + get
    if not f.removal.exact:
        return Said(f"Mindst {f.removal.at_least} skal væk; hvor mange, er ikke fundet.", f"At least {f.removal.at_least} must go; how many was not found.")
    return Said("Skifter ikke, hvad der end tages væk.", "Does not change, whatever is taken away.")


def _kind_of(piece: str, bank: Bank) -> Said:
    if piece in bank.trials:
        return Said("ét forsøg", "one trial")
    study = bank.studies.get(piece.split("#", maxsplit=1)[0])
    if study and study.kind != "primary" and not piece.endswith("#unnamed"):
        return Said("én gennemgang", "one review")
    return Said("ét studie", "one study")


def _size_said(removal: Removal[Any]) -> Said:
    assert removal.size is not None
    of = counted(removal.pieces, *_PIECES)
    if removal.exact:
        return Said(f"{removal.size} af {of.da}", f"{removal.size} of {of.en}")
    return Said(
        f"mindst {removal.at_least} og højst {removal.size} af {of.da} (øvre grænse fundet ved udelukkelse)",
        f"at least {removal.at_least} and at most {removal.size} of {of.en} (upper bound found greedily)",
    )


def _sets(removal: Removal[Any], language: str) -> str:
    """The sets themselves when they are few; else their shape; else one shape as an example, and how many sets there are."""
    if removal.count <= _LISTED:
        return (" eller " if language == "da" else " or ").join(", ".join(s) for s in removal.sets)
    shape = _pattern(removal.patterns[0], language)
    if len(removal.patterns) == 1:
        return shape
    return Said(f"for eksempel {shape}; i alt {removal.count} sæt", f"for example {shape}; {removal.count} sets in all")[language]


def _pattern(pattern: Pattern[Any], language: str) -> str:
    parts = []
    for n, members in pattern.take:
        names = ", ".join(members[:_NAMES]) + (", …" if len(members) > _NAMES else "")
        parts.append(names if n == len(members) else f"{n} {_of(language)} {len(members)} ({names})")
    return " + ".join(parts)


def _of(language: str) -> str:
    return "af" if language == "da" else "of"


def _verdict_removals(part: PartFragility) -> list[Said]:
    """One line for the level and one for the direction; one for both where they fall together."""
    level, direction = part.fragility.any_change, part.fragility.direction
    if level == direction:
        return [_removal_line(Said("Skifter retning", "Changes direction"), direction, part)]
    return [
        _removal_line(Said("Skifter niveau", "Changes level"), level, part),
        _removal_line(Said("Skifter retning", "Changes direction"), direction, part),
    ]


def _removal_line(what: Said, removal: Removal[Outcome], part: PartFragility) -> Said:
    if removal.size is None:
        return what + (
            Said(": aldrig, hvad der end tages væk.", ": never, whatever is taken away.")
            if removal.exact
            else Said(f": mindst {removal.at_least} skal væk.", f": at least {removal.at_least} must go.")
        )
    size, after = _size_said(removal), _becomes(removal, part.fragility.rule_set)
    return what + Said(f" uden {size.da} → {after.da}: {_sets(removal, 'da')}", f" without {size.en} → {after.en}: {_sets(removal, 'en')}")


def _becomes(removal: Removal[Outcome], rules: str) -> Said:
    return joined([outcome_said(o, rules) for o in dict.fromkeys(p.becomes for p in removal.patterns)], " / ")


def _label(part: PartFragility) -> Said:
    rules = rule_set(part.fragility.rule_set)
    reading = Said(" (kun trykt signifikans)", " (only printed significance)") if part.strict else Said("", "")
    return rules.label + reading + Said(": ", ": ") + outcome_said(part.fragility.now, rules.id)


def _short(part: PartFragility) -> list[Said]:
    """Two lines: how few removals change the verdict, and what one more study would do."""
    rules, removal = part.fragility.rule_set, part.fragility.any_change
    label = _label(part)
    if removal.size is not None:
        size, after = _size_said(removal), _becomes(removal, rules)
        label += Said(f"; uden {size.da}: {after.da}", f"; without {size.en}: {after.en}")
    ones = [n for n in part.next_study.outcomes if n.count == 1 and n.kind == "rct"]
    lines = [label + Said(".", ".")]
    if ones:
        lines.append(Said("Ét forsøg (RCT) mere: ", "One more trial (RCT): ") + joined([_new_said(n, rules) for n in ones], "; ") + Said(".", "."))
    lines.append(Said("Næste skridt: ", "Next step: ") + RUNGS[part.next_study.rung] + Said(".", "."))
    return lines


def _new_said(new: NewStudies, rules: str) -> Said:
    assert new.becomes is not None
    shows, after = DIRECTIONS[new.shows], outcome_said(new.becomes, rules)
    return Said(f"{shows.da} → {after.da}", f"{shows.en} → {after.en}")


def _new_table(part: PartFragility, language: str) -> list[str]:
    lines = []
    for kind in KINDS:
        told = []
        for n in part.next_study.outcomes:
            if n.kind == kind and n.count is not None and n.becomes is not None:
                told.append(f"{n.count} {DIRECTIONS[n.shows][language]} → {outcome_said(n.becomes, part.fragility.rule_set)[language]}")
        nothing = Said("ingen ændring med op til fem", "no change with up to five")[language]
        lines.append(f"    {KIND_LABELS[kind][language]:<36} {'; '.join(told) or nothing}")
    assert len(part.next_study.outcomes) == len(KINDS) * len(SHOWS)
    return lines


def _matters(part: PartFragility) -> list[Said]:
    best = part.next_study.matters_most
    said = [Said("Næste skridt på stigen: ", "Next step on the ladder: ") + RUNGS[part.next_study.rung] + Said(".", ".")]
    if best:
        said.insert(0, Said("Størst betydning ville dette have: ", "What would matter most: ") + joined([KIND_LABELS[k] for k in best], ", ") + Said(".", "."))
    return said


def as_data(found: Sequence[ClaimFragility]) -> dict[str, Any]:
    """The same as plain data."""
    return {"format": 1, "claims": [_claim_data(f) for f in found]}


def _claim_data(f: ClaimFragility) -> dict[str, Any]:
    return {
        "id": f.check.claim.id,
        "kind": f.check.claim.kind,
        "status": f.check.status,
        "becomes": list(f.becomes),
        "pieces": list(f.pieces),
        "rests_on": f.rests_on,
        **_removal_data(f.removal),
        "verdicts": [
            {
                "part": p.part,
                "rule_set": p.fragility.rule_set,
                "direction": p.fragility.now[0],
                "level": p.fragility.now[1],
                "any_change": _removal_data(p.fragility.any_change),
                "direction_change": _removal_data(p.fragility.direction),
                "margins": [{"what": {"da": m.what.da, "en": m.what.en}, "has": m.has, "needs": m.needs, "holds": m.holds} for m in p.fragility.margins],
                "next_study": as_plain(p.next_study),
            }
            for p in f.parts
        ],
    }


def _removal_data(removal: Removal[Any]) -> dict[str, Any]:
    return {
        "number": removal.size,
        "at_least": removal.at_least if removal.size is not None or not removal.exact else None,
        "exact": removal.exact,
        "of": removal.pieces,
        "sets": [list(s) for s in removal.sets],
        "number_of_sets": removal.count,
    }


def json_text(found: Sequence[ClaimFragility]) -> str:
    """:func:`as_data` as indented JSON."""
    return msgspec.json.format(msgspec.json.encode(as_data(found)), indent=2).decode() + "\n"
