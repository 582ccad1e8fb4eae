"""What the tests of the store share."""

from __future__ import annotations

import pytest

from pipeline.store import fingerprint


@pytest.fixture(autouse=True)
def code_stands_still(monkeypatch: pytest.MonkeyPatch) -> None:
    """A source file saved while the tests run would have every article processed again, as it should."""
    monkeypatch.setattr(fingerprint, "EXTRACTION_CODE", ("records.py",))
    monkeypatch.setattr(fingerprint, "PUBLICATION_CODE", ("records.py",))
    monkeypatch.setattr(fingerprint, "reader_code", lambda names: ["records.py"])
