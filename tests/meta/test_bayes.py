"""Bayesian random-effects model: closed forms, an independent grid, simulation with known truth, printed numbers."""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, special, stats

from virker import meta
from virker.meta.bayes import Normal, Prior, fit_bayes, priors
from virker.meta.bayes.likelihood import conditional, line, problem
from virker.meta.bayes.panels import TOLERANCE
from virker.meta.bayes.panels import integrate as integral
from virker.meta.data import data
from virker.meta.errors import InputError, NotConverged

# Rubin (1981), coaching in eight schools, as printed in the vignette of the R package bayesmeta 2.3.
SCHOOLS = np.array([28.39, 7.94, -2.75, 6.82, -0.64, 0.63, 18.01, 12.16]), np.array([14.9, 10.2, 16.3, 11.0, 9.4, 11.4, 10.4, 17.6]) ** 2
PROPER = [
    priors.half_normal(8.0),
    priors.half_t(8.0, 3.0),
    priors.half_cauchy(25.0),
    priors.exponential(10.0),
    priors.log_normal(1.0, 0.8),
    priors.uniform(30.0),
    priors.conventional(SCHOOLS[1]),
    priors.dumouchel(SCHOOLS[1]),
    priors.shrinkage(SCHOOLS[1]),
    priors.i2(SCHOOLS[1]),
]


def grid(y, v, log_prior, effect=None, top=400.0, n=2001):
    """An independent posterior: trapezium over the root of tau and over mu, the joint density written out."""
    root = np.linspace(1e-9, np.sqrt(top), n)
    tau, mu = root**2, np.linspace(-150.0, 170.0, 601)
    log = np.zeros((len(tau), len(mu)))
    for one, variance in zip(y, v, strict=True):
        log += stats.norm.logpdf(one, mu[None, :], np.sqrt(variance + tau[:, None] ** 2))
    log += log_prior(tau)[:, None] + np.log(2 * root)[:, None]
    if effect:
        log += stats.norm.logpdf(mu, *effect)[None, :]
    return root, tau, mu, np.exp(log)


def test_the_posteriors_are_those_of_an_independent_grid():
    y, v = SCHOOLS
    root, tau, mu, joint = grid(y, v, lambda t: stats.halfnorm.logpdf(t, scale=10), effect=(0, 50))
    found = fit_bayes(y, v, tau_prior=priors.half_normal(10), effect_prior=Normal(0, 50))
    total = np.trapezoid(np.trapezoid(joint, mu, axis=1), root)
    of_tau, of_mu = np.trapezoid(joint, mu, axis=1) / total, np.trapezoid(joint, root, axis=0) / total
    assert found.log_marginal == pytest.approx(np.log(total), abs=5e-5)
    assert found.tau.mean == pytest.approx(np.trapezoid(of_tau * tau, root), rel=1e-5)
    assert found.tau.sd == pytest.approx(np.sqrt(np.trapezoid(of_tau * tau**2, root) - found.tau.mean**2), rel=1e-4)
    assert found.effect.mean == pytest.approx(np.trapezoid(of_mu * mu, mu), rel=1e-5)
    assert found.effect.sd == pytest.approx(np.sqrt(np.trapezoid(of_mu * mu**2, mu) - found.effect.mean**2), rel=1e-4)
    assert found.effect.above(0.0) == pytest.approx(np.trapezoid(np.where(mu >= 0, of_mu, 0.0), mu), abs=5e-3)
    np.testing.assert_allclose(found.effect.pdf(mu[::25]), of_mu[::25], atol=1e-7)
    some = slice(50, 1500, 200)
    np.testing.assert_allclose(found.joint(tau[some, None], mu[None, ::50]), (joint / total / (2 * root[:, None]))[some, ::50], rtol=1e-4, atol=1e-12)


def test_printed_posteriors_of_eight_schools():
    """The vignette prints tau to seven digits. Its effect comes from a coarse mixture (delta 0.01), so that agrees to its own stated accuracy."""
    found = fit_bayes(*SCHOOLS, tau_prior=priors.half_cauchy(25), effect_prior=Normal(0, 50))
    assert found.tau.mode == 0.0
    assert (found.tau.median, found.tau.mean, found.tau.sd) == pytest.approx((4.758539, 5.884511, 4.869904), abs=1e-6)
    assert found.tau.interval() == pytest.approx((0.0, 15.165894), abs=1e-6)
    assert (found.effect.median, found.effect.mean, found.effect.sd) == pytest.approx((7.962961, 7.985729, 4.995762), abs=1e-3)
    assert found.effect.interval() == pytest.approx((-1.823353, 17.824562), abs=3e-3)
    assert found.effect.mode == pytest.approx(7.929503, abs=1e-3)
    assert found.effect.above(0.0) == pytest.approx(0.9487521, abs=1e-4)
    assert found.effect.quantile(0.95) == pytest.approx(16.11009, abs=1e-3)
    assert found.tau.quantile(0.95) == pytest.approx(15.16589, abs=1e-5)
    assert found.tau.interval(kind="central") == pytest.approx((0.2199559, 18.0531718), abs=1e-5)
    a = found.study(0)
    assert (a.median, a.mean, a.sd, *a.interval()) == pytest.approx((10.093581, 11.095255, 7.901084, -3.209562, 28.169723), abs=0.03)
    h = found.study(7)
    assert (h.median, h.mean, h.sd, *h.interval()) == pytest.approx((8.266594, 8.474644, 7.456906, -6.528854, 24.110315), abs=0.03)


@pytest.mark.parametrize("k", [1, 2, 3, 10])
def test_equal_variances_and_uniform_shrinkage_have_a_closed_form(k):
    # u = v / (v + tau²) is uniform before, and a gamma distribution cut off at 1 after: u^((k-1)/2) exp(-S u / 2v).
    rng = np.random.default_rng(k)
    y, v = rng.normal(0, 2.0, k), 0.7
    found = fit_bayes(y, np.full(k, v), tau_prior="shrinkage")
    shape, rate = (k + 1) / 2, float(((y - y.mean()) ** 2).sum()) / (2 * v)
    p = np.array([0.01, 0.3, 0.5, 0.9, 0.999])
    u = special.gammaincinv(shape, (1 - p) * special.gammainc(shape, rate)) / rate if k > 1 else 1 - p
    np.testing.assert_allclose(found.tau.quantile(p), np.sqrt(v / u - v), rtol=1e-9)
    np.testing.assert_allclose(found.tau.cdf(np.sqrt(v / u - v)), p, rtol=1e-9)


@pytest.mark.parametrize("prior", PROPER, ids=str)
def test_priors_that_are_called_proper_integrate_to_one(prior):
    ends = np.concatenate([[0.0], np.logspace(-8, 10, 37)])
    ends = np.append(ends[ends < prior.upper], prior.upper) if np.isfinite(prior.upper) else ends
    parts = [integrate.quad(lambda t: float(np.exp(prior.log_density(np.array([t]))[0])), a, b, limit=200)[0] for a, b in pairwise(ends)]
    assert sum(parts) == pytest.approx(1.0, abs=2e-8)


@pytest.mark.parametrize("prior", PROPER, ids=str)
def test_one_study_says_nothing_about_tau(prior):
    found = fit_bayes([3.0], [100.0], tau_prior=prior)
    at = np.array([0.5, 4.0, 11.0, 25.0])
    before = [integrate.quad(lambda t: float(np.exp(prior.log_density(np.array([t]))[0])), 0, b, limit=400)[0] for b in at]
    np.testing.assert_allclose(found.tau.cdf(at), before, atol=1e-7)
    assert found.effect.median == pytest.approx(3.0, abs=1e-9)


@pytest.mark.parametrize("prior", [priors.uniform(), priors.square_root(), priors.jeffreys(SCHOOLS[1]), priors.berger_deely(SCHOOLS[1])], ids=str)
def test_the_tail_of_an_improper_prior_is_as_stated(prior):
    slope = np.diff(prior.log_density(np.array([1e7, 1e8]))) / np.log(10)
    assert slope[0] == pytest.approx(prior.tail, abs=1e-6)


def test_improper_priors_are_refused_until_the_posterior_is_proper():
    y, v = SCHOOLS
    with pytest.raises(InputError, match="3 are needed"):
        fit_bayes(y[:2], v[:2], tau_prior="uniform")
    for name in ("square-root", "jeffreys", "berger-deely"):
        with pytest.raises(InputError, match="2 are needed"):
            fit_bayes(y[:1], v[:1], tau_prior=name)
        assert fit_bayes(y[:2], v[:2], tau_prior=name).tau.median > 0
    assert fit_bayes(y[:3], v[:3], tau_prior="uniform").tau.mean == float("inf")
    assert fit_bayes(y[:2], v[:2], tau_prior="uniform", effect_prior=Normal(0, 50)).effect.sd < 50


def test_without_heterogeneity_the_posterior_is_that_of_the_common_effect():
    y, v = SCHOOLS
    found = fit_bayes(y, v, tau_prior=priors.half_normal(1e-7))
    common = meta.fit(y, v, method="common")
    assert (found.effect.mean, found.effect.sd) == pytest.approx((common.beta[0], common.se[0]), rel=1e-9)
    assert found.effect.interval() == pytest.approx((common.coefficients.ci_low[0], common.coefficients.ci_high[0]), rel=1e-7)


def test_with_tau_known_the_posterior_is_the_conjugate_normal():
    y, v = SCHOOLS
    tau, before = 6.0, Normal(2.0, 5.0)
    found = fit_bayes(y, v, tau_prior=priors.log_normal(np.log(tau), 1e-6), effect_prior=before)
    w = 1 / (v + tau**2)
    variance = 1 / (w.sum() + 1 / 25)
    mean = variance * (w @ y + 2.0 / 25)
    assert (found.effect.mean, found.effect.sd) == pytest.approx((mean, np.sqrt(variance)), rel=1e-7)
    keep = tau**2 / (tau**2 + v[3])
    one = found.study(3)
    assert one.mean == pytest.approx(keep * y[3] + (1 - keep) * mean, rel=1e-7)
    assert one.sd == pytest.approx(np.sqrt(keep * v[3] + (1 - keep) ** 2 * variance), rel=1e-7)
    assert found.new_study().sd == pytest.approx(np.sqrt(variance + tau**2), rel=1e-7)


def test_moderators_give_the_posterior_of_an_independent_integral():
    rng = np.random.default_rng(3)
    k = 9
    X = np.column_stack([np.ones(k), rng.normal(2000, 4, k)])
    v = rng.uniform(0.01, 0.05, k)
    y = 0.3 - 0.02 * (X[:, 1] - 2000) + rng.normal(0, 0.3, k)
    found = fit_bayes(y, v, X, tau_prior=priors.half_normal(0.5), names=["intercept", "year"])

    def conditional(t):
        W = np.diag(1 / (v + t * t))
        C = X - [0, 2000]
        A = C.T @ W @ C
        b = np.linalg.solve(A, C.T @ W @ y)
        r = y - C @ b
        weight = np.exp(-0.5 * (np.log(v + t * t).sum() + np.linalg.slogdet(A)[1] + r @ W @ r)) * stats.halfnorm.pdf(t, scale=0.5)
        return weight, b[1], np.linalg.inv(A)[1, 1]

    total = integrate.quad(lambda t: conditional(t)[0], 0, 6, epsabs=0, epsrel=1e-11)[0]
    mean = integrate.quad(lambda t: np.prod(conditional(t)[:2]), 0, 6, epsabs=0, epsrel=1e-11)[0] / total
    square = integrate.quad(lambda t: conditional(t)[0] * (conditional(t)[1] ** 2 + conditional(t)[2]), 0, 6, epsabs=0, epsrel=1e-11)[0] / total
    assert found.effects[1].mean == pytest.approx(mean, rel=1e-8)
    assert found.effects[1].sd == pytest.approx(np.sqrt(square - mean**2), rel=1e-7)
    line = found.at([1, 2003])
    assert line.mean == pytest.approx(found.effects[0].mean + 2003 * mean, rel=1e-7)
    assert found.new_study([1, 2003]).sd > line.sd


def test_simulated_truths_lie_anywhere_in_their_posterior_alike():
    """Simulation-based calibration: truth drawn from the prior has a uniform place in its posterior."""
    rng = np.random.default_rng(11)
    places = []
    for _ in range(300):
        tau, mu = abs(rng.normal(0, 0.5)), rng.normal(0.1, 1.0)
        v = rng.uniform(0.02, 0.5, 5)
        theta = rng.normal(mu, tau, 5)
        found = fit_bayes(rng.normal(theta, np.sqrt(v)), v, tau_prior=priors.half_normal(0.5), effect_prior=Normal(0.1, 1.0))
        places.append(
            [float(found.tau.cdf(tau)), float(found.effect.cdf(mu)), float(found.study(2).cdf(theta[2])), float(found.new_study().cdf(rng.normal(mu, tau)))]
        )
    for place in np.array(places).T:
        assert stats.kstest(place, "uniform").pvalue > 0.01


@given(st.floats(-6, 6), st.sampled_from(["dumouchel", "jeffreys", "half-normal"]))
@settings(max_examples=25, deadline=None)
def test_the_unit_of_y_changes_nothing_but_the_unit(power, name):
    y, v = SCHOOLS
    c = 10.0**power

    def fitted(c):
        prior = priors.half_normal(10 * c) if name == "half-normal" else name
        return fit_bayes(c * y, c * c * v, tau_prior=prior, effect_prior=Normal(0, 50 * c))

    one, other = fitted(1.0), fitted(c)
    for of in ("tau", "effect"):
        a, b = getattr(one, of), getattr(other, of)
        np.testing.assert_allclose([b.mean / c, b.sd / c, b.median / c], [a.mean, a.sd, a.median], rtol=1e-9)
        np.testing.assert_allclose(np.array(b.interval(0.9)) / c, a.interval(0.9), rtol=1e-7, atol=1e-9)
    if name != "jeffreys":
        assert other.log_marginal == pytest.approx(one.log_marginal - len(y) * np.log(c), abs=1e-9)
        assert other.bayes_factor_of_no_effect() == pytest.approx(one.bayes_factor_of_no_effect(), rel=1e-9)
        assert other.bayes_factor_of_no_heterogeneity() == pytest.approx(one.bayes_factor_of_no_heterogeneity(), rel=1e-9)


def test_the_order_of_studies_does_not_matter_and_two_runs_are_the_same():
    y, v = SCHOOLS
    one, other, again = (fit_bayes(y[o], v[o], tau_prior="dumouchel") for o in (slice(None), slice(None, None, -1), slice(None)))
    assert other.effect.median == pytest.approx(one.effect.median, rel=1e-12)
    assert again.to_json() == one.to_json()


def test_bayes_factors_are_ratios_of_marginal_likelihoods():
    y, v = SCHOOLS
    found = fit_bayes(y, v, tau_prior=priors.half_normal(10), effect_prior=Normal(0, 20))

    def likelihood(t, m):
        return float(np.exp(stats.norm.logpdf(y, m, np.sqrt(v + t * t)).sum()))

    full = integrate.dblquad(lambda m, t: likelihood(t, m) * stats.norm.pdf(m, 0, 20) * stats.halfnorm.pdf(t, scale=10), 0, 60, -80, 100, epsrel=1e-8)[0]
    no_effect = integrate.quad(lambda t: likelihood(t, 0.0) * stats.halfnorm.pdf(t, scale=10), 0, 80, epsabs=0)[0]
    no_spread = integrate.quad(lambda m: likelihood(0.0, m) * stats.norm.pdf(m, 0, 20), -80, 100, epsabs=0)[0]
    assert found.log_marginal == pytest.approx(np.log(full), abs=1e-6)
    assert found.bayes_factor_of_no_effect() == pytest.approx(no_effect / full, rel=1e-5)
    assert found.bayes_factor_of_no_heterogeneity() == pytest.approx(no_spread / full, rel=1e-5)


def test_what_an_improper_prior_cannot_say_is_not_said():
    found = fit_bayes(*SCHOOLS, tau_prior="uniform")
    assert np.isnan([found.log_marginal, found.bayes_factor_of_no_effect(), found.bayes_factor_of_no_heterogeneity()]).all()
    assert json.loads(found.to_json())["log_marginal"] is None


def test_the_shortest_interval_is_shorter_and_has_equal_densities_at_its_ends():
    found = fit_bayes(*SCHOOLS, tau_prior=priors.half_normal(20))
    for of in (found.effect, found.new_study(), found.study(0)):
        low, high = of.interval(0.9)
        central = of.interval(0.9, "central")
        assert high - low <= central[1] - central[0]
        assert of.cdf(high) - of.cdf(low) == pytest.approx(0.9, abs=1e-10)
        assert of.pdf(low) == pytest.approx(float(of.pdf(high)), rel=1e-6)
    v = np.full(30, 0.01)
    far = fit_bayes(np.random.default_rng(0).normal(0, 1, 30), v, tau_prior=priors.half_normal(5))
    low, high = far.tau.interval()
    assert low > 0.5
    assert far.tau.pdf(low) == pytest.approx(float(far.tau.pdf(high)), rel=1e-6)
    assert low < far.tau.mode < high


def test_many_precise_studies_and_very_unequal_ones_are_integrated_to_the_bound():
    rng = np.random.default_rng(5)
    v = 10.0 ** rng.uniform(-6, 0, 3000)
    found = fit_bayes(rng.normal(0.2, np.sqrt(v + 0.09)), v, tau_prior=priors.half_cauchy(1.0))
    assert found.error < 10 * TOLERANCE
    assert found.tau.mean == pytest.approx(0.3, abs=5 * found.tau.sd)
    reml = meta.fit(rng.normal(0.2, np.sqrt(v + 0.09)), v)
    assert found.tau.sd == pytest.approx(reml.tau2_se / (2 * reml.tau2**0.5), rel=0.05)


@pytest.mark.parametrize("prior", [priors.uniform(1e-12), priors.half_normal(1e-12), priors.log_normal(-30.0, 0.1), priors.exponential(1e-12)], ids=str)
def test_a_prior_that_allows_no_spread_gives_the_common_effect(prior):
    found = fit_bayes(*SCHOOLS, tau_prior=prior)
    common = meta.fit(*SCHOOLS, method="common")
    assert found.effect.interval() == pytest.approx((common.coefficients.ci_low[0], common.coefficients.ci_high[0]), rel=1e-7)
    assert 0 < found.tau.quantile(0.99) < 1e-11


def test_effects_far_from_zero_lose_no_digits():
    y, v = SCHOOLS
    one, far = fit_bayes(y, v, tau_prior="jeffreys"), fit_bayes(y + 2.0**30, v, tau_prior="jeffreys")
    assert far.tau.median == pytest.approx(one.tau.median, rel=1e-7)
    assert far.effect.median - 2.0**30 == pytest.approx(one.effect.median, abs=1e-6)
    np.testing.assert_allclose(far.study(2).sd, one.study(2).sd, rtol=1e-7)


def test_perfect_agreement_and_a_far_outlier_are_no_trouble():
    same = fit_bayes([0.1] * 5, [0.01] * 5, tau_prior=priors.half_normal(0.2))
    assert same.tau.mode == 0.0
    assert same.effect.median == pytest.approx(0.1)
    apart = fit_bayes([0.0, 1e6], [1.0, 1.0], tau_prior=priors.half_cauchy(1.0))
    assert apart.tau.median > 1e5
    assert apart.effect.median == pytest.approx(5e5, rel=1e-6)


def test_a_prior_of_ones_own_works_and_a_jump_in_it_is_resolved():
    mine = Prior("step", lambda t: np.where(t < 5.0, np.log(0.18), np.where(t < 15.0, np.log(0.01), -np.inf)), float("-inf"), upper=15.0)
    found = fit_bayes(*SCHOOLS, tau_prior=mine)
    split = fit_bayes(*SCHOOLS, tau_prior=priors.uniform(5.0)), fit_bayes(*SCHOOLS, tau_prior=priors.uniform(15.0))
    a, b = split[0].tau.panels.log_total, split[1].tau.panels.log_total
    low = 0.9 * np.exp(a)
    high = 0.01 * 15 * np.exp(b) * (1 - float(split[1].tau.cdf(5.0)))
    assert float(found.tau.cdf(5.0)) == pytest.approx(low / (low + high), rel=1e-6)


def test_a_prior_that_falls_too_slowly_is_told():
    slow = Prior("slow", lambda t: -1.02 * np.log1p(t), -1.02)
    with pytest.raises(NotConverged, match="lighter tail"):
        fit_bayes([1.0], [1.0], tau_prior=slow)


def test_bad_input_is_told():
    y, v = SCHOOLS
    with pytest.raises(InputError, match="dumouchel"):
        fit_bayes(y, v, tau_prior="dumouchl")
    with pytest.raises(InputError, match="above zero"):
        priors.half_normal(0.0)
    with pytest.raises(InputError, match="two studies"):
        fit_bayes(y[:1], v[:1], tau_prior="i2")
    with pytest.raises(InputError, match="2 columns"):
        fit_bayes(y, v, np.column_stack([np.ones(8), np.arange(8)]), tau_prior="dumouchel", effect_prior=Normal(0, 1))
    with pytest.raises(InputError, match="standard deviation above zero"):
        Normal(0.0, -1.0)
    found = fit_bayes(y, v, tau_prior="dumouchel")
    with pytest.raises(InputError, match="no study 8"):
        found.study(8)
    with pytest.raises(InputError, match="shortest"):
        found.effect.interval(0.9, "shortst")
    with pytest.raises(InputError, match="between 0 and 1"):
        found.tau.quantile(1.0)
    with pytest.raises(TypeError):
        fit_bayes(y, v)  # a prior is never assumed


def test_the_rule_for_scales_gives_back_the_spread_between_persons():
    n = np.array([50, 200, 1000])
    assert priors.unit_information_sd(4.0 / n, n) == pytest.approx(2.0)


def test_it_prints_the_priors_and_gives_rows():
    found = fit_bayes(*SCHOOLS, tau_prior=priors.half_cauchy(25), names=None)
    assert "half-Cauchy(25)" in str(found)
    assert [row["name"] for row in found.rows()] == ["tau", "intercept", "new study"]
    assert len(found.studies().rows()) == 8


def exact(y, v, x, tau, prior):
    """Log-likelihood, and mean and variance of the coefficients, of a line with a normal prior for its slope, in fractions."""
    y, v, x, t = [Fraction(a) for a in y.tolist()], [Fraction(a) for a in v.tolist()], [Fraction(a) for a in x.tolist()], Fraction(tau)
    w = [1 / (a + t * t) for a in v]
    precision, mean = (Fraction(1) / Fraction(prior.sd) ** 2, Fraction(prior.mean)) if prior else (Fraction(0), Fraction(0))
    a, b = sum(w), sum(i * j for i, j in zip(w, x, strict=True))
    c = sum(i * j * j for i, j in zip(w, x, strict=True)) + precision
    d, e = sum(i * j for i, j in zip(w, y, strict=True)), sum(i * j * k for i, j, k in zip(w, x, y, strict=True)) + precision * mean
    det = a * c - b * b
    beta = (c * d - b * e) / det, (a * e - b * d) / det
    rss = sum(i * (j - beta[0] - beta[1] * k) ** 2 for i, j, k in zip(w, y, x, strict=True)) + precision * (beta[1] - mean) ** 2
    log = 0.5 * sum(np.log(float(i)) for i in w) - 0.5 * float(rss) - 0.5 * np.log(float(det))
    return log, np.array([float(one) for one in beta]), np.array([float(c / det), float(a / det)])


@pytest.mark.parametrize("prior", [None, Normal(0.4, 0.5), Normal(0.4, 1e-5)], ids=str)
@pytest.mark.parametrize("least", [0.03, 1e-12, 1e-18])
def test_one_study_that_outweighs_all_takes_no_digits_from_the_others(least, prior):
    rng = np.random.default_rng(5)
    x, v = rng.normal(size=9), rng.uniform(0.02, 0.1, 9)
    y, v[3] = 0.3 + 0.2 * x + rng.normal(size=9), least
    p = problem(data(y, v, np.column_stack([np.ones(9), x])), (None, prior))
    tau = np.array([0.0, 1e-9, 1e-5, 0.01, 0.3, 4.0, 1e6, 1e20])
    found = conditional(p, tau / p.scale)
    mean, variance = line(p, found, np.eye(2))
    true = [exact(y, v, x, float(t), prior) for t in tau]
    log = np.array([one[0] for one in true])
    np.testing.assert_allclose(np.diff(found.log_likelihood), np.diff(log), rtol=1e-10, atol=1e-11)
    np.testing.assert_allclose(mean, [one[1] for one in true], rtol=1e-9)
    np.testing.assert_allclose(variance[:-1], [one[2] for one in true][:-1], rtol=1e-9)


def test_an_integral_whose_error_adds_up_is_refused():
    assert integral(lambda x: -0.5 * x * x).log_total == pytest.approx(0.5 * np.log(2 * np.pi), rel=1e-12)
    with pytest.raises(NotConverged, match="did not settle"):
        integral(lambda x: -0.5 * x * x + 1e-8 * np.sin(1e9 * x))


def test_a_prior_that_contradicts_the_data_flatly_is_told():
    y, v = SCHOOLS
    with pytest.raises(NotConverged, match="Take a wider prior"):
        fit_bayes(1e6 * y, v, tau_prior=priors.uniform(2.0))
    far = fit_bayes(y, v, tau_prior=priors.half_normal(10), effect_prior=Normal(1e6, 1.0))  # here only the effect is far off: tau gives way
    assert far.error < 1e-10
    assert far.tau.median > 1000


def test_modes_are_where_the_density_is_level():
    found = fit_bayes(*SCHOOLS, tau_prior=priors.log_normal(1.5, 0.5), effect_prior=Normal(0, 50))
    for of in (found.tau, found.effect, found.new_study()):
        step = 1e-3 * of.sd
        rise = (of.pdf(of.mode + step) - of.pdf(of.mode - step)) / of.pdf(of.mode)
        bend = (of.pdf(of.mode + step) - 2 * of.pdf(of.mode) + of.pdf(of.mode - step)) / of.pdf(of.mode)
        assert abs(rise) < 0.01 * abs(bend)
