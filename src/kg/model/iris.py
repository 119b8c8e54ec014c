"""Names: the prefix map, and the one place where IRIs are minted.

Things have readable IRIs, ``https://w3id.org/immunokg/<kind>/<id>``; terms of
the ontology have ``https://w3id.org/immunokg/ontology/<Term>``.
"""

from __future__ import annotations

import re
from functools import cache

__all__ = [
    "BASE",
    "KG",
    "PREFIXES",
    "class_of",
    "curie",
    "is_minted",
    "mint",
    "named_class",
    "segment",
    "slug",
    "statement_iri",
    "term",
]

BASE = "https://w3id.org/immunokg/"
KG = BASE + "ontology/"

PREFIXES = {
    "dcterms": "http://purl.org/dc/terms/",
    "kg": KG,
    "owl": "http://www.w3.org/2002/07/owl#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

# class -> the path segment of its things, if it is not simply the words of the name
_SHORT_SEGMENTS = {
    "ClinicalTrial": "trial",
    "GeneticModification": "modification",
    "ModificationPurpose": "purpose",
    "RegulatoryEvent": "event",
    "RegulatoryEventKind": "event-kind",
    "TrialStatus": "status",
}
_CLASSES_OF_SHORT = {segment: name for name, segment in _SHORT_SEGMENTS.items()}
_NO_CLASS = ("dataset", "graph", "ontology", "scheme", "statement")  # segments of IRIs that no class has

# a class that is a role -> the class of the things that play it; IRIs and cells name this class
_ROLES = {"CombinationAgent": "Product", "Target": "Molecule"}

# classes without a path segment: two only group other classes, and things of the third are named as findings
_NAMED_AS_OTHERS = ("Observation", "RejectedFinding", "Sourced")

_GREEK = str.maketrans({"α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta"})
_LONGEST_SLUG = 48


def slug(text: str) -> str:
    """Return a text as the readable end of an IRI.

    Example:
        >>> slug("St. Jude Children's Research Hospital"), slug("CD3ζ"), slug("IL-15 / IL-15Rα")
        ('st-jude-childrens-research-hospital', 'cd3zeta', 'il-15-il-15ralpha')
    """
    import unicodedata

    plain = unicodedata.normalize("NFKD", text.translate(_GREEK)).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower().replace("'", "")).strip("-")


def mint(class_name: str, identifier: str, document: str = "") -> str:
    """Return the IRI of a thing.

    Args:
        class_name: the local name of its class.
        identifier: the ``id`` of the thing's row.
        document: the id of the document, for evidence, findings and other things that belong to one.

    Example:
        >>> mint("Product", "ft576")
        'https://w3id.org/immunokg/product/ft576'
    """
    return "/".join(filter(None, [BASE + segment(class_name), document, identifier]))


def segment(class_name: str) -> str:
    """Return the path segment of the things of a class.

    Example:
        >>> segment("CellSource"), segment("ClinicalTrial"), segment("Target")
        ('cell-source', 'trial', 'molecule')
    """
    name = _ROLES.get(class_name, class_name)
    return _SHORT_SEGMENTS.get(name) or re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower()


def class_of(iri: str) -> str:
    """Return the IRI of the class that a thing's IRI was minted for, or an empty string if it is not ours.

    Example:
        >>> class_of(mint("ClinicalTrial", "NCT05182073")) == term("ClinicalTrial"), class_of("urn:x")
        (True, '')
    """
    return _class_of_segment(iri.removeprefix(BASE).partition("/")[0]) if iri.startswith(BASE) else ""


@cache
def _class_of_segment(name: str) -> str:
    if name in _NO_CLASS or not name:
        return ""
    return KG + (_CLASSES_OF_SHORT.get(name) or "".join(word.capitalize() for word in name.split("-")))


def is_minted(class_name: str) -> bool:
    """Say whether the things of a class are named by this class, and not by another one.

    Example:
        >>> is_minted("Product"), is_minted("Target"), is_minted("RejectedFinding")
        (True, False, False)
    """
    return class_name not in _ROLES and class_name not in _NAMED_AS_OTHERS


def named_class(iri: str) -> str:
    """Return the class that names things of a class: for a role, the class of the things that play it.

    Example:
        >>> named_class(term("Target")) == term("Molecule"), named_class(term("Product")) == term("Product")
        (True, True)
    """
    name = iri.removeprefix(KG)
    return KG + _ROLES[name] if name in _ROLES else iri


def term(local_name: str) -> str:
    """Return the IRI of a term of the ontology.

    Example:
        >>> term("hasTarget")
        'https://w3id.org/immunokg/ontology/hasTarget'
    """
    return KG + local_name


def statement_iri(document: str, subject: str, predicate: str, value: str, assertion: str) -> str:
    """Return the IRI of the statement node of a triple: it is readable, and follows from what the statement says.

    Args:
        document: the id of the document that says the triple.
        subject: the IRI of the subject.
        predicate: the IRI of the predicate.
        value: the IRI or the lexical form of the object.
        assertion: how firmly it is said; part of the IRI unless ``stated``.

    Example:
        >>> statement_iri("d", mint("Product", "ft576"), term("hasTarget"), mint("Molecule", "bcma"), "derived")
        'https://w3id.org/immunokg/statement/d/ft576-hasTarget-bcma-derived'
    """
    end = slug(value.removeprefix(BASE).rpartition("/")[2] if value.startswith(BASE) else value)
    is_changed = not value.startswith(BASE) and end.replace("-", " ") != value.replace("-", " ")
    if is_changed or len(end) > _LONGEST_SLUG:
        from hashlib import sha256

        end = f"{end[:_LONGEST_SLUG]}-{sha256(value.encode()).hexdigest()[:8]}"
    parts = [subject.rpartition("/")[2], predicate.rpartition("/")[2].rpartition("#")[2], end]
    parts += [assertion] if assertion != "stated" else []
    return f"{BASE}statement/{document}/{'-'.join(parts)}"


def curie(iri: str) -> str:
    """Return an IRI shortened by the prefix map, or unchanged if no prefix fits.

    Example:
        >>> curie("https://w3id.org/immunokg/ontology/hasTarget"), curie("urn:x")
        ('kg:hasTarget', 'urn:x')
    """
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return iri
