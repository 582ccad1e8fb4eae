"""Named entities: recognise (model and document-level rules), canonicalise (names), locate (places)."""

from pipeline.entities.recognise import recognise

__all__ = ["recognise"]
