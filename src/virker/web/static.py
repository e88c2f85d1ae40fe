"""The site as static files: every page in both languages, the assets, and a root that leads to a language."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from virker.memory import without_collection
from virker.web.address import Address
from virker.web.site import Site, assets
from virker.web.written import page_html

ROOT = """<!DOCTYPE html>
<html lang="da">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>virker</title>
<link rel="icon" href="assets/icon.svg" type="image/svg+xml">
<meta http-equiv="refresh" content="0; url=da/index.html">
</head>
<body>
<main>
<h1>virker</h1>
<p><a href="da/index.html">Dansk</a> · <a href="en/index.html" lang="en">English</a></p>
</main>
</body>
</html>
"""
#: The short address that the guidance on accessibility statements asks for.
WAS = ROOT.replace("da/index.html", "../da/accessibility.html").replace("en/index.html", "../en/accessibility.html").replace("assets/", "../assets/")


def write_pages(site: Site, addresses: Iterable[Address], folder: Path) -> list[Path]:
    """Write the pages at ``addresses``."""
    with without_collection():
        return [_put(folder / address.path, page_html(site, address).encode("utf-8")) for address in addresses]


def write_frame(folder: Path) -> list[Path]:
    """Write what all pages share: the assets, the root, and the short address."""
    written = [_put(folder / "assets" / name, content) for name, content in assets().items()]
    return [*written, _put(folder / "index.html", ROOT.encode("utf-8")), _put(folder / "was" / "index.html", WAS.encode("utf-8"))]


def _put(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path
