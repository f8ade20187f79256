'use strict';
// Follows a training by server-sent events and sends commands. Texts go into the page as text only.
(() => {
  const at = id => document.getElementById(id);
  const colour = name => getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim();
  const short = value => {
    if (typeof value !== 'number') return '–';
    const size = Math.abs(value);
    return size !== 0 && (size < 1e-3 || size >= 1e7) ? value.toExponential(3) : String(Number(value.toPrecision(5)));
  };
  const PHASES = {
    training: 'training', paused: 'paused', evaluating: 'evaluating the result',
    done: 'done: the terminal has the results', failed: 'failed: the terminal says why',
  };
  const [EPOCH, RATE, LOSS, DEV, METRIC] = [0, 1, 2, 3, 4];
  const charts = new Map();
  let points = [];
  let state = null;
  let ended = false;
  let waits = false;
  let pause = 0;

  const chart = id => {
    if (!charts.has(id)) charts.set(id, echarts.init(at(id), null, {renderer: 'canvas'}));
    return charts.get(id);
  };

  const line = (name, column, tint) => ({
    name, type: 'line', showSymbol: points.length < 2, animation: false, sampling: 'lttb',
    lineStyle: {color: colour(tint), width: 1.5}, itemStyle: {color: colour(tint)},
    data: points.filter(p => p[column] !== null).map(p => [p[EPOCH], p[column]]),
  });

  const axis = extra => ({
    type: 'value', scale: true, axisLabel: {color: colour('faint'), formatter: short},
    axisLine: {lineStyle: {color: colour('line')}}, splitLine: {lineStyle: {color: colour('line')}}, ...extra,
  });

  const options = (series, y = {}) => ({
    animation: false,
    grid: {left: 8, right: 20, top: 34, bottom: 8, containLabel: true},
    legend: {textStyle: {color: colour('ink')}, show: series.length > 1, left: 'center', top: 4},
    tooltip: {trigger: 'axis', renderMode: 'richText', valueFormatter: short},
    xAxis: axis({minInterval: 1, splitLine: {show: false}}),
    yAxis: axis(y),
    series,
  });

  const label = (id, text) => at(id).setAttribute('aria-label', text);

  const draw = () => {
    const last = points.at(-1);
    const losses = [line('training', LOSS, 'c1')];
    if (points.some(p => p[DEV] !== null)) {
      const dev = line('dev', DEV, 'c2');
      if (state && state.bestEpoch > 0 && state.canRollBack) {
        dev.markLine = {silent: true, symbol: 'none', animation: false, data: [{xAxis: state.bestEpoch}],
          lineStyle: {color: colour('c3')}, label: {formatter: 'best', color: colour('c3')}};
      }
      losses.push(dev);
    }
    chart('loss').setOption(options(losses), true);
    chart('rates').setOption(options([line('rate', RATE, 'c3')], {type: 'log'}), true);
    const measured = points.some(p => p[METRIC] !== null);
    at('metric-figure').hidden = !measured;
    if (measured) {
      chart('metric').resize();
      chart('metric').setOption(options([line(state.metric, METRIC, 'c2')]), true);
      label('metric', `Dev ${state.metric} by epoch, now ${short(last[METRIC])}`);
    }
    if (last) {
      label('loss', `Training loss by epoch, now ${short(last[LOSS])}; dev loss, now ${short(last[DEV])}`);
      label('rates', `Learning rate by epoch, now ${short(last[RATE])}`);
    }
  };

  // Drawing takes no more than a twentieth of the time, and none while nobody looks.
  const drawSoon = () => {
    if (waits || !state) return;
    waits = true;
    setTimeout(() => requestAnimationFrame(() => {
      waits = false;
      const began = performance.now();
      draw();
      pause = Math.max(1000, 20 * (performance.now() - began));
    }), pause);
  };

  const facts = entries => at('facts').replaceChildren(...entries.map(([name, value]) => {
    const group = document.createElement('div');
    const dt = document.createElement('dt');
    const dd = document.createElement('dd');
    dt.textContent = name;
    dd.textContent = value;
    dd.dataset.fact = name;
    group.append(dt, dd);
    return group;
  }));

  const show = () => {
    at('phase').textContent = PHASES[state.phase] ?? state.phase;
    document.documentElement.dataset.phase = state.phase;
    const inEpoch = state.steps - state.epochs * state.stepsPerEpoch;
    at('progress').max = state.mostEpochs * state.stepsPerEpoch;
    at('progress').value = state.steps;
    const last = points.at(-1);
    facts([
      ['epoch', `${state.epochs} of ${state.mostEpochs}, step ${inEpoch} of ${state.stepsPerEpoch}`],
      ['steps', String(state.steps)],
      ['loss of the last step', short(state.loss)],
      ['dev loss', short(last?.[DEV])],
      ...(state.metric && last?.[METRIC] != null ? [['dev ' + state.metric, short(last[METRIC])]] : []),
      ['best epoch', state.canRollBack && state.bestEpoch > 0 ? String(state.bestEpoch) : '–'],
      ['rate', short(state.rate)],
      ['λ', state.l2.map(short).join(', ')],
      ['rows per second', short(Math.round(state.samplesPerSecond))],
    ]);
    for (const [id, value] of [['rate-value', state.rate], ['l2-value', state.l2[0]]]) {
      if (at(id).dataset.touched === undefined && document.activeElement !== at(id)) at(id).value = String(value);
    }
    const live = state.phase === 'training' || state.phase === 'paused';
    for (const button of document.querySelectorAll('button')) button.disabled = !live;
    at('pause').textContent = state.phase === 'paused' ? 'Go on' : 'Pause';
    at('rollBack').disabled ||= !state.canRollBack || state.bestEpoch === 0;
    at('rollBack').title = state.canRollBack ? '' : 'Needs early stopping: dev rows and a --patience above 0';
    at('checkpoint').disabled ||= !state.canSave;
    at('checkpoint').title = state.canSave ? '' : 'Needs --checkpoint FILE';
    at('layers').hidden = !state.layers;
    at('layers').querySelector('tbody').replaceChildren(...(state.layers ?? []).map(layer => {
      const row = document.createElement('tr');
      const share = typeof layer.deadShare === 'number' ? `${Math.round(100 * layer.deadShare)} %` : '–';
      for (const text of [layer.layer, short(layer.gradientNorm), short(layer.updateRatio), short(layer.activationRms), share]) {
        const cell = document.createElement('td');
        cell.textContent = text;
        row.append(cell);
      }
      return row;
    }));
    at('none').hidden = state.commands > 0;
    at('commands').replaceChildren(...state.latestCommands.toReversed().map(text => {
      const item = document.createElement('li');
      item.textContent = text;
      return item;
    }));
  };

  const answer = (text, refused) => {
    at('answer').textContent = text;
    at('answer').classList.toggle('refused', refused);
  };

  const send = async order => {
    try {
      const response = await fetch('command', {
        method: 'POST',
        headers: {'Content-Type': 'application/json', 'X-Lanewise': 'live'},
        body: JSON.stringify(order),
      });
      const type = response.headers.get('Content-Type') ?? '';
      const said = type.startsWith('application/json') ? await response.json() : {error: `refused: ${response.status}`};
      answer(said.done ?? said.error, !response.ok);
    } catch {
      answer('The training cannot be reached.', true);
    }
  };

  for (const what of ['rate', 'l2']) {
    const input = at(what + '-value');
    input.addEventListener('input', () => { input.dataset.touched = ''; });
    at(what).addEventListener('submit', event => {
      event.preventDefault();
      const value = Number(input.value.trim().replace(',', '.'));
      delete input.dataset.touched;
      input.blur();
      if (Number.isFinite(value)) send({command: what, value});
      else answer(`${input.value}: expected a number`, true);
    });
  }
  at('pause').addEventListener('click', () => send({command: state.phase === 'paused' ? 'resume' : 'pause'}));
  at('checkpoint').addEventListener('click', () => send({command: 'checkpoint'}));
  at('rollBack').addEventListener('click', () => send({command: 'rollBack'}));
  at('stop').addEventListener('click', () => send({command: 'stop'}));

  const events = new EventSource('events');
  events.addEventListener('curve', event => { points = JSON.parse(event.data); });
  events.addEventListener('more', event => { points.push(...JSON.parse(event.data)); });
  events.addEventListener('state', event => {
    state = JSON.parse(event.data);
    show();
    drawSoon();
    document.documentElement.dataset.ready = '';
  });
  events.addEventListener('end', () => {
    ended = true;
    events.close();
  });
  events.addEventListener('error', () => {
    if (!ended) {
      at('phase').textContent = events.readyState === EventSource.CLOSED ? 'the connection was refused' : 'the connection is lost';
    }
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawSoon);
  addEventListener('resize', () => charts.forEach(its => its.resize()));
})();
