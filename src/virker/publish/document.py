"""A note's text, read once for all formats: blocks and inline pieces that HTML, PDF and Word each write in their own way.

Markdown gives a tree of tokens; here it becomes the few things that a note has, with claims numbered in the order in which the
text makes them, and figure blocks (a paragraph that is only ``{{ harvest section=1 }}``) numbered in the order in which they stand.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from markdown_it.tree import SyntaxTreeNode

from virker.claims.note import NoteText
from virker.publish.citations import CITATION, cited_in

FIGURES = ("forest", "harvest", "map", "moderators", "over-time", "pooled", "verdicts")
_FIGURE = re.compile(r"^\{\{\s*([a-z-]+)\s*(.*?)\s*\}\}$")


@dataclass(frozen=True, slots=True)
class Text:
    text: str


@dataclass(frozen=True, slots=True)
class Break:
    """A line break that the author asked for."""


@dataclass(frozen=True, slots=True)
class Code:
    text: str


@dataclass(frozen=True, slots=True)
class Strong:
    children: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Emphasis:
    children: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Link:
    href: str
    children: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Cite:
    studies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClaimWords:
    """Words bound to a claim: its number in this note, and which mention of it this is (1 for the first)."""

    claim: str
    number: int
    mention: int
    children: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Value:
    """A number bound to its address."""

    address: str
    children: tuple[Inline, ...]


Inline = Text | Break | Code | Strong | Emphasis | Link | Cite | ClaimWords | Value


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is the highest in the text (the title stands above it)."""

    level: int
    anchor: str
    children: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    children: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    ordered: bool
    start: int
    items: tuple[tuple[Block, ...], ...]


@dataclass(frozen=True, slots=True)
class Quote:
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Table:
    header: tuple[tuple[Inline, ...], ...]
    rows: tuple[tuple[tuple[Inline, ...], ...], ...]


@dataclass(frozen=True, slots=True)
class Preformatted:
    text: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A thematic break."""


@dataclass(frozen=True, slots=True)
class FigureBlock:
    """A place for a figure: its name, bare words (``training``) and settings (``section=1``)."""

    name: str
    words: tuple[str, ...]
    settings: tuple[tuple[str, str], ...]

    def setting(self, name: str) -> str | None:
        return dict(self.settings).get(name)


Block = Heading | Paragraph | Listing | Quote | Table | Preformatted | Rule | FigureBlock


@dataclass(frozen=True, slots=True)
class Document:
    """A note in one language, ready to be written in any format."""

    text: NoteText
    blocks: tuple[Block, ...]
    claims: tuple[str, ...]
    mentions: Mapping[str, int]
    values: tuple[tuple[str, str], ...]
    cited: tuple[str, ...]

    @property
    def headings(self) -> tuple[Heading, ...]:
        return tuple(b for b in self.blocks if isinstance(b, Heading))


def read_document(text: NoteText) -> Document:
    """The document in a note's text."""
    reader = _Reader()
    tree = SyntaxTreeNode(list(text.tokens))
    blocks = reader.blocks(tree.children)
    top = min((b.level for b in blocks if isinstance(b, Heading)), default=1)
    raised = tuple(Heading(b.level - top + 1, b.anchor, b.children) if isinstance(b, Heading) else b for b in blocks)
    return Document(text, raised, tuple(reader.claims), reader.mentions, tuple(dict.fromkeys(reader.values)), tuple(dict.fromkeys(reader.cited)))


def figure_block(text: str) -> FigureBlock | None:
    """The figure block in a paragraph's text, or None when the paragraph is ordinary.

    >>> figure_block("{{ over-time training }}")
    FigureBlock(name='over-time', words=('training',), settings=())
    """
    found = _FIGURE.match(text.strip())
    if not found:
        return None
    words = found[2].split()
    settings = tuple((k, v.strip("\"'")) for k, _, v in (w.partition("=") for w in words if "=" in w))
    return FigureBlock(found[1], tuple(w for w in words if "=" not in w), settings)


def plain(children: Sequence[Inline]) -> str:
    """The words alone."""
    out = []
    for child in children:
        if isinstance(child, Text | Code):
            out.append(child.text)
        elif isinstance(child, Break):
            out.append(" ")
        elif not isinstance(child, Cite):
            out.append(plain(child.children))
    return "".join(out)


def anchor_of(words: str) -> str:
    """An id made of a heading's words.

    >>> anchor_of("Løntilskud: hvad så?")
    'loentilskud-hvad-saa'
    """
    folded = words.casefold().replace("æ", "ae").replace("ø", "oe").replace("å", "aa")
    ascii_only = unicodedata.normalize("NFKD", folded).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-") or "afsnit"


@dataclass
class _Reader:
    """Walks the tree and numbers what it meets."""

    claims: dict[str, int] = field(default_factory=dict)
    mentions: dict[str, int] = field(default_factory=dict)
    values: list[tuple[str, str]] = field(default_factory=list)
    cited: list[str] = field(default_factory=list)
    anchors: dict[str, int] = field(default_factory=dict)

    def blocks(self, nodes: Sequence[SyntaxTreeNode]) -> tuple[Block, ...]:
        return tuple(b for node in nodes if (b := self.block(node)) is not None)

    def block(self, node: SyntaxTreeNode) -> Block | None:
        match node.type:
            case "heading":
                children = self.inline(node)
                return Heading(int(node.tag[1]), self.anchor(plain(children)), children)
            case "paragraph":
                inline = node.children[0]
                return figure_block(inline.content) or Paragraph(self.inline(node))
            case "bullet_list" | "ordered_list":
                items = tuple(self.blocks(item.children) for item in node.children)
                return Listing(node.type == "ordered_list", int(node.attrs.get("start", 1)), items)
            case "blockquote":
                return Quote(self.blocks(node.children))
            case "table":
                return self.table(node)
            case "hr":
                return Rule()
            case "fence" | "code_block" | "html_block":
                return Preformatted(node.content)
        return None

    def table(self, node: SyntaxTreeNode) -> Table:
        rows = [tuple(self.inline(cell) for cell in row.children) for part in node.children for row in part.children]
        return Table(rows[0], tuple(rows[1:]))

    def inline(self, node: SyntaxTreeNode) -> tuple[Inline, ...]:
        """The pieces under a node that holds one inline child."""
        return self.pieces(node.children[0].children) if node.children and node.children[0].type == "inline" else ()

    def pieces(self, nodes: Sequence[SyntaxTreeNode]) -> tuple[Inline, ...]:
        return tuple(piece for node in nodes for piece in self.piece(node))

    def piece(self, node: SyntaxTreeNode) -> tuple[Inline, ...]:
        match node.type:
            case "text" | "html_inline":
                return self.words(node.content)
            case "softbreak":
                return (Text(" "),)
            case "hardbreak":
                return (Break(),)
            case "code_inline":
                return (Code(node.content),)
            case "strong":
                return (Strong(self.pieces(node.children)),)
            case "em":
                return (Emphasis(self.pieces(node.children)),)
            case "link":
                return (Link(str(node.attrs.get("href", "")), self.pieces(node.children)),)
            case "span":
                return self.span(node)
            case "image":  # a note has no loose pictures: their words stand in their place
                return (Text(node.content),)
        return self.pieces(node.children) if node.children else (Text(node.content),)

    def words(self, text: str) -> tuple[Inline, ...]:
        """Text with its citations taken out."""
        out: list[Inline] = []
        at = 0
        for found in CITATION.finditer(text):
            if found.start() > at:
                out.append(Text(text[at : found.start()]))
            studies = cited_in(found[1])
            self.cited += studies
            out.append(Cite(studies))
            at = found.end()
        if at < len(text):
            out.append(Text(text[at:]))
        return tuple(out)

    def span(self, node: SyntaxTreeNode) -> tuple[Inline, ...]:
        claim, address = node.attrs.get("id"), node.attrs.get("value")
        if claim:
            name = str(claim)
            number = self.claims.setdefault(name, len(self.claims) + 1)
            self.mentions[name] = mention = self.mentions.get(name, 0) + 1
            return (ClaimWords(name, number, mention, self.pieces(node.children)),)
        children = self.pieces(node.children)
        if address:
            self.values.append((plain(children), str(address)))
            return (Value(str(address), children),)
        return children

    def anchor(self, words: str) -> str:
        name = anchor_of(words)
        count = self.anchors[name] = self.anchors.get(name, 0) + 1
        return name if count == 1 else f"{name}-{count}"
