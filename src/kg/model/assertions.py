"""How firmly a source says something (``kg:assertion``), and whether the graph accepts it (``kg:standing``).

A test in ``tests/checks/test_validate.py`` checks that the shapes of the ontology use the same words.
"""

__all__ = ["ASSERTIONS", "STANDINGS"]

ASSERTIONS = ("stated", "claimed", "planned", "derived", "inferred", "likely")
"""From the firmest to the weakest."""

STANDINGS = ("accepted", "rejected", "unresolved")
