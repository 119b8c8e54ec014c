"""Queries that want to break what runs them: made by hand by their kind, and at random by a grammar and by mutation."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

PREFIX = "PREFIX kg: <https://w3id.org/immunokg/ontology/> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "


def iter_hostile() -> Iterator[tuple[str, str]]:
    """Yield a hundred hostile queries, each with its kind."""
    for times in (2, 3, 4, 5):
        pattern = " . ".join(f"?a{n} ?b{n} ?c{n}" for n in range(times + 1))
        yield f"cross product of {times + 1}", f"SELECT (COUNT(*) AS ?n) {{ {pattern} }}"
        yield f"sorted cross product of {times + 1}", f"SELECT * {{ {pattern} }} ORDER BY ?c0 ?b1"
        yield f"distinct cross product of {times + 1}", f"SELECT DISTINCT * {{ {pattern} }}"
        yield (
            f"grouped cross product of {times + 1}",
            (f"SELECT ?a0 (GROUP_CONCAT(?c1) AS ?x) {{ {pattern} }} GROUP BY ?a0"),
        )
        yield f"constructed cross product of {times + 1}", f"CONSTRUCT {{ ?a0 ?b1 ?c{times} }} WHERE {{ {pattern} }}"
    for times in (2_500, 20_000, 100_000):
        yield f"{times} nested groups", "SELECT * {" + "{" * times + "}" * times + "}"
        yield f"{times} nested brackets", "ASK { FILTER(" + "(" * times + "1" + ")" * times + ") }"
        yield f"{times} unions", "SELECT * { {}" + " UNION {}" * times + " }"
        yield f"{times} nested EXISTS", "ASK { FILTER EXISTS {" * (times // 2) + "?s ?p ?o" + "} }" * (times // 2)
        yield f"{times} negations", "ASK { FILTER(" + "!" * times + "true) }"
        yield f"{times} minus signs", "ASK { FILTER(" + "- " * times + "1 = 1) }"
        yield f"{times} sums", "ASK { FILTER(1" + "+1" * times + " = 1) }"
        yield f"{times} alternatives", "ASK { FILTER(true" + "||true" * times + ") }"
        yield f"{times} nested optionals", "SELECT * { ?s ?p ?o " + "OPTIONAL { ?s ?p ?o " * times + "}" * times + "}"
        yield f"{times} nested calls", "ASK { FILTER(" + "STR(" * times + "1" + ")" * times + ") }"
        yield f"{times} nested paths", "ASK { ?s " + "(" * times + "<urn:x>" + ")*" * times + " ?o }"
        yield f"{times} inverse paths", "ASK { ?s " + "^(" * times + "<urn:x>" + ")" * times + " ?o }"
        yield f"{times} steps of a path", "ASK { ?s <urn:x>" + "/<urn:x>" * times + " ?o }"
        yield f"{times} blank nodes", "ASK { " + "[ <urn:x> " * times + "1" + "]" * times + " }"
        yield f"{times} members of a list", "ASK { ?s ?p " + "(" * times + ")" * times + " }"
        yield f"{times} values", "SELECT * { VALUES ?x { " + "1 " * times + "} VALUES ?y { " + "2 " * times + "} }"
        yield f"{times} prefixes", "".join(f"PREFIX p{n}: <urn:p{n}>" for n in range(times)) + "ASK {}"
        yield f"{times} nested selections", "SELECT * { {" * times + "}}" * times
        yield f"{times} nested triples", "ASK { " + "<<( ?s ?p " * times + "1" + ")>>" * times + " ?p ?o }"
    yield "closure of all", "SELECT (COUNT(*) AS ?n) { ?s (<urn:x>|!<urn:x>)* ?o . ?t (<urn:x>|!<urn:x>)* ?q }"
    yield "closure and product", "SELECT * { ?s (!<urn:x>)+ ?o . ?o (!<urn:y>)+ ?z . ?z (!<urn:z>)* ?w }"
    yield (
        "text that doubles",
        (
            "SELECT ?z { BIND('aaaaaaaaaaaaaaaa' AS ?a)"
            + " ".join(f"BIND(CONCAT({', '.join([f'?{chr(97 + n)}'] * 16)}) AS ?{chr(98 + n)})" for n in range(12))
            + " }"
        ),
    )
    yield (
        "replacements that double",
        (
            "SELECT ?z { BIND('ab' AS ?a)"
            + " ".join(f"BIND(REPLACE(?{chr(97 + n)}, '.', '$0$0$0$0$0$0$0$0') AS ?{chr(98 + n)})" for n in range(12))
            + " }"
        ),
    )
    yield "regular expression", "ASK { ?s ?p ?o . ?a ?b ?c FILTER(REGEX(CONCAT(STR(?o), STR(?c)), '(.*a){25}')) }"
    yield "large regular expression", "ASK { ?s ?p ?o FILTER(REGEX(STR(?o), '((a{1,900}){1,900}){1,900}')) }"
    yield "number of a million digits", "ASK { FILTER(" + "9" * 1_000_000 + " > 1) }"
    yield "text of two megabytes", "ASK { FILTER('" + "x" * 2_000_000 + "' = 'y') }"
    yield "comment of two megabytes", "#" + "x" * 2_000_000 + "\nASK {}"
    yield "name of half a megabyte", "SELECT ?" + "x" * 500_000 + " {}"
    for text in (
        "SELECT",
        "SELECT * {",
        "{",
        "}",
        ")",
        "ASK { FILTER( }",
        "\x00",
        "\ufeff",
        "SELECT * WHERE { ?s ?p 'a }",
    ):
        yield f"broken: {text!r}", text
    yield "lone surrogate", "ASK { FILTER('\ud800' = 'x') }"
    yield "update", "INSERT DATA { <urn:a> <urn:b> <urn:c> }"
    yield "hidden update", "PREFIX x: <urn:x>\n#a\rDELETE WHERE { ?s ?p ?o }"
    yield "load", "LOAD <http://127.0.0.1:9/x>"
    yield "service", "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }"
    yield "glued service", "PREFIX ex: <http://127.0.0.1:9/> SELECT * { SERVICEex:x{} }"
    yield "graph of the network", "SELECT * FROM <http://127.0.0.1:9/x> { ?s ?p ?o }"


WORDS = (
    "SELECT ASK CONSTRUCT DESCRIBE WHERE FILTER OPTIONAL UNION MINUS EXISTS NOT BIND VALUES GRAPH SERVICE SILENT FROM "
    "NAMED LIMIT OFFSET ORDER BY GROUP HAVING DISTINCT REDUCED AS UNDEF IN COUNT SUM AVG MIN MAX SAMPLE GROUP_CONCAT "
    "STR LANG DATATYPE REGEX REPLACE IF COALESCE BOUND CONCAT a true false BASE PREFIX INSERT DELETE LOAD LATERAL"
).split()
SIGNS = [
    *"{}()[].;,*+/|^!?<>=&-",
    "&&",
    "||",
    "^^",
    "<<",
    ">>",
    "<<(",
    ")>>",
    "\n",
    "\t",
    " ",
    "\r",
    "#",
    "\\",
    '"',
    "'",
]
TERMS = [
    *("?s", "?p", "?o", "$x", "kg:Product", "kg:hasTarget", "rdfs:label", ":", "_:b", "<urn:x>", "<>", "''", '"a"@en'),
    *("'''x'''", "1", "1.5", "1e9", "-7", "'x'^^<urn:y>", "\\u0053ERVICE", "%53", "ä", "\u202e", "𝔄", "\x0b", "\ufeff"),
]
LAWFUL = (
    "SELECT ?s ?o { ?s kg:hasTarget ?o OPTIONAL { ?o rdfs:label ?l } FILTER(STR(?l) > 'B') } ORDER BY ?l LIMIT 5",
    "ASK { ?s a kg:Product MINUS { ?s kg:hasTarget ?t } }",
    "CONSTRUCT { ?s rdfs:label ?l } WHERE { ?s a kg:Molecule ; rdfs:label ?l } LIMIT 3",
    "SELECT ?t (COUNT(DISTINCT ?s) AS ?n) { ?s kg:hasTarget ?t } GROUP BY ?t HAVING (COUNT(?s) > 1) ORDER BY DESC(?n)",
    "SELECT * { { ?s kg:hasTarget/rdfs:label ?l } UNION { ?s ^kg:investigates+ ?l } VALUES ?s { UNDEF } }",
)


def random_query(chance: Random) -> str:
    """Return a text that may be a query: one of a grammar, or a lawful one with parts changed."""
    if chance.random() < 0.5:
        return PREFIX + _mutated(chance, chance.choice(LAWFUL))
    return PREFIX + chance.choice(("SELECT * {", "ASK {", "SELECT (COUNT(*) AS ?n) {", "")) + _group(chance, 4) + "}"


def _group(chance: Random, depth: int) -> str:
    parts = []
    for _ in range(chance.randint(0, 5)):
        kind = chance.randint(0, 9)
        if kind < 5 or not depth:
            parts.append(" ".join(chance.choice(TERMS) for _ in range(3)) + chance.choice((" .", " ;", "", " ,")))
        elif kind < 7:
            parts.append(f"{chance.choice(WORDS)} {{ {_group(chance, depth - 1)} }}")
        elif kind < 9:
            parts.append(f"FILTER({_expression(chance, depth)})")
        else:
            parts.append(chance.choice(WORDS + SIGNS))
    return " ".join(parts)


def _expression(chance: Random, depth: int) -> str:
    if not depth:
        return chance.choice(TERMS)
    one, other = _expression(chance, depth - 1), _expression(chance, depth - 1)
    sign, word = chance.choice(SIGNS), chance.choice(WORDS)
    return chance.choice((f"({one} {sign} {other})", f"{word}({one}, {other})", f"!{one}"))


def _mutated(chance: Random, text: str) -> str:
    for _ in range(chance.randint(1, 4)):
        at, end = sorted(chance.randint(0, len(text)) for _ in range(2))
        part = text[at:end]
        change = chance.randint(0, 4)
        if change == 0:
            text = text[:at] + text[end:]
        elif change == 1:
            text = text[:at] + chance.choice(WORDS + SIGNS + TERMS) + text[at:]
        elif change == 2:
            text = text[:at] + part * chance.randint(2, 6) + text[end:]
        elif change == 3:
            text = text[:at] + part[::-1] + text[end:]
        else:
            text = text[:at] + chr(chance.choice((0, 9, 13, 0x85, 0xA0, 0x2028, 0xFEFF, 0x10FFFF, 0x1F600))) + text[at:]
    return text
