"""What stands where in a sentence: logical subjects, objects and complements of a trigger, as Universal Dependencies give them.

All functions are pure over spaCy tokens. The parser's known slips are met here and nowhere else: an inverted subject after
a quotation labelled `obj`, a `par` agent labelled `obl:mod`, a complement hung on the noun before it, a participle tagged
as adjective with a copula.
"""

from __future__ import annotations

from collections.abc import Iterator, Set

from pipeline.events.tree import Token, once

SUBJECTS = frozenset({"nsubj", "nsubj:pass", "csubj", "nsubj:caus"})
OBLIQUES = frozenset({"obl", "obl:arg", "obl:mod", "obl:agent", "nmod", "iobj", "dep", "advcl"})
CLAUSES = frozenset({"acl:relcl", "advcl", "ccomp", "csubj", "parataxis", "ROOT"})
REFLEXIVE = frozenset({"se", "s'"})
LIGHT_VERBS = frozenset(
    (
        "effectuer mener procéder commettre perpétrer lancer déclencher organiser engager entamer ouvrir conduire opérer "
        "réaliser tenir faire donner prononcer infliger adresser présenter remettre déposer conclure signer décider "
        "ordonner annoncer imposer obtenir remporter rendre apporter exprimer formuler prendre poursuivre diffuser publier "
        "décrocher avoir"
    ).split()
)
SAYING_VERBS = frozenset(
    (
        "admettre affirmer ajouter annoncer apprendre assurer avancer avertir avouer commenter conclure confier confirmer "
        "constater déclarer déplorer dire écrire estimer expliquer indiquer insister juger lancer marteler noter observer "
        "plaider poursuivre préciser prévenir promettre raconter rapporter rappeler reconnaître regretter répondre résumer "
        "révéler savoir souligner soutenir témoigner tweeter"
    ).split()
)
BEING_VERBS = frozenset(  # intransitive, with être for their auxiliary: "est tombé" is no passive, whatever the parser says
    "tomber arriver partir mourir naître aller venir revenir devenir rester parvenir intervenir décéder survenir repartir".split()
)
UNDERGOING_VERBS = frozenset(["subir", "encaisser", "écoper", "recevoir", "essuyer", "connaître"])
# Verbs whose compound tenses take "être": a participle of theirs after "être" is no passive.
MOVING_VERBS = frozenset(
    (
        "aller venir arriver partir entrer sortir monter descendre naître mourir décéder rester tomber devenir revenir parvenir "
        "survenir intervenir advenir provenir rentrer repartir retomber passer retourner redevenir apparaître"
    ).split()
)
TIME_WORDS = frozenset(
    (
        "lundi mardi mercredi jeudi vendredi samedi dimanche matin soir nuit après-midi midi hier aujourd'hui demain janvier "
        "février mars avril mai juin juillet août septembre octobre novembre décembre"
    ).split()
)
_COMPOUND = {"à cause de": "de", "face à": "face", "auprès de": "auprès", "près de": "près"}


@once
def is_passive(token: Token) -> bool:
    """Whether `token` is a passive participle: with a passive auxiliary, or bare ("le suspect interpellé mardi")."""
    auxiliaries = [child for child in token.children if child.dep_.startswith("aux")]
    if auxiliaries and token.lemma in BEING_VERBS:
        return False
    if any(child.dep_ == "aux:pass" for child in auxiliaries):
        return not is_reflexive(token)
    if any(child.lemma == "avoir" or child.lower_ == "ayant" for child in auxiliaries):
        return False
    if any(child.dep_ == "nsubj:pass" for child in token.children) and not is_reflexive(token):
        return is_participle(token)
    if token.dep_ == "conj" and is_participle(token) and not has_auxiliary(token):
        return is_passive(token.head)
    if any(child.dep_ == "cop" for child in token.children) and is_participle(token):  # "sont invités": tagged as adjective
        return token.lemma not in MOVING_VERBS and not is_reflexive(token)
    if is_participle(token) and any(child.dep_ == "obl:agent" for child in token.children) and not has_auxiliary(token):
        return True
    return is_bare_participle(token) and not _takes_object(token)


def _takes_object(participle: Token) -> bool:
    """A bare participle that stands for a finite verb: with an object, or between names ("Microsoft embauché Sam Altman")."""
    if any(child.dep_ == "obj" and child.i > participle.i for child in participle.children):
        return True
    if participle.i == 0 or participle.i + 1 >= len(participle.doc):
        return False
    return participle.nbor(-1).pos_ == "PROPN" and participle.nbor(1).pos_ == "PROPN"


@once
def is_participle(token: Token) -> bool:
    """Whether `token` is a past participle (the tagger calls many of them adjectives, and some finite forms participles)."""
    if "Part" not in token.morph.get("VerbForm", []) or "Pres" in token.morph.get("Tense", []):
        return False
    return not token.lower_.endswith(("a", "ent", "ait", "ont", "er", "ant"))


@once
def has_auxiliary(token: Token) -> bool:
    """Whether an auxiliary or copula hangs on `token`."""
    return any(child.dep_ in {"aux:tense", "aux:pass", "aux", "cop", "aux:caus"} for child in token.children)


def is_bare_participle(token: Token) -> bool:
    """A past participle that modifies a noun, without any auxiliary."""
    return (
        is_participle(token) and not has_auxiliary(token) and token.dep_ in {"acl", "amod", "acl:relcl", "appos", "ROOT", "conj"}
    )


def is_reflexive(token: Token) -> bool:
    """Whether the verb `token` carries "se"."""
    return any(child.lower_ in REFLEXIVE and child.i < token.i for child in token.children)


def case_of(token: Token) -> str | None:
    """The preposition that introduces `token`, as a slot name: "à", "de", "par", "face" ... None without one."""
    for child in token.children:
        if child.dep_ == "case" or (child.dep_ == "mark" and child.pos_ == "ADP"):
            return _PREPOSITIONS.get(child.lower_, child.lower_)
    return None


_PREPOSITIONS = {
    "d'": "de", "du": "de", "des": "de", "au": "à", "aux": "à", "dès": "depuis", "jusqu'": "jusque", "jusqu'à": "jusque",
    "auprès": "auprès", "près": "près",
}  # fmt: skip


def conjuncts(token: Token) -> Iterator[Token]:
    """`token` and what is coordinated with it."""
    yield token
    for child in token.children:
        if child.dep_ == "conj" and _alike(token, child):
            yield from conjuncts(child)
        elif child.dep_ in {"flat:name", "flat"}:  # "Sam Altman et Greg Brockman": the second hangs on "Altman"
            yield from (other for other in conjuncts(child) if other != child)


def _alike(token: Token, other: Token) -> bool:
    """Whether `other` may be coordinated with `token`: a verb with a verb, a noun with no adjective or participle."""
    verbal = {"VERB", "AUX"}
    if token.pos_ in verbal:
        return True
    return other.pos_ not in verbal and (other.pos_ != "ADJ" or token.pos_ == "ADJ")


def governor_verb(token: Token) -> Token | None:
    """The verb that governs the noun `token`, over nouns such as "un début de" in between; None in a verbless phrase."""
    head = token
    for _ in range(4):
        if head.dep_ == "ROOT" or head.head == head:
            return None
        head = head.head
        if head.pos_ in {"VERB", "AUX"} or has_auxiliary(head):
            return head
    return None


def subjects(verb: Token, *, depth: int = 0) -> list[Token]:
    """The surface subjects of `verb`; inherited from the governor where the clause has none of its own."""
    own = [
        child for child in verb.children if child.dep_ in SUBJECTS and child.lower_ != "-t" and not _is_day_behind(child, verb)
    ]
    own = own or clitic_subject(verb)
    if own or depth > 4:
        return own[:1]
    if is_inserted(verb) and (said_by := _said_by(verb)):
        return said_by
    if verb.dep_ == "acl:relcl":
        return [] if _has_relative(verb, "que") else [verb.head]
    if verb.dep_ == "conj":
        return subjects(verb.head, depth=depth + 1)
    if verb.dep_ in {"xcomp", "advcl", "ccomp", "obl:mod", "obl:arg"} and _non_finite(verb):
        controller = [
            child for child in verb.head.children if child.dep_ in {"obl:arg", "iobj"} and case_of(child) in {"à", None}
        ]
        if verb.dep_ == "xcomp" and verb.head.lemma in OBJECT_CONTROL:
            objects = [child for child in verb.head.children if child.dep_ == "obj"] or controller
            if objects:
                return objects[:1]
        return subjects(verb.head, depth=depth + 1)
    if verb.dep_ == "acl" and not is_passive(verb):
        return [verb.head]
    return _inverted(verb)


def _is_day_behind(child: Token, verb: Token) -> bool:
    """The 7 of "a indiqué le 7 mars la préfecture", which the parser takes for the subject."""
    return child.i > verb.i and (child.like_num or child.lower_ in TIME_WORDS)


def is_inserted(verb: Token) -> bool:
    """Whether a comma or quotation mark stands right before a verb of saying: "..., a annoncé jeudi la préfecture"."""
    return verb.lemma in SAYING_VERBS and stands_behind(verb, _OPENERS)


def stands_behind(verb: Token, signs: Set[str]) -> bool:
    """Whether one of `signs` stands right before the verb with its auxiliaries."""
    group = [child.i for child in verb.children if child.dep_.startswith("aux") and child.i < verb.i]
    first = min([verb.i, *group])
    return first > 0 and verb.doc[first - 1].text in signs


_OPENERS = frozenset({",", "»", "”", '"', "!", "?"})


def _said_by(verb: Token) -> list[Token]:
    """Who says what stands before the inserted `verb`: the first noun behind it that no preposition, day or noun leads to."""
    for token in verb.doc[verb.i + 1 : verb.sent.end]:
        if token.is_punct:
            break
        if token.pos_ not in {"NOUN", "PROPN"} or token.lower_ in TIME_WORDS or case_of(token) is not None:
            continue
        head = token.head
        if not verb.i < head.i < token.i or head.lower_ in TIME_WORDS or head.pos_ == "ADV":
            return [token]
    return []


def clitic_subject(verb: Token) -> list[Token]:
    """The pronoun of "affirme-t-il", "a-t-elle déclaré", which the parser often leaves out of the clause."""
    doc = verb.doc
    for index in (verb.i + 1, verb.i + 2, verb.i - 1, verb.i - 2):
        if not 0 <= index < len(doc) or doc[index].lower_ not in CLITIC_SUBJECTS:
            continue
        if index != verb.i + 2 or doc[verb.i + 1].lower_ == "-t":
            return [doc[index]]
    return []


CLITIC_SUBJECTS = frozenset(["-il", "-elle", "-ils", "-elles", "-on", "-t-il", "-t-elle", "-t-on", "-t-ils", "-t-elles"])
OBJECT_CONTROL = frozenset(
    (
        "demander ordonner permettre interdire accuser soupçonner empêcher appeler inviter exhorter obliger contraindre "
        "forcer autoriser aider charger proposer recommander suspecter sommer presser enjoindre laisser voir convaincre"
    ).split()
)


def _non_finite(verb: Token) -> bool:
    return "Fin" not in verb.morph.get("VerbForm", []) and not any(
        child.dep_ in {"aux:tense", "aux:pass", "cop"} and "Fin" in child.morph.get("VerbForm", []) for child in verb.children
    )


def _has_relative(verb: Token, pronoun: str) -> bool:
    return any(child.lower_ in {pronoun, pronoun[:-1] + "'"} and child.dep_ in {"obj", "mark"} for child in verb.children)


_INVERTED = frozenset({"obj", "obl:arg", "obl:mod", "appos", "flat:name"})


def _inverted(verb: Token) -> list[Token]:
    """The subject after a speech verb that follows its quotation; the parser labels it `obj` or `obl`."""
    after = [
        child
        for child in verb.children
        if child.i > verb.i and child.dep_ in _INVERTED and child.lower_ not in TIME_WORDS and not child.like_num
    ]
    before = verb.nbor(-1).lower_ if verb.i > verb.sent.start else ""
    opener = before in _OPENERS or (before in {"a", "ont"} and verb.lemma in SAYING_VERBS)
    return [child for child in after[:1] if opener and case_of(child) is None]


def logical_subject(verb: Token) -> list[Token]:
    """Who acts: the subject of an active verb, the `par` agent of a passive one."""
    if is_passive(verb):
        return agents(verb)
    return subjects(verb)


def agents(verb: Token) -> list[Token]:
    """The `par` complements of `verb`."""
    return [
        child
        for child in verb.children
        if child.dep_ == "obl:agent" or (case_of(child) == "par" and child.dep_ in OBLIQUES and child.pos_ != "ADV")
    ]


def logical_object(verb: Token) -> list[Token]:
    """Who or what undergoes: the object of an active verb, the subject of a passive one, the noun a bare participle modifies."""
    if is_passive(verb):
        if verb.dep_ in {"acl", "amod"} and not has_auxiliary(verb):
            return [verb.head]
        if verb.dep_ == "conj" and is_bare_participle(verb):
            return [child for child in verb.children if child.dep_ in SUBJECTS] or logical_object(verb.head)
        return subjects(verb)
    objects = [child for child in verb.children if child.dep_ == "obj" and child.lower_ not in REFLEXIVE]
    objects = [child for child in objects if child.lower_ not in {"que", "qu'"}]
    if objects:
        inverted = subjects(verb)
        return [child for child in objects if child not in inverted]
    if is_bare_participle(verb) and _takes_object(verb):
        return [verb.nbor(1)]
    if any(child.dep_ == "expl:pass" for child in verb.children):
        return subjects(verb)
    if verb.dep_ == "acl:relcl" and _has_relative(verb, "que"):
        return [verb.head]
    if verb.dep_ == "conj" and not is_passive(verb) and verb.head.pos_ == "VERB":
        return [child for child in verb.head.children if child.dep_ == "obj" and child.i > verb.i]
    return []


def complements(token: Token, preposition: str) -> list[Token]:
    """The complements of `token` with that preposition: its own, and those wrongly hung on a complement before."""
    own = [child for child in token.children if child.dep_ in OBLIQUES and case_of(child) == preposition]
    if own or token.pos_ != "VERB" or preposition == "de":
        return own
    before = {"obj", "obl:arg", "obl:mod", "obl:agent", "nsubj:pass"}
    nested = [grand for child in token.children if child.dep_ in before and child.i > token.i for grand in child.children]
    return [grand for grand in nested if grand.dep_ == "nmod" and case_of(grand) == preposition]


@once
def clause_head(token: Token) -> Token:
    """The verb (or root) of the smallest finite clause that holds `token`."""
    node = token
    while node.dep_ not in CLAUSES and node.head != node:
        if node.dep_ == "conj" and node.pos_ in {"VERB", "AUX"} and any(child.dep_ in SUBJECTS for child in node.children):
            return node
        node = node.head
    return node


_NOT_OF_THE_NOUN = SUBJECTS | frozenset(
    (
        "acl:relcl acl appos advcl parataxis conj cc punct case cop mark ccomp obl:mod obl:arg aux:tense aux:pass obj xcomp dep "
        "advmod expl:comp"
    ).split()
)


@once
def noun_phrase(head: Token) -> tuple[int, int]:
    """First and last token index (inclusive) of the noun phrase of `head`, without relative clauses and appositions."""
    first = last = head.i
    for child in head.children:
        if child.dep_ in _NOT_OF_THE_NOUN:
            continue
        left, right = child.left_edge.i, child.right_edge.i
        if child.dep_ == "nmod":
            left, right = (child.left_edge.i, noun_phrase(child)[1])
        if right == first - 1 or left <= last + 1:
            first, last = min(first, left), max(last, right)
    while last > head.i and head.doc[last].is_space:  # the line break behind a headline hangs on its last word
        last -= 1
    return first, last
