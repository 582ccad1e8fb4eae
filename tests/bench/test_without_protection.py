"""The list of protections follows the code: trying them takes long, looking whether they are there does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench.without_protection import PROTECTIONS, ROOT, Protection


@pytest.mark.parametrize("protection", PROTECTIONS, ids=[protection.promise for protection in PROTECTIONS])
def test_protection_is_where_the_list_says(protection: Protection) -> None:
    assert (ROOT / protection.file).read_text(encoding="utf-8").count(protection.text) == 1
    file, *_, name = protection.test.split("::")
    assert f"def {name}(" in (ROOT / Path(file)).read_text(encoding="utf-8")
