"""The words that cards themselves use, in both languages."""

from __future__ import annotations

from typing import Literal

from virker.language import Said
from virker.rules.told import STATUSES

#: Said on every card about or for a person.
GUARD = Said(
    "Kortet er viden og ingen afgørelse: Et menneske afgør sagen. Kortet beder ikke om oplysninger om personen.",
    "The card is knowledge and no decision: a person decides the case. The card asks for nothing about the person.",
)
LAW_ON = Said("Loven pr.", "The law on")
RULE_SET = Said("Grad af evidens efter", "Strength of evidence by")
BANK = Said("banken har {0} studier", "the bank has {0} studies")
SOURCES = Said("Kilder, linje for linje", "Sources, line by line")
LAW = Said("Lovsteder", "Legal references")
LEGEND = Said("Tegn", "Signs")
MORE = Said("og {0} til", "and {0} more")
EXPLAIN = Said(
    "Alt bag en linje: virker explain PÅSTAND. De fleste kilder er kun læst i resumé.",
    "Everything behind a line: virker explain CLAIM. Most sources were read in the abstract only.",
)
ONLY_THE_NOTE = Said("kun notatet", "only the note")
NO_STUDIES = Said("0 studier", "0 studies")
NOT_FOUND_FOR = Said("{0}: ikke fundet for {1}.", "{0}: not found for {1}.")
VALUE = Said("{0}: {1}.", "{0}: {1}.")
NO_REFERENCE = Said("ingen henvisning", "no reference")
READ_ON_ANOTHER_DAY = Said(
    "Kortets øvrige ord er skrevet til {0}; kun loven er slået op igen.", "The card's other words were written for {0}; only the law was looked up again."
)
SCALED = Said("Når flere får det (kun det, kilder har trykt)", "When more get it (only what sources print)")
INDEX_TITLE = Said("Kort til samtalen", "Cards for the meeting")
INDEX_LEAD = Said(
    "Ét ark om hver indsats og hver målgruppe, til at læse højt på to minutter. Hver linje er bundet til en påstand, som prøves mod evidensbanken.",
    "One sheet on each measure and each group, to be read aloud in two minutes. Every line is bound to a claim that is tested against the evidence bank.",
)
MEASURES = Said("Indsatser", "Measures")
MEETINGS = Said("Samtaler", "Meetings")
PRINT = Said("PDF til print", "PDF for printing")
CARDS = Said("Alle kort", "All cards")
STATUS = Said("Status", "Status")

#: How a line about the law stands, worst last: in force; in force on the day and ended since; ended; in force as read, while a later rule is told of without having been verified;
#: by pages about the law alone; proposed; only told of; and not found at all.
LawStanding = Literal["in force", "held", "repealed", "in doubt", "by pages", "proposed", "unverified", "not found"]
LAW_ORDER: tuple[LawStanding, ...] = ("in force", "held", "repealed", "in doubt", "by pages", "proposed", "unverified", "not found")
LAW_SIGNS: dict[LawStanding, str] = {
    "in force": "§", "held": "§", "repealed": "×", "in doubt": "§?", "by pages": "(§)", "proposed": "→", "unverified": "?§", "not found": "–",
}  # fmt: skip
LAW_LABELS: dict[LawStanding, Said] = {
    "in force": STATUSES["in force"],
    "held": Said("gjaldt den dag", "held on that day"),
    "repealed": STATUSES["repealed"],
    "proposed": STATUSES["proposed"],
    "in doubt": Said("måske ændret", "may have changed"),
    "by pages": Said("efter sider om loven", "by pages on the law"),
    "unverified": Said("ikke efterprøvet", "not verified"),
    "not found": Said("ikke fundet", "not found"),
}
LAW_MEANING: dict[LawStanding, Said] = {
    "in force": Said("læst i loven eller satserne", "read in the law or its rates"),
    "by pages": Said("gælder efter sider om loven; bestemmelsen er ikke læst", "holds by pages on the law; the provision was not read"),
    "held": Said("siden ophørt", "ended since"),
    "repealed": Said("gælder ikke længere", "holds no longer"),
    "in doubt": Said("gælder efter det læste, men kan være ændret", "holds by what was read, but may have changed"),
    "proposed": Said("foreslået, ikke vedtaget", "proposed, not passed"),
    "unverified": Said("omtalt uden dato eller uden at være slået efter", "told of without a date, or not looked up"),
    "not found": Said("ikke fundet for dagen", "not found for the day"),
}
