from app.adapters.data_types import customers
from app.domain.customers import Customer
from tests.app.adapters.data_types.rows.test_paged_api import Client
from tests.fakes.http_server import Answer, Server

ROW = '{"id": "c-1", "name": "Ada Lovelace", "email": "Ada@Example.com", "country": "SE"}'


def test_customers_come_from_the_api_with_their_email_normalised(api: Server, client: Client) -> None:
    api.answer("/", Answer(f"[{ROW}]"))
    data_type = customers.data_type(api.address, client)

    (row,) = data_type.source.fetch()

    assert data_type.mapper.identify(row) == "c-1"
    assert data_type.mapper.map_to_domain(row) == Customer("c-1", "Ada Lovelace", "ada@example.com", "SE")
