"""Faults inside of what is packed: the parts of a ZIP file, their trees of XML, the streams of a PDF.

A fault in packed bytes is mostly found by their checksum; one that was packed with them is not.
"""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Sequence
from copy import deepcopy
from random import Random
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from lxml import etree  # type: ignore[import-untyped]

from tests.attacks.fuzz.mutations import MOST, broken

_ZIP = b"PK\x03\x04"
_STREAM = re.compile(rb"(/Length )\d+([^>]*>>\s*stream\r?\n)(.*?)(\r?\nendstream)", re.DOTALL)
_XML = re.compile(rb"\s*(?:\xef\xbb\xbf)?<(?![hH!])")
_UNPACKED = 2 * MOST


def broken_inside(data: bytes, random: Random, tokens: Sequence[bytes]) -> bytes:
    """The data with a fault in something that it packs; in the data itself where it packs nothing."""
    if data.startswith(_ZIP):
        return _broken_zip(data, random, tokens)
    if data.startswith(b"%PDF"):
        return _broken_pdf(data, random, tokens)
    if _XML.match(data):
        return _broken_tree(data, random, tokens)
    return broken(data, random, tokens)


def _broken_zip(data: bytes, random: Random, tokens: Sequence[bytes]) -> bytes:
    try:
        with ZipFile(io.BytesIO(data)) as archive:
            if sum(info.file_size for info in archive.infolist()) > _UNPACKED:
                return broken(data, random, tokens)
            parts = [(info.filename, archive.read(info)) for info in archive.infolist()]
    except Exception:  # broken before: how, is what the readers are asked
        return broken(data, random, tokens)
    for at in random.sample(range(len(parts)), min(len(parts), random.choice((1, 1, 1, 2, 4)))):
        name, content = parts[at]
        if random.randrange(20):
            parts[at] = name, broken_inside(content, random, tokens)
        else:
            parts[at] = random.choice(parts)[0], content
    if random.randrange(30) == 0:
        parts.pop(random.randrange(len(parts)))
    return _zipped(parts, random)


def _zipped(parts: Sequence[tuple[str, bytes]], random: Random) -> bytes:
    stream = io.BytesIO()
    made = ZipFile(stream, "w", random.choice((ZIP_STORED, ZIP_DEFLATED)), compresslevel=1)
    for number, (name, content) in enumerate(parts):
        # A name that comes twice is warned of by the module that writes, which is no concern here.
        while name in made.namelist():
            name = f"{name}{number}"
        made.writestr(name, content)
    made.close()
    return stream.getvalue()


def _broken_pdf(data: bytes, random: Random, tokens: Sequence[bytes]) -> bytes:
    found = list(_STREAM.finditer(data))
    if not found:
        return broken(data, random, tokens)
    match = random.choice(found)
    head, content = match[2], match[3]
    packed = b"FlateDecode" in data[max(0, match.start() - 200) : match.start(3)]
    if packed and b"ASCII85" not in data[max(0, match.start() - 200) : match.start(3)]:
        try:
            content = zlib.compress(broken(zlib.decompress(content), random, tokens), 1)
        except zlib.error:
            content = broken(content, random, tokens)
    else:
        content = broken(content, random, tokens)
    stream = b"%s%d%s%s%s" % (match[1], len(content), head, content, match[4])
    return data[: match.start()] + stream + data[match.end() :]


def _broken_tree(data: bytes, random: Random, tokens: Sequence[bytes]) -> bytes:
    """Well-formed XML of another shape."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        return broken(data, random, tokens)
    for _ in range(random.choice((1, 1, 2, 4, 8))):
        elements = [element for element in root.iter() if isinstance(element.tag, str)]
        random.choice(_TREE_FAULTS)(random.choice(elements), elements, random, tokens)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def _leave_out(element: Any, _: list[Any], __: Random, ___: Sequence[bytes]) -> None:
    if element.getparent() is not None:
        element.getparent().remove(element)


def _come_again(element: Any, elements: list[Any], random: Random, _: Sequence[bytes]) -> None:
    times = min(random.choice((1, 1, 2, 20)), MOST // 8 // len(etree.tostring(element)))
    random.choice(elements).extend([deepcopy(element) for _ in range(times)])


def _go_elsewhere(element: Any, elements: list[Any], random: Random, _: Sequence[bytes]) -> None:
    target = random.choice(elements)
    if element.getparent() is not None and element not in (target, *target.iterancestors()):
        target.append(element)


def _be_another(element: Any, elements: list[Any], random: Random, _: Sequence[bytes]) -> None:
    element.tag = random.choice(elements).tag


def _say_another(element: Any, elements: list[Any], random: Random, tokens: Sequence[bytes]) -> None:
    words = [_word(token) for token in tokens] + [other.text or "" for other in elements[:50]]
    element.text = random.choice(words)


def _have_another(element: Any, elements: list[Any], random: Random, tokens: Sequence[bytes]) -> None:
    known = [pair for other in (element, random.choice(elements)) for pair in other.attrib.items()]
    if known:
        name, value = random.choice(known)
        number = str(random.choice((0, -1, 2**31, 10**20)))
        element.set(name, random.choice((value, value[:1_000] * 3, number, "", _word(random.choice(tokens)))))


def _lose_one(element: Any, _: list[Any], random: Random, __: Sequence[bytes]) -> None:
    if element.attrib:
        del element.attrib[random.choice(list(element.attrib))]


def _word(token: bytes) -> str:
    """A token as XML may hold it."""
    return "".join(sign for sign in token.decode("utf-8", "ignore") if sign.isprintable())


_TREE_FAULTS = (
    _leave_out, _come_again, _go_elsewhere, _be_another, _say_another, _have_another, _have_another,
    _lose_one,
)  # fmt: skip
