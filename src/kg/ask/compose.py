"""From a reading to SPARQL. Of what a user typed only numbers, dates and words of letters and digits reach the text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import Literal, NamedNode

from kg.ask.english import SAME
from kg.ask.joins import ADMINISTRATION, FINDING, PRODUCT, RECORDS, TRIAL
from kg.ask.reach import reaching
from kg.ask.understood import label_of
from kg.ask.words import letters
from kg.model.iris import KG, PREFIXES, curie, named_class

if TYPE_CHECKING:
    from kg.ask.joins import Path
    from kg.ask.meaning import Condition, Constraint, Reading

__all__ = ["Column", "Composed", "Edge", "compose"]

_BESIDE = {KG + name for name in ("combinesWith", "gives", "tracks", "hasTerm")}
_CONCEPT = PREFIXES["skos"] + "Concept"


class Column(NamedTuple):
    """A column of the answer: its name, and the variables of the thing and of its label."""

    name: str
    thing: str
    label: str


class Edge(NamedTuple):
    """A triple of the pattern: variables of its ends around a property."""

    subject: str
    predicate: str
    object: str


class Composed(NamedTuple):
    """A query with what is needed to read its rows.

    Attributes:
        text: the SPARQL.
        wanted: the variable of the things that are asked for.
        columns: those that are shown; the first is what is asked for.
        edges: the triples that a row rests on, where their variables are bound.
        record: the variable of the record that a row rests on, or empty.
        ordering: the variable of what orders the rows, or of what is counted, or empty.
        compared: the variable of the alternatives that are compared, or empty.
    """

    text: str
    wanted: str
    columns: list[Column]
    edges: list[Edge]
    record: str
    ordering: str
    compared: str


def compose(reading: Reading) -> Composed:
    """Return the query of a reading; a constraint without things is met by any."""
    return _Composer(reading).compose()


class _Composer:
    """Builds the pattern; each class has a variable of its own name, numbered if it comes again."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.names: dict[str, int] = {}
        self.columns: list[Column] = []
        self.edges: list[Edge] = []
        self.lines: list[str] = []
        self.shared: dict[Path, tuple[str, set[Path]]] = {}
        self.named: dict[Path, str] = {}  # the variable of what a constraint names, by the path that leads to it

    def compose(self) -> Composed:
        reading = self.reading
        hub = self._variable(reading.hub)
        wanted = self._variable(reading.wanted) if reading.to_wanted else hub
        record = hub if reading.hub in RECORDS else ""
        self.lines.append(f"?{hub} a {curie(reading.wanted if wanted == hub else reading.hub)} .")
        if wanted != hub:
            self._join(hub, _principal(reading.to_wanted), wanted)
        if not (wanted == hub and record):
            self.lines.append(f"?{wanted} a {curie(reading.wanted)} ; rdfs:label ?{wanted}_label .")
            self._column(wanted)
        if reading.value:
            self._value(wanted)
        if record:
            self._record(hub, reading.hub)
        if record and wanted != hub and reading.hub == FINDING:
            self.lines.append(f"MINUS {{ ?{hub} kg:count 0 }}")
            self.lines.append(
                f'MINUS {{ ?{hub} kg:outcome ?none . FILTER (REGEX(STR(?none), "^(no|not|none)( |$)", "i")) }}'
            )
        if reading.subject:
            self.lines.append(f"VALUES ?{wanted} {{ {NamedNode(reading.subject.iri)} }}")
        compared = ""
        for constraint in reading.constraints:
            compared = self._constrain(hub, wanted, constraint)
        for condition in reading.conditions:
            self._condition(hub, condition)
        self.lines[:0] = reaching(reading, hub)
        for paths, asked, hidden in reading.extras:
            self._extra(hub, paths, asked, hidden)
        ordering = self._ordering(hub, wanted)
        trials = ordering if reading.order and reading.order.counted else wanted
        if TRIAL in (reading.wanted, reading.hub):
            self.lines.append(f"OPTIONAL {{ ?{trials} kg:hasRegistry ?trial_registry }}")
        shown = " ".join(f"STR(?{column.label})" for column in self.columns)
        text = "\n".join(
            [
                *(f"PREFIX {name}: <{PREFIXES[name]}>" for name in ("kg", "rdf", "rdfs", "skos")),
                "SELECT DISTINCT *",
                "WHERE {",
                *(f"  {line}" for line in self.lines),
                "}",
                f"ORDER BY {shown}",
            ]
        )
        return Composed(text, wanted, self.columns, self.edges, record, ordering, compared if reading.compared else "")

    def _variable(self, class_iri: str) -> str:
        return self._numbered(self.reading.schema.classes[class_iri].label)

    def _literal(self, iri: str) -> str:
        return self._numbered(label_of(self.reading.schema, iri))

    def _numbered(self, label: str) -> str:
        """Return a variable of a label, numbered if the label comes again."""
        name = re.sub(r"\W+", "_", label)
        self.names[name] = self.names.get(name, 0) + 1
        return name if self.names[name] == 1 else f"{name}_{self.names[name]}"

    def _column(self, variable: str) -> None:
        self.columns.append(Column(variable.replace("_", " "), variable, f"{variable}_label"))

    def _value(self, wanted: str) -> None:
        """Put the value of the literal property first, before the thing that has it."""
        iri = self.reading.value
        name = self._literal(iri)
        self.lines.append(f"?{wanted} {curie(iri)} ?{name} .")
        self.columns.insert(0, Column(self.reading.schema.properties[iri].label, name, name))
        self.edges.append(Edge(wanted, iri, name))

    def _record(self, hub: str, class_iri: str) -> None:
        """Show what a record says, and of what."""
        self.lines.append(f"?{hub} kg:inWords ?{hub}_in_words .")
        if class_iri == FINDING:
            self.lines.append(f"?{hub} kg:about ?about . ?about rdfs:label ?about_label .")
            self.lines.append(f"?{hub} kg:measures ?measured . ?measured rdfs:label ?measured_label .")
            self.columns += [Column("about", "about", "about_label"), Column("measure", "measured", "measured_label")]
        elif class_iri == ADMINISTRATION:
            self.lines.append(f"?{hub} kg:gives ?given . ?given rdfs:label ?given_label .")
            self.lines.append(f"?{hub} kg:givenTo ?given_to . ?given_to rdfs:label ?given_to_label .")
            self.columns += [Column("given", "given", "given_label")]
        self.columns.append(Column(hub.replace("_", " "), hub, f"{hub}_in_words"))
        if class_iri == ADMINISTRATION:
            self.columns.append(Column("given to", "given_to", "given_to_label"))

    def _join(self, hub: str, paths: list[Path], end: str) -> None:
        """Join two variables along any of the paths."""
        is_only = len(paths) == 1
        patterns = [self._walk(hub, path, end, is_only) for path in paths]
        if is_only:
            self.lines += patterns[0]
        else:
            self.lines.append(" UNION ".join(f"{{ {' '.join(pattern)} }}" for pattern in patterns))

    def _constrain(self, hub: str, wanted: str, constraint: Constraint) -> str:
        if constraint.paths == [()]:  # of the things themselves those below a concept
            self.lines += self._named(self.reading.hub, hub, constraint)
            return ""
        class_iri = constraint.paths[0][-1].end
        end = self._variable(class_iri)
        before, edges = self.lines, len(self.edges)
        self.lines = []
        # what is named comes first, so that engines begin with it
        named = self._named(class_iri, end, constraint)
        self._join(hub, constraint.paths, end)
        pattern, self.lines = [*named, *self.lines], before
        if constraint.negated:
            del self.edges[edges:]
            self.lines.append(f"MINUS {{ {' '.join(pattern)} }}")
            return ""
        if not constraint.things and not constraint.is_told:
            del self.edges[edges:]
            self.lines.append(f"{{ SELECT DISTINCT ?{hub} WHERE {{ {' '.join(pattern)} }} }}")
            return ""
        if self.reading.hub in RECORDS:
            # the record itself is the evidence; how it concerns the thing need not be shown
            del self.edges[edges:]
            kept = " ".join(f"?{name}" for name in (hub, end, f"{end}_named") if f"?{name} " in " ".join(pattern) + " ")
            pattern = [f"{{ SELECT DISTINCT {kept} WHERE {{ {' '.join(pattern)} }} }}"]
        elif len(constraint.paths) == 1:
            self.named[constraint.paths[0]] = end
        self.lines += [*pattern, f"?{end} rdfs:label ?{end}_label ."]
        if class_iri == named_class(self.reading.wanted):
            self.lines.append(f"FILTER (?{end} != ?{wanted})")
        for between in self._passed(constraint):
            self.lines.append(f"?{between} rdfs:label ?{between}_label .")
            self._column(between)
        if class_iri not in RECORDS:
            self._column(end)
        return f"{end}_named" if f"?{end}_named" in " ".join(pattern) else end

    def _passed(self, constraint: Constraint) -> list[str]:
        """Return the variables of the things on the way, which say how: the switch that is a safety switch."""
        if len(constraint.paths) > 1:
            return []
        path = constraint.paths[0]
        found = [self.shared[path[:number]][0] for number in range(1, len(path)) if path[:number] in self.shared]
        shown = {column.thing for column in self.columns}
        return [name for name in found if name not in shown]

    def _named(self, class_iri: str, end: str, constraint: Constraint) -> list[str]:
        things = " ".join(str(NamedNode(thing.iri)) for thing in constraint.things)
        if not things:
            return []
        if _CONCEPT in self.reading.schema.ancestors(class_iri):
            narrower = f"VALUES ?{end}_named {{ {things} }} ?{end} skos:broader* ?{end}_named ."
            if self.reading.hub in RECORDS:  # these are nested in a selection already, and Virtuoso errs in two
                return [narrower]
            return [f"{{ SELECT DISTINCT ?{end} ?{end}_named WHERE {{ {narrower} }} }}"]
        if constraint.negated and class_iri == PRODUCT:  # without a regimen is without its parts too
            return [f"VALUES ?{end}_named {{ {things} }} ?{end}_named kg:hasPart* ?{end} ."]
        if self.reading.hub in RECORDS:  # Virtuoso loses rows of a union after values
            return [f"FILTER (?{end} IN ({', '.join(str(NamedNode(thing.iri)) for thing in constraint.things)}))"]
        return [f"VALUES ?{end} {{ {things} }}"]

    def _condition(self, hub: str, condition: Condition) -> None:
        name = self._literal(condition.properties[0])
        before, edges = self.lines, len(self.edges)
        self.lines = []
        owners = [self._owner(hub, path) for path in condition.paths]
        properties = "|".join(curie(iri) for iri in condition.properties)
        patterns = [f"{walk}?{owner} {properties} ?{name} ." for owner, walk in owners]
        self.lines.append(patterns[0] if len(patterns) == 1 else " UNION ".join(f"{{ {item} }}" for item in patterns))
        self.lines += self._test(name, condition)
        pattern, self.lines = self.lines, before
        if condition.negated:
            del self.edges[edges:]
            self.lines.append(f"MINUS {{ {' '.join(pattern)} }}")
            return
        if condition.sign == "has word" and not any(path in self.shared for path in condition.paths):
            del self.edges[edges:]
            self.lines.append(f"{{ SELECT DISTINCT ?{hub} WHERE {{ {' '.join(pattern)} }} }}")
            return
        self.lines += pattern
        if len(owners) == 1 and len(condition.properties) == 1:
            self.edges.append(Edge(owners[0][0], condition.properties[0], name))
        if condition.sign not in ("=", "has word") or self.reading.hub not in RECORDS:
            self.columns.append(Column(label_of(self.reading.schema, condition.properties[0]), name, name))

    @staticmethod
    def _test(name: str, condition: Condition) -> list[str]:
        value = condition.value
        if condition.sign == "exists":
            return []
        if condition.sign == "within":
            return [f"FILTER (?{name} >= {value[0]:g} && ?{name} <= {value[1]:g})"]
        if condition.sign == "has word":
            words = "|".join(letters(word) for word in SAME.get(value.casefold(), value.split(" or ")))
            return [f'FILTER (REGEX(STR(?{name}), "(^|[^a-z0-9])({words})", "i"))']
        if condition.sign == "dated":
            tests = [f'STR(?{name}) {sign} "{day}"' for sign, day in ((">=", value[0]), ("<", value[1])) if day]
            return [f"FILTER ({' && '.join(tests)})"]
        if condition.sign == "=":
            texts = [item for item in value if isinstance(item, str)]
            if texts:
                return [f"FILTER (STR(?{name}) IN ({', '.join(str(Literal(text)) for text in texts)}))"]
            return [f"FILTER (?{name} IN ({', '.join(f'{item:g}' for item in value)}))"]
        return [f"FILTER (?{name} {condition.sign} {value:g})"]

    def _owner(self, hub: str, path: Path) -> tuple[str, str]:
        """Return the variable of the thing that has a literal, and the triples that lead to it."""
        if not path:
            return hub, ""
        if path in self.shared:
            return self.shared[path][0], ""
        end = self._variable(path[-1].end)
        lines = self._walk(hub, path, end, is_only=True)
        return end, " ".join(lines) + " "

    def _extra(self, hub: str, paths: list[Path], asked: str, hidden: str) -> None:
        """Show more of each thing, where there is more."""
        before = self.lines
        self.lines = []
        if asked in self.reading.schema.properties:
            name = self._literal(asked)
            named = self.named.get(paths[0])  # more is asked of the thing that is named
            owner, walk = (named, "") if named else self._owner(hub, paths[0])
            self.lines.append(f"{walk}?{owner} {curie(asked)} ?{name} .")
            self.edges.append(Edge(owner, asked, name))
            column = Column(self.reading.schema.properties[asked].label, name, name)
        else:
            end = self._variable(asked)
            nearest = min(_principal(paths), key=len)  # one way alone: engines are slow in optional unions
            self._join(hub, [nearest], end)
            self.lines.append(f"?{end} rdfs:label ?{end}_label .")
            column = Column(end.replace("_", " "), end, f"{end}_label")
        pattern, self.lines = self.lines, before
        self.lines.append(f"OPTIONAL {{ {' '.join(pattern)} }}")
        self.columns.append(column)
        if hidden:  # what a trial leaves undisclosed is said, not left empty
            name = column.label.removesuffix("_label")
            said = f'?{hub} kg:doesNotDisclose {NamedNode(hidden)} . BIND("not disclosed" AS ?{name}_hidden)'
            self.lines.append(f"OPTIONAL {{ {said} }}")

    def _ordering(self, hub: str, wanted: str) -> str:
        """Bind what orders the rows or is counted."""
        order = self.reading.order
        if not order:
            return ""
        if order.condition:
            name = self._literal(order.condition.properties[0])
            owner, walk = self._owner(hub, order.condition.paths[0])
            iri = order.condition.properties[0]
            self.lines.append(f"{walk}?{owner} {curie(iri)} ?{name} .")
            self.columns.append(Column(self.reading.schema.properties[iri].label, name, name))
            self.edges.append(Edge(owner, iri, name))
            return name
        if order.counted == [()]:
            return hub
        end = self._variable(order.counted[0][-1].end)
        if len(order.counted) == 1 and order.counted[0] in self.shared:
            return self.shared[order.counted[0]][0]
        self._join(wanted, order.counted, end)
        return end

    def _walk(self, start: str, path: Path, end: str, is_only: bool) -> list[str]:
        """Return the triples of a path between two variables, and note them as edges."""
        lines, here = [], start
        for number, hop in enumerate(path, start=1):
            there = end if number == len(path) else self._between(path, number, is_only)
            subject, object_ = (here, there) if hop.forward else (there, here)
            lines.append(f"?{subject} {curie(hop.along.iri)} ?{object_} .")
            self.edges.append(Edge(subject, hop.along.iri, object_))
            here = there
        return lines

    def _between(self, path: Path, number: int, is_only: bool) -> str:
        """Return the variable of a thing on the way, the same for all constraints that pass it.

        "Sponsors of phase 2 trials of CD19" are about one trial; but a knock-out and a
        safety switch, which are reached in one way, are two modifications.
        """
        prefix = path[:number]
        variable, passed = self.shared.get(prefix, ("", set()))
        if not is_only or not variable or path in passed:
            variable, passed = self._variable(path[number - 1].end), set()
        if is_only:
            passed.add(path)
            self.shared[prefix] = variable, passed
        return variable


def _principal(paths: list[Path]) -> list[Path]:
    """Return the paths to what a record is about itself: what else was given is not what it happened with."""
    kept = [path for path in paths if not {hop.along.iri for hop in path} & _BESIDE]
    return kept or paths
