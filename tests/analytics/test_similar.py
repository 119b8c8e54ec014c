"""Products that are alike and communities of them: counted by hand, by SciPy, NetworkX and igraph."""

from __future__ import annotations

import sys
from math import log2
from typing import TYPE_CHECKING, Any

import pytest
from landscapes import landscape, short

from kg.analytics.communities import communities, likeness_graph
from kg.analytics.features import nearest_products, read_features
from kg.analytics.landscape import read_landscape
from kg.analytics.similar import similar
from kg.errors import NotInGraphError, UsageError
from kg.model.iris import BASE

if TYPE_CHECKING:
    from kg import KnowledgeGraph

WORLD = landscape("""
    product/p1  hasTarget     molecule/a
    product/p2  hasTarget     molecule/a
    product/p3  hasTarget     molecule/b
    product/p4  hasTarget     molecule/b
    product/p1  developedFor  disease/lymphoma
    product/p2  developedFor  disease/leukemia
    product/p4  developedFor  disease/lymphoma
    product/p5  hasProductKind  product-kind/mab
    trial/one   investigates  product/p2
    trial/one   hasSponsor    organization/s
    disease/lymphoma  broader  disease/cancer
    disease/leukemia  broader  disease/cancer
""")
P1, P2, P3, P4, P5 = (f"{BASE}product/p{number}" for number in range(1, 6))


def test_rare_things_tell_more_and_broader_ones_are_taken_off() -> None:
    features = read_features(WORLD)
    assert {short(thing): round(bits, 3) for (_, thing), bits in features.bits.items()} == {
        "a": 1.0,  # 2 of 4
        "b": 1.0,
        "cancer": 0.0,  # all that report a disease
        "leukemia": 1.585,  # 1 of 3
        "lymphoma": 0.585,
    }
    deep = read_features(
        landscape("""
        product/p1  developedFor  disease/myeloma
        product/p2  developedFor  disease/cancer
        product/p3  developedFor  disease/lupus
        product/p4  developedFor  disease/lupus
        disease/myeloma  broader  disease/cancer
    """)
    )
    assert {short(thing): bits for (_, thing), bits in deep.bits.items()} == {"myeloma": 1, "cancer": 1, "lupus": 1}


def test_product_with_a_kind_alone_is_not_compared() -> None:
    assert P5 not in read_features(WORLD).of


def test_most_similar_products_and_what_they_share_are_counted_by_hand() -> None:
    lymphoma, leukemia = log2(3 / 2), log2(3)
    p2, p4 = 1 / (1 + lymphoma + leukemia), lymphoma / (2 + lymphoma)
    expected: list[Any] = [
        (
            *("p1", "p2", "s", pytest.approx(p2), pytest.approx(p2)),
            "disease 0.0 of 2.2: cancer; target 1.0 of 1.0: a",
            *("disease lymphoma", "disease leukemia", None),
        ),
        (
            *("p1", "p4", None, pytest.approx(p4), pytest.approx(p4), "disease 0.6 of 0.6: lymphoma"),
            *("target a", "target b", None),
        ),
    ]
    assert [row.cells for row in similar(WORLD, P1).rows] == expected


def test_what_one_does_not_report_is_told_apart_from_what_it_has_not() -> None:
    (row,) = (row for row in similar(WORLD, P3).rows if row.cells[1] == "p4")
    cells = dict(zip(similar(WORLD, P3).columns, row.cells, strict=True))
    assert cells["similarity"] == pytest.approx(1 / (1 + log2(3 / 2)))
    assert cells["comparable"] == 1
    assert (cells["only_product"], cells["only_other"], cells["one_sided"]) == (None, "disease lymphoma", "disease")


def test_row_rests_on_what_both_have_at_or_below_the_shared() -> None:
    first, _ = similar(WORLD, P1).rows
    assert [(relation, short(product), short(thing)) for relation, product, thing in first.facts()] == [
        ("disease", "p1", "lymphoma"),
        ("disease", "p2", "leukemia"),
        ("target", "p1", "a"),
        ("target", "p2", "a"),
    ]


def test_similarity_is_that_of_scipy(graph: KnowledgeGraph) -> None:
    from scipy.spatial.distance import jaccard

    features = read_features(read_landscape(graph.store))
    columns, weights = list(features.bits), list(features.bits.values())
    vectors = {product: [feature in found for feature in columns] for product, found in features.of.items()}
    products = list(features.of)[::5]
    for product, others in nearest_products(features, products, len(features.of)).items():
        expected = {other: 1 - jaccard(vectors[product], vectors[other], weights) for other in vectors}
        del expected[product]
        assert dict(others) == pytest.approx({other: value for other, value in expected.items() if value > 1e-12})
        assert [value for _, value in others] == sorted((value for _, value in others), reverse=True)
        other = others[-1][0]
        assert features.similarity(product, other) == pytest.approx(expected[other])


def test_blocks_of_products_give_the_same(graph: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    features = read_features(read_landscape(graph.store))
    whole = nearest_products(features, list(features.of), 4)
    monkeypatch.setattr("kg.analytics.features._BLOCK", 7)
    assert nearest_products(features, list(features.of), 4) == whole


def test_pairs_of_all_products_are_each_there_once() -> None:
    pairs = [row.cells[:2] for row in similar(WORLD).rows]
    assert sorted(pairs) == [("p1", "p2"), ("p1", "p4"), ("p3", "p4")]


def test_the_same_product_under_another_name_is_no_competitor(graph: KnowledgeGraph) -> None:
    names = {row["other"] for row in graph.analyze("similar", "N-803")}
    assert "NKTR-214" in names
    assert "ANKTIVA" not in names
    assert "N-803" not in {row["other"] for row in graph.analyze("similar", "ANKTIVA")}
    assert not [row for row in graph.analyze("similar") if {row["product"], row["other"]} == {"N-803", "ANKTIVA"}]


def test_what_cannot_be_compared_is_told() -> None:
    with pytest.raises(NotInGraphError, match="'p5' is no product with a target, disease, source or the like"):
        similar(WORLD, P5)


def test_missing_library_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "scipy.sparse", None)
    with pytest.raises(
        UsageError, match=r"similarity needs SciPy; install it with `pip install 'immunokg\[analytics\]'`"
    ):
        similar(WORLD, P1)


def test_nearest_competitors_of_ft576(graph: KnowledgeGraph) -> None:
    first, second = graph.analyze("similar", "FT576", limit=2)
    assert first == {
        "product": "FT576",
        "other": "FT522",
        "sponsor": "Fate Therapeutics",
        "similarity": 0.3271,
        "comparable": 0.3654,
        "shared": "disease 1.8 of 9.8: B-cell malignancy; kind 0.1 of 0.1: CAR-NK cell product; "
        "modification 9.1 of 18.7: CD38 KO, hnCD16, mbIL-15; source 2.2 of 2.2: iPSC",
        "only_product": "agent anti-CD38 mAb; disease Multiple Myeloma; modification BCMA CAR; target BCMA",
        "only_other": "disease B-Cell Leukemia, unspecified; disease B-Cell Lymphoma, unspecified; "
        "modification ADR; target CD19",
        "one_sided": "agent",
    }
    assert second["shared"] == (
        "disease 3.9 of 3.9: Multiple Myeloma; kind 0.1 of 0.1: CAR-NK cell product; target 4.0 of 4.0: BCMA"
    )
    assert (second["comparable"], second["one_sided"]) == (1, "agent; modification; source")


CLUSTERS = landscape(
    "\n".join(
        f"""
        product/{letter}{number}  hasTarget     molecule/{letter}
        product/{letter}{number}  developedFor  disease/{letter}
        trial/{letter}{number}    investigates  product/{letter}{number}
        """
        for letter, count in (("x", 4), ("y", 3))
        for number in range(count)
    )
    + "\nproduct/idle hasTarget molecule/x"
)


def test_communities_are_counted_by_hand() -> None:
    """Two groups of like products: all weights are 1, six of nine of them in the first."""
    measure = communities(CLUSTERS)
    expected: list[Any] = [
        (
            *(1, 4, 4, pytest.approx(6 / 9 - (12 / 18) ** 2)),
            *("disease x (4 of 4, x 1.8); target x (4 of 4, x 1.8)", "x0; x1; x2; x3"),
        ),
        (
            *(2, 3, 3, pytest.approx(3 / 9 - (6 / 18) ** 2)),
            *("disease y (3 of 3, x 2.3); target y (3 of 3, x 2.3)", "y0; y1; y2"),
        ),
    ]
    assert [row.cells for row in measure.rows] == expected
    facts = {(relation, short(product), short(thing)) for relation, product, thing in measure.rows[1].facts()}
    assert facts == {(relation, f"y{number}", "y") for relation in ("disease", "target") for number in range(3)}


def test_modularity_is_that_of_networkx_and_igraph(graph: KnowledgeGraph) -> None:
    import igraph
    import networkx as nx

    found = read_landscape(graph.store)
    measure = communities(found, resolution=1.5)
    features = read_features(found)
    programmes = {product: its for product, its in features.of.items() if product in found.products["trial"]}
    likeness = likeness_graph(features._replace(of=programmes))
    by_label = {found.labels[product]: product for product in programmes}
    parts = [{by_label[label] for label in str(row.cells[5]).split("; ")} for row in measure.rows]
    total = sum(float(row.cells[3] or 0) for row in measure.rows)
    assert total == pytest.approx(nx.community.modularity(likeness, parts, resolution=1.5))
    nodes = list(likeness)
    edges = [(nodes.index(one), nodes.index(other), data["weight"]) for one, other, data in likeness.edges(data=True)]
    other = igraph.Graph.TupleList(edges, weights=True)
    membership = [next(place for place, part in enumerate(parts) if nodes[it["name"]] in part) for it in other.vs]
    assert total == pytest.approx(other.modularity(membership, weights="weight", resolution=1.5))
    # its own Louvain finds no partition that is much better
    best = other.community_multilevel(weights="weight", resolution=1.5).membership
    assert total > other.modularity(best, weights="weight", resolution=1.5) - 0.02


def test_communities_of_the_dataset_are_the_same_each_time(graph: KnowledgeGraph) -> None:
    first, second = (communities(read_landscape(graph.store)).rows for _ in range(2))
    assert [row.cells for row in first] == [row.cells for row in second]
    members = [label for row in first for label in str(row.cells[5]).split("; ")]
    assert len(members) == len(set(members)) == sum(int(row.cells[1] or 0) for row in first)


def test_myeloma_programmes_are_a_community(graph: KnowledgeGraph) -> None:
    rows = {str(row["in_common"]): row["products"] for row in graph.analyze("communities")}
    assert rows["target BCMA (8 of 8, x 16.0); disease Multiple Myeloma (8 of 8, x 14.2)"] == 8


@pytest.mark.parametrize("resolution", [0, -1, float("nan"), float("inf")])
def test_resolution_must_be_above_0(resolution: float) -> None:
    with pytest.raises(UsageError, match=r"expected a number above 0"):
        communities(CLUSTERS, resolution=resolution)


def test_backend_finds_communities() -> None:
    with pytest.raises(UsageError, match="NetworkX cannot use the backend 'parallle'"):
        communities(CLUSTERS, backend="parallle")
