"""The words that the pages themselves use, in both languages, in one place."""

from __future__ import annotations

from virker.bank.records import Level
from virker.language import Said

CONTENTS = Said("Indhold", "Contents")
REFERENCES = Said("Litteratur", "References")
EVIDENCE = Said("Evidensen bag", "The evidence behind")
EVIDENCE_LEAD = Said(
    "Hver markeret sætning er bundet til resultater i evidensbanken og prøvet mod dem. Her står, hvad den hviler på.",
    "Every marked sentence is bound to findings in the evidence bank and tested against them. This is what each rests on.",
)
NUMBERS = Said("Tallenes kilder", "Where the numbers come from")
FIGURE = Said("Figur", "Figure")
TABLE = Said("Tabel", "Table")
DATA = Said("Vis tallene bag figuren", "Show the data behind the figure")
SKIP = Said("Gå til indholdet", "Skip to the content")
OTHER_LANGUAGE = Said("Read in English", "Læs på dansk")
FINDINGS = Said("Resultater", "Findings")
NO_FINDINGS = Said("ingen sporede resultater", "no traced findings")
STATUS = Said("Status", "Status")
BACK = Said("Tilbage til teksten", "Back to the text")
AND = Said("og", "and")
ET_AL = Said("m.fl.", "et al.")
NO_DATE = Said("u.å.", "n.d.")
NO_TITLE = Said("[uden titel i banken]", "[no title in the bank]")
UNKNOWN_WORK = Said("ukendt kilde", "unknown work")
NUMBER = Said("Tal", "Number")
ADDRESS = Said("Adresse", "Address")
STUDY = Said("Studie", "Study")

LEVELS: dict[Level, Said] = {
    "table": Said("læst i tabel", "read in a table"),
    "text": Said("læst i teksten", "read in the text"),
    "abstract": Said("læst i resumé", "read in the abstract"),
    "secondary": Said("gengivet af anden kilde", "told by another source"),
    "seed": Said("kun notatet selv", "only the note itself"),
}

#: Signs of direction: they carry the meaning in figures, never colour alone.
SIGNS: dict[str, str] = {"positive": "+", "none": "0", "negative": "−", "mixed": "±", "too-little": "?"}
