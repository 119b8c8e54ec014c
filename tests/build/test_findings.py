"""Rows with more than two ends: what they become, what they say in words, and every way to get them wrong."""

from __future__ import annotations

import csv
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from triples import about, types
from vocabularies import VOCABULARIES

from kg.build.cell_names import Names
from kg.checks.validate import validate
from kg.tables.columns import Place, columns
from kg.tables.finding_text import in_words
from kg.tables.rows import TABLES, Administration, Finding, RegulatoryEvent

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg import KnowledgeGraph
    from kg.tables.rows import Record

    Change = Callable[..., Path]
    Build = Callable[..., set[str]]
    Faults = Callable[..., list[str]]

HERE = Place(Path("findings.csv"), 2)

# a row of each table that is right as it is
RIGHT = {
    "findings": {"id": "x", "about": "Lumocel", "measure": "glow", "count": "1"},
    "administrations": {"id": "x", "to": "LIGHT-1", "product": "Lumocel", "role": "supportive"},
    "events": {"id": "x", "kind": "Approval", "product": "Lumocel", "status": "granted"},
    "arms": {"id": "x", "label": "X"},
    "links": {"subject": "LIGHT-1", "property": "investigates", "value": "Lumocel", "evidence": "mini/results"},
}


def line(table: str, **cells: str) -> str:
    """Return a line of a table of the ten-row world, right but for the given cells."""
    right = {"evidence": "results", "assertion": "stated", "standing": "accepted"} | RIGHT[table] | cells
    out = StringIO()
    csv.writer(out, lineterminator="\n").writerow([right.get(item.name, "") for item in columns(TABLES[table])])
    return out.getvalue()


def record(row_type: type[Record], **cells: Any) -> Record:
    """Return a row whose other cells are empty."""
    empty: dict[str, Any] = {"tuple[str, ...]": (), "str": ""}
    right: dict[str, Any] = {item.name: empty.get(str(item.type)) for item in columns(row_type)}
    return row_type(HERE, **right | cells)


def words(row_type: type[Record], **cells: Any) -> str:
    numbers = ("value", "lower", "upper", "dose")
    return in_words(record(row_type, **{key: Decimal(v) if key in numbers else v for key, v in cells.items()}))


# What a row becomes


def test_world_of_the_tests_breaks_no_rule(mini_graph: KnowledgeGraph) -> None:
    assert list(validate(mini_graph.store)) == []


def test_finding_has_all_that_its_row_says(world: set[str]) -> None:
    assert about(world, "finding/mini/lumocel-response") == {
        "rdf:type kg:Finding",
        "rdf:type kg:Observation",
        "rdf:type kg:Sourced",
        "kg:about arm/lumocel-treated",
        "kg:measures measure/response-rate",
        'kg:value "50"^^xsd:decimal',
        'kg:lowerBound "26"^^xsd:decimal',
        'kg:upperBound "74.5"^^xsd:decimal',
        'kg:unit "%"',
        'kg:count "9"^^xsd:integer',
        'kg:outOf "18"^^xsd:integer',
        'kg:method "two readers"',
        'kg:timePoint "by week 12"',
        'kg:assertion "stated"',
        'kg:standing "accepted"',
        "kg:hasEvidence evidence/mini/results",
        "kg:hasEvidence evidence/mini/results-table",
        'kg:inWords "50.0 % (26.0 to 74.5) (9 of 18); by two readers; by week 12"',
    }


def test_finding_of_none_says_none_of_how_many(world: set[str]) -> None:
    found = about(world, "finding/mini/light-1-dizziness")
    assert found >= {
        'kg:count "0"^^xsd:integer',
        'kg:outOf "6"^^xsd:integer',
        "kg:hasTerm adverse-event/dizzy-spell",
        'kg:grade ">=3"',
        'kg:relatedness "treatment-related"',
        'kg:inWords "Dizzy spell: 0 of 6; grade >=3; treatment-related"',
    }
    assert not [triple for triple in found if triple.startswith(("kg:value", "kg:unit"))]


def test_administration_has_all_that_its_row_says(world: set[str]) -> None:
    assert about(world, "administration/mini/light-1-glimmerol") == {
        "rdf:type kg:Administration",
        "rdf:type kg:Sourced",
        "kg:givenTo arm/light-1-all",
        "kg:gives product/glimmerol",
        'kg:role "combination"',
        'kg:dose "1.5"^^xsd:decimal',
        'kg:unit "mg/kg"',
        'kg:numberOfDoses "1"^^xsd:integer',
        'kg:route "oral"',
        'kg:timePoint "before breakfast"',
        'kg:asPrinted "1.50 mg/kg"',
        'kg:assertion "stated"',
        'kg:standing "accepted"',
        "kg:hasEvidence evidence/mini/results",
        'kg:inWords "glimmerol: combination; 1.50 mg/kg; 1 dose; oral; before breakfast"',
    }


def test_administration_has_a_range_of_doses_and_goes_with_a_trial_or_a_kind(world: set[str]) -> None:
    assert about(world, "administration/mini/lumocel-doses") >= {
        "kg:givenTo trial/NCT90000001",
        'kg:lowerBound "1000000"^^xsd:decimal',
        'kg:upperBound "3000000"^^xsd:decimal',
        'kg:schedule "days 1 and 8"',
    }
    assert about(world, "administration/mini/lantern-usual") >= {
        "kg:givenTo product-kind/lantern-cell-product",
        "kg:gives product-kind/small-molecule",
    }


def test_event_has_all_that_its_row_says(world: set[str]) -> None:
    assert about(world, "event/mini/lumocel-approval") == {
        "rdf:type kg:RegulatoryEvent",
        "rdf:type kg:Sourced",
        "kg:hasEventKind event-kind/approval",
        "kg:concernsProduct product/lumocel",
        "kg:concernsProduct product/umbracel",
        "kg:byAuthority organization/quill-agency",
        "kg:forIndication disease/blue-fever",
        'kg:eventPopulation "adults"',
        'kg:eventDate "2029-03"^^xsd:gYearMonth',
        'kg:dateMeaning "granted"',
        'kg:eventStatus "granted"',
        'kg:assertion "stated"',
        'kg:standing "accepted"',
        "kg:hasEvidence evidence/mini/rulings",
        'kg:inWords "Approval by Quill Agency; granted; Lumocel, Umbracel; for Blue fever; adults; granted 2029-03"',
    }


@pytest.mark.parametrize(("text", "kind"), [("2030", "gYear"), ("2030-02", "gYearMonth"), ("2030-02-28", "date")])
def test_date_of_an_event_is_as_exact_as_its_text(text: str, kind: str, change: Change, built: Build) -> None:
    found = built(change("events", ",2030,", f",{text},"))
    assert f'kg:eventDate "{text}"^^xsd:{kind}' in about(found, "event/mini/umbracel-filing")


@pytest.mark.parametrize("text", ["2030-2", "2030-6-1", "in 2030", "2030-06-01-02"])
def test_date_that_is_none_is_told_and_not_built(text: str, change: Change, faults: Faults) -> None:
    (fault,) = faults(change("events", ",2030,", f",{text},"))
    assert fault.endswith(f"date: '{text}' is not a date; expected such as 2025-06-02")


def test_study_is_a_trial_that_no_table_lists(world: set[str]) -> None:
    assert about(world, "trial/light-1") == {
        "rdf:type kg:ClinicalTrial",
        'rdfs:label "LIGHT-1"',
        'skos:altLabel "first study of light"',
        "kg:investigates product/umbracel",
    }
    listed = {triple.split()[0] for triple in world if " kg:listedAt " in triple}
    assert "trial/NCT90000003" in listed
    assert len(listed) == 5


def test_arm_has_all_that_its_row_says(world: set[str]) -> None:
    assert about(world, "arm/lumocel-treated") == {
        "rdf:type kg:Arm",
        'rdfs:label "Lumocel, treated"',
        "kg:ofTrial trial/NCT90000001",
        "kg:partOfArm arm/lumocel-all",
        "kg:hasPatientsWith disease/blue-fever",
        "kg:hasPatientsWith disease/pale-fever",
        'kg:population "treated"',
        'kg:armDefinition "had one dose or more"',
        'kg:participants "18"^^xsd:integer',
    }


STATEMENTS_OF_ARMS = {
    "trial": ("lumocel-treated-ofTrial-nct90000001-derived", {'kg:assertion "derived"'}),
    "larger arm": ("lumocel-treated-partOfArm-lumocel-all-derived", {"kg:hasEvidence evidence/mini/results-table"}),
    "one of two diseases": ("lumocel-treated-hasPatientsWith-pale-fever-derived", {'kg:standing "accepted"'}),
    "population": ("lumocel-all-population-enrolled", {'kg:object "enrolled"', 'kg:assertion "stated"'}),
    "number, as printed": ("light-1-all-participants-6", {'kg:object "6"^^xsd:integer', 'kg:asPrinted "six"'}),
}


@pytest.mark.parametrize(("name", "expected"), STATEMENTS_OF_ARMS.values(), ids=STATEMENTS_OF_ARMS)
def test_cells_of_an_arm_are_statements(name: str, expected: set[str], world: set[str]) -> None:
    assert expected | {"rdf:type kg:Statement"} <= about(world, f"statement/mini/{name}")


def test_text_as_printed_is_that_of_the_number_alone(world: set[str]) -> None:
    printed = {triple.split()[0] for triple in world if triple.endswith(' kg:asPrinted "six"')}
    assert printed == {"statement/mini/light-1-all-participants-6"}


def test_arm_of_nobody_is_counted(change: Change, built: Build) -> None:
    found = built(change("arms", add=line("arms", n="0")))
    assert 'kg:participants "0"^^xsd:integer' in about(found, "arm/x")


# Standing and conflicts


def test_rejected_finding_is_no_finding(world: set[str]) -> None:
    name = "finding/mini/lumocel-enrolled-response-misprint"
    assert types(world, name) == {"kg:RejectedFinding", "kg:Observation", "kg:Sourced"}
    assert about(world, name) >= {
        'kg:standing "rejected"',
        'kg:value "54"^^xsd:decimal',
        'kg:asPrinted "54 per cent"',
        "kg:partOfConflict conflict/mini/response-of-all",
    }


def test_findings_are_those_that_are_not_rejected(world: set[str]) -> None:
    typed = {triple.split()[0] for triple in world if triple.endswith("rdf:type kg:Finding")}
    rejected = {triple.split()[0] for triple in world if triple.endswith('kg:standing "rejected"')}
    assert typed == {
        f"finding/mini/{name}"
        for name in (
            *("light-1-dizziness", "light-1-rash", "lumocel-enrolled-response", "lumocel-response"),
            *("umbracel-glow-increased", "umbracel-glow-unchanged"),
        )
    }
    assert not typed & rejected


def test_unresolved_findings_are_both_findings(world: set[str]) -> None:
    for name in ("increased", "unchanged"):
        node = f"finding/mini/umbracel-glow-{name}"
        assert types(world, node) == {"kg:Finding", "kg:Observation", "kg:Sourced"}
        assert about(world, node) >= {
            'kg:standing "unresolved"',
            "kg:partOfConflict conflict/mini/umbracel-glow",
            f'kg:direction "{name}"',
        }


def test_sides_of_a_conflict_are_listed_with_their_standing(mini_graph: KnowledgeGraph) -> None:
    rows = [row for row in mini_graph.query("conflicts") if row["subject"] in ("Lumocel, enrolled", "Umbracel")]
    assert [(row["predicate"], row["object"], row["standing"]) for row in rows] == [
        ("glow", "Lantern cell: increased; in blood", "unresolved"),
        ("glow", "Lantern cell: unchanged; in blood", "unresolved"),
        ("response rate", "45 % (9 of 20)", "accepted"),
        ("response rate", "54 %", "rejected"),
    ]


def test_facts_hold_findings_administrations_and_events(mini_graph: KnowledgeGraph) -> None:
    rows = {(row["subject"], row["predicate"], row["object"], row["standing"]) for row in mini_graph.query("facts")}
    doses = "1,000,000 to 3,000,000 cells/kg; 2 doses; days 1 and 8; intravenous"
    assert rows >= {
        ("Lumocel, enrolled", "response rate", "54 %", "rejected"),
        ("NCT90000001", "has administration", f"Lumocel: investigational; {doses}", "accepted"),
        ("Umbracel", "has regulatory event", "Approval; planned; Umbracel; 2030", "accepted"),
        ("LIGHT-1", "investigates", "Umbracel", "accepted"),
    }


def test_stats_count_what_the_rows_are(mini_graph: KnowledgeGraph) -> None:
    rows = {(row["what"], row["of"].partition(": ")[2]): row["count"] for row in mini_graph.query("stats")}
    assert rows["findings", "stated, accepted"] == 4
    assert rows["findings", "stated, rejected"] == 1
    assert rows["findings", "likely, unresolved"] == rows["findings", "stated, unresolved"] == 1
    assert rows["administrations", "stated, accepted"] == 2
    assert rows["regulatory events", "planned, accepted"] == 1
    assert rows["statements", "inferred, accepted"] == 3  # two target logics and a link


# Links of a curator


def test_link_is_inferred_and_is_of_no_document(world: set[str]) -> None:
    assert about(world, "statement/curation/light-1-investigates-umbracel-inferred") == {
        "rdf:type kg:Sourced",
        "rdf:type kg:Statement",
        "kg:subject trial/light-1",
        "kg:predicate kg:investigates",
        "kg:object product/umbracel",
        'kg:assertion "inferred"',
        'kg:standing "accepted"',
        "kg:hasEvidence evidence/mini/glimmerol",
        "kg:hasEvidence evidence/mini/umbracel",
    }


def test_links_may_lie_in_a_folder_without_a_document(
    mini: Path, other: Change, tmp_path: Path, built: Build, world: set[str]
) -> None:
    second = other(links="Lumocel,same product as,Umbracel,mini/lumocel; other/page-1\n")
    folder = tmp_path / "links"
    folder.mkdir()
    (second / "links.csv").rename(folder / "links.csv")
    found = built(mini, second, folder)
    assert world <= found
    assert "product/lumocel kg:sameProductAs product/umbracel" in found
    node = "statement/curation/lumocel-sameProductAs-umbracel-inferred"
    assert about(found, node) >= {
        "kg:hasEvidence evidence/mini/lumocel",
        "kg:hasEvidence evidence/other/page-1",
    }


def test_nothing_is_derived_from_a_link(change: Change, built: Build) -> None:
    """A link says that a trial of the table investigates a second product; what it aims at is not that product's."""
    folder = change("links", add=line("links", subject="NCT90000002", value="glimmerol"))
    found = built(folder)
    assert "trial/NCT90000002 kg:investigates product/glimmerol" in found
    assert "trial/NCT90000002 kg:investigates product/nct90000002-product" in found
    assert not [triple for triple in about(found, "product/glimmerol") if triple.startswith("kg:hasTarget")]


# Names of things of any class


def test_cell_says_the_class_where_classes_share_a_name(world: set[str]) -> None:
    assert "finding/mini/light-1-rash kg:hasTerm adverse-event/grey-rash" in world


@pytest.mark.parametrize("name", ["Lumocel", "lumocel", "ORC-1", "Product: Lumocel", "Product: lumo cells"])
def test_thing_of_any_class_is_found_by_any_of_its_names(name: str, change: Change, built: Build) -> None:
    found = built(change("findings", add=line("findings", about=name)))
    assert "kg:about product/lumocel" in about(found, "finding/mini/x")


def test_cell_may_say_the_class_that_its_column_has(change: Change, built: Build, world: set[str]) -> None:
    found = built(
        change(
            "findings", "Umbracel,glow,lantern,,,,,,,,,increased", "Umbracel,Measure: glow,lantern,,,,,,,,,increased"
        )
    )
    assert found == world


def test_colon_within_a_name_is_no_class() -> None:
    names = Names(VOCABULARIES)
    assert not list(names.add("Arm", "urn:a", "LIGHT-1: all patients", (), HERE))
    assert names.resolve_any("LIGHT-1: all patients", HERE, "about") == ("urn:a", None)
    assert names.resolve_any("Arm: LIGHT-1: all patients", HERE, "about") == ("urn:a", None)


def test_fact_about_any_thing_takes_the_class_too(change: Change, built: Build) -> None:
    row = "AdverseEvent: Grey rash,described as,an itch,results,stated,accepted,,\n"
    found = built(change("facts", add=row))
    assert 'adverse-event/grey-rash kg:describedAs "an itch"' in found
    assert types(found, "adverse-event/grey-rash") == {"kg:AdverseEvent", "skos:Concept"}


# Faults

BAD_ROWS = {
    "range upside down": (
        {"findings": line("findings", lower="3", upper="2.5")},
        "findings.csv:9: lower: 3 is above upper, 2.5; expected the lower end of the range",
    ),
    "doses upside down": (
        {"administrations": line("administrations", lower="10", upper="9")},
        "administrations.csv:5: lower: 10 is above upper, 9; expected the lower end of the range",
    ),
    "more than all": (
        {"findings": line("findings", count="7", out_of="6")},
        "findings.csv:9: count: 7 is more than out_of, 6; expected a part of it",
    ),
    "no result": (
        {"findings": line("findings", count="")},
        "findings.csv:9: value: the finding has no result; expected value, lower, upper, count, outcome or direction",
    ),
    "no result but how many there were": (
        {"findings": line("findings", count="", out_of="6", unit="%", detail="none told")},
        "findings.csv:9: value: the finding has no result; expected value, lower, upper, count, outcome or direction",
    ),
    "rejected administration": (
        {"administrations": line("administrations", standing="rejected", conflict="umbracel-glow")},
        "administrations.csv:5: standing: 'rejected' is for facts and findings; expected accepted or unresolved",
    ),
    "rejected event": (
        {"events": line("events", standing="rejected", conflict="umbracel-glow")},
        "events.csv:4: standing: 'rejected' is for facts and findings; expected accepted or unresolved",
    ),
    "unknown conflict, nearest": (
        {"findings": line("findings", standing="unresolved", conflict="umbracel-glows")},
        "findings.csv:9: conflict: 'umbracel-glows' is no row of conflicts.csv; nearest: umbracel-glow",
    ),
    "unknown conflict, none like it": (
        {"events": line("events", standing="unresolved", conflict="xyz")},
        "events.csv:4: conflict: 'xyz' is no row of conflicts.csv; add it to conflicts.csv",
    ),
    "unknown evidence": (
        {"findings": line("findings", evidence="result")},
        "findings.csv:9: evidence: 'result' is no row of evidence.csv; nearest: results, results-table, recount",
    ),
    "unknown evidence of an arm": (
        {"arms": line("arms", evidence="xyz")},
        "arms.csv:5: evidence: 'xyz' is no row of evidence.csv; add it to evidence.csv",
    ),
    "evidence of a link in no document": (
        {"links": line("links", evidence="mino/results")},
        "links.csv:3: evidence: 'mino/results' is no row of evidence.csv; add it to evidence.csv",
    ),
    "evidence of a link that its document has not": (
        {"links": line("links", evidence="mini/resluts")},
        "links.csv:3: evidence: 'mini/resluts' is no row of evidence.csv; nearest: results, results-table",
    ),
    "name of nothing, nearest": (
        {"findings": line("findings", about="Lumosel")},
        "findings.csv:9: about: 'Lumosel' names nothing; nearest: Lumocel; a new thing is a row of its table",
    ),
    "name of nothing, none like it": (
        {"findings": line("findings", term="xyz")},
        "findings.csv:9: term: 'xyz' names nothing; a new thing is a row of its table",
    ),
    "name of things of two classes": (
        {"findings": line("findings", term="grey rash")},
        "findings.csv:9: term: 'grey rash' names 2 things; write `AdverseEvent: grey rash` or `Disease: grey rash`",
    ),
    "class that is none": (
        {"findings": line("findings", about="Produkt: Lumocel")},
        "findings.csv:9: about: 'Produkt: Lumocel' names nothing; nearest: Lumocel; a new thing is a row of its table",
    ),
    "name of nothing in the class": (
        {"findings": line("findings", about="Product: Umbrasel")},
        "findings.csv:9: about: 'Umbrasel' is no known Product; nearest: Umbracel; a new one is a row of products.csv",
    ),
    "name in a class that has it not": (
        {"findings": line("findings", about="Product: LIGHT-1")},
        "findings.csv:9: about: 'LIGHT-1' is no known Product; a new one is a row of products.csv",
    ),
    "unknown arm": (
        {"findings": line("findings", about="Arm: Lumocel, healed")},
        "findings.csv:9: about: 'Lumocel, healed' is no known Arm; nearest: Lumocel, treated, Lumocel, enrolled; "
        "a new one is a row of arms.csv",
    ),
    "unknown measure": (
        {"findings": line("findings", measure="glowing")},
        "findings.csv:9: measure: 'glowing' is no known Measure; nearest: glow; a new one is a row of measures.csv",
    ),
    "unknown recipient": (
        {"administrations": line("administrations", to="LIGHT-9")},
        "administrations.csv:5: to: 'LIGHT-9' names nothing; nearest: LIGHT-1; a new thing is a row of its table",
    ),
    "unknown kind of event": (
        {"events": line("events", kind="Aproval")},
        "events.csv:4: kind: 'Aproval' is no known RegulatoryEventKind; nearest: Approval; "
        "a new one is a row of event_kinds.csv",
    ),
    "unknown authority": (
        {"events": line("events", authority="xyz")},
        "events.csv:4: authority: 'xyz' is no known Organization; a new one is a row of organizations.csv",
    ),
    "one of two products unknown": (
        {"events": line("events", product="Lumocel; xyz")},
        "events.csv:4: product: 'xyz' is no known Product; a new one is a row of products.csv",
    ),
    "unknown indication": (
        {"events": line("events", indication="Blue fevers")},
        "events.csv:4: indication: 'Blue fevers' is no known Disease; nearest: Blue fever, Pale fever, Fever; "
        "a new one is a row of diseases.csv",
    ),
    "arm of an unknown trial": (
        {"arms": line("arms", trial="LIGHT-2")},
        "arms.csv:5: trial: 'LIGHT-2' is no known ClinicalTrial; nearest: LIGHT-1; a new one is a row of trials.csv",
    ),
    "part of an unknown arm": (
        {"arms": line("arms", part_of="LIGHT-1")},
        "arms.csv:5: part_of: 'LIGHT-1' is no known Arm; a new one is a row of arms.csv",
    ),
    "arm with an unknown disease": (
        {"arms": line("arms", diseases="Rash; xyz")},
        "arms.csv:5: diseases: 'xyz' is no known Disease; a new one is a row of diseases.csv",
    ),
    "label of another arm": (
        {"arms": line("arms", label="Lumocel, treated")},
        "arms.csv:5: 'Lumocel, treated' already names https://w3id.org/immunokg/arm/lumocel-treated "
        "(mini/arms.csv:4); expected a name of its own",
    ),
    "id of another finding": (
        {"findings": line("findings", id="lumocel-response")},
        "findings.csv:9: id 'lumocel-response' is already on line 6; expected an id of its own",
    ),
    "study with the name of a trial": (
        {"studies": "light-2,nct90000001,\n"},
        "trials.csv:3: 'NCT90000001' already names https://w3id.org/immunokg/trial/light-2 (mini/studies.csv:3); "
        "expected a name of its own",
    ),
    "link by an unknown property": (
        {"links": line("links", property="investigate")},
        "links.csv:3: property: 'investigate' is no property of the ontology; nearest: investigates",
    ),
    "fact by a property of findings": (
        {"facts": "Lumocel,measures,glow,results,stated,accepted,,\n"},
        "facts.csv:18: property: 'measures' is no property of the ontology",
    ),
    "fact by a property of evidence": (
        {"facts": "NCT90000001,listed at,results,results,stated,accepted,,\n"},
        "facts.csv:18: property: 'listed at' is no property of the ontology",
    ),
    "fact about a name of two things": (
        {"facts": "Grey rash,described as,an itch,results,stated,accepted,,\n"},
        "facts.csv:18: subject: 'Grey rash' names 2 things; write `AdverseEvent: Grey rash` or `Disease: Grey rash`",
    ),
}


@pytest.mark.parametrize(("added", "fault"), BAD_ROWS.values(), ids=BAD_ROWS)
def test_bad_row_is_a_fault_of_its_line(added: dict[str, str], fault: str, change: Change, faults: Faults) -> None:
    ((table, text),) = added.items()
    assert faults(change(table, add=text)) == [f"mini/{fault}"]


GOOD_ROWS = {
    "range of one number": {"findings": line("findings", lower="3", upper="3")},
    "all of all": {"findings": line("findings", count="6", out_of="6")},
    "zero": {"findings": line("findings", count="0", out_of="0")},
    "value of zero": {"findings": line("findings", count="", value="0")},
    "lower end alone": {"findings": line("findings", count="", lower="3")},
    "upper end alone": {"findings": line("findings", count="", upper="3")},
    "outcome alone": {"findings": line("findings", count="", outcome="none")},
    "direction alone": {"findings": line("findings", count="", direction="similar")},
    "unresolved event": {"events": line("events", standing="unresolved", conflict="umbracel-glow")},
    "administration without a dose": {"administrations": line("administrations")},
}


@pytest.mark.parametrize("added", GOOD_ROWS.values(), ids=GOOD_ROWS)
def test_row_at_the_edge_is_no_fault(added: dict[str, str], change: Change, built: Build, world: set[str]) -> None:
    ((table, text),) = added.items()
    assert world < built(change(table, add=text))


def test_all_faults_of_a_row_are_told_at_once(change: Change, faults: Faults) -> None:
    wrong = line("findings", about="xyz", measure="xyz", lower="2", upper="1", count="2", out_of="1", conflict="xyz")
    assert [fault.split(": ")[1] for fault in faults(change("findings", add=wrong))] == [
        *("about", "conflict", "count", "lower", "measure")
    ]


def test_finding_of_a_second_document_may_have_the_same_id(mini: Path, other: Change, built: Build) -> None:
    second = other(findings="lumocel-response,Lumocel,response rate,3,page-1,stated,accepted\n")
    found = built(mini, second)
    assert about(found, "finding/other/lumocel-response") >= {
        "kg:about product/lumocel",
        "kg:hasEvidence evidence/other/page-1",
    }
    assert "kg:about arm/lumocel-treated" in about(found, "finding/mini/lumocel-response")


# Words

FINDINGS: dict[str, tuple[dict[str, Any], str]] = {
    "share": ({"count": 9, "out_of": 18}, "9 of 18"),
    "percentage with its share": ({"value": "50", "unit": "%", "count": 9, "out_of": 18}, "50 % (9 of 18)"),
    "count alone": ({"count": 3}, "n = 3"),
    "none": ({"count": 0}, "none"),
    "none of some": ({"count": 0, "out_of": 6}, "0 of 6"),
    "percentage of some": ({"value": "50", "unit": "%", "out_of": 18}, "50 % (of 18)"),
    "value of zero": ({"value": "0", "unit": "months"}, "0 months"),
    "value as typed": ({"value": "50.0", "unit": "%"}, "50.0 %"),
    "negative value": ({"value": "-3.5", "unit": "% of baseline"}, "-3.5 % of baseline"),
    "large value": ({"value": "1234567.5", "unit": "cells"}, "1,234,567.5 cells"),
    "value without unit": ({"value": "7"}, "7"),
    "value and range": (
        {"value": "50", "lower": "26.0", "upper": "74.5", "unit": "%"},
        "50 % (26.0 to 74.5)",
    ),
    "value, range and share": (
        {"value": "50", "lower": "26", "upper": "74", "unit": "%", "count": 9, "out_of": 18},
        "50 % (26 to 74) (9 of 18)",
    ),
    "value and lower end": ({"value": "5", "lower": "2", "unit": "months"}, "5 months (from 2)"),
    "range alone": ({"lower": "1000", "upper": "2000", "unit": "cells"}, "1,000 to 2,000 cells"),
    "lower end alone": ({"lower": "2", "unit": "weeks"}, "from 2 weeks"),
    "upper end alone": ({"upper": "2", "unit": "weeks"}, "up to 2 weeks"),
    "range from zero": ({"lower": "0", "upper": "2", "unit": "weeks"}, "0 to 2 weeks"),
    "upper end of zero": ({"upper": "0"}, "up to 0"),
    "qualified value": ({"qualifier": "at least", "value": "3", "unit": "months"}, "at least 3 months"),
    "qualified range": (
        {"qualifier": "about", "lower": "3", "upper": "5", "unit": "days"},
        "about 3 to 5 days",
    ),
    "one month": ({"value": "1", "unit": "months"}, "1 month"),
    "one patient, qualified": ({"qualifier": "more than", "value": "1", "unit": "patients"}, "more than 1 patient"),
    "one without an s": ({"value": "1", "unit": "mg/kg"}, "1 mg/kg"),
    "eleven months": ({"value": "11", "unit": "months"}, "11 months"),
    "outcome": ({"outcome": "not reached"}, "not reached"),
    "outcome that is the share": ({"count": 0, "outcome": "none"}, "none"),
    "value, outcome and direction": (
        {"value": "2", "unit": "fold", "outcome": "significant", "direction": "increased"},
        "2 fold, significant, increased",
    ),
    "term": ({"term": "Dizzy spell", "count": 1, "out_of": 6}, "Dizzy spell: 1 of 6"),
    "grade and relatedness": (
        {"count": 1, "grade": ">=3", "relatedness": "treatment-emergent"},
        "n = 1; grade >=3; treatment-emergent",
    ),
    "tissue": ({"direction": "increased", "tissue": "bone marrow"}, "increased; in bone marrow"),
    "tissue that says in": ({"direction": "lower", "tissue": "in vitro"}, "lower; in vitro"),
    "every condition, in order": (
        {
            "term": "Glow",
            "value": "2",
            "unit": "fold",
            "grade": "1-2",
            "tissue": "blood",
            "method": "eye",
            "time": "week 2",
            "comparator": "dark",
            "p": "p < 0.05",
            "detail": "by night",
        },
        "Glow: 2 fold; grade 1-2; in blood; by eye; week 2; compared with dark; p < 0.05; by night",
    ),
}


@pytest.mark.parametrize(("cells", "expected"), FINDINGS.values(), ids=FINDINGS)
def test_finding_in_words(cells: dict[str, Any], expected: str) -> None:
    assert words(Finding, about="Lumocel", measure="glow", **cells) == expected


ADMINISTRATIONS: dict[str, tuple[dict[str, Any], str]] = {
    "role alone": ({}, "Lumocel: supportive"),
    "dose": ({"dose": "1.50", "unit": "mg/kg"}, "Lumocel: supportive; 1.50 mg/kg"),
    "range of doses": (
        {"lower": "1000000", "upper": "3000000", "unit": "cells/kg"},
        "Lumocel: supportive; 1,000,000 to 3,000,000 cells/kg",
    ),
    "highest dose": ({"upper": "3", "unit": "Gy"}, "Lumocel: supportive; up to 3 Gy"),
    "one dose": ({"number": 1}, "Lumocel: supportive; 1 dose"),
    "two doses": ({"number": 2}, "Lumocel: supportive; 2 doses"),
    "no dose": ({"number": 0}, "Lumocel: supportive; 0 doses"),
    "all, in order": (
        {
            "dose": "2",
            "unit": "mg/kg",
            "number": 3,
            "schedule": "daily",
            "route": "oral",
            "time": "from day 5",
            "detail": "with bread",
        },
        "Lumocel: supportive; 2 mg/kg; 3 doses; daily; oral; from day 5; with bread",
    ),
}


@pytest.mark.parametrize(("cells", "expected"), ADMINISTRATIONS.values(), ids=ADMINISTRATIONS)
def test_administration_in_words(cells: dict[str, Any], expected: str) -> None:
    assert words(Administration, product="Lumocel", role="supportive", **cells) == expected


EVENTS: dict[str, tuple[dict[str, Any], str]] = {
    "kind and product": ({}, "Approval; sought; Lumocel"),
    "authority": ({"authority": "Quill Agency"}, "Approval by Quill Agency; sought; Lumocel"),
    "several products": ({"product": ("Lumocel", "Umbracel")}, "Approval; sought; Lumocel, Umbracel"),
    "indications": ({"indication": ("Rash", "Fever")}, "Approval; sought; Lumocel; for Rash, Fever"),
    "date": ({"date": "2029"}, "Approval; sought; Lumocel; 2029"),
    "date with its meaning": ({"date": "2029-03", "date_is": "label"}, "Approval; sought; Lumocel; label 2029-03"),
    "all, in order": (
        {
            "authority": "Quill Agency",
            "indication": ("Rash",),
            "population": "adults",
            "date": "2029-03-01",
            "date_is": "announced",
            "detail": "after two refusals",
        },
        "Approval by Quill Agency; sought; Lumocel; for Rash; adults; announced 2029-03-01; after two refusals",
    ),
}


@pytest.mark.parametrize(("cells", "expected"), EVENTS.values(), ids=EVENTS)
def test_event_in_words(cells: dict[str, Any], expected: str) -> None:
    right = {"kind": "Approval", "product": ("Lumocel",), "status": "sought"}
    assert words(RegulatoryEvent, **right | cells) == expected


@pytest.mark.parametrize("row_type", [Finding, Administration, RegulatoryEvent])
def test_every_word_of_a_row_stands_in_its_words(row_type: type[Record]) -> None:
    """What it is about and what was measured stand beside them, and evidence is no content."""
    beside = {"id", "evidence", "assertion", "standing", "conflict", "as_printed", "about", "measure", "to"}
    texts = {item.name: item.name.upper() for item in columns(row_type) if str(item.type) == "str"}
    amount = {Finding: {"value": Decimal(7)}, Administration: {"dose": Decimal(7)}}.get(row_type, {})
    said = in_words(record(row_type, **texts | amount))
    assert [text for name, text in texts.items() if name not in beside and text not in said] == []
