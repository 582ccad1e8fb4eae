"""Which way a clause looks, back or forward: by the morphology of its verbs, or by their endings where no parse is given."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

BACK, FORWARD, PRESENT = -1, 1, 0

# Verbs that form the passé composé with être; with any other verb "est" + participle is a present passive.
_ETRE_VERBS = re.compile(
    r"(?:all|ven|conven|parven|surven|interven|deven|reven|part|repart|arriv|mort|n|entr|rentr|sort|mont|descend|tomb|retomb|rest"
    r"|retourn|deced|pass|appar|disparu|mourr)(?:e|ee|es|ees|i|ie|is|ies|u|ue|us|ues|us|s|te|tes|ts)?"
)
_PLANNED = frozenset(
    f"{stem}{ending}"
    for stem in (
        "prevu",
        "attendu",
        "programme",
        "convoque",
        "fixe",
        "reporte",
        "annonce",
        "planifie",
        "invite",
        "appele",
        "tenu",
    )
    for ending in ("", "e", "s", "es")
) - {"annonce", "annoncee", "annonces", "annoncees", "appele", "tenu", "tenue", "tenus", "tenues"}
# In the present tense with a day these announce: "le Conseil se réunit jeudi".
_SCHEDULED = re.compile(
    r"(?:reuni|tien|ouvr|debut|commenc|rencontr|affront|recoi|recoivent|examin|vot|joue|dispute|rendez|entre|reprend|lance|sort|paraît"
    r"|parait|attend|prevoi|table(?!au)|esper|escompt|envisag|projett|promet|comparai|celebr|fet|organis|convoqu|elit|elisent|decid|defie|accueill|inaugur|prononcent|prononce\b|oppose)\w{0,6}"
)
# In the present passive: "un défilé est annoncé dimanche".
_ARRANGED = re.compile(r"(?:annonc|organis|esper|escompt|envisag)ee?s?")
_NEGATIONS = frozenset(["non", "pas", "jamais"])
_AVOIR = frozenset(["a", "ont", "ai", "as", "avons", "avez"])
_ETRE = frozenset(["est", "sont", "suis", "es", "sommes", "êtes", "etes"])
_WAS = frozenset(["était", "étaient"])
_SKIPPED = frozenset(
    (
        "pas plus jamais déjà également aussi ensuite donc bien notamment été encore ainsi finalement officiellement "
        "toujours depuis d'ailleurs fait fortement largement rapidement même tous toutes tout lui-même elle-même enfin"
    ).split()
)
_LOCUTIONS = frozenset(["par ailleurs", "en effet", "en outre", "en revanche", "de nouveau", "à nouveau", "sans doute"])
_LOCUTION_WORDS = frozenset(word for locution in _LOCUTIONS for word in locution.split())
_CLITICS = frozenset("se s le la les lui leur en y nous vous me te".split())
_MODALS = re.compile(r"(?:va|vont|vais|allons|allez|doit|doivent|devons|dois)")
_FUTURE = re.compile(r"\w{2,}(?:ra|ront|rai|rons|rez)")
# The last letters of stems whose own r makes no future and no conditional: "montra", "assurait", "clôturaient".
_STEM_IN_R = (
    r"\w*(?:[aéo]|(?<!a)(?<!cl)u|stau|[bfg]|(?<![nu])c|(?<![tîi])t|[ln]iv|œuv|ouv|cad|effond|admi|déchi|[xs]pi|soupi|dési"
    r"|ser|ter|bar|\b(?:re|at|é)?ti|\bvi)r"
)
_NOT_FUTURE = re.compile(rf"{_STEM_IN_R}a|sera-ce|front|aura-t|mourra-t")
# "apparait" and "comparait" are presents
_IMPERFECT = re.compile(rf"(?!(?:ap|com|dis|re|trans)parai){_STEM_IN_R}(?:ait|aient)")
_PAST = re.compile(r"\w{2,}(?:ait|aient|èrent|irent|urent)|fut|furent|eut|fit|prit|mit|vint|dit|perdit|rendit|permit")
_NOT_PAST = frozenset(
    "fait lait trait souhait parfait extrait portrait retrait attrait abstrait parlait-il satisfait plait connait connaît "
    "parait paraît nait naît".split()
)
_CONDITIONAL = re.compile(r"\w{2,}(?:rait|raient)")
# What a tagger calls a conditional or a future is one only with such an ending: it takes "échouent" and "établit" for them too.
CONDITIONAL_ENDINGS = ("rais", "rait", "rions", "riez", "raient")
FUTURE_ENDINGS = ("rai", "ras", "ra", "rons", "rez", "ront", "vont")
_PARTICIPLE = re.compile(
    r"\w{2,}(?:é|ée|és|ées|i|ie|is|it|ies|u|ue|us|ues|ert|ert?e|erts|t|te|ts|tes|s|se)|(?:e|l|p|s|v)ue?s?|dû|due|née?s?"
)
_TOLD = re.compile(r"\w{2,}(?:é|i|u)(?:e|s|es)?")  # behind "avoir" no adjective: "a meurtri"
# By their endings they look it.
_NO_PARTICIPLES = frozenset("lieu trois sept huit vingt cent plus moins tout tous dans sous".split())
_BOUNDARY = re.compile(r"[!?;\n]|(?<!\bM)(?<!\bMM)(?<!\bMe)(?<!\bDr)(?<!\bSt)\.(?=\s|$)|:(?=\s)")  # "M. Diouf" ends no sentence
_CLAUSE = 60  # characters in front of a verb that hold its conjunction
_REACH = 240  # characters from a verb to the time expression that it governs
_INFINITIVE = re.compile(r"(?:r|re)$")
_INVERTED = re.compile(r"(?:-t)?-(?:on|ils?|elles?|je|tu|nous|vous)$")
_WORD = re.compile(r"[\w’'-]+")
# "se rendait à Rome pour la finale mercredi": the day is that of what is planned.
_PURPOSE = re.compile(
    r"\b(?:pour|en vue d[eu'’]|avant) ?(?:la|le|les|l['’]|un|une|des|de|cette|ce)? ?(?:\w+ )?"
    r"(?:finale|match|sommet|réunion|rencontre|élection|scrutin|vote"
    r"|législatives|présidentielles?|municipales|européennes|sénatoriales|régionales|départementales|cantonales|primaires?"
    r"|élections|jeux|coupe|mondial|euro|tournoi|festival|salon|rentrée"
    r"|visite|cérémonie|conférence|congrès|audience|discussions|pourparlers|négociations|manifestation|grève|journée)"
)
# In front of a present tense: what a condition speaks of is still to come; after "avant que" it is as past as the main clause.
_IF = re.compile(r"\b(?:si|s['’]ils?)\b[^,.;:]{0,40}$")
_BEFORE_THAT = re.compile(r"\bavant (?:que|qu['’])[^,.;:]{0,40}$")
# "a proposé que les ministres se concertent lundi": what is asked for is still to come.
_ASKED = re.compile(r"\b(?:propos|demand|exig|réclam|souhait|voudr|veut|veulent|voul|ordonn|pri(?:é|e\b|ent\b))")
_THAT = re.compile(r"(?: \w+)? (?:que\b|qu['’])")
# "avant de le reprendre mardi" is as past as "il avait cédé"; "il promet de revenir lundi" is ahead, "il a promis" as well.
_PRONOUNS = r"(?:(?:se|s['’]|l['’]|la|les?|lui|leur|y|en) ?)*"
_BEFORE_DOING = re.compile(rf"\bavant (?:de |d['’]){_PRONOUNS}$")
# "a poussé un homme à abattre", "avait fini par céder", "il aura fallu une heure pour gagner": what was brought about is done.
_BROUGHT_ABOUT = re.compile(
    r"\b(?:poussé|forcé|amené|aidé|autorisé|contraint|obligé|conduit|permis|réussi|parvenu|commencé|continué|renoncé|fini|tardé)\w*"
    rf"[^.;:!?\n]*\b(?:à |de |par |d['’]){_PRONOUNS}$"
    rf"|\b(?:fallu|suffi)\b[^.;:!?\n]*\bpour {_PRONOUNS}$"
)
_TO_DOING = re.compile(rf"\b(?:de |d['’]|à )(?:(?:ne|pas|plus) )*{_PRONOUNS}$")
_COMMITTED = re.compile(
    r"\b(?:prome[tst]|promis|engag|menac|invit|appel|exhort|somm(?:e|é|ait)|pri(?:é|e\b|ent\b)|demand|convoqu|prévo|prévu|envisag|projet"
    r"|propos|convien|convenu|jur(?:é|e\b)|décid|dit\b)"
)
# "ont confirmé leur intention de saisir le juge mardi"
_INTENTION = re.compile(r"\b(?:intention|projet|promesse|volonté|espoir|ordre|consigne|possibilité|menace)s? (?:\w+ ){0,2}?$")
_JOINED = re.compile(r"[^.,;:!?()\n]{0,60} (?:et|ou|puis) (?:\w+ment )?")  # between two participles of one auxiliary
_OPENS = re.compile(r"(?:^|[.!?\n]|[.!?] )[ «\n]*$")  # in front of a participle that opens its sentence
PUT_OFF = re.compile(r"\b(?:report|annul|repouss|ajourn|interdi|suspend|suspendu|déplac|avanc|décal|différ|remis|maintenu)")
_HAD = re.compile(r"(?:avai|étai)(?:t|ent)\b")
_DETERMINERS = frozenset("l' l’ la le les un une des son sa ses leur leurs ces cet cette".split())
# A future by its ending alone, whatever the tagger says; "tiraient" and "opéraient" are none.
_SURE_FUTURE = re.compile(r"r(?:(?<=er)aient|(?<=[ei]r)ont)\b")
_WORD_END = re.compile(r"[a-zéèêàç]{4,}$")
_LONGEST = 30  # letters of a verb
# From the date of an apposed participle to the verb that follows: "le conseil, convoqué mardi soir, lui a donné raison".
_SET_OFF = re.compile(rf"[^,.;:!?()\n]{{0,40}}, (?:ne |n['’])?{_PRONOUNS}")
# A participle with "être" between a comma and a date: "la rébellion, partie le 3 mars, ...".
_APPOSED = re.compile(
    r", ((?:part|sort|entr|arriv|parven|reven|ven|all|mort|n|tomb|deced|décéd)(?:i|u|é)?(?:e|s|es)?) (?:le|en) [0-9]"
)
_CROSSING = re.compile(r"[,()«»—]|\s[–-]\s|\b(?:que|qu'|qui|dont|où|lorsque|quand|alors|mais)\b|\s[àa] l'occasion")


@dataclass(frozen=True, slots=True)
class VerbMark:
    """A verb group and the way it looks; `weak` for bare infinitives and participles."""

    start: int
    end: int
    direction: int
    weak: bool = False
    participle: bool = False  # one without an auxiliary


class Clauses:
    """The verbs of a text, asked for the direction at a span."""

    def __init__(self, text: str, marks: Sequence[VerbMark]) -> None:
        self._text = text
        self._marks = sorted(marks, key=lambda mark: mark.start)
        self._starts = [mark.start for mark in self._marks]
        self._governing: dict[tuple[int, int, bool], VerbMark | None] = {}  # asked for several times a span

    def direction(self, start: int, end: int) -> int | None:
        """BACK, FORWARD or PRESENT: the way of the verb that governs ``text[start:end]``; None without a verb near."""
        mark = self.governing(start, end)
        if mark is None:
            return None
        if mark.end <= start and _PURPOSE.search(self._text, mark.end, start):
            return FORWARD
        if self._is_committed(start):
            return FORWARD
        if mark.participle:
            return self._of_participle(mark, end)
        if mark.weak and mark.direction == FORWARD:
            return self._of_infinitive(mark)
        if mark.direction == PRESENT:
            return self._subordinate(mark)
        return mark.direction

    def _is_committed(self, start: int) -> bool:
        """Whether the infinitive in front of `start` is of what was promised or called for: "a promis de revenir"."""
        at = bisect_left(self._starts, start) - 1
        if at < 1:
            return False
        doing, main = self._marks[at], self._marks[at - 1]
        if not doing.weak or doing.direction != FORWARD or main.weak or start - main.end > _REACH:
            return False
        to_doing = _TO_DOING.search(self._text, max(main.end, doing.start - _CLAUSE), doing.start)
        if not to_doing:
            return False
        intended = _INTENTION.search(self._text, main.end, to_doing.start())
        if not intended and not _COMMITTED.search(self._text, main.start, main.end):
            return False
        return not (_CROSSING.search(self._text, doing.end, start) or _BOUNDARY.search(self._text, main.end, start))

    def _of_infinitive(self, mark: VerbMark) -> int:
        """What was done "avant de" something else, or brought about, is told in one go with it."""
        at = bisect_left(self._starts, mark.start)
        main = self._marks[at - 1] if at else None
        if main is None or main.direction != BACK or mark.start - main.end > _REACH or not self._is_one(main.end, mark.start):
            return FORWARD
        before = _BEFORE_DOING.search(self._text, max(0, mark.start - _CLAUSE), mark.start)
        return BACK if before or _BROUGHT_ABOUT.search(self._text, main.start, mark.start) else FORWARD

    def _of_participle(self, mark: VerbMark, end: int) -> int:
        """The way of a participle without an auxiliary: that of the clause that it opens, or of the one it is joined to."""
        at = bisect_left(self._starts, mark.start)
        if mark.direction == FORWARD:
            main = next((other for other in self._marks[at + 1 : at + 4] if not other.weak and other.start >= end), None)
            opens = main and _OPENS.search(self._text, max(0, mark.start - 4), mark.start) and self._is_one(end, main.start)
            apposed = main and _SET_OFF.fullmatch(self._text, end, main.start) and self._text.startswith(", ", mark.start - 2)
            return BACK if main and (opens or apposed) and self._is_done(main) else FORWARD
        return FORWARD if at and self._is_joined(at) else mark.direction

    def _is_done(self, main: VerbMark) -> bool:
        """Whether a main verb says that what was planned is over: "prévue mardi, la course a été gagnée par ..."."""
        put_off = PUT_OFF.search(self._text, main.start, main.end)
        return main.direction == BACK and (not put_off or _HAD.match(self._text, main.start) is not None)

    def _is_joined(self, at: int) -> bool:
        """Whether the participle is the second one of a verb that looks ahead: "doit être approuvée et votée"."""
        mark, first = self._marks[at], self._marks[at - 1]
        if not _JOINED.fullmatch(self._text, first.end, mark.start):
            return False
        if first.participle and at > 1 and self._text[self._marks[at - 2].end : first.start].isspace():
            first = self._marks[at - 2]
        return first.direction == FORWARD and not first.weak and not first.participle

    def _is_led(self, index: int) -> bool:
        """Whether an infinitive or planned participle has a finite verb behind it: "pour calmer la rue, il a cédé"."""
        mark = self._marks[index]
        if mark.direction != FORWARD or not (mark.weak or mark.participle):
            return False
        main = next((other for other in self._marks[index + 1 : index + 4] if not other.weak and not other.participle), None)
        return main is not None and main.start - mark.end <= _REACH and self._is_one(mark.end, main.start)

    def _is_one(self, start: int, end: int) -> bool:
        return not _BOUNDARY.search(self._text, start, end)

    def _subordinate(self, mark: VerbMark) -> int:
        """The way of a present tense behind "si" or "avant que"."""
        before = self._text[max(0, mark.start - _CLAUSE) : mark.start]
        if _IF.search(before):
            return FORWARD
        at = bisect_left(self._starts, mark.start)
        main = self._marks[at - 1] if at else None
        if main and _ASKED.search(self._text, main.start, main.end) and _THAT.match(self._text, main.end):
            return FORWARD
        if main and _BEFORE_THAT.search(before) and not _BOUNDARY.search(self._text, main.end, mark.start):
            return main.direction
        return PRESENT

    def participle_at(self, start: int) -> bool:
        """Whether a participle without an auxiliary begins at `start`."""
        at = bisect_left(self._starts, start)
        return at < len(self._marks) and self._marks[at].participle and self._starts[at] == start

    def is_chain(self, start: int) -> bool:
        """Whether what begins at `start` goes on with the participles of a verb: "il a été arrêté en 2010, jugé en 2011"."""
        at = bisect_left(self._starts, start)
        main = next((mark for mark in reversed(self._marks[max(0, at - 3) : at]) if not mark.weak), None)
        return main is not None and " " in self._text[main.start : main.end] and self._is_one(main.end, start)

    def between(self, start: int, end: int) -> bool:
        """Whether a finite verb stands in ``text[start:end]``."""
        at = bisect_left(self._starts, start)
        return any(not mark.weak and mark.end <= end for mark in self._marks[at : at + 4])

    def governing(self, start: int, end: int, *, finite: bool = False) -> VerbMark | None:
        """The nearest verb group (only `finite` ones) of the same sentence, verbs in front and of the same clause preferred."""
        key = start, end, finite
        if key not in self._governing:
            self._governing[key] = self._nearest(start, end, finite=finite)
        return self._governing[key]

    def _nearest(self, start: int, end: int, *, finite: bool) -> VerbMark | None:
        at = bisect_left(self._starts, start)
        best: tuple[float, VerbMark] | None = None
        for index, side in [(i, -1) for i in range(at - 1, max(-1, at - 5), -1)] + [(i, 1) for i in range(at, at + 4)]:
            if index >= len(self._marks) or (finite and self._marks[index].weak):
                continue
            mark = self._marks[index]
            first, last = (mark.end, start) if side < 0 else (end, mark.start)
            if last - first > _REACH:
                continue
            gap = self._text[first:last]
            if _BOUNDARY.search(gap):
                continue
            crossings = len(_CROSSING.findall(gap))
            own_word = side < 0 and mark.direction == BACK and not crossings  # "nommé directeur en février, il vise ..."
            weak = (3 if own_word else 6) if mark.weak else 0
            cost = len(gap) / 8 + 4 * crossings + (4 if side > 0 else 0) + weak
            if side > 0 and self._is_led(index):  # "mardi, le maire, parti nager, a disparu"
                continue
            # "jeudi, la témoin, appelée à la barre, ..."
            if side > 0 and mark.participle and gap.count(",") > 1 and gap.endswith(", "):
                continue
            if best is None or cost < best[0]:
                best = cost, mark
        return best[1] if best else None


def clauses(text: str, doc: Any = None) -> Clauses:
    """The verbs of `text`; `doc` is its parse (same offsets), without which word endings are read."""
    if doc is None:
        return Clauses(text, list(_marks_of_words(text)))
    marks = list(_marks_of_doc(doc))
    return Clauses(text, [*marks, *_marks_by_form(text, marks)])


def _marks_of_doc(doc: Any) -> Iterator[VerbMark]:
    index, size, behind = 0, len(doc), -1  # behind: the token behind the verb in front
    while index < size:
        token = doc[index]
        if token.pos_ not in ("VERB", "AUX"):
            index += 1
            continue
        if index == behind + 1 and _is_noun(doc, index):
            index += 1
            continue
        mark, index = _group(doc, index)
        if mark is not None:
            behind = index
            yield mark


def _marks_by_form(text: str, found: Sequence[VerbMark]) -> Iterator[VerbMark]:
    """Verbs that the tagger took for other words, though their form leaves no doubt."""
    starts = {mark.start for mark in found}
    for ending in _SURE_FUTURE.finditer(text):
        word = _WORD_END.search(text, max(0, ending.start() - _LONGEST), ending.end())
        if word is not None and word.start() not in starts:
            yield VerbMark(word.start(), word.end(), FORWARD)
    for match in _APPOSED.finditer(text):
        if match.start(1) not in starts:
            yield VerbMark(match.start(1), match.end(1), BACK, weak=True, participle=True)


def _is_noun(doc: Any, index: int) -> bool:
    """Whether what the tagger calls a verb has an article and a verb in front: "reprendra l'affiche"."""
    token = doc[index]
    present = token.pos_ == "VERB" and token.morph.get("Tense") == ["Pres"]
    return present and doc[index - 1].lower_ in _DETERMINERS


def _group(doc: Any, index: int) -> tuple[VerbMark | None, int]:
    """The verb group that begins at `index`, and the index behind it."""
    token = doc[index]
    morph = token.morph.to_dict()
    form, kind = token.lower_, morph.get("VerbForm")
    other = _next_verb(doc, index)
    other_kind = doc[other].morph.to_dict().get("VerbForm") if other is not None else None
    if other is not None and doc[other].pos_ == "ADJ":  # "est mort", "est prévu" read as an adjective
        other_kind = "Part"
    last = other if other is not None and other_kind in ("Part", "Inf") else index
    end = doc[last].idx + len(doc[last])
    if kind == "Part" and morph.get("Tense") == "Pres":
        return None, index + 1
    if kind == "Part" and form.endswith(FUTURE_ENDINGS) and len(form) > 4:  # the tagger's mistake: "fêtera"
        return VerbMark(token.idx, token.idx + len(token), FORWARD), index + 1
    if kind == "Part" and index and doc[index - 1].lower_ in _DETERMINERS:  # a noun: "ses médaillés"
        return None, index + 1
    if kind == "Part":
        planned = _plain(form) in _PLANNED and not (index and doc[index - 1].lower_ in _NEGATIONS)
        way = FORWARD if planned else BACK
        return VerbMark(token.idx, token.idx + len(token), way, weak=not planned, participle=True), index + 1
    if kind == "Inf" and not _INFINITIVE.search(form):  # the tagger's mistake: "invoque"
        return VerbMark(token.idx, end, _finite(doc, index, form, morph, "", "")), last + 1
    if kind == "Inf":
        if form in ("avoir", "être") and other_kind == "Part":
            return VerbMark(token.idx, end, BACK, weak=True), last + 1
        return VerbMark(token.idx, token.idx + len(token), FORWARD, weak=True), index + 1
    if kind != "Fin" and not morph.get("Tense"):
        return None, index + 1
    direction = _finite(doc, index, form, morph, doc[other].lower_ if last != index else "", other_kind or "")
    return VerbMark(token.idx, end, direction), last + 1


def _next_verb(doc: Any, index: int) -> int | None:
    """The participle or infinitive that goes with the finite verb at `index`, adverbs and pronouns skipped."""
    for other in range(index + 1, min(index + 6, len(doc))):
        token = doc[other]
        if token.pos_ in ("VERB", "AUX") and token.lower_ != "été":
            return other
        if token.lower_ in _SKIPPED or token.pos_ in ("ADV", "PRON") or token.lower_ == "été" or token.text in ("-", "t"):
            continue
        if token.lower_ in _LOCUTION_WORDS and (_is_locution(doc, other) or _is_locution(doc, other - 1)):
            continue
        plain = _plain(token.lower_)
        adjective = token.pos_ == "ADJ" and _PARTICIPLE.fullmatch(token.lower_)
        told = (
            plain in _PLANNED or _ETRE_VERBS.fullmatch(plain) or (doc[index].lower_ in _AVOIR and _TOLD.fullmatch(token.lower_))
        )
        return other if adjective and told else None
    return None


def _is_locution(doc: Any, index: int) -> bool:
    """Whether an adverb of two words begins at `index`: "doit par ailleurs trancher"."""
    return index + 1 < len(doc) and f"{doc[index].lower_} {doc[index + 1].lower_}" in _LOCUTIONS


def _finite(doc: Any, index: int, form: str, morph: dict[str, str], other: str, other_kind: str) -> int:
    tense, mood = morph.get("Tense"), morph.get("Mood")
    reflexive = index > 0 and doc[index - 1].lower_ in ("s'", "se", "s’")
    if (_IMPERFECT.fullmatch(form) and form not in _NOT_PAST) or (form == "aura" and other in ("fallu", "suffi")):
        return BACK
    if (mood == "Cnd" and form.endswith(CONDITIONAL_ENDINGS)) or _CONDITIONAL.fullmatch(form):
        if other_kind != "Part" or form not in ("aurait", "auraient", "serait", "seraient"):
            return FORWARD
        past = form.startswith("au") or reflexive or _ETRE_VERBS.fullmatch(_plain(other))  # "serait remis" is of what is to come
        return BACK if past else FORWARD
    if (tense == "Fut" and form.endswith(FUTURE_ENDINGS)) or (_FUTURE.fullmatch(form) and not _NOT_FUTURE.fullmatch(form)):
        return FORWARD
    if form in _NOT_PAST:
        return PRESENT
    if form in _WAS and _plain(other) in _PLANNED:  # "était attendu lundi"
        return FORWARD
    if tense in ("Imp", "Past") or (mood == "Cnd" and _PAST.fullmatch(form)):
        return FORWARD if form in ("devait", "devaient", "allait", "allaient") and other_kind == "Inf" else BACK
    return _present(form, other, other_kind, reflexive)


def _present(form: str, other: str, other_kind: str, reflexive: bool) -> int:
    """The way of a present tense, alone or as an auxiliary."""
    plain = _plain(other)
    if other_kind == "Part" or (other and plain in _PLANNED):
        if form in _ETRE:
            if plain in _PLANNED or _ARRANGED.fullmatch(plain):
                return FORWARD
            return BACK if reflexive or _ETRE_VERBS.fullmatch(plain) else PRESENT
        return BACK
    if other_kind == "Inf" and _MODALS.fullmatch(form):
        return FORWARD
    if form in _ETRE or form in _AVOIR:
        return PRESENT
    return FORWARD if _SCHEDULED.fullmatch(_plain(form)) else PRESENT


def _plain(word: str) -> str:
    return word.translate(_ACCENTS)


_ACCENTS = str.maketrans("éèêëàâîïôûùç", "eeeeaaiiouuc")


def _marks_of_words(text: str) -> Iterator[VerbMark]:
    """Verbs by their endings: what can be had without a parser."""
    words = [(match.start(), match.end(), match[0].lower()) for match in _WORD.finditer(text)]
    index = 0
    while index < len(words):
        start, end, word = words[index]
        stem = _INVERTED.sub("", word.rsplit("'", 1)[-1].rsplit("’", 1)[-1])
        other = index + 1
        while other < min(index + 4, len(words)) and words[other][2] in _SKIPPED | _CLITICS:
            other += 1
        following = words[other][2] if other < len(words) else ""
        direction = _surface(stem, following, (index > 0 and words[index - 1][2] == "se") or word.startswith(("s'", "s’")))
        if direction is not None:
            auxiliary = stem in _AVOIR or stem in _ETRE or _MODALS.fullmatch(stem)
            yield VerbMark(start, words[other][1] if auxiliary and following else end, direction)
            index = other if auxiliary else index
        elif _plain(stem) in _PLANNED and not (index and words[index - 1][2] in _NEGATIONS):
            yield VerbMark(start, end, FORWARD, participle=True)
        index += 1


def _surface(word: str, following: str, reflexive: bool) -> int | None:
    if word in _AVOIR:
        return BACK if _PARTICIPLE.fullmatch(following) and following not in _NO_PARTICIPLES else PRESENT
    if word in _ETRE:
        return _present(word, following, "Part" if _PARTICIPLE.fullmatch(following) else "", reflexive)
    if word in _WAS and _plain(following) in _PLANNED:
        return FORWARD
    if _MODALS.fullmatch(word):
        return FORWARD if following.endswith(("r", "re")) else PRESENT
    if _CONDITIONAL.fullmatch(word) and word not in _NOT_PAST and not _IMPERFECT.fullmatch(word):
        return BACK if word in ("aurait", "auraient") else FORWARD
    if _FUTURE.fullmatch(word) and not _NOT_FUTURE.fullmatch(word):
        return FORWARD
    if _PAST.fullmatch(word) and word not in _NOT_PAST:
        return BACK
    if reflexive and _SCHEDULED.fullmatch(_plain(word)):
        return FORWARD
    return None
