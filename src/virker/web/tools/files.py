"""The cards as PDF and the worked plans as files to take away. The build writes the plans, and copies the cards that it has made; a server makes both."""

from __future__ import annotations

from virker.errors import UserError
from virker.language import LANGUAGES
from virker.publish.cards.pdf import card_pdf
from virker.web.pages.card import card_page
from virker.web.site import Site
from virker.web.tools.planned import Asked, answers_to, download, examples

CARD, PLAN = "files/card/", "files/plan/"


def names(site: Site) -> tuple[str, ...]:
    """The paths of the plans' files, from the site's root."""
    return tuple(dict.fromkeys(f"{PLAN}{name}.{end}" for name, e in examples(site).items() if e.scenario for end in _endings()))


def content(site: Site, path: str) -> bytes | None:
    """The file at a path, made once; None where there is none."""
    key = ("file", path)
    if key not in site.memo:
        made = _card(site, path.removeprefix(CARD)) if path.startswith(CARD) else _plan(site, path.removeprefix(PLAN))
        if made is None:
            return None
        site.memo[key] = made
    found: bytes = site.memo[key]
    return found


def _endings() -> tuple[str, ...]:
    return ("csv", "toml", *(f"{language}.pdf" for language in LANGUAGES))


def _card(site: Site, name: str) -> bytes | None:
    for language in LANGUAGES:
        card = name.removesuffix(f".{language}.pdf")
        if card != name and language in site.edition.cards.get(card, {}):
            try:
                return card_pdf(card_page(site, card, language))
            except UserError:  # longer than a page: the build says so, and a reader is told that there is no file
                return None
    return None


def _plan(site: Site, name: str) -> bytes | None:
    stem, _, ending = name.partition(".")
    example: Asked | None = examples(site).get(stem)
    if example is None or example.scenario is None or ending not in _endings():
        return None
    if ending == "toml":
        return example.text.encode("utf-8")
    answers_to(example, site)
    made = download(ending.rpartition(".")[2], example, site, "en" if ending.startswith("en") else "da")
    return made.content if made else None
