"""Commands from the command line: what they do, how they wait, and what their exit status says."""

from __future__ import annotations

import json

import pytest

from ucmsim.clients import Status


def state(lab, name, node=None):
    (found,) = lab.control_center(node).status(name)
    return found


def test_a_service_is_activated_and_deactivated(run, lab):
    shown = run("activate", "Cisco Dialed Number Analyzer", "--json")
    assert shown.exit_code == 0, shown.output
    assert json.loads(shown.stdout)[0]["status"] == "Started"
    assert state(lab, "Cisco Dialed Number Analyzer Server").activated  # which it depends on
    assert run("deactivate", "Cisco Dialed Number Analyzer").exit_code == 0
    assert not state(lab, "Cisco Dialed Number Analyzer").activated


def test_stop_start_restart_on_two_nodes(run, lab):
    both = ("-H", "127.0.0.1", "-H", "127.0.0.2")
    assert run("stop", "Cisco CallManager", *both).exit_code == 0
    assert [state(lab, "Cisco CallManager", node).status for node in ("cucm-pub", "cucm-sub")] == [
        Status.STOPPED
    ] * 2
    assert run("start", "Cisco CallManager", *both).exit_code == 0
    assert run("restart", "Cisco CallManager", "--wait", *both).exit_code == 0
    assert [state(lab, "Cisco CallManager", node).status for node in ("cucm-pub", "cucm-sub")] == [
        Status.STARTED
    ] * 2


def test_trouble_with_a_node_keeps_the_table_of_those_before_and_spares_those_after(run, lab):
    lab.rest().simulation.condition(node="cucm-sub", reachable=False)
    hosts = ("-H", "127.0.0.1", "-H", "127.0.0.2", "-H", "127.0.0.3")
    shown = run("restart", "Cisco Trust Verification Service", "--wait", *hosts)
    assert shown.exit_code == 4
    assert shown.stdout.splitlines()[0].strip() == "127.0.0.1"
    assert "● Started" in shown.stdout
    assert "error: 127.0.0.2 does not answer" in shown.stderr
    assert "left alone, since a node before failed: 127.0.0.3" in shown.stderr
    assert shown.stderr.count("error: ") == 1  # 127.0.0.3 was not even looked for


@pytest.mark.parametrize(
    ("command", "status", "error", "hint"),
    [
        (("start", "Cisco CTIManager"), 3, "Cisco CTIManager was not started: Service Not Activated (-1068)", "Activate"),
        (("stop", "A Cisco DB"), 3, "A Cisco DB was not stopped: Operation not supported (-1045)", "command line"),
        (("activate", "Cisco Tomcat"), 3, "Cisco Tomcat was not activated", ""),
        (("start", "Cisco TFTP"), 3, "Cisco TFTP was not started: No such service (-1010)", "case-sensitive"),
    ],
)  # fmt: skip
def test_a_refusal_is_a_sentence_and_a_hint(run, command, status, error, hint):
    told = run(*command)
    assert told.exit_code == status
    first, second = told.stderr.splitlines()
    assert first.startswith("error: 127.0.0.1: ")
    assert error in first
    assert second.startswith("hint: ")
    assert hint in second
    assert told.stdout == ""


def test_a_wrong_password_is_told_without_showing_it(run):
    told = run("list", UCMSIM_PASSWORD="wrong-one")
    assert told.exit_code == 5
    assert told.stderr == (
        "error: 127.0.0.1 does not accept the password of 'administrator'\nhint: Check user name and password\n"
    )


def test_a_closed_port_is_told(run):
    told = run("list", UCMSIM_PORT="1")
    assert told.exit_code == 4
    assert "error: 127.0.0.1 does not answer on port 1: Connection refused" in told.stderr


def test_an_unknown_certificate_is_told(run, tmp_path):
    told = run("list", "--host", "127.0.0.1", UCMSIM_CACERT="")
    assert told.exit_code == 4
    assert "certificate of 127.0.0.1 is not accepted" in told.stderr
    assert run("list", "--insecure", UCMSIM_CACERT="").exit_code == 0


def test_a_password_can_come_from_a_file_or_be_asked_for(run, lab, tmp_path):
    file = tmp_path / "password"
    file.write_text(f"{lab.credentials.password}\n")
    assert run("status", "Cisco Tftp", "--password-file", str(file), UCMSIM_PASSWORD="wrong").exit_code == 0


@pytest.mark.parametrize(
    ("command", "text"),
    [
        (("start",), "Missing argument 'NAME...'"),
        (("status", "--expect", "fine"), "'fine' is not one of"),
        (("list", "--timezone", "Europe/Berlim"), "'Europe/Berlim' is not a time zone"),
        (("list", "--insecure"), "exclude each other"),
        (("files", "/var/log/active", "-H", "a", "-H", "b"), "for one node"),
        (("lst",), "No such command 'lst'"),
    ],
)
def test_a_wrong_command_line_ends_with_2(run, command, text):
    told = run(*command)
    assert told.exit_code == 2
    assert text in told.stderr


def test_waiting_shows_the_way_on_standard_error(run):
    told = run("restart", "Cisco Tftp", "--wait", "--json")
    assert "127.0.0.1: Cisco Tftp: ● Started" in told.stderr
    assert json.loads(told.stdout)[0]["status"] == "Started"


def test_waiting_ends(run, ucm, ucm_clock):
    """While time stands still nothing arrives."""
    reach = {
        "UCMSIM_PORT": str(ucm.port),
        "UCMSIM_CACERT": ucm.verify,
        "UCMSIM_PASSWORD": ucm.credentials.password,
    }
    told = run("stop", "Cisco CDP", "--wait", "--wait-timeout", "0", **reach)
    assert told.exit_code == 6
    assert "not Stopped after 0 s: Cisco CDP: Stopping" in told.stderr
