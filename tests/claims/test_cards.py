"""A card is a small note with a form: its headings, a list under each, every line bound, the law of its day."""

from __future__ import annotations

from pathlib import Path

import pytest

from virker.claims import Edition, load_edition
from virker.claims.card_form import MOST_WORDS
from virker.claims.cards import HEADINGS
from virker.claims.values import fix_numbers
from virker.errors import ContentError
from virker.start import make_workspace
from virker.workspace import Workspace

RULES = """id = "samtaler"
da = "Samtaler på øerne"
en = "Meetings"
about_da = "Æ."
about_en = "A."
not_found = [{ da = "Om reglen gælder i påsken.", en = "Whether the rule holds at Easter." }]

[[parameter]]
id = "min"
da = "Samtaler, mindst"
en = "Meetings, at least"
value = 9
unit = "meetings"
from = 2020-01-01
to = 2023-12-31
status = "in force"
reference = "§ 30"
source = "the act"

[[parameter]]
id = "min"
da = "Samtaler, mindst"
en = "Meetings, at least"
value = 6
unit = "meetings"
from = 2024-01-01
status = "in force"
reference = "§ 31"
source = "the act"

[[parameter]]
id = "min"
da = "Samtaler, mindst (ny lov)"
en = "Meetings, at least (new act)"
value = 4
unit = "meetings"
from = 2026-02-01
status = "unverified"
reference = "Lov nr. 1"
source = "a page"

[[parameter]]
id = "right"
da = "Ret til en samtale"
en = "Right to a meeting"
value = true
from = 2024-01-01
status = "in force"
reference = "§ 32"
source = "the act"
"""

CARD = """+++
title = "{title}"
kind = "measure"
date = 2026-11-22
about = "meetings-individual"
+++

## {works}

- [Der er en indikation: [3]{{value="eksempel-2026#1/effect"}} uger]{{#meetings-example}}

## {sure}

- [Indikation på øget beskæftigelse]{{#meetings-example}}

## {whom}

- [Indikation for dagpengemodtagere]{{#meetings-example}}

## {how}

- [En indikation]{{#meetings-example}} og [endnu en]{{#meetings-example}}

## {time}

- [**Først** en indikation]{{#meetings-example}}

## {others}

- [Hvad det gør ved andre, er ikke målt]{{unknown="meetings-others"}}

## {law}

- Mindst [6]{{value="rule:samtaler/min"}} samtaler.
- [Man har ret til en samtale]{{rule="samtaler/right" is="yes"}}
- I 2022 var det [9]{{value="rule:samtaler/min" day="2022-06-01"}}.

## {unknown}

- [Virkningen på andre]{{unknown="meetings-others"}}
- [Om reglen gælder i påsken]{{unknown="not-found:samtaler/Om reglen gælder i påsken"}}
"""


def card(language: str) -> str:
    return CARD.format(title="Samtaler på øerne" if language == "da" else "Meetings", **{k: v[language] for k, v in HEADINGS["measure"].items()})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "mit område"
    make_workspace(root, empty=True)
    (root / "rules").mkdir()
    (root / "rules" / "samtaler.toml").write_text(RULES, encoding="utf-8")
    gap = '[meetings-others]\nda = "Æ"\nen = "A"\nselect = [{ intervention = "meetings", spillover = true }]\n'
    (root / "notes" / "gaps.toml").write_text(gap, encoding="utf-8")
    (root / "cards").mkdir()
    for language in ("da", "en"):
        (root / "cards" / f"samtaler.{language}.md").write_text(card(language), encoding="utf-8")
    return root


def edit(folder: Path, old: str, new: str, languages: tuple[str, ...] = ("da", "en")) -> None:
    for language in languages:
        path = folder / "cards" / f"samtaler.{language}.md"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")


def edition(folder: Path) -> Edition:
    return load_edition(Workspace.find(folder), cache=False)


def bad_input(folder: Path) -> list[str]:
    with pytest.raises(ContentError) as caught:
        edition(folder)
    return [f"{p.path}: {p.what} → {p.todo}" for p in caught.value.problems]


def said(folder: Path) -> list[str]:
    return [p.what for p in edition(folder).note_problems]


def test_a_card_that_fits_has_no_problems_and_counts_its_words(folder: Path) -> None:
    found = edition(folder)
    assert found.note_problems == ()
    da = found.cards["samtaler"]["da"]
    assert [s.name for s in da.sections] == list(HEADINGS["measure"])
    line = da.sections[4].lines[0]
    assert (line.text, line.claims) == ("Først en indikation", ("meetings-example",))
    assert [(p.text, p.strong) for p in line.pieces] == [("Først", True), (" en indikation", False)]
    read = [da.front.title, *(w for s in da.sections for w in (s.heading, *(x.text for x in s.lines)))]
    assert da.words == len(" ".join(read).split())


def test_a_workspace_without_cards_is_no_error(folder: Path) -> None:
    for path in (folder / "cards").iterdir():
        path.unlink()
    (folder / "cards").rmdir()
    assert edition(folder).cards == {}


def test_a_card_in_one_language_only_is_bad_input(folder: Path) -> None:
    (folder / "cards" / "samtaler.en.md").unlink()
    assert bad_input(folder) == [
        "cards/samtaler.en.md: the card 'samtaler' is missing in English → write it, with the same claims and numbers as samtaler.da.md"
    ]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("## Virker det?", "## Virker dét?", "'Virker dét?' is no heading of a measure card → did you mean 'Virker det?'"),
        ("## Virker det?", "## Virker dét?", "the heading 'Virker det?' is missing"),
        ("## Hvordan virker det?", "## Virker det?", "the heading 'Hvordan virker det?' is missing"),
        ("- Mindst [6]", "Mindst [6]", "stands in no list"),
        ("- [Indikation på øget beskæftigelse]{#meetings-example}", "- Beskæftigelsen øges", "“Beskæftigelsen øges” is bound to no claim"),
        ("{#meetings-example} og [", "{#meetings-example}, for sådan er det jo altid [", "the words “, for sådan er det jo altid” are bound to nothing"),
        ("- [Indikation på øget beskæftigelse]{#meetings-example}", "", "nothing stands under 'Hvor sikkert er det?'"),
        ('- [Virkningen på andre]{unknown="meetings-others"}', "- [En indikation]{#meetings-example}", "is told as not known and bound to no gap"),
        ('- Mindst [6]{value="rule:samtaler/min"} samtaler.', "- [En indikation]{#meetings-example}", "is bound to no rule"),
        ('about = "meetings-individual"', 'about = "meetings-individuel"', "'meetings-individuel' is no term of the interventions"),
        ('kind = "measure"', 'kind = "indsats"', "kind"),
        ('day="2022-06-01"', 'day="juni"', 'day="juni" is no day'),
        ('rule="samtaler/right"', 'rule="samtaler/rigth"', "'samtaler' has no parameter 'rigth'"),
        ("not-found:samtaler/", "not-found:samtale/", "there is no scheme 'samtale'"),
    ],
)
def test_a_card_without_its_form_is_bad_input(folder: Path, old: str, new: str, told: str) -> None:
    edit(folder, old, new, ("da",))
    problems = bad_input(folder)
    assert any(told in p for p in problems), problems
    assert all(p.startswith("cards/samtaler.") for p in problems)


def test_headings_out_of_order_are_bad_input(folder: Path) -> None:
    edit(folder, "## Virker det?", "## X", ("da",))
    edit(folder, "## Hvor sikkert er det?", "## Virker det?", ("da",))
    edit(folder, "## X", "## Hvor sikkert er det?", ("da",))
    assert any("do not stand in their order" in p for p in bad_input(folder))


def test_the_two_languages_must_have_the_same_day_and_the_same_lines(folder: Path) -> None:
    edit(folder, "2026-11-22", "2026-11-21", ("en",))
    edit(folder, '- [Man har ret til en samtale]{rule="samtaler/right" is="yes"}\n', "", ("en",))
    told = bad_input(folder)
    assert any("date is 2026-11-21, and 2026-11-22 in cards/samtaler.da.md" in p for p in told)
    assert any("'What does the law say?' has 2 lines, and 3" in p for p in told)


def test_a_number_of_the_law_is_that_of_the_cards_day(folder: Path) -> None:
    edit(folder, "date = 2026-11-22", "date = 2021-11-22")
    assert "the note prints 6, the bank has 9 (rule:samtaler/min)" in said(folder)
    assert "“Man har ret til en samtale”: the law has no value of samtaler/right on 2021-11-22" in said(folder)


def test_a_law_that_is_only_told_of_does_not_displace_the_one_in_force(folder: Path) -> None:
    edit(folder, "[6]{value", "[4]{value")
    assert said(folder) == ["the note prints 4, the bank has 6 (rule:samtaler/min)"] * 2


def test_numbers_are_mended_to_the_law_of_the_day_and_to_the_day_that_a_number_names(folder: Path) -> None:
    edit(folder, "[6]{value", "[7]{value")
    edit(folder, "[9]{value", "[8]{value")
    found = edition(folder)
    text, changed = fix_numbers(found.texts["samtaler"]["da"], found.by_id, found.bank, found.rules)
    assert [c.partition(": ")[2] for c in changed] == ["7 → 6 (rule:samtaler/min)", "8 → 9 (rule:samtaler/min)"]
    assert text == card("da")


def test_a_law_that_ended_before_the_day_is_told_and_no_bad_input(folder: Path) -> None:
    rules = folder / "rules" / "samtaler.toml"
    rules.write_text(rules.read_text(encoding="utf-8").replace("from = 2024-01-01\nstatus", "from = 2024-01-01\nto = 2024-12-31\nstatus"), encoding="utf-8")
    told = said(folder)
    assert "“Man har ret til en samtale”: the law has no value of samtaler/right on 2026-11-22" in told


def test_words_that_turn_the_law_round_are_told(folder: Path) -> None:
    edit(folder, 'is="yes"', 'is="no"')
    assert said(folder) == ["“Man har ret til en samtale”: the words say no, the law says yes of samtaler/right"] * 2


def test_a_value_told_as_not_found_that_the_law_has_is_a_problem(folder: Path) -> None:
    edit(folder, '{unknown="not-found:samtaler/Om reglen gælder i påsken"}', '{unknown="rule:samtaler/min"}')
    assert "“Om reglen gælder i påsken” is told as not known, but the law has 6 for samtaler/min on 2026-11-22" in said(folder)


def test_an_entry_that_the_scheme_no_longer_lists_as_not_found_is_a_problem(folder: Path) -> None:
    rules = folder / "rules" / "samtaler.toml"
    rules.write_text(rules.read_text(encoding="utf-8").replace("Om reglen gælder i påsken.", "Noget andet."), encoding="utf-8")
    assert len([w for w in said(folder) if "lists nothing as not found that begins with “Om reglen gælder i påsken”" in w]) == 2


def test_a_claim_that_falls_takes_the_card_with_it(folder: Path) -> None:
    claims = folder / "notes" / "claims" / "1-eksempel.toml"
    claims.write_text(claims.read_text(encoding="utf-8").replace('"indication"', '"strong"'), encoding="utf-8")
    told = [p for p in edition(folder).note_problems if p.path == "cards/samtaler.da.md"]
    assert len(told) == 6
    assert all("and that is overstated" in p.what for p in told)


def test_a_card_too_long_to_read_aloud_is_told(folder: Path) -> None:
    edit(folder, "[Indikation på øget beskæftigelse]", f"[{'ord ' * MOST_WORDS}]", ("da",))
    (told,) = edition(folder).note_problems
    assert told.path == "cards/samtaler.da.md"
    assert f"at most {MOST_WORDS}" in told.what
