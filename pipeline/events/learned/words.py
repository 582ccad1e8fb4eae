"""Which word names an event of which type: the rules' winners, what their conditions refused, and words no rule knows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from pipeline.events.learned import loglinear
from pipeline.events.learned.loglinear import LogLinear
from pipeline.events.ontology import KINDS, Ontology
from pipeline.events.tree import Token, once
from pipeline.events.triggers import Candidate, candidates, entity_label, is_number, is_verbal, winners
from pipeline.events.view import View

NONE = "none"
# Cues whose value is a type share one weight over all types beside their own: what is learned of one holds for the rare ones.
TIED = frozenset({"wins", "fires", "misses", "barred", "told", "told and wins"})
_LEAST = 0.3  # probability of the type that most words are of which are found; where the F1 of typed events is best
_MORPHOLOGY = ("VerbForm", "Tense", "Number", "Mood")
_NEAR = 12  # tokens
_CONTENT = frozenset({"NOUN", "VERB", "ADJ", "PROPN"})


def said(token: Token) -> str:
    """The word as it is said; a line break, whatever its length, as one sign."""
    return "¶" if token.is_space else token.lower_


@once()
def kind_of(token: Token, view: View, ontology: Ontology) -> str:
    """What `token` is: the label of its name, a word class of the lexicon, a number, a date, else its part of speech."""
    label = entity_label(token, view)
    if label is not None:
        return label
    if view.date(token) is not None:
        return "date"
    classes = ontology.classes
    first = min(classes.get(token.lemma_.lower(), len(KINDS)), classes.get(token.lower_, len(KINDS)))
    if first < len(KINDS):
        return KINDS[first]
    return "number" if is_number(token) else token.pos_


def is_event_word(token: Token, view: View) -> bool:
    """Whether `token` may name an event: a content word of the prose, no date, no part of a name but of works and things."""
    if token.pos_ not in _CONTENT or len(token) < 3 or not view.is_prose(token):
        return False
    mention = view.mention(token)
    return any(map(str.isalpha, token.text)) and (mention is None or mention.label == "MISC") and view.date(token) is None


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one article that may name events, and what the rules say of them."""

    view: View
    ontology: Ontology
    words: Sequence[Token]
    tried: Mapping[int, Sequence[Candidate]]  # by token index
    winners: Mapping[int, Candidate]
    often: frozenset[str]  # the types that more than one winner has

    def of(self, token: Token) -> list[str]:
        """The cues of `token`."""
        return self._word(token) + list(self._rules(token)) + self._around(token)

    def _word(self, token: Token) -> list[str]:
        lemma, lower = token.lemma_.lower(), token.lower_
        cues = [f"word={lower}", f"lemma={lemma}", f"ending={lower[-4:]}"]
        cues += [f"pos={token.pos_}", f"dep={token.dep_}", f"lemma={lemma} {token.pos_}"]
        for feature in _MORPHOLOGY:
            if feature in token.morph:
                cues += [f"{feature}={value}" for value in token.morph[feature]]
        known = {trigger.lemma for trigger in self.ontology.triggers.get(lower, ()) if trigger.kind != "phrase"}
        cues += [f"trigger={word}" for word in sorted(known)]
        if self.view.in_title(token):
            cues.append("title")
        if self.view.in_quotation(token):
            cues.append("quoted")
        mention = self.view.mention(token)
        if mention is not None:
            cues.append(f"name={mention.label}")
        return cues

    def _rules(self, token: Token) -> Iterator[str]:
        winner = self.winners.get(token.i)
        if winner is not None:
            yield from ("wins", f"wins={winner.trigger.event_type}", f"wins by={winner.trigger.rule_id}")
            yield f"sure={winner.trigger.confidence:.1f}"
            if winner.trigger.event_type in self.often:
                yield f"told and wins={winner.trigger.event_type}"
        tried = {candidate.trigger.event_type for candidate in self.tried.get(token.i, ())}
        yield from (f"told={event_type}" for event_type in sorted(tried & self.often))
        for candidate in self.tried.get(token.i, ()):
            event_type = candidate.trigger.event_type
            if candidate.failed is None:
                yield from (f"fires={event_type}", f"fires by={candidate.trigger.rule_id}")
            else:
                how = "misses" if candidate.failed.wanted else "barred"
                yield from (f"{how}={event_type}", f"{how} on={candidate.failed.slot}", f"{how} by={candidate.trigger.rule_id}")
                yield f"refused={event_type}"

    def _around(self, token: Token) -> list[str]:
        doc, i = token.doc, token.i
        cues = []
        if i > 0:
            cues += [f"-1={said(doc[i - 1])}", f"-1={doc[i - 1].pos_}"]
        if i + 1 < len(doc):
            cues += [f"+1={said(doc[i + 1])}", f"+1={doc[i + 1].pos_}"]
        for child in token.children:
            if child.dep_ != "punct":
                cues.append(f"over={child.dep_} {kind_of(child, self.view, self.ontology)}")
        if token.head is not token:
            cues.append(f"under={token.dep_} {kind_of(token.head, self.view, self.ontology)}")
        near = range(max(token.sent.start, i - _NEAR), min(token.sent.end, i + _NEAR + 1))
        types = {self.winners[j].trigger.event_type for j in near if j in self.winners and j != i}
        return cues + [f"near={event_type}" for event_type in sorted(types)]

    def vectors(self) -> loglinear.Matrix:
        """The word vector of every word beside the mean vector of the article, both of length one (or zero)."""
        doc = self.view.doc
        content = doc.vectors[[token.i for token in doc if token.pos_ in _CONTENT]]
        topic = loglinear.units(content.sum(axis=0, keepdims=True))
        own = loglinear.units(doc.vectors[[token.i for token in self.words]])
        return np.hstack([own, np.repeat(topic, len(own), axis=0)])


def look(view: View, ontology: Ontology) -> Words:
    """Lay what the rules say over the words of an article."""
    tried: dict[int, list[Candidate]] = {}
    for candidate in candidates(view, ontology):
        tried.setdefault(candidate.token.i, []).append(candidate)
    won = {candidate.token.i: candidate for candidate in winners(chain.from_iterable(tried.values()))}
    words = [token for token in view.doc if token.i in tried or is_event_word(token, view)]
    told = Counter(candidate.trigger.event_type for candidate in won.values())
    often = frozenset(event_type for event_type, count in told.items() if count > 1)
    return Words(view, ontology, words, tried, won, often)


def find_triggers(view: View, ontology: Ontology, model: LogLinear) -> list[tuple[Candidate, float]]:
    """The words that name events, in text order, each with the probability that it names one of that type."""
    words = look(view, ontology)
    if not words.words:
        return []
    shares = model.probabilities([words.of(token) for token in words.words], words.vectors())
    shares[:, model.labels.index(NONE)] = 0
    best = shares.argmax(axis=1)
    found = {
        token.i: (candidate_for(token, model.labels[label], words), float(share))
        for token, label, share in zip(words.words, best, shares.max(axis=1), strict=True)
        if share >= _LEAST
    }
    found |= {
        index: (winner, winner.trigger.confidence)  # of a type that is newer than the model: the rules alone decide
        for index, winner in words.winners.items()
        if winner.trigger.event_type not in model.labels
    }
    return [found[index] for index in sorted(found)]


def candidate_for(token: Token, event_type: str, words: Words) -> Candidate:
    """The rule's own candidate for that type at `token` (refused ones last), else an open one."""
    winner = words.winners.get(token.i)
    if winner is not None and winner.trigger.event_type == event_type:
        return winner
    known = [each for each in words.tried.get(token.i, ()) if each.trigger.event_type == event_type]
    if known:
        return min(known, key=lambda each: (each.failed is not None, *(-part for part in each.trigger.specificity)))
    head = token.head if token.dep_ == "cop" else token
    verbal = is_verbal(token)
    return Candidate(words.ontology.open_trigger(event_type, token.lemma_.lower(), verbal=verbal), token, head)


def because(token: Token, event_type: str, words: Words, model: LogLinear) -> str:
    """The cues that speak most for `event_type` at `token`, with what they add to its score."""
    cues = model.reasons(words.of(token), event_type)
    return ", ".join(f"{cue} ({gain:+.1f})" for cue, gain in cues)
