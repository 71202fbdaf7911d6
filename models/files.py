"""The files of a node: the logs that its services leave below /var/log/active, as the vendor lays them out.

Names in directories, read off what the node offers; there is no content behind them, and no file of the host.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from ucmsim.models.cluster import Node
from ucmsim.models.states import Kind

ROOT = "/var/log/active"

_ROLLS = 3
"""How many files a log consists of: the last one is being written."""


class Log(NamedTuple):
    """Where a service writes, below the root, and how its files are called; `{}` stands for their number."""

    directory: str
    file: str

    def names(self) -> Iterator[str]:
        """Yield the names of the files, the oldest first."""
        return (self.file.format(number) for number in range(1, _ROLLS + 1))


def _trace(directory: str, stem: str) -> Log:
    """A process writes numbered text files."""
    return Log(f"cm/trace/{directory}", f"{stem}{{:08}}.txt")


def _signal(directory: str) -> Log:
    """Call processing writes signal distribution layer traces, packed."""
    return Log(f"cm/trace/{directory}/sdl", "SDL001_100_{:06}.txt.gz")


def _web(application: str) -> Log:
    """A web application writes log4j files below Tomcat."""
    return Log(f"tomcat/logs/{application}", f"{application}{{:05}}.log")


def _presence(directory: str, stem: str) -> Log:
    return Log(f"epas/trace/{directory}", f"{stem}_{{:08}}.log")


def _voice_mail(component: str) -> Log:
    return Log("cuc", f"diag_{component}_{{:08}}.uc")


ALWAYS = (
    Log("syslog", "messages.{}"),
    Log("syslog", "CiscoSyslog.{}"),
    Log("platform/log", "cli{:05}.log"),
    Log("platform/log", "servm{:05}.log"),
)
"""What the platform itself writes on every node."""

LOGS: Mapping[str, tuple[Log, ...]] = MappingProxyType(
    {
        "A Cisco DB": (_trace("dbl/sdi", "dblrpc"),),
        "Cisco AMC Service": (_trace("amc/sdi", "amc"),),
        "Cisco AXL Web Service": (_web("axl"),),
        "Cisco Audit Event Service": (Log("audit/AuditApp", "Audit{:08}.log"),),
        "Cisco Bulk Provisioning Service": (_trace("bps/log4j", "bps"),),
        "Cisco CDR Agent": (_trace("cdragent/log4j", "cdragent"),),
        "Cisco CDR Repository Manager": (_trace("cdrrep/log4j", "cdrrep"),),
        "Cisco CTIManager": (_signal("cti"),),
        "Cisco CTL Provider": (_trace("ctlp/sdi", "ctlp"),),
        "Cisco CallManager": (_signal("ccm"), Log("cm/trace/ccm/calllogs", "calllogs_{:08}.txt.gz")),
        "Cisco CallManager Admin": (_web("ccmadmin"),),
        "Cisco CallManager Cisco IP Phone Services": (_web("ccmcip"),),
        "Cisco CallManager Serviceability": (_web("ccmservice"),),
        "Cisco Certificate Authority Proxy Function": (_trace("capf/sdi", "capf"),),
        "Cisco Certificate Change Notification": (Log("platform/log", "certNotify{:05}.log"),),
        "Cisco Certificate Expiry Monitor": (Log("platform/log", "certMonitor{:05}.log"),),
        "Cisco Config Agent": (_presence("epassa/configagent", "configagent"),),
        "Cisco DHCP Monitor Service": (_trace("dhcpmon/sdi", "dhcpmon"),),
        "Cisco DRF Local": (Log("platform/drf/trace", "drfLA{:03}.log"),),
        "Cisco DRF Master": (Log("platform/drf/trace", "drfMA{:03}.log"),),
        "Cisco Database Layer Monitor": (_trace("dbl/dbmon", "dbmon"),),
        "Cisco DirSync": (_trace("dirsync/log4j", "dirsync"),),
        "Cisco Extended Functions": (_trace("cef/sdi", "cef"),),
        "Cisco Extension Mobility": (_web("em"),),
        "Cisco Extension Mobility Application": (_web("emapp"),),
        "Cisco IP Manager Assistant": (_web("ma"),),
        "Cisco IP Voice Media Streaming App": (_trace("cms/sdi", "cms"),),
        "Cisco Location Bandwidth Manager": (_signal("lbm"),),
        "Cisco Log Partition Monitoring Tool": (_trace("lpm/log4j", "lpm"),),
        "Cisco Presence Engine": (_presence("epe/sdi", "epe"),),
        "Cisco RIS Data Collector": (
            _trace("ris/sdi", "ris"),
            Log("cm/log/ris/csv", "PerfMon_node_{:08}.csv"),
        ),
        "Cisco SIP Proxy": (_presence("esp/sdi", "esp"),),
        "Cisco Serviceability Reporter": (_trace("reporter/log4j", "reporter"),),
        "Cisco Sync Agent": (_presence("cupssyncagent", "syncagent"),),
        "Cisco Tftp": (_trace("ctftp/sdi", "ctftp"),),
        "Cisco Tomcat": (
            Log("tomcat/logs", "catalina{:05}.log"),
            Log("tomcat/logs/security", "security{:05}.log"),
        ),
        "Cisco Trace Collection Service": (_trace("tcs/log4j", "tcs"),),
        "Cisco Trust Verification Service": (_trace("tvs/sdi", "tvs"),),
        "Cisco WebDialer Web Service": (_web("webdialer"),),
        "Cisco XCP Router": (_presence("xcp/log", "rtr-jsm-1"),),
        "Connection Conversation Manager": (_voice_mail("CuCsMgr"),),
        "Connection Message Transfer Agent": (_voice_mail("MTA"),),
        "Connection Mixer": (_voice_mail("CuMixer"),),
        "Connection Notifier": (_voice_mail("CuNotifier"),),
        "Connection SMTP Server": (_voice_mail("CuSmtpSvr"),),
        "Host Resources Agent": (Log("platform/snmp/hostagt", "hostagt{:08}.txt"),),
        "MIB2 Agent": (Log("platform/snmp/mib2agt", "mib2agt{:08}.txt"),),
        "SNMP Master Agent": (Log("platform/snmp/snmpdm", "snmpdm{:08}.txt"),),
        "SOAP -Log Collection APIs": (_web("logcollection"),),
        "SOAP -Performance Monitoring APIs": (_web("perfmon"),),
        "SOAP -Real-Time Service APIs": (_web("soap"),),
        "Self Provisioning IVR": (_trace("selfprovisionivr/log4j", "selfprovision"),),
        "System Application Agent": (Log("platform/snmp/sappagt", "sappagt{:08}.txt"),),
    }
)
"""What services write, by wire name; those that are not here write into the logs of others."""


def names(node: Node, directory: str) -> tuple[str, ...]:
    """Return the names of the files in a directory of `node`, sorted.

    None are in a directory that does not exist, lies elsewhere than below the root, or is not named by an absolute
    path without `..` (`U-52`). A feature service that is not activated leaves none.
    """
    if not directory.startswith("/"):
        return ()
    steps = tuple(step for step in directory.split("/") if step not in {"", "."})
    writing = frozenset(
        name
        for name, service in node.services.items()
        if service.kind is Kind.NETWORK or node.instances[name].activated
    )
    return _tree(writing).get(steps, ())


@lru_cache(maxsize=64)
def _tree(writing: frozenset[str]) -> Mapping[tuple[str, ...], tuple[str, ...]]:
    """Return the directories that these services fill, by their steps from the top."""
    found: dict[tuple[str, ...], list[str]] = {}
    for log in (*ALWAYS, *(log for name in sorted(writing) for log in LOGS.get(name, ()))):
        steps = tuple(f"{ROOT}/{log.directory}".split("/")[1:])
        found.setdefault(steps, []).extend(log.names())
    return MappingProxyType({steps: tuple(sorted(files)) for steps, files in found.items()})
