"""The composition root: the only module that names concrete classes."""

from pathlib import Path

from dependency_injector import containers, providers

from app.adapters.data_types.rows.paged_api import http_client
from app.adapters.data_types.rows.sample_api import SampleApi
from app.adapters.readiness.document import DocumentReadiness
from app.adapters.readiness.sample import SampleReadiness
from app.adapters.storage.filesystem import FilesystemStorage
from app.adapters.storage.memory import MemoryStorage
from app.adapters.storage.s3 import S3Storage, s3_client
from app.domain.limits import Limits
from app.settings import Settings, load_settings
from app.workflows.pipeline import PipelineWorkflow
from app.workflows.tour import TourWorkflow


class Container(containers.DeclarativeContainer):
    """Who uses whom. Adapters and clients are singletons and hold no state; workflows are new for every invocation."""

    config = providers.Configuration(strict=True)

    s3 = providers.ThreadSafeSingleton(s3_client)
    http = providers.ThreadSafeSingleton(http_client)
    sample_customers = providers.Singleton(SampleApi, folder=config.source_root.as_(Path), name="customers.json")

    storage = providers.Selector(
        config.storage,
        filesystem=providers.Singleton(FilesystemStorage, root=config.storage_root.as_(Path)),
        memory=providers.Singleton(MemoryStorage),
        s3=providers.Singleton(S3Storage, client=s3, bucket=config.bucket, prefix=config.results_prefix),
    )
    documents = providers.Selector(
        config.storage,
        filesystem=providers.Singleton(FilesystemStorage, root=config.source_root.as_(Path)),
        memory=providers.Singleton(FilesystemStorage, root=config.source_root.as_(Path)),
        s3=providers.Singleton(S3Storage, client=s3, bucket=config.bucket, prefix=config.sources_prefix),
    )
    customers_address = providers.Selector(
        config.customers,
        api=config.customers_url.provider,
        sample=sample_customers.provided.address,
    )

    # Named by path, so that a data type is one line here.
    data_types = providers.Dict(
        customers=providers.Singleton("app.adapters.data_types.customers.data_type", customers_address, http.provider),
        products=providers.Singleton("app.adapters.data_types.products.data_type", documents),
        orders=providers.Singleton("app.adapters.data_types.orders.data_type", documents),
    )
    limits = providers.Factory(
        Limits,
        operations=config.operations,
        reserve_percent=config.reserve_percent,
        page_rows=config.page_rows,
        page_bytes=config.page_bytes,
        batch_pages=config.batch_pages,
        inline_bytes=config.inline_bytes,
        concurrency=config.concurrency,
    )
    pipeline_workflow = providers.Factory(PipelineWorkflow, data_types=data_types, storage=storage, limits=limits)

    readiness = providers.Selector(
        config.readiness,
        sample=providers.Singleton(SampleReadiness),
        document=providers.Singleton(DocumentReadiness, storage=storage),
    )
    tour_workflow = providers.Factory(
        TourWorkflow, storage=storage, readiness=readiness, greeting_function=config.greeting_function
    )


def build_container(settings: Settings | None = None) -> Container:
    """The container for these settings, else for the environment's; nothing is connected yet."""
    container = Container()
    container.config.from_dict((settings or load_settings()).model_dump(mode="json"))
    return container
