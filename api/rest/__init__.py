"""What every REST face shares: typed routes, documents, problems, and the OpenAPI description made from them.

It knows HTTP and JSON, and no cluster; the operator's resources are in `ucmsim.api.rest.resources`.
"""
