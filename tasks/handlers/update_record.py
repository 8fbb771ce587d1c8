"""update_record: write the changes into the system of record, which may refuse them.

Parameters: `changes` (names and values). Output: {"before", "after", "changed"}, the last a list
of {"field", "before", "after"}; a refusal is the BPMN error RECORD_REJECTED.
"""

from collections.abc import Mapping

from tasks import register
from tasks.handlers.context import HandlerContext
from tasks.handlers.errors import BpmnError, WrongParameterError

RECORD_REJECTED = "RECORD_REJECTED"


def run(context: HandlerContext) -> Mapping[str, object]:
    """Change the record, once."""
    changes = context.parameters.get("changes")
    if not isinstance(changes, Mapping) or not changes:
        raise WrongParameterError("update_record: `changes` must name what changes.")
    system: register.SystemOfRecord = register.CustomerRegister(context.environment.sessions)
    with context.transaction() as session:
        request = context.case(session).request
    try:
        change = system.update(request.customer_id, request.id, changes, key=context.key)
    except register.RecordRejectedError as error:
        raise BpmnError(RECORD_REJECTED, str(error)) from error
    changed = [
        {"field": name, "before": change.before.get(name), "after": change.after[name]}
        for name in change.changed
    ]
    return {"before": change.before, "after": change.after, "changed": changed}
