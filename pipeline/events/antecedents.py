"""Pronouns and possessives to the noun or name they stand for: the nearest fitting subject before, else the nearest name.

The first person of a direct quotation is its speaker.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pipeline.events import syntax
from pipeline.events.tree import Span, Token
from pipeline.events.view import PRONOUNS, RELATIVES

Fits = Callable[[Token], bool]
_POSSESSIVE = frozenset(["son", "sa", "ses", "leur", "leurs"])
FIRST_PERSON = frozenset("je j' -je me m' moi mon ma mes".split())
_CLITIC = frozenset(["l'", "le", "la", "les", "lui", "leur"])
_PRONOMINAL = PRONOUNS | _POSSESSIVE | _CLITIC
_IMPERSONAL = frozenset("on nous vous je tu j' se s' y en ce c' cela ça ceci rien tout un une".split())
_LOOK_BACK = 7  # sentences, as the parser cuts them: a quotation makes several


def resolve(head: Token, fits: Fits | None = None) -> Token | None:
    """What `head` stands for: itself if it is a noun or name; None for a pronoun whose antecedent is not in the text.

    Args:
        head: a noun, name, pronoun or possessive.
        fits: what a good antecedent is (one that can act); others are taken only where there is none.
    """
    lower = head.lower_
    if lower in {"dernier", "dernière", "derniers", "dernières"} and _is_demonstrative(head):
        return _last_noun(head, fits)
    if lower in RELATIVES:
        return _relative(head)
    if lower in FIRST_PERSON and head.pos_ in {"PRON", "DET"} and head.mention is None:
        return head.speaker
    pronominal = head.pos_ == "PRON" or lower in syntax.CLITIC_SUBJECTS or (head.pos_ == "DET" and lower in _POSSESSIVE)
    if not pronominal:
        return head
    if lower in _IMPERSONAL:
        return None
    if lower in _PRONOMINAL or lower.lstrip("-t") in PRONOUNS:
        return (_nearest(head, fits) if fits is not None else None) or _nearest(head)
    return head if lower not in _IMPERSONAL and any(True for _ in head.children) else None


def _relative(pronoun: Token) -> Token | None:
    node = pronoun
    while node.head != node:
        if node.dep_ == "acl:relcl":
            return resolve(node.head) if node.head.pos_ == "PRON" else node.head
        node = node.head
    return None


def _is_demonstrative(noun: Token) -> bool:
    return noun.i > 0 and noun.nbor(-1).lower_ in {"ce", "ces", "cette"}


def _last_noun(noun: Token, fits: Fits | None) -> Token | None:
    """The noun or name named last before "ce dernier", of its number; quotations are left out."""
    plural = noun.lower_.endswith("s")
    inside = noun.in_quotation
    for index in range(noun.i - 2, max(noun.i - 60, -1), -1):
        token = noun.doc[index]
        if _is_told(token, inside) and _fits(token, plural, []) and (fits is None or fits(token)):
            return token
    return None


def _nearest(pronoun: Token, fits: Fits | None = None) -> Token | None:
    plural = ("Plur" in pronoun.morph.get("Number", []) and pronoun.lower_ not in {"ses"}) or pronoun.lower_ in {
        "leur",
        "leurs",
        "ils",
        "elles",
    }
    gender = pronoun.morph.get("Gender", []) if pronoun.lower_ in {"il", "elle", "ils", "elles"} else []
    inside = pronoun.in_quotation
    for sentence in _sentences_before(pronoun):
        before = sentence[: pronoun.i - sentence.start]
        heads = [token for token in before if token.dep_ in syntax.SUBJECTS and _is_told(token, inside)]
        heads = [token for token in heads if _fits(token, plural, gender) and (fits is None or fits(token))]
        if heads:
            return heads[0] if sentence.end <= pronoun.i else heads[-1]
        people = (token for token in reversed(before) if (name := token.mention) is not None and name.label == "PER")
        person = next((token for token in people if _is_told(token, inside) and _fits(token, plural, gender)), None)
        if person is not None:
            return person
    return None if plural or fits is not None else _last_person(pronoun)


def _last_person(pronoun: Token) -> Token | None:
    """The person named last before `pronoun`, quotations left out: who is spoken of when no subject is near."""
    for index in range(pronoun.i - 1, -1, -1):
        token = pronoun.doc[index]
        if token.mention is not None and token.mention.label == "PER" and not token.in_quotation:
            return token
    return None


def _sentences_before(token: Token) -> Iterator[Span]:
    sentence = token.sent
    for _ in range(_LOOK_BACK):
        yield sentence
        if sentence.start == 0:
            return
        sentence = token.doc[sentence.start - 1].sent


def _is_told(token: Token, inside: bool) -> bool:
    """Whether `token` is in what is read: prose, and unless `inside` no quotation."""
    return token.is_prose and (inside or not token.in_quotation)


def _fits(token: Token, plural: bool, gender: list[str]) -> bool:
    if token.pos_ not in {"NOUN", "PROPN"} and token.mention is None:
        return False
    mention = token.mention
    if mention is not None and mention.label == "PER":
        return not plural
    if plural != ("Plur" in token.morph.get("Number", [])):
        return False
    return not gender or mention is not None or not token.morph.get("Gender", []) or token.morph.get("Gender", []) == gender
