"""An endpoint that answers in the right form, with terms that no graph of ours has: a command ends with a line."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from misbehaving import Misbehaving, Request, answered
from slowness import slow_if

from kg.cli.main import main
from kg.engines.remote.pages import columns

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    Script = Iterable[bytes | float]

TERMS: dict[str, Any] = {
    "nothing": None,
    "text": {"type": "literal", "value": 'a "b"\n<c>\x1b[31m'},
    "empty text": {"type": "literal", "value": ""},
    "number": {"type": "literal", "value": "-1", "datatype": "http://www.w3.org/2001/XMLSchema#integer"},
    "no number": {"type": "literal", "value": "many", "datatype": "http://www.w3.org/2001/XMLSchema#integer"},
    "no day": {"type": "literal", "value": "2031-99-99", "datatype": "http://www.w3.org/2001/XMLSchema#date"},
    "thing": {"type": "uri", "value": "https://w3id.org/immunokg/product/x"},
    "other thing": {"type": "uri", "value": "urn:x"},
    "class": {"type": "uri", "value": "https://w3id.org/immunokg/ontology/Product"},
    "blank": {"type": "bnode", "value": "b"},
}
COMMANDS = [
    ["query", "trials"],
    ["query", "trials", "--evidence"],
    ["query", "trials_by_target", "--param", "target=BCMA"],
    ["query", "SELECT ?s { ?s ?p ?o }"],
    ["query", "ASK { }"],
    ["ask", "which products target BCMA"],
    ["ask", "how many trials use NK-92"],
    ["describe", "FT522"],
    ["describe", "urn:x"],
    ["compare", "FT522", "FT576"],
    ["facts"],
    ["stats"],
    ["conflicts"],
    ["claims"],
    ["analyze", "central"],
    ["analyze", "pace"],
    ["analyze", "similar", "FT522"],
    ["export", "graphml", "out.graphml"],
    ["export", "html", "out.html", "--theme", "modifications"],
]


def nonsense(request: Request, term: Any) -> Script:
    """Return rows of one term, in the columns that a query asks for; yes, or triples, where it asks for these."""
    text = request.query
    if re.search(r"^\s*(CONSTRUCT|DESCRIBE)\b", text, flags=re.M):
        return answered(b"<urn:s> <http://www.w3.org/2000/01/rdf-schema#label> 1 .", kind="text/turtle")
    if not re.search(r"\bSELECT\b", text):
        return answered(b'{"head": {}, "boolean": true}')
    names = columns(text) or ["s"]
    row = dict.fromkeys(names, term) if term else {}
    return answered(json.dumps({"head": {"vars": names}, "results": {"bindings": [row, row, row]}}).encode())


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("term", slow_if(lambda term: term not in ("nothing", "text", "thing"), TERMS))
def test_nonsense_ends_a_command_with_a_line(
    term: str, command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    with Misbehaving(lambda request: nonsense(request, TERMS[term])) as server:
        code = main([*command, "--endpoint", server.url, "--deadline", "10"])
    err = capsys.readouterr().err
    assert code in (0, 1, 2, 3)
    assert "\x1b" not in err
    if code == 2:
        assert re.fullmatch(r"kg: .*\n", err)
