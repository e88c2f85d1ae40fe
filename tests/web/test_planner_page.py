"""The planner in the browser: worked examples, the form, a plan of one's own, files, and what is refused."""

from __future__ import annotations

import re
from html import unescape
from itertools import pairwise

import pytest

from virker.claims.edition import Edition
from virker.files import parse_toml
from virker.language import LANGUAGES, Language
from virker.web.address import Address
from virker.web.bank_files import content
from virker.web.frame import framed
from virker.web.page import WebPage
from virker.web.pages import plan
from virker.web.site import Site
from virker.web.tools.files import PLAN, names
from virker.web.tools.plan_fields import edited, form_of
from virker.web.tools.planned import MOST_BYTES, asked_for, examples, worked_out
from virker.web.tools.reply import Download, Reply
from virker.web.written import page_html

EXAMPLE = "sagsstammer"


@pytest.fixture(scope="module")
def live(edition: Edition) -> Site:
    return Site(edition, live=True)


def filled_in(site: Site, language: Language = "da", **changed: str) -> dict[str, str | bytes]:
    """The form of the example with its own figures, but for those changed (dots of a name as two underscores)."""
    example = examples(site)[EXAMPLE]
    assert example.scenario is not None
    own: dict[str, str | bytes] = {f.name: f.default for f in form_of(example.scenario, language).fields}
    return own | {"base": example.text} | {name.replace("__", "."): value for name, value in changed.items()}


def send(site: Site, form: dict[str, str | bytes], language: Language = "da") -> tuple[Reply, str]:
    reply = plan.posted(site, Address(language, "plan"), form)
    return reply, framed(site, reply.content) if isinstance(reply.content, WebPage) else ""


def test_every_example_is_a_finished_page_in_both_languages(site: Site) -> None:
    assert set(plan.ids(site)) == {"", *(p.stem for p in (site.edition.workspace.root / "plans").glob("*.toml"))}
    parts = {
        "da": ("Kort fortalt", "Hvem betaler, og hvem får", "Hvor stor skal effekten være?", "Flaskehalsen", "Hvad svaret hænger på", "Forudsætningerne på én side", "Litteratur"),
        "en": ("In short", "Who pays, and who gains", "How large must the effect be?", "The bottleneck", "What the answer hangs on", "The assumptions on one page", "References"),
    }  # fmt: skip
    for language in LANGUAGES:
        html = page_html(site, Address(language, "plan", EXAMPLE))
        for heading in parts[language]:
            assert re.search(rf"<h2 [^>]*>{re.escape(heading)}</h2>", html)
        assert html.count("<svg") == 2
        assert '<form method="post"' not in html
        levels = [int(n) for n in re.findall(r"<h([1-6])", html.partition("<main")[2])]
        assert levels[0] == 1
        assert all(b <= a + 1 for a, b in pairwise(levels))


def test_the_static_planner_says_how_to_run_a_plan_of_ones_own(site: Site) -> None:
    html = page_html(site, Address("da", "plan"))
    assert "virker plan mappe/plans/" in html
    assert "virker serve" in html
    assert "<textarea" not in html


def test_the_live_form_begins_with_an_example_and_gives_its_very_plan_when_nothing_is_changed(live: Site) -> None:
    for language in LANGUAGES:
        reply, html = send(live, filled_in(live, language), language)
        page = page_html(live, Address(language, "plan", EXAMPLE))
        assert reply.status == 200
        report = re.compile(r'<div class="plan-report">.*?<h2 id="references"', re.S)
        assert report.search(html)[0] == report.search(page)[0]  # type: ignore[index]


def test_changed_figures_are_worked_out_and_stand_in_the_form_and_on_the_page_of_assumptions(live: Site) -> None:
    reply, html = send(live, filled_in(live, people__inflow="55", baseline__job__0__rate="4,5", basis="vores register, åben ledighed", weeks="26"))
    assert reply.status == 200
    assert 'name="people.inflow" type="text" inputmode="decimal" class="short" value="55"' in html
    assert "fra uge 0: 4,5 pct.; fra uge 13: 2,2 pct." in html
    assert "antaget: vores register, åben ledighed" in html
    assert "inden for 26 uger" in html


def test_figures_are_changed_in_the_text_without_losing_its_comments_or_where_the_rest_is_from(live: Site) -> None:
    base = examples(live)[EXAMPLE].text
    text = edited(base, {"people.inflow": 12.5, "money.wage.amount": 31_000.0}, "")
    assert text.startswith(base.splitlines()[0])
    told = parse_toml(text)
    assert told["people"]["inflow"] == 12.5
    assert told["people"]["assumed"]["da"].startswith("indtastet i planlæggeren; resten: Eksempel")
    assert told["money"]["wage"]["assumed"] == {"da": "indtastet i planlæggeren", "en": "entered in the planner"}
    assert edited(base, {}, "x") == base
    again = parse_toml(edited(text, {"people.inflow": 13.0}, ""))
    assert again["people"]["assumed"] == told["people"]["assumed"]


def test_every_figure_that_cannot_be_is_told_at_its_field(live: Site) -> None:
    reply, html = send(live, filled_in(live, people__inflow="-1", measure__0__reach="120", weeks="1000", capacity__0__amount="mange"))
    assert reply.status == 422
    assert "Der er 4 fejl" in html
    for name in ("people.inflow", "measure.0.reach", "weeks", "capacity.0.amount"):
        assert f'href="#f-plan-{name}"' in html
        assert f'id="f-plan-{name}"' in html
    assert 'value="mange"' in html


def test_a_text_of_ones_own_is_told_every_problem_with_its_line(live: Site) -> None:
    text = examples(live)[EXAMPLE].text.replace("reach = 1.0", "reach = 5").replace('"caseload"', '"caselod"')
    for form in ({"own": text}, {"file": text.encode()}):
        reply, html = send(live, dict(form))
        assert reply.status == 422
        assert "Der er 2 fejl" in html
        assert re.search(r"Linje \d+: ", html)
        assert "beskeder om en plans tekst er på engelsk" in html
        assert "&#39;caseload&#39;" in html


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "der er ingen plan"),
        ("a" * (MOST_BYTES + 1), "planen fylder mere end 64.000 tegn"),
        ("æ" * (MOST_BYTES // 2 + 1), "planen fylder mere end 64.000 tegn"),
        ("a = " + "[" * 5_000, "linje 1: "),
        ("weeks = 100000", "100000 er for meget her"),
        ("draws = 5000", "5000 er for meget her"),
        ("measure = [" + "{}," * 20 + "]", "20 er for meget her"),
    ],
)
def test_a_plan_that_is_too_much_is_refused_in_words(live: Site, text: str, said: str) -> None:
    asked = asked_for(live, {"own": text}, "da")
    assert asked.answers is None
    assert any(f.what.da.startswith(said) for f in asked.faults)


def test_a_file_that_is_not_utf_8_is_refused_in_words(live: Site) -> None:
    assert [f.what.da for f in worked_out(live, {"file": "æ".encode("latin-1")}, "da").faults] == ["filen er ikke UTF-8"]


def test_markup_and_scripts_in_a_plan_are_words(live: Site) -> None:
    bad = "<script>alert(1)</script>[klik](javascript:alert(1))<img src=x onerror=alert(1)>"
    text = examples(live)[EXAMPLE].text.replace('da = "Færre sager per sagsbehandler"', f'da = "{bad}"').replace("weeks = 104", "weeks = 4")
    reply, html = send(live, {"own": text})
    assert reply.status == 200
    assert "<script>alert" not in html
    assert "<img" not in html
    assert 'href="javascript' not in html


def test_the_plan_can_be_taken_away_as_weeks_report_and_scenario(live: Site) -> None:
    weeks = live.edition.workspace.root / "plans" / f"{EXAMPLE}.toml"
    for kind, name, begins in (
        ("csv", f"{EXAMPLE}.csv", b"week,date,"),
        ("toml", f"{EXAMPLE}.toml", weeks.read_bytes()[:40]),
        ("pdf", f"{EXAMPLE}.en.pdf", b"%PDF-"),
    ):
        reply, _ = send(live, filled_in(live, "en", do=kind), "en")
        assert isinstance(reply.content, Download)
        assert reply.content.name == name
        assert reply.content.content.startswith(begins)


def test_the_buttons_under_a_plan_fetch_that_very_plan(live: Site) -> None:
    _, html = send(live, filled_in(live, people__inflow="7", weeks="6"))
    form = html.partition('class="downloads"')[2].partition("</form>")[0]
    sent = {n: unescape(v) for n, v in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)}
    assert set(re.findall(r'name="do" value="([^"]+)"', form)) == {"pdf", "csv", "toml"}
    csv, toml = (send(live, {**sent, "do": kind})[0].content for kind in ("csv", "toml"))
    assert isinstance(csv, Download)
    assert isinstance(toml, Download)
    assert len(csv.content.splitlines()) == 1 + 6
    assert parse_toml(toml.content.decode())["people"]["inflow"] == 7


def test_a_name_that_is_no_file_name_is_refused(live: Site) -> None:
    text = examples(live)[EXAMPLE].text.replace(f'id = "{EXAMPLE}"', 'id = "../../etc/\\"æ\\r\\nx"', 1)
    reply, html = send(live, {"own": text, "do": "toml"})
    assert reply.status == 422
    assert "Der er 1 fejl" in html


def test_the_files_of_the_examples_are_those_that_their_pages_lead_to(site: Site) -> None:
    listed = set(names(site))
    for language in LANGUAGES:
        for name in plan.ids(site)[1:]:
            html = page_html(site, Address(language, "plan", name))
            linked = {h.removeprefix("../../") for h in re.findall(r'href="(\.\./\.\./files/plan/[^"]+)"', html)}
            assert len(linked) == 3
            assert linked <= listed
    assert content(site, f"{PLAN}{EXAMPLE}.csv").startswith(b"week,date,")  # type: ignore[union-attr]
    for wrong in ("plan.csv", f"{EXAMPLE}.exe", "../virker.toml", ""):
        assert content(site, f"{PLAN}{wrong}") is None
