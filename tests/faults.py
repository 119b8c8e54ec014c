"""Small faults as curators and programs make them, planted in the shipped tables or in the dataset.

A kind of fault is a function that changes one thing, chosen by a seeded generator. It returns what
became of it: a file of the tables, or lines of the dataset. The dataset is never at fault itself, so
whatever a check then complains of, it complains of the fault.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from kg.model.iris import BASE, KG, PREFIXES
from kg.paths import data_folder, shipped_dataset

if TYPE_CHECKING:
    from random import Random

__all__ = ["KINDS", "Fault", "Kind"]

REVIEW = "graphs/sources/car-nk-landscape-2025"
NKTR = "graphs/sources/nktr-214-phase-1-2019"
VOCABULARY = "ontology/vocabulary"
MAPPINGS = "ontology/mappings.sssom.tsv"
Row = dict[str, str]


class Fault(NamedTuple):
    """A fault: a file of the tables as it is then, or lines of the dataset that go and come."""

    what: str
    files: tuple[tuple[str, bytes], ...] = ()
    gone: frozenset[str] = frozenset()
    come: frozenset[str] = frozenset()


@dataclass
class Kind:
    """A kind of fault: how to make one, and how many are made."""

    name: str
    make: Callable[[Random], Fault]
    count: int
    uncaught: str = field(default="")  # why no check can catch it, if none can


KINDS: list[Kind] = []


def kind(name: str, count: int = 3, uncaught: str = "") -> Callable[[Callable[[Random], Fault]], object]:
    def register(make: Callable[[Random], Fault]) -> object:
        KINDS.append(Kind(name, make, count, uncaught))
        return make

    return register


# The tables


@cache
def shipped(path: str) -> bytes:
    folder, _, rest = path.partition("/")
    return (data_folder(folder) / rest).read_bytes()


def rows(path: str) -> list[Row]:
    return list(csv.DictReader(io.StringIO(shipped(path).decode())))


def written(path: str, table: list[Row]) -> tuple[tuple[str, bytes], ...]:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(table[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(table)
    return ((path, out.getvalue().encode()),)


def changed(path: str, pick: Callable[[Row], bool], rng: Random, **cells: str | Callable[[str], str]) -> Fault:
    """Change cells of one row that is picked."""
    table = rows(path)
    row = rng.choice([row for row in table if pick(row)])
    for column, value in cells.items():
        row[column] = value if isinstance(value, str) else value(row[column])
    name = row.get("id") or f"{row['subject']} {row['property']} {row['value']}"
    return Fault(f"{path.rpartition('/')[2]}: {name}: {', '.join(cells)}", written(path, table))


def listed() -> list[Row]:
    return rows(f"{REVIEW}/trials.csv")


def named_trials() -> set[str]:
    facts = rows(f"{REVIEW}/facts.csv")
    return {row["subject"] for row in facts if row["property"] == "investigates" and row["standing"] == "accepted"}


@kind("two trial ids swapped")
def swapped_ids(rng: Random) -> Fault:
    table = listed()
    one, other = rng.sample([row for row in table if row["id"].startswith("NCT")], 2)
    one["id"], other["id"] = other["id"], one["id"]
    return Fault(f"{one['id']} and {other['id']}", written(f"{REVIEW}/trials.csv", table))


@kind("evidence missing")
def missing_evidence(rng: Random) -> Fault:
    path = rng.choice([f"{REVIEW}/facts.csv", f"{NKTR}/findings.csv", f"{REVIEW}/trials.csv", f"{NKTR}/arms.csv"])
    return changed(path, lambda row: True, rng, evidence="")


@kind("evidence that is not there")
def unknown_evidence(rng: Random) -> Fault:
    return changed(f"{REVIEW}/facts.csv", lambda row: True, rng, evidence=lambda text: text + "9")


@kind("count above its denominator")
def impossible_count(rng: Random) -> Fault:
    def larger(text: str) -> str:
        return str(int(text) + 100)

    return changed(f"{NKTR}/findings.csv", lambda row: bool(row["count"] and row["out_of"]), rng, count=larger)


@kind("share unlike its percentage")
def wrong_percentage(rng: Random) -> Fault:
    def far(text: str) -> str:
        return str(int(float(text)) + 30)

    def shown(row: Row) -> bool:
        return bool(row["unit"] == "%" and row["value"] and row["count"] and row["out_of"] and not row["conflict"])

    return changed(f"{NKTR}/findings.csv", shown, rng, value=far)


@kind("concept that no vocabulary has")
def unknown_concept(rng: Random) -> Fault:
    column = rng.choice(["diseases", "targets", "cell_source", "sponsor", "phase", "status"])
    return changed(f"{REVIEW}/trials.csv", lambda row: row[column] != "Undisclosed", rng, **{column: misspelt})


def misspelt(text: str) -> str:
    return text[:-1] + ("x" if text[-1] != "x" else "y")


@kind("circle in a hierarchy")
def circle(rng: Random) -> Fault:
    table = rows(f"{VOCABULARY}/diseases.csv")
    row = rng.choice([row for row in table if row["broader"]])
    above = next(other for other in table if other["label"] == row["broader"].split(";")[0].strip())
    above["broader"] = row["label"]
    return Fault(f"{above['label']} below {row['label']}", written(f"{VOCABULARY}/diseases.csv", table))


@kind("concept under a wrong one")
def misplaced(rng: Random) -> Fault:
    table = rows(f"{VOCABULARY}/diseases.csv")
    studied = "; ".join(row["diseases"] for row in listed())
    row = rng.choice([row for row in table if row["broader"] == "Solid cancer" and row["label"] in studied])
    row["broader"] = rng.choice(["Autoimmune disease", "Hematologic cancer", "Infectious disease"])
    return Fault(f"{row['label']} below {row['broader']}", written(f"{VOCABULARY}/diseases.csv", table))


@kind("two sponsors merged")
def merged_sponsors(rng: Random) -> Fault:
    table = rows(f"{VOCABULARY}/organizations.csv")
    sponsors = {row["sponsor"] for row in listed()}
    kept, gone = rng.sample([row for row in table if row["label"] in sponsors], 2)
    kept["synonyms"] = "; ".join(filter(None, [kept["synonyms"], gone["label"], gone["synonyms"]]))
    table.remove(gone)
    return Fault(f"{gone['label']} into {kept['label']}", written(f"{VOCABULARY}/organizations.csv", table))


@kind("cells shifted by a column")
def shifted(rng: Random) -> Fault:
    path = rng.choice([f"{REVIEW}/trials.csv", f"{REVIEW}/facts.csv", f"{NKTR}/findings.csv"])
    table = rows(path)
    row = rng.choice(table)
    names = list(row)
    start = rng.randrange(1, len(names) // 2)
    cells = [row[name] for name in names]
    cells = [*cells[:start], "", *cells[start:-1]]
    row.update(zip(names, cells, strict=True))
    return Fault(f"{path.rpartition('/')[2]}: {cells[0]} from {names[start]} on", written(path, table))


@kind("label of another concept")
def label_clash(rng: Random) -> Fault:
    path = f"{VOCABULARY}/{rng.choice(['diseases', 'molecules', 'organizations', 'modifications', 'measures'])}.csv"
    table = rows(path)
    one, other = rng.sample(table, 2)
    one["label"] = other["label"]
    return Fault(f"{one['id']} called {other['label']}", written(path, table))


@kind("date out of range")
def wrong_date(rng: Random) -> Fault:
    def later(text: str) -> str:
        return f"{int(text[:4]) + 9}{text[4:]}"

    def earlier(text: str) -> str:
        return f"1{text[1:]}"

    def no_day(text: str) -> str:
        return f"{text[:8]}32"

    def turned(text: str) -> str:
        return "/".join(reversed(text.split("-")))

    how = rng.choice([later, earlier, no_day, turned])
    return changed(f"{REVIEW}/trials.csv", lambda row: True, rng, first_posted=how)


@kind("knock-out told as a knock-in")
def knocked_in(rng: Random) -> Fault:
    def is_knock_out(row: Row) -> bool:
        return row["property"] == "has modification kind" and row["value"] == "knock-out"

    return changed(f"{REVIEW}/facts.csv", is_knock_out, rng, value="knock-in")


@kind("conflict lost")
def lost_conflict(rng: Random) -> Fault:
    table = rows(f"{REVIEW}/conflicts.csv")
    row = rng.choice(table)
    if rng.random() < 0.5:
        table.remove(row)
        return Fault(f"conflicts.csv without {row['id']}", written(f"{REVIEW}/conflicts.csv", table))
    return changed(f"{REVIEW}/facts.csv", lambda fact: bool(fact["conflict"]), rng, conflict="")


@kind("side of a conflict lost")
def lost_side(rng: Random) -> Fault:
    table = rows(f"{REVIEW}/facts.csv")
    row = rng.choice([row for row in table if row["standing"] in ("rejected", "unresolved")])
    table.remove(row)
    return Fault(f"{row['subject']} {row['property']} {row['value']}", written(f"{REVIEW}/facts.csv", table))


@kind("rejected reading accepted")
def accepted(rng: Random) -> Fault:
    return changed(f"{REVIEW}/facts.csv", lambda row: row["standing"] == "rejected", rng, standing="accepted")


@kind("text read in a wrong encoding")
def wrong_encoding(rng: Random) -> Fault:
    def mangled(text: str) -> str:
        return text.encode().decode("cp1252", errors="replace")

    path = rng.choice([f"{VOCABULARY}/molecules.csv", f"{VOCABULARY}/diseases.csv", f"{REVIEW}/facts.csv"])
    column = "value" if path.endswith("facts.csv") else "synonyms"
    return changed(path, lambda row: any(ord(sign) > 127 for sign in row[column]), rng, **{column: mangled})


@kind("file saved in a wrong encoding")
def wrong_file(rng: Random) -> Fault:
    path = rng.choice([f"{VOCABULARY}/molecules.csv", f"{VOCABULARY}/diseases.csv", f"{REVIEW}/findings.csv"])
    content = shipped(path).decode().encode("utf-16" if rng.random() < 0.5 else "cp1252", "replace")
    return Fault(path, ((path, content),))


@kind("subject of another class")
def wrong_subject(rng: Random) -> Fault:
    def of_product(row: Row) -> bool:
        return row["property"] in ("carries modification", "derived from", "has target")

    return changed(
        f"{REVIEW}/facts.csv", of_product, rng, subject=rng.choice(["NCT05182073", "Multiple Myeloma", "BCMA"])
    )


@kind("number that is none")
def no_number(rng: Random) -> Fault:
    text = rng.choice(["many", "12.5", "-4", "1e3", "12 (est.)"])
    return changed(f"{REVIEW}/trials.csv", lambda row: True, rng, enrollment=text)


@kind("number mistyped")
def mistyped(rng: Random) -> Fault:
    return changed(
        f"{REVIEW}/trials.csv", lambda row: len(row["enrollment"]) > 1, rng, enrollment=lambda text: text + "0"
    )


@kind("target of another trial")
def wrong_target(rng: Random) -> Fault:
    def single(row: Row) -> bool:
        return row["targets"] in ("CD19", "BCMA", "HER2", "NKG2DL")

    return changed(f"{REVIEW}/trials.csv", single, rng, targets=rng.choice(["PSMA", "CD70", "TROP2"]))


@kind("cell source of another product")
def wrong_source(rng: Random) -> Fault:
    named = named_trials()
    return changed(f"{REVIEW}/trials.csv", lambda row: row["id"] in named, rng, cell_source="hESC")


@kind("sponsor of another trial")
def wrong_sponsor(rng: Random) -> Fault:
    return changed(f"{REVIEW}/trials.csv", lambda row: "Takeda" not in row["sponsor"], rng, sponsor="Takeda")


@kind("id used twice")
def double_id(rng: Random) -> Fault:
    path = rng.choice(
        [f"{REVIEW}/trials.csv", f"{REVIEW}/evidence.csv", f"{NKTR}/findings.csv", f"{VOCABULARY}/diseases.csv"]
    )
    table = rows(path)
    one, other = rng.sample(table, 2)
    one["id"] = other["id"]
    return Fault(f"{path.rpartition('/')[2]}: {other['id']}", written(path, table))


@kind("row lost")
def lost_row(rng: Random) -> Fault:
    path = rng.choice(
        [f"{REVIEW}/trials.csv", f"{VOCABULARY}/molecules.csv", f"{REVIEW}/products.csv", f"{NKTR}/arms.csv"]
    )
    table = rows(path)
    row = rng.choice(table)
    table.remove(row)
    return Fault(f"{path.rpartition('/')[2]}: {row['id']}", written(path, table))


@kind("passage that ends before it starts")
def turned_passage(rng: Random) -> Fault:
    return changed(f"{REVIEW}/evidence.csv", lambda row: True, rng, end="1")


@kind("hash that is none", count=3)
def no_hash(rng: Random) -> Fault:
    return changed(f"{REVIEW}/evidence.csv", lambda row: True, rng, sha256=lambda text: text.upper()[:-1])


@kind(
    "hash of another passage",
    count=3,
    uncaught="only the text of the document can tell: `kg sources check --documents DIR` finds the passage missing",
)
def wrong_hash(rng: Random) -> Fault:
    return changed(f"{REVIEW}/evidence.csv", lambda row: True, rng, sha256=lambda text: text[::-1])


@kind(
    "value of a fact replaced by a like one",
    count=3,
    uncaught="nothing else in the graph says it: a second curator, who has not seen the row, finds it",
)
def like_value(rng: Random) -> Fault:
    def purpose(row: Row) -> bool:
        return row["property"] == "has purpose" and row["standing"] == "accepted" and row["value"] != "persistence"

    return changed(f"{REVIEW}/facts.csv", purpose, rng, value="persistence")


@kind("firmness or standing misspelt")
def wrong_firmness(rng: Random) -> Fault:
    column = rng.choice(["assertion", "standing"])
    return changed(f"{REVIEW}/facts.csv", lambda row: True, rng, **{column: misspelt})


@kind("finding of other patients")
def wrong_arm(rng: Random) -> Fault:
    arms = {row["id"]: row["label"] for row in rows(f"{NKTR}/arms.csv")}
    table = rows(f"{NKTR}/findings.csv")
    row = rng.choice(
        [row for row in table if row["measure"] == "adverse event" and row["count"] and row["out_of"] == "11"]
    )
    row["about"] = next(label for label in arms.values() if "0.003" in label)
    return Fault(row["id"], written(f"{NKTR}/findings.csv", table))


@kind("unit that is none")
def wrong_unit(rng: Random) -> Fault:
    return changed(
        f"{NKTR}/findings.csv", lambda row: bool(row["unit"]), rng, unit=rng.choice(["percent", "mg", "pts"])
    )


@kind("ends of a range turned", count=3)
def turned_range(rng: Random) -> Fault:
    return changed(f"{NKTR}/findings.csv", lambda row: bool(row["upper"]), rng, lower="99999")


@kind("mapping of a thing that is not there", count=3)
def lost_mapping(rng: Random) -> Fault:
    text = shipped(MAPPINGS).decode()
    line = rng.choice([line for line in text.splitlines() if line.startswith("immunokg:disease/")])
    return Fault(line.split("\t")[0], ((MAPPINGS, text.replace(line, line.replace("\t", "x\t", 1)).encode()),))


@kind("mapping to two terms of a vocabulary", count=3)
def double_mapping(rng: Random) -> Fault:
    lines = shipped(MAPPINGS).decode().splitlines()
    exact = [number for number, line in enumerate(lines) if "exactMatch\tMONDO" in line]
    number = rng.choice(exact)
    lines.insert(number + 1, re.sub(r"MONDO:\d+\t[^\t]*", "MONDO:0000000\tanother", lines[number]))
    return Fault(lines[number].split("\t")[0], ((MAPPINGS, "\n".join([*lines, ""]).encode()),))


@kind("mapping of another label", count=3)
def stale_mapping(rng: Random) -> Fault:
    table = rows(f"{VOCABULARY}/molecules.csv")
    mapped = shipped(MAPPINGS).decode()
    facts = shipped(f"{REVIEW}/facts.csv").decode() + shipped(f"{REVIEW}/trials.csv").decode()
    row = rng.choice([row for row in table if f"molecule/{row['id']}\t" in mapped and row["label"] not in facts])
    row["synonyms"], row["label"] = "; ".join(filter(None, [row["synonyms"], row["label"]])), row["label"] + " gene"
    return Fault(row["id"], written(f"{VOCABULARY}/molecules.csv", table))


# The dataset


@cache
def lines() -> tuple[str, ...]:
    return tuple(shipped_dataset().read_text(encoding="utf-8").splitlines())


def term(name: str) -> str:
    prefix, _, local = name.partition(":")
    return f"<{PREFIXES[prefix]}{local}>"


A, LABEL = term("rdf:type"), term("rdfs:label")


def some(rng: Random, start: str, predicate: str, end: str = "") -> str:
    """Return a line whose subject is of a kind of thing and whose object starts as said."""
    found = [
        line
        for line in lines()
        if line.startswith(f"<{BASE}{start}") and f"> {predicate} {end}" in line and line.split(" ", 2)[1] == predicate
    ]
    return rng.choice(found)


def parts(line: str) -> list[str]:
    return line.removesuffix(" .").split(" ", 2)


def edited(line: str, *new: str) -> Fault:
    """Put other lines in the place of one."""
    return Fault(line, gone=frozenset([line]), come=frozenset(new))


def added(*new: str) -> Fault:
    return Fault(new[0], come=frozenset(new))


@kind("class of another kind")
def second_class(rng: Random) -> Fault:
    line = some(rng, rng.choice(["product/", "trial/", "molecule/", "disease/", "arm/"]), A)
    return added(f"{parts(line)[0]} {A} {term('kg:' + rng.choice(['Organization', 'Evidence', 'Vector']))} .")


@kind("class missing")
def lost_class(rng: Random) -> Fault:
    line = some(rng, "molecule/", A, term("kg:Target"))
    return edited(line)


@kind("evidence of a statement lost")
def lost_evidence(rng: Random) -> Fault:
    line = some(rng, "statement/", term("kg:hasEvidence"))
    subject = parts(line)[0]
    every = [other for other in lines() if other.startswith(f"{subject} {term('kg:hasEvidence')} ")]
    return Fault(subject, gone=frozenset(every))


@kind("triple without a statement")
def unsaid(rng: Random) -> Fault:
    subject = parts(some(rng, "product/", A))[0]
    return added(f"{subject} {term('kg:carriesModification')} <{BASE}modification/tegfr> .")


@kind("statement without its triple")
def lost_triple(rng: Random) -> Fault:
    property_ = rng.choice(["kg:studiesTarget", "kg:hasStatus", "kg:hasSponsor", "kg:usesCellSource"])
    return edited(some(rng, "trial/", term(property_)))


@kind("rejected reading as a triple")
def asserted(rng: Random) -> Fault:
    line = some(rng, "statement/", term("kg:standing"), '"rejected"')
    node = parts(line)[0]
    said = {parts(other)[1]: parts(other)[2] for other in lines() if other.startswith(f"{node} ")}
    return added(
        f"{said[term('kg:subject')]} {said[term('kg:predicate')]} {said[term('kg:object')]} .".replace("<<", "<")
    )


@kind("property that is not declared")
def undeclared(rng: Random) -> Fault:
    line = some(rng, "product/", term(rng.choice(["kg:hasTarget", "kg:derivedFrom", "kg:carriesModification"])))
    subject, predicate, value = parts(line)
    return edited(line, f"{subject} {predicate[:-1]}s> {value} .")


@kind("number as a text")
def text_for_number(rng: Random) -> Fault:
    line = some(rng, "trial/", term("kg:enrollment"))
    return edited(line, line.partition("^^")[0] + " .")


@kind("text in the place of a thing")
def text_for_thing(rng: Random) -> Fault:
    line = some(rng, "trial/", term(rng.choice(["kg:studiesDisease", "kg:hasSponsor", "kg:hasPhase"])))
    subject, predicate, value = parts(line)
    return edited(line, f'{subject} {predicate} "{value.strip("<>").rpartition("/")[2]}" .')


@kind("label lost or doubled")
def wrong_label(rng: Random) -> Fault:
    line = some(rng, rng.choice(["product/", "disease/", "trial/", "organization/"]), LABEL)
    subject, predicate, value = parts(line)
    return edited(line) if rng.random() < 0.5 else added(f'{subject} {predicate} {value[:-1]} 2" .')


@kind("second value where there is one")
def second_value(rng: Random) -> Fault:
    name, value = rng.choice(
        [
            ("kg:unit", '"fold"'),
            ("kg:direction", '"similar"'),
            ("kg:relatedness", '"treatment-related"'),
            ("kg:grade", '"2-4"'),
        ]
    )
    line = some(rng, "finding/", term(name))
    return added(f"{parts(line)[0]} {term(name)} {value} .")


@kind("evidence of no document")
def homeless(rng: Random) -> Fault:
    return edited(some(rng, "evidence/", term("kg:fromDocument")))


@kind("places in two documents")
def two_documents(rng: Random) -> Fault:
    line = some(rng, "finding/nktr", term("kg:hasEvidence"))
    place = parts(some(rng, "evidence/car-nk", term("kg:fromDocument")))[0]
    return added(f"{parts(line)[0]} {term('kg:hasEvidence')} {place} .")


@kind("subject and object turned")
def turned(rng: Random) -> Fault:
    line = some(rng, "trial/", term(rng.choice(["kg:studiesDisease", "kg:hasSponsor", "kg:combinesWith"])))
    subject, predicate, value = parts(line)
    return edited(line, f"{value} {predicate} {subject} .")


@kind("gene knocked out and added", count=3)
def out_and_in(rng: Random) -> Fault:
    carriers = [
        line for line in lines() if re.search(rf"{KG}carriesModification> <{BASE}modification/cd\d+-ko> \.$", line)
    ]
    carrier = rng.choice(carriers)
    gene = parts(carrier)[2].strip("<>").rpartition("/")[2].removesuffix("-ko")
    node = f"<{BASE}modification/secreted-{gene}>"
    kinds = f"<{BASE}modification-kind/secreted-factor>"
    return added(
        f"{parts(carrier)[0]} {term('kg:carriesModification')} {node} .",
        f"{node} {term('kg:modifies')} <{BASE}molecule/{gene}> .",
        f"{node} {term('kg:hasModificationKind')} {kinds} .",
    )


@kind("deprecated or unknown term in use", count=3)
def deprecated(rng: Random) -> Fault:
    property_ = term(rng.choice(["kg:hasTarget", "kg:studiesTarget", "kg:derivedFrom"]))
    return added(f'{property_} {term("owl:deprecated")} "true"^^{term("xsd:boolean")} .')


@kind("counts that do not agree", count=3)
def other_count(rng: Random) -> Fault:
    line = some(rng, "finding/nktr", term("kg:outOf"))
    return edited(line, f'{parts(line)[0]} {term("kg:outOf")} "500"^^{term("xsd:integer")} .')


@kind("text damaged in the dataset", count=3)
def damaged(rng: Random) -> Fault:
    line = some(rng, "molecule/", LABEL)
    subject, predicate, value = parts(line)
    return edited(line, f'{subject} {predicate} {value[:-1]}\u00ce\u00b2" .')
