"""OpenAPI 3.1 of the endpoint: what each provider sends and how it is answered."""

from __future__ import annotations

from typing import Any

from models.payments.contract import STATUS
from models.payments.providers.registry import ENDPOINTS, Endpoint
from models.payments.shape import JSON, PLAIN_REPLY, Shape

VERSION = "1.0.0"
WORDS = {
    200: "Đã giữ trong Kafka, hoặc đã biết y như vậy.\nKafka has it, or had it before just as told.",
    400: "Không đọc được.\nUnreadable.",
    401: "Sai chữ ký, hoặc dấu thời gian lệch quá 5 phút.\nWrong signature, or a timestamp off by more than 5 minutes.",
    404: "Đơn vị nhận lạ.\nUnknown merchant.",
    413: "Quá lớn.\nToo big.",
    415: "Sai loại nội dung hoặc bảng mã.\nWrong content type or encoding.",
    422: "Số tiền không hợp lệ, hoặc ở tương lai.\nNo whole đồng, or in the future.",
    503: "Chưa giữ được; hãy gửi lại.\nNot kept; send it again.",
}


def document() -> dict[str, Any]:
    """The whole document, of all providers whether served here or not."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Phù Sa: thanh toán (payments)",
            "version": VERSION,
            "description": "Nơi các nhà cung cấp báo một khoản thanh toán.\nWhere the providers tell of a payment.",
            "license": {"name": "AGPL-3.0-only", "identifier": "AGPL-3.0-only"},
        },
        "paths": {endpoint.path: {endpoint.method.lower(): _operation(endpoint)} for endpoint in ENDPOINTS},
    }


def _operation(endpoint: Endpoint) -> dict[str, Any]:
    says = (endpoint.contract.__doc__ or "").strip().partition("\n")[0]
    shape = endpoint.contract.SHAPE
    found: dict[str, Any] = {
        "operationId": endpoint.path.removeprefix("/payments/").replace("/", "-"),
        "summary": f"{endpoint.provider}: báo một khoản thanh toán (tells of a payment)",
        "description": says,
        "parameters": [
            *(_parameter(name, "header", form) for name, form in shape.headers.items()),
            *(_parameter(name, "query", form) for name, form in shape.query.items()),
        ],
        "responses": _responses(shape),
    }
    if shape.body is not None:
        content = {kind: {"schema": shape.body} for kind in shape.kinds}
        found["requestBody"] = {"required": True, "content": content}
    return found


def _parameter(name: str, where: str, form: str) -> dict[str, Any]:
    return {"name": name, "in": where, "required": True, "schema": {"type": "string", "pattern": form}}


def _responses(shape: Shape) -> dict[str, Any]:
    codes = shape.statuses or sorted({200, 400, 503, *STATUS.values()})
    content = {JSON: {"schema": shape.reply or PLAIN_REPLY}}
    return {str(code): {"description": WORDS[code], "content": content} for code in codes}
