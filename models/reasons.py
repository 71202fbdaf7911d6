"""The vendor's reason codes and the exact texts that travel with them.

One table, read by every face; it does not know which rule uses which code.
Source: specification section 5.3. On the wire every text is followed by one space, and success is
that space alone (section 5.1).
"""

from __future__ import annotations

from typing import NamedTuple


class Reason(NamedTuple):
    """A reason code with its text, without the trailing space that the wire adds."""

    code: int
    text: str

    @property
    def wire(self) -> str:
        """The text as ReasonCodeString and ReasonString carry it."""
        return f"{self.text} "


TABLE: dict[int, Reason] = {
    code: Reason(code, text)
    for code, text in (
        (-1, ""),
        (-1000, "Component already initialized"),
        (-1001, "Entry replaced"),
        (-1002, "Component not initialized"),
        (-1003, "Component is running"),
        (-1004, "Entry not found"),
        (-1005, "Unable to process event"),
        (-1006, "Registration already present"),
        (-1007, "Unsuccessful completion"),
        (-1008, "Registration not found"),
        (-1009, "Missing or invalid environment variable"),
        (-1010, "No such service"),
        (-1011, "Component is reserved for platform"),
        (-1012, "Bad arguments"),
        (-1013, "Internal error"),
        (-1014, "Entry was already present"),
        (-1015, "Error opening IPC"),
        (-1016, "No license available"),
        (-1017, "Error opening file"),
        (-1018, "Error reading file"),
        (-1019, "Component is not running"),
        (-1020, "Signal ignored"),
        (-1021, "Notification ignored"),
        (-1022, "Buffer overflow"),
        (-1023, "Cannot parse record or entry"),
        (-1024, "Out of memory"),
        (-1025, "Not connected"),
        (-1026, "Component already exists"),
        (-1027, "Message was truncated"),
        (-1028, "Component is empty"),
        (-1029, "Operation is pending"),
        (-1030, "Transaction does not exist"),
        (-1031, "Operation timed-out"),
        (-1032, "File is locked"),
        (-1033, "Feature is not implemented yet"),
        (-1034, "Alarm was already set"),
        (-1035, "Alarm was already clear"),
        (-1036, "Dependency is in active state"),
        (-1037, "Dependency is not in active state"),
        (-1038, "Circular dependencies detected"),
        (-1039, "Component already started"),
        (-1040, "Component already stopped"),
        (-1041, "Dependencies still pending"),
        (-1042, "Requested process state transition not allowed"),
        (-1043, "No changes"),
        (-1044, "Boundary violation for data structure"),
        (-1045, "Operation not supported"),
        (-1046, "Process recovery in progress"),
        (-1047, "Operation pending on scheduled restart"),
        (-1048, "Operation pending on active dependencies"),
        (-1049, "Operation pending on active dependents"),
        (-1050, "Shutdown is in progress"),
        (-1051, "Invalid Table Handle"),
        (-1052, "Data Base not initialized"),
        (-1053, "Data Directory"),
        (-1054, "Table Full"),
        (-1055, "Deleted Data"),
        (-1056, "No Such Record"),
        (-1057, "Component already in specified state"),
        (-1058, "Out of range"),
        (-1059, "Cannot create object"),
        (-1060, "MSO refused, standby system not ready."),
        (-1061, "MSO refused, standby state update still in progress. Try again later."),
        (-1062, "MSO refused, standby state update failed. Verify configuration on standby."),
        (-1063, "MSO refused, Warm start-up in progress."),
        (-1064, "MSO refused, Warm start-up Failed."),
        (-1065, "MSO refused, System is not in active state"),
        (-1066, "MSO refused, Detected standalone Flag"),
        (-1067, "Invalid Token presented in request"),
        (-1068, "Service Not Activated"),
        (-1069, "Commanded Out of Service"),
        (-1070, "Multiple Modules have error"),
        (-1071, "Encountered exception"),
        (-1072, "Invalid context path was specified"),
        (-1073, "No context exists"),
        (-1074, "No context path was specified"),
        (-1075, "Application already exists"),
    )
}

SUCCESS = TABLE[-1]
UNSUCCESSFUL = TABLE[-1007]
NO_SUCH_SERVICE = TABLE[-1010]
BAD_ARGUMENTS = TABLE[-1012]
INTERNAL_ERROR = TABLE[-1013]
NOT_RUNNING = TABLE[-1019]
PENDING = TABLE[-1029]
DEPENDENCY_NOT_ACTIVE = TABLE[-1037]
ALREADY_STARTED = TABLE[-1039]
ALREADY_STOPPED = TABLE[-1040]
DEPENDENCIES_PENDING = TABLE[-1041]
TRANSITION_NOT_ALLOWED = TABLE[-1042]
NOT_SUPPORTED = TABLE[-1045]
SHUTDOWN_IN_PROGRESS = TABLE[-1050]
NOT_ACTIVATED = TABLE[-1068]
COMMANDED_OUT_OF_SERVICE = TABLE[-1069]
MULTIPLE_ERRORS = TABLE[-1070]
