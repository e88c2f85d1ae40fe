"""Cards: one page for a measure, or for a meeting with a group, in the notes' own Markdown.

A card is ``cards/<card>.da.md`` and ``cards/<card>.en.md``: front matter, the fixed headings of its kind in their order, and under each a list
whose every item is bound. So what holds a note true holds a card true.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Literal

import msgspec
from markdown_it.token import Token

from virker.claims.note import NoteText, Span, parse_note, spans_of
from virker.decode import decode
from virker.errors import Problem, relative
from virker.files import line_of, read_text
from virker.language import LANGUAGES, Said

CardKind = Literal["measure", "meeting"]
CARD_KINDS: dict[CardKind, Said] = {
    "measure": Said("Indsatskort", "Measure card"),
    "meeting": Said("Samtalekort", "Meeting card"),
}
_WORKS = Said("Virker det?", "Does it work?")
_SURE = Said("Hvor sikkert er det?", "How sure is it?")
_OTHERS = Said("Hvad betyder det for andre?", "What does it do to others?")
_LAW = Said("Hvad siger loven?", "What does the law say?")
_UNKNOWN = Said("Hvad ved vi ikke?", "What is not known?")
#: The headings of each kind, in their order; the names are what the program calls them.
HEADINGS: dict[CardKind, dict[str, Said]] = {
    "measure": {
        "works": _WORKS,
        "sure": _SURE,
        "whom": Said("For hvem, og hvornår ikke?", "For whom, and when not?"),
        "how": Said("Hvordan virker det?", "How does it work?"),
        "time": Said("Hvad sker der over tid?", "What happens over time?"),
        "others": _OTHERS,
        "law": _LAW,
        "unknown": _UNKNOWN,
    },
    "meeting": {
        "works": Said("Hvad kan du tage med?", "What can you bring?"),
        "sure": _SURE,
        "whom": Said("Hvornår skal du passe på?", "When should you take care?"),
        "time": Said("Hvornår og hvor længe?", "When, and for how long?"),
        "others": _OTHERS,
        "law": _LAW,
        "unknown": _UNKNOWN,
    },
}


class CardFront(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The front matter of a card: what it is on, and the day whose law it tells."""

    title: str
    kind: CardKind
    date: date
    #: The term that the card is about: an intervention of a measure card, a target group of a meeting card.
    about: str
    #: Its place among the cards of its kind.
    order: int = 0
    #: The intervention whose printed states at scale stand under the line about others; empty for none.
    scale: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of a line that look alike; ``rule`` is the address of the law whose value they are, on ``on`` where that is not the card's day."""

    text: str
    strong: bool = False
    rule: str | None = None
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One item under a heading: its words, everything that they are bound to, and the words that are bound to nothing."""

    number: int
    pieces: tuple[Piece, ...]
    spans: tuple[Span, ...]
    unbound: str

    @property
    def text(self) -> str:
        """The words alone."""
        return "".join(p.text for p in self.pieces)

    @property
    def claims(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(s.claim for s in self.spans if s.claim))

    @property
    def unknown(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(s.unknown for s in self.spans if s.unknown))

    @property
    def rules(self) -> tuple[tuple[str, date | None], ...]:
        """Addresses of the law that the line tells, each with its own day where it has one."""
        named = [(s.rule or (s.value or "").removeprefix("rule:"), s.on) for s in self.spans if s.rule or (s.value or "").startswith("rule:")]
        return tuple(dict.fromkeys(named))


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of a card, by its name in :data:`HEADINGS`, and its lines."""

    name: str
    heading: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """One language of a card."""

    text: NoteText
    front: CardFront
    sections: tuple[Section, ...]

    @property
    def words(self) -> int:
        """How many words are read aloud: title, headings and lines."""
        said = [self.front.title, *(w for s in self.sections for w in (s.heading, *(line.text for line in s.lines)))]
        return sum(len(w.split()) for w in said)


def read_cards(folder: Path, root: Path, problems: list[Problem]) -> dict[str, dict[str, Card]]:
    """All cards in ``folder``, measures before meetings and by their ``order``, each in both languages; an absent folder holds none."""
    names = sorted({path.name.rsplit(".", 2)[0] for language in LANGUAGES for path in folder.glob(f"*.{language}.md")}) if folder.is_dir() else []
    cards = {name: _both(folder, name, root, problems) for name in names}
    return dict(sorted(cards.items(), key=lambda item: _place(item[0], item[1])))


def _place(name: str, texts: dict[str, Card]) -> tuple[int, int, str]:
    front = next((c.front for c in texts.values()), None)
    return (list(CARD_KINDS).index(front.kind), front.order, name) if front else (len(CARD_KINDS), 0, name)


def _both(folder: Path, name: str, root: Path, problems: list[Problem]) -> dict[str, Card]:
    found: dict[str, Card] = {}
    for language in LANGUAGES:
        path = folder / f"{name}.{language}.md"
        shown = relative(path, root)
        if not path.exists():
            other = "en" if language == "da" else "da"
            what = f"the card '{name}' is missing in {'Danish' if language == 'da' else 'English'}"
            problems.append(Problem(shown, 0, what, f"write it, with the same claims and numbers as {name}.{other}.md"))
            continue
        text = read_text(path, shown, problems)
        if text is not None and (card := read_card(name, language, shown, path, text, problems)):
            found[language] = card
    return found


def read_card(name: str, language: str, shown: str, path: Path, text: str, problems: list[Problem]) -> Card | None:
    """The card in a file's text; None, with a problem noted, where its front matter cannot be read."""
    note = parse_note(name, language, shown, path, text, problems)
    if note is None:
        return None
    front = decode(dict(note.meta), CardFront, shown, lambda steps: line_of(text, f"{steps[-1]} =") if steps else 1, problems)
    if front is None:
        return None
    note = replace(note, on=front.date)
    return Card(note, front, tuple(_sections(note, front.kind)))


def _sections(text: NoteText, kind: CardKind) -> Iterator[Section]:
    """The headings that are there, with the items under each; what is amiss is told by :mod:`virker.claims.card_form`."""
    names = {said[text.language]: name for name, said in HEADINGS[kind].items()}
    heading, lines = None, list[Line]()
    for place, token in enumerate(text.tokens):
        if token.type != "inline":
            continue
        if text.tokens[place - 1].type == "heading_open":
            if heading is not None:
                yield Section(names.get(heading, ""), heading, tuple(lines))
            heading, lines = token.content, []
        elif heading is not None and _in_item(text.tokens, place):
            lines.append(_line(token, text))
    if heading is not None:
        yield Section(names.get(heading, ""), heading, tuple(lines))


def _in_item(tokens: Sequence[Token], place: int) -> bool:
    return place > 1 and tokens[place - 2].type == "list_item_open"


def _line(token: Token, text: NoteText) -> Line:
    number = (token.map[0] if token.map else 0) + text.first_line
    spans = tuple(spans_of(token, text.first_line, text.shown, []))  # problems were told when the text was read
    pieces: list[Piece] = []
    unbound: list[str] = []
    strong, open_at = 0, list[Token]()
    for child in token.children or ():
        if child.type in ("strong_open", "strong_close"):
            strong += 1 if child.type == "strong_open" else -1
        elif child.type == "span_open":
            open_at.append(child)
        elif child.type == "span_close" and open_at:
            open_at.pop()
        else:
            words = " " if child.type in ("softbreak", "hardbreak") else child.content
            pieces.append(_piece(words, strong > 0, open_at[-1] if open_at else None))
            if not any(t.attrs.get("id") or t.attrs.get("unknown") or t.attrs.get("rule") for t in open_at):
                unbound.append(words)
    return Line(number, tuple(p for p in pieces if p.text), spans, "".join(unbound))


def _piece(words: str, strong: bool, span: Token | None) -> Piece:
    address = str(span.attrs.get("value") or "") if span else ""
    if not address.startswith("rule:"):
        return Piece(words, strong)
    on = str(span.attrs.get("day") or "") if span else ""
    try:
        day = date.fromisoformat(on) if on else None
    except ValueError:
        day = None  # told when the text was read
    return Piece(words, strong, address.removeprefix("rule:"), day)
