"""Results as text, rows, JSON, data frames and HTML: every public result of the engine, one walk over all of them."""

from __future__ import annotations

import json
import math
import sys
from dataclasses import is_dataclass
from types import ModuleType
from typing import Any

import html5lib
import numpy as np
import pytest

from tests.meta.calls import CALLS, Sample, sample
from virker import meta
from virker.errors import MissingExtra
from virker.meta.errors import InputError
from virker.meta.frames import frame_of
from virker.meta.results import Result

#: Calls that give plain arrays or numbers: there is nothing to show beside them.
PLAIN = (np.ndarray, float, tuple)


def results() -> list[str]:
    return sorted(CALLS)


@pytest.fixture(scope="module")
def one_sample() -> Sample:
    return sample()


@pytest.mark.parametrize("name", results())
def test_every_result_turns_into_rows_json_frames_html_and_text(name: str, one_sample: Sample) -> None:
    result = CALLS[name](one_sample)
    if isinstance(result, PLAIN) or type(result).__module__.startswith("tests"):
        return
    assert is_dataclass(result)
    assert isinstance(result, Result), f"{type(result).__name__} must inherit from virker.meta.results.Result"
    told = json.loads(result.to_json())
    assert told == json.loads(json.dumps(result.to_dict()))
    columns, rows = result.columns(), result.rows()
    assert rows
    assert len({len(values) for values in columns.values()}) == 1
    assert [row[name] for row in rows for name in columns] == [columns[name][i] for i in range(len(rows)) for name in columns]
    for value in (x for values in columns.values() for x in values):
        assert value is None or isinstance(value, (str, int, float, bool))
        assert not isinstance(value, float) or math.isfinite(value)
    frame = result.to_frame("pyarrow")
    assert frame.num_rows == len(rows)
    assert frame.column_names == list(columns)
    assert str(result).strip()
    assert "object at 0x" not in str(result)
    html5lib.HTMLParser(strict=True).parseFragment(result._repr_html_())


def test_the_rows_of_a_model_are_its_coefficients() -> None:
    model = meta.fit([0.1, 0.3, 0.35, 0.65], [0.01, 0.02, 0.04, 0.02], [[1, 0], [1, 1], [1, 0], [1, 1]], names=["alle", "æøå"])
    rows = model.rows()
    assert [row["name"] for row in rows] == ["alle", "æøå"]
    assert [row["estimate"] for row in rows] == model.beta.tolist()
    assert "æøå" in model._repr_html_()
    assert "æøå" in model.to_json()


def test_a_matrix_field_gives_a_column_for_each_of_its_own() -> None:
    model = meta.fit([0.1, 0.3, 0.35, 0.65], [0.01, 0.02, 0.04, 0.02])
    found = meta.influence(model)
    assert [row["dfbetas_0"] for row in found.rows()] == found.dfbetas[:, 0].tolist()


def test_what_is_not_defined_is_none_and_never_nan_in_json() -> None:
    model = meta.fit([0.2], [0.1])
    assert model.to_dict()["tau2_se"] is None
    assert "NaN" not in model.to_json()


def test_the_library_that_the_caller_has_imported_is_the_one_that_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    polars = ModuleType("polars")
    polars.DataFrame = lambda columns: ("polars", columns)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "pandas", None)
    monkeypatch.setitem(sys.modules, "polars", polars)
    assert frame_of({"a": [1]}) == ("polars", {"a": [1]})


def test_without_any_library_the_error_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("pandas", "polars", "pyarrow"):
        monkeypatch.setitem(sys.modules, name, None)
    model = meta.fit([0.1, 0.2], [0.1, 0.1])
    with pytest.raises(MissingExtra, match=r"virker\[data\]"):
        model.to_frame()
    with pytest.raises(InputError, match="pip install polars"):
        model.to_frame("polars")
    with pytest.raises(InputError, match="No data frames of 'excel'"):
        model.to_frame("excel")


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_pandas_and_polars_get_the_same_numbers(library: str) -> None:
    pytest.importorskip(library)
    result: Any = meta.leave_one_out(meta.fit([0.1, 0.3, 0.35, 0.65], [0.01, 0.02, 0.04, 0.02]))
    frame = result.to_frame(library)
    assert list(frame["estimate"]) == result.estimate.tolist()


def test_long_results_print_their_first_rows_and_say_how_many_are_left() -> None:
    text = str(meta.profile(meta.fit([0.1, 0.3, 0.35, 0.65], [0.01, 0.02, 0.04, 0.02])))
    assert "… and 77 rows more" in text


def test_the_rows_of_a_bootstrap_are_its_refits() -> None:
    y, v, study = [0.1, 0.3, 0.35, 0.65, 0.2, 0.5], [0.01, 0.02, 0.04, 0.02, 0.03, 0.02], [1, 1, 2, 2, 3, 4]
    X = [[1, 0], [1, 1], [1, 0], [1, 1], [1, 0], [1, 1]]
    for found in (meta.bootstrap(meta.fit(y, v, X), draws=20), meta.bootstrap_multilevel(meta.fit_multilevel(y, v, study, X), draws=20)):
        assert [row["beta_1"] for row in found.rows()] == [None if np.isnan(b) else b for b in found.beta[:, 1]]
        assert found.draw(words="da").alt
