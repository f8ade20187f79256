'use strict';
// Unpacks the numbers and the library, and draws each chart when it comes near the window.
(() => {
  const MOST_ROWS = 500;
  const WIDTH_ON_PAPER = 680;
  const LONGEST_UPRIGHT_NAME = 160;
  const root = document.documentElement;
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const drawn = new Map();
  let charts = [];

  const unpack = async id => {
    const bytes = Uint8Array.from(atob(document.getElementById(id).textContent), c => c.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
    return new Response(stream).text();
  };

  const run = text => {
    const script = document.createElement('script');
    script.textContent = text;
    document.head.append(script);
  };

  const colour = name => getComputedStyle(root).getPropertyValue('--' + name).trim();

  const short = value => {
    if (typeof value !== 'number') return value;
    const size = Math.abs(value);
    return size !== 0 && (size < 1e-3 || size >= 1e7) ? Number(value.toPrecision(4)).toExponential() : String(Number(value.toPrecision(5)));
  };

  // References to the numbers become the numbers.
  const resolve = (value, rows) => {
    if (Array.isArray(value)) return value.map(v => resolve(v, rows));
    if (value === null || typeof value !== 'object') return value;
    if (value.$rows) {
      const [from, to] = value.$rows;
      const columns = value.$columns;
      return rows.slice(from, to < 0 ? undefined : to)
        .map(row => columns.length === 1 ? row[columns[0]] : columns.map(c => row[c]));
    }
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, resolve(v, rows)]));
  };

  const whisker = lying => (params, api) => {
    const at = api.value(0);
    const ends = [1, 2].map(i => api.coord(lying ? [api.value(i), at] : [at, api.value(i)]));
    if (ends.flat().some(v => !Number.isFinite(v))) return null;
    const [a, b] = ends;
    const w = 4;
    const end = ([x, y]) => lying ? {x1: x, y1: y - w, x2: x, y2: y + w} : {x1: x - w, y1: y, x2: x + w, y2: y};
    const line = shape => ({type: 'line', shape, style: {stroke: colour('ink'), lineWidth: 1.5}});
    return {type: 'group', children: [line({x1: a[0], y1: a[1], x2: b[0], y2: b[1]}), line(end(a)), line(end(b))]};
  };

  const renderers = series => ({
    // All points at once, when the first one is asked for.
    $band: (params, api) => {
      if (params.dataIndexInside !== 0) return null;
      const known = series.data.filter(p => p.every(v => v !== null));
      const points = [...known.map(p => api.coord([p[0], p[2]])), ...known.map(p => api.coord([p[0], p[1]])).reverse()];
      return {type: 'polygon', shape: {points}, style: {fill: api.visual('color'), opacity: 0.2}};
    },
    $whisker: whisker(false),
    $lyingWhisker: whisker(true),
    $image: (params, api) => {
      const [x0, y0] = api.coord([api.value(0), api.value(1)]);
      const [x1, y1] = api.coord([api.value(2), api.value(3)]);
      // A square that is stretched: an image keeps its proportions otherwise.
      return {type: 'image', x: x0, y: y0, scaleX: (x1 - x0) / 100, scaleY: (y1 - y0) / 100,
        style: {image: series.image, x: 0, y: 0, width: 100, height: 100}};
    },
  });

  const renderer = series => {
    const found = renderers(series)[series.renderItem];
    if (!found) throw new Error('no renderer ' + series.renderItem);
    return found;
  };

  const dressAxis = (axis, lying, width) => {
    const value = axis.type !== 'category';
    const odd = end => end !== undefined && !Number.isInteger(end);
    return {
      nameLocation: 'middle', nameGap: lying ? 12 : 24, nameMoveOverlap: true, ...axis,
      nameTextStyle: {color: colour('faint')},
      // A longer name would take the room of the marks, and leave the chart.
      nameTruncate: {maxWidth: lying ? LONGEST_UPRIGHT_NAME : Math.max(100, width - 150), ellipsis: '…'},
      axisLine: {lineStyle: {color: colour('line')}},
      axisLabel: {color: colour('faint'), hideOverlap: true, width: 150, overflow: 'truncate',
        ...(value ? {formatter: v => short(Number(v.toPrecision(4)))} : {}),
        ...(odd(axis.min) ? {showMinLabel: false} : {}), ...(odd(axis.max) ? {showMaxLabel: false} : {}),
        ...axis.axisLabel},
      splitLine: {show: value, lineStyle: {color: colour('line')}},
    };
  };

  const axes = (given, lying, width) => given === undefined ? undefined
    : Array.isArray(given) ? given.map(a => dressAxis(a, lying, width)) : dressAxis(given, lying, width);

  // Ink on faint cells, paper on strong ones.
  const readable = (value, {min, max}) => ({
    value, label: {color: colour(value[value.length - 1] - min > 0.5 * (max - min) ? 'paper' : 'ink')},
  });

  const dress = (chart, width) => {
    const narrow = width < 480;
    const option = resolve(chart.option, chart.rows);
    const series = (option.series ?? []).map(s => ({
      ...s,
      ...(s.renderItem ? {renderItem: renderer(s)} : {}),
      // A picture has no colour of its own, so that the first series has the first one.
      ...(s.renderItem === '$image' ? {itemStyle: {color: 'transparent'}} : {}),
      ...(s.type === 'scatter' ? {itemStyle: {borderColor: colour('paper'), borderWidth: 0.75, opacity: 0.9, ...s.itemStyle}} : {}),
      ...(s.itemStyle?.$colour ? {itemStyle: {borderColor: colour('paper'), borderWidth: 1, ...s.itemStyle, color: colour(s.itemStyle.$colour)}} : {}),
      ...(s.type === 'line' ? {symbol: 'circle', lineStyle: {width: 2, ...s.lineStyle}} : {}),
      ...(s.type === 'heatmap' ? {data: s.data.map(v => readable(v, option.visualMap)), label: {formatter: p => short(p.value[2]), ...s.label},
        itemStyle: {borderColor: colour('panel'), borderWidth: 1}} : {}),
      ...(s.markLine ? {markLine: {...s.markLine, lineStyle: {color: colour('faint'), type: 'dashed'},
        label: {color: colour('faint'), ...s.markLine.label}}} : {}),
    }));
    const named = series.filter((s, i) => s.name && s.type !== 'heatmap' && !/hisker|image/.test(option.series[i].renderItem));
    const legend = named.length > 1 && option.legend === undefined
      ? {type: 'scroll', top: 4, data: [...new Set(named.map(s => s.name))]} : option.legend;
    const map = option.visualMap;
    return {
      animation: false,
      color: [1, 2, 3, 4, 5, 6, 7, 8].map(i => colour('c' + i)),
      textStyle: {color: colour('ink'), fontFamily: 'system-ui, sans-serif'},
      // Text, not HTML: names of the user's are nothing but text.
      tooltip: {renderMode: 'richText', confine: true, trigger: named.some(s => s.type === 'line') ? 'axis' : 'item',
        valueFormatter: short, backgroundColor: colour('paper'), borderColor: colour('line'), textStyle: {color: colour('ink')}},
      grid: {left: 12, right: narrow ? 16 : 32, top: legend ? 44 : 24, bottom: map ? 64 : 16,
        outerBoundsMode: 'same', outerBoundsContain: 'all'},
      ...option,
      ...(legend ? {legend: {textStyle: {color: colour('ink')}, pageTextStyle: {color: colour('ink')}, ...legend}} : {}),
      ...(map ? {visualMap: {textStyle: {color: colour('faint')}, itemHeight: narrow ? 80 : 140,
        inRange: {color: [colour('low'), colour('high')]}, formatter: short, ...map}} : {}),
      ...(option.parallelAxis ? {
        parallel: {left: 64, right: narrow ? 24 : 64, top: 40, bottom: 84, layout: narrow ? 'vertical' : 'horizontal',
          ...(narrow ? {left: 110, top: 24} : {})},
        parallelAxis: option.parallelAxis.map(a => ({...dressAxis(a, false, 300), nameLocation: 'end', nameGap: 10}))} : {}),
      xAxis: axes(option.xAxis, false, width),
      yAxis: axes(option.yAxis, true, width),
      series,
    };
  };

  const cell = (name, value) => {
    const cell = document.createElement(name);
    cell.textContent = value === null ? '' : typeof value === 'number' ? String(value) : value;
    if (typeof value === 'number') cell.className = 'n';
    return cell;
  };

  // Headings stand over their numbers.
  const isNumber = (numbers, column) => typeof numbers.rows.find(r => r[column] !== null)?.[column] === 'number';

  const tabulate = (numbers, details) => {
    const table = document.createElement('table');
    const row = (name, cells) => {
      const tr = document.createElement('tr');
      tr.append(...cells.map(c => cell(name, c)));
      return tr;
    };
    const head = document.createElement('thead');
    head.append(row('th', numbers.columns));
    head.querySelectorAll('th').forEach((th, i) => th.classList.toggle('n', isNumber(numbers, i)));
    const body = document.createElement('tbody');
    body.append(...numbers.rows.slice(0, MOST_ROWS).map(r => row('td', r)));
    table.append(head, body);
    const box = document.createElement('div');
    box.className = 'table';
    box.append(table);
    details.append(box);
    if (numbers.rows.length > MOST_ROWS) {
      const rest = document.createElement('p');
      rest.textContent = `The first ${MOST_ROWS} of ${numbers.rows.length} rows.`;
      details.append(rest);
    }
  };

  const draw = chart => {
    const figure = document.getElementById('chart-' + chart.id);
    const box = figure.querySelector('.chart');
    if (!figure.querySelector('table')) tabulate(chart, figure.querySelector('details'));
    drawn.get(chart.id)?.dispose();
    const paper = root.classList.contains('paper');
    const width = paper ? WIDTH_ON_PAPER : undefined;
    const made = echarts.init(box, null, {renderer: 'svg', width, height: chart.height});
    made.setOption(dress(chart, width ?? box.clientWidth));
    drawn.set(chart.id, made);
    figure.dataset.drawn = '';
  };

  const redraw = () => charts.filter(c => drawn.has(c.id)).forEach(draw);

  const onPaper = paper => {
    root.classList.toggle('paper', paper);
    charts.filter(c => paper || drawn.has(c.id)).forEach(draw);
  };

  const begin = async () => {
    if (!document.getElementById('data')) return;
    if (!('DecompressionStream' in window)) throw new Error('this browser is too old to unpack them');
    const data = JSON.parse(await unpack('data'));
    charts = data.charts;
    document.querySelectorAll('details.grid').forEach((details, i) => tabulate(data.grids[i], details));
    for (const chart of charts) {
      document.querySelector(`#chart-${chart.id} .chart`).style.height = chart.height + 'px';
    }
    if (charts.length) run(await unpack('library'));
    const byFigure = new Map(charts.map(c => [document.getElementById('chart-' + c.id), c]));
    const near = new IntersectionObserver(seen => {
      for (const {isIntersecting, target} of seen) {
        if (isIntersecting) {
          near.unobserve(target);
          draw(byFigure.get(target));
        }
      }
    }, {rootMargin: '400px'});
    byFigure.forEach((chart, figure) => near.observe(figure));
    let width = innerWidth;
    addEventListener('resize', () => {
      if (innerWidth !== width) {
        width = innerWidth;
        redraw();
      }
    });
    dark.addEventListener('change', redraw);
    addEventListener('beforeprint', () => onPaper(true));
    addEventListener('afterprint', () => onPaper(false));
    root.dataset.ready = '';
  };

  begin().catch(e => {
    const note = document.createElement('p');
    note.textContent = 'The charts cannot be drawn: ' + e.message;
    document.querySelector('main').prepend(note);
  });
})();
