"""Plain Spyne: the same operation over hand-declared classes, its own SOAP protocol, no state, served by uvicorn.

The module is both the start of the server and the application that it serves.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from benchmarks.machine import Server, answers, free_port
from benchmarks.messages import ALL
from benchmarks.peers import AbsentError, Payload, Peer

NEWEST = (3, 12)
"""The last Python whose standard library has what Spyne's own HTTP code imports."""


def start(payload: Payload, folder: Path, rows: list[dict[str, Any]]) -> Peer:
    """Start it, to answer with `rows`. Raises AbsentError and NeverReadyError."""
    if sys.version_info[:2] > NEWEST:
        raise AbsentError("Spyne's own server does not run on this Python")
    data = folder / "rows.json"
    data.write_text(json.dumps(rows))
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "--factory", "benchmarks.peers.stock_spyne:application"]
    command += ["--loop", "uvloop", "--http", "httptools", "--lifespan", "off", "--no-access-log"]
    command += ["--host", "127.0.0.1", "--port", str(port)]
    command += ["--ssl-certfile", str(payload.certificate), "--ssl-keyfile", str(payload.key)]
    server = Server(command, folder / "spyne.log", STOCK_SPYNE_ROWS=str(data))
    server.wait_until(lambda: answers(port, "/", body=ALL.body, headers=ALL.headers) is not None)
    return Peer("plain Spyne", server, port)


def application() -> Any:
    """Return the ASGI application."""
    import os

    import ucmsim.wsdl.spyne_shim  # noqa: F401

    # isort: split

    from a2wsgi import WSGIMiddleware
    from spyne import Application, Array, ComplexModel, Integer, ServiceBase, Unicode, rpc
    from spyne.protocol.soap import Soap11
    from spyne.server.wsgi import WsgiApplication

    namespace = "http://schemas.cisco.com/ast/soap"
    rows = json.loads(Path(os.environ["STOCK_SPYNE_ROWS"]).read_text())

    class ServiceInfo(ComplexModel):
        __namespace__ = namespace
        ServiceName = Unicode
        ServiceStatus = Unicode
        ReasonCode = Integer
        ReasonCodeString = Unicode
        StartTime = Unicode
        UpTime = Integer

    class Information(ComplexModel):
        __namespace__ = namespace
        ReturnCode = Unicode
        ReasonCode = Integer
        ReasonString = Unicode
        ServiceInfoList = Array(ServiceInfo)

    class ControlCenter(ServiceBase):
        @rpc(Unicode(max_occurs="unbounded"), _returns=Information)
        def soapGetServiceStatus(_ctx: Any, ServiceStatus: Any) -> Any:  # noqa: N802, N803, N805
            asked = {name for name in ServiceStatus or () if name}
            chosen = [ServiceInfo(**row) for row in rows if not asked or row["ServiceName"] in asked]
            return Information(ReturnCode="0", ReasonCode=-1, ReasonString=" ", ServiceInfoList=chosen)

    served = Application([ControlCenter], namespace, in_protocol=Soap11(), out_protocol=Soap11())
    return WSGIMiddleware(WsgiApplication(served))
