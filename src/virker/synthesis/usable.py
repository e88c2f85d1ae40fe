"""What may count, and what is only shown: every reason for setting a finding aside stands here."""

from __future__ import annotations

from virker.bank import Bank, Query, Row, names
from virker.language import Said
from virker.synthesis.units import SetAside

#: Designs that measure no effect: what they find is shown and not counted (Jobeffekter.dk: no control group, not aggregated).
NO_EFFECT_STUDY = frozenset({"vignette", "survey", "descriptive"})


def usable(row: Row, query: Query, keep_seed: bool, aside: list[SetAside]) -> bool:
    """Whether the row may count for the query at all; when not, it is added to ``aside`` with the reason."""
    f = row.finding
    if f.origin.level == "seed" and not keep_seed:
        aside.append(SetAside(row, Said("kun notatet selv siger det", "only the note itself says so")))
    elif f.kind not in _counting_kinds(query):
        aside.append(SetAside(row, Said("ikke en effekt", "not an effect")))
    elif f.direction is None:
        aside.append(SetAside(row, Said("ingen retning er trykt", "no direction is printed")))
    elif f.contrast == "unknown" and f.kind != "descriptive":
        aside.append(SetAside(row, Said("det fremgår ikke, hvilken vej indsatsen blev skruet", "the text does not tell which way the measure was turned")))
    elif row.study.design in NO_EFFECT_STUDY and f.kind == "effect" and not f.restates:
        aside.append(SetAside(row, Said("ikke et effektstudie", "not an effect study")))
    elif f.comparator == "another-programme" and not query.is_named and "another-programme" not in names(query.comparator):
        aside.append(
            SetAside(row, Said("sammenligner med en anden indsats, ikke med den sædvanlige", "compares with another programme, not with usual effort"))
        )
    elif f.sensitivity_of is not None:
        aside.append(
            SetAside(
                row,
                Said(
                    f"robusthedstjek af resultat {f.sensitivity_of} på de samme personer",
                    f"a robustness check of finding {f.sensitivity_of} on the same people",
                ),
            )
        )
    else:
        return True
    return False


def _counting_kinds(query: Query) -> tuple[str, ...]:
    """Effects; other kinds only where the query asks for them. How an effect comes about is no effect of the thing by itself."""
    asked = names(query.kind)
    return (*asked, "effect") + (("mechanism",) if query.mechanism or query.is_named else ())


def root_of(bank: Bank, row: Row, present: set[str], aside: list[SetAside]) -> str | None:
    """The piece of evidence that the row is part of; None (and set aside) where it only repeats one of the studies ``present``."""
    restated = row.finding.restates.split("#")[0] if row.finding.restates else None
    if restated:
        if restated in present:
            aside.append(SetAside(row, Said(f"gengiver kun {restated}, som selv tæller med", f"only repeats {restated}, which itself counts")))
            return None
        return bank.root_of(bank.studies[restated]) if restated in bank.studies else restated
    if row.study.kind != "primary" and row.finding.n_studies == 1:
        return f"{row.study.id}#unnamed"  # together: two such results may be the same study's, and nothing is counted twice
    newer = row.study.version_of
    if newer and newer in present:
        aside.append(SetAside(row, Said(f"tidligere udgave af {newer}", f"an earlier version of {newer}")))
        return None
    return bank.standing(row.study.id).root


def main_rows(bank: Bank, rows: list[Row], query: Query, aside: list[SetAside]) -> list[Row]:
    """The rows that speak for a piece of evidence: the whole before subgroups, the effect after before lock-in, long before short."""
    asked = {t for w in (*names(query.target_group), *names(query.subgroup)) for t in bank.vocabulary.under("target_groups", w)}
    whole = [r for r in rows if not r.finding.subgroup or (query.subgroup and asked & set(r.finding.subgroup))]
    rows = _prefer(rows, whole, aside, Said("en undergruppe: ingen ekstra stemme", "a subgroup: no second vote"))
    if not query.phase:
        done = [r for r in rows if r.finding.phase not in ("lock-in", "threat")]
        rows = _prefer(rows, done, aside, Said("måler fastlåsning eller trussel, ikke effekten efter", "measures lock-in or threat, not the effect after"))
    if query.horizon_from is None and query.horizon_to is None:
        rows = _prefer(rows, _longest(rows), aside, Said("kortere tidshorisont af samme udfald", "a shorter horizon of the same outcome"))
    if query.is_named:
        return rows
    strongest = max(bank.maryland(r.study) for r in rows)
    best = [r for r in rows if bank.maryland(r.study) == strongest]
    return _prefer(rows, best, aside, Said("svagere design på samme forsøg", "a weaker design on the same trial"))


def _prefer(rows: list[Row], better: list[Row], aside: list[SetAside], why: Said) -> list[Row]:
    if not better or len(better) == len(rows):
        return rows
    chosen = {id(r) for r in better}
    aside.extend(SetAside(r, why) for r in rows if id(r) not in chosen)
    return better


def _longest(rows: list[Row]) -> list[Row]:
    longest: dict[tuple[str, str, str], float] = {}
    for r in rows:
        if (h := _horizon(r)) is not None:
            key = (r.study.id, r.finding.intervention, r.finding.outcome)
            longest[key] = max(h, longest.get(key, h))
    return [r for r in rows if (h := _horizon(r)) is None or h == longest[r.study.id, r.finding.intervention, r.finding.outcome]]


def _horizon(row: Row) -> float | None:
    f = row.finding
    return f.horizon_months if f.horizon_months is not None else f.horizon_to
