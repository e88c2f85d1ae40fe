"""Which numbers may stand in one mean, and what the mean then is: hand-made banks with known truth, and the Danish bank counted by other means."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import finding, study
from virker import meta
from virker.bank import Bank, Finding, Origin, Query
from virker.errors import MissingExtra
from virker.synthesis import extras
from virker.synthesis.pooled_cells import cells, safe_exp
from virker.synthesis.pooled_effect import PooledAnswer, PooledEffect
from virker.synthesis.pooled_settings import BANDS, SETTINGS, band_of
from virker.synthesis.pooled_words import effect_said, interval_said
from virker.synthesis.verdict import Setting

MakeBank = Callable[..., Bank]
ASKED = Query(intervention="meetings")
Z = 1.959963984540054


def points(n: int = 1, effect: float = 5.0, **fields: Any) -> Finding:
    """Percentage points more in work after twelve months."""
    base: dict[str, Any] = {
        "outcome": "employment-rate",
        "effect": effect,
        "unit": "pp",
        "horizon_months": 12.0,
        "estimand": "ITT",
        "comparator": "usual-effort",
    }
    return finding(n, **{**base, **fields})


def three(bank_of: MakeBank, **fields: Any) -> Bank:
    """Three independent trials: 4 ± 1, 6 ± 2 and 9 ± 3 percentage points."""
    return bank_of(*(study(f"forsøg-{i}", points(1, y, se=se, **fields)) for i, (y, se) in enumerate(((4.0, 1.0), (6.0, 2.0), (9.0, 3.0)))))


def only(answer: PooledAnswer) -> PooledEffect:
    assert len(answer.cells) == 1, [c.id for c in answer.cells]
    return answer.cells[0]


def refused(answer: PooledAnswer) -> dict[str, str]:
    return {r.address: r.why.en for r in answer.refused}


# --- what the mean is


def test_three_trials_give_the_engines_own_random_effects_mean(bank_of: MakeBank) -> None:
    cell = only(cells(three(bank_of), ASKED))
    model = meta.fit([4, 6, 9], [1, 4, 9], test="adhoc")
    told = meta.predict(model, interval="riley")
    assert (cell.status, cell.units, cell.measure.kind, cell.band.id) == ("pooled", 3, "employment-share", "6-12")
    assert cell.estimate == pytest.approx(float(model.beta[0]), rel=1e-12)
    assert (cell.ci_low, cell.ci_high) == pytest.approx((model.coefficients.ci_low[0], model.coefficients.ci_high[0]), rel=1e-12)
    assert (cell.pi_low, cell.pi_high) == pytest.approx((told.pi_low[0], told.pi_high[0]), rel=1e-12)
    assert sum(m.weight or 0 for m in cell.members) == pytest.approx(100)
    assert [m.weight for m in cell.members] == pytest.approx(meta.weights(model))


def test_trials_that_agree_give_the_common_effect_by_hand(bank_of: MakeBank) -> None:
    """Equal estimates: the variance between studies is zero, and the guard keeps the standard error at 1/sqrt(sum of weights)."""
    se = (1.0, 2.0, 2.0)
    cell = only(cells(bank_of(*(study(f"t-{i}", points(1, 5.0, se=s)) for i, s in enumerate(se))), ASKED))
    assert cell.tau2 == 0
    assert cell.estimate == pytest.approx(5.0)
    assert cell.se == pytest.approx(sum(s**-2 for s in se) ** -0.5)
    t = 4.302652729911275  # Student's t, two degrees of freedom, 97.5 per cent
    assert cell.ci_high == pytest.approx(5 + t * sum(s**-2 for s in se) ** -0.5)


def test_leaving_one_out_is_the_mean_of_the_others(bank_of: MakeBank) -> None:
    left = only(cells(three(bank_of), ASKED)).leave_one_out
    assert left is not None
    pairs = {"forsøg-0": ([6, 9], [4, 9]), "forsøg-1": ([4, 9], [1, 9]), "forsøg-2": ([4, 6], [1, 4])}
    means = {u: float(meta.fit(y, v, test="adhoc").beta[0]) for u, (y, v) in pairs.items()}
    assert (left.low, left.high) == pytest.approx((min(means.values()), max(means.values())))
    assert (means[left.low_without], means[left.high_without]) == pytest.approx((left.low, left.high))


def test_a_ratio_is_pooled_as_a_logarithm_and_shown_as_a_ratio(bank_of: MakeBank) -> None:
    ratios = (1.1, 1.3, 1.2)
    made = [study(f"h-{i}", points(1, r, outcome="exit-to-job", unit="hazard-ratio", ci_low=r / 1.2, ci_high=r * 1.2)) for i, r in enumerate(ratios)]
    cell = only(cells(bank_of(*made), ASKED))
    se = math.log(1.2) / Z
    assert cell.measure.relative
    assert [m.se for m in cell.members] == pytest.approx([se] * 3)
    assert cell.estimate == pytest.approx(math.exp(np.mean(np.log(ratios))))
    assert cell.direction == "positive" or cell.ci_low < 1 < cell.ci_high
    assert cell.band.id == "whole"


def test_a_percentage_and_the_ratio_it_is_are_one_measure(bank_of: MakeBank) -> None:
    a = study("a-1", points(1, 20.0, outcome="exit-to-job", unit="percent", se=6.0))
    b = study("b-1", points(1, 1.2, outcome="exit-to-job", unit="hazard-ratio", se=0.06))
    members = only(cells(bank_of(a, b), ASKED)).members
    assert members[0].y == pytest.approx(members[1].y) == pytest.approx(math.log(1.2))
    assert members[0].se == pytest.approx(members[1].se) == pytest.approx(0.05)


def test_days_and_months_become_weeks(bank_of: MakeBank) -> None:
    a = study("a-1", points(1, 14.0, outcome="employment-duration", unit="days", se=7.0))
    b = study("b-1", points(1, 1.0, outcome="employment-duration", unit="months", se=0.5))
    members = only(cells(bank_of(a, b), ASKED)).members
    assert [m.amount for m in members] == pytest.approx([2.0, 52 / 12])
    assert [m.se for m in members] == pytest.approx([1.0, 26 / 12])


@pytest.mark.parametrize(
    ("fields", "se"),
    [
        ({"se": 2.0}, 2.0),
        ({"ci_low": 1.0, "ci_high": 9.0}, 8 / (2 * Z)),
        ({"p": 0.05}, 5 / Z),
        ({"se": 2.0, "ci_low": 4.0, "ci_high": 6.0, "p": 0.9}, 2.0),
    ],
)
def test_precision_is_read_as_printed_standard_error_first(bank_of: MakeBank, fields: dict[str, float], se: float) -> None:
    cell = only(cells(bank_of(study("a-1", points(**fields))), ASKED))
    assert cell.status == "single"
    assert cell.members[0].se == pytest.approx(se, rel=1e-9)
    assert cell.ci_low is not None


# --- what is not weighed


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({}, "no precision is printed"),
        ({"significant": "yes"}, "only “significant” is printed"),
        ({"p_max": 0.05}, "only a bound is printed: p < 0.05"),
        ({"ci_low": 6.0, "ci_high": 9.0}, "does not lie in the printed interval"),
        ({"se": 0.0}, "printed as 0"),
        ({"effect": 0.0, "p": 0.3}, "says nothing of the precision"),
    ],
)
def test_a_number_without_precision_is_shown_with_its_reason_and_never_weighed(bank_of: MakeBank, fields: dict[str, Any], why: str) -> None:
    cell = only(cells(bank_of(study("a-1", points(**fields))), ASKED))
    assert (cell.status, cell.members, cell.estimate) == ("none", (), None)
    assert why in cell.unweighed[0].precision_said.en
    assert cell.unweighed[0].se is None


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"kind": "rejected"}, "itself rejects"),
        ({"kind": "descriptive"}, "not an effect"),
        ({"contrast": "unknown"}, "which way"),
        ({"estimand": "association"}, "an association"),
        ({"sensitivity_of": 9}, "robustness check of finding 9"),
        ({"qualifier": "at-least"}, "a bound only"),
        ({"effect": None, "effect_low": 1.0, "effect_high": 3.0}, "a range only"),
        ({"unit": "scale-points"}, "points on a scale"),
        ({"outcome": "exit-to-job", "unit": "percent", "effect": -100.0}, "no ratio"),
    ],
)
def test_what_is_no_estimate_of_an_effect_stands_in_no_cell(bank_of: MakeBank, fields: dict[str, Any], why: str) -> None:
    given_ = {"se": 1.0, **fields}
    answer = cells(bank_of(study("a-1", points(**given_))), Query(intervention="meetings", kind=("effect", "rejected", "descriptive")))
    assert answer.cells == ()
    assert why in refused(answer)["a-1#1"]


def test_what_only_the_note_says_is_never_pooled(bank_of: MakeBank) -> None:
    seed = points(se=1.0, origin=Origin(document="notatet på æøå", level="seed"))
    answer = cells(bank_of(study("a-1", seed)), ASKED)
    assert "only the note" in refused(answer)["a-1#1"]


def test_a_review_is_shown_and_never_pooled_beside_the_studies(bank_of: MakeBank) -> None:
    review = study("oversigt-1", points(1, 50.0, se=0.1), kind="review", design="meta-analysis")
    with_it = only(cells(bank_of(*(study(f"t-{i}", points(1, 5.0, se=1.0)) for i in range(3)), review), ASKED))
    assert with_it.estimate == pytest.approx(5.0)
    assert [m.address for m in with_it.reviews] == ["oversigt-1#1"]
    assert any("shown and not pooled" in r.en for r in with_it.reasons)


def test_an_earlier_version_of_a_paper_is_no_second_witness(bank_of: MakeBank) -> None:
    old = study("udkast-2018", points(1, 9.0, se=1.0), version_of="artikel-2020")
    answer = cells(bank_of(study("artikel-2020", points(1, 5.0, se=1.0)), old), ASKED)
    assert only(answer).units == 1
    assert "earlier version" in refused(answer)["udkast-2018#1"]


def test_three_papers_on_one_trial_are_one_unit(bank_of: MakeBank) -> None:
    bank = bank_of(*(study(f"p-{i}", points(1, 5.0, se=1.0), trial="et-forsøg") for i in range(3)))
    cell = only(cells(bank, ASKED))
    assert (cell.status, cell.units, len(cell.members), len(cell.beside)) == ("single", 1, 1, 2)


# --- what stands apart


@pytest.mark.parametrize(
    "other",
    [
        {"unit": "percent"},
        {"outcome": "employment-duration", "unit": "weeks"},
        {"phase": "lock-in"},
        {"phase": "after"},
        {"horizon_months": 24.0},
        {"comparator": "another-programme"},
        {"scope": "market"},
    ],
)
def test_numbers_that_are_not_comparable_never_share_a_mean(bank_of: MakeBank, other: dict[str, Any]) -> None:
    bank = bank_of(*(study(f"a-{i}", points(1, 5.0, se=1.0)) for i in range(2)), study("b-1", points(1, 6.0, se=1.0, **other)))
    answer = cells(bank, Query(intervention="meetings", scope=("individual", "market")))
    assert sorted(c.units for c in answer.cells) == [1, 2]
    assert answer.count("pooled") == 0


def test_a_cut_answers_a_question_on_a_rise_turned_round(bank_of: MakeBank) -> None:
    made = [study(f"t-{i}", points(1, 5.0, se=1.0, contrast="more")) for i in range(2)]
    cut = study("t-2", points(1, -5.0, direction="negative", ci_low=-7.0, ci_high=-3.0, contrast="less"))
    cell = only(cells(bank_of(*made, cut), Query(intervention="meetings", contrast="more")))
    assert cell.estimate == pytest.approx(5.0)
    turned = next(m for m in cell.members if m.turned)
    assert (turned.amount, turned.low, turned.high) == (5.0, 3.0, 7.0)
    back = only(cells(bank_of(*made, cut), Query(intervention="meetings", contrast="less")))
    assert back.estimate == pytest.approx(-5.0)
    assert back.direction == {"positive": "negative", "none": "none"}[str(cell.direction)]


def test_turning_the_question_of_a_ratio_gives_the_inverse(bank_of: MakeBank) -> None:
    made = [study(f"h-{i}", points(1, r, outcome="exit-to-job", unit="hazard-ratio", se=0.1)) for i, r in enumerate((1.1, 1.5, 1.3))]
    more, less = (only(cells(bank_of(*made), Query(intervention="meetings", contrast=c))) for c in ("on", "less"))
    assert less.estimate == pytest.approx(1 / (more.estimate or 0))
    assert (less.ci_low, less.pi_high) == pytest.approx((1 / (more.ci_high or 0), 1 / (more.pi_low or 0)))


@given(months=st.floats(0, 400))
def test_every_horizon_has_one_band_and_bands_follow_each_other(months: float) -> None:
    band = band_of(months, False)
    assert band.low is not None
    assert band.low < months or months == 0
    assert band.high is None or months <= band.high
    ends = [(b.low, b.high) for b in BANDS.values() if b.low is not None]
    assert all(a[1] == b[0] for a, b in pairwise(ends))


def test_numbers_of_an_unknown_month_are_shown_side_by_side_only(bank_of: MakeBank) -> None:
    cell = only(cells(bank_of(*(study(f"t-{i}", points(1, 5.0, se=1.0, horizon_months=None)) for i in range(5))), ASKED))
    assert (cell.status, cell.band.id, len(cell.members)) == ("too-few", "not-printed", 5)
    assert "not known to be of the same time" in cell.reasons[0].en


# --- few, and several of one unit


def test_two_are_shown_side_by_side_with_the_reason_in_both_languages(bank_of: MakeBank) -> None:
    cell = only(cells(bank_of(*(study(f"t-{i}", points(1, 5.0, se=1.0)) for i in range(2))), ASKED))
    assert (cell.status, cell.estimate, cell.model) == ("too-few", None, None)
    assert "der skal 3 til et samlet skøn. De vises side om side" in cell.reasons[0].da
    assert all(m.weight is None for m in cell.members)


def test_the_fewest_is_a_setting(bank_of: MakeBank) -> None:
    two = bank_of(*(study(f"t-{i}", points(1, 5.0, se=1.0)) for i in range(2)))
    cell = only(cells(two, ASKED, {"fewest": Setting(2, False, "prøve", "trial")}))
    assert cell.status == "pooled"
    assert cell.pi_low is None


def test_with_few_units_one_estimate_of_each_speaks_by_the_documented_order(bank_of: MakeBank) -> None:
    many = study("t-0", points(1, 1.0, p=0.5), points(2, 5.0, se=1.0), points(3, 99.0, se=0.1, subgroup=("women",)))
    cell = only(cells(bank_of(many, *(study(f"t-{i}", points(1, 5.0, se=1.0)) for i in (1, 2))), ASKED))
    assert [m.address for m in cell.members] == ["t-0#2", "t-1#1", "t-2#1"]
    assert {m.address for m in cell.beside} == {"t-0#1", "t-0#3"}
    assert cell.estimate == pytest.approx(5.0)


def several(bank_of: MakeBank, units: int) -> Bank:
    rng = np.random.default_rng(3)
    made = []
    for u in range(units):
        shift = rng.normal(0, 1)
        made.append(study(f"u-{u}", *(points(n + 1, round(5 + shift + rng.normal(0, 1), 3), se=1.0 + 0.1 * n) for n in range(1 + u % 3))))
    return bank_of(*made)


def test_with_units_enough_all_estimates_enter_three_levels_with_cr2(bank_of: MakeBank) -> None:
    cell = only(cells(several(bank_of, 9), ASKED))
    y, v, unit = [m.y for m in cell.members], [(m.se or 0) ** 2 for m in cell.members], [m.unit for m in cell.members]
    assert len(y) == 18
    model = meta.fit_multilevel(y, v, unit, rho=0.8)
    robust = meta.robust(model, unit).coefficients
    assert cell.estimate == pytest.approx(float(model.coefficients.beta[0]), rel=1e-12)
    assert cell.se == pytest.approx(float(robust.se[0]), rel=1e-12)
    assert (cell.df, cell.ci_low) == pytest.approx((float(robust.df[0]), float(robust.ci_low[0])))  # type: ignore[index]
    assert "CR2" in cell.reasons[0].da


def test_the_weights_of_three_levels_give_the_mean_itself(bank_of: MakeBank) -> None:
    cell = only(cells(several(bank_of, 8), ASKED))
    assert sum((m.weight or 0) * m.y for m in cell.members) / 100 == pytest.approx(cell.estimate or 0, rel=1e-9)


@pytest.mark.parametrize(("units", "levels"), [(4, False), (5, True)])
def test_three_levels_need_five_units(bank_of: MakeBank, units: int, levels: bool) -> None:
    made = [study(f"u-{i}", *(points(n, 4.0 + i / 2 + n / 3, se=1.0) for n in (1, 2))) for i in range(units)]
    cell = only(cells(bank_of(*made), ASKED))
    assert (len(cell.members) == 2 * units) is levels


def test_a_part_of_the_same_people_never_stands_beside_all_of_them_in_three_levels(bank_of: MakeBank) -> None:
    women = [points(3, 40.0, se=0.1, subgroup=("women",))]
    made = [study(f"u-{i}", *(points(n, 4.0 + i / 2 + n / 3, se=1.0) for n in (1, 2)), *women) for i in range(6)]
    cell = only(cells(bank_of(*made), ASKED))
    assert (len(cell.members), {m.address[-2:] for m in cell.beside}) == (12, {"#3"})
    assert (cell.estimate or 0) < 10


def test_small_studies_are_tested_from_ten_and_else_the_reason_is_told(bank_of: MakeBank) -> None:
    few = only(cells(three(bank_of), ASKED)).small_studies
    assert few is not None
    assert few.p is None
    assert "med 3 studier (mindst 10)" in few.said.da
    made = [study(f"t-{i}", points(1, 3.0 + 2 * s, se=s)) for i, s in enumerate(np.linspace(0.5, 3, 12).round(3).tolist())]
    lean = only(cells(bank_of(*made), ASKED)).small_studies
    assert lean is not None
    assert lean.p is not None
    assert lean.p < 0.01


# --- properties


@settings(max_examples=25, deadline=None)
@given(y=st.lists(st.floats(-20, 20), min_size=3, max_size=7, unique=True), seed=st.integers(0, 10**6))
def test_the_order_of_the_files_changes_nothing(vocabulary: Any, y: list[float], seed: int) -> None:
    made = [study(f"t-{i}", points(1, e, se=1.0 + i / 4)) for i, e in enumerate(y)]
    shuffled = [made[i] for i in np.random.default_rng(seed).permutation(len(made))]
    one, other = (only(cells(Bank(s, vocabulary), ASKED)) for s in (made, shuffled))
    assert one.estimate == pytest.approx(other.estimate or 0, rel=1e-9, abs=1e-12)
    assert (one.ci_low, one.pi_high) == pytest.approx((other.ci_low, other.pi_high), rel=1e-9)
    assert (one.direction, one.leave_one_out and one.leave_one_out.high_without) == (other.direction, other.leave_one_out and other.leave_one_out.high_without)


def test_the_interval_covers_the_truth_as_often_as_it_says(bank_of: MakeBank) -> None:
    """Six trials whose true effects differ (sd 1) around 5: the 95 per cent interval holds 5 in 92 to 99 of a hundred banks."""
    rng, held = np.random.default_rng(2026), 0
    for _ in range(300):
        se = rng.uniform(0.5, 2, 6)
        y = 5 + rng.normal(0, 1, 6) + rng.normal(0, se)
        cell = only(cells(bank_of(*(study(f"t-{i}", points(1, float(y[i]), se=float(se[i]))) for i in range(6))), ASKED))
        assert cell.ci_low is not None
        assert cell.ci_high is not None
        held += cell.ci_low <= 5 <= cell.ci_high
    assert 0.92 <= held / 300 <= 0.99


# --- in words


def test_the_effect_is_told_with_both_intervals_in_danish_and_english(bank_of: MakeBank) -> None:
    told = effect_said(only(cells(three(bank_of), ASKED)))
    assert "procentpoint (95 pct." in told.da
    assert "i et nyt studie" in told.da
    assert "3 studier og forsøg" in told.da
    assert "percentage points (95%" in told.en
    assert "in a new study" in told.en


def test_an_interval_without_bound_is_told_as_such() -> None:
    assert interval_said(0.001, safe_exp(800.0)).da == "0,001 til ∞"


def test_cells_are_data_that_json_takes(bank_of: MakeBank) -> None:
    import msgspec

    cell = only(cells(three(bank_of), ASKED))
    told = msgspec.json.decode(msgspec.json.encode(cell.to_dict()))
    assert told["estimate"] == pytest.approx(cell.estimate)
    assert told["members"][0]["label"]["da"].startswith("Ærø")
    assert "model" not in told


def test_every_setting_is_ours_with_a_reason_in_both_languages() -> None:
    assert all(not s.published and s.why_da != s.why_en for s in SETTINGS.values())


def test_without_numpy_and_scipy_the_extra_is_named(bank_of: MakeBank, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extras, "find_spec", lambda name: None)
    extras.is_installed.cache_clear()
    try:
        with pytest.raises(MissingExtra, match=r"virker\[meta\]"):
            cells(three(bank_of), ASKED)
    finally:
        extras.is_installed.cache_clear()


# --- the Danish bank, counted by other means


def _weighable(f: Finding) -> bool:
    """Whether a finding prints a precision, said anew and without the program's own reading of it."""
    return f.se is not None or (f.ci_low is not None and f.ci_high is not None) or (f.p is not None and 0 < f.p < 1)


def _apart(f: Finding) -> tuple[object, ...]:
    """At least this sets two numbers apart: a coarser partition than the program's."""
    return f.outcome, f.unit == "pp", f.unit in ("days", "weeks", "months"), f.phase or "net", f.scope


def test_no_cell_of_the_danish_bank_mixes_what_must_stand_apart(danish: Bank) -> None:
    answer = cells(danish, Query())
    assert sum(len(c.members) for c in answer.cells) > 20
    for cell in answer.cells:
        rows = [danish.finding(m.address) for m in (*cell.members, *cell.beside, *cell.unweighed, *cell.reviews)]
        assert len({_apart(r.finding) for r in rows if r}) == 1
        assert len({m.unit for m in cell.members}) == cell.units == (len(cell.members) if cell.status != "pooled" else cell.units)
        assert all(r is not None and r.finding.kind == "effect" and r.finding.origin.level != "seed" and r.finding.sensitivity_of is None for r in rows)
        assert all(danish.studies[m.study].kind == "primary" or m.address in _retold(danish) for m in cell.members)
        months = [m.horizon_months for m in cell.members]
        if cell.band.low is not None and cell.band.high is not None:
            assert all(h is not None and cell.band.low <= h <= cell.band.high for h in months)


def _retold(bank: Bank) -> set[str]:
    """Numbers of single studies that a review tells."""
    return {r.address for r in bank.rows if r.study.kind != "primary" and (r.finding.restates or r.finding.n_studies == 1)}


def test_every_number_of_the_danish_bank_is_in_a_cell_or_refused_with_a_reason(danish: Bank) -> None:
    answer = cells(danish, Query())
    held = [m.address for c in answer.cells for m in (*c.members, *c.beside, *c.unweighed, *c.reviews)]
    assert len(held) == len(set(held))
    printed = {r.address for r in danish.select(Query()) if r.finding.unit not in ("direction-only", "vote-count") and any(v is not None for v in (r.finding.effect, r.finding.effect_low, r.finding.effect_high))}  # fmt: skip
    assert set(held) | {r.address for r in answer.refused} == printed
    assert set(held).isdisjoint(r.address for r in answer.refused)
    weighed = {m.address for c in answer.cells for m in (*c.members, *c.beside)}
    for address in weighed:
        row = danish.finding(address)
        assert row is not None
        assert _weighable(row.finding)


def test_the_counts_told_are_those_of_units_counted_anew(danish: Bank) -> None:
    answer = cells(danish, Query())
    units = defaultdict(set)
    for cell in answer.cells:
        for m in (*cell.members, *cell.beside):
            row = danish.finding(m.address)
            assert row is not None
            units[cell.id].add(m.unit if m.address in _retold(danish) else danish.root_of(row.study))
    pooled = [c for c in answer.cells if len(units[c.id]) >= 3 and c.band.id != "not-printed"]
    assert answer.count("pooled") == len(pooled)
    assert answer.count("single") == sum(len(units[c.id]) == 1 for c in answer.cells)
    assert f"{answer.count('pooled')} med samlet skøn" in answer.said[0].da
    assert all(c.status != "pooled" for c in answer.cells if c not in pooled)
