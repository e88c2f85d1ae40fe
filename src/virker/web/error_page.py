"""A page that says what went wrong, in both languages, in the frame of the site."""

from __future__ import annotations

from collections.abc import Sequence

from virker.language import LANGUAGES, Language, Said
from virker.web.address import Address
from virker.web.frame import View, framed, rendered
from virker.web.page import WebPage
from virker.web.parameters import Fault
from virker.web.site import Site


class FromRoot(Address):
    """The place of a page that answers at an address where there is none: its links begin at the root of the site."""

    __slots__ = ()

    @property
    def other(self) -> Address:
        return Address("en" if self.language == "da" else "da", "index")

    def to(self, target: Address | str) -> str:
        return "/" + (target if isinstance(target, str) else target.path)


TITLES: dict[int, Said] = {
    400: Said("Det kan vi ikke læse", "We cannot read that"),
    403: Said("Det kom ikke fra siden selv", "That did not come from the site itself"),
    404: Said("Siden findes ikke", "There is no such page"),
    405: Said("Den adresse kan man ikke sende noget til", "Nothing can be sent to that address"),
    413: Said("Det er for stort", "That is too large"),
    414: Said("Adressen er for lang", "The address is too long"),
    415: Said("Den slags kan vi ikke tage imod", "We cannot take that kind of thing"),
    422: Said("Det kan ikke besvares, som det står", "That cannot be answered as it stands"),
    429: Said("For mange på én gang", "Too many at once"),
    500: Said("Her gik noget galt hos os", "Something went wrong on our side"),
    507: Said("Indbakken er fuld", "The inbox is full"),
}


def error_html(site: Site, language: Language, status: int, faults: Sequence[Fault]) -> bytes:
    """The page: the reader's own language first."""
    address = FromRoot(language, "index", str(status))
    title = TITLES.get(status, TITLES[400 if status < 500 else 500])
    both = (language, *(other for other in LANGUAGES if other != language))
    main = rendered("error.html.j2", View(site, address), title=title, faults=faults, both=both, status=status)
    return framed(site, WebPage(address, title[language], title[language], main, searched=False)).encode("utf-8")
