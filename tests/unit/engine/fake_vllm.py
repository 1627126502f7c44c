"""A stand-in for vLLM's server, for the supervisor: it prints its lines, answers /health, and has a child of its own.

`fake_vllm.py PORT [FAULT]`; FAULT: `crash` (ends at once), `oom` (as `crash`, saying why), `slow` (never ready),
`deaf` (ignores SIGTERM).
"""

import http.server
import os
import signal
import subprocess
import sys
import time


def say(line):
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


port, fault = int(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else ""
say("(APIServer) INFO version 0.32.0")
if fault == "oom":
    say("torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB.")
if fault in ("crash", "oom"):
    say("RuntimeError: Engine core initialization failed.")
    raise SystemExit(1)
if fault == "deaf":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
# vLLM's engine core and workers are children too, and must not outlive the server.
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
say(f"child {child.pid}")
if fault == "slow":
    time.sleep(600)


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        allowed = self.path == "/health" or self.headers["Authorization"] == f"Bearer {os.environ['VLLM_API_KEY']}"
        self.send_response(200 if allowed else 401)
        self.end_headers()

    def log_message(self, *words):
        pass


say("(Worker) INFO Loading weights took 0.01 seconds")
http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()
