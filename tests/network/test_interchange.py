"""Networks in the files of other programs, each read back by a library."""

from __future__ import annotations

import json
import subprocess
import sys
from io import BytesIO
from typing import TYPE_CHECKING, Any, cast
from xml.etree import ElementTree

import igraph
import networkx as nx
import numpy as np
import pandas as pd
import pytest

from kg.export.kinds import KINDS, export
from kg.network import interchange

if TYPE_CHECKING:
    from pathlib import Path

    from kg import KnowledgeGraph

    Network = nx.MultiDiGraph[str]

BASE = "https://w3id.org/immunokg/"
TRIAL = BASE + "trial/NCT05182073"
CARRIES = (BASE + "product/ft576", BASE + "modification/cd38-ko", "carriesModification")
BAD = "\x00\x0b\ud800\ufffe"


def strange() -> Network:
    """Return a network with what the formats cannot hold as it is."""
    network: Network = nx.MultiDiGraph()
    network.add_node("a", label='A & <B> "q"', none=None, some=["x", None, 2], odd={"b": [1], "a": BAD}, mixed=1)
    network.add_node("b\x00", label=f"tab\there{BAD}", mixed="two", number=1, flag=True, nan=float("nan"), big=2**40)
    network.add_node("c", label="γδ — ☃ 𝔘", number=1.5, group=frozenset({"y", "x"}), when=pd.Timestamp("2024-01-02"))
    network.add_node("d", label="d", keys={1: [{None: 1, (1, 2): 2}], "a": 0}, array=np.array([1.5, np.nan]))
    network.add_edge("a", "b\x00", "r", label="rel\x00", evidence=("one, two", "three\nfour"))
    network.add_edge("a", "b\x00", "s", label='"rel"', evidence=())
    network.add_edge("b\x00", "c", "r", weight=pd.Series([3]).iloc[0])
    return network


NODES: dict[str, dict[str, Any]] = {
    "a": {"label": 'A & <B> "q"', "some": "x\n2", "odd": f'{{"a": "\\u0000\\u000b{"�" * 2}", "b": [1]}}', "mixed": "1"},
    "b�": {"label": f"tab\there{'�' * 4}", "mixed": "two", "number": 1.0, "flag": True, "big": 2**40},
    "c": {"label": "γδ — ☃ 𝔘", "number": 1.5, "group": "x\ny", "when": "2024-01-02 00:00:00"},
    "d": {"label": "d", "keys": '{"1": [{"(1, 2)": 2, "None": 1}], "a": 0}', "array": "1.5"},
}
EDGES: dict[tuple[str, str, str], dict[str, Any]] = {
    ("a", "b�", "r"): {"label": "rel�", "evidence": "one, two\nthree\nfour"},
    ("a", "b�", "s"): {"label": '"rel"', "evidence": ""},
    ("b�", "c", "r"): {"weight": 3},
}


@pytest.fixture(scope="module")
def network(graph: KnowledgeGraph) -> Network:
    return graph.to_networkx()


def from_graphml(content: bytes) -> Network:
    found = nx.read_graphml(BytesIO(content), force_multigraph=True)
    back: Network = nx.MultiDiGraph()
    back.add_nodes_from(found.nodes(data=True))
    for source, target, data in found.edges(data=True):
        back.add_edge(source, target, data.pop("key"))
        back.edges[source, target, list(back[source][target])[-1]].update(data)
    return back


def from_gexf(content: bytes) -> Network:
    found: Any = nx.read_gexf(BytesIO(content))
    for *_, data in found.edges(data=True):
        del data["id"]
    return cast("Network", found)


def from_cytoscape(content: bytes) -> Network:
    found: Any = nx.cytoscape_graph(json.loads(content))
    for node, data in found.nodes(data=True):
        assert data.pop("id") == data.pop("value") == node
        assert data.pop("name") == data["label"]
    for *ends, data in found.edges(keys=True, data=True):
        assert [data.pop(name) for name in ("source", "target", "key")] == ends
        del data["id"]
    return cast("Network", found)


FILES = [name for name, kind in KINDS.items() if kind.write_view and not kind.takes]  # pictures take looks
READERS = {"to_graphml": from_graphml, "to_gexf": from_gexf, "to_cytoscape": from_cytoscape}


@pytest.mark.parametrize("name", READERS)
def test_what_a_format_cannot_hold_is_plain_when_read_back(name: str) -> None:
    back = READERS[name](getattr(interchange, name)(strange()))
    assert {node: back.nodes[node] for node in back} == NODES
    assert {(*ends, key): data for *ends, key, data in back.edges(keys=True, data=True)} == EDGES


@pytest.mark.parametrize("name", [*READERS, "to_edge_list"])
def test_same_network_gives_the_same_bytes_and_stays_as_it_is(name: str) -> None:
    network, write = strange(), getattr(interchange, name)
    assert write(network) == write(network)
    assert str(list(network.edges(data=True))) == str(list(strange().edges(data=True)))


def test_edge_list_of_strange_texts_has_one_line_an_edge() -> None:
    content = interchange.to_edge_list(strange())
    assert content.decode().split("\n") == [
        "source\ttarget\tkey\tlabel\tevidence\tweight",
        "a\tb�\tr\trel�\tone, two; three; four\t",
        'a\tb�\ts\t"""rel"""\t\t',
        "b�\tc\tr\t\t\t3",
        "",
    ]
    assert list(pd.read_csv(BytesIO(content), sep="\t")["label"])[:2] == ["rel�", '"rel"']


@pytest.mark.parametrize("name", READERS)
def test_whole_dataset_reads_back(name: str, network: Network) -> None:
    back = READERS[name](getattr(interchange, name)(network))
    assert set(back.nodes) == set(network.nodes)
    assert set(back.edges(keys=True)) == set(network.edges(keys=True))
    expected = {"label": "NCT05182073", "type": "clinical trial", "enrollment": 31, "firstPosted": "2021-11-24"}
    assert expected.items() <= back.nodes[TRIAL].items()
    assert back.edges[CARRIES]["evidence"].splitlines() == list(network.edges[CARRIES]["evidence"])


def test_edge_list_of_the_dataset_reads_back(network: Network) -> None:
    frame = pd.read_csv(BytesIO(interchange.to_edge_list(network)), sep="\t", keep_default_na=False)
    back = nx.from_pandas_edgelist(frame, edge_key="key", edge_attr=["assertion"], create_using=nx.MultiDiGraph)
    assert set(back.edges(keys=True)) == set(network.edges(keys=True))
    assert back.edges[CARRIES]["assertion"] == "stated"


def test_igraph_reads_the_graphml(network: Network, tmp_path: Path) -> None:
    path = tmp_path / "graph.graphml"
    path.write_bytes(interchange.to_graphml(network))
    back = igraph.Graph.Read_GraphML(str(path))
    assert set(back.vs["id"]) == set(network.nodes)
    assert back.vs.find(id=TRIAL)["enrollment"] == 31
    names = back.vs["id"]
    edges = {(names[edge.source], names[edge.target], edge["key"]) for edge in back.es}
    assert edges == set(network.edges(keys=True))


@pytest.mark.parametrize("kind", ["graphml", "gexf"])
def test_no_two_edges_of_a_file_have_one_id(kind: str, mini_graph: KnowledgeGraph) -> None:
    elements = ElementTree.fromstring(export(mini_graph, kind)).iter()
    ids = [element.get("id") for element in elements if element.tag.endswith("}edge")]
    assert len(set(ids)) == len(ids) == mini_graph.to_networkx().number_of_edges()


def test_igraph_reads_strange_texts(tmp_path: Path) -> None:
    path = tmp_path / "strange.graphml"
    path.write_bytes(interchange.to_graphml(strange()))
    back = igraph.Graph.Read_GraphML(str(path))
    assert back.vs["label"] == [data["label"] for data in NODES.values()]
    assert back.es["key"] == ["r", "s", "r"]


@pytest.mark.parametrize("kind", FILES)
def test_failed_export_leaves_the_old_file_and_no_other(kind: str, mini_dataset: Path, tmp_path: Path) -> None:
    """The system lets a file grow to 1,000 bytes only, so that writing stops half way."""
    out = tmp_path / "graph.out"
    out.write_text("old", encoding="utf-8")
    code = (
        "import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); import kg.graph;"
        f"kg.graph.KnowledgeGraph({str(mini_dataset)!r}).store; "
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000));"
        f"from kg.cli.main import main; exit(main(['export', {kind!r}, {str(out)!r}, '--data', {str(mini_dataset)!r}]))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (2, f"kg: cannot write {out}: File too large; choose another path\n")
    assert [(path.name, path.read_text(encoding="utf-8")) for path in tmp_path.iterdir()] == [("graph.out", "old")]
