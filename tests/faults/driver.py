"""The command line with the stand-in worker, as a process to be killed: ``python -m tests.faults.driver CORPUS --out DIR``."""

from __future__ import annotations

import importlib
import sys

from pipeline.cli import main
from pipeline.store import fingerprint
from tests.faults import standin

if __name__ == "__main__":
    # A source file saved while tests run would have every article processed again, as it should.
    fingerprint.EXTRACTION_CODE = fingerprint.PUBLICATION_CODE = ("records.py",)
    run = importlib.import_module("pipeline.run")
    run.WORKER = standin.FACTORY
    standin.stand_in_for_ingest()
    sys.exit(main())
