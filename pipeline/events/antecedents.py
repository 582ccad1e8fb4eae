"""Pronouns and possessives to the noun or name they stand for: the nearest fitting subject before, else the nearest name.

The first person of a direct quotation is its speaker.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pipeline.events import syntax
from pipeline.events.tree import Span, Token
from pipeline.events.view import PRONOUNS, RELATIVES, View

Fits = Callable[[Token], bool]
_POSSESSIVE = frozenset(["son", "sa", "ses", "leur", "leurs"])
FIRST_PERSON = frozenset("je j' -je me m' moi mon ma mes".split())
_CLITIC = frozenset(["l'", "le", "la", "les", "lui", "leur"])
_PRONOMINAL = PRONOUNS | _POSSESSIVE | _CLITIC
_IMPERSONAL = frozenset("on nous vous je tu j' se s' y en ce c' cela ça ceci rien tout un une".split())
_LOOK_BACK = 7  # sentences, as the parser cuts them: a quotation makes several


def resolve(head: Token, view: View, fits: Fits | None = None) -> Token | None:
    """What `head` stands for: itself if it is a noun or name; None for a pronoun whose antecedent is not in the text.

    Args:
        head: a noun, name, pronoun or possessive.
        view: the article.
        fits: what a good antecedent is (one that can act); others are taken only where there is none.
    """
    lower = head.lower_
    if lower in {"dernier", "dernière", "derniers", "dernières"} and _is_demonstrative(head):
        return _last_noun(head, view, fits)
    if lower in RELATIVES:
        return _relative(head, view)
    if lower in FIRST_PERSON and head.pos_ in {"PRON", "DET"} and view.mention(head) is None:
        return view.speaker_at.get(head.i)
    pronominal = head.pos_ == "PRON" or lower in syntax.CLITIC_SUBJECTS or (head.pos_ == "DET" and lower in _POSSESSIVE)
    if not pronominal:
        return head
    if lower in _IMPERSONAL:
        return None
    if lower in _PRONOMINAL or lower.lstrip("-t") in PRONOUNS:
        return (_nearest(head, view, fits) if fits is not None else None) or _nearest(head, view)
    return head if lower not in _IMPERSONAL and any(True for _ in head.children) else None


def _relative(pronoun: Token, view: View) -> Token | None:
    node = pronoun
    while node.head != node:
        if node.dep_ == "acl:relcl":
            return resolve(node.head, view) if node.head.pos_ == "PRON" else node.head
        node = node.head
    return None


def _is_demonstrative(noun: Token) -> bool:
    return noun.i > 0 and noun.nbor(-1).lower_ in {"ce", "ces", "cette"}


def _last_noun(noun: Token, view: View, fits: Fits | None) -> Token | None:
    """The noun or name named last before "ce dernier", of its number; quotations are left out."""
    plural = noun.lower_.endswith("s")
    inside = view.in_quotation(noun)
    for index in range(noun.i - 2, max(noun.i - 60, -1), -1):
        token = view.doc[index]
        if not view.is_prose(token) or (view.in_quotation(token) and not inside):
            continue
        if _fits(token, view, plural, []) and (fits is None or fits(token)):
            return token
    return None


def _nearest(pronoun: Token, view: View, fits: Fits | None = None) -> Token | None:
    plural = ("Plur" in pronoun.morph.get("Number", []) and pronoun.lower_ not in {"ses"}) or pronoun.lower_ in {
        "leur",
        "leurs",
        "ils",
        "elles",
    }
    gender = pronoun.morph.get("Gender", []) if pronoun.lower_ in {"il", "elle", "ils", "elles"} else []
    inside = view.in_quotation(pronoun)
    for sentence in _sentences_before(pronoun):
        before = [
            token
            for token in sentence
            if token.i < pronoun.i and view.is_prose(token) and (inside or not view.in_quotation(token))
        ]
        heads = [token for token in before if token.dep_ in syntax.SUBJECTS and _fits(token, view, plural, gender)]
        heads = [token for token in heads if fits is None or fits(token)]
        if heads:
            return heads[0] if sentence.end <= pronoun.i else heads[-1]
        people = (token for token in reversed(before) if (name := view.mention(token)) is not None and name.label == "PER")
        person = next((token for token in people if _fits(token, view, plural, gender)), None)
        if person is not None:
            return person
    return None if plural or fits is not None else _last_person(pronoun, view)


def _last_person(pronoun: Token, view: View) -> Token | None:
    """The person named last before `pronoun`, quotations left out: who is spoken of when no subject is near."""
    for index in range(pronoun.i - 1, -1, -1):
        mention = view.mention_at.get(index)
        if mention is not None and mention.label == "PER" and not view.in_quotation(view.doc[index]):
            return view.doc[index]
    return None


def _sentences_before(token: Token) -> Iterator[Span]:
    sentence = token.sent
    for _ in range(_LOOK_BACK):
        yield sentence
        if sentence.start == 0:
            return
        sentence = token.doc[sentence.start - 1].sent


def _fits(token: Token, view: View, plural: bool, gender: list[str]) -> bool:
    if token.pos_ not in {"NOUN", "PROPN"} and view.mention(token) is None:
        return False
    mention = view.mention(token)
    if mention is not None and mention.label == "PER":
        return not plural
    if plural != ("Plur" in token.morph.get("Number", [])):
        return False
    return not gender or mention is not None or not token.morph.get("Gender", []) or token.morph.get("Gender", []) == gender
