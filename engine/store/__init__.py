"""The only definer of tables.

Importing this package makes every table known to `Base.metadata`.
"""

from engine.store.base import Base, Json, move
from engine.store.cases import (
    Customer,
    CustomerContact,
    Delay,
    Draft,
    Feedback,
    RecordUpdate,
    ServiceRequest,
)
from engine.store.correspondence import AccessLink, Correspondence, VerificationCode
from engine.store.definitions import BundleFile, ProcessDefinition, RequestTypeVersion
from engine.store.documents import Blob, Document
from engine.store.execution import (
    Incident,
    Job,
    Message,
    MessageSubscription,
    ProcessInstance,
    Timer,
    UserTask,
)
from engine.store.history import HistoryEvent
from engine.store.people import Account, SignIn
from engine.store.session import Sessions, connect, held, hold, transaction

__all__ = [
    "AccessLink",
    "Account",
    "Base",
    "Blob",
    "BundleFile",
    "Correspondence",
    "Customer",
    "CustomerContact",
    "Delay",
    "Document",
    "Draft",
    "Feedback",
    "HistoryEvent",
    "Incident",
    "Job",
    "Json",
    "Message",
    "MessageSubscription",
    "ProcessDefinition",
    "ProcessInstance",
    "RecordUpdate",
    "RequestTypeVersion",
    "ServiceRequest",
    "Sessions",
    "SignIn",
    "Timer",
    "UserTask",
    "VerificationCode",
    "connect",
    "held",
    "hold",
    "move",
    "transaction",
]
