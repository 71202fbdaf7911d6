"""One façade over every way in: what a story asks of a node, told to the engine and to each face in its own words.

Names in; statuses and reason codes out, and `RefusedCommandError` for what was not done. A new face needs one class here.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

import requests
from click.testing import CliRunner
from lxml import etree

from ucmsim.api.origin import Origin
from ucmsim.api.simulator import Simulator
from ucmsim.clients import AsyncControlCenter, ControlCenter
from ucmsim.clients.cli import main
from ucmsim.clients.errors import RefusedError
from ucmsim.clients.rest import RestClient
from ucmsim.clients.results import ServiceState
from ucmsim.clients.running import Ucm
from ucmsim.models.commands import Control, Deploy
from ucmsim.models.report import Answer
from ucmsim.models.states import Action, NodeRef


@dataclass(frozen=True)
class Seen:
    """A service as any face tells it."""

    status: str
    code: int


class RefusedCommandError(Exception):
    """A command was not carried out in whole, for this reason."""

    def __init__(self, code: int) -> None:
        super().__init__(str(code))
        self.code = code


States = Mapping[str, Seen]


class Face:
    """A node, and what can be asked of it. Commands are `start`, `stop`, `restart`, `activate`, `deactivate`."""

    def __init__(self, simulator: Simulator, ucm: Ucm, node: str) -> None:
        self.simulator = simulator
        self.ucm = ucm
        self.node = ucm.node(node)

    def states(self, *names: str) -> States:
        """The states of these services, of all without names."""
        raise NotImplementedError

    def command(self, action: str, *names: str) -> None:
        """Carry out a command; raises RefusedCommandError."""
        raise NotImplementedError

    def offered(self) -> list[str]:
        """The names of the static list, in its order."""
        raise NotImplementedError


class InEngine(Face):
    """The engine itself, without any face."""

    def states(self, *names: str) -> States:
        return self._seen(self.simulator.engine.status(self._ref, names))

    def command(self, action: str, *names: str) -> None:
        origin = Origin("TEST", "administrator", "127.0.0.1")
        if action in {"activate", "deactivate"}:
            answer = self.simulator.engine.deploy(Deploy(self._ref, action == "activate", names), origin)
        else:
            answer = self.simulator.engine.control(Control(self._ref, Action(action), names), origin)
        if answer.reason.code != -1:
            raise RefusedCommandError(answer.reason.code)

    def offered(self) -> list[str]:
        return [service.name for service in self.simulator.engine.static_list(self._ref)]

    @property
    def _ref(self) -> NodeRef:
        return NodeRef(self.node.cluster, self.node.id)

    def _seen(self, answer: Answer) -> States:
        return {row.name: Seen(row.status.value, row.reason.code) for row in answer.rows}


class OverSoap(Face):
    """The current SOAP endpoint, through the Python client."""

    def states(self, *names: str) -> States:
        return seen(self.client.status(*names))

    def command(self, action: str, *names: str) -> None:
        with refusals():
            getattr(self.client, action)(*names)

    def offered(self) -> list[str]:
        return [service.name for service in self.client.services()]

    @property
    def client(self) -> ControlCenter:
        return self.ucm.control_center(self.node.id)


class OverSoapAwaited(Face):
    """The same through the awaiting client."""

    def states(self, *names: str) -> States:
        return seen(self._awaited(lambda client: client.status(*names)))

    def command(self, action: str, *names: str) -> None:
        with refusals():
            self._awaited(lambda client: getattr(client, action)(*names))

    def offered(self) -> list[str]:
        return [service.name for service in self._awaited(lambda client: client.services())]

    def _awaited(self, ask: Callable[[AsyncControlCenter], Any]) -> Any:
        async def asked() -> Any:
            async with self.ucm.async_control_center(self.node.id) as client:
                return await ask(client)

        return asyncio.run(asked())


class OverLegacySoap(Face):
    """The legacy endpoint, in envelopes written by hand as its old clients do."""

    def states(self, *names: str) -> States:
        asked = "".join(f"<ServiceStatus>{escape(name)}</ServiceStatus>" for name in names or ("",))
        return self._seen(self._post(f"<soapGetServiceStatus>{asked}</soapGetServiceStatus>"))

    def command(self, action: str, *names: str) -> None:
        items = "".join(f"<item>{escape(name)}</item>" for name in names)
        if action in {"activate", "deactivate"}:
            verb = "Deploy" if action == "activate" else "UnDeploy"
            operation, field = "soapDoServiceDeployment", f"<DeployType>{verb}</DeployType>"
            wrapper = "DeploymentServiceRequest"
        else:
            operation, field = "soapDoControlServices", f"<ControlType>{action.capitalize()}</ControlType>"
            wrapper = "ControlServiceRequest"
        answer = self._post(
            f"<{operation}><{wrapper}><NodeName/>{field}<ServiceList>{items}</ServiceList></{wrapper}></{operation}>"
        )
        code = int(answer.findtext(".//ReasonCode") or "0")
        if code != -1:
            raise RefusedCommandError(code)

    def offered(self) -> list[str]:
        asked = "<soapGetStaticServiceList><ServiceInformationResponse/></soapGetStaticServiceList>"
        return [name.text or "" for name in self._post(asked).iter("ServiceName")]

    def _post(self, body: str) -> etree._Element:
        namespace = "http://schemas.xmlsoap.org/soap/envelope/"
        with requests.Session() as session:
            session.trust_env = False
            answer = session.post(
                f"{self.node.url}/controlcenterservice/services/ControlCenterServicesPort",
                data=f'<e:Envelope xmlns:e="{namespace}"><e:Body>{body}</e:Body></e:Envelope>'.encode(),
                headers={"Content-Type": "text/xml"},
                auth=self.ucm.credentials,
                verify=self.ucm.verify,
                timeout=60,
            )
        assert answer.status_code == 200, answer.text
        return etree.fromstring(answer.content)

    def _seen(self, answer: etree._Element) -> States:
        return {
            item.findtext("ServiceName", ""): Seen(
                item.findtext("ServiceStatus", ""), int(item.findtext("ReasonCode", ""))
            )
            for item in answer.iter("item")
        }


class OverRest(Face):
    """The REST API, through the Python client."""

    def states(self, *names: str) -> States:
        return seen(self.client.status(*names))

    def command(self, action: str, *names: str) -> None:
        with refusals():
            getattr(self.client, action)(*names)

    def offered(self) -> list[str]:
        return [service.name for service in self.client.services()]

    @property
    def client(self) -> RestClient:
        return self.ucm.rest(self.node.id)


class OnCommandLine(Face):
    """The command line, as a script uses it."""

    def states(self, *names: str) -> States:
        listed = json.loads(self._run("status", *names, "--json").stdout)
        return {each["name"]: Seen(each["status"], each["reasonCode"]) for each in listed}

    def command(self, action: str, *names: str) -> None:
        done = self._run(action, *names)
        if done.exit_code == 3:
            raise RefusedCommandError(int(done.stderr.partition("(")[2].partition(")")[0]))
        assert done.exit_code == 0, done.output

    def offered(self) -> list[str]:
        return [each["name"] for each in json.loads(self._run("list", "--json").stdout)]

    def _run(self, *arguments: str) -> Any:
        environ = {
            "UCMSIM_HOST": self.node.host,
            "UCMSIM_PORT": str(self.node.port),
            "UCMSIM_CACERT": self.ucm.verify,
            "UCMSIM_PASSWORD": self.ucm.credentials.password,
        }
        return CliRunner().invoke(main, arguments, prog_name="ucmsim", env=environ)


class refusals:  # noqa: N801 (a context manager)
    """Turns the clients' refusals into the façade's."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, RefusedError):
            raise RefusedCommandError(error.reason.code) from error


def seen(states: Iterable[ServiceState]) -> States:
    return {state.name: Seen(state.status.value, state.reason.code) for state in states}


FACES: tuple[type[Face], ...] = (
    InEngine,
    OverSoap,
    OverSoapAwaited,
    OverLegacySoap,
    OverRest,
    OnCommandLine,
)
