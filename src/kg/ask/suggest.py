"""What is offered where nothing is answered: questions that can be, and statements that tell of what was named."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kg.ask.english import stem
from kg.ask.grounds import ground
from kg.ask.plan import All, Counted, Linked, Rows, Valued
from kg.ask.run import run
from kg.ask.told import told
from kg.ask.wording import to_words
from kg.model.iris import KG
from kg.query.thing_names import fold

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from kg.ask.link import Span
    from kg.ask.plan import Plan
    from kg.ask.statements import Statements
    from kg.ask.vocabulary import Vocabulary
    from kg.engines.asking import Engine

__all__ = ["suggestions"]

MOST_QUESTIONS, MOST_STATEMENTS = 3, 5
_MOST_RUN = 8
_MOST_WAYS = 2  # what hangs together in more ways is not what was meant
_FEWEST_SHARED = 2


def suggestions(
    engine: Engine,
    vocabulary: Vocabulary,
    statements: Statements,
    spans: Sequence[Span],
    near: Sequence[Plan],
    empty: Collection[Plan],
) -> list[dict[str, Any]]:
    """Return what is near a question.

    Args:
        engine: the dataset.
        vocabulary: its words.
        statements: its statements.
        spans: the question.
        near: plans that account for most of its words.
        empty: those of them that give nothing.

    Returns:
        At most three questions, each a mapping with ``kind`` ``question``, ``text`` and either ``sparql``, or
        ``query`` (of the catalogue) with ``parameters``, or ``command``; then at most five with ``kind``
        ``statement``, ``text`` and ``evidence``.
    """
    questions: dict[str, dict[str, Any]] = {}
    for found in (*_commands(spans), *_from_plans(engine, vocabulary, near, empty), *_from_catalogue(spans)):
        questions.setdefault(found["text"], found)
        if len(questions) == MOST_QUESTIONS:
            break
    return [*questions.values(), *_statements(engine, statements, spans)]


def _commands(spans: Sequence[Span]) -> Iterator[dict[str, Any]]:
    """Yield the commands that are meant: likeness, comparison, what nobody tries."""
    products = [thing.label for span in spans for thing in span.meaning.things if thing.class_iri == KG + "Product"]
    if any(span.does("untried") for span in spans):
        yield {
            "kind": "question",
            "text": "Which targets and diseases are each studied, but not together?",
            "command": "kg analyze whitespace",
        }
    if products and any(span.does("like") for span in spans):
        text = f"Which products are most like {products[0]}?"
        yield {"kind": "question", "text": text, "command": f"kg analyze similar '{products[0]}'"}
    if len(products) > 1 and any(span.does("compare", "more", "like") for span in spans):
        text = f"What do {products[0]} and {products[1]} share, and in what do they differ?"
        yield {"kind": "question", "text": text, "command": f"kg compare '{products[0]}' '{products[1]}'"}


def _from_plans(
    engine: Engine, vocabulary: Vocabulary, near: Sequence[Plan], empty: Collection[Plan]
) -> Iterator[dict[str, Any]]:
    """Yield the plans that give something; of those that give nothing, with one condition left out."""
    tried = 0
    for plan in near:
        for other in (*(() if plan in empty else (plan,)), *_shorter(plan)):
            if tried == _MOST_RUN or not _is_plain(other):
                continue
            tried += 1
            outcome = run(engine, vocabulary.schema, other)
            if outcome.rows and (outcome.number is None or outcome.number):
                yield {"kind": "question", "text": to_words(vocabulary.schema, other), "sparql": outcome.sparql}
                break


def _shorter(plan: Plan) -> Iterator[Plan]:
    """Yield a plan with less: nothing shown beside the things, or one condition left out."""
    if isinstance(plan, Rows) and plan.columns:
        yield Rows(plan.things, plan.kind)
    if isinstance(plan, Rows | Counted) and isinstance(plan.things, All) and len(plan.things.parts) > 2:
        first, *rest = plan.things.parts
        for number in range(len(rest) - 1, -1, -1):
            yield plan.__class__(All((first, *rest[:number], *rest[number + 1 :])), plan.kind)


def _is_plain(plan: Plan) -> bool:
    things = getattr(plan, "things", None)
    parts = things.parts if isinstance(things, All) else (things,)
    limited = [part for part in parts if isinstance(part, Linked | Valued)]
    return bool(limited) and all(len(part.ways) <= _MOST_WAYS for part in limited)


def _from_catalogue(spans: Sequence[Span]) -> Iterator[dict[str, Any]]:
    """Yield the queries of the catalogue whose question shares most words, with what was named as parameters."""
    from kg.query.catalogue import iter_queries

    words = {stem(word) for span in spans if not span.does("function") for word in fold(span.text).split()}
    named = [thing for span in spans for thing in span.meaning.things]
    ranked = []
    for query in iter_queries():
        summary = next((line[11:] for line in query.text.splitlines() if line.startswith("#+ summary:")), "").strip()
        shared = words & {stem(word) for word in fold(summary).split()}
        if len(shared) >= _FEWEST_SHARED:
            ranked.append((-len(shared), len(summary), summary, query))
    for *_, summary, query in sorted(ranked, key=lambda item: item[:3])[:MOST_QUESTIONS]:
        parameters: dict[str, str] = {}
        for name, declared in query.parameters.items():
            kind = str(declared).split(",")[0].replace("kg:", KG)
            found = [thing.label for thing in named if thing.class_iri == kind]
            parameters |= {name: found[0]} if found else {}
        filled = f" ({', '.join(f'{name}: {value}' for name, value in parameters.items())})" if parameters else ""
        yield {"kind": "question", "text": f"{summary}{filled}", "query": query.path.stem, "parameters": parameters}


def _statements(engine: Engine, statements: Statements, spans: Iterable[Span]) -> list[dict[str, Any]]:
    """Return the statements that tell most of what was named, in words, each with its evidence."""
    found = []
    for key in statements.nearest(spans, MOST_STATEMENTS):
        _, rows, records, triples, _ = told(engine, [key])
        for row in rows[:1]:
            *names, said = row
            lead = " ".join(shown.value for _, shown in names[:2] if shown is not None)
            name = names[2][1]
            text = f"{lead} {name.value}" if len(key) > 1 and name is not None else f"{lead}: {said[1].value}"
            evidence = ground(engine, triples, records).evidence
            found.append({"kind": "statement", "text": text, "evidence": evidence})
    return found
