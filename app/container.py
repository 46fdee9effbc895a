"""The composition root: the only module that names concrete classes."""

from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dependency_injector import containers, providers

from app.domain.fulfilment import Reviewers
from app.domain.limits import Limits
from app.settings import Settings, load_settings

if TYPE_CHECKING:  # each function imports its own workflow, and no other one
    from app.telemetry import Telemetry
    from app.workflows.analyst import AnalystWorkflow
    from app.workflows.approvals import Approving
    from app.workflows.cart_reminder import CartReminderWorkflow
    from app.workflows.checkout import Checkout
    from app.workflows.fulfilment import FulfilmentWorkflow
    from app.workflows.pipeline import PipelineWorkflow
    from app.workflows.starting import Starting
    from app.workflows.tour import TourWorkflow


def adapter(path: str, /, *arguments: Any, **options: Any) -> "providers.Singleton[Any]":
    """An adapter; its module is imported when it is first made, so that a function loads what it uses alone."""
    return providers.Singleton(make, f"app.adapters.{path}", *arguments, **options)


def client(path: str, /, *arguments: Any) -> "providers.ThreadSafeSingleton[Any]":
    """A client, imported as adapters are; threads may ask for it at the same time."""
    return providers.ThreadSafeSingleton(make, f"app.adapters.{path}", *arguments)


def function_client(lambda_api: "providers.Provider[Any]", function: Any) -> "providers.ThreadSafeSingleton[Any]":
    """A client whose HTTP requests invoke a function."""
    return client("technologies.function_transport.function_client", lambda_api.provider, function)


def workflow(path: str, /, **ports: Any) -> "providers.Factory[Any]":
    """A workflow, imported as adapters are; new whenever it is asked for."""
    return providers.Factory(make, f"app.workflows.{path}", **ports)


def make(path: str, /, *arguments: Any, **options: Any) -> Any:
    """What the class or function `module.name` makes."""
    module, _, name = path.rpartition(".")
    return getattr(import_module(module), name)(*arguments, **options)


class Container(containers.DeclarativeContainer):
    """Who uses whom. Adapters and clients are singletons and hold no state; workflows are new for every invocation."""

    config = providers.Configuration(strict=True)

    metrics = providers.Selector(
        config.metrics,
        powertools=adapter("metrics.powertools.PowertoolsMetrics", namespace=config.metrics_namespace),
        silent=adapter("metrics.silent.SilentMetrics"),
    )
    tracer = providers.Selector(
        config.tracer,
        powertools=adapter("tracer.powertools.PowertoolsTracer"),
        silent=adapter("tracer.silent.SilentTracer"),
    )
    telemetry: "providers.Factory[Telemetry]" = providers.Factory(
        make, "app.telemetry.Telemetry", metrics=metrics.provider, tracer=tracer.provider
    )

    s3 = client("storage.s3.s3_client")
    dynamodb = client("technologies.aws.aws_client", "dynamodb")
    sns = client("technologies.aws.aws_client", "sns")
    lambda_api = client("technologies.aws.aws_client", "lambda")
    secrets_manager = client("technologies.aws.aws_client", "secretsmanager")
    bedrock = client("chat_model.bedrock.bedrock_client")
    ses = client("reports.ses.ses_client")
    http = client("data_types.rows.paged_api.http_client")
    sample_customers = adapter(
        "data_types.rows.sample_api.SampleApi", folder=config.source_root.as_(Path), name="customers.json"
    )

    storage = providers.Selector(
        config.storage,
        filesystem=adapter("storage.filesystem.FilesystemStorage", root=config.storage_root.as_(Path)),
        memory=adapter("storage.memory.MemoryStorage"),
        s3=adapter("storage.s3.S3Storage", client=s3, bucket=config.bucket, prefix=config.results_prefix),
    )
    documents = providers.Selector(
        config.storage,
        filesystem=adapter("storage.filesystem.FilesystemStorage", root=config.source_root.as_(Path)),
        memory=adapter("storage.filesystem.FilesystemStorage", root=config.source_root.as_(Path)),
        s3=adapter("storage.s3.S3Storage", client=s3, bucket=config.bucket, prefix=config.sources_prefix),
    )
    customer_pages = adapter(
        "data_types.rows.sample_pages.SamplePages", folder=config.source_root.as_(Path), name="customers.json"
    )
    customers_address = providers.Selector(
        config.customers,
        api=config.customers_url.provider,
        function=providers.Object("https://customers.internal/").provider,
        nobody=providers.Callable(make, "app.adapters.data_types.rows.paged_api.nowhere").provider,
        sample=sample_customers.provided.address,
    )
    customers_client = providers.Selector(
        config.customers,
        api=http,
        function=function_client(lambda_api, config.customers_function),
        nobody=http,
        sample=http,
    )

    # A data type is one line here.
    data_types = providers.Dict(
        customers=adapter("data_types.customers.data_type", customers_address, customers_client.provider),
        products=adapter("data_types.products.data_type", documents),
        orders=adapter("data_types.orders.data_type", documents),
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
    pipeline_workflow: "providers.Factory[PipelineWorkflow]" = workflow(
        "pipeline.PipelineWorkflow", data_types=data_types, storage=storage, limits=limits
    )

    readiness = providers.Selector(
        config.readiness,
        sample=adapter("readiness.sample.SampleReadiness"),
        document=adapter("readiness.document.DocumentReadiness", storage=storage),
    )
    tour_workflow: "providers.Factory[TourWorkflow]" = workflow(
        "tour.TourWorkflow", storage=storage, readiness=readiness, greeting_function=config.greeting_function
    )

    clock = adapter("clock.system.SystemClock")
    carts = providers.Selector(
        config.carts,
        dynamodb=adapter("carts.dynamodb.DynamoCarts", client=dynamodb, table=config.carts_table),
        sqlite=adapter("carts.sqlite.SqliteCarts", path=config.database.as_(Path)),
    )
    notifier = providers.Selector(
        config.notifier,
        documents=adapter("notifier.documents.DocumentNotifier", storage=storage),
        sns=adapter("notifier.sns.SnsNotifier", client=sns, topic=config.reminders_topic),
    )
    cart_reminder_workflow: "providers.Factory[CartReminderWorkflow]" = workflow(
        "cart_reminder.CartReminderWorkflow",
        carts=carts,
        notifier=notifier,
        clock=clock,
        remind_after_seconds=config.remind_after_seconds,
    )
    checkout: "providers.Factory[Checkout]" = workflow("checkout.Checkout", carts=carts, clock=clock)

    ledger_payments = providers.Selector(
        config.ledger,
        dynamodb=adapter("payments.dynamodb.DynamoPayments", client=dynamodb, table=config.ledger_table),
        sqlite=adapter("payments.ledger.LedgerPayments", path=config.database.as_(Path)),
    )
    payments_api = adapter("payments.api.PaymentsApi", payments=ledger_payments)
    payments = providers.Selector(
        config.payments,
        function=adapter(
            "payments.http.HttpPayments",
            address="https://payments.internal",
            client=function_client(lambda_api, config.payments_function).provider,
        ),
        http=adapter(
            "payments.http.HttpPayments",
            address=config.payments_url,
            client=http.provider,
            credential=adapter(
                "payments.secret.SecretsManagerCredential",
                client=secrets_manager.provider,
                secret_id=config.payments_secret,
            ),
        ),
        ledger=ledger_payments,
    )
    inventory = providers.Selector(
        config.inventory,
        dynamodb=adapter("inventory.dynamodb.DynamoInventory", client=dynamodb, table=config.inventory_table),
        sqlite=adapter(
            "inventory.sqlite.SqliteInventory", path=config.database.as_(Path), first_stock=config.first_stock.as_(Path)
        ),
    )
    ledger_shipping = providers.Selector(
        config.ledger,
        dynamodb=adapter("shipping.dynamodb.DynamoShipping", client=dynamodb, table=config.ledger_table),
        sqlite=adapter("shipping.ledger.LedgerShipping", path=config.database.as_(Path)),
    )
    shipping_api = adapter("shipping.api.ShippingApi", shipping=ledger_shipping)
    shipping = providers.Selector(
        config.shipping,
        function=adapter(
            "shipping.http.HttpShipping",
            address="https://shipping.internal",
            client=function_client(lambda_api, config.shipping_function).provider,
        ),
        http=adapter("shipping.http.HttpShipping", address=config.shipping_url, client=http.provider),
        ledger=ledger_shipping,
    )
    callbacks = adapter("approvals.lambda_callbacks.LambdaCallbacks", client=lambda_api.provider)
    approvals = providers.Selector(
        config.approvals,
        dynamodb=adapter(
            "approvals.dynamodb.DynamoApprovals", client=dynamodb, table=config.approvals_table, callbacks=callbacks
        ),
        sqlite=adapter("approvals.sqlite.SqliteApprovals", path=config.database.as_(Path), callbacks=callbacks),
    )
    fulfilment_workflow: "providers.Factory[FulfilmentWorkflow]" = workflow(
        "fulfilment.FulfilmentWorkflow",
        payments=payments,
        inventory=inventory,
        shipping=shipping,
        approvals=approvals,
        notifier=notifier,
        clock=clock,
    )
    approving: "providers.Factory[Approving]" = workflow(
        "approvals.Approving",
        sources=providers.List(adapter("decisions.http.HttpDecisions"), adapter("decisions.direct.DirectDecisions")),
        approvals=approvals,
        reviewers=providers.Factory(
            Reviewers,
            juniors=config.reviewers.as_(frozenset),
            seniors=config.senior_reviewers.as_(frozenset),
            senior_above=config.senior_above.as_(Decimal),
        ),
        clock=clock,
    )

    chat_model = providers.Selector(
        config.chat_model,
        bedrock=adapter(
            "chat_model.bedrock.BedrockChatModel",
            client=bedrock,
            model=config.bedrock_model,
            most_tokens=config.reply_tokens,
        ),
        scripted=adapter("chat_model.dialogues.sample_chat_model"),
    )
    datasets = adapter("datasets.sqlite.SqliteDatasets", storage=storage)
    reports = providers.Selector(
        config.reports,
        documents=adapter("reports.document.DocumentReports", storage=storage, recipient=config.report_recipient),
        ses=adapter(
            "reports.ses.SesReports", client=ses, sender=config.report_sender, recipient=config.report_recipient
        ),
    )
    analyst_workflow: "providers.Factory[AnalystWorkflow]" = workflow(
        "analyst.AnalystWorkflow",
        chat_model=chat_model,
        tools=providers.List(
            adapter("tools.knowledge_base.KnowledgeBase", index=config.knowledge_base.as_(Path)),
            adapter("tools.execute_sql.ExecuteSql", datasets=datasets),
            adapter("tools.report_email.ReportEmail", reports=reports),
        ),
        datasets=datasets,
        storage=storage,
        budget=providers.Dict(model_calls=config.model_calls, tokens=config.tokens),
    )

    event_sources = providers.List(
        adapter("event_sources.http.HttpEvents"),
        adapter("event_sources.event_bridge.EventBridgeEvents"),
        adapter("event_sources.sqs.SqsEvents"),
    )
    starter = adapter(
        "starting.lambda_api.LambdaStarter",
        client=lambda_api,
        functions=providers.Dict(
            {
                "cart-reminder": config.cart_reminder_function,
                "fulfilment": config.fulfilment_function,
                "pipeline": config.pipeline_function,
                "tour": config.tour_function,
            }
        ),
    )
    starting: "providers.Factory[Starting]" = workflow("starting.Starting", sources=event_sources, starter=starter)


def build_container(settings: Settings | None = None) -> Container:
    """The container for these settings, else for the environment's; nothing is connected yet."""
    container = Container()
    container.config.from_dict((settings or load_settings()).model_dump(mode="json"))
    return container
