"""What would flip a verdict: hand-worked cases, and against brute force on small sets of evidence."""

from __future__ import annotations

from itertools import combinations
from math import comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import finding, study
from virker.bank import Bank, Query, Row
from virker.synthesis import RULE_SETS, EvidenceUnit, Units, evidence_units, rule_set
from virker.synthesis.fragility import fragility, interchangeable, without_units
from virker.synthesis.next_study import KINDS, SETTINGS, SHOWS, NextStudy, next_study, with_new
from virker.synthesis.removal import number_of_ways, smallest_removal

STAR, VOTE, G2 = (rule_set(r) for r in ("star-hierarchy", "vote-count", "jobeffekter-g2"))


def unit(name: str, direction: str = "positive", maryland: int = 5, *, review: bool = False, **fields: object) -> EvidenceUnit:
    """One piece of evidence: a randomised trial in Denmark unless the test says otherwise."""
    design = "systematic-review" if review else {5: "rct", 4: "instrumental-variables", 3: "matching", 2: "duration-model"}[maryland]
    f = finding(1, direction, significant="no" if direction == "none" else "yes")
    row = Row(study(name, f, kind="review" if review else "primary", design=design), f, f"{name}#1")
    given_ = {"strict": direction, "reported": direction, "maryland": 0 if review else maryland, "is_review": review, **fields}
    return EvidenceUnit(id=name, rows=(row,), addresses=(row.address,), direction=direction, **given_)  # type: ignore[arg-type]


def units(*pieces: EvidenceUnit) -> Units:
    return Units(tuple(p for p in pieces if not p.is_review), tuple(p for p in pieces if p.is_review), (), Query(intervention="meetings", outcome="employment"))


def positives(count: int, maryland: int = 5) -> list[EvidenceUnit]:
    return [unit(f"forsøg-{maryland}-{i}", maryland=maryland) for i in range(count)]


def test_three_trials_are_strong_and_any_one_of_them_holds_it_there() -> None:
    found = fragility(units(*positives(3)), STAR)
    assert found.now == ("positive", "strong")
    assert found.any_change.size == 1
    assert found.any_change.count == 3
    assert {p.becomes for p in found.any_change.patterns} == {("positive", "moderate")}


def test_the_direction_of_three_trials_falls_only_with_the_last_of_them() -> None:
    assert fragility(units(*positives(3)), STAR).direction.size == 3


def test_five_trials_need_three_removals_to_leave_strong() -> None:
    found = fragility(units(*positives(5)), STAR).any_change
    assert (found.size, found.count, found.exact) == (3, comb(5, 3), True)


def test_a_majority_of_three_to_two_is_one_removal_from_a_tie() -> None:
    """3 of 5 is 60 per cent; without one of the three it is 2 of 4, and half is no majority."""
    found = fragility(units(*positives(3), unit("nul-æ", "none"), unit("nul-ø", "none")), STAR)
    assert found.direction.size == 1
    assert {p.becomes[0] for p in found.direction.patterns} == {"mixed"}
    assert {i for s in found.direction.sets for i in s} == {"forsøg-5-0", "forsøg-5-1", "forsøg-5-2"}


def test_taking_an_opponent_away_can_also_flip_a_verdict() -> None:
    found = fragility(units(*positives(2), unit("imod-1", "negative"), unit("imod-2", "negative")), STAR)
    assert found.now == ("mixed", "conflicting")
    assert {p.becomes[0] for p in found.direction.patterns} == {"positive", "negative"}


def test_a_level_that_rests_on_one_review_falls_with_that_review() -> None:
    found = fragility(units(unit("gennemgang", review=True), unit("lille-studie", maryland=2)), STAR).any_change
    assert found.sets == (("gennemgang",),)


def test_of_two_like_trials_the_one_that_no_review_covers_matters() -> None:
    """With the review: B and it against C. Without A nothing moves; without B it is one against one; without the review only moderate."""
    review_ = unit("gennemgang", review=True, covers=frozenset({"A"}))
    found = fragility(units(unit("A"), unit("B"), unit("C", "negative"), review_), STAR)
    assert found.now == ("positive", "strong")
    assert set(found.any_change.sets) == {("B",), ("gennemgang",)}


def test_seven_votes_to_nothing_lose_clear_majority_with_two() -> None:
    """p is 2/2^n: 0.0156 at seven, 0.031 at six, 0.0625 at five."""
    assert fragility(units(*positives(7)), VOTE).any_change.size == 2


def test_jobeffekter_falls_below_one_when_its_third_half_goes() -> None:
    """A Danish trial outside journals weighs one half: three are 1.5, one less is 1.0 and enough, two less 0.5."""
    found = fragility(units(*positives(3)), G2)
    assert found.now == ("positive", None)
    assert (found.direction.size, found.direction.count) == (2, 3)


def test_the_margins_are_those_of_the_rule() -> None:
    star = {m.what.en: (m.has, m.needs, m.holds) for m in fragility(units(*positives(2), unit("nul", "none", 3)), STAR).margins}
    assert star["studies of high quality the same way (strong evidence)"] == (2, 3, False)
    g2 = fragility(units(*positives(2), unit("imod", "negative")), G2).margins
    assert [(round(m.has, 3), m.needs, m.holds) for m in g2] == [(1.5, 1, True), (0.667, 0.55, True)]


def test_no_evidence_has_nothing_to_take_away() -> None:
    found = fragility(units(), STAR)
    assert (found.any_change.size, found.any_change.exact, found.margins) == (None, True, ())


def test_beyond_the_budget_bounds_are_given_and_called_bounds() -> None:
    pieces = units(*positives(9), *positives(9, 2))
    exact, bounded = fragility(pieces, STAR).any_change, fragility(pieces, STAR, budget=5).any_change
    assert exact.exact
    assert not bounded.exact
    assert bounded.size is not None
    assert exact.size is not None
    assert bounded.at_least <= exact.size <= bounded.size


def test_ways_to_take_from_classes_are_counted_as_by_hand() -> None:
    assert [number_of_ways([3, 1], n) for n in range(6)] == [1, 2, 2, 2, 1, 0]


def test_in_the_strict_reading_only_printed_significance_is_taken_away() -> None:
    silent = unit("tavs", strict=None)
    found = fragility(units(unit("ét"), unit("to"), silent), STAR, strict=True)
    assert found.now == ("positive", "moderate")
    assert {i for s in found.any_change.sets for i in s} == {"ét", "to"}


# One more study


def fewest(new: NextStudy, kind: str, shows: str) -> int | None:
    return next(n.count for n in new.outcomes if (n.kind, n.shows) == (kind, shows))


def test_two_trials_lack_one_more_for_strong() -> None:
    new = next_study(units(*positives(2)), STAR)
    found = next(n for n in new.outcomes if (n.kind, n.shows) == ("rct", "positive"))
    assert (found.count, found.becomes) == (1, ("positive", "strong"))
    assert fewest(new, "quasi-experiment", "positive") is None


def test_strong_evidence_of_three_needs_three_trials_against_it_to_tie() -> None:
    new = next_study(units(*positives(3)), STAR)
    assert fewest(new, "rct", "negative") == 3
    assert fewest(new, "rct", "positive") is None
    assert new.rung == "trials"


@pytest.mark.parametrize(
    ("pieces", "rung"),
    [((), "inspiration"), ((unit("svagt", maryland=2),), "pilot"), ((unit("ét-forsøg"),), "trial"), (tuple(positives(12)), "enough")],
)
def test_the_next_step_follows_the_agencys_ladder(pieces: tuple[EvidenceUnit, ...], rung: str) -> None:
    assert next_study(units(*pieces), STAR).rung == rung


def test_what_a_new_study_would_do_is_what_the_rule_set_says_of_it() -> None:
    pieces = units(*positives(2), unit("nul", "none", 3))
    for rules in RULE_SETS.values():
        before = rules.judge(pieces, rules.settings, False)
        for n in next_study(pieces, rules).outcomes:
            if n.count is not None:
                after = rules.judge(with_new(pieces, n.kind, n.shows, n.count), rules.settings, False)
                assert (after.direction, after.level) == n.becomes != (before.direction, before.level)


def test_every_kind_and_result_is_tried_and_choices_of_ours_are_marked_as_ours() -> None:
    assert {(n.kind, n.shows) for n in next_study(units(), STAR).outcomes} == {(k, s) for k in KINDS for s in SHOWS}
    assert not SETTINGS["pilot_when"].published
    assert not SETTINGS["design_quasi-experiment"].published


# Against brute force


@st.composite
def small_evidence(draw: st.DrawFn) -> Units:
    """Up to eight pieces; reviews may cover some of the studies, and some sources print no significance."""
    primary = []
    for i in range(draw(st.integers(0, 6))):
        direction = draw(st.sampled_from(["positive", "positive", "none", "negative", "mixed"]))
        primary.append(unit(f"studie-{i}", direction, draw(st.sampled_from([2, 3, 5])), strict=draw(st.sampled_from([direction, None]))))
    reviews = []
    for i in range(draw(st.integers(0, 2))):
        covers = frozenset(draw(st.sets(st.sampled_from([p.id for p in primary])))) if primary else frozenset()
        direction = draw(st.sampled_from(["positive", "none", "negative"]))
        reviews.append(unit(f"gennemgang-{i}", direction, review=True, covers=covers, list_read=draw(st.booleans()), narrower=draw(st.booleans())))
    return Units(tuple(primary), tuple(reviews), (), Query(intervention="meetings", outcome="employment"))


@pytest.mark.parametrize("name", list(RULE_SETS))
@pytest.mark.parametrize("strict", [False, True])
@settings(max_examples=40, deadline=None)
@given(pieces=small_evidence())
def test_the_reported_sets_flip_and_no_smaller_set_does(name: str, strict: bool, pieces: Units) -> None:
    rules = rule_set(name)

    def outcome(ids: tuple[str, ...]) -> tuple[str, str | None]:
        judged = rules.judge(without_units(pieces, frozenset(ids)), rules.settings, strict)
        return judged.direction, judged.level

    now, ids = outcome(()), [u.id for u in pieces.all]
    found = fragility(pieces, rules, strict=strict)
    for removal, flips in ((found.any_change, lambda o: o != now), (found.direction, lambda o: o[0] != now[0])):
        smallest = next((n for n in range(1, len(ids) + 1) if any(flips(outcome(s)) for s in combinations(ids, n))), None)
        assert removal.size == smallest
        assert removal.exact
        assert all(flips(outcome(s)) for s in removal.sets)
        if smallest is not None:
            assert removal.count == sum(flips(outcome(s)) for s in combinations(ids, smallest))


@settings(max_examples=60, deadline=None)
@given(weights=st.lists(st.integers(1, 5), min_size=1, max_size=8), need=st.integers(1, 20), budget=st.integers(0, 30))
def test_bounds_hold_whatever_the_budget(weights: list[int], need: int, budget: int) -> None:
    """The outcome: whether the weights left reach what is needed. The least number to take is found by taking the heaviest first."""
    names = {f"v{i}": w for i, w in enumerate(weights)}

    def enough(without: frozenset[str]) -> bool:
        return sum(w for n, w in names.items() if n not in without) >= need

    before = enough(frozenset())
    left, true = sorted(weights, reverse=True), 0
    while before and sum(left) >= need:
        left, true = left[1:], true + 1
    found = smallest_removal([(n,) for n in names], enough, lambda after: after != before, budget)
    if before:
        assert found.size is not None
        assert found.at_least <= true <= found.size
        assert not enough(frozenset(found.sets[0]))
    else:
        assert found.size is None


def test_on_the_danish_bank_the_classes_judge_as_the_pieces_themselves_do(danish: Bank) -> None:
    """Every verdict on meetings: each smallest set, taken away one by one, does what is said of its shape."""
    query = Query(intervention="meetings", outcome=("employment", "unemployment"), target_group="unemployed")
    pieces = evidence_units(danish, danish.select(query), query)
    for rules in RULE_SETS.values():
        found = fragility(pieces, rules)
        assert sum(map(len, interchangeable(pieces, rules, rules.settings))) == found.any_change.pieces
        assert found.any_change.pieces > 5 or (rules.abstains and found.now[0] == "too-little")
        for pattern in found.any_change.patterns:
            for ids in list(pattern.sets)[:20]:
                judged = rules.judge(without_units(pieces, frozenset(ids)), rules.settings, False)
                assert (judged.direction, judged.level) == pattern.becomes != found.now
