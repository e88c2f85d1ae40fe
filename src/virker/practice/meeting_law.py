"""The law's windows for job meetings (LAB §§ 31 and 32), read from ``rules/samtaler.toml`` on a day.

Which parameter binds which group is told here; every number is in the rules. The numbers of LAB § 6 are those of the executive
order on the act (§ 1: no. 2 is job-ready, nos. 3 to 5 the rest of social and education assistance, no. 7 jobafklaring, no. 8
ressourceforløb, no. 9 fleksjob, no. 10 revalidering).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from virker.language import Said, counted
from virker.practice.months import moved
from virker.practice.schedule import Asked, Holder, Rule, Window
from virker.rules import Rules

SCHEME = "samtaler"
_FIRST_MONTHS = "individual_plan_after_months"
_FUND_MONTHS = "jobcentre_meetings_begin_after_months"
_CONTACT = Said("første henvendelse", "first contact")
_SINCE_CONTACT = Said(" efter første henvendelse til kommunen", " of the first contact with the municipality")
_MEETING, _MEETINGS = Said("samtale", "meeting"), Said("samtaler", "meetings")


@dataclass(frozen=True, slots=True)
class Block:
    """So many meetings by one holder within one stretch of months; the parameters' names.

    ``opens`` and ``closes`` are months after the registration (none: from the first day); ``first`` is the weeks within which the first is due.
    """

    holder: Holder
    minimum: str
    closes: str
    opens: str | None = None
    first: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Whom LAB § 6 speaks of, what it requires, and the bank's word for the group.

    ``total`` is the parameter that gives the law's own sum; ``told`` is what only a secondary source says of the group.
    """

    id: str
    said: Said
    term: str
    blocks: tuple[Block, ...]
    aliases: tuple[str, ...] = ()
    insured: bool = False
    total: str | None = None
    told: tuple[str, ...] = ()
    counted_as: str = "other_groups_periods_run_on_one_benefit"
    extra: tuple[str, ...] = ("required_meetings_are_individual",)
    #: What the date given is the date of, and how the first window is counted from it.
    began: Said = _CONTACT
    since: Said = _SINCE_CONTACT


_OTHERS = "other_groups_meetings_first_6_months_min"
_TOLD = ("first_meeting_with_everybody", "jobcentre_required")
_TOLD_INSURED = ("job_ready_share_min_percent", *_TOLD, "meeting_at_months", "handover_to_jobcentre_after_benefit_hours")
GROUPS: dict[str, Group] = {
    g.id: g
    for g in (
        Group(
            "insured",
            Said("dagpengemodtager (§ 6, nr. 1)", "insured, on unemployment benefit (section 6 no. 1)"),
            "insured",
            (
                Block("a-kasse", "a_kasse_meetings_first_3_months_min", _FUND_MONTHS, first="a_kasse_first_meeting_within_weeks"),
                Block("jobcentre", "jobcentre_meetings_before_6_months_min", _FIRST_MONTHS, opens=_FUND_MONTHS),
            ),
            ("dagpenge", "dagpengemodtager", "forsikret"),
            insured=True,
            total="insured_meetings_first_6_months",
            told=_TOLD_INSURED,
            counted_as="insured_periods_are_accumulated_unemployment",
            extra=("required_meetings_are_individual", "a_kasse_joins_first_jobcentre_meeting_on_request"),
            began=Said("tilmeldt", "registered"),
            since=Said(" efter tilmeldingen", " of registration"),
        ),
        Group(
            "insured-referred",
            Said("dagpengemodtager henvist til jobcenteret (§ 27, stk. 3)", "insured, referred to the job centre (section 27(3))"),
            "insured",
            (Block("jobcentre", "jobcentre_meetings_if_referred_min", _FIRST_MONTHS),),
            ("dagpenge-henvist", "henvist"),
            insured=True,
            total="insured_meetings_first_6_months",
            told=_TOLD_INSURED,
            counted_as="insured_periods_are_accumulated_unemployment",
            extra=("required_meetings_are_individual", "a_kasse_meetings_if_referred_min"),
            began=Said("tilmeldt", "registered"),
            since=Said(" efter tilmeldingen", " of registration"),
        ),
        Group(
            "job-ready",
            Said("jobparat på kontanthjælp (§ 6, nr. 2)", "job-ready on social assistance (section 6 no. 2)"),
            "uninsured-job-ready",
            (Block("jobcentre", _OTHERS, _FIRST_MONTHS, first="other_groups_first_meeting_within_weeks"),),
            ("jobparat", "kontanthjaelp-jobparat", "social-assistance-job-ready"),
            told=("job_ready_share_min_percent", "job_ready_social_assistance_meetings_first_6_months_min", *_TOLD),
        ),
        Group(
            "section-6-3-5",
            Said("øvrige på kontant- og uddannelseshjælp (§ 6, nr. 3-5)", "others on social or education assistance (section 6 nos. 3-5)"),
            "uninsured",
            (Block("jobcentre", _OTHERS, _FIRST_MONTHS, first="other_groups_first_meeting_within_weeks"),),
            ("aktivitetsparat", "uddannelsesparat", "activity-ready", "education-ready"),
            told=_TOLD,
        ),
        Group(
            "section-6-7-10",
            Said("§ 6, nr. 7, 8, 9 på ledighedsydelse og 10", "section 6 nos. 7, 8, 9 on ledighedsydelse and 10"),
            "unemployed",
            (Block("jobcentre", _OTHERS, _FIRST_MONTHS),),
            ("jobafklaring", "ressourceforloeb", "ledighedsydelse", "revalidering"),
            told=_TOLD,
            began=Said("overgang til ydelsen eller forløbet", "moved to the benefit or course"),
        ),
    )
}


def first_day(rules: Rules) -> date | None:
    """The first day for which the data has law in force on meetings; None where the workspace has none."""
    scheme = rules.schemes.get(SCHEME)
    return min((p.from_ for p in scheme.parameter if p.status == "in force" and p.from_), default=None) if scheme else None


def in_force(rules: Rules, name: str, day: date) -> Rule | None:
    """The value that the law sets on ``day``; what is unverified, proposed or not there on that day is None."""
    reading = rules.reading(f"{SCHEME}/{name}", day)
    found = reading.parameter
    return (reading.address, found) if found is not None and found.status == "in force" else None


def told_beside(rules: Rules, name: str, day: date) -> tuple[Rule, ...]:
    """What else is said of ``day``: unverified or proposed, never the law."""
    reading = rules.reading(f"{SCHEME}/{name}", day)
    every = (reading.parameter, *reading.beside) if reading.parameter else reading.beside
    return tuple((reading.address, p) for p in every if p.status in ("unverified", "proposed"))


def law_windows(asked: Asked, rules: Rules) -> tuple[tuple[Window, ...], tuple[str, ...]]:
    """The windows of the law on the day, in the order in which they close, and the names of what it has no value for that day."""
    group, missing = GROUPS[asked.group], list[str]()
    windows = [w for block in group.blocks for w in _block_windows(block, group, asked, rules, missing)]
    windows += _after(asked, group, rules, missing)
    return tuple(windows), tuple(missing)


def _block_windows(block: Block, group: Group, asked: Asked, rules: Rules, missing: list[str]) -> list[Window]:
    named = {n: in_force(rules, n, asked.on) for n in (block.minimum, block.closes, block.opens, block.first) if n}
    missing += [n for n, rule in named.items() if rule is None and n not in missing]
    rule = {n: r for n, r in named.items() if r is not None}
    if any(n and n not in rule for n in (block.minimum, block.closes, block.opens)):
        return []
    minimum, months = _number(rule[block.minimum]), _number(rule[block.closes])
    opens = moved(asked.registered, _number(rule[block.opens])) if block.opens else asked.registered
    # "Within the first 3 months" ends the day before the day on which three months have passed.
    closes = moved(asked.registered, months) - timedelta(days=1)
    beside = told_beside(rules, block.minimum, asked.on)
    law = tuple(rule[n] for n in (block.minimum, block.opens, block.closes) if n)
    if minimum < 1:
        return []
    due = rule.get(block.first) if block.first else None
    if due is None:
        said = Said("Mindst ", "At least ") + counted(minimum, _MEETING, _MEETINGS) + _stretch(rule, block)
        return [Window(block.holder, block.holder, said, opens, closes, minimum, law, beside)]
    weeks = _number(due)
    first = Said("Den første, senest ", "The first, within ") + counted(weeks, Said("uge", "week"), Said("uger", "weeks")) + group.since
    rest = counted(minimum, _MEETING, _MEETINGS) + Said(" i alt med den første", " in all with the first") + _stretch(rule, block)
    return [
        Window(f"{block.holder}-first", block.holder, first, opens, opens + timedelta(weeks=weeks), 1, (due, rule[block.minimum])),
        Window(f"{block.holder}-rest", block.holder, Said("Mindst ", "At least ") + rest, opens, closes, minimum - 1, law, beside),
    ]


def _stretch(rule: dict[str, Rule], block: Block) -> Said:
    until = _number(rule[block.closes])
    if block.opens:
        since = _number(rule[block.opens])
        return Said(f", efter {since} og inden {until} måneder", f", after {since} and before {until} months")
    return Said(f" i de første {until} måneder", f" in the first {until} months")


def _after(asked: Asked, group: Group, rules: Rules, missing: list[str]) -> list[Window]:
    """What holds after the first six months: meetings by agreement, and for the insured the meeting at the latest at 16 months."""
    plan, right = in_force(rules, _FIRST_MONTHS, asked.on), in_force(rules, "right_to_meeting_on_request", asked.on)
    if plan is None:
        return []
    opens = moved(asked.registered, _number(plan))
    said = Said(
        "Aftales individuelt; holdes efter behov, og når personen beder om det", "Agreed individually; held when needed, and when the person asks for one"
    )
    by_agreement = Window("by-agreement", "jobcentre", said, opens, None, 0, tuple(r for r in (plan, right) if r), contact=False)
    if not group.insured:
        return [by_agreement]
    latest = in_force(rules, "a_kasse_takes_part_at_latest_months", asked.on)
    if latest is None:
        missing.append("a_kasse_takes_part_at_latest_months")
        return [by_agreement]
    months = _number(latest)
    more = (in_force(rules, n, asked.on) for n in ("intensified_effort_offered_at_months", "person_may_leave_a_kasse_out_at_16_months"))
    said = Said(
        f"A-kassen deltager i en samtale senest ved {months} måneder (medmindre personen ikke ønsker det); forstærket indsats skal tilbydes",
        f"The fund takes part in a meeting at {months} months at the latest (unless the person does not want it); an intensified effort must be offered",
    )
    closes = moved(asked.registered, months)
    rules_ = (latest, *(r for r in more if r))
    return [by_agreement, Window("at-latest", "joint", said, opens, closes, 1, rules_, told_beside(rules, "meeting_at_months", asked.on), contact=False)]


def _number(rule: Rule) -> int:
    return int(float(rule[1].value))
