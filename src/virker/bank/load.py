"""Loading a bank: read every file, validate everything, tell all problems at once.

A warm load reads one cache file instead: it is used only while every file's name, size and time are the same, and it is
written only after a load without problems.
"""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from virker import __version__
from virker.bank.bank import Bank
from virker.bank.records import Correction, Study, Trial
from virker.bank.source import nth_finding_line, study_line
from virker.bank.validate import validate
from virker.decode import decode
from virker.errors import ContentError, Problem, relative
from virker.files import line_of, read_text, read_toml, split_front_matter, write_file
from virker.memory import without_collection
from virker.vocabulary import Vocabulary, load_vocabulary

#: Raised when the cached records change shape.
CACHE_FORMAT = 4


class _Cache(msgspec.Struct, array_like=True, gc=False):
    key: bytes
    studies: list[Study]
    notes: dict[str, str]
    trials: list[Trial]
    corrections: list[Correction]


class _Corrections(msgspec.Struct, forbid_unknown_fields=True):
    correction: list[Correction]


def load_bank(folder: Path, root: Path | None = None, *, cache: Path | None = None) -> Bank:
    """Load and validate the bank in ``folder``.

    Parameters
    ----------
    folder
        Holds ``studies/``, ``vocabulary/`` and, where there are any, ``trials/`` and ``corrections/``.
    root
        The workspace; paths in messages are relative to it.
    cache
        A file for the warm load; None turns it off.

    Raises
    ------
    ContentError
        With every problem found: broken TOML, unknown terms, duplicate ids, impossible intervals, …
    """
    root = root or folder
    key = _fingerprint(folder)
    with without_collection():
        problems: list[Problem] = []
        vocabulary = load_vocabulary(folder / "vocabulary", root, problems)
        warm = _read_cache(cache, key) if cache and not problems else None
        if warm is not None:
            return Bank(warm.studies, vocabulary, warm.trials, warm.corrections, warm.notes)
        known = not problems  # without all its words, every finding would be told as wrong
        bank, texts = _read_all(folder, root, vocabulary, problems)
        problems += validate(bank, texts) if known else []
    if problems:
        raise ContentError(problems)
    if cache:
        _write_cache(cache, _Cache(key, list(bank.studies.values()), dict(bank.reading_notes), list(bank.trials.values()), list(bank.corrections)))
    return bank


def _read_all(folder: Path, root: Path, vocabulary: Vocabulary, problems: list[Problem]) -> tuple[Bank, dict[str, tuple[str, str]]]:
    studies: list[Study] = []
    notes: dict[str, str] = {}
    texts: dict[str, tuple[str, str]] = {}
    for path in sorted((folder / "studies").glob("*.md")):
        shown = relative(path, root)
        text = read_text(path, shown, problems)
        read = _read_study(text, shown, problems) if text is not None else None
        if text is None or read is None:
            continue
        study, body = read
        if study.id in texts:
            problems.append(
                Problem(shown, study_line(text, "id"), f"the study id '{study.id}' is used twice (also in {texts[study.id][0]})", "give one of them another id")
            )
        elif study.id != path.stem:
            problems.append(
                Problem(shown, study_line(text, "id"), f"the file is named '{path.stem}' but the study's id is '{study.id}'", "rename the file or the id")
            )
        studies.append(study)
        texts[study.id] = (shown, text)
        notes[study.id] = body.strip()
    if not studies and not problems:
        problems.append(Problem(relative(folder / "studies", root), 0, "the bank is empty: there is no study file", "add one with: virker bank new ID"))
    trials = [t for p in sorted((folder / "trials").glob("*.toml")) if (t := _read_trial(p, root, problems))]
    corrections = [c for p in sorted((folder / "corrections").glob("*.toml")) for c in _read_corrections(p, root, problems)]
    return Bank(studies, vocabulary, trials, corrections, notes), texts


def _read_study(text: str, shown: str, problems: list[Problem]) -> tuple[Study, str] | None:
    parts = split_front_matter(text)
    if parts is None:
        problems.append(Problem(shown, 1, "the file has no front matter between two lines of +++", "start the file with +++, then TOML, then +++"))
        return None
    front, body = parts
    data = read_toml(front, shown, problems)
    if data is None:
        return None

    def locate(path: list[str | int]) -> int:
        field = next((s for s in reversed(path) if isinstance(s, str) and s != "finding"), "")
        at = next((s for s in path if isinstance(s, int)), None)
        return study_line(text, field) if at is None else nth_finding_line(text, at, field)

    study = decode(data, Study, shown, locate, problems)
    return (study, body) if study is not None else None


def _read_trial(path: Path, root: Path, problems: list[Problem]) -> Trial | None:
    shown = relative(path, root)
    text = read_text(path, shown, problems)
    data = read_toml(text, shown, problems) if text is not None else None
    if text is None or data is None:
        return None
    trial = decode(data, Trial, shown, lambda p: line_of(text, f"{p[-1]} =") if p else 1, problems)
    if trial and trial.id != path.stem:
        problems.append(Problem(shown, 1, f"the file is named '{path.stem}' but the trial's id is '{trial.id}'", "rename the file or the id"))
    return trial


def _read_corrections(path: Path, root: Path, problems: list[Problem]) -> list[Correction]:
    shown = relative(path, root)
    text = read_text(path, shown, problems)
    data = read_toml(text, shown, problems) if text is not None else None
    if text is None or data is None:
        return []
    read = decode(data, _Corrections, shown, lambda p: line_of(text, f"{p[-1]} =") if p else 1, problems)
    return read.correction if read else []


def _fingerprint(folder: Path) -> bytes:
    """Name, size and time of every file that the bank is made of, and the program's version."""
    parts = [f"{__version__}/{CACHE_FORMAT}"]
    for part in ("studies", "trials", "corrections", "vocabulary"):
        if (folder / part).is_dir():
            with os.scandir(folder / part) as entries:
                seen = [(e.name, s.st_size, s.st_mtime_ns) for e in entries if e.name.endswith((".md", ".toml")) for s in (e.stat(),)]
            parts += [f"{part}/{name}/{size}/{time}" for name, size, time in sorted(seen)]
    return "\n".join(parts).encode()


def _read_cache(path: Path, key: bytes) -> _Cache | None:
    try:
        raw = path.read_bytes()
        size = int.from_bytes(raw[:8], "big")
        if raw[8 : 8 + size] != key:
            return None
        return msgspec.msgpack.decode(memoryview(raw)[8 + size :], type=_Cache)
    except (OSError, msgspec.DecodeError):
        return None


def _write_cache(path: Path, cached: _Cache) -> None:
    key, cached.key = cached.key, b""
    try:
        write_file(path, len(key).to_bytes(8, "big") + key + msgspec.msgpack.encode(cached))
    except OSError:
        return  # a read-only workspace loads cold every time, and works
