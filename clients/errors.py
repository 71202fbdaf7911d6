"""What can go wrong between a client and a node: each exception names the node, says what happened and what to do.

The text is one or two sentences for a person; what a program wants to know is in attributes.
"""

from __future__ import annotations

from collections.abc import Iterable

from ucmsim.clients.results import SUCCESS, Action, Reason, ServiceState, Status


class UcmError(Exception):
    """Anything a client of this package raises: `problem` is one sentence, `hint` says what to do about it."""

    def __init__(self, problem: str, hint: str = "", *, node: str = "") -> None:
        super().__init__(f"{problem}. {hint}" if hint else f"{problem}.")
        self.problem = problem
        self.hint = hint
        self.node = node


class UnreachableError(UcmError):
    """Nothing answered: the address is wrong, the node or its Cisco Tomcat is down, or it took too long."""


class UntrustedError(UcmError):
    """The node's certificate is not trusted, or belongs to another name."""


class CredentialsError(UcmError):
    """The node does not know the user or the password is wrong (401)."""


class ForbiddenError(UcmError):
    """The user exists but lacks the role (403)."""


class NotServedError(UcmError):
    """Nothing is served at that path (404): the web application is stopped, or this release does not have it."""


class ThrottledError(UcmError):
    """The node refused the call since too many came (503, or `Exceeded allowed rate`), also after repeating it.

    `after` is how many seconds the node asked to wait; None if it did not say.
    """

    def __init__(self, problem: str, hint: str = "", *, node: str = "", after: float | None = None) -> None:
        super().__init__(problem, hint, node=node)
        self.after = after


class FaultError(UcmError):
    """The node answered with a SOAP fault; `code` and `text` are its faultcode and faultstring."""

    def __init__(self, node: str, operation: str, code: str, text: str) -> None:
        super().__init__(
            f"{node} answered {operation} with a fault: {text or 'no text'} ({code or 'no code'})",
            "The request did not suit the server; its own log may say more",
            node=node,
        )
        self.operation = operation
        self.code = code
        self.text = text


class UnexpectedAnswerError(UcmError):
    """What came back is not what this API answers: another kind of server, a proxy's page, a broken message."""


class UnknownServiceError(UcmError, LookupError):
    """The node has no service of that name."""

    def __init__(self, node: str, service: str) -> None:
        super().__init__(
            f"{node} has no service named {service!r}",
            "Names are case-sensitive and must be exact, as in the node's list of services",
            node=node,
        )
        self.service = service


class RefusedError(UcmError):
    """The node answered, but did not do what was asked.

    `services` are those that it refused or that failed, with their states; `service` names the first one, and `reason`
    is that of the call as a whole.
    """

    def __init__(
        self, node: str, action: Action, reason: Reason, services: Iterable[ServiceState], hint: str
    ) -> None:
        self.action = action
        self.reason = reason
        self.services = tuple(services)
        self.service = self.services[0].name if self.services else ""
        names = ", ".join(state.name for state in self.services)
        verb = "were" if len(self.services) > 1 else "was"
        who = f"{names} {verb} not" if names else "nothing was"
        why = str(reason)
        if reason.code == SUCCESS and self.services:  # the node claims success, the state says otherwise
            why = f"it is {self.services[0].status.value}"
        super().__init__(f"{node}: {who} {action.done}: {why}", hint, node=node)


class NotReachedError(UcmError, TimeoutError):
    """Services did not arrive at a status in time; `states` are those that had not, as last seen."""

    def __init__(self, node: str, status: Status, states: Iterable[ServiceState], seconds: float) -> None:
        self.status = status
        self.states = tuple(states)
        seen = "; ".join(map(str, self.states))
        super().__init__(
            f"{node}: not {status.value} after {seconds:g} s: {seen}",
            "Wait longer, or look at the service's own traces for what keeps it",
            node=node,
        )
