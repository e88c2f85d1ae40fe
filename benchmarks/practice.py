"""Speed of the calculators: ``python benchmarks/practice.py``. Nothing is asserted: times belong to the machine that ran them.

Prints loading the law, one call of each calculator (the law is loaded once), telling the answer, running all cases, and the whole commands.
"""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from timing import median

from virker.practice.bonus_facts import BonusFacts
from virker.practice.cases import run_cases
from virker.practice.jobpraemie import jobpraemie
from virker.practice.loentilskud import loentilskud
from virker.practice.seks_uger import TrainingFacts, seks_uger
from virker.practice.subsidy_facts import SubsidyFacts
from virker.practice.told import answer_text
from virker.rules import load_rules
from virker.rules.cases import load_cases
from virker.workspace import packaged_workspace

_TARGET = 10.0


def main() -> None:
    root = packaged_workspace()
    rules = load_rules(root / "rules")
    print(f"{'loading the law':<52} {median(lambda: load_rules(root / 'rules')) * 1000:8.2f} ms")
    bonus = BonusFacts(earnings={"2017-04..2019-03": 24_321.5}, benefit="kontanthjælp", weeks=47, lives_in_denmark=True)
    subsidy = SubsidyFacts(on=date(2023, 6, 1), group="dagpenge", employer="private", months_on_benefits=3, lone_parent=True, self_found=True)
    training = TrainingFacts(unemployed_from=date(2021, 1, 4), education="skilled", age=30, on_unemployment_benefit=True)
    for name, run in (
        ("jobpraemie, 24 months", lambda: jobpraemie(bonus, rules)),
        ("loentilskud", lambda: loentilskud(subsidy, rules)),
        ("seks_uger", lambda: seks_uger(training, rules)),
    ):
        print(f"{name:<52} {median(run, 51) * 1000:8.2f} ms   target {_TARGET:g} ms")
    answer = jobpraemie(bonus, rules)
    print(f"{'telling the answer of 24 months':<52} {median(lambda: answer_text(answer, rules, 'da'), 51) * 1000:8.2f} ms")
    book = load_cases(root / "rules" / "cases", rules)
    many = sum(map(len, book.values()))
    print(f"{f'running all {many} cases':<52} {median(lambda: run_cases(book, rules), 11) * 1000:8.2f} ms")
    virker = str(Path(sys.executable).with_name("virker"))
    for words in (("rules", "list"), ("rules", "cases"), ("practice", "jobpraemie", "2017-04..2019-03=24321")):
        seconds = median(lambda w=words: subprocess.run([virker, *w], cwd=root, capture_output=True, check=True))  # type: ignore[misc]
        print(f"{'virker ' + ' '.join(words) + ', whole process':<52} {seconds * 1000:8.0f} ms")


if __name__ == "__main__":
    main()
