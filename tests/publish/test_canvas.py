"""Drawings on a canvas: every mark at its place, words escaped and turned."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from virker.publish.figures.canvas import Canvas


def test_every_mark_is_drawn_at_its_place() -> None:
    canvas = Canvas(100, 80)
    canvas.back(0, 0, 50, 20, "#f2f6f7")
    canvas.rect(10, 5, 20, 30, "#0f6674", dashed=True)
    canvas.line(0, 40, 100, 40)
    for shape in ("circle", "diamond", "triangle-up", "triangle-down"):
        canvas.point(50, 50, shape, filled=True)
    canvas.text(20, 60, "Sønderborg & <Ærø>", align="right", angle=270, bold=True)
    root = ElementTree.fromstring(canvas.drawing().svg)
    tags = [e.tag.rpartition("}")[2] for e in root.iter()]
    assert (tags.count("rect"), tags.count("line"), tags.count("circle"), tags.count("polygon")) == (3, 1, 1, 3)
    (text,) = [e for e in root.iter() if e.tag.endswith("text")]
    assert text.text == "Sønderborg & <Ærø>"
    assert text.get("transform") == "rotate(270 20 60)"
    assert text.get("text-anchor") == "end"
    dashed = [e for e in root.iter() if e.get("stroke-dasharray")]
    assert [(e.get("x"), e.get("y"), e.get("width"), e.get("height")) for e in dashed] == [("10", "5", "20", "30")]


def test_a_triangle_that_says_worse_points_down() -> None:
    canvas = Canvas(40, 40)
    canvas.point(20, 20, "triangle-down", filled=True)
    points = re.search(r'points="([^"]+)"', canvas.drawing().svg)
    assert points is not None
    tip, *others = [float(p.split(",")[1]) for p in points[1].split()]
    assert tip > 20 > max(others)
