"""The contracts we publish: WSDL files written from the specification, as paths and as bytes.

How to read one is `ucmsim.wsdl.contract`'s business.
"""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable


def path(name: str) -> Traversable:
    """The file of the contract `name`, for example ``ControlCenterServices``."""
    return files(__name__) / f"{name}.wsdl"


def read(name: str) -> bytes:
    """The bytes of the contract `name`. Raises `FileNotFoundError` for a contract that we do not publish."""
    return path(name).read_bytes()


def schema(name: str) -> bytes:
    """The bytes of a schema that one of the contracts imports, for example ``SoapEncoding.xsd``."""
    return (files(__name__) / name).read_bytes()
