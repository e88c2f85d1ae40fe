"""A calculator: what it tells, its form where a server answers, and the answer with the law beside every line."""

from __future__ import annotations

from typing import Any

from virker.errors import UserError
from virker.language import Said
from virker.practice import calendar
from virker.practice.samtaler_told import standing
from virker.practice.schedule import HOLDERS
from virker.rules.told import value_said
from virker.web.address import Address
from virker.web.frame import View, rendered
from virker.web.page import WebPage
from virker.web.site import Site
from virker.web.tools.answered import Law, Marks, law_of, lines
from virker.web.tools.form import Told, ordered, read, untold
from virker.web.tools.registry import TOOLS
from virker.web.tools.reply import Download, Reply
from virker.web.tools.reply import Form as Posted
from virker.web.tools.tool import Answered

_FAULTY = Said("Fejl: ", "Error: ")
_WEEKDAYS = (
    Said("mandag", "Monday"), Said("tirsdag", "Tuesday"), Said("onsdag", "Wednesday"), Said("torsdag", "Thursday"), Said("fredag", "Friday"),
    Said("lørdag", "Saturday"), Said("søndag", "Sunday"),
)  # fmt: skip
#: Lines of a schedule that tell how the suggestions were placed.
_PLACED = ("placement", "weekdays", "longest-pause", "unplaced")


def ids(site: Site) -> tuple[str, ...]:
    """The calculators whose law the workspace has."""
    return tuple(t.id for t in TOOLS.values() if all(s in site.edition.rules.schemes for s in t.schemes))


def page(site: Site, address: Address) -> WebPage:
    """The calculator before anything was told."""
    return _page(site, address, None, "", None)


def posted(site: Site, address: Address, form: Posted) -> Reply:
    """The answer to what was told, the calendar file that was asked for, or the form again with every fault.

    ``form`` holds the fields of one of the calculator's forms, ``form`` (the form's id), and ``do``: ``answer`` or ``ics``.
    """
    tool = TOOLS[address.id]
    forms = {f.id: f for f in tool.forms(site.edition.rules)}
    chosen = forms.get(str(form.get("form", ""))) or next(iter(forms.values()))
    told = read(chosen, form, address.language)
    found = tool.answer(chosen.id, told, site.edition)
    if found is not None and form.get("do") == "ics" and found.schedule is not None:
        series = str(form.get("series", ""))[:100]
        if calendar.looks_personal(series):
            what, todo = Said("ordet ligner et CPR-nummer", "the word looks like a CPR number"), Said("skriv et ord, der intet siger om personen", "write a word that tells nothing of the person")  # fmt: skip
            told.fault("", what, todo)
        else:
            try:
                return Reply(200, Download("samtaler.ics", "text/calendar; charset=utf-8", calendar.ics(found.schedule, address.language, series)))
            except UserError:
                what, todo = Said("der er ingen samtaler tilbage at lægge i en kalender", "no meeting remains to be put in a calendar"), Said("se planen herunder", "see the schedule below")  # fmt: skip
                told.fault("", what, todo)
    return Reply(422 if told.faults else 200, _page(site, address, told, chosen.id, found))


def _page(site: Site, address: Address, told: Told | None, chosen: str, found: Answered | None) -> WebPage:
    tool, view = TOOLS[address.id], View(site, address)
    title = tool.title[address.language]
    forms = [(f, told if told is not None and f.id == chosen else untold(f)) for f in tool.forms(site.edition.rules)]
    faults = ordered(told.faults, next(f for f, _ in forms if f.id == chosen)) if told is not None else []
    main = rendered(
        "tool.html.j2",
        view,
        tool=tool,
        forms=forms,
        chosen=chosen,
        faults=faults,
        schemes=[(s, site.edition.rules.schemes[s]) for s in tool.schemes],
        told=told,
        answer=_answer(view, found),
        weekday=lambda day: _WEEKDAYS[day.weekday()][address.language],
        value_said=value_said,
    )
    head = f"{_FAULTY[address.language]}{title}" if faults else title
    return WebPage(address, head, tool.short[address.language], main, "tools", wide=found is not None)


def _answer(view: View, found: Answered | None) -> dict[str, Any] | None:
    """What the template shows of an answer."""
    if found is None:
        return None
    rules, schedule = view.site.edition.rules, found.schedule
    if schedule is None:
        return {"said": found.answer, "lines": lines(found.answer, rules, {}), "schedule": None}
    windows, claims = {w.id for w in schedule.windows}, {e.claim for e in schedule.evidence}
    beside = {s.id for s in found.answer.steps if s.id.startswith("beside-")}
    marks: Marks = {}
    rows = [(w, standing(w), HOLDERS[w.holder], _once([law_of(a, p, rules, marks) for a, p in w.rules]), bool(w.beside)) for w in schedule.windows]
    placed = [s for s in found.answer.steps if s.id in _PLACED]
    rest = lines(found.answer, rules, marks, windows | claims | beside | set(_PLACED))
    told = [(p, law_of(a, p, rules, marks)) for a, p in schedule.beside]
    return {"said": found.answer, "lines": rest, "schedule": schedule, "windows": rows, "placed": placed, "beside": told}


def _once(laws: list[Law]) -> list[Law]:
    return list({law.number: law for law in reversed(laws)}.values())[::-1]
