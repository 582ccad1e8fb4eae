"""Files with many records are streamed: the memory does not grow with them."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.ingest.samples import BODY, TITLE

ALLOWED_GROWTH = 15 << 20  # bytes, while what is in the files grows by 24 MB
RECORD_CHARS = 40_000
_CODE = """
import re, sys
from pathlib import Path
from pipeline import ingest
from pipeline.records import Article
path = Path(sys.argv[1])
count = sum(isinstance(record, Article) for record in ingest.read(path, path.parent))
print(count, int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) << 10)
"""


def _text(number: int) -> str:
    return f"{BODY}\n\n{f'Le conseil a examiné le point {number} de l’ordre du jour. ' * (RECORD_CHARS // 60)}"


def _json_lines(path: Path, count: int) -> Path:
    with path.with_suffix(".jsonl").open("w", encoding="utf-8") as file:
        for number in range(count):
            file.write(json.dumps({"title": TITLE, "text": _text(number)}, ensure_ascii=False) + "\n")
    return path.with_suffix(".jsonl")


def _csv(path: Path, count: int) -> Path:
    with path.with_suffix(".csv").open("w", encoding="utf-8") as file:
        file.write("title,text\n")
        file.writelines(f'{TITLE},"{_text(number)}"\n' for number in range(count))
    return path.with_suffix(".csv")


def _xml(path: Path, count: int) -> Path:
    with path.with_suffix(".xml").open("w", encoding="utf-8") as file:
        file.write("<itemSet>")
        for number in range(count):
            file.write(f"<nitf><body><body.content><p>{_text(number)}</p></body.content></body></nitf>")
        file.write("</itemSet>")
    return path.with_suffix(".xml")


def _parquet(path: Path, count: int) -> Path:
    with pq.ParquetWriter(path.with_suffix(".parquet"), pa.schema([("text", pa.string())]), compression="none") as writer:
        for number in range(0, count, 50):
            writer.write_table(pa.table({"text": [_text(number + i) for i in range(50)]}))
    return path.with_suffix(".parquet")


def _tar(path: Path, count: int) -> Path:
    member = path.with_suffix(".txt")
    with tarfile.open(path.with_suffix(".tar"), "w") as archive:
        for number in range(count):
            member.write_text(_text(number), encoding="utf-8")
            archive.add(member, f"{number}.txt")
    return path.with_suffix(".tar")


def _packed(path: Path, count: int) -> Path:
    data = _json_lines(path, count)
    packed = data.with_suffix(".jsonl.gz")
    packed.write_bytes(gzip.compress(data.read_bytes(), 1))
    return packed


def _peak(path: Path) -> tuple[int, int]:
    result = subprocess.run([sys.executable, "-c", _CODE, str(path)], capture_output=True, text=True, check=True, timeout=300)
    count, peak = result.stdout.split()
    return int(count), int(peak)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux tells the peak of a process")
@pytest.mark.parametrize("write", [_json_lines, _csv, _xml, _parquet, _tar, _packed])
def test_memory_stays_flat(tmp_path: Path, write: Callable[[Path, int], Path]) -> None:
    (few, low), (many, high) = (_peak(write(tmp_path / f"n{count}", count)) for count in (50, 650))
    assert (few, many) == (50, 650)
    print(f"{low >> 20} MB, {high >> 20} MB")
    assert high - low < ALLOWED_GROWTH
