"""Everything that speaks to a server: the Python clients, the command line and the pytest plugin.

Importing the package costs nothing: a client is loaded when its name is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ucmsim.clients.async_control_center import AsyncControlCenter
    from ucmsim.clients.control_center import ControlCenter
    from ucmsim.clients.results import Action, ServiceState, Status

_HOME = {
    "Action": "results",
    "AsyncControlCenter": "async_control_center",
    "ControlCenter": "control_center",
    "ServiceState": "results",
    "Status": "results",
}

__all__ = ["Action", "AsyncControlCenter", "ControlCenter", "ServiceState", "Status"]


def __getattr__(name: str) -> Any:
    """Load the module of a name that is asked for; AttributeError for any other name."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return [*globals(), *_HOME]
