// The page is whole without this: it only sorts and filters tables, switches the theme and follows the reader in the links.
'use strict';
(() => {
  const root = document.documentElement;
  // Rows beyond the first are not laid out until the reader comes to them: a browser takes seconds for thousands.
  const step = 200;
  root.classList.add('reading');
  const themes = { auto: 'Theme: system', light: 'Theme: light', dark: 'Theme: dark' };
  const names = Object.keys(themes);
  let theme = 'auto';
  // Some browsers refuse to store anything for a page that is opened from disk.
  const stored = (write) => {
    try { return write(window.localStorage); } catch { return null; }
  };
  const show = (name) => {
    theme = names.includes(name) ? name : 'auto';
    if (theme === 'auto') delete root.dataset.theme; else root.dataset.theme = theme;
  };
  show(stored((storage) => storage.getItem('csm-theme')));

  const element = (name, properties, ...children) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  };

  const switchTheme = (button) => {
    const label = () => { button.textContent = themes[theme]; };
    button.hidden = false;
    label();
    button.addEventListener('click', () => {
      show(names[(names.indexOf(theme) + 1) % names.length]);
      stored((storage) => storage.setItem('csm-theme', theme));
      label();
    });
  };

  const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });
  const number = (cell) => {
    if (cell.dataset.v) return Number(cell.dataset.v);
    // The first number, whatever currency stands between it and its sign.
    const found = cell.textContent.replaceAll(',', '').match(/(-?)[^0-9-]*(\d+(?:\.\d+)?)/);
    return found && Number(found[1] + found[2]);
  };

  // What the cells of a column are ordered by: the place of a word, a number, or the text. What is empty has none.
  const keys = (header, rows) => {
    const column = header.cellIndex;
    const words = header.dataset.words?.split('|');
    const cells = rows.map((row) => row.cells[column]);
    if (words) return cells.map((cell) => words.indexOf(cell.textContent)).map((place) => (place < 0 ? null : place));
    if (header.classList.contains('n') || cells.some((cell) => cell.dataset.v)) return cells.map(number);
    return cells.map((cell) => cell.textContent || null);
  };

  const browse = (box) => {
    const table = box.querySelector('table');
    const body = table.tBodies[0];
    const rows = [...body.rows];
    const tools = box.querySelector('.tools');
    const input = tools.querySelector('input');
    const status = tools.querySelector('[role=status]');
    const headers = [...table.tHead.rows[0].cells];
    const texts = rows.map((row) => [...row.cells].map((cell) => cell.textContent).join('\n').toLowerCase());
    const chosen = new Map();

    let order = rows.map((_, position) => position);
    let limit = step;
    const more = element('button', { type: 'button', className: 'more' }, 'Show more rows');
    box.querySelector('.scroll').append(more);

    // Hides what does not fit, and sets the rows beyond the limit aside. A printed table has these too.
    const lay = () => {
      let shown = 0;
      for (const position of order) {
        const row = rows[position];
        if (!row.hidden) shown += 1;
        row.classList.toggle('o', shown > limit);
      }
      more.hidden = shown <= limit;
      return shown;
    };

    const filter = () => {
      const parts = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      rows.forEach((row, position) => {
        row.hidden = !(parts.every((part) => texts[position].includes(part))
          && [...chosen].every(([column, word]) => row.cells[column].textContent === word));
      });
      limit = step;
      const shown = lay();
      status.textContent = shown === rows.length
        ? `${rows.length.toLocaleString('en')} rows`
        : `${shown.toLocaleString('en')} of ${rows.length.toLocaleString('en')} rows`;
    };

    const sort = (header, descending) => {
      for (const other of headers) other.removeAttribute('aria-sort');
      header.setAttribute('aria-sort', descending ? 'descending' : 'ascending');
      const by = keys(header, rows);
      const sign = descending ? -1 : 1;
      order = rows.map((_, position) => position);
      order.sort((a, b) => {
        const [left, right] = [by[a], by[b]];
        if (left === null || right === null) return (left === null) - (right === null);
        return sign * (typeof left === 'string' ? collator.compare(left, right) : left - right);
      });
      const sorted = document.createDocumentFragment();
      for (const position of order) sorted.append(rows[position]);
      limit = step;
      lay();
      body.append(sorted);
    };

    for (const header of headers) {
      const button = element('button', { type: 'button' }, header.textContent);
      button.addEventListener('click', () => {
        // Figures are of interest from the largest, all else from the first.
        const first = header.classList.contains('n') ? 'descending' : 'ascending';
        const now = header.getAttribute('aria-sort');
        sort(header, now === null ? first === 'descending' : now === 'ascending');
      });
      header.replaceChildren(button);
      if (header.dataset.words) {
        const title = button.textContent;
        const select = element('select', {}, element('option', { value: '' }, 'all'));
        const present = new Set(rows.map((row) => row.cells[header.cellIndex].textContent));
        const words = header.dataset.words.split('|').filter((word) => present.has(word));
        if (words.length < 2) continue;
        for (const word of words) select.append(element('option', { value: word }, word));
        select.addEventListener('change', () => {
          if (select.value) chosen.set(header.cellIndex, select.value); else chosen.delete(header.cellIndex);
          filter();
        });
        tools.insertBefore(element('label', {}, title, select), status);
      }
    }
    more.addEventListener('click', () => {
      limit += step;
      lay();
    });
    new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting)) more.click();
    }, { root: box.querySelector('.scroll'), rootMargin: '400px' }).observe(more);
    let waiting = 0;
    input.addEventListener('input', () => {
      window.clearTimeout(waiting);
      waiting = window.setTimeout(filter, rows.length > 1000 ? 120 : 0);
    });
    tools.hidden = false;
    filter();
  };

  // What is wider or higher than its box can be scrolled by keyboard too.
  const scrollable = (boxes) => {
    const look = () => {
      for (const box of boxes) {
        if (box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight) {
          box.tabIndex = 0;
          box.setAttribute('role', 'group');
          box.setAttribute('aria-label', box.querySelector('caption').textContent);
        } else {
          for (const name of ['tabindex', 'role', 'aria-label']) box.removeAttribute(name);
        }
      }
    };
    look();
    window.addEventListener('resize', look);
  };

  const follow = (links) => {
    const observer = new IntersectionObserver((entries) => {
      for (const entry of entries) entry.target.toggleAttribute('data-seen', entry.isIntersecting);
      const first = [...links.keys()].find((section) => section.hasAttribute('data-seen'));
      for (const [section, link] of links) {
        if (section === first) link.setAttribute('aria-current', 'true'); else link.removeAttribute('aria-current');
      }
    }, { rootMargin: '-10% 0px -50% 0px' });
    for (const section of links.keys()) observer.observe(section);
  };

  document.addEventListener('DOMContentLoaded', () => {
    switchTheme(document.getElementById('theme'));
    document.querySelectorAll('.browse').forEach(browse);
    root.classList.remove('reading');
    scrollable(document.querySelectorAll('.scroll'));
    const links = [...document.querySelectorAll('nav a')];
    follow(new Map(links.map((link) => [document.getElementById(link.hash.slice(1)).closest('section'), link])));
  });
})();
