"""``virker meta``: what is told, drawn and written of the estimates of a file."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import html5lib
import numpy as np
import pytest

from tests.cli.tables import numbers, run, written
from virker import meta
from virker.cli.own_data.columns import RAW

pytestmark = pytest.mark.usefixtures("in_a_folder")


def test_the_bcg_trials_give_the_known_mean_and_heterogeneity() -> None:
    told = numbers("bcg.csv", "-m", "RR", "--test", "z")
    model = told["model"]
    # metafor's documentation of dat.bcg: rma(yi, vi) gives -0.7145 (se 0.1798), tau2 0.3132, I2 92.22 %
    assert model["coefficients"]["beta"][0] == pytest.approx(-0.7145, abs=5e-5)  # type: ignore[index]
    assert model["coefficients"]["se"][0] == pytest.approx(0.1798, abs=5e-5)  # type: ignore[index]
    assert model["tau2"] == pytest.approx(0.3132, abs=5e-5)  # type: ignore[index]
    assert model["i2"] == pytest.approx(92.22, abs=5e-3)  # type: ignore[index]
    assert told["measure"] == "log-risk-ratio"
    assert told["transform"] == "exp"


def test_the_text_tells_guesses_model_and_honest_words() -> None:
    text = run("bcg.csv", "-m", "RR", "--by", "alloc")
    assert "events1 = tpos (guessed)" in text
    assert re.search(r"Mean effect +0\.49 +\[0\.33, 0\.73\]", text)
    assert re.search(r"Prediction interval +\[0\.14, 1\.76\]", text)
    assert "in a new place the effect may be nil or go the other way" in text
    assert "Groups by 'alloc'" in text
    assert "alternate (2)" in text


def test_danish_files_are_read_and_told_in_danish() -> None:
    text = run("dansk.csv", "--lang", "da", "--study", "studie")
    assert "7 estimater i 5 studier fra 8 rækker" in text
    assert "Skilletegn: semikolon; decimaltegn: komma." in text
    assert "række 6 (standardfejl mangler)" in text
    assert re.search(r"Gennemsnitlig effekt +0,111 +\[0,009; 0,213\]", text)
    assert "færre end fire frihedsgrader" in text
    assert "I²: 31,1 % mellem studier" in text


def test_the_python_that_is_printed_gives_the_same_numbers() -> None:
    cases = [
        ("bcg.csv", "-m", "RR"),
        ("bcg.csv", "-m", "OR", "--method", "dl", "--test", "z", "--mods", "ablat,alloc"),
        ("bcg.csv", "-m", "risk-difference", "--method", "common", "--level", "0.9"),
        ("dansk.csv", "--study", "studie", "--rho", "0.6"),
        ("dansk.csv", "--study", "studie", "--mods", "målgruppe"),
    ]
    for words in cases:
        told = numbers(*words)
        space: dict[str, object] = {}
        with contextlib.redirect_stdout(io.StringIO()):
            exec(str(told["python"]), space)
        found = (space.get("robust") or space["model"]).coefficients  # type: ignore[attr-defined]
        printed = (told["robust"] or told["model"])["coefficients"]  # type: ignore[index]
        np.testing.assert_allclose(found.beta, printed["beta"], rtol=1e-12)
        np.testing.assert_allclose(found.se, printed["se"], rtol=1e-12)
        np.testing.assert_allclose(found.p, printed["p"], rtol=1e-10)


def test_a_sheets_python_gives_the_same_numbers_too() -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in [["navn", "yi", "vi"], ["Ærø", 0.1, 0.01], ["Fanø", 0.3, None], ["Samsø", 0.5, 0.02], ["Læsø", 0.2, 0.04]]:
        book.active.append(row)
    book.save("bog.xlsx")
    told = numbers("bog.xlsx")
    space: dict[str, object] = {}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(str(told["python"]), space)
    assert space["model"].tau2 == pytest.approx(told["model"]["tau2"], rel=1e-12)  # type: ignore[attr-defined, index]


@pytest.mark.parametrize("k", [1, 2, 3, 4])
def test_few_estimates_give_a_result_and_a_warning(k: int) -> None:
    written("few.csv", "study,yi,vi\n" + "".join(f"s{i},0.{i + 1},0.0{i + 1}\n" for i in range(k)))
    text = run("few.csv", "--bias", "--influence", "--leave-one-out", "--cumulative", "study", "--report", "r.html")
    assert ("nothing to pool" if k == 1 else f"only {k} estimates") in text
    assert Path("r.html").exists()


def test_predictions_stand_at_the_values_asked_for() -> None:
    told = numbers("bcg.csv", "-m", "RR", "--mods", "ablat,alloc", "--predict", "ablat=33,alloc=systematic", "--predict", "ablat=10,alloc=random")
    beta = dict(zip(told["model"]["coefficients"]["names"], told["model"]["coefficients"]["beta"], strict=True))  # type: ignore[index]
    first, second = told["prediction"]["estimate"]  # type: ignore[index]
    assert first == pytest.approx(beta["intercept"] + 33 * beta["ablat"] + beta["alloc: systematic"])
    assert second == pytest.approx(beta["intercept"] + 10 * beta["ablat"])


def test_drawings_are_written_in_the_form_that_their_ending_says() -> None:
    pytest.importorskip("vl_convert")
    run("bcg.csv", "-m", "RR", "--forest", "f.svg", "--funnel", "g.png", "--lang", "da")
    assert "relativ risiko" in Path("f.svg").read_text(encoding="utf-8")
    assert Path("g.png").read_bytes().startswith(b"\x89PNG")
    run("bcg.csv", "-m", "RR", "--forest", "f.pdf")
    assert Path("f.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize("lang", ["da", "en"])
def test_the_report_is_one_valid_page_without_anything_beside_it(lang: str) -> None:
    run("bcg.csv", "-m", "RR", "--by", "alloc", "--bias", "--influence", "--leave-one-out", "--cumulative", "year", "--report", "r.html", "--lang", lang)
    text = Path("r.html").read_text(encoding="utf-8")
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    page = parser.parse(text)
    assert page.get("lang") == lang
    assert not re.search(r'(src|href)="', text)
    assert len(page.findall(".//h1")) == 1
    for drawing in page.iter("{http://www.w3.org/2000/svg}svg"):
        ids = drawing.get("aria-labelledby").split()
        words = {e.get("id"): e.text for e in drawing if e.get("id")}
        assert all(words[i] for i in ids)
    assert all(table.find("caption") is not None and table.find(".//th[@scope='row']") is not None for table in page.iter("table"))
    assert ("Manglende resultater" if lang == "da" else "Missing results") in text


def test_two_runs_give_the_same_bytes() -> None:
    words = ("dansk.csv", "--study", "studie", "--bias", "--lang", "da", "--format", "html")
    assert run(*words) == run(*words)


def test_the_test_of_moderators_has_its_name_and_degrees_of_freedom() -> None:
    assert "Test of all moderators: F(1, 11) = 12.59" in run("bcg.csv", "-m", "RR", "--mods", "ablat")
    assert "Test af alle moderatorer: χ²(1) = " in run("bcg.csv", "-m", "RR", "--mods", "ablat", "--test", "z", "--lang", "da")


def test_estimates_of_one_study_alone_have_a_mean_and_no_interval() -> None:
    rows = "A;0,10;0,10;x\nA;0,20;0,12;x\nA;0,25;0,11;x\nB;0,31;0,10;y\nB;0,22;0,10;y\nC;0,05;0,09;y\n"
    written("g.csv", "studie;effekt;se;område\n" + rows)
    groups = numbers("g.csv", "--study", "studie", "--by", "område")["groups"]
    assert [g["coefficients"]["ci_low"] == [None] for g in groups.values()] == [True, False]  # type: ignore[attr-defined]
    written("one.csv", "studie;effekt;se;område\n" + rows[:42])
    text = run("one.csv", "--study", "studie", "--by", "område", "--lang", "da")
    assert "3 estimater i 1 studie fra 3 rækker" in text
    assert "Alle estimater er fra ét studie." in text
    assert "klyngerobust" not in text


def test_the_mean_never_has_a_wider_interval_than_a_new_study() -> None:
    told = numbers("dansk.csv", "--study", "studie")
    ahead, c = told["prediction"], told["robust"]["coefficients"]  # type: ignore[index]
    assert [ahead["ci_low"], ahead["ci_high"]] == [pytest.approx(c["ci_low"]), pytest.approx(c["ci_high"])]  # type: ignore[index]
    assert ahead["pi_low"][0] < c["ci_low"][0] < c["ci_high"][0] < ahead["pi_high"][0]  # type: ignore[index]
    assert "de er ikke robuste" in run("dansk.csv", "--study", "studie", "--lang", "da")


def test_one_estimate_says_nothing_of_new_places() -> None:
    written("one.csv", "study,yi,vi\nÆrø,0.1,0.01\n")
    text = run("one.csv")
    assert "Prediction interval" not in text
    assert "τ²" not in text


def test_an_interval_that_holds_no_effect_is_said_to_show_neither() -> None:
    written("n.csv", "study,yi,vi\na,0.1,0.04\nb,-0.1,0.05\nc,0.05,0.04\n")
    assert "none has been shown, nor has it been shown that there is none" in run("n.csv")
    assert "og det er heller ikke vist, at der ingen er" in run("n.csv", "--lang", "da")
    assert "none has been shown" not in run("bcg.csv", "-m", "RR")
    assert "none has been shown" not in run(written("p.csv", "id,events,n\na,10,21\nb,12,22\nc,9,19\n"), "-m", "PLO")  # a share of a half is no "no effect"


def test_predictions_outside_the_data_and_moderators_left_unsaid_are_told() -> None:
    asked = ("bcg.csv", "-m", "RR", "--mods", "ablat,year")
    assert "prolong the line" not in run(*asked, "--predict", "ablat=33,year=1960")
    text = run(*asked, "--predict", "ablat=70", "--lang", "da")
    assert "uden for estimaternes værdier af 'ablat'" in text
    assert "Moderatorer, som ikke er nævnt, står ved deres gennemsnit." in text


def test_a_weight_at_its_bound_is_not_to_be_trusted() -> None:
    # No result is significant in the direction of the mean, so nothing holds the weight of the others.
    written(
        "b.csv", "study,yi,vi\n" + "".join(f"s{i},{y},{v}\n" for i, (y, v) in enumerate([(0.3, 0.04), (0.25, 0.03), (0.2, 0.02), (0.1, 0.01), (0.28, 0.05)]))
    )
    told = numbers("b.csv", "--bias")
    assert told["selection"]["at_bound"] is True  # type: ignore[index]
    assert "stands at its bound" in run("b.csv", "--bias")
    assert "står på sin grænse" in run("b.csv", "--bias", "--lang", "da")


def test_each_coefficient_has_the_decimals_that_its_standard_error_bears() -> None:
    text = run("dansk.csv", "--mods", "år", "--lang", "da")
    assert re.search(r"konstantled +−?\d+ +\[−\d+; \d+\]", text)
    assert re.search(r"år +−?0,0\d\d? ", text)


def test_moderators_of_clustered_estimates_are_tested_with_the_covariance_of_their_coefficients() -> None:
    rng = np.random.default_rng(4)
    rows = [f"S{i // 3},{0.1 + 0.02 * (i % 3) + rng.normal(0, 0.05):.4f},0.05,{i % 3}" for i in range(30)]
    written("m.csv", "study,estimate,se,måned\n" + "\n".join(rows) + "\n")
    told = numbers("m.csv", "--study", "study", "--mods", "måned")
    c, wald = told["robust"]["coefficients"], told["moderators"]  # type: ignore[index]
    assert wald["p"] == pytest.approx(c["p"][1])  # type: ignore[index]
    assert wald["f"] == pytest.approx(c["statistic"][1] ** 2)  # type: ignore[index]
    text = run("m.csv", "--study", "study", "--mods", "måned", "--lang", "da")
    p_told = re.search(r"måned .* (\d,\d+|< 0,0001)\n", text)
    assert p_told is not None
    assert re.search(rf"Test af alle moderatorer: F\(1; [\d,]+\) = .*{re.escape(p_told[1])}\.", text)


def test_zero_cells_are_told_with_their_studies() -> None:
    written("z.csv", "study,ai,n1i,ci,n2i\nÆrø,0,25,3,27\nFanø,5,40,9,41\nMøn,40,40,38,41\n")
    text = run("z.csv", "-m", "OR", "--lang", "da")
    assert "en celle 0, og 1/2 er lagt til deres celler: Ærø, Møn." in text
    assert "1/2 was added" not in run("bcg.csv", "-m", "OR")


@pytest.mark.parametrize("family", ["two_proportions", "one_proportion", "two_rates", "one_rate"])
def test_zero_cells_are_told_where_the_engine_adds_to_them_and_nowhere_else(family: str) -> None:
    roles = {"two_proportions": ("events1", "n1", "events2", "n2"), "one_proportion": ("events", "n"), "two_rates": ("events1", "time1", "events2", "time2"), "one_rate": ("events", "time")}[family]  # fmt: skip
    columns = dict(zip(roles, ([0, 5, 7], [25, 40, 30], [3, 9, 8], [27, 41, 33]), strict=False))
    written("c.csv", "\n".join([",".join(roles), *(",".join(str(columns[role][i]) for role in roles) for i in range(3))]) + "\n")
    for measure in RAW[family][1]:
        make = getattr(meta.effect_sizes, family)
        added = make(**columns, measure=measure, undefined="keep").y[0] != make(**columns, measure=measure, undefined="keep", add=0).y[0]
        assert ("1/2 was added" in run("c.csv", "-m", measure)) == added, measure


def test_groups_of_studies_are_compared_with_the_estimator_that_was_asked_for() -> None:
    rng = np.random.default_rng(7)
    rows = [f"S{i // 3},{0.2 * (i // 15) + rng.normal(0, 0.15):.4f},{0.03 + 0.01 * (i % 4):.2f},{'ab'[i // 15]}" for i in range(30)]
    written("g.csv", "study,estimate,se,place\n" + "\n".join(rows) + "\n")
    y, se = (np.array([float(row.split(",")[j]) for row in rows]) for j in (1, 2))
    study, X = [row.split(",")[0] for row in rows], np.column_stack([np.ones(30), np.repeat([0.0, 1.0], 15)])
    for method in ("reml", "ml"):
        told = numbers("g.csv", "--study", "study", "--by", "place", "--method", method)["groups_test"]
        wanted = meta.wald_test(meta.robust(meta.fit_multilevel(y, se**2, study, X, method=method), study))  # type: ignore[arg-type]
        assert told["f"] == pytest.approx(wanted.f, rel=1e-9)  # type: ignore[index]
    assert meta.fit_multilevel(y, se**2, study, X, method="ml").sigma2_study != pytest.approx(meta.fit_multilevel(y, se**2, study, X).sigma2_study, rel=1e-3)
