"""The back-test: no look ahead, what counts as new, the numbers by other methods, and what is said of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import networkx as nx
import pytest
from landscapes import landscape, short

from kg.analytics.backtest import CUTOFFS, backtest, split
from kg.analytics.landscape import Landscape
from kg.analytics.prediction import PREDICTORS
from kg.errors import UsageError

if TYPE_CHECKING:
    from kg import KnowledgeGraph

# before: a in k, b in l and in the narrower m, of lymphoma. Later: a in l (new); b in k, in n, whose n is new itself,
# and in lymphoma, which was implied; a in m, which implies lymphoma; trial nine is undated, trial eight known by month
WORLD = """
    trial/one    studiesTarget  molecule/a
    trial/one    studiesDisease disease/k disease/lymphoma-like
    trial/one    firstPosted    2020-05-01
    trial/two    studiesTarget  molecule/b
    trial/two    studiesDisease disease/l disease/m
    trial/two    firstPosted    2021-12-31
    trial/three  studiesDisease disease/lymphoma
    trial/three  firstPosted    2020-06
    trial/four   studiesTarget  molecule/a
    trial/four   studiesDisease disease/l
    trial/four   firstPosted    2022-01-01
    trial/five   studiesTarget  molecule/b
    trial/five   studiesDisease disease/k disease/n disease/lymphoma
    trial/five   firstPosted    2023-02-01
    trial/six    studiesTarget  molecule/a
    trial/six    studiesDisease disease/m disease/l
    trial/six    firstPosted    2024-02-01
    trial/eight  studiesTarget  molecule/b
    trial/eight  studiesDisease disease/lymphoma-like
    trial/eight  firstPosted    2022-01
    trial/nine   studiesTarget  molecule/b
    trial/nine   studiesDisease disease/k
    disease/m    broader        disease/lymphoma
"""


def test_what_is_new_and_can_be_predicted_counted_by_hand() -> None:
    test = split(landscape(WORLD), ("target", "disease"), "2022-01-01")
    names = [tuple(short(test.concepts.nodes[place][1]) for place in pair) for pair in test.candidates]
    brought = {pair: trial and short(trial) for pair, trial in zip(names, test.brought_by, strict=True)}
    assert brought == {
        ("a", "l"): "four",
        ("a", "m"): "six",
        ("b", "k"): "five",
        ("b", "lymphoma-like"): "eight",
    }
    assert test.trials == 3
    assert test.out_of_reach == 1


def test_later_trials_change_nothing_that_is_learned() -> None:
    """All that a later trial states is changed: the network and the candidates stay, but for what is implied later."""
    before = split(landscape(WORLD), ("target", "disease"), "2022-01-01")
    lines = [line for line in WORLD.splitlines() if not {"trial/four", "trial/five", "trial/six"} & set(line.split())]
    other = (
        "\ntrial/four studiesTarget molecule/z\ntrial/four studiesDisease disease/k\ntrial/four firstPosted 2023-01-01"
    )
    after = split(landscape("\n".join(lines) + other), ("target", "disease"), "2022-01-01")
    assert after.concepts.nodes == before.concepts.nodes
    assert (after.concepts.together != before.concepts.together).nnz == 0
    assert set(before.candidates) <= set(after.candidates)


def test_no_trial_of_the_test_is_learned_from(graph: KnowledgeGraph) -> None:
    land = graph.landscape
    for day in CUTOFFS:
        test = split(land, ("target", "disease"), day)
        seen = {
            (target, disease)
            for trial, posted in land.posted.items()
            if posted < day
            for target in land.trials["target"].get(trial, ())
            for disease in land.trials["disease"].get(trial, ())
        }
        nodes = test.concepts.nodes
        tied = {
            (nodes[row][1], nodes[column][1])
            for row, column in zip(*test.concepts.together.nonzero(), strict=True)
            if (nodes[row][0], nodes[column][0]) == ("target", "disease")
        }
        assert tied == seen
        links = {(nodes[row][1], nodes[column][1]) for row, column in test.candidates}
        assert not links & seen
        assert {land.posted[trial] >= day for trial in test.brought_by if trial} == {True}


def test_the_table_by_other_methods(graph: KnowledgeGraph) -> None:
    """Adamic-Adar of NetworkX, and AUROC and Hits@10 by comparing each link with each other candidate."""
    cells = {row.cells[1]: row.cells for row in backtest(graph.landscape, cutoffs=["2022-01-01"]).rows[:4]}
    test = split(graph.landscape, ("target", "disease"), "2022-01-01")
    ties: nx.Graph[int] = nx.from_scipy_sparse_array(test.concepts.ties)
    score = {(u, v): round(value, 9) for u, v, value in nx.adamic_adar_index(ties, test.candidates)}
    links = [score[pair] for pair, trial in zip(test.candidates, test.brought_by, strict=True) if trial]
    others = [score[pair] for pair, trial in zip(test.candidates, test.brought_by, strict=True) if not trial]
    won = sum((link > other) + (link == other) / 2 for link in links for other in others)
    tenth = sorted(score.values(), reverse=True)[9]
    above, tied = (sum(value > tenth for value in part) for part in (links, others)), links.count(tenth)
    hits = sum(value > tenth for value in links)
    hits += (10 - sum(above)) * tied / (tied + others.count(tenth))
    found: Any = cells["Adamic-Adar"]
    assert found[:6] == ("2022-01-01", "Adamic-Adar", 49, len(score), len(links), 58)
    assert found[6].startswith(f"{won / len(links) / len(others):.3f} (")
    assert found[8].startswith(f"{hits / len(links):.3f} (")


def test_rows_rest_on_the_later_links(graph: KnowledgeGraph) -> None:
    row = backtest(graph.landscape, cutoffs=["2023-01-01"]).rows[0]
    facts = list(row.facts())
    assert len(facts) == 2 * 8
    assert {graph.landscape.posted[trial] >= "2023-01-01" for _, trial, _ in facts} == {True}
    assert all(graph.landscape.triples(fact) for fact in facts)


def test_the_verdicts_of_the_shipped_data(graph: KnowledgeGraph) -> None:
    """In words, from the intervals: what the back-test's table in the documentation says."""
    rows = backtest(graph.landscape).rows
    assert len(rows) == len(CUTOFFS) * len(PREDICTORS) + len(PREDICTORS)
    assert {row.cells[1]: row.cells[-1] for row in rows if row.cells[0] == "all"} == {
        "Adamic-Adar": "not told apart: better at 1, worse at 0 of 4 cut-offs, too few to tell at 1",
        "paths": "not told apart: better at 1, worse at 0 of 4 cut-offs, too few to tell at 1",
        "embedding": "not told apart: better at 0, worse at 0 of 4 cut-offs, too few to tell at 1",
        "degree product": "not beaten: not told apart from Adamic-Adar, paths, embedding",
    }
    for row in rows:
        if row.cells[0] != "all" and row.cells[-1] not in ("baseline", "too few to tell"):
            low, high = (float(text) for text in str(row.cells[-2]).partition("(")[2].rstrip(")").split(" to "))
            assert row.cells[-1] == ("better" if low > 0 else "worse" if high < 0 else "not told apart")


def test_it_is_said_where_the_baseline_wins(graph: KnowledgeGraph) -> None:
    *_, last = backtest(graph.landscape, "sponsor-disease").rows
    assert last.cells[-1] == "not beaten: wins against embedding; not told apart from Adamic-Adar, paths"


def test_one_day_of_five_beats_nobody(graph: KnowledgeGraph) -> None:
    """All are better at the one day that can be judged, which is no verdict over five."""
    *_, paths, _, last = backtest(graph.landscape, "agent-disease").rows
    assert paths.cells[-1] == "not told apart: better at 1, worse at 0 of 1 cut-offs, too few to tell at 4"
    assert last.cells[-1] == "not beaten: not told apart from Adamic-Adar, paths, embedding"
    *_, last = backtest(graph.landscape, "agent-disease", ["2020-01-01"]).rows
    assert last.cells[-1] == "beaten by Adamic-Adar, paths, embedding"


def test_a_predictor_that_knows_is_better_and_one_that_errs_is_worse(
    graph: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Planted predictors: one that looks ahead, and its opposite; both must be told."""
    land = graph.landscape
    later = {
        (target, disease)
        for trial in land.posted
        for target in land.trials["target"].get(trial, ())
        for disease in land.trials["disease"].get(trial, ())
    }

    def known(concepts: Any, rows: Any, columns: Any) -> Any:
        import numpy as np

        nodes = concepts.nodes
        return np.array([[(nodes[row][1], nodes[column][1]) in later for column in columns] for row in rows], float)

    monkeypatch.setitem(PREDICTORS, "paths", known)
    monkeypatch.setitem(PREDICTORS, "embedding", lambda *given: -known(*given))
    found: dict[Any, Any] = {row.cells[1]: row.cells for row in backtest(land, cutoffs=["2022-01-01"]).rows[:4]}
    assert found["paths"][6:8] == ("1.000 (1.000 to 1.000)",) * 2
    assert found["paths"][-1] == "better"
    assert found["embedding"][6] == "0.000 (0.000 to 0.000)"
    assert found["embedding"][-1] == "worse"


def test_too_few_links_are_not_judged(graph: KnowledgeGraph) -> None:
    for pair, cutoffs in (("product-agent", CUTOFFS), ("target-disease", ["2024-06-01"])):
        rows = backtest(graph.landscape, pair, cutoffs).rows
        assert {row.cells[-1] for row in rows} == {"too few to tell"}
        assert {row.cells[6] for row in rows} == {None}


def test_links_that_one_trial_brings_are_not_judged(graph: KnowledgeGraph) -> None:
    """Seven links of modifications and diseases after 2024 are all of one trial: intervals would have no width."""
    test = split(graph.landscape, ("modification", "disease"), "2024-01-01")
    assert test.brought_by.count(None) == len(test.brought_by) - 7
    assert len(set(test.brought_by) - {None}) == 1
    rows = backtest(graph.landscape, "modification-disease", ["2024-01-01"]).rows
    assert rows[0].cells[-1] == "too few to tell"


def test_the_same_rows_each_time(graph: KnowledgeGraph) -> None:
    again = Landscape(reversed([(s, p, o) for p, found in graph.landscape._said.items() for s, o in pairs(found)]))
    there, here = (backtest(land, "source-disease", ["2022-01-01"]).rows for land in (again, graph.landscape))
    assert [row.cells for row in there] == [row.cells for row in here]


def pairs(found: Any) -> list[tuple[str, str]]:
    return [(subject, value) for subject, values in found.items() for value in values]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"cutoffs": ["2022"]}, "'2022' is no day; expected one such as 2024-07-01"),
        ({"cutoffs": ["2022-13-01"]}, "'2022-13-01' is no day"),
        ({"pair": "target"}, "'target' is no pair of relations; expected two such as target-disease"),
    ],
)
def test_wrong_use_is_told(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        backtest(landscape(WORLD), **settings)
