"""From what was sent to a plan worked out: the scenario's text, the figures changed in it, and every problem on the way in words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

from virker.errors import ContentError, Problem, UserError
from virker.files import read_toml
from virker.language import Language, Said, number
from virker.plan.answers import answers_of
from virker.plan.read import scenario_in
from virker.plan.report import plan_page, render, weeks_csv
from virker.plan.scenario import Scenario
from virker.plan.sections import Answers
from virker.web.api.plan import too_much
from virker.web.parameters import Fault
from virker.web.site import Site
from virker.web.tools.form import Told, read
from virker.web.tools.plan_fields import BASIS, changed, edited, form_of
from virker.web.tools.reply import Download
from virker.web.tools.reply import Form as Posted

#: A scenario is a page or two of text; the examples are a tenth of this.
MOST_BYTES = 64_000
_SHOWN = "plan.toml"
_ONE_AT_A_TIME = Lock()
_NOT_WORKED_OUT = Said("planen kan ikke regnes", "the plan cannot be worked out")


@dataclass
class Asked:
    """What was sent, as far as it could be read: the text, the scenario in it, the form told, the plan worked out, and every fault."""

    text: str = ""
    scenario: Scenario | None = None
    told: Told | None = None
    answers: Answers | None = None
    faults: list[Fault] = field(default_factory=list)
    #: Whether the text is the reader's own rather than the form's.
    own: bool = False


def worked_out(site: Site, posted: Posted, language: Language) -> Asked:
    """The plan in what was sent, worked out."""
    asked = asked_for(site, posted, language)
    if asked.scenario is None or asked.faults:
        return asked
    edition = site.edition
    try:
        asked.answers = answers_of(asked.scenario, edition.bank, edition.rules, edition.workspace.settings.rule_set)
    except UserError as error:
        asked.faults.append(Fault("", _NOT_WORKED_OUT, Said(str(error), str(error))))
    return asked


def asked_for(site: Site, posted: Posted, language: Language) -> Asked:
    """The plan in what was sent: a text of one's own (``own``, or the file ``file``), else ``base`` with the figures of the form."""
    asked = _text(posted)
    asked.scenario = _scenario(asked.text, site, asked.faults)
    if asked.scenario is None or asked.faults:
        return asked
    form = form_of(asked.scenario, language)
    # The buttons that fetch files send the plan as it was worked out, without fields.
    if not asked.own and any(f.name in posted for f in form.fields):
        asked.told = read(form, posted, language)
        asked.faults = asked.told.faults
        if asked.faults:
            return asked
        asked.text = edited(asked.text, changed(asked.told, asked.scenario), str(asked.told[BASIS] or ""))
        asked.scenario = _scenario(asked.text, site, asked.faults) or asked.scenario
    return asked


def _text(posted: Posted) -> Asked:
    """The scenario's text: the file before the field, the field before the form's own."""
    for name in ("file", "own", "base"):
        sent = posted.get(name, "")
        if len(sent) > MOST_BYTES or (isinstance(sent, str) and len(sent.encode()) > MOST_BYTES):
            what = Said(f"planen fylder mere end {number(MOST_BYTES, 'da')} tegn", f"the plan is larger than {number(MOST_BYTES, 'en')} characters")
            return Asked(faults=[Fault("", what, Said("send en kortere", "send a shorter one"))], own=name != "base")
        try:
            text = sent.decode("utf-8-sig") if isinstance(sent, bytes) else sent
        except UnicodeDecodeError:
            return Asked(faults=[Fault("", Said("filen er ikke UTF-8", "the file is not UTF-8"), Said("gem den som UTF-8", "save it as UTF-8"))], own=True)
        if text.strip():
            return Asked(text.replace("\r\n", "\n"), own=name != "base")
    return Asked(
        faults=[Fault("", Said("der er ingen plan", "there is no plan"), Said("sæt en plan ind, eller vælg en fil", "paste a plan, or choose a file"))],
        own=True,
    )


def _scenario(text: str, site: Site, faults: list[Fault]) -> Scenario | None:
    problems: list[Problem] = []
    data = read_toml(text, _SHOWN, problems) if text and not faults else None
    faults += _told(problems)
    if data is None:
        return None
    faults += too_much(data)
    if faults:
        return None
    try:
        return scenario_in(text, _SHOWN, site.edition.bank, site.edition.rules)
    except ContentError as error:
        faults += _told(error.problems)
        return None


def _told(problems: Sequence[Problem]) -> list[Fault]:
    """Problems with a file, in the program's own words and with their lines."""
    at = [Said(f"linje {p.line}: ", f"line {p.line}: ") if p.line else Said("", "") for p in problems]
    return [Fault("", where + Said(p.what, p.what), Said(p.todo, p.todo)) for where, p in zip(at, problems, strict=True)]


def download(kind: str, asked: Asked, site: Site, language: Language) -> Download | None:
    """The plan as a file: ``csv`` (the weeks), ``pdf`` (the report) or ``toml`` (the scenario); None for anything else."""
    name = re.sub(r"[^A-Za-z0-9_-]+", "-", asked.scenario.id if asked.scenario else "")[:60].strip("-") or "plan"
    if kind == "toml":
        return Download(f"{name}.toml", "application/toml; charset=utf-8", asked.text.encode("utf-8"))
    if asked.answers is None:
        return None
    if kind == "csv":
        return Download(f"{name}.csv", "text/csv; charset=utf-8", weeks_csv(asked.answers.worked).encode("utf-8"))
    if kind == "pdf":
        return Download(f"{name}.{language}.pdf", "application/pdf", render(plan_page(asked.answers, site.edition.bank, language), "pdf"))
    return None


def examples(site: Site) -> dict[str, Asked]:
    """The worked examples in the workspace's ``plans/`` by their file's name; one that cannot be read has its faults and no answers."""
    found: dict[str, Asked] | None = site.memo.get("plan examples")
    if found is None:
        found = site.memo["plan examples"] = {p.stem: _example(p, site) for p in sorted((site.edition.workspace.root / "plans").glob("*.toml"))}
    return found


def _example(path: Path, site: Site) -> Asked:
    asked = Asked(path.read_bytes()[:MOST_BYTES].decode("utf-8", errors="replace"))
    asked.scenario = _scenario(asked.text, site, asked.faults)
    return asked


def answers_to(example: Asked, site: Site) -> Answers:
    """The example worked out: once, when it is first asked for, however many ask at the same time."""
    with _ONE_AT_A_TIME:
        if example.answers is None:
            assert example.scenario is not None
            edition = site.edition
            example.answers = answers_of(example.scenario, edition.bank, edition.rules, edition.workspace.settings.rule_set)
        return example.answers
