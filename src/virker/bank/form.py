"""The form with which somebody reads a source, written from what is known at second hand.

What a finding is *about* is filled in beforehand, to be corrected; what it *found* is left empty, and what the note says of it
stands only as a comment: an answer that is already there is copied more often than it is checked.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import msgspec

from virker.bank.bank import Bank
from virker.bank.records import Finding, Origin, Study, Votes
from virker.bank.references import short_name
from virker.bank.show import effect_said
from virker.errors import QueryError, nearest

#: Fields that the program sets.
OURS = frozenset({"id", "origin", "votes", "added", "superseded_by", "withdrawn", "withdrawn_because"})
#: Levels at which the source itself was read.
READ = ("table", "text")

#: What a source found: left empty in a new form.
RESULT = (
    "direction", "significant", "effect", "effect_low", "effect_high", "qualifier", "unit", "se", "ci_low", "ci_high",
    "p", "p_max", "n", "mean_treated", "mean_control", "note",
)  # fmt: skip
#: What a review prints besides.
REVIEW = ("n_studies", "evidence_grade")
#: What a finding is about: shown even where it is empty. Other fields of a finding are shown where they are filled in, and may be added.
ALWAYS = frozenset({
    "intervention", "also", "contrast", "comparator", "compared_with", "outcome", "target_group", "subgroup", "horizon_months", "horizon_from",
    "horizon_to", "phase", "estimand", "identification", "period",
})  # fmt: skip

HEAD = """# LÆSESKEMA / READING FORM: {address}
# {work}
#
# Udfyld fra kilden selv, og kun det, den trykker. Et tomt felt ("") betyder "ikke trykt", aldrig "ingen effekt".
# Tal med punktum (0.12) og uden anførselstegn. Felterne er forklaret i docs/reference/coding-manual.md.
# Fill in from the source itself, and only what it prints. An empty field ("") means "not printed", never "no effect".
# Numbers with a point (0.12) and without quotation marks. The fields are told in docs/reference/coding-manual.md.
#
# Se, hvad der sker / see what happens:  virker bank read --apply FILE --dry-run
# Skriv det / write it:                  virker bank read --apply FILE
"""
PLACE = "# 1. Hvor er det læst? / Where was it read?"
WHAT = """# 2. Hvad fandt kilden? Læs først, sammenlign bagefter.
#    What did the source find? Read first, compare afterwards."""
ABOUT = """# 3. Hvad handler det om? Udfyldt efter det, der hidtil var kendt: ret, hvad kilden siger anderledes. Flere felter må tilføjes.
#    What is it about? Filled in from what was known so far: correct what the source tells otherwise. Fields may be added."""
VOTES = "# 4. Oversigtens optælling af studier / the review's count of studies"

SAYS: dict[str, str] = {
    "document": "i ord / in words: rapport, artikel, working paper",
    "level": "table, text, abstract, secondary",
    "place": "tabel eller side / table or page",
    "derived": "hvis noget er udregnet: hvordan / if computed: how",
    "direction": "godt for mennesker? / good for people? positive, none, negative, mixed",
    "significant": "yes, no; tom hvis ikke trykt / empty if not printed",
    "effect": "som trykt, med kildens fortegn / as printed, in the source's sign",
    "effect_low": "et trykt spænd / a printed range",
    "qualifier": "about, almost, at-least, more-than, up-to, range",
    "unit": "pp, percent, days, weeks, months, hazard-ratio, DKK, …",
    "se": "standardfejl / standard error",
    "ci_low": "konfidensinterval / confidence interval",
    "p_max": "“p < 0.05”: 0.05",
    "n": "antal personer / persons",
    "mean_treated": "gennemsnit / mean",
    "note": "hvad en læser skal vide, med vores egne ord / what a reader must know, in our own words",
    "n_studies": "antal studier / number of studies",
    "evidence_grade": "oversigtens eget ord / the review's own word",
    "contrast": "on, more, less, unknown",
    "comparator": "nothing, usual-effort, another-programme, unknown",
    "horizon_months": "måneder siden start / months since start",
    "phase": "threat, lock-in, after, net",
    "estimand": "ITT, ATT, LATE, association, unknown",
    "positive_low": "et trykt spænd / a printed range",
}


def to_read(bank: Bank, address: str) -> tuple[Study, Finding]:
    """The finding at ``address`` when a nearer reading of it can be added.

    Raises
    ------
    QueryError
        When there is no such finding, it no longer counts, or it was read as near as can be.
    """
    name, _, _ = address.partition("#")
    if name not in bank.studies:
        raise QueryError(f"there is no study '{name}'\n    → {nearest(name, bank.studies)}")
    study, row = bank.studies[name], bank.finding(address)
    if row is None:
        far = ", ".join(f"{name}#{f.id}" for f in study.finding if f.superseded_by is None and f.origin.level not in READ)
        todo = f"not read in a table or text: {far}" if far else f"a new result is added by hand: virker bank show {name}, and the page on adding a study"
        raise QueryError(f"there is no finding '{address}'\n    → {todo}")
    if row.finding.superseded_by is not None:
        better = f"{name}#{row.finding.superseded_by}"
        raise QueryError(f"{address} has a better reading already: {better}\n    → see it: virker bank show {name}; a form is applied once")
    if row.finding.withdrawn or study.withdrawn:
        raise QueryError(f"{address} is withdrawn\n    → see why: virker bank show {name}")
    if row.finding.origin.level == "table":
        raise QueryError(f"{address} was read in a table: nearer to the source nobody comes\n    → a misreading is corrected in the file itself")
    return study, row.finding


def write_form(bank: Bank, address: str) -> str:
    """The form for a nearer reading of the finding at ``address``, as TOML with comments in Danish and English.

    Raises
    ------
    QueryError
        As in :func:`to_read`.
    """
    study, old = to_read(bank, address)
    lines = [HEAD.format(address=address, work=f"{short_name(study)}: {study.title or '?'}".replace("\n", " ")), f'finding = "{address}"', ""]
    lines += [PLACE, "[origin]", *(_field(f, "") for f in ("document", "level", "place", "derived")), ""]
    known = effect_said(row, "da") if (row := bank.finding(address)) and row.finding.unit != "direction-only" else ""
    lines += [WHAT, *_known(old, known), "[result]"]
    lines += [_field(f, "") for f in (*RESULT, *(REVIEW if study.kind != "primary" or old.n_studies is not None else ()))]
    lines += ["", ABOUT, "[about]", *_about(old)]
    if study.kind != "primary" or old.votes is not None:
        lines += ["", VOTES, "[votes]", *(_field(f.name, "") for f in msgspec.structs.fields(Votes))]
    return "\n".join(lines) + "\n"


def _known(old: Finding, size: str) -> Iterator[str]:
    """What is known of the result so far, as comments."""
    told = ", ".join(p for p in (old.direction or "", size, f"significant: {old.significant}" if old.significant else "") if p)
    yield f"# Hidtil kendt / known so far ({old.origin.level}: {_line(old.origin.document)}): {told or '–'}"
    if old.note:
        yield f"#   {_line(old.note)}"


def _about(old: Finding) -> Iterator[str]:
    data = msgspec.to_builtins(old)
    for field in msgspec.structs.fields(Finding):
        name = field.name
        if name not in OURS and name not in RESULT and name not in REVIEW and (name in ALWAYS or name in data):
            yield _field(name, data.get(name, getattr(old, name) if name in ("contrast", "comparator", "estimand") else _nothing(name)))


def _nothing(name: str) -> object:
    return [] if isinstance(getattr(_BARE, name), tuple) else ""


_BARE = Finding(id=0, intervention="", outcome="", origin=Origin(document="", level="text"))


def _field(name: str, value: object) -> str:
    line = f"{name} = {toml_value(value)}"
    return f"{line:<28}  # {SAYS[name]}" if name in SAYS else line


def toml_value(value: object) -> str:
    """A value as TOML writes it; whole numbers without a decimal point.

    >>> toml_value("Ærø \\"x\\""), toml_value(4500.0), toml_value(["a", "b"]), toml_value(True), toml_value({"level": "table"})
    ('"Ærø \\\\"x\\\\""', '4500', '["a", "b"]', 'true', '{ level = "table" }')
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return repr(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{k} = {toml_value(v)}" for k, v in value.items()) + " }"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(toml_value(v) for v in value) + "]"
    # a JSON string is a TOML basic string, but for the delete character, which TOML wants escaped
    return msgspec.json.encode(value).decode().replace("\x7f", "\\u007f")


def _line(text: str) -> str:
    return " ".join(text.split())
