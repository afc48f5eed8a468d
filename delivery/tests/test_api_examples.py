"""The schema shows what every list, row and change of the shop answers."""

import pytest
from drf_spectacular.generators import SchemaGenerator

NOUNS = [
    "orders",
    "customers",
    "products",
    "subscriptions",
    "deliveries",
    "billing/bills",
    "billing/payments",
    "billing/refunds",
    "billing/disputes",
]


@pytest.fixture(scope="module")
def schema():
    return SchemaGenerator().get_schema(request=None, public=True)


def shown(operation):
    """The examples of each success of an operation."""
    for status in operation["responses"].keys() & {"200", "201"}:
        (content,) = operation["responses"][status]["content"].values()
        assert content.get("examples"), operation["operationId"]
        yield from (each["value"] for each in content["examples"].values())


def is_of(path, noun):
    """A path whose answers are rows of this sort. The days of a subscription are another."""
    return path.startswith(f"/api/{noun}") and not path.endswith("/overrides")


@pytest.mark.parametrize("noun", NOUNS)
def test_every_answer_of_the_shop_has_an_example_with_all_its_fields(schema, noun):
    one = f"/api/{noun}"  # what acts on many answers something else than rows
    paths = {
        path: found
        for path, found in schema["paths"].items()
        if path.startswith(f"{one}/{{id}}") and is_of(path, noun)
    }
    paths |= {one: schema["paths"][one]}
    assert len(paths) >= 2
    rows = [
        row
        for found in paths.values()
        for method in found.keys() & {"get", "post", "patch"}
        for value in shown(found[method])
        for row in value.get("results", [value])
    ]
    fields = min((row.keys() for row in rows), key=len)  # what is done to a row may answer more
    assert all(row.keys() >= fields and "id" in row for row in rows)


@pytest.mark.parametrize("noun", NOUNS)
def test_the_example_of_a_list_is_a_page(schema, noun):
    (page,) = shown(schema["paths"][f"/api/{noun}"]["get"])
    assert page.keys() == {"next", "previous", "results"}
