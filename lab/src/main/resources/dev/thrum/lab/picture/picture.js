'use strict';
(() => {
  const data = JSON.parse(document.getElementById('data').textContent);
  const at = id => document.getElementById(id);
  const { threads, rows } = data;
  // What most events don't have is left out.
  const events = data.events.map(event => {
    const whole = { row: -1, to: -1, line: 0, bad: false, rows: [], threads: [], ...event };
    for (const key of ['first', 'second', 'say']) whole[key] = data.texts[whole[key]];
    whole.threads = whole.threads.map(hand => ({ ...hand, copy: data.texts[hand.copy], waits: data.texts[hand.waits] }));
    return whole;
  });
  const stuck = data.stuck.map(Number);
  const last = events.length;
  const COLOURS = 6;
  // Sizes in CSS pixels.
  const WIDE = 112, NARROW = 90, FOLD = 60, END = 126, LANE = 58, ROW = 46, GAP = 36, TOP = 26, INDENT = 24;
  const MOST = 12, LEAST = 5;
  const colour = thread => thread < 0 ? '' : ` t${thread % COLOURS}`;

  // How things are after each number of events.
  const states = [{
    rows: rows.map(row => ({ value: row.start, who: -1 })),
    threads: threads.map(() => ({ copy: '', stale: false, waits: '' })),
  }];
  for (const event of events) {
    const state = structuredClone(states.at(-1));
    for (const { i, ...rest } of event.rows) state.rows[i] = rest;
    for (const { i, ...rest } of event.threads) state.threads[i] = rest;
    states.push(state);
  }

  const svg = (parent, name, attributes, text) => {
    const element = document.createElementNS('http://www.w3.org/2000/svg', name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    if (text !== undefined) element.textContent = text;
    parent.append(element);
    return element;
  };
  const SQUEEZED = 0.8;
  /** A text that is squeezed a little, or else cut, to fit into a width; all of it is in its title. */
  const fitted = (parent, attributes, text, width) => {
    const element = svg(parent, 'text', attributes, text);
    const length = element.getComputedTextLength();
    if (length <= width) return element;
    if (length * SQUEEZED > width) {
      let most = text.length;
      while (most > 1 && element.getComputedTextLength() > width) element.textContent = `${text.slice(0, --most)}…`;
      svg(element, 'title', {}, text);
    } else {
      element.setAttribute('textLength', width);
      element.setAttribute('lengthAdjust', 'spacingAndGlyphs');
    }
    return element;
  };

  // The upper half of the threads is above what they share, the lower half below.
  const above = Math.ceil(threads.length / 2);
  const laneY = thread => thread < above
    ? TOP + thread * (LANE + 8)
    : TOP + above * (LANE + 8) - 8 + 2 * GAP + rows.length * (ROW + 8) - 8 + (thread - above) * (LANE + 8);
  const rowY = row => TOP + above * (LANE + 8) - 8 + GAP + row * (ROW + 8);
  const height = threads.length === 1
    ? rowY(Math.max(0, rows.length - 1)) + ROW + 12
    : laneY(threads.length - 1) + LANE + 12;

  // Of what matters little, the nearest is shown.
  let stepWidth = WIDE;
  const worth = i => Math.max(2, events[i].weight);
  /** Which events have a column of their own when so many have happened: those around it, and those that matter most. */
  const columns = (done, most) => {
    const shown = new Set();
    if (last <= most) {
      for (let i = 0; i < last; i++) shown.add(i);
    } else {
      for (const i of [done - 1, done - 2, done, done - 3].slice(0, most / 2)) if (i >= 0 && i < last) shown.add(i);
      const rest = [...events.keys()].sort((a, b) => worth(b) - worth(a) || Math.abs(a - done) - Math.abs(b - done));
      for (const i of rest) if (shown.size < most) shown.add(i);
    }
    const found = [];
    for (let i = 0; i < last; i++) {
      const before = found.at(-1);
      if (shown.has(i)) found.push({ from: i, to: i + 1, fold: false });
      else if (before && before.fold) before.to = i + 1;
      else found.push({ from: i, to: i + 1, fold: true });
    }
    let x = 6;
    for (const column of found) {
      column.x = x;
      column.width = column.fold ? FOLD : stepWidth;
      x += column.width;
    }
    return found;
  };

  const drawLabels = narrow => {
    const width = narrow ? 76 : 96;
    at('labels').replaceChildren();
    const root = svg(at('labels'), 'svg', { width, height, role: 'img', 'aria-label': `Rows: ${[...threads, ...rows.map(row => row.name)].join(', ')}` });
    const label = (y, name, kind, style) => {
      fitted(root, { x: 8, y: y - 1, class: style }, name, width - 14);
      svg(root, 'text', { x: 8, y: y + 14, class: 'dim small' }, kind);
    };
    svg(root, 'text', { x: 8, y: 16, class: 'dim small' }, 'step');
    threads.forEach((name, i) => label(laneY(i) + LANE / 2, name, 'thread', `strong own${colour(i)}`));
    rows.forEach((row, i) => label(rowY(i) + ROW / 2, row.name, row.lock ? 'a lock' : 'shared', 'strong mono'));
  };

  const arrow = (root, x, from, to, style) => {
    const down = to > from ? 1 : -1;
    svg(root, 'path', { d: `M${x} ${from}V${to - 8 * down}`, class: `arrow ${style}` });
    svg(root, 'path', { d: `M${x} ${to}l-5 ${-9 * down}h10z`, class: `head ${style}` });
  };

  const drawArrow = (root, event, x, style) => {
    const y = laneY(event.thread);
    if (event.row >= 0) {
      const top = event.thread < above;
      const lane = top ? y + LANE - 5 : y + 5;
      const row = top ? rowY(event.row) : rowY(event.row) + ROW;
      arrow(root, x, event.kind === 'read' ? row : lane, event.kind === 'read' ? lane : row, style);
    } else if (event.to >= 0 && event.to !== event.thread) {
      const down = event.to > event.thread;
      arrow(root, x, down ? y + LANE - 5 : y + 5, down ? laneY(event.to) : laneY(event.to) + LANE, style);
    }
  };

  const drawBox = (root, column, current) => {
    const event = events[column.from];
    const y = laneY(event.thread), middle = column.x + stepWidth / 2;
    const waits = event.kind === 'wait', bad = event.bad && !waits;
    const style = (waits ? 'wait' : bad ? 'bad' : '') + colour(event.thread);
    const group = svg(root, 'g', { class: colour(event.thread).trim() });
    svg(group, 'title', {}, event.say);
    svg(group, 'rect', { x: column.x + 4, y: y + 4, width: stepWidth - 8, height: LANE - 8, rx: 7, class: `box ${style}${current ? ' now' : ''}`, ...(waits && { style: 'fill:url(#hatch)' }) });
    if (waits) svg(group, 'rect', { x: column.x + 12, y: y + 10, width: stepWidth - 24, height: LANE - 20, rx: 4, class: 'plate' });
    const room = stepWidth - (waits ? 26 : 14);
    const tone = waits || bad ? 'red' : 'own';
    if (event.second === '') {
      fitted(group, { x: middle, y: y + LANE / 2 + 5, class: `middle strong ${tone}` }, event.first, room);
    } else {
      fitted(group, { x: middle, y: y + LANE / 2 - 4, class: 'middle' }, event.first, room);
      fitted(group, { x: middle, y: y + LANE / 2 + 14, class: `middle strong ${tone}` }, event.second, room);
    }
    drawArrow(root, event, column.x + INDENT, style.trim());
  };

  /** What a thread has in hand, or that it waits, while another one runs. */
  const drawHand = (root, column, thread, state, before) => {
    const hand = state.threads[thread], y = laneY(thread), x = column.x + column.width / 2;
    if (hand.waits !== '') {
      svg(root, 'rect', { x: column.x, y: y + 4, width: column.width, height: LANE - 8, style: 'fill:url(#hatch)' });
    } else if (hand.copy !== '' && !column.fold) {
      const value = fitted(root, { x: x + 6, y: y + LANE / 2 - 4, class: `middle small halo ${hand.stale ? 'red' : 'dim'}` }, `copy: ${hand.copy.replace(/^.*? = /, '')}`, stepWidth - 12);
      svg(value, 'title', {}, `copy of ${hand.copy}`);
      if (hand.stale) svg(root, 'text', { x: x + 6, y: y + LANE / 2 + 13, class: `middle red halo ${before.threads[thread].stale ? 'small' : 'strong'}` }, 'out of date');
    }
  };

  const drawFold = (root, column) => {
    const counts = threads.map(() => 0);
    for (let i = column.from; i < column.to; i++) counts[events[i].thread]++;
    const middle = column.x + FOLD / 2;
    svg(root, 'path', { d: `M${middle} ${TOP - 4}V${height - 6}`, class: 'fold' });
    svg(root, 'text', { x: middle, y: 16, class: 'dim small middle' }, column.to - column.from === 1 ? column.from + 1 : `${column.from + 1}–${column.to}`);
    counts.forEach((count, thread) => {
      if (count > 0) {
        const y = laneY(thread) + LANE / 2;
        svg(root, 'text', { x: middle, y: y - 3, class: 'middle halo strong small' }, `${count} more`);
        fitted(root, { x: middle, y: y + 13, class: `middle halo small own${colour(thread)}` }, `of ${threads[thread]}`, FOLD - 2);
      }
    });
  };

  // Columns between the labels of a long bar.
  const BETWEEN = 4;
  /** The row of something shared: a bar for each thread that has written it, or holds it. */
  const drawRow = (root, row, drawn) => {
    const y = rowY(row), { lock } = rows[row];
    let bar = null;
    for (const [i, column] of drawn.entries()) {
      const { value, who } = states[column.to].rows[row];
      if (bar === null || bar.who !== who) {
        bar = { who, width: 0, labelled: -BETWEEN };
        if (who >= 0) bar.element = svg(root, 'rect', { x: column.x + 1, y: y + 1, width: 1, height: ROW - 2, rx: 6, class: `bar${lock ? ' lock' : ''}${colour(who)}` });
      }
      bar.width += column.width;
      if (bar.element) bar.element.setAttribute('width', bar.width - 2);
      if (lock) {
        const next = drawn[i + 1];
        const space = (next && states[next.to].rows[row].who === who ? column.width + next.width : column.width) - 14;
        if (!column.fold && i - bar.labelled >= BETWEEN) {
          fitted(root, { x: column.x + (who < 0 ? INDENT + 14 : 9), y: y + ROW / 2 + 5, class: who < 0 ? 'dim' : `strong own${colour(who)}` }, who < 0 ? 'free' : `held by ${threads[who]}`, space);
          bar.labelled = i;
        }
      } else {
        const right = column.x + column.width - 9, space = column.width - (column.fold ? 14 : INDENT + 18);
        fitted(root, { x: right, y: y + ROW / 2 + (who < 0 ? 6 : 1), class: 'value end' }, value, space);
        if (who >= 0) fitted(root, { x: right, y: y + ROW / 2 + 16, class: `end small own${colour(who)}` }, `by ${threads[who]}`, space);
      }
    }
  };

  const drawVerdict = (root, x) => {
    const say = (y, word, tone) => fitted(root, { x: x + 8, y: y + 5, class: `strong ${tone}` }, word, END - 10);
    if (data.word === '') {
      say(TOP + LANE / 2, '✓ right', 'green');
    } else if (data.row >= 0) {
      say(rowY(data.row) + ROW / 2, `✗ ${data.word}`, 'red');
    } else {
      for (const thread of stuck.length > 0 ? stuck : [0]) say(laneY(thread) + LANE / 2, `✗ ${data.word}`, 'red');
    }
  };

  const draw = done => {
    const box = at('lanes');
    const narrow = innerWidth < 600;
    drawLabels(narrow);
    const folds = last > MOST ? 3 * FOLD : 0;
    const room = box.clientWidth - END - folds - 6;
    const most = Math.min(last, MOST, Math.max(LEAST, Math.floor(room / NARROW)));
    stepWidth = Math.min(WIDE, Math.max(NARROW, Math.floor(room / Math.max(1, most))));
    const drawn = columns(done, most);
    const end = drawn.length > 0 ? drawn.at(-1).x + drawn.at(-1).width : 6;
    box.replaceChildren();
    const root = svg(box, 'svg', { viewBox: `0 0 ${end + END} ${height}`, width: end + END, height, role: 'img', 'aria-label': `${document.title}, step ${done} of ${last}`, 'aria-describedby': 'now' });
    const pattern = svg(svg(root, 'defs', {}), 'pattern', { id: 'hatch', class: 'hatch', width: 8, height: 8, patternUnits: 'userSpaceOnUse' });
    svg(pattern, 'rect', { width: 8, height: 8 });
    svg(pattern, 'path', { d: 'M-2 2l4 -4M0 8l8 -8M6 10l4 -4' });
    threads.forEach((_, i) => svg(root, 'rect', { x: 6, y: laneY(i), width: end - 6, height: LANE, rx: 7, class: 'lane' }));
    rows.forEach((row, i) => svg(root, 'rect', { x: 6, y: rowY(i), width: end - 6, height: ROW, rx: 7, class: `rail${row.lock ? ' lock' : ''}` }));
    const past = drawn.filter(column => column.to <= done);
    rows.forEach((_, i) => drawRow(root, i, past));
    for (const column of past) {
      threads.forEach((_, thread) => {
        if (column.fold || thread !== events[column.from].thread) drawHand(root, column, thread, states[column.to], states[column.from]);
      });
    }
    for (const column of drawn) {
      if (column.fold) drawFold(root, column);
      else {
        svg(root, 'text', { x: column.x + stepWidth / 2, y: 16, class: `small middle ${column.to === done ? 'strong' : 'dim'}` }, column.from + 1);
        if (column.to <= done) drawBox(root, column, column.to === done);
      }
    }
    const reached = past.length > 0 ? past.at(-1).x + past.at(-1).width : 6;
    if (done === last) drawVerdict(root, end);
    else svg(root, 'path', { d: `M${reached} ${TOP - 4}V${height - 4}`, class: 'cursor' });
    box.scrollLeft = done === last ? end + END : Math.max(0, reached + stepWidth / 2 - box.clientWidth);
  };

  const sayNow = done => {
    const now = at('now'), event = events[done - 1];
    now.className = event ? (event.bad || (done === last && data.word !== '') ? 'bad' : colour(event.thread).trim()) : '';
    now.replaceChildren(event ? `Step ${done}: ${event.say}` : 'Before the first step.');
    if (done === last) {
      const strong = document.createElement('strong');
      // The verdict repeats the step that decides.
      strong.textContent = event && data.end !== event.say ? data.end.replace(event.say, '') : data.end;
      now.append(strong);
    }
  };

  const markSource = done => {
    const lines = new Map();
    for (let i = 0; i < done; i++) if (events[i].line > 0) lines.set(events[i].thread, events[i].line);
    const current = done > 0 ? events[done - 1] : null;
    for (const line of document.querySelectorAll('.line')) {
      const number = Number(line.dataset.line);
      line.className = 'line';
      const marks = line.querySelector('.marks');
      marks.replaceChildren();
      for (const [thread, where] of lines) {
        if (where !== number) continue;
        const mark = document.createElement('span');
        const waits = states[done].threads[thread].waits !== '';
        mark.className = colour(thread).trim();
        mark.textContent = threads[thread] + (waits ? '‖' : '▸');
        mark.title = threads[thread] + (waits ? ' waits here' : ' is here');
        marks.append(mark);
      }
      if (current && current.line === number) {
        line.className = `line here${colour(current.thread)}`;
        const frame = line.parentElement;
        const y = line.offsetTop - frame.offsetTop;
        if (y < frame.scrollTop || y > frame.scrollTop + frame.clientHeight - 40) frame.scrollTop = y - frame.clientHeight / 2;
      }
    }
  };

  let done = last;
  let timer = 0;
  const slider = at('step');
  const stop = () => {
    clearInterval(timer);
    timer = 0;
    at('play').textContent = 'Play';
  };
  const show = value => {
    done = Math.min(last, Math.max(0, value));
    slider.value = done;
    slider.setAttribute('aria-valuetext', `step ${done} of ${last}`);
    at('number').textContent = `${done} of ${last}`;
    at('back').disabled = done === 0;
    at('on').disabled = done === last;
    draw(done);
    sayNow(done);
    markSource(done);
    if (at('ring')) at('ring').hidden = done < last;
  };
  const step = by => {
    stop();
    show(done + by);
  };
  slider.addEventListener('input', () => step(Number(slider.value) - done));
  at('back').addEventListener('click', () => step(-1));
  at('on').addEventListener('click', () => step(1));
  at('play').addEventListener('click', () => {
    if (timer !== 0) return stop();
    at('play').textContent = 'Pause';
    show(done === last ? 0 : done + 1);
    timer = setInterval(() => done < last ? show(done + 1) : stop(), 1200);
  });
  addEventListener('keydown', event => {
    if (event.target === slider || event.altKey || event.ctrlKey || event.metaKey) return;
    const by = { ArrowLeft: -1, ArrowRight: 1, Home: -last, End: last }[event.key];
    if (by !== undefined) {
      event.preventDefault();
      step(by);
    }
  });
  const PAPER = 680;
  let opened = false;
  addEventListener('beforeprint', () => {
    const wide = at('labels').scrollWidth + at('lanes').scrollWidth;
    at('picture').style.zoom = Math.min(1, PAPER / wide);
    opened = at('text').open;
    at('text').open = true;
  });
  addEventListener('afterprint', () => {
    at('picture').style.zoom = '';
    at('text').open = opened;
  });
  addEventListener('resize', () => draw(done));
  // Room for the marks of all threads, so that the source stays where it is.
  document.documentElement.style.setProperty('--marks', `${Math.min(18, threads.join('').length + 2 * threads.length)}ch`);
  const wanted = /^#step=(\d+)$/.exec(location.hash);
  show(wanted ? Number(wanted[1]) : last);
})();
