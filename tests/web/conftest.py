"""The Danish site, built once as ``virker build`` builds it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from virker.claims.edition import Edition
from virker.web.site import Site


@pytest.fixture(scope="session")
def site(edition: Edition) -> Site:
    """The pages as static files have them."""
    return Site(edition)


@pytest.fixture(scope="session")
def site_folder(edition: Edition, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that a web server would show: pages, downloads and the index that searches them.

    ``VIRKER_SITE`` names a site that has been built already, to look at it again without building it.
    """
    if given := os.environ.get("VIRKER_SITE"):
        return Path(given)
    from virker.publish.build import build_all
    from virker.web.build import FOLDER, SitePart

    out = tmp_path_factory.mktemp("sitet") / "byg"
    build_all(edition, out, SitePart(Site(edition)))
    return out / FOLDER
