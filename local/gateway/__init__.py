"""A stand-in for AgentCore Gateway's data plane: one MCP endpoint, tools, Cedar policy."""
