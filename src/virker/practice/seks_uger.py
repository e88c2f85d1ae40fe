"""Six weeks of job-directed training: whom it covers, when it can begin, the last day, and how long it may be.

The days are those of somebody who is unemployed without a break: the law counts unemployment in total, so a person with breaks has later days.
"""

from __future__ import annotations

from datetime import date, timedelta

import msgspec

from virker.errors import QueryError, nearest
from virker.language import Said, day_said
from virker.practice.answer import Answer, Holds, Step
from virker.practice.lookup import Law, all_hold, condition
from virker.practice.months import moved
from virker.practice.words import sentence
from virker.rules import Rules

SCHEME = "seks-ugers-uddannelse"
#: The age at which the longer limit begins, as the two limits of the rules are named.
_LONGER_LIMIT_AGE = 25

#: Levels of education, and whether the scheme covers them.
EDUCATION: dict[str, tuple[bool, Said]] = {
    "unskilled": (True, Said("ufaglært", "unskilled")),
    "skilled": (True, Said("faglært", "skilled")),
    "short-higher-and-skilled": (True, Said("kort videregående uddannelse og faglært", "short higher education and skilled")),
    "short-higher": (False, Said("kort videregående uddannelse uden erhvervsuddannelse", "short higher education without a vocational one")),
    "longer": (False, Said("længere videregående uddannelse", "longer higher education")),
}


class TrainingFacts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the calculator is told. None means not told.

    Attributes
    ----------
    unemployed_from : date
        The first day of unemployment.
    education : str or None
        One of ``EDUCATION``.
    age : int or None
        In years. The law has one limit under 25 years and another from 25; it is used for nothing else.
    on_unemployment_benefit : bool or None
        Entitled to unemployment benefit and unemployed full time.
    flex_job_referred : bool or None
        Referred to a flex job.
    begun_in_notice : bool
        The course was begun in the period of notice.
    """

    unemployed_from: date
    education: str | None = None
    age: int | None = None
    on_unemployment_benefit: bool | None = None
    flex_job_referred: bool | None = None
    begun_in_notice: bool = False


def seks_uger(facts: TrainingFacts, rules: Rules) -> Answer:
    """Whom the scheme covers, the window's first and last day, and the length, line by line.

    Raises
    ------
    QueryError
        With everything that is wrong with the facts, at once.
    """
    if problems := _problems(facts, rules):
        raise QueryError("\n".join(problems))
    law = Law(rules, SCHEME, facts.unemployed_from)
    who = [_education_line(facts, law), _benefit_line(facts, law)]
    covered = all_hold(who)
    steps = [*who, Step(_COVERED[covered], holds=covered, id="covered")]
    window: list[Step] = []
    if covered != "no":
        window = [_earliest_line(facts, law), *_last_lines(facts, law)]
        steps += [*window, _length_line(law), *_more_lines(facts, law)]
    return Answer("seks-ugers-uddannelse", facts.unemployed_from, _headline(covered, window), tuple(steps), law.scheme.not_found)


def _problems(facts: TrainingFacts, rules: Rules) -> list[str]:
    problems = []
    first = rules.scheme(SCHEME).first_day
    if first is not None and facts.unemployed_from < first:
        problems.append(f"{facts.unemployed_from} is before the law: the scheme begins on {first}\n    → ask of a first day of unemployment from then on")
    if facts.education is not None and facts.education not in EDUCATION:
        problems.append(f"'{facts.education}' is no level of education here\n    → {nearest(facts.education, EDUCATION)} There are: {', '.join(EDUCATION)}")
    if facts.age is not None and not 15 <= facts.age <= 100:
        problems.append(f"an age of {facts.age} cannot be\n    → tell the age in years on the first day of unemployment")
    return problems


_COVERED: dict[Holds, Said] = {
    "yes": Said("Personen er efter det oplyste omfattet.", "By what is told the person is covered."),
    "no": Said("Personen er efter det oplyste ikke omfattet.", "By what is told the person is not covered."),
    "unknown": Said("Om personen er omfattet, kan ikke siges af det oplyste.", "Whether the person is covered cannot be said from what is told."),
}


def _education_line(facts: TrainingFacts, law: Law) -> Step:
    rule = law.find("education_levels")
    flex = law.find("flex_job_referred_covered")
    if facts.education is None:
        said = Said("uddannelsen er ikke oplyst", "the education is not told")
        return condition("education", sentence(said), "unknown", rule)
    fits, words = EDUCATION[facts.education]
    said = Said(f"uddannelse: {words.da}", f"education: {words.en}")
    if not fits and facts.flex_job_referred:
        said += Said(
            "; personen er visiteret til fleksjob, og styrelsens side siger, at det er nok", "; referred to a flex job, which by the agency's page is enough"
        )
        return condition("education", sentence(said), "unknown", rule, flex)
    return condition("education", sentence(said), "yes" if fits else "no", rule)


def _benefit_line(facts: TrainingFacts, law: Law) -> Step:
    told = facts.on_unemployment_benefit
    holds: Holds = "unknown" if told is None else "yes" if told else "no"
    said = Said("har dagpengeret og er fuldtidsledig", "is entitled to unemployment benefit and unemployed full time")
    if holds == "no" and facts.flex_job_referred:
        holds = "unknown"
    not_told = Said(" (ikke oplyst)", " (not told)") if told is None else Said("", "")
    return condition("benefit", sentence(said + not_told), holds, law.find("benefit_continues"), law.find("full_time_unemployed_required"))


def _earliest_line(facts: TrainingFacts, law: Law) -> Step:
    waiting, notice = law.find("waiting_weeks"), law.find("course_begun_in_notice_continues")
    if facts.begun_in_notice and notice:
        said = Said(
            "et kursus, der er begyndt i opsigelsesperioden, kan efter a-kassernes sider fortsætte fra første ledighedsdag",
            "by the pages of unemployment funds, a course begun in the period of notice can continue from the first day of unemployment",
        )
        return condition("earliest", sentence(said), "unknown", notice)
    if waiting is None:
        said = Said("tidligste dag: ventetiden er ikke fundet for den dag", "earliest day: the waiting period was not found for that day")
        return condition("earliest", sentence(said), "unknown")
    day = facts.unemployed_from + timedelta(weeks=float(waiting[1].value))
    words, when = law.said(waiting), day_said(day)
    said = Said(f"tidligst efter {words.da} som ledig: {when.da}", f"at the earliest after {words.en} of unemployment: {when.en}")
    exempt = law.find("shortage_courses_exempt_from_waiting")
    if exempt:
        said += Said(" (kurser på mangelområder uden ventetid)", " (shortage courses without waiting)")
    return Step(sentence(said), rules=tuple(f for f in (waiting, exempt) if f), day=day, id="earliest")


def _last_lines(facts: TrainingFacts, law: Law) -> list[Step]:
    """The last day of the window; both limits where the age is not told."""
    limits = {"25_plus": Said("25 år og derover", "25 and over"), "under_25": Said("under 25 år", "under 25")}
    names = list(limits) if facts.age is None else ["25_plus" if facts.age >= _LONGER_LIMIT_AGE else "under_25"]
    lines = []
    for name in names:
        months = law.need(f"use_within_months_{name}")
        day = moved(facts.unemployed_from, int(months[1].value)) - timedelta(days=1)
        words, when, who = law.said(months), day_said(day), limits[name]
        said = Said(f"senest inden for de første {words.da}, {who.da}: {when.da}", f"at the latest within the first {words.en}, {who.en}: {when.en}")
        end = law.find("must_end_within_window")
        lines.append(
            Step(sentence(said), rules=(months, *((end,) if end else ())), day=day, id="last" if facts.age is not None else f"last-{name.replace('_', '-')}")
        )
    return lines


def _length_line(law: Law) -> Step:
    weeks, days = law.need("max_weeks"), law.need("max_days")
    said = Said(f"højst {law.said(weeks).da} i alt ({law.said(days).da})", f"at most {law.said(weeks).en} in all ({law.said(days).en})")
    return Step(sentence(said), rules=(weeks, days), value=float(weeks[1].value), unit="weeks", id="length")


def _more_lines(facts: TrainingFacts, law: Law) -> list[Step]:
    groups, courses, meeting = law.find("max_occupation_groups"), law.find("course_types"), law.find("cv_meeting_first")
    lines = [
        Step(
            Said("Dagene gælder uden afbrydelser: Ledigheden tælles sammenlagt.", "The days hold without breaks: unemployment is counted in total."),
            rules=tuple(f for f in (law.find("window_counts_total_unemployment"),) if f),
            id="counted",
        ),
    ]
    if courses and groups:
        types, many = law.said(courses), law.said(groups)
        lines.append(
            Step(
                sentence(Said(f"kurser fra positivlisten i {many.da}: {types.da}", f"courses from the national list in {many.en}: {types.en}")),
                rules=(groups, courses),
                id="courses",
            )
        )
    if meeting:
        lines.append(condition("cv-meeting", Said("CV-samtalen skal være holdt først.", "The CV meeting must be held first."), "unknown", meeting))
    waived = next(iter(law.scheme.values("window_waived")), None)
    last = moved(facts.unemployed_from, 9)
    if waived and waived.from_ and waived.to and facts.unemployed_from <= waived.to and last >= waived.from_:
        said = Said(
            f"fra {day_said(waived.from_).da} til {day_said(waived.to).da} kunne kurser tages, selv om fristen var overskredet",
            f"from {day_said(waived.from_).en} to {day_said(waived.to).en} courses could be taken although the limit had passed",
        )
        lines.append(condition("waived", sentence(said), "unknown", (f"{SCHEME}/window_waived", waived)))
    return lines


def _headline(covered: Holds, window: list[Step]) -> Said:
    if covered == "no":
        return Said(
            "Ikke 6 ugers jobrettet uddannelse: Personen er efter det oplyste ikke omfattet.",
            "No six weeks of training: by what is told the person is not covered.",
        )
    first, last = window[0].day, max(s.day for s in window[1:] if s.day)
    both = Said(" (25 år og derover)", " (25 and over)") if len(window) > 2 else Said("", "")
    until = day_said(last)
    if first:
        begins = day_said(first)
        said = Said(f"6 ugers jobrettet uddannelse fra {begins.da} til {until.da}{both.da}", f"six weeks of training from {begins.en} to {until.en}{both.en}")
    else:
        said = Said(
            f"6 ugers jobrettet uddannelse til {until.da}{both.da}; den første dag er ikke fundet",
            f"six weeks of training until {until.en}{both.en}; the first day was not found",
        )
    if covered == "unknown":
        said = Said("hvis personen er omfattet: ", "if the person is covered: ") + said
    return sentence(said)
