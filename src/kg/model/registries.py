"""The registries of trials: how their identifiers are written, and where the page of a trial is.

An address is used only if its owner documents that it is stable. ClinicalTrials.gov and jRCT have a page for the number
of a trial. The pages of the Chinese registry go by another number, so its trials are looked up in the search portal of
the WHO (ICTRP). Each registry is also a row of ``ontology/vocabulary/registries.csv``, because it is a thing of the
graph.
"""

from __future__ import annotations

import re
from typing import NamedTuple

__all__ = ["REGISTRIES", "Registry"]


class Registry(NamedTuple):
    """A registry of trials.

    Attributes:
        label: its label in the vocabulary.
        form: the pattern of its identifiers in tables.
        mention: the pattern that finds an identifier in running text, in older forms too.
        page: the start of the address of a trial; the identifier is appended.
    """

    label: str
    form: str
    mention: str
    page: str

    def has(self, identifier: str) -> bool:
        """Say whether an identifier has the form of this registry.

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
