"""Tests and models of missing results in words: each says something else, so each says what its p is of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from virker.cli.own_data.teller import Section, Teller
from virker.language import Said, counted

_FREE = 4  # with fewer estimates on one side of the cut, the weight of a selection model is nearly free


def bias_section(t: Teller) -> Iterable[Section]:
    """Nothing unless somebody asked for it."""
    if not t.a.asked.bias:
        return []
    rows = [*_tests(t), *_corrections(t), *_selection(t), *_curve(t)]
    lines = [
        t.said(
            "Hver metode har sin egen forklaring på skævhed, og små og store studier kan være forskellige af andre grunde, end at resultater mangler. "
            "Er metoderne enige, tåler konklusionen flere forklaringer; er de uenige, afgør de intet.",
            "Each method has its own account of asymmetry, and small and large studies may differ for other reasons than missing results. "
            "Where the methods agree the conclusion bears several accounts; where they do not they settle nothing.",
        ),
        *_explained(t),
    ]
    return [Section(t.said("Manglende resultater (publikationsbias)", "Missing results (publication bias)"), lines, t.heads, rows, "funnel")]


def _tests(t: Teller) -> Iterator[list[str]]:
    test: Any = t.a.around.get("regression test")
    if test is not None:
        yield [t.said("regressionstest (Egger), hældning", "regression test (Egger), slope"), t.plain(test.slope), "", t.p(test.p)]
        yield [t.said("… effekt ved standardfejl 0", "… effect at standard error 0"), t.effect(test.limit), t.interval(test.limit_low, test.limit_high), ""]
    rank: Any = t.a.around.get("rank test")
    if rank is not None:
        yield [t.said("rangtest (Kendalls τ)", "rank test (Kendall's τ)"), t.plain(rank.tau), "", t.p(rank.p)]


def _corrections(t: Teller) -> Iterator[list[str]]:
    filled: Any = t.a.around.get("trim and fill")
    if filled is not None:
        c = filled.model.coefficients
        yield [
            t.said(f"trim-and-fill: {filled.k0} føjet til", f"trim and fill: {filled.k0} filled in"),
            t.effect(c.beta[0]),
            t.interval(c.ci_low[0], c.ci_high[0]),
            "",
        ]
    pet: Any = t.a.around.get("pet-peese")
    if pet is not None:
        chosen = pet.chosen.upper()
        yield [t.said(f"PET-PEESE: {chosen} er brugt", f"PET-PEESE: {chosen} was used"), t.effect(pet.estimate), t.interval(pet.ci_low, pet.ci_high), t.p(pet.pet_p)]  # fmt: skip


def _selection(t: Teller) -> Iterator[list[str]]:
    found: Any = t.a.around.get("selection")
    if found is not None:
        c = found.coefficients
        yield [
            t.said("selektionsmodel (tre parametre)", "selection model (three parameters)"),
            t.effect(c.beta[0]),
            t.interval(c.ci_low[0], c.ci_high[0]),
            t.p(found.lrt_p),
        ]
        yield [t.said("… vægt af p > 0,025 mod p < 0,025", "… weight of p > 0.025 against p < 0.025"), t.plain(found.delta[-1]), "", ""]


def _curve(t: Teller) -> Iterator[list[str]]:
    found: Any = t.a.around.get("p-curve")
    if found is None:
        return
    if not found.significant:
        yield [t.said("p-kurve: ingen signifikante resultater", "p-curve: no significant results"), "", "", ""]
        return
    many = t.said("signifikant" if found.significant == 1 else "signifikante", "significant")
    yield [t.said(f"p-kurve: test af {found.significant} {many}", f"p-curve: test of {found.significant} {many}"), "", "", t.p(found.right_skew_p)]


def _explained(t: Teller) -> Iterator[str]:
    """What each p is of, and when a number is not to be used."""
    found: Any = t.a.around
    if "regression test" in found or "rank test" in found:
        yield t.said(
            "- Regressionstest og rangtest: en lille p siger, at små studier finder andet end store.",
            "- Regression and rank test: a small p says that small studies find something else than large ones.",
        )
    if "pet-peese" in found:
        yield t.said(
            "- PET-PEESE: p er PET's ensidede test af ingen effekt ved standardfejl 0. Er den under 0,05, bruges PEESE, ellers PET.",
            "- PET-PEESE: p is PET's one-sided test of no effect at standard error 0. Below 0.05 PEESE is used, else PET.",
        )
    if "selection" in found:
        yield t.said(
            "- Selektionsmodel: vægten er chancen for at se et resultat med ensidet p over 0,025, når den er 1 under 0,025; p tester, om de er lige store.",
            "- Selection model: the weight is the chance of seeing a result with a one-sided p above 0.025, where it is 1 below 0.025; p tests whether they are equal.",
        )
        yield from _unsure(t, found["selection"])
    if "p-curve" in found and found["p-curve"].significant:
        yield t.said("- p-kurve: en lille p siger, at de signifikante resultater ikke alle er tilfældige. Den siger intet om effektens størrelse.", "- p-curve: a small p says that the significant results are not all due to chance. It says nothing of the size of the effect.")  # fmt: skip


def _unsure(t: Teller, selection: Any) -> Iterator[str]:
    if selection.at_bound:
        yield t.said(
            "- Selektionsmodellens vægt står på sin grænse: tallene kan ikke bestemme den, og modellens gennemsnit er ikke til at stole på.",
            "- The weight of the selection model stands at its bound: the numbers cannot tell it, and the mean of the model is not to be trusted.",
        )
    elif len(selection.counts) and int(min(selection.counts)) < _FREE:
        few = counted(int(min(selection.counts)), Said("resultat", "result"), Said("resultater", "results"))
        yield t.said(f"- Selektionsmodellen har kun {few.da} på den ene side af p = 0,025: vægten er næsten ikke til at bestemme.", f"- The selection model has only {few.en} on one side of p = 0.025: its weight can hardly be told.")  # fmt: skip
