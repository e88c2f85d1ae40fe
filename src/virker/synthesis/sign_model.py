"""Evidence without numbers: a sign test on pieces of evidence, and what goes with a significantly positive finding.

An ordered probit of "significantly negative, not significant, significantly positive" (Card, Kluve & Weber 2018, doi:10.1093/jeea/jvx028), each trial or
study weighing one, standard errors clustered by it. It says what goes together, not why: programmes, people and times differ too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import msgspec

from virker.bank import Bank, Query, Row
from virker.bank.show import signed
from virker.language import WAYS, Said, counted, joined, pointing
from virker.synthesis.extras import needed
from virker.synthesis.gather import evidence_units
from virker.synthesis.orient import as_told
from virker.synthesis.pooled_select import is_mean_of_review
from virker.synthesis.pooled_words import STUDIES, p_said
from virker.synthesis.sign_moderators import MODERATORS, Moderator
from virker.synthesis.units import SetAside
from virker.synthesis.usable import root_of, usable
from virker.synthesis.verdict import Setting

if TYPE_CHECKING:
    from virker.meta.ordered import OrderedProbit
    from virker.meta.signs import SignTest

SETTINGS: Mapping[str, Setting] = {
    "fewest_signs": Setting(2, False, "mindst to stykker evidens, før der tælles, som i optællingen af retninger", "at least two pieces of evidence before anything is counted, as in the vote count"),
    "units_for_probit": Setting(20, False, "med færre end omkring tyve klynger er de klyngede standardfejl for små", "with fewer than about twenty clusters the clustered standard errors are too small"),
    "units_on_each_side": Setting(5, False, "færre end fem studier på en side er enkelte studiers særpræg", "fewer than five studies on a side are the peculiarity of single studies"),
}  # fmt: skip
_OUTCOME = {"negative": -1, "none": 0, "positive": 1}


@dataclass(frozen=True, slots=True)
class Moderated:
    """What a moderator goes with; ``model`` is None where there are too few, and ``said`` says so.

    ``difference``, ``low``, ``high``: percentage points between the two sides in the share of findings that are positive (as their sources tell it; where
    only printed significance counts, significantly positive), with its 95 per cent interval. ``one``, ``other``: pieces of evidence on each side.
    """

    moderator: Moderator
    one: int
    other: int
    findings: int
    model: OrderedProbit | None
    difference: float | None
    low: float | None
    high: float | None
    p: float | None
    said: Said


@dataclass(frozen=True, slots=True)
class Signs:
    """The signs of a question: pieces of evidence by direction, the sign test on them (None: too few), and each moderator."""

    query: Query
    counts: Mapping[str, int]
    test: SignTest | None
    moderators: tuple[Moderated, ...]
    said: Said


def signs_of(
    bank: Bank, query: Query, *, moderators: Sequence[Moderator] = MODERATORS, printed_only: bool = False, settings: Mapping[str, Setting] | None = None
) -> Signs:
    """The sign test and the moderators of what the query selects.

    Parameters
    ----------
    printed_only
        Only findings whose significance is printed enter the moderators' models; else a finding counts as its source tells it.

    Raises
    ------
    MissingExtra
        NumPy or SciPy is not installed.
    """
    needed("meta", "The sign test with moderators")
    used = {**SETTINGS, **(settings or {})}
    units = evidence_units(bank, bank.select(query), query).primary
    counts = {d: sum(u.reported == d for u in units) for d in WAYS}
    test = None
    if counts["positive"] + counts["negative"] >= int(used["fewest_signs"].value):
        from virker.meta import sign_test

        test = sign_test([{"positive": 1, "negative": -1}.get(u.reported, 0) for u in units])
    findings = signed_findings(bank, query, printed_only)
    return Signs(query, counts, test, tuple(_moderated(bank, m, findings, used, printed_only) for m in moderators), _signs_said(counts, test))


def families(bank: Bank, query: Query, *, printed_only: bool = False) -> dict[str, Signs]:
    """:func:`signs_of` for every measure that stands at the top of the vocabulary and has pieces of evidence in the query."""
    tops = [name for name, term in bank.vocabulary["interventions"].items() if term.parent is None]
    found = {name: signs_of(bank, msgspec.structs.replace(query, intervention=name), printed_only=printed_only) for name in tops}
    return {name: signs for name, signs in found.items() if sum(signs.counts.values())}


def signed_findings(bank: Bank, query: Query, printed_only: bool) -> list[tuple[Row, str, int]]:
    """Findings of single studies with the piece of evidence they are part of and their sign: 1, 0 or -1, as told. Mixed ones have none."""
    rows = [r for r in bank.select(query) if usable(r, query, False, [])]
    present = {r.study.id for r in rows}
    found = []
    for row in rows:
        aside: list[SetAside] = []
        unit = root_of(bank, row, present, aside)
        sign = _OUTCOME.get(as_told(row, query))
        if unit is not None and not is_mean_of_review(row) and sign is not None and (row.finding.significant or not printed_only):
            found.append((row, unit, sign))
    return found


def _moderated(bank: Bank, moderator: Moderator, findings: Iterable[tuple[Row, str, int]], settings: Mapping[str, Setting], printed_only: bool) -> Moderated:
    told = [(side, unit, sign) for row, unit, sign in findings if (side := moderator.is_one(bank, row)) is not None]
    one, other = ({unit for side, unit, _ in told if side is which} for which in (True, False))
    each, all_ = int(settings["units_on_each_side"].value), int(settings["units_for_probit"].value)
    few = min(len(one), len(other)) < each or len(one | other) < all_
    if few or len({sign for _, _, sign in told}) < 2:
        return Moderated(moderator, len(one), len(other), len(told), None, None, None, None, None, _too_few(moderator, len(one), len(other), each, all_))
    from virker.meta import ordered_probit
    from virker.meta.errors import MetaError

    try:
        model = ordered_probit([s for *_, s in told], [float(side) for side, *_ in told], cluster=[u for _, u, _ in told], weights=_one_each([u for _, u, _ in told]), names=[moderator.id])  # fmt: skip
    except MetaError as error:
        why = Said(f"{_sides(moderator).da}: ingen model ({error})", f"{_sides(moderator).en}: no model ({error})")
        return Moderated(moderator, len(one), len(other), len(told), None, None, None, None, None, why)
    size, se = 100 * float(model.marginal[0, -1]), 100 * float(model.marginal_se[0, -1])
    made = Moderated(moderator, len(one), len(other), len(told), model, size, size - 1.96 * se, size + 1.96 * se, float(model.coefficients.p[0]), _NOTHING)
    return replace(made, said=_told(made, printed_only))


_NOTHING = Said("", "")


def _one_each(units: Sequence[str]) -> list[float]:
    """Weights with which every piece of evidence weighs one, however many findings it has."""
    count: dict[str, int] = defaultdict(int)
    for unit in units:
        count[unit] += 1
    return [1 / count[unit] for unit in units]


def _sides(m: Moderator) -> Said:
    return Said(f"Fund {m.one.da} over for fund {m.other.da}", f"Findings {m.one.en} against findings {m.other.en}")


def _too_few(m: Moderator, one: int, other: int, each: int, all_: int) -> Said:
    return _sides(m) + Said(
        f": for få til en model ({one} og {other} studier eller forsøg; mindst {each} på hver side og {all_} i alt, med mindst to slags fund).",
        f": too few for a model ({one} and {other} studies or trials; {each} at least on each side and {all_} in all, with two kinds of findings at least).",
    )


def _told(m: Moderated, printed_only: bool) -> Said:
    """The difference in words: percentage points in the share that is positive."""
    assert m.difference is not None
    assert m.low is not None
    assert m.high is not None
    assert m.p is not None
    size, p = round(abs(m.difference)), p_said(m.p)
    low, high = round(m.low), round(m.high)
    points = counted(size, Said("procentpoint", "percentage point"), Said("procentpoint", "percentage points"))
    share = Said("signifikant positive", "significantly positive") if printed_only else Said("positive", "positive")
    way = Said("større", "larger") if m.difference >= 0 else Said("mindre", "smaller")
    one, other = m.moderator.one, m.moderator.other
    head = Said(
        f"Andelen af {share.da} fund er {points.da} {way.da} blandt fund {one.da} end blandt fund {other.da}",
        f"The share of {share.en} findings is {points.en} {way.en} among findings {one.en} than among findings {other.en}",
    )
    if not size:
        head = Said(
            f"Andelen af {share.da} fund er omtrent den samme blandt fund {one.da} som blandt fund {other.da}",
            f"The share of {share.en} findings is about the same among findings {one.en} as among findings {other.en}",
        )
    return head + Said(
        f" (95 pct. {signed(low, 'da')} til {signed(high, 'da')}; {p.da}; {m.one} og {m.other} studier eller forsøg, {m.findings} fund).",
        f" (95% {signed(low, 'en')} to {signed(high, 'en')}; {p.en}; {m.one} and {m.other} studies or trials, {m.findings} findings).",
    )


def _signs_said(counts: Mapping[str, int], test: SignTest | None) -> Said:
    pieces = counted(sum(counts.values()), *STUDIES)
    tally = joined([pointing(counts[d], d) for d in WAYS], ", ")
    head = Said(f"{pieces.da}: {tally.da}", f"{pieces.en}: {tally.en}")
    if test is None:
        return head + Said("; for få til en fortegnstest.", "; too few for a sign test.")
    share, low, high = (round(100 * x) for x in (test.share, test.ci_low, test.ci_high))
    p = p_said(test.p)
    return head + Said(
        f". Af dem med en retning er {share} pct. positive (95 pct. {low} til {high}; fortegnstest {p.da}).",
        f". Of those with a direction {share}% are positive (95% {low} to {high}; sign test {p.en}).",
    )
