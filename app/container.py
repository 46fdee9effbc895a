"""The composition root: the only module that names concrete classes."""

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dependency_injector import containers, providers

from app.domain.fulfilment import Reviewers
from app.domain.limits import Limits
from app.settings import Settings, load_settings

if TYPE_CHECKING:  # each function imports its own workflow, and no other
    from app.workflows.analyst import AnalystWorkflow
    from app.workflows.approvals import Approving
    from app.workflows.cart_reminder import CartReminderWorkflow
    from app.workflows.checkout import Checkout
    from app.workflows.fulfilment import FulfilmentWorkflow
    from app.workflows.pipeline import PipelineWorkflow
    from app.workflows.starting import Starting
    from app.workflows.tour import TourWorkflow


def adapter(path: str) -> Callable[..., Any]:
    """Makes an adapter; its module is imported with the first one, so that a function loads what it uses alone."""
    return partial(make, f"app.adapters.{path}")


def workflow(path: str) -> Callable[..., Any]:
    """Makes a workflow, imported as adapters are."""
    return partial(make, f"app.workflows.{path}")


def make(path: str, /, *arguments: Any, **options: Any) -> Any:
    """What the class or function `module.name` makes."""
    return named(path)(*arguments, **options)


def named(path: str) -> Any:
    """What the path `module.name` names."""
    module, _, name = path.rpartition(".")
    return getattr(import_module(module), name)


class Container(containers.DeclarativeContainer):
    """Who uses whom. Adapters and clients are singletons and hold no state; workflows are new for every invocation."""

    config = providers.Configuration(strict=True)

    s3 = providers.ThreadSafeSingleton(adapter("storage.s3.s3_client"))
    dynamodb = providers.ThreadSafeSingleton(adapter("technologies.aws.aws_client"), "dynamodb")
    sns = providers.ThreadSafeSingleton(adapter("technologies.aws.aws_client"), "sns")
    lambda_api = providers.ThreadSafeSingleton(adapter("technologies.aws.aws_client"), "lambda")
    secrets_manager = providers.ThreadSafeSingleton(adapter("technologies.aws.aws_client"), "secretsmanager")
    bedrock = providers.ThreadSafeSingleton(adapter("chat_model.bedrock.bedrock_client"))
    ses = providers.ThreadSafeSingleton(adapter("reports.ses.ses_client"))
    http = providers.ThreadSafeSingleton(adapter("data_types.rows.paged_api.http_client"))
    sample_customers = providers.Singleton(
        adapter("data_types.rows.sample_api.SampleApi"), folder=config.source_root.as_(Path), name="customers.json"
    )

    storage = providers.Selector(
        config.storage,
        filesystem=providers.Singleton(
            adapter("storage.filesystem.FilesystemStorage"), root=config.storage_root.as_(Path)
        ),
        memory=providers.Singleton(adapter("storage.memory.MemoryStorage")),
        s3=providers.Singleton(
            adapter("storage.s3.S3Storage"), client=s3, bucket=config.bucket, prefix=config.results_prefix
        ),
    )
    documents = providers.Selector(
        config.storage,
        filesystem=providers.Singleton(
            adapter("storage.filesystem.FilesystemStorage"), root=config.source_root.as_(Path)
        ),
        memory=providers.Singleton(adapter("storage.filesystem.FilesystemStorage"), root=config.source_root.as_(Path)),
        s3=providers.Singleton(
            adapter("storage.s3.S3Storage"), client=s3, bucket=config.bucket, prefix=config.sources_prefix
        ),
    )
    customer_pages = providers.Singleton(
        adapter("data_types.rows.sample_pages.SamplePages"), folder=config.source_root.as_(Path), name="customers.json"
    )
    customers_address = providers.Selector(
        config.customers,
        api=config.customers_url.provider,
        function=providers.Object("https://customers.internal/").provider,
        nobody=providers.Callable(adapter("data_types.rows.paged_api.nowhere")).provider,
        sample=sample_customers.provided.address,
    )
    customers_client = providers.Selector(
        config.customers,
        api=http,
        function=providers.ThreadSafeSingleton(
            adapter("technologies.function_transport.function_client"), lambda_api.provider, config.customers_function
        ),
        nobody=http,
        sample=http,
    )

    # A data type is one line here.
    data_types = providers.Dict(
        customers=providers.Singleton(
            adapter("data_types.customers.data_type"), customers_address, customers_client.provider
        ),
        products=providers.Singleton(adapter("data_types.products.data_type"), documents),
        orders=providers.Singleton(adapter("data_types.orders.data_type"), documents),
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
    pipeline_workflow: "providers.Factory[PipelineWorkflow]" = providers.Factory(
        workflow("pipeline.PipelineWorkflow"), data_types=data_types, storage=storage, limits=limits
    )

    readiness = providers.Selector(
        config.readiness,
        sample=providers.Singleton(adapter("readiness.sample.SampleReadiness")),
        document=providers.Singleton(adapter("readiness.document.DocumentReadiness"), storage=storage),
    )
    tour_workflow: "providers.Factory[TourWorkflow]" = providers.Factory(
        workflow("tour.TourWorkflow"), storage=storage, readiness=readiness, greeting_function=config.greeting_function
    )

    clock = providers.Singleton(adapter("clock.system.SystemClock"))
    carts = providers.Selector(
        config.carts,
        dynamodb=providers.Singleton(adapter("carts.dynamodb.DynamoCarts"), client=dynamodb, table=config.carts_table),
        sqlite=providers.Singleton(adapter("carts.sqlite.SqliteCarts"), path=config.database.as_(Path)),
    )
    notifier = providers.Selector(
        config.notifier,
        documents=providers.Singleton(adapter("notifier.documents.DocumentNotifier"), storage=storage),
        sns=providers.Singleton(adapter("notifier.sns.SnsNotifier"), client=sns, topic=config.reminders_topic),
    )
    cart_reminder_workflow: "providers.Factory[CartReminderWorkflow]" = providers.Factory(
        workflow("cart_reminder.CartReminderWorkflow"),
        carts=carts,
        notifier=notifier,
        clock=clock,
        remind_after_seconds=config.remind_after_seconds,
    )
    checkout: "providers.Factory[Checkout]" = providers.Factory(workflow("checkout.Checkout"), carts=carts, clock=clock)

    ledger_payments = providers.Selector(
        config.ledger,
        dynamodb=providers.Singleton(
            adapter("payments.dynamodb.DynamoPayments"), client=dynamodb, table=config.ledger_table
        ),
        sqlite=providers.Singleton(adapter("payments.ledger.LedgerPayments"), path=config.database.as_(Path)),
    )
    payments_api = providers.Singleton(adapter("payments.api.PaymentsApi"), payments=ledger_payments)
    payments = providers.Selector(
        config.payments,
        function=providers.Singleton(
            adapter("payments.http.HttpPayments"),
            address="https://payments.internal",
            client=providers.ThreadSafeSingleton(
                adapter("technologies.function_transport.function_client"),
                lambda_api.provider,
                config.payments_function,
            ).provider,
        ),
        http=providers.Singleton(
            adapter("payments.http.HttpPayments"),
            address=config.payments_url,
            client=http.provider,
            credential=providers.Singleton(
                adapter("payments.secret.SecretsManagerCredential"),
                client=secrets_manager.provider,
                secret_id=config.payments_secret,
            ),
        ),
        ledger=ledger_payments,
    )
    inventory = providers.Selector(
        config.inventory,
        dynamodb=providers.Singleton(
            adapter("inventory.dynamodb.DynamoInventory"), client=dynamodb, table=config.inventory_table
        ),
        sqlite=providers.Singleton(
            adapter("inventory.sqlite.SqliteInventory"),
            path=config.database.as_(Path),
            first_stock=config.first_stock.as_(Path),
        ),
    )
    ledger_shipping = providers.Selector(
        config.ledger,
        dynamodb=providers.Singleton(
            adapter("shipping.dynamodb.DynamoShipping"), client=dynamodb, table=config.ledger_table
        ),
        sqlite=providers.Singleton(adapter("shipping.ledger.LedgerShipping"), path=config.database.as_(Path)),
    )
    shipping_api = providers.Singleton(adapter("shipping.api.ShippingApi"), shipping=ledger_shipping)
    shipping = providers.Selector(
        config.shipping,
        function=providers.Singleton(
            adapter("shipping.http.HttpShipping"),
            address="https://shipping.internal",
            client=providers.ThreadSafeSingleton(
                adapter("technologies.function_transport.function_client"),
                lambda_api.provider,
                config.shipping_function,
            ).provider,
        ),
        http=providers.Singleton(
            adapter("shipping.http.HttpShipping"), address=config.shipping_url, client=http.provider
        ),
        ledger=ledger_shipping,
    )
    callbacks = providers.Singleton(adapter("approvals.lambda_callbacks.LambdaCallbacks"), client=lambda_api.provider)
    approvals = providers.Selector(
        config.approvals,
        dynamodb=providers.Singleton(
            adapter("approvals.dynamodb.DynamoApprovals"),
            client=dynamodb,
            table=config.approvals_table,
            callbacks=callbacks,
        ),
        sqlite=providers.Singleton(
            adapter("approvals.sqlite.SqliteApprovals"), path=config.database.as_(Path), callbacks=callbacks
        ),
    )
    fulfilment_workflow: "providers.Factory[FulfilmentWorkflow]" = providers.Factory(
        workflow("fulfilment.FulfilmentWorkflow"),
        payments=payments,
        inventory=inventory,
        shipping=shipping,
        approvals=approvals,
        notifier=notifier,
        clock=clock,
    )
    approving: "providers.Factory[Approving]" = providers.Factory(
        workflow("approvals.Approving"),
        sources=providers.List(
            providers.Singleton(adapter("decisions.http.HttpDecisions")),
            providers.Singleton(adapter("decisions.direct.DirectDecisions")),
        ),
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
        bedrock=providers.Singleton(
            adapter("chat_model.bedrock.BedrockChatModel"),
            client=bedrock,
            model=config.bedrock_model,
            most_tokens=config.reply_tokens,
        ),
        scripted=providers.Singleton(
            adapter("chat_model.scripted.ScriptedChatModel"),
            dialogues=providers.Callable(named, "app.adapters.chat_model.dialogues.SAMPLE_DIALOGUES"),
        ),
    )
    datasets = providers.Singleton(adapter("datasets.sqlite.SqliteDatasets"), storage=storage)
    reports = providers.Selector(
        config.reports,
        documents=providers.Singleton(
            adapter("reports.document.DocumentReports"), storage=storage, recipient=config.report_recipient
        ),
        ses=providers.Singleton(
            adapter("reports.ses.SesReports"),
            client=ses,
            sender=config.report_sender,
            recipient=config.report_recipient,
        ),
    )
    analyst_workflow: "providers.Factory[AnalystWorkflow]" = providers.Factory(
        workflow("analyst.AnalystWorkflow"),
        chat_model=chat_model,
        tools=providers.List(
            providers.Singleton(adapter("tools.knowledge_base.KnowledgeBase"), index=config.knowledge_base.as_(Path)),
            providers.Singleton(adapter("tools.execute_sql.ExecuteSql"), datasets=datasets),
            providers.Singleton(adapter("tools.report_email.ReportEmail"), reports=reports),
        ),
        datasets=datasets,
        storage=storage,
        budget=providers.Dict(model_calls=config.model_calls, tokens=config.tokens),
    )

    event_sources = providers.List(
        providers.Singleton(adapter("event_sources.http.HttpEvents")),
        providers.Singleton(adapter("event_sources.event_bridge.EventBridgeEvents")),
        providers.Singleton(adapter("event_sources.sqs.SqsEvents")),
    )
    starter = providers.Singleton(
        adapter("starting.lambda_api.LambdaStarter"),
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
    starting: "providers.Factory[Starting]" = providers.Factory(
        workflow("starting.Starting"), sources=event_sources, starter=starter
    )


def build_container(settings: Settings | None = None) -> Container:
    """The container for these settings, else for the environment's; nothing is connected yet."""
    container = Container()
    container.config.from_dict((settings or load_settings()).model_dump(mode="json"))
    return container
