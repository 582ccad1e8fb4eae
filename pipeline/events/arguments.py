"""Fills the roles of an event: who, to whom, what, where - from the slots its trigger names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pipeline.events import syntax
from pipeline.events.antecedents import resolve
from pipeline.events.ontology import EventType
from pipeline.events.places import find_place
from pipeline.events.quantities import Quantity, quantities_of
from pipeline.events.tree import Token, once
from pipeline.events.triggers import Candidate, accepts, fillers


@dataclass(frozen=True, slots=True)
class Argument:
    """A filled role: the token span `first..last` (inclusive) and how it was found."""

    role: str
    first: int
    last: int
    method: str
    quantity: Quantity | None = None
    slot_head: int | None = None  # the token that fills the slot: the pronoun, where the argument is its antecedent


def find_arguments(candidate: Candidate, event_type: EventType, lexicon: Mapping[str, frozenset[str]]) -> list[Argument]:
    """The arguments of the event that `candidate` names, each token span at most once."""
    found: list[Argument] = []
    taken: set[int] = set()
    quantities = quantities_of(candidate, event_type)
    for quantity in quantities:
        found.append(Argument("quantity", quantity.first, quantity.last, "number", quantity))
        taken.add(quantity.head)

    def acts(token: Token) -> bool:
        return accepts(token, "agentive", lexicon)

    for role, slots in candidate.trigger.roles.items():
        if role in {"quantity", "place"}:
            continue
        for head, slot in _role_fillers(role, slots, candidate, lexicon):
            resolved = resolve(head, acts if role in {"actor", "recipient"} else None)
            if resolved is None or resolved.i in taken or _inside(resolved, candidate.token):
                continue
            named = name_of(resolved)
            if named is not None and named.i in taken:
                continue
            taken |= {resolved.i} | ({named.i} if named is not None else set())
            first, last = _clause(resolved) if slot == "content" else phrase_span(resolved)
            filled = _role_of(role, slot, event_type.type_id, resolved, lexicon)
            method = slot if resolved == head else f"{slot}, antecedent"
            found.append(Argument(filled, first, last, method, slot_head=head.i))
    place = find_place(candidate, lexicon, taken)
    if place is not None:
        found.append(Argument("place", *phrase_span(place[0]), place[1]))
    return found


def _inside(head: Token, trigger: Token) -> bool:
    """Whether `head` is the trigger, or part of the name that the trigger opens ("Jeux olympiques de Rio")."""
    mention = trigger.mention
    return head.i == trigger.i or (mention is not None and mention is head.mention)


# What these types do is done to people, also where the noun is not known as one ("plusieurs", "184 proches").
_ON_PEOPLE = frozenset(
    "killing assault injury death arrest charge conviction release deportation abduction dismissal resignation".split()
)
# Deeds that a charge can name: whoever is charged did them.
_DEEDS = frozenset("crime killing assault terror_attack abduction armed_attack riot accident".split())


def _role_of(role: str, slot: str, event_type: str, head: Token, lexicon: Mapping[str, frozenset[str]]) -> str:
    """`role`, but a thing that undergoes is the theme: only people, groups and places are recipients."""
    if (
        role == "recipient"
        and slot == "object"
        and event_type not in _ON_PEOPLE
        and head.pos_ != "PRON"
        and not accepts(head, "agentive", lexicon)
    ):
        return "recipient" if any(accepts(child, "number", lexicon) for child in head.children) else "theme"
    return role


def _role_fillers(
    role: str, slots: tuple[str, ...], candidate: Candidate, lexicon: Mapping[str, frozenset[str]]
) -> Iterator[tuple[Token, str]]:
    """The fillers of the first slot that has any, and those of every slot marked with +."""
    done = False
    for spec in slots:
        slot, _, wanted = spec.partition(":")
        always, slot = slot.endswith("+"), slot.removesuffix("+")
        if done and not always:
            continue
        for head in fillers(candidate.token, candidate.head, slot):
            if not wanted or any(accepts(head, value, lexicon) for value in wanted.split("|")):
                done = True
                yield head, slot
    if not done and role == "actor" and candidate.trigger.event_type in _DEEDS:
        for head in _accused(candidate):
            done = True
            yield head, "accused"
    if not done and role == "actor" and candidate.trigger.event_type in _OWN_DOING:
        for head in _governing(candidate, lexicon):
            yield head, "governor"
    if not done and role == "theme" and candidate.trigger.event_type in _CONTENT_TYPES:
        for head in fillers(candidate.token, candidate.head, "clause"):
            yield head, "content"


# Verbs under whose complement the undergoer is the one who did it: "accusé d'avoir volé", "en examen pour vol".
_CHARGING = frozenset(
    (
        "accuser soupçonner suspecter condamner inculper poursuivre mettre arrêter interpeller incarcérer écrouer juger "
        "reconnaître placer acquitter relaxer comparaître déférer renvoyer plaider"
    ).split()
)
_CHARGES = frozenset({"pour", "de"})
_CONTENT_TYPES = frozenset({"announcement", "demand", "accusation", "denial", "charge", "threat"})


def _governing(candidate: Candidate, lexicon: Mapping[str, frozenset[str]]) -> list[Token]:
    """Who does what the noun names, as the subject of the verb whose object or adjunct it is ("X a gagné la finale")."""
    noun = candidate.token
    if noun.pos_ not in {"NOUN", "PROPN"} or noun.dep_ not in _GOVERNED or noun.head.pos_ not in {"VERB", "AUX"}:
        return []
    found = [each for token in syntax.logical_subject(noun.head) for each in syntax.conjuncts(token)]
    return [token for token in found if accepts(token, "agentive", lexicon)]


# Nouns of these types name what the subject of their verb does; of others they often name what somebody else did to it.
_OWN_DOING = frozenset({"election", "candidacy", "threat", "troop_movement", "support"})
_GOVERNED = frozenset({"obj", "obl:arg"})


def _accused(candidate: Candidate) -> list[Token]:
    """Who is charged with the deed that the noun names ("deux hommes ont été mis en examen pour vol")."""
    node, case = candidate.token, syntax.case_of(candidate.token)
    if node.pos_ not in {"NOUN", "PROPN"}:
        return []
    for _ in range(5):
        node = node.head
        if node.pos_ in {"VERB", "AUX"} or syntax.is_participle(node):
            break
        case = case if case in _CHARGES else syntax.case_of(node)
    if node.lemma not in _CHARGING or case not in _CHARGES:
        return []
    charged = syntax.logical_object(node) or (syntax.subjects(node) if node.lemma in {"comparaître", "plaider"} else [])
    return [each for token in charged for each in syntax.conjuncts(token)]


_BEFORE_VERB = syntax.SUBJECTS | {"obj", "aux:tense", "aux:pass"}


def _clause(verb: Token) -> tuple[int, int]:
    """What is announced or demanded, from its subject or verb on, up to a full stop or a closing quotation mark."""
    starts = [child.left_edge.i for child in verb.children if child.dep_ in _BEFORE_VERB]
    first, last = min([verb.i, *starts]), verb.right_edge.i
    while last > verb.i and verb.doc[last].is_punct:
        last -= 1
    return first, last


@once
def name_of(head: Token) -> Token | None:
    """The token whose name the phrase of `head` carries: itself, or a person's name in apposition ("la ministre, Anne Roux")."""
    own = head.mention
    if own is not None and own.label == "PER":
        return head
    beside = _name_beside(head) if head.pos_ in {"NOUN", "PROPN", "ADJ"} else None
    if beside is not None:
        return beside
    if own is not None:
        return head
    for child in head.children:
        mention = child.mention
        if mention is None or child.i < head.i:
            continue
        if child.dep_ in {"flat:name", "flat"} or (child.dep_ in {"appos", "nmod"} and child.i == head.i + 1):
            return child
        if child.dep_ == "appos" and mention.label == "PER":
            return child
    return None


_TITLES = frozenset("m. mm. mme mlle me mgr dr pr".split())  # before a name, whatever the parser makes of them


def _name_beside(head: Token) -> Token | None:
    """The person named right after the title `head` ("le ministre de la Justice, Anne Roux, ..."), or before it and a comma."""
    doc, last = head.doc, syntax.noun_phrase(head)[1]
    for index in range(head.i + 1, min(last + 3, len(doc))):
        mention, before = doc[index].mention, doc[index - 1]
        if mention is None or mention.label != "PER" or before.mention is mention:
            continue
        tied = doc[index].head == head or head in doc[index].ancestors or (index == head.i + 1 and head.lower_ in _TITLES)
        if tied and (before.pos_ in {"NOUN", "ADJ", "PROPN"} or before.text == ","):
            return doc[index]
    if head.dep_ not in {"appos", "conj", "nsubj", "nmod"}:
        return None
    first = next((child.i for child in head.children if child.dep_ == "det" and child.i < head.i), head.left_edge.i)
    if first >= 2 and doc[first - 1].text == ",":
        mention = doc[first - 2].mention
        if (
            mention is not None
            and mention.label == "PER"
            and (doc[first - 2] in head.subtree or head.head in doc[first - 2].subtree)
        ):
            return doc[first - 2]
    return None


# Words that tie a date to a noun: "les attentats du 13 novembre". Others tell when something happened; a mere year beside
# its noun belongs to it ("le vainqueur 2015").
_DATING = frozenset(["de", "du", "d'", "des"])
_LINKS = frozenset({"ADP", "ADV", "DET", "PUNCT", "CCONJ"})


def _before_time(head: Token, first: int, last: int) -> tuple[int, int]:
    """The phrase up to a clock time or a day that the parser hangs on its noun ("une piste à environ 9 h 30")."""
    for index in range(head.i + 1, last + 1):
        mark = head.doc[index].date
        if mark is None or mark.timex_type not in {"DATE", "TIME"}:
            continue
        before = head.doc[index - 1]
        if before.lower_ in _DATING or (mark.granularity == "year" and before.pos_ != "ADP"):
            return first, last
        end = index - 1
        while end > head.i and head.doc[end].pos_ in _LINKS:
            end -= 1
        return first, end
    return first, last


@once
def phrase_span(head: Token) -> tuple[int, int]:
    """The name where the phrase has one ("le président François Hollande" -> the name), else the noun phrase."""
    named = name_of(head)
    if named is None:
        return _before_time(head, *syntax.noun_phrase(head))
    doc, mention, first, last = named.doc, named.mention, named.i, named.i
    while first > 0 and doc[first - 1].mention is mention:
        first -= 1
    while last + 1 < len(doc) and doc[last + 1].mention is mention:
        last += 1
    return first, last
