"""What staff may write in a text: the part of Jinja that cannot loop, call, reach into a value or grow.

A whitelist over Jinja's syntax tree. What is not named here is refused, so a new Jinja brings nothing in.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from jinja2 import nodes

from notifications.formats import UNSENDABLE

KNOWN_FILTERS = ("capitalize", "default", "lower", "title", "trim", "upper")

_DEPTH = 20  # levels of nesting; keeps Jinja's recursive compiler, and a reader, out of trouble
_BIGGEST = 10**15
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}")
_RESERVED = frozenset({"self", "super", "loop", "caller", "varargs", "kwargs"})  # mean something to Jinja
_COMPARISONS = frozenset({"eq", "ne", "lt", "lteq", "gt", "gteq"})
_ARGUMENTS = {"default": 2}  # of a filter, at most

_ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.If, nodes.Name, nodes.Const, nodes.Filter,
    nodes.Test, nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not,
)  # fmt: skip

_ARITHMETIC = "calculations are not allowed; ask for a variable that holds the result"
_LISTS = "lists are not allowed"
_REFUSED: dict[type[nodes.Node], str] = {
    nodes.For: "loops are not allowed",
    nodes.Call: "calls are not allowed",
    nodes.Getattr: "a dot after a variable is not allowed; use one of the variables alone",
    nodes.Getitem: "square brackets are not allowed; use one of the variables alone",
    nodes.Concat: "`~` is not allowed; write the parts one after the other",
    nodes.CondExpr: "write {% if … %}…{% else %}…{% endif %} around the text instead of `if` inside {{ }}",
    nodes.Assign: "`set` is not allowed",
    nodes.AssignBlock: "`set` is not allowed",
    nodes.Tuple: "one variable at a time, please; no commas",
    nodes.List: _LISTS,
    nodes.Dict: _LISTS,
    **dict.fromkeys(
        (nodes.Add, nodes.Sub, nodes.Mul, nodes.Div, nodes.FloorDiv, nodes.Mod, nodes.Pow), _ARITHMETIC
    ),
    **dict.fromkeys((nodes.Neg, nodes.Pos), _ARITHMETIC),
}
OTHER = "only text, {{ variables }} and {% if %} are allowed"


def faults(tree: nodes.Template) -> Iterator[tuple[int, str]]:
    """(line, why) for everything in a parsed text that is not allowed, in no order."""
    waiting: list[tuple[nodes.Node, int, int]] = [(tree, 0, 1)]
    while waiting:
        node, depth, line = waiting.pop()
        line = node.lineno or line  # some nodes know no line of their own
        why = "this is nested too deeply" if depth > _DEPTH else _fault(node)
        if why:
            yield line, why
            continue
        waiting.extend((child, depth + 1, line) for child in node.iter_child_nodes())


def names(tree: nodes.Template) -> dict[str, int]:
    """Every variable a parsed text uses, and the line where it does so first."""
    lines: dict[str, int] = {}
    for node in tree.find_all(nodes.Name):
        lines[node.name] = min(node.lineno, lines.get(node.name, node.lineno))
    return lines


def _fault(node: nodes.Node) -> str | None:
    if type(node) not in _ALLOWED:
        return _REFUSED.get(type(node), OTHER)
    if isinstance(node, nodes.Output):
        return _fault_of_output(node)
    if isinstance(node, nodes.Name):
        return fault_of_name(node.name)
    if isinstance(node, nodes.Const):
        return _fault_of_constant(node.value)
    if isinstance(node, nodes.Filter):
        return _fault_of_filter(node)
    if isinstance(node, nodes.Test):
        return None if node.name == "defined" and not _arguments(node) else "the only test is `is defined`"
    return _fault_of_comparison(node) if isinstance(node, nodes.Compare) else None


def _fault_of_output(node: nodes.Output) -> str | None:
    """`{{1}}` is WhatsApp's placeholder; here it would be sent as a plain 1."""
    for part in node.nodes:
        value = part.value if isinstance(part, nodes.Const) else None
        if isinstance(value, int | float) and abs(value) < _BIGGEST:
            return f"{{{{{value}}}}} would be sent as a number; write the name of a variable instead"
    return None


def fault_of_name(name: str) -> str | None:
    """Why a variable cannot be called so, or None."""
    if name in _RESERVED:
        return f"`{name}` is not a variable"
    if not _NAME.fullmatch(name):
        return "a variable's name is made of the letters a–z, digits and _"
    return None


def _fault_of_constant(value: object) -> str | None:
    if isinstance(value, str):
        return "a quoted text holds a character that cannot be sent" if UNSENDABLE.search(value) else None
    if isinstance(value, int | float):
        return None if abs(value) < _BIGGEST else "this number is too large"
    return "`none` is not allowed"


def _fault_of_filter(node: nodes.Filter) -> str | None:
    if node.name not in KNOWN_FILTERS or node.node is None:
        return f"there is no filter `{node.name[:40]}`; there are {', '.join(KNOWN_FILTERS)}"
    if node.kwargs or node.dyn_args or node.dyn_kwargs or len(node.args) > _ARGUMENTS.get(node.name, 0):
        return f"the filter `{node.name}` is given too much in its brackets"
    return None


def _fault_of_comparison(node: nodes.Compare) -> str | None:
    """Only variables know how to be compared with anything; a quoted text and a number do not."""
    sides = [node.expr, *(operand.expr for operand in node.ops)]
    for operand, pair in zip(node.ops, pairwise(sides), strict=True):
        if operand.op not in _COMPARISONS:
            return "`in` is not allowed; compare with == != < <= > >="
        if operand.op not in ("eq", "ne") and not any(isinstance(side, nodes.Name) for side in pair):
            return "only a variable can be compared with < <= > >="
    return None


def _arguments(node: nodes.Test) -> bool:
    return bool(node.args or node.kwargs or node.dyn_args or node.dyn_kwargs)
