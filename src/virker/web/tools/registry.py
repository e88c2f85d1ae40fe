"""The calculators of the site."""

from __future__ import annotations

from virker.web.tools import jobpraemie, loentilskud, samtaler, seks_uger
from virker.web.tools.tool import Tool

#: By the id that stands in the address, in the order in which they are listed.
TOOLS: dict[str, Tool] = {t.id: t for t in (samtaler.TOOL, loentilskud.TOOL, seks_uger.TOOL, jobpraemie.TOOL)}
