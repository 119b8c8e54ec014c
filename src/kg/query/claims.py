"""Claims: the figures that a document states about its own data, compared with those of the graph.

Each query in ``queries/claims`` computes one figure. Its header has further lines:
``stated``, the figure in the document's terms; ``exact``, or ``at_least`` and
``at_most``, as numbers; ``evidence``, where it is stated, as ``document/id``; and
``examples``, if the document names only examples of what it counts, because then
a lower figure of the graph proves nothing. The query gives one row with
``?computed``, or no row if the graph lacks the data for the figure.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pyoxigraph import Literal, NamedNode

from kg.engines.asking import as_of, bind, select
from kg.formats.result import Result
from kg.model.iris import mint
from kg.query.catalogue import iter_queries

if TYPE_CHECKING:
    from pyoxigraph import Store

    from kg.model.terms import Term

__all__ = ["check_claims"]

_PLACE = """
PREFIX kg: <https://w3id.org/immunokg/ontology/>
SELECT ?section ?locator ?start
WHERE {
  # VALUES ?evidence { }
  ?evidence kg:section ?section ; kg:locator ?locator .
  OPTIONAL { ?evidence kg:startsAt ?start }
}
"""


def check_claims(store: Store) -> Result:
    """Return each figure that a document states about its own data, with the figure that the graph gives.

    Args:
        store: the dataset.

    Returns:
        The columns ``claim``, ``stated``, ``computed``, ``outcome`` (``agrees``,
        ``differs`` or ``cannot be computed``), ``rule``, ``section`` and ``locator``,
        in the order of the document.
    """
    found: list[tuple[int, list[Term]]] = []
    for query in iter_queries("claims"):
        header = query.header
        solutions = select(store, query.text)
        computed = next((row[0] for row in solutions if row[0] is not None), None)
        outcome = _outcome(header, Decimal(computed.value)) if computed else "cannot be computed"
        evidence = NamedNode(mint("Evidence", str(header["evidence"])))
        places = select(store, bind(_PLACE, "evidence", [evidence]))
        texts = [header["summary"], str(header["stated"]), computed.value if computed else "", outcome]
        texts += [" ".join(str(header["description"]).split())]
        section, locator, start = places[0] if places else (None, None, None)
        found.append((int(start.value) if start else 0, [*map(Literal, texts), section, locator]))
    rows = [row for _, row in sorted(found, key=lambda item: item[0])]
    return Result(("claim", "stated", "computed", "outcome", "rule", "section", "locator"), rows, as_of(store))


def _outcome(header: dict[str, Any], computed: Decimal) -> str:
    """Return whether a number agrees with the stated figure; if only examples are named, too few prove nothing."""
    exact = header.get("exact")
    lower = Decimal(str(header.get("at_least", "-Infinity") if exact is None else exact))
    upper = Decimal(str(header.get("at_most", "Infinity") if exact is None else exact))
    if lower <= computed <= upper:
        return "agrees"
    return "cannot be computed" if header.get("examples") and computed < lower else "differs"
