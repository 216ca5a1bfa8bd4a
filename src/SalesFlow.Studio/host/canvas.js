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
    setTimeout(() => button.click(), 600);
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
