"""The ten-row world as a dataset, triple by triple, and every way in which a table can mean nothing."""

from __future__ import annotations

from collections import Counter
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import BlankNode, parse
from triples import about, types

from kg.build.builder import build

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Change = Callable[..., Path]
    Build = Callable[..., set[str]]

TRIAL = "NCT90000006,lantern cell product,Alphin,,Fever,Moss Line,Phase 1,2028-07-01,,Recruiting,5,Fern Biologics,{}\n"

# Statements and plain triples


def test_row_of_a_trial_becomes_plain_triples(world: set[str]) -> None:
    assert about(world, "trial/NCT90000001") == {
        "rdf:type kg:ClinicalTrial",
        'rdfs:label "NCT90000001"',
        "kg:investigates product/lumocel",
        "kg:studiesTarget molecule/alphin",
        "kg:studiesTarget molecule/betin",
        'kg:targetLogic "all of"',
        "kg:studiesDisease disease/blue-fever",
        "kg:usesCellSource cell-source/cord-vessel",
        "kg:hasPhase phase/phase-1",
        'kg:firstPosted "2028-01-15"^^xsd:date',
        "kg:hasStatus status/recruiting",
        'kg:enrollment "20"^^xsd:integer',
        "kg:hasSponsor organization/orchid-therapeutics",
        "kg:hasRegistry registry/clinicaltrials-gov",
        "kg:listedAt evidence/mini/table-1-row-1",
    }


STATEMENTS = {
    "stated by a row": (
        "ChiCTR9000000004-firstPosted-2028-05-04",
        'trial/ChiCTR9000000004 kg:firstPosted "2028-05-04"^^xsd:date',
        ("stated", "accepted"),
        {"kg:hasEvidence evidence/mini/table-1-row-4", 'kg:asPrinted "04.05.2028"'},
    ),
    "never enrolled": (
        "ChiCTR9000000004-enrollment-0",
        'trial/ChiCTR9000000004 kg:enrollment "0"^^xsd:integer',
        ("stated", "accepted"),
        {"kg:hasEvidence evidence/mini/table-1-row-4"},
    ),
    "stated, with a derived one of the same triple": (
        "lumocel-carriesModification-betin-knock-out",
        "product/lumocel kg:carriesModification modification/betin-knock-out",
        ("stated", "accepted"),
        {
            "kg:hasEvidence evidence/mini/lumocel",
            "kg:hasEvidence evidence/mini/lumocel-edits",
            'kg:asPrinted "BTN-null"',
        },
    ),
    "derived, with a stated one of the same triple": (
        "lumocel-carriesModification-betin-knock-out-derived",
        "product/lumocel kg:carriesModification modification/betin-knock-out",
        ("derived", "accepted"),
        {"kg:hasEvidence evidence/mini/table-1-row-1"},
    ),
    "accepted reading": (
        "lumocel-developedBy-orchid-therapeutics",
        "product/lumocel kg:developedBy organization/orchid-therapeutics",
        ("stated", "accepted"),
        {
            "kg:hasEvidence evidence/mini/lumocel",
            "kg:partOfConflict conflict/mini/lumocel-developer",
            'kg:asPrinted "Orchid"',
        },
    ),
    "rejected reading": (
        "lumocel-developedBy-fern-biologics",
        "product/lumocel kg:developedBy organization/fern-biologics",
        ("stated", "rejected"),
        {"kg:hasEvidence evidence/mini/footnote", "kg:partOfConflict conflict/mini/lumocel-developer"},
    ),
    "unresolved reading, of a trial's row and of a fact": (
        "NCT90000003-enrollment-8",
        'trial/NCT90000003 kg:enrollment "8"^^xsd:integer',
        ("stated", "unresolved"),
        {
            "kg:hasEvidence evidence/mini/table-1-row-3",
            "kg:hasEvidence evidence/mini/recount",
            "kg:partOfConflict conflict/mini/nct90000003-enrollment",
        },
    ),
    "unresolved reading, of a fact alone": (
        "NCT90000003-enrollment-9",
        'trial/NCT90000003 kg:enrollment "9"^^xsd:integer',
        ("stated", "unresolved"),
        {
            "kg:hasEvidence evidence/mini/recount",
            "kg:partOfConflict conflict/mini/nct90000003-enrollment",
            'kg:asPrinted "nine"',
        },
    ),
    "negation": (
        "umbracel-lacksModification-betin-knock-out",
        "product/umbracel kg:lacksModification modification/betin-knock-out",
        ("stated", "accepted"),
        {"kg:hasEvidence evidence/mini/umbracel"},
    ),
    "spelling variant": (
        "NCT90000003-hasSponsor-orchid-therapeutics",
        "trial/NCT90000003 kg:hasSponsor organization/orchid-therapeutics",
        ("stated", "accepted"),
        {"kg:hasEvidence evidence/mini/table-1-row-3", 'kg:asPrinted "Orchid Therapeutics, Inc."'},
    ),
    "registry, from the form of the id": (
        "jRCT9000000005-hasRegistry-japan-registry-of-clinical-trials-derived",
        "trial/jRCT9000000005 kg:hasRegistry registry/japan-registry-of-clinical-trials",
        ("derived", "accepted"),
        {"kg:hasEvidence evidence/mini/table-1-row-5"},
    ),
    "target of a named product, from two rows": (
        "lumocel-hasTarget-betin-derived",
        "product/lumocel kg:hasTarget molecule/betin",
        ("derived", "accepted"),
        {"kg:hasEvidence evidence/mini/table-1-row-1", "kg:hasEvidence evidence/mini/lumocel"},
    ),
    "cell source of a named product, from two rows": (
        "umbracel-derivedFrom-moss-line-derived",
        "product/umbracel kg:derivedFrom cell-source/moss-line",
        ("derived", "accepted"),
        {"kg:hasEvidence evidence/mini/table-1-row-4", "kg:hasEvidence evidence/mini/umbracel"},
    ),
    "product without a name": (
        "NCT90000002-investigates-nct90000002-product-derived",
        "trial/NCT90000002 kg:investigates product/nct90000002-product",
        ("derived", "accepted"),
        {"kg:hasEvidence evidence/mini/table-1-row-2"},
    ),
    "kind of a product without a name": (
        "nct90000003-product-hasProductKind-lantern-cell-product-derived",
        "product/nct90000003-product kg:hasProductKind product-kind/lantern-cell-product",
        ("derived", "accepted"),
        {"kg:hasEvidence evidence/mini/table-1-row-3"},
    ),
}


@pytest.mark.parametrize(("name", "triple", "how", "rest"), STATEMENTS.values(), ids=STATEMENTS)
def test_statement_has_its_node_and_its_triple_unless_rejected(
    name: str, triple: str, how: tuple[str, str], rest: set[str], world: set[str]
) -> None:
    subject, predicate, value = triple.split(" ", 2)
    assertion, standing = how
    assert about(world, f"statement/mini/{name}") == rest | {
        "rdf:type kg:Sourced",
        "rdf:type kg:Statement",
        f"kg:subject {subject}",
        f"kg:predicate {predicate}",
        f"kg:object {value}",
        f'kg:assertion "{assertion}"',
        f'kg:standing "{standing}"',
    }
    assert (triple in world) == (standing != "rejected")


def test_statements_are_as_many_as_counted_by_hand(world: set[str]) -> None:
    nodes = {triple.split()[0] for triple in world if triple.endswith(" rdf:type kg:Statement")}
    found = Counter(triple.split()[2] for triple in world if " kg:predicate " in triple)
    assert found == {
        "kg:armDefinition": 1,
        "kg:carriesModification": 2,  # the same triple, stated and derived
        "kg:combinesWith": 1,
        "kg:derivedFrom": 3,  # two named products and one without a name
        "kg:developedBy": 2,
        "kg:doesNotDisclose": 3,
        "kg:enrollment": 6,  # five trials, and another reading of one
        "kg:firstPosted": 5,
        "kg:hasDonorType": 1,
        "kg:hasModificationKind": 1,
        "kg:hasPatientsWith": 3,  # one arm has two diseases, one has none
        "kg:hasPhase": 4,
        "kg:hasProductKind": 5,
        "kg:hasRegistry": 5,
        "kg:hasSponsor": 5,
        "kg:hasStatus": 5,
        "kg:hasTarget": 5,  # one stated; two of Lumocel and two of a product without a name
        "kg:investigates": 7,  # five of named products, one of them a curator's link
        "kg:lacksModification": 1,
        "kg:modifies": 1,
        "kg:ofTrial": 3,
        "kg:partOfArm": 1,
        "kg:participants": 3,
        "kg:population": 3,
        "kg:studiesDisease": 6,
        "kg:studiesTarget": 6,
        "kg:targetLogic": 2,
        "kg:usesCellSource": 4,
    }
    assert len(nodes) == found.total() == 94


def test_every_statement_but_the_rejected_is_a_plain_triple(world: set[str]) -> None:
    parts: dict[str, dict[str, str]] = {}
    for subject, predicate, value in (triple.split(" ", 2) for triple in world if triple.startswith("statement/")):
        parts.setdefault(subject, {})[predicate] = value
    absent = {
        name
        for name, said in parts.items()
        if " ".join((said["kg:subject"], said["kg:predicate"], said["kg:object"])) not in world
    }
    assert absent == {"statement/mini/lumocel-developedBy-fern-biologics"}


def test_rows_of_one_statement_merge_their_evidence(change: Change, built: Build, world: set[str]) -> None:
    row = "Lumocel,carries modification,Betin knock-out,footnote,stated,accepted,,BTN minus\n"
    found = built(change("facts", add=row))
    node = "statement/mini/lumocel-carriesModification-betin-knock-out"
    assert found - world == {f"{node} kg:hasEvidence evidence/mini/footnote", f'{node} kg:asPrinted "BTN minus"'}
    assert world <= found


def test_order_of_rows_changes_nothing(change: Change, ontology: Path, mini_dataset: Path) -> None:
    folder = change("facts")
    header, *rows = (folder / "facts.csv").read_text(encoding="utf-8").splitlines()
    (folder / "facts.csv").write_text("\n".join([header, *reversed(rows)]), encoding="utf-8")
    assert build(ontology, [folder]) == mini_dataset.read_bytes()


# What is undisclosed, and how several targets go together


def test_undisclosed_is_said_and_has_no_value(world: set[str]) -> None:
    found = about(world, "trial/NCT90000003")
    assert {triple for triple in found if "Disclose" in triple} == {
        f"kg:doesNotDisclose aspect/{name}" for name in ("cell-source", "phase", "target")
    }
    assert not [triple for triple in found if triple.startswith(("kg:studiesTarget", "kg:usesCell", "kg:hasPhase"))]
    assert not [triple for triple in world if "ndisclosed" in triple and triple.startswith(("trial/", "product/"))]


def test_target_logic_is_said_of_several_targets_alone(world: set[str]) -> None:
    assert {triple for triple in world if triple.startswith("trial/") and "kg:targetLogic" in triple} == {
        'trial/NCT90000001 kg:targetLogic "all of"',
        'trial/NCT90000002 kg:targetLogic "any of"',
    }


# What is derived


def test_label_of_an_unnamed_product_says_what_is_known(world: set[str]) -> None:
    generated = {triple.split()[0] for triple in world if triple.endswith(' kg:hasGeneratedLabel "yes"')}
    labels = {triple.partition(" rdfs:label ")[::2] for triple in world if triple.startswith("product/")}
    assert {pair for pair in labels if pair[0] in generated and pair[1]} == {
        ("product/nct90000002-product", '"Alphin/Gammin lantern cell product from Stem Line (NCT90000002)"'),
        ("product/nct90000003-product", '"lantern cell product (NCT90000003)"'),
    }


LABELS = {
    "no source": ("Alphin; Gammin,any of", ",Stem Line,", "Undisclosed", '"Alphin/Gammin lantern cell product ({})"'),
    "no target": ("Undisclosed,", ",Stem Line,", "Stem Line", '"lantern cell product from Stem Line ({})"'),
}


@pytest.mark.parametrize(("targets", "old", "source", "label"), LABELS.values(), ids=LABELS)
def test_label_of_an_unnamed_product_leaves_out_what_is_not_known(
    targets: str, old: str, source: str, label: str, change: Change, built: Build
) -> None:
    change("trials", "Alphin; Gammin,any of", targets)
    found = built(change("trials", old, f",{source},"))
    assert f"rdfs:label {label.format('NCT90000002')}" in about(found, "product/nct90000002-product")


def test_product_of_a_trial_with_a_named_one_is_not_made_up(world: set[str]) -> None:
    made = {triple.split()[0] for triple in world if triple.startswith("product/") and "-product " in triple}
    assert made == {"product/nct90000002-product", "product/nct90000003-product"}


def test_trial_without_a_kind_of_product_has_none_made_up(change: Change, built: Build) -> None:
    found = built(change("trials", "NCT90000003,lantern cell product", "NCT90000003,"))
    assert not [triple for triple in found if "nct90000003-product" in triple]


def test_unnamed_product_of_a_trial_can_be_spoken_of(change: Change, built: Build) -> None:
    found = built(change("facts", add="product of NCT90000003,has target,Deltin,recount,stated,accepted,,\n"))
    assert "product/nct90000003-product kg:hasTarget molecule/deltin" in found


def test_rejected_naming_of_a_product_keeps_the_unnamed_one(change: Change, built: Build) -> None:
    found = built(change("facts", add="NCT90000002,investigates,Lumocel,footnote,stated,rejected,,\n"))
    investigated = {triple for triple in about(found, "trial/NCT90000002") if "kg:investigates" in triple}
    assert investigated == {"kg:investigates product/nct90000002-product"}


def derived(world: set[str], product: str) -> set[str]:
    """Return the targets and cell sources of a product."""
    known = about(world, f"product/{product}")
    return {triple for triple in known if triple.startswith(("kg:hasTarget", "kg:derivedFrom"))}


def test_named_product_has_targets_and_source_of_its_trial(world: set[str]) -> None:
    assert derived(world, "lumocel") == {
        "kg:hasTarget molecule/alphin",
        "kg:hasTarget molecule/betin",
        "kg:derivedFrom cell-source/cord-vessel",
    }


def test_nothing_is_derived_where_the_document_states_it(world: set[str]) -> None:
    """The trial of Umbracel says Betin, the prose says Gammin."""
    assert derived(world, "umbracel") == {"kg:hasTarget molecule/gammin", "kg:derivedFrom cell-source/moss-line"}


def test_rejected_statement_does_not_stop_a_derivation(change: Change, built: Build) -> None:
    found = built(change("facts", "Gammin,umbracel,claimed,accepted", "Gammin,umbracel,claimed,rejected"))
    assert derived(found, "umbracel") == {"kg:hasTarget molecule/betin", "kg:derivedFrom cell-source/moss-line"}


def test_nothing_is_derived_from_a_trial_of_two_products(change: Change, built: Build) -> None:
    """The last trial investigates Lumocel and Umbracel, is directed at Deltin, and uses Cord Vessel."""
    change("facts", "NCT90000001,investigates,Lumocel,lumocel,stated,accepted,,\n")
    assert derived(built(change("facts")), "lumocel") == set()
    found = built(change("facts", "jRCT9000000005,investigates,Umbracel,umbracel,stated,accepted,,\n"))
    assert derived(found, "lumocel") == {"kg:hasTarget molecule/deltin", "kg:derivedFrom cell-source/cord-vessel"}


def test_undisclosed_target_is_no_target_of_the_product(world: set[str]) -> None:
    assert derived(world, "nct90000003-product") == set()


# Types, vocabularies, the document


TYPES = {
    "combination agent": ("product/glimmerol", {"kg:CombinationAgent", "kg:Product"}),
    "product that is none": ("product/lumocel", {"kg:Product"}),
    "unnamed product": ("product/nct90000003-product", {"kg:Product"}),
    "target": ("molecule/deltin", {"kg:Target", "kg:Molecule", "skos:Concept"}),
    "disease that no trial studies": ("disease/rash", {"kg:Disease", "skos:Concept"}),
    "donor type that nothing has": ("donor-type/autologous", {"kg:DonorType", "skos:Concept"}),
    "organization": ("organization/fern-biologics", {"kg:Organization"}),
    "trial": ("trial/NCT90000003", {"kg:ClinicalTrial"}),
    "evidence": ("evidence/mini/lumocel", {"kg:Evidence"}),
    "conflict": ("conflict/mini/lumocel-developer", {"kg:Conflict"}),
    "document": ("document/mini", {"kg:Document"}),
    "scheme": ("scheme/disease", {"skos:ConceptScheme"}),
}


@pytest.mark.parametrize(("thing", "expected"), TYPES.values(), ids=TYPES)
def test_types_are_closed(thing: str, expected: set[str], world: set[str]) -> None:
    assert types(world, thing) == expected


def test_rejected_statement_gives_no_type(change: Change, built: Build) -> None:
    found = built(change("facts", "glimmerol,glimmerol,planned,accepted", "glimmerol,glimmerol,planned,rejected"))
    assert types(found, "product/glimmerol") == {"kg:Product"}


def test_disease_has_all_that_its_row_says(world: set[str]) -> None:
    assert about(world, "disease/pale-fever") == {
        "rdf:type kg:Disease",
        "rdf:type skos:Concept",
        'rdfs:label "Pale fever"',
        'skos:prefLabel "Pale fever"',
        "skos:broader disease/blue-fever",
        "skos:broader disease/rash",
        "skos:inScheme scheme/disease",
    }
    assert about(world, "disease/fever") >= {
        'skos:definition "A disease with heat."',
        'skos:scopeNote "Holds every fever of this world."',
    }


def test_spelling_variants_are_one_organization(world: set[str]) -> None:
    assert {triple.split()[0] for triple in world if triple.startswith("organization/")} == {
        "organization/fern-biologics",
        "organization/orchid-therapeutics",
        "organization/quill-agency",
    }
    assert about(world, "organization/orchid-therapeutics") == {
        "rdf:type kg:Organization",
        'rdfs:label "Orchid Therapeutics"',
        'skos:altLabel "Orchid Therapeutics, Inc."',
    }
    sponsored = {triple.split()[0] for triple in world if triple.endswith("Sponsor organization/orchid-therapeutics")}
    assert sponsored == {"trial/NCT90000001", "trial/NCT90000002", "trial/NCT90000003"}


SPELLINGS = {
    "label": ("Fern Biologics", False),
    "id": ("fern-biologics", False),
    "case": ("fern biologics", True),
    "blanks": ("Fern   Biologics", True),
    "hyphen": ("Fern-Biologics", True),
}


@pytest.mark.parametrize(("name", "is_printed"), SPELLINGS.values(), ids=SPELLINGS)
def test_spellings_that_need_no_synonym_name_the_same_thing(
    name: str, is_printed: bool, change: Change, built: Build, world: set[str]
) -> None:
    found = built(change("trials", "Completed,12,Fern Biologics", f"Completed,12,{name}"))
    printed = f'statement/mini/jRCT9000000005-hasSponsor-fern-biologics kg:asPrinted "{name}"'
    assert found == world | ({printed} if is_printed else set())


def test_id_names_the_thing_that_its_label_does_not(change: Change, built: Build, world: set[str]) -> None:
    assert built(change("facts", "lacks modification,Betin knock-out", "lacks modification,betin-knock-out")) == world


def test_document_and_evidence_have_all_that_their_rows_say(world: set[str]) -> None:
    assert about(world, "document/mini") == {
        "rdf:type kg:Document",
        'rdfs:label "A ten-row world"',
        'dcterms:issued "2030-01-31"^^xsd:date',
        'kg:dataCutOff "2029-12-31"^^xsd:date',
        'kg:doi "10.0000/mini"',
        'dcterms:creator "Nobody A"',
        'dcterms:creator "Noone B"',
        "dcterms:license https://creativecommons.org/licenses/by/4.0/",
    }
    assert about(world, "evidence/mini/lumocel") == {
        "rdf:type kg:Evidence",
        "kg:fromDocument document/mini",
        'kg:section "Products"',
        'kg:locator "paragraph 1"',
        'kg:startsAt "100"^^xsd:integer',
        'kg:endsAt "126"^^xsd:integer',
        f'kg:sha256 "{sha256(b"Lumocel is made by Orchid.").hexdigest()}"',
    }
    assert about(world, "conflict/mini/lumocel-developer") == {
        "rdf:type kg:Conflict",
        'rdfs:label "Who develops Lumocel?"',
        'kg:resolution "accepted: Orchid Therapeutics"',
        'kg:reason "The prose names Orchid; the footnote is older."',
    }


# The file


def test_lines_are_sorted_unique_and_without_blank_nodes(mini_dataset: Path) -> None:
    lines = mini_dataset.read_bytes().splitlines(keepends=True)
    assert lines == sorted(set(lines))
    assert len(lines) > 1000
    nodes = [node for quad in parse(path=str(mini_dataset)) for node in (quad.subject, quad.object)]
    assert {type(node).__name__ for node in nodes} == {"NamedNode", "Literal"}


def test_ontology_is_part_of_the_dataset(ontology: Path, mini_dataset: Path) -> None:
    """But for axioms with lists, which need blank nodes: a graph with such has other bytes in each run."""
    described = {quad.triple for quad in parse(path=str(ontology))}
    lists = {triple for triple in described if {type(triple.subject), type(triple.object)} & {BlankNode}}
    dataset = {quad.triple for quad in parse(path=str(mini_dataset))}
    assert lists
    assert described - lists < dataset
    assert not lists & dataset


def test_two_builds_are_the_same_bytes(ontology: Path, mini: Path, mini_dataset: Path) -> None:
    assert build(ontology, [mini]) == mini_dataset.read_bytes()


def test_folder_given_twice_changes_nothing(ontology: Path, mini: Path, mini_dataset: Path) -> None:
    assert build(ontology, [mini, mini]) == mini_dataset.read_bytes()


def test_order_of_folders_changes_nothing(ontology: Path, mini: Path, other: Change) -> None:
    second = other(
        molecules="zetin,Zetin,,\n",
        products="lumocel,Lumocel,OL-1,lantern cell product,page-1\n",
        facts="Lumocel,has target,Zetin,page-1,stated,accepted\n",
        trials=TRIAL.format("page-1"),
    )
    assert build(ontology, [mini, second]) == build(ontology, [second, mini])


# Faults

BAD_CELLS = {
    "unknown target, nearest and vocabulary": (
        ("trials", "Deltin", "Delfin"),
        "trials.csv:6: targets: 'Delfin' is no known Molecule; nearest: Deltin; a new one is a row of molecules.csv",
    ),
    "unknown target, none like it": (
        ("trials", "Deltin", "XYZ"),
        "trials.csv:6: targets: 'XYZ' is no known Molecule; a new one is a row of molecules.csv",
    ),
    "unknown disease": (
        ("trials", "Blue fever; Grey rash", "Blue fever; Red rash"),
        "trials.csv:4: diseases: 'Red rash' is no known Disease; nearest: Grey rash, Rash; "
        "a new one is a row of diseases.csv",
    ),
    "unknown cell source": (
        ("trials", "Stem Line", "Stern Line"),
        "trials.csv:4: cell_source: 'Stern Line' is no known CellSource; nearest: Stem Line, Moss Line; "
        "a new one is a row of cell_sources.csv",
    ),
    "unknown phase": (
        ("trials", "Moss Line,Phase 2", "Moss Line,Phase 22"),
        "trials.csv:2: phase: 'Phase 22' is no known Phase; nearest: Phase 2, Phase 1; "
        "a new one is a row of phases.csv",
    ),
    "unknown status": (
        ("trials", "Withdrawn", "Withdrew"),
        "trials.csv:2: status: 'Withdrew' is no known TrialStatus; nearest: Withdrawn; "
        "a new one is a row of statuses.csv",
    ),
    "unknown sponsor": (
        ("trials", "Completed,12,Fern Biologics", "Completed,12,Fern"),
        "trials.csv:6: sponsor: 'Fern' is no known Organization; a new one is a row of organizations.csv",
    ),
    "unknown kind of product": (
        ("products", "small molecule", "small molecules"),
        "products.csv:2: kind: 'small molecules' is no known ProductKind; nearest: small molecule; "
        "a new one is a row of product_kinds.csv",
    ),
    "unknown broader concept": (
        ("diseases", "Blue fever; Rash", "Blue fever; Rush"),
        "diseases.csv:5: broader: 'Rush' is no known Disease; nearest: Rash; a new one is a row of diseases.csv",
    ),
    "logic without several targets": (
        ("trials", "Deltin,", "Deltin,all of"),
        "trials.csv:6: target_logic: expected for several targets, empty for a single one",
    ),
    "several targets without logic": (
        ("trials", "any of", ""),
        "trials.csv:4: target_logic: expected for several targets, empty for a single one",
    ),
    "unknown property": (
        ("facts", "lacks modification", "lack modification"),
        "facts.csv:15: property: 'lack modification' is no property of the ontology; nearest: lacks modification, "
        "carries modification, has modification kind",
    ),
    "unknown subject": (
        ("facts", "Umbracel,lacks", "Umbrasel,lacks"),
        "facts.csv:15: subject: 'Umbrasel' is no known Product; nearest: Umbracel; a new one is a row of products.csv",
    ),
    "subject of another class": (
        ("facts", "Umbracel,lacks", "NCT90000002,lacks"),
        "facts.csv:15: subject: 'NCT90000002' is no known Product; a new one is a row of products.csv",
    ),
    "value of another class": (
        ("facts", "Umbracel,lacks modification,Betin knock-out", "Umbracel,lacks modification,Alphin"),
        "facts.csv:15: value: 'Alphin' is no known GeneticModification; a new one is a row of modifications.csv",
    ),
    "value that is no integer": (
        ("facts", "enrollment,9,", "enrollment,nine,"),
        "facts.csv:12: value: 'nine' is not a whole number; expected digits alone",
    ),
    "value that is no date": (
        ("facts", "enrollment,9,", "first posted,2028-02-30,"),
        "facts.csv:12: value: '2028-02-30' is not a date: day is out of range for month; "
        "expected a day such as 2024-10-25",
    ),
    "unknown conflict": (
        ("facts", "accepted,lumocel-developer", "accepted,lumocel-maker"),
        "facts.csv:8: conflict: 'lumocel-maker' is no row of conflicts.csv; nearest: lumocel-developer",
    ),
    "unknown conflict, none like it": (
        ("facts", "accepted,lumocel-developer", "accepted,x"),
        "facts.csv:8: conflict: 'x' is no row of conflicts.csv; add it to conflicts.csv",
    ),
    "unknown evidence of a fact": (
        ("facts", "glimmerol,glimmerol,planned", "glimmerol,glimmerrol,planned"),
        "facts.csv:10: evidence: 'glimmerrol' is no row of evidence.csv; nearest: glimmerol",
    ),
    "unknown evidence of a product": (
        ("products", "small molecule,glimmerol", "small molecule,xyz"),
        "products.csv:2: evidence: 'xyz' is no row of evidence.csv; add it to evidence.csv",
    ),
    "one of two places unknown": (
        ("facts", "table-1-row-3; recount", "table-1-row-3; count"),
        "facts.csv:11: evidence: 'count' is no row of evidence.csv; nearest: recount",
    ),
    "name of two things of a class": (
        ("molecules", "Gammin,,", "Gammin,BTN,"),
        "molecules.csv:5: 'BTN' already names https://w3id.org/immunokg/molecule/betin (mini/molecules.csv:3); "
        "expected a name of its own",
    ),
    "name in other case of two things of a class": (
        ("molecules", "Gammin,,", "Gammin,ALPHIN,"),
        "molecules.csv:5: 'ALPHIN' already names https://w3id.org/immunokg/molecule/alphin (mini/molecules.csv:2); "
        "expected a name of its own",
    ),
}


@pytest.mark.parametrize(("cell", "fault"), BAD_CELLS.values(), ids=BAD_CELLS)
def test_bad_cell_is_a_fault_of_its_line(
    cell: tuple[str, str, str], fault: str, change: Change, faults: Callable[..., list[str]]
) -> None:
    assert faults(change(*cell)) == [f"mini/{fault}"]


def test_name_of_three_things_is_two_faults_that_name_the_first(
    change: Change, faults: Callable[..., list[str]]
) -> None:
    first = "https://w3id.org/immunokg/molecule/betin (mini/molecules.csv:3)"
    taken = f"'BTN' already names {first}; expected a name of its own"
    change("molecules", "Deltin,,", "Deltin,BTN,")
    assert faults(change("molecules", "Gammin,,", "Gammin,BTN,")) == [
        f"mini/molecules.csv:4: {taken}",
        f"mini/molecules.csv:5: {taken}",
    ]


def test_name_of_things_of_two_classes_is_no_fault(change: Change, built: Build) -> None:
    found = built(change("molecules", "Gammin,,", "Gammin,Fern Biologics,"))
    assert 'molecule/gammin skos:altLabel "Fern Biologics"' in found


def test_statement_of_two_standings_is_a_fault(change: Change, faults: Callable[..., list[str]]) -> None:
    row = "Lumocel,developed or made by,Fern Biologics,footnote,stated,unresolved,lumocel-developer,\n"
    assert faults(change("facts", add=row)) == ["mini/facts.csv:18: standing: unresolved here, rejected in another row"]


def test_two_statements_of_one_iri_are_a_fault(change: Change, faults: Callable[..., list[str]]) -> None:
    folder = change("facts", add="NCT90000001,target logic,all-of,recount,inferred,accepted,,\n")
    shared = "https://w3id.org/immunokg/statement/mini/NCT90000001-targetLogic-all-of-inferred"
    assert faults(folder) == [f"mini/facts.csv:18: another statement has the IRI {shared} already; change an id"]


def test_faults_of_form_and_of_meaning_are_told_at_once(change: Change, faults: Callable[..., list[str]]) -> None:
    change("trials", "Deltin", "Delfin")
    change("trials", "2028-06-30", "2028-06-31")
    change("facts", "Umbracel,lacks", "Umbrasel,lacks")
    change("facts", "table-1-row-3; recount", "table-1-row-3; count")
    change("evidence", "recount,Enrollment", "recount,")
    assert faults(change("organizations", add="fern-biologics,Fern,,,,\n")) == [
        "mini/evidence.csv:6: section: is empty; expected the heading, table or figure",
        "mini/facts.csv:11: evidence: 'count' is no row of evidence.csv; nearest: recount",
        "mini/facts.csv:15: subject: 'Umbrasel' is no known Product; nearest: Umbracel; "
        "a new one is a row of products.csv",
        "mini/organizations.csv:5: id 'fern-biologics' is already on line 2; expected an id of its own",
        "mini/trials.csv:6: first_posted: '2028-06-31' is not a date: day is out of range for month; "
        "expected a day such as 2024-10-25",
        "mini/trials.csv:6: targets: 'Delfin' is no known Molecule; nearest: Deltin; "
        "a new one is a row of molecules.csv",
    ]


# A second folder over the first


def test_new_target_of_a_second_folder_is_known(mini: Path, other: Change, built: Build, world: set[str]) -> None:
    second = other(molecules="zetin,Zetin,ZTN,Alphin\n", trials=TRIAL.replace("Alphin", "ZTN").format("page-1"))
    found = built(mini, second)
    assert world <= found
    assert "trial/NCT90000006 kg:studiesTarget molecule/zetin" in found
    assert "product/nct90000006-product kg:hasTarget molecule/zetin" in found
    assert "molecule/zetin skos:broader molecule/alphin" in found
    assert types(found, "molecule/zetin") == {"kg:Target", "kg:Molecule", "skos:Concept"}
    assert about(found, "statement/other/NCT90000006-studiesTarget-zetin") >= {
        "kg:hasEvidence evidence/other/page-1",
        'kg:asPrinted "ZTN"',
    }


def test_first_folder_may_use_names_of_the_second(change: Change, other: Change, built: Build) -> None:
    found = built(change("trials", "Deltin", "Zetin"), other(molecules="zetin,Zetin,,\n"))
    assert "trial/jRCT9000000005 kg:studiesTarget molecule/zetin" in found


def test_fault_of_a_second_folder_names_its_table(mini: Path, other: Change, faults: Callable[..., list[str]]) -> None:
    second = other(trials=TRIAL.format("lumocel"))
    assert faults(mini, second) == [
        "other/trials.csv:2: evidence: 'lumocel' is no row of evidence.csv; add it to evidence.csv"
    ]


def test_name_taken_in_another_folder_is_a_fault_that_names_the_first(
    mini: Path, other: Change, faults: Callable[..., list[str]]
) -> None:
    second = other(organizations='orchid,Orchid,"Orchid Therapeutics, Inc."\n')
    assert faults(mini, second) == [
        "other/organizations.csv:2: 'Orchid Therapeutics, Inc.' already names "
        f"https://w3id.org/immunokg/organization/orchid-therapeutics ({mini}/organizations.csv:3); "
        "expected a name of its own"
    ]


def test_product_of_two_documents_is_one_thing(mini: Path, other: Change, built: Build, world: set[str]) -> None:
    second = other(
        products="lumocel,Lumocel,OL-1,lantern cell product,page-1\n",
        facts="OL-1,has target,Deltin,page-1,stated,accepted\n",
    )
    found = built(mini, second)
    assert world <= found
    assert about(found, "product/lumocel") - about(world, "product/lumocel") == {
        'skos:altLabel "OL-1"',
        "kg:hasTarget molecule/deltin",
    }
    kinds = {triple.split()[0] for triple in found if "/lumocel-hasProductKind-" in triple}
    assert kinds == {f"statement/{name}/lumocel-hasProductKind-lantern-cell-product" for name in ("mini", "other")}


def test_naming_of_a_product_keeps_the_unnamed_one_of_another_document(
    mini: Path, other: Change, built: Build, world: set[str]
) -> None:
    second = other(
        products="thirdcel,Thirdcel,,lantern cell product,page-1\n",
        facts="NCT90000002,investigates,Thirdcel,page-1,stated,accepted\n",
    )
    found = built(mini, second)
    assert world <= found
    assert {triple for triple in about(found, "trial/NCT90000002") if "kg:investigates" in triple} == {
        "kg:investigates product/nct90000002-product",
        "kg:investigates product/thirdcel",
    }


def test_document_derives_nothing_from_rows_of_another(mini: Path, other: Change, built: Build) -> None:
    """The second document says that Thirdcel is investigated, the first what the trial is directed at."""
    second = other(
        products="thirdcel,Thirdcel,,,page-1\n",
        facts="NCT90000002,investigates,Thirdcel,page-1,stated,accepted\n",
    )
    assert derived(built(mini, second), "thirdcel") == set()
