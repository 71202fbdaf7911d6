"""A server in a process of its own, as a user starts it: found by its ready file, ended by a signal."""

import http.client
import json
import os
import signal
import ssl
import subprocess
import sys
import threading
from base64 import b64encode
from pathlib import Path

PASSWORD = "correct horse battery staple"
ENVELOPE = (
    '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" '
    'xmlns:ns="http://schemas.cisco.com/ast/soap"><soapenv:Body>{}</soapenv:Body></soapenv:Envelope>'
)
LIST = "/controlcenterservice2/services/listServices"


class ServerProcess:
    """`ucmsim serve` on a free port with its state below `folder`: the lab, or the inventory given as text."""

    def __init__(self, folder: Path, inventory: str | None = None, *options: str) -> None:
        folder.mkdir(exist_ok=True)
        self.folder = folder
        self.state = folder / "state"
        self._options = ["--port", "0", "--state-dir", str(self.state), *options]
        self._environment = {key: value for key, value in os.environ.items() if key != "UCMSIM_PASSWORD"}
        if inventory is not None:
            (folder / "inventory.toml").write_text(inventory)
            self._options += ["--inventory", str(folder / "inventory.toml")]
            self._environment["UCMSIM_PASSWORD"] = PASSWORD
        self.process: subprocess.Popen[bytes] | None = None
        self.log = folder / "server.log"

    def start(self) -> None:
        """Start the server and wait until it can answer."""
        ready = self.folder / "ready"
        ready.unlink(missing_ok=True)
        serve = [sys.executable, "-P", "-c", "from ucmsim.clients.cli import main; main()", "serve"]
        command = [*serve, *self._options, "--ready-file", str(ready)]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, env=self._environment)
        tick = threading.Event()
        for _ in range(600):
            if ready.exists():
                break
            if self.process.poll() is not None:
                raise AssertionError(f"the server ended: {self.log.read_text()}")
            tick.wait(0.05)
        else:
            raise AssertionError(f"the server did not become ready: {self.log.read_text()}")
        self.ready = json.loads(ready.read_text())

    def kill(self) -> None:
        """End the process without a chance to clean up."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> int:
        """Ask the process to end and return its exit status."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=30)

    def connect(self, address: str) -> "Caller":
        """Return a caller with a connection of its own to one node."""
        return Caller(address, self.ready["port"], self.ready["certificate"])


class Caller:
    """Calls ControlCenterServices of one node over one kept connection."""

    def __init__(self, address: str, port: int, certificate: str) -> None:
        context = ssl.create_default_context(cafile=certificate)
        self._connection = http.client.HTTPSConnection(address, port, context=context, timeout=30)
        self._headers = {
            "Authorization": "Basic " + b64encode(f"administrator:{PASSWORD}".encode()).decode(),
            "Content-Type": "text/xml;charset=UTF-8",
        }

    def call(self, body: str) -> str:
        """Return the answer to a request; raises AssertionError unless it is a success."""
        path = "/controlcenterservice2/services/ControlCenterServices"
        self._connection.request("POST", path, ENVELOPE.format(body), self._headers)
        answer = self._connection.getresponse()
        text = answer.read().decode()
        assert answer.status == 200, text
        return text

    def control(self, verb: str, *names: str) -> str:
        """Start, stop or restart services."""
        return self._change("Control", "soapDoControlServices", "ControlType", verb, names)

    def deploy(self, verb: str, *names: str) -> str:
        """Deploy or undeploy services."""
        return self._change("Deployment", "soapDoServiceDeployment", "DeployType", verb, names)

    def status(self, *names: str) -> str:
        """Return the answer to a status query."""
        asked = "".join(f"<ns:ServiceStatus>{name}</ns:ServiceStatus>" for name in names or ("",))
        return self.call(f"<ns:soapGetServiceStatus>{asked}</ns:soapGetServiceStatus>")

    def get(self, path: str) -> str:
        """Return what stands at a path; raises AssertionError unless it is there."""
        status, _, text = self._ask(path, {"Authorization": self._headers["Authorization"]})
        assert status == 200, text
        return text

    def session(self) -> str:
        """Return the session cookie that is given to whoever shows none."""
        _, cookies, _ = self._ask(LIST, {"Authorization": self._headers["Authorization"]})
        return next(cookie for cookie in cookies if cookie.startswith("JSESSIONIDSSO=")).partition(";")[0]

    def accepts(self, cookie: str) -> bool:
        """Say whether a cookie is as good as a password."""
        return self._ask(LIST, {"Cookie": cookie})[0] == 200

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _ask(self, path: str, headers: dict[str, str]) -> tuple[int, list[str], str]:
        self._connection.request("GET", path, headers=headers)
        answer = self._connection.getresponse()
        return answer.status, answer.headers.get_all("Set-Cookie", []), answer.read().decode()

    def _change(self, kind: str, operation: str, field: str, verb: str, names: tuple[str, ...]) -> str:
        items = "".join(f"<ns:item>{name}</ns:item>" for name in names)
        return self.call(
            f"<ns:{operation}><ns:{kind}ServiceRequest><ns:NodeName></ns:NodeName><ns:{field}>{verb}</ns:{field}>"
            f"<ns:ServiceList>{items}</ns:ServiceList></ns:{kind}ServiceRequest></ns:{operation}>"
        )
