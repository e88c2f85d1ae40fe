"""Tables that somebody could bring to ``virker meta``, and how the tests ask about them."""

from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner

from virker.cli.app import app
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


def written(name: str, text: str) -> str:
    """Write a file; gives its name."""
    Path(name).write_text(text, encoding="utf-8")
    return name
