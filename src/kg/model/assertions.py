"""How firmly a source says something (``kg:assertion``), and what the graph makes of it (``kg:standing``).

``tests/checks/test_validate.py`` holds the shapes of the ontology to the same words.
"""

__all__ = ["ASSERTIONS", "STANDINGS"]

ASSERTIONS = ("stated", "claimed", "planned", "derived", "inferred", "likely")
"""From the firmest to the weakest."""

STANDINGS = ("accepted", "rejected", "unresolved")
