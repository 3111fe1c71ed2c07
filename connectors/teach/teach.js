"use strict";
// The page of `phusa camera teach`: shapes are fractions of the picture, from its upper left corner.
const key = document.body.dataset.key;
const by_id = (id) => document.getElementById(id);
const canvas = by_id("picture");
const pen = canvas.getContext("2d");
const image = new Image();
const HINTS = {
  polygon: "Bấm từng góc của vùng, rồi Xong hình. (Click each corner, then finish.)",
  mark: "Ghi độ sâu (cm), bấm hai đầu vạch. (Give the depth, click both ends.)",
  board: "Ghi số đọc trên và dưới (cm, ví dụ 500 100), bấm chỗ trên rồi chỗ dưới của thước. (Give both readings, click top, then bottom.)",
  ground: "Ghi mét của bốn điểm (x y x y x y x y), bấm bốn điểm trên mặt đất. (Give metres, click four points of the ground.)",
  crop: "Bấm hai góc đối của mẫu. (Click two opposite corners.)",
};
const ENOUGH = { mark: 2, board: 2, ground: 4, crop: 2 };
const COLOURS = { dry: "#b4560f", wet: "#3b6fb5", flooded: "#0b3d91" };
let camera = null, pictures = [], work = { labels: [], zones: [], ground: null, rest: null };
let shown = 0, tool = "polygon", points = [];

async function ask(path, options = {}) {
  const answer = await fetch(path, { ...options, headers: { "x-key": key, "content-type": "application/json" } });
  return answer.json();
}

function tell(text, wrong = []) {
  by_id("told").textContent = text;
  by_id("wrong").replaceChildren(...wrong.map((each) => {
    const line = document.createElement("li");
    line.textContent = `${each.vi} (${each.en})`;
    return line;
  }));
}

function zones() {
  const drawn = new Map(work.zones.map((zone) => [zone.id, zone]));
  const kept = camera.zones.map((zone) => drawn.get(zone.id) || zone);
  return [...kept, ...work.zones.filter((zone) => !camera.zones.some((own) => own.id === zone.id))];
}

function chosen() { return zones().find((zone) => zone.id === by_id("zone").value) || null; }

function keep(zone) {
  work.zones = [...work.zones.filter((each) => each.id !== zone.id), zone];
  list_zones(zone.id);
}

function list_zones(wanted) {
  const select = by_id("zone");
  const before = wanted || select.value;
  select.replaceChildren(new Option("+ vùng mới (new zone)", ""), ...zones().map((zone) => new Option(`${zone.name} (${zone.kind})`, zone.id)));
  select.value = zones().some((zone) => zone.id === before) ? before : "";
}

function code(name) {
  const plain = name.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/đ/g, "d").replace(/Đ/g, "D").toLowerCase();
  return plain.replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 48) || "vung";
}

function numbers() { return by_id("number").value.split(/[\s;]+/).filter(Boolean).map((part) => Number(part.replace(",", "."))); }

function finish() {
  const zone = chosen(), given = numbers(), drawn = points;
  points = [];
  const usable = (count) => given.length === count && given.every(Number.isFinite);
  if (tool === "polygon" && drawn.length >= 3) {
    if (zone) keep({ ...zone, polygon: drawn });
    else {
      const name = by_id("name").value.trim() || "Mặt đường", kind = by_id("kind").value;
      const made = { id: code(name), name, kind, polygon: drawn };
      // A count has no levels; what else is watched needs one, which a person then sets in cameras.yaml.
      if (kind !== "count") made.levels = [{ level: 1, name: "mức 1", raise_at: 20, clear_at: 10 }];
      keep(made);
    }
  } else if (tool === "mark" && zone && usable(1)) {
    const marks = [...(zone.marks || []), { line: drawn, depth_cm: given[0] }];
    keep({ ...zone, marks: marks.sort((a, b) => a.depth_cm - b.depth_cm) });
  } else if (tool === "board" && zone && usable(2)) {
    keep({ ...zone, board: { form: "staff", top: drawn[0], bottom: drawn[1], top_cm: given[0], bottom_cm: given[1] } });
  } else if (tool === "ground" && usable(8)) {
    work.ground = drawn.map(([x, y], i) => [x, y, given[2 * i], given[2 * i + 1]]);
  } else if (tool === "crop" && zone) {
    const [[a, b], [c, d]] = drawn;
    const crop = [Math.min(a, c), Math.min(b, d), Math.max(a, c), Math.max(b, d)];
    work.labels.push({ picture: pictures[shown].name, zone: zone.id, state: by_id("crop").value, crop });
  } else {
    tell("", [{ vi: "thiếu vùng, điểm hoặc số của hình", en: "a zone, points or numbers are missing" }]);
  }
  by_id("accept").disabled = true;
  draw();
}

function label(state) {
  const zone = chosen();
  if (!zone) { tell("", [{ vi: "chọn vùng trước", en: "choose a zone first" }]); return; }
  const name = pictures[shown].name;
  work.labels = work.labels.filter((each) => each.picture !== name || each.zone !== zone.id || each.crop);
  work.labels.push({ picture: name, zone: zone.id, state });
  by_id("accept").disabled = true;
  draw();
}

function path(corners, closed) {
  pen.beginPath();
  corners.forEach(([x, y], i) => pen[i ? "lineTo" : "moveTo"](x * canvas.width, y * canvas.height));
  if (closed) pen.closePath();
  pen.stroke();
}

function draw() {
  pen.drawImage(image, 0, 0, canvas.width, canvas.height);
  pen.lineWidth = 2;
  pen.font = "16px sans-serif";
  for (const zone of zones()) {
    pen.strokeStyle = pen.fillStyle = zone.id === by_id("zone").value ? "#ffd54a" : "#ffffff";
    path(zone.polygon, true);
    pen.fillText(zone.name, zone.polygon[0][0] * canvas.width + 4, zone.polygon[0][1] * canvas.height + 16);
    pen.strokeStyle = pen.fillStyle = "#7fd4ff";
    for (const mark of zone.marks || []) {
      path(mark.line, false);
      pen.fillText(`${mark.depth_cm} cm`, mark.line[1][0] * canvas.width - 50, mark.line[1][1] * canvas.height - 4);
    }
    if (zone.board) path([zone.board.top, zone.board.bottom], false);
  }
  const ground = work.ground || camera.ground;
  if (ground) { pen.strokeStyle = "#9be564"; path(ground.map(([x, y]) => [x, y]), true); }
  const name = pictures.length ? pictures[shown].name : "";
  const own = work.labels.filter((each) => each.picture === name);
  for (const each of own.filter((one) => one.crop)) {
    const [a, b, c, d] = each.crop;
    pen.strokeStyle = COLOURS[each.state];
    path([[a, b], [c, b], [c, d], [a, d]], true);
  }
  pen.strokeStyle = "#ff5a5a";
  if (points.length) path(points, false);
  for (const [x, y] of points) pen.strokeRect(x * canvas.width - 3, y * canvas.height - 3, 6, 6);
  by_id("hint").textContent = HINTS[tool];
  by_id("which").textContent = `${shown + 1} / ${pictures.length}: ${name}`;
  const count = (state) => work.labels.filter((each) => each.state === state).length;
  by_id("labels").textContent = `khô ${count("dry")}, ướt ${count("wet")}, ngập ${count("flooded")}` + (own.length ? `; ảnh này: ${own.map((each) => each.state).join(", ")}` : "");
}

function show(number) {
  if (!pictures.length) return;
  shown = (number + pictures.length) % pictures.length;
  image.src = `/picture/${shown}.jpg?key=${encodeURIComponent(key)}`;
}

async function save() {
  work.rest = by_id("rest").value || null;
  const answer = await ask("/work", { method: "POST", body: JSON.stringify(work) });
  if (answer.snippet) by_id("snippet").textContent = answer.snippet;
  tell(answer.wrong.length ? "" : "Đã lưu (saved)", answer.wrong);
  return !answer.wrong.length;
}

async function learn() {
  if (!(await save())) return;
  tell("Đang học… (learning)");
  const answer = await ask(`/learn?by=${encodeURIComponent(by_id("by").value)}`, { method: "POST" });
  tell(answer.wrong.length ? "" : "Đã học; xem camera sẽ nói gì rồi Nhận (learned; see what it would have said, then accept)", answer.wrong);
  by_id("accept").disabled = answer.wrong.length > 0;
  by_id("said").replaceChildren();
  if (!answer.said) return;
  const table = document.createElement("table");
  table.insertRow().append(...["ảnh (picture)", "thông số (parameter)", "trị (value)", "cờ (flag)", "độ tin (confidence)"].map((text) => {
    const cell = document.createElement("th");
    cell.textContent = text;
    return cell;
  }));
  for (const each of answer.said) {
    const row = table.insertRow();
    const texts = [each.picture, each.parameter, each.value.toFixed(0), String(each.flag), each.confidence === null ? "" : each.confidence.toFixed(2)];
    for (const text of texts) row.insertCell().textContent = text;
  }
  by_id("said").append(table);
}

async function accept() {
  const answer = await ask("/accept", { method: "POST" });
  tell(answer.wrong.length ? "" : "Camera đã được dạy (the camera is taught)", answer.wrong);
}

canvas.addEventListener("pointerdown", (event) => {
  const box = canvas.getBoundingClientRect();
  const inside = (part) => Math.round(Math.min(Math.max(part, 0), 1) * 10000) / 10000;
  points.push([inside((event.clientX - box.left) / box.width), inside((event.clientY - box.top) / box.height)]);
  if (points.length === ENOUGH[tool]) finish();
  else draw();
});
document.querySelectorAll("[data-tool]").forEach((button) => button.addEventListener("click", () => {
  tool = button.dataset.tool;
  points = [];
  document.querySelectorAll("[data-tool]").forEach((each) => each.setAttribute("aria-pressed", String(each === button)));
  draw();
}));
document.querySelectorAll("[data-state]").forEach((button) => button.addEventListener("click", () => label(button.dataset.state)));
by_id("undo").addEventListener("click", () => { points.pop(); draw(); });
by_id("done").addEventListener("click", () => { if (tool === "polygon") finish(); });
by_id("zone").addEventListener("change", draw);
by_id("forget").addEventListener("click", () => { work.zones = work.zones.filter((zone) => zone.id !== by_id("zone").value); list_zones(); draw(); });
by_id("before").addEventListener("click", () => show(shown - 1));
by_id("after").addEventListener("click", () => show(shown + 1));
by_id("save").addEventListener("click", save);
by_id("learn").addEventListener("click", learn);
by_id("accept").addEventListener("click", accept);
image.addEventListener("load", () => { canvas.height = Math.round(canvas.width * image.height / image.width); draw(); });

(async () => {
  const state = await ask("/state");
  camera = state.camera;
  pictures = state.pictures;
  work = { labels: [], zones: [], ground: null, rest: null, ...state.work };
  by_id("snippet").textContent = state.snippet;
  list_zones(camera.zones.length ? camera.zones[0].id : "");
  if (pictures.length) show(0);
  else { tell("", [{ vi: "không có ảnh nào", en: "there are no pictures" }]); }
})();
