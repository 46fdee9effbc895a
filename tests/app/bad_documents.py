"""Bad documents and pages, each with everything that it holds."""

import gzip

from tests.app.bad_input import HEADER, MANY, UNKNOWN, BadInput, order

UTF_16 = "it is UTF-16 or UTF-32; save it as UTF-8"
GOOD_ORDER = order().encode()
GOOD_PRODUCT = b"tea-01,Assam,tea,4.10,7"

DOCUMENTS = [
    BadInput("no bytes", "orders", b""),
    BadInput("white space alone", "orders", b" \n\t\r\n\n"),
    BadInput("blank lines between rows", "orders", b"\n\n" + GOOD_ORDER + b"\n \n\n", 1),
    BadInput("a byte order mark of UTF-8", "orders", b"\xef\xbb\xbf" + GOOD_ORDER, 1),
    BadInput("lines that end in CR LF", "orders", GOOD_ORDER + b"\r\n" + order(id='"o-3"').encode() + b"\r\n", 2),
    BadInput("UTF-16", "orders", GOOD_ORDER.decode().encode("utf-16"), failure=f"Cannot read orders.jsonl: {UTF_16}"),
    BadInput("no bytes, in CSV", "products", b""),
    BadInput("white space alone, in CSV", "products", b" \n\t\r\n\n"),
    BadInput("a header alone", "products", HEADER),
    BadInput("blank lines between records", "products", b"\n" + HEADER + b"\n \n" + GOOD_PRODUCT + b"\n\n", 1),
    BadInput("a byte order mark of UTF-8, in CSV", "products", b"\xef\xbb\xbf" + HEADER + GOOD_PRODUCT, 1),
    BadInput("lines that end in CR LF, in CSV", "products", (HEADER + GOOD_PRODUCT).replace(b"\n", b"\r\n"), 1),
    BadInput("lines that end in a lone CR, in CSV", "products", (HEADER + GOOD_PRODUCT).replace(b"\n", b"\r"), 1),
    BadInput(
        "UTF-16, in CSV", "products", HEADER.decode().encode("utf-16"), failure=f"Cannot read products.csv: {UTF_16}"
    ),
    BadInput(
        "a column that the header lacks",
        "products",
        b"sku,name,category,price\ntea-01,Assam,tea,4.10",
        0,
        ("stock: is missing; give it a value",),
    ),
    BadInput(
        "a column that the header names twice",
        "products",
        b"sku,name,price,price\n1,2,3,4",
        failure="Cannot read products.csv: its header names the column 'price' twice; name each once",
    ),
    BadInput(
        "a header whose quote is never closed",
        "products",
        b'sku,"name\n1,2',
        failure="Cannot read products.csv: its header 'sku,\"name' has a quote that is never closed",
    ),
    BadInput(
        "ten thousand unknown columns, in CSV",
        "products",
        HEADER.strip() + b"".join(b",c%d" % n for n in range(MANY)) + b"\n" + GOOD_PRODUCT + b",1" * MANY,
        0,
        (f"c0: '1' {UNKNOWN}",),
    ),
    BadInput(
        "no JSON, as a page",
        "customers",
        b"<html>",
        failure="/ did not answer with a JSON array: expected '[' at character 0, not '<html>'",
    ),
    BadInput(
        "no list, as a page",
        "customers",
        b'{"id":1}',
        failure="/ did not answer with a JSON array: expected '[' at character 0, not '{\"id\":1}'",
    ),
    BadInput(
        "UTF-16, as a page", "customers", "[]".encode("utf-16"), failure=f"/ did not answer with a JSON array: {UTF_16}"
    ),
    BadInput(
        "more than 16 MiB, as a page",
        "customers",
        b"[" + b" " * 16_777_216,
        failure="/ has more than 16777216 bytes; have the API make pages smaller",
    ),
    BadInput("an empty list, as a page", "customers", b"[]"),
    BadInput(
        "a redirect, in a loop or not",
        "customers",
        b"",
        status=302,
        headers=(("Location", "/"),),
        failure="/ answered 302, a redirect, and none is followed; correct the address",
    ),
    BadInput(
        "a page that links to itself",
        "customers",
        b"[]",
        headers=(("Link", '</>; rel="next"'),),
        failure="/ links back to /; its pages never end",
    ),
    BadInput(
        "a page that links to another host",
        "customers",
        b"[]",
        headers=(("Link", '<http://shop.example/>; rel="next"'),),
        failure="/ links to another host, shop.example; pages stay on one host",
    ),
    BadInput(
        "a page that links to no address",
        "customers",
        b"[]",
        headers=(("Link", '<http://shop:port/>; rel="next"'),),
        failure="/ links to 'http://shop:port/', which is no address: Invalid port: 'port'",
    ),
    BadInput(
        "a page packed with gzip, as a bomb would be",
        "customers",
        gzip.compress(b" " * 10_000_000),
        headers=(("Content-Encoding", "gzip"),),
        failure="/ answered 200 packed as 'gzip', which it was not asked for; have it answer plainly",
    ),
]
