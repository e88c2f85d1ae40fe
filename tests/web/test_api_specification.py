"""The API against its own specification, by schemathesis: questions made from it, some as it allows and some as it does not."""

from __future__ import annotations

import warnings
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.web.live import live_site
from virker.claims.edition import Edition
from virker.web.api.endpoint import ROOT
from virker.web.api.routes import ENDPOINTS
from virker.web.app import create_app

#: Few, so that the tests stay quick, and the same every time.
_FEW = settings(max_examples=4, deadline=None, derandomize=True, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def schema(edition: Edition) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the tool's own libraries
        import schemathesis

        return schemathesis.openapi.from_asgi(f"{ROOT}/openapi.json", create_app(live_site(edition)))


#: Endpoints made by one function answer alike: one of each is enough.
_ALIKE = (
    "/target-groups",
    "/outcomes",
    "/mechanisms",
    "/designs",
    "/countries",
    "/export.xlsx",
    "/export.parquet",
    "/export.ris",
    "/export.bib",
    "/export.csl",
)
_ASKED = [e for e in ENDPOINTS if not e.path.startswith(_ALIKE)]
#: Nothing can be asked wrongly here: there are no parameters, or every text is a path that may exist (and takes long to make).
_WITHOUT = ("", "/rule-sets", "/scale", "/findings/{study}/{number}")
_CASES = [(f"{e.method} {ROOT}{e.path}", mode) for e in _ASKED for mode in ("positive", "negative") if mode == "positive" or e.path not in _WITHOUT]


@pytest.mark.parametrize(("label", "mode"), _CASES)
@pytest.mark.filterwarnings("ignore")
def test_the_api_answers_as_its_specification_tells(schema: Any, label: str, mode: str) -> None:
    from schemathesis import GenerationMode, checks
    from schemathesis.specs.openapi import checks as openapi

    # positive_data_acceptance is left out: two values that the specification allows may not fit together (years from 2020 to 2010).
    wanted = [
        checks.not_a_server_error,
        openapi.status_code_conformance,
        openapi.content_type_conformance,
        openapi.response_schema_conformance,
        openapi.negative_data_rejection,
    ]
    operation = next(o.ok() for o in schema.get_all_operations() if o.ok().label == label)
    answered = []

    @_FEW
    @given(case=operation.as_strategy(generation_mode=GenerationMode(mode)))
    def ask(case: Any) -> None:
        response = case.call()
        case.validate_response(response, checks=wanted)
        answered.append(response.status_code)

    ask()
    assert answered
