"""Attestation: a person has read a claim against the findings under it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from virker.claims.edition import Edition
from virker.claims.records import Attestation
from virker.files import write_file

_HEAD = """# Who last read each claim against the findings under it: when, a hash of the claim and its findings, and the status then.
# Written by `virker attest`; a claim whose hash has changed needs re-reading.

"""


def attest(edition: Edition, claims: Sequence[str], by: str, on: date) -> tuple[str, ...]:
    """Write an attestation of the given claims beside the earlier ones; claims that no longer exist are left out."""
    known = {i: a for i, a in edition.book.attestations.items() if i in edition.by_id}
    for name in claims:
        check = edition.by_id[name]
        known[name] = Attestation(by=by, on=on, findings=check.findings_hash, status=check.status)
    order = [c.claim.id for c in edition.checks if c.claim.id in known]
    lines = [f'[{i}]\nby = {_quoted(known[i].by)}\non = {known[i].on}\nfindings = "{known[i].findings}"\nstatus = "{known[i].status}"\n' for i in order]
    write_file(edition.workspace.notes / "attestations.toml", _HEAD + "\n".join(lines))
    return tuple(claims)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
