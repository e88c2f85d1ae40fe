"""``virker meta``: anybody's file in, numbers, drawings and words out; and what is wrong with a file told at once."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
from pathlib import Path

import html5lib
import numpy as np
import pytest
from typer.testing import CliRunner

from virker import meta
from virker.cli.app import app
from virker.cli.own_data.columns import RAW
from virker.errors import UserError

# Colditz et al. 1994, thirteen trials of the BCG vaccine: the counts that metadat's dat.bcg prints.
BCG = """trial,year,tpos,tneg,cpos,cneg,ablat,alloc
Aronson,1948,4,119,11,128,44,random
Ferguson & Simes,1949,6,300,29,274,55,random
Rosenthal et al,1960,3,228,11,209,42,random
Hart & Sutherland,1977,62,13536,248,12619,52,random
Frimodt-Moller et al,1973,33,5036,47,5761,13,alternate
Stein & Aronson,1953,180,1361,372,1079,44,alternate
Vandiviere et al,1973,8,2537,10,619,19,random
TPT Madras,1980,505,87886,499,87892,13,random
Coetzee & Berjak,1968,29,7470,45,7232,27,random
Rosenthal et al,1961,17,1699,65,1600,42,systematic
Comstock et al,1974,186,50448,141,27197,18,systematic
Comstock & Webster,1969,5,2493,3,2338,33,systematic
Comstock et al,1976,27,16886,29,17825,33,systematic
"""
DANISH = """studie;effekt;standardfejl;år;målgruppe
Ærø;0,12;0,05;2010;unge
Ærø;0,18;0,06;2011;unge
Ålborg;−0,03;0,08;2012;ældre
Køge;0,25;0,11;2014;unge
Køge;0,21;;2014;ældre
Samsø;0,07;0,04;2015;ældre
Læsø;0,30;0,12;2016;unge
Læsø;0,10;0,09;2016;ældre
"""


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VIRKER_LANG", "en")
    Path("bcg.csv").write_text(BCG, encoding="utf-8")
    Path("dansk.csv").write_text(DANISH, encoding="utf-8")


def run(*words: str) -> str:
    """What is printed; the exit code must be 0."""
    result = CliRunner().invoke(app, ["meta", *words], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def refused(*words: str) -> str:
    """The message of the user's error, exit code 2."""
    result = CliRunner().invoke(app, ["meta", *words])
    assert isinstance(result.exception, UserError), result.output
    assert result.exception.exit_code == 2
    return str(result.exception)


def numbers(*words: str) -> dict[str, object]:
    return json.loads(run(*words, "--format", "json"))  # type: ignore[no-any-return]


def beta(told: dict[str, object]) -> list[float]:
    return told["model"]["coefficients"]["beta"]  # type: ignore[index, no-any-return]


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


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.csv", DANISH.replace(",", ".").replace(";", ",")),
        ("b.csv", "\ufeff" + DANISH),
        ("c.tsv", DANISH.replace(";", "\t")),
        ("d.txt", DANISH.replace(";", "\t").replace(",", ".")),
        ("e.csv", DANISH.replace("\n", "\r\n") + ";;;;\n\n"),
        ("f.csv", '"' + DANISH.strip().replace(";", '","').replace("\n", '"\n"') + '"\n'),
    ],
)
def test_separators_decimal_marks_and_byte_order_marks_do_not_change_a_number(name: str, text: str) -> None:
    Path(name).write_text(text, encoding="utf-8", newline="")
    told, plain = numbers(name, "--study", "studie"), numbers("dansk.csv", "--study", "studie")
    assert told["estimates"] == plain["estimates"]
    assert beta(told) == pytest.approx(beta(plain), rel=1e-12)


def test_a_sheet_and_a_parquet_file_give_the_numbers_of_the_csv() -> None:
    openpyxl, pyarrow = pytest.importorskip("openpyxl"), pytest.importorskip("pyarrow")
    from pyarrow import parquet

    rows = [line.split(";") for line in DANISH.strip().splitlines()]
    cells = [[float(x.replace(",", ".").replace("−", "-")) if re.fullmatch(r"−?\d+(,\d+)?", x) else (x or None) for x in row] for row in rows[1:]]
    book = openpyxl.Workbook()
    for row in [rows[0], *cells]:
        book.active.append(row)
    book.save("s.xlsx")
    parquet.write_table(pyarrow.table({name: [row[j] for row in cells] for j, name in enumerate(rows[0])}), "p.parquet")
    plain = numbers("dansk.csv", "--study", "studie")
    for name in ("s.xlsx", "p.parquet"):
        told = numbers(name, "--study", "studie")
        assert told["estimates"] == plain["estimates"]
        assert beta(told) == pytest.approx(beta(plain), rel=1e-12)
        assert told["left_out"] == {"6": "standardfejl"}


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


def test_what_papers_print_becomes_estimates() -> None:
    Path("p.csv").write_text("author,estimate,ci_low,ci_high,p\nA,0.85,0.76,0.95,\nB,1.10,,,0.30\nC,0.70,0.5,0.98,\n", encoding="utf-8")
    told = numbers("p.csv", "--ratio")
    effects = meta.effect_sizes.printed([0.85, 1.10, 0.70], low=[0.76, np.nan, 0.5], high=[0.95, np.nan, 0.98], p=[np.nan, 0.30, np.nan], ratio=True)
    np.testing.assert_allclose([e["y"] for e in told["estimates"]], effects.y)  # type: ignore[attr-defined]
    np.testing.assert_allclose([e["v"] for e in told["estimates"]], effects.v)  # type: ignore[attr-defined]
    assert told["transform"] == "exp"


def test_every_problem_of_a_file_is_told_at_once_with_row_and_column() -> None:
    Path("bad.csv").write_text("study,yi,vi\nÆrø,0.1,0.01\nb,abc,0.02\nc,0.3,-1\nd,0.2,0\n", encoding="utf-8")
    message = refused("bad.csv", "--report", "r.html", "--forest", "f.svg")
    assert "3 problems found; nothing was written." in message
    assert "bad.csv, row 3, column 'yi': 'abc' is no number" in message
    assert "bad.csv, row 4, column 'vi': -1 must be above 0" in message
    assert "bad.csv, row 5, column 'vi': 0 must be above 0" in message
    assert sorted(os.listdir()) == ["bad.csv", "bcg.csv", "dansk.csv"]
    danish = refused("bad.csv", "--lang", "da")
    assert "bad.csv, række 3, kolonne 'yi': 'abc' er ikke et tal" in danish
    assert "ret tallet, eller slet rækken" in danish


def test_numbers_that_cannot_be_are_refused_and_not_left_out() -> None:
    Path("n.csv").write_text("id,ai,n1i,ci,n2i\n1,5,3,2,10\n2,1,10,-2,10\n3,1,10,2,10\n", encoding="utf-8")
    message = refused("n.csv", "-m", "OR")
    assert "row 2, column 'ai': 5 is larger than the number in 'n1i'" in message
    assert "row 3, column 'ci': -2 cannot be below 0" in message
    Path("i.csv").write_text("study,estimate,low,high\na,1,0.5,0.8\nb,1,1.5,1.2\n", encoding="utf-8")
    message = refused("i.csv")
    assert "row 2, column 'estimate': 1 lies outside its interval" in message
    assert "row 3, column 'low': 1.5 is not below the upper end" in message


def test_a_mixture_of_decimal_marks_is_refused() -> None:
    Path("m.csv").write_text("study;yi;vi\na;0,1;0,01\nb;1.234;0,02\nc;0,3;0,03\n", encoding="utf-8")
    message = refused("m.csv")
    assert "row 3, column 'yi': '1.234' is written with '.', the other numbers of the file with ','" in message
    assert "'1.234' er skrevet med '.'" in refused("m.csv", "--lang", "da")


def test_estimates_in_different_units_are_refused() -> None:
    Path("u.csv").write_text("study,yi,vi,enhed\na,0.1,0.01,procentpoint\nb,0.2,0.02,uger\n", encoding="utf-8")
    assert "the estimates have different units: 'procentpoint', 'uger'" in refused("u.csv")
    assert "tal i forskellige enheder kan ikke lægges sammen" in refused("u.csv", "--lang", "da")
    Path("v.csv").write_text("study,yi,vi,måles i\na,0.1,0.01,pp\nb,0.2,0.02,uger\n", encoding="utf-8")
    assert "different units" in refused("v.csv", "--unit", "måles i")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "the file has no rows below its head"),
        ("yi,vi\n", "the file has no rows below its head"),
        ("yi,yi\n1,2\n", "two columns have the same name"),
        ("yi,,vi\n1,2,3\n", "column 2 has no name"),
        ("yi,vi\n1,2,3\n", "row 2: the row has 3 fields where the head has 2"),
        ("a,b\n1,2\n", "neither an estimate with its uncertainty nor raw numbers"),
        ("yi,vi\n,0.1\n0.2,\n", "no row has all that is needed"),
        ("ai,n1i,ci,n2i\n1,2,1,2\n", "nobody said what to make of them"),
    ],
)
def test_a_file_that_is_no_table_of_estimates_says_why(text: str, told: str) -> None:
    Path("x.csv").write_text(text, encoding="utf-8")
    assert told in refused("x.csv")


def test_an_older_encoding_is_told_with_its_row() -> None:
    Path("old.csv").write_bytes("study,yi,vi\na,0.1,0.01\nÆrø,0.2,0.02\n".encode("cp1252"))
    message = refused("old.csv")
    assert "old.csv, row 3: the file is not UTF-8 (byte 0xc6)" in message
    assert "CSV UTF-8" in message


def test_options_that_do_not_fit_are_refused_with_a_hint() -> None:
    assert "did you mean 'målgruppe'?" in refused("dansk.csv", "--by", "malgruppe")
    assert "mente du 'målgruppe'?" in refused("dansk.csv", "--by", "malgruppe", "--lang", "da")
    assert "there is no role 'estmate'" in refused("dansk.csv", "-c", "estmate=effekt")
    assert "is not ROLE=COLUMN" in refused("dansk.csv", "-c", "estimate")
    assert "is no measure" in refused("bcg.csv", "-m", "hazard")
    assert "'remll' is unknown to --method\n    → did you mean 'reml'?" in refused("dansk.csv", "--method", "remll")
    assert "'remll' findes ikke for --method\n    → mente du 'reml'?" in refused("dansk.csv", "--method", "remll", "--lang", "da")
    assert "'pdf' is unknown to --format" in refused("dansk.csv", "--format", "pdf")
    assert "needs weights of its own" in refused("dansk.csv", "--method", "genqm")
    assert "say with --study which estimates belong together" in refused("dansk.csv", "--rho", "0.5")
    assert "say which they are: --column mean1=COLUMN" in refused("bcg.csv", "-m", "SMD")
    assert "there is no file" in refused("nope.csv")
    assert "cannot be read as a table" in refused(_written("x.docx", "x"))
    assert "--by and --mods" in refused("bcg.csv", "-m", "RR", "--by", "alloc", "--mods", "ablat")
    assert "is no value of a moderator" in refused("bcg.csv", "-m", "RR", "--mods", "alloc", "--predict", "alloc=drawn")
    assert "cannot be saved as 'f.gif'" in refused("bcg.csv", "-m", "RR", "--forest", "f.gif", "--report", "r.html")
    assert not Path("r.html").exists()


def _written(name: str, text: str) -> str:
    Path(name).write_text(text, encoding="utf-8")
    return name


@pytest.mark.parametrize("k", [1, 2, 3, 4])
def test_few_estimates_give_a_result_and_a_warning(k: int) -> None:
    _written("few.csv", "study,yi,vi\n" + "".join(f"s{i},0.{i + 1},0.0{i + 1}\n" for i in range(k)))
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


def test_csv_out_can_be_read_in_again_and_gives_the_same_mean() -> None:
    _written("out.csv", run("bcg.csv", "-m", "RR", "--format", "csv"))
    rows = [line.split(",") for line in Path("out.csv").read_text(encoding="utf-8").splitlines()]
    kept = [rows[0], *[row for row in rows[1:] if row[0] == "estimate"]]
    _written("again.csv", "\n".join(",".join(row) for row in kept) + "\n")
    assert beta(numbers("again.csv")) == pytest.approx(beta(numbers("bcg.csv", "-m", "RR")), rel=1e-12)


def test_metafors_and_our_names_of_a_measure_are_the_same() -> None:
    assert beta(numbers("bcg.csv", "-m", "OR")) == pytest.approx(beta(numbers("bcg.csv", "-m", "log-odds-ratio")), rel=1e-12)


def test_columns_told_win_over_guesses() -> None:
    _written("c.csv", "study,yi,vi,other\na,1,1,5\nb,2,1,6\nc,3,1,9\n")
    told = numbers("c.csv", "-c", "estimate=other")
    assert [e["y"] for e in told["estimates"]] == [5, 6, 9]  # type: ignore[attr-defined]
    assert told["guessed"] == ["variance"]


@pytest.mark.parametrize("name", ["broken.xlsx", "broken.parquet"])
def test_a_broken_file_is_told_and_no_traceback_is_shown(name: str) -> None:
    pytest.importorskip("openpyxl")
    pytest.importorskip("pyarrow")
    Path(name).write_bytes(b"this is no such file")
    assert "the file cannot be read" in refused(name)
    assert "filen kan ikke læses" in refused(name, "--lang", "da")


def test_a_test_that_would_not_be_used_is_refused() -> None:
    assert "leave --test out" in refused("dansk.csv", "--study", "studie", "--test", "z")
    assert "leave --method out" in refused("dansk.csv", "--study", "studie", "--method", "dl")


def test_units_do_not_matter_where_the_measure_has_none() -> None:
    text = "study,m1i,sd1i,n1i,m2i,sd2i,n2i,unit\na,10,2,30,9,2,30,weeks\nb,70,14,40,66,15,40,days\nc,2,1,20,1,1,20,months\n"
    _written("means.csv", text)
    assert numbers("means.csv", "-m", "SMD")["measure"] == "smd"
    assert "different units" in refused("means.csv", "-m", "MD")


def test_the_test_of_moderators_has_its_name_and_degrees_of_freedom() -> None:
    assert "Test of all moderators: F(1, 11) = 12.59" in run("bcg.csv", "-m", "RR", "--mods", "ablat")
    assert "Test af alle moderatorer: χ²(1) = " in run("bcg.csv", "-m", "RR", "--mods", "ablat", "--test", "z", "--lang", "da")


def test_all_wrong_options_are_told_at_once_and_nothing_is_written() -> None:
    message = refused("dansk.csv", "--level", "95", "--method", "q", "--test", "q", "--width", "3", "--forest", "f.gif", "--report", "r.html", "--lang", "da")
    assert message.startswith("5 fejl fundet; intet er skrevet.")
    assert "--level er mellem 0 og 1, ikke 95\n    → skriv fx --level 0.95" in message
    assert not Path("r.html").exists()


def test_what_the_engine_refuses_is_told_in_danish() -> None:
    _written("m.csv", "studie;effekt;se;år;måned\n" + "".join(f"Æ{i};0,{i};0,1{i};{i};{2 * i}\n" for i in range(1, 7)))
    message = refused("m.csv", "--mods", "år,måned", "--lang", "da")
    assert "m.csv: disse kolonner afhænger af hinanden: 'år', 'måned'\n    → udelad en af dem af --mods" in message
    _written("to.csv", "studie;effekt;se\nÆrø;0,1;0,1\nFanø;0,2;0,1\n")
    text = run("to.csv", "--bias", "--lang", "da")
    assert "PET-PEESE: alle standardfejl er ens" in text
    assert "regressionstest: alle standardfejl er ens, så små og store studier ikke kan skelnes" in text
    _written("to.csv", "studie;effekt;se\nÆrø;0,1;0,1\nFanø;0,2;0,2\n")
    assert "PET-PEESE: der skal mindst 3 estimater til, og her er 2 estimater" in run("to.csv", "--bias", "--lang", "da")
    assert "PET-PEESE: 3 estimates at least are needed, and there are 2 estimates" in run("to.csv", "--bias")


def test_estimates_of_one_study_alone_have_a_mean_and_no_interval() -> None:
    rows = "A;0,10;0,10;x\nA;0,20;0,12;x\nA;0,25;0,11;x\nB;0,31;0,10;y\nB;0,22;0,10;y\nC;0,05;0,09;y\n"
    _written("g.csv", "studie;effekt;se;område\n" + rows)
    groups = numbers("g.csv", "--study", "studie", "--by", "område")["groups"]
    assert [g["coefficients"]["ci_low"] == [None] for g in groups.values()] == [True, False]  # type: ignore[attr-defined]
    _written("one.csv", "studie;effekt;se;område\n" + rows[:42])
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
    _written("one.csv", "study,yi,vi\nÆrø,0.1,0.01\n")
    text = run("one.csv")
    assert "Prediction interval" not in text
    assert "τ²" not in text


def test_an_interval_that_holds_no_effect_is_said_to_show_neither() -> None:
    _written("n.csv", "study,yi,vi\na,0.1,0.04\nb,-0.1,0.05\nc,0.05,0.04\n")
    assert "none has been shown, nor has it been shown that there is none" in run("n.csv")
    assert "og det er heller ikke vist, at der ingen er" in run("n.csv", "--lang", "da")
    assert "none has been shown" not in run("bcg.csv", "-m", "RR")
    assert "none has been shown" not in run(_written("p.csv", "id,events,n\na,10,21\nb,12,22\nc,9,19\n"), "-m", "PLO")  # a share of a half is no "no effect"


def test_predictions_outside_the_data_and_moderators_left_unsaid_are_told() -> None:
    asked = ("bcg.csv", "-m", "RR", "--mods", "ablat,year")
    assert "prolong the line" not in run(*asked, "--predict", "ablat=33,year=1960")
    text = run(*asked, "--predict", "ablat=70", "--lang", "da")
    assert "uden for estimaternes værdier af 'ablat'" in text
    assert "Moderatorer, som ikke er nævnt, står ved deres gennemsnit." in text


def test_a_weight_at_its_bound_is_not_to_be_trusted() -> None:
    # No result is significant in the direction of the mean, so nothing holds the weight of the others.
    _written(
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
    _written("m.csv", "study,estimate,se,måned\n" + "\n".join(rows) + "\n")
    told = numbers("m.csv", "--study", "study", "--mods", "måned")
    c, wald = told["robust"]["coefficients"], told["moderators"]  # type: ignore[index]
    assert wald["p"] == pytest.approx(c["p"][1])  # type: ignore[index]
    assert wald["f"] == pytest.approx(c["statistic"][1] ** 2)  # type: ignore[index]
    text = run("m.csv", "--study", "study", "--mods", "måned", "--lang", "da")
    p_told = re.search(r"måned .* (\d,\d+|< 0,0001)\n", text)
    assert p_told is not None
    assert re.search(rf"Test af alle moderatorer: F\(1; [\d,]+\) = .*{re.escape(p_told[1])}\.", text)


def test_a_head_unlike_all_rows_is_told_once() -> None:
    title = "Tabel 1: effekter af samtaler\nstudie;effekt;se\nÆrø;0,1;0,05\nFanø;0,2;0,06\nMøn;0,15;0,05\n"
    message = refused(_written("t.csv", title), "--lang", "da")
    assert message.startswith("1 fejl fundet")
    assert "t.csv, række 1: overskriften har 1 felt, og rækkerne har 3 felter\n    → slet det, der står over kolonnernes navne" in message
    message = refused(_written("c.csv", "study,yi,vi\nÆrø,0,1,0,05\nFanø,0,2,0,06\n"))
    assert message.startswith("1 problem found")
    assert "if numbers have a decimal comma, put semicolons between the fields" in message
    assert refused(_written("r.csv", "study,yi,vi\na,0.1,0.05\nb,0.2,0.06,7\n")).count("fields where the head has 3") == 1


def test_a_p_printed_as_a_bound_is_no_number_and_says_what_to_do() -> None:
    _written("p.csv", "studie;effekt;p\nÆrø;0,12;<0,001\nFanø;0,2;0,04\n")
    assert "'<0,001' er ikke et tal\n    → det er kun en grænse" in refused("p.csv", "--lang", "da")
    assert "that is only a bound" in refused("p.csv")


def test_ratios_that_are_taken_as_differences_are_told() -> None:
    rows = [(1.24, 1.08, 1.42), (0.80, 0.60, 1.07), (1.31, 1.02, 1.68), (1.05, 0.97, 1.14), (2.10, 1.20, 3.68)]
    text = "studie,{name},nedre,øvre\n" + "".join(f"s{i},{e},{low},{high}\n" for i, (e, low, high) in enumerate(rows))
    _written("r.csv", text.format(name="effekt"))
    assert "look like ratios" in run("r.csv")
    assert "ligner forhold" in run("r.csv", "--lang", "da")
    assert "look like ratios" not in run("r.csv", "--ratio")
    _written("h.csv", text.format(name="HR"))
    assert "look like ratios" in run("h.csv", "-c", "estimate=HR")
    even = "studie,effekt,low,high\n" + "".join(f"s{i},{e},{e - 0.3},{e + 0.3}\n" for i, e in enumerate((1.2, 0.9, 1.1, 2.4)))
    assert "look like ratios" not in run(_written("d.csv", even))


def test_zero_cells_are_told_with_their_studies() -> None:
    _written("z.csv", "study,ai,n1i,ci,n2i\nÆrø,0,25,3,27\nFanø,5,40,9,41\nMøn,40,40,38,41\n")
    text = run("z.csv", "-m", "OR", "--lang", "da")
    assert "en celle 0, og 1/2 er lagt til deres celler: Ærø, Møn." in text
    assert "1/2 was added" not in run("bcg.csv", "-m", "OR")


@pytest.mark.parametrize("family", ["two_proportions", "one_proportion", "two_rates", "one_rate"])
def test_zero_cells_are_told_where_the_engine_adds_to_them_and_nowhere_else(family: str) -> None:
    roles = {"two_proportions": ("events1", "n1", "events2", "n2"), "one_proportion": ("events", "n"), "two_rates": ("events1", "time1", "events2", "time2"), "one_rate": ("events", "time")}[family]  # fmt: skip
    columns = dict(zip(roles, ([0, 5, 7], [25, 40, 30], [3, 9, 8], [27, 41, 33]), strict=False))
    _written("c.csv", "\n".join([",".join(roles), *(",".join(str(columns[role][i]) for role in roles) for i in range(3))]) + "\n")
    for measure in RAW[family][1]:
        make = getattr(meta.effect_sizes, family)
        added = make(**columns, measure=measure, undefined="keep").y[0] != make(**columns, measure=measure, undefined="keep", add=0).y[0]
        assert ("1/2 was added" in run("c.csv", "-m", measure)) == added, measure
