
'use strict';
(() => {
  const page = document.documentElement;
  const byId = (id) => document.getElementById(id);
  const all = (where, what) => [...where.querySelectorAll(what)];
  const make = (name, words) => Object.assign(document.createElement(name), { textContent: words });
  const maps = all(document, '.treemap');
  const details = byId('details');
  page.classList.add('live');

  // The theme of the system, until somebody chooses.
  const theme = byId('theme');
  const system = matchMedia('(prefers-color-scheme: dark)');
  const isDark = () => (page.dataset.theme ? page.dataset.theme === 'dark' : system.matches);
  const nameTheme = () => { theme.textContent = isDark() ? 'Light' : 'Dark'; };
  theme.addEventListener('click', () => { page.dataset.theme = isDark() ? 'light' : 'dark'; nameTheme(); });
  system.addEventListener('change', nameTheme);
  nameTheme();
  if (!details) return;

  // What is said of each cell is in its title; the details show it in place of the browser's own hint.
  const said = new Map();
  for (const cell of all(document, '.treemap .cell')) {
    const title = cell.querySelector('title');
    said.set(cell, title.textContent.split('\n'));
    cell.setAttribute('role', 'button');
    cell.setAttribute('tabindex', '-1');
    cell.setAttribute('aria-label', said.get(cell).join(', '));
    title.remove();
  }

  let pinned = null;
  let shown = null;
  const show = (cell) => {
    if (cell === shown) return;
    shown = cell;
    const [name, ...rest] = said.get(cell);
    details.replaceChildren(make('h3', name), ...rest.map((line) => make('p', line)));
    if (cell.dataset.zone) {
      const link = Object.assign(make('a', 'why it is a zone'), { href: `#zone-at-${cell.dataset.zone}` });
      details.lastElementChild.append(link);
    }
    if (cell.classList.contains('part')) {
      const files = all(cell.parentNode, '.file');
      const heat = (file) => Number(/ h(\d)/.exec(file.getAttribute('class'))?.[1] ?? 0);
      const warm = files.filter((file) => heat(file) > 2).sort((a, b) => heat(b) - heat(a)).slice(0, 5);
      const names = warm.map((file) => said.get(file)[0].split('/').pop());
      if (names.length) details.append(make('p', `warmest files: ${names.join(', ')}`));
    }
  };
  const pin = (cell) => {
    pinned?.removeAttribute('aria-current');
    pinned = cell;
    pinned?.setAttribute('aria-current', 'true');
    if (cell) show(cell);
  };

  // One cell of a map can be reached with Tab; arrows move from there.
  const cells = (map) => {
    const open = map.querySelector('.component.open');
    return open ? all(open, '.cell') : all(map, '.part');
  };
  const stop = (map, cell) => {
    for (const other of all(map, '.cell[tabindex="0"]')) other.setAttribute('tabindex', '-1');
    cell?.setAttribute('tabindex', '0');
  };
  const go = (map, cell) => { if (cell) { stop(map, cell); cell.focus(); } };
  const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const next = (map, from, [right, down]) => {
    const middle = (cell) => {
      const box = cell.firstElementChild.getBoundingClientRect();
      return [box.x + box.width / 2, box.y + box.height / 2];
    };
    const [x, y] = middle(from);
    let best = null;
    for (const cell of cells(map)) {
      const [toX, toY] = middle(cell);
      const ahead = (toX - x) * right + (toY - y) * down;
      const aside = Math.abs((toX - x) * down) + Math.abs((toY - y) * right);
      const cost = ahead + 2 * aside;
      if (cell !== from && ahead > 0.5 && (!best || cost < best.cost)) best = { cell, cost };
    }
    return best?.cell;
  };

  // A component is opened by looking at its part of the drawing; words are set anew, at their own size.
  const whole = byId('whole');
  const close = (map) => {
    const open = map.querySelector('.component.open');
    if (!open) return null;
    all(map, '.near').forEach((words) => words.remove());
    open.classList.remove('open');
    map.classList.remove('zoomed');
    map.setAttribute('viewBox', map.dataset.whole);
    map.removeAttribute('preserveAspectRatio');
    whole.hidden = true;
    return open.querySelector('.part');
  };
  const open = (map, component) => {
    close(map);
    map.dataset.whole ??= map.getAttribute('viewBox');
    const box = component.querySelector('.ground').getBBox();
    map.setAttribute('viewBox', `${box.x} ${box.y} ${box.width} ${box.height}`);
    const [, , width, height] = map.dataset.whole.split(' ').map(Number);
    map.style.aspectRatio = `${width} / ${height}`;
    map.setAttribute('preserveAspectRatio', 'none');
    map.classList.add('zoomed');
    component.classList.add('open');
    whole.hidden = false;
    all(component, '.cell').forEach((cell) => label(cell, map.clientWidth / box.width, map.clientHeight / box.height));
  };
  const label = (cell, wide, high) => {
    const box = cell.querySelector('rect').getBBox();
    if (box.height * high < 16) return;
    const words = document.createElementNS(cell.namespaceURI, 'text');
    words.setAttribute('class', 'near');
    words.setAttribute('transform', `translate(${box.x + 5 / wide} ${box.y + 14 / high}) scale(${1 / wide} ${1 / high})`);
    const name = said.get(cell)[0];
    const last = cell.classList.contains('part') ? name : name.split('/').pop();
    let text = last;
    words.textContent = text;
    cell.append(words);
    while (text && words.getComputedTextLength() > box.width * wide - 10) {
      text = text.slice(0, -1);
      words.textContent = `${text}…`;
    }
    if (text.length < 4 && text !== last) words.remove();
  };
  const press = (map, cell) => {
    const component = cell.parentNode;
    pin(cell);
    if (!cell.classList.contains('part')) return stop(map, cell);
    if (component.classList.contains('open')) return go(map, close(map));
    if (!component.querySelector('.file')) return stop(map, cell);
    open(map, component);
    go(map, component.querySelector('.file'));
  };

  for (const map of maps) {
    map.setAttribute('role', 'group');
    map.setAttribute('aria-label', `${map.getAttribute('aria-label')}; arrow keys move, Enter opens, Escape goes back`);
    stop(map, map.querySelector('.part'));
    const cellOf = (event) => event.target.closest('.cell');
    // A page that scrolls beneath the pointer does not point at anything.
    const isMoved = (event) => event.movementX !== 0 || event.movementY !== 0;
    map.addEventListener('pointermove', (event) => { if (isMoved(event) && cellOf(event)) show(cellOf(event)); });
    map.addEventListener('pointerleave', () => { if (pinned) show(pinned); });
    map.addEventListener('focusin', (event) => { if (cellOf(event)) show(cellOf(event)); });
    map.addEventListener('click', (event) => { if (cellOf(event)) press(map, cellOf(event)); });
    map.addEventListener('keydown', (event) => {
      const cell = cellOf(event);
      if (!cell || event.ctrlKey || event.metaKey || event.altKey) return;
      if (ways[event.key]) go(map, next(map, cell, ways[event.key]));
      else if (event.key === 'Enter' || event.key === ' ') press(map, cell);
      else if (event.key === 'Escape') { pin(null); go(map, close(map)); }
      else return;
      event.preventDefault();
    });
  }
  whole.addEventListener('click', () => maps.forEach((map) => { const part = close(map); if (part) go(map, part); }));

  // Words that a cell's text must hold, all of them.
  const filter = byId('filter');
  const found = byId('found');
  filter.addEventListener('input', () => {
    const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    const holds = (cell) => { const text = said.get(cell).join(' ').toLowerCase(); return words.every((word) => text.includes(word)); };
    for (const map of maps) {
      const files = all(map, '.file');
      const hits = files.filter((file) => { const hit = holds(file); file.classList.toggle('dim', !hit); return hit; });
      all(map, '.rest').forEach((rest) => rest.classList.toggle('dim', words.length > 0));
      for (const part of all(map, '.part')) {
        part.classList.toggle('dim', !holds(part) && !part.parentNode.querySelector('.file:not(.dim)'));
      }
      if (map.getClientRects().length) found.textContent = words.length ? `${hits.length} of ${files.length} drawn files` : '';
    }
  });

  // A zone's files on the map.
  const picks = all(document, '.pick');
  for (const pick of picks) {
    pick.addEventListener('click', () => {
      const on = pick.getAttribute('aria-pressed') !== 'true';
      picks.forEach((other) => other.setAttribute('aria-pressed', String(on && other === pick)));
      for (const map of maps) {
        close(map);
        all(map, '.file').forEach((file) => file.classList.toggle('picked', on && file.dataset.zone === pick.dataset.pick));
        map.classList.toggle('picking', Boolean(map.querySelector('.picked')));
      }
      if (!on) return;
      shown = null;
      const zone = pick.closest('.zone');
      const drawn = maps.filter((map) => map.getClientRects().length).flatMap((map) => all(map, '.picked')).length;
      const outcome = drawn ? `outlined: ${drawn} of its files` : 'its files do not ship, or are among the gathered ones';
      const [place, why] = ['h3', 'p'].map((what) => zone.querySelector(what).textContent);
      details.replaceChildren(make('h3', place), make('p', why), make('p', outcome));
      details.scrollIntoView({ block: 'end' });
    });
  }
})();
