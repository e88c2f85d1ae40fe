"""Options that cannot be, all told at once and in the reader's language, before the file is opened."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from virker.cli.own_data.asked import Asked
from virker.cli.own_data.faults import Fault, nearest_said
from virker.language import Said, number
from virker.meta.drawing import TRANSFORMS
from virker.meta.picture import ENDINGS
from virker.meta.tau2 import METHODS, WEIGHTED
from virker.meta.tests import TESTS

FORMATS = ("text", "json", "csv", "html")
_WIDTHS = (280, 2000)


def wrong_options(asked: Asked, format: str, drawings: Sequence[Path], width: int) -> Iterator[Fault]:
    """A fault for each option that is not one, or that another one takes the sense from."""
    methods = [name for name in METHODS if name not in WEIGHTED]
    transforms = ["none", *TRANSFORMS]
    for value, option, allowed in (
        (asked.method, "--method", methods),
        (asked.test, "--test", TESTS),
        (asked.transform, "--transform", transforms),
        (format, "--format", FORMATS),
    ):
        if value in WEIGHTED:
            yield Fault(
                Said(
                    f"{option} {value} kræver vægte, som kommandoen ikke tager imod",
                    f"{option} {value} needs weights of its own, which this command does not take",
                ),
                Said("i Python: virker.meta.fit(…, weights=…)", "in Python: virker.meta.fit(…, weights=…)"),
            )
        elif value is not None and value not in allowed:
            told = ", ".join(dict.fromkeys(allowed))
            yield Fault(
                Said(f"'{value}' findes ikke for {option}", f"'{value}' is unknown to {option}"),
                nearest_said(value, allowed) + Said(f"vælg en af: {told}", f"choose one of: {told}"),
            )
    if not 0 < asked.level < 1:
        at = asked.level / 100 if 1 < asked.level < 100 else 0.95
        yield Fault(
            Said(f"--level er mellem 0 og 1, ikke {number(asked.level, 'da')}", f"--level is between 0 and 1, not {number(asked.level, 'en')}"),
            Said(f"skriv fx --level {at:g}", f"write for instance --level {at:g}"),
        )
    if asked.rho is not None and asked.study is None:
        yield Fault(
            Said("--rho er for studier med flere estimater", "--rho is for studies with several estimates"),
            Said(
                "sig med --study, hvilke estimater der hører sammen, eller udelad --rho", "say with --study which estimates belong together, or leave --rho out"
            ),
        )
    if asked.rho is not None and not 0 <= asked.rho < 1:
        yield Fault(
            Said(f"--rho er fra 0 til under 1, ikke {number(asked.rho, 'da')}", f"--rho is from 0 to below 1, not {number(asked.rho, 'en')}"),
            Said("skriv fx --rho 0.6", "write for instance --rho 0.6"),
        )
    if not _WIDTHS[0] <= width <= _WIDTHS[1]:
        yield Fault(
            Said(f"--width er fra {_WIDTHS[0]} til {_WIDTHS[1]}, ikke {width}", f"--width is from {_WIDTHS[0]} to {_WIDTHS[1]}, not {width}"),
            Said("--width 760 er det almindelige", "--width 760 is usual"),
        )
    for path in drawings:
        if path.suffix.lower() not in ENDINGS:
            told = ", ".join(ENDINGS)
            yield Fault(Said(f"en tegning kan ikke gemmes som '{path.name}'", f"a drawing cannot be saved as '{path.name}'"), Said(f"giv filen en af endelserne {told}", f"give the file one of the endings {told}"))  # fmt: skip
