// The pages of csm as a reader has them: in a browser, by keyboard, printed, without script.
//
// The folder CSM_PAGES holds the pages, which tests/page.rs writes; CSM_BROWSER names the browser. `npm test` alone does nothing.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const pages = ['briefing', 'health', 'churn', 'expand', 'explain', 'backtest', 'hostile', 'empty'];
const address = (name) => pathToFileURL(join(process.env.CSM_PAGES, `${name}.html`)).href;
const desk = { width: 1440, height: 900 };
const phone = { width: 390, height: 844 };

let browser;
before(async () => {
  browser = await chromium.launch({
    executablePath: process.env.CSM_BROWSER,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-default-apps',
      '--disable-sync',
      '--no-first-run',
    ],
  });
});
after(() => browser?.close());

/** Opens a page, and collects all that should not happen there. */
const open = async (name, options = {}) => {
  const context = await browser.newContext({ viewport: desk, ...options });
  const page = await context.newPage();
  const trouble = [];
  page.on('console', (message) => trouble.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => trouble.push(`error: ${error.message}`));
  page.on('dialog', (dialog) => {
    trouble.push(`dialog: ${dialog.message()}`);
    return dialog.dismiss();
  });
  page.on('request', (request) => {
    const url = request.url();
    if (url !== address(name) && !url.startsWith('data:')) trouble.push(`request: ${url}`);
  });
  await page.goto(address(name));
  return { page, trouble, close: () => context.close() };
};

const violations = async (page) => {
  await page.evaluate(axe);
  const { violations: found } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  return found.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.slice(0, 3).map((node) => node.html).join(' | ')}`);
};

const column = (page, position) => page.$$eval(
  '.browse tbody tr',
  (rows, at) => rows.filter((row) => row.checkVisibility()).map((row) => row.cells[at].textContent),
  position,
);
const titles = (page) => page.$$eval('.browse thead th', (cells) => cells.map((cell) => cell.textContent));
const amount = (text) => Number(text.replace(/[^0-9.-]/g, ''));
const background = (page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);

for (const name of pages) {
  for (const [viewport, size] of [[desk, 'desk'], [phone, 'phone']]) {
    for (const colorScheme of ['light', 'dark']) {
      test(`${name} is sound and accessible: ${size}, ${colorScheme}`, async () => {
        const { page, trouble, close } = await open(name, { viewport, colorScheme });
        assert.deepEqual(await violations(page), []);
        const width = await page.evaluate(() => document.documentElement.scrollWidth);
        assert.ok(width <= viewport.width, `the page is ${width} pixels wide`);
        assert.deepEqual(trouble, []);
        await close();
      });
    }
  }
}

test('the dark theme is dark, and the button overrules the system', async () => {
  const { page, trouble, close } = await open('briefing', { colorScheme: 'light' });
  const light = await background(page);
  const button = page.locator('#theme');
  const seen = [];
  for (let press = 0; press < 3; press += 1) {
    await button.click();
    seen.push([await button.textContent(), await background(page)]);
  }
  await page.emulateMedia({ colorScheme: 'dark' });
  const dark = await background(page);
  assert.notEqual(light, dark);
  assert.deepEqual(seen, [['Theme: light', light], ['Theme: dark', dark], ['Theme: system', light]]);
  assert.deepEqual(trouble, []);
  await close();
});

test('a click on a title sorts, a second one turns the order', async () => {
  const { page, trouble, close } = await open('briefing');
  const names = await titles(page);
  const at = names.indexOf('ARR');
  const header = page.locator('.browse thead th').nth(at);
  const before = (await column(page, at)).map(amount);
  for (const [direction, sign] of [['descending', -1], ['ascending', 1], ['descending', -1]]) {
    await header.getByRole('button').click();
    assert.equal(await header.getAttribute('aria-sort'), direction);
    const found = (await column(page, at)).map(amount);
    assert.deepEqual(found, [...before].sort((a, b) => sign * (a - b)));
  }
  assert.equal(await page.locator('.browse [aria-sort]').count(), 1);
  assert.deepEqual(trouble, []);
  await close();
});

test('words sort by their meaning, renewals by their day, and what is unknown comes last', async () => {
  const { page, close } = await open('briefing');
  const names = await titles(page);
  const sorted = async (title) => {
    const at = names.indexOf(title);
    await page.locator('.browse thead th').nth(at).getByRole('button').click();
    return column(page, at);
  };
  const ranks = { Green: 0, Yellow: 1, Red: 2 };
  const bands = (await sorted('Band')).map((band) => ranks[band]);
  assert.deepEqual(bands, [...bands].sort());
  assert.ok(new Set(bands).size > 1);
  const renewals = await sorted('Renewal');
  assert.match(renewals[0], /^overdue/);
  const courses = await page.$$eval('.browse tbody tr', (rows) => rows.length);
  assert.equal(courses, renewals.length);
  await close();
});

test('what is a word of several can be chosen', async () => {
  for (const [name, chosen] of [['briefing', 4], ['health', 4], ['expand', 1]]) {
    const { page, close } = await open(name);
    const labels = await page.$$eval('.tools label:has(select)', (found) => found.map((label) => label.firstChild.textContent));
    const words = await page.$$eval('.browse [data-words]', (found) => found.map((header) => header.textContent));
    assert.deepEqual(labels, words, name);
    assert.equal(labels.length, chosen, name);
    await close();
  }
});

test('figures sort by their number, whatever stands around it', async () => {
  const { page, close } = await open('expand');
  const at = (await titles(page)).indexOf('Modules');
  await page.locator('.browse thead th').nth(at).getByRole('button').click();
  const adopted = (await column(page, at)).map((text) => Number(text.split('/')[0]));
  assert.deepEqual(adopted, [...adopted].sort((a, b) => b - a));
  assert.ok(new Set(adopted).size > 2);
  await close();
});

test('typing filters, and the number of rows is said', async () => {
  const { page, trouble, close } = await open('briefing');
  const input = page.getByLabel('Filter');
  const status = page.locator('.browse [role=status]');
  const all = (await column(page, 0)).length;
  assert.equal(await status.textContent(), `${all} rows`);
  await input.pressSequentially('COPPER');
  await page.waitForFunction((text) => document.querySelector('.browse [role=status]').textContent === text, `1 of ${all} rows`);
  assert.deepEqual(await column(page, 0), ['Copperwren Studio']);
  await input.fill('no such account');
  await page.waitForFunction((text) => document.querySelector('.browse [role=status]').textContent === text, `0 of ${all} rows`);
  await input.fill('');
  await page.getByLabel('Band').selectOption('Red');
  const at = (await titles(page)).indexOf('Band');
  const bands = await column(page, at);
  assert.ok(bands.length > 0 && bands.length < all && bands.every((band) => band === 'Red'));
  assert.deepEqual(trouble, []);
  await close();
});

test('the keyboard reaches the content, the titles and the theme', async () => {
  const { page, trouble, close } = await open('briefing');
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.className), 'skip');
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'content');
  await page.keyboard.press('Shift+Tab');
  const button = page.locator('.browse thead th').first().getByRole('button');
  await button.focus();
  const outline = await button.evaluate((element) => getComputedStyle(element).outlineStyle);
  assert.equal(outline, 'solid');
  await page.keyboard.press('Enter');
  const names = await column(page, 0);
  assert.deepEqual(names, [...names].sort(new Intl.Collator().compare));
  await page.locator('#theme').focus();
  await page.keyboard.press('Space');
  assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), 'light');
  assert.deepEqual(trouble, []);
  await close();
});

test('paper has all of the content and none of the controls, in light colours', async () => {
  const { page, trouble, close } = await open('briefing', { colorScheme: 'dark' });
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  for (const control of ['nav', '.tools', '#theme', '.skip']) {
    assert.equal(await page.locator(control).first().isVisible(), false, control);
  }
  assert.equal(await background(page), 'rgb(255, 255, 255)');
  const head = await page.$eval('.browse thead', (element) => getComputedStyle(element).display);
  assert.equal(head, 'table-header-group');
  for (const [format, sheet] of [['A4', /\/MediaBox ?\[0 0 59[45](\.\d+)? 84[12](\.\d+)?\]/], ['Letter', /\/MediaBox ?\[0 0 612 792\]/]]) {
    const pdf = (await page.pdf({ format, printBackground: true })).toString('latin1');
    assert.match(pdf, sheet, format);
  }
  assert.deepEqual(trouble, []);
  await close();
});

test('all rows of a long table are there to sort, to filter and to print', async () => {
  const { page, trouble, close } = await open('long');
  const visible = () => page.$$eval('.browse tbody tr', (rows) => rows.filter((row) => row.checkVisibility()).length);
  assert.equal(await page.locator('.browse tbody tr').count(), 450);
  assert.equal(await visible(), 200);
  await page.getByRole('button', { name: 'Show more rows' }).press('Enter');
  assert.ok(await visible() >= 400);
  await page.getByLabel('Filter').fill('C-449');
  await page.waitForFunction(() => document.querySelector('.browse [role=status]').textContent === '1 of 450 rows');
  assert.equal(await visible(), 1);
  await page.getByLabel('Filter').fill('');
  await page.waitForFunction(() => document.querySelector('.browse [role=status]').textContent === '450 rows');
  await page.emulateMedia({ media: 'print' });
  assert.equal(await visible(), 450);
  assert.deepEqual(trouble, []);
  await close();
});

test('all is readable without script', async () => {
  for (const [name, rows] of [['briefing', 7], ['long', 450]]) {
    const { page, close } = await open(name, { javaScriptEnabled: false });
    assert.equal(await page.locator('.browse tbody tr').count(), rows);
    assert.ok(await page.locator('.browse tbody tr').last().isVisible());
    assert.equal(await page.locator('.tools').first().isVisible(), false);
    assert.equal(await page.locator('#theme').isVisible(), false);
    await close();
  }
});

test('text from the data stays text', async () => {
  const { page, trouble, close } = await open('hostile');
  assert.equal(await page.locator('script').count(), 1);
  assert.equal(await page.locator('img, iframe, form, object, base').count(), 0);
  const links = await page.$$eval('a', (found) => found.map((link) => link.getAttribute('href')));
  assert.ok(links.every((link) => link.startsWith('#')), links.join(' '));
  assert.ok((await column(page, 0)).some((name) => name.includes('<script>alert(1)</script>')));
  assert.doesNotMatch(await page.content(), /[\u202a-\u202e\u2066-\u2069\u0007\u001b]/);
  assert.deepEqual(trouble, []);
  await close();
});
