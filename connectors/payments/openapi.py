"""OpenAPI 3.1 of the endpoint: what each provider sends and how it is answered."""

from __future__ import annotations

from typing import Any

from models.payments import casso, sepay, viettel, viettel_order, vnpay
from models.payments.body import FORM, JSON, LARGEST_VND
from models.payments.providers import DOORS, Door
from models.payments.told import STATUS

VERSION = "1.0.0"
_TEXT: dict[str, Any] = {"type": "string", "maxLength": 512}
_MAYBE: dict[str, Any] = {"type": ["string", "null"], "maxLength": 512}
_LOCAL: dict[str, Any] = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$"}
# JSON Schema counts 27000.0 among the integers.
_AMOUNT: dict[str, Any] = {"type": "integer", "minimum": 1, "maximum": LARGEST_VND}
_SIGNED: dict[str, Any] = {"type": "integer", "minimum": -LARGEST_VND, "maximum": LARGEST_VND}
_ID: dict[str, Any] = {"type": "integer", "minimum": 0, "maximum": 2**63 - 1}


def _object(properties: dict[str, Any], *optional: str) -> dict[str, Any]:
    """Unknown fields are taken: a provider may add some."""
    required = [name for name in properties if name not in optional]
    return {"type": "object", "properties": properties, "required": required}


_COUNTER = {"counterAccountNumber": _MAYBE, "virtualAccountNumber": _MAYBE}
PAYOS = _object(
    {
        "data": _object(
            {
                "orderCode": _ID,
                "amount": _AMOUNT,
                "description": _TEXT,
                "accountNumber": _TEXT,
                "reference": _TEXT,
                "paymentLinkId": _MAYBE,
                "transactionDateTime": _LOCAL,
                "currency": _TEXT,
                "code": _TEXT,
                **_COUNTER,
            },
            *_COUNTER,
            "paymentLinkId",
        ),
        "signature": {"type": "string", "pattern": "^[0-9a-fA-F]{64}$"},
    }
)
SEPAY = _object(
    {
        "id": _ID,
        "transactionDate": _LOCAL,
        "accountNumber": _TEXT,
        "subAccount": _MAYBE,
        "content": _TEXT,
        "transferType": {"enum": ["in", "out"]},
        "transferAmount": _AMOUNT,
        "referenceCode": _MAYBE,
    },
    "subAccount",
    "referenceCode",
)
CASSO = _object(
    {
        "error": {"const": 0},
        "data": _object(
            {
                "id": _ID,
                "description": _TEXT,
                "amount": _SIGNED,
                "transactionDateTime": _LOCAL,
                "accountNumber": _TEXT,
                "reference": _MAYBE,
                **_COUNTER,
            },
            *_COUNTER,
            "reference",
        ),
    }
)


def _form(names: tuple[str, ...], *optional: str) -> dict[str, Any]:
    return _object(dict.fromkeys((*names, "check_sum"), _TEXT), *optional)


BODIES: dict[str, dict[str, Any]] = {
    "/payments/payos": PAYOS,
    "/payments/sepay": SEPAY,
    "/payments/casso": CASSO,
    "/payments/viettel": _form(viettel.RESULT, "cust_msisdn"),
    "/payments/viettel/verify": _form(viettel_order.ASKED, "trans_amount"),
}
HEADERS = {
    "/payments/sepay": {sepay.TIMESTAMP: r"^[0-9]{10}$", sepay.SIGNATURE: "^sha256=[0-9a-fA-F]{64}$"},
    "/payments/casso": {casso.SIGNATURE: "^t=[0-9]{13},v1=[0-9a-fA-F]{128}$"},
}
QUERY = {
    "vnp_Amount": "^[1-9][0-9]*00$",
    "vnp_OrderInfo": "^.{0,255}$",
    "vnp_PayDate": "^[0-9]{14}$",
    "vnp_ResponseCode": "^[0-9]{2}$",
    "vnp_TmnCode": "^[A-Za-z0-9_]{1,32}$",
    "vnp_TransactionNo": "^[0-9]{1,15}$",
    "vnp_TransactionStatus": "^[0-9]{2}$",
    "vnp_TxnRef": "^[A-Za-z0-9_-]{1,100}$",
    vnpay.HASHES[0]: "^[0-9a-fA-F]{128}$",
}
PLAIN = _object({"success": {"type": "boolean"}, "message": {"type": "string"}}, "message")
REPLIES = {
    "/payments/viettel": _object(
        {
            name: {"type": "string"}
            for name in (*viettel.REPLY, "return_url", "return_bill_code", "return_other_info", "check_sum")
        }
    ),
    "/payments/viettel/verify": _object(
        {name: {"type": "string"} for name in (*viettel_order.REPLY, "check_sum")}
    ),
    "/payments/vnpay": _object(
        {"RspCode": {"enum": ["00", "01", "02", "04", "97", "99"]}, "Message": {"type": "string"}}
    ),
}
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
        "paths": {one.path: {one.method.lower(): _operation(one)} for one in DOORS},
    }


def _operation(door: Door) -> dict[str, Any]:
    says = (door.contract.__doc__ or "").strip().partition("\n")[0]
    found: dict[str, Any] = {
        "operationId": door.path.removeprefix("/payments/").replace("/", "-"),
        "summary": f"{door.provider}: báo một khoản thanh toán (tells of a payment)",
        "description": says,
        "parameters": [
            *(_parameter(name, "header", form) for name, form in HEADERS.get(door.path, {}).items()),
            *(_parameter(name, "query", form) for name, form in QUERY.items() if door.method == "GET"),
        ],
        "responses": _responses(door.path),
    }
    if door.path in BODIES:
        kinds = (FORM, JSON) if "viettel" in door.path else (JSON,)
        content = {kind: {"schema": BODIES[door.path]} for kind in kinds}
        found["requestBody"] = {"required": True, "content": content}
    return found


def _parameter(name: str, where: str, form: str) -> dict[str, Any]:
    return {"name": name, "in": where, "required": True, "schema": {"type": "string", "pattern": form}}


def _responses(path: str) -> dict[str, Any]:
    """Viettel and VNPay say everything in the body of a 200; only Viettel may also be told 503."""
    own = REPLIES.get(path)
    if path == "/payments/vnpay":
        codes = [200]
    elif own is not None:
        codes = [200, 503]
    else:
        codes = sorted({200, 400, 503, *STATUS.values()})
    content = {JSON: {"schema": own or PLAIN}}
    return {str(code): {"description": WORDS[code], "content": content} for code in codes}
