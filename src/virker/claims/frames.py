"""The rungs of the wording ladder: one sentence frame for every level and direction, in both languages, and how it is filled.

The frames stand here, beside the rule set whose levels they speak of, and not in a workspace: a workspace that could bend its
own ladder could make any sentence pass (docs/decisions/0018).

In a frame ``{x}`` is the measure and ``{about}`` whom, measured by what, and under which conditions. English verbs stand as ``singular/plural``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from virker.bank import Bank, Query, names
from virker.bank.references import short_name
from virker.language import LANGUAGES, Said
from virker.synthesis import Verdict, rule_set
from virker.synthesis.star import LABELS, STAR
from virker.vocabulary import Kind

#: ``(direction, level)``: what may be said. A level that a direction does not have falls back on ``uncertain``.
FRAMES: Mapping[tuple[str, str], Said] = {
    ("positive", "strong"): Said("{x} virker{about} (stærk evidens).", "{x} [works/work]{about} (strong evidence)."),
    ("positive", "moderate"): Said("{x} virker sandsynligvis{about} (moderat evidens).", "{x} probably [works/work]{about} (moderate evidence)."),
    ("positive", "indication"): Said("{x} kan virke{about} (indikation).", "{x} may work{about} (indication)."),
    ("none", "strong"): Said("{x} gør ingen eller næsten ingen forskel{about} (stærk evidens).", "{x} [makes/make] little or no difference{about} (strong evidence)."),
    ("none", "moderate"): Said("{x} gør sandsynligvis ingen eller næsten ingen forskel{about} (moderat evidens).", "{x} probably [makes/make] little or no difference{about} (moderate evidence)."),
    ("none", "indication"): Said("{x} gør måske ingen eller næsten ingen forskel{about} (indikation).", "{x} may make little or no difference{about} (indication)."),
    ("negative", "strong"): Said("{x} gør skade{about} (stærk evidens).", "{x} [does/do] harm{about} (strong evidence)."),
    ("negative", "moderate"): Said("{x} gør sandsynligvis skade{about} (moderat evidens).", "{x} probably [does/do] harm{about} (moderate evidence)."),
    ("negative", "indication"): Said("{x} kan gøre skade{about} (indikation).", "{x} may do harm{about} (indication)."),
    ("mixed", "conflicting"): Said("Der er modstridende viden om, hvorvidt {x} virker{about}.", "There is conflicting knowledge on whether {x} [works/work]{about}."),
    ("mixed", "uncertain"): Said("Det er usikkert, hvorvidt {x} virker{about}: der er intet flertal.", "It is uncertain whether {x} [works/work]{about}: there is no majority."),
    ("too-little", "uncertain"): Said("Det vides ikke, hvorvidt {x} virker{about}: der er for få studier.", "It is not known whether {x} [works/work]{about}: there are too few studies."),
}  # fmt: skip

#: Where nothing counted identifies an effect: what goes with what, never that something works.
ASSOCIATED: Mapping[str, Said] = {
    "positive": Said("{x} følges med et bedre udfald{about}; om det er en virkning, er ikke målt ({level}).", "{x} [goes/go] with a better outcome{about}; whether that is an effect has not been measured ({level})."),
    "none": Said("{x} følges hverken med et bedre eller et dårligere udfald{about}; en virkning er ikke målt ({level}).", "{x} [goes/go] with neither a better nor a worse outcome{about}; an effect has not been measured ({level})."),
    "negative": Said("{x} følges med et dårligere udfald{about}; om det er en virkning, er ikke målt ({level}).", "{x} [goes/go] with a worse outcome{about}; whether that is an effect has not been measured ({level})."),
}  # fmt: skip

#: Rule sets without STAR's levels: which way, by whose rules, and no word of how sure.
BY_RULES: Mapping[str, Said] = {
    "positive": Said("Efter regelsættet {rules} peger studierne af {x} i positiv retning{about}{level}.", "By the rule set {rules}, the studies of {x} point in a positive direction{about}{level}."),
    "none": Said("Efter regelsættet {rules} viser studierne af {x} ingen virkning{about}{level}.", "By the rule set {rules}, the studies of {x} show no effect{about}{level}."),
    "negative": Said("Efter regelsættet {rules} peger studierne af {x} i negativ retning{about}{level}.", "By the rule set {rules}, the studies of {x} point in a negative direction{about}{level}."),
    "mixed": Said("Efter regelsættet {rules} er studierne af {x} uenige{about}{level}.", "By the rule set {rules}, the studies of {x} disagree{about}{level}."),
    "too-little": Said("Efter regelsættet {rules} er der for få studier af {x}{about}.", "By the rule set {rules}, there are too few studies of {x}{about}."),
}  # fmt: skip

_NO_MEASURE = Said("den undersøgte indsats", "the measure studied")
#: Fields of a query that narrow what may be said, beside the measure, the people and the outcome, and what people call them.
_CONDITIONS: dict[str, Said] = {
    "country": Said("land", "country"),
    "region": Said("region", "region"),
    "design": Said("design", "design"),
    "min_maryland": Said("Maryland-niveau mindst", "Maryland level at least"),
    "study_kind": Said("slags studier", "kind of study"),
    "mechanism": Said("mekanisme", "mechanism"),
    "comparator": Said("sammenlignet med", "compared with"),
    "phase": Said("fase", "phase"),
    "cycle": Said("konjunktur", "business cycle"),
    "saturation": Said("udbredelse", "roll-out"),
    "labour_market": Said("arbejdsmarked", "labour market"),
    "scope": Said("målt på", "measured on"),
    "spillover": Said("virkning på andre", "effect on others"),
    "estimand": Said("estimand", "estimand"),
    "horizon_from": Said("måneder, fra", "months, from"),
    "horizon_to": Said("måneder, til", "months, to"),
    "year_from": Said("studier fra", "studies from"),
    "year_to": Said("studier til", "studies to"),
}
#: Conditions whose values are words of the vocabulary.
_OF_VOCABULARY: dict[str, Kind] = {"country": "countries", "design": "designs", "mechanism": "mechanisms"}
_VALUES: dict[str, Said] = {
    "nothing": Said("ingenting", "nothing"),
    "usual-effort": Said("sædvanlig indsats", "usual effort"),
    "another-programme": Said("en anden indsats", "another programme"),
    "threat": Said("trussel", "threat"),
    "lock-in": Said("fastlåsning", "lock-in"),
    "after": Said("efter", "after"),
    "net": Said("netto", "net"),
    "boom": Said("højkonjunktur", "boom"),
    "recession": Said("lavkonjunktur", "recession"),
    "both": Said("begge dele", "both"),
    "unknown": Said("ikke oplyst", "not told"),
    "low": Said("lav", "low"),
    "half": Said("halv", "half"),
    "above-half": Said("halv eller mere", "half or more"),
    "near-full": Said("næsten fuld", "near full"),
    "weak": Said("svagt", "weak"),
    "strong": Said("stærkt", "strong"),
    "individual": Said("den enkelte", "the individual"),
    "market": Said("hele arbejdsmarkedet", "the whole labour market"),
    "budget": Said("de offentlige finanser", "public finances"),
    "primary": Said("primærstudier", "primary studies"),
    "review": Said("litteraturgennemgange", "reviews"),
    "expert-report": Said("ekspertrapporter", "expert reports"),
    "association": Said("sammenhæng", "association"),
    "True": Said("ja", "yes"),
    "False": Said("nej", "no"),
}


def frame(verdict: Verdict, associated: bool = False) -> Said:
    """The frame of a verdict: the strongest that its level and direction carry."""
    if verdict.rule_set != STAR.id:
        return BY_RULES[verdict.direction]
    if associated and verdict.direction in ASSOCIATED:
        return ASSOCIATED[verdict.direction]
    found = FRAMES.get((verdict.direction, verdict.level or "uncertain"))
    return found or FRAMES["too-little" if verdict.direction != "mixed" else "mixed", "uncertain"]


def filled(verdict: Verdict, query: Query, bank: Bank, associated: bool = False, strict: bool = False) -> Said:
    """The frame with the query's own words in it; ``strict`` where only printed significance was counted."""
    template = frame(verdict, associated)
    rules = rule_set(verdict.rule_set)
    level = (LABELS if verdict.rule_set == STAR.id else rules.level_labels).get(verdict.level or "")
    of_star = verdict.rule_set == STAR.id
    return Said(*(_fill(template[language], language, query, bank, rules.label, level, of_star, strict) for language in LANGUAGES))


def asked(query: Query, bank: Bank, strict: bool = False) -> Said:
    """A query in words: ``individual meetings for unemployed people, measured by employment``."""
    return Said(*(_measure(query, bank, language) + _about(query, bank, language, strict) for language in LANGUAGES))


def _fill(template: str, language: str, query: Query, bank: Bank, rules: Said, level: Said | None, bare: bool, strict: bool) -> str:
    measure = _measure(query, bank, language)
    shown = (level[language] if bare else f" ({level[language]})") if level else ""
    text = template.format(x=measure, about=_about(query, bank, language, strict), rules=rules[language], level=shown)
    text = re.sub(r"\[(\w+)/(\w+)\]", lambda m: m[2 if _plural(measure) else 1], text)
    return text[0].upper() + text[1:]


def _measure(query: Query, bank: Bank, language: str) -> str:
    told = _labels(bank, "interventions", query.intervention, language) or _NO_MEASURE[language]
    if query.contrast == "less":
        told = Said("nedsættelse af ", "lowering ")[language] + told
    if query.without:
        told += Said(" bortset fra ", " apart from ")[language] + _labels(bank, "interventions", query.without, language)
    return told


def _about(query: Query, bank: Bank, language: str, strict: bool) -> str:
    parts = []
    groups = _labels(bank, "target_groups", (*names(query.target_group), *names(query.subgroup)), language)
    if groups:
        parts.append(Said(" for ", " for ")[language] + groups)
    if query.not_target_group:
        parts.append(Said(" undtagen ", " except ")[language] + _labels(bank, "target_groups", query.not_target_group, language))
    if query.outcome:
        parts.append(Said(", målt på ", ", measured by ")[language] + _labels(bank, "outcomes", query.outcome, language))
    if query.is_named:
        parts.append(Said(", kun i ", ", in ")[language] + _sources(query, bank, language) + Said("", " alone")[language])
    conditions = [
        f"{said[language]} {_condition(query, field, bank, language)}" for field, said in _CONDITIONS.items() if getattr(query, field) not in ((), None)
    ]
    if strict:
        conditions.append(Said("kun trykt signifikans", "printed significance only")[language])
    if conditions:
        parts.append(f" [{', '.join(conditions)}]")
    return "".join(parts)


def _sources(query: Query, bank: Bank, language: str) -> str:
    studies = dict.fromkeys((*names(query.study), *(a.split("#")[0] for a in names(query.finding))))
    told = [short_name(bank.studies[s]) if s in bank.studies else s for s in studies]
    told += [(bank.trials[t].da if language == "da" else bank.trials[t].en) if t in bank.trials else t for t in names(query.trial)]
    return _several(told, language)


def _labels(bank: Bank, kind: Kind, terms: str | tuple[str, ...], language: str) -> str:
    return _several([bank.vocabulary.label(kind, t, language) for t in names(terms)], language)


def _several(told: list[str], language: str) -> str:
    if len(told) > 3:
        return ", ".join(told[:3]) + Said(" m.fl.", " and others")[language]
    either = Said(" eller ", " or ")[language]
    return either.join([", ".join(told[:-1]), told[-1]]) if len(told) > 1 else "".join(told)


def _condition(query: Query, field: str, bank: Bank, language: str) -> str:
    value = getattr(query, field)
    kind = _OF_VOCABULARY.get(field)
    return _labels(bank, kind, value, language) if kind else _value(value, language)


def _value(value: object, language: str) -> str:
    told = [_VALUES[str(v)][language] if str(v) in _VALUES else str(v) for v in (value if isinstance(value, tuple) else (value,))]
    return _several(told, language)


def _plural(measure: str) -> bool:
    """Whether an English label takes a plural verb, by the last letter of its head noun; of several measures the last decides.

    >>> _plural("individual meetings"), _plural("training in classes"), _plural("wage subsidies to private employers"), _plural("access")
    (True, False, True, False)
    >>> _plural("lowering benefits"), _plural("courses, job bonus and others"), _plural("meetings or job bonus")
    (False, True, False)
    """
    if measure.startswith("lowering "):
        return False
    if measure.endswith(" and others"):
        return True
    head = re.split(r" (?:in|with|for|of|to|at|on|by|from|apart|\()", measure.rsplit(" or ", 1)[-1], maxsplit=1)[0].rstrip(",")
    return head.endswith("s") and not head.endswith(("ss", "us", "is"))
