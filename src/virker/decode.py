"""From a parsed dict to a record, with every problem told and its line found.

msgspec stops at the first thing wrong. Here the offending part is noted and set aside, and the rest is tried again, so that
somebody who wrote six wrong fields hears of six.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

import msgspec

from virker.errors import Problem, nearest

T = TypeVar("T", bound=msgspec.Struct)
Locate = Callable[[list[str | int]], int]

_AT = re.compile(r" - at `(?P<at>[^`]*)`$")
_STEP = re.compile(r"\.([A-Za-z_][\w-]*)|\[(\d+)\]|\[\.\.\.\]")
_MOST = 60


def decode(data: dict[str, Any], kind: type[T], shown: str, locate: Locate, problems: list[Problem]) -> T | None:
    """Convert ``data`` to ``kind``; on errors add one problem for each and return None."""
    try:
        return msgspec.convert(data, kind)
    except msgspec.ValidationError as error:
        message = str(error)
    for _ in range(_MOST):
        path, what = _place(message)
        problems.append(_problem(path, what, data, kind, shown, locate))
        if not _set_aside(data, kind, path, what):
            return None
        try:
            msgspec.convert(data, kind)
        except msgspec.ValidationError as error:
            message = str(error)
        else:
            return None
    return None


def _place(message: str) -> tuple[list[str | int], str]:
    at = _AT.search(message)
    if not at:
        return [], message
    steps: list[str | int] = [m[1] if m[1] else int(m[2] or -1) for m in _STEP.finditer(at["at"])]
    return steps, message[: at.start()]


def _problem(path: list[str | int], what: str, data: dict[str, Any], kind: type[msgspec.Struct], shown: str, locate: Locate) -> Problem:
    field = next((s for s in reversed(path) if isinstance(s, str)), "")
    if missing := re.search(r"missing required field `([^`]+)`", what):
        told, todo = f"the field '{missing[1]}' is missing{_of(path, data)}", f"write {missing[1]} = …"
    elif unknown := re.search(r"unknown field `([^`]+)`", what):
        fields = msgspec.structs.fields(_struct_at(kind, path) or kind)
        told, todo = f"'{unknown[1]}' is no field here{_of(path, data)}", nearest(unknown[1], [f.name for f in fields])
        return Problem(shown, locate([*path, unknown[1]]), told, todo)
    elif value := re.search(r"Invalid enum value (.+)", what):
        allowed = _allowed(kind, path)
        word = value[1].strip("'\"`")
        told, todo = f"'{word}' is no {field}{_of(path, data)}", f"{nearest(word, allowed)} (allowed: {', '.join(allowed)})"
    else:
        told, todo = f"{what}{': ' + field if field else ''}{_of(path, data)}", "mend the value; the reference page of the file tells its type"
    return Problem(shown, locate(path), told, todo)


def _of(path: list[str | int], data: Any) -> str:
    """`` (finding 3)`` when the path goes through a numbered record, else nothing."""
    at = data
    for i, step in enumerate(path):
        try:
            at = at[step]
        except (KeyError, IndexError, TypeError):
            return ""
        if isinstance(step, int) and isinstance(at, dict) and "id" in at:
            return f" ({path[i - 1]} {at['id']})"
    return ""


def _struct_at(kind: Any, path: list[str | int]) -> type[msgspec.Struct] | None:
    for step in path:
        kind = _inner(kind, step)
    return kind if isinstance(kind, type) and issubclass(kind, msgspec.Struct) else None


def _inner(kind: Any, step: str | int) -> Any:
    if isinstance(step, str) and isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        kind = get_type_hints(kind).get(step)
    if kind is not None and not isinstance(kind, type) and type(None) in get_args(kind):
        kind = next(a for a in get_args(kind) if a is not type(None))
    if isinstance(step, int) and get_origin(kind) in (tuple, list):
        kind = get_args(kind)[0]
    elif isinstance(step, str) and get_origin(kind) is dict:
        kind = get_args(kind)[1]
    return kind


def _allowed(kind: Any, path: list[str | int]) -> list[str]:
    for step in path:
        kind = _inner(kind, step)
    return [str(a) for a in get_args(kind) if isinstance(a, str)]


def _set_aside(data: Any, kind: type[msgspec.Struct], path: list[str | int], what: str) -> bool:
    """Make ``data`` free of the problem just told; False when that is not possible."""
    parent = _walk(data, path)
    if missing := re.search(r"missing required field `([^`]+)`", what):
        record = _struct_at(kind, path) or kind
        if not isinstance(parent, dict):
            return False
        parent[missing[1]] = _placeholder(get_type_hints(record).get(_attribute(record, missing[1])))
        return True
    if unknown := re.search(r"unknown field `([^`]+)`", what):
        if isinstance(parent, dict):
            parent.pop(unknown[1], None)
        return isinstance(parent, dict)
    return bool(path) and _replace(data, kind, path)


def _replace(data: Any, kind: type[msgspec.Struct], path: list[str | int]) -> bool:
    """Put something of the right type where the wrong value stood: lengths and positions stay, so later messages stay true."""
    while path and path[-1] == -1:
        path = path[:-1]
    parent, last = _walk(data, path[:-1]), path[-1]
    if isinstance(parent, dict) and isinstance(last, str) and last in parent:
        record = _struct_at(kind, path[:-1])
        required = record is not None and any(f.encode_name == last and f.required for f in msgspec.structs.fields(record))
        if required and record is not None:
            parent[last] = _placeholder(get_type_hints(record).get(_attribute(record, last)))
        else:
            del parent[last]
        return True
    if isinstance(parent, list) and isinstance(last, int) and last < len(parent):
        parent[last] = "" if isinstance(parent[last], (int, float)) else 0
        return True
    return False


def _attribute(record: type[msgspec.Struct], encoded: str) -> str:
    """The attribute behind a field's name in the file (``from`` is ``from_``)."""
    return next((f.name for f in msgspec.structs.fields(record) if f.encode_name == encoded), encoded)


def _placeholder(hint: Any) -> Any:
    """Any value of the type, so that the rest of the record can be checked."""
    choices = [a for a in get_args(hint) if isinstance(a, str)]
    if choices:
        return choices[0]
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        hints = get_type_hints(hint)
        return {f.encode_name: _placeholder(hints[f.name]) for f in msgspec.structs.fields(hint) if f.required}
    if get_origin(hint) in (tuple, list):
        return []
    return {int: 0, float: 0.0, bool: False, date: date(1, 1, 1)}.get(hint, "")


def _walk(data: Any, steps: list[str | int]) -> Any:
    for step in steps:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            return None
    return data
