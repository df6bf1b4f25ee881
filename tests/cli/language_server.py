"""The real yaml-language-server, spoken to over stdio as an editor does (Language Server Protocol 3.17)."""

from __future__ import annotations

import json
import shutil
import subprocess
import threading
from collections.abc import Mapping
from pathlib import Path
from queue import Empty, Queue
from typing import Any, Self

ROOT = Path(__file__).parents[2]
SERVER = ROOT / ".venv" / "editor" / "node_modules" / "yaml-language-server" / "bin" / "yaml-language-server"
_PATIENCE = 60.0
_OLDEST_NODE = 18


def missing() -> str:
    """Why the server cannot be started; "" where it can."""
    node = shutil.which("node")
    if node is None:
        return "there is no Node to run yaml-language-server"
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    if int(version.strip().lstrip("v").partition(".")[0] or 0) < _OLDEST_NODE:
        return f"Node {version.strip()} is too old for yaml-language-server"
    return "" if SERVER.exists() else "yaml-language-server is not there; `make editor` fetches it"


class LanguageServer:
    """A session: recipes are opened in it, and it is asked for completions, hovers and diagnostics."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        node = shutil.which("node")
        assert node is not None
        self._process = subprocess.Popen(
            [node, str(SERVER), "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=folder
        )
        self._answers: Queue[dict[str, Any]] = Queue()
        self._diagnostics: dict[str, Queue[list[dict[str, Any]]]] = {}
        self._asked = 0
        threading.Thread(target=self._listen, daemon=True).start()

    def __enter__(self) -> Self:
        root = self._folder.as_uri()
        self._ask("initialize", {
            "processId": None, "rootUri": root,
            "workspaceFolders": [{"uri": root, "name": "studio"}],
            "capabilities": {"textDocument": {
                "completion": {"completionItem": {"documentationFormat": ["markdown"]}},
                "publishDiagnostics": {"relatedInformation": True},
            }, "workspace": {"configuration": False}},
        })  # fmt: skip
        self._tell("initialized", {})
        settings = {"validate": True, "completion": True, "hover": True, "schemaStore": {"enable": False}}
        self._tell("workspace/didChangeConfiguration", {"settings": {"yaml": settings}})
        return self

    def __exit__(self, *error: object) -> None:
        self._ask("shutdown", None)
        self._tell("exit", None)
        self._process.wait(timeout=10)
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()

    def diagnostics(self, texts: Mapping[str, str]) -> dict[str, list[dict[str, Any]]]:
        """Opens recipes; for each the diagnostics that an editor underlines."""
        for name, text in texts.items():
            self._open(name, text)
        return {name: self._diagnostics[self._uri(name)].get(timeout=_PATIENCE) for name in texts}

    def _open(self, name: str, text: str) -> None:
        uri = self._uri(name)
        self._diagnostics[uri] = Queue()
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
        self._tell("textDocument/didOpen", {"textDocument": document})

    def _uri(self, name: str) -> str:
        return (self._folder / name).as_uri()

    def completions(self, name: str, text: str) -> dict[str, dict[str, Any]]:
        """What is offered at the bar `|` of a recipe, by label."""
        answer = self._ask_at("textDocument/completion", name, text)
        items = answer["items"] if isinstance(answer, dict) else answer
        return {item["label"]: item for item in items}

    def hover(self, name: str, text: str) -> str:
        """What is told of the word at the bar `|`."""
        answer = self._ask_at("textDocument/hover", name, text)
        return "" if answer is None else str(answer["contents"]["value"])

    def _ask_at(self, method: str, name: str, text: str) -> Any:
        line, column, whole = _cursor(text)
        self._open(name, whole)
        position = {"line": line, "character": column}
        return self._ask(method, {"textDocument": {"uri": self._uri(name)}, "position": position})

    def _tell(self, method: str, params: Mapping[str, object] | None) -> None:
        self._send({"jsonrpc": "2.0", "method": method, "params": params})

    def _ask(self, method: str, params: Mapping[str, object] | None) -> Any:
        self._asked += 1
        self._send({"jsonrpc": "2.0", "id": self._asked, "method": method, "params": params})
        while True:
            try:
                answer = self._answers.get(timeout=_PATIENCE)
            except Empty as error:
                raise AssertionError(f"no answer to {method}") from error
            if answer["id"] == self._asked:
                assert "error" not in answer, answer
                return answer["result"]

    def _send(self, message: Mapping[str, object]) -> None:
        body = json.dumps(message).encode()
        assert self._process.stdin is not None
        self._process.stdin.write(f"Content-Length: {len(body)}\r\n\r\n".encode() + body)
        self._process.stdin.flush()

    def _listen(self) -> None:
        stream = self._process.stdout
        assert stream is not None
        while head := stream.readline():
            length = int(head.partition(b":")[2])
            while stream.readline().strip():
                pass
            self._take(json.loads(stream.read(length)))

    def _take(self, message: dict[str, Any]) -> None:
        if message.get("method") == "textDocument/publishDiagnostics":
            waiting = self._diagnostics.get(message["params"]["uri"])
            if waiting is not None:
                waiting.put(message["params"]["diagnostics"])
        elif "method" in message and "id" in message:
            self._send({"jsonrpc": "2.0", "id": message["id"], "result": None})
        elif "id" in message:
            self._answers.put(message)


def _cursor(text: str) -> tuple[int, int, str]:
    before, _, after = text.partition("|")
    return before.count("\n"), len(before) - before.rfind("\n") - 1, before + after
