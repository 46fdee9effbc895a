"""Bad rows, each between two good ones that are kept."""

from tests.app.bad_input import MANY, UNKNOWN, customer, in_customer, in_order, in_product, line, order

LONG = 10_000_000
DEEP = 100_000

NO_OBJECT = "row: is no JSON object: "
TOO_LONG = "row: has more than 1048576 characters; only its first 1000 are kept here"
NO_UNICODE = "is no Unicode text: a byte is not UTF-8, or half a surrogate pair stands alone"
OPEN_QUOTE = "row: has a quote that is never closed"


ROWS = [
    in_order("no object but a list", "[1, 2]", NO_OBJECT + "it is a list"),
    in_order("no object but a text", '"o-2"', NO_OBJECT + "it is 'o-2'"),
    in_order("no object but `null`", "null", NO_OBJECT + "it is null"),
    in_order("no JSON", "o-2;c-1;3.00", NO_OBJECT + "Expecting value at character 0, 'o-2;c-1;3.00'"),
    in_order(
        "a field named twice", order()[:-1] + ',"total":9}', NO_OBJECT + "'total' is there twice; name each field once"
    ),
    in_order("100,000 brackets deep", "[" * DEEP + "]" * DEEP, NO_OBJECT + "nests too deeply"),
    in_order("a line of 10 MB", order(note=f'"{"x" * LONG}"'), TOO_LONG),
    in_order(
        "a lone CR between two rows",
        order(id='"a"') + "\r" + order(),
        NO_OBJECT + f"Extra data at character 102, {order()[:40]!r}...",
    ),
    in_order("ten thousand unknown columns", order(**{f"c{n}": "1" for n in range(MANY)}), f"c0: 1 {UNKNOWN}"),
    in_order(
        "a field that is missing", '{"id":"o-2","customer_id":"c-1","lines":[]}', "total: is missing; give it a value"
    ),
    in_order(
        "bytes that are not UTF-8",
        order(customer_id='"caf@"').encode().replace(b"@", b"\xe9"),
        rf"customer_id: 'caf\udce9' {NO_UNICODE}",
    ),
    in_order("half a surrogate pair", order(customer_id=r'"c-\ud800"'), rf"customer_id: 'c-\ud800' {NO_UNICODE}"),
    in_order(
        "a NUL byte",
        order(customer_id='"c\0"'),
        NO_OBJECT + r"""Invalid control character at character 28, '\x00","lines":[{"sku":"tea-01","quantity":2'...""",
    ),
    in_order(
        "an escaped NUL",
        order(customer_id=r'"c\u0000"'),
        r"customer_id: 'c\x00' holds the control character '\x00'; leave it out",
    ),
    in_order(
        "a total of 10^400",
        order(total="1" + "0" * 400),
        f"total: 1{'0' * 39}... is too large; amounts are below 1,000,000,000,000",
    ),
    in_order(
        "a total of 1e400", order(total="1e400"), "total: 1E+400 is too large; amounts are below 1,000,000,000,000"
    ),
    in_order(
        "a total of 1e-400", order(total="1e-400"), "total: 1E-400 has fractions of a cent; give at most two decimals"
    ),
    in_order(
        "a total of 1E+1000000",
        order(total="1E+1000000"),
        NO_OBJECT + "1E+1000000 is out of range; numbers have at most 1000 digits",
    ),
    in_order(
        "a total of 5,000 digits",
        order(total="7" * 5_000),
        NO_OBJECT + f"{'7' * 40}... is out of range; numbers have at most 1000 digits",
    ),
    in_order("NaN", order(total="NaN"), "total: NaN is no finite number"),
    in_order("Infinity", order(total="-Infinity"), "total: -Infinity is no finite number"),
    in_order("a total of -0 for what costs nothing: 0.00", line(unit_price="0").replace("3.00", "-0.0")),
    in_order("a negative total", order(total="-3.00"), "total: -3.00 is negative; an amount is zero or more"),
    in_order(
        "fractions of a cent", order(total="3.001"), "total: 3.001 has fractions of a cent; give at most two decimals"
    ),
    in_order("a total that is not the sum", order(total="3.01"), "total: 3.01 is not the sum of the lines, 3.00"),
    in_order("an amount as a text of plain digits", order(total='"3.00"')),
    in_order("an amount as another text", order(total='"3_0"'), "total: '3_0' is no number of plain digits"),
    in_order("an amount that is a truth", order(total="true"), "total: true is no number of plain digits"),
    in_order("a quantity as a text", line(quantity='"2"'), "lines.0.quantity: '2' is no whole number"),
    in_order("a quantity that is a truth", line(quantity="true"), "lines.0.quantity: true is no whole number"),
    in_order("a quantity with decimals", line(quantity="2.0"), "lines.0.quantity: 2.0 is no whole number"),
    in_order("a negative quantity", line(quantity="-2"), "lines.quantity: -2 is no quantity; give 1 to 1000000"),
    in_order("an id that is a number", order(id="2"), "id: 2 is no text"),
    in_order("a blank id", order(id='" "'), "id: '' is blank; give it a text"),
    in_order(
        "a date, in the future or not: no record has one",
        order(placed_on='"2999-01-01"'),
        f"placed_on: '2999-01-01' {UNKNOWN}",
    ),
    in_order(
        "an id that comes again; the first row with it stays",
        order(id='"o-1"'),
        "id: is the id of row 1 already; the first row with an id is kept",
    ),
    in_order(
        "an id that comes again with spaces around it",
        order(id='" o-1 "'),
        "id: is the id of row 1 already; the first row with an id is kept",
    ),
    in_order("an id that differs in case alone", order(id='"O-1"')),
    in_order("an id that looks alike (Cyrillic o)", order(id='"о-1"')),  # noqa: RUF001 (the point of it)
    in_order("an id that is a way out: `../../o-1`", order(id='"../../o-1"')),
    in_order("an id that is a device's name: `con`", order(id='"con"')),
    in_order("an id of 300 characters", order(id=f'"{"o" * 300}"')),
    in_product("quotes, a comma and a line end in a quoted cell", 'tea-02,"Tin, ""blue""\nlarge",tea,4.10,1'),
    in_product("a quote that is never closed", 'tea-02,"Tin,tea,4.10,1', OPEN_QUOTE),
    in_product(
        "text after a closing quote",
        'tea-02,"Tin"s,tea,4.10,1',
        "row: has text after a closing quote; double a quote that is part of a cell",
    ),
    in_product("too few cells", "tea-02,Tin,tea,4.10", "stock: is missing; give it a value"),
    in_product("too many cells", "tea-02,Tin,tea,4.10,1,2,3", f"cells beyond the header: a list {UNKNOWN}"),
    in_product(
        "a cell of 200,000 characters",
        f"tea-02,{'x' * 200_000},tea,4.10,1",
        "row: has a cell of more than 131072 characters",
    ),
    in_product("a record of 10 MB", f"tea-02,{'x' * LONG},tea,4.10,1", TOO_LONG),
    in_product(
        "a cell of 20,000 characters",
        f"tea-02,{'x' * 20_000},tea,4.10,1",
        f"name: '{'x' * 40}'... has more than 10000 characters",
    ),
    in_product("bytes that are not UTF-8, in CSV", b"tea-02,Caf\xe9,tea,4.10,1", rf"name: 'Caf\udce9' {NO_UNICODE}"),
    in_product(
        "a NUL byte, in CSV",
        b"tea-02,T\0n,tea,4.10,1",
        r"name: 'T\x00n' holds the control character '\x00'; leave it out",
    ),
    in_product("a price with a comma", 'tea-02,Tin,tea,"4,10",1', "price: '4,10' is no number of plain digits"),
    in_product("a price in Arabic digits", "tea-02,Tin,tea,٤,1", "price: '٤' is no number of plain digits"),
    in_product("a price of NaN", "tea-02,Tin,tea,NaN,1", "price: 'NaN' is no number of plain digits"),
    in_product(
        "a price of 1E+1000000",
        "tea-02,Tin,tea,1E+1000000,1",
        "price: 1E+1000000 is too large; amounts are below 1,000,000,000,000",
    ),
    in_product("a negative price", "tea-02,Tin,tea,-0.01,1", "price: -0.01 is negative; an amount is zero or more"),
    in_product("a stock with decimals", "tea-02,Tin,tea,4.10,1.0", "stock: '1.0' is no whole number"),
    in_product(
        "a stock of 10^400",
        f"tea-02,Tin,tea,4.10,1{'0' * 400}",
        f"stock: 1{'0' * 39}... is more than a shelf holds; at most 1000000000",
    ),
    in_product("a negative stock", "tea-02,Tin,tea,4.10,-1", "stock: -1 is negative; an empty shelf holds 0"),
    in_product("a name of spaces", "tea-02,  ,tea,4.10,1", "name: '' is blank; give it a text"),
    in_customer("no JSON object, on a page", "17", NO_OBJECT + "it is 17"),
    in_customer("100,000 brackets deep, on a page", "[" * DEEP + "]" * DEEP, NO_OBJECT + "nests too deeply"),
    in_customer("a row of 10 MB, on a page", customer(note=f'"{"x" * LONG}"'), TOO_LONG),
    in_customer(
        "bytes that are not UTF-8, on a page",
        customer(name='"@"').encode().replace(b'"@"', b'"Ren\xe9"'),
        rf"name: 'Ren\udce9' {NO_UNICODE}",
    ),
    in_customer(
        "markup in a name: kept as it is, for whoever shows it to escape", customer(name='"<script>alert(1)</script>"')
    ),
    in_customer(
        "a control character in a name",
        customer(name=r'"\u001b[31mAda"'),
        r"name: '\x1b[31mAda' holds the control character '\x1b'; leave it out",
    ),
    in_customer(
        "no e-mail address",
        customer(email='"ada(at)example.com"'),
        "email: 'ada(at)example.com' is not an e-mail address; expected name@host.domain",
    ),
]
