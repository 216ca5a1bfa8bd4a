// Marks the nodes on the canvas and the tiles of the toolbox with their activity type, for the colours and icons in host.css, and shows the whole picture whenever another one opens. The body tells which is shown.
(() => {
  const wrapper = 'elsa-activity-wrapper';
  const mark = node => {
    try { node.dataset.sfType = JSON.parse(node.getAttribute('activity-json')).type; } catch { delete node.dataset.sfType; }
  };
  const nodes = () => [...document.querySelectorAll(wrapper)];
  // The path of the container whose nodes are shown.
  const container = () => { try { return JSON.parse(nodes()[0].getAttribute('activity-json')).nodeId.split(':').slice(0, -1).join(':'); } catch { return ''; } };
  const looks = () => nodes().map(node => { const { x, y, width, height } = node.getBoundingClientRect(); return `${node.id} ${x} ${y} ${width} ${height} ${node.childElementCount}`; }).join('\n');

  // Studio measures each node after it has drawn it, and moves the picture then: it is settled when nothing has moved for a while.
  const settled = () => new Promise(resolve => {
    let [last, since] = ['', 0];
    const look = now => {
      const seen = looks();
      if (seen !== last || nodes().some(node => !node.childElementCount)) [last, since] = [seen, now];
      if (now - since > 300) resolve(); else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  // The toolbar beside the graph; the journal has one too.
  const tools = () => {
    let place = document.querySelector(wrapper);
    while (place && !place.querySelector('.mud-toolbar')) place = place.parentElement;
    const [fit, center] = place?.querySelectorAll('.mud-toolbar .mud-icon-button') ?? [];
    return { fit, center };
  };
  const overflows = () => {
    const graph = document.querySelector(wrapper)?.closest('.x6-graph')?.getBoundingClientRect();
    return graph && nodes().map(node => node.getBoundingClientRect()).some(one => one.left < graph.left || one.right > graph.right || one.top < graph.top || one.bottom > graph.bottom);
  };
  let [shown, drawing, first] = ['', null, true];
  const open = async () => {
    const [now, here] = [container(), document.querySelector(wrapper)?.closest('.x6-graph-svg-viewport')];
    if (!now || (now === shown && here === drawing)) return;
    [shown, drawing] = [now, here];
    delete document.body.dataset.canvas;
    await settled();
    // Fitting also enlarges, so it is only for what has no room.
    if (here === drawing) tools().center?.click();
    await settled();
    if (here === drawing && overflows()) { tools().fit?.click(); await settled(); }
    // The viewer draws some pictures twice: the later one goes through all this again.
    if (here !== drawing || now !== shown) return;
    if (first) select();
    first = false;
    document.body.dataset.canvas = now;
  };
  // A deal's page leads to its stage: #stage=key.
  const select = () => {
    const key = location.hash.startsWith('#stage=') ? decodeURIComponent(location.hash.slice(7)) : '';
    const node = key && nodes().find(one => one.dataset.sfType === 'SalesFlow.Stage' && JSON.parse(one.getAttribute('activity-json')).stage?.expression?.value === key);
    if (!node) return;
    const { left, top } = node.getBoundingClientRect();
    const target = node.querySelector('.activity-content') ?? node;
    for (const type of ['mousedown', 'mouseup', 'click'])
      target.dispatchEvent(new MouseEvent(type, { bubbles: true, cancelable: true, view: window, button: 0, clientX: left + 60, clientY: top + 12 }));
  };
  // A tile of the toolbox shows only what its type is called, and a search gives it another text.
  const tile = '.mud-expansion-panels [draggable="true"]';
  let types = new Map();
  const tag = one => {
    const type = types.get(one.textContent.trim());
    if (type) one.dataset.sfType = type; else delete one.dataset.sfType;
  };
  document.addEventListener('sf-answer', ({ detail: { path, answer } }) => {
    if (!answer.ok || !path.endsWith('/descriptors/activities')) return;
    answer.clone().json().then(({ items }) => {
      types = new Map(items.filter(type => type.typeName.startsWith('SalesFlow.')).map(type => [type.displayName, type.typeName]));
      document.querySelectorAll(tile).forEach(tag);
    }, () => { });
  });
  const look = node => {
    if (node.nodeType === Node.TEXT_NODE) { const one = node.parentElement?.closest(tile); if (one) tag(one); }
    if (node.nodeType !== Node.ELEMENT_NODE) return;
    (node.closest(tile) ? [node.closest(tile)] : [...node.querySelectorAll(tile)]).forEach(tag);
    const found = node.matches(wrapper) ? [node] : [...node.querySelectorAll(wrapper)];
    found.forEach(mark);
    if (found.length) open();
  };
  new MutationObserver(changes => changes.forEach(change => {
    if (change.type === 'attributes') { mark(change.target); open(); }
    else if (change.type === 'characterData') look(change.target);
    else change.addedNodes.forEach(look);
  })).observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ['activity-json'] });
})();
