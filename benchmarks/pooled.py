"""Speed of pooling: ``python benchmarks/pooled.py``. Nothing is asserted: times belong to the machine that ran them.

Prints the verdict of ``pooled`` and all cells on the Danish bank, and the same on made-up banks in which every finding prints a standard error (no evidence
of anything; the Danish bank is far from it).
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from synthetic import make
from timing import median

from virker.bank import Bank, Query, load_bank
from virker.synthesis import RULE_SETS, evidence_units, verdict_on
from virker.synthesis.pooled_cells import cells
from virker.synthesis.sign_model import signs_of
from virker.workspace import Workspace, packaged_workspace

_ASKED = {
    "meetings, employment": Query(intervention="meetings", outcome="employment"),
    "return to work": Query(outcome="return-to-work"),
    "employment and unemployment": Query(outcome=("employment", "unemployment")),
    "everything": Query(),
}


def _tell(name: str, bank: Bank) -> None:
    print(f"\n{name}: {len(bank.studies)} studies, {len(bank.rows)} findings")
    print(f"{'question':<30} {'pieces':>7} {'all rule sets':>14} {'pooled':>9} {'cells':>9} {'signs':>9}   ms")
    for asked, query in _ASKED.items():
        units = evidence_units(bank, bank.select(query), query)
        runs = (
            lambda units=units: [verdict_on(units, rules) for rules in RULE_SETS.values()],
            lambda units=units: verdict_on(units, RULE_SETS["pooled"]),
            lambda query=query: cells(bank, query),
            lambda query=query: signs_of(bank, query),
        )
        runs[1]()
        shown = [1000 * median(run) for run in runs]
        print(f"{asked:<30} {len(units.all):>7} {shown[0]:>14.1f} {shown[1]:>9.1f} {shown[2]:>9.1f} {shown[3]:>9.1f}")


def main() -> None:
    found = Workspace.find(packaged_workspace())
    _tell("The Danish bank", load_bank(found.bank, found.root))
    for studies in (1_000, 10_000):
        with tempfile.TemporaryDirectory() as folder:
            make(Path(folder), studies, 3, 1)
            made = Workspace.find(Path(folder))
            _tell("Made up", load_bank(made.bank, made.root))


if __name__ == "__main__":
    main()
