"""The reference pages of the meta-analysis engine: which function stands on which page, and its docstring as Markdown."""

from __future__ import annotations

import inspect
import re
import textwrap
from collections.abc import Iterable
from functools import partial
from typing import Any

from virker import meta
from virker.meta import effect_sizes

PAGES: dict[str, tuple[str, ...]] = {
    "models": ("fit", "mantel_haenszel", "mantel_haenszel_rates", "peto", "fit_glmm", "fit_glmm_rates", "fit_location_scale", "fit_bayes"),
    "around-a-model": (
        "predict", "tau2_interval", "profile", "blup", "weights", "hat", "rstandard", "influence", "leave_one_out", "cumulative", "baujat", "gosh",
        "permutation_test", "bootstrap", "compare", "contrast", "vif",
    ),
    "multilevel": (
        "fit_multilevel", "predict_multilevel", "study_effects", "heterogeneity_shares", "profile_interval", "log_likelihood_grid", "cooks_distance",
        "bootstrap_multilevel", "aggregate",
    ),
    "robust": ("robust", "wald_test", "wild_bootstrap", "fit_moments"),
    "bias": (
        "regression_test", "rank_test", "pet_peese", "trim_and_fill", "henmi_copas", "selection_model", "excess_significance", "p_curve", "fail_safe_n"
    ),
    "without-numbers": ("sign_test", "ordered_probit", "combine_p", "harvest"),
    "multivariate-and-networks": ("fit_multivariate", "fit_network", "fit_components"),
    "batches": ("fit_cells",),
}  # fmt: skip
ROOMS = ("effect_sizes", "bayes", "network", "drawing")  # modules that stand in the front beside the functions
_LISTS = ("Parameters", "Returns", "Raises", "Attributes")


def effect_size_functions() -> tuple[str, ...]:
    """The functions of the room of effect sizes, without its types."""
    return tuple(name for name in effect_sizes.__all__ if inspect.isfunction(getattr(effect_sizes, name)))


def functions_reference(room: Any, names: Iterable[str]) -> str:
    """Each function with its signature and its docstring."""
    return "\n\n".join(_one(name, getattr(room, name)) for name in names)


def generated() -> dict[str, tuple[str, Any]]:
    """The pages with their generated parts, as the tests of the documents want them."""
    pages = {f"reference/meta/{page}.md": ("functions", partial(functions_reference, meta, names)) for page, names in PAGES.items()}
    return {**pages, "reference/meta/effect-sizes.md": ("functions", lambda: functions_reference(effect_sizes, effect_size_functions()))}


def _one(name: str, function: Any) -> str:
    return f"### {name}\n\n```python\n{name}{_signature(function)}\n```\n\n{as_markdown(inspect.getdoc(function) or '')}"


def _signature(function: Any) -> str:
    """The arguments as they stand in the source, one a line where they are many."""
    told, keyword = [], False
    for one in inspect.signature(function).parameters.values():
        if one.kind is one.KEYWORD_ONLY and not keyword:
            told.append("*")
            keyword = True
        told.append(f"{one.name}: {one.annotation}" + ("" if one.default is one.empty else f" = {one.default!r}"))
    short = f"({', '.join(told)})"
    return short if len(short) <= 110 else "(\n" + "".join(f"    {one},\n" for one in told) + ")"


def as_markdown(doc: str) -> str:
    """A docstring in the numpy style: sections in bold, parameters as a list, literal blocks fenced."""
    out: list[str] = []
    for title, lines in _sections(doc.splitlines()):
        if title:
            out.append(f"**{title}**")
        if title == "Examples":
            out.append("```pycon\n" + "\n".join(lines).strip() + "\n```")
        elif title in _LISTS:
            out.append("\n".join(_entries(lines)))
        else:
            out.append(_prose(lines))
    return "\n\n".join(part for part in out if part.strip())


def _sections(lines: list[str]) -> list[tuple[str, list[str]]]:
    found: list[tuple[str, list[str]]] = [("", [])]
    for at, line in enumerate(lines):
        under = lines[at + 1] if at + 1 < len(lines) else ""
        if re.fullmatch(r"-{3,}", under) and len(under) == len(line.rstrip()):
            found.append((line.strip(), []))
        elif not re.fullmatch(r"-{3,}", line):
            found[-1][1].append(line)
    return found


def _entries(lines: list[str]) -> list[str]:
    """A list item for each entry; what is indented below it belongs to it."""
    items: list[list[str]] = []
    for line in lines:
        if line and not line.startswith(" "):
            items.append([line])
        elif items:
            items[-1].append(line)
    return [_item(first, rest) for first, *rest in items]


def _item(first: str, rest: list[str]) -> str:
    name, colon, said = first.partition(" : ")
    body = _prose([said, *textwrap.dedent("\n".join(rest)).splitlines()])
    if body.startswith("```"):
        return f"- `{name}`:\n\n{textwrap.indent(body, '  ')}"
    return f"- `{name}`" + (": " if body.strip() else "") + textwrap.indent(body.strip(), "  ").lstrip() if colon or body.strip() else f"- `{name}`"


def _prose(lines: list[str]) -> str:
    """Paragraphs; after a line that ends with ``::`` the indented lines are a block of their own."""
    out: list[str] = []
    block: list[str] | None = None
    for line in lines:
        if block is not None and (not line.strip() or line.startswith(" ")):
            block.append(line)
            continue
        if block is not None:
            out.append(_fenced(block))
            block = None
        if line.rstrip().endswith("::"):
            out.append(_inline(line.rstrip()[:-1]) if line.strip() != "::" else "")
            block = []
        else:
            out.append(_inline(line))
    if block is not None:
        out.append(_fenced(block))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(out)).strip()


def _fenced(block: list[str]) -> str:
    return "\n```text\n" + textwrap.dedent("\n".join(block)).strip("\n") + "\n```\n"


def _inline(line: str) -> str:
    line = re.sub(r":math:`([^`]+)`", r"$\1$", line)
    line = re.sub(r":\w+:`~?(?:[\w.]*\.)?(\w+)`", r"`\1`", line)
    return line.replace("``", "`")
