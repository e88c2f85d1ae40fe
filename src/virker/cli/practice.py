"""``virker practice …``: the calculators: facts in, an answer with the law beside each line out. Nothing is stored."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from virker.cli import meetings
from virker.cli.options import Lang, language
from virker.cli.options import Workspace as WorkspaceOption
from virker.cli.rules import check_format, day_of, json_text, rules_of, width
from virker.errors import UserError

if TYPE_CHECKING:
    from virker.practice import Answer
    from virker.rules import Rules

app = typer.Typer(
    name="practice",
    help="For one person, on a day: the law, line by line, and what the evidence adds. A person decides, and nothing is stored.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.command("samtaler")(meetings.samtaler)

Format = typer.Option("text", "--format", help="text or json.")
_AMOUNT = re.compile(r"-?\d+([.,]\d{1,2})?")


def _tell(answer: Answer, rules: Rules, format: str, speak: str) -> None:
    from virker.practice.told import answer_data, answer_text

    typer.echo(json_text(answer_data(answer, rules)) if format == "json" else answer_text(answer, rules, speak, width()))


def _earnings(told: list[str]) -> list[tuple[str, float]]:
    """``2017-04=25000`` as a month and an amount; raises :class:`UserError` with everything that cannot be read."""
    found, problems = [], []
    for text in told:
        month, sign, amount = text.partition("=")
        if not sign or not _AMOUNT.fullmatch(amount):
            problems.append(f"'{text}' is no month with earnings\n    → write 2017-04=25000 or 2017-04..2018-09=25000.50, without a sign between thousands")
            continue
        found.append((month, float(amount.replace(",", "."))))
    if problems:
        raise UserError("\n".join(problems))
    return found


def _facts(kind: type[Any], **told: Any) -> Any:
    """The facts told on the command line; what was not told is left out."""
    return kind(**{name: value for name, value in told.items() if value is not None})


@app.command()
def jobpraemie(
    earnings: list[str] = typer.Argument(help="Ordinary earnings before tax by month, oldest first: 2017-04=25000, or 2017-04..2018-09=25000."),
    scheme: str = typer.Option("jobpraemie-2017", "--scheme", help="jobpraemie-2017, jobpraemie-kontanthjaelp-2012 or jobpraemie-enlige-2011."),
    benefit: str | None = typer.Option(None, "--benefit", help="2017: the benefit in week 48 of 2016, by its Danish name.", show_default=False),
    group: str | None = typer.Option(None, "--group", help="2017: a or b, where the benefit is in both groups.", show_default=False),
    weeks: int | None = typer.Option(None, "--weeks", help="2011 and 2017: weeks with a benefit in the scheme's window.", show_default=False),
    days: int | None = typer.Option(None, "--days", help="2012: days with a benefit in the scheme's window.", show_default=False),
    entitled: bool | None = typer.Option(
        None, "--entitled/--not-entitled", help="2011: extra child benefit as a lone parent on 2 August 2010; 2012: social assistance on 29 February 2012."
    ),
    lives_in_denmark: bool | None = typer.Option(None, "--lives-in-denmark/--lives-abroad", help="2017: lives and is liable to tax in Denmark."),
    lone_parent_bonus: bool | None = typer.Option(None, "--lone-parent-bonus/--no-lone-parent-bonus", help="2012: receives the bonus for lone parents."),
    format: str = Format,
    lang: str | None = Lang,
    workspace: Path | None = WorkspaceOption,
) -> None:
    """Reckon the job bonus month by month: who is covered, what each month gives, and the sum, in the three schemes of 2011-2019."""
    from virker.practice.bonus_facts import BonusFacts
    from virker.practice.jobpraemie import jobpraemie as reckoned

    check_format(format)
    speak = language(lang)
    rules, _ = rules_of(workspace)
    facts = _facts(
        BonusFacts,
        earnings=_earnings(earnings),
        scheme=scheme,
        benefit=benefit,
        group=group,
        weeks=weeks,
        days=days,
        entitled=entitled,
        lives_in_denmark=lives_in_denmark,
        lone_parent_bonus=lone_parent_bonus,
    )
    _tell(reckoned(facts, rules), rules, format, speak)


@app.command()
def loentilskud(
    group: str = typer.Argument(help="dagpenge, kontanthjaelp-jobparat, …: a wrong word lists all groups."),
    employer: str = typer.Argument(help="private or public."),
    on: str | None = typer.Option(None, "--on", help="The day the job begins, as 2024-06-01 (default: today).", show_default=False),
    months: float | None = typer.Option(None, "--months", help="Months on public benefits before.", show_default=False),
    age: int | None = typer.Option(None, "--age", help="In years: the law exempts those above an age from the earlier period.", show_default=False),
    lone_parent: bool | None = typer.Option(None, "--lone-parent/--not-lone-parent", help="Lone parents are exempt from the earlier period."),
    qualifying_education: bool | None = typer.Option(
        None, "--qualifying-education/--no-qualifying-education", help="Those without are exempt from the earlier period."
    ),
    self_found: bool | None = typer.Option(None, "--self-found/--not-self-found", help="The person has found the employer."),
    last_employer: bool | None = typer.Option(None, "--last-employer/--not-last-employer", help="The person last worked for this employer."),
    job_ready: bool | None = typer.Option(None, "--job-ready/--not-job-ready", help="Only for selvforsoergende."),
    clearly_ready: bool | None = typer.Option(
        None, "--clearly-ready-for-education/--not-clearly-ready-for-education", help="Only for uddannelseshjaelp-uddannelsesparat."
    ),
    in_work: bool | None = typer.Option(None, "--in-work/--not-in-work", help="Only for sygedagpenge and jobafklaringsforloeb."),
    format: str = Format,
    lang: str | None = Lang,
    workspace: Path | None = WorkspaceOption,
) -> None:
    """Tell whether wage subsidy can be given, for how long at most, whether it is a right, and the subsidy per hour."""
    from virker.practice.loentilskud import loentilskud as answered
    from virker.practice.subsidy_facts import SubsidyFacts

    check_format(format)
    speak = language(lang)
    rules, _ = rules_of(workspace)
    facts = _facts(
        SubsidyFacts,
        on=day_of(on),
        group=group,
        employer=employer,
        months_on_benefits=months,
        age=age,
        lone_parent=lone_parent,
        qualifying_education=qualifying_education,
        self_found=self_found,
        last_employer=last_employer,
        job_ready=job_ready,
        clearly_ready_for_education=clearly_ready,
        in_work=in_work,
    )
    _tell(answered(facts, rules), rules, format, speak)


@app.command("seks-ugers-uddannelse")
def seks_ugers_uddannelse(
    unemployed_from: str = typer.Argument(help="The first day of unemployment, as 2025-01-06."),
    education: str | None = typer.Option(None, "--education", help="unskilled, skilled, short-higher-and-skilled, short-higher or longer.", show_default=False),
    age: int | None = typer.Option(None, "--age", help="In years: the law has one limit under 25 and another from 25.", show_default=False),
    on_benefit: bool | None = typer.Option(
        None, "--on-unemployment-benefit/--not-on-unemployment-benefit", help="Entitled to unemployment benefit and unemployed full time."
    ),
    flex_job_referred: bool | None = typer.Option(None, "--flex-job-referred/--not-flex-job-referred", help="Referred to a flex job."),
    begun_in_notice: bool = typer.Option(False, "--begun-in-notice", help="The course was begun in the period of notice."),
    format: str = Format,
    lang: str | None = Lang,
    workspace: Path | None = WorkspaceOption,
) -> None:
    """Tell when six weeks of job-directed training can begin, its last day, its length, and whom it covers."""
    from virker.practice.seks_uger import TrainingFacts, seks_uger

    check_format(format)
    speak = language(lang)
    rules, _ = rules_of(workspace)
    facts = _facts(
        TrainingFacts,
        unemployed_from=day_of(unemployed_from, "UNEMPLOYED_FROM"),
        education=education,
        age=age,
        on_unemployment_benefit=on_benefit,
        flex_job_referred=flex_job_referred,
        begun_in_notice=begun_in_notice,
    )
    _tell(seks_uger(facts, rules), rules, format, speak)
