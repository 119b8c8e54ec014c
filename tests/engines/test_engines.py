"""The dataset loads into the engines that people use, whole and without a warning.

What they answer is compared in tests/test_endpoint.py. HermiT, in tests/test_reasoner.py, reads the dataset by
way of the OWL API, as Protégé does.
"""

from __future__ import annotations

import logging
import re
import warnings
from typing import TYPE_CHECKING

import rdflib

from kg.paths import shipped_dataset

if TYPE_CHECKING:
    import pytest
    from servers import Server

COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"


def test_server_holds_every_triple(server: Server) -> None:
    lines = shipped_dataset().read_bytes().count(b"\n")
    assert server.ask(COUNT).replace('"', "").split() == ["n", str(lines)]


def test_server_has_nothing_to_complain_of(server: Server) -> None:
    assert not re.findall(r"(?im)^.*\b(?:warn\w*|error)\b.*$", server.log.read_text(errors="replace"))


def test_rdflib_reads_every_triple_without_a_warning(caplog: pytest.LogCaptureFixture) -> None:
    with warnings.catch_warnings(), caplog.at_level(logging.WARNING):
        warnings.simplefilter("error")
        graph = rdflib.Graph().parse(shipped_dataset(), format="nt")
    assert len(graph) == shipped_dataset().read_bytes().count(b"\n")
    assert not caplog.records
