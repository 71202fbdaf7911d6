"""From what zeep parsed to the values of `ucmsim.clients.results`.

The contract's names end here. Missing and empty parts are tolerated as far as real servers leave them out (`U-32`).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from ucmsim.clients.node_time import NodeTime
from ucmsim.clients.results import (
    SUCCESS,
    Answer,
    ExtendedList,
    ExtendedService,
    Form,
    Product,
    ProductInformation,
    Reason,
    Service,
    ServiceState,
    Status,
)


def answer(returned: Any, time: NodeTime) -> Answer:
    """The answer of a status query, a control or a deployment, of either contract."""
    items = _items(returned.ServiceInfoList)
    return Answer(
        _reason(returned.ReasonCode, returned.ReasonString), tuple(_state(item, time) for item in items)
    )


def services(returned: Any) -> list[Service]:
    """The static list, which zeep has unwrapped to its `item`s."""
    return [Service(**_service(item)) for item in _items(returned)]


def product_information(returned: Any) -> ProductInformation:
    """The product list."""
    return ProductInformation(
        version=_text(returned.ActiveServerVersion),
        primary_node=_text(returned.PrimaryNode),
        secondary_node=_text(returned.SecondaryNode),
        products=tuple(
            Product(
                _text(item.ProductName),
                _text(item.ProductVersion),
                _text(item.ProductDescription),
                _text(item.ProductID),
                _text(item.ShortName),
            )
            for item in _items(returned.Products)
        ),
        services=tuple(
            Service(**_service(item), product_id=_text(item.ProductID)) for item in _items(returned.Services)
        ),
    )


def extended_list(returned: Any) -> ExtendedList:
    """The extended list."""
    return ExtendedList(
        bool(returned.PrimaryNode),
        bool(returned.SecondaryNode),
        tuple(
            ExtendedService(
                **_service(item),
                product_id=_text(item.ProductID),
                restrict=_text(item.Restrict),
                restrict_server=item.RestrictServer == "yes",
                set_default=item.SetDefault == "yes",
                sequence=_text(item.SequenceNumber),
                number=_text(item.ServiceEnum),
            )
            for item in _items(returned.Services)
        ),
    )


def files(returned: Any) -> list[str]:
    """The names in a directory, which zeep has unwrapped from its only element."""
    return [name for name in _items(returned, "File") if name]


def _state(item: Any, time: NodeTime) -> ServiceState:
    seconds = SUCCESS if item.UpTime is None else int(item.UpTime)
    up_time = timedelta(seconds=seconds) if seconds >= 0 else None
    return ServiceState(
        name=_text(item.ServiceName),
        status=_status(item.ServiceStatus),
        reason=_reason(item.ReasonCode, item.ReasonCodeString),
        started=time.started(item.StartTime, up_time),
        up_time=up_time,
    )


def _service(item: Any) -> dict[str, Any]:
    depends = item.DependentServices
    # The Ex list says item where the other two say Service (specification section 2.3).
    names = [*_items(depends, "Service"), *_items(depends)] if depends is not None else ()
    return {
        "name": _text(item.ServiceName),
        "form": Form.SERVLET if item.ServiceType == Form.SERVLET.value else Form.SERVICE,
        "deployable": bool(item.Deployable),
        "group": _text(item.GroupName),
        "depends": tuple(name for name in names if name),
    }


def _status(text: str | None) -> Status:
    try:
        return Status(text)
    except ValueError:
        return Status.UNKNOWN


def _reason(code: int | None, text: str | None) -> Reason:
    return Reason(SUCCESS if code is None else int(code), _text(text))


def _text(value: str | None) -> str:
    return (value or "").strip()


def _items(around: Any, name: str = "item") -> Iterable[Any]:
    """The children of that name; none when the element is missing, nil or empty."""
    if around is None:
        return ()
    if isinstance(around, list):
        return around
    return getattr(around, name, None) or ()
