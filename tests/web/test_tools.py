"""The calculators in the browser: the answers of the published cases, bad input beside its field, static against live."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from virker.claims.edition import Edition
from virker.language import LANGUAGES, Language, number
from virker.practice.cases import CALCULATORS
from virker.practice.told import facts_from
from virker.rules.cases import Case, load_cases
from virker.web.address import Address
from virker.web.frame import framed
from virker.web.page import WebPage
from virker.web.pages import tool
from virker.web.site import Site
from virker.web.tools.form import number_of, read
from virker.web.tools.registry import TOOLS
from virker.web.tools.reply import Download, Reply
from virker.web.written import page_html
from virker.workspace import Workspace, packaged_workspace

_WORKSPACE = Workspace.find(packaged_workspace())


@pytest.fixture(scope="module")
def live(edition: Edition) -> Site:
    return Site(edition, live=True)


def _cases() -> list[Any]:
    from virker.rules import load_rules

    rules = load_rules(_WORKSPACE.rules, _WORKSPACE.root)
    book = load_cases(_WORKSPACE.rules / "cases", rules, _WORKSPACE.root)
    return [pytest.param(scheme, case, id=f"{scheme}-{case.id}") for scheme, cases in book.items() for case in cases if case.ask in CALCULATORS]


def as_posted(case: Case, scheme: str, language: str) -> dict[str, str | bytes]:
    """The facts of a case as somebody fills them in."""

    def written(value: Any) -> str:
        if isinstance(value, bool):
            return "yes" if value else "no"
        return value.isoformat() if isinstance(value, date) else number(value, language) if isinstance(value, (int, float)) else str(value)

    facts = dict(case.facts)
    form: dict[str, str | bytes] = {"form": str(facts.pop("scheme", scheme)), "do": "answer"}
    if "earnings" in facts:
        form["earnings"] = "\r\n".join(f"{month} {written(pay)}" for month, pay in facts.pop("earnings").items())
    return form | {name: written(value) for name, value in facts.items()}


def ask(site: Site, calculator: str, form: dict[str, str | bytes], language: Language = "da") -> tuple[Reply, str]:
    """The reply, and the whole page where it is one."""
    reply = tool.posted(site, Address(language, "tool", calculator), form)
    return reply, framed(site, reply.content) if isinstance(reply.content, WebPage) else ""


def text_of(html: str) -> str:
    import html as escaping

    return re.sub(r"\s+", " ", escaping.unescape(re.sub(r"<[^>]+>", " ", html)))


@pytest.mark.parametrize(("scheme", "case"), _cases())
def test_a_published_case_filled_in_as_a_form_gets_the_answer_that_its_facts_get(live: Site, scheme: str, case: Case) -> None:
    kind, calculator = CALCULATORS[case.ask]
    own = TOOLS[case.ask]
    for language in LANGUAGES:
        posted = as_posted(case, scheme, language)
        form = next(f for f in own.forms(live.edition.rules) if f.id == posted["form"])
        told = read(form, posted, language)
        found = own.answer(form.id, told, live.edition)
        reply, html = ask(live, case.ask, posted, language)
        if case.refused:
            assert found is None
            assert reply.status == 422
            continue
        wanted = calculator(facts_from(dict(case.facts), kind), live.edition.rules)
        assert found is not None, told.faults
        assert found.answer == wanted
        assert reply.status == 200
        shown = text_of(html)
        for line in (wanted.headline, *(s.said for s in wanted.steps), *wanted.not_known, wanted.guard):
            assert re.sub(r"\s+", " ", line[language]) in shown


@pytest.mark.parametrize("calculator", TOOLS)
def test_every_calculator_has_a_page_in_both_languages_with_a_form_only_where_a_server_answers(site: Site, live: Site, calculator: str) -> None:
    for language in LANGUAGES:
        address = Address(language, "tool", calculator)
        still, served = page_html(site, address), page_html(live, address)
        assert "<form" not in re.sub(r"<form[^>]*role=\"search\".*?</form>", "", still, flags=re.S).partition("<main")[2]
        assert TOOLS[calculator].command in text_of(still)
        assert 'method="post"' in served
        assert "onclick" not in served
        assert " style=" not in served.partition("<main")[2]
        assert TOOLS[calculator].title[language] in served


def test_the_law_stands_beside_each_line_once_in_full_and_then_by_its_number(live: Site) -> None:
    form: dict[str, str | bytes] = {
        "form": "jobpraemie-2017",
        "earnings": "2017-04..2017-06 25.000",
        "benefit": "kontanthjælp",
        "weeks": "47",
        "lives_in_denmark": "yes",
    }
    _, html = ask(live, "jobpraemie", form)
    main = html.partition("<main")[2]
    ids = re.findall(r'id="(law-\d+)"', main)
    assert ids == [f"law-{n}" for n in range(1, len(ids) + 1)]
    assert set(re.findall(r'href="#(law-\d+)"', main)) <= set(ids)
    for target in re.findall(r'href="(\.\./law/[a-z0-9-]+\.html)#', main):
        assert target == "../law/jobpraemie-2017.html"
    assert "7.500 kr. i jobpræmie for 3 måneder" in text_of(main)


def test_a_line_on_a_rule_that_nobody_has_verified_says_so_itself(live: Site) -> None:
    _, html = ask(live, "loentilskud", {"form": "loentilskud", "on": "2024-06-01", "group": "dagpenge", "employer": "private", "last_employer": "yes"})
    row = next(r for r in html.split("<tr") if "senest ansat hos arbejdsgiveren" in r)
    assert "ikke efterprøvet i loven" in text_of(row)


def test_every_problem_is_told_at_the_top_and_at_its_field_and_what_was_written_is_kept(live: Site) -> None:
    form: dict[str, str | bytes] = {
        "form": "jobpraemie-2017",
        "earnings": "2017-13 25000\nåæø\n2017-05 1\n2017-05 2",
        "benefit": "kontanthjælp",
        "group": "b",
        "weeks": "400",
        "lives_in_denmark": "måske",
    }
    for language, expected in (("da", "Der er 6 fejl"), ("en", "There are 6 problems")):
        reply, html = ask(live, "jobpraemie", form, language)
        assert reply.status == 422
        assert expected in html
        summary = html.partition('role="alert"')[2].partition("</div>")[0]
        targets = re.findall(r'href="#([^"]+)"', summary)
        assert len(targets) == 6
        for target in targets:
            assert f'id="{target}"' in html
        assert html.count('aria-invalid="true"') == 3
        assert "åæø" in re.search(r"<textarea[^>]*>(.*?)</textarea>", html, re.S)[1]  # type: ignore[index]
        assert 'value="400"' in html
        assert '<option value="b" selected>' in html


def test_danish_readers_are_told_in_danish_what_is_wrong(live: Site) -> None:
    _, html = ask(live, "loentilskud", {"form": "loentilskud", "on": "1. juni", "group": "", "employer": "x", "in_work": "yes", "months_on_benefits": "-1"})
    main = html.partition("<main")[2]
    assert 'lang="en"' not in main
    for said in ("»1. juni« er ingen dag", "Ydelse eller forløb", "Mangler. Vælg et svar.", "»x« er ikke på listen", "Skriv et tal fra 0 til 600"):
        assert said in text_of(main)


def test_markup_in_an_answer_is_shown_and_never_run(live: Site) -> None:
    _, html = ask(live, "jobpraemie", {"form": "jobpraemie-2017", "earnings": "</textarea><script>alert('æ')</script>"})
    assert "<script>alert" not in html
    assert "&lt;/textarea&gt;&lt;script&gt;" in html


def test_a_very_long_answer_is_refused_and_not_sent_back_whole(live: Site) -> None:
    reply, html = ask(live, "jobpraemie", {"form": "jobpraemie-2017", "earnings": "2017-04 1\n" * 5_000})
    assert reply.status == 422
    assert "50000 tegn" in html
    assert len(html) < 40_000


def test_the_schedule_of_meetings_has_the_windows_of_the_law_the_meetings_held_and_what_is_only_told(live: Site) -> None:
    form: dict[str, str | bytes] = {
        "form": "samtaler",
        "registered": "2026-09-01",
        "on": "2026-11-22",
        "group": "insured",
        "held-1": "2026-09-08",
        "by-1": "a-kasse",
    }
    reply, html = ask(live, "samtaler", form)
    table = html.partition('class="schedule"')[2].partition("</table>")[0]
    assert reply.status == 200
    assert table.count('<th scope="row">') == 5
    assert "opfyldt" in table
    assert "1. september 2026 til 15. september 2026" in text_of(table)
    assert "Ikke efterprøvet i loven og ikke brugt ovenfor" in html
    assert "Loven kræver mindst 6 samtaler i de første seks måneder (3 hos a-kassen og 3 hos jobcenteret). 1 er oplyst holdt, 5 mangler." in text_of(html)
    ids = re.findall(r' id="([^"]+)"', html)
    assert len(ids) == len(set(ids))


def test_the_schedule_comes_as_a_calendar_in_the_readers_language(live: Site) -> None:
    pytest.importorskip("icalendar")
    form: dict[str, str | bytes] = {"form": "samtaler", "registered": "2026-09-01", "on": "2026-09-02", "group": "job-ready", "do": "ics"}
    for language, word in (("da", "Jobsamtale"), ("en", "Job meeting")):
        reply, _ = ask(live, "samtaler", form, language)
        assert isinstance(reply.content, Download)
        assert reply.content.name == "samtaler.ics"
        assert reply.content.media_type.startswith("text/calendar")
        assert word.encode() in reply.content.content
    reply, html = ask(live, "samtaler", form | {"series": "010190-1234"})
    assert reply.status == 422
    assert "ligner et CPR-nummer" in html
    assert "010190" not in html


@pytest.mark.parametrize(
    ("told", "at", "said"),
    [
        ({"held-1": "2026-08-08", "by-1": "a-kasse"}, "held-1", "før tilmeldingen"),
        ({"held-2": "2026-10-08"}, "by-2", "mangler"),
        ({"held-1": "2026-12-24", "by-1": "joint"}, "held-1", "efter den dag, der ses fra"),
        ({"held-1": "2026-10-08", "by-1": "joint", "held-2": "2026-10-08", "by-2": "joint"}, "held-2", "to gange"),
        ({"registered": "2020-01-01"}, "registered", "før den lov"),
        ({"on": "2069-01-01"}, "on", "ti år"),
        ({"group": "æ"}, "group", "ikke på listen"),
    ],
)
def test_a_meeting_that_cannot_be_is_told_at_its_field(live: Site, told: dict[str, str], at: str, said: str) -> None:
    form = {"registered": "2026-09-01", "on": "2026-11-22", "group": "insured"} | told
    own = TOOLS["samtaler"].forms(live.edition.rules)[0]
    asked = read(own, form, "da")
    assert TOOLS["samtaler"].answer("samtaler", asked, live.edition) is None
    assert said in " ".join(f.what.da for f in asked.faults_at(at))


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("25.000", "da", 25000),
        ("25.000", "en", 25),
        ("25,000", "en", 25000),
        ("25,5", "da", 25.5),
        ("25.5", "da", 25.5),
        ("25 000 kr.", "da", 25000),
        ("1.2.3", "da", None),
        ("nan", "da", None),
        ("1e9", "en", None),
        ("", "da", None),
        ("tolv", "da", None),
    ],
)
def test_numbers_are_read_as_the_language_writes_them(text: str, language: str, value: float | None) -> None:
    assert number_of(text, language) == value


def test_months_are_put_in_order_and_pasted_from_a_spreadsheet(live: Site) -> None:
    form: dict[str, str | bytes] = {
        "form": "jobpraemie-2017",
        "earnings": "2017-05\t12.000,50\r\n\r\n2017-04: 10000\r\n2017-06 til 2017-07 0",
        "benefit": "kontanthjælp",
    }
    _, html = ask(live, "jobpraemie", form)
    shown = text_of(html)
    assert "April 2017: 10 procent af 10.000 kr. er 1.000 kr." in shown
    assert "Maj 2017: 10 procent af 12.000,50 kr. er 1.200,05 kr." in shown
    assert "Juli 2017: ingen løn og ingen præmie." in shown


def test_the_overview_links_to_every_calculator_and_to_pages_that_exist(site: Site) -> None:
    for language in LANGUAGES:
        html = page_html(site, Address(language, "tools"))
        for calculator in TOOLS:
            assert f'href="tool/{calculator}.html"' in html
        for kind in ("plan", "cards", "law"):
            assert f'href="{kind}.html"' in html
