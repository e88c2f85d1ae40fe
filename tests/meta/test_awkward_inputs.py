"""Awkward input, walked through every public function: a result that can be printed and written as JSON, or a typed error in plain words.

Nothing else may come out: no error of NumPy's, no warning of a division by zero, no result that hides infinity.
"""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, get_args

import numpy as np
import pytest

from tests.meta.calls import CALLS, Sample, sample
from virker import meta
from virker.meta import effect_sizes as es
from virker.meta.errors import CollinearError, InputError, MetaError, TooFew
from virker.meta.plain import plain
from virker.meta.tau2 import Method

S = sample()


def _first(k: int) -> Sample:
    return Sample(S.y[:k], S.v[:k], S.X[:k], S.study[:k], S.n[:k], tag=S.tag[:k])


def _with(name: str, at: int, value: float, of: Sample = S) -> Sample:
    array = np.array(getattr(of, name), dtype=float)
    array[at] = value
    return replace(of, **{name: array})


_rng = np.random.default_rng(11)
_wide = np.exp(_rng.uniform(np.log(1e-4), np.log(1e2), 18))

AWKWARD: dict[str, Sample] = {
    "no estimate": _first(0),
    "one estimate": _first(1),
    "two estimates": _first(2),
    "three estimates": _first(3),
    "four estimates of one study": replace(_first(4), study=np.zeros(4, dtype=int)),
    "all of one study": replace(S, study=np.zeros(18, dtype=int)),
    "each its own study": replace(S, study=np.arange(18)),
    "two studies": replace(S, study=np.repeat([0, 1], [3, 15])),
    "studies named in words": replace(S, study=np.array([f"Bjørn & Ærø {i}" for i in S.study])),
    "variances over six orders of magnitude": replace(S, v=_wide, y=np.sqrt(_wide) * _rng.normal(size=18)),
    "one study that outweighs all": _with("v", 3, 1e-12),
    "perfect agreement": replace(S, y=np.full(18, 0.3)),
    "perfect agreement of two": replace(_first(2), y=np.full(2, 0.3)),
    "all estimates nil": replace(S, y=np.zeros(18)),
    "equal variances": replace(S, v=np.full(18, 0.04)),
    "equal estimates and variances": replace(S, y=np.full(18, 0.3), v=np.full(18, 0.04)),
    "perfectly explained by the moderator": replace(S, y=0.1 + 0.3 * S.X[:, 1]),
    "a moderator that does not vary": replace(S, X=np.ones((18, 2))),
    "a moderator of zeros": replace(S, X=np.column_stack([np.ones(18), np.zeros(18)])),
    "a moderator that marks one estimate": replace(S, X=np.column_stack([np.ones(18), np.arange(18) == 0]).astype(float)),
    "a moderator nearly the intercept": replace(S, X=np.column_stack([np.ones(18), 2000 + 1e-7 * np.arange(18)])),
    "a far outlier": _with("y", 2, 1e4),
    "enormous numbers": replace(S, y=1e150 * S.y, v=1e300 * S.v),
    "tiny numbers": replace(S, y=1e-150 * S.y, v=1e-300 * S.v),
    "duplicated": Sample(np.tile(S.y, 2), np.tile(S.v, 2), np.tile(S.X, (2, 1)), np.tile(S.study, 2), np.tile(S.n, 2)),
    "all significant": replace(S, y=np.sqrt(S.v) * (4 + np.arange(18) / 18)),
    "none significant": replace(S, y=np.sqrt(S.v) * np.linspace(-1, 1, 18)),
    "all negative": replace(S, y=-np.abs(S.y) - 0.1),
}
# Here there is no honest result: each of these must be an InputError, whatever uses the field.
WRONG: dict[str, Sample] = {
    "a missing estimate": _with("y", 4, np.nan),
    "an infinite estimate": _with("y", 4, np.inf),
    "a missing variance": _with("v", 4, np.nan),
    "an infinite variance": _with("v", 4, np.inf),
    "a variance of zero": _with("v", 4, 0.0),
    "a negative variance": _with("v", 4, -0.1),
    "fewer variances than estimates": replace(S, v=S.v[:10]),
    "estimates as words": replace(S, y=np.array(["æ"] * 18, dtype=object)),
    "estimates in a square": replace(S, y=np.ones((18, 18))),
}
FROM_Z = ("p_curve", "combine_p", "ordered_probit", "sign_test", "harvest", "effect_sizes.printed")
TAKE_NOTHING = ("p_curve", "harvest", "effect_sizes.printed")
_MACHINE = re.compile(r"broadcast|operand|shapes \(|singular|SVD|dtype|object arrays|index \d|axis|ufunc|NoneType")


def outcome(call: Any, s: Sample) -> Any:
    """The result, or the engine's own error; everything else is a failure of the test."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            result = call(s)
        except MetaError as error:
            return error
        printable(result)
        return result


def printable(result: Any) -> None:
    assert str(result)
    if not isinstance(result, (np.ndarray, meta.bayes.BayesModel)):  # a Bayesian model is made of functions
        json.dumps(plain(result, leave_out=("groups", "clusters", "data")), allow_nan=False)
    if hasattr(result, "to_dict"):
        json.dumps(result.to_dict(), allow_nan=False)
    for name, value in leaves(result):
        assert not np.isinf(np.asarray(value, dtype=float)).any(), f"{name} is infinite"


def leaves(result: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if hasattr(result, "__dataclass_fields__"):
        for name in result.__dataclass_fields__:
            if not name.startswith("_") and name not in ("statistic", "df", "covariance", "prior"):
                yield from leaves(getattr(result, name), f"{path}.{name}")
    elif isinstance(result, (float, np.floating)) or (isinstance(result, np.ndarray) and result.dtype.kind == "f"):
        yield path or "the result", result


def in_plain_words(error: Exception) -> None:
    text = str(error)
    assert len(text.split()) >= 5, text
    assert not _MACHINE.search(text), text


def walk(call: str, samples: dict[str, Sample]) -> dict[str, Any]:
    """What each sample gives; every surprise in one message."""
    found, surprises = {}, []
    for name, s in samples.items():
        try:
            found[name] = outcome(CALLS[call], s)
            if isinstance(found[name], MetaError):
                in_plain_words(found[name])
        except Exception as error:
            surprises.append(f"{name}: {type(error).__name__}: {error}")
    assert not surprises, f"{call}\n" + "\n".join(surprises)
    return found


@pytest.mark.parametrize("call", CALLS)
def test_awkward_input_gives_a_result_or_a_typed_error_in_plain_words(call):
    found = walk(call, AWKWARD)
    assert isinstance(found["no estimate"], InputError) or call in TAKE_NOTHING
    assert not isinstance(found["duplicated"], MetaError)


@pytest.mark.parametrize("call", [call for call in CALLS if call.partition(":")[0] not in FROM_Z])
def test_wrong_input_is_refused_and_the_message_says_what_is_wrong(call):
    for name, found in walk(call, WRONG).items():
        assert isinstance(found, InputError), f"{call}, {name}: {found!r:.200}"
        assert re.search(r"\b[yvV]\b", str(found)), f"{name}: {found}"


def test_all_that_is_wrong_is_told_at_once():
    with pytest.raises(InputError) as told:
        meta.fit([0.1, np.nan, 0.3], [0.1, -0.2, 0.0], [[1.0, 1.0], [1.0, 1.0], [1.0, 1.0]], names=["nævner", "år"])
    assert str(told.value).splitlines() == [
        "y is missing or infinite at 1 (counted from 0): leave these estimates out.",
        "v must be above zero, and is not at 1, 2 (counted from 0): a sampling variance of zero says that the effect is known exactly.",
    ]
    with pytest.raises(InputError, match=r"(?s)v has 2 values.*'nævner', 'år'"):
        meta.fit([0.1, 0.2, 0.3], [0.1, 0.2], [[1.0, 1.0], [1.0, 1.0], [1.0, 1.0]], names=["nævner", "år"])


@pytest.mark.parametrize("name", ["one estimate", "two estimates", "three estimates", "perfect agreement", "perfect agreement of two", "all estimates nil",
    "variances over six orders of magnitude", "equal variances", "a far outlier", "studies named in words"])  # fmt: skip
@pytest.mark.parametrize("call", ["fit: common", "fit: dl", "fit: pm", "fit: ml", "fit: reml", "fit: eb", "predict", "weights", "aggregate"])
def test_few_or_strange_estimates_still_have_a_mean(call, name):
    assert not isinstance(outcome(CALLS[call], AWKWARD[name]), MetaError)


@pytest.mark.parametrize("method", get_args(Method))
def test_estimates_that_agree_have_nothing_between_them(method):
    for name in ("perfect agreement", "perfect agreement of two", "all estimates nil"):
        s = AWKWARD[name]
        model = meta.fit(s.y, s.v, method=method, weights=s.n if method in ("genq", "genqm") else None)
        assert model.tau2 == (pytest.approx(0.0, abs=1e-12) if method in ("sj", "sjit") else 0.0), name
        assert model.beta[0] == pytest.approx(s.y[0], rel=1e-14)


# Order and duplication: what must not matter does not.

ORDERED = {
    "cumulative",
    "bootstrap",
    "bootstrap_multilevel",
    "wild_bootstrap",
    "permutation_test",
    "gosh",
}  # depend on the order by what they are, or draw by position
OF_PAIRS = {"fit_multivariate", "robust: multivariate", "fit_cells"}  # made of pairs of neighbours by the walk itself
SCALARS = [call for call in CALLS if call.partition(":")[0] not in ORDERED | OF_PAIRS and call not in OF_PAIRS]


def of_no_study(result: Any) -> dict[str, Any]:
    """The numbers of a result that are not one for each estimate or study."""
    return {name: np.asarray(value, dtype=float) for name, value in leaves(result) if np.ndim(value) == 0 or len(value) < 8}


@pytest.mark.parametrize("call", SCALARS)
def test_the_order_of_the_estimates_does_not_matter(call):
    order = np.random.default_rng(1).permutation(18)
    moved = Sample(S.y[order], S.v[order], S.X[order], np.asarray(S.study)[order], S.n[order], tag=S.tag[order])
    one, other = (of_no_study(CALLS[call](s)) for s in (S, moved))
    for name, value in one.items():
        if name.rpartition(".")[2] not in ("gain", "iterations"):
            np.testing.assert_allclose(other[name], value, rtol=1e-8, atol=1e-10, err_msg=name)


@pytest.mark.parametrize("method", ["common", "dl", "pm", "ml", "reml", "eb", "he"])
def test_two_copies_of_every_estimate_keep_the_mean_and_have_a_smaller_standard_error(method):
    one, two = (meta.fit(s.y, s.v, method=method) for s in (S, AWKWARD["duplicated"]))
    assert two.se[0] < one.se[0]
    if method in ("common", "ml"):  # the likelihood of the copies is the square: its maximum stays
        assert two.beta[0] == pytest.approx(one.beta[0], rel=1e-9)
        assert two.tau2 == pytest.approx(one.tau2, rel=1e-8)
        assert two.se[0] == pytest.approx(one.se[0] / np.sqrt(2), rel=1e-9)


def test_copies_within_a_cluster_do_not_pretend_to_be_more_evidence():
    one, two = (meta.robust(meta.fit(s.y, s.v, method="common"), s.study, kind="CR0").coefficients for s in (S, AWKWARD["duplicated"]))
    assert two.se[0] == pytest.approx(one.se[0], rel=1e-12)


# Tables and effect sizes: zero cells, missing and impossible counts.

TABLES = {
    "log odds ratio": lambda t: es.two_proportions(*t, measure="log-odds-ratio"),
    "risk difference": lambda t: es.two_proportions(*t, measure="risk-difference"),
    "log risk ratio": lambda t: es.two_proportions(*t, measure="log-risk-ratio"),
    "arcsine": lambda t: es.two_proportions(*t, measure="arcsine-difference"),
    "tetrachoric": lambda t: es.two_proportions(*t, measure="tetrachoric"),
    "one proportion": lambda t: es.one_proportion(t[0], t[1], measure="logit"),
    "rates": lambda t: es.two_rates(*t, measure="log-rate-ratio"),
    "mantel-haenszel": lambda t: meta.mantel_haenszel(*t),
    "mantel-haenszel, rates": lambda t: meta.mantel_haenszel_rates(*t),
    "peto": lambda t: meta.peto(*t),
    "glmm": lambda t: meta.fit_glmm(*t),
    "glmm, random study": lambda t: meta.fit_glmm(*t, model="random-study"),
    "glmm, conditional": lambda t: meta.fit_glmm(*t, model="conditional-exact"),
    "glmm, rates": lambda t: meta.fit_glmm_rates(*t),
}
COUNTS = {
    "plain": ([4, 6, 3], [120, 300, 230], [11, 29, 11], [130, 300, 220]),
    "a zero cell": ([0, 6, 3], [120, 300, 230], [11, 29, 11], [130, 300, 220]),
    "zero in both groups": ([0, 6, 3], [120, 300, 230], [0, 29, 11], [130, 300, 220]),
    "all of one group": ([4, 300, 3], [120, 300, 230], [11, 29, 11], [130, 300, 220]),
    "no event in group 1": ([0, 0, 0], [120, 300, 230], [11, 29, 11], [130, 300, 220]),
    "no event at all": ([0, 0, 0], [120, 300, 230], [0, 0, 0], [130, 300, 220]),
    "events only": ([120, 300, 230], [120, 300, 230], [130, 300, 220], [130, 300, 220]),
    "one study": ([4], [120], [11], [130]),
    "no study": ([], [], [], []),
    "huge counts": ([4e8, 6e8], [1e9, 2e9], [5e8, 7e8], [1e9, 2e9]),
}
NO_COUNTS = {
    "a negative count": ([-4, 6, 3], [120, 300, 230], [11, 29, 11], [130, 300, 220]),
    "shapes that do not fit": ([4, 6], [120, 300, 230], [11, 29, 11], [130, 300, 220]),
    "infinite": ([np.inf, 6, 3], [120, 300, 230], [11, 29, 11], [130, 300, 220]),
    "words": (["æ", 6, 3], [120, 300, 230], [11, 29, 11], [130, 300, 220]),
}


@pytest.mark.parametrize("name", COUNTS)
@pytest.mark.parametrize("call", TABLES)
def test_zero_cells_give_a_result_or_a_typed_error_in_plain_words(call, name):
    found = outcome(TABLES[call], COUNTS[name])
    if isinstance(found, MetaError):
        in_plain_words(found)
        assert name != "plain", found
    elif hasattr(found, "v"):
        assert np.isfinite(found.y).all()
        assert (found.v > 0).all()


@pytest.mark.parametrize("name", NO_COUNTS)
@pytest.mark.parametrize("call", TABLES)
def test_impossible_counts_are_refused(call, name):
    if call == "one proportion" and name == "shapes that do not fit":
        table: Any = ([4, 6], [120, 300, 230], [], [])
    else:
        table = NO_COUNTS[name]
    found = outcome(TABLES[call], table)
    assert isinstance(found, InputError), f"{found!r:.200}"
    in_plain_words(found)


@pytest.mark.parametrize(
    ("call", "have", "of"),
    [
        (lambda k: meta.pet_peese(S.y[:k], S.v[:k]), 2, "estimates"),
        (lambda k: meta.selection_model(S.y[:k], S.v[:k]), 1, "estimates"),
        (lambda k: meta.leave_one_out(meta.fit(S.y[:k], S.v[:k])), 1, "estimates"),
        (lambda k: meta.influence(meta.fit(S.y[:k], S.v[:k])), 1, "estimates"),
        (lambda k: meta.rank_test(S.y[:k], S.v[:k]), 1, "estimates"),
        (lambda k: meta.fit(S.y[:k], S.v[:k], S.X[:k]), 1, "estimates"),
        (lambda k: meta.robust(meta.fit(S.y, S.v), np.repeat(np.arange(k), 18 // k)), 1, "clusters"),
    ],
)
def test_too_few_says_how_many_would_do_and_so_many_do(call, have, of):
    with pytest.raises(TooFew) as error:
        call(have)
    assert (error.value.have, error.value.of) == (have, of)
    call(error.value.least)


def test_dependent_columns_are_named():
    x = S.X[:, 1]
    with pytest.raises(CollinearError) as error:
        meta.fit(S.y, S.v, np.column_stack([np.ones(18), x, S.v, 2 * x]), names=["intercept", "år", "størrelse", "måned"])
    assert error.value.columns == ("år", "måned")
