"""A REST server for the harness to measure, right, wrong, lax or soon tired: `stub_server.py PORT BEHAVIOUR`."""

import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count

_CALLS = count()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    behaviour = ""

    def do_POST(self) -> None:
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        user = {
            "id": "1",
            "nickname": request["nickname"],
            "about": request["about"],
            "avatarUrl": request["avatarUrl"],
        }
        if self.behaviour == "wrong" or (self.behaviour == "tires" and next(_CALLS) > 300):
            user = {"id": "2"}
        if "@" in request["email"] or self.behaviour == "lax":
            self._answer(200, {"user": user})
        else:
            self._answer(400, {"message": "email and nickname are wrong"})

    def _answer(self, status: int, body: object) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)
        self.wfile.flush()

    def log_message(self, format: str, *args: object) -> None:
        return


Handler.behaviour = sys.argv[2]
ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
