"""A better reading enters the bank: the form, its mistakes, the file it is added to, and how it looked before."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import ROOT, finding, study
from virker.bank import Bank, Finding, Origin, load_bank
from virker.bank import upgrade as upgrading
from virker.bank.form import ALWAYS, OURS, RESULT, REVIEW, toml_value, write_form
from virker.bank.reading import read_form
from virker.bank.upgrade import finding_text, lines_naming, upgrade
from virker.errors import ContentError, QueryError, UserError
from virker.files import parse_toml
from virker.start import make_workspace

TODAY = date(2026, 12, 1)
FILE = """+++
# En kommentar om Ærø, som skal blive stående
id = "aeroe-2020"
kind = "primary"
title = "Ærlige samtaler på Ærø"   # titlen, som trykt
authors = ["Åse Ærø"]
year = 2020
design = "rct"
countries = ["DK"]
added = 2026-01-01

[[finding]]
id = 1   # kun notatet
intervention = "meetings"
contrast = "on"
outcome = "employment"
target_group = ["unemployed"]
direction = "positive"
significant = "yes"
effect = 29
unit = "percent"
origin = { document = "notatet", level = "seed", place = "Ad 1" }
note = "Notatet alene: flere på Ærø kom i job."

# om det andet resultat
[[finding]]
id = 12
intervention   =   "meetings"
outcome = "education"
contrast = "on"
target_group = ["unemployed"]
direction = "none"
sensitivity_of = 1
origin = {document = "artiklen",level = "table", place = "tabel 2"}
+++

Læst på øen. id = 1 og [[finding]] står også her.
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "område"
    make_workspace(root, empty=True)
    (root / "bank" / "studies" / "aeroe-2020.md").write_bytes(FILE.encode())
    return root


def bank_in(folder: Path) -> Bank:
    return load_bank(folder / "bank", folder)


def filled(form: str, **fields: str) -> str:
    """The form with fields filled in; a value is written as TOML."""
    answers = {
        "document": '"rapporten, som Åse læste"',
        "level": '"table"',
        "place": '"tabel 3, række 2"',
        "direction": '"none"',
        "significant": '"no"',
        **fields,
    }
    for name, value in answers.items():
        form, count = re.subn(rf"^{name} = (?:\"\"|\[\]|\"[^\"]*\")", lambda _, n=name, v=value: f"{n} = {v}", form, flags=re.M)
        assert count == 1, name
    return form


def applied(folder: Path, **fields: str) -> bytes:
    bank = bank_in(folder)
    change = upgrade(read_form(filled(write_form(bank, "aeroe-2020#1"), **fields), "skema.toml", bank, TODAY), folder / "bank", folder)
    change.write()
    return (folder / "bank" / "studies" / "aeroe-2020.md").read_bytes()


def problems(folder: Path, form: str) -> list[tuple[str, int]]:
    with pytest.raises(ContentError) as caught:
        read_form(form, "skema.toml", bank_in(folder), TODAY)
    assert {p.path for p in caught.value.problems} == {"skema.toml"}
    return [(p.what, p.line) for p in caught.value.problems]


def line(form: str, field: str) -> int:
    return next(i for i, text in enumerate(form.splitlines(), 1) if re.match(rf"\s*{field} =", text))


def test_the_answers_are_left_open_and_what_it_is_about_is_filled_in(folder: Path) -> None:
    data = parse_toml(write_form(bank_in(folder), "aeroe-2020#1"))
    assert set(data["result"].values()) == {""}
    assert set(data["origin"].values()) == {""}
    assert data["about"]["intervention"] == "meetings"
    assert data["about"]["target_group"] == ["unemployed"]


def test_what_the_note_says_stands_in_the_form_only_as_a_comment(folder: Path) -> None:
    form = write_form(bank_in(folder), "aeroe-2020#1")
    told = [text for text in form.splitlines() if "29" in text or "flere på Ærø" in text]
    assert len(told) == 2
    assert all(text.startswith("#") for text in told)


def test_every_field_of_a_finding_can_stand_in_a_form() -> None:
    """A field that is new in the bank is shown wherever it is filled in, and may be added by hand everywhere."""
    known = {f.name for f in msgspec.structs.fields(Finding)}
    assert (OURS | set(RESULT) | set(REVIEW) | ALWAYS) <= known


@pytest.mark.parametrize("address", ["maibom-2017#1", "amilon-andersen-2019#5", "andersen-arendt-2015#1", "fluchtmann-2023#1"])
def test_the_forms_of_the_danish_bank_are_toml_and_keep_what_is_known_of_the_subject(danish: Bank, address: str) -> None:
    data, row = parse_toml(write_form(danish, address)), danish.finding(address)
    assert row is not None
    for name, value in msgspec.to_builtins(row.finding).items():
        if name not in OURS and name not in RESULT and name not in REVIEW:
            assert data["about"][name] == (list(value) if isinstance(value, tuple) else value)


def test_the_new_reading_is_added_and_the_old_one_stays_superseded(folder: Path) -> None:
    applied(folder, effect="-1.5", unit='"pp"', se="0.4", note='"Læst på Ærø: næsten nul."')
    old, other, new = bank_in(folder).studies["aeroe-2020"].finding
    assert (old.superseded_by, old.effect, old.origin.level) == (13, 29, "seed")
    assert other.id == 12
    assert (new.id, new.direction, new.effect, new.unit, new.se, new.added) == (13, "none", -1.5, "pp", 0.4, TODAY)
    assert new.origin == Origin(document="rapporten, som Åse læste", level="table", place="tabel 3, række 2")
    assert new.target_group == old.target_group


def test_nothing_of_the_file_changes_but_the_lines_that_are_added(folder: Path) -> None:
    after = applied(folder).decode()
    added = "superseded_by = 13\n"
    start = after.index("\n[[finding]]\nid = 13\n")
    assert after.replace(added, "", 1).replace(after[start : after.index("+++", start)], "", 1) == FILE
    assert "id = 1   # kun notatet\nsuperseded_by = 13\nintervention" in after


def test_a_file_with_windows_line_ends_keeps_them(folder: Path) -> None:
    path = folder / "bank" / "studies" / "aeroe-2020.md"
    path.write_bytes(FILE.replace("\n", "\r\n").encode())
    after = applied(folder)
    assert after.count(b"\n") == after.count(b"\r\n")
    assert bank_in(folder).studies["aeroe-2020"].finding[-1].id == 13


def test_what_the_source_does_not_print_is_left_out(folder: Path) -> None:
    block = applied(folder).decode().partition("id = 13\n")[2].partition("+++")[0]
    assert {text.split(" = ")[0] for text in block.strip().splitlines()} == {
        "intervention", "contrast", "comparator", "outcome", "target_group", "estimand", "direction", "significant", "unit", "origin", "added",
    }  # fmt: skip


def test_an_empty_form_tells_everything_that_is_missing_at_once(folder: Path) -> None:
    form = write_form(bank_in(folder), "aeroe-2020#1")
    assert problems(folder, form) == [
        ("the document is missing", line(form, "document")),
        ("how near the source it was read is missing", line(form, "level")),
        ("the place is missing", line(form, "place")),
        ("an effect without a direction", line(form, "direction")),
    ]


WRONG = {
    "an unknown direction": ({"direction": '"possitive"'}, "direction", "'possitive' is no direction"),
    "the level of the note": ({"level": '"seed"'}, "level", "'seed' is no nearer"),
    "an unknown level": ({"level": '"side 3"'}, "level", "'side 3' is no level"),
    "a decimal comma in words": ({"effect": '"0,12"', "unit": '"pp"'}, "effect", "Expected `float | null`, got `str`"),
    "a number without its unit": ({"effect": "3"}, "unit", "a number without its unit"),
    "a range without its unit": ({"effect_low": "3"}, "unit", "a number without its unit"),
    "an interval that excludes its effect": ({"effect": "9", "unit": '"pp"', "ci_low": "1", "ci_high": "5"}, "effect", "excludes its effect 9"),
    "significant with a large p": ({"significant": '"yes"', "p": "0.4"}, "significant", "called significant with p = 0.4"),
    "an unknown outcome": ({"outcome": '"beskæftigelse"'}, "outcome", "'beskæftigelse' is no term for outcome"),
    "no number": ({"effect": "nan", "unit": '"pp"'}, "effect", "is no number that a source prints"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_answer_is_told_with_the_line_of_the_form(folder: Path, case: str) -> None:
    fields, where, what = WRONG[case]
    form = filled(write_form(bank_in(folder), "aeroe-2020#1"), **fields)
    ((told, at),) = problems(folder, form)
    assert what in told
    assert at == line(form, where)


def test_wrong_answers_of_every_kind_are_told_together(folder: Path) -> None:
    form = (
        filled(write_form(bank_in(folder), "aeroe-2020#1"), direction='"godt"', place='""', outcome='"jobs"', se="-1")
        + "\nefect = 3\nid = 4\n[resultat]\nn = 2\n"
    )
    assert sorted(told.split(" is ")[0] for told, _ in problems(folder, form)) == sorted(
        ["'godt'", "the place", "'jobs'", "a standard error cannot be -1", "'efect'", "'id'", "'resultat'"]
    )


@pytest.mark.parametrize("text", ["effect = 0,12", "her er intet skema", ""])
def test_what_is_no_form_is_told_as_that(folder: Path, text: str) -> None:
    (told,) = problems(folder, text)
    assert "broken TOML" in told[0] or "does not say which finding" in told[0]


def test_a_wrong_form_leaves_the_file_alone(folder: Path) -> None:
    with pytest.raises(ContentError):
        applied(folder, direction='"godt"')
    assert (folder / "bank" / "studies" / "aeroe-2020.md").read_bytes() == FILE.encode()


def test_a_form_is_applied_once(folder: Path) -> None:
    form = filled(write_form(bank_in(folder), "aeroe-2020#1"))
    after = applied(folder)
    with pytest.raises(QueryError, match="has a better reading already: aeroe-2020#13"):
        read_form(form, "skema.toml", bank_in(folder), TODAY)
    assert (folder / "bank" / "studies" / "aeroe-2020.md").read_bytes() == after


@pytest.mark.parametrize(
    ("address", "told"),
    [("aeroe-2021#1", "did you mean 'aeroe-2020'"), ("aeroe-2020#7", "aeroe-2020#1"), ("aeroe-2020", "aeroe-2020#1"), ("aeroe-2020#12", "read in a table")],
)
def test_a_finding_that_cannot_be_read_nearer_is_told_why(folder: Path, address: str, told: str) -> None:
    with pytest.raises(QueryError, match=told):
        write_form(bank_in(folder), address)


def test_a_file_changed_while_the_form_was_read_is_not_overwritten(folder: Path) -> None:
    bank, path = bank_in(folder), folder / "bank" / "studies" / "aeroe-2020.md"
    change = upgrade(read_form(filled(write_form(bank, "aeroe-2020#1")), "skema.toml", bank, TODAY), folder / "bank", folder)
    path.write_text(FILE + "En linje til.\n", encoding="utf-8")
    with pytest.raises(UserError, match="was changed"):
        change.write()
    assert path.read_text(encoding="utf-8") == FILE + "En linje til.\n"


def test_a_file_that_cannot_be_added_to_safely_is_left_to_a_person(folder: Path) -> None:
    path = folder / "bank" / "studies" / "aeroe-2020.md"
    path.write_text(FILE.replace("id = 1   # kun notatet", '"id" = 1'), encoding="utf-8")
    with pytest.raises(UserError, match="add it by hand: finding 13"):
        applied(folder)


def test_an_addition_that_would_lose_a_line_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    added = upgrading._added
    monkeypatch.setattr(upgrading, "_added", lambda text, reading: (added(text, reading) or "").replace("# om det andet resultat\n", ""))
    with pytest.raises(UserError, match="add it by hand"):
        applied(folder)
    assert (folder / "bank" / "studies" / "aeroe-2020.md").read_bytes() == FILE.encode()


def test_lines_that_name_the_old_finding_are_found_in_notes_and_bank_and_no_others(folder: Path) -> None:
    note = folder / "notes" / "eksempel" / "note.da.md"
    note.write_text(
        note.read_text(encoding="utf-8") + '\n[29]{value="aeroe-2020#1/effect"} på Ærø,\n[0]{value="aeroe-2020#12/effect"}\nx-aeroe-2020#1\n', encoding="utf-8"
    )
    found = [(n.path, n.text.split()[0]) for n in lines_naming(folder, "aeroe-2020#1")]
    assert found == [("bank/studies/aeroe-2020.md", "sensitivity_of"), ("notes/eksempel/note.da.md", '[29]{value="aeroe-2020#1/effect"}')]


def test_before_the_better_reading_was_added_the_old_one_answers(bank_of: Callable[..., Bank]) -> None:
    bank = bank_of(study("aeroe-2020", finding(1, superseded_by=2), finding(2, "none", added=TODAY), finding(3, superseded_by=4), finding(4)))
    before = bank.as_of(date(2026, 11, 30)).studies["aeroe-2020"].finding
    assert [(f.id, f.superseded_by) for f in before] == [(1, None), (3, 4), (4, None)]
    assert bank.as_of(TODAY).studies == bank.studies


def test_a_finding_withdrawn_and_superseded_later_is_back_before_both(bank_of: Callable[..., Bank]) -> None:
    gone = finding(1, superseded_by=2, withdrawn=date(2026, 12, 5), withdrawn_because="læst forkert")
    bank = bank_of(study("aeroe-2020", gone, finding(2, added=TODAY)))
    (before,) = bank.as_of(date(2026, 11, 30)).studies["aeroe-2020"].finding
    assert before == finding(1)


@settings(max_examples=200, deadline=None)
@given(st.recursive(st.text() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False), st.lists, max_leaves=4))
def test_every_value_is_written_so_that_it_is_read_back_the_same(value: object) -> None:
    assert parse_toml(f"x = {toml_value(value)}")["x"] == value


def test_every_finding_of_the_danish_bank_is_written_so_that_it_is_read_back_the_same(danish: Bank) -> None:
    for row in danish.rows:
        assert msgspec.convert(parse_toml(finding_text(row.finding))["finding"][0], Finding) == row.finding, row.address


def test_every_finding_read_from_afar_in_the_danish_bank_can_be_upgraded(danish: Bank) -> None:
    far = [r for r in danish.rows if r.finding.origin.level == "seed" and r.finding.superseded_by is None and not r.finding.withdrawn]
    assert len(far) > 90
    for row in far:
        form = filled(write_form(danish, row.address))
        change = upgrade(read_form(form, "skema.toml", danish, TODAY), ROOT / "bank", ROOT)
        assert change.bank(danish).finding(change.new) is not None
