"""The whole bank to take away, in the formats that people use, with a word on every column."""

from __future__ import annotations

from virker.bank.export import table
from virker.language import Said, number
from virker.web.address import Address
from virker.web.bank_files import FOLDER, OFFERS, sizes
from virker.web.columns import COLUMNS
from virker.web.frame import View, rendered
from virker.web.page import WebPage
from virker.web.site import Site

_TITLE = Said("Hent data", "Download the data")
_SHORT = Said("Hele evidensbanken som CSV, Excel, JSON, Parquet og referencer.", "The whole evidence bank as CSV, Excel, JSON, Parquet and references.")


def ids(site: Site) -> tuple[str, ...]:
    """One page."""
    return ("",)


def page(site: Site, address: Address) -> WebPage:
    """The page."""
    language, bank = address.language, site.edition.bank
    found = sizes(site)
    header, _ = table(())
    main = rendered(
        "download.html.j2",
        View(site, address),
        title=_TITLE[language],
        short=_SHORT[language],
        offers=[(o, f"{FOLDER}/{o.name}", _size(found[o.name], language)) for o in OFFERS if o.name in found],
        missing=[o.kind for o in OFFERS if o.name not in found],
        columns=[(name, COLUMNS.get(name.removeprefix("study_") if name != "study" else "id")) for name in header],
        notes=[(n, t[language].meta.get("subtitle") or t[language].meta.get("title", n)) for n, t in site.edition.notes.items()],
        studies=len(bank.studies),
        findings=len(bank.rows),
        digest=bank.digest,
    )
    return WebPage(address, _TITLE[language], _SHORT[language], main, wide=True)


def _size(size: int, language: str) -> str:
    """``640 kB``, ``1.2 MB``."""
    return f"{number(round(size / 1e6, 1), language)} MB" if size >= 1e6 else f"{number(max(1, round(size / 1000)), language)} kB"
