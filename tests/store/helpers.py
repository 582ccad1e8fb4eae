"""A small corpus, and the bytes of what a run makes of it."""

from __future__ import annotations

import sys
from pathlib import Path

from pipeline.config import Config
from pipeline.run import Summary, run
from tests.faults import standin

ROOT = Path(__file__).resolve().parents[2]
PYTHON = sys.executable
NAMES = ("Paul Durand", "Marie Curie", "Jean Moulin", "la ministre Anne Roux", "Karim Benali")
CITIES = ("Lyon", "Paris", "Marseille", "Lille", "Nantes", "Brest", "Metz")


def article(number: int, *, extra: str = "") -> str:
    """A French text that differs from number to number."""
    who, where = NAMES[number % len(NAMES)], CITIES[number % len(CITIES)]
    return (
        f"{number} blessés dans un accident à {where}\n\n"
        f"Le maire de {where} a annoncé mardi que {who} avait quitté la ville numéro {number}.\n"
        f"- « C'est une décision difficile », a déclaré {who} devant la presse locale. {extra}\n"
        "= Les habitants attendent maintenant la suite de cette affaire avec beaucoup d'impatience.\n"
    )


def fill(corpus: Path, numbers: range, *, extra: str = "") -> None:
    """Articles of these numbers, in two folders."""
    for number in numbers:
        path = corpus / ("a" if number % 3 else "b") / f"{number:04}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(article(number, extra=extra), encoding="utf-8")


def go(corpus: Path, out: Path, *, fresh: bool = False, **options: object) -> Summary:
    """A run with the stand-in worker."""
    standin.stand_in_for_ingest()
    config = Config(**{"jobs": 2, "batch_size": 4, **options})  # type: ignore[arg-type]
    return run(corpus, out, config=config, engine=standin.engine, fresh=fresh)


def table_bytes(out: Path) -> dict[str, bytes]:
    """All published files."""
    files = {path.name: path.read_bytes() for path in out.iterdir() if path.suffix in (".csv", ".parquet", ".md", ".html")}
    assert files
    return files
