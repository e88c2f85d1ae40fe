"""Which column is what: as told, else as guessed from the names that people and metafor's data sets use. Every guess is told.

A *role* is what a number is: ``estimate``, ``variance``, ``events1``. The first family whose roles are all there is taken: an estimate with its
variance, standard error, interval, t or p; else raw numbers, from which a measure is computed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from virker.cli.own_data.faults import Fault, nearest_said
from virker.cli.own_data.table import Table
from virker.language import Said

#: Names that a role goes by, lower case; the role's own name comes first.
NAMES: dict[str, tuple[str, ...]] = {
    "estimate": ("estimate", "yi", "y", "effect", "effect_size", "es", "te", "coef", "coefficient", "effekt", "estimat", "koefficient"),
    "variance": ("variance", "vi", "v", "var", "varians"),
    "se": ("se", "sei", "std_error", "std.error", "stderr", "standard_error", "sete", "standardfejl"),
    "low": ("low", "ci_low", "ci.lb", "ci_lb", "lower", "lb", "ll", "cilow", "lav", "nedre"),
    "high": ("high", "ci_high", "ci.ub", "ci_ub", "upper", "ub", "ul", "cihigh", "høj", "øvre"),
    "t": ("t", "t_value", "tval", "tstat", "z", "zval", "t_stat", "t-værdi"),
    "p": ("p", "p_value", "pval", "pvalue", "p.value", "p-værdi", "p_værdi"),
    "df": ("df", "frihedsgrader"),
    "events1": ("events1", "ai", "tpos", "event.e", "hændelser1"), "n1": ("n1", "n1i", "n.e"), "none1": ("none1", "bi", "tneg"),
    "events2": ("events2", "ci", "cpos", "event.c", "hændelser2"), "n2": ("n2", "n2i", "n.c"), "none2": ("none2", "di", "cneg"),
    "mean1": ("mean1", "m1i", "mean.e", "gennemsnit1"), "sd1": ("sd1", "sd1i", "sd.e"),
    "mean2": ("mean2", "m2i", "mean.c", "gennemsnit2"), "sd2": ("sd2", "sd2i", "sd.c"),
    "time1": ("time1", "t1i", "time.e", "tid1"), "time2": ("time2", "t2i", "time.c", "tid2"),
    "r": ("r", "ri", "cor", "korrelation"), "n": ("n", "ni", "antal"), "events": ("events", "xi", "hændelser"), "time": ("time", "ti", "tid"),
}  # fmt: skip
#: Where the label, the study and the unit are looked for.
LABELS = ("label", "study", "studie", "author", "authors", "forfatter", "slab", "name", "navn", "trial", "forsøg", "reference")
YEARS = ("year", "år", "publication_year", "pubyear", "udgivelsesår")
UNITS = ("unit", "units", "enhed", "enheder", "måleenhed")

#: The families of numbers, the first that fits is taken: the roles that must be there, and the measures (the first is no default).
RAW: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "two_proportions": (("events1", "n1", "events2", "n2"), ("log-odds-ratio", "log-risk-ratio", "risk-difference", "arcsine-difference", "peto-log-odds-ratio", "phi", "yule-q", "yule-y")),
    "two_means": (("mean1", "sd1", "n1", "mean2", "sd2", "n2"), ("smd", "mean-difference", "log-mean-ratio", "smd-heteroscedastic")),
    "two_rates": (("events1", "time1", "events2", "time2"), ("log-rate-ratio", "rate-difference", "sqrt-rate-difference")),
    "correlations": (("r", "n"), ("fisher-z", "correlation", "unbiased-correlation")),
    "one_rate": (("events", "time"), ("log-rate", "rate", "sqrt-rate", "freeman-tukey")),
    "one_proportion": (("events", "n"), ("logit", "proportion", "log-proportion", "arcsine", "freeman-tukey")),
}  # fmt: skip
#: metafor's short names.
SHORT = {
    "OR": "log-odds-ratio", "RR": "log-risk-ratio", "RD": "risk-difference", "AS": "arcsine-difference", "PETO": "peto-log-odds-ratio", "PHI": "phi",
    "SMD": "smd", "MD": "mean-difference", "ROM": "log-mean-ratio", "SMDH": "smd-heteroscedastic", "IRR": "log-rate-ratio", "IRD": "rate-difference",
    "ZCOR": "fisher-z", "COR": "correlation", "UCOR": "unbiased-correlation", "PLO": "logit", "PR": "proportion", "PLN": "log-proportion", "PAS": "arcsine",
    "IRLN": "log-rate", "IR": "rate",
}  # fmt: skip
PRINTED = "printed"


@dataclass(frozen=True, slots=True)
class Columns:
    """``family``: ``printed`` or a key of :data:`RAW`; ``roles``: the column of each role; ``guessed``: the roles nobody named."""

    family: str
    roles: dict[str, str]
    guessed: tuple[str, ...]


def find_columns(table: Table, told: Mapping[str, str], measure: str | None) -> tuple[Columns | None, list[Fault]]:
    """The columns, or what is missing."""
    faults = [*_unknown_roles(told), *missing_columns(table, told.values())]
    if faults:
        return None, faults
    roles = {**_guessed(table, told), **told}
    having = [family for family, (_, measures) in RAW.items() if measure in measures]  # rates and proportions share a name
    wanted = next((family for family in having if _complete(roles, family)), having[0] if having else None)
    family = _family(roles, wanted)
    if family is None:
        return None, [_nothing_fits(table, wanted)]
    used = _used(roles, family)
    return Columns(family, used, tuple(role for role in used if role not in told)), []


def missing_columns(table: Table, wanted: object) -> list[Fault]:
    """A fault for each name that is no column of the file."""
    faults = []
    for name in dict.fromkeys(wanted):  # type: ignore[call-overload]
        if name not in table.columns:
            has = ", ".join(table.columns)
            todo = nearest_said(name, table.columns) + Said(f"filen har: {has}", f"the file has: {has}")
            faults.append(Fault(Said(f"der er ingen kolonne '{name}'", f"there is no column '{name}'"), todo))
    return faults


def found_name(table: Table, names: tuple[str, ...]) -> str | None:
    """The first column that goes by one of the names."""
    by_name = {name.casefold(): name for name in table.columns}
    return next((by_name[name] for name in names if name in by_name), None)


def _unknown_roles(told: Mapping[str, str]) -> list[Fault]:
    return [
        Fault(
            Said(f"der er ingen rolle '{role}'", f"there is no role '{role}'"),
            nearest_said(role, NAMES) + Said(f"rollerne er {', '.join(NAMES)}", f"the roles are {', '.join(NAMES)}"),
        )
        for role in told
        if role not in NAMES
    ]


def _guessed(table: Table, told: Mapping[str, str]) -> dict[str, str]:
    taken = set(told.values())
    found: dict[str, str] = {}
    for role, names in NAMES.items():
        column = found_name(table, names)
        if role not in told and column is not None and column not in taken:
            found[role] = column
    return found


def _family(roles: Mapping[str, str], wanted: str | None) -> str | None:
    if wanted is not None:
        return wanted if _complete(roles, wanted) else None
    if "estimate" in roles and _uncertain(roles):
        return PRINTED
    return next((family for family in RAW if _complete(roles, family)), None)


def _uncertain(roles: Mapping[str, str]) -> bool:
    return bool({"variance", "se", "t", "p"} & set(roles)) or {"low", "high"} <= set(roles)


def _complete(roles: Mapping[str, str], family: str) -> bool:
    """Whether the family's roles are there; persons of a group may be told as those with and those without the event."""
    there = set(roles) | {f"n{g}" for g in "12" if f"none{g}" in roles and f"events{g}" in roles}
    return set(RAW[family][0]) <= there


def _used(roles: Mapping[str, str], family: str) -> dict[str, str]:
    if family == PRINTED:
        wanted: tuple[str, ...] = ("estimate", "variance", "se", "low", "high", "t", "p", "df")
        if "variance" in roles or "se" in roles:  # a column t beside a standard error is often a time
            wanted = ("estimate", "variance") if "variance" in roles else ("estimate", "se")
        elif {"low", "high"} <= set(roles):
            wanted = ("estimate", "low", "high", "p", "df")
    else:
        wanted = tuple(role for role in (*RAW[family][0], "none1", "none2") if not (role[:4] == "none" and f"n{role[-1]}" in roles))
    return {role: roles[role] for role in wanted if role in roles}


def _nothing_fits(table: Table, wanted: str | None) -> Fault:
    has = ", ".join(table.columns)
    if wanted is not None:
        need = ", ".join(RAW[wanted][0])
        return Fault(
            Said(f"målet kræver {need}, og de er ikke alle fundet blandt kolonnerne {has}", f"the measure needs {need}, which were not all found among the columns {has}"),
            Said(f"sig hvilke: --column {RAW[wanted][0][0]}=KOLONNE", f"say which they are: --column {RAW[wanted][0][0]}=COLUMN"),
        )  # fmt: skip
    return Fault(
        Said(f"der er hverken et estimat med dets usikkerhed eller rå tal blandt kolonnerne {has}", f"neither an estimate with its uncertainty nor raw numbers were found among the columns {has}"),
        Said(
            "sig hvilke: --column estimate=KOLONNE --column se=KOLONNE (eller variance; low og high; t; p), eller rå tal: events1, n1, events2, n2",
            "say which they are: --column estimate=COLUMN --column se=COLUMN (or variance; low and high; t; p), or raw numbers: events1, n1, events2, n2",
        ),
    )  # fmt: skip
