"""Moderators as columns of a design: numbers as they are, words as one column of 0 and 1 for each value but the first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from virker.cli.own_data.columns import missing_columns
from virker.cli.own_data.faults import Fault
from virker.cli.own_data.table import Table
from virker.language import Said
from virker.meta.data import Array


@dataclass(frozen=True, slots=True)
class Design:
    """``X`` (k, p) with the intercept first, ``names`` (p,); ``against``: for each column of words, the value that the others are compared with."""

    X: Array
    names: tuple[str, ...]
    against: dict[str, str]
    columns: tuple[str, ...]


def design_of(table: Table, moderators: Sequence[str], rows: Sequence[int]) -> tuple[Design | None, list[Fault]]:
    """The design of the rows that are used; None without moderators."""
    faults = missing_columns(table, moderators)
    if faults or not moderators:
        return None, faults
    X, names, against = [np.ones(len(rows))], ["intercept"], {}
    for column in moderators:
        texts = [table.columns[column][i] for i in rows]
        if table.is_numeric(column):
            X.append(np.array([table.number(text) for text in texts], dtype=float))
            names.append(column)
        else:
            values = list(dict.fromkeys(texts))
            against[column] = values[0]
            X += [np.array([float(text == value) for text in texts]) for value in values[1:]]
            names += [f"{column}: {value}" for value in values[1:]]
        if len(set(texts)) == 1:
            faults.append(Fault(Said("alle rækker har samme værdi, så kolonnen forklarer intet", "all rows have the same value, so the column explains nothing"), Said("udelad den af --mods", "leave it out of --mods"), 0, column))  # fmt: skip
    if not faults and len(names) >= len(rows):
        faults.append(Fault(Said(f"{len(rows)} estimater kan ikke bære {len(names)} koefficienter", f"{len(rows)} estimates cannot carry {len(names)} coefficients"), Said("brug færre moderatorer", "use fewer moderators")))  # fmt: skip
    return (None, faults) if faults else (Design(np.column_stack(X), tuple(names), against, tuple(moderators)), [])


def asked_rows(table: Table, design: Design, wanted: Sequence[str]) -> tuple[Array, list[str], list[Fault]]:
    """Rows of the design at ``year=2010,design=rct`` (m, p), one for each text; what is not named is at its mean. With the text as its name."""
    rows, names, faults = [], [], []
    by_name = {name: j for j, name in enumerate(design.names)}
    for text in wanted:
        row = design.X.mean(axis=0)
        for part in text.split(","):
            name, _, value = (piece.strip() for piece in part.partition("="))
            others = [n for n in design.names if n.startswith(f"{name}: ")]
            number = table.number(value)
            if name in by_name and number is not None:
                row[by_name[name]] = number
            elif name in design.against and (value == design.against[name] or f"{name}: {value}" in by_name):
                for other in others:
                    row[by_name[other]] = float(other == f"{name}: {value}")
            else:
                told = ", ".join(design.columns)
                faults.append(Fault(Said(f"'{part.strip()}' i --predict er ikke en moderators værdi", f"'{part.strip()}' in --predict is no value of a moderator"), Said(f"skriv fx --predict \"{design.columns[0]}=…\"; moderatorerne er {told}", f"write for instance --predict \"{design.columns[0]}=…\"; the moderators are {told}")))  # fmt: skip
        rows.append(row)
        names.append(text)
    return np.array(rows).reshape(len(rows), len(design.names)), names, faults
