"""Has a card its form? The headings of its kind, a list under each, every line bound, and no more words than two minutes hold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from virker.claims.cards import HEADINGS, Card, CardKind, Line, Section
from virker.errors import Problem, nearest
from virker.language import LANGUAGES
from virker.vocabulary import Kind, Vocabulary

#: Read aloud at a quiet pace (150 words a minute) this is two minutes and a quarter.
MOST_WORDS = 340
#: Words that join two bound pieces of a line ("og", "men for") need no binding; more than that is a statement.
_JOINING = 3
_ABOUT: dict[CardKind, Kind] = {"measure": "interventions", "meeting": "target_groups"}


def form_problems(cards: Mapping[str, Mapping[str, Card]], vocabulary: Vocabulary) -> list[Problem]:
    """Bad input: a card without the headings of its kind, a line that is bound to nothing, two languages on different days."""
    problems = []
    for both in cards.values():
        for card in both.values():
            problems += [*_about(card, vocabulary), *_headings(card), *_loose(card)]
            problems += [p for section in card.sections for line in section.lines for p in _line(card, section, line)]
        if len(both) == len(LANGUAGES):
            problems += _apart(both["da"], both["en"])
    return problems


def check_cards(cards: Mapping[str, Mapping[str, Card]]) -> list[Problem]:
    """What a card says that it must not: more words than can be read aloud in two minutes."""
    return [
        Problem(card.text.shown, 0, f"the card has {card.words} words; at most {MOST_WORDS} are read aloud in two minutes", "take out what matters least")
        for both in cards.values()
        for card in both.values()
        if card.words > MOST_WORDS
    ]


def _about(card: Card, vocabulary: Vocabulary) -> Iterator[Problem]:
    kind, about = _ABOUT[card.front.kind], card.front.about
    if about not in vocabulary[kind]:
        yield Problem(card.text.shown, 0, f"'{about}' is no term of the {kind.replace('_', ' ')}", vocabulary.hint(kind, about))
    scale = card.front.scale
    if scale and scale not in vocabulary["interventions"]:
        yield Problem(card.text.shown, 0, f"'{scale}' is no term of the interventions", vocabulary.hint("interventions", scale))


def _headings(card: Card) -> Iterator[Problem]:
    wanted = [said[card.text.language] for said in HEADINGS[card.front.kind].values()]
    there = [s.heading for s in card.sections]
    for heading in there:
        if heading not in wanted:
            todo = f"{nearest(heading, wanted)} The headings are: {'; '.join(wanted)}"
            yield Problem(card.text.shown, 0, f"'{heading}' is no heading of a {card.front.kind} card", todo)
    for heading in wanted:
        if heading not in there:
            yield Problem(card.text.shown, 0, f"the heading '{heading}' is missing", "write it, even where the only line is what is not known")
    known = [h for h in there if h in wanted]
    if set(known) == set(wanted) and known != wanted:
        yield Problem(card.text.shown, 0, "the headings do not stand in their order, or one stands twice", f"the order is: {'; '.join(wanted)}")
    for section in card.sections:
        if not section.lines:
            yield Problem(card.text.shown, 0, f"nothing stands under '{section.heading}'", "a card says what is known, or that it is not known")


def _loose(card: Card) -> Iterator[Problem]:
    """Text that is neither a heading nor an item of a list."""
    tokens = card.text.tokens
    for place, token in enumerate(tokens):
        if token.type in ("inline", "fence", "code_block", "html_block") and not (
            place and (tokens[place - 1].type == "heading_open" or (place > 1 and tokens[place - 2].type == "list_item_open"))
        ):
            line = (token.map[0] if token.map else 0) + card.text.first_line
            yield Problem(
                card.text.shown, line, f"“{' '.join(token.content.split())[:50]}” stands in no list", "a card is headings and lists: start the line with -"
            )


def _line(card: Card, section: Section, line: Line) -> Iterator[Problem]:
    where = (card.text.shown, line.number)
    said = f"“{line.text[:50]}”"
    if section.name == "law":
        if not line.rules and not any(u.startswith(("rule:", "not-found:")) for u in line.unknown):
            yield Problem(*where, f"{said} is bound to no rule", 'bind it: [6]{value="rule:scheme/parameter"} or [words]{rule="scheme/parameter"}')
        return
    if section.name == "unknown" and not line.unknown:
        yield Problem(*where, f"{said} is told as not known and bound to no gap", 'bind it: [words]{unknown="gap-id"}, with the gap in notes/gaps.toml')
    elif not line.claims and not line.unknown:
        yield Problem(*where, f"{said} is bound to no claim", "bind it: [words]{#claim-id}")
    elif len(re.findall(r"\w+", line.unbound)) > _JOINING:
        yield Problem(*where, f"the words “{' '.join(line.unbound.split())[:50]}” are bound to nothing", "take them into the bound words, or out")


def _apart(da: Card, en: Card) -> Iterator[Problem]:
    for field in ("kind", "date", "about", "order", "scale"):
        mine, other = getattr(da.front, field), getattr(en.front, field)
        if mine != other:
            yield Problem(en.text.shown, 0, f"{field} is {other}, and {mine} in {da.text.shown}", "say the same in both languages")
    for mine_, other_ in zip(da.sections, en.sections, strict=False):
        if len(mine_.lines) != len(other_.lines):
            told = f"'{other_.heading}' has {len(other_.lines)} lines, and {len(mine_.lines)} in {da.text.shown}"
            yield Problem(en.text.shown, 0, told, "say the same in both languages, line by line")
