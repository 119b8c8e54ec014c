"""Views: parts of a network counted by hand, and what the shipped graph gives by theme, focus, query and question."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import networkx as nx
import pytest

from kg import KnowledgeGraph
from kg.cli.main import main
from kg.errors import NotInGraphError, UsageError
from kg.export.kinds import KINDS, export
from kg.export.requested_view import Selection, select_view
from kg.formats.notebook import Page
from kg.formats.result import Result
from kg.network.subgraphs import HUB, focus, only
from kg.network.themed_subgraphs import THEMES

if TYPE_CHECKING:
    from pathlib import Path

BASE = "https://w3id.org/immunokg/"
PREFIXES = """PREFIX kg: <https://w3id.org/immunokg/ontology/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
"""


def network_of(*edges: str, **types: str) -> nx.MultiDiGraph[str]:
    """Return a network of edges such as ``a investigates b``; firmness and standing may follow."""
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for edge in edges:
        source, key, target, *more = edge.split()
        assertion, standing = [*more, *("stated", "accepted")[len(more) :]]
        said = {
            "label": key,
            "assertion": assertion,
            "standing": standing,
            "evidence": (f"{source} page ({assertion})",),
        }
        network.add_edge(source, target, key, **said)
    for node in network:
        network.nodes[node].update(label=node.upper(), type=types.get(node[0], "thing"))
    return network


def edges_of(network: nx.MultiDiGraph[str]) -> set[str]:
    return {f"{s.removeprefix(BASE)} {key} {t.removeprefix(BASE)}" for s, t, key in network.edges(keys=True)}


def test_focus_goes_both_ways_and_keeps_relations_between_what_it_reaches() -> None:
    network = network_of("a to b", "c to b", "c to d", "b to e", "e to c", "d to far")
    assert edges_of(focus(network, ["a"], 1).network) == {"a to b"}
    view = focus(network, ["a"], 2)
    assert edges_of(view.network) == {"a to b", "c to b", "b to e", "e to c"}
    assert (view.title, view.notice) == ("Around A, 2 steps", "")
    assert edges_of(focus(network, ["a", "d"], 1).network) == {"a to b", "c to b", "c to d", "d to far"}


def test_hub_is_shown_but_not_followed_unless_it_is_the_focus() -> None:
    network = network_of("a to hub", "a to b", "b to c", *(f"x{number} to hub" for number in range(HUB)))
    view = focus(network, ["a"], 2)
    assert set(view.network) == {"a", "hub", "b", "c"}
    assert f"more than {HUB} relations: HUB ({HUB + 1})." in view.notice
    assert len(focus(network, ["hub"], 1).network) == HUB + 2
    network.remove_edge("x0", "hub")
    assert len(focus(network, ["a"], 2).network) == HUB + 3, "now it is no hub"


def test_part_keeps_attributes_and_order_and_leaves_the_whole_alone() -> None:
    network = network_of("a to b", "a too b", "b to c")
    part = only(network, [("a", "b", "too")], ["c"])
    assert (list(part), edges_of(part)) == (["a", "b", "c"], {"a too b"})
    assert part.edges["a", "b", "too"] == network.edges["a", "b", "too"]
    assert network.number_of_edges() == 3


TRIALS = {"t": "clinical trial", "p": "product", "d": "disease", "o": "organization"}


def test_trials_are_folded_with_their_evidence() -> None:
    network = network_of(
        *(
            "t1 investigates p1",
            "t2 investigates p1 inferred",
            "t2 investigates p2",
            "p1 hasTarget m",
            "p2 hasTarget m",
        ),
        *("t1 studiesDisease d1 likely", "t2 studiesDisease d1", "t2 studiesDisease d2 stated unresolved"),
        *("t3 studiesDisease d3", "p3 hasTarget m", "p1 hasTarget n"),
        **TRIALS,
    )
    found = THEMES["competitors"](network, {}).network
    via = "studiesDisease via trials"
    assert sorted(found.edges(keys=True)) == [
        *(("p1", "d1", via), ("p1", "d2", via), ("p1", "m", "hasTarget"), ("p2", "d1", via), ("p2", "d2", via)),
        ("p2", "m", "hasTarget"),
    ]
    assert found.edges["p1", "d1", via] == {
        "label": "tried in, via 2 trials",
        "relation": "tried in",
        "assertion": "inferred",  # a way over t1 is likely, one over t2 inferred; inferred is the firmer
        "standing": "accepted",
        "evidence": ("T1: t1 page (likely)", "T1: t1 page (stated)", "T2: t2 page (inferred)", "T2: t2 page (stated)"),
    }
    assert found.edges["p1", "d2", via]["label"] == "tried in, via T2"
    assert found.edges["p1", "d2", via]["standing"] == "unresolved"
    assert "t1" in network, "the network itself stays as it was"


def test_sponsor_stands_for_a_product_without_a_name() -> None:
    network = network_of(
        *("t1 hasSponsor o1 likely", "t1 investigates p1", "t1 studiesDisease d1", "p1 hasTarget m"),
        *("t2 hasSponsor o2", "t2 investigates p2", "t2 studiesDisease d1", "p2 hasTarget m", "p2 hasTarget n"),
        *("t3 hasSponsor o2", "t3 investigates p3", "t3 studiesDisease d3", "p3 developedBy o3"),
        *("t4 hasSponsor o4", "t4 investigates p4", "t4 studiesDisease d4"),
        **TRIALS,
    )
    network.nodes["p1"]["label"] = "a product (T1)"
    view = THEMES["competitors"](network, {})
    assert edges_of(view.network) == {
        *("o1 hasTarget of products m", "o1 studiesDisease of products d1", "p2 hasTarget m"),
        *("p2 studiesDisease via trials d1", "p2 hasSponsor via trials o2"),
    }, "o2 alone is behind n and d3, o4 behind d4"
    edge = view.network.edges["o1", "m", "hasTarget of products"]
    assert (edge["label"], edge["assertion"]) == ("has products against, via T1", "likely")
    assert edge["evidence"] == ("T1: p1 page (stated)", "T1: t1 page (likely)", "T1: t1 page (stated)")
    assert "no name but that of its trial is folded into its sponsor" in view.notice
    network.remove_edge("t1", "o1", "hasSponsor")
    assert "p1 hasTarget m" in edges_of(THEMES["competitors"](network, {}).network), "no sponsor to fold into"


def test_doses_of_patients_are_folded_into_their_trial() -> None:
    network = network_of(
        *("t1 investigates p1", "a1 ofTrial t1", "a2 ofTrial t1", "t1 combinesWith p3", "t2 investigates p2"),
        *("a1 administration/1 p1", "a1 administration/2 p2", "a2 administration/3 p2", "t2 administration/4 p2"),
        **TRIALS,
    )
    found = THEMES["combinations"](network, {}).network
    assert edges_of(found) == {"t1 investigates p1", "t1 combinesWith p3", "t1 gives p1", "t1 gives p2"}
    assert found.edges["t1", "p2", "gives"]["label"] == "gives, via 2 groups of patients"
    assert found.edges["t1", "p1", "gives"]["label"] == "gives, via A1"


def test_product_named_by_its_only_trial_is_left_out_and_told() -> None:
    network = network_of("t1 hasSponsor o", "t1 investigates p1", "t1 investigates p2", **TRIALS)
    network.nodes["p1"]["label"] = "a product (T1)"
    view = THEMES["sponsors"](network, {})
    assert edges_of(view.network) == {"t1 hasSponsor o", "t1 investigates p2"}
    assert view.notice.startswith("Left out: products")


def test_evidence_holds_conflicts_open_relations_and_the_trials_of_patients() -> None:
    network = network_of("a ofTrial t", "a to b", "b to c", "d to e stated unresolved", "e to b", "a to c", **TRIALS)
    found = THEMES["evidence"](network, {"a": {"1", "2"}, "b": {"1"}, "c": {"3"}, "elsewhere": {"3"}}).network
    assert edges_of(found) == {"a ofTrial t", "a to b", "d to e"}
    assert set(found) == {"a", "t", "b", "c", "d", "e"}, "a thing of a conflict about a number stands alone"


def test_modifications_have_kinds_and_the_sources_of_their_products() -> None:
    network = network_of(
        *("p1 carriesModification g1", "p2 lacksModification g1", "g1 hasModificationKind k", "p1 derivedFrom c1"),
        *("p3 derivedFrom c2", "g1 broader g2", "d1 broader d2", "p1 hasTarget m"),
        g="genetic modification",
        **TRIALS,
    )
    found = THEMES["modifications"](network, {}).network
    assert edges_of(found) == {
        *("p1 carriesModification g1", "p2 lacksModification g1", "g1 hasModificationKind k", "p1 derivedFrom c1"),
        "g1 broader g2",
    }


@pytest.mark.parametrize("theme", THEMES)
def test_each_theme_of_the_shipped_graph_can_be_read(theme: str, graph: KnowledgeGraph) -> None:
    found = select_view(graph, Selection(theme=theme)).network
    assert 50 < len(found) <= 300
    assert all(data["label"] and "evidence" in data for *_, data in found.edges(data=True))


def test_focus_of_the_shipped_graph_is_no_hairball(graph: KnowledgeGraph) -> None:
    view = select_view(graph, Selection(focus=("FT576",)))
    assert 40 < len(view.network) < 100
    assert "CAR-NK cell product" in view.notice


def test_view_of_a_query_is_what_its_rows_rest_on(graph: KnowledgeGraph) -> None:
    view = select_view(graph, Selection(query="ipsc_products_with_cd38_ko"))
    products = ("product/ft522", "product/ft576")
    assert edges_of(view.network) >= {
        edge
        for it in products
        for edge in (f"{it} carriesModification modification/cd38-ko", f"{it} derivedFrom cell-source/ipsc")
    }
    things = {node for node, data in view.network.nodes(data=True) if data["type"] == "product"}
    assert things == {BASE + it for it in products}
    whole = graph.to_networkx()
    assert all(whole.edges[edge] == view.network.edges[edge] for edge in view.network.edges(keys=True))


def test_view_of_a_query_takes_its_parameters(graph: KnowledgeGraph) -> None:
    view = select_view(graph, Selection(query="trials_by_target", parameters={"target": ["CD5"]}))
    assert "trial/NCT05110742 studiesTarget molecule/cd5" in edges_of(view.network)
    assert view.title == "Which trials study which target? (target CD5)"
    trials = {data["label"] for _, data in view.network.nodes(data=True) if data["type"] == "clinical trial"}
    assert trials == {"NCT05110742"}


def test_rows_of_findings_are_the_edges_that_these_are(mini_graph: KnowledgeGraph) -> None:
    text = """PREFIX kg: <https://w3id.org/immunokg/ontology/>
    SELECT ?who ?term WHERE { ?finding kg:about ?who ; kg:hasTerm ?term ; kg:count ?count . FILTER (?count > 1) }"""
    found = select_view(mini_graph, Selection(query=text)).network
    assert edges_of(found) == {"arm/light-1-all finding/mini/light-1-rash adverse-event/grey-rash"}


@pytest.mark.parametrize(
    "text",
    [
        """SELECT ?name ?target { ?it kg:hasTarget/rdfs:label ?target ; rdfs:label ?name }
        ORDER BY ?name ?target LIMIT 1""",
        """SELECT ?name (COUNT(?target) AS ?targets) { ?it kg:hasTarget ?target ; rdfs:label ?name }
        GROUP BY ?it ?name HAVING (COUNT(?target) > 1)""",
    ],
)
def test_view_of_a_query_holds_its_rows_alone(text: str, mini_graph: KnowledgeGraph) -> None:
    """What ``LIMIT`` or ``HAVING`` cuts is not shown."""
    products = {row["name"] for row in mini_graph.query(PREFIXES + text)}
    found = select_view(mini_graph, Selection(query=PREFIXES + text)).network
    assert {data["label"] for _, data in found.nodes(data=True) if data["type"] == "product"} == products
    assert len(products) < len({s for s, _, key in mini_graph.to_networkx().edges(keys=True) if key == "hasTarget"})


def test_rows_of_statements_are_the_edges_that_these_state(mini_graph: KnowledgeGraph) -> None:
    text = """SELECT ?of ?name { ?statement kg:subject ?it ; kg:predicate ?said ; kg:object ?other ;
        kg:standing STANDING . ?it rdfs:label ?of . ?other rdfs:label ?name . FILTER (?said = kg:developedBy) }"""
    found = select_view(mini_graph, Selection(query=PREFIXES + text.replace("STANDING", '"accepted"'))).network
    developed = {(s, t) for s, t, key in mini_graph.to_networkx().edges(keys=True) if key == "developedBy"}
    assert {(s, t) for s, t, key in found.edges(keys=True) if key == "developedBy"} == developed
    lost = select_view(mini_graph, Selection(query=PREFIXES + text.replace("STANDING", '"rejected"'))).network
    assert set(lost) == {BASE + "product/lumocel", BASE + "organization/fern-biologics"}
    assert not edges_of(lost), "what is rejected is not said"


def test_rows_that_cannot_be_traced_show_what_they_name(mini_graph: KnowledgeGraph) -> None:
    text = """PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
    SELECT (MAX(?a) AS ?x) (MAX(?b) AS ?y)
    WHERE { VALUES (?a ?b) { ("Lumocel" "Alphin; Betin") } ?it rdfs:label ?a }"""
    view = select_view(mini_graph, Selection(query=text))
    found = view.network
    assert "could not be traced" in view.notice, "more is shown than the rows say"
    assert {"product/lumocel hasTarget molecule/alphin", "product/lumocel hasTarget molecule/betin"} <= edges_of(found)


def test_view_of_an_answer_is_what_it_rests_on(graph: KnowledgeGraph) -> None:
    view = select_view(graph, Selection(ask="which iPSC products carry CD38 KO"))
    assert edges_of(view.network) == {
        f"product/{it} {edge}"
        for it in ("ft522", "ft576")
        for edge in ("carriesModification modification/cd38-ko", "derivedFrom cell-source/ipsc")
    }


def test_view_of_an_answer_holds_its_rows_alone(graph: KnowledgeGraph) -> None:
    """The query gives every trial with its enrollment, the answer is one of them."""
    found = select_view(graph, Selection(ask="which trial has the highest enrollment")).network
    assert [data["label"] for _, data in found.nodes(data=True) if data["type"] == "clinical trial"] == ["NCT04390399"]


@pytest.mark.parametrize(
    ("wanted", "error", "message"),
    [
        (Selection(focus=("FT576",), theme="sponsors"), UsageError, "focus and theme at once; expected one of them"),
        (Selection(theme="sponsor"), UsageError, "no theme 'sponsor'; nearest: sponsors; expected one of comb"),
        (Selection(depth=2), UsageError, "a depth without a focus"),
        (Selection(depth=0), UsageError, "a depth without a focus"),
        (Selection(focus=("FT576",), depth=0), UsageError, "depth 0; expected a number of steps from 1 to 9"),
        (Selection(focus=("FT576",), depth=-1), UsageError, "depth -1; expected a number of steps from 1 to 9"),
        (Selection(focus=("FT576",), depth=10), UsageError, "depth 10; expected a number of steps from 1 to 9"),
        (Selection(parameters={"a": ["b"]}), UsageError, "parameters without a query"),
        (Selection(focus=("FT57",)), NotInGraphError, "nothing named 'FT57' is in the graph; nearest: FT576"),
        (Selection(focus=("car-nk-landscape-2025",)), NotInGraphError, "has no place in the picture"),
        (Selection(query="trial_counts"), NotInGraphError, "nothing to draw: no thing of the graph is in 'How many"),
        (Selection(ask="which iPSC products carry unicorn KO"), NotInGraphError, "nothing to draw: .*'unicorn'"),
        (
            Selection(query="trials_by_target", parameters={"target": ["IL-15"]}),
            NotInGraphError,
            "nothing to draw: .* has no rows",
        ),
    ],
)
def test_what_cannot_be_shown_is_told(
    wanted: Selection, error: type[Exception], message: str, graph: KnowledgeGraph
) -> None:
    with pytest.raises(error, match=message):
        select_view(graph, wanted)


def test_dataset_without_things_of_the_ontology_is_no_empty_picture(tmp_path: Path) -> None:
    data = tmp_path / "other.nt"
    data.write_text("<urn:a> <urn:b> <urn:c> .\n", "utf-8")
    with pytest.raises(NotInGraphError, match="nothing to draw: no class of the ontology has things here"):
        select_view(KnowledgeGraph(data), Selection())


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        ("html OUT --focus FT57", 3, "kg: nothing named 'FT57' is in the graph; nearest: FT576"),
        ("html OUT --focus FT576 --theme evidence", 2, "kg: argument --theme: not allowed with argument --focus"),
        ("html OUT --focus FT576 --depth 0", 2, "kg: depth 0; expected a number of steps from 1 to 9"),
        ("html OUT --query=", 2, "kg: argument --query: nothing given; expected a name"),
        ("html OUT --theme=", 2, "kg: argument --theme: nothing given; expected a name"),
        ("html OUT --ask=", 2, "kg: argument --ask: nothing given; expected a name"),
        ("html OUT --theme none", 2, "kg: no theme 'none'"),
        ("html OUT --query products --param kind", 2, "kg: --param kind: no value; expected NAME=VALUE"),
        ("html OUT --size weight", 2, "kg: no size 'weight'; expected one of degree, betweenness, pagerank"),
        ("turtle OUT --theme evidence", 2, "kg: turtle holds every triple and no view; expected such as html"),
        ("gexf OUT --size degree", 2, "kg: gexf has no size; expected html"),
        ("gexf OUT --title x", 2, "kg: gexf has no title; expected html, svg, png"),
    ],
)
def test_export_of_no_view_writes_nothing(
    arguments: str, code: int, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert main(["export", *arguments.replace("OUT", str(out)).split()]) == code
    told = capsys.readouterr().err
    assert told.startswith(message)
    assert told.count("\n") <= 2
    assert not out.exists()


def test_every_kind_of_network_file_takes_a_view(tmp_path: Path) -> None:
    for kind in (name for name, it in KINDS.items() if it.write_view and not it.takes):
        assert main(["export", kind, str(tmp_path / kind), "--query", "ipsc_products_with_cd38_ko"]) == 0
    read = nx.read_graphml(tmp_path / "graphml")
    assert {data["label"] for _, data in read.nodes(data=True)} >= {"FT522", "FT576", "CD38 KO", "iPSC"}
    assert len(json.loads((tmp_path / "cytoscape").read_bytes())["elements"]["nodes"]) == len(read)
    lines = (tmp_path / "edgelist").read_text("utf-8").splitlines()
    assert len(lines) - 1 == read.number_of_edges()


class Frames(HTMLParser):
    """The attributes of the frames of a page, and the names of all other elements."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.frames: list[dict[str, str | None]] = []
        self.others: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "iframe":
            self.frames.append(dict(attrs))
        else:
            self.others.append(tag)


def test_notebook_shows_the_page_in_a_frame_of_its_own(graph: KnowledgeGraph, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    page = graph.to_html(path, focus="FT576", depth=1, title='"><script>alert(1)</script>')
    parsed = Frames(page._repr_html_())
    assert not parsed.others
    (frame,) = parsed.frames
    assert frame["srcdoc"] == str(page) == path.read_text("utf-8")
    assert frame["sandbox"] == "allow-scripts allow-downloads allow-popups"
    assert "height: 640px" in (frame["style"] or "")
    assert len(repr(page)) < 50


def test_results_and_answers_show_what_they_rest_on(graph: KnowledgeGraph, tmp_path: Path) -> None:
    name = "ipsc_products_with_cd38_ko"
    result = graph.query(name, evidence=True)
    assert str(result.to_html(tmp_path / "page.html")) == str(graph.to_html(query=name))
    assert (tmp_path / "page.html").exists()
    assert result._repr_html_().startswith("<table>")
    question = "which iPSC products carry CD38 KO"
    assert str(graph.ask(question).result.to_html()) == str(graph.to_html(ask=question))
    with pytest.raises(UsageError, match="these rows cannot be drawn; expected those of a query"):
        Result(("a",), ()).to_html()


def test_page_gets_panels_size_title_and_notice(graph: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, Any] = {}

    def to_html(network: nx.MultiDiGraph[str], title: str, **more: Any) -> str:
        given.update(network=network, title=title, **more)
        return "<p>"

    monkeypatch.setattr("kg.picture.to_html", to_html)
    assert isinstance(graph.to_html(focus="FT576", size="pagerank"), Page)
    assert (given["title"], given["size"]) == ("Around FT576, 2 steps", "pagerank")
    assert given["notice"].startswith("Not followed further")
    assert set(given["panels"]) <= set(given["network"])
    assert BASE + "product/ft576" in given["panels"]
    assert export(graph, "html", title="Mine") == b"<p>"
    assert (given["title"], given["size"], given["notice"]) == ("Mine", "degree", "")
    assert len(given["network"]) == len(graph.to_networkx())
