"""A scenario is read strictly: every problem in one go, each with its line and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.plan.scenario_of import TEXT, read, refused
from virker.bank import Bank
from virker.errors import ContentError
from virker.plan.read import read_scenario
from virker.rules import load_rules

LAW = load_rules(ROOT / "rules")
PLANS = sorted((ROOT / "plans").glob("*.toml"))


def changed(*pairs: tuple[str, str]) -> str:
    text = TEXT
    for old, new in pairs:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def line_of(part: str, text: str) -> int:
    return text[: text.index(part)].count("\n") + 1


@pytest.mark.parametrize("path", PLANS, ids=lambda p: p.stem)
def test_the_worked_examples_can_be_read(path: Path, danish: Bank) -> None:
    assert read_scenario(path, danish, LAW).id == path.stem


def test_the_small_scenario_has_no_problem(tmp_path: Path, danish: Bank) -> None:
    assert read(tmp_path, TEXT, danish, LAW).title.da == "En prøve på æ, ø og å"


BAD = [
    ("a rate above one", ("rate = 0.03", "rate = 1.3"), "a rate of 1.3 from week 0 is no share", "between 0 and 1"),
    ("per cent in place of a share", ("rate = 0.03", "rate = 3"), "a rate of 3 from week 0 is no share", "3 per cent is 0.03"),
    ("a rate below nothing", ("rate = 0.03", "rate = -0.1"), "a rate of -0.1 from week 0", "between 0 and 1"),
    ("rates that begin late", ("from = 0, rate", "from = 4, rate"), "the rates of 'job' do not begin at week 0", "from = 0"),
    ("no number", ("rate = 0.03", "rate = nan"), "'rate' is nan", "write a number"),
    ("an endless number", ("inflow = 10", "inflow = inf"), "'inflow' is inf", "write a number"),
    ("an unknown group", ('"unemployed"', '"unemploied"'), "'unemploied' is no target group", "did you mean 'unemployed'"),
    ("no group", ('["unemployed"]', "[]"), "there is no target group", "write group ="),
    ("an unknown measure", ('intervention = "meetings"', 'intervention = "meeting"'), "'meeting' is no intervention", "did you mean 'meetings'"),
    ("a measure that changes the benefit", ('intervention = "meetings"', 'intervention = "benefit-duration"'), "changes the benefit itself", "cannot be planned"),
    ("money without a currency", ('4000, currency = "DKK"', "4000"), "the amount 4000 of 'samtaler' has no currency", 'write currency = "DKK"'),
    ("two currencies", ('30000, currency = "DKK"', '30000, currency = "EUR"'), "'wage' is in EUR, and the plan is in DKK", "one currency"),
    ("a word for a currency", ('[money]\ncurrency = "DKK"', '[money]\ncurrency = "kroner"'), "'kroner' is no currency", "three capital letters"),
    ("a rate of the law in another currency", ('[money]\ncurrency = "DKK"', '[money]\ncurrency = "EUR"'), "is no amount in EUR", "in the plan's currency"),
    ("a negative price", ("amount = 4000", "amount = -1"), "the amount -1 of 'samtaler' is negative", "write what it costs"),
    ("a date before the law", ("on = 2025-01-06", "on = 1999-01-01"), "no value of 'dagpengesatser/max_per_month_full_time_dkk' on 1999-01-01", "choose a day in `on` from"),
    ("an unknown rule", ("max_per_month_full_time_dkk", "max_per_month_full_dkk"), "has no parameter 'max_per_month_full_dkk'", "did you mean"),
    ("a rule that is no amount", ("dagpengesatser/max_per_month_full_time_dkk", "samfundsoekonomi/net_tax_factor"), "is no amount in DKK", "by week, month or year"),
    ("unknown steps", ('"refusion/cofinancing"', '"refusion/cofinance"'), "'refusion/cofinance' is no steps of the law", "refusion/cofinancing"),
    ("a tax above one", ("tax_wage = 0.38", "tax_wage = 38"), "tax_wage is 38", "from 0 to 1"),
    ("a reach above one", ("reach = 0.5", "reach = 50"), "the reach of 'samtaler' is 50", "from 0 to 1"),
    ("no weeks", ("notice_weeks = 0\nstart_week = 0\nweeks = 13", "start_week = 0\nweeks = 0"), "weeks of 'samtaler' is 0", "from 1"),
    ("a plan of no weeks", ("weeks = 104", "weeks = 0"), "weeks is 0", "from 1 to 520"),
    ("draws that make no band", ("weeks = 104", "weeks = 104\ndraws = 1"), "draws is 1", "from 100"),
    ("a negative seed", ("weeks = 104", "weeks = 104\nseed = -1"), "seed is -1", "from 0"),
    ("nobody", ("inflow = 10", "inflow = 0"), "there is nobody in the plan", "write an inflow or a stock"),
    ("a negative inflow", ("inflow = 10", "inflow = -10"), "an inflow is negative", "write how many"),
    ("too few weeks of inflow", ("inflow = 10", "inflow = [10, 12]"), "there are 2 weeks of inflow, and the plan has 104", "one figure for each week"),
    ("a span turned round", ("inflow = 10", "inflow = 10\nstock = [{ from = 9, to = 3, people = 1 }]"), "weeks 9 to 3 of unemployment are no span", "from ≤ to"),
    ("an unknown capacity", ('capacity = "timer"', 'capacity = "timeer"'), "'samtaler' uses 'timeer', and there is no such capacity", "did you mean 'timer'"),
    ("a negative capacity", ("amount = 10\n", "amount = -10\n"), "amount of 'timer' is -10", "what there is in a week"),
    ("one more that is nothing", ("one_more = 5", "one_more = 0"), "one_more of 'timer' is 0", "above 0"),
    ("no source and no assumption", ('inflow = 10\nassumed = "prøve"', "inflow = 10"), "'people' does not say where its figures are from", "one of the two"),
    ("an empty assumption", ('inflow = 10\nassumed = "prøve"', 'inflow = 10\nassumed = " "'), "'people' does not say where", "one of the two"),
    ("both", ('inflow = 10\nassumed = "prøve"', 'inflow = 10\nassumed = "a"\nsource = "b"'), "'people' does not say where", "one of the two"),
    ("an id that is a path", ('id = "proeve"', 'id = "../proeve"'), "'../proeve' is no id", "small letters"),
    ("an id with æøå", ('id = "samtaler"', 'id = "møder"'), "'møder' is no id", "small letters"),
    ("a measure without a name", ('da = "Flere samtaler"', 'da = ""'), "'da' of 'samtaler' is empty", "in both languages"),
    ("a finding that is not there", ("reach = 0.5", 'reach = 0.5\neffect = "pedersen-2012#99"'), "there is no finding 'pedersen-2012#99'", "did you mean"),
    ("a finding on something else", ("reach = 0.5", 'reach = 0.5\neffect = "boeheim-2023#8"'), "'boeheim-2023#8' does not speak for 'samtaler'", "leave out `effect`"),
    ("who pays themselves", ('payer = "municipality", assumed', 'payer = "municipality", to = "municipality", assumed'), "paid by municipality to municipality", "who else"),
    ("a payer that nobody knows", ('payer = "municipality"', 'payer = "region"'), "region", "municipality"),
    ("an unknown field", ("reach = 0.5", "reach = 0.5\nreached = 1"), "'reached' is no field here", "did you mean"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "what", "todo"), [b[1:] for b in BAD], ids=[b[0] for b in BAD])
def test_bad_input_gives_one_clear_message(tmp_path: Path, danish: Bank, change: tuple[str, str], what: str, todo: str) -> None:
    told = refused(tmp_path, changed(change), danish, LAW)
    about = [t for t in told if what in t]
    assert len(about) == 1, told
    assert todo in about[0].partition(" → ")[2] or todo in about[0]
    # A scheme that begins later than the day asked for has several values missing; everything else is one problem.
    assert len(told) == 1 or change[0].startswith(("on =", "[money]")) or "nan" in change[1], told


def test_all_problems_are_told_at_once_each_with_its_line(tmp_path: Path, danish: Bank) -> None:
    text = changed(("rate = 0.03", "rate = 1.3"), ('"unemployed"', '"dagpenge"'), ("one_more = 5", "one_more = -5"), ("weeks = 13", "weeks = -13"))
    told = refused(tmp_path, text, danish, LAW)
    assert sorted(t.split(":")[0] for t in told) == sorted(
        str(line_of(part, text)) for part in ("job = [", 'group = ["dagpenge"]', "one_more = -5", "weeks = -13")
    )


def test_measures_that_begin_in_the_same_week_reach_at_most_everybody(tmp_path: Path, danish: Bank) -> None:
    other = TEXT[TEXT.index("[[measure]]") : TEXT.index("[[capacity]]")].replace('id = "samtaler"', 'id = "andre"').replace("reach = 0.5", "reach = 0.6")
    told = refused(tmp_path, TEXT.replace("[[capacity]]", other + "[[capacity]]"), danish, LAW)
    assert len(told) == 1
    assert "0 weeks of unemployment (samtaler, andre) reach 110% together" in told[0]
    read(tmp_path, TEXT.replace("[[capacity]]", other.replace("start_week = 0", "start_week = 1") + "[[capacity]]"), danish, LAW)


def test_two_of_one_id_are_refused(tmp_path: Path, danish: Bank) -> None:
    again = TEXT[TEXT.index("[[measure]]") : TEXT.index("[[capacity]]")]
    assert any("there are two of 'samtaler'" in t for t in refused(tmp_path, TEXT.replace("[[capacity]]", again + "[[capacity]]"), danish, LAW))


@pytest.mark.parametrize(
    ("content", "what"),
    [(b"id = ", "broken TOML"), ("id = 'prøve'".encode("latin-1"), "not UTF-8"), (b"", "the field 'id' is missing")],
)
def test_a_file_that_is_no_scenario_is_told_so(tmp_path: Path, danish: Bank, content: bytes, what: str) -> None:
    path = tmp_path / "plan.toml"
    path.write_bytes(content)
    with pytest.raises(ContentError, match=what):
        read_scenario(path, danish, LAW)


def test_a_file_that_is_not_there_is_told_so(tmp_path: Path, danish: Bank) -> None:
    with pytest.raises(ContentError, match="the file cannot be read"):
        read_scenario(tmp_path / "ikke-her.toml", danish, LAW)


def test_a_plan_in_another_currency_with_amounts_of_its_own_can_be_read(tmp_path: Path, danish: Bank) -> None:
    euro = TEXT.replace('"DKK"', '"EUR"').replace(
        '{ rule = "dagpengesatser/max_per_month_full_time_dkk" }', '{ amount = 2800, currency = "EUR", assumed = "prøve" }'
    )
    assert read(tmp_path, euro, danish, LAW).money.currency == "EUR"
