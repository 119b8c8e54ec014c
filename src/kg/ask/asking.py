"""Answer a question: the first plan that accounts for all its words, or what bears all of them out."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from pyoxigraph import Literal

from kg.ask.answer import Answer
from kg.ask.check import unaccounted, untold
from kg.ask.grammar import read_sentence
from kg.ask.grounds import ground
from kg.ask.joined import joined
from kg.ask.link import LONGEST, Span, link, mended
from kg.ask.parts import parts_of
from kg.ask.plan import All, Counted, Every, Group, Hop, Linked, Named, Records, Rows, Sides, Sum, Verdict, Without
from kg.ask.propose import propose
from kg.ask.rows import things_of, with_usual
from kg.ask.run import opposites, run
from kg.ask.say import coverage, one, sentence
from kg.ask.sentence import UNDISCLOSED
from kg.ask.suggest import suggestions
from kg.ask.told import is_none
from kg.ask.vocabulary import Meaning
from kg.ask.wording import plural, to_words
from kg.engines.asking import DAYS, as_of, select
from kg.errors import nearest
from kg.formats.result import Result
from kg.model.iris import KG, class_of
from kg.query.thing_names import Entry

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kg.ask.parts import Piece
    from kg.ask.plan import Plan, Things
    from kg.ask.propose import Proposal
    from kg.ask.rows import Outcome
    from kg.ask.sentence import Sentence
    from kg.ask.statements import Statements
    from kg.ask.vocabulary import Vocabulary
    from kg.engines.asking import Engine

__all__ = ["ask"]

_MOST_TOLD = 40
_OTHER = frozenset(
    [
        *("count", "why", "when", "who", "where", "how", "how long", "how large", "in percent", "average", "sum"),
        *("most", "fewest", "highest", "lowest", "earliest", "latest", "second", "not", "only", "every", "like"),
        *("untried", "per"),
    ]
)
_MOST_TRIED = 24
_MOST_MEANT = 3
_MEANT = {
    KG + name for name in ("ClinicalTrial", "Product", "Organization", "GeneticModification", "Disease", "Target")
}
_MEANT |= {KG + "Molecule"}
_ADVERSE = KG + "AdverseEvent"
_MOST_PIECES = 5
_MOST_NAMED = 16


def ask(engine: Engine, vocabulary: Vocabulary, statements: Callable[[], Statements], question: str) -> Answer:
    """Answer a question.

    Args:
        engine: the dataset.
        vocabulary: its words.
        statements: gives its statements, if they are needed.
        question: plain English.

    Returns:
        The answer; where the question is not understood, its status and sentence say so.
    """
    return _Asking(engine, vocabulary, statements, question).answer()


class _Asking:
    def __init__(
        self, engine: Engine, vocabulary: Vocabulary, statements: Callable[[], Statements], question: str
    ) -> None:
        self.engine, self.vocabulary, self.statements, self.question = engine, vocabulary, statements, question
        self.notes: list[str] = []
        self.spans: Sequence[Span] = ()
        self.near: list[tuple[int, Plan]] = []  # plans with how many words they miss
        self.empty: set[Plan] = set()  # those that give nothing

    def answer(self) -> Answer:
        """Return the answer, or what is near the question."""
        found = self._answer()
        if found.status == "answered" or not self.spans:
            return found
        near = [plan for _, plan in sorted(self.near, key=lambda item: item[0])]
        offered = suggestions(self.engine, self.vocabulary, self.statements(), self.spans, near, self.empty)
        return found._replace(suggestions=offered)

    def _answer(self) -> Answer:
        if len(self.question) > LONGEST:
            return self._left_open("not_understood", f"The question has more than {LONGEST} signs; ask a shorter one.")
        self.spans = self._linked()
        if not any(span.kind != "role" for span in self.spans):
            return self._left_open("not_understood", "The question names nothing that the graph knows.")
        unknown = [span.text for span in self.spans if span.kind == "unknown"]
        if unknown:
            known = read_sentence(self.vocabulary, [span for span in self.spans if span.kind != "unknown"])
            for proposal in islice(propose(self.vocabulary, known), _MOST_TRIED):
                self.near.append((len(unaccounted(known, proposal)), proposal.plan))
            told = "; nor ".join(f"'{word}'{nearest(word, self.vocabulary.names)}" for word in unknown)
            status = "not_in_graph" if any(_is_name(word) for word in unknown) else "not_understood"
            lead = "Not in the graph: " if status == "not_in_graph" else "I do not know the word "
            return self._left_open(status, f"{lead}{told}.", unknown)
        pieces = parts_of(self.spans)
        if 1 < len(pieces) <= _MOST_PIECES:
            whole = self._read(self.spans, is_told=False)
            answers = [] if whole.status == "answered" else self._in_parts(pieces)
            if answers:
                return joined(self.question, answers)
            return whole if whole.status == "answered" else self._read(self.spans, planned=whole)
        return self._read(self.spans)

    def _in_parts(self, pieces: Sequence[Piece]) -> list[Answer]:
        """Answer each part, of what earlier ones name or of what answers them; none if one is not understood.

        So "it", "that antibody" and a part that says nothing of whose phase it asks mean what stands before.
        """
        answers: list[Answer] = []
        found: list[list[Span]] = []
        for piece in pieces:
            answer = None
            for before in [*reversed(found), piece.before]:
                own = {span.text for span in piece.own}
                if not before and not piece.is_of_its_own:
                    continue
                lead = [span._replace(after=";") for span in before if span.text not in own]
                answer = self._read([*lead, *piece.own])
                if answer.status == "answered":
                    break
            if answer is not None and answer.status == "answered":
                if things := self._antecedent(answer):
                    found.append([things])
                if piece.asks:
                    answers.append(answer)
            elif piece.asks or not piece.is_of_things:
                return []
        return answers

    def _antecedent(self, answer: Answer) -> Span | None:
        """Return the few things that answer a part as a mention of them."""
        firsts: dict[str, str] = {}
        for iris, cells in zip(answer.ids, answer.result.rows, strict=True):
            if iris[0] and isinstance(cells[0], Literal):
                firsts[iris[0]] = cells[0].value
        if not firsts or len(firsts) > _MOST_MEANT or answer.result.columns[0] in ("about", "measure"):
            return None
        entries = tuple(Entry(iri, label, class_of(iri)) for iri, label in firsts.items())
        if any(entry.class_iri not in _MEANT for entry in entries):
            return None
        return Span("mention", " or ".join(firsts.values()), Meaning(entries))

    def _read(self, spans: Sequence[Span], *, is_told: bool = True, planned: Answer | None = None) -> Answer:
        """Answer what spans ask: by the first plan that accounts for all of them, or by what bears all of them out.

        Args:
            spans: the question, or a part of it.
            is_told: whether statements can answer it too.
            planned: what plans gave for these spans, where they were tried before.
        """
        said = read_sentence(self.vocabulary, spans)
        if len(said.items) > _MOST_NAMED:
            return self._left_open("not_understood", "The question names too much at once; ask it in parts.")
        planned = planned or self._planned(said)
        if planned.status == "answered":
            return planned
        return self._told(said, is_told=is_told) or planned

    def _planned(self, said: Sentence) -> Answer:
        """Answer by the first plan that accounts for all words; if another differs, the question is left open."""
        empty: Answer | None = None
        left: list[str] = []
        kind = ""
        found: tuple[Proposal, Outcome] | None = None
        for proposal in islice(propose(self.vocabulary, said), _MOST_TRIED):
            if found and proposal.turn != found[0].turn:
                break
            words = unaccounted(said, proposal)
            if words or not proposal.silent:
                self.near.append((len(words), proposal.plan))
            if words:
                left = left if left and len(left) <= len(words) else words
                continue
            if kind and proposal.kind != kind:
                continue  # nothing is recorded of what was asked: of something else it was not asked
            if proposal.silent:
                denied = self._denied(proposal)
                if denied.status == "answered":
                    return denied
                empty = empty or denied
                continue
            outcome = run(self.engine, self.vocabulary.schema, proposal.plan)
            if outcome.rows and not self._is_nothing(proposal.plan, outcome):
                if found and _differ(found, (proposal, outcome)):
                    return self._two(found[0].plan, proposal.plan)
                found = found or (proposal, outcome)
            elif not found:
                self.empty.add(proposal.plan)
                empty, kind = empty or self._empty(proposal.plan, outcome), proposal.kind
        if found:
            return self._counted_too(said, self._answered(found[0].plan, found[1]), found[0].plan)
        named = ", ".join(f"'{word}'" for word in left) or "all that is named"
        return empty or self._left_open("not_understood", f"I cannot account for {named}.", left)

    def _counted_too(self, said: Sentence, answer: Answer, plan: Plan) -> Answer:
        """Return a count with what a document says of it itself, for the two can differ."""
        also = self.statements().find(said) if isinstance(plan, Counted) and not untold(said) else None
        if not also or len(also.keys) > _MOST_MEANT:
            return answer
        outcome = run(self.engine, self.vocabulary.schema, also)
        if not outcome.rows:
            return answer
        said_too = "; ".join(one(row) for row in outcome.rows)
        evidence = ground(self.engine, outcome.triples, outcome.records).evidence
        return answer._replace(
            sentence=f"{answer.sentence} A document says: {said_too}.",
            evidence=[*answer.evidence, *(item for item in evidence if item not in answer.evidence)],
        )

    def _told(self, said: Sentence, *, is_told: bool) -> Answer | None:
        """Answer by all that is said of one thing, if no more is named, or by statements that bear all words out."""
        if len(said.items) == 1 and len(said.items[0].things) == 1 and not said.has(*_OTHER):
            about = Records(self.statements().of(said.items[0].things[0].iri))
            if about.keys:
                return self._answered(about, run(self.engine, self.vocabulary.schema, about))
        plan = self.statements().find(said) if is_told and not untold(said) else None
        if plan and plan.kind == _ADVERSE and len(plan.keys) > _MOST_TOLD and not plan.order:  # each once
            plan = replace(plan, order="highest", most=len(plan.keys))
        is_short = plan and (len(plan.keys) <= _MOST_TOLD or plan.kind == KG + "CombinationAgent")
        if plan and (is_short or plan.order or plan.test):
            outcome = run(self.engine, self.vocabulary.schema, plan)
            if outcome.rows:
                is_no = said.is_yes_no and all(is_none(row[-1].text) for row in outcome.rows)
                return self._answered(plan, outcome, ("No.",) if is_no else ())
        return None

    def _linked(self) -> list[Span]:
        """Return the spans, with a misspelt word mended where it can mean one name alone."""
        question = self.question
        spans = link(self.vocabulary, question)
        for span in spans:
            if span.kind == "unknown" and (other := mended(self.vocabulary, span.text)):
                self.notes.append(f"I read '{span.text}' as '{other}'.")
                question = question.replace(span.text, other)
        return link(self.vocabulary, question) if self.notes else spans

    @staticmethod
    def _is_nothing(plan: Plan, outcome: Outcome) -> bool:
        """Say whether a count is of nothing known, or a verdict is open."""
        if isinstance(plan, Rows) and plan.columns:
            return all(cell.shown is None for row in outcome.rows for cell in row[-len(plan.columns) :])
        return (isinstance(plan, Counted) and not outcome.fitting) or (isinstance(plan, Sides) and not outcome.triples)

    def _answered(self, plan: Plan, outcome: Outcome, notes: Sequence[str] = ()) -> Answer:
        schema = self.vocabulary.schema
        grounds = ground(self.engine, outcome.triples, outcome.records)
        told = (
            None
            if isinstance(plan, Sum | Group | Verdict)
            else coverage(self.engine, schema, plan, outcome, self.vocabulary.listed)
        )
        conflicting = {thing for triple in grounds.unresolved for thing in outcome.triples.get(triple, ())}
        if told and conflicting:
            told |= {"yes": told["yes"] - len(conflicting & outcome.fitting), "conflicting": len(conflicting)}
        lead = " ".join([*self.notes, *notes])
        said = sentence(schema, plan, outcome, grounds)
        columns = getattr(plan, "columns", ())
        asked = outcome.columns[-len(columns) :] if columns else ()
        if usual := with_usual(self.engine, schema, plan, outcome):
            outcome, asked = usual
            more = {triple: found for triple, found in outcome.triples.items() if triple not in grounds.triples}
            grounds = grounds.with_more(ground(self.engine, more, []))
        result = Result(outcome.columns, [tuple(cell.shown for cell in row) for row in outcome.rows])
        return Answer(
            self.question,
            self._as_of({item["document"] for item in grounds.evidence}),
            "answered",
            f"{lead} {said}" if lead else said,
            to_words(schema, plan),
            outcome.sparql,
            result,
            [tuple(cell.iri for cell in row) for row in outcome.rows],
            told,
            grounds.conflicts,
            grounds.evidence,
            words=self._words(),
            asked=asked,
        )

    def _words(self) -> list[tuple[str, str]]:
        """Return the words of the question with what they were taken for."""
        found = []
        for span in self.spans:
            meaning = span.meaning
            names = [f"{self.vocabulary.schema.classes[it.class_iri].label} {it.label}" for it in meaning.things]
            names += [self.vocabulary.schema.classes[iri].label for iri in meaning.classes]
            names += [self.vocabulary.schema.properties[iri].label for iri in meaning.properties]
            names += [text for _, text in meaning.values]
            names += [role for role, _ in span.roles] if not names else []
            found.append((span.text, " or ".join(dict.fromkeys(names)) or span.kind))
        return found

    def _as_of(self, documents: set[str]) -> str:
        """Return the day of the data of the documents that the rows rest on, or of all where they rest on none."""
        days = {label.value: day.value for label, day in select(self.engine, DAYS)}
        return max((day for label, day in days.items() if label in documents), default=max(days.values(), default=""))

    def _empty(self, plan: Plan, outcome: Outcome) -> Answer:
        words = to_words(self.vocabulary.schema, plan)
        lead = " ".join(self.notes)
        said = f"{outcome.verdict or 'Nothing is recorded'}: {words}."
        return self._left_open("empty", f"{lead} {said}" if lead else said)._replace(
            interpretation=words, sparql=outcome.sparql
        )

    def _denied(self, proposal: Proposal) -> Answer:
        """Answer what is denied of things: by those of which it is denied, for silence is no denial.

        How many have it, and of how many nothing is said, is told beside them.
        """
        schema, plan = self.vocabulary.schema, proposal.plan
        assert isinstance(plan, Rows | Counted)
        base = plan.things
        parts = base.parts if isinstance(base, All) else (base,)
        whole = things_of(self.engine, schema, plan.kind, base)
        have = things_of(self.engine, schema, plan.kind, All((*parts, *proposal.silent)))
        words = to_words(schema, type(plan)(Without(base, proposal.silent[0]), plan.kind))
        for other in (other for part in proposal.silent for other in self._denials(part)):
            denied = type(plan)(All((*parts, other)), plan.kind)
            outcome = run(self.engine, schema, denied)
            if outcome.fitting:
                rest = len(whole - have - outcome.fitting)
                told = {"yes": len(outcome.fitting), "no": len(have), "not_reported": rest, "conflicting": 0}
                return self._answered(denied, outcome, ())._replace(coverage=told)
        kind = plural(schema.classes[plan.kind].label, len(whole))
        known = f" {len(have)} are recorded with it, and" if have else ""
        silent = f"of {len(whole)} {kind}{known} {len(whole - have)} are silent, and silence is no denial"
        answer = self._left_open("empty", f"No document says so of any: {silent} ({words}).")
        told = {"yes": 0, "no": len(have), "not_reported": len(whole - have), "conflicting": 0}
        return answer._replace(interpretation=words, coverage=told if have else None)

    def _two(self, one: Plan, other: Plan) -> Answer:
        """Leave open what can mean two things, and offer both."""
        schema = self.vocabulary.schema
        self.near = [(0, one), (0, other)]
        said = f"It can mean two things: {to_words(schema, one)}; or {to_words(schema, other)}."
        return self._left_open("not_understood", said)

    def _denials(self, part: Things) -> list[Things]:
        """Return the conditions by which one is denied: a statement of the contrary, or that it is not disclosed."""
        if isinstance(part, Linked) and isinstance(part.to, Every):
            aspect = self.vocabulary.aspects.get(part.to.kind)
            hop = Hop(UNDISCLOSED, True, KG + "Aspect")
            return [Linked(((hop,),), Named((aspect,)))] if aspect and all(len(way) == 1 for way in part.ways) else []
        return list(opposites(self.vocabulary.schema, part))

    def _left_open(self, status: str, said: str, unknown: Sequence[str] = ()) -> Answer:
        return Answer(self.question, as_of(self.engine), status, said, unknown_words=list(unknown))


def _is_name(word: str) -> bool:
    return any(sign.isdigit() or sign.isupper() for sign in word[1:])


def _differ(one: tuple[Proposal, Outcome], other: tuple[Proposal, Outcome]) -> bool:
    """Say whether two plans for things of one class mean different things."""
    plans = (one[0].plan, other[0].plan)
    return (
        one[0].kind == other[0].kind
        and all(isinstance(plan, Rows | Counted) for plan in plans)
        and one[1].fitting != other[1].fitting
    )
