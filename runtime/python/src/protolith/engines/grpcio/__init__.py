"""Engine `grpcio`: the same handlers on grpc.aio, no Go at all. The only place of the runtime that imports grpc."""

import os

# gRPC's core writes its own log lines (with C++ file names) to stderr; what matters of them is reported by us.
os.environ.setdefault("GRPC_VERBOSITY", "NONE")

from protolith.engines.grpcio.server import GrpcioEngine

__all__ = ["GrpcioEngine"]
