"""MLflow's routes as far as a run needs them, strict about bodies; prints what arrives, one JSON text a line."""
import json
import os

DELETED = os.environ.get("DELETED") == "1"
RUN = {"run": {"info": {"run_id": "r1", "artifact_uri": "mlflow-artifacts:/7/r1/artifacts", "lifecycle_stage": "active"}}}


def answer(route, body):
    """The code and the JSON that a route answers with."""
    if route == "mlflow/experiments/get-by-name":
        if DELETED:
            return 200, {"experiment": {"experiment_id": "7", "lifecycle_stage": "deleted"}}
        return 404, {"error_code": "RESOURCE_DOES_NOT_EXIST", "message": "none"}
    if route.startswith("mlflow-artifacts/"):
        return 200, {}
    needed = {"experiments/create": "name", "runs/create": "experiment_id"}.get(route[len("mlflow/"):], "run_id")
    if needed not in body:
        return 400, {"error_code": "INVALID_PARAMETER_VALUE", "message": f"Missing value for parameter '{needed}'."}
    return 200, {"experiment_id": "7"} if needed == "name" else RUN


async def app(scope, receive, send):
    if scope["type"] != "http":
        raise RuntimeError("no lifespan")
    body, more = b"", True
    while more:
        part = await receive()
        body += part.get("body", b"")
        more = part.get("more_body", False)
    route = scope["path"].replace("/base/api/2.0/", "")
    code, value = answer(route, json.loads(body) if body.startswith(b"{") else {})
    host = [v.decode() for k, v in scope["headers"] if k == b"host"]
    print(json.dumps({"route": route, "code": code, "bytes": len(body), "body": body.decode(), "host": host}), flush=True)
    await send({"type": "http.response.start", "status": code, "headers": [(b"content-type", b"application/json")]})
    await send({"type": "http.response.body", "body": json.dumps(value).encode()})
