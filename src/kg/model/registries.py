"""The registries of trials: how their identifiers are written, and where the page of a trial is.

An address is given only where its owner documents one that holds: ClinicalTrials.gov and jRCT have pages by a trial's
number; the pages of the Chinese registry go by another number, so its trials are looked up in the search portal of
the WHO (ICTRP). A registry is a row of ``ontology/vocabulary/registries.csv`` too, as it is a thing of the graph.
"""

from __future__ import annotations

import re
from typing import NamedTuple

__all__ = ["REGISTRIES", "Registry"]


class Registry(NamedTuple):
    """A registry of trials.

    Attributes:
        label: its label in the vocabulary.
        form: the pattern of its identifiers, as tables hold them.
        mention: the pattern by which an identifier is found in running text, older forms included.
        page: the address that an identifier is put behind.
    """

    label: str
    form: str
    mention: str
    page: str

    def has(self, identifier: str) -> bool:
        """Say whether an identifier is written as those of the registry are.

        Example:
            >>> [registry.label for registry in REGISTRIES if registry.has("NCT05182073")]
            ['ClinicalTrials.gov']
        """
        return bool(re.fullmatch(self.form, identifier))


REGISTRIES = (
    Registry("ClinicalTrials.gov", r"NCT\d{8}", r"NCT\d{8}", "https://clinicaltrials.gov/study/"),
    Registry(
        "Chinese Clinical Trial Registry",
        r"ChiCTR\d{10}",
        r"ChiCTR(?:-[A-Z]{2,5}-|)\d{8,10}",
        "https://trialsearch.who.int/Trial2.aspx?TrialID=",
    ),
    Registry(
        "Japan Registry of Clinical Trials",
        r"jRCT\w?\d{9,10}",
        r"jRCTs?\d{9,10}",
        "https://jrct.mhlw.go.jp/en-latest-detail/",
    ),
)
