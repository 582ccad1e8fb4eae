"""Coverage-guided fuzzing of the readers: ``python -m tests.bench.fuzz_readers --runs 150000``; needs ``pip install atheris``.

Starts from the samples in ``corpus/`` and from what was found before. An input that crashes, hangs for 20 seconds, takes more
than 4 GB or makes a reader fail in a way that it does not foresee ends it, and is kept in ``tests/faults/found``, where
``tests/faults/test_fuzz.py`` tries it again from then on.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["pipeline", "html.parser"]):
    from tests.faults import fuzzing

ROOT = Path(__file__).resolve().parents[2]
WORDS = (
    *(
        '{"text": "',
        '"title": "',
        '"date": "2024-03-12"',
        "[[[[",
        '"articles": [',
        r"\ud800",
        "text,title\n",
        "texte;date\n",
        '"',
    ),
    *("<html><body><article><p>", '<meta charset="', '<script type="application/ld+json">', '<time datetime="', "<!--", "</"),
    *(
        "---\ntitle: ",
        "PARIS, 3 mars (AFP) -",
        "Publié le 12/03/2024",
        "\ufeff",
        "&#x",
        "&nbsp;",
        "\0",
        "\u202e",
        "Le maire de Lyon",
    ),
)
STORY = "Le maire de Lyon a annoncé lundi 11 mars que la ville avait voté son budget malgré les élus de l'opposition."
PAGE = f'<html><head><meta charset="utf-8"><meta property="article:published_time" content="2024-03-12"></head><body><p>{STORY}'
SHAPES = (
    *(STORY, f"Titre\n\nPARIS, 3 mars (AFP) - {STORY}\n#a #b\n1709999347", f"---\ntitle: A\ndate: 2024-03-12\n---\n{STORY}"),
    *(f'{{"text": "{STORY}", "date": 1710231300}}', f'{{"articles": [{{"title": "A", "text": "<p>{STORY}</p>"}}]}}'),
    *(f'text,title\n"{STORY}",A\n', f"texte;titre\n{STORY};A\n", f"text\ttitle\n{STORY}\tA\n"),
    *(f"{PAGE}</p></body></html>", f'{PAGE}<script type="application/ld+json">{{"datePublished": "2024"}}</script>'),
)


def seeds(folder: Path) -> None:
    """Every shape under every format, as it is and packed; the sample articles; what was found before."""
    folder.mkdir()
    for choice in range(len(fuzzing.SUFFIXES)):
        for packed in range(6):
            for number, shape in enumerate(SHAPES):
                (folder / f"{choice}-{packed}-{number}").write_bytes(bytes([choice, packed]) + shape.encode())
    for number, path in enumerate(sorted((ROOT / "corpus").rglob("*"))):
        if path.is_file() and path.suffix in fuzzing.SUFFIXES and path.stat().st_size < 8_000:
            (folder / f"{number}").write_bytes(bytes([fuzzing.SUFFIXES.index(path.suffix), 0]) + path.read_bytes())
    for path in fuzzing.found_bytes():
        shutil.copyfile(path, folder / path.name)


def dictionary(path: Path) -> Path:
    """`WORDS` as libFuzzer wants them."""
    lines = ("".join(f"\\x{byte:02x}" for byte in word.encode()) for word in WORDS)
    path.write_text("".join(f'"{line}"\n' for line in lines), encoding="ascii")
    return path


def main() -> None:
    """Fuzz, and say how many inputs were tried in what time."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=150_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        seeds(folder / "seeds")
        tried, began = 0, time.monotonic()

        def one(data: bytes) -> None:
            nonlocal tried
            tried += 1
            fuzzing.read_any(data, folder)
            if tried == options.runs:
                print(f"{tried:,} inputs in {time.monotonic() - began:.0f} s, nothing found", flush=True)

        fuzzing.FOUND.mkdir(exist_ok=True)
        atheris.Setup(
            [
                sys.argv[0],
                f"-runs={options.runs}",
                f"-seed={options.seed}",
                *("-max_len=8192", "-timeout=20", "-rss_limit_mb=4096", "-print_final_stats=1"),
                f"-artifact_prefix={fuzzing.FOUND}/",
                f"-dict={dictionary(folder / 'words')}",
                str(folder / "seeds"),
            ],
            one,
        )
        atheris.Fuzz()


if __name__ == "__main__":
    main()
