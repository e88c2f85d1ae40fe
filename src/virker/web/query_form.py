"""The form of the query page: what can be asked, in the bank's words, with how many studies stand behind each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from virker.bank import Bank
from virker.language import Said
from virker.synthesis import RULE_SETS, RuleSet, judging
from virker.synthesis.verdict import Setting
from virker.vocabulary.terms import Kind, Term
from virker.web.asked import CHOICES
from virker.web.parameters import FIRST_YEAR, LAST_YEAR
from virker.web.site import Site
from virker.web.tools.form import Field, Form, Group

Choices = tuple[tuple[str, Said], ...]
_ALL = Said("alle", "all")
_ANY = Said("vælg", "choose")
_CONTRAST: Choices = (
    ("on", Said("mere af indsatsen, eller at den er der", "more of the measure, or that it is there")),
    ("less", Said("mindre af indsatsen", "less of the measure")),
)
_KINDS: Choices = (
    ("primary", Said("primærstudier", "primary studies")),
    ("review", Said("gennemgange af studier", "reviews of studies")),
    ("expert-report", Said("ekspertrapporter", "expert reports")),
)
_QUALITY: Choices = (
    ("5", Said("5: lodtrækning", "5: drawn by lot")),
    ("4", Said("4 og op: som lodtrækning", "4 and up: as good as drawn by lot")),
    ("3", Said("3 og op: med sammenligningsgruppe over tid", "3 and up: with a comparison group over time")),
    ("2", Said("2 og op: med sammenligning", "2 and up: with a comparison")),
    ("1", Said("1 og op: alle på skalaen", "1 and up: all on the scale")),
)
_PHASES: Choices = (
    ("threat", Said("trussel: før start", "threat: before the start")),
    ("lock-in", Said("fastlåsning: mens den varer", "lock-in: while it lasts")),
    ("after", Said("efter", "after")),
    ("net", Said("i alt", "net")),
)
_WORDS: dict[str, Said] = {
    "total": Said("hele vidensmængden", "the whole stock"),
    "net": Said("netto", "net"),
    "share_of_n": Said("andel af resultaterne", "share of the results"),
    "per_result_table": Said("vægt per resultat", "weight per result"),
    "own-band": Said("eget bånd", "a band of its own"),
    "leave-out": Said("udelades", "left out"),
}
_YES_NO: Choices = (("true", Said("ja", "yes")), ("false", Said("nej", "no")))


def query_form(site: Site, rule_set: str) -> Form:
    """The form, with the settings of one rule set."""
    return Form(
        "query",
        (_question(site.edition.bank), _studies(site.edition.bank), Group(Said("Regelsæt", "Rule set"), (_rule_set(site),)), _settings(RULE_SETS[rule_set])),
        Said("Spørg", "Ask"),
    )


def _question(bank: Bank) -> Group:
    return Group(
        Said("Spørgsmålet", "The question"),
        (
            _tree(bank, "intervention", "interventions", Said("Indsats", "Measure")),
            Field("contrast", Said("Vejen, der spørges", "Which way is asked"), "choice", choices=_CONTRAST, required=True, default="on"),
            _tree(bank, "target_group", "target_groups", Said("Målgruppe", "Target group"), _ALL),
            _tree(bank, "outcome", "outcomes", Said("Udfald", "Outcome"), _ALL),
        ),
        Said(
            "Vælg mindst én. Tallet er studier i banken; et ord tager alt under sig med.",
            "Choose at least one. The number is studies in the bank; a word takes everything below it along.",
        ),
    )


def _studies(bank: Bank) -> Group:
    years = f"{FIRST_YEAR}–{LAST_YEAR}"
    countries = Counter(c for s in bank.studies.values() for c in dict.fromkeys((*s.countries, *(f.country for f in s.finding if f.country))))
    known = bank.vocabulary["countries"]
    named = sorted((c for c in countries if c in known), key=lambda c: (-countries[c], c))
    return Group(
        Said("Hvilke studier?", "Which studies?"),
        (
            Field("country", Said("Land", "Country"), "choice", choices=tuple((c, _with_count(known[c], countries[c])) for c in named), untold=_ALL),
            Field("study_kind", Said("Slags", "Kind"), "choice", choices=_KINDS, untold=_ALL),
            Field("min_maryland", Said("Design, på Maryland-skalaen", "Design, on the Maryland scale"), "choice", choices=_QUALITY, untold=_ALL),
            Field("phase", Said("Tid i forløbet", "Time in the course"), "choice", choices=_PHASES, untold=_ALL),
            Field("year_from", Said("Udgivet fra år", "Published from year"), "whole", Said(years, years), low=FIRST_YEAR, high=LAST_YEAR),
            Field("year_to", Said("Udgivet til år", "Published up to year"), "whole", low=FIRST_YEAR, high=LAST_YEAR),
        ),
        folded=True,
        pairs=True,
    )


def _rule_set(site: Site) -> Field:
    own = site.edition.workspace.settings.rule_set
    choices = tuple((r.id, r.label) for r in judging().values())
    return Field(
        "rule_set",
        Said("Dommen efter", "The verdict by"),
        "choice",
        Said("Alle står side om side under svaret.", "All stand side by side below the answer."),
        choices,
        True,
        default=own,
    )


def _settings(rules: RuleSet) -> Group:
    fields = tuple(_setting(f"{rules.id}.{name}", setting) for name, setting in rules.settings.items())
    lead = Said(
        "Et mærke * står ved det, som regelsættets ophav ikke har offentliggjort: der har vi valgt.",
        "A mark * stands at what the rule set's originator has not published: there we have chosen.",
    )
    return Group(Said(f"Indstillinger: {rules.label.da}", f"Settings: {rules.label.en}"), fields, lead, folded=True)


def _setting(name: str, setting: Setting) -> Field:
    mark = "" if setting.published else " *"
    last = name.partition(".")[2]
    label, hint = Said(last.replace("_", " ") + mark, last.replace("_", " ") + mark), Said(setting.why_da, setting.why_en)
    if isinstance(setting.value, bool):
        return Field(name, label, "choice", hint, _YES_NO, True, default="true" if setting.value else "false")
    if last in CHOICES:
        return Field(name, label, "choice", hint, tuple((c, _WORDS[c]) for c in CHOICES[last]), True, default=str(setting.value))
    return Field(
        name,
        label,
        "text" if isinstance(setting.value, str) else "number",
        hint,
        default=f"{setting.value:g}" if isinstance(setting.value, float) else str(setting.value),
    )


def _tree(bank: Bank, name: str, kind: Kind, label: Said, untold: Said = _ANY) -> Field:
    """The terms that the bank has studies on, in the order of their tree, with a dash for each level down."""
    counts = _counts(bank, name, kind)
    terms = bank.vocabulary[kind].values()
    return Field(name, label, "choice", choices=tuple(_lines(terms, counts, None, 0)), untold=untold)


def _lines(terms: Iterable[Term], counts: Counter[str], parent: str | None, depth: int) -> Iterator[tuple[str, Said]]:
    known: Sequence[Term] = list(terms)
    for term in known:
        if term.parent == parent and counts[term.id]:
            dashes = "– " * depth
            said = _with_count(term, counts[term.id])
            yield term.id, Said(dashes + said.da, dashes + said.en)
            yield from _lines(known, counts, term.id, depth + 1)


def _counts(bank: Bank, field: str, kind: Kind) -> Counter[str]:
    """Studies on every term or anything below it."""
    found: dict[str, set[str]] = {}
    for row in bank.rows:
        told = getattr(row.finding, field)
        for term in (told,) if isinstance(told, str) else told:
            for above in bank.vocabulary.ancestors(kind, term):
                found.setdefault(above, set()).add(row.study.id)
    return Counter({term: len(ids) for term, ids in found.items()})


def _with_count(term: Term, count: int) -> Said:
    return Said(f"{term.da[:1].upper()}{term.da[1:]} ({count})", f"{term.en[:1].upper()}{term.en[1:]} ({count})")
