"""Drawings: every result's, in both languages, narrow and wide; words that do not lie on each other; numbers where they belong."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.meta.calls import CALLS, sample
from virker import meta
from virker.errors import MissingExtra
from virker.meta import drawing
from virker.meta.drawing import DANISH, ENGLISH, Drawing, kinds_of
from virker.meta.drawing.axis import TRANSFORMS, axis
from virker.meta.drawing.surface import ACCENT, INK, MUTED, SECOND, WHITE, width_of, wrapped
from virker.meta.drawing.words import bracketed, decimals, figure
from virker.meta.errors import InputError
from virker.meta.results import Result

SVG = "{http://www.w3.org/2000/svg}"
#: Results that are a test or a few numbers.
NO_DRAWING = {"PermutationTest", "Comparison", "WaldTest", "RankTest", "FailSafeN", "CombinedP", "Baseline", "Decomposition"}
NAMES = ["Ærø, Ålborg og Læsø 2010", "Fanø 2012", "Samsø", "En meget lang overskrift på et studie med mange forfattere og et langt navn 2016"]
Y, V = [0.1, 0.3, 0.35, 0.65], [0.01, 0.02, 0.04, 0.02]


def drawings(width: int, words: str) -> list[tuple[str, Drawing]]:
    """A drawing of each kind of each type of result."""
    s, out, seen = sample(), [], set()
    for name, call in CALLS.items():
        if not isinstance(result := call(s), Result) or type(result) in seen:
            continue
        seen.add(type(result))
        for kind in kinds_of(result):
            if kind != "bubble":
                out.append((f"{name}: {kind}", result.draw(kind, words=words, width=width)))
    return out


@pytest.mark.parametrize("words", ["da", "en"])
@pytest.mark.parametrize("width", [320, 760, 1280])
def test_every_drawing_is_a_picture_with_words_inside_the_page_and_not_on_each_other(width: int, words: str) -> None:
    for name, made in drawings(width, words):
        page = ElementTree.fromstring(made.svg)
        assert page.get("role") == "img", name
        assert page.find(f"{SVG}title").text == made.title, name  # type: ignore[union-attr]
        assert page.find(f"{SVG}desc").text == made.alt, name  # type: ignore[union-attr]
        assert made.alt, name
        assert "{" not in made.alt, name
        assert (made.width, float(page.get("width", 0))) == (width, width), name
        boxes = [_box(text) for text in page.iter(f"{SVG}text")]
        for left, top, right, bottom, told in boxes:
            assert left >= -1, (name, told)
            assert right <= width + 1, (name, told)
            assert top >= 0, (name, told)
            assert bottom <= made.height, (name, told)
        for a, b in combinations(boxes, 2):
            assert not _overlap(a, b), (name, a, b)


def _box(text: ElementTree.Element) -> tuple[float, float, float, float, str]:
    told, size = text.text or "", float(text.get("font-size", 12))
    wide = width_of(told, size, text.get("font-weight") == "bold")
    x, y = float(text.get("x", 0)), float(text.get("y", 0))
    left = x - {"middle": wide / 2, "end": wide}.get(text.get("text-anchor", ""), 0)
    return left, y - size * 0.45, left + wide, y + size * 0.45, told


def _overlap(a: tuple[float, float, float, float, str], b: tuple[float, float, float, float, str]) -> bool:
    return min(a[2], b[2]) - max(a[0], b[0]) > 1 and min(a[3], b[3]) - max(a[1], b[1]) > 1


def test_every_result_draws_itself_or_is_said_to_be_only_a_test() -> None:
    s = sample()
    for name, call in CALLS.items():
        if isinstance(result := call(s), Result) and type(result).__name__ not in NO_DRAWING:
            assert kinds_of(result), f"{name}: {type(result).__name__} needs a line in drawing/kinds.py"
    with pytest.raises(InputError, match="RankTest is a test or a few numbers"):
        meta.rank_test(Y, V).draw()


def test_the_same_numbers_give_the_same_bytes() -> None:
    model = meta.fit(Y, V)
    assert model.draw(labels=NAMES).svg == meta.fit(Y, V).draw(labels=NAMES).svg


@pytest.mark.parametrize("colour", [INK, MUTED, ACCENT, SECOND])
def test_colours_of_words_and_marks_stand_out_on_white(colour: str) -> None:
    assert _contrast(colour, WHITE) >= 4.5


def _contrast(a: str, b: str) -> float:
    def light(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        line = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * line[0] + 0.7152 * line[1] + 0.0722 * line[2]

    high, low = sorted((light(a), light(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_both_languages_have_every_word_with_the_same_gaps() -> None:
    assert set(DANISH) == set(ENGLISH)
    for key, words in ENGLISH.items():
        assert sorted(re.findall(r"{\w+}", words)) == sorted(re.findall(r"{\w+}", DANISH[key])), key


def test_danish_numbers_have_a_comma_and_a_true_minus() -> None:
    assert figure(-0.104, 2, DANISH) == "−0,10"
    assert figure(-0.0004, 2, ENGLISH) == "0.00"
    assert figure(float("nan"), 2, DANISH) == "–"
    assert bracketed(-1.0, 2.5, 1, DANISH) == "[−1,0; 2,5]"
    assert bracketed(-1.0, 2.5, 1, ENGLISH) == "[−1.0, 2.5]"
    assert [decimals(x) for x in (0.03, 0.5, 12.0, 0.0)] == [3, 2, 0, 2]


def test_a_caller_may_change_single_words_and_is_told_of_words_that_do_not_exist() -> None:
    made = meta.fit(Y, V).draw(words={"summary": "Samlet effekt", "decimal": ","})
    assert "Samlet effekt" in made.svg
    with pytest.raises(InputError, match="No such words in the drawings: sumary"):
        meta.fit(Y, V).draw(words={"sumary": "x"})
    with pytest.raises(InputError, match="No words in 'sv'"):
        meta.fit(Y, V).draw(words="sv")


def _places(made: Drawing, shape: str) -> list[ElementTree.Element]:
    return list(ElementTree.fromstring(made.svg).iter(f"{SVG}{shape}"))


def test_the_squares_of_a_forest_plot_stand_at_the_estimates_and_their_areas_follow_the_weights() -> None:
    model = meta.fit(Y, V)
    squares = [r for r in _places(model.draw(labels=NAMES), "rect") if r.get("fill") == ACCENT]
    centres = [float(r.get("x", 0)) + float(r.get("width", 0)) / 2 for r in squares]
    assert np.corrcoef(centres, Y)[0, 1] == pytest.approx(1, abs=1e-4)
    sides = [float(r.get("width", 0)) for r in squares]
    assert np.argsort(sides, kind="stable").tolist() == np.argsort(meta.weights(model), kind="stable").tolist()


def test_on_a_log_scale_equal_factors_are_equal_steps_and_labels_are_natural() -> None:
    across = axis(np.log(0.1), np.log(10), 0, 600, TRANSFORMS["exp"])
    ticks = across.ticks(ENGLISH)
    assert "1" in [label for _, label in ticks]
    at = {label: across.at(x) for x, label in ticks}
    assert at["1"] - at["0.2"] == pytest.approx(at["5"] - at["1"])


@given(st.floats(-1e6, 1e6), st.floats(1e-9, 1e6), st.sampled_from(["none", "percent"]), st.integers(60, 1200))
def test_labels_of_an_axis_never_touch_and_stand_inside(low: float, span: float, name: str, pixels: int) -> None:
    across = axis(low, low + span, 20, 20 + pixels, TRANSFORMS[name])
    ticks = across.ticks(DANISH)
    assert ticks
    ends = -1e9
    for x, label in ticks:
        assert across.inside(x)
        if len(ticks) > 3:
            assert across.at(x) - width_of(label, 12) / 2 > ends
        ends = across.at(x) + width_of(label, 12) / 2


@given(st.text(alphabet="abcæøåÆØÅ -", max_size=80), st.floats(30, 400))
def test_broken_lines_fit_and_lose_no_word(text: str, width: float) -> None:
    lines = wrapped(text, width, 12)
    assert all(width_of(line, 12) <= width + 1e-9 for line in lines)
    if not any("…" in line for line in lines):
        assert " ".join(lines).split() == text.split()


def test_subgroups_get_their_own_mean_and_the_mean_of_all_stands_last() -> None:
    model = meta.fit([*Y, 0.2, 0.1], [*V, 0.03, 0.05], test="knapp-hartung")
    made = model.draw(by=["unge", "ældre"] * 3, words="da")
    own = meta.fit([0.1, 0.35, 0.2], [0.01, 0.04, 0.03], test="knapp-hartung")
    assert f"Gennemsnit, unge: {figure(float(own.beta[0]), 3, DANISH)}" in made.alt
    assert made.alt.index("Gennemsnit, ældre") < made.alt.index("Gennemsnitlig effekt")
    with pytest.raises(InputError, match="Subgroups are for models without moderators"):
        meta.fit(Y, V, [[1, 0], [1, 1], [1, 0], [1, 1]]).draw(by=["a", "b", "a", "b"])


def test_a_model_with_moderators_shows_what_they_fit() -> None:
    X = [[1, 0], [1, 1], [1, 0], [1, 1]]
    made = meta.fit(Y, V, X).draw(labels=NAMES)
    pale = [p for p in _places(made, "polygon") if p.get("fill") == "#e3d3c8"]
    assert len(pale) == 4
    assert ENGLISH["summary"] not in made.svg


def test_a_three_level_forest_plot_puts_estimates_under_their_study() -> None:
    model = meta.fit_multilevel(Y, V, ["Ærø", "Ærø", "Fanø", "Læsø"])
    robust = meta.robust(model, ["Ærø", "Ærø", "Fanø", "Læsø"])
    made = model.draw(labels=["a", "b", "c", "d"], summary=robust.coefficients, words="da")
    texts = [t.text for t in _places(made, "text")]
    assert [t for t in texts if t in ("Ærø", "a", "b", "c", "d")] == ["Ærø", "a", "b", "c", "d"]
    c = robust.coefficients
    assert bracketed(float(c.ci_low[0]), float(c.ci_high[0]), 3, DANISH) in made.svg


def test_points_that_are_filled_in_are_hollow() -> None:
    y, v = np.linspace(0.1, 1.2, 12), np.linspace(0.01, 0.4, 12)
    filled = meta.trim_and_fill(y, v, side="left")
    assert filled.k0 > 0
    dots = [c for c in _places(filled.draw(), "circle") if c.get("fill") == WHITE and c.get("r") == "4.5" and c.get("stroke") == SECOND]
    assert len(dots) == filled.k0 + 1  # and the one of the key


def test_the_lines_of_a_funnel_are_where_p_is_five_per_cent_around_the_mean() -> None:
    model = meta.fit(Y, V, method="common")
    told = model.draw("funnel").alt
    outside = int((np.abs(np.array(Y) - model.beta[0]) > 1.959964 * np.sqrt(V)).sum())
    assert f"{outside} lie outside the 95 % lines" in told


def test_effects_over_time_are_told_in_order_and_hollow_where_one_study_stands_alone() -> None:
    made = drawing.over_time([12, 3, 24], [1.0, -2.0, 3.0], [0.0, -3.0, 1.0], [2.0, -1.0, 5.0], pooled=[True, True, False], words="da")
    assert made.alt.index("3: −2,0") < made.alt.index("12: 1,0") < made.alt.index("24: 3,0")
    assert sum(c.get("fill") == WHITE for c in _places(made, "circle")) == 1
    with pytest.raises(InputError, match="equally long"):
        drawing.over_time([1], [1, 2], [0, 0], [3, 3])


def test_labbe_stands_on_the_line_of_its_effect_when_all_studies_share_it() -> None:
    n = np.full(3, 1000.0)
    share = np.array([0.1, 0.2, 0.4])
    odds = share / (1 - share) * 2
    made = drawing.labbe(1000 * odds / (1 + odds), n, 1000 * share, n, pooled=float(np.log(2)), labels=NAMES[:3])
    dots = [(float(c.get("cx", 0)), float(c.get("cy", 0))) for c in _places(made, "circle")]
    line = next(p for p in _places(made, "polyline") if p.get("stroke") == SECOND)
    path = np.array([tuple(map(float, p.split(","))) for p in line.get("points", "").split()])
    for x, y in dots:
        assert np.interp(x, path[:, 0], path[:, 1]) == pytest.approx(y, abs=1.0)
    with pytest.raises(InputError, match="Events must be counts"):
        drawing.labbe([5], [3], [1], [3])


def test_the_weights_of_a_step_function_are_drawn_where_they_hold() -> None:
    s = sample(30)
    found = meta.selection_model(s.y, s.v, steps=(0.025, 0.5))
    told = found.draw().alt
    for weight in found.delta:
        assert figure(float(weight), 2, ENGLISH) in told
    assert "for p from 0.025 to 0.5" in told


def test_an_interval_that_is_many_times_wider_than_the_others_is_cut_with_an_arrow() -> None:
    made = meta.fit([0.1, 0.2, 0.15, 0.3], [0.001, 0.001, 0.001, 25.0]).draw()
    arrows = [p for p in _places(made, "polygon") if p.get("fill") == INK and len((p.get("points") or "").split()) == 3]
    assert len(arrows) == 2


@pytest.mark.parametrize("k", [1, 2, 3])
def test_few_estimates_can_be_drawn(k: int) -> None:
    model = meta.fit(Y[:k], V[:k])
    for kind in ("forest", "funnel", "radial"):
        for width in (320, 760):
            assert model.draw(kind, width=width, labels=NAMES[:k]).svg


def test_estimates_that_are_all_alike_can_be_drawn() -> None:
    model = meta.fit([0.2] * 5, [0.01] * 5)
    for kind in kinds_of(model):
        if kind != "bubble":
            assert model.draw(kind).svg


@given(st.sampled_from([1e-6, 1e-3, 1.0, 1e3, 1e6]))
def test_the_unit_of_the_estimates_changes_the_labels_and_not_the_picture(c: float) -> None:
    def squares(made: Drawing) -> list[float]:
        rects = [r for r in _places(made, "rect") if r.get("fill") == ACCENT]
        right = max(float(r.get("x", 0)) for r in rects)
        left = min(float(r.get("x", 0)) for r in rects)
        return [(float(r.get("x", 0)) - left) / (right - left) for r in rects]

    own = squares(meta.fit(np.array(Y) * c, np.array(V) * c * c).draw())
    assert own == pytest.approx(squares(meta.fit(Y, V).draw()), abs=0.03)


def test_options_that_a_drawing_does_not_have_are_refused_with_the_nearest() -> None:
    model = meta.fit(Y, V)
    with pytest.raises(InputError, match="no drawing 'forrest'"):
        model.draw("forrest")
    with pytest.raises(InputError, match="has no option 'label'"):
        model.draw(label=["a"])
    with pytest.raises(InputError, match="labels has 2 names for 4 estimates"):
        model.draw(labels=["a", "b"])
    with pytest.raises(InputError, match="280 to 2000 pixels"):
        model.draw(width=100)
    with pytest.raises(InputError, match="No transformation 'ex'"):
        model.draw(transform="ex")
    with pytest.raises(InputError, match="limits must be"):
        model.draw(limits=(1, 0))


def test_a_drawing_is_saved_as_its_ending_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = meta.fit(Y, V).draw(labels=NAMES, words="da")
    assert made.save(tmp_path / "å.svg").read_text(encoding="utf-8") == made.svg
    assert made.save(tmp_path / "å.png").read_bytes().startswith(b"\x89PNG")
    assert made.save(tmp_path / "å.pdf").read_bytes().startswith(b"%PDF")
    assert made._repr_svg_() == made.svg
    with pytest.raises(InputError, match=r"cannot be saved as '\.gif'"):
        made.save(tmp_path / "å.gif")
    monkeypatch.setitem(__import__("sys").modules, "vl_convert", None)
    with pytest.raises(MissingExtra, match=r"virker\[draw\]"):
        made.save(tmp_path / "ø.png")
    assert not (tmp_path / "ø.png").exists()


def test_a_posterior_is_shaded_where_its_interval_is() -> None:
    from virker.meta.bayes import priors

    model = meta.fit_bayes(Y, V, tau_prior=priors.half_normal(0.3))
    low, high = model.effect.interval(0.95)
    for kind in ("posterior", "tau", "studies"):
        for width in (320, 760):
            assert model.draw(kind, width=width, words="da").alt
    made = model.draw("posterior")
    area = next(p for p in _places(made, "polygon") if p.get("fill-opacity") == "0.2")
    x = [float(p.split(",")[0]) for p in (area.get("points") or "").split()]
    line = next(p for p in _places(made, "polyline") if p.get("stroke") == ACCENT)
    path = [float(p.split(",")[0]) for p in (line.get("points") or "").split()]
    ends = model.new_study().quantile(np.array([0.005, 0.995]))
    at = [path[0] + (value - ends[0]) / (ends[1] - ends[0]) * (path[-1] - path[0]) for value in (low, high)]
    assert (min(x), max(x)) == pytest.approx(at, abs=4)


def test_a_network_shows_how_many_studies_compare_each_pair() -> None:
    model = meta.fit_network([0.1, 0.2, 0.3, 0.1], [0.02] * 4, ["a", "a", "b", "a"], ["b", "b", "æ", "æ"], ["1", "2", "3", "4"], reference="a")
    made = model.draw("network", words="da")
    assert "3 indsatser, 4 studier. Studier af hvert par: a–b 2" in made.alt
    counts = sorted(t.text for t in _places(made, "text") if (t.text or "").isdigit())
    assert counts == ["1", "1", "2"]
    for result in (model, meta.network.league(model), meta.network.p_scores(model), meta.network.split(model)):
        for width in (320, 760):
            assert result.draw(width=width, words="da").alt
