"""Timings and settings over HTTP."""

from __future__ import annotations

from ipaddress import ip_network

from ucmsim.api.rest.calls import Call
from ucmsim.api.rest.problems import VALIDATION_ERROR, Problem
from ucmsim.api.rest.routes import Resource, get, patch, put
from ucmsim.api.sim.documents import settings, timings
from ucmsim.api.sim.documents.settings import SettingsDocument, SettingsPatch
from ucmsim.api.sim.documents.timings import TimingsBody, TimingsDocument, UnknownServiceError
from ucmsim.api.sim.pacing import Pacing
from ucmsim.api.sim.preferences import Preferences
from ucmsim.api.sim.resources import by


class Timings(Resource):
    """How long services take to start and to stop, in simulated time. A transition under way ends as it was planned."""

    name = "timings"

    def __init__(self, pacing: Pacing) -> None:
        self._pacing = pacing

    @get("/timings", versioned=True)
    def read(self) -> TimingsDocument:
        """Read how long transitions take."""
        return timings.document(self._pacing.read())

    @put(
        "/timings",
        problems=(VALIDATION_ERROR,),
        example={"jitter": 0.0, "overrides": [{"service": "cisco-tftp", "startMs": 20_000}]},
    )
    def change(self, body: TimingsBody, call: Call) -> TimingsDocument:
        """Set how long transitions take; what is left out is as by default."""
        try:
            wanted = body.timings()
        except UnknownServiceError as error:
            raise Problem(
                VALIDATION_ERROR, str(error), status=422, errors=[("#/overrides", str(error))]
            ) from None
        self._pacing.set(wanted, by(call))
        return self.read()


class Settings(Resource):
    """How the server behaves where that is a matter of taste."""

    name = "settings"

    def __init__(self, preferences: Preferences) -> None:
        self._preferences = preferences

    @get("/settings", versioned=True)
    def read(self) -> SettingsDocument:
        """Read all settings."""
        return settings.document(self._preferences.settings)

    @patch("/settings", problems=(VALIDATION_ERROR,), example={"soapRateLimits": {"controlCenter": 15}})
    def change(self, body: SettingsPatch, call: Call) -> SettingsDocument:
        """Change some settings."""
        for place, network in enumerate(body.callback_allow_list or ()):
            if not _is_network(network):
                text = f"{network!r} is no network such as 192.0.2.0/24"
                errors = [(f"#/callbackAllowList/{place}", text)]
                raise Problem(VALIDATION_ERROR, text, status=422, errors=errors)
        return settings.document(self._preferences.change(body, by(call)))


def _is_network(text: str) -> bool:
    try:
        ip_network(text)
    except ValueError:
        return False
    return True
