"""Effects on requests: what a fault rule can do to an exchange instead of, or besides, letting it be answered.

Values only; they are carried out by the injection. Effects on services are in `ucmsim.models.disturbances`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from math import exp, log
from statistics import NormalDist
from typing import ClassVar

from ucmsim.models.faults import Effect


class RequestEffect(Effect):
    """An effect on a request; those on commands and services are others."""


@dataclass(frozen=True)
class SoapFault(RequestEffect):
    """The request is answered with this fault."""

    faultcode: str
    faultstring: str
    detail: str | None = None


@dataclass(frozen=True)
class HttpStatus(RequestEffect):
    """The request is answered with this status."""

    status: int
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class AuthFail(RequestEffect):
    """The request is answered as if its password were wrong."""


@dataclass(frozen=True)
class Throttle(RequestEffect):
    """The request is answered as if it were one too many in its minute (`U-47`)."""


@dataclass(frozen=True)
class WrongResult(RequestEffect):
    """The request is answered as usual, but one element of the answer holds another text."""

    path: str
    value: str


@dataclass(frozen=True)
class Truncate(RequestEffect):
    """The answer ends after so many bytes of its body, though it announces more."""

    length: int


@dataclass(frozen=True)
class Drop(RequestEffect):
    """The connection is closed without an answer."""


@dataclass(frozen=True)
class Reset(RequestEffect):
    """The connection is reset."""


class Distribution(Enum):
    """How delays spread around their middle."""

    UNIFORM = "UNIFORM"
    NORMAL = "NORMAL"
    LOGNORMAL = "LOGNORMAL"
    EXPONENTIAL = "EXPONENTIAL"


@dataclass(frozen=True)
class Delay(RequestEffect):
    """The request waits, in real milliseconds, before it goes on.

    `length` is the middle: the mean, of LOGNORMAL the median. `jitter` is the spread: half the width of UNIFORM, the
    standard deviation of NORMAL, of LOGNORMAL how far above the median one standard deviation lies; EXPONENTIAL has
    none. A delay is never negative.
    """

    terminal: ClassVar[bool] = False

    length: int
    jitter: int = 0
    distribution: Distribution = Distribution.UNIFORM

    def drawn(self, chance: float) -> float:
        """Return a delay for a number between 0 and 1 drawn by the caller."""
        chance = min(max(chance, 1e-9), 1 - 1e-9)
        match self.distribution:
            case Distribution.UNIFORM:
                drawn = self.length + self.jitter * (2 * chance - 1)
            case Distribution.NORMAL:
                drawn = self.length + self.jitter * NormalDist().inv_cdf(chance)
            case Distribution.LOGNORMAL:
                sigma = log(1 + self.jitter / self.length) if self.length else 0.0
                drawn = self.length * exp(sigma * NormalDist().inv_cdf(chance))
            case Distribution.EXPONENTIAL:
                drawn = -self.length * log(1 - chance)
        return max(drawn, 0.0)
