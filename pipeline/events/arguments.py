"""Fills the roles of an event: who, to whom, what, where - from the slots its trigger names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from spacy.tokens import Token

from pipeline.events import syntax
from pipeline.events.antecedents import resolve
from pipeline.events.ontology import EventType
from pipeline.events.places import find_place
from pipeline.events.quantities import Quantity, quantities_of
from pipeline.events.triggers import Candidate, accepts, fillers
from pipeline.events.view import View


@dataclass(frozen=True, slots=True)
class Argument:
    """A filled role: the token span `first..last` (inclusive) and how it was found."""

    role: str
    first: int
    last: int
    method: str
    quantity: Quantity | None = None


def find_arguments(
    candidate: Candidate, event_type: EventType, view: View, lexicon: Mapping[str, frozenset[str]]
) -> list[Argument]:
    """The arguments of the event that `candidate` names, each token span at most once."""
    found: list[Argument] = []
    taken: set[int] = set()
    quantities = quantities_of(candidate, event_type, view, lexicon)
    for quantity in quantities:
        found.append(Argument("quantity", quantity.first, quantity.last, "number", quantity))
        taken.add(quantity.head)
    for role, slots in candidate.trigger.roles.items():
        if role in {"quantity", "place"}:
            continue
        for head, slot in _role_fillers(slots, candidate, view, lexicon):
            resolved = resolve(head, view)
            if resolved is None or resolved.i in taken or resolved.i == candidate.token.i:
                continue
            named = name_of(resolved, view)
            if named is not None and named.i in taken:
                continue
            taken |= {resolved.i} | ({named.i} if named is not None else set())
            first, last = _span(resolved, view)
            found.append(Argument(role, first, last, slot if resolved == head else f"{slot}, antecedent"))
    place = find_place(candidate, view, lexicon, taken)
    if place is not None:
        found.append(Argument("place", *_span(place[0], view), place[1]))
    return found


def _role_fillers(
    slots: tuple[str, ...], candidate: Candidate, view: View, lexicon: Mapping[str, frozenset[str]]
) -> Iterator[tuple[Token, str]]:
    """The fillers of the first slot that has any, and those of every slot marked with +."""
    done = False
    for spec in slots:
        slot, _, wanted = spec.partition(":")
        always, slot = slot.endswith("+"), slot.removesuffix("+")
        if done and not always:
            continue
        for head in fillers(slot, candidate.token, candidate.head, view):
            if not wanted or any(accepts(head, value, view, lexicon) for value in wanted.split("|")):
                done = True
                yield head, slot


def name_of(head: Token, view: View) -> Token | None:
    """The token whose name the phrase of `head` carries: itself, or a person's name in apposition ("la ministre, Anne Roux")."""
    if view.mention(head) is not None:
        return head
    for child in head.children:
        mention = view.mention(child)
        if mention is None or child.i < head.i:
            continue
        if child.dep_ in {"flat:name", "flat"} or (child.dep_ in {"appos", "nmod"} and child.i == head.i + 1):
            return child
        if child.dep_ == "appos" and mention.label == "PER":
            return child
    return None


def _span(head: Token, view: View) -> tuple[int, int]:
    """The name where the phrase has one ("le président François Hollande" -> the name), else the noun phrase."""
    named = name_of(head, view)
    if named is None:
        return syntax.noun_phrase(head)
    mention, first, last = view.mention(named), named.i, named.i
    while view.mention_at.get(first - 1) is mention:
        first -= 1
    while view.mention_at.get(last + 1) is mention:
        last += 1
    return first, last
