// Open pages in Chromium: requests, errors, time, widths, axe-core, and page one on paper.
import puppeteer from "puppeteer-core";
import fs from "fs";
const axe = fs.readFileSync("node_modules/axe-core/axe.min.js", "utf8");
const browser = await puppeteer.launch({
  executablePath: process.env.CHROMIUM, headless: true, args: ["--no-sandbox", "--disable-gpu"],
});
const rows = [];
async function opened(file, width) {
  const page = await browser.newPage(), seen = { requests: 0, errors: [], dialogs: 0 };
  await page.setViewport({ width, height: 900 });
  page.on("request", (asked) => { if (!asked.url().startsWith("data:")) { seen.requests += 1; } });
  page.on("pageerror", (error) => seen.errors.push(String(error)));
  page.on("console", (said) => seen.errors.push(said.text()));
  page.on("dialog", (shown) => { seen.dialogs += 1; shown.dismiss(); });
  const begin = Date.now();
  await page.goto("file://" + file, { waitUntil: "load" });
  seen.load = Date.now() - begin;
  return { page, seen };
}
for (const file of process.argv.slice(2)) {
  for (const width of [1280, 390]) {
    const { page, seen } = await opened(file, width);
    seen.wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    const places = ["h1", ".light", ".biomarkers", "#tiers ~ * tbody tr, #first-variants tbody tr"];
    seen.first = await page.evaluate((names) => names
      .map((name) => document.querySelector(name))
      .filter((found) => found && found.getBoundingClientRect().top < innerHeight).length, places);
    await page.evaluate(() => {
      document.querySelectorAll("details:not(.more)").forEach((d) => { d.open = true; });
    });
    seen.hit = await page.evaluate(() => String(window.hit));
    await page.evaluate(axe);
    const found = await page.evaluate(() => axe.run(document, {
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"],
    }));
    seen.violations = found.violations.map((v) => v.id + " " + v.nodes[0].html.slice(0, 160));
    rows.push({ file, width, ...seen });
    await page.close();
  }
  const { page } = await opened(file, 1280);
  await page.evaluate(() => document.querySelectorAll(".chapter").forEach((c) => c.remove()));
  const paper = Buffer.from(await page.pdf({ preferCSSPageSize: true })).toString("latin1");
  rows.push({ file, pages: paper.match(/\/Type \/Page\b/g).length });
  await page.close();
}
await browser.close();
console.log(JSON.stringify(rows));
