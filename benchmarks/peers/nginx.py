"""nginx serving the answers from files: what TLS and this machine allow at best. Its one worker is what others have too."""

from __future__ import annotations

from pathlib import Path

from benchmarks.debian import provide
from benchmarks.machine import Server, answers, free_port
from benchmarks.messages import ALL
from benchmarks.peers import PATHS, AbsentError, Payload, Peer

PACKAGE = "nginx-light"

_CONFIGURATION = """
worker_processes 1;
daemon off;
pid {folder}/pid;
error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  keepalive_requests 100000000;
  default_type "text/xml;charset=UTF-8";
  open_file_cache max=16;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port} ssl;
    ssl_certificate {certificate};
    ssl_certificate_key {key};
    ssl_protocols TLSv1.2 TLSv1.3;
    root {folder};
    # A file is not for POST; nginx sends it all the same when that counts as an answer to the error.
    error_page 405 =200 $uri;
  }}
}}
"""


def start(payload: Payload, folder: Path) -> Peer:
    """Start nginx. Raises AbsentError and NeverReadyError."""
    program = provide("nginx", PACKAGE)
    if program is None:
        raise AbsentError(f"install the Debian package {PACKAGE}")
    for message, answer in payload.answers.items():
        (folder / PATHS[message].lstrip("/")).write_bytes(answer)
    port = free_port()
    configuration = folder / "nginx.conf"
    configuration.write_text(
        _CONFIGURATION.format(folder=folder, port=port, certificate=payload.certificate, key=payload.key)
    )
    folder.chmod(0o755)  # the worker of a root's nginx is nobody
    server = Server([program, "-c", str(configuration)], folder / "nginx.log")
    server.wait_until(lambda: answers(port, PATHS[ALL]) is not None)
    return Peer("nginx, file", server, port)
