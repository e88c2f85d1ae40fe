"""The static site is written where no server is installed: the first command of the README brings none."""

from __future__ import annotations

import subprocess
import sys

SCRIPT = """
import sys
for name in ("starlette", "uvicorn", "anyio", "python_multipart", "snowballstemmer"):
    sys.modules[name] = None  # importing it fails
from virker.web.build import SitePart
from virker.web.kinds import KINDS
print(sum(1 for kind in KINDS.values() if kind.module))
"""


def test_every_kind_of_page_is_made_without_what_the_server_needs() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-600:]
    assert int(done.stdout) > 20
