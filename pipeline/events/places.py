"""Where an event happens: its own place, not any place in the article."""

from __future__ import annotations

from collections.abc import Mapping

from spacy.tokens import Token

from pipeline.events import syntax
from pipeline.events.triggers import Candidate, accepts
from pipeline.events.view import View

_LOCATIVE = frozenset({"à", "en", "dans", "sur", "près", "vers", "sous", "devant", "chez", "depuis", "entre"})


def find_place(
    candidate: Candidate, view: View, lexicon: Mapping[str, frozenset[str]], taken: set[int]
) -> tuple[Token, str] | None:
    """The place of the event and how it was found: from its role slots, its complements, or its clause."""
    for spec in candidate.trigger.roles.get("place", ()):
        slot, _, wanted = spec.partition(":")
        from pipeline.events.triggers import fillers

        for head in fillers(slot.removesuffix("+"), candidate.token, candidate.head, view):
            if head.i not in taken and (not wanted or any(accepts(head, value, view, lexicon) for value in wanted.split("|"))):
                return head, slot
    for scope, tokens in (("complement", candidate.token.subtree), ("clause", syntax.clause_head(candidate.token).subtree)):
        located = [token for token in tokens if _is_location(token, view) and token.i not in taken]
        if located:
            return min(located, key=lambda token: abs(token.i - candidate.token.i)), scope
    return None


def _is_location(token: Token, view: View) -> bool:
    mention = view.mention(token)
    return mention is not None and mention.label == "LOC" and syntax.case_of(token) in _LOCATIVE
