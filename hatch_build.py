"""Compiles the stages that are plain Python, where that is asked for: HATCH_BUILD_HOOK_ENABLE_CUSTOM=1 python -m pip install .

mypyc makes a C extension of every module as it stands, from the types that are checked anyway. The wheel holds the modules
both ways, and Python takes the compiled ones. Nothing is left in the source tree, and an editable installation stays as it is.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

COMPILED = ("dates", "entities", "events")
_SETUP = """
from setuptools import setup
from mypyc.build import mypycify

setup(name="compiled", packages=[], ext_modules=mypycify(["--ignore-missing-imports", *{modules}]))
"""


class Compile(BuildHookInterface[Any]):
    """The hook that hatchling calls before and after it makes a wheel."""

    _work: tempfile.TemporaryDirectory[str] | None = None

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile a copy of the package and put the extensions into the wheel.

        Raises:
            SystemExit: mypy finds an error, or there is no C compiler; the message is theirs.
        """
        if version == "editable":
            return
        self._work = tempfile.TemporaryDirectory(prefix="ephemeride-")
        work = Path(self._work.name)
        shutil.copytree(Path(self.root, "pipeline"), work / "pipeline", ignore=shutil.ignore_patterns("data", "__pycache__"))
        modules = sorted(path for name in COMPILED for path in (work / "pipeline" / name).rglob("*.py"))
        setup = _SETUP.format(modules=[str(path.relative_to(work)) for path in modules])
        (work / "setup.py").write_text(setup, encoding="utf-8")
        build = [sys.executable, "setup.py", "build_ext", "--build-lib", "made"]
        made = subprocess.run(build, cwd=work, capture_output=True, text=True, check=False)
        if made.returncode:
            raise SystemExit(f"The package cannot be compiled:\n{made.stdout[-4000:]}{made.stderr[-4000:]}")
        extensions = [path for path in (work / "made").rglob("*") if path.is_file()]
        build_data["force_include"] |= {str(path): str(path.relative_to(work / "made")) for path in extensions}
        build_data["pure_python"], build_data["infer_tag"] = False, True

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Clear up."""
        if self._work is not None:
            self._work.cleanup()
