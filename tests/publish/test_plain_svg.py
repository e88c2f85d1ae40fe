"""Drawings written directly: the same marks, words and places as the chart engine draws."""

from __future__ import annotations

import re
from html import unescape
from xml.etree import ElementTree

from virker.claims import Edition
from virker.publish.figures.canvas import Canvas
from virker.publish.figures.harvest import harvest
from virker.publish.figures.plain_svg import plain_drawing
from virker.publish.figures.settings import load_figure_book


def _words(svg: str) -> list[str]:
    return sorted(unescape(w) for w in re.findall(r"<text[^>]*>([^<]+)</text>", svg))


def test_a_harvest_plot_says_the_same_words_as_the_chart_engines(edition: Edition) -> None:
    book = load_figure_book(edition.workspace.notes, edition.workspace.root)
    for section in book.section[:2]:
        theirs = harvest(edition, book, section, "da").drawing
        ours = harvest(edition, book, section, "da", plain_drawing).drawing
        assert theirs is not None
        assert ours is not None
        assert (ours.width, ours.height) == (theirs.width, theirs.height)
        assert _words(ours.svg) == _words(theirs.svg)


def test_every_mark_is_drawn_at_its_place() -> None:
    canvas = Canvas(100, 80)
    canvas.back(0, 0, 50, 20, "#f2f6f7")
    canvas.rect(10, 5, 20, 30, "#0f6674", dashed=True)
    canvas.line(0, 40, 100, 40)
    for shape in ("circle", "diamond", "triangle-up", "triangle-down"):
        canvas.point(50, 50, shape, filled=True)
    canvas.text(20, 60, "Sønderborg & <Ærø>", align="right", angle=270, bold=True)
    root = ElementTree.fromstring(plain_drawing(canvas).svg)
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
    points = re.search(r'points="([^"]+)"', plain_drawing(canvas).svg)
    assert points is not None
    tip, *others = [float(p.split(",")[1]) for p in points[1].split()]
    assert tip > 20 > max(others)
