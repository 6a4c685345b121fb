// Opens a page and sorts its table of accounts; prints how long each took until the next frame was drawn.

import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const browser = await chromium.launch({ executablePath: process.env.CSM_BROWSER, args: ['--no-sandbox', '--disable-gpu'] });
const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
const say = (what, milliseconds) => console.log(`${what.padEnd(16)} ${Math.round(milliseconds)} ms`);
const drawn = () => page.evaluate(() => new Promise((done) => { requestAnimationFrame(() => setTimeout(done)); }));

const start = performance.now();
await page.goto(pathToFileURL(process.argv[2]).href);
await drawn();
say('opened', performance.now() - start);
for (const title of ['ARR', 'Account', 'Band', 'Renewal']) {
  const taken = await page.evaluate((name) => {
    const before = performance.now();
    [...document.querySelectorAll('.browse thead button')].find((button) => button.textContent === name).click();
    return new Promise((done) => {
      requestAnimationFrame(() => setTimeout(() => done(performance.now() - before)));
    });
  }, title);
  say(`sorted by ${title}`.slice(0, 16), taken);
}
await browser.close();
