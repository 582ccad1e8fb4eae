"""Who, to whom, what, where, how many: every phrase near an event may fill a role, and one model says which, if any."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from pipeline.events.arguments import Argument
from pipeline.events.learned.cues import Matrix
from pipeline.events.learned.network import Network, features
from pipeline.events.learned.phrases import Option, Phrases
from pipeline.events.ontology import Ontology
from pipeline.events.tree import Doc, Token
from pipeline.events.triggers import Candidate
from pipeline.events.view import View

NONE = "none"
# The probability from which a role is filled, chosen by cross-validation.
_LEAST = {NONE: np.inf, "actor": 0.3, "recipient": 0.3, "theme": 0.3, "place": 0.3, "quantity": 0.2}
_COORDINATED = 0.1  # the one from which a number is taken beside the one it is coordinated with: "trois morts et quatre blessés"
# The one from which a role is filled once more, unless by a phrase coordinated with one that has it.
_AGAIN = {"actor": 0.5, "recipient": 0.45, "theme": 0.6, "place": np.inf, "quantity": 0.0}
_RULED = 0.05  # of two phrases about as likely the one that a rule finds as well
_LINKS = frozenset({"ADP", "CCONJ", "SCONJ", "PUNCT"})
_TOLLS = frozenset({"death", "injury", "killing"})  # told beside what caused them: "deux morts dans l'incendie"


@dataclass(frozen=True, slots=True)
class Filled:
    """The arguments of an event.

    Attributes:
        arguments: role by role, the surest of a role first.
        best: how likely the likeliest phrase of every role has it.
    """

    arguments: Sequence[Argument]
    best: Mapping[str, float]


def judge(
    found: Sequence[Candidate], view: View, ontology: Ontology, likeness: Matrix, model: Network, hopeless: frozenset[str]
) -> list[Filled]:
    """The arguments of every event; `likeness` is what their words are like (`network.features`)."""
    if not found:
        return []
    phrases, labels = Phrases(view, ontology, found, hopeless), model.labels
    offered = [[option for option in phrases.options(candidate) if _names_something(option)] for candidate in found]
    shares = _shares(offered, view.doc, likeness, model)
    owners = _owners(found, offered, shares[:, labels.index("quantity")].tolist())
    filled, rows, nothing = [], iter(shares.tolist()), [0.0] * len(labels)
    for candidate, options in zip(found, offered, strict=True):
        own = list(islice(rows, len(options)))
        best = dict(zip(labels, map(max, zip(nothing, *own, strict=True)), strict=True))
        filled.append(Filled([each for each in decode(options, own, labels) if _is_owner(candidate, each, owners)], best))
    return filled


def _names_something(option: Option) -> bool:
    """No conjunction that the parser takes for an object ("extradé puis jugé"), and a length of time only where it counts."""
    return option.head.pos_ not in _LINKS and (option.quantity is not None or option.head.date is None)


def _shares(offered: Sequence[Sequence[Option]], doc: Doc, likeness: Matrix, model: Network) -> Matrix:
    """How likely each role is for every option of all events, one row an option."""
    flat = [option for options in offered for option in options]
    heads = list(dict.fromkeys(option.head.i for option in flat))
    at = {index: row for row, index in enumerate(heads)}
    return model.probabilities(
        [option.cues for option in flat],
        (likeness, np.repeat(np.arange(len(offered)), [len(options) for options in offered])),
        (features(doc, heads), [at[option.head.i] for option in flat]),
    )


def _owners(
    found: Sequence[Candidate], offered: Sequence[Sequence[Option]], shares: Sequence[float]
) -> dict[tuple[int, int], tuple[float, str]]:
    """Of every number phrase the likeliest type of what caused it: one quake and one fire do not share their dead."""
    owners: dict[tuple[int, int], tuple[float, str]] = {}
    told = ((candidate, option) for candidate, options in zip(found, offered, strict=True) for option in options)
    for (candidate, option), share in zip(told, shares, strict=True):
        if option.quantity is not None and candidate.trigger.event_type not in _TOLLS:
            key = option.first, option.last
            owners[key] = max(owners.get(key, (0.0, "")), (share, candidate.trigger.event_type))
    return owners


def _is_owner(candidate: Candidate, argument: Argument, owners: Mapping[tuple[int, int], tuple[float, str]]) -> bool:
    if argument.role != "quantity" or candidate.trigger.event_type in _TOLLS:
        return True
    return owners.get((argument.first, argument.last), (0.0, candidate.trigger.event_type))[1] == candidate.trigger.event_type


def decode(options: Sequence[Option], shares: Sequence[Sequence[float]], roles: Sequence[str]) -> list[Argument]:
    """The arguments of one event, role by role, the surest of a role first.

    Args:
        options: the phrases; none is taken twice.
        shares: how likely every phrase has every role, options x roles.
        roles: the roles.
    """
    least = [_COORDINATED if role == "quantity" else _LEAST[role] for role in roles]
    ranked = sorted(
        (
            (share + _RULED * _is_ruled(options[number], roles[column]), -number, column)
            for number, row in enumerate(shares)
            for column, share in enumerate(row)
            if share >= least[column] and not _is_number(options[number], roles[column])
        ),
        reverse=True,
    )
    taken: list[Argument] = []
    heads: set[int] = set()
    joined: set[tuple[str, int]] = set()  # by role, the phrases that begin the coordinations taken
    for share, number, column in ranked:
        option, role = options[-number], roles[column]
        begin = role, _first_conjunct(option.head).i
        if begin not in joined and shares[-number][column] < _LEAST[role]:
            continue
        again = begin not in joined and any(role == other.role for other in taken)
        if option.head.i in heads or (again and share < _AGAIN[role]) or any(_collide(option, role, other) for other in taken):
            continue
        heads.add(option.head.i)
        joined.add(begin)
        taken.append(_argument(option, role))
    return sorted(taken, key=lambda each: _ORDER[each.role])


def _first_conjunct(head: Token) -> Token:
    """The word that `head` is coordinated with, or `head` itself."""
    while head.dep_ == "conj" and head.head is not head:
        head = head.head
    return head


def _is_ruled(option: Option, role: str) -> bool:
    return option.rule is not None and option.rule.role == role


def _is_number(option: Option, role: str) -> bool:
    """A bare number does nothing: "salué par vingt et un coups de canon"."""
    return role == "actor" and option.head.pos_ == "NUM"


def _collide(option: Option, role: str, other: Argument) -> bool:
    """Whether the two cannot both be: only a place may lie in a phrase of another role ("deux hommes à Rennes")."""
    apart = role != other.role and "place" in {role, other.role}
    return option.first <= other.last and other.first <= option.last and not apart


_ORDER: Mapping[str, int] = {"actor": 0, "recipient": 1, "theme": 2, "place": 3, "quantity": 4}


def _argument(option: Option, role: str) -> Argument:
    quantity = option.quantity if role == "quantity" else None
    if option.rule is not None and _is_ruled(option, role):
        return option.rule
    return Argument(role, option.first, option.last, "learned", quantity)
