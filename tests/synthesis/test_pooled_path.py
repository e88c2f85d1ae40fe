"""An effect over the months with uncertainty, and what a pooled effect goes with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import finding, study
from virker import meta
from virker.bank import Bank, Finding, Query
from virker.synthesis.effect_path import effect_path
from virker.synthesis.pooled_cells import cells
from virker.synthesis.pooled_moderators import moderated
from virker.synthesis.pooled_path import PooledPath, pooled_path
from virker.synthesis.sign_moderators import MODERATORS

MakeBank = Callable[..., Bank]


def points(n: int, effect: float, months: float, **fields: Any) -> Finding:
    base: dict[str, Any] = {"outcome": "employment-rate", "effect": effect, "unit": "pp", "horizon_months": months, "se": 1.0}
    return finding(n, **{**base, **fields})


def paths(bank: Bank, *group: str) -> tuple[PooledPath, ...]:
    return pooled_path(bank, effect_path(bank, "meetings", "on", group or ("unemployed",)))


def test_each_band_is_pooled_single_too_few_or_empty(bank_of: MakeBank) -> None:
    bank = bank_of(
        *(study(f"t-{i}", points(1, 5.0 + i, 12), points(2, 2.0 + i, 3)) for i in range(3)),
        study("sen", points(1, 1.5, 60)),
        study("to-a", points(1, 4.0, 24)),
        study("to-b", points(1, 4.5, 18)),
    )
    (path,) = paths(bank)
    assert [(s.band.id, s.effect.status if s.effect else None) for s in path.steps] == [
        ("0-6", "pooled"), ("6-12", "pooled"), ("12-24", "too-few"), ("24-36", None), ("36-", "single"),
    ]  # fmt: skip
    assert [s.band.id for s in path.pooled] == ["0-6", "6-12"]
    assert path.steps[1].effect is not None
    assert path.steps[1].effect.estimate == pytest.approx(float(meta.fit([5, 6, 7], [1, 1, 1], test="adhoc").beta[0]))
    assert path.steps[3].said.da == "over 24, højst 36 måneder: intet tal."
    assert "1 studie eller forsøg" in path.steps[4].said.da
    assert "De vises side om side" in path.said.da


def test_phases_and_kinds_are_paths_of_their_own(bank_of: MakeBank) -> None:
    bank = bank_of(study("a-1", points(1, 5.0, 12), points(2, -3.0, 3, phase="lock-in"), points(3, 4.0, 12, outcome="employment-duration", unit="weeks")))
    assert [(p.measure.id, p.phase) for p in paths(bank)] == [("employment-share", "net"), ("time-in-work", "net"), ("employment-share", "lock-in")]


def test_the_path_uses_only_what_speaks_for_the_group(bank_of: MakeBank) -> None:
    bank = bank_of(*(study(f"t-{i}", points(1, 5.0, 12)) for i in range(3)), study("unge", points(1, 50.0, 12, subgroup=("youth",))))
    (path,) = paths(bank, "insured")
    (step,) = path.steps
    assert step.effect is not None
    assert step.effect.estimate == pytest.approx(5.0)
    assert any("bredere" in m.da for m in step.effect.marks)
    assert any("wider group" in m.en for m in step.effect.members[0].marks)


def test_a_path_on_less_is_the_path_on_more_turned_round(bank_of: MakeBank) -> None:
    bank = bank_of(*(study(f"t-{i}", points(1, 5.0 + i, 12)) for i in range(3)))
    more, less = (pooled_path(bank, effect_path(bank, "meetings", c, ("unemployed",)))[0].steps[0].effect for c in ("on", "less"))
    assert more is not None
    assert less is not None
    assert (less.estimate, less.ci_low) == pytest.approx((-(more.estimate or 0), -(more.ci_high or 0)))


def test_no_number_gives_no_path(bank_of: MakeBank) -> None:
    assert paths(bank_of(study("a-1", finding()))) == ()


def test_on_the_danish_bank_the_path_has_the_numbers_that_a_plan_may_use(danish: Bank) -> None:
    usable = effect_path(danish, "caseload", "less", ("insured",))
    found = pooled_path(danish, usable)
    held = {m.address for p in found for s in p.steps if s.effect for m in (*s.effect.members, *s.effect.beside, *s.effect.unweighed, *s.effect.reviews)}
    assert held <= {n.address for n in usable.numbers}
    assert held
    amounts = {n.address: n.amount for n in usable.numbers}
    assert all(m.amount == pytest.approx(amounts[m.address]) for p in found for s in p.steps if s.effect for m in s.effect.members)


def rct_and_not(bank_of: MakeBank, k: int) -> Bank:
    """Trials find 3, other designs 6, give or take."""
    made = [study(f"s-{i}", points(1, (3.0 if i % 2 else 6.0) + i / 20, 12), design="rct" if i % 2 else "matching") for i in range(k)]
    return bank_of(*made)


def test_a_moderator_of_a_pooled_effect_is_a_meta_regression(bank_of: MakeBank) -> None:
    bank = rct_and_not(bank_of, 12)
    cell = cells(bank, Query(intervention="meetings")).cells[0]
    design = next(m for m in MODERATORS if m.id == "design")
    found = moderated(bank, cell, design)
    side = [float(bank.studies[m.study].design == "rct") for m in cell.members]
    model = meta.fit([m.y for m in cell.members], [1.0] * 12, [[1, s] for s in side], test="adhoc")
    assert found.difference == pytest.approx(float(model.beta[1]))
    assert (found.low, found.p) == pytest.approx((float(model.coefficients.ci_low[1]), float(model.coefficients.p[1])))
    assert "fra lodtrækningsforsøg og fra andre design: −" in found.said.da


def test_with_fewer_than_ten_studies_the_reason_stands_instead(bank_of: MakeBank) -> None:
    bank = rct_and_not(bank_of, 8)
    found = moderated(bank, cells(bank, Query(intervention="meetings")).cells[0], next(m for m in MODERATORS if m.id == "design"))
    assert found.model is None
    assert "mindst 10 i alt" in found.said.da
