"""What colleagues may read of a message: never what would let them act for the customer."""

from engine.cases import correspondence
from engine.store import Correspondence
from web import installation

SIMULATOR = "simulator"  # the carrier of messages that leave no installation


def text(message: Correspondence) -> str:
    """The text of a message with its codes and the tokens of its links masked."""
    return message.body if is_open(message) else correspondence.visible_body(message)


def is_open(message: Correspondence) -> bool:
    """Whether it is shown whole: a demo has no phone or mailbox to read it on."""
    return installation.current().settings.demo and message.carrier == SIMULATOR
