"""Verdicts over HTTP: of one rule set, or of all side by side with why they part; and the rule sets themselves."""

from __future__ import annotations

from typing import Any

import msgspec

from virker.bank import Query
from virker.language import Said
from virker.synthesis import RULE_SETS, RuleSet, Verdict, evidence_units, verdict_on
from virker.synthesis.disagreement import disagreements_on
from virker.synthesis.external import Externals, beside, load_external
from virker.synthesis.report import verdict_said
from virker.synthesis.side_by_side_data import answer_data
from virker.web.api.endpoint import Api, Both, Call, Endpoint, both
from virker.web.asked import Asked, parameters_of, query_parameters, read_asked
from virker.web.parameters import Fault, Refused
from virker.web.site import Site


class SettingAnswer(Api, frozen=True, kw_only=True):
    """A parameter of a rule set: its value, why it has it, and whether the rule set's source published it."""

    value: float | int | str | bool
    published: bool
    why: Both


class VerdictAnswer(Api, frozen=True, kw_only=True):
    """The verdict of one rule set on one question, with the findings that carried it."""

    query: Query
    rule_set: str
    said: Both
    verdict: Verdict
    settings: dict[str, SettingAnswer]
    changed: list[str]
    findings: list[str]


class RuleSetAnswer(Api, frozen=True, kw_only=True):
    """A rule set with its levels, most certain first, and its settings."""

    id: str
    version: str
    label: Both
    levels: list[str]
    level_labels: dict[str, Both]
    settings: dict[str, SettingAnswer]


NOTHING_ASKED = Fault(
    "",
    Said(
        "der spørges ikke om noget bestemt: en dom om alt på én gang er en dom om intet",
        "nothing in particular is asked: a verdict on everything at once is a verdict on nothing",
    ),
    Said(
        "vælg mindst en indsats, en målgruppe, et udfald, en mekanisme, et studie eller et forsøg",
        "choose at least a measure, a target group, an outcome, a mechanism, a study or a trial",
    ),
)


def externals_of(site: Site) -> Externals:
    """Other banks' printed verdicts, read once."""
    if "externals" not in site.memo:
        workspace = site.edition.workspace
        site.memo["externals"] = load_external(workspace.bank / "external", workspace.root, site.edition.bank)
    found: Externals = site.memo["externals"]
    return found


def judged(site: Site, asked: Asked) -> Verdict:
    """The verdict of the rule set that the question names."""
    bank = site.edition.bank
    units = evidence_units(bank, bank.select(asked.query), asked.query)
    return verdict_on(units, RULE_SETS[asked.rule_set], asked.settings_of(asked.rule_set))


def named_question(call: Call) -> Asked:
    """The question asked; refused where it names nothing in particular."""
    asked = read_asked(call.site, call.pairs)
    if not asked.is_named:
        raise Refused([NOTHING_ASKED])
    return asked


def _verdict(call: Call) -> VerdictAnswer:
    asked = named_question(call)
    rules, found = RULE_SETS[asked.rule_set], judged(call.site, asked)
    changed = asked.settings_of(rules.id)
    return VerdictAnswer(
        query=asked.query,
        rule_set=rules.id,
        said=both(verdict_said(found, rules)),
        verdict=found,
        settings={n: _setting_answer(s) for n, s in {**rules.settings, **changed}.items()},
        changed=sorted(changed),
        findings=list(found.findings),
    )


def _setting_answer(setting: Any) -> SettingAnswer:
    return SettingAnswer(value=setting.value, published=setting.published, why=Both(da=setting.why_da, en=setting.why_en))


def _side_by_side(call: Call) -> dict[str, Any]:
    asked = named_question(call)
    bank, first = call.site.edition.bank, call.site.edition.workspace.settings.rule_set
    view = disagreements_on(evidence_units(bank, bank.select(asked.query), asked.query), asked.query, first)
    externals = externals_of(call.site)
    return {
        **answer_data(view, beside(externals.verdicts, asked.query, bank.vocabulary), bank),
        "first": first,
        "silent": msgspec.to_builtins(externals.silent),
    }


def _rule_sets(call: Call) -> list[RuleSetAnswer]:
    return [_rule_set_answer(r) for r in RULE_SETS.values()]


def _rule_set_answer(rules: RuleSet) -> RuleSetAnswer:
    return RuleSetAnswer(
        id=rules.id,
        version=rules.version,
        label=both(rules.label),
        levels=list(rules.levels),
        level_labels={k: both(v) for k, v in rules.level_labels.items()},
        settings={n: _setting_answer(s) for n, s in rules.settings.items()},
    )


_SIDE_BY_SIDE = {
    "type": "object",
    "required": ["query", "agree", "verdicts", "partings", "external", "first", "silent"],
    "properties": {
        "query": {"type": "object"},
        "agree": {"type": "boolean"},
        "verdicts": {"type": "array", "items": {"type": "object", "required": ["rule_set", "direction", "level", "counts", "reasons"]}},
        "partings": {"type": "array", "items": {"type": "object", "required": ["rule_set", "because", "says"]}},
        "external": {"type": "array", "items": {"type": "object"}},
        "first": {"type": "string"},
        "silent": {"type": "array", "items": {"type": "object"}},
    },
}
ENDPOINTS = (
    Endpoint(
        "/verdict",
        "The verdict of a rule set on a question",
        _verdict,
        VerdictAnswer,
        parameters_of,
        more="At least a measure, a target group, an outcome, a mechanism, a study, a trial or a finding is named. Settings are given as rule-set.setting.",
    ),
    Endpoint(
        "/verdicts",
        "Every rule set on a question, side by side, and why they part",
        _side_by_side,
        _SIDE_BY_SIDE,
        lambda site: query_parameters(site.edition.bank),
        more="With other banks' printed verdicts on the same or a near question. Rule sets have their own settings here.",
    ),
    Endpoint("/rule-sets", "The rule sets with their settings", _rule_sets, list[RuleSetAnswer]),
)
