"""Functions and state machines keep the settings of their template that stock drops."""

from __future__ import annotations

from local.aws.cloudformation import Properties, extend, handlers
from local.aws.context import Context
from local.aws.property_names import to_api

FUNCTION = "AWS::Lambda::Function"
STATE_MACHINE = "AWS::StepFunctions::StateMachine"
KEPT = ("DeadLetterConfig", "FileSystemConfigs", "VpcConfig")


def install(context: Context) -> None:
    """Apply after stock what stock drops, and end the workers of deleted functions."""
    del context
    from ministack.services import lambda_svc

    extend(FUNCTION, apply_to_function)
    extend(STATE_MACHINE, apply_to_state_machine)
    entry = handlers()[FUNCTION]
    stock_delete = entry["delete"]
    if not callable(stock_delete):
        raise TypeError(f"ministack's handler of {FUNCTION} has changed")

    def delete(name: str, properties: Properties) -> None:
        stock_delete(name, properties)
        lambda_svc.invalidate_worker(name)

    entry["delete"] = delete


def apply_to_function(name: str, properties: Properties) -> None:
    """Reserved concurrency, dead letters and network of a function."""
    from ministack.services import lambda_svc

    function = lambda_svc._functions[name]
    reserved = properties.get("ReservedConcurrentExecutions")
    function["concurrency"] = None if reserved is None else int(str(reserved))
    for setting in KEPT:
        if setting in properties:
            function["config"][setting] = properties[setting]
        else:
            function["config"].pop(setting, None)


def apply_to_state_machine(arn: str, properties: Properties) -> None:
    """Logging and tracing of a state machine, in the form that the service describes them."""
    from ministack.services import stepfunctions

    machine = stepfunctions._state_machines[arn]
    for setting in ("LoggingConfiguration", "TracingConfiguration"):
        if setting in properties:
            machine[setting[0].lower() + setting[1:]] = to_api(properties[setting])
