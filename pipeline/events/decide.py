"""What the rules propose and the models decide, event by event."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.events.dating import find_dates, lay_out
from pipeline.events.learned import arguments, statuses, words
from pipeline.events.learned import dates as learned_dates
from pipeline.events.learned.arguments import Filled
from pipeline.events.learned.dates import Judged
from pipeline.events.learned.models import Models
from pipeline.events.learned.network import features
from pipeline.events.ontology import Ontology
from pipeline.events.status import find_evidence, find_statuses
from pipeline.events.triggers import Candidate
from pipeline.events.view import View


@dataclass(frozen=True, slots=True)
class Decision:
    """An event: its trigger, how likely it is of that type, its arguments, status and date, and how likely they are."""

    candidate: Candidate
    share: float
    filled: Filled
    told: statuses.Judged
    when: Judged


def decide(view: View, ontology: Ontology, models: Models) -> list[Decision]:
    """The events of one article, in text order."""
    found = words.find_triggers(view, ontology, models.words)
    triggers = [candidate for candidate, _ in found]
    likeness = features(view.doc, [candidate.token.i for candidate in triggers])
    evidence = find_evidence(triggers, view)
    ruled = find_statuses(triggers, evidence)
    timeline = lay_out(triggers, ruled, view)
    by_rule = find_dates(timeline)
    dated = learned_dates.judge(timeline, by_rule, likeness, models.dates, models.hopeless)
    judged = statuses.judge(triggers, ruled, evidence, by_rule, view, likeness, models.statuses)
    filled = arguments.judge(triggers, view, ontology, likeness, models.arguments, models.hopeless)
    return [
        Decision(candidate, share, parts, told, when)
        for (candidate, share), parts, told, when in zip(found, filled, judged, dated, strict=True)
    ]
