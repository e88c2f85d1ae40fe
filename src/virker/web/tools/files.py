"""The worked plans as files to take away. The build writes them; a server makes them when they are asked for."""

from __future__ import annotations

from virker.language import LANGUAGES
from virker.web.site import Site
from virker.web.tools.planned import Asked, answers_to, download, examples

PLAN = "files/plan/"
_ENDINGS = ("csv", "toml", *(f"{language}.pdf" for language in LANGUAGES))


def names(site: Site) -> tuple[str, ...]:
    """Their paths, from the site's root."""
    return tuple(f"{PLAN}{name}.{end}" for name, example in examples(site).items() if example.scenario for end in _ENDINGS)


def content(site: Site, path: str) -> bytes | None:
    """The file at a path, made once; None where there is none."""
    key = ("file", path)
    if key not in site.memo:
        made = _made(site, path.removeprefix(PLAN))
        if made is None:
            return None
        site.memo[key] = made
    found: bytes = site.memo[key]
    return found


def _made(site: Site, name: str) -> bytes | None:
    stem, _, ending = name.partition(".")
    example: Asked | None = examples(site).get(stem)
    if example is None or example.scenario is None or ending not in _ENDINGS:
        return None
    if ending != "toml":
        answers_to(example, site)
    made = download(ending.rpartition(".")[2], example, site, "en" if ending.startswith("en") else "da")
    return made.content if made else None
