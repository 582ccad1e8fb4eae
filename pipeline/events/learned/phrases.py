"""The phrases near an event that may fill its roles, and what is said of each: by rule, numbers, nouns, names elsewhere."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, islice
from typing import NamedTuple

from pipeline.events import arguments, syntax
from pipeline.events.antecedents import resolve
from pipeline.events.arguments import Argument, name_of, phrase_span
from pipeline.events.learned.antecedents import Antecedents
from pipeline.events.learned.cues import Cue
from pipeline.events.learned.hopeless import PLACED
from pipeline.events.learned.paths import distance, path
from pipeline.events.learned.words import kind_of, said
from pipeline.events.ontology import Ontology
from pipeline.events.quantities import Quantity, number_phrases
from pipeline.events.tree import Span, Token
from pipeline.events.triggers import Candidate, accepts, is_verbal
from pipeline.events.view import View
from pipeline.records import Mention

_REACH = 25  # tokens
_EMPTY_PRONOUNS = frozenset("se s' y en où on -t".split())
_BETWEEN = frozenset({",", ";", ":"})
_QUOTES = frozenset('«»“”"')
_BREAKS = _BETWEEN | _QUOTES  # before an inserted clause: "..., a annoncé la préfecture"
_OVER = 3  # words above a phrase among which an event is looked for


@dataclass(slots=True)
class Option:
    """A phrase, tokens `first` to `last`, that may be an argument; `head` is the word it hangs by (the pronoun it stands for)."""

    first: int
    last: int
    head: Token
    cues: list[Cue] = field(default_factory=list)
    rule: Argument | None = None
    quantity: Quantity | None = None


class _Noun(NamedTuple):
    """A word that can head an argument: its phrase, and what is told of it whatever the event."""

    head: Token
    first: int
    last: int
    kind: str
    case: str
    cues: tuple[str, ...]  # how it is named: by a title, by a pronoun
    counted: bool


class Phrases:
    """The phrases of one article that can be arguments, worked out once for all its events; `hopeless` as in `Models`."""

    def __init__(
        self, view: View, ontology: Ontology, found: Iterable[Candidate], hopeless: frozenset[str] = frozenset()
    ) -> None:
        self.view, self.ontology, self.hopeless = view, ontology, hopeless
        self.triggers = {candidate.token.i: candidate for candidate in found}
        names = list(_name_heads(view))
        self._heads = {head.i for head, _ in names}
        self._named = {
            label: [head for head, mention in names if mention.label == label and head.is_prose]
            for label in ("LOC", "PER", "ORG")
        }
        self._antecedents = Antecedents(view, self._heads)
        self._around: dict[tuple[int, int], list[Cue]] = {}  # by phrase
        self._nouns: dict[int, list[_Noun]] = {}  # by sentence
        self._by_head: dict[int, _Noun | None] = {}
        self._others: dict[int, _Noun] = {}  # by head
        self._elsewhere: dict[int, list[tuple[_Noun, str]]] = {}  # by sentence
        self._over: dict[int, Token | None] = {}  # by head
        self._by_kind: dict[int, defaultdict[str, list[int]]] = {}  # by sentence: the heads of `_nouns`, in order
        doc = view.doc
        self._words: defaultdict[int, list[Token]] = defaultdict(list)  # by sentence
        for token in doc:
            self._words[token.sentence].append(token)
        self._parts: defaultdict[int, list[Span]] = defaultdict(list)  # by sentence
        for part in doc.sents:
            self._parts[part[0].sentence].append(part)
        # How many triggers, verbs, commas and quotation marks stand before every token.
        self._triggers_before = _running_total([token.i in self.triggers for token in doc])
        self._verbs_before = _running_total([token.pos_ == "VERB" for token in doc])
        self._commas_before = _running_total([token.text in _BETWEEN for token in doc])
        self._quotes_before = _running_total([token.text in _QUOTES for token in doc])

    def options(self, candidate: Candidate) -> list[Option]:
        """What may fill a role of `candidate`, with its cues, in the order found: by rule, numbers, nouns, names elsewhere."""
        found: dict[tuple[int, int], Option] = {}
        event_type = self.ontology.types[candidate.trigger.event_type]
        for argument in arguments.find_arguments(candidate, event_type, self.ontology.lexicon):
            head = self._head(argument)
            mark = head.date
            if mark is not None and mark.timex_type in {"DATE", "TIME"}:
                continue  # "a annoncé lundi que": the parser takes the day for an object
            option = _put(found, argument.first, argument.last, head)
            option.rule, option.quantity = argument, argument.quantity
            option.cues.append((_rule_cues, argument.role, argument.method, event_type.type_id))
            if argument.method.endswith("antecedent") and argument.role in {"actor", "recipient"}:
                self._put_rivals(found, argument, head, candidate)
        for quantity in self._numbers_near(candidate.token):
            option = _put(found, quantity.first, quantity.last, self.view.doc[quantity.head])
            option.quantity = option.quantity or quantity
            option.cues.append((_number_cues, quantity.kind, event_type.class_id, event_type.type_id))
        at = candidate.token.i
        for noun in self._nouns_of(candidate.token.sentence):
            if abs(noun.head.i - at) <= _REACH and noun.head.i != at:
                self._offer(found, noun, candidate.token, noun.cues)
        for noun, cue in self._names_elsewhere(candidate.token.sentence):
            self._offer(found, noun, candidate.token, (cue,))
        kept = [option for option in found.values() if option.rule or option.quantity or not option.first <= at <= option.last]
        form = "verb" if is_verbal(candidate.head) else "noun"
        inserted = form == "verb" and syntax.stands_behind(candidate.head, _BREAKS)
        for option in kept:
            self._add_cues(candidate, option, form)
            if inserted:
                side = "before" if option.first < at else "after"
                option.cues.append((_inserted_cues, side, event_type.class_id, option.head.dep_))
        return kept

    def _offer(self, found: dict[tuple[int, int], Option], noun: _Noun, token: Token, cues: Sequence[Cue]) -> None:
        """Add a phrase for the event at `token`, or what is told of one that is there already, unless it has no chance."""
        option = found.get((noun.first, noun.last))
        if option is None:
            placed = self._placed(noun, token)
            if placed in self.hopeless:
                return
            option = _put(found, noun.first, noun.last, noun.head)
            option.cues.append(placed)
        option.cues += cues

    def _placed(self, noun: _Noun, token: Token) -> str:
        """Of what kind the phrase is and where it stands."""
        away = distance(noun.head, token)
        if noun.head.sentence != token.sentence:
            return f"{PLACED}{noun.kind} {away} elsewhere"
        triggers, verbs = self._between(noun.head, token)
        return f"{PLACED}{noun.kind} {away} {triggers} {verbs}"

    def _put_rivals(self, found: dict[tuple[int, int], Option], argument: Argument, pronoun: Token, candidate: Candidate) -> None:
        """Beside the antecedent that the rules take for `pronoun`, others that it may have."""
        chosen = resolve(pronoun, self._acts) or pronoun
        found[argument.first, argument.last].cues += self._antecedents.cues(pronoun, chosen)
        slot, _, _ = argument.method.partition(",")
        for number, rival in enumerate(self._antecedents.rivals(pronoun, chosen)):
            first, last = phrase_span(rival)
            if first <= candidate.token.i <= last:
                continue
            option = _put(found, first, last, pronoun)
            if option.rule is None:
                role = argument.role
                option.cues += ["antecedent", "rival", f"rival {number}", f"rival={role}", f"rival={role} {slot}"]
                option.cues += self._antecedents.cues(pronoun, rival)

    def _head(self, argument: Argument) -> Token:
        doc = self.view.doc
        if argument.method.endswith("antecedent") and argument.slot_head is not None:
            return doc[argument.slot_head]
        inside = range(argument.first, argument.last + 1)
        return next((doc[i] for i in inside if doc[i].head.i not in inside or doc[i].head == doc[i]), doc[argument.first])

    def _numbers_near(self, token: Token) -> list[Quantity]:
        parts = self._parts[token.sentence]
        found = [quantity for part in parts for quantity in number_phrases(part)]
        return [quantity for quantity in found if abs(quantity.head - token.i) <= _REACH]

    def _nouns_of(self, sentence: int) -> list[_Noun]:
        if sentence not in self._nouns:
            nouns = [self._noun_at(word) for word in self._words[sentence]]
            self._nouns[sentence] = [noun for noun in nouns if noun is not None]
        return self._nouns[sentence]

    def _noun_at(self, word: Token) -> _Noun | None:
        if word.i not in self._by_head:
            self._by_head[word.i] = self._find_noun(word)
        return self._by_head[word.i]

    def _find_noun(self, word: Token) -> _Noun | None:
        named = word.mention is not None
        if (named and word.i not in self._heads) or (not named and word.pos_ not in {"NOUN", "PROPN", "PRON", "NUM"}):
            return None
        if word.date is not None:
            return None
        meant = word if named else resolve(word, self._acts) if word.lower_ not in _EMPTY_PRONOUNS else None
        if meant is None or (meant is word and word.pos_ == "PRON" and not named):
            return None
        if meant is not word:
            return self._noun(word, meant, ("pronoun", f"pronoun={word.lower_}"))
        name = name_of(word)
        return self._noun(word, word, ("titled",) if name is not None and name.i != word.i else ())

    def _acts(self, word: Token) -> bool:
        return accepts(word, "agentive", self.ontology.lexicon)

    def _noun(self, head: Token, meant: Token, cues: tuple[str, ...]) -> _Noun:
        first, last = phrase_span(meant)
        counted = any(child.pos_ == "NUM" for child in head.children)
        return _Noun(head, first, last, kind_of(meant, self.ontology), syntax.case_of(head) or "none", cues, counted)

    def _names_elsewhere(self, sentence: int) -> list[tuple[_Noun, str]]:
        """The names of other sentences that an event may take up: the last ones before it, the first places of the article."""
        if sentence not in self._elsewhere:
            self._elsewhere[sentence] = list(self._find_names(sentence))
        return self._elsewhere[sentence]

    def _find_names(self, sentence: int) -> Iterator[tuple[_Noun, str]]:
        for label, heads in self._named.items():
            before = [head for head in heads if head.sentence < sentence]
            subjects = [head for head in before if head.dep_ in syntax.SUBJECTS]
            chosen = [("last", before[-1:]), ("last subject", subjects[-1:])]
            if label == "LOC":
                chosen.append(("first", [head for head in heads if head.sentence != sentence][:2]))
            yield from ((self._known(head), f"{name} {label}") for name, found in chosen for head in found)

    def _known(self, head: Token) -> _Noun:
        return self._noun_at(head) or self._other(head)

    def _other(self, head: Token) -> _Noun:
        """A word that no noun or name heads, but that a rule or a number phrase hangs by."""
        if head.i not in self._others:
            self._others[head.i] = self._noun(head, resolve(head, self._acts) or head, ())
        return self._others[head.i]

    def _add_cues(self, candidate: Candidate, option: Option, form: str) -> None:
        token, head, trigger, cues = candidate.token, option.head, candidate.trigger, option.cues
        event_type, event_class = trigger.event_type, trigger.event_class
        known, mention = self._known(head), self.view.doc[option.first].mention
        kind = mention.label if mention is not None and self.view.doc[option.last].mention is mention else known.kind
        case = known.case
        cues += (f"lemma={head.lemma}", (_head_cues, head.dep_, head.pos_))
        cues.append((_kind_cues, event_type, event_class, form, kind, case))
        if head.sentence == token.sentence:
            self._add_way_cues(candidate, option, kind, case, form)
        else:
            cues.append((_elsewhere_cues, event_type))
        cues.append((_away_cues, distance(head, token), form, kind, case))
        cues += self._around_cues(option, kind)
        self._add_owner_cues(candidate, option, kind, case, form)
        other = self.triggers.get(head.i)
        if other is not None and head.i != token.i:
            cues.append((_event_cues, other.trigger.event_type, event_type))
        if token.in_title:
            cues.append(f"title {kind}")
        if known.counted:
            cues.append((_counted_cues, event_type))

    def _add_way_cues(self, candidate: Candidate, option: Option, kind: str, case: str, form: str) -> None:
        token, head, cues = candidate.token, option.head, option.cues
        event_type, event_class = candidate.trigger.event_type, candidate.trigger.event_class
        way = path(head, candidate.head)
        cues += [
            f"way={way} {form}",
            f"way={way} {kind}",
            f"way={way} {event_type}",
            f"way={way} {case} {event_class}",
            f"way={way} {token.lemma}",
        ]
        if head.i in self.triggers:
            cues.append(f"way={way} event")
        first, last = min(head.i, token.i) + 1, max(head.i, token.i)
        comma = self._commas_before[first] < self._commas_before[last]
        quote = self._quotes_before[first] < self._quotes_before[last]
        cues.append((_between_cues, *self._between(head, token), comma, quote))
        nearer, side = self._nearer(head, token)
        cues.append((_rank_cues, min(nearer, 3), side, event_type))

    def _nearer(self, head: Token, token: Token) -> tuple[int, str]:
        """How many words of the kind of `head` that can head a phrase stand between it and `token`; that kind, and the side."""
        kind, at = self._rank_kind(head), head.i
        sentence = head.sentence
        if sentence not in self._by_kind:
            by_kind = self._by_kind[sentence] = defaultdict(list)
            for noun in self._nouns_of(sentence):
                by_kind[self._rank_kind(noun.head)].append(noun.head.i)
        known = self._by_kind[sentence][kind]
        if at < token.i:
            return bisect_left(known, token.i) - bisect_right(known, at), f"{kind} before"
        return bisect_left(known, at) - bisect_right(known, token.i), f"{kind} after"

    def _rank_kind(self, head: Token) -> str:
        mention = head.mention
        return mention.label if mention is not None else "noun" if head.pos_ == "NOUN" else "other"

    def _around_cues(self, option: Option, kind: str) -> list[Cue]:
        """What stands beside the phrase, whatever the event: where the parse is wrong, the words still tell."""
        key = option.first, option.last
        if key not in self._around:
            doc = self.view.doc
            before = said(doc[option.first - 1]) if option.first > 0 else "start"
            behind = said(doc[option.last + 1]) if option.last + 1 < len(doc) else "end"
            self._around[key] = [
                (_beside_cues, "before", before, kind),
                (_beside_cues, "behind", behind, kind),
            ]
        return self._around[key]

    def _add_owner_cues(self, candidate: Candidate, option: Option, kind: str, case: str, form: str) -> None:
        """Whose phrase it is by the parse, this event's or another's, and on which side of a quotation both stand."""
        token, head, cues, event_type = candidate.token, option.head, option.cues, candidate.trigger.event_type
        over = self._event_over(head)
        if over is not None:
            told = self.triggers[over.i].trigger.event_type
            whose = "its" if over is token else "another of the type" if told == event_type else told
            cues.append((_over_cues, whose, kind, event_type))
            cues.append(f"over {case}, {form}={over is token}")
        quoted = head.in_quotation, token.in_quotation
        if any(quoted):
            cues.append((_quoted_cues, quoted, kind, candidate.trigger.event_class))

    def _event_over(self, head: Token) -> Token | None:
        """The event right above `head`, no verb in between."""
        if head.i not in self._over:
            above = (word for word in islice(head.ancestors, _OVER) if word.i in self.triggers or word.pos_ == "VERB")
            word = next(above, head)
            self._over[head.i] = word if word.i in self.triggers and word is not head else None
        return self._over[head.i]

    def _between(self, one: Token, other: Token) -> tuple[int, int]:
        """How many triggers and verbs stand between the two; 3 are many."""
        if one is other:
            return 0, 0
        first, last = (one.i + 1, other.i) if one.i < other.i else (other.i + 1, one.i)
        triggers = self._triggers_before[last] - self._triggers_before[first]
        verbs = self._verbs_before[last] - self._verbs_before[first]
        return (triggers if triggers < 3 else 3), (verbs if verbs < 3 else 3)


def _running_total(which: Iterable[bool]) -> list[int]:
    """How many are true before every place."""
    return [0, *accumulate(which)]


def _name_heads(view: View) -> Iterator[tuple[Token, Mention]]:
    seen: set[str] = set()
    for token in view.doc:
        head, mention = token, token.mention
        if mention is None or mention.mention_id in seen:
            continue
        seen.add(mention.mention_id)
        while head.head is not head and head.head.mention is mention:
            head = head.head
        yield head, mention


def _put(found: dict[tuple[int, int], Option], first: int, last: int, head: Token) -> Option:
    if (first, last) not in found:
        found[first, last] = Option(first, last, head)
    return found[first, last]


def _rank_cues(nearer: int, kind: str, event_type: str) -> list[str]:
    return [f"{nearer} nearer, {kind}", f"{nearer} nearer, {kind} {event_type}"]


def _beside_cues(side: str, word: str, kind: str) -> list[str]:
    return [f"{side}={word}", f"{side}={word} {kind}"]


def _over_cues(whose: str, kind: str, event_type: str) -> list[str]:
    return [f"over {kind}={whose}", f"over={whose} for {event_type}"]


def _quoted_cues(quoted: tuple[bool, bool], kind: str, event_class: str) -> list[str]:
    return [f"quoted={quoted}", f"quoted={quoted} {kind}", f"quoted={quoted} {event_class}"]


def _rule_cues(role: str, method: str, event_type: str) -> list[str]:
    slot, _, antecedent = method.partition(",")
    cues = ["rule", f"rule={role}", f"rule={role} {slot}", f"rule={role} {slot} {event_type}"]
    return [*cues, "antecedent", f"antecedent {role}"] if antecedent else cues


def _number_cues(kind: str, event_class: str, event_type: str) -> list[str]:
    return [f"number={kind}", f"number={kind} {event_class}", f"number={kind} {event_type}"]


def _inserted_cues(side: str, event_class: str, dep: str) -> list[str]:
    return [f"inserted, {side}", f"inserted, {side} {event_class}", f"inserted, {side} {dep}"]


def _head_cues(dep: str, pos: str) -> list[str]:
    return ["any", f"dep={dep}", f"pos={pos}"]


def _kind_cues(event_type: str, event_class: str, form: str, kind: str, case: str) -> list[str]:
    return [
        f"type={event_type} {form}", f"kind={kind}", f"kind={kind} {event_type}", f"kind={kind} {event_class}",
        f"case={case}", f"case={case} {kind}", f"case={case} {event_type}",
    ]  # fmt: skip


def _elsewhere_cues(event_type: str) -> list[str]:
    return ["elsewhere", f"elsewhere {event_type}"]


def _away_cues(away: str, form: str, kind: str, case: str) -> list[str]:
    return [f"away={away} {kind}", f"away={away} {form} {case}"]


def _event_cues(other: str, event_type: str) -> list[str]:
    return ["event", f"event for {event_type}", f"event={other} for {event_type}"]


def _counted_cues(event_type: str) -> list[str]:
    return ["counted", f"counted {event_type}"]


def _between_cues(triggers: int, verbs: int, comma: bool, quote: bool) -> list[str]:
    cues = [f"triggers between={triggers}", f"verbs between={verbs}"]
    return cues + ["comma between"] * comma + ["quotation mark between"] * quote
