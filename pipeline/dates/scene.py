"""What a resolver sees of an article besides the span itself, and what it gives back."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pipeline.dates.anchors import Anchor, Timeline
from pipeline.dates.grammar import Found
from pipeline.dates.lexer import Token
from pipeline.dates.tense import BACK, FORWARD, PRESENT, Clauses

NO_REFERENCE = "no_reference_date"
NONE = "NONE"  # the type of a span that looks like a time expression and is none

_YEARLY = re.compile(
    r"\bchaque (?:annee|mois|ete|hiver|printemps|automne)\b|\btoute l'annee\b|\btous les (?:deux |trois |quatre )?ans\b"
    r"|\b[0-9]+ ?(?:\[[0-9]+\] ?)?fois sur [0-9]+\b"
)
_ONE_YEAR = re.compile(r"\b(?:cette annee|en|depuis) (?:19|20)[0-9]{2}\b(?! ?,)|\bcette annee\b")
# "sa démission prochaine, au mois d'octobre": the noun is of what is to come, whatever the verb.
_TO_COME = re.compile(
    r"\b(?:(?:prochaine?s?|imminente?s?|future?s?) ?,? ?(?:a|au|aux|en|pour|le|des)?"
    r"|(?:a l'approche|en vue) (?:de la|des|du|d'|de l') ?\w+ d[e']) ?(?:mois d[e'] ?)?$"
)
# "le prochain tirage a lieu dimanche", "une finale est au programme samedi"
_DUE = re.compile(r"\b(?:le prochain \w|la prochaine \w|au programme\b)[^.;:!?\n]*$")
_NEAR = 40
# "les syndicats ont appelé à une grève à partir de lundi"
_FROM = re.compile(
    r"\b(?:appel|annonc|decid|vot|promis|promet|demand|convoqu|pos|autoris|interdi|decret|conven|programm|report|repouss|propos)\w*"
    r" [^.;:!?\n]*\b(?:(?:a partir de|a compter de|des) (?:[0-9]+ ?h\w*(?: ?[0-9]{2})?(?: du matin| du soir)?,? )?|pour )$"
)
# "les syndicats appellent à un rassemblement jeudi": the day is that of what is called for.
_CALLED = re.compile(
    r"\b(?:appel(?:le|lent|ant|e|ait|aient|er)|invit\w+|convi\w+|mobilis\w+|donn\w+ rendez-vous"
    r"|(?:maint|lanc|renouvel|reiter)\w+ (?:un|des|son|ses|leurs?|l') ?appels?) (?:\w+ )?"
    r"(?:a|au|aux|pour) [^.;:!?\n]*"
    r"\b(?:manifest\w+|rassemblements?|greves?|marches?|defiler?|journees?|mobilisations?|debrayages?|votes?|voter|blocages?|veillee"
    r"|reunion|concert|boycott\w*|arrets? de travail)\b[^.;:!?\n]*$"
)
# "a exclu tout départ avant l'été", "interdit une dissolution avant juillet"
_BARRED = re.compile(r"\b(?:exclu|interdi|promet|promis|esper|refus|prevoi|prevu|envisag|redout|crain)\w*\b[^.;:!?\n]*\bavant $")
# An aside that a date stands in: from its first word to the comma, bracket or colon behind the date.
_ASIDE_END = re.compile(r"[^,.;:!?()\n]*[,):]")
_ASIDE_BEGIN = re.compile(r"(?:^|[,.;:!?()\n])[ «]*(?:(?:et|puis|d'abord|deja|longtemps) )?(\w+)(')?[^,.;:!?()\n]*$")
_ASIDE_REACH = 160
_FUNCTION_WORDS = re.compile(
    r"\w{1,2}|les|une|des|aux|ces|cet|cette|ses|son|leurs?|ils|elles?|mais|dans|pour|par|avec|depuis|apres|avant|lors|selon|puis"
    r"|pres|deja|notamment|soit|fin|debut|mi|courant|jusqu|entre|[0-9]+|(?:lun|mar|mercre|jeu|vendre|same)di|dimanche"
)
_PARTICIPLE = re.compile(r"\w*ée?s?\b|(?:[éÉ]lu|[Vv]endu|[Cc]onstruit|[Dd]étruit|[Rr]éuni|[Oo]uvert)e?s?\b")
# "la lutte a continué jusqu'à lundi": what lasted has had its end, what is closed or extended until then has not.
_LASTED = re.compile(
    r"\b(?:(?:a|ont|avai(?:t|ent)) (?:[a-z]+ ){0,3}?(?:continue|dure|attendu|persiste|negocie|sevi|resiste|patiente|hesite|tarde)"
    r"|(?:s'est|se sont|s'etai(?:t|ent)) (?:[a-z]+ ){0,2}?(?:poursuivi|prolonge|succede|battu)(?:e|s|es)?"
    r"|(?:continu|dur)ai(?:t|ent))"
    r" [^.;:!?()\n]*$"
)
_CALL = 90
_SOON = 2  # months between two days of one tale
# "a annoncé l'ouverture, dimanche, d'un dispensaire": the day is that of what is announced.
_ANNOUNCED = re.compile(
    r"\b(?:annonc|confirm|prevoi|decid|program)\w* (?:\w+ ){0,2}?(?:l'|la |le |les |une? )"
    r"(?:\w+ )?(?:ouverture|reouverture|reprise|tenue|lancement|organisation|convocation|envoi|fermeture|depart|debut),? $"
)
_OF_IT = re.compile(r",? (?:d'|de\b|du\b|des\b)")
# "a repoussé le vote à l'automne"
_PUT_OFF_TO = re.compile(
    r"\b(?:report|repouss|ajourn|renvo|decal|differ)\w*(?: (?:le|la|les|l'|son|sa|ses|leurs?|cette|ce)(?: ?[a-z]+){1,3}?)?"
    r" (?:a|au|aux) (?:la |l'|le )?$"
)
# What is called for, barred until a day or put off to it is to come; each with its reach in characters.
_AHEAD = ((_CALLED, _CALL), (_BARRED, 140), (_PUT_OFF_TO, _NEAR))
# "la première grève depuis la chute du gouvernement, le 5 octobre": what is behind "depuis", as far as the clause goes.
_SINCE = re.compile(r"\bdepuis ([^.;:!?()\n]*)$")
_SINCE_REACH = 120
# "par rapport à 2017", "contre 12 % en 2015", "plus qu'en 2010": a year to compare with opens no scene
_COMPARED = re.compile(
    r"\b(?:par rapport (?:a|au|aux)|compar\w+ (?:a|au|aux|avec)|relativement a|face a|vs\.?"
    r"|(?:plus|moins|mieux|davantage|autant|aussi \w+) (?:[^.;:!?,()\n]{0,30})?qu'(?:en|a)"
    r"|contre (?:seulement |environ |pres de |plus de |moins de )?(?:[0-9]|une?\b|deux|trois|quatre|cinq|six|sept|huit|neuf|dix)"
    r"[^.;:!?()\n]{0,40}(?:en|de|a|pour))"
    r" ?(?:l'annee |toute l'annee |l'an |la saison |ceux de |celui de |celle de |celles de |fin |debut )?$"
)
_COMPARED_REACH = 80
# "selon un bilan établi lundi par la préfecture", "d'après un communiqué publié dimanche soir"
_STATED = re.compile(
    r"\b(?:selon|d'apres) [^.;:!?()\n]*"
    r"\b(?:communique|etabli|publie|diffuse|dresse|rendu|donne|fourni|annonce|livre|transmis|arrete|actualise|revele|cite|date|paru)"
    r"(?:e|s|es)? (?:a la presse )?(?:le |ce )?$"
    r"|, a-t-on (?:appris|indique|precise|annonce) (?:le |ce )?$"
)
_PLUPERFECT = re.compile(
    r"(?:[nslmt]'|y )?(?:avai(?:s|t|ent)|etai(?:s|t|ent)|avions|etions) "
    r"(?:(?:pas|plus|deja|ensuite|alors|aussi|egalement|tous|toutes|ete|encore|jamais|meme|\w+ment|en revanche|,) )*"
    r"\w{2,}(?:e|ee|es|ees|i|ie|is|ies|it|ite|its|u|ue|us|ues|ert|erte|erts|ort|orte|orts)\b"
)
# After a pluperfect the imperfect goes on with the look back, the perfect is back at the news.
_IMPERFECT = re.compile(r"(?:[nslmt]'|y )?\w{3,}ai(?:t|ent)\b")
_PERFECT = re.compile(
    r"(?:[nslmt]'|y )?(?:a|ont|est|sont) (?:\w+ ){0,2}?\w+(?:e|ee|es|ees|i|ie|is|ies|it|u|ue|us|ues|ert|ort|int|ints)\b"
)
_FUTURE_VERB = re.compile(r"(?:[nslmt]'|y )?\w{2,}(?:ra|ront|rai|rons|rez)\b")
_FORECAST = re.compile(
    r"\b(?:previsions?|objectifs?|perspectives?|estimations?|projections?|pronostics?|ambitions?|attentes?|carnet de commandes)\b"
    r"[^.;:!?()\n]{0,60}\bpour (?:le |la |les |l'|tout le |toute l')?$"
)
# What arranges a return, an absence or a meeting is asked for its time: "je serai de retour ...", "organisez une réunion ...".
# The first person, for "le taux reviendra à 7" counts and "ils partiront à douze" are twelve.
_ARRANGED = re.compile(
    r"\b(?:je +(?:vais (?:(?:re)?partir|rentrer|retourner|(?:re)?venir|sortir)|(?:re)?viendrai|(?:re)?partirai|retournerai"
    r"|rentrerai|arriverai|(?:ne )?serais? (?:pas )?(?:ici|la|absente?|sortie?|dehors|de retour))"
    r"|(?:retrouvons|rencontrons|voyons)[ -]nous|(?:prenons|prenez|fixons) (?:un )?rendez-vous"
    r"|(?:organis|planifi|programm)(?:ez|ons|er) une reunion)"
    r" +(?:(?:a|en|vers|le|apres|au mois de) )?$"
)
_ARRANGED_REACH = 48
_PLANNED_FOR = re.compile(r"\b(?:prevu|attendu|programme|fixe|convoque)e?s? (?:pour|a|au) (?:le )?$")
# "devait rouvrir dans la soirée", "son retour, prévu dans la matinée"
_TO_DO = re.compile(r"(?:doi(?:t|vent)|dev(?:rai|ai)(?:t|ent)) (?:\w+ )?\w+(?:r|re)\b")
_TO_DO_NOUN = re.compile(r"\b(?:prevu|attendu|programme)e?s? (?:a |dans |en |pour )?$")

Tables = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Reading:
    """The meaning of a span. `method` says how it was worked out, or why `value` is None."""

    value: str | None
    method: str
    mod: str | None = None
    timex_type: str | None = None  # when it differs from the rule's
    anchor: str = "none"  # none, document, or the date_id of another expression
    start: int | None = None  # when the mark is not the whole match
    end: int | None = None
    interval: str | None = None  # where on the calendar a length of time lies
    explicit: bool = False  # has its own year: later expressions may be counted from it


@dataclass(slots=True)
class Scene:
    """One article while its expressions are resolved, in the order of the text."""

    text: str
    folded: str
    tables: Tables
    published: datetime | None
    has_time: bool
    timeline: Timeline
    get_clauses: Callable[[], Clauses]
    has_parse: bool
    pos_at: Callable[[int], str]  # the part of speech of the word at an offset, "" without a parse
    words: tuple[int, int]  # from the first letter or digit of the text to the last one

    @property
    def today(self) -> date | None:
        return self.published.date() if self.published else None

    def distant_year(self, found: Found, month: int = 0, day: int = 0) -> Anchor | None:
        """The other time that the text is in; what is still to come does not lie in a time of an earlier sentence."""
        if self.cue(found) == FORWARD and self.get_clauses().direction(found.start, found.end) == FORWARD:
            return None
        distant = self.timeline.distant_year(found.start, month, day)
        if distant is None or self.timeline.same_sentence(distant.start, found.start):
            return distant
        if self.today and distant.first > self.today:  # a plan of 2040 is no scene
            return None
        # "avait observé en 2010 ... Elle a rejoint en août", "... Choisie en mai, elle prendra son poste"
        over = distant.before_scene and (self._tells(found, _PERFECT) or self._tells(found, _FUTURE_VERB))
        return None if over or self.get_clauses().direction(found.start, found.end) == FORWARD else distant

    def distant_day(self, found: Found) -> Anchor | None:
        """The day of another time that a weekday is counted from; what is to come or "has" happened is of the news."""
        distant = self.timeline.distant_day(found.start)
        return None if distant and (self.direction(found) == FORWARD or self._tells(found, _PERFECT)) else distant

    def chained_year(self, found: Found, month: int, day: int) -> Anchor | None:
        """A date of last year that no finite verb parts from `found` ("arrêté le 3 mars 2015 et libéré le 12 mai") or that a
        tale in the present goes on from ("Il démissionne le 3 mars 2015. Un autre est élu le 12.")."""
        last = self.timeline.chained(found.start, month, day)
        if last is None:
            return None
        if self.timeline.same_sentence(last.start, found.start):
            return None if self.get_clauses().between(last.end, found.start) else last
        verb = self.get_clauses().governing(found.start, found.end, finite=True)
        soon = month - last.first.month <= _SOON
        return last if soon and verb is not None and verb.direction == PRESENT else None

    def cue(self, found: Found) -> int | None:
        """The direction that a preposition in front of `found` fixes alone: "depuis", "d'ici", "jusqu'à"."""
        before = found.previous(3).split()
        if before[-1:] == ["depuis"]:
            return BACK
        if before[-1:] == ["pour"] and _FORECAST.search(self.folded, max(0, found.start - _CALL), found.start):
            return FORWARD
        if before[-2:] in (["jusqu'", "a"], ["jusqu'", "au"]):
            return None if _LASTED.search(self.folded, max(0, found.start - _CALL), found.start) else FORWARD
        return FORWARD if before[-2:] in (["d'", "ici"], ["ici", "a"]) else None

    def direction(self, found: Found) -> int | None:
        """Which way the clause around `found` looks; a preposition in front of it may decide alone."""
        if (fixed := self.cue(found)) is not None:
            return fixed
        way = self.get_clauses().direction(found.start, found.end)
        if _PLANNED_FOR.search(self.folded, max(0, found.start - _NEAR), found.start):
            return FORWARD
        if _TO_COME.search(self.folded, max(0, found.start - _NEAR), found.start):
            return FORWARD
        before = found.previous(3).split()
        if way != FORWARD and (self._is_from(found, before) or self._is_arranged(found)):
            return FORWARD
        if way != BACK and self._is_of_apposed_noun(found):
            return BACK
        if way in (PRESENT, None) and self._is_due(found):
            return FORWARD
        if way == PRESENT and (before[-1:] in (["des"], ["pour"]) or before[-3:-1] == ["a", "partir"]):
            return FORWARD
        return way

    def _is_from(self, found: Found, before: list[str]) -> bool:
        """Whether something was called for or decided from `found` on; what "had been" decided as early as then is over."""
        since = _FROM.search(self.folded, max(0, found.start - _CALL), found.start)
        return since is not None and not (before[-1:] == ["des"] and self.is_pluperfect(found))

    def _is_arranged(self, found: Found) -> bool:
        """Whether `found` is the day of what the verb calls for, bars, puts off or announces."""
        if any(pattern.search(self.folded, max(0, found.start - reach), found.start) for pattern, reach in _AHEAD):
            return True
        of_it = _OF_IT.match(self.folded, found.end)
        return of_it is not None and _ANNOUNCED.search(self.folded, max(0, found.start - _CALL), found.start) is not None

    def _is_due(self, found: Found) -> bool:
        """Whether the clause in the present names the next one of its kind, or what a programme holds."""
        return _DUE.search(self.folded, max(0, found.start - _CALL), found.start) is not None

    def is_background(self, found: Found) -> bool:
        """Whether `found` only says since when ("depuis le 28 janvier", "depuis la chute du mur, en 1989"), until when
        ("détenu jusqu'en 2010") or what with something is compared ("par rapport à 2017")."""
        compared = _COMPARED.search(self.folded, max(0, found.start - _COMPARED_REACH), found.start)
        if compared or found.previous(2) == "jusqu' en":
            return True
        return self.is_since(found) and self.word(found.neighbour(1)) != "où"  # "depuis ce jour où ..." tells of the day

    def is_since(self, found: Found) -> bool:
        """Whether `found` stands behind "depuis", alone or with what happened on it: "fermé depuis la crue du 19 septembre"."""
        since = _SINCE.search(self.folded, max(0, found.start - _SINCE_REACH), found.start)
        return since is not None and not self.get_clauses().between(since.start(1), found.start)

    def aside_end(self, found: Found) -> int:
        """Where the aside ends that `found` stands in, 0 in none: "Fondée en 1954, l'école a", "le groupe, racheté en 2010, a",
        "le maire, qui avait été élu en 2008, ..."."""
        closing = _ASIDE_END.match(self.folded, found.end)
        opening = _ASIDE_BEGIN.search(self.folded, max(0, found.start - _ASIDE_REACH), found.start) if closing else None
        if closing is None or opening is None:
            return 0
        begin, clauses = opening.start(1), self.get_clauses()
        if opening[1] in ("qui", "dont", "laquelle", "lequel"):
            return closing.end() if opening[0][0] == "," else 0
        if clauses.between(begin, found.start) or clauses.is_chain(begin):
            return 0
        apposed = clauses.participle_at(begin) or _PARTICIPLE.match(self.text, begin)
        return closing.end() if apposed or self._is_bare_noun(opening) else 0

    def _is_bare_noun(self, opening: re.Match[str]) -> bool:
        """Whether an apposition begins with its noun: "Victime d'un accident en 2013, le maire ..."."""
        if opening[2] is not None or _FUNCTION_WORDS.fullmatch(opening[1]):
            return False
        return self.pos_at(opening.start(1)) in ("NOUN", "ADJ")

    def _is_of_apposed_noun(self, found: Found) -> bool:
        """Whether a sentence opens with what somebody was on this day: "Victorieux dimanche, le club jouera la finale"."""
        comma = self.folded.find(",", found.end, found.end + _CALL)
        opening = _ASIDE_BEGIN.search(self.folded, max(0, found.start - _ASIDE_REACH), found.start) if comma > 0 else None
        if opening is None or opening[0][0] in ",:(" or self.get_clauses().between(opening.start(1), comma):
            return False
        return self._is_bare_noun(opening)

    def is_statement(self, found: Found) -> bool:
        """Whether `found` only dates the report that the sentence rests on: "selon un bilan établi lundi"."""
        return _STATED.search(self.folded, max(0, found.start - _SINCE_REACH), found.start) is not None

    def is_pluperfect(self, found: Found) -> bool:
        """Whether the clause around `found` tells what had been before what the text is about."""
        return self._tells(found, _PLUPERFECT)

    def _tells(self, found: Found, tense: re.Pattern[str]) -> bool:
        """Whether the finite verb that governs `found` is in this tense."""
        verb = self.get_clauses().governing(found.start, found.end, finite=True)
        return verb is not None and tense.match(self.folded, verb.start) is not None

    def is_future(self, found: Found) -> bool:
        """Whether a future tense governs `found`: then it cannot lie in the past."""
        verb = self.get_clauses().governing(found.start, found.end)
        return verb is not None and not verb.weak and _FUTURE_VERB.match(self.folded, verb.start) is not None

    def _is_still_to_do(self, found: Found) -> bool:
        """Whether `found` is the hour of what is still to be done when the news is told: "la route devait rouvrir dans la
        soirée", "son retour, prévu dans la journée"."""
        if _TO_DO_NOUN.search(self.folded, max(0, found.start - _NEAR), found.start):
            return True
        return self.is_future(found) or self._tells(found, _TO_DO)

    def day_for_clock(self, found: Found) -> Anchor | None:
        """The day that a clock time or a part of day belongs to, None for the document's."""
        same = found.stretch.tokens[found.last - 1].form == "meme"  # "le soir même": of the day just named
        news = not same and not self.is_pluperfect(found)
        if not same and self._is_still_to_do(found):
            return self.timeline.day_ahead(found.start, found.end)
        told_on = self._tells(found, _IMPERFECT)
        return self.timeline.day_for_clock(found.start, found.end, past=self.told_as_done(found), news=news, told_on=told_on)

    def told_as_done(self, found: Found) -> bool:
        return self.direction(found) == BACK

    def sentence(self, found: Found) -> str:
        """The folded sentence around `found`, cut at 600 characters on either side."""
        start, end = max(0, found.start - 600), min(len(self.folded), found.end + 600)
        before = re.split(r"[.!?]\s|\n", self.folded[start : found.start])[-1]
        return before + re.split(r"[.!?](?:\s|$)|\n", self.folded[found.start : end])[0]

    def is_yearly(self, found: Found) -> bool:
        """Whether the sentence tells what happens every year: then a bare month is that month of any year."""
        if found.previous() in ("depuis", "ce", "cet") or not _YEARLY.search(sentence := self.sentence(found)):
            return False
        past = self.get_clauses().direction(found.start, found.end) in (BACK, FORWARD)
        return not (past or _ONE_YEAR.search(sentence))

    def stands_alone(self, found: Found) -> bool:
        """Whether nothing but a time can be meant: the text is the expression, a query or the entry of a form, or the
        expression answers what arranges a meeting or a return. There "17 02" is a day and "matin" this morning."""
        if found.start <= self.words[0] and self.words[1] <= found.end:
            return True
        return _ARRANGED.search(self.folded, max(0, found.start - _ARRANGED_REACH), found.start) is not None

    def word(self, token: Token | None) -> str:
        """A token as the article writes it, in lower case, with its accents: "à" is not "a"."""
        return self.text[token.start : token.end].lower() if token else ""


Resolver = Callable[[Found, Scene], Reading | None]
