"""The OpenAPI 3.1 document of all public rpcs: the contract as grpc-gateway serves it, no more and no less."""

from protolith_codegen.openapi.document import document, openapi_json

__all__ = ["document", "openapi_json"]
