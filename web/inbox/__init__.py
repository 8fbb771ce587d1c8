"""The inbox: queues, tasks beside their documents, requests, for those who work on them."""

from web.inbox import conflicts, documents, lists, requests, tasks
from web.inbox.blueprint import blueprint

__all__ = ["blueprint", "conflicts", "documents", "lists", "requests", "tasks"]
