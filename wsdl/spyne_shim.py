"""Makes Spyne 2.14 importable on Python 3.12 and later, and quiet on 3.11. Import it before Spyne.

Spyne carries six 1.14, whose importer for ``six.moves`` still speaks the protocol that Python 3.12 removed (and that
3.11 warns about at every import that fails). The three methods below are those that six itself gained in 1.16.
What Spyne imports from the removed ``cgi`` module belongs to its own HTTP and SOAP code, which we never load.
"""

from __future__ import annotations

import sys
from importlib.machinery import ModuleSpec
from importlib.util import find_spec, module_from_spec, spec_from_file_location, spec_from_loader
from pathlib import Path
from types import ModuleType
from typing import Any

SIX = "spyne.util.six"


def _find_spec(importer: Any, name: str, _path: object = None, _target: object = None) -> ModuleSpec | None:
    return spec_from_loader(name, importer) if name in importer.known_modules else None


def _create_module(importer: Any, spec: ModuleSpec) -> ModuleType:
    return importer.load_module(spec.name)


def _exec_module(_importer: Any, _module: ModuleType) -> None:
    """Nothing is left to run: the module was complete when it was created."""


def install() -> None:
    """Load Spyne's six ahead of Spyne and repair its importer. Raises `ModuleNotFoundError` without Spyne."""
    if SIX in sys.modules:
        return
    spyne = find_spec("spyne")
    if spyne is None or spyne.origin is None:
        raise ModuleNotFoundError("Spyne is not installed", name="spyne")
    spec = spec_from_file_location(SIX, Path(spyne.origin).parent / "util" / "six.py")
    assert spec is not None
    assert spec.loader is not None
    six = module_from_spec(spec)
    sys.modules[SIX] = six
    spec.loader.exec_module(six)
    importer = type(six._importer)  # noqa: SLF001  what is repaired is private
    if not hasattr(importer, "find_spec"):
        importer.find_spec, importer.create_module, importer.exec_module = (
            _find_spec,
            _create_module,
            _exec_module,
        )


install()
