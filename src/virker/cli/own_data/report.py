"""The analysis as one page of HTML that needs nothing beside it: words, tables and drawings, readable aloud, narrow, wide and on paper."""

from __future__ import annotations

import re
from html import escape

from virker.cli.own_data.analysis import Analysis
from virker.cli.own_data.drawings import draw, drawn_kinds
from virker.cli.own_data.recipe import recipe
from virker.cli.own_data.teller import Section
from virker.cli.own_data.told import sections
from virker.language import Said
from virker.meta.drawing import Drawing

_STYLE = """
:root { color-scheme: light; }
body { margin: 0; font: 1rem/1.55 Arial, 'Liberation Sans', sans-serif; color: #1b2b30; background: #fff; }
main { max-width: 60rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: .5rem 0 1rem; }
h2 { font-size: 1.2rem; margin: 2rem 0 .5rem; border-top: 1px solid #c3cfd2; padding-top: 1rem; }
p, ul { max-width: 44rem; }
ul { padding-left: 1.2rem; }
.table { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; margin: .5rem 0; }
.heard { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
th, td { padding: .3rem .8rem .3rem 0; text-align: right; border-bottom: 1px solid #dfe4e6; vertical-align: top; }
th:first-child { text-align: left; font-weight: normal; min-width: 7rem; }
thead th { font-weight: bold; white-space: nowrap; }
td { white-space: nowrap; }
figure { margin: 1rem 0; }
figure svg { max-width: 100%; height: auto; display: block; }
.narrow { display: none; }
pre { background: #f2f6f7; padding: 1rem; overflow-x: auto; font-size: .875rem; line-height: 1.45; }
a { color: #0f6674; }
@media (max-width: 45rem) { .wide { display: none; } .narrow { display: block; } th, td { padding-right: .5rem; font-size: .875rem; } th:first-child { min-width: 5rem; } }
@media print { main { max-width: none; padding: 0; } figure, tr { break-inside: avoid; } h2 { break-after: avoid; } pre { white-space: pre-wrap; } .wide { display: block; } .narrow { display: none; } }
"""


def report(analysis: Analysis, speak: str) -> str:
    """The page."""
    name = analysis.table.name
    title = Said(f"Metaanalyse af {name}", f"Meta-analysis of {name}")[speak]
    body = "".join(_section(analysis, section, speak) for section in sections(analysis, speak))
    same = Said("Det samme i Python", "The same in Python")[speak]
    made = Said("Lavet med virker. Tallene i tabellerne er afrundet; koden nedenfor giver dem alle.", "Made with virker. Numbers in the tables are rounded; the code below gives them all.")[speak]  # fmt: skip
    code = f'<section><h2>{same}</h2><p>{made}</p><pre tabindex="0" aria-label="Python"><code>{escape(recipe(analysis))}</code></pre></section>'
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{escape(title)}</title><style>{_STYLE}</style>'
    return f'<!DOCTYPE html>\n<html lang="{speak}"><head>{head}</head><body><main><h1>{escape(title)}</h1>{body}{code}</main></body></html>\n'


def _section(analysis: Analysis, section: Section, speak: str) -> str:
    bullets = [line[2:] for line in section.lines if line.startswith("- ")]
    told = "".join(f"<p>{escape(line)}</p>" for line in section.lines if not line.startswith("- "))
    listed = f"<ul>{''.join(f'<li>{escape(line)}</li>' for line in bullets)}</ul>" if bullets else ""
    drawn = "".join(_figure(analysis, kind, speak) for kind in drawn_kinds(analysis, section.kind))
    return f"<section><h2>{escape(section.title)}</h2>{_table(section)}{told}{listed}{drawn}</section>"


def _table(section: Section) -> str:
    if not section.rows:
        return ""
    head = (f'<th scope="col">{escape(section.head[0])}</th>' if section.head[0] else "<td></td>") + "".join(
        f'<th scope="col">{escape(cell)}</th>' for cell in section.head[1:]
    )
    rows = "".join(f'<tr><th scope="row">{escape(row[0])}</th>{"".join(f"<td>{escape(cell)}</td>" for cell in row[1:])}</tr>' for row in section.rows)
    caption = f'<caption><span class="heard">{escape(section.title)}</span></caption>'
    return f'<div class="table" tabindex="0" role="region" aria-label="{escape(section.title, quote=True)}"><table>{caption}<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'  # fmt: skip


def _figure(analysis: Analysis, kind: str, speak: str) -> str:
    """The drawing twice, wide and narrow; the style shows one, and only that one is read aloud."""
    wide, narrow = (draw(analysis, kind, speak, width) for width in (760, 300))
    return f'<figure><div class="wide">{_bare(wide)}</div><div class="narrow">{_bare(narrow)}</div></figure>'


def _bare(drawing: Drawing) -> str:
    return re.sub(r' xmlns="[^"]*"', "", drawing.svg, count=1)
