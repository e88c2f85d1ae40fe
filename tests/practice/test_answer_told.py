"""An answer in words and as data: the law beside each line, what is not verified said in the line, and the guard at the end."""

from __future__ import annotations

import json
import re
from datetime import date

import msgspec
import pytest

from tests.conftest import ROOT
from virker.practice.answer import A_PERSON_DECIDES
from virker.practice.bonus_facts import BonusFacts
from virker.practice.jobpraemie import jobpraemie
from virker.practice.loentilskud import loentilskud
from virker.practice.seks_uger import TrainingFacts, seks_uger
from virker.practice.subsidy_facts import SubsidyFacts
from virker.practice.told import answer_data, answer_text
from virker.rules import load_rules

LAW = load_rules(ROOT / "rules")
ANSWERS = [
    jobpraemie(BonusFacts(earnings={"2017-03..2018-12": 27_000}, benefit="sygedagpenge", weeks=50), LAW),
    loentilskud(SubsidyFacts(on=date(2023, 6, 1), group="dagpenge", employer="private", months_on_benefits=8), LAW),
    seks_uger(TrainingFacts(unemployed_from=date(2021, 1, 4), education="skilled"), LAW),
]


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda a: a.calculator)
@pytest.mark.parametrize("lang", ["da", "en"])
def test_every_mark_leads_to_a_section_and_every_section_is_marked(answer: object, lang: str) -> None:
    text = answer_text(answer, LAW, lang, 100)  # type: ignore[arg-type]
    lines, _, behind = text.partition({"da": "Loven bag linjerne", "en": "The law behind the lines"}[lang])
    told = {int(n) for n in re.findall(r"\[(\d+)\]", lines)}
    listed = [int(n) for n in re.findall(r"^  \[(\d+)\]", behind, re.M)]
    assert told == set(listed) == set(range(1, len(listed) + 1))
    assert max(map(len, text.splitlines())) <= 100
    assert " ".join(text.split()).endswith(A_PERSON_DECIDES[lang])


def test_a_line_on_a_rule_that_nobody_verified_says_so_itself() -> None:
    text = answer_text(ANSWERS[1], LAW, "da", 500)
    ratio = next(line for line in text.splitlines() if "Rimeligt forhold" in line)
    assert ratio.endswith("til dels ikke efterprøvet i loven")
    growth = next(line for line in text.splitlines() if "Nettoudvidelse" in line)
    assert growth.endswith("– ikke efterprøvet i loven")
    length = next(line for line in text.splitlines() if "Højst 6 måneder" in line)
    assert "efterprøvet" not in length


def test_the_two_languages_have_the_same_lines_and_marks() -> None:
    for answer in ANSWERS:
        danish, english = (answer_text(answer, LAW, lang, 10_000).splitlines() for lang in ("da", "en"))
        assert len(danish) == len(english)
        for one, other in zip(danish, english, strict=True):
            assert re.findall(r"\[\d+\]|^  [✓✗?·–]", one) == re.findall(r"\[\d+\]|^  [✓✗?·–]", other)
        assert not {a for a in danish if len(a.split()) > 3} & set(english)


def test_what_the_sources_do_not_tell_is_listed_under_the_answer() -> None:
    for answer in ANSWERS:
        text = " ".join(answer_text(answer, LAW, "da").split())
        assert all(" ".join(what.da.split()) in text for what in answer.not_known)


def test_the_answer_as_data_holds_the_law_with_its_status_and_can_be_written() -> None:
    data = json.loads(msgspec.json.encode(answer_data(ANSWERS[0], LAW)))
    first = next(s for s in data["steps"] if s["id"] == "2017-04")
    assert first["value"] == 2500
    assert first["rules"][0]["address"] == "jobpraemie-2017/rate_percent"
    assert first["rules"][0]["status"] == "repealed"
    assert first["rules"][0]["source_in"]["da"] == "Borgerportalen (borger.dk)"
    assert data["guard"]["da"] == A_PERSON_DECIDES.da
    training = json.loads(msgspec.json.encode(answer_data(ANSWERS[2], LAW)))
    assert next(s for s in training["steps"] if s["id"] == "earliest")["day"] == "2021-02-08"
