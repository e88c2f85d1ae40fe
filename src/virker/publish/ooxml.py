"""Word's own machinery, where its library has no words for it: fields, bookmarks, numberings, and how a run looks."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor


@dataclass
class Look:
    """How the words being written look."""

    bold: bool = False
    italic: bool = False
    underline: bool = False
    code: bool = False
    colour: RGBColor | None = None


def element(tag: str, **attributes: str) -> Any:
    """A new element with attributes of the word-processing namespace."""
    made = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), value)
    return made


def field_start(paragraph: Any, code: str) -> None:
    """Begin a field that Word computes when the file is opened; what is written next stands in it until then."""
    _begin(paragraph, code, dirty="true")


def field(paragraph: Any, code: str, shown: str, bold: bool = False) -> None:
    """A field with the value it shows until Word computes it."""
    _begin(paragraph, code)
    paragraph.add_run(shown).bold = bold or None
    paragraph.add_run()._r.append(element("w:fldChar", fldCharType="end"))


def _begin(paragraph: Any, code: str, **attributes: str) -> None:
    paragraph.add_run()._r.append(element("w:fldChar", fldCharType="begin", **attributes))
    text = OxmlElement("w:instrText")
    text.set(qn("xml:space"), "preserve")
    text.text = f" {code} "
    paragraph.add_run()._r.append(text)
    paragraph.add_run()._r.append(element("w:fldChar", fldCharType="separate"))


def new_numbering(file: Any, start: int, style_name: str) -> int:
    """A numbering of its own for an ordered list, so that it starts where the text says."""
    numbering = file.part.numbering_part.element
    style = file.styles[style_name].element
    base = int(style.pPr.numPr.numId.val)
    abstract = next(n.abstractNumId.val for n in numbering.num_lst if n.numId == base)
    made = numbering.add_num(abstract)
    made.add_lvlOverride(ilvl=0).add_startOverride(start)
    return int(made.numId)


def numbered(paragraph: Any, number: int) -> None:
    """Let the paragraph be an item of that numbering."""
    properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
    properties.get_or_add_ilvl().val = 0
    properties.get_or_add_numId().val = number


def dress(run: Any, look: Look) -> None:
    """Let a run look so."""
    run.bold, run.italic = look.bold or None, look.italic or None
    if look.underline:
        underline = element("w:u", val="dotted", color="9CC2C8")
        run._r.get_or_add_rPr().append(underline)
    if look.code:
        run.font.name, run.font.size = "Consolas", Pt(9)
    if look.colour is not None:
        run.font.color.rgb = look.colour


def bookmark_name(name: str) -> str:
    """Word takes letters, digits and underscores, at most 40, and a letter first.

    >>> bookmark_name("ref-humlum-2025")
    'ref_humlum_2025'
    """
    return ("".join(c if c.isalnum() else "_" for c in name))[:40] if name[:1].isalpha() else f"a_{name}"[:40]


def steady(data: bytes) -> bytes:
    """The same zip with every entry stamped alike, for zips carry the time they were made."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), old.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()
