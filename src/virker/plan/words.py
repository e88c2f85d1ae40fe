"""The planner's words in both languages: who pays, money, people, and names of what is counted."""

from __future__ import annotations

from collections.abc import Callable

from virker.language import Said, number
from virker.plan.inputs import Payer
from virker.plan.work import Band

PAYERS: dict[Payer, Said] = {
    "municipality": Said("kommunen", "the municipality"),
    "state": Said("staten", "the state"),
    "a-kasse": Said("a-kassen", "the unemployment fund"),
    "person": Said("de ledige selv", "the unemployed themselves"),
    "employer": Said("arbejdsgiverne", "employers"),
    "resources": Said("personale, pladser, kurser", "staff, places, courses"),
}
CURRENCIES: dict[str, Said] = {"DKK": Said("kr.", "DKK")}
A_PERSON_DECIDES = Said(
    "En plan er en beregning på planlæggerens egne tal og bankens effekter. Den afgør intet om nogen person; mennesker beslutter.",
    "A plan is a reckoning on the planner's own figures and the bank's effects. It decides nothing about any person; people decide.",
)


def money(value: float, currency: str) -> Said:
    """An amount, as it is read aloud: millions with one decimal, else whole thousands, else whole kroner.

    >>> money(22_944_348, "DKK").da, money(-315_420, "DKK").en, money(12.4, "DKK").da
    ('22,9 mio. kr.', '−DKK 315 thousand', '12 kr.')
    """
    sign, size = ("−" if value < -0.5 else ""), abs(value)
    unit = CURRENCIES.get(currency, Said(currency, currency))
    if size >= 999_500:
        shown, da, en = round(size / 1e6, 1), " mio.", " million"
    elif size >= 1e4:
        shown, da, en = round(size / 1e3), " tusind", " thousand"
    else:
        shown, da, en = round(size), "", ""
    return Said(f"{sign}{number(shown, 'da')}{da} {unit.da}", f"{sign}{unit.en} {number(shown, 'en')}{en}")


def money_band(band: Band, currency: str) -> Said:
    """The amount with its band, where it has one."""
    middle = money(band.centre, currency)
    return middle + spanned(money(band.low, currency), money(band.high, currency)) if band.is_wide else middle


def count(value: float) -> Said:
    """People or weeks: whole numbers, one decimal below ten."""
    shown = round(value, 1) if abs(value) < 10 else round(value)
    sign = "−" if shown < 0 else ""
    return Said(sign + number(abs(shown), "da"), sign + number(abs(shown), "en"))


def spanned(low: Said, high: Said) -> Said:
    """`` (fra … til …)``."""
    return Said(f" (fra {low.da} til {high.da})", f" (from {low.en} to {high.en})")


def signed(value: float, said: Callable[[float], Said] = count) -> Said:
    """The count with its sign: ``+165``, ``−3``."""
    plus = "+" if value > 0 and said(value).en != "0" else ""
    return Said(plus, plus) + said(value)


def per_cent(share: float) -> Said:
    """A share as whole per cent; what rounds to certainty but is none is said so."""
    whole = round(100 * share)
    if whole in (0, 100) and 0 < share < 1:
        return Said("mere end 99 pct.", "more than 99 per cent") if whole else Said("mindre end 1 pct.", "less than 1 per cent")
    return Said(f"{whole} pct.", f"{whole} per cent")


def stopped(text: str) -> str:
    """The text with one full stop."""
    return f"{text.rstrip('.')}."


def sentence(text: str) -> str:
    """The text with a capital letter and one full stop."""
    return stopped(text[:1].upper() + text[1:])


def two_decimals(value: float, language: str) -> str:
    """``1,21`` in Danish."""
    return number(round(value, 2), language)
