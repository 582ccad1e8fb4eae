"""Whom a pronoun may stand for beside what the rules take: the last subjects and names before it; how well each goes with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Set

from pipeline.events import syntax
from pipeline.events.antecedents import FIRST_PERSON
from pipeline.events.tree import Token
from pipeline.events.view import RELATIVES, View

_RIVALS = 3
_LOOK_BACK = 4  # sentences
_SAID = 4  # times that a name is said: more make no difference
_PLURALS = frozenset(["ils", "elles", "leur", "leurs", "les", "eux", "-ils", "-elles", "-t-ils", "-t-elles"])


class Antecedents:
    """The subjects and names of one article that pronouns may stand for."""

    def __init__(self, view: View, names: Set[int]) -> None:
        self._said = Counter(mention.entity_id for mention in view.mentions)
        self._known = [
            token
            for token in view.doc
            if (token.i in names or (token.dep_ in syntax.SUBJECTS and token.pos_ == "NOUN" and token.mention is None))
            and token.is_prose
        ]

    def rivals(self, pronoun: Token, chosen: Token) -> list[Token]:
        """The last few that differ from each other and from `chosen`, the nearest first; none for relatives and speakers."""
        if pronoun.lower_ in RELATIVES or pronoun.i == chosen.i or self._speaks(pronoun, chosen):
            return []
        return list(self._find(pronoun, chosen))

    def _find(self, pronoun: Token, chosen: Token) -> Iterator[Token]:
        seen, inside = {self._identity(chosen)}, pronoun.in_quotation
        for token in reversed(self._known):
            if token.sentence < pronoun.sentence - _LOOK_BACK or len(seen) > _RIVALS:
                return
            if token.i >= pronoun.i or self._identity(token) in seen or (token.in_quotation and not inside):
                continue
            seen.add(self._identity(token))
            yield token

    def _speaks(self, pronoun: Token, meant: Token) -> bool:
        return pronoun.lower_ in FIRST_PERSON and pronoun.speaker is meant

    def _identity(self, token: Token) -> str:
        mention = token.mention
        return mention.entity_id if mention is not None else token.lemma

    def cues(self, pronoun: Token, meant: Token) -> Iterator[str]:
        """How well `meant` goes with `pronoun`: how far off, as what, of which number and gender, how often named."""
        if pronoun.lower_ in RELATIVES:
            return
        if self._speaks(pronoun, meant):
            yield from ("stands for the speaker", f"stands for the speaker as {pronoun.dep_}")
            return
        mention = meant.mention
        kind = mention.label if mention is not None else meant.pos_
        away = min(max(pronoun.sentence - meant.sentence, 0), _LOOK_BACK)
        word = pronoun.lower_.removeprefix("-t").removeprefix("-")
        yield from (f"stands {away} back", f"stands {away} back as {meant.dep_}", f"stands for {kind}", f"{word} for {kind}")
        yield f"stands {away} back, {pronoun.dep_} for {meant.dep_}"
        yield f"stands {away} back under {'root' if meant.head.dep_ == 'ROOT' else meant.head.pos_}"
        yield f"stands {away} back, first {pronoun.i - pronoun.sent.start < 2}"
        plural = pronoun.lower_ in _PLURALS
        yield f"stands for {kind}, number {plural}, {meant.morph.get('Number', ['?'])[0]}"
        yield f"stands for {kind}, {pronoun.morph.get('Gender', ['?'])[0]} for {meant.morph.get('Gender', ['?'])[0]}"
        if mention is not None:
            yield f"stands for a name said {min(self._said[mention.entity_id], _SAID)}"
            yield f"stands {away} back for a name said {min(self._said[mention.entity_id], _SAID)}"
