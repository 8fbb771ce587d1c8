"""Every shipped diagram finds its handlers, forms, texts and fields."""

import re
from pathlib import Path

import pytest
from lxml import etree

from engine.definitions import bundles, request_types
from engine.people.roles import GROUPS
from tasks.handlers.registry import HANDLERS

ROOT = Path(__file__).parents[2]
SPIFF = "{http://spiffworkflow.org/bpmn/schema/1.0/core}"
BUNDLES = sorted(path.parent for path in (ROOT / "processes").glob("*/request_type.toml"))


@pytest.fixture(params=BUNDLES, ids=lambda path: path.name)
def files(request):
    return bundles.read_folder(request.param)


@pytest.fixture
def diagrams(files):
    return [etree.fromstring(files[path]) for path in files if path.endswith(".bpmn")]


def properties(diagrams, name):
    found = (prop for root in diagrams for prop in root.iter(f"{SPIFF}property"))
    return {prop.get("value") for prop in found if prop.get("name") == name}


def test_there_is_a_handler_for_every_operator(diagrams):
    used = {
        operator.get("id")
        for root in diagrams
        for operator in root.iter(f"{SPIFF}serviceTaskOperator")
    }
    assert used <= HANDLERS.keys()


def test_every_queue_is_somebodys(diagrams):
    named = properties(diagrams, "candidateGroups")
    queues = {name for text in named for name in re.findall(r'"(\w+)"', text) or [text]}
    assert queues <= set(GROUPS)


def test_every_instruction_and_document_has_its_words(files, diagrams):
    settings = request_types.read_settings(files)
    for locale in settings["locales"]:
        texts = request_types.read_texts(files, locale)
        wanted = properties(diagrams, "instructions")
        wanted |= {f"document.{entry['item']}.label" for entry in settings["documents"]}
        assert wanted <= texts.keys()


def test_every_user_task_and_job_has_plain_words_for_the_customer(files, diagrams):
    texts = request_types.read_texts(files, "en")
    inner = {
        element.get("id")
        for root in diagrams
        for element in root.iter()
        if re.search(r"\}(userTask|receiveTask)$", str(element.tag))
        and not re.match(r"ExplainDelay", element.get("id", ""))
    }
    assert {f"stage.{element}" for element in inner} <= texts.keys()


def test_the_applicant_is_asked_for_in_the_form(files):
    settings = request_types.read_settings(files)
    form = files[f"forms/{settings['form']}.form.json"].decode()
    for key in settings["applicant"].values():
        assert f'"key": "{key}"' in form
