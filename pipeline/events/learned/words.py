"""Which word names an event of which type: the rules' winners, what their conditions refused, and words no rule knows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from pipeline.events.learned import loglinear
from pipeline.events.learned.cues import Cue
from pipeline.events.learned.network import Inputs, Network, features
from pipeline.events.ontology import KINDS, Ontology
from pipeline.events.tree import Token, once, read_features
from pipeline.events.triggers import Candidate, candidates, entity_label, is_number, is_verbal, winners
from pipeline.events.view import View

NONE = "none"
# The probability of its type from which a word is found: the F1 of typed events is best at 0.35, hardly less here, and more of
# what is found is right.
_LEAST = 0.4
# A word that no rule knows, and that is none with this probability for its form alone, is not asked for: that spares 10,590 of
# 10,981 such words in 188 training articles. Of what the model has learned by heart 52 words are lost there, but in the 64
# articles held out nothing that is right: at 0.85 three more words are found, all wrong.
_HOPELESS = 0.55
_MORPHOLOGY = ("VerbForm", "Tense", "Number", "Mood")
_STEMS = 5, 7  # letters: "limoger" and "limogeage" are one word to the model
_NEAR = 12  # tokens
_CONTENT = frozenset({"NOUN", "VERB", "ADJ", "PROPN"})


def said(token: Token) -> str:
    """The word as it is said; a line break, whatever its length, as one sign."""
    return "¶" if token.is_space else token.lower_


@once
def kind_of(token: Token, ontology: Ontology) -> str:
    """What `token` is: the label of its name, a word class of the lexicon, a number, a date, else its part of speech."""
    label = entity_label(token)
    if label is not None:
        return label
    if token.date is not None:
        return "date"
    classes = ontology.classes
    first = min(classes.get(token.lemma, len(KINDS)), classes.get(token.lower_, len(KINDS)))
    if first < len(KINDS):
        return KINDS[first]
    return "number" if is_number(token) else token.pos_


def is_event_word(token: Token) -> bool:
    """Whether `token` may name an event: a content word of the prose, no date, no part of a name but of works and things."""
    if token.pos_ not in _CONTENT or len(token) < 3 or not token.is_prose:
        return False
    mention = token.mention
    return any(map(str.isalpha, token.text)) and (mention is None or mention.label == "MISC") and token.date is None


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one article that may name events, and what the rules say of them."""

    view: View
    ontology: Ontology
    words: Sequence[Token]
    tried: Mapping[int, Sequence[Candidate]]  # by token index
    winners: Mapping[int, Candidate]
    often: frozenset[str]  # the types that more than one winner has

    def of(self, token: Token) -> list[Cue]:
        """The cues of `token`."""
        return [self.form(token), *self.context(token)]

    def form(self, token: Token) -> Cue:
        """What the word is like wherever it stands."""
        known = self.ontology.lemmas.get(token.lower_, ())
        return _form_cues, token.lower_, token.lemma, token.pos_, token.features, known

    def context(self, token: Token) -> list[Cue]:
        """What the rules and the words around say of it."""
        return [*self._place(token), *self._rules(token), *self._around(token)]

    def _place(self, token: Token) -> Iterator[Cue]:
        yield f"dep={token.dep_}"
        if token.in_title:
            yield "title"
        if token.in_quotation:
            yield "quoted"
        mention = token.mention
        if mention is not None:
            yield f"name={mention.label}"

    def _rules(self, token: Token) -> Iterator[Cue]:
        tried = self.tried.get(token.i)
        if tried is None:
            return
        winner = self.winners.get(token.i)
        won = winner.trigger if winner is not None else None
        if won is not None:
            yield _winner_cues, won.event_type
            if won.event_type in self.often:
                yield f"told and wins={won.event_type}"
        types = {candidate.trigger.event_type for candidate in tried}
        yield from (f"told={event_type}" for event_type in sorted(types & self.often))
        yield _trial_cues, *dict.fromkeys([_outcome(candidate) for candidate in tried])

    def _around(self, token: Token) -> list[Cue]:
        doc, i = token.doc, token.i
        cues: list[Cue] = []
        if i > 0:
            cues.append((_beside_cues, "-1", said(doc[i - 1]), doc[i - 1].pos_))
        if i + 1 < len(doc):
            cues.append((_beside_cues, "+1", said(doc[i + 1]), doc[i + 1].pos_))
        below = [child for child in token.children if child.dep_ != "punct"]
        cues += dict.fromkeys(f"over={child.dep_} {kind_of(child, self.ontology)}" for child in below)
        near = range(max(token.sent.start, i - _NEAR), min(token.sent.end, i + _NEAR + 1))
        types = {self.winners[j].trigger.event_type for j in near if j in self.winners and j != i}
        return cues + [f"near={event_type}" for event_type in sorted(types)]

    def inputs(self, words: Sequence[Token]) -> tuple[Inputs, Inputs]:
        """What `words` are like, and what the article is about: the mean vector of its content words."""
        doc = self.view.doc
        content = doc.vectors([token.i for token in doc if token.pos_ in _CONTENT])
        topic = loglinear.units(content.sum(axis=0, keepdims=True))
        own = features(doc, [token.i for token in words])
        return (own, np.arange(len(words))), (topic, np.zeros(len(words), dtype=np.intp))


def _form_cues(lower: str, lemma: str, pos: str, features: str, known: Sequence[str]) -> list[str]:
    morphology = read_features(features)
    cues = [f"word={lower}", f"lemma={lemma}", f"ending={lower[-4:]}", f"pos={pos}", f"lemma={lemma} {pos}"]
    cues += [f"stem={lemma[:letters]}" for letters in _STEMS]
    cues += [f"{feature}={value}" for feature in _MORPHOLOGY for value in morphology.get(feature, ())]
    return cues + [f"trigger={word}" for word in known]


def _winner_cues(event_type: str) -> list[str]:
    return ["wins", f"wins={event_type}"]


def _outcome(candidate: Candidate) -> tuple[str, str]:
    """What came of a rule at a word, and its type."""
    failed = candidate.failed
    return "fires" if failed is None else "misses" if failed.wanted else "barred", candidate.trigger.event_type


def _trial_cues(*outcomes: tuple[str, str]) -> list[str]:
    return [f"{how}={event_type}" for how, event_type in outcomes]


def _beside_cues(side: str, word: str, pos: str) -> list[str]:
    return [f"{side}={word}", f"{side}={pos}"]


def look(view: View, ontology: Ontology) -> Words:
    """Lay what the rules say over the words of an article."""
    tried: dict[int, list[Candidate]] = {}
    for candidate in candidates(view, ontology):
        tried.setdefault(candidate.token.i, []).append(candidate)
    won = {candidate.token.i: candidate for candidate in winners(chain.from_iterable(tried.values()))}
    words = [token for token in view.doc if token.i in tried or is_event_word(token)]
    told = Counter(candidate.trigger.event_type for candidate in won.values())
    often = frozenset(event_type for event_type, count in told.items() if count > 1)
    return Words(view, ontology, words, tried, won, often)


def find_triggers(view: View, ontology: Ontology, model: Network) -> list[tuple[Candidate, float]]:
    """The words that name events, in text order, each with the probability that it names one of that type."""
    words = look(view, ontology)
    if not words.words:
        return []
    none, lent = model.labels.index(NONE), model.lent(*words.inputs(words.words))
    forms = model.table.sums([[words.form(token)] for token in words.words])
    hopeless = loglinear.softmax(model.scores_of(forms, lent))[:, none] > _HOPELESS
    asked = [number for number, token in enumerate(words.words) if token.i in words.tried or not hopeless[number]]
    if not asked:
        return []
    told = model.table.sums([words.context(words.words[number]) for number in asked])
    shares = loglinear.softmax(model.scores_of(forms[asked] + told, lent[asked]))
    shares[:, none] = 0
    found = {
        words.words[number].i: (candidate_for(words.words[number], model.labels[label], words), share)
        for number, label, share in zip(asked, shares.argmax(axis=1).tolist(), shares.max(axis=1).tolist(), strict=True)
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
    return Candidate(words.ontology.open_trigger(event_type, token.lemma, verbal=verbal), token, head)


def because(token: Token, event_type: str, words: Words, model: Network) -> str:
    """The cues that speak most for `event_type` at `token`, with what they add to its score."""
    cues = model.reasons(words.of(token), event_type, *words.inputs([token]))
    return ", ".join(f"{cue} ({gain:+.1f})" for cue, gain in cues)
