// Marks the nodes on the canvas with their activity type, for the colours and icons in host.css, and shows the whole picture when it opens.
(() => {
  const wrapper = 'elsa-activity-wrapper';
  const mark = node => {
    try { node.dataset.sfType = JSON.parse(node.getAttribute('activity-json')).type; } catch { delete node.dataset.sfType; }
  };
  let fitted = false;
  const fit = () => {
    const button = document.querySelector('.mud-toolbar .mud-icon-button');
    if (fitted || !button) return;
    fitted = true;
    // The graph is measured only after it has been drawn.
    setTimeout(() => { button.click(); setTimeout(select, 600); }, 600);
  };
  // A deal's page leads to its stage: #stage=key.
  const select = () => {
    const key = location.hash.startsWith('#stage=') ? decodeURIComponent(location.hash.slice(7)) : '';
    const node = key && [...document.querySelectorAll(`${wrapper}[data-sf-type="SalesFlow.Stage"]`)].find(one => JSON.parse(one.getAttribute('activity-json')).stage?.expression?.value === key);
    if (!node) return;
    const { left, top } = node.getBoundingClientRect();
    const target = node.querySelector('.activity-content') ?? node;
    for (const type of ['mousedown', 'mouseup', 'click'])
      target.dispatchEvent(new MouseEvent(type, { bubbles: true, cancelable: true, view: window, button: 0, clientX: left + 60, clientY: top + 12 }));
  };
  const look = node => {
    if (node.nodeType !== Node.ELEMENT_NODE) return;
    const found = node.matches(wrapper) ? [node] : [...node.querySelectorAll(wrapper)];
    found.forEach(mark);
    if (found.length) fit();
  };
  new MutationObserver(changes => changes.forEach(change => {
    if (change.type === 'attributes') mark(change.target);
    else change.addedNodes.forEach(look);
  })).observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ['activity-json'] });
})();
