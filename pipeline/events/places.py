"""Where an event happens: its own place, not any place in the article."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from spacy.tokens import Token

from pipeline.events import syntax
from pipeline.events.triggers import Candidate, accepts, fillers
from pipeline.events.view import View

# "sur place", "au même moment": no place, though the word says so.
_EMPTY = frozenset({"place", "lieu", "moment", "cas", "cadre", "détriment", "centre", "fond", "sein", "tête", "cours", "instant"})
_LOCATIVE = frozenset({"à", "en", "dans", "sur", "près", "vers", "sous", "devant", "chez", "depuis", "entre"})

# Types whose clause names places of other things: what is voted, decided, judged, signed.
_PLACELESS = frozenset({"legislation", "government_crisis", "agreement", "negotiation", "support"})


def find_place(
    candidate: Candidate, view: View, lexicon: Mapping[str, frozenset[str]], taken: set[int]
) -> tuple[Token, str] | None:
    """The place of the event and how it was found: from its role slots, its complements, or its clause."""
    for spec in candidate.trigger.roles.get("place", ()):
        slot, _, wanted = spec.partition(":")
        for head in fillers(slot.removesuffix("+"), candidate.token, candidate.head, view):
            if head.i not in taken and (not wanted or any(accepts(head, value, view, lexicon) for value in wanted.split("|"))):
                return head, slot
    if candidate.trigger.event_class == "speech" or candidate.trigger.event_type in _PLACELESS:
        return None
    for scope, tokens in (("complement", _complements(candidate)), ("clause", syntax.clause_head(candidate.token).subtree)):
        found = _best(tokens, candidate.token, view, lexicon, taken)
        if found is not None:
            return found, scope
    return None


def _complements(candidate: Candidate) -> list[Token]:
    return [*candidate.token.subtree, *(candidate.head.subtree if candidate.head != candidate.token else ())]


def _best(
    tokens: Iterable[Token], trigger: Token, view: View, lexicon: Mapping[str, frozenset[str]], taken: set[int]
) -> Token | None:
    """The named place nearest to the trigger, else the nearest noun for a place ("dans une prison")."""
    located = [token for token in tokens if token.i not in taken and syntax.case_of(token) in _LOCATIVE]
    named = [token for token in located if (mention := view.mention(token)) is not None and mention.label == "LOC"]
    nouns = [token for token in located if view.mention(token) is None and accepts(token, "@place", view, lexicon)]
    return min(named or nouns, key=lambda token: abs(token.i - trigger.i), default=None)
