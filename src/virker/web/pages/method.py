"""The method: how findings are read and counted, every rule set with every parameter, and what words each level carries."""

from __future__ import annotations

from collections import Counter

from virker.bank import LEVELS
from virker.claims.records import STATUSES
from virker.claims.report import MEANING
from virker.claims.wording import RUNGS as WORDS
from virker.language import Said, number
from virker.publish.wording import LEVELS as READ
from virker.synthesis import RULE_SETS
from virker.synthesis.crosswalk import CROSSWALK, NOT_COMPARABLE, OTHER_SCALES
from virker.synthesis.crosswalk import RUNGS as STEPS
from virker.synthesis.jobeffekter_g1 import NOT_COMPUTABLE
from virker.synthesis.overlap import SETTINGS as OVERLAP
from virker.synthesis.pooled_settings import SETTINGS as POOLING
from virker.synthesis.star import LABELS, STAR
from virker.web.address import Address
from virker.web.frame import View, rendered
from virker.web.page import WebPage
from virker.web.site import Site

_TITLE = Said("Sådan er evidensen vurderet", "How the evidence is judged")
_SHORT = Said(
    "Hvordan resultater læses og tælles, hvert regelsæt med alle dets parametre, og hvad ordene for styrke kræver.",
    "How findings are read and counted, every rule set with all its parameters, and what the words of strength need.",
)
GRADE = Said("GRADE", "GRADE")


def ids(site: Site) -> tuple[str, ...]:
    """One page."""
    return ("",)


def page(site: Site, address: Address) -> WebPage:
    """The page."""
    bank, language = site.edition.bank, address.language
    read = Counter(r.finding.origin.level for r in bank.rows)
    designs = Counter(s.design for s in bank.studies.values())
    terms = sorted(bank.vocabulary["designs"].values(), key=lambda t: (-(t.maryland or 0), t.label(language)))
    main = rendered(
        "method.html.j2",
        View(site, address),
        title=_TITLE[language],
        short=_SHORT[language],
        read=[(READ[level], read[level]) for level in LEVELS],
        designs=[(t, designs[t.id]) for t in terms if designs[t.id]],
        assessed=sum(s.assessment is not None for s in bank.studies.values()),
        total=len(bank.studies),
        rule_sets=[(r, [(name, _value(s.value, language), s) for name, s in r.settings.items()]) for r in RULE_SETS.values()],
        default=site.edition.workspace.settings.rule_set,
        not_computable=NOT_COMPUTABLE,
        overlap=[(name, _value(s.value, language), s) for name, s in OVERLAP.items()],
        pooling=POOLING,
        crosswalk=[(_scale(c.scale), _level(c.scale, c.level), STEPS[c.rung] if c.rung else NOT_COMPARABLE, c.why) for c in CROSSWALK],
        words=[(LABELS[level], [(da, en) for needs, da, en in WORDS if needs == level]) for level in STAR.levels if any(w[0] == level for w in WORDS)],
        statuses=[(s, MEANING[s]) for s in reversed(STATUSES)],
    )
    return WebPage(address, _TITLE[language], _SHORT[language], main, "method", wide=True)


def _value(value: object, language: str) -> str:
    """A parameter's value as a reader writes it; a word of the rule set stays as it is."""
    if isinstance(value, bool):
        return {"da": ("nej", "ja"), "en": ("no", "yes")}[language][value]
    return number(value, language) if isinstance(value, (int, float)) else str(value)


def _scale(scale: str) -> Said:
    return RULE_SETS[scale].label if scale in RULE_SETS else GRADE


def _level(scale: str, level: str) -> Said:
    labels = RULE_SETS[scale].level_labels if scale in RULE_SETS else OTHER_SCALES.get(scale, {})
    return labels.get(level, Said(level, level))
