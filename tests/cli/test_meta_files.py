"""``virker meta``: anybody's file is read, whatever its marks and names, and all that is wrong with it or with the options is told at once."""

from __future__ import annotations

import os
import re
from pathlib import Path

import numpy as np
import pytest

from tests.cli.tables import DANISH, beta, numbers, refused, run, written
from virker import meta

pytestmark = pytest.mark.usefixtures("in_a_folder")


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
    assert "cannot be read as a table" in refused(written("x.docx", "x"))
    assert "--by and --mods" in refused("bcg.csv", "-m", "RR", "--by", "alloc", "--mods", "ablat")
    assert "is no value of a moderator" in refused("bcg.csv", "-m", "RR", "--mods", "alloc", "--predict", "alloc=drawn")
    assert "cannot be saved as 'f.gif'" in refused("bcg.csv", "-m", "RR", "--forest", "f.gif", "--report", "r.html")
    assert not Path("r.html").exists()


def test_csv_out_can_be_read_in_again_and_gives_the_same_mean() -> None:
    written("out.csv", run("bcg.csv", "-m", "RR", "--format", "csv"))
    rows = [line.split(",") for line in Path("out.csv").read_text(encoding="utf-8").splitlines()]
    kept = [rows[0], *[row for row in rows[1:] if row[0] == "estimate"]]
    written("again.csv", "\n".join(",".join(row) for row in kept) + "\n")
    assert beta(numbers("again.csv")) == pytest.approx(beta(numbers("bcg.csv", "-m", "RR")), rel=1e-12)


def test_metafors_and_our_names_of_a_measure_are_the_same() -> None:
    assert beta(numbers("bcg.csv", "-m", "OR")) == pytest.approx(beta(numbers("bcg.csv", "-m", "log-odds-ratio")), rel=1e-12)


def test_columns_told_win_over_guesses() -> None:
    written("c.csv", "study,yi,vi,other\na,1,1,5\nb,2,1,6\nc,3,1,9\n")
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
    written("means.csv", text)
    assert numbers("means.csv", "-m", "SMD")["measure"] == "smd"
    assert "different units" in refused("means.csv", "-m", "MD")


def test_all_wrong_options_are_told_at_once_and_nothing_is_written() -> None:
    message = refused("dansk.csv", "--level", "95", "--method", "q", "--test", "q", "--width", "3", "--forest", "f.gif", "--report", "r.html", "--lang", "da")
    assert message.startswith("5 fejl fundet; intet er skrevet.")
    assert "--level er mellem 0 og 1, ikke 95\n    → skriv fx --level 0.95" in message
    assert not Path("r.html").exists()


def test_what_the_engine_refuses_is_told_in_danish() -> None:
    written("m.csv", "studie;effekt;se;år;måned\n" + "".join(f"Æ{i};0,{i};0,1{i};{i};{2 * i}\n" for i in range(1, 7)))
    message = refused("m.csv", "--mods", "år,måned", "--lang", "da")
    assert "m.csv: disse kolonner afhænger af hinanden: 'år', 'måned'\n    → udelad en af dem af --mods" in message
    written("to.csv", "studie;effekt;se\nÆrø;0,1;0,1\nFanø;0,2;0,1\n")
    text = run("to.csv", "--bias", "--lang", "da")
    assert "PET-PEESE: alle standardfejl er ens" in text
    assert "regressionstest: alle standardfejl er ens, så små og store studier ikke kan skelnes" in text
    written("to.csv", "studie;effekt;se\nÆrø;0,1;0,1\nFanø;0,2;0,2\n")
    assert "PET-PEESE: der skal mindst 3 estimater til, og her er 2 estimater" in run("to.csv", "--bias", "--lang", "da")
    assert "PET-PEESE: 3 estimates at least are needed, and there are 2 estimates" in run("to.csv", "--bias")


def test_a_head_unlike_all_rows_is_told_once() -> None:
    title = "Tabel 1: effekter af samtaler\nstudie;effekt;se\nÆrø;0,1;0,05\nFanø;0,2;0,06\nMøn;0,15;0,05\n"
    message = refused(written("t.csv", title), "--lang", "da")
    assert message.startswith("1 fejl fundet")
    assert "t.csv, række 1: overskriften har 1 felt, og rækkerne har 3 felter\n    → slet det, der står over kolonnernes navne" in message
    message = refused(written("c.csv", "study,yi,vi\nÆrø,0,1,0,05\nFanø,0,2,0,06\n"))
    assert message.startswith("1 problem found")
    assert "if numbers have a decimal comma, put semicolons between the fields" in message
    assert refused(written("r.csv", "study,yi,vi\na,0.1,0.05\nb,0.2,0.06,7\n")).count("fields where the head has 3") == 1


def test_a_p_printed_as_a_bound_is_no_number_and_says_what_to_do() -> None:
    written("p.csv", "studie;effekt;p\nÆrø;0,12;<0,001\nFanø;0,2;0,04\n")
    assert "'<0,001' er ikke et tal\n    → det er kun en grænse" in refused("p.csv", "--lang", "da")
    assert "that is only a bound" in refused("p.csv")


def test_ratios_that_are_taken_as_differences_are_told() -> None:
    rows = [(1.24, 1.08, 1.42), (0.80, 0.60, 1.07), (1.31, 1.02, 1.68), (1.05, 0.97, 1.14), (2.10, 1.20, 3.68)]
    text = "studie,{name},nedre,øvre\n" + "".join(f"s{i},{e},{low},{high}\n" for i, (e, low, high) in enumerate(rows))
    written("r.csv", text.format(name="effekt"))
    assert "look like ratios" in run("r.csv")
    assert "ligner forhold" in run("r.csv", "--lang", "da")
    assert "look like ratios" not in run("r.csv", "--ratio")
    written("h.csv", text.format(name="HR"))
    assert "look like ratios" in run("h.csv", "-c", "estimate=HR")
    even = "studie,effekt,low,high\n" + "".join(f"s{i},{e},{e - 0.3},{e + 0.3}\n" for i, e in enumerate((1.2, 0.9, 1.1, 2.4)))
    assert "look like ratios" not in run(written("d.csv", even))
