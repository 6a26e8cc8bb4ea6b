"""CloudFormation's budgets, composite and metric-math alarms, and web ACL associations."""

from __future__ import annotations

import copy

from local.aws import patching
from local.aws.cloudformation import Properties, Provisioned, ResourceHandler, physical_name, register
from local.aws.cloudformation_runtimes import accepted
from local.aws.context import Context


def install(context: Context) -> None:
    """Register the types that ministack's services know but its CloudFormation does not."""
    del context
    register("AWS::Budgets::Budget", budget_handler())
    register("AWS::CloudWatch::CompositeAlarm", composite_alarm_handler())
    register("AWS::WAFv2::WebACLAssociation", web_acl_association_handler())
    _accept_metric_math()


def budget_handler() -> ResourceHandler:
    """A budget with its notifications."""
    from ministack.services import budgets

    def create(logical_id: str, properties: Properties, stack: str) -> Provisioned:
        request = copy.deepcopy(properties)
        budget = request["Budget"]
        if not isinstance(budget, dict):
            raise ValueError("Budget must be a mapping")
        budget.setdefault("BudgetName", physical_name(stack, logical_id, limit=90))
        if isinstance(limit := budget.get("BudgetLimit"), dict):
            limit["Amount"] = str(limit["Amount"])
        notifications = request.get("NotificationsWithSubscribers")
        for item in notifications if isinstance(notifications, list) else []:
            item["Notification"]["Threshold"] = float(item["Notification"]["Threshold"])
        accepted(budgets._create_budget(request))
        return str(budget["BudgetName"]), {}

    def update(physical_id: str, old: Properties, new: Properties, stack: str) -> Provisioned:
        del old
        delete(physical_id, new)
        request = copy.deepcopy(new)
        if isinstance(budget := request["Budget"], dict):
            budget["BudgetName"] = physical_id
        return create("", request, stack)

    def delete(physical_id: str, properties: Properties) -> None:
        del properties
        budgets._delete_budget({"BudgetName": physical_id})

    return ResourceHandler(create, update, delete)


def composite_alarm_handler() -> ResourceHandler:
    """An alarm over other alarms."""
    from ministack.core.responses import get_account_id, get_region
    from ministack.services import cloudwatch

    def put(name: str, properties: Properties) -> Provisioned:
        accepted(cloudwatch._put_composite_alarm({}, {**properties, "AlarmName": name}, False, True))
        return name, {"Arn": f"arn:aws:cloudwatch:{get_region()}:{get_account_id()}:alarm:{name}"}

    def create(logical_id: str, properties: Properties, stack: str) -> Provisioned:
        return put(
            str(properties.get("AlarmName") or physical_name(stack, logical_id, limit=255)), properties
        )

    def update(physical_id: str, old: Properties, new: Properties, stack: str) -> Provisioned:
        del old, stack
        return put(physical_id, new)

    def delete(physical_id: str, properties: Properties) -> None:
        del properties
        cloudwatch._composite_alarms.pop(physical_id, None)

    return ResourceHandler(create, update, delete)


def web_acl_association_handler() -> ResourceHandler:
    """The tie between a web ACL and what it protects; the rules themselves are not applied."""
    from ministack.services import waf

    def create(logical_id: str, properties: Properties, stack: str) -> Provisioned:
        del logical_id, stack
        pair = {name: properties[name] for name in ("WebACLArn", "ResourceArn")}
        accepted(waf._associate_web_acl(pair))
        return f"{pair['WebACLArn']}|{pair['ResourceArn']}", {}

    def update(physical_id: str, old: Properties, new: Properties, stack: str) -> Provisioned:
        delete(physical_id, old)
        return create("", new, stack)

    def delete(physical_id: str, properties: Properties) -> None:
        del physical_id
        waf._disassociate_web_acl({"ResourceArn": properties["ResourceArn"]})

    return ResourceHandler(create, update, delete)


def _accept_metric_math() -> None:
    from ministack.services.cloudformation import provisioners

    stock_record = provisioners._cw_metric_alarm_record

    def alarm_record(name: str, properties: Properties) -> dict[str, object]:
        if not properties.get("Metrics"):
            simple: dict[str, object] = stock_record(name, properties)
            return simple
        # Stock makes records of one metric only: it is given a name, and the expressions take its place.
        of_one_metric = {
            **{key: value for key, value in properties.items() if key != "Metrics"},
            "MetricName": "-",
            "Namespace": "-",
            "Threshold": properties.get("Threshold", 0),
        }
        record: dict[str, object] = stock_record(name, of_one_metric)
        record |= {"Metrics": copy.deepcopy(properties["Metrics"]), "MetricName": "", "Namespace": ""}
        record["Statistic"] = None
        if properties.get("ThresholdMetricId"):
            record["ThresholdMetricId"] = properties["ThresholdMetricId"]
        return record

    patching.replace([provisioners], "_cw_metric_alarm_record", alarm_record)
