"""Effects as documents: a type with its parameters, one class each (REST specification section 10)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from ucmsim.api.rest.documents import Body
from ucmsim.api.sim import effects
from ucmsim.models import disturbances
from ucmsim.models.faults import Effect
from ucmsim.models.reasons import Reason
from ucmsim.models.states import Status

Milliseconds = Annotated[int, Field(ge=0, le=86_400_000)]
Pattern = Annotated[str, Field(min_length=1, max_length=300)]


class NoParams(Body):
    """Nothing to say."""


class SoapFaultParams(Body):
    """The fault."""

    faultcode: str = Field(
        default="soapenv:Server", min_length=1, max_length=200, description="As it stands in the fault."
    )
    faultstring: str = Field(max_length=10_000, examples=["Error found in Adding counters"])
    detail: str | None = Field(default=None, max_length=10_000, description="Text of the detail element.")


class SoapFaultEffect(Body):
    """A SOAP fault with HTTP status 500."""

    type: Literal["SOAP_FAULT"]
    params: SoapFaultParams

    def effect(self) -> Effect:
        """The effect."""
        return effects.SoapFault(**self.params.model_dump())


class AppErrorParams(Body):
    """The reason, as the vendor's table has it or of one's own; with the trailing space of the wire or without."""

    reason_code: int = Field(ge=-(2**31), le=2**31 - 1, examples=[-1031])
    reason_code_string: str = Field(max_length=500, examples=["Operation timed-out "])
    service: Pattern | None = Field(default=None, description="Narrows it to one service of several.")


class AppErrorEffect(Body):
    """An error inside a normal answer: commands are refused with this reason and nothing is done, queries show it."""

    type: Literal["APP_ERROR"]
    params: AppErrorParams

    def effect(self) -> Effect:
        """The effect."""
        reason = Reason(self.params.reason_code, self.params.reason_code_string.removesuffix(" "))
        return disturbances.Refusal(reason, self.params.service)


class HttpStatusParams(Body):
    """The answer."""

    status: int = Field(ge=200, le=599, examples=[503])
    body: str = Field(default="", max_length=100_000, description="What follows the head.")
    headers: dict[
        Annotated[str, Field(pattern=r"^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$")],
        Annotated[str, Field(pattern=r"^[ -~]{0,2000}$")],
    ] = Field(
        default_factory=dict,
        examples=[{"Retry-After": "30"}],
        # Names of another form are refused, which the pattern alone does not say.
        json_schema_extra={"additionalProperties": False},
    )


class HttpStatusEffect(Body):
    """An answer of any status, body and headers."""

    type: Literal["HTTP_STATUS"]
    params: HttpStatusParams

    def effect(self) -> Effect:
        """The effect."""
        return effects.HttpStatus(**self.params.model_dump())


class AuthFailEffect(Body):
    """The 401 page, as for a wrong password."""

    type: Literal["AUTH_FAIL"]
    params: NoParams = Field(default_factory=NoParams, description="This effect has none.")

    def effect(self) -> Effect:
        """The effect."""
        return effects.AuthFail()


class ThrottleEffect(Body):
    """The API's own answer to too many requests."""

    type: Literal["THROTTLE"]
    params: NoParams = Field(default_factory=NoParams, description="This effect has none.")

    def effect(self) -> Effect:
        """The effect."""
        return effects.Throttle()


class DelayParams(Body):
    """How long, in real milliseconds, and how that spreads."""

    ms: Milliseconds = Field(description="The middle: the mean, of LOGNORMAL the median.", examples=[250])
    jitter_ms: Milliseconds = Field(
        default=0,
        description="The spread: half the width of UNIFORM, the standard deviation of NORMAL, of LOGNORMAL how far above "
        "the median one standard deviation lies. EXPONENTIAL has none.",
    )
    distribution: Literal["UNIFORM", "NORMAL", "LOGNORMAL", "EXPONENTIAL"] = Field(
        default="UNIFORM", description="How delays spread around their middle."
    )


class DelayEffect(Body):
    """A pause before the request goes on; may go with another effect."""

    type: Literal["DELAY"]
    params: DelayParams

    def effect(self) -> Effect:
        """The effect."""
        spread = effects.Distribution(self.params.distribution)
        return effects.Delay(self.params.ms, self.params.jitter_ms, spread)


class StuckTransitionParams(Body):
    """In which state."""

    state: Literal["STARTING", "STOPPING"] | None = Field(default=None, description="Null: whichever comes.")


class StuckTransitionEffect(Body):
    """A transition that begins stays STARTING or STOPPING until the rule is disabled or removed."""

    type: Literal["STUCK_TRANSITION"]
    params: StuckTransitionParams = Field(
        default_factory=StuckTransitionParams, description="The state in which it stays."
    )

    def effect(self) -> Effect:
        """The effect."""
        return disturbances.StuckTransition(Status[self.params.state] if self.params.state else None)


class FailsToStartEffect(Body):
    """A service that is started goes down again instead of coming up."""

    type: Literal["FAILS_TO_START"]
    params: NoParams = Field(default_factory=NoParams, description="This effect has none.")

    def effect(self) -> Effect:
        """The effect."""
        return disturbances.FailsToStart()


class CrashesAfterParams(Body):
    """When."""

    ms: Milliseconds = Field(
        description="Simulated milliseconds after the service has come up.", examples=[60_000]
    )


class CrashesAfterEffect(Body):
    """A service that is started comes up and crashes some time later."""

    type: Literal["CRASHES_AFTER"]
    params: CrashesAfterParams

    def effect(self) -> Effect:
        """The effect."""
        return disturbances.CrashesAfter(self.params.ms)


class WrongResultParams(Body):
    """Which element, and its text."""

    path: str = Field(
        pattern=r"^[A-Za-z_][\w.-]*(\[[1-9]\d{0,5}\])?(/[A-Za-z_][\w.-]*(\[[1-9]\d{0,5}\])?)*$",
        max_length=300,
        description="The last steps of the element's path by local names, a number choosing among equals: "
        "`item[2]/UpTime`. Without a number the first one is meant.",
        examples=["ServiceInfoList/item[1]/ServiceStatus"],
    )
    value: str = Field(max_length=10_000, examples=["Stopped"])


class WrongResultEffect(Body):
    """The usual answer, with the text of one element replaced."""

    type: Literal["WRONG_RESULT"]
    params: WrongResultParams

    def effect(self) -> Effect:
        """The effect."""
        return effects.WrongResult(**self.params.model_dump())


class TruncateParams(Body):
    """Where."""

    bytes: int = Field(
        ge=0, le=10_000_000, description="Bytes of the body that still arrive.", examples=[100]
    )


class TruncateEffect(Body):
    """An answer that ends early: its head announces more than comes."""

    type: Literal["TRUNCATE"]
    params: TruncateParams

    def effect(self) -> Effect:
        """The effect."""
        return effects.Truncate(self.params.bytes)


class DropEffect(Body):
    """The connection is closed without an answer."""

    type: Literal["DROP"]
    params: NoParams = Field(default_factory=NoParams, description="This effect has none.")

    def effect(self) -> Effect:
        """The effect."""
        return effects.Drop()


class ResetEffect(Body):
    """The connection is reset (TCP RST)."""

    type: Literal["RESET"]
    params: NoParams = Field(default_factory=NoParams, description="This effect has none.")

    def effect(self) -> Effect:
        """The effect."""
        return effects.Reset()


EffectBody = (
    SoapFaultEffect
    | AppErrorEffect
    | HttpStatusEffect
    | AuthFailEffect
    | ThrottleEffect
    | DelayEffect
    | StuckTransitionEffect
    | FailsToStartEffect
    | CrashesAfterEffect
    | WrongResultEffect
    | TruncateEffect
    | DropEffect
    | ResetEffect
)
