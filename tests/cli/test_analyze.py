"""`kg analyze` and `KnowledgeGraph.analyze`: what is printed, and what is said of wrong use."""

from __future__ import annotations

import csv
import io
from argparse import ArgumentParser
from typing import TYPE_CHECKING

import pytest

from kg import KnowledgeGraph
from kg.analytics.measures import MEASURES, find_measure
from kg.cli.analyze_options import add_measures
from kg.cli.main import main
from kg.engines.remote.push import GRAPH
from kg.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from servers import Server

# a command of each measure and the columns that it prints
COMMANDS = {
    "central --type target --relation disease --samples 9": "thing,type,trials,partners,partners_z,partners_p,"
    "betweenness,betweenness_z,betweenness_p,pagerank,pagerank_z,pagerank_p",
    "communities": "community,products,trials,modularity,in_common,members",
    "similar FT576": "product,other,sponsor,similarity,comparable,shared,only_product,only_other,one_sided",
    "together": "modification,other_modification,together,expected,one,other,of,more_or_less,p,q",
    "whitespace": "target,disease,state,score,degree_product,trials,because",
    "backtest --cutoff 2023-01-01": "cutoff,predictor,trials,candidates,links,out_of_reach,AUROC,AUPRC,Hits@10,Hits@50,"
    "gain,verdict",
    "pace --by phase": "phase,trials,first,latest,undated,"
    "2009,2010,2011,2012,2013,2014,2015,2016,2017,2018,2019,2020,2021,2022,2023,2024",
    "entries": "target,place,sponsor,entered,days_after,trial,trials",
    "ages": "status,trials,median_years,under_1,under_2,under_3,under_5,5_and_more",
    "stale": "trial,status,posted,years,targets,diseases,enrollment,sponsor",
}


def read(text: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.decode())))


def test_every_measure_has_its_command() -> None:
    command = ArgumentParser()
    assert [parser.prog.split()[-1] for parser in add_measures(command)] == [*MEASURES, "path"]
    assert {line.split()[0] for line in COMMANDS} == set(MEASURES)
    assert all(find_measure(name).__doc__ for name in MEASURES)


@pytest.mark.parametrize("command", COMMANDS)
def test_measure_prints_its_columns_and_evidence(command: str, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["analyze", *command.split(), "--limit", "2", "--evidence"]) == 0
    rows = read(capsysbinary.readouterr().out)
    assert rows[0] == [*COMMANDS[command].split(","), "evidence"]
    assert len(rows) == 3
    assert all("The clinical landscape of CAR NK cells, " in row[-1] for row in rows[1:])


def test_path_prints_steps_with_their_evidence(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main("analyze path N-803 NK-92 --paths 1".split()) == 0
    head, first, *_, last = read(capsysbinary.readouterr().out)
    assert head == "path,cost,step,from,relation,to,assertion,standing,evidence".split(",")
    assert (first[3], last[5]) == ("N-803", "NK-92")
    assert all("The clinical landscape of CAR NK cells: " in row[-1] for row in (first, last))


def test_first_rows_are_told_to_be_some_of_all(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["analyze", "similar", "FT576"]) == 0
    out, err = capsysbinary.readouterr()
    assert len(read(out)) == 21
    assert err == b"the first 20 of 130 rows; --limit 0 prints all\n"
    assert main(["analyze", "similar", "FT576", "--limit", "0"]) == 0
    out, err = capsysbinary.readouterr()
    assert len(read(out)) == 131
    assert err == b""


def test_more_white_space_than_is_shown_is_told(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["analyze", "whitespace", "--limit", "2"]) == 0
    out, err = capsysbinary.readouterr()
    assert len(read(out)) == 3
    assert err == b"the first 2 rows; --limit 0 prints all\n"
    assert main(["analyze", "whitespace", "--state", "tried and stopped", "--limit", "0"]) == 0
    out, err = capsysbinary.readouterr()
    assert err == b""
    assert main(["analyze", "whitespace", "--state", "tried and stopped", "--limit", str(len(read(out)) - 1)]) == 0
    assert capsysbinary.readouterr().err == b""


def test_central_takes_type_relation_and_samples(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    command = "analyze central --type agent --relation target --relation source --samples 3 --limit 0"
    assert main(command.split()) == 0
    _, *rows = read(capsysbinary.readouterr().out)
    assert {row[1] for row in rows} == {"agent"}
    assert {float(row[8]) for row in rows} <= {0.5, 1}


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        ("", 2, "kg: the following arguments are required: MEASURE; `kg analyze --help` tells more"),
        ("centrality", 2, "kg: argument MEASURE: invalid choice: 'centrality' (choose from"),
        ("central --type drug", 2, "kg: argument --type: invalid choice: 'drug' (choose from 'agent', 'disease',"),
        ("central --limit -1", 2, "kg: argument --limit: '-1' is no count; expected a whole number such as 20;"),
        (
            "central --backend parallle",
            2,
            "kg: NetworkX cannot use the backend 'parallle': 'parallle' backend is not installed; install it",
        ),
        ("communities --resolution 0", 2, "kg: a resolution of 0.0; expected a number above 0, such as 1.5 for"),
        ("communities --resolution nan", 2, "kg: argument --resolution: 'nan' is no amount; expected a number from 0,"),
        (
            "path N-803 NK-92 --damping -1",
            2,
            "kg: argument --damping: '-1' is no amount; expected a number from 0, such",
        ),
        ("path N-803", 2, "kg: the following arguments are required: end; `kg analyze path --help` tells more"),
        (
            "path N-803 NK-92 --paths 0",
            2,
            "kg: argument --paths: no path at all; expected at least 1; `kg analyze path",
        ),
        ("ages --day 2024-13-01", 2, "kg: argument --day: '2024-13-01' is no day; expected one such as 2024-07-01;"),
        ("backtest --cutoff x", 2, "kg: argument --cutoff: 'x' is no day; expected one such as 2024-07-01;"),
        ("together --pairs target", 2, "kg: "),
        ("whitespace --state gone", 2, "kg: 'gone' is not known; expected one of tried and stopped, cannot be told,"),
        ("pace --by drug", 2, "kg: argument --by: invalid choice: 'drug' (choose from"),
        ("similar FT577", 3, "kg: nothing named 'FT577' is in the graph; nearest: FT576"),
        ("similar NK-92", 3, "kg: 'NK-92' is no product with a target, disease, source or the like to compare it by"),
        ("similar FT576 FT522", 2, "kg: unrecognized arguments: FT522; `kg --help` tells more"),
    ],
)
def test_wrong_use_is_told_in_a_line(
    arguments: str, code: int, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["analyze", *arguments.split()]) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(message)
    assert err.count("\n") == 1


def test_empty_name_is_not_taken_for_none(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["analyze", "similar", ""]) == 3
    assert capsys.readouterr().err == "kg: nothing named '' is in the graph\n"


def test_unknown_measure_is_told_in_python(graph: KnowledgeGraph) -> None:
    with pytest.raises(UsageError, match=r"no measure 'centra'; nearest: central, entries; there are central, "):
        graph.analyze("centra")


def test_dataset_without_trials_gives_no_rows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    empty = tmp_path / "empty.nt"
    empty.write_bytes(b"")
    for measure in MEASURES.keys() - {"backtest"}:  # which says so at each of its days
        assert main(["analyze", measure, "--data", str(empty)]) == 0
        assert capsys.readouterr().err == "0 rows\n"


def test_endpoint_gives_the_same(server: Server, graph: KnowledgeGraph) -> None:
    remote = KnowledgeGraph(endpoint=server.query_url, graph=GRAPH)
    for name, settings in (("similar", {}), ("central", {"samples": 3})):
        there, here = (it.analyze(name, limit=5, evidence=True, **settings) for it in (remote, graph))
        assert list(there) == list(here)
