"""The dataset loads into the engines that people use, whole and without a warning.

HermiT, in tests/test_reasoner.py, reads it by way of the OWL API, as Protégé does.
"""

from __future__ import annotations

import csv
import io
import logging
import re
import warnings
from typing import TYPE_CHECKING

import pytest
import rdflib
from servers import VIRTUOSO, oxigraph, virtuoso

from kg.paths import shipped_dataset
from kg.queries import find_query

if TYPE_CHECKING:
    from collections.abc import Iterator

    from servers import Server

    from kg import KnowledgeGraph

COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
# one query for each thing that engines differ in: paths, grouping, concatenation in order, dates, optional parts
QUERIES = ["ipsc_products_with_cd38_ko", "trials", "trials_by_year", "sponsors_by_disease", "disease_identifiers"]
needs_virtuoso = pytest.mark.skipif(not VIRTUOSO, reason="no virtuoso-t on the path (Debian's virtuoso-opensource)")


@pytest.fixture(scope="module", params=[pytest.param("virtuoso", marks=needs_virtuoso), "oxigraph"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    run = {"virtuoso": virtuoso, "oxigraph": oxigraph}[request.param]
    with run(tmp_path_factory.mktemp(request.param)) as running:
        running.put(shipped_dataset().read_bytes())
        yield running


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


def test_server_holds_every_triple(server: Server) -> None:
    lines = shipped_dataset().read_bytes().count(b"\n")
    assert rows(server.ask(COUNT))[1:] == [[str(lines)]]


def test_server_has_nothing_to_complain_of(server: Server) -> None:
    assert not re.findall(r"(?im)^.*\b(?:warn\w*|error)\b.*$", server.log.read_text(errors="replace"))


@pytest.mark.parametrize("name", QUERIES)
def test_server_gives_the_same_rows(name: str, server: Server, graph: KnowledgeGraph) -> None:
    assert rows(server.ask(find_query(name).text)) == rows(graph.query(name).format("csv"))


def test_rdflib_reads_every_triple_without_a_warning(caplog: pytest.LogCaptureFixture) -> None:
    with warnings.catch_warnings(), caplog.at_level(logging.WARNING):
        warnings.simplefilter("error")
        graph = rdflib.Graph().parse(shipped_dataset(), format="nt")
    assert len(graph) == shipped_dataset().read_bytes().count(b"\n")
    assert not caplog.records
