"""A small agent as a code asset, and the template that deploys it."""

from __future__ import annotations

import contextlib
from typing import Any

from tests.emulator.emulator_process import ACCOUNT, REGION, Emulator
from tests.emulator.functions import archive

BUCKET = "agent-assets"
AGENT_ROLE = f"arn:aws:iam::{ACCOUNT}:role/agent-role"

MAIN = """
import json, os, sys, threading, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

VERSION = "__VERSION__"
busy = threading.Event()

class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def send(self, status, body, kind="application/json"):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        self.send(200, json.dumps({"status": "HealthyBusy" if busy.is_set() else "Healthy"}).encode())

    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])) or b"null")
        what = request.get("do")
        if what == "stream":
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            for number in range(3):
                chunk = f"data: {number}\\n\\n".encode()
                self.wfile.write(f"{len(chunk):x}\\r\\n".encode() + chunk + b"\\r\\n")
                self.wfile.flush()
                time.sleep(0.1)
            self.wfile.write(b"0\\r\\n\\r\\n")
            return
        if what == "die":
            os._exit(9)
        if what == "hang":
            time.sleep(60)
        if what == "busy":
            busy.set()
        if what == "refuse":
            self.send(422, b'{"error": "no such field"}')
            return
        if what == "metric":
            print(json.dumps({"_aws": {"Timestamp": 0, "CloudWatchMetrics": [{"Namespace": "Slipway",
                "Dimensions": [["Agent"]],
                "Metrics": [{"Name": "Tokens", "Unit": "Count"}]}]},
                "Agent": "tester", "Tokens": 42}), flush=True)
        answer = {"version": VERSION, "pid": os.getpid(), "session": self.headers.get(
            "X-Amzn-Bedrock-AgentCore-Runtime-Session-Id"), "request": request,
            "environment": dict(os.environ), "authorization": self.headers.get("Authorization")}
        self.send(200, json.dumps(answer).encode())

print("agent starting", flush=True)
ThreadingHTTPServer(("0.0.0.0", 8080), Handler).serve_forever()
"""


def upload(emulator: Emulator, *, version: str) -> str:
    """Put a version of the agent's code into a bucket and return its key."""
    s3 = emulator.client("s3")
    with contextlib.suppress(s3.exceptions.BucketAlreadyOwnedByYou):
        s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    key = f"agent-{version}.zip"
    s3.put_object(Bucket=BUCKET, Key=key, Body=archive(main_py=MAIN.replace("__VERSION__", version)))
    return key


def template(key: str, *, pinned: str = "1", idle_seconds: int = 600, name: str = "tester") -> dict[str, Any]:
    """A runtime with an endpoint that follows deploys and one that is pinned."""
    runtime_id = {"Fn::GetAtt": ["Agent", "AgentRuntimeId"]}
    return {
        "Resources": {
            "Agent": {
                "Type": "AWS::BedrockAgentCore::Runtime",
                "Properties": {
                    "AgentRuntimeName": name,
                    "RoleArn": AGENT_ROLE,
                    "AgentRuntimeArtifact": {
                        "CodeConfiguration": {
                            "Code": {"S3": {"Bucket": BUCKET, "Prefix": key}},
                            "EntryPoint": ["opentelemetry-instrument", "main.py"],
                            "Runtime": "PYTHON_3_13",
                        }
                    },
                    "EnvironmentVariables": {"MODEL_TIER": "fast"},
                    "LifecycleConfiguration": {"IdleRuntimeSessionTimeout": idle_seconds},
                    "NetworkConfiguration": {"NetworkMode": "PUBLIC"},
                    "ProtocolConfiguration": "HTTP",
                },
            },
            "Live": {
                "Type": "AWS::BedrockAgentCore::RuntimeEndpoint",
                "Properties": {
                    "AgentRuntimeId": runtime_id,
                    "AgentRuntimeVersion": {"Fn::GetAtt": ["Agent", "AgentRuntimeVersion"]},
                    "Name": "live",
                },
            },
            "Pinned": {
                "Type": "AWS::BedrockAgentCore::RuntimeEndpoint",
                "Properties": {"AgentRuntimeId": runtime_id, "AgentRuntimeVersion": pinned, "Name": "pinned"},
            },
        },
        "Outputs": {
            "Arn": {"Value": {"Fn::GetAtt": ["Agent", "AgentRuntimeArn"]}},
            "Version": {"Value": {"Fn::GetAtt": ["Agent", "AgentRuntimeVersion"]}},
        },
    }
