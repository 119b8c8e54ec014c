"""Plain English: what is understood, what it rests on, and what is not understood and said so."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from kg import KnowledgeGraph
    from kg.ask import Answer

KEYS = "question as_of status answer interpretation sparql columns rows coverage conflicts evidence".split()
KEYS += ["unknown_words", "suggestions"]


def first_column(answer: Answer) -> list[str]:
    return list(dict.fromkeys(next(iter(row.values())) for row in answer.result))


def columns_of(answer: Answer) -> list[list[str]]:
    """Return the columns, each without what comes again: what was asked for is one of them."""
    return [
        list(dict.fromkeys(map(str, cells))) for cells in zip(*(row.values() for row in answer.result), strict=True)
    ]


@pytest.mark.parametrize(
    "question",
    [
        "which iPSC products carry CD38 KO",
        "Which iPSC products carry CD38 KO?",
        "iPSC-derived products with a CD38 knockout",
        "which products with CD38 KO come from induced pluripotent stem cells",
        "List all products derived from iPSCs carrying the CD38 knock-out.",
        "products made from ipsc that carry cd38-ko",
    ],
)
def test_variations_of_one_question_have_one_answer(question: str, graph: KnowledgeGraph) -> None:
    answer = graph.ask(question)
    assert answer.status == "answered"
    assert first_column(answer) == ["FT522", "FT576"]
    assert answer.as_of == "2024-10-25"
    cited = {(item["statement"], item["assertion"], item["section"]) for item in answer.evidence}
    assert ("FT522 carries modification CD38 KO", "derived", "Fratricide evasion") in cited
    assert any(text == "FT576 carries modification CD38 KO" and how == "stated" for text, how, _ in cited)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("List all cord-blood derived CAR NK trials against TROP2.", ["NCT05922930", "NCT06066424", "NCT06358430"]),
        ("Which trials use CD38 knockout NK cells?", ["NCT05182073", "NCT05950334"]),
        ("which trials of Fate Therapeutics target BCMA", ["NCT05182073"]),
        ("who sponsors NCT05336409", ["Century Therapeutics, Inc"]),
        ("What does FT576 carry?", ["BCMA CAR", "CD38 KO", "hnCD16", "mbIL-15"]),
        ("which agents target CD20", ["anti-CD20 mAb", "obinutuzumab", "rituximab"]),
        ("What is the phase of NCT05182073", ["Phase 1"]),
        ("what is the enrollment of NCT05182073", ["31"]),
        ("trials targeting CD5 or CD7", ["NCT02742727", "NCT05110742"]),
        ("what targets do trials in multiple myeloma have", ["BCMA", "GPRC5D", "NKG2DL"]),
        ("which products carry an IL-15 transgene and come from cord blood", None),
        ("trials with an undisclosed target and an undisclosed phase", ["NCT05845502"]),
        ("which trials study ALL with NK-92", ["NCT02892695"]),
        ("Which completed studies are in phase 1/2", ["NCT03056339"]),
        ("which trials combine IL-2 with iPSC", ["NCT05336409", "NCT05395052", "NCT06255028"]),
        ("What is FT596's successor?", ["FT522"]),
        (
            "Top 3 sponsors by number of trials",
            ["ImmunityBio, Inc", "M.D. Anderson Cancer Center", "Zhejiang University"],
        ),
        ("top 2 targets by trial count", ["CD19", "NKG2DL"]),
    ],
)
def test_question_has_its_answer(question: str, expected: list[str] | None, graph: KnowledgeGraph) -> None:
    answer = graph.ask(question)
    assert answer.status == "answered", answer.sentence
    if expected is None:  # a narrower modification counts: CAR19/IL-15 secretes the cytokine
        assert "CAR19/IL-15" in first_column(answer)
    else:
        assert expected in columns_of(answer)
    assert answer.evidence


@pytest.mark.parametrize(
    ("question", "number"),
    [("How many trials use NK-92?", 22), ("number of trials in leukemia", 41), ("how many trials are there", 124)],
)
def test_count_says_the_number(question: str, number: int, graph: KnowledgeGraph) -> None:
    answer = graph.ask(question)
    assert [row["count"] for row in answer.result] == [number]
    assert answer.sentence.startswith(f"{number} ")


def test_yes_or_no_question_says_yes_or_not_reported(graph: KnowledgeGraph) -> None:
    assert graph.ask("Does FT576 carry CD38 KO?").sentence == "Yes: FT576 carries modification CD38 KO."
    silent = graph.ask("Does FT522 carry CD5 KO?")
    assert (silent.status, silent.exit_code) == ("empty", 0)
    assert silent.sentence == "Not reported: FT522 carries modification CD5 KO."


def test_name_alone_tells_all_about_the_thing(graph: KnowledgeGraph) -> None:
    answer = graph.ask("tell me about NKX019")
    assert "NKX019 has target CD19" in [row["statement"] for row in answer.result]


@pytest.mark.parametrize(
    ("question", "status", "said"),
    [
        ("What does one dose of NKX019 cost?", "not_understood", "cannot account"),
        ("which products carry zebrafish", "not_understood", "'zebrafish'"),
        ("which trials target GD2", "not_in_graph", "'GD2'"),
        ("trials of Fate Therapeutics in phase 5", "not_in_graph", "'phase 5'"),
        ("Are all iPSC products from Fate?", "not_understood", "cannot account"),
        ("Which company sponsors QQ-214?", "not_in_graph", "'QQ'"),
        ("which product carries a mbIL16", "not_in_graph", "nearest: mbIL-21, mbIL-15"),
        ("how are registries and purposes related", "not_understood", "cannot account"),
        ("", "not_understood", "nothing"),
        ("?!", "not_understood", "nothing"),
    ],
)
def test_what_is_not_understood_is_said(question: str, status: str, said: str, graph: KnowledgeGraph) -> None:
    answer = graph.ask(question)
    assert (answer.status, answer.exit_code) == (status, 3)
    assert said in answer.sentence, answer.sentence
    assert not len(answer.result)


@pytest.mark.parametrize(
    "question",
    [
        "Is every iPSC product made by Fate Therapeutics?",
        "how many patients",
        "How many women were treated with NKX101?",
    ],
)
def test_what_could_be_read_wrongly_is_not_answered(question: str, graph: KnowledgeGraph) -> None:
    """Quantifiers, patients that are not told."""
    assert graph.ask(question).exit_code == 3


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("which organizations sponsor phase 2 trials of CD19", ["Takeda"]),
        ("which targets do iPSC products with CD38 KO have", ["BCMA", "CD19"]),
        ("which products have a knock-out and a safety switch", ["CNTY-101"]),
        ("which agents are combined with FT576", ["anti-CD38 mAb"]),
        ("what replaced FT596", ["FT522"]),
        ("what did FT522 replace", ["FT596"]),
        ("how many patients does NCT05182073 have", ["31"]),
    ],
)
def test_joins_are_about_one_thing_and_in_the_right_direction(
    question: str, expected: list[str], graph: KnowledgeGraph
) -> None:
    assert not expected or expected in columns_of(graph.ask(question))


def test_or_between_unlike_things_is_either(graph: KnowledgeGraph) -> None:
    either = set(first_column(graph.ask("which trials use NK-92 or target BCMA")))
    assert either == {
        *first_column(graph.ask("which trials use NK-92")),
        *first_column(graph.ask("which trials target BCMA")),
    }


@pytest.mark.parametrize("question", ["Do FT576 and FT522 carry CD38 KO?", "Does FT576 or FT522 carry CD38 KO?"])
def test_of_several_things_those_are_told_that_fit(question: str, graph: KnowledgeGraph) -> None:
    assert first_column(graph.ask(question)) == ["FT522", "FT576"]


def test_list_of_three_is_any_of_three(graph: KnowledgeGraph) -> None:
    assert len(graph.ask("which trials target CD19, BCMA or TROP2").result) == 59


def test_another_value_means_no(graph: KnowledgeGraph) -> None:
    answer = graph.ask("Is NCT05182073 a phase 2 trial?")
    assert answer.status == "answered"
    assert answer.sentence == "No, the graph has Phase 1: NCT05182073 has phase Phase 2?"
    assert "row 3" in [item["locator"] for item in answer.evidence]


def test_things_that_no_relation_joins_are_not_guessed(graph: KnowledgeGraph) -> None:
    answer = graph.ask("which registry has ADCC")
    assert answer.status == "not_understood"


def test_trial_of_a_target_does_not_count_as_using_a_modification_of_it(graph: KnowledgeGraph) -> None:
    assert "NCT03940833" not in first_column(graph.ask("which trials use a BCMA CAR"))


def test_studies_are_trials_and_not_what_is_done(graph: KnowledgeGraph) -> None:
    answer = graph.ask("Which CAR NK studies have made it to phase 2?")
    assert answer.result.columns[0] == "clinical trial"
    assert len(first_column(answer)) == 7


def test_coverage_counts_the_rest(graph: KnowledgeGraph) -> None:
    sources = graph.ask("which trials use NK-92").coverage
    assert sources == {"yes": 22, "no": 52, "not_reported": 50, "conflicting": 0}
    edits = graph.ask("which iPSC products carry CD38 KO").coverage
    assert edits == {"yes": 2, "no": 0, "not_reported": 14, "conflicting": 0}


def test_thing_is_not_its_own_answer(graph: KnowledgeGraph) -> None:
    products = first_column(graph.ask("Which products are combined with N-803?"))
    assert "PD-L1 t-haNK" in products
    assert "N-803" not in products


def test_no_is_said_where_a_source_says_no(mini_graph: KnowledgeGraph) -> None:
    (denied,) = [row for row in mini_graph.query("facts") if row["predicate"] == "lacks modification"]
    answer = mini_graph.ask(f"does {denied['subject']} carry {denied['object']}")
    assert answer.sentence.startswith(f"No, the graph has {denied['object']}: ")
    assert [item["statement"].split()[1] for item in answer.evidence] == ["lacks"]


def test_conflict_is_told_and_counted(graph: KnowledgeGraph) -> None:
    answer = graph.ask("which products of Artiva come from cord blood")
    assert answer.coverage == {"yes": 0, "no": 0, "not_reported": 0, "conflicting": 1}
    assert [conflict["resolution"] for conflict in answer.conflicts] == ["unresolved"]
    assert "contradict" in answer.sentence
    assert "conflict: What is the product of NCT05678205 made from? unresolved." in answer.to_text()


def test_json_has_the_contracts_keys(graph: KnowledgeGraph) -> None:
    answer = json.loads(graph.ask("which iPSC products carry CD38 KO").to_json())
    assert list(answer) == KEYS
    assert answer["columns"][0] == "product"
    assert answer["rows"][0]["product"] == {"id": "https://w3id.org/immunokg/product/ft522", "label": "FT522"}
    assert set(answer["evidence"][0]) >= {"document", "section", "locator", "assertion"}
    abstained = json.loads(graph.ask("which products carry zebrafish").to_json())
    assert list(abstained) == KEYS
    assert abstained["unknown_words"] == ["zebrafish"]
    assert abstained["coverage"] is None


def test_sparql_of_an_answer_gives_its_rows(graph: KnowledgeGraph) -> None:
    answer = graph.ask("which iPSC products carry CD38 KO")
    assert sorted({row["product_label"] for row in graph.query(answer.sparql)}) == ["FT522", "FT576"]


@pytest.mark.parametrize("hostile", ['"} } #', "<script>alert(1)</script>", "' OR 1=1", "\\", "\x00", "?x ?y ?z"])
def test_hostile_words_never_reach_the_query(hostile: str, graph: KnowledgeGraph) -> None:
    answer = graph.ask(f"which products carry CD38 KO {hostile}")
    assert answer.status in ("not_understood", "not_in_graph") or "CD38" not in answer.sparql
    assert answer.sparql == "" or hostile not in answer.sparql


def test_new_data_is_understood_without_new_code(mini_graph: KnowledgeGraph) -> None:
    labels = [row["product"] for row in mini_graph.query("products")]
    assert mini_graph.ask(labels[0]).status == "answered"


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Which phase 2 studies are NOT run by ImmunityBio?", ["NCT04847466", "NCT05020015", "NCT06161545"]),
        ("Which multiple myeloma trials do not target BCMA?", ["NCT06379451"]),
        ("multiple myeloma trials not targeting BCMA", ["NCT06379451"]),
        ("What is the biggest trial by enrollment?", ["NCT04390399"]),
        ("Which cell source is most used?", ["NK-92"]),
        ("top 3 targets by trials", ["CD19", "NKG2DL", "CD33"]),
        ("Which trial was first posted?", ["NCT00995137"]),
        ("trials posted before 2015", ["NCT00995137", "NCT01974479"]),
        ("lupus trials first posted from July to August 2024", ["NCT06255028", "NCT06518668"]),
        ("trials with an enrollment between 1 and 2", ["NCT03656705", "NCT05563545"]),
        ("BCMA multiple myeloma trials from cord blood", ["NCT05008536"]),
        ("Which sponsors have more than 8 trials?", ["ImmunityBio, Inc"]),
        ("Which components does the Cancer BioShield platform have?", None),
        ("Which trials does Takeda sponsor", ["NCT05020015", "NCT06377228"]),
        ("which trials does Takada sponsor", ["NCT05020015", "NCT06377228"]),
        ("All Takeda and all Century trials", ["NCT05020015", "NCT05336409", "NCT06255028", "NCT06377228"]),
        ("IL15 transgene: which products?", None),
    ],
)
def test_operators(question: str, expected: list[str] | None, graph: KnowledgeGraph) -> None:
    answer = graph.ask(question)
    assert answer.status == "answered", answer.sentence
    if expected:
        assert first_column(answer) == expected


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("whats the recommended phase 2 dose of bempegaldesleukin", "0.006 mg/kg"),
        ("what is the MTD of bempeg?", "0.009 mg/kg"),
        ("Did anyone on NKX019 have GvHD?", "No"),
        ("Is ANKTIVA approved for lymphopenia?", "What is: "),
        ("In which year were most trials registered?", "2024: 32 clinical trials"),
        ("Are there more NK-92 trials in solid or in hematologic cancers?", "Solid cancer: 15; Hematologic cancer: 7"),
        ("Add up the enrollment of all Nkarta trials", "238, the sum over 4"),
        ("What is the cell source of NCT05498545?", "NCT05498545: cell source not disclosed."),
        ("Which trials does Takada sponsor?", "I read 'Takada' as 'takeda'"),
        ("Is NCT05182073 still active or terminated?", "Active, not recruiting; W/T/S"),
    ],
)
def test_what_is_said(question: str, said: str, graph: KnowledgeGraph) -> None:
    answer = graph.ask(question)
    assert said in answer.sentence, answer.sentence
    assert answer.evidence


def test_what_is_said_once_joins_only_where_it_is_mentioned(graph: KnowledgeGraph) -> None:
    """One gene is said to be overexpressed in a disease: that is not how targets are tried in it."""
    tried = set(first_column(graph.ask("Which targets have been tried in solid tumors?")))
    never = set(first_column(graph.ask("Which targets have never been tried in solid tumors?")))
    assert {"PD-L1", "HER2"} <= tried
    assert {"CD19", "BCMA"} <= never
    assert not tried & never


def test_absence_is_no_occurrence(graph: KnowledgeGraph) -> None:
    """A product of which no case is reported is not one that the effect was seen with."""
    answer = graph.ask("which products had ICANS")
    assert set(first_column(answer)) == {"CNTY-101", "NKX101"}


def test_sources_of_a_record_are_told(graph: KnowledgeGraph) -> None:
    (item, *_) = graph.ask("what is the recommended phase 2 dose of NKTR-214").evidence
    assert item["document"].startswith("NKTR-214 first-in-human")
    assert item["assertion"] == "stated"


def test_explanation_goes_from_words_to_things_to_sparql(graph: KnowledgeGraph) -> None:
    told = graph.ask("which iPSC products carry CD38 KO").explanation()
    assert "iPSC -> cell source iPSC" in told
    assert "CD38 KO -> genetic modification CD38 KO" in told
    assert "SELECT DISTINCT" in told


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("How were the HER2 CAR NK cells given to glioblastoma patients?", "intracranial"),
        ("which costimulatory domain sits in the NKX101 CAR", "OX40 costimulatory domain"),
        ("how many PEG chains are on NKTR-214", "about six releasable PEG chains"),
        ("Does ANKTIVA also boost regulatory T cells?", "not induced or increased"),
        ("what ALC cutoff do you need to be under for the ANKTIVA expanded access?", "less than 1,000 per microliter"),
        ("In how many studies is lymphodepletion done with Cy/Flu?", "48 of 54"),
    ],
)
def test_what_tells_of_all_that_is_mentioned_is_the_last_resort(
    question: str, expected: str, graph: KnowledgeGraph
) -> None:
    answer = graph.ask(question)
    assert expected in answer.result.format("csv") + answer.sentence


@pytest.mark.parametrize(
    "question",
    [
        "What does one dose of NKX019 cost?",  # "costimulatory" is another word
        "Which product succeeds FT522?",  # it meets itself
        "Are all iPSC products from Fate?",
        "Which NKX019 patients flew?",
    ],
)
def test_last_resort_leaves_nothing_out(question: str, graph: KnowledgeGraph) -> None:
    answer = graph.ask(question)
    assert answer.status != "answered", answer.sentence


def test_question_in_parts_is_answered_part_by_part(graph: KnowledgeGraph) -> None:
    """A part asks of what an earlier one names, or of what answers it."""
    answer = graph.ask(
        "The Goethe University hospital trial: what antigen, which NK-92 clone, and what median OS did they report?"
    )
    assert answer.status == "answered"
    assert answer.result.columns == ("answer", "further", "understood")
    assert {"HER2", "overall survival"} <= {
        part for row in answer.result for cell in row.values() for part in str(cell).split("; ")
    }


def test_question_is_open_if_one_part_is(graph: KnowledgeGraph) -> None:
    answer = graph.ask("On which feeder cells does Takeda grow its NK cells, and what does the zebrafish say?")
    assert answer.status == "not_understood"
    assert answer.unknown_words == ["zebrafish"]


@pytest.mark.parametrize(
    "question", ["what is the second most common target", "After CD19, which target has the most trials?"]
)
def test_what_comes_second(question: str, graph: KnowledgeGraph) -> None:
    assert list(graph.ask(question).result) == [{"target": "NKG2DL", "count": 12}]


def test_more_is_asked_of_the_thing_that_is_named(graph: KnowledgeGraph) -> None:
    answer = graph.ask("Who runs NCT05703854 and how many patients does it plan to enrol?")
    assert [row["enrollment"] for row in answer.result] == [50]


def test_count_tells_how_many_are_contradicted(graph: KnowledgeGraph) -> None:
    sentence = graph.ask("count ovarian cancer trials").sentence
    assert sentence.startswith("9 clinical trials") and "1 of them contradicted, 8 not" in sentence
