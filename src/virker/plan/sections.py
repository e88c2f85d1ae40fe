"""The plan's report, section by section, as Markdown: the answer first, the planner's own assumptions on one page of their own.

The text is read by the same reader as the notes, so it becomes HTML, PDF and Word by the same way.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from virker.bank import Bank
from virker.claims.records import STATUS_LABELS, STATUS_SIGNS
from virker.language import Said, day_said, joined, number
from virker.plan.assumptions import assumption_rows, law_rows
from virker.plan.effects import MeasureEffect, PhaseEffect
from virker.plan.judge import PaysBack
from virker.plan.one_more import OneMore
from virker.plan.questions import Instead, Named, Needed
from virker.plan.words import A_PERSON_DECIDES, PAYERS, count, count_band, money, money_band, per_cent
from virker.plan.work import HIGH, LOW, Worked

ASSUMPTIONS = Said("Forudsætningerne på én side", "The assumptions on one page")


@dataclass(frozen=True)
class Answers:
    """A scenario worked out, with the answers to what a planner asks of it."""

    worked: Worked
    claim: PaysBack
    hangs_on: tuple[Named, ...]
    others: tuple[Instead, ...]
    needed: tuple[Needed, ...]
    bottleneck: tuple[OneMore, ...]
    scale: tuple[Said, ...] = ()


def markdown(answers: Answers, bank: Bank, language: str) -> str:
    """The report's body in a language."""
    told = [part[language] for section in _sections(answers, bank) for part in section]
    return "\n\n".join(told) + "\n"


def _sections(answers: Answers, bank: Bank) -> Iterator[list[Said]]:
    yield list(_short(answers))
    yield list(_who_pays(answers.worked))
    yield list(_effects(answers.worked, bank))
    yield list(_how_large(answers))
    yield list(_bottleneck(answers))
    yield list(_hangs_on(answers))
    yield list(_scale(answers))
    yield list(_assumptions(answers.worked))
    yield list(_limits())


def heading(da: str, en: str) -> Said:
    return Said(f"## {da}", f"## {en}")


def table(header: Sequence[Said], rows: Sequence[Sequence[Said]]) -> Said:
    """A Markdown table."""
    return Said(*("\n".join((_row([h[x] for h in header]), _row(["---"] * len(header)), *(_row([c[x] for c in row]) for row in rows))) for x in ("da", "en")))


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(c.replace("|", "/").replace("[", "\\[").replace("\n", " ") for c in cells) + " |"


def bullets(items: Sequence[Said]) -> Said:
    """A Markdown list."""
    return Said("\n".join(f"- {i.da}" for i in items), "\n".join(f"- {i.en}" for i in items))


def headline(claim: PaysBack) -> Said:
    """The claim with its status: ``✓ holder: …``."""
    label = STATUS_LABELS[claim.status]
    sign = STATUS_SIGNS[claim.status]
    return Said(f"**{claim.said.da}** {sign} {label.da}.", f"**{claim.said.en}** {sign} {label.en}.")


def _short(answers: Answers) -> Iterator[Said]:
    worked = answers.worked
    yield heading("Kort fortalt", "In short")
    yield headline(answers.claim)
    yield bullets(answers.claim.reasons)
    yield bullets(key_figures(worked))
    yield Said("{{ plan-path }}", "{{ plan-path }}")


def key_figures(worked: Worked) -> list[Said]:
    """What a planner wants to know first."""
    more, currency = worked.more_in_work()[0], worked.scenario.money.currency
    peak = int(np.argmax(more))
    started, turned = worked.started, worked.turned_away
    people = [Said(f"»{m.da}«: ", f"“{m.en}”: ") + count(started[m.id].centre) for m in worked.scenario.measure]
    away = sum(b.centre for b in turned.values())
    out = [
        Said("Begynder på en indsats: ", "Begin a measure: ") + joined(people, "; ") + (Said("; uden plads: ", "; no room for: ") + count(away) if away >= 0.5 else Said("", "")),
        Said("Flere uger i arbejde i alt: ", "More weeks in work in all: ") + count_band(worked.weeks_in_work),
        Said(f"Flest flere i arbejde i uge {peak}: ", f"Most more people in work in week {peak}: ") + count(float(more[peak])) + Said("; ved planens slutning: ", "; at the end of the plan: ") + count(float(more[-1])),
        Said("Uger på dagpenge eller anden ydelse: ", "Weeks on benefit: ") + count_band(worked.benefit_weeks),
        Said("De offentlige kasser, nutidsværdi: ", "The public purse, present value: ") + money_band(worked.public, currency),
        Said("Samfundet, nutidsværdi (produktion minus ressourcer, markedspriser): ", "Society, present value (production less resources, market prices): ") + money_band(worked.social, currency),
    ]  # fmt: skip
    out.append(_payback(worked))
    if worked.all_have_bands and worked.has_draws:
        out.append(
            Said("Chance for overskud i de offentlige kasser: ", "Chance of a surplus for the public purse: ") + per_cent(worked.drawn_value.chance_of_surplus)
        )
    return [line + Said(".", ".") if not line.da.endswith(".") else line for line in out]


def _payback(worked: Worked) -> Said:
    month = worked.payback_month
    if month is None:
        return Said("Pengene er ikke tjent hjem inden for planens uger", "The money is not earned back within the plan's weeks")
    return Said(f"Pengene er tjent hjem for de offentlige kasser fra måned {month}", f"The public purse has its money back from month {month}")


def _who_pays(worked: Worked) -> Iterator[Said]:
    yield heading("Hvem betaler, og hvem får", "Who pays, and who gains")
    currency = worked.scenario.money.currency
    rows = [(PAYERS[p], money_band(b, currency)) for p, b in worked.by_payer.items() if abs(b.centre) > 0.5]
    yield table([Said("hvem", "who"), Said("nutidsværdi", "present value")], rows)
    yield Said(
        "Et plus er penge, der kommer ind. Det, den ene betaler, får den anden, så tabellen går op i nul. Løn i almindelige job tælles som værdien af det, der laves.",
        "A plus is money that comes in. What one pays another receives, so the table adds up to nothing. Pay in ordinary jobs counts as the value of what is made.",
    )
    if any(m.pay for m in worked.scenario.measure):
        yield Said(
            "Løn i et løntilskudsjob tælles ikke som mere produktion: Banken har intet tal for, om der bliver lavet mere, end der ellers ville være.",
            "Pay in a subsidised job is not counted as more production: the bank has no number for whether more is made than would have been.",
        )


def _effects(worked: Worked, bank: Bank) -> Iterator[Said]:
    yield heading("Hvad evidensen siger om indsatserne", "What the evidence says of the measures")
    for effect in worked.effects:
        yield Said(f"### {effect.told.da}", f"### {effect.told.en}")
        for used in effect.used:
            cite = Said(f" [@{used.number.study}]", f" [@{used.number.study}]")
            yield _used(used) + cite
            if notes := list(_notes(used)):
                yield bullets(notes)
        if not effect.used:
            yield Said(
                "Banken har intet tal, som planen kan bruge for denne indsats og gruppe. Planen regner derfor uden effekt af den og siger i stedet, hvor stor effekten skal være.",
                "The bank has no number that the plan can use for this measure and group. So the plan counts no effect of it, and says how large the effect must be instead.",
            )
        yield _directions(effect)


def _notes(used: PhaseEffect) -> Iterator[Said]:
    """What a reader of the number must know beside it."""
    for mark in used.number.marks:
        yield Said(mark.da.rstrip(".") + ".", mark.en.rstrip(".") + ".")
    if used.number.note:
        yield Said(f"Koderens note (engelsk): {used.number.note}", f"Coder's note: {used.number.note}")
    if used.clipped:
        yield per_cent(used.clipped) + Said(
            " af trækningerne kan ikke nås med gruppens afgangsrater.", " of the draws cannot be reached with the group's exit rates."
        )


def _used(used: PhaseEffect) -> Said:
    n, (start, stop) = used.number, used.span
    ratio, low, high = (float(np.exp(v)) for v in (used.centre, np.quantile(used.log_ratio, LOW), np.quantile(used.log_ratio, HIGH)))
    span = Said("", "")
    if used.has_band:
        span = Said(f" (fra {_two(low, 'da')} til {_two(high, 'da')})", f" (from {_two(low, 'en')} to {_two(high, 'en')})")
    return Said(
        f"Tallet er: {_plain(n.said.da)}. I denne gruppe svarer det til, at folk finder job {_two(ratio, 'da')}{span.da} gange så hurtigt fra uge {start} til uge {stop} efter starten.",
        f"The number is: {_plain(n.said.en)}. In this group that is the same as people finding jobs {_two(ratio, 'en')}{span.en} times as fast from week {start} to week {stop} after the start.",
    )


def _plain(text: str) -> str:
    """Without the address in brackets, which the reference replaces."""
    return text.rpartition(" [")[0] or text


def _two(value: float, language: str) -> str:
    return number(round(value, 2), language)


def _directions(effect: MeasureEffect) -> Said:
    if not effect.path.directions:
        return Said("Banken har heller ingen retning for gruppen.", "The bank has no direction for the group either.")
    said = joined([d.said for d in effect.path.directions], "; ")
    return Said(f"Retninger i banken: {said.da}.", f"Directions in the bank: {said.en}.")


def _how_large(answers: Answers) -> Iterator[Said]:
    yield heading("Hvor stor skal effekten være?", "How large must the effect be?")
    yield Said(
        "For hver indsats alene: Fra hvilken effekt mister de offentlige kasser intet inden for planens uger?",
        "For each measure alone: from which effect on does the public purse lose nothing within the plan's weeks?",
    )
    names = {m.id: Said(m.da, m.en) for m in answers.worked.scenario.measure}
    yield bullets(
        [Said(f"»{names[n.measure].da}«", f"“{names[n.measure].en}”") + _LOCK_IN[n.lock_in] + Said(": ", ": ") + needed_said(n) for n in answers.needed]
    )


_LOCK_IN = {
    "printed": Said("", ""),
    "none": Said(", hvis folk finder job under indsatsen som ellers", ", if people find jobs during the measure as they would without"),
    "full": Said(", hvis ingen finder job, mens indsatsen varer", ", if nobody finds a job while the measure lasts"),
}


def needed_said(needed: Needed) -> Said:
    """The answer in words."""
    if needed.answer.answer == "pays without effect":
        return Said("Den betaler sig, selv om den ingen effekt har.", "it pays even if it has no effect.")
    if needed.answer.answer == "never pays":
        largest = needed.answer.largest
        return Said(f"Den betaler sig ikke, selv om folk bagefter fandt job {number(largest, 'da')} gange så hurtigt.", f"it does not pay even if people found jobs {number(largest, 'en')} times as fast afterwards.")  # fmt: skip
    assert needed.answer.ratio is not None
    assert needed.weeks_in_work is not None
    ratio, weeks = needed.answer.ratio, count(needed.weeks_in_work)
    return Said(
        f"Den betaler sig, hvis folk finder job mindst {_two(ratio, 'da')} gange så hurtigt ({weeks.da} uger i arbejde per deltager).",
        f"it pays if people find jobs at least {_two(ratio, 'en')} times as fast ({weeks.en} weeks in work per participant).",
    )


def _bottleneck(answers: Answers) -> Iterator[Said]:
    if not answers.bottleneck:
        return
    yield heading("Flaskehalsen", "The bottleneck")
    yield bullets([bottleneck_said(answers.worked, one) for one in answers.bottleneck])


def bottleneck_said(worked: Worked, one: OneMore) -> Said:
    """What one more caseworker, seat or place would give, in a sentence."""
    told = next(c for c in worked.scenario.capacity if c.id == one.name)
    who = Said(told.one_more_da[:1].upper() + told.one_more_da[1:], told.one_more_en[:1].upper() + told.one_more_en[1:])
    if not one.binds.any():
        return Said(
            f"»{told.da}« er ikke flaskehalsen: {told.one_more_da} ville ikke ændre noget.",
            f"“{told.en}” is not the bottleneck: {told.one_more_en} would change nothing.",
        )
    more, weeks = count(float(one.started.sum(axis=1).mean())), _quantiled(one.weeks_in_work, count)
    assert one.public is not None
    value = _quantiled(one.public, lambda v: money(v, worked.scenario.money.currency))
    return Said(
        f"{who.da} ville give plads til {more.da} flere, {weeks.da} flere uger i arbejde og {value.da} til de offentlige kasser.",
        f"{who.en} would give room for {more.en} more people, {weeks.en} more weeks in work, and {value.en} to the public purse.",
    )


def _quantiled(values: np.ndarray, said: object) -> Said:
    say = said if callable(said) else count
    middle = say(float(np.median(values)))
    low, high = (say(float(np.quantile(values, q))) for q in (LOW, HIGH))
    return middle if low == high else Said(f"{middle.da} (fra {low.da} til {high.da})", f"{middle.en} (from {low.en} to {high.en})")


def _hangs_on(answers: Answers) -> Iterator[Said]:
    worked, currency = answers.worked, answers.worked.scenario.money.currency
    yield heading("Hvad svaret hænger på", "What the answer hangs on")
    yield Said("{{ plan-tornado }}", "{{ plan-tornado }}")
    if answers.others:
        yield Said(
            "Banken har andre tal for de samme indsatser. Med hvert af dem i stedet bliver de offentlige kassers nutidsværdi:",
            "The bank has other numbers for the same measures. With each of them instead, the present value for the public purse is:",
        )
        rows = [(_number_said(o.number), money(o.public, currency)) for o in answers.others]
        yield table([Said("tal", "number"), Said("nutidsværdi", "present value")], rows)
        if len({o.number.number.unit for o in answers.others} | {u.number.unit for e in worked.effects for u in e.used}) < len(answers.others) + 1:
            yield Said(
                "Flere tal fra samme forsøg er ét stykke evidens, læst på flere måder.",
                "Several numbers from one trial are one piece of evidence, read in several ways.",
            )


def _number_said(effect: PhaseEffect) -> Said:
    return Said(effect.number.said.da, effect.number.said.en)


def _scale(answers: Answers) -> Iterator[Said]:
    yield heading("Når flere får det", "If more people get it")
    if answers.scale:
        yield bullets(answers.scale)
    yield Said(
        "Planen regner ikke på, hvad indsatsen gør ved andre ledige. Hvor banken siger noget om det, står det ovenfor; ellers er det ukendt.",
        "The plan does not reckon what the measure does to other unemployed people. Where the bank says something of it, it stands above; elsewhere it is unknown.",
    )


def _assumptions(worked: Worked) -> Iterator[Said]:
    yield heading(ASSUMPTIONS.da, ASSUMPTIONS.en)
    yield Said(
        "Tallene her er planlæggerens egne, ikke bankens. »Antaget« er et skøn; ellers står kilden.",
        "The figures here are the planner's own, not the bank's. “Assumed” is a judgement; elsewhere the source stands.",
    )
    yield table([Said("hvad", "what"), Said("tal", "figure"), Said("hvorfra", "where from")], assumption_rows(worked))
    yield Said("### Lov og satser", "### Law and rates")
    yield table([Said("hvad", "what"), Said("værdi", "value"), Said("hvor det står", "where it stands")], law_rows(worked))


def _limits() -> Iterator[Said]:
    yield heading("Hvad planen ikke kan sige", "What the plan cannot say")
    yield bullets(
        [
            Said("Evidensen taler om én indsats ad gangen. Ingen får to i samme ledighedsforløb i planen.", "The evidence speaks of one measure at a time. Nobody gets two in one spell in the plan."),
            Said("En effekt slutter, hvor kilden holdt op med at følge folk, medmindre planlæggeren har sat en anden varighed.", "An effect ends where the source stopped following people, unless the planner set another length."),
            Said("Jobtab er ens for alle i arbejde. Om jobbet holder længere efter en indsats, er ikke regnet med.", "Job loss is the same for all in work. Whether jobs last longer after a measure is not reckoned."),
            Said("Båndet er kildernes trykte usikkerhed. Usikkerheden i planlæggerens egne tal og tilfældet i små grupper ligger uden for det.", "The band is the sources' printed uncertainty. What is unsure in the planner's own figures, and chance in small groups, lie outside it."),
            A_PERSON_DECIDES,
        ]
    )  # fmt: skip


def subtitle(worked: Worked, bank: Bank) -> Said:
    """Who, where, from when, for how long."""
    s, day = worked.scenario, day_said(worked.scenario.start)
    terms = Said(*(" + ".join(bank.vocabulary.label("target_groups", t, x) for t in s.group) for x in ("da", "en")))
    return Said(f"{terms.da}. Fra {day.da}, {s.weeks} uger.", f"{terms.en}. From {day.en}, {s.weeks} weeks.")
