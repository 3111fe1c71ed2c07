"""A provider is one row, one module and one simulated sender; the contract tests run over all of them, and no second list exists."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from connectors.payments import openapi
from connectors.settings import ROOT
from infra.rehearsal.simulator import providers as simulators
from infra.rehearsal.simulator.webhooks import simulated, successes
from models.catalogue.providers import Provider
from models.payments.event import What
from models.payments.providers import registry
from models.payments.providers.registry import ENDPOINTS, PROVIDERS
from models.payments.shape import Shape

ROOMS = ("models", "connectors", "flows", "dashboards", "infra", "notebooks")
SIMULATED = Path(simulators.__file__).parent.relative_to(ROOT).as_posix()
OWN = ("models/catalogue/providers.py", "models/payments/providers/", f"{SIMULATED}/")
"""Where a provider may be named: its row, its module, its simulated sender."""
ALLOWED = {
    "recordings/signed.py": "the published examples of some of them, by what recordings call these",
    "contracts/examples.py": "an example of a record",
    "bench/payments.py": "records of a bench",
}
"""Where a provider stands for something else, and why."""


def named(text: str, providers: frozenset[str] = frozenset(Provider)) -> list[int]:
    """Lines that name a provider by its code as a whole text, or by its member."""
    found = []
    for node in ast.walk(ast.parse(text)):
        by_code = isinstance(node, ast.Constant) and node.value in providers
        if by_code or (isinstance(node, ast.Attribute) and ast.unparse(node.value) == "Provider"):
            found.append(node.lineno)
    return found


def test_nothing_but_its_own_modules_names_a_provider() -> None:
    found = {}
    for path in sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        lines = [] if name.startswith(OWN) else named(path.read_text(encoding="utf-8"))
        if lines and not name.endswith(tuple(ALLOWED)):
            found[name] = lines

    assert found == {}


@pytest.mark.parametrize(
    ("text", "lines"),
    [("A = {'payos': 1}", [1]), ("if x is Provider.CASSO: pass", [1]), ("'''by sepay'''", [])],
)
def test_a_second_list_is_found(text: str, lines: list[int]) -> None:
    assert named(text) == lines


@pytest.mark.parametrize("provider", Provider)
def test_a_provider_has_a_row_a_module_and_a_simulated_sender(provider: Provider) -> None:
    row, sender = PROVIDERS[provider], simulated(provider)

    assert row.code is provider
    assert row.title
    assert {endpoint.provider for endpoint in row.endpoints} == {provider}
    assert row.endpoints[0].path == f"/payments/{provider}"
    assert What.PAYMENT not in row.returns
    assert all(isinstance(endpoint.contract.SHAPE, Shape) for endpoint in row.endpoints)
    assert set(sender.SUCCESS) <= set(successes())
    assert callable(sender.webhook)
    assert callable(sender.event_id)


def test_each_module_of_the_folder_is_a_contract_of_a_row() -> None:
    modules = {path.stem for path in Path(registry.__file__).parent.glob("*.py")} - {"__init__", "registry"}

    assert modules == {endpoint.contract.__name__.rpartition(".")[2] for endpoint in ENDPOINTS}


def test_each_endpoint_has_its_own_address_and_is_documented() -> None:
    paths = [endpoint.path for endpoint in ENDPOINTS]

    assert len(set(paths)) == len(paths)
    assert list(openapi.document()["paths"]) == paths
