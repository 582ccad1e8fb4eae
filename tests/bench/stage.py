"""What the event stage costs: python tests/bench/stage.py FOLDER

Prints milliseconds of CPU time for 300 words (what blanks separate) of the articles of FOLDER that the installed package reads,
the first time that the stage sees them and again, with the collector set as in a worker.
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

from pipeline import events, ingest, nlp, shards
from pipeline.config import Config
from pipeline.extract import find_marks
from pipeline.records import Article

_ROUNDS = 5


def main(folder: Path) -> None:
    """Measure and print."""
    config = Config()
    language = nlp.load(config.model, ner=config.ner)
    read = [article for path in ingest.discover(folder) for article in ingest.read(path, folder)]
    articles = [article for article in read if isinstance(article, Article)]
    parsed = list(nlp.parse(language, articles))
    marks = [find_marks(article, doc) for article, doc in zip(articles, parsed, strict=True)]
    warm = ingest.from_text("Le ministre a démissionné mardi à Lyon.")
    doc = next(nlp.parse(language, [warm]))
    events.find(doc, warm, *find_marks(warm, doc))  # loads the models
    shards.tune_collector()
    spent: list[float] = []
    for _ in range(_ROUNDS):
        began = time.process_time()
        for article, doc, found in zip(articles, parsed, marks, strict=True):
            events.find(doc, article, *found)
        spent.append(time.process_time() - began)
    words = sum(len(article.text.split()) for article in articles)
    first, again = (1000 * seconds / words * 300 for seconds in (spent[0], statistics.median(spent[1:])))
    compiled = "" if str(events.__file__).endswith(".py") else ", compiled"
    print(
        f"{len(articles)} articles, {words:,} words{compiled}: {first:.1f} ms for 300 words the first time, {again:.1f} ms again"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
