// Fetches the wall's content again and puts it in the place of the old. One element is replaced, nothing is kept: memory stays flat.
"use strict";
(() => {
  const EVERY_MS = 2000, LOST_MS = 15000, WAIT_MS = 10000;
  const wall = document.getElementById("wall"), lost = document.getElementById("lost");
  let heard = Date.now(), tag = "", tries = 0;

  // Rows that do not fit are hidden from the last on, and counted in words.
  function fit(list) {
    const more = list.nextElementSibling, rows = [...list.children];
    const given = Number(list.dataset.more), counts = new Map(Object.entries(JSON.parse(list.dataset.moreWords)).reverse());
    rows.forEach((row) => { row.hidden = false; });
    let hidden = given;
    const tell = () => {
      more.hidden = hidden === 0;
      const words = [...counts].reverse().filter(([word]) => word).map(([word, n]) => `${n} ${word}`);
      const thing = list.closest(".alerts") ? "cảnh báo nữa đang mở" : "nơi nữa";
      more.textContent = `và ${hidden.toLocaleString("vi-VN")} ${thing}${words.length ? ": " + words.join(", ") : ""}`;
    };
    tell();
    for (let at = rows.length - 1; at > 0 && list.scrollHeight > list.clientHeight + 1; at -= 1) {
      rows[at].hidden = true;
      hidden += 1;
      counts.set(rows[at].dataset.word, (counts.get(rows[at].dataset.word) || 0) + 1);
      tell();
    }
  }

  function fitAll() {
    // The alerts first: what they leave is for the sentences.
    if (window.innerWidth > 1000) [...document.querySelectorAll("[data-fit]")].reverse().forEach(fit);
  }

  async function refresh() {
    try {
      const answer = await fetch("/wall?part=1", { headers: tag ? { "if-none-match": tag } : {}, cache: "no-store", signal: AbortSignal.timeout(WAIT_MS) });
      if (answer.status === 200) {
        wall.innerHTML = await answer.text();
        tag = answer.headers.get("etag") || "";
        fitAll();
      } else if (answer.status !== 304) {
        throw new Error(String(answer.status));
      }
      heard = Date.now();
    } catch (error) {
      tries += 1; // told on the screen, below
    }
    tellLost();
  }

  function tellLost() {
    const silent = Date.now() - heard;
    const gone = silent > LOST_MS;
    lost.hidden = !gone;
    document.body.classList.toggle("stale", gone);
    if (gone) lost.textContent = `MẤT KẾT NỐI với máy chủ từ ${Math.round(silent / 1000)} giây trước: màn hình này không biết tình hình hiện tại`;
  }

  async function run() {
    await refresh();
    setTimeout(run, EVERY_MS);
  }

  window.phusaWall = { refresh, tries: () => tries, forget: () => { heard = 0; } };
  window.addEventListener("resize", fitAll);
  fitAll();
  setTimeout(run, EVERY_MS);
})();
