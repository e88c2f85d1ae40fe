"""A workspace with the real bank and a small note of the tests' own, read once."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from virker.claims.edition import Edition, load_edition
from virker.workspace import Workspace, packaged_workspace

CLAIMS = """
[samtaler-virker]
kind = "synthesis"
section = 1
da = "Samtaler øger lediges beskæftigelse."
en = "Meetings raise the employment of unemployed people."
sentences = ["1.01"]
select = { intervention = "meetings", outcome = ["employment", "unemployment"], target_group = "unemployed" }
expect = { direction = "positive", level = "moderate" }

[humlum-kurser]
kind = "reported"
section = 5
da = "Kurser øger beskæftigelsen efter to år."
en = "Courses raise employment after two years."
select = { study = "humlum-2025", intervention = "training-classroom", outcome = "employment" }
expect = { direction = "positive", numbers = [{ value = 29, unit = "percent" }] }
"""

SENTENCES = """
[[sentence]]
id = "1.01"
da = "Samtaler virker, især for dem tæt på arbejdsmarkedet."
en = "Meetings work, most of all for those close to the labour market."
[[sentence]]
id = "1.12"
da = "Der er nuancer."
en = "There are nuances."
no_claim_da = "En overgang uden indhold."
no_claim_en = "A transition without content."
"""

DA = """+++
title = "Hvad virker? En prøve med æ, ø og å"
subtitle = "Et lille notat til prøverne"
short = "Prøver alt, hvad et notat kan indeholde."
date = 2026-11-22
authors = ["Prøveholdet"]
+++

# Samtaler får flere i job

[Samtaler øger lediges beskæftigelse]{#samtaler-virker}, og det gælder bredt [@vandenberg-2012; @behaghel-2014]. Læs *roligt* videre, **også her**, og se `koden` & <tegnene> #1 $ _x_ @her.

{{ harvest section=1 }}

Efter figuren kommer en liste:

1. Først det ene [@star-2021a].
2. Så det andet.
   - Med en underpunkt
   - og ét til

{{ verdicts section=1 }}

## Uddannelse tager tid

[Kurser øger beskæftigelsen]{#humlum-kurser} med [29]{value="humlum-2025#4/effect"} procent efter to år [@humlum-2025]. [Samtaler virker]{#samtaler-virker} hurtigere.

{{ over-time training }}

> Et citat, der står for sig selv.

| Indsats | Dom |
|---|---|
| Samtaler | virker |
| Løntilskud | [privat](https://star.dk) |

# Hvad vi ved om hvem

{{ map }}

{{ harvest section=4 }}
"""

EN = (
    DA.replace("Hvad virker? En prøve med æ, ø og å", "What works? A test with æ, ø and å")
    .replace("Et lille notat til prøverne", "A small note for the tests")
    .replace("Prøver alt, hvad et notat kan indeholde.", "Tests everything that a note may hold.")
    .replace("# Samtaler får flere i job", "# Meetings bring more into jobs")
    .replace("Samtaler øger lediges beskæftigelse", "Meetings raise employment")
    .replace("og det gælder bredt", "and that holds broadly")
    .replace("## Uddannelse tager tid", "## Training takes time")
    .replace("# Hvad vi ved om hvem", "# What we know about whom")
)


def make_workspace(root: Path, da: str = DA, en: str = EN) -> Workspace:
    """A workspace at ``root`` with the real bank, law and figures, and the note ``proeve``."""
    real = packaged_workspace()
    for name in ("bank", "rules"):
        shutil.copytree(real / name, root / name)
    (root / "notes" / "proeve").mkdir(parents=True)
    (root / "notes" / "claims").mkdir()
    shutil.copy(real / "notes" / "figures.toml", root / "notes" / "figures.toml")
    (root / "virker.toml").write_text('id = "prøve"\ntitle_da = "Hvad virker?"\ntitle_en = "What works?"\nnotes = ["proeve"]\n', encoding="utf-8")
    (root / "notes" / "claims" / "1.toml").write_text(CLAIMS, encoding="utf-8")
    (root / "notes" / "sentences.toml").write_text(SENTENCES, encoding="utf-8")
    (root / "notes" / "proeve" / "note.da.md").write_text(da, encoding="utf-8")
    (root / "notes" / "proeve" / "note.en.md").write_text(en, encoding="utf-8")
    return Workspace.find(root)


@pytest.fixture(scope="session")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    """The small note over the real bank, loaded and checked."""
    return load_edition(make_workspace(tmp_path_factory.mktemp("arbejdsområde")))


@pytest.fixture(scope="session")
def built(edition: Edition, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with everything built."""
    from virker.publish.build import build_all

    out = tmp_path_factory.mktemp("byg") / "ud"
    build_all(edition, out)
    return out
