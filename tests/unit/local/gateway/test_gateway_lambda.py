import asyncio
import base64
import json


def test_a_function_gets_flat_arguments_and_the_tools_name(tools) -> None:
    tools.emulator.mode = "NONE"
    assert tools.answer("tickets___create_ticket", {"Title": "a"}) == {"created": {"Title": "a"}}
    invocation = tools.emulator.invocations[0]
    assert invocation["event"] == {"Title": "a"}
    custom = json.loads(base64.b64decode(str(invocation["context"])))["custom"]
    assert custom["bedrockAgentCoreToolName"] == "tickets___create_ticket"
    assert custom["bedrockAgentCoreGatewayId"] == "tools-1"
    assert custom["bedrockAgentCoreTargetId"] == "tickets"
    assert custom["bedrockAgentCoreMcpMessageId"]


def test_a_functions_schema_keeps_its_argument_names(tools) -> None:
    tools.emulator.mode = "NONE"

    async def listed():
        async with tools.connected() as session:
            return {tool.name: tool for tool in (await session.list_tools()).tools}

    schema = asyncio.run(listed())["tickets___create_ticket"].input_schema
    assert schema == {
        "type": "object",
        "properties": {"Title": {"type": "string", "description": "what it says"}},
        "required": ["Title"],
    }


def test_a_functions_error_is_an_error_result_without_its_stack(tools) -> None:
    tools.emulator.mode = "NONE"
    tools.emulator.failure = "no such project"
    result = tools.call("tickets___create_ticket", {"Title": "a"})
    assert result.is_error
    assert result.content[0].text == "Denied: no such project"
