"""The kinds of pages there are. A kind is a module of ``pages/`` (:class:`virker.web.written.PageModule`)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from types import ModuleType


@dataclass(frozen=True)
class Kind:
    """A kind of page, by the name that stands in its address."""

    name: str

    @cached_property
    def module(self) -> ModuleType:
        """Its module, imported when it is first needed."""
        return import_module(f"virker.web.pages.{self.name.replace('-', '_')}")


#: In the order in which they are written.
KINDS: dict[str, Kind] = {name: Kind(name) for name in ("index", "about", "accessibility", "studies", "study", "review", "trial", "claims", "claim", "notes", "note", "method", "changes", "download", "search", "intervention", "tools", "tool", "plan", "cards", "card", "law", "map", "interventions", "groups", "group", "query", "suggest", "check")}  # fmt: skip
