"""The whole static site: every page, every link, in both languages."""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

import html5lib
import pytest
from lxml import html

from virker.language import LANGUAGES
from virker.web.build import FILES
from virker.web.kinds import KINDS
from virker.web.site import Site
from virker.web.static_search import FOLDER as INDEX
from virker.web.written import page_html

#: What a page may weigh before its figures, in bytes.
HEAVIEST = 100_000
#: A note is read in one piece; its words alone are more than two thirds of the bound.
HEAVIEST_NOTE = 160_000
#: Attributes that make a browser fetch something by itself.
FETCHED = {"src", "srcset", "poster", "data", "action", "formaction", "background"}


@dataclass
class Seen:
    """What one page says, as the tests ask for it."""

    lang: str
    title: str
    description: str
    headings: list[tuple[int, str]]
    ids: list[str]
    links: list[str]
    fetched: list[str]
    twin: str
    weight: int
    unsafe: list[str] = field(default_factory=list)
    unnamed: list[str] = field(default_factory=list)


def seen(content: bytes) -> Seen:
    tree = html.document_fromstring(content.decode("utf-8"))
    figures = sum(len(html.tostring(figure, encoding="utf-8")) for figure in tree.iter("figure"))
    found = Seen(
        lang=tree.get("lang", ""),
        title=(tree.findtext("head/title") or "").strip(),
        description="".join(tree.xpath("head/meta[@name='description']/@content")).strip(),
        headings=[(int(h.tag[1]), h.text_content().strip()) for h in tree.xpath("//h1|//h2|//h3|//h4|//h5|//h6")],
        ids=list(tree.xpath("//@id[not(ancestor::svg)]")),
        links=list(tree.xpath("//a/@href")),
        fetched=[*tree.xpath("//link[not(@rel='alternate')]/@href")],
        twin="".join(tree.xpath("head/link[@rel='alternate']/@href")),
        weight=len(content) - figures,
    )
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        found.fetched += [str(v) for a, v in element.attrib.items() if a in FETCHED]
        found.unsafe += [f"{element.tag} {a}" for a in element.attrib if str(a).startswith("on") or (a == "style" and not _in_drawing(element))]
        if element.tag == "style" or (element.tag == "script" and (element.text or "").strip()):
            found.unsafe.append(element.tag)
        if element.tag == "img" and element.get("alt") is None:
            found.unnamed.append("img")
        if (
            element.tag == "svg"
            and not _in_drawing(element)
            and not (element.get("aria-hidden") == "true" or (element.get("role") == "img" and element.get("aria-label")))
        ):
            found.unnamed.append("svg")
    return found


def _in_drawing(element: html.HtmlElement) -> bool:
    return any(up.tag == "svg" for up in element.iterancestors())


@pytest.fixture(scope="module")
def pages(site_folder: Path) -> dict[str, Seen]:
    """Every page by its path from the site's root."""
    return {p.relative_to(site_folder).as_posix(): seen(p.read_bytes()) for language in LANGUAGES for p in sorted((site_folder / language).rglob("*.html"))}


@pytest.fixture(scope="module")
def files(site_folder: Path) -> set[str]:
    return {p.relative_to(site_folder).as_posix() for p in site_folder.rglob("*") if p.is_file()}


def test_every_page_that_the_site_names_is_written_and_no_other(pages: dict[str, Seen], site: Site) -> None:
    assert set(pages) == {address.path for address in site.addresses()}
    assert {path.split("/")[1].removesuffix(".html") for path in pages} == set(KINDS)


def test_every_page_has_its_language_one_main_heading_a_title_and_a_description(pages: dict[str, Seen]) -> None:
    for path, page in pages.items():
        assert page.lang == path.split("/")[0], path
        assert page.title, path
        assert page.title != "virker", path
        assert 10 <= len(page.description) <= 400, f"{path}: {page.description!r}"
        assert [text for level, text in page.headings if level == 1 and text] == [page.headings[0][1]], f"{path}: {page.headings[:3]}"


def test_headings_go_down_one_level_at_a_time(pages: dict[str, Seen]) -> None:
    for path, page in pages.items():
        levels = [level for level, _ in page.headings]
        jumps = [text for (before, (level, text)) in zip(levels, page.headings[1:], strict=False) if level > before + 1]
        assert not jumps, f"{path}: {jumps}"


def test_titles_tell_pages_apart(pages: dict[str, Seen]) -> None:
    by_title: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for path, page in pages.items():
        by_title[path.split("/")[0] + "/" + path.split("/")[1], page.title].append(path)
    # Two claims may be worded alike and two papers of one year be called alike; a kind of page whose titles are all the same is no help.
    for (kind, title), paths in by_title.items():
        assert len(paths) <= 6, f"{kind}: '{title}' is the title of {len(paths)} pages"


def test_every_page_leads_to_itself_in_the_other_language(pages: dict[str, Seen]) -> None:
    for path, page in pages.items():
        twin = posixpath.normpath(posixpath.join(posixpath.dirname(path), page.twin))
        assert twin in pages, f"{path}: {page.twin}"
        assert twin.split("/", 1)[1] == path.split("/", 1)[1]


def test_every_link_leads_to_a_page_a_file_or_a_place_on_a_page(pages: dict[str, Seen], files: set[str]) -> None:
    ids = {path: set(page.ids) for path, page in pages.items()}
    broken = set()
    for path, page in pages.items():
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(parts.path))) if parts.path else path
            if target not in files or (parts.fragment and target in ids and unquote(parts.fragment) not in ids[target]):
                broken.add(f"{path} → {link}")
    assert not broken, f"{len(broken)} links lead nowhere:\n" + "\n".join(sorted(broken)[:40])


def test_an_anchor_is_one_place(pages: dict[str, Seen]) -> None:
    for path, page in pages.items():
        assert len(page.ids) == len(set(page.ids)), f"{path}: {sorted(i for i in set(page.ids) if page.ids.count(i) > 1)[:5]}"


def test_links_out_are_only_what_the_workspace_cites(pages: dict[str, Seen], site: Site) -> None:
    root = site.edition.workspace.root
    cited = "\n".join(
        p.read_text(encoding="utf-8")
        for part in ("bank", "rules", "notes", "cards", "plans")
        for p in (root / part).rglob("*")
        if p.suffix in (".md", ".toml", ".csv")
    )
    for link in {link for page in pages.values() for link in page.links if urlsplit(link).scheme}:
        assert link.startswith(("https://", "http://")), link
        assert unquote(link.removeprefix("https://doi.org/")) in cited or link in cited, f"{link} stands nowhere in the workspace"


def test_nothing_is_fetched_from_elsewhere_and_nothing_runs_inside_a_page(pages: dict[str, Seen], files: set[str]) -> None:
    for path, page in pages.items():
        assert not page.unsafe, f"{path}: {page.unsafe[:5]}"
        for link in page.fetched:
            parts = urlsplit(link)
            assert not parts.scheme, f"{path}: {link}"
            assert not parts.netloc, f"{path}: {link}"
            assert posixpath.normpath(posixpath.join(posixpath.dirname(path), parts.path)) in files, f"{path}: {link}"


def test_pictures_have_words(pages: dict[str, Seen]) -> None:
    for path, page in pages.items():
        assert not page.unnamed, path


def test_a_page_weighs_little_before_its_figures(pages: dict[str, Seen]) -> None:
    heavy = {path: page.weight for path, page in pages.items() if page.weight > (HEAVIEST_NOTE if path.split("/")[1] == "note" else HEAVIEST)}
    assert not heavy, heavy


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", list(KINDS))
def test_a_page_is_html_without_a_slip(kind: str, language: str, site: Site) -> None:
    """One page of each kind by the parser of the standard, which forgives nothing here; it is too slow for all of them."""
    from virker.web.address import Address

    ids = site.ids(kind)
    content = page_html(site, Address("da" if language == "da" else "en", kind, ids[len(ids) // 2]))
    parser = html5lib.HTMLParser(strict=False)
    parser.parse(content)
    lines = content.splitlines()
    slips = [f"{code} {data} {lines[line - 1][:160] if line <= len(lines) else ''}" for (line, _), code, data in parser.errors]
    assert not slips, slips[:5]


def test_file_names_are_safe_everywhere(files: set[str]) -> None:
    odd = [f for f in files if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*", f)]
    assert not odd, odd[:5]
    assert len({f.casefold() for f in files}) == len(files)


def test_the_notes_and_cards_can_be_downloaded_from_the_site_alone(files: set[str], site: Site) -> None:
    for language in LANGUAGES:
        assert {f"{FILES}/note/{note}.{language}.{kind}" for note in site.edition.notes for kind in ("pdf", "docx", "html")} <= files
        assert {f"{FILES}/card/{card}.{language}.pdf" for card in site.edition.cards} <= files


def test_the_search_has_an_index_in_each_language_and_no_look_of_its_own(files: set[str]) -> None:
    assert {f"{INDEX}/pagefind.js", f"{INDEX}/wasm.da.pagefind", f"{INDEX}/wasm.en.pagefind"} <= files
    assert not [f for f in files if f.startswith(INDEX) and f.endswith(".css")]
