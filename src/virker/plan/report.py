"""The plan's report as a page like the notes': HTML, PDF and Word, in both languages, and the figures by week as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path

import numpy as np

from virker.bank import Bank
from virker.claims.note import NoteText, markdown_parser
from virker.language import Language
from virker.plan.drawings import path_figure, tornado_figure
from virker.plan.sections import ASSUMPTIONS, WHO_PAYS, Answers, markdown, subtitle
from virker.plan.words import A_PERSON_DECIDES
from virker.plan.work import HIGH, LOW, Worked
from virker.publish.document import FigureBlock, anchor_of, read_document
from virker.publish.frontmatter import Front
from virker.publish.page import Page, Placed
from virker.publish.references import references
from virker.publish.wording import FIGURE

KINDS = ("html", "pdf", "docx")


def plan_page(answers: Answers, bank: Bank, language: Language) -> Page:
    """The report as a page."""
    scenario = answers.worked.scenario
    body = markdown(answers, bank, language)
    text = NoteText(scenario.id, language, f"{scenario.id}.{language}", Path(scenario.id), {}, body, tuple(markdown_parser().parse(body)), ())
    document = read_document(text)
    figures = {
        "plan-path": lambda: path_figure(answers.worked, language),
        "plan-tornado": lambda: tornado_figure(answers.hangs_on, answers.worked.public.centre, answers.worked, language),
    }
    blocks = [b for b in document.blocks if isinstance(b, FigureBlock)]
    placed = {id(b): Placed(figures[b.name](), f"{FIGURE[language]} {i}", f"figure-{i}") for i, b in enumerate(blocks, 1)}
    front = Front(scenario.title[language], subtitle(answers.worked, bank)[language], A_PERSON_DECIDES[language], (), None)
    other: Language = "en" if language == "da" else "da"
    return Page(
        scenario.id, language, front, document, placed, references(bank, document.cited, language), (), (), other,
        frozenset(anchor_of(h[language]) for h in (WHO_PAYS, ASSUMPTIONS)), has_contents=False,
    )  # fmt: skip


def render(page: Page, kind: str) -> bytes:
    """The page as one of :data:`KINDS`."""
    if kind == "html":
        from virker.publish.html import note_html

        return note_html(page).encode("utf-8")
    if kind == "pdf":
        from virker.publish.typst_pdf import note_pdf

        return note_pdf(page)
    from virker.publish.word import note_docx

    return note_docx(page)


def weeks_csv(worked: Worked) -> str:
    """People and money by week: without the plan, with it, and the band (empty where none is known); one row a week."""
    out = io.StringIO()
    rows = list(_rows(worked))
    writer = csv.DictWriter(out, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def _rows(worked: Worked) -> Iterator[dict[str, object]]:
    plan, base, drawn, s = worked.plan, worked.base, worked.drawn, worked.scenario
    low, high = (np.quantile(drawn.in_work, q, axis=0) for q in (LOW, HIGH))
    with_benefit = worked.on_benefit(plan)
    for t in range(s.weeks):
        row: dict[str, object] = {
            "week": t,
            "date": (s.start + timedelta(weeks=t)).isoformat(),
            "in_work_without": _six(base.in_work[0, t]),
            "in_work": _six(plan.in_work[0, t]),
            "in_work_low": _six(low[t]) if worked.has_draws else "",
            "in_work_high": _six(high[t]) if worked.has_draws else "",
            "unemployed_without": _six(base.unemployed[0, t]),
            "unemployed": _six(plan.unemployed[0, t]),
            "on_benefit_without": _six(base.benefit[0, t]),
            "on_benefit": _six(with_benefit[0, t]),
            "left_without": _six(base.left[0, t]),
            "left": _six(plan.left[0, t]),
        }
        for i, m in enumerate(s.measure):
            row |= {
                f"started_{m.id}": _six(plan.started[0, i, t]),
                f"in_measure_{m.id}": _six(plan.participants[0, i, t]),
                f"no_room_{m.id}": _six(plan.turned_away[0, i, t]),
            }
        row |= {f"used_{name}": _six(used[0, t]) for name, used in plan.used.items()}
        row |= {f"{payer}_{s.money.currency}": _six(balance[0, t]) for payer, balance in worked.ledger.balance.items()}
        yield row


def _six(value: float) -> float:
    return round(float(value), 6)


def write_report(answers: Answers, bank: Bank, folder: Path, kinds: Iterable[str] = KINDS) -> list[Path]:
    """Both languages in all kinds, and the weeks as CSV; everything is made before anything is written."""
    from virker.files import write_file
    from virker.language import LANGUAGES

    name = answers.worked.scenario.id
    kinds = tuple(kinds)
    made: dict[Path, bytes] = {folder / f"{name}.csv": weeks_csv(answers.worked).encode("utf-8")}
    for language in LANGUAGES:
        page = plan_page(answers, bank, language)
        made.update({folder / f"{name}.{language}.{kind}": render(page, kind) for kind in kinds})
    for path, content in made.items():
        write_file(path, content)
    return sorted(made)
