"""One self-contained HTML page from the tables: what a run found, to look at before any analysis."""

from __future__ import annotations

from pipeline.report.page import write as write
