"""Studies, reviews, trials, claims, notes, the method, what changed, and the files to take away."""

from __future__ import annotations

import posixpath
import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import msgspec
import pytest

from tests.conftest import finding, study
from virker.bank.export import table
from virker.claims.diff import difference
from virker.claims.edition import Edition, load_edition
from virker.claims.versions import older_readings
from virker.language import LANGUAGES
from virker.synthesis import RULE_SETS
from virker.web.address import Address, address_of
from virker.web.bank_files import OFFERS, content, sizes, write_files
from virker.web.claimed import history, parts_told
from virker.web.columns import COLUMNS
from virker.web.earlier import years_of
from virker.web.evidence import links, role_in
from virker.web.frame import View
from virker.web.page import WebPage
from virker.web.pages import changes, studies
from virker.web.parameters import Refused
from virker.web.reviewed import covered
from virker.web.site import Site, assets
from virker.web.trial_told import outcomes
from virker.web.written import page_html

OURS = ("studies", "study", "review", "trial", "claims", "claim", "notes", "note", "method", "changes", "download")
#: What the build writes beside the pages: the notes as files, from :mod:`virker.web.build`.
_NOTE_FILE = re.compile(r"files/note/[a-z-]+\.(da|en)\.(pdf|docx)")


class _Read(HTMLParser):
    """The headings, ids, links and attributes of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.headings: list[int] = []
        self.ids: list[str] = []
        self.hrefs: list[str] = []
        self.attributes: set[str] = set()
        self.tags: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            self.attributes.add(name)
            if name == "id":
                self.ids.append(value or "")
            if name == "href" and tag == "a":
                self.hrefs.append(value or "")
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))


@pytest.fixture(scope="module")
def pages(site: Site) -> dict[Address, str]:
    return {a: page_html(site, a) for a in site.addresses() if a.kind in OURS}


@pytest.fixture(scope="module")
def read(pages: dict[Address, str]) -> dict[Address, _Read]:
    return {a: _Read(html) for a, html in pages.items()}


def shown(site: Site, kind: str, id: str = "", language: str = "da") -> str:
    html = page_html(site, Address("da" if language == "da" else "en", kind, id))
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html[html.index("<main") : html.index("</main>")]))


def test_every_page_has_one_title_and_headings_that_skip_no_level(read: dict[Address, _Read]) -> None:
    for address, page in read.items():
        assert page.headings.count(1) == 1, address
        assert page.headings[0] == 1, address
        assert all(b <= a + 1 for a, b in zip(page.headings, page.headings[1:], strict=False)), address


def test_no_id_stands_twice_on_a_page(read: dict[Address, _Read]) -> None:
    for address, page in read.items():
        assert len(page.ids) == len(set(page.ids)), (address, [i for i in page.ids if page.ids.count(i) > 1][:3])


def test_no_page_carries_script_or_style_of_its_own(read: dict[Address, _Read]) -> None:
    for address, page in read.items():
        assert "style" not in page.tags, address
        assert not [a for a in page.attributes if a == "style" or a.startswith("on")], address


def test_every_link_leads_to_a_page_a_place_on_it_or_a_file(site: Site, read: dict[Address, _Read]) -> None:
    files = {f"files/{o.name}" for o in OFFERS} | {f"files/study/{s}.json" for s in site.edition.bank.studies} | {f"assets/{a}" for a in assets()}
    lost = []
    for address, page in read.items():
        for href in page.hrefs:
            if re.match(r"https?:", href):
                continue
            path, _, anchor = href.partition("#")
            target = posixpath.normpath(posixpath.join(posixpath.dirname(address.path), path)) if path else address.path
            to = address_of(target)
            if target in files or _NOTE_FILE.fullmatch(target):
                continue
            if to is None or not site.has(to) or (anchor and to in read and anchor not in read[to].ids):
                lost.append(f"{address.path} → {href}")
    assert not lost, lost[:10]


def test_a_page_is_at_most_100_kilobytes_before_its_figures(pages: dict[Address, str]) -> None:
    """The background note is a document of thirty pages and the one exception."""
    for address, html in pages.items():
        if (address.kind, address.id) != ("note", "baggrundsnotat"):
            assert len(re.sub(r"<figure.*?</figure>", "", html, flags=re.S).encode()) <= 100_000, address


def test_no_page_shows_the_inside_of_the_program(pages: dict[Address, str]) -> None:
    for address, html in pages.items():
        assert not re.search(r"Said\(|>None<|\bUndefined\b|object at 0x", html), address


def test_a_number_keeps_the_source_sign_beside_a_direction_that_is_desirability(site: Site) -> None:
    row = next(r for r in site.edition.bank.rows if (r.finding.effect or 0) < 0 and r.finding.direction == "positive" and r.study.kind == "primary")
    html = page_html(site, Address("da", "study", row.study.id))
    line = html[html.index(f'id="f{row.finding.id}"') :].split("</tr>")[0]
    assert "positiv" in line
    assert re.search(r"<td>(\w+ )?−\d", line)


def test_significance_that_is_not_printed_is_called_so_and_not_no(site: Site) -> None:
    line = page_html(site, Address("da", "study", "pedersen-2012")).split('id="f1"')[1].split("</tr>")[0]
    assert "<td>ikke trykt</td>" in line
    assert "<td>nej</td>" not in line


def test_a_study_tells_its_trial_its_version_and_that_its_quality_is_derived(site: Site) -> None:
    text = shown(site, "study", "pedersen-2012")
    assert "Hurtigt i gang 2" in text
    assert "Tidligere udgave af Maibom m.fl. (2017)" in text
    assert "Maryland 5 af 5, udledt af designet. Ingen har vurderet selve studiet." in text


def test_a_rating_names_the_person_who_gave_it(site: Site) -> None:
    from virker.bank.records import Assessment

    mark = Assessment(mark="good", by="Åse Ærø", on=date(2026, 12, 1), reason="Læst i fuld tekst")
    text = shown(_with(site, "pedersen-2012", assessment=mark), "study", "pedersen-2012")
    assert "god, vurderet af Åse Ærø den 1. december 2026: Læst i fuld tekst" in text
    assert "udledt af designet" not in text


def test_a_withdrawn_study_says_so_first(site: Site) -> None:
    text = shown(_with(site, "pedersen-2012", withdrawn=date(2027, 1, 2), withdrawn_because="Fejl i tabel 2"), "study", "pedersen-2012")
    assert "Trukket tilbage 2. januar 2027. Fejl i tabel 2" in text
    assert "Trukket tilbage" not in shown(site, "study", "pedersen-2012")


def test_a_study_that_nobody_has_read_says_so(site: Site) -> None:
    unread = next(s for s in site.edition.bank.studies.values() if s.kind == "primary" and s.finding and all(f.origin.level == "seed" for f in s.finding))
    text = shown(site, "study", unread.id)
    assert "Ikke læst. Kun det notat, som banken prøver, fortæller om det" in text
    assert "tæller ikke: kun notatet fortæller det" in text


def test_the_coders_english_is_marked_as_english(site: Site) -> None:
    html = page_html(site, Address("da", "study", "pedersen-2012"))
    assert '<dd lang="en">newly unemployed UI recipients</dd>' in html
    assert '<p class="meta" lang="en">A meeting every second week' in html


def test_a_study_lists_exactly_the_claims_that_it_stands_under(site: Site) -> None:
    for check in site.edition.checks:
        for row in check.rows:
            assert check in [x.check for x in links(site).claims[row.study.id]]
    assert all(role_in(x.check, name) == x.role for name, own in links(site).claims.items() for x in own)


def test_a_study_that_only_speaks_against_a_claim_is_not_said_to_carry_it(site: Site) -> None:
    told = [(x, name) for name, own in links(site).claims.items() for x in own if x.role == "against"]
    assert told
    for leaning, name in told:
        for part in leaning.check.parts:
            assert not [a for a in part.carrying if a.startswith(f"{name}#") and a not in part.against]


def test_a_review_parts_what_was_read_in_it_from_what_was_inferred(site: Site) -> None:
    review = site.edition.bank.studies["rosholm-svarer-2010"]
    told = covered(site, review)
    assert (told.read, told.inferred) == (review.includes, review.includes_inferred)
    html = page_html(site, Address("da", "review", "amilon-andersen-2019"))
    assert html.index("Læst i gennemgangen") < html.index("Sluttet af koderen, ikke læst")
    assert "Listen er ikke læst til ende" in html


def test_reviews_have_pages_of_their_own_kind_and_no_study_is_lost(site: Site) -> None:
    assert not set(site.ids("review")) & set(site.ids("study"))
    assert {*site.ids("review"), *site.ids("study")} == set(site.edition.bank.studies)


def test_a_trial_is_told_as_one_piece_of_evidence(site: Site) -> None:
    text = shown(site, "trial", "hurtigt-i-gang-2")
    assert "3 artikler eller rapporter fortæller om det, men det er ét stykke evidens og tæller én gang." in text
    for paper in ("Maibom m.fl. (2017)", "Pedersen m.fl. (2012)", "Rosholm og Svarer (2009)"):
        assert paper.replace("&", "&amp;") in text


def test_a_trial_tells_where_a_number_moved_between_versions(site: Site) -> None:
    differ = [d.da for o in outcomes(site, "hurtigt-i-gang-2", "da") for d in o.differ]
    older = [r.address for r in older_readings(site.edition.bank)["maibom-2017#8"]]
    assert older
    assert any("maibom-2017#8" in d and older[0] in d for d in differ)


def test_two_papers_that_disagree_are_said_to(site: Site) -> None:
    up = study("ærø-a", finding(1, "positive"), trial="hurtigt-i-gang-2")
    down = study("ærø-b", finding(1, "negative"), trial="hurtigt-i-gang-2")
    bank = site.edition.bank.replacing({s.id: s for s in (up, down)})
    other = Site(replace(site.edition, bank=bank))
    told = [d.da for o in outcomes(other, "hurtigt-i-gang-2", "da") for d in o.differ]
    assert "Artiklerne siger ikke det samme: ærø-a#1: positiv; ærø-b#1: negativ." in told


def test_a_claim_shows_no_finding_on_both_sides(site: Site) -> None:
    for check in site.edition.checks:
        for part in parts_told(View(site, Address("da", "claim", check.claim.id)), check):
            sides = [{(f.study, f.number) for f in side} for side in (part.carrying, part.against, part.shown, part.seed)]
            assert sum(map(len, sides)) == len(set().union(*sides))


def test_what_only_the_note_tells_stands_as_not_counted(site: Site) -> None:
    check = next(c for c in site.edition.checks if c.status == "not-traced" and any(p.seed for p in c.parts))
    text = shown(site, "claim", check.claim.id)
    assert "Ikke talt: kun notatet fortæller det" in text
    assert "Det bærer ordene" not in text


def test_a_claim_tells_how_it_stood_with_the_literature_of_earlier_years(site: Site, edition: Edition) -> None:
    year = years_of(site)[2]
    then = load_edition(edition.workspace, as_of=year, notes=False, cache=False)
    for check in then.checks:
        told = next(t for t in history(site)[check.claim.id] if t.year == year)
        assert (told.status, told.findings) == (check.status, len(check.findings))


def test_a_claim_names_who_read_it_and_says_when_it_must_be_read_again(site: Site) -> None:
    fresh, *others = (c for c in site.edition.checks if not c.needs_rereading and c.claim.id in site.edition.book.attestations)
    again = replace(others[0], needs_rereading=True)
    changed = Site(replace(site.edition, checks=tuple(again if c is others[0] else c for c in site.edition.checks)))
    assert "så den skal læses igen" in shown(changed, "claim", again.claim.id)
    text = shown(site, "claim", fresh.claim.id)
    assert "Intet under den er ændret siden." in text
    assert site.edition.book.attestations[fresh.claim.id].by in text


def test_every_claim_is_in_the_list_under_its_status(site: Site) -> None:
    html = page_html(site, Address("en", "claims"))
    for check in site.edition.checks:
        at = html.index(f'href="claim/{check.claim.id}.html"')
        group = html.rindex('<div class="group is-', 0, at)
        assert html[group:].startswith(f'<div class="group is-{check.status}">')


def test_the_number_after_a_sentence_of_a_note_leads_to_its_claim(site: Site) -> None:
    for language in LANGUAGES:
        html = page_html(site, Address(language, "note", "konklusionsnotat"))
        assert 'href="#evidence-' not in html
        assert 'href="../claim/own-meetings-broad.html"' in html
        assert 'href="../study/pedersen-2012.html"' in html


def test_the_method_marks_every_parameter_that_is_our_choice(site: Site) -> None:
    html = page_html(site, Address("da", "method"))
    rules = html[html.index('id="rule-sets"') : html.index('id="overlap"')]
    assert rules.count("nej, vores valg") == sum(not s.published for r in RULE_SETS.values() for s in r.settings.values())
    for r in RULE_SETS.values():
        assert f'<h3 id="{r.id}">' in html


def test_the_list_of_studies_is_divided_by_year_when_there_are_too_many(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(studies, "MOST", 10)
    many = Site(site.edition)
    assert set(many.ids("studies")) >= {"", "2017", "none"}
    whole = shown(many, "studies")
    assert "Maibom" not in whole
    assert "Maibom m.fl. 2017" in shown(many, "studies", "2017")
    assert sum(page_html(many, Address("da", "studies", y)).count("<tr class=") for y in many.ids("studies")) == len(site.edition.bank.studies)


def test_every_choice_in_the_list_of_studies_has_its_rule_of_style(site: Site) -> None:
    style = assets()["site.css"].decode()
    choices = re.findall(r'id="(([kcqyr])-(?!all)[\w-]+)"', page_html(site, Address("da", "studies")))
    assert len({letter for _, letter in choices}) == 5
    for name, _ in choices:
        assert f"body:has(#{name}:checked) #studies tbody tr:not(.{name})" in style


def test_every_column_of_the_files_is_explained_in_both_languages() -> None:
    header, _ = table(())
    names = {"id" if n == "study" else n.removeprefix("study_") for n in header}
    assert not names - set(COLUMNS)
    assert all(said.da and said.en for said in COLUMNS.values())


def test_the_files_hold_the_whole_bank(site: Site) -> None:
    bank = msgspec.json.decode(content(site, "files/bank.json") or b"")
    assert {s["id"] for s in bank["studies"]} == set(site.edition.bank.studies)
    rows = (content(site, "files/bank.csv") or b"").decode("utf-8-sig")
    assert "æ" in rows
    assert rows.count("\n") > len(site.edition.bank.rows)
    one = msgspec.json.decode(content(site, "files/study/pedersen-2012.json") or b"")
    assert (one["maryland"], one["trial"]["id"], len(one["study"]["finding"])) == (5, "hurtigt-i-gang-2", 6)


def test_no_path_trick_gives_a_file(site: Site) -> None:
    for path in ("files/../virker.toml", "files/study/../../x.json", "files/study/.json", "bank.csv", "files/", "files/study/pedersen-2012"):
        assert content(site, path) is None


def test_every_file_of_the_page_is_written_with_the_size_that_it_says(site: Site, tmp_path: Path) -> None:
    written = {p.relative_to(tmp_path).as_posix(): p.stat().st_size for p in write_files(site, tmp_path)}
    assert {f"files/{name}": size for name, size in sizes(site).items()}.items() <= written.items()
    assert {f"files/study/{s}.json" for s in site.edition.bank.studies} <= set(written)


def _page(site: Site, **fields: str) -> str:
    reply = changes.asked(site, Address("da", "changes"), fields)
    assert isinstance(reply.content, WebPage)
    return str(reply.content.main)


def test_two_moments_that_a_reader_asks_for_are_compared(site: Site, edition: Edition) -> None:
    html = _page(site, since="2015", until="2020")
    before, after = (load_edition(edition.workspace, as_of=y, notes=False, cache=False) for y in (2015, 2020))
    told = difference(before, after)
    assert told.fell
    assert f"Påstande, der flyttede sig ({len(told.claims)})" in html
    assert "Intet er ændret" in _page(site, since="2026-11-22")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"since": "i går"}, "hverken et år eller en dag"),
        ({"since": "2020-02-30"}, "hverken et år eller en dag"),
        ({"since": "99999"}, "hverken et år eller en dag"),
        ({"since": "٢٠٢٠"}, "hverken et år eller en dag"),
        ({"since": "x" * 10_000}, "hverken et år eller en dag"),
        ({"until": "2020"}, "Fra hvornår mangler"),
        ({"since": "2020", "until": "2015"}, "Til ligger før fra"),
    ],
)
def test_a_moment_that_is_none_is_refused_with_what_to_write(site: Site, fields: dict[str, str], said: str) -> None:
    with pytest.raises(Refused) as refused:
        changes.asked(site, Address("da", "changes"), fields)
    assert said in refused.value.faults[0].what.da
    assert len(refused.value.faults[0].what.da) < 200
    assert refused.value.faults[0].todo.en


def test_the_comparison_is_offered_live_and_explained_where_there_is_no_server(site: Site, edition: Edition) -> None:
    assert "<form" not in page_html(site, Address("da", "changes")).split("<main")[1].split("</main>")[0]
    assert "virker diff 2020" in shown(site, "changes")
    assert 'name="since"' in page_html(Site(edition, live=True), Address("da", "changes"))


def _with(site: Site, name: str, **fields: object) -> Site:
    """The site of a bank in which one study has other fields."""
    bank = site.edition.bank
    return Site(replace(site.edition, bank=bank.replacing({name: msgspec.structs.replace(bank.studies[name], **fields)})))
