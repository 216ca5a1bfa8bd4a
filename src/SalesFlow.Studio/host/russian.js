// Studio's own labels are English in the package. Texts are replaced where they stand: no element is added, moved or taken away, so Blazor finds its nodes
// as it left them, and what it writes anew is replaced again.
(() => {
  const page = document.body.dataset;
  if (page.language !== 'ru') return;
  // What people have written themselves stays as it is.
  const untouched = '.monaco-editor, .sf-bar, textarea, code, pre, .activity-label, .elsa-activity-embedded, td[data-label="Name"], td[data-label="Description"], td[data-label="Definition ID"]';
  // Outcomes are the designer's own words, or come in Russian from the server; these Studio makes by itself.
  const ofStudio = ['Done', 'Default'];
  const isOutcome = node => node.parentElement?.closest('.x6-port-label') && !ofStudio.includes(node.data.trim());
  const attributes = ['placeholder', 'title', 'aria-label'];

  fetch(`host/ru.json?v=${page.version}`).then(answer => answer.json()).then(({ exact, patterns }) => {
    const rules = patterns.map(([pattern, text]) => [new RegExp(pattern), text]);
    const known = new Map(Object.entries(exact));
    const translate = text => {
      const trimmed = text.trim();
      if (!trimmed) return text;
      const found = known.get(trimmed);
      if (found !== undefined) return text.replace(trimmed, () => found);
      const rule = rules.find(([pattern]) => pattern.test(trimmed));
      return rule ? text.replace(trimmed, () => trimmed.replace(rule[0], (_, ...groups) => rule[1].replace(/\$(\d)/g, (_, n) => known.get(groups[n - 1]) ?? groups[n - 1]))) : text;
    };
    const text = node => {
      if (node.parentElement?.closest(untouched) || isOutcome(node)) return;
      const russian = translate(node.data);
      if (russian !== node.data) node.data = russian;
    };
    const element = node => {
      for (const name of attributes) {
        const english = node.getAttribute(name);
        const russian = english && translate(english);
        if (russian !== english) node.setAttribute(name, russian);
      }
    };
    const walk = node => {
      if (node.nodeType === Node.TEXT_NODE) text(node);
      if (node.nodeType !== Node.ELEMENT_NODE) return;
      element(node);
      node.childNodes.forEach(walk);
    };
    walk(document.body);
    new MutationObserver(changes => changes.forEach(change => {
      if (change.type === 'characterData') text(change.target);
      else if (change.type === 'attributes') element(change.target);
      else change.addedNodes.forEach(walk);
    })).observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: attributes });
  });
})();
