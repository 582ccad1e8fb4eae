"""Who stands where in a sentence: what the parser slips on and the stage must not."""

from __future__ import annotations

import pytest
from spacy.language import Language

from pipeline.events import syntax
from pipeline.events.tree import Doc


@pytest.mark.parametrize(
    ("text", "verb", "subject"),
    [
        ("Le groupe va supprimer 210 emplois en France, a annoncé jeudi sa direction.", "annoncé", ["direction"]),
        ("Le groupe va supprimer 210 emplois, a annoncé jeudi soir une source proche du dossier.", "annoncé", ["source"]),
        ("L'usine fermera en juin, a indiqué le 7 mars la préfecture du Rhône.", "indiqué", ["préfecture"]),
        ("« Nous fermerons l'usine », a déclaré mardi à Lyon le ministre.", "déclaré", ["ministre"]),
        ("L'usine fermera en juin, a-t-elle annoncé jeudi.", "annoncé", ["-elle"]),
        # No insertion: what follows is said or done, not who says it.
        ("La direction a annoncé jeudi la fermeture de l'usine.", "annoncé", ["direction"]),
        ("Le groupe a fermé son usine, puis licencié 300 salariés.", "licencié", ["groupe"]),
        ("Le groupe ferme son usine et, selon la CGT, a licencié 300 salariés.", "licencié", []),
    ],
)
def test_subjects(nlp: Language, text: str, verb: str, subject: list[str]) -> None:
    doc = Doc(nlp(text))
    assert [token.text for token in syntax.subjects(next(token for token in doc if token.text == verb))] == subject
