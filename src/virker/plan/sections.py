"""The plan's report, section by section, as Markdown: the answer first, the planner's own assumptions on one page of their own.

The text is read by the same reader as the notes, so it becomes HTML, PDF and Word by the same way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from virker.bank import Bank
from virker.claims.records import STATUS_LABELS, STATUS_SIGNS
from virker.language import Said, day_said, joined
from virker.plan.assumptions import assumption_rows, law_rows
from virker.plan.effects import WHOLE_SPELL, MeasureEffect, PhaseEffect
from virker.plan.judge import PaysBack
from virker.plan.questions import Bottleneck, Instead, Named, Needed
from virker.plan.told import bottleneck_said, key_figures, needed_said
from virker.plan.words import PAYERS, money, money_band, per_cent, sentence, stopped, two_decimals
from virker.plan.work import HIGH, LOW, Worked

ASSUMPTIONS = Said("Forudsætningerne på én side", "The assumptions on one page")
WHO_PAYS = Said("Hvem betaler, og hvem får", "Who pays, and who gains")


@dataclass(frozen=True)
class Answers:
    """A scenario worked out, with the answers to what a planner asks of it."""

    worked: Worked
    claim: PaysBack
    hangs_on: tuple[Named, ...]
    others: tuple[Instead, ...]
    needed: tuple[Needed, ...]
    bottleneck: tuple[Bottleneck, ...]
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
    yield bullets([_cited(reason) for reason in answers.claim.reasons])
    yield Said("Det ændrer planen:", "What the plan changes:")
    yield bullets(key_figures(worked))
    yield Said("{{ plan-path }}", "{{ plan-path }}")


def _cited(reason: Said) -> Said:
    """With references to the studies where the terminal shows the addresses of their findings."""
    return Said(*(_ADDRESSES.sub(_as_citation, text) for text in (reason.da, reason.en)))


_ADDRESSES = re.compile(r"\(([\w-]+#\d+(?:, [\w-]+#\d+)*)\)")


def _as_citation(match: re.Match[str]) -> str:
    studies = dict.fromkeys(address.partition("#")[0] for address in match[1].split(", "))
    return f"[{'; '.join(f'@{study}' for study in studies)}]"


def _who_pays(worked: Worked) -> Iterator[Said]:
    yield heading(WHO_PAYS.da, WHO_PAYS.en)
    currency = worked.scenario.money.currency
    rows = [(PAYERS[p], money_band(b, currency)) for p, b in worked.by_payer.items() if abs(b.centre) > 0.5]
    yield table([Said("hvem", "who"), Said("nutidsværdi", "present value")], rows)
    yield Said(
        "Et plus er penge, der kommer ind. Det, den ene betaler, får den anden, så tabellen går op i nul. Arbejdsgivernes minus er løn, før værdien af det, der laves; "
        "i almindelige job tælles lønnen som den værdi.",
        "A plus is money that comes in. What one pays another receives, so the table adds up to nothing. The employers' minus is pay, before the value of what is made; "
        "in ordinary jobs pay counts as that value.",
    )
    if any(m.pay for m in worked.scenario.measure):
        yield Said(
            "Løn i et løntilskudsjob tælles ikke som mere produktion: Banken har intet tal for, om der bliver lavet mere, end der ellers ville være.",
            "Pay in a subsidised job is not counted as more production: the bank has no number for whether more is made than would have been.",
        )


def _effects(worked: Worked, bank: Bank) -> Iterator[Said]:
    yield heading("Hvad evidensen siger om indsatserne", "What the evidence says of the measures")
    for effect in worked.effects:
        yield Said(f"### {_line(effect.told.da)}", f"### {_line(effect.told.en)}")
        for used in effect.used:
            cite = Said(f" [@{used.number.study}]", f" [@{used.number.study}]")
            yield _used(used, worked) + cite
            if notes := list(_notes(used)):
                yield bullets(notes)
        if not effect.used:
            yield Said(
                "Banken har intet tal, som planen kan bruge for denne indsats og gruppe. Planen regner derfor uden effekt af den og siger i stedet, hvor stor effekten skal være.",
                "The bank has no number that the plan can use for this measure and group. So the plan counts no effect of it, and says how large the effect must be instead.",
            )
        yield _directions(effect)
        if effect.refused:
            yield Said("Andre tal for gruppen, som planen ikke kan bruge:", "Other numbers for the group that the plan cannot use:")
            yield bullets([Said(f"{_plain(n.said.da)}: {why.da}.", f"{_plain(n.said.en)}: {why.en}.") for n, why in effect.refused])


def _line(text: str) -> str:
    """Text of a planner's on one line, so that it cannot begin a new block."""
    return " ".join(text.split())


def _notes(used: PhaseEffect) -> Iterator[Said]:
    """What a reader of the number must know beside it."""
    for mark in used.number.marks:
        yield Said(sentence(mark.da), sentence(mark.en))
    if used.number.note:
        yield Said(f"Koderens note (engelsk): {used.number.note}", f"Coder's note: {used.number.note}")
    if used.clipped:
        yield per_cent(used.clipped) + Said(
            " af trækningerne kan ikke nås med gruppens afgangsrater.", " of the draws cannot be reached with the group's exit rates."
        )


def _used(used: PhaseEffect, worked: Worked) -> Said:
    n, (start, stop) = used.number, used.span
    ratio, low, high = (float(np.exp(v)) for v in (used.centre, np.quantile(used.log_ratio, LOW), np.quantile(used.log_ratio, HIGH)))
    span = Said("", "")
    if used.has_band:
        span = Said(f" (fra {two_decimals(low, 'da')} til {two_decimals(high, 'da')})", f" (from {two_decimals(low, 'en')} to {two_decimals(high, 'en')})")
    begins = Said("indsatsen er meldt ud", "the measure is announced") if used_notice(worked, used) else Said("indsatsen begynder", "the measure begins")
    until = Said(f"fra uge {start} til uge {stop} efter, at {begins.da}", f"from week {start} to week {stop} after {begins.en}")
    if stop >= WHOLE_SPELL:
        until = Said(f"så længe ledigheden varer, efter at {begins.da}", f"as long as the spell lasts, after {begins.en}")
    first = Said("Tallet, som planlæggeren har valgt:", "The number, chosen by the planner:")
    if not any(e.told.effect == n.address for e in worked.effects):
        first = Said("Bankens bedste tal for gruppen:", "The bank's best number for the group:")
    return (
        first
        + Said(" ", " ")
        + Said(
            f"{_plain(n.said.da)}. I denne gruppe svarer det til, at folk finder job {two_decimals(ratio, 'da')} gange så hurtigt{span.da} {until.da}.",
            f"{_plain(n.said.en)}. In this group that is the same as people finding jobs {two_decimals(ratio, 'en')} times as fast{span.en} {until.en}.",
        )
    )


def used_notice(worked: Worked, used: PhaseEffect) -> int:
    """The weeks of notice of the measure whose number it is."""
    return next(e.told.notice_weeks for e in worked.effects if any(u is used for u in e.used))


def _plain(text: str) -> str:
    """Without the address in brackets, which the reference replaces."""
    return text.rpartition(" [")[0] or text


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
    if not answers.needed:
        yield Said("Ingen begynder på en indsats, så der er intet at regne på.", "Nobody begins a measure, so there is nothing to reckon.")
        return
    yield bullets(
        [Said(f"»{names[n.measure].da}«", f"“{names[n.measure].en}”") + _LOCK_IN[n.lock_in] + Said(": ", ": ") + needed_said(n) for n in answers.needed]
    )


_LOCK_IN = {
    "printed": Said("", ""),
    "none": Said(", hvis folk finder job under indsatsen som ellers", ", if people find jobs during the measure as they would without"),
    "full": Said(", hvis ingen finder job, mens indsatsen varer", ", if nobody finds a job while the measure lasts"),
}


def _bottleneck(answers: Answers) -> Iterator[Said]:
    if not answers.bottleneck:
        return
    yield heading("Flaskehalsen", "The bottleneck")
    yield bullets([bottleneck_said(answers.worked, one) for one in answers.bottleneck])


def _hangs_on(answers: Answers) -> Iterator[Said]:
    worked, currency = answers.worked, answers.worked.scenario.money.currency
    yield heading("Hvad svaret hænger på", "What the answer hangs on")
    if answers.hangs_on:
        yield Said(
            f"Figuren viser, hvad de offentlige kasser ender med, når ét tal ad gangen er anderledes. Mest betyder {answers.hangs_on[0].said.da}.",
            f"The figure shows what the public purse ends with when one figure at a time is different. What matters most is {answers.hangs_on[0].said.en}.",
        )
        yield Said("{{ plan-tornado }}", "{{ plan-tornado }}")
    else:
        yield Said(
            "Intet af planens tal ændrer svaret, når det skrues op og ned.", "None of the plan's figures changes the answer when it is turned up and down."
        )
    if answers.others:
        yield Said(
            "Banken har andre tal for de samme indsatser. Med hvert af dem i stedet bliver de offentlige kassers nutidsværdi:",
            "The bank has other numbers for the same measures. With each of them instead, the present value for the public purse is:",
        )
        rows = [(_number_said(o.number), _weeks_said(o.number), money(o.public, currency)) for o in answers.others]
        yield table([Said("tal", "number"), Said("virker i uge", "works in weeks"), Said("nutidsværdi", "present value")], rows)
        if len({o.number.number.unit for o in answers.others} | {u.number.unit for e in worked.effects for u in e.used}) < len(answers.others) + 1:
            yield Said(
                "Flere tal fra samme forsøg er ét stykke evidens, læst på flere måder.",
                "Several numbers from one trial are one piece of evidence, read in several ways.",
            )


def _weeks_said(effect: PhaseEffect) -> Said:
    start, stop = effect.span
    return Said("hele forløbet", "the whole spell") if stop >= WHOLE_SPELL else Said(*(f"{start}-{stop}",) * 2)


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
    """Figures in one table and where they are from in one list, so that both fit on one page."""
    yield heading(ASSUMPTIONS.da, ASSUMPTIONS.en)
    yield Said(
        "Tallene er planlæggerens egne eller lovens, ikke bankens. Hvert tal har et nummer, og listen siger, hvor det er fra. »Antaget« er et skøn.",
        "The figures are the planner's own or the law's, not the bank's. Each has a number, and the list says where it is from. “Assumed” is a judgement.",
    )
    rows = [*assumption_rows(worked), *law_rows(worked)]
    bases = list(dict.fromkeys(basis for *_, basis in rows))
    numbered = [(what, figure, Said(*(str(bases.index(basis) + 1),) * 2)) for what, figure, basis in rows]
    yield table([Said("hvad", "what"), Said("tal", "figure"), Said("fra", "from")], numbered)
    yield joined([Said(f"({i}) {stopped(b.da)}", f"({i}) {stopped(b.en)}") for i, b in enumerate(bases, 1)])


def _limits() -> Iterator[Said]:
    yield heading("Hvad planen ikke kan sige", "What the plan cannot say")
    yield bullets(
        [
            Said("Evidensen taler om én indsats ad gangen. Ingen får to i samme ledighedsforløb i planen.", "The evidence speaks of one measure at a time. Nobody gets two in one spell in the plan."),
            Said("En effekt slutter, hvor kilden holdt op med at følge folk, medmindre planlæggeren har sat en anden varighed.", "An effect ends where the source stopped following people, unless the planner set another length."),
            Said("Jobtab er ens for alle i arbejde. Om jobbet holder længere efter en indsats, er ikke regnet med.", "Job loss is the same for all in work. Whether jobs last longer after a measure is not reckoned."),
            Said("Båndet er kildernes trykte usikkerhed. Usikkerheden i planlæggerens egne tal og tilfældet i små grupper ligger uden for det.", "The band is the sources' printed uncertainty. What is unsure in the planner's own figures, and chance in small groups, lie outside it."),
            Said("Ydelsen løber, så længe ledigheden varer: Planen regner ikke med, at retten til den kan høre op.", "The benefit runs as long as the spell: the plan does not reckon that the right to it can end."),
            Said("Planen ved ikke, om jeres indsats er så stor og så god som den, kilden undersøgte.", "The plan does not know whether your measure is as large and as good as the one that the source studied."),
        ]
    )  # fmt: skip


def subtitle(worked: Worked, bank: Bank) -> Said:
    """Who, where, from when, for how long."""
    s, day = worked.scenario, day_said(worked.scenario.start)
    terms = Said(*(" + ".join(bank.vocabulary.label("target_groups", t, x) for t in s.group) for x in ("da", "en")))
    weeks = Said("uge" if s.weeks == 1 else "uger", "week" if s.weeks == 1 else "weeks")
    return Said(f"{sentence(terms.da)} Fra {day.da}, {s.weeks} {weeks.da}.", f"{sentence(terms.en)} From {day.en}, {s.weeks} {weeks.en}.")
