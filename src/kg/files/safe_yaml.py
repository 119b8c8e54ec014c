"""YAML as heads of files need it: plain data, without what makes a small text large or deep.

The bombs of YAML are aliases, which name a part of the text again and again
(https://en.wikipedia.org/wiki/Billion_laughs_attack), and nesting, which is read by recursion. Anchors, aliases and
tags are refused, and so is what is longer or deeper than :mod:`kg.files.limits` says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from kg.files import limits

if TYPE_CHECKING:
    from yaml.nodes import Node

__all__ = ["YAMLFault", "read_yaml"]


class YAMLFault(ValueError):  # noqa: N818 - a fault of a file, which its reader makes an error with a place
    """What keeps a text from being read.

    Attributes:
        line: where, from 1.
        message: what is wrong, without the line.
    """

    def __init__(self, line: int, message: str) -> None:
        self.line = line
        self.message = message
        super().__init__(f"line {line}: {message}")


class _Loader(yaml.SafeLoader):
    """A loader that stops before it would work for long or deep."""

    depth = 0

    def compose_node(self, parent: Node | None, index: int) -> Node | None:
        event: Any = self.peek_event()  # type: ignore[no-untyped-call]
        line = event.start_mark.line + 1
        for name in ("anchor", "tag"):  # an alias has the anchor that it names
            if getattr(event, name, None) is not None:
                kind = "alias" if isinstance(event, yaml.AliasEvent) else name
                raise YAMLFault(line, f"an {kind}; expected plain YAML".replace("an tag", "a tag"))
        if self.depth == limits.YAML_DEPTH:
            raise YAMLFault(line, f"more than {limits.YAML_DEPTH} lists or mappings in each other; expected fewer")
        self.depth += 1
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node


def read_yaml(text: str) -> Any:
    """Return the value of a YAML text: one document.

    Raises:
        YAMLFault: if it is not YAML, has anchors, aliases or tags, or is too long or too deep.

    Example:
        >>> read_yaml("a: [1, x]")
        {'a': [1, 'x']}
        >>> read_yaml("a: &a 1")
        Traceback (most recent call last):
        kg.files.safe_yaml.YAMLFault: line 1: an anchor; expected plain YAML
    """
    if len(text) > limits.YAML:
        raise YAMLFault(1, f"{len(text):,} signs; expected at most {limits.YAML:,}")
    try:
        return yaml.load(text, _Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        told = ", ".join(part for part in (error.context, error.problem) if part)
        raise YAMLFault(mark.line + 1 if mark else 1, told) from error
    except yaml.YAMLError as error:
        raise YAMLFault(1, " ".join(str(error).split())) from error
    except ValueError as error:  # a number of 5,000 digits or a 30th of February
        if isinstance(error, YAMLFault):
            raise
        raise YAMLFault(1, str(error)) from error
