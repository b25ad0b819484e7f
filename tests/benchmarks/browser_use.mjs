// Sort and filter a table by keyboard, and say what was seen.
import puppeteer from "puppeteer-core";
const browser = await puppeteer.launch({
  executablePath: process.env.CHROMIUM, headless: true, args: ["--no-sandbox", "--disable-gpu"],
});
const page = await browser.newPage();
await page.setViewport({ width: 1280, height: 900 });
await page.goto("file://" + process.argv[2]);
const table = "#kept-variants", column = Number(process.argv[3]);
const look = () => page.evaluate((id, at) => {
  const of = (name) => [...document.querySelectorAll(name + " tbody tr")];
  const open = of(id), rows = [...open, ...of(id + "-more")];
  const heads = [...document.querySelectorAll(id + " th")];
  return {
    keys: rows.map((row) => row.cells[at].dataset.v ?? null),
    shown: open.filter((row) => !row.hidden).length,
    matching: rows.filter((row) => !row.hidden).length,
    sorted: heads.map((head) => head.getAttribute("aria-sort")),
    further: document.querySelector(id + "-further")?.textContent,
    hidden: document.querySelector(id + "-more")?.closest("details").hidden,
    said: document.querySelector(".find [role=status]").textContent,
    focus: document.activeElement.textContent,
  };
}, table, column);
const seen = { before: await look() };
const head = await page.$(`${table} th:nth-child(${column + 1}) button`);
await head.focus();
let begin = Date.now();
await page.keyboard.press("Enter");
seen.falling = await look();
seen.sort = Date.now() - begin;
await page.keyboard.press("Space");
seen.rising = await look();
const find = await page.$(".find input");
const word = process.argv[4];
begin = Date.now();
await find.type(word);
seen.found = await look();
seen.filter = (Date.now() - begin) / word.length;
for (const _ of word) { await page.keyboard.press("Backspace"); }
seen.after = await look();
await browser.close();
console.log(JSON.stringify(seen));
