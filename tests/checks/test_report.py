"""What `kg validate` prints: the row that is to be mended, and a SHACL report that other tools read."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pyshacl
import pytest
import rdflib
from rdflib import RDF, SH

from kg.build.builder import build, build_shipped
from kg.checks.report import Violation, to_turtle
from kg.cli.main import main
from kg.paths import shipped_dataset

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("shipped_places")
FAULTY = """\
@prefix kg: <https://w3id.org/immunokg/ontology/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<https://w3id.org/immunokg/ontology> owl:versionInfo "0.1.0" .
<https://w3id.org/immunokg/trial/NCT05182073> a kg:ClinicalTrial ; rdfs:label "NCT05182073" ; kg:enrollment -1 .
<https://w3id.org/immunokg/product/ft576> a kg:Product, kg:Vector ; rdfs:label "FT576" .
"""


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    path = tmp_path / "faulty.ttl"
    path.write_text(FAULTY, encoding="utf-8")
    return path


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, str]]:
    assert main(["validate", *arguments]) == 1
    return list(csv.DictReader(io.StringIO(capsys.readouterr().out)))


def test_row_of_a_thing_is_named(faulty: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = {row["rule"]: row["row"] for row in printed(capsys, "--data", str(faulty), "--format", "csv")}
    assert rows["things_of_two_kinds"].rpartition(":")[0].endswith("car-nk-landscape-2025/products.csv")


def test_row_of_a_value_is_named_if_it_says_that_value(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The enrollment of the shipped trial is 31, so a row is to blame for that and not for -1."""
    text = shipped_dataset().read_text(encoding="utf-8")
    lines = [line for line in text.splitlines(keepends=True) if "NCT05182073" in line or "versionInfo" in line]
    for value, ending in ((-1, ""), (31, "trials.csv")):
        path = tmp_path / f"{value}.nt"
        enrollment = "trial/NCT05182073> <https://w3id.org/immunokg/ontology/enrollment>"
        (old,) = (line for line in lines if enrollment in line)
        datatype = "decimal" if value == 31 else "integer"
        new = (
            f'{old.partition(" ")[0]} {old.split(" ")[1]} "{value}"^^<http://www.w3.org/2001/XMLSchema#{datatype}> .\n'
        )
        statements = [
            line.replace(
                '"31"^^<http://www.w3.org/2001/XMLSchema#integer>',
                f'"31"^^<http://www.w3.org/2001/XMLSchema#{datatype}>',
            )
            for line in lines
            if line != old and "NCT05182073-enrollment" in line
        ]
        others = [line for line in lines if line != old and "NCT05182073-enrollment" not in line]
        path.write_text("".join([*others, *statements, new]), encoding="utf-8")
        rows = printed(capsys, "--data", str(path), "--format", "csv")
        (row,) = (row for row in rows if row["rule"] == "ClinicalTrialShape-enrollment")
        assert row["row"].rpartition(":")[0].endswith(ending)


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """Return a folder of tables with a circle in a hierarchy and a trial with two statuses."""
    folder = tmp_path / "mine"
    folder.mkdir()
    tables = {
        "diseases": "id,label,broader\nring,Ring,Rung\nrung,Rung,Ring\n",
        "document": "id,title,published\nmine,My notes,2031-01-31\n",
        "evidence": "id,section,locator\npage-1,Page 1,paragraph 1\n",
        "facts": "subject,property,value,evidence,assertion,standing\n"
        "NCT05194709,has status,Completed,page-1,stated,accepted\n",
    }
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def test_row_named_is_one_of_the_tables_given(
    mine: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "data.nt"
    data.write_bytes(build_shipped([mine]))
    monkeypatch.chdir(tmp_path)
    rows = printed(capsys, "--data", str(data), "--tables", "mine", "--format", "csv")
    found = {(row["rule"], row["focus"].rpartition("/")[2]): row["row"] for row in rows}
    assert found["broader_cycles", "ring"] == "mine/diseases.csv:2"
    assert found["broader_cycles", "rung"] == "mine/diseases.csv:3"
    assert found["trials_with_two_values", "NCT05194709"].partition(":")[0].endswith("trials.csv")
    assert len(found) == 3


def test_turtle_is_a_report_of_shacl(faulty: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["validate", "--data", str(faulty), "--format", "turtle"]) == 1
    out, err = capsysbinary.readouterr()
    report = rdflib.Graph().parse(data=out, format="turtle")
    results = list(report.subjects(RDF.type, SH.ValidationResult))
    assert err.decode() == f"{len(results)} violations\n"
    assert report.value(predicate=RDF.type, object=SH.ValidationReport)
    (wrong,) = (node for node in results if str(report.value(node, SH.sourceShape)).endswith("Shape-enrollment"))
    assert report.value(wrong, SH.focusNode) == rdflib.URIRef("https://w3id.org/immunokg/trial/NCT05182073")
    assert report.value(wrong, SH.resultPath) == rdflib.URIRef("https://w3id.org/immunokg/ontology/enrollment")
    assert report.value(wrong, SH.value) == rdflib.Literal(-1)
    assert report.value(wrong, SH.sourceConstraintComponent) == SH.MinInclusiveConstraintComponent
    rules = {str(report.value(node, SH.sourceConstraint)).rpartition("/")[2] for node in results}
    assert "things_of_two_kinds" in rules


def test_turtle_of_a_sound_dataset_conforms(mini_dataset: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["validate", "--data", str(mini_dataset), "--format", "turtle"]) == 0
    out, err = capsysbinary.readouterr()
    report = rdflib.Graph().parse(data=out, format="turtle")
    assert [bool(value) for value in report.objects(predicate=SH.conforms)] == [True]
    assert err == b"no fault\n"


def test_report_is_as_shacl_defines_it(faulty: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    """Each result has what section 3.6.2 of the specification demands once: focus, component, severity."""
    main(["validate", "--data", str(faulty), "--format", "turtle"])
    report = rdflib.Graph().parse(data=capsysbinary.readouterr().out, format="turtle")
    shapes = """
    @prefix sh: <http://www.w3.org/ns/shacl#> .
    <urn:shape> a sh:NodeShape ; sh:targetClass sh:ValidationResult ;
        sh:property [ sh:path sh:focusNode ; sh:minCount 1 ; sh:maxCount 1 ] ,
            [ sh:path sh:sourceConstraintComponent ; sh:minCount 1 ; sh:maxCount 1 ; sh:nodeKind sh:IRI ] ,
            [ sh:path sh:resultSeverity ; sh:minCount 1 ; sh:maxCount 1 ; sh:in ( sh:Violation sh:Warning ) ] ,
            [ sh:path sh:resultMessage ; sh:minCount 1 ] .
    """
    valid, _, text = pyshacl.validate(report, shacl_graph=rdflib.Graph().parse(data=shapes, format="turtle"))
    assert valid, text


@pytest.mark.parametrize("focus", ["a literal <with> signs", "", "urn:x y", "_:b0"])
def test_focus_that_is_no_iri_does_not_break_the_report(focus: str) -> None:
    report = to_turtle([Violation("rule", focus, "message", value='"a \\"quoted\\" line\\n"')])
    assert rdflib.Graph().parse(data=report, format="turtle")


def test_same_violations_give_the_same_bytes() -> None:
    two = [Violation("b", "urn:b", "message"), Violation("a", "urn:a", "message")]
    assert to_turtle(two) == to_turtle(two[::-1]) == to_turtle([*two, two[0]])


def test_tables_that_cannot_be_built_are_told(faulty: Path, mine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (mine / "diseases.csv").write_text("id,label\nRing,Ring\n", encoding="utf-8")
    assert main(["validate", "--data", str(faulty), "--tables", str(mine)]) == 1
    out, err = capsys.readouterr()
    assert not out
    assert err.startswith(f"{mine}/diseases.csv:2: id: 'Ring' is not an id")


def test_warning_is_no_fault(
    change: Callable[..., Path], ontology: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Another organization, Fern Biologics, sponsors the trial of a company's product."""
    tables = change("facts", add="Umbracel,developed or made by,Orchid Therapeutics,umbracel,stated,accepted,,\n")
    path = tmp_path / "data.nt"
    path.write_bytes(build(ontology, [tables]))
    assert main(["validate", "--data", str(path), "--format", "csv"]) == 0
    out, err = capsys.readouterr()
    (row,) = csv.DictReader(io.StringIO(out))
    assert (row["severity"], row["rule"]) == ("warning", "sponsors_unlike_developers")
    assert err == "1 warning\n"


@pytest.mark.parametrize("content", ["", "<urn:a> <urn:b> <urn:c> ."], ids=["empty", "of something else"])
def test_dataset_without_the_ontology_is_not_called_sound(
    content: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "data.nt").write_text(content, encoding="utf-8")
    assert main(["validate", "--data", str(tmp_path / "data.nt")]) == 1
    assert capsys.readouterr().err.startswith("kg: the dataset holds no ImmunoKG ontology")


@pytest.mark.parametrize("further", [[], ["--data", "DATA", "--format", "turtle"]], ids=["no data", "a report"])
def test_tables_are_refused_where_they_name_nothing(
    further: list[str], faulty: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = [str(faulty) if word == "DATA" else word for word in further]
    assert main(["validate", "--tables", "mine", *arguments]) == 2
    assert "expected it with --data alone" in capsys.readouterr().err
