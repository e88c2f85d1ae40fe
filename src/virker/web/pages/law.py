"""The law as data: the schemes, and each on a day, with what is unverified, what was not found, and the cases that test it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from virker.language import Said, day_said
from virker.rules.onday import on_day
from virker.rules.show import where_said
from virker.web.address import Address
from virker.web.frame import View, rendered
from virker.web.page import WebPage
from virker.web.parameters import Fault, day_of, short
from virker.web.site import Site
from virker.web.tools.day import day_of_site
from virker.web.tools.form import FIRST_DAY, LAST_DAY
from virker.web.tools.onday import calculators_of, cases_of, parts
from virker.web.tools.registry import TOOLS
from virker.web.tools.reply import Reply

#: A page without a question shows the law of today: a server keeps none of yesterday's.
DAILY = True
_TITLE = Said("Loven som data", "The law as data")
_SHORT = Said(
    "Satser, frister og betingelser, hver med sine dage, sit lovsted og sin kilde. Det, der ikke er efterprøvet eller ikke er fundet, står som det.",
    "Rates, limits and conditions, each with its days, its section and its source. What is not verified or was not found is shown as that.",
)


def ids(site: Site) -> tuple[str, ...]:
    """The list, and every scheme."""
    return ("", *site.edition.rules.schemes)


def page(site: Site, address: Address) -> WebPage:
    """The law on the day of the site."""
    return _page(site, address, day_of_site(site))


def asked(site: Site, address: Address, query: Mapping[str, str]) -> Reply:
    """The law on another day: ``?on=2024-03-01``. Anything else after the question mark is told as a fault."""
    faults = [
        Fault(short(n), Said(f"»{short(n)}« kendes ikke", f"'{short(n)}' is not known"), Said("skriv on=2024-03-01", "write on=2024-03-01"))
        for n in query
        if n != "on"
    ]
    text = query.get("on", "").strip()
    day = day_of(text) if text else day_of_site(site)
    if day is None or not FIRST_DAY <= day <= LAST_DAY:
        first, last = FIRST_DAY.year, LAST_DAY.year
        what = Said(f"»{short(text)}« er ingen dag fra {first} til {last}", f"'{short(text)}' is no day from {first} to {last}")
        faults.append(Fault("on", what, Said("skriv år, måned og dag, som 2024-03-01", "write year, month and day, as 2024-03-01")))
    return Reply(422 if faults else 200, _page(site, address, day_of_site(site) if faults or day is None else day, faults, text))


def _page(site: Site, address: Address, day: date, faults: list[Fault] | None = None, written: str = "") -> WebPage:
    view, language = View(site, address), address.language
    shown = {
        "day": day,
        "faults": faults or [],
        "written": written or day.isoformat(),
        "first": FIRST_DAY,
        "last": LAST_DAY,
        "other_day": day != day_of_site(site),
    }
    question = f"?on={day.isoformat()}" if day != day_of_site(site) else ""
    if not address.id:
        views = [on_day(site.edition.rules, name, day) for name in site.edition.rules.schemes]
        rows = [(s, where_said(s), s.count("in force", "repealed"), s.count("unverified", "proposed")) for s in views]
        main = rendered("law.html.j2", view, title=_TITLE[language], short=_SHORT[language], rows=rows, **shown)
        return WebPage(address, _TITLE[language], _SHORT[language], main, "tools", wide=True, question=question)
    found = on_day(site.edition.rules, address.id, day)
    scheme = found.scheme
    title, about = (Said(scheme.da, scheme.en)[language], Said(scheme.about_da, scheme.about_en)[language])
    calculators = [TOOLS[t] for t in calculators_of(scheme.id) if view.has("tool", t)]
    main = rendered(
        "scheme.html.j2", view, title=title, about=about, scheme=scheme, where=where_said(found), place=found.place, parts=parts(found), cases=cases_of(site, scheme.id), calculators=calculators, **shown
    )  # fmt: skip
    return WebPage(address, title, f"{title}: {day_said(day)[language]}", main, "tools", wide=True, question=question)
