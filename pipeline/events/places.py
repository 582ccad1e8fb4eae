"""Where an event happens: its own place, not any place in the article."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pipeline.events import syntax
from pipeline.events.tree import Token
from pipeline.events.triggers import Candidate, accepts, fillers

# "sur place", "au même moment": no place, though the word says so.
_EMPTY = frozenset({"place", "lieu", "moment", "cas", "cadre", "détriment", "centre", "fond", "sein", "tête", "cours", "instant"})
_FIGURATIVE = frozenset(
    "attentat attaque explosion accident incendie affaire nuit journée matinée soirée semaine mois but espoir série "
    "conflit guerre ordre temps cadre contexte opération fusillade combat combats affrontements violences "
    "conditions circonstances classement".split()
)
_LOCATIVE = frozenset({"à", "en", "dans", "sur", "près", "vers", "sous", "devant", "chez", "depuis", "entre"})

# Types whose clause names places of other things: what is voted, decided, judged, signed.
_PLACELESS = frozenset({"legislation", "government_crisis", "agreement", "negotiation", "support"})

# Classes of things that happen somewhere: a place named elsewhere in the sentence is mostly theirs.
_PHYSICAL = frozenset({"conflict", "disaster", "life", "movement", "unrest"})
# Classes whose place is said beside the trigger or not at all: a place elsewhere in the clause is that of something else.
_INDOORS = frozenset({"justice", "politics", "diplomacy", "personnel"})
_ABSTRACT = frozenset({"threat", "civil_status"})


def find_place(candidate: Candidate, lexicon: Mapping[str, frozenset[str]], taken: set[int]) -> tuple[Token, str] | None:
    """The place of the event and how it was found: from its role slots, its complements, or its clause."""
    for spec in candidate.trigger.roles.get("place", ()):
        slot, _, wanted = spec.partition(":")
        for head in fillers(candidate.token, candidate.head, slot.removesuffix("+")):
            if (
                head.i not in taken
                and head.lower_ not in _EMPTY
                and (not wanted or any(accepts(head, value, lexicon) for value in wanted.split("|")))
            ):
                return head, slot
    if candidate.trigger.event_class == "speech" or candidate.trigger.event_type in _PLACELESS:
        return None
    for scope, tokens in (("complement", _complements(candidate)), ("clause", syntax.clause_head(candidate.token).subtree)):
        if scope == "clause" and candidate.trigger.event_class in _INDOORS:
            break
        found = _best(tokens, candidate.token, lexicon, taken)
        if found is not None:
            return found, scope
    physical = candidate.trigger.event_class in _PHYSICAL and candidate.trigger.event_type not in _ABSTRACT
    if physical or candidate.trigger.event_type == "arrest":
        noun = _common_place(candidate, taken)
        if noun is not None:
            return noun, "complement"
    if physical:
        named = _sentence_place(candidate.token, lexicon, taken)
        if named is not None:
            return named, "sentence"
    return None


def _common_place(candidate: Candidate, taken: set[int]) -> Token | None:
    """The trigger's own complement that says in or before what ("dans un bus", "devant la gare"), be it no known place noun."""
    for word in dict.fromkeys((candidate.token, candidate.head)):
        for preposition in ("dans", "devant", "chez", "près"):
            for head in syntax.complements(word, preposition):
                free = head.i not in taken and head.i != candidate.token.i and head.lower_ not in _EMPTY
                if free and head.pos_ == "NOUN" and head.date is None and head.lower_ not in _FIGURATIVE:
                    return head
    return None


def _sentence_place(trigger: Token, lexicon: Mapping[str, frozenset[str]], taken: set[int]) -> Token | None:
    """The named place nearest to `trigger` in its sentence, wherever it hangs; who acts or undergoes is no place."""
    named = [
        token
        for token in trigger.sent
        if (mention := token.mention) is not None
        and mention.label == "LOC"
        and token.i not in taken
        and token.dep_ not in syntax.SUBJECTS
        and syntax.case_of(token) != "par"
        and not any(trigger.doc[index].mention is mention for index in taken)
        and not (token.dep_ == "nmod" and accepts(token.head, "human", lexicon))
        and not _is_rubric(token)
    ]
    return min(named, key=lambda token: (abs(token.i - trigger.i), token.i), default=None)


def _is_rubric(token: Token) -> bool:
    """The country before the colon of a headline ("France : un homme arrêté à Nice")."""
    return token.in_title and token.i <= 4 and any(other.text == ":" for other in token.doc[token.i + 1 : token.i + 3])


def _complements(candidate: Candidate) -> list[Token]:
    return [*candidate.token.subtree, *(candidate.head.subtree if candidate.head != candidate.token else ())]


def _best(tokens: Iterable[Token], trigger: Token, lexicon: Mapping[str, frozenset[str]], taken: set[int]) -> Token | None:
    """The named place nearest to the trigger, else the nearest noun for a place ("dans une prison")."""
    located = [
        token
        for token in tokens
        if token.i not in taken and syntax.case_of(token) in _LOCATIVE and token.lower_ not in _EMPTY and token.i != trigger.i
    ]
    named = [token for token in located if (mention := token.mention) is not None and mention.label == "LOC"]
    nouns = [token for token in located if token.mention is None and accepts(token, "@place", lexicon)]
    return min(named or nouns, key=lambda token: abs(token.i - trigger.i), default=None)
