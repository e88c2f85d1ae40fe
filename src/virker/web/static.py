"""The site as static files: every page in both languages, the assets, and a root that leads to a language."""

from __future__ import annotations

from pathlib import Path

from virker.web.site import Site, assets

ROOT = """<!DOCTYPE html>
<html lang="da">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>virker</title>
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
WAS = ROOT.replace("da/index.html", "../da/accessibility.html").replace("en/index.html", "../en/accessibility.html")


def write_site(site: Site, folder: Path) -> list[Path]:
    """Write every page and asset under ``folder``; returns the files in a fixed order."""
    written = [_put(folder / address.path, site.html(address).encode("utf-8")) for address in site.addresses()]
    written += [_put(folder / "assets" / name, content) for name, content in assets().items()]
    written += [_put(folder / "index.html", ROOT.encode("utf-8")), _put(folder / "was" / "index.html", WAS.encode("utf-8"))]
    return written


def _put(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path
