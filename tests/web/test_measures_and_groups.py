"""The front page, the evidence map, measures and target groups: they say what the bank says, no more, in both languages."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from types import SimpleNamespace
from typing import Any, cast

import pytest

from tests.conftest import finding, study
from virker.bank import Bank, Query
from virker.claims.conclusions import Conclusions
from virker.claims.edition import Edition
from virker.synthesis import verdict
from virker.web.address import Address
from virker.web.evidence_map import by_group
from virker.web.group_page import table
from virker.web.measure_files import content, names
from virker.web.measure_numbers import out_of_hundred
from virker.web.measure_verdict import rule_lines
from virker.web.measures import Cell, Measure, cell, groups, lacks_synthesis, measures, question, rows_of, this_year, whole
from virker.web.pages import index, intervention
from virker.web.site import Site
from virker.web.written import page_html

MINE = ("index", "map", "interventions", "intervention", "groups", "group")


def _on(bank: Bank, site: Site, **fields: Any) -> Site:
    """A site on another bank, with the Danish workspace's figures and settings."""
    other = Site(replace(site.edition, bank=bank, **fields))
    other.__dict__["figures"] = site.figures
    return other


def _text(html: str) -> str:
    """The words of a page, without its tags."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("kind", MINE)
def test_every_page_renders_small_with_one_heading_of_its_own(site: Site, kind: str, language: str) -> None:
    for one in site.ids(kind):
        html = page_html(site, Address(cast("Any", language), kind, one))
        assert html.count("<h1>") == 1
        without_figures = re.sub(r"<figure.*?</figure>", "", html, flags=re.S)
        assert len(without_figures.encode()) <= 100_000, one
        assert " style=" not in without_figures
        assert "<script" not in html.partition("<main")[2]


@pytest.mark.parametrize("kind", MINE)
def test_links_within_a_page_lead_to_a_place_on_it(site: Site, kind: str) -> None:
    for one in site.ids(kind):
        html = page_html(site, Address("da", kind, one))
        ids = re.findall(r'\bid="([^"]+)"', html)
        assert len(ids) == len(set(ids)), one
        assert set(re.findall(r'href="#([^"]+)"', html)) <= set(ids), one


def test_every_cell_of_the_map_leads_to_a_place_on_the_measures_page(site: Site) -> None:
    for page in ("", "outcomes"):
        links = set(re.findall(r'href="[./]*intervention/([a-z0-9-]+)\.html#([a-z0-9-]+)"', page_html(site, Address("da", "map", page))))
        assert links
        for term in {t for t, _ in links}:
            html = page_html(site, Address("da", "intervention", term))
            assert all(f'id="{anchor}"' in html for t, anchor in links if t == term), term


def test_from_the_front_page_the_insured_under_30_are_one_click_away_and_the_studies_two(site: Site) -> None:
    assert 'href="group/insured-young.html"' in page_html(site, Address("da", "index"))
    page = page_html(site, Address("da", "group", "insured-young"))
    assert "Hvad virker for forsikrede ledige under 30 år?" in page
    assert "moderat evidens" in page
    assert 'href="../intervention/meetings.html#studies"' in page
    assert 'href="../study/' in page_html(site, Address("da", "intervention", "meetings"))


def test_people_of_several_groups_are_those_to_whom_all_apply(bank_of: Callable[..., Bank], site: Site) -> None:
    bank = bank_of(
        study("begge", finding(1, target_group=("insured", "youth"))),
        study("undergruppe", finding(1, target_group=("insured",), subgroup=("youth",))),
        study("kun-unge", finding(1, target_group=("youth",))),
    )
    found = rows_of(bank, Query(intervention="meetings"), ("insured", "youth"))
    assert {r.study.id for r in found} == {"begge", "undergruppe"}


def test_a_measure_known_for_a_wider_group_only_is_not_told_as_the_groups_own(bank_of: Callable[..., Bank], site: Site) -> None:
    other = _on(bank_of(study("alle", finding(1)), study("unge", finding(1, intervention="training", target_group=("youth",)))), site)
    shown = table(other, groups(other)["youth"])
    assert {x.measure.term for x in shown.own} == {"training"}
    assert [x.measure.term for x in shown.wider] == ["meetings"]
    assert [w.group.id for w in shown.wider[0].wider] == ["unemployed"]


def test_the_map_says_what_kind_of_gap_an_empty_cell_is(bank_of: Callable[..., Bank], site: Site) -> None:
    from virker.bank import Origin

    seed = Origin(document="notatet", level="seed")
    bank = bank_of(
        study("alle", finding(1, target_group=("youth",))),
        study("kun-notat", finding(1, target_group=("seniors",), origin=seed)),
        study("ukendt-vej", finding(1, target_group=("immigrants",), contrast="unknown")),
    )
    other = _on(bank, site)
    found = by_group(other)
    line = next(x for x in found.lines if x.measure.term == "meetings")
    gaps = {column.id: c.gap for column, (c, _) in zip(found.columns, line.cells, strict=True)}
    assert gaps["youth"] is None
    assert gaps["seniors"] == "only-note"
    assert gaps["immigrants"] == "uncounted"
    assert set(gaps.values()) <= {None, "only-note", "uncounted", "no-study"}


@pytest.mark.parametrize(("studies", "years_ago", "lacks"), [(2, 11, True), (2, 10, False), (1, 11, False), (2, None, True)])
def test_two_studies_without_a_review_of_the_last_ten_years_lack_a_synthesis(site: Site, studies: int, years_ago: int | None, lacks: bool) -> None:
    year = this_year(site) - years_ago if years_ago is not None else None
    assert lacks_synthesis(site, Cell("positive", "indication", studies, 1, 2020, year, None)) is lacks


def test_the_cells_are_the_verdicts_of_the_workspaces_rule_set(site: Site) -> None:
    for term in ("meetings", "caseload", "training"):
        measure = measures(site)[term]
        query = Query(intervention=term, contrast=measure.contrast or "on", target_group="youth", outcome=("employment", "unemployment"))
        said, shown = verdict(site.edition.bank, query), cell(site, question(measure, ("youth",)))
        assert (shown.direction, shown.level) == (said.direction, said.level)


def test_fewer_cases_and_lower_benefits_are_asked_for_and_their_heading_has_no_verdict(site: Site) -> None:
    known = measures(site)
    assert [known[t].contrast for t in ("caseload", "benefit-level", "benefits", "meetings-early", "sanction-warning")] == ["less", "less", "less", "on", "on"]
    assert known["incentives"].contrast is None
    page = page_html(site, Address("da", "intervention", "incentives"))
    assert "Dommen under hvert regelsæt" not in page
    assert 'href="sanctions.html"' in page


def _hundred(site: Site, bank: Bank) -> list[str]:
    other = _on(bank, site)
    return [h.said.da for h in out_of_hundred(other, measures(other)["meetings"])]


def test_out_of_100_is_told_only_where_the_source_prints_a_share(bank_of: Callable[..., Bank], site: Site) -> None:
    share: dict[str, Any] = {"outcome": "employment-rate", "horizon_months": 12, "effect": 4.5, "unit": "pp", "significant": "yes"}
    assert _hundred(site, bank_of(study("a", finding(1, **share))))[0].startswith("4,5 flere ud af 100 var i arbejde efter 12 måneder")
    assert not _hundred(site, bank_of(study("a", finding(1, **{**share, "unit": "percent"}))))
    assert not _hundred(site, bank_of(study("a", finding(1, **share, estimand="LATE"))))
    assert not _hundred(site, bank_of(study("a", finding(1, **share, phase="lock-in"))))
    assert not _hundred(site, bank_of(study("a", finding(1, **share, contrast="less"))))


def test_out_of_100_says_fewer_and_that_the_difference_is_not_sure(bank_of: Callable[..., Bank], site: Site) -> None:
    fewer = finding(1, "none", outcome="employment-rate", horizon_months=24, effect=-1.5, unit="pp", significant="no")
    (said,) = _hundred(site, bank_of(study("a", fewer)))
    assert said.startswith("1,5 færre ud af 100")
    assert said.endswith("Forskellen kan ikke skelnes fra nul.")


def test_a_measures_page_shows_every_rule_set_and_why_they_differ(site: Site) -> None:
    from virker.synthesis import RULE_SETS
    from virker.synthesis.disagreement import disagreements

    measure = measures(site)["training"]
    query = question(measure, whole(site, measure))
    found = disagreements(site.edition.bank, query)
    page = _text(page_html(site, Address("en", "intervention", "training")))
    assert all(rules.label.en in page for rules in RULE_SETS.values())
    assert [line.direction for line in rule_lines(found)] == [v.direction for v in found.verdicts.values()]
    assert found.agree is ("All rule sets give the same direction." in page)


def test_claims_on_a_measure_stand_on_its_page_with_their_status(site: Site) -> None:
    page = _text(page_html(site, Address("da", "intervention", "job-bonus")))
    named = [c for c in site.edition.checks if any(p.select and p.select.intervention == "job-bonus" for p in c.claim.parts)]
    assert named
    assert all(" ".join(c.claim.da.split()) in page for c in named)


def test_the_files_hold_every_standing_finding_of_the_measure(site: Site) -> None:
    assert set(names(site)) == {f"files/measure/{t}.{e}" for t in measures(site) for e in ("csv", "json")}
    csv = content(site, "files/measure/meetings.csv")
    assert csv is not None
    assert csv.decode("utf-8").startswith("\N{ZERO WIDTH NO-BREAK SPACE}study,")
    assert len(csv.splitlines()) >= measures(site)["meetings"].findings
    assert content(site, "files/measure/../meetings.csv") is None
    assert content(site, "files/measure/findes-ikke.csv") is None


def test_without_conclusions_the_front_page_shows_the_measures(site: Site) -> None:
    bare = Site(replace(site.edition, conclusions=Conclusions()))
    page = page_html(bare, Address("da", "index"))
    assert "Indsatserne" in page
    assert 'href="intervention/training.html"' in page


def test_a_tile_does_not_say_that_its_claims_hold_where_one_does_not(site: Site) -> None:
    edition: Edition = site.edition
    first = edition.conclusions.conclusions[0]
    fallen = "own-meetings-broad"
    checks = tuple(replace(c, status="contradicted") if c.claim.id == fallen else c for c in edition.checks)
    page = page_html(Site(replace(edition, checks=checks)), Address("da", "index"))
    tile = page.partition(f">{first.da}<")[2].partition("</details>")[0]
    assert "modsagt" in tile
    assert "bag holder" not in tile


def test_pages_name_what_they_are_about() -> None:
    assert index.words('[Møder]{#x} og [5]{value="a#1/effect"} uger') == "Møder og 5 uger"
    fake = SimpleNamespace(memo={"measures": {"møde": Measure("møde", cast("Any", None), "on", None, 0, 1)}})
    assert intervention.ids(cast("Site", fake)) == ("møde",)
