"""Who the three job bonuses cover: the conditions one by one, with what is not told left open."""

from __future__ import annotations

import re
from datetime import date

from virker.language import Said, number
from virker.practice.answer import Holds, Step
from virker.practice.bonus_facts import BonusFacts
from virker.practice.lookup import Law, condition
from virker.practice.words import sentence

#: What each scheme asks of a person.
_ASKED = {
    "jobpraemie-2017": ("benefit", "group", "weeks", "lives_in_denmark"),
    "jobpraemie-kontanthjaelp-2012": ("days", "entitled", "lone_parent_bonus"),
    "jobpraemie-enlige-2011": ("weeks", "entitled"),
}
_NOT_TOLD = Said(" (ikke oplyst)", " (not told)")


def covered_lines(facts: BonusFacts, law: Law) -> list[Step]:
    """The conditions of the scheme that the facts name."""
    if facts.scheme == "jobpraemie-2017":
        return _in_2017(facts, law)
    return _in_2012(facts, law) if facts.scheme == "jobpraemie-kontanthjaelp-2012" else _in_2011(facts, law)


def _told(value: bool | None) -> Holds:
    return "unknown" if value is None else "yes" if value else "no"


def _open(said: Said, holds: Holds) -> Said:
    return sentence(said + (_NOT_TOLD if holds == "unknown" else Said("", "")))


# 2017


def benefits(law: Law, group: str) -> list[str]:
    """The benefits of a group in the words of the rules, without what stands in brackets."""
    found = law.find(f"benefits_group_{group}")
    bare = re.sub(r"\s*\([^)]*\)", "", str(found[1].value)) if found else ""
    return [b.strip() for b in re.split(r", | eller ", bare) if b.strip()]


def _folded(text: str) -> str:
    """Written without æ, ø and å, as on a keyboard that has none."""
    return text.casefold().replace("æ", "ae").replace("ø", "oe").replace("å", "aa").strip()


def _groups(facts: BonusFacts, law: Law) -> list[str]:
    """The groups that the benefit told stands in; both where none is told."""
    told = facts.benefit
    return ["a", "b"] if told is None else [g for g in ("a", "b") if _folded(told) in map(_folded, benefits(law, g))]


def group_of(facts: BonusFacts, law: Law) -> str | None:
    """The group: as told, else that of the benefit; None where the benefit stands in both or is not told."""
    groups = _groups(facts, law)
    return facts.group or (groups[0] if len(groups) == 1 else None)


def fact_problems(facts: BonusFacts, law: Law) -> list[str]:
    """What is wrong with the facts about the person, in words: all of it."""
    asked = _ASKED[facts.scheme]
    problems = [
        f"{facts.scheme} does not ask for {name}\n    → leave it out; it asks for {', '.join(asked)}"
        for name in ("benefit", "group", "weeks", "days", "entitled", "lives_in_denmark", "lone_parent_bonus")
        if getattr(facts, name) is not None and name not in asked
    ]
    for name, most in (("weeks", _window_weeks(facts, law)), ("days", law.number("window_days"))):
        value = getattr(facts, name)
        if value is not None and name in asked and not 0 <= value <= (most or value):
            problems.append(f"{value} {name} on a benefit cannot be\n    → count those inside the window of {most:g} {name}")
    if facts.scheme == "jobpraemie-2017":
        problems += _group_problems(facts, law)
    return problems


def _window_weeks(facts: BonusFacts, law: Law) -> float | None:
    """The length of the window in weeks; the longer one where the group is not known. The window of 2009-10 is 52 weeks and a day."""
    if facts.scheme == "jobpraemie-enlige-2011":
        days = date.fromisoformat(str(law.need("window_to")[1].value)) - date.fromisoformat(str(law.need("window_from")[1].value))
        return days.days // 7 + 1
    group = group_of(facts, law) if facts.scheme == "jobpraemie-2017" else None
    return max((w for g in ([group] if group in ("a", "b") else ["a", "b"]) if (w := law.number(f"window_weeks_group_{g}"))), default=None)


def _group_problems(facts: BonusFacts, law: Law) -> list[str]:
    problems = []
    known = "; ".join(f"group {g}: {', '.join(benefits(law, g))}" for g in ("a", "b"))
    groups = _groups(facts, law)
    if facts.group not in (None, "a", "b"):
        problems.append(f"'{facts.group}' is no group of the job bonus\n    → a or b")
    if not groups:
        problems.append(f"'{facts.benefit}' is no benefit that gave access to the bonus\n    → {known}")
    elif facts.group in ("a", "b") and facts.group not in groups:
        problems.append(f"'{facts.benefit}' is no benefit of group {facts.group}\n    → {known}")
    return problems


def _in_2017(facts: BonusFacts, law: Law) -> list[Step]:
    group = group_of(facts, law)
    week, names = law.need("reference_week"), [law.need(f"benefits_group_{g}") for g in ("a", "b")]
    when = law.said(week)
    benefit = _benefit_said(facts, law)
    if group is not None:
        said = Said(f"fik {benefit.da} i {when.da}: gruppe {group.upper()}", f"received {benefit.en} in {when.en}: group {group.upper()}")
        line = condition("benefit", sentence(said), "yes", week, names[group == "b"])
    elif facts.benefit is not None:
        said = Said(
            f"fik {benefit.da} i {when.da}, men det står i begge grupper, så gruppen skal oplyses",
            f"received {benefit.en} in {when.en}, but that is in both groups, so the group must be told",
        )
        line = condition("benefit", sentence(said), "unknown", week, *names)
    else:
        said = Said(f"fik en af lovens ydelser i {when.da}", f"received one of the act's benefits in {when.en}")
        line = condition("benefit", _open(said, "unknown"), "unknown", week, *names)
    home, holds = Said("bor i Danmark og er skattepligtig her", "lives in Denmark and is liable to tax here"), _told(facts.lives_in_denmark)
    residence = condition("residence", _open(home, holds), holds, law.need("must_live_in_denmark"), law.need("must_be_taxable_in_denmark"))
    return [line, _weeks_2017(facts, law, group), residence]


def _benefit_said(facts: BonusFacts, law: Law) -> Said:
    """The benefit by the name that the rules give it."""
    if facts.benefit is None:
        return Said("en af gruppens ydelser", "one of the group's benefits")
    name = next(b for g in ("a", "b") for b in benefits(law, g) if _folded(b) == _folded(facts.benefit))
    return Said(name, name)


def _weeks_2017(facts: BonusFacts, law: Law, group: str | None) -> Step:
    if group is None:
        said = Said("Antallet af uger afhænger af gruppen", "The number of weeks depends on the group")
        return condition("seniority", _open(said, "unknown"), "unknown", *(law.need(f"weeks_required_group_{g}") for g in ("a", "b")))
    names = ("weeks_required", "window_weeks", "window_from", "window_to")
    required, window, first, last = found = [law.need(f"{n}_group_{group}") for n in names]
    said = Said(
        f"på offentlig forsørgelse i mindst {number(float(required[1].value), 'da')} af de {number(float(window[1].value), 'da')} uger "
        f"fra {law.said(first).da} til {law.said(last).da}",
        f"on public support for at least {number(float(required[1].value), 'en')} of the {number(float(window[1].value), 'en')} weeks "
        f"from {law.said(first).en} to {law.said(last).en}",
    )
    return _count(said, facts.weeks, float(required[1].value), "weeks", condition("seniority", said, "unknown", *found))


def _count(said: Said, told: int | None, required: float, unit: str, line: Step) -> Step:
    """The line with what is told: enough, too few, or not told."""
    if told is None:
        return condition(line.id, _open(said, "unknown"), "unknown", *line.rules)
    words = {"weeks": Said("uger", "weeks"), "days": Said("dage", "days")}[unit]
    full = sentence(said + Said(f"; oplyst: {told} {words.da}", f"; told: {told} {words.en}"))
    return condition(line.id, full, "yes" if told >= required else "no", *line.rules)


# 2011 and 2012


def _in_2011(facts: BonusFacts, law: Law) -> list[Step]:
    day, weeks, first, last = (law.need(n) for n in ("extra_child_benefit_on", "weeks_required", "window_from", "window_to"))
    holds = _told(facts.entitled)
    entitled = Said(
        f"Enlig forsørger med ret til ekstra børnetilskud den {law.said(day).da}", f"Lone parent entitled to extra child benefit on {law.said(day).en}"
    )
    said = Said(
        f"en af lovens ydelser i mindst {law.said(weeks).da} fra {law.said(first).da} til {law.said(last).da}",
        f"one of the act's benefits in at least {law.said(weeks).en} from {law.said(first).en} to {law.said(last).en}",
    )
    counted = condition("seniority", said, "unknown", weeks, first, last)
    return [condition("entitled", _open(entitled, holds), holds, day), _count(said, facts.weeks, float(weeks[1].value), "weeks", counted)]


def _in_2012(facts: BonusFacts, law: Law) -> list[Step]:
    names = ("on_social_assistance_on", "days_required", "window_days", "window_from", "window_to")
    day, days, window, first, last = (law.need(n) for n in names)
    holds = _told(facts.entitled)
    entitled = Said(f"På kontanthjælp den {law.said(day).da}", f"On social assistance on {law.said(day).en}")
    span = Said(f"fra {law.said(first).da} til {law.said(last).da}", f"from {law.said(first).en} to {law.said(last).en}")
    of = number(float(window[1].value), "en")
    said = Said(
        f"en af lovens ydelser i mindst {number(float(days[1].value), 'da')} af {of} dage {span.da}",
        f"one of the act's benefits on at least {number(float(days[1].value), 'en')} of {of} days {span.en}",
    )
    lines = [
        condition("entitled", _open(entitled, holds), holds, day),
        _count(said, facts.days, float(days[1].value), "days", condition("seniority", said, "unknown", days, window, first, last)),
    ]
    if facts.lone_parent_bonus is not None:
        both = Said("Får ikke samtidig jobpræmien til enlige forsørgere", "Does not receive the bonus for lone parents at the same time")
        lines.append(condition("not-both", sentence(both), _told(not facts.lone_parent_bonus), law.need("with_lone_parent_bonus_allowed")))
    return lines
