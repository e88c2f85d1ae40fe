"""Speed of fragility: ``python benchmarks/fragility.py``. Nothing is asserted: times belong to the machine that ran them.

Prints the whole command over all claims of the Danish workspace, the same without starting and loading, the slowest claims, and the search
on one synthetic verdict of many pieces (made up by a seeded generator; no evidence of anything).
"""

from __future__ import annotations

import random
import subprocess
import sys
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from timing import median

from virker.bank import Bank, Finding, Origin, Query, Study
from virker.claims import load_edition
from virker.claims.fragility import claim_fragilities, claim_fragility
from virker.synthesis import RULE_SETS, evidence_units
from virker.synthesis.fragility import fragility
from virker.workspace import Workspace, packaged_workspace


def synthetic(bank: Bank, pieces: int) -> Bank:
    rng = random.Random(7)
    designs, directions = ["rct", "matching", "duration-model"], ["positive"] * 3 + ["none", "negative"]
    studies = []
    for i in range(pieces):
        finding = Finding(
            id=1,
            intervention="meetings",
            outcome="employment",
            contrast="on",
            direction=rng.choice(directions),
            origin=Origin(document="made up", level="table"),
        )  # type: ignore[arg-type]
        studies.append(Study(id=f"made-up-{i}", kind="primary", design=rng.choice(designs), added=date(2026, 1, 1), countries=("DK",), finding=(finding,)))
    return Bank(studies, bank.vocabulary)


def main() -> None:
    root = packaged_workspace()
    virker = str(Path(sys.executable).with_name("virker"))
    whole = median(lambda: subprocess.run([virker, "fragility", "--all"], cwd=root, capture_output=True, check=True))
    edition = load_edition(Workspace.find(root), notes=False)
    print(f"virker fragility --all, whole process ({len(edition.checks)} claims)   {whole:6.2f} s   target 5.0 s")

    def afresh() -> None:
        edition.bank.memo.pop("fragility", None)
        claim_fragilities(edition)

    print(f"the same without starting and loading                     {median(afresh):6.2f} s")
    slowest = sorted(((median(lambda c=c: claim_fragility(c, edition), 1), c.claim.id) for c in edition.checks), reverse=True)[:5]  # type: ignore[misc]
    for seconds, claim in slowest:
        print(f"    {claim:<40} {seconds:6.3f} s")
    for pieces in (20, 50, 200):
        bank = synthetic(edition.bank, pieces)
        query = Query(intervention="meetings", outcome="employment")
        units = evidence_units(bank, bank.select(query), query)
        for rules in RULE_SETS.values():
            found = fragility(units, rules)
            how = "exact" if found.any_change.exact else f"at least {found.any_change.at_least}"
            print(f"{pieces:>4} pieces, {rules.id:<16} {median(lambda r=rules, u=units: fragility(u, r), 1):6.3f} s   {found.any_change.size} ({how})")  # type: ignore[misc]


if __name__ == "__main__":
    main()
