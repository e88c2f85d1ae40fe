"""Suggest a study, or appeal a rating: a form that leaves a draft in the workspace's inbox, never in the bank."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from virker.language import Said
from virker.practice.calendar import looks_personal
from virker.web.address import Address
from virker.web.frame import View, rendered
from virker.web.inbox import Full, write_draft
from virker.web.page import WebPage
from virker.web.parameters import Fault, nearest_said, short
from virker.web.site import Site
from virker.web.tools.form import Field, Form, Group, Told, ordered, read, untold
from virker.web.tools.reply import Form as Posted
from virker.web.tools.reply import Reply

_TITLE = Said("Foreslå et studie, eller klag over en vurdering", "Suggest a study, or appeal a rating")
_SHORT = Said(
    "Peg på et studie, som banken mangler, eller på noget i banken, der er forkert.",
    "Point to a study that the bank lacks, or to something in the bank that is wrong.",
)
_FAULTY = Said("Fejl: ", "Error: ")
#: A field that no person sees: what fills it in is a program.
TRAP = "website"
_WHY = Said("Hvad har studiet fundet, og hvorfor hører det til?", "What did the study find, and why does it belong?")
_STUDY = Form(
    "study",
    (
        Group(
            None,
            (
                Field("title", Said("Titel", "Title"), "text", required=True),
                Field("authors", Said("Forfattere", "Authors"), "text", Said("De navne, der står på studiet.", "The names that stand on the study.")),
                Field("year", Said("År", "Year"), "whole", low=1930, high=2070),
                Field(
                    "link",
                    Said("DOI eller adresse på nettet", "DOI or address on the web"),
                    "text",
                    Said("Som 10.1234/abcd eller https://…", "Such as 10.1234/abcd or https://…"),
                ),
                Field("why", _WHY, "lines"),
            ),
        ),
    ),
    Said("Send forslaget", "Send the suggestion"),
    Said("Foreslå et studie", "Suggest a study"),
)
_ABOUT = (
    ("direction", Said("retningen eller tallet", "the direction or the number")),
    ("quality", Said("designet eller kvaliteten", "the design or the quality")),
    ("question", Said("indsatsen, målgruppen eller udfaldet", "the measure, the target group or the outcome")),
    ("counted", Said("at det tæller, eller ikke tæller", "that it counts, or does not count")),
    ("claim", Said("en påstands status", "the status of a claim")),
    ("other", Said("noget andet", "something else")),
)
_APPEAL = Form(
    "appeal",
    (
        Group(
            None,
            (
                Field(
                    "study",
                    Said("Studiets id", "The study's id"),
                    "text",
                    Said("Som det står på studiets side: pedersen-2012.", "As it stands on the study's page: pedersen-2012."),
                    required=True,
                ),
                Field(
                    "finding",
                    Said("Resultatets nummer", "The finding's number"),
                    "whole",
                    Said("Hvis det er ét af dem.", "If it is one of them."),
                    low=1,
                    high=10_000,
                ),
                Field("about", Said("Hvad er forkert?", "What is wrong?"), "choice", choices=_ABOUT, required=True),
                Field(
                    "place",
                    Said("Hvor i kilden står det rigtige?", "Where in the source does the right thing stand?"),
                    "text",
                    Said("Side og tabel.", "Page and table."),
                ),
                Field("why", Said("Hvad burde stå, og hvorfor?", "What should stand there, and why?"), "lines", required=True),
            ),
        ),
    ),
    Said("Send klagen", "Send the appeal"),
    Said("Klag over en vurdering", "Appeal a rating"),
)
FORMS: dict[str, Form] = {f.id: f for f in (_STUDY, _APPEAL)}
_PERSONAL = Fault(
    "",
    Said("der står noget, der ligner et CPR-nummer", "something looks like a CPR number"),
    Said("skriv intet om enkelte personer", "write nothing about single persons"),
)
_FULL = Fault(
    "",
    Said("indbakken er fuld, og forslaget er ikke gemt", "the inbox is full, and the suggestion was not kept"),
    Said("prøv igen om nogle dage", "try again in some days"),
)


def ids(site: Site) -> tuple[str, ...]:
    """One page."""
    return ("",)


def page(site: Site, address: Address) -> WebPage:
    """The forms; without a server, how it is done by hand."""
    return _page(site, address, "study", None)


def asked(site: Site, address: Address, query: Mapping[str, str]) -> Reply:
    """The appeal form with a study filled in: ``?study=pedersen-2012``, as the page of a study links to it."""
    study = query.get("study", "")
    if set(query) - {"study"} or study not in site.edition.bank.studies:
        faults = [
            Fault("", Said(f"»{short(n)}« kendes ikke", f"'{short(n)}' is not known"), Said("skriv study=…", "write study=…")) for n in query if n != "study"
        ]
        return Reply(422, _page(site, address, "appeal", Told({}, {"study": study[:100]}, faults or [_unknown(site, study)])))
    return Reply(200, _page(site, address, "appeal", replace(untold(_APPEAL), raw={"study": study})))


def posted(site: Site, address: Address, form: Posted) -> Reply:
    """The draft written, or the form again with every fault."""
    chosen = FORMS.get(str(form.get("form", "")), _STUDY)
    told = read(chosen, form, address.language)
    if any(looks_personal(text) for text in told.raw.values()):
        told.faults.append(_PERSONAL)
    if chosen is _APPEAL and (study := told["study"]) is not None and study not in site.edition.bank.studies:
        told.faults.append(_unknown(site, study))
    if told.faults:
        return Reply(422, _page(site, address, chosen.id, told))
    if form.get(TRAP):
        return Reply(200, _page(site, address, chosen.id, None, "–"))
    draft = {"language": address.language, "edition": site.stamp, **told.raw}
    try:
        name = write_draft(site.edition.workspace.root, chosen.id, draft)
    except (Full, OSError):
        told.faults.append(_FULL)
        return Reply(429, _page(site, address, chosen.id, told))
    return Reply(200, _page(site, address, chosen.id, None, name))


def _unknown(site: Site, study: str) -> Fault:
    return Fault("study", Said(f"der er intet studie »{short(study)}«", f"there is no study '{short(study)}'"), nearest_said(study, site.edition.bank.studies))


def _page(site: Site, address: Address, chosen: str, told: Told | None, written: str = "") -> WebPage:
    language = address.language
    faults: Sequence[Fault] = ordered(told.faults, FORMS[chosen]) if told else ()
    forms = [(f, told if told and f.id == chosen else untold(f)) for f in FORMS.values()]
    main = rendered(
        "suggest.html.j2",
        View(site, address),
        title=_TITLE[language],
        short=_SHORT[language],
        forms=forms,
        chosen=chosen,
        faults=faults,
        written=written,
        trap=TRAP,
    )
    return WebPage(address, (_FAULTY[language] if faults else "") + _TITLE[language], _SHORT[language], main, "tools")
