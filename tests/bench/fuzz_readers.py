"""Coverage-guided fuzzing of the readers: ``python -m tests.bench.fuzz_readers --runs 150000``.

Needs ``python -m pip install -e ".[test,fuzz]"``.

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

with atheris.instrument_imports(include=["pipeline", "html.parser", "email", "feedparser", "pdfminer"]):
    import email.parser  # noqa: F401

    import feedparser  # noqa: F401
    import pdfminer.high_level  # noqa: F401

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
    *(
        "<rss version='2.0'><channel><item>",
        "<description>",
        "<content:encoded><![CDATA[",
        "<updated>",
        "<!DOCTYPE x [",
        "<!ENTITY",
    ),
    *(
        "<nitf><body><body.content><p>",
        "<newsItem>",
        "<inlineXML>",
        "<firstCreated>",
        '<itemClass qcode="',
        " xmlns:a='b'",
        "]]>",
    ),
    *(
        "Content-Type: multipart/mixed; boundary=",
        "Content-Transfer-Encoding: base64",
        "Subject: =?utf-8?B?",
        "\n--",
        "; charset=",
    ),
    *("<w:p><w:r><w:t>", "<w:tbl><w:tr><w:tc>", '<row r="1"><c r="A1" t="s"><v>', 't="inlineStr"><is><t>', "<table:table-row>"),
    *(
        "table:number-columns-repeated='",
        " 0 R",
        "<<",
        ">>",
        "/Filter/FlateDecode",
        "BT /F1 12 Tf (",
        ") Tj ET",
        "stream\n",
        " Do Q q",
    ),
    *(
        "WARC/1.0\r\n",
        "WARC-Type: response",
        "Content-Length: ",
        "HTTP/1.1 200 OK\r\n",
        "Transfer-Encoding: chunked",
        "PAR1",
        "ustar",
    ),
    *(
        "news·20240312·LM·0123",
        "Document AFPFR00020240312ek3c0e1p4",
        "<article><span class='DocPublicationName'>",
        "345 mots",
        "HD ",
    ),
)
STORY = "Le maire de Lyon a annoncé lundi 11 mars que la ville avait voté son budget malgré les élus de l'opposition."
PAGE = f'<html><head><meta charset="utf-8"><meta property="article:published_time" content="2024-03-12"></head><body><p>{STORY}'
SHAPES = (
    *(STORY, f"Titre\n\nPARIS, 3 mars (AFP) - {STORY}\n#a #b\n1709999347", f"---\ntitle: A\ndate: 2024-03-12\n---\n{STORY}"),
    *(f'{{"text": "{STORY}", "date": 1710231300}}', f'{{"articles": [{{"title": "A", "text": "<p>{STORY}</p>"}}]}}'),
    *(f'text,title\n"{STORY}",A\n', f"texte;titre\n{STORY};A\n", f"text\ttitle\n{STORY}\tA\n"),
    f"<rss version='2.0'><channel><title>J</title><item><title>A</title><description>{STORY}</description></item></channel>",
    f"<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>A</title><content>&lt;p&gt;{STORY}</content></entry></feed>",
    f"<nitf><head><date.issue norm='20240312'/></head><body><body.content><p>{STORY}</p></body.content></body></nitf>",
    f"<newsItem><contentSet><inlineXML><html><body><p>{STORY}</p></body></html></inlineXML></contentSet></newsItem>",
    f"From: A <a@b.fr>\nSubject: =?utf-8?Q?Budget?=\nDate: Tue, 12 Mar 2024 08:00:00 +0100\n\n{STORY}",
    "From: a@b.fr\nContent-Type: multipart/alternative; boundary=x\n\n--x\nContent-Type: text/plain; charset=latin1\n\nA\n--x\n"
    f"Content-Type: text/html\nContent-Transfer-Encoding: quoted-printable\n\n<p>{STORY}</p>\n--x--\n",
    f"<w:p><w:r><w:t>{STORY}</w:t></w:r></w:p><w:tbl><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl>",
    f'<row r="9"><c r="A9" t="inlineStr"><is><t>{STORY}</t></is></c><c r="B9"><v>45363.5</v></c></row>',
    f"<table:table-row><table:table-cell><text:p>{STORY}</text:p></table:table-cell></table:table-row></table:table>",
    f"BT /F1 12 Tf 50 700 Td ({STORY}) Tj 0 -14 Td [(Le) -250 (maire)] TJ ET q 1 0 0 1 0 0 cm Q",
    f"Le Monde\nPolitique, mardi 12 mars 2024, p. 3\n\nUn budget\nJeanne Morel\n{STORY}\n\nnews·20240312·LM·0123\n",
    f"Un budget\nPar Jeanne Morel\n345 mots\n12 mars 2024\n08:15\nAFP\nAFPFR\n{STORY}\nDocument AFPFR00020240312ek3c0e1p4\n",
    *(f"{PAGE}</p></body></html>", f'{PAGE}<script type="application/ld+json">{{"datePublished": "2024"}}</script>'),
)


def seeds(folder: Path) -> None:
    """Every shape under every format, as it is and packed; the sample articles; what was found before."""
    folder.mkdir()
    for choice in range(len(fuzzing.SUFFIXES)):
        for packed in range(6 if choice < 14 else 2):
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
