"""Roles open pages, groups open queues; an account has any number of both."""

from enum import StrEnum


class Role(StrEnum):
    EXECUTIVE = "executive"  # works on requests
    TEAMLEADER = "teamleader"  # first level of escalation
    MANAGER = "manager"  # second level
    HEAD = "head"  # third level
    ANALYST = "analyst"  # draws diagrams, forms, decisions
    ADMIN = "admin"  # accounts and settings
    OPERATOR = "operator"  # keeps the installation running
    AUDITOR = "auditor"  # reads everything, changes nothing


class Group(StrEnum):
    EXECUTIVES = "executives"
    TEAM_LEADERS = "team_leaders"
    MANAGERS = "managers"
    DEPARTMENT_HEADS = "department_heads"


WORKERS = frozenset({Role.EXECUTIVE, Role.TEAMLEADER, Role.MANAGER, Role.HEAD})
GROUPS = tuple(group.value for group in Group)
