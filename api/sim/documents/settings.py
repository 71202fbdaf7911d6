"""The settings as a document; the server and its store read and write this form alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any, Literal

from pydantic import Field

from ucmsim.api.rest.documents import Body, Document
from ucmsim.api.sim.settings import Settings, WsdlAddress

Rate = Annotated[int, Field(ge=0, le=1_000_000)]


Network = Annotated[str, Field(min_length=1, max_length=50, examples=["10.0.0.0/8"])]


class SoapRateLimits(Document):
    """Calls a minute that the SOAP APIs of each node accept; null: any number."""

    control_center: int | None = Field(
        description="Over all operations of the Control Center APIs.", examples=[15]
    )


class SettingsDocument(Document):
    """How the server behaves."""

    rest_follows_tomcat: bool = Field(
        description="Whether a node's resources of the operator's API answer 503 while its Cisco Tomcat is down."
    )
    rest_rate_limit_per_minute: int | None = Field(
        description="Requests a minute that the operator's API accepts from each user; null: any number."
    )
    soap_rate_limits: SoapRateLimits
    wsdl_address: Literal["HOST_HEADER", "LOCALHOST", "PORT_8080"] = Field(
        description="The address that a contract gives for its endpoint: the one that the caller used, the vendor's "
        "`localhost:8443`, or port 8080 of the node."
    )
    callback_allow_list: list[str] = Field(
        description="The networks to which webhooks may be sent.", examples=[["127.0.0.0/8"]]
    )
    journal_size: int = Field(description="How many requests the journal remembers.", examples=[1000])
    mask_secrets: bool = Field(
        description="Whether passwords in bodies are masked in the journal; those in headers always are."
    )
    seed: int = Field(description="What the chances of fault rules are drawn from.", examples=[1])


class SoapRateLimitsPatch(Body):
    """Calls a minute, 0 for any number."""

    control_center: Rate | None = Field(
        default=None, description="Over all operations of the Control Center APIs.", examples=[15]
    )


def _changed(name: str) -> Any:
    """An optional field that means what it does in the answer."""
    return Field(default=None, description=SettingsDocument.model_fields[name].description)


class SettingsPatch(Body):
    """What to change; a rate of 0 means any number."""

    rest_follows_tomcat: bool | None = _changed("rest_follows_tomcat")
    rest_rate_limit_per_minute: Rate | None = _changed("rest_rate_limit_per_minute")
    soap_rate_limits: SoapRateLimitsPatch | None = Field(
        default=None, description="Of the SOAP APIs of each node."
    )
    wsdl_address: Literal["HOST_HEADER", "LOCALHOST", "PORT_8080"] | None = _changed("wsdl_address")
    callback_allow_list: Annotated[list[Network], Field(max_length=100)] | None = _changed(
        "callback_allow_list"
    )
    journal_size: Annotated[int, Field(ge=0, le=100_000)] | None = _changed("journal_size")
    mask_secrets: bool | None = _changed("mask_secrets")
    seed: Annotated[int, Field(ge=0, le=2**53)] | None = _changed("seed")

    def onto(self, settings: Settings) -> Settings:
        """Return the settings with the changes."""
        given = self.model_dump(exclude_none=True)
        if "rest_rate_limit_per_minute" in given:
            given["rest_rate"] = given.pop("rest_rate_limit_per_minute") or None
        rates = given.pop("soap_rate_limits", {})
        if "control_center" in rates:
            given["control_center_rate"] = rates["control_center"] or None
        if "wsdl_address" in given:
            given["wsdl_address"] = WsdlAddress(given["wsdl_address"])
        if "callback_allow_list" in given:
            given["callback_allow_list"] = tuple(given["callback_allow_list"])
        return replace(settings, **given)


def document(settings: Settings) -> SettingsDocument:
    """Return the settings as a document."""
    return SettingsDocument(
        rest_follows_tomcat=settings.rest_follows_tomcat,
        rest_rate_limit_per_minute=settings.rest_rate,
        soap_rate_limits=SoapRateLimits(control_center=settings.control_center_rate),
        wsdl_address=settings.wsdl_address.value,
        callback_allow_list=list(settings.callback_allow_list),
        journal_size=settings.journal_size,
        mask_secrets=settings.mask_secrets,
        seed=settings.seed,
    )


def stored(settings: Settings) -> Any:
    """Return the settings as they are stored."""
    return document(settings).model_dump(mode="json", by_alias=True)


def restored(value: Any) -> Settings:
    """Return stored settings; what is missing has its default."""
    return SettingsPatch.model_validate(value).onto(Settings())
