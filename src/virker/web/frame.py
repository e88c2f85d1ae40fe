"""The frame of every page: head, menu, language link, search, footer. And what templates may ask for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from virker.bank.references import short_name
from virker.claims.records import STATUS_LABELS, STATUS_SIGNS, Status
from virker.language import DIRECTIONS, Said, day_said, number
from virker.publish.wording import SIGNS
from virker.vocabulary.terms import Kind as TermKind
from virker.web.address import Address
from virker.web.kind_names import kind_name, kind_weight
from virker.web.page import WebPage

if TYPE_CHECKING:
    from datetime import date

    from jinja2 import Environment

    from virker.web.site import Site

#: The menu: the page's kind (and id), and its name.
MENU: tuple[tuple[str, str, Said], ...] = (
    ("index", "", Said("Forside", "Front page")),
    ("map", "", Said("Evidenskort", "Evidence map")),
    ("interventions", "", Said("Indsatser", "Measures")),
    ("notes", "", Said("Notater", "Notes")),
    ("tools", "", Said("Værktøjer", "Tools")),
    ("method", "", Said("Metode", "Method")),
    ("about", "", Said("Om", "About")),
)
#: The foot of every page.
FOOT: tuple[tuple[str, str, Said], ...] = (
    ("studies", "", Said("Alle studier", "All studies")),
    ("claims", "", Said("Alle påstande", "All claims")),
    ("changes", "", Said("Hvad er ændret?", "What has changed?")),
    ("download", "", Said("Hent data", "Download the data")),
    ("about", "", Said("Om virker", "About virker")),
    ("accessibility", "", Said("Tilgængelighedserklæring", "Accessibility statement")),
)


@dataclass(frozen=True)
class View:
    """What a template may ask for: links from this page, words, numbers and labels in its language."""

    site: Site
    address: Address

    @property
    def language(self) -> str:
        return self.address.language

    def t(self, da: str | Said, en: str = "") -> str:
        """The text in the page's language."""
        return da[self.language] if isinstance(da, Said) else da if self.language == "da" else en

    def href(self, kind: str, id: str = "", anchor: str = "") -> str:
        """A relative link to a page in the same language."""
        return self.address.to(Address(self.address.language, kind, id)) + (f"#{anchor}" if anchor else "")

    def file(self, path: str) -> str:
        """A relative link to a file of the site, such as ``assets/site.css``."""
        return self.address.to(path)

    def has(self, kind: str, id: str = "") -> bool:
        """Whether there is such a page to link to."""
        return self.site.has(Address(self.address.language, kind, id))

    def link(self, kind: str, id: str, words: str) -> Markup:
        """The words as a link to a page, or alone where there is no such page."""
        return Markup('<a href="{}">{}</a>').format(self.href(kind, id), words) if self.has(kind, id) else Markup("{}").format(words)

    def n(self, value: float) -> str:
        """A number as the language writes it."""
        return number(value, self.language)

    def day(self, day: date) -> str:
        return day_said(day)[self.language]

    def term(self, kind: TermKind, term: str) -> str:
        """A term's label."""
        return self.site.edition.bank.vocabulary.label(kind, term, self.language)

    def study(self, id: str) -> str:
        """How a text refers to a study: Maibom et al. (2017)."""
        study = self.site.edition.bank.studies.get(id)
        return short_name(study, self.language) if study else id

    def study_link(self, id: str) -> Markup:
        """A study's short name, as a link to its page or its review's page; the id alone where the bank has no such study."""
        return self.link(self._study_kind(id), id, self.study(id))

    def study_href(self, id: str) -> str:
        """Where a study's page stands, whichever kind of study it is."""
        return self.href(self._study_kind(id), id)

    def _study_kind(self, id: str) -> str:
        study = self.site.edition.bank.studies.get(id)
        return "review" if study and study.kind == "review" else "study"

    def trial_link(self, id: str) -> Markup:
        """A trial's name, as a link to its page."""
        trial = self.site.edition.bank.trials.get(id)
        return self.link("trial", id, (trial.da if self.language == "da" else trial.en) if trial else id)

    def piece_link(self, id: str) -> Markup:
        """A piece of evidence, a trial or a study, as a link to its page."""
        return self.trial_link(id) if id in self.site.edition.bank.trials else self.study_link(id)

    def direction(self, direction: str) -> Markup:
        """A direction as its sign and its word, so that colour never carries it alone."""
        return Markup('<span class="way way-{d}"><span aria-hidden="true">{sign}</span> {word}</span>').format(
            d=direction, sign=SIGNS.get(direction, "?"), word=DIRECTIONS[direction][self.language]
        )

    def status(self, status: Status) -> Markup:
        """A claim's status as its sign and its word."""
        return Markup('<span class="status s-{s}"><span aria-hidden="true">{sign}</span> {word}</span>').format(
            s=status, sign=STATUS_SIGNS[status], word=STATUS_LABELS[status][self.language]
        )


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Jinja with the site's templates; everything that is not marked as HTML is escaped."""
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    folder = resources.files("virker.web") / "templates"
    loader = FunctionLoader(lambda name: (folder / name).read_text(encoding="utf-8"))
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def rendered(template: str, view: View, **values: Any) -> Markup:
    """A template of ``templates/`` with the view as ``v``."""
    return Markup(environment().get_template(template).render(v=view, **values))


def framed(site: Site, page: WebPage) -> str:
    """The page in its frame."""
    view = View(site, page.address)
    menu = [(kind, id, words) for kind, id, words in MENU if view.has(kind, id)]
    return environment().get_template("frame.html.j2").render(v=view, page=page, menu=menu, foot=FOOT, kind_name=kind_name, kind_weight=kind_weight)
