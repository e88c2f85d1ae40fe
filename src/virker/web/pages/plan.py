"""The planner: a scenario as a form or as one's own text, and the plan worked out. The examples of the workspace are finished pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from virker.language import Said
from virker.plan.report import plan_page
from virker.plan.sections import Answers
from virker.publish.html import block_html
from virker.publish.wording import REFERENCES
from virker.web.address import Address
from virker.web.frame import View, rendered
from virker.web.page import WebPage
from virker.web.parameters import Fault
from virker.web.site import Site
from virker.web.tools import planned
from virker.web.tools.form import ordered, untold
from virker.web.tools.plan_fields import form_of
from virker.web.tools.planned import Asked, answers_to, asked_for, download, examples, worked_out
from virker.web.tools.reply import Form as Posted
from virker.web.tools.reply import Reply

#: What the server must know of the forms: a plan takes some seconds, so one is worked out at a time; and how much may be sent.
HEAVY, MOST_BYTES = True, 4 * planned.MOST_BYTES
_TITLE = Said("Planlæggeren", "The planner")
_SHORT = Said(
    "Hvad en blanding af indsatser vil give og koste for en gruppe ledige: folk i arbejde uge for uge, hvem der betaler, og hvad svaret hænger på.",
    "What a mix of measures would give and cost for a group of unemployed people: people in work week by week, who pays, and what the answer hangs on.",
)

#: A plan takes a processor for long: one is worked out at a time.
HEAVY = True


def ids(site: Site) -> tuple[str, ...]:
    """The planner, and every example that can be read."""
    return ("", *(name for name, example in examples(site).items() if example.scenario is not None))


def page(site: Site, address: Address) -> WebPage:
    """The planner before anything was told, or an example worked out."""
    if not address.id:
        return _page(site, address, None, None)
    example = examples(site)[address.id]
    return _page(site, address, example, answers_to(example, site))


def posted(site: Site, address: Address, form: Posted) -> Reply:
    """The plan worked out, a file of it (``do``: csv, toml or pdf), or the form again with every fault."""
    wanted = str(form.get("do", ""))
    asked = (asked_for if wanted == "toml" else worked_out)(site, form, address.language)
    if not asked.faults and (file := download(wanted, asked, site, address.language)):
        return Reply(200, file)
    return Reply(422 if asked.faults else 200, _page(site, Address(address.language, "plan"), asked, asked.answers, sent=True))


def _page(site: Site, address: Address, asked: Asked | None, answers: Answers | None, *, sent: bool = False) -> WebPage:
    view, language = View(site, address), address.language
    shown = {name: e for name, e in examples(site).items() if e.scenario is not None}
    start = asked if asked is not None and asked.scenario is not None else next(iter(shown.values()), None)
    form = form_of(start.scenario, language) if start is not None and start.scenario is not None else None
    faults: Sequence[Fault] = asked.faults if asked is not None else ()
    told = asked.told if asked is not None and asked.told is not None and faults else None
    scenario = answers.worked.scenario if answers else None
    title = scenario.title[language] if scenario else _TITLE[language]
    main = rendered(
        "plan.html.j2",
        view,
        title=title,
        short=_SHORT[language],
        examples=shown,
        form=form,
        told=told or (untold(form) if form else None),
        start=start.scenario.title[language] if start is not None and start.scenario is not None else "",
        base=start.text if start is not None else "",
        faults=ordered(faults, form) if form else list(faults),
        in_english=language == "da" and any(f.what.da == f.what.en or f.todo.da == f.todo.en for f in faults),
        own=asked.text if asked is not None and asked.own else "",
        result=_result(answers, view) if answers else None,
        sent=sent,
        files=address.id if not sent else "",
    )
    head = f"{Said('Fejl: ', 'Error: ')[language]}{title}" if faults else title
    return WebPage(address, head, _SHORT[language], main, "tools", wide=answers is not None)


def _result(answers: Answers, view: View) -> dict[str, Any]:
    """The report as the page shows it: its own blocks, and the references with links to the studies' pages."""
    bank, language = view.site.edition.bank, view.address.language
    report = plan_page(answers, bank, language)
    blocks = Markup("\n").join(block_html(b, report) for b in report.document.blocks)
    references = [(study, reference, "review" if bank.studies[study].kind == "review" else "study") for study, reference in report.references.items()]
    return {"front": report.front, "blocks": blocks, "references": references, "heading": REFERENCES[language]}
