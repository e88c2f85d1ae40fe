"""What the engine refuses, in the reader's language.

The engine speaks English. Its errors carry what is needed to say the common ones in Danish; of the others its own words are passed on, with who is speaking.
"""

from __future__ import annotations

from virker.cli.own_data.faults import Fault
from virker.language import Said, counted
from virker.meta.errors import CollinearError, MetaError, NotConverged, TooFew

INTERCEPT = Said("konstantled", "intercept")


def engine_said(error: MetaError) -> Said:
    """Why there is no result, on one line and without a full stop."""
    first = str(error).partition("\n")[0].rstrip(".")
    match error:
        case CollinearError(columns=columns) if columns:
            da, en = (", ".join(f"'{INTERCEPT[speak] if name == 'intercept' else name}'" for name in columns) for speak in ("da", "en"))
            return Said(f"disse kolonner afhænger af hinanden: {da}", f"these columns depend on each other: {en}")
        case TooFew():
            one, many = (
                (Said("estimat", "estimate"), Said("estimater", "estimates"))
                if error.of == "estimates"
                else (Said("studie", "study"), Said("studier", "studies"))
            )
            need, have = counted(error.least, one, many), counted(error.have, one, many)
            return Said(
                f"der skal mindst {need.da} til, og her er {have.da}",
                f"{need.en} at least are needed, and there {'is' if error.have == 1 else 'are'} {have.en}",
            )
        case NotConverged():
            return Said(
                f"beregningen endte uden et resultat, der kan stoles på (på engelsk: {first})",
                f"the computation ended without a result that can be trusted: {first}",
            )
    return Said(f"det lader sig ikke regne ud (på engelsk: {first})", first)  # fmt: skip


def engine_fault(error: MetaError) -> Fault:
    """The same of the model itself, with what to do."""
    match error:
        case CollinearError():
            todo = Said("udelad en af dem af --mods", "leave one of them out of --mods")
        case TooFew():
            todo = Said("brug færre moderatorer, eller vent til der er flere estimater", "use fewer moderators, or wait until there are more estimates")
        case NotConverged():
            todo = Said("brug færre moderatorer, eller prøv --method dl", "use fewer moderators, or try --method dl")
        case _:
            todo = Said("ret tallene eller valgene", "mend the numbers or the options")
    return Fault(engine_said(error), todo)
