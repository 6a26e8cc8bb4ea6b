"""The runner, the network, the CI service: nothing that a change of the code repairs."""

from __future__ import annotations

from slipway.playbooks.ci.signatures.signature import DECISIVE, PLAIN, table

INFRA = (
    *table(
        "infra",
        DECISIVE,
        ("the job was cancelled", r"^The (?:operation was|workflow run was|job was) cancell?ed"),
        (
            "the runner was stopped",
            r"^received SIG(?:INT|TERM)",
            r"The runner has received a shutdown signal",
            r"^ERROR: Job failed \(system failure\)",
        ),
        (
            "the runner was lost",
            r"lost communication with the server",
            r"The job was not started because",
            r"No runners? online",
        ),
        (
            "the job ran out of its time",
            r"max run time exceeded",
            r"has exceeded the maximum execution time",
            r"execution took longer than \S+ seconds",
            r"exceeded the maximum time limit",
            r"No output has been received in the last \d+m",
            r"^The action '.*' has timed out after",
        ),
        ("the disk is full", r"No space left on device", r"not enough space on the disk", r"\bENOSPC\b"),
        (
            "a credential is missing or was refused",
            r"Credentials could not be loaded",
            r"Could not load credentials from any",
            r"^(?:remote: )?(?:Bad credentials|Invalid username or (?:password|token))",
            r"fatal: (?:Authentication failed for|could not read Username for)",
            r"Resource not accessible by integration",
            r"^Permission denied \(publickey\)",
        ),
        ("an artifact is missing", r"Unable to download artifact", r"Artifact not found for name"),
        (
            "a package mirror failed",
            r"^E: (?:Unable to fetch some archives|Failed to fetch|Unable to locate package)",
            r"^Failed to fetch https?://",
            r"^E: The repository '.*' (?:does not have|no longer has) a Release file",
        ),
        (
            "an image could not be pulled",
            r"toomanyrequests:",
            r"pull access denied",
            r"manifest (?:for .* not found|unknown)",
            r"\bImagePullBackOff\b",
            r"error pulling image",
            r"failed to (?:pull|resolve) (?:image|reference)",
        ),
        ("docker does not run", r"Cannot connect to the Docker daemon", r"Docker pull failed with exit code"),
        (
            "the workflow itself is wrong",
            r"Unable to resolve action",
            r"Can't find 'action\.ya?ml'",
            r"Invalid workflow file",
            r"error parsing called workflow",
            r"This request has been automatically failed because it uses a deprecated version",
            r"Version \S+ (?:with arch \S+ )?(?:was )?not found",
        ),
        ("a rate limit was hit", r"API rate limit exceeded", r"You have exceeded a secondary rate limit"),
        (
            "the checkout failed",
            r"fatal: (?:unable to access|repository) '.*(?:not found|Could not resolve|error: \d)",
            r"fatal: couldn't find remote ref",
            r"^remote: Repository not found",
            r"error: RPC failed",
        ),
    ),
    # Programs also print these while they recover, so that a failed check says more.
    *table(
        "infra",
        PLAIN + 1,
        (
            "a registry could not be reached",
            r"Could not transfer (?:artifact|metadata) ",
            r"(?:npm ERR!|npm error|error) .*(?:ECONNRESET|ETIMEDOUT|ECONNREFUSED|ERR_SOCKET_TIMEOUT)",
            r"ReadTimeoutError\(",
            r"Connection to \S+ timed out",
            r"ProxyError\(",
            r"(?:HTTPSConnectionPool|SSLError)\(.*Max retries exceeded",
            r"Could not (?:GET|HEAD) 'https?://",
            r"^W: Failed to fetch https?://",
        ),
        (
            "a name was not resolved",
            r"Temporary failure in name resolution",
            r"Name or service not known",
            r"failed to lookup address",
            r"\bgetaddrinfo (?:ENOTFOUND|EAI_AGAIN)",
            r"[Cc]ould not resolve host",
            r"\bdns error\b",
        ),
        (
            "a download failed",
            r"^error: (?:Error while fetching|Failed to (?:download|fetch))",
            r"^curl: \(\d+\)",
            r"^wget: unable to|^ERROR \d{3}: ",
        ),
        (
            "a server failed",
            r"\b50[234] (?:Bad Gateway|Service (?:Temporarily )?Unavailable|Gateway Time-?out)",
            r"HTTP Error 50\d|HTTPError: 50\d",
            r"error: 50\d$",
        ),
        (
            "memory ran out",
            r"OutOfMemoryError",
            r"heap out of memory",
            r"Cannot allocate memory",
            r"\bOOMKilled\b",
        ),
        ("the process was killed", r"exit(?:ed)?(?: with)? (?:code|status):? 137\b", r"^Killed$"),
        (
            "a command is missing",
            r"(?:^|: )command not found(?:$|: )",
            r"^(?:/bin/)?(?:ba|da)?sh: (?:line )?\d*:? ?\S+: not found$",
        ),
    ),
)
