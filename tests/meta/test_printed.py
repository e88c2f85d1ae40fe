"""From what papers print: the same study told in different ways gives the same estimate and variance."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from virker.meta import effect_sizes as es
from virker.meta.errors import InputError


def test_one_study_told_by_se_interval_t_and_p_is_one_study():
    y, se, df = 0.031, 0.012, 84.0
    t = y / se
    half = stats.t.ppf(0.975, df) * se
    told = es.printed(
        [y] * 4,
        se=[se, None, None, None],
        low=[None, y - half, None, None],
        high=[None, y + half, None, None],
        t=[None, None, t, None],
        p=[None, None, None, 2 * stats.t.sf(t, df)],
        df=df,
    )
    assert told.v == pytest.approx(se**2, rel=1e-10)
    assert told.y == pytest.approx(y, rel=1e-14)


def test_a_90_percent_interval_is_read_as_one():
    assert es.printed(1.0, low=0.0, high=2.0, level=0.90).se[0] == pytest.approx(1 / stats.norm.ppf(0.95), rel=1e-12)


def test_a_printed_ratio_is_pooled_on_the_log_scale():
    found = es.hazard_ratios([1.20, 1.20], low=[1.02, None], high=[1.02 * (1.2 / 1.02) ** 2, None], se=[None, 0.1])
    assert found.y == pytest.approx(np.log(1.2))
    assert found.se[0] == pytest.approx(np.log(1.2 / 1.02) / stats.norm.ppf(0.975), rel=1e-12)
    assert found.se[1] == pytest.approx(0.1 / 1.2)


def test_an_estimate_that_is_not_printed_is_the_middle_of_its_interval_or_t_times_se():
    found = es.printed([None, None], low=[0.1, None], high=[0.3, None], t=[None, 2.0], se=[None, 0.05])
    assert found.y == pytest.approx([0.2, 0.1])


def test_smd_from_t_f_p_and_d_agree_with_the_means():
    m1, s1, n1, m2, s2, n2 = 3.0, 2.0, 40, 2.0, 2.5, 35
    whole = es.two_means(m1, s1, n1, m2, s2, n2, measure="smd")
    t = stats.ttest_ind_from_stats(m1, s1, n1, m2, s2, n2)
    told = es.smd_printed(
        n1,
        n2,
        t=[t.statistic, None, None, None],
        f=[None, t.statistic**2, None, None],
        p=[None, None, t.pvalue, None],
        d=[None, None, None, es.two_means(m1, s1, n1, m2, s2, n2, measure="smd", correct=False).y[0]],
        sign=[None, 1, 1, None],
    )
    assert told.y == pytest.approx(whole.y[0], rel=1e-10)
    assert told.v == pytest.approx(whole.v[0], rel=1e-10)


def test_sd_from_the_interval_of_a_mean():
    half = stats.t.ppf(0.975, 24) * 3.0 / 5
    assert es.sd_printed([25, 25], se=[0.6, None], low=[None, 10 - half], high=[None, 10 + half]) == pytest.approx(3.0)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: es.printed([0.1, 0.2], se=[0.1, None], df=5), r"position 1: the first of them has estimate, df\n.*one of: se; low and high; t; p"),
        (lambda: es.printed(0.0, p=1.0), "too little"),
        (lambda: es.printed(0.1, p=0.0), "only a bound"),
        (lambda: es.printed(0.5, low=0.1, high=0.3), "must lie in its interval"),
        (lambda: es.printed(0.2, low=0.3, high=0.1), "low must be below high"),
        (lambda: es.printed(-1.0, se=0.3, ratio=True), "estimate must be above 0"),
        (lambda: es.printed(0.1, low=0.0), "first of them has estimate, low"),
        (lambda: es.smd_printed(10, 10, f=4.0), "no direction at position 0"),
        (lambda: es.smd_printed(10, 10), "one of: t; f with sign"),
        (lambda: es.smd_printed(10, None, t=2.0), "needs n1, n2"),
        (lambda: es.sd_printed(1, low=0.0, high=1.0), "n above 1"),
    ],
)
def test_the_error_says_what_is_missing(call, says):
    with pytest.raises(InputError, match=says):
        call()
