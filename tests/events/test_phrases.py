"""The phrases that arguments are: where they end, whom pronouns may stand for, what is told of each."""

from __future__ import annotations

import pytest
from spacy.language import Language

from pipeline.events import load_ontology
from pipeline.events.arguments import phrase_span
from pipeline.events.learned import words
from pipeline.events.learned.antecedents import Antecedents
from pipeline.events.learned.arguments import decode
from pipeline.events.learned.cues import spelled
from pipeline.events.learned.phrases import Option, Phrases
from pipeline.events.quotes import find_quotes, quoted_spans
from pipeline.events.tree import Token, text_of
from pipeline.events.view import View, make_view
from pipeline.extract import find_marks
from pipeline.nlp import parse
from pipeline.records import Article, Region, RegionKind, content_id


def _view(nlp: Language, text: str) -> View:
    article = Article(content_id("test", text), "test.txt", text, (Region(RegionKind.BODY, 0, len(text)),))
    doc = next(iter(parse(nlp, [article])))
    mentions, found = find_marks(article, doc)
    view = make_view(doc, article, mentions, found, quoted_spans(text))
    find_quotes(view)
    return view


def _word(view: View, text: str) -> Token:
    return next(token for token in view.doc if token.text == text)


def _said(view: View, first: int, last: int) -> str:
    return text_of(view.doc[first : last + 1])


def test_a_phrase_holds_no_line_break(nlp: Language) -> None:
    view = _view(nlp, "Le préfet suspend deux agents municipaux\n\nLe préfet a suspendu deux agents municipaux lundi.")
    assert _said(view, *phrase_span(_word(view, "agents"))) == "deux agents municipaux"


@pytest.mark.parametrize(
    ("text", "noun", "wanted"),
    [
        ("Il a quitté une piste à environ 9 h 30.", "piste", "une piste"),
        ("Elle a remporté un neuvième titre en avril 2016.", "titre", "un neuvième titre"),
        ("La commune a subi une rupture de digue lundi soir.", "rupture", "une rupture de digue"),
        ("Il évoque les attentats du 13 novembre 2015.", "attentats", "les attentats du 13 novembre 2015"),
        ("Il a battu le vainqueur 2015.", "vainqueur", "le vainqueur 2015"),
    ],
)
def test_a_phrase_ends_before_the_time_that_the_parser_hangs_on_it(nlp: Language, text: str, noun: str, wanted: str) -> None:
    view = _view(nlp, text)
    assert _said(view, *phrase_span(_word(view, noun))) == wanted


STORY = "Marie Durand a reçu Jean Petit lundi à Lyon. La ministre soutient le projet. Elle a signé un accord avec la ville."


def _antecedents(view: View) -> Antecedents:
    names = {token.i for token in view.doc if token.text in {"Marie", "Jean", "Lyon"}}
    return Antecedents(view, names)


def test_a_pronoun_may_stand_for_the_last_subjects_and_names_once_each(nlp: Language) -> None:
    view = _view(nlp, STORY)
    known, pronoun, chosen = _antecedents(view), _word(view, "Elle"), _word(view, "ministre")
    assert [token.text for token in known.rivals(pronoun, chosen)] == ["Lyon", "Jean", "Marie"]
    assert "Jean" not in [token.text for token in known.rivals(pronoun, _word(view, "Jean"))]
    assert known.rivals(chosen, chosen) == []


def test_what_stands_in_a_quotation_is_no_antecedent_outside_it(nlp: Language) -> None:
    view = _view(nlp, "La ministre arrive. « Jean Petit est parti », dit-on. Elle a signé un accord.")
    found = _antecedents(view).rivals(_word(view, "Elle"), _word(view, "Elle").head)
    assert [token.text for token in found] == ["ministre"]


def test_the_first_person_stands_for_the_speaker_and_for_no_one_else(nlp: Language) -> None:
    view = _view(nlp, "Jean est parti. « J'ai rencontré le préfet », a dit Marie Durand.")
    pronoun, speaker = _word(view, "J'"), _word(view, "Marie")
    assert _antecedents(view).rivals(pronoun, speaker) == []
    assert list(_antecedents(view).cues(pronoun, speaker)) == ["stands for the speaker", "stands for the speaker as nsubj"]


def test_cues_tell_how_an_antecedent_goes_with_its_pronoun(nlp: Language) -> None:
    view = _view(nlp, STORY)
    known, pronoun = _antecedents(view), _word(view, "Elle")
    near, far = (set(known.cues(pronoun, _word(view, word))) for word in ("ministre", "Marie"))
    assert "stands 1 back" in near and "stands 2 back" in far
    assert "elle for PER" in far and "stands for a name said 1" in far


def _options(view: View, trigger: str) -> dict[str, Option]:
    looked = words.look(view, load_ontology())
    found = [looked.winners[index] for index in sorted(looked.winners)]
    candidate = next(each for each in found if each.token.text == trigger)
    offered = Phrases(view, looked.ontology, found).options(candidate)
    return {_said(view, option.first, option.last): option for option in offered}


def test_the_rivals_of_an_antecedent_hang_by_the_pronoun(nlp: Language) -> None:
    view = _view(nlp, "Marie Durand a quitté Lyon lundi. Jean Petit la remplace. Elle a démissionné de son poste.")
    found = _options(view, "démissionné")
    rivals = {text: option for text, option in found.items() if "rival" in option.cues}
    assert rivals and all(option.head.text == "Elle" for option in rivals.values())
    assert {"Marie Durand", "Jean Petit"} <= set(found)


def test_cues_tell_what_stands_beside_a_phrase_and_whose_it_is(nlp: Language) -> None:
    view = _view(nlp, "La police a condamné l'assassinat de Jean Petit à Paris. « Le maire a démissionné », dit Anne Roux.")
    inside = spelled(_options(view, "assassinat")["Jean Petit"].cues)
    assert {"before=de", "behind=à", "over PER=its"} <= set(inside)
    assert "quoted=(False, True)" in spelled(_options(view, "démissionné")["Anne Roux"].cues)


def test_cues_tell_how_many_of_the_kind_stand_nearer(nlp: Language) -> None:
    view = _view(nlp, "Un incendie a éclaté à Lyon avant de gagner Grenoble et Annecy.")
    found = _options(view, "incendie")
    assert "0 nearer, LOC after" in spelled(found["Lyon"].cues)
    assert "1 nearer, LOC after" in spelled(found["Grenoble"].cues)


@pytest.mark.parametrize(
    ("role", "shares", "wanted"),
    [
        ("actor", {"Durand": 0.45, "Petit": 0.4}, ["Durand"]),  # the second is hardly surer than not
        ("actor", {"Durand": 0.7, "Petit": 0.6}, ["Durand", "Petit"]),
        ("actor", {"Petit": 0.45, "Roux": 0.4}, ["Petit", "Roux"]),  # coordinated: one is as good as the other
        ("place", {"Lyon": 0.9, "Nice": 0.8, "Durand": 0.7}, ["Lyon", "Nice"]),  # one place, or several coordinated ones
    ],
)
def test_a_role_is_filled_again_where_that_is_sure_or_coordinated(
    nlp: Language, role: str, shares: dict[str, float], wanted: list[str]
) -> None:
    view = _view(nlp, "Durand a rencontré Petit et Roux à Lyon et Nice.")
    heads = [_word(view, name) for name in shares]
    offered = [Option(head.i, head.i, head) for head in heads]
    rows = [[1 - share, share] for share in shares.values()]
    assert [_said(view, found.first, found.last) for found in decode(offered, rows, ["none", role])] == wanted
