"""Original French stories on public facts, and what the tests of all formats share."""

from __future__ import annotations

from pathlib import Path

from pipeline import ingest
from pipeline.ingest import fields
from pipeline.records import Article, Failure

TITLE = "Rennes vote son budget"
PARAGRAPHS = (
    "Le conseil municipal de Rennes a adopté lundi soir le budget de la ville, malgré l’opposition de plusieurs élus.",
    "« Nous avons fait le choix de la sobriété », a déclaré la maire, qui a promis de ne pas augmenter les impôts avant 2026.",
    "Une centaine d’agents municipaux avaient manifesté dans l’après-midi devant l’hôtel de ville contre le gel des embauches.",
)
BODY = "\n\n".join(PARAGRAPHS)
OTHER_TITLE = "La Loire en vigilance orange"
OTHER = (
    "Après trois jours de pluie, la Loire a été placée mardi en vigilance orange aux crues entre Nevers et Orléans.",
    "La préfecture du Loiret a fait évacuer un terrain de camping et fermer deux routes le long du fleuve, où l’eau monte.",
)
OTHER_BODY = "\n\n".join(OTHER)


def read(root: Path, name: str, data: bytes, names: fields.Names = fields.NO_NAMES) -> list[Article | Failure]:
    """The records of a file of that name and content, which discovery must find."""
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    assert path in list(ingest.discover(root))
    return list(ingest.read(path, root, names=names))


def articles(records: list[Article | Failure]) -> list[Article]:
    """`records`, none of which must be a failure."""
    found = [record for record in records if isinstance(record, Article)]
    assert len(found) == len(records), [record for record in records if isinstance(record, Failure)]
    return found


def one(records: list[Article | Failure]) -> Article:
    """The only record, an article."""
    (article,) = articles(records)
    return article


def error(records: list[Article | Failure]) -> str:
    """The reason of the only record, a failure."""
    (failure,) = records
    assert isinstance(failure, Failure)
    return failure.error
