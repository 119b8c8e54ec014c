"""What is not understood is left open: questions that were once answered wrongly with confidence, and their like."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from kg import KnowledgeGraph


def firsts(graph: KnowledgeGraph, question: str) -> list[str]:
    answer = graph.ask(question)
    assert answer.status == "answered", (answer.status, answer.sentence)
    return [str(next(iter(row.values()))) for row in answer.result]


@pytest.mark.parametrize(
    "question",
    [
        "list all BCMA trials with phase, cell source, sponsor and status",
        "BCMA trials with sponsor and phase",
        "all trials targeting BCMA: phase, status, cell source",
        "BCMA trials, with their cell source",
    ],
)
def test_what_is_to_be_shown_leaves_none_out(question: str, graph: KnowledgeGraph) -> None:
    assert len(firsts(graph, question)) == 8


@pytest.mark.parametrize(
    "question",
    [
        "Which trials do not need lymphodepletion?",
        "products without CD38 KO",
        "which products lack a safety switch",
        "trials without IL-2",
    ],
)
def test_silence_is_no_denial(question: str, graph: KnowledgeGraph) -> None:
    answer = graph.ask(question)
    assert answer.status == "empty"
    assert "silence is no denial" in answer.sentence
    assert not answer.result.rows


def test_silent_things_are_counted_apart(graph: KnowledgeGraph) -> None:
    told = graph.ask("products without CD38 KO").coverage
    assert told
    assert (told["yes"], told["no"]) == (0, 2)
    assert told["not_reported"] > 100


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("trials with enrollment under 30", "trials with enrollment below 30"),
        ("trials with fewer than 30 patients", "trials with enrollment below 30"),
        ("trials with enrollment over 100", "trials that enroll more than 100 patients"),
    ],
)
def test_comparisons_are_one(one: str, other: str, graph: KnowledgeGraph) -> None:
    found = firsts(graph, one)
    assert found == firsts(graph, other)
    assert len(found) > 5


def test_group_says_for_how_many_there_is_nothing(graph: KnowledgeGraph) -> None:
    rows = [tuple(map(str, row.values())) for row in graph.ask("trials per phase").result]
    assert ("not reported", "7") in rows
    assert sum(int(count) for _, count in rows) == 124


def test_open_trials_recruit(graph: KnowledgeGraph) -> None:
    recruiting = firsts(graph, "recruiting trials")
    assert firsts(graph, "open trials") == recruiting
    assert len(recruiting) == 64


def test_results_are_not_dates(graph: KnowledgeGraph) -> None:
    assert len(firsts(graph, "trials with results posted")) == 16


def test_reason_is_given(graph: KnowledgeGraph) -> None:
    assert "FT522" in graph.ask("why was NCT04245722 terminated").sentence


def test_who_made_it(graph: KnowledgeGraph) -> None:
    assert "Fate Therapeutics" in graph.ask("who is FT576 made by?").sentence


def test_kinds_of_a_disease_are_listed(graph: KnowledgeGraph) -> None:
    assert {"Leiomyosarcoma", "Osteosarcoma"} <= set(firsts(graph, "Which sarcoma types are there?"))


@pytest.mark.parametrize(
    "question",
    [
        "trials that started in 2023",
        "trials enrolling by invitation",
        "how many trials before 0000-00-00",
        "top 0 targets",
        "code name of NKX019",
        "Who is the principal investigator of NCT05020678?",
        "which trials have a patent",
        "what does NKX019 cost",
        "trials in Brazil",
        "Which trials were paused by the weather?",
    ],
)
def test_what_cannot_be_told_is_left_open(question: str, graph: KnowledgeGraph) -> None:
    answer = graph.ask(question)
    assert answer.status != "answered", answer.sentence
    assert len(answer.suggestions) <= 8


@pytest.mark.parametrize(
    ("question", "command"),
    [
        ("Who else is like FT522?", "kg analyze similar 'FT522'"),
        ("which products are similar to NKX101", "kg analyze similar 'NKX101'"),
        ("which target disease combinations has nobody tried", "kg analyze whitespace"),
        ("what is the white space in targets", "kg analyze whitespace"),
    ],
)
def test_the_command_that_is_meant_is_offered(question: str, command: str, graph: KnowledgeGraph) -> None:
    answer = graph.ask(question)
    assert answer.status != "answered"
    assert answer.suggestions[0].get("command") == command


def test_suggestions_can_be_asked(graph: KnowledgeGraph) -> None:
    answer = graph.ask("which frobnicated BCMA trials are in phase 1")
    assert answer.unknown_words == ["frobnicated"]
    questions = [offer for offer in answer.suggestions if offer["kind"] == "question"]
    statements = [offer for offer in answer.suggestions if offer["kind"] == "statement"]
    assert 1 <= len(questions) <= 3
    assert 1 <= len(statements) <= 5
    assert all(offer["evidence"] for offer in statements)
    for offer in questions:
        rows = graph.query(offer["sparql"]) if "sparql" in offer else graph.query(offer["query"], **offer["parameters"])
        assert len(rows)
    assert not graph.ask("which BCMA trials are in phase 1").suggestions


def test_planned_approval_is_no_approval(graph: KnowledgeGraph) -> None:
    answer = graph.ask("Is lifileucel approved for sarcoma?")
    assert answer.sentence.startswith("Not reported")
    assert "planned" in answer.sentence or "intended" in answer.sentence or "approval" in answer.sentence


def test_count_is_told_beside_what_a_document_counts(graph: KnowledgeGraph) -> None:
    said = graph.ask("How many studies pair CAR-NK cells with monoclonal antibodies?").sentence
    assert "at least 16 trials" in said


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("Which trial has the most patients?", "NCT04390399"),
        ("number of trials by cell source", "NK-92"),
        ("Which targets have only one trial?", "AXL"),
    ],
)
def test_numbers_are_of_what_is_asked(question: str, first: str, graph: KnowledgeGraph) -> None:
    assert firsts(graph, question)[0] == first


@pytest.mark.parametrize(
    ("question", "count"),
    [("HER2 and GPC3 trials", 5), ("Give the status of all ImmunityBio trials", 9), ("trials without a phase", 7)],
)
def test_lists_are_of_trials(question: str, count: int, graph: KnowledgeGraph) -> None:
    assert len(firsts(graph, question)) == count


@pytest.mark.parametrize(
    "question",
    ["How many trials are sponsored by companies?", "Does CNTY-101 have a zinc finger?", "cheapest CAR-NK product"],
)
def test_what_is_not_recorded_is_not_guessed(question: str, graph: KnowledgeGraph) -> None:
    assert graph.ask(question).status != "answered"


def test_status_is_told_and_not_that_there_is_one(graph: KnowledgeGraph) -> None:
    sentence = graph.ask("Is NKX101 still in development?").sentence
    assert "decided to end" in sentence and "Yes" not in sentence


def test_designation_is_no_approval(graph: KnowledgeGraph) -> None:
    answer = graph.ask("Is there any CAR-NK product approved by the FDA?")
    assert not answer.sentence.startswith("Yes")


def test_rank_is_not_guessed_for_yes_or_no(graph: KnowledgeGraph) -> None:
    assert graph.ask("Is CD19 the most common target?").status != "answered"


def test_more_than_one_is_counted(graph: KnowledgeGraph) -> None:
    answer = graph.ask("Which trials have more than one disease?")
    assert answer.interpretation.endswith("more than 1 disease")
    assert len(answer.result) > 20


def test_function_words_name_nothing(graph: KnowledgeGraph) -> None:
    """A word that is passed over is no name of a thing."""
    vocabulary = graph.vocabulary
    passed = [phrase for phrase, roles in vocabulary.roles.items() if ("function", "") in map(tuple, roles)]
    assert len(passed) > 100
    assert not [phrase for phrase in passed if vocabulary.named(phrase)]


def test_mean_and_sum_say_over_how_many(graph: KnowledgeGraph) -> None:
    assert graph.ask("mean enrollment of Nkarta trials").sentence.startswith("59.5, the mean over 4")
    assert graph.ask("total enrollment of Nkarta trials").sentence.startswith("238, the sum over 4")


def test_figures_of_different_things_are_not_ranked(graph: KnowledgeGraph) -> None:
    assert graph.ask("what is the highest of NKX101").status != "answered"


def test_approval_is_of_its_disease(graph: KnowledgeGraph) -> None:
    answer = graph.ask("Is ANKTIVA approved for lymphopenia?")
    assert answer.sentence.startswith("Not reported")
    assert "expanded access" in answer.sentence


def test_what_is_not_disclosed_is_said(graph: KnowledgeGraph) -> None:
    answer = graph.ask("Legend Biotech BCMA trial: where do the cells come from?")
    assert "not disclosed" in " ".join(str(cell) for row in answer.result for cell in row.values())


@pytest.mark.parametrize("question", ["x-" * 3000, "which " * 200, "\u202e" * 50, "'" * 299, "a?b:c;" * 49])
def test_nonsense_is_quick(question: str, graph: KnowledgeGraph) -> None:
    from time import perf_counter

    start = perf_counter()
    assert graph.ask(question).status != "answered"
    assert perf_counter() - start < 2
