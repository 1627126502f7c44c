"""A stand-in for vLLM's server, for the supervisor: it prints vLLM's lines, answers /health, and has a child of its own.

`fake_vllm.py PORT [FAULT]`; FAULT: `crash` (ends at once), `oom` (as `crash`, saying why), `slow` (never ready),
`deaf` (ignores SIGTERM).
"""

import http.server
import os
import signal
import subprocess
import sys
import time

port, fault = int(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else ""
print("(APIServer) INFO version 0.32.0", flush=True)
if fault == "oom":
    print("torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB.", flush=True)
if fault in ("crash", "oom"):
    print("RuntimeError: Engine core initialization failed.", flush=True)
    raise SystemExit(1)
if fault == "deaf":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
# vLLM's engine core and workers are children too, and must not outlive the server.
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print(f"child {child.pid}", flush=True)
if fault == "slow":
    time.sleep(600)


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):  # noqa: N802  (the name that http.server asks for)
        allowed = self.path == "/health" or self.headers["Authorization"] == f"Bearer {os.environ['VLLM_API_KEY']}"
        self.send_response(200 if allowed else 401)
        self.end_headers()

    def log_message(self, *words):
        pass


print("(Worker) INFO Loading weights took 0.01 seconds", flush=True)
http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()
