"""Signs and what goes with them: closed forms, a bank with known shares, and the Danish bank counted anew."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests.conftest import finding, study
from virker import meta
from virker.bank import Bank, Query
from virker.synthesis.sign_model import Moderated, families, signed_findings, signs_of
from virker.synthesis.sign_moderators import MODERATORS
from virker.synthesis.verdict import Setting
from virker.synthesis.votecount import sign_test

MakeBank = Callable[..., Bank]
ASKED = Query(intervention="meetings")


def by(found: tuple[Moderated, ...], name: str) -> Moderated:
    return next(m for m in found if m.moderator.id == name)


def countries(bank_of: MakeBank, *counts: tuple[str, str, int]) -> Bank:
    """So many studies of a country and a direction."""
    made = [study(f"{c.lower()}-{d}-{i}", finding(1, d, significant="yes" if d != "none" else "no"), countries=(c,)) for c, d, n in counts for i in range(n)]
    return bank_of(*made)


def test_the_sign_test_counts_pieces_of_evidence_and_not_findings(bank_of: MakeBank) -> None:
    many = study("mange", *(finding(n, "negative") for n in range(1, 9)))
    found = signs_of(bank_of(many, *(study(f"p-{i}", finding()) for i in range(7))), ASKED)
    assert found.test is not None
    assert (found.counts["positive"], found.counts["negative"]) == (7, 1)
    assert found.test.p == pytest.approx(sign_test(7, 1))
    assert "8 studier og forsøg: 7 positive" in found.said.da


def test_one_piece_is_too_few_for_a_sign_test(bank_of: MakeBank) -> None:
    found = signs_of(bank_of(study("én", finding())), ASKED)
    assert found.test is None
    assert "for få til en fortegnstest" in found.said.da


def test_with_two_outcomes_and_two_sides_the_difference_is_that_of_the_shares(bank_of: MakeBank) -> None:
    """The probit of one dummy is saturated: it gives the shares themselves. Denmark 12 of 15, elsewhere 5 of 20."""
    bank = countries(bank_of, ("DK", "positive", 12), ("DK", "none", 3), ("DE", "positive", 5), ("DE", "none", 15))
    found = by(signs_of(bank, ASKED).moderators, "denmark")
    assert found.difference == pytest.approx(100 * (12 / 15 - 5 / 20), abs=1e-6)
    assert (found.one, found.other, found.findings) == (15, 20, 35)
    assert found.p is not None
    assert found.p < 0.01
    assert "55 procentpoint større blandt fund fra Danmark end blandt fund fra andre lande" in found.said.da
    assert "55 percentage points larger among findings from Denmark" in found.said.en


def test_a_unit_with_many_findings_weighs_one(bank_of: MakeBank) -> None:
    plain = countries(bank_of, ("DK", "positive", 8), ("DK", "none", 4), ("DE", "positive", 4), ("DE", "none", 8))
    doubled = Bank([*plain.studies.values()][:-1], plain.vocabulary)
    last = [*plain.studies.values()][-1]
    many = study(last.id, *(finding(n, "none", significant="no") for n in range(1, 20)), countries=("DE",))
    same = by(signs_of(doubled.replacing({many.id: many}), ASKED).moderators, "denmark")
    once = by(signs_of(plain, ASKED).moderators, "denmark")
    assert same.difference == pytest.approx(once.difference)
    assert same.findings == once.findings + 18


def test_the_model_is_the_engines_own_ordered_probit(bank_of: MakeBank) -> None:
    bank = countries(bank_of, ("DK", "positive", 9), ("DK", "none", 3), ("DK", "negative", 2), ("SE", "positive", 4), ("SE", "none", 6), ("SE", "negative", 5))
    found = by(signs_of(bank, ASKED).moderators, "denmark")
    rows = signed_findings(bank, ASKED, False)
    x = [float(r.countries == ("DK",)) for r, _, _ in rows]
    model = meta.ordered_probit([s for *_, s in rows], x, cluster=[u for _, u, _ in rows], weights=np.ones(len(rows)))
    assert found.model is not None
    assert found.model.coefficients.beta == pytest.approx(model.coefficients.beta)
    assert found.difference == pytest.approx(100 * model.marginal[0, -1])


def test_a_known_difference_is_found_as_often_as_the_interval_says(bank_of: MakeBank) -> None:
    """True shares 70 and 40 per cent positive: the 95 per cent interval holds 30 points in most of 60 banks."""
    rng, held = np.random.default_rng(7), 0
    for _ in range(60):
        dk, de = rng.binomial(40, 0.7), rng.binomial(40, 0.4)
        bank = countries(bank_of, ("DK", "positive", dk), ("DK", "none", 40 - dk), ("DE", "positive", de), ("DE", "none", 40 - de))
        found = by(signs_of(bank, ASKED).moderators, "denmark")
        assert found.low is not None
        assert found.high is not None
        held += found.low <= 30 <= found.high
    assert 52 <= held <= 60


def test_too_few_on_a_side_is_said_and_no_model_is_fitted(bank_of: MakeBank) -> None:
    found = by(signs_of(countries(bank_of, ("DK", "positive", 4), ("DE", "none", 30)), ASKED).moderators, "denmark")
    assert (found.model, found.difference) == (None, None)
    assert "for få til en model (4 og 30 studier eller forsøg" in found.said.da


def test_the_thresholds_are_settings(bank_of: MakeBank) -> None:
    bank = countries(bank_of, ("DK", "positive", 3), ("DK", "none", 2), ("DE", "positive", 1), ("DE", "none", 4))
    found = signs_of(bank, ASKED, settings={"units_for_probit": Setting(10, False, "prøve", "trial")})
    assert by(found.moderators, "denmark").model is not None
    assert by(signs_of(bank, ASKED).moderators, "denmark").model is None


def test_a_perfect_split_is_refused_in_words(bank_of: MakeBank) -> None:
    found = by(signs_of(countries(bank_of, ("DK", "positive", 15), ("DE", "none", 15)), ASKED).moderators, "denmark")
    assert found.model is None
    assert "ingen model" in found.said.da


def test_only_printed_significance_can_be_asked_for(bank_of: MakeBank) -> None:
    bank = bank_of(study("a-1", finding(1, significant="yes")), study("b-1", finding()))
    assert len(signed_findings(bank, ASKED, False)) == 2
    assert [r.study.id for r, _, _ in signed_findings(bank, ASKED, True)] == ["a-1"]


@pytest.mark.parametrize(
    ("name", "one", "other"),
    [
        ("cycle", {"cycle": "recession"}, {"cycle": "boom"}),
        ("individual", {"intervention": "meetings-individual"}, {"intervention": "meetings-group"}),
        ("private", {"intervention": "wage-subsidy-private"}, {"intervention": "wage-subsidy-public"}),
        ("lock-in", {"phase": "lock-in"}, {"phase": "after"}),
        ("horizon", {"horizon_months": 24.0}, {"horizon_months": 12.0}),
        ("sex", {"subgroup": ("women",)}, {"target_group": ("men",)}),
    ],
)
def test_each_moderator_reads_its_field_and_leaves_the_silent_out(bank_of: MakeBank, name: str, one: dict[str, Any], other: dict[str, Any]) -> None:
    moderator = next(m for m in MODERATORS if m.id == name)
    bank = bank_of(study("a-1", finding(1, **one)), study("b-1", finding(1, **other)), study("c-1", finding(1)))
    assert [moderator.is_one(bank, r) for r in bank.rows] == [True, False, None]


def test_every_moderator_is_said_in_both_languages() -> None:
    assert all(s.da and s.en and s.da != s.en for m in MODERATORS for s in (m.one, m.other))


def test_on_the_danish_bank_the_sides_are_those_counted_anew(danish: Bank) -> None:
    found = signs_of(danish, Query())
    design = by(found.moderators, "design")
    rows = [(r, u) for r, u, _ in signed_findings(danish, Query(), False)]
    level = {t.id: t.maryland for t in danish.vocabulary["designs"].values()}
    assert design.one == len({u for r, u in rows if level[r.study.design] == 5})
    assert by(found.moderators, "denmark").one == len({u for r, u in rows if r.countries == ("DK",)})
    assert sum(found.counts.values()) > 100
    assert all(r.finding.kind == "effect" and r.finding.origin.level != "seed" for r, _ in rows)


def test_families_are_the_measures_at_the_top_that_have_evidence(danish: Bank) -> None:
    found = families(danish, Query())
    assert set(found) <= {t.id for t in danish.vocabulary["interventions"].values() if t.parent is None}
    assert all(sum(s.counts.values()) for s in found.values())
    assert {"meetings", "training", "incentives"} <= set(found)
