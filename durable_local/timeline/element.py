"""XML that any text can be put into."""

import re
from xml.etree.ElementTree import Element, SubElement

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def add(parent: Element, tag: str, text: str | None = None, **attributes: str | float) -> Element:
    """A new element inside another; `_` in the names of attributes stands for `-`, and `class_` for `class`."""
    given = {name.rstrip("_").replace("_", "-"): _written(value) for name, value in attributes.items()}
    element = SubElement(parent, tag, given)
    element.text = None if text is None else _written(text)
    return element


def _written(value: str | float) -> str:
    text = f"{value:g}" if isinstance(value, float) else str(value)
    return _NOT_XML.sub("\ufffd", text)
