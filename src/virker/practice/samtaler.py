"""The schedule of meetings for one person: the law's windows, our suggestions inside them, and what the evidence adds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import replace
from datetime import date
from itertools import pairwise

from virker.claims.edition import Edition
from virker.claims.records import STATUS_LABELS
from virker.language import Said, counted, day_said
from virker.practice.answer import Answer, Holds, Step
from virker.practice.meeting_evidence import evidence_lines, knows_of_joint_meetings
from virker.practice.meeting_held import with_held
from virker.practice.meeting_law import GROUPS, SCHEME, first_day, in_force, law_windows, told_beside
from virker.practice.placement import PLACEMENTS, Slot, place
from virker.practice.schedule import HOLDERS, Asked, Holder, Rule, Schedule, State, Window
from virker.rules import Rules

_MEETING, _MEETINGS = Said("samtale", "meeting"), Said("samtaler", "meetings")
_HOLDS: dict[State, Holds] = {"met": "yes", "met-late": "no", "short": "no"}
_WITH: dict[Holder, Said] = {
    "a-kasse": Said("hos a-kassen", "by the a-kasse"),
    "jobcentre": Said("hos jobcenteret", "by the job centre"),
    "joint": Said("med begge", "with both"),
}


def plan_meetings(asked: Asked, edition: Edition, closed: Set[date] | None = None) -> tuple[Answer, Schedule]:
    """The schedule for what is asked, and the same as an answer with a line for everything that it rests on.

    Parameters
    ----------
    asked
        A group of :data:`virker.practice.meeting_law.GROUPS` and a placement of :data:`virker.practice.placement.PLACEMENTS`.
    closed
        Public holidays; None where they are not known, which the answer then says.
    """
    rules = edition.rules
    windows, missing = law_windows(asked, rules) if SCHEME in rules.schemes else ((), ())
    windows, uncounted = with_held(windows, asked.held, asked.on)
    windows, unplaced = _suggested(asked, windows, (closed or frozenset()) | {h.day for h in asked.held})
    beside = _beside(asked, windows, rules)
    evidence = evidence_lines(edition, asked.group)
    schedule = Schedule(asked, windows, beside, evidence, uncounted, _longest_pause(asked, windows), unplaced)
    steps = (*_law_steps(schedule, rules), *_placement_steps(schedule, edition, closed), *_evidence_steps(schedule), *_beside_steps(schedule))
    return Answer("samtaler", asked.on, _headline(schedule, rules), tuple(steps), tuple(_not_known(schedule, edition, missing))), schedule


def _suggested(asked: Asked, windows: Sequence[Window], closed: Set[date]) -> tuple[tuple[Window, ...], int]:
    """The windows of the first six months with a suggestion for each meeting that remains, and how many found no working day."""
    open_ = [w for w in windows if w.contact and w.remaining and w.closes]
    slots = [slot for w in open_ for slot in _slots(w, asked, windows)]
    if not slots:
        return tuple(windows), 0
    began = max((h.day for h in asked.held), default=asked.registered)
    placed = iter(place(slots, began, max(s.closes for s in slots), PLACEMENTS[asked.placement].step_days, closed))
    days = {w.id: [next(placed) for _ in range(w.remaining)] for w in open_}
    found = tuple(replace(w, suggested=tuple(d for d in days[w.id] if d)) if w.id in days else w for w in windows)
    return found, sum(d is None for each in days.values() for d in each)


def _slots(window: Window, asked: Asked, windows: Sequence[Window]) -> list[Slot]:
    """One slot for each meeting that remains in the window; a first meeting is wanted midway, a late one at once."""
    closes = window.closes or date.max
    opens = max(window.opens, asked.on)
    slot = Slot(opens, closes)
    if window.id.endswith("-first"):
        return [replace(slot, wanted=opens + (closes - opens) // 2)]
    first = next((w for w in windows if w.id == window.id.removesuffix("rest") + "first"), None)
    late = first is not None and first.state == "short"
    return [replace(slot, wanted=opens if late and nth == 0 else None) for nth in range(window.remaining)]


def _longest_pause(asked: Asked, windows: Sequence[Window]) -> int | None:
    days = sorted({asked.registered, *(h.day for h in asked.held), *(d for w in windows for d in w.suggested)})
    return max(((b - a).days for a, b in pairwise(days)), default=None)


def _beside(asked: Asked, windows: Sequence[Window], rules: Rules) -> tuple[Rule, ...]:
    if SCHEME not in rules.schemes:
        return ()
    known = {p.id for p in rules.schemes[SCHEME].parameter}
    told = (r for n in GROUPS[asked.group].told if n in known for r in told_beside(rules, n, asked.on))
    return tuple(dict.fromkeys((*(r for w in windows for r in w.beside), *told)))


def _headline(schedule: Schedule, rules: Rules) -> Said:
    if not schedule.windows:
        day, first = day_said(schedule.asked.on), first_day(rules)
        since = day_said(first) if first else None
        return Said(
            f"Data har ingen regel om jobsamtaler, der gælder {day.da}." + (f" Den første gælder fra {since.da}." if since else ""),
            f"The data has no rule on job meetings in force on {day.en}." + (f" The first is in force from {since.en}." if since else ""),
        )
    law = counted(schedule.minimum, _MEETING, _MEETINGS)
    by = {w.holder: 0 for w in schedule.windows if w.contact}
    for w in schedule.windows:
        if w.contact:
            by[w.holder] += w.minimum
    whom = [Said(f"{n} {_WITH[h].da}", f"{n} {_WITH[h].en}") for h, n in by.items()]
    head = Said(f"Loven kræver mindst {law.da} i de første seks måneder", f"The law requires at least {law.en} in the first six months")
    head += Said(" (", " (") + Said(" og ".join(w.da for w in whom), " and ".join(w.en for w in whom)) + Said(").", ").")
    return head + _standing(schedule)


def _standing(schedule: Schedule) -> Said:
    contact = [w for w in schedule.windows if w.contact]
    held, missed = sum(len(w.held) for w in contact), sum(w.missed for w in contact)
    said = Said(f" {held} er oplyst holdt, {schedule.remaining} mangler.", f" {held} told as held, {schedule.remaining} still to hold.")
    if missed:
        said += Said(
            f" {counted(missed, Said('samtale er', ''), Said('samtaler er', '')).da} ikke oplyst holdt, før vinduet lukkede.",
            f" {counted(missed, _MEETING, _MEETINGS).en} not told as held before the window closed.",
        )
    if any(w.beside for w in contact):
        said += Said(
            " En sekundær kilde fortæller om andre tal, som ikke er efterprøvet i loven: Se dem ved siden af.",
            " A secondary source tells of other numbers, not verified in the act: see them beside.",
        )
    return said


def _law_steps(schedule: Schedule, rules: Rules) -> Iterator[Step]:
    for w in schedule.windows:
        yield Step(
            _window_said(w),
            w.rules,
            holds=_HOLDS.get(w.state),
            value=float(w.minimum) if w.minimum else None,
            unit="meetings" if w.minimum else None,
            id=w.id,
            day=w.closes,
        )
    group, on = GROUPS[schedule.asked.group], schedule.asked.on
    if schedule.windows and group.total and (total := in_force(rules, group.total, on)):
        same = float(total[1].value) == schedule.minimum
        said = Said(
            f"Lovens samlede tal: {total[1].value:g}; vinduerne giver {schedule.minimum}.",
            f"The law's own sum: {total[1].value:g}; the windows give {schedule.minimum}.",
        )
        yield Step(said, (total,), holds="yes" if same else "no", value=float(schedule.minimum), unit="meetings", id="total")
    for name in (*group.extra, group.counted_as):
        if schedule.windows and (rule := in_force(rules, name, on)):
            yield Step(Said(rule[1].da + ".", rule[1].en + "."), (rule,), id=name)
    for h in schedule.uncounted:
        day, by = day_said(h.day), HOLDERS[h.by]
        yield Step(Said(f"Samtalen {day.da} ({by.da}) tæller ikke i noget vindue.", f"The meeting on {day.en} ({by.en}) counts in no window."), id="uncounted")


def _window_said(w: Window) -> Said:
    opens, closes = day_said(w.opens), day_said(w.closes) if w.closes else None
    span = Said(f"{opens.da} til {closes.da}", f"{opens.en} to {closes.en}") if closes else Said(f"Fra {opens.da}", f"From {opens.en}")
    return span + Said(", ", ", ") + HOLDERS[w.holder] + Said(": ", ": ") + w.said + Said(".", ".")


def _placement_steps(schedule: Schedule, edition: Edition, closed: Set[date] | None) -> Iterator[Step]:
    if not schedule.windows:
        return
    placement = PLACEMENTS[schedule.asked.placement]
    said = Said(f"Forslagene er lagt {placement.said.da}. {placement.reason.da}", f"The suggestions are placed {placement.said.en}. {placement.reason.en}")
    weak = [c for c in placement.claims if c not in edition.by_id or edition.by_id[c].status != "supported"]
    for claim in weak:
        check = edition.by_id.get(claim)
        status = STATUS_LABELS[check.status] if check else Said("findes ikke", "not there")
        said += Said(
            f" Påstanden {claim} er ikke grøn ({status.da}), så den kan ikke bære valget.",
            f" The claim {claim} is not green ({status.en}), so it cannot carry the choice.",
        )
    yield Step(said, claims=placement.claims, id="placement")
    yield Step(
        Said(
            "Et forslag er ikke et krav: Alle dage i vinduet er lige gode for loven. Forslag flyttes fra lørdag og søndag",
            "A suggestion is no requirement: to the law all days of a window are alike. Suggestions are moved from Saturdays and Sundays",
        )
        + (
            Said(" til en hverdag; helligdage er ikke regnet med.", " to a weekday; public holidays are not considered.")
            if closed is None
            else Said(" og danske helligdage til en hverdag.", " and Danish public holidays to a weekday.")
        ),
        id="weekdays",
    )
    if schedule.longest_pause_days is not None and any(w.suggested for w in schedule.windows):
        n = schedule.longest_pause_days
        yield Step(
            Said(f"Længste pause fra tilmeldingen til den sidste samtale: {n} dage.", f"Longest pause from the registration to the last meeting: {n} days."),
            value=float(n),
            unit="days",
            id="longest-pause",
        )
    if schedule.unplaced:
        n = schedule.unplaced
        yield Step(
            Said(
                f"{n} af de samtaler, der mangler, har ingen ledig hverdag tilbage i sit vindue.",
                f"{n} of the meetings that remain have no free weekday left in their window.",
            ),
            id="unplaced",
        )


def _evidence_steps(schedule: Schedule) -> Iterator[Step]:
    for line in schedule.evidence:
        status = STATUS_LABELS[line.status] if line.status else Said("findes ikke", "not there")
        said = line.says + Said(f" [{status.da}]", f" [{status.en}]")
        yield Step(said + (Said(" ", " ") + line.advice if line.advice else Said("", "")), claims=(line.claim,), id=line.claim)


def _beside_steps(schedule: Schedule) -> Iterator[Step]:
    for address, p in schedule.beside:
        yield Step(Said(f"Ikke efterprøvet i loven: {p.da}.", f"Not verified in the act: {p.en}."), ((address, p),), holds="unknown", id=f"beside-{p.id}")


def _not_known(schedule: Schedule, edition: Edition, missing: Sequence[str]) -> Iterator[Said]:
    day = day_said(schedule.asked.on)
    for name in missing if schedule.windows else ():
        yield Said(f"Data har ingen gældende værdi af {SCHEME}/{name} {day.da}.", f"The data has no value in force of {SCHEME}/{name} on {day.en}.")
    if schedule.windows:
        yield Said(
            "Vinduerne er regnet i kalendermåneder fra den oplyste dato. Loven regner dem som vist ovenfor (§ 9); arbejde eller ferie undervejs kan flytte dem.",
            "The windows are reckoned in calendar months from the date given. The act counts them as shown above (section 9); work or holiday on the way can move them.",
        )
        yield Said(
            "Reglerne er dem, der gælder den valgte dag. Om en ændring undervejs rammer forløb, der er begyndt, er ikke læst.",
            "The rules are those in force on the chosen day. Whether a change on the way touches courses that have begun was not read.",
        )
    if schedule.windows and schedule.asked.group == "insured-referred":
        yield Said(
            "Hvordan samtaler, som a-kassen holdt før henvisningen, tæller med, er ikke læst.",
            "How meetings that the fund held before the referral count was not read.",
        )
    if not knows_of_joint_meetings(edition):
        yield Said(
            "Om fælles samtaler med jobcenter og a-kasse virker anderledes, har banken ingen resultater om.",
            "Whether joint meetings with job centre and fund work differently: the bank has no findings on it.",
        )
    scheme = edition.rules.schemes.get(SCHEME)
    yield from scheme.not_found if scheme else ()
