"""A synthetic workspace of any size, to measure with. It is made up by a seeded generator and is no evidence of anything."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

from virker.vocabulary import load_vocabulary
from virker.workspace import packaged_workspace


def make(folder: Path, studies: int, findings_each: int, claims: int, seed: int = 7) -> None:
    """Write ``studies`` files with ``findings_each`` findings and ``claims`` claims into ``folder``."""
    rng = random.Random(seed)
    source = packaged_workspace() / "bank" / "vocabulary"
    shutil.copytree(source, folder / "bank" / "vocabulary")
    vocabulary = load_vocabulary(source, source, [])
    terms = {kind: sorted(vocabulary[kind]) for kind in ("interventions", "target_groups", "outcomes", "designs")}
    terms["interventions"].remove("combined-programme")
    (folder / "bank" / "studies").mkdir()
    (folder / "notes" / "claims").mkdir(parents=True)
    (folder / "virker.toml").write_text('id = "syntetisk"\ntitle_da = "Syntetisk"\ntitle_en = "Synthetic"\n', encoding="utf-8")
    for i in range(studies):
        (folder / "bank" / "studies" / f"studie-{i:05d}.md").write_text(_study(rng, terms, i, findings_each), encoding="utf-8")
    text = "\n".join(_claim(rng, terms, i) for i in range(claims))
    (folder / "notes" / "claims" / "1.toml").write_text(text, encoding="utf-8")


def _study(rng: random.Random, terms: dict[str, list[str]], i: int, count: int) -> str:
    findings = "\n".join(_finding(rng, terms, n) for n in range(1, count + 1))
    return f"""+++
id = "studie-{i:05d}"
kind = "primary"
title = "Et opdigtet studie nummer {i}: samtaler på Ærø"
authors = ["Åse Ærø", "Børge Sørensen"]
year = {rng.randint(1996, 2026)}
container = "Et tidsskrift"
language = "da"
countries = ["{rng.choice(["DK", "SE", "DE", "US"])}"]
design = "{rng.choice(terms["designs"])}"
population = "opdigtede ledige"
sections = [{rng.randint(1, 8)}]
added = 2026-01-01

{findings}
+++

Opdigtet.
"""


def _finding(rng: random.Random, terms: dict[str, list[str]], n: int) -> str:
    effect = round(rng.gauss(2, 4), 2)
    return f"""[[finding]]
id = {n}
intervention = "{rng.choice(terms["interventions"])}"
contrast = "{rng.choice(["on", "more", "less"])}"
comparator = "usual-effort"
outcome = "{rng.choice(terms["outcomes"])}"
target_group = ["{rng.choice(terms["target_groups"])}"]
horizon_months = {rng.choice([6, 12, 24])}
estimand = "ATT"
direction = "{rng.choice(["positive", "positive", "none", "negative"])}"
effect = {effect}
unit = "pp"
se = {round(rng.uniform(0.2, 3), 2)}
origin = {{ document = "Et tidsskrift", level = "table", place = "tabel {n}" }}
note = "Opdigtet resultat nummer {n}."
"""


def _claim(rng: random.Random, terms: dict[str, list[str]], i: int) -> str:
    return f"""[claim-{i}]
kind = "synthesis"
section = 1
da = "Påstand {i}"
en = "Claim {i}"
select = {{ intervention = "{rng.choice(["meetings", "training", "wage-subsidy", "incentives", "caseworker", "job-search", "benefits"])}", outcome = ["employment", "{rng.choice(terms["outcomes"])}"], year_to = {rng.randint(2000, 2026)} }}
expect = {{ direction = "positive", level = "indication" }}
"""
