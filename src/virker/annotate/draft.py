"""A candidate claim as text to paste into ``notes/claims``."""

from __future__ import annotations

import msgspec

from virker.annotate.candidate import CONFIDENCE_LABELS, Candidate


def as_toml(found: Candidate, sentence: str) -> str:
    """The candidate as a table to paste into ``notes/claims``; what is not sure stands above it."""
    claim = found.claim
    lines = [f"# {CONFIDENCE_LABELS[found.confidence].en}: {sentence}", *(f"#   ? {u.en}" for u in found.unsure)]
    lines += [f"[{claim.id}]", f'kind = "{claim.kind}"', f"section = {claim.section}"]
    lines += [f"da = {_value(claim.da)}", f"en = {_value(claim.en)}"]
    if claim.select is not None:
        lines.append(f"select = {_value(msgspec.to_builtins(claim.select))}")
    if claim.expect is not None:
        lines.append(f"expect = {_value(msgspec.to_builtins(claim.expect))}")
    for part in claim.also:
        lines += ["", f"[[{claim.id}.also]]"]
        lines += [
            f"{name} = {_value(msgspec.to_builtins(value))}" for name, value in (("says", part.says), ("select", part.select), ("expect", part.expect)) if value
        ]
    return "\n".join(lines) + "\n"


def _value(value: object) -> str:
    """A value as TOML writes it inline."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{k} = {_value(v)}" for k, v in value.items()) + " }"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_value(v) for v in value) + "]"
    if isinstance(value, str):
        return msgspec.json.encode(value).decode()
    return f"{value:g}" if isinstance(value, float) else str(value)
