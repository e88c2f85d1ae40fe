"""What one more study would have to show to change a verdict, and which kind of study would matter most.

A hypothetical study is added in memory and judged by the rule set itself; nothing of it is ever stored or shown as a finding. The ladder of
kinds is the agency's own: a randomised trial, before it a pilot (*videnspilot*: there is a hypothesis, knowledge is limited), before that
an inspiration project (no hypothesis yet). Source: star.dk, "Hvad virker"; where one rung ends and the next begins is not printed there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, get_args

import msgspec

from virker.bank import Finding, Origin, Query, Row, Study, names
from virker.language import Said
from virker.synthesis.fragility import Outcome
from virker.synthesis.margins import Settings
from virker.synthesis.rulesets import RuleSet
from virker.synthesis.units import EvidenceUnit, Units
from virker.synthesis.verdict import Setting

Kind = Literal["rct", "quasi-experiment", "review"]
KINDS: tuple[Kind, ...] = get_args(Kind)
Shows = Literal["positive", "none", "negative"]
SHOWS: tuple[Shows, ...] = get_args(Shows)

KIND_LABELS: Mapping[Kind, Said] = {
    "rct": Said("lodtrækningsforsøg (RCT)", "randomised trial (RCT)"),
    "quasi-experiment": Said("kvasieksperiment", "quasi-experiment"),
    "review": Said("systematisk litteraturgennemgang", "systematic review"),
}

SETTINGS: Mapping[str, Setting] = {
    "design_rct": Setting("rct", True, "følger af ordet", "follows from the word"),
    "design_quasi-experiment": Setting("difference-in-differences", False, "et kvasieksperiment er mange ting: vi tager forskel i forskelle (Maryland 3), det almindeligste", "a quasi-experiment is many things: we take difference-in-differences (Maryland 3), the commonest"),
    "design_review": Setting("systematic-review", True, "følger af ordet", "follows from the word"),
    "country": Setting("DK", False, "det nye studie tænkes dansk", "the new study is thought of as Danish"),
    "in_journal": Setting(False, False, "det nye studie tænkes udgivet som rapport", "the new study is thought of as published in a report"),
    "review_of_others": Setting(True, False, "gennemgangen tænkes at dække studier, som banken ikke har: ellers tæller dens studier i stedet", "the review is thought of as covering studies that the bank does not have: else its studies count instead"),
    "most_new": Setting(5, False, "flere nye studier end fem regnes der ikke på", "more than five new studies are not considered"),
    "pilot_when": Setting("too-little", False, "hvor lidt viden en videnspilot er til, er ikke trykt: vi tager dommen for lidt viden", "how little knowledge a pilot is for is not printed: we take the verdict too little evidence"),
}  # fmt: skip

_MARYLAND: Mapping[Kind, int] = {"rct": 5, "quasi-experiment": 3, "review": 0}


@dataclass(frozen=True, slots=True)
class NewStudies:
    """So many new studies of one kind that show one thing change the verdict: what to. ``count`` is None where five do not."""

    kind: Kind
    shows: Shows
    count: int | None
    becomes: Outcome | None


Rung = Literal["trial", "trials", "pilot", "inspiration", "enough"]

RUNGS: Mapping[Rung, Said] = {
    "trial": Said("et forsøg (RCT): der er en hypotese, og ét forsøg kan flytte dommen", "a trial (RCT): there is a hypothesis, and one trial can move the verdict"),
    "pilot": Said("en videnspilot: der er en hypotese, men viden er begrænset", "a pilot (videnspilot): there is a hypothesis, but knowledge is limited"),
    "inspiration": Said("et inspirationsprojekt: intet talt resultat giver endnu en hypotese", "an inspiration project: no counted result gives a hypothesis yet"),
    "trials": Said("flere forsøg (RCT): ét alene kan ikke flytte dommen", "several trials (RCT): one alone cannot move the verdict"),
    "enough": Said("ingen: op til fem nye forsøg kan ikke flytte dommen", "none: up to five new trials cannot move the verdict"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class NextStudy:
    """What new studies would do to a verdict.

    Attributes
    ----------
    outcomes : tuple of NewStudies
        For every kind and result: the fewest new studies that change the verdict, and to what.
    matters_most : tuple of Kind
        The kinds of which one study moves the verdict whatever it shows, or for the most of its possible results.
    rung : str
        The next step on the agency's ladder; for a verdict that takes more than one trial to move, or more than five, it says so.
    """

    outcomes: tuple[NewStudies, ...]
    matters_most: tuple[Kind, ...]
    rung: Rung


def next_study(units: Units, rules: RuleSet, settings: Settings | None = None, *, strict: bool = False) -> NextStudy:
    """Try new studies of every kind and result, one to five of them, on the verdict of ``rules``."""
    used = {**rules.settings, **(settings or {})}

    def outcome(these: Units) -> Outcome:
        judged = rules.judge(these, used, strict)
        return judged.direction, judged.level

    now = outcome(units)
    found = []
    for kind in KINDS:
        for shows in SHOWS:
            after = None
            for count in range(1, int(SETTINGS["most_new"].value) + 1):
                after = outcome(with_new(units, kind, shows, count))
                if after != now:
                    found.append(NewStudies(kind, shows, count, after))
                    break
            else:
                found.append(NewStudies(kind, shows, None, None))
    moving = {k: sum(n.count == 1 for n in found if n.kind == k) for k in KINDS}
    most = max(moving.values())
    counted = any(c.counted for c in rules.judge(units, used, False).contributions)
    rung = _rung(counted, now, [n.count for n in found if n.kind == "rct" and n.count is not None])
    return NextStudy(tuple(found), tuple(k for k in KINDS if most and moving[k] == most), rung)


def _rung(counted: bool, now: Outcome, trials: list[int]) -> Rung:
    """The step on the ladder, from what is known and how many trials it takes to move the verdict."""
    if not counted:
        return "inspiration"
    if now[0] == SETTINGS["pilot_when"].value:
        return "pilot"
    if not trials:
        return "enough"
    return "trial" if min(trials) == 1 else "trials"


def with_new(units: Units, kind: Kind, shows: Shows, count: int) -> Units:
    """The units with ``count`` hypothetical studies of that kind beside them."""
    like = next((r for u in units.all for r in u.rows), None)
    asked = units.query
    new = tuple(_new(kind, shows, n, like, asked) for n in range(count))
    return replace(units, reviews=units.reviews + new) if kind == "review" else replace(units, primary=units.primary + new)


def _new(kind: Kind, shows: Shows, number: int, like: Row | None, asked: Query) -> EvidenceUnit:
    """One hypothetical piece of evidence, with everything a rule set may look at; on the same measure and outcome as the others."""
    name = f"new-{kind}-{number + 1}"
    clear = shows != "none"
    finding = Finding(
        id=1,
        intervention=next(iter(names(asked.intervention)), like.finding.intervention if like else "almp"),
        outcome=like.finding.outcome if like else "employment",
        target_group=like.finding.target_group if like else (),
        contrast="less" if asked.contrast == "less" else "on",
        comparator="usual-effort",
        phase="after",
        horizon_months=like.finding.horizon_months if like else None,
        estimand="ITT",
        direction=shows,
        significant="yes" if clear else "no",
        p_max=0.05 if clear else None,
        origin=Origin(document="hypothetical", level="table"),
    )
    study = Study(
        id=name,
        kind="review" if kind == "review" else "primary",
        design=str(SETTINGS[f"design_{kind}"].value),
        added=date.min,
        countries=(str(SETTINGS["country"].value),),
        includes_complete=kind == "review",
        finding=(finding,),
    )
    return EvidenceUnit(
        id=name,
        rows=(Row(study, finding, f"{name}#1"),),
        addresses=(f"{name}#1",),
        direction=shows,
        strict=shows,
        reported=shows,
        maryland=_MARYLAND[kind],
        is_review=kind == "review",
        list_read=kind == "review",
    )


def as_plain(new: NextStudy) -> dict[str, object]:
    """For JSON."""
    return {"outcomes": [msgspec.to_builtins(o) for o in new.outcomes], "matters_most": list(new.matters_most), "rung": new.rung}
