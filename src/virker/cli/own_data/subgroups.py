"""Subgroups of somebody's own data: the mean of each, and the test that they are the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from virker.cli.own_data.asked import Asked
from virker.cli.own_data.estimates import Estimates
from virker.cli.own_data.table import Table

#: The test that is used where nobody asks for one: Knapp and Hartung's interval can be too narrow with few estimates that happen to agree; this one never is narrower than without.
TEST = "adhoc"


@dataclass(frozen=True, slots=True)
class Group:
    """A subgroup and its own mean."""

    name: str
    model: Any


def groups_of(table: Table, asked: Asked, estimates: Estimates, study: list[str] | None) -> list[Group]:
    """Each subgroup's own mean. A group whose estimates are all of one study has a mean and no interval."""
    from virker import meta

    if asked.by is None:
        return []
    values = np.array([table.columns[asked.by][i] for i in estimates.rows])
    y, v = estimates.y, estimates.v
    groups = []
    labels = np.array(study) if study is not None else None
    for name in dict.fromkeys(values.tolist()):
        at = values == name
        method: Any = asked.method
        test: Any = (asked.test or TEST) if at.sum() > 1 else "z"
        if labels is not None and at.sum() > len(set(labels[at])):
            own: Any = meta.fit_multilevel(y[at], v[at], labels[at], rho=asked.rho, method=method, level=asked.level)
            if len(set(labels[at])) > 1:
                own = meta.robust(own, labels[at], level=asked.level)
        else:
            own = meta.fit(y[at], v[at], method=method, test=test, level=asked.level)
        groups.append(Group(name, own))
    return groups


def between_groups(table: Table, asked: Asked, estimates: Estimates, groups: list[Group], study: list[str] | None) -> Any:
    """The test that all groups have the same mean, from one model with a column for each; None where there is nothing to test."""
    from virker import meta

    values = np.array([table.columns[asked.by][i] for i in estimates.rows]) if asked.by else np.array([])
    names, y, v = [group.name for group in groups], estimates.y, estimates.v
    if len(names) < 2 or len(names) >= len(y):
        return None
    X = np.column_stack([np.ones(len(y)), *[(values == name).astype(float) for name in names[1:]]])
    if study is not None:
        method: Any = asked.method
        return meta.wald_test(meta.robust(meta.fit_multilevel(y, v, study, X, rho=asked.rho, method=method), study))
    return meta.fit(y, v, X, method=asked.method, test=asked.test or TEST, level=asked.level, names=["intercept", *names[1:]])  # type: ignore[arg-type]
