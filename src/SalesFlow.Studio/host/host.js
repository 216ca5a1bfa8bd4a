// Runs before Elsa Studio starts: chooses the element, the language and the way home, and tells Studio's errors in words.
(() => {
  const page = document.body.dataset;
  const root = '/studio';
  const views = {
    definitions: { tag: 'elsa-workflow-definition-list', path: () => `${root}/workflows/definitions`, calls: { editWorkflowDefinition: id => go(edit(id)) } },
    editor: { tag: 'elsa-workflow-definition-editor', attribute: 'definition-id', path: () => edit(page.id), calls: {} },
    instances: { tag: 'elsa-workflow-instance-list', path: () => `${root}/workflows/instances`, calls: { viewWorkflowInstance: id => go(view(id)) } },
    viewer: { tag: 'elsa-workflow-instance-viewer', attribute: 'instance-id', path: () => view(page.id), calls: { editWorkflowDefinition: id => go(edit(id)) } },
  };
  const edit = id => `${root}/workflows/definitions/${encodeURIComponent(id)}/edit`;
  const view = id => `${root}/workflows/instances/${encodeURIComponent(id)}/view`;
  const go = path => window.location.assign(path);

  // Read once, when Blazor boots.
  localStorage.setItem('BlazorCulture', page.culture);

  // Two elements at once break MudBlazor's popovers, so another view is another page. Studio itself goes to these addresses without loading them.
  const here = () => views[page.view].path();
  for (const method of ['pushState', 'replaceState']) {
    const original = history[method].bind(history);
    history[method] = (state, title, url) => {
      const target = url === undefined || url === null ? null : new URL(url, document.baseURI);
      if (target && target.origin === location.origin && decodeURI(target.pathname) !== decodeURI(here()) && target.pathname.startsWith(`${root}/`)) go(target.href);
      else original(state, title, url);
    };
  }
  window.addEventListener('popstate', () => { if (decodeURI(location.pathname) !== decodeURI(here())) location.reload(); });

  // Links that ignore where the page is.
  document.addEventListener('click', event => {
    const link = event.composedPath().find(element => element instanceof HTMLAnchorElement);
    const target = link?.getAttribute('href');
    if (!target) return;
    if (target.startsWith('/workflows/')) { event.preventDefault(); event.stopPropagation(); go(root + target); }
    else if (target.startsWith('/diagnostics/')) { event.preventDefault(); event.stopPropagation(); }
  }, true);

  const tell = (heading, lines, kind = 'sf-trouble') => {
    const message = document.createElement('div');
    message.className = `sf-message ${kind}`;
    message.append(...[heading, ...lines].map(line => Object.assign(document.createElement('p'), { textContent: line })));
    const close = Object.assign(document.createElement('button'), { type: 'button', textContent: '×', ariaLabel: page.close });
    close.addEventListener('click', () => message.remove());
    message.append(close);
    document.getElementById('sf-messages').append(message);
    setTimeout(() => message.remove(), 20000);
  };
  const words = body => {
    const found = [];
    const walk = value => { if (typeof value === 'string') found.push(value); else if (value && typeof value === 'object') Object.values(value).forEach(walk); };
    walk(body?.errors);
    return found.length ? found : [body?.detail ?? body?.title ?? ''];
  };

  // Studio shows the reasons of a refused save itself; of everything else it says only that something failed, and of warnings nothing.
  const fetched = window.fetch.bind(window);
  window.fetch = async (request, options) => {
    const answer = await fetched(request, options);
    const url = new URL(request instanceof Request ? request.url : request, document.baseURI);
    if (!url.pathname.startsWith('/elsa/')) return answer;
    document.dispatchEvent(new CustomEvent('sf-answer', { detail: { path: url.pathname, answer } }));
    if (answer.status === 401) go(`/sign-in?returnUrl=${encodeURIComponent(location.pathname + location.search)}`);
    else if (answer.status === 403) tell(page.failed, [page.forbidden]);
    else if (answer.status >= 400 && answer.status < 500 && answer.status !== 404 && !/\/workflow-definitions(\/[^/]+\/retract)?$/.test(url.pathname))
      answer.clone().json().then(body => tell(page.failed, words(body)), () => { });
    else if (answer.ok && /\/workflow-definitions(\/[^/]+\/publish)?$/.test(url.pathname))
      answer.clone().json().then(body => { if (body.validationErrors?.length) tell(page.warned, body.validationErrors.map(one => one.message), 'sf-note'); }, () => { });
    return answer;
  };

  window.salesFlow = { tell, words };
  const { tag, attribute, calls } = views[page.view];
  const studio = document.createElement(tag);
  studio.setAttribute('remote-endpoint', `${location.origin}/elsa/api`);
  if (attribute) studio.setAttribute(attribute, page.id);
  document.getElementById('sf-studio').append(studio);
  // What is set before the element is defined would be lost.
  customElements.whenDefined(tag).then(() => Object.assign(studio, calls));
  const opened = new MutationObserver(() => { if (studio.childElementCount) { opened.disconnect(); document.querySelector('.sf-opening')?.remove(); } });
  opened.observe(studio, { childList: true });
  for (const link of document.querySelectorAll('.sf-bar [data-views]'))
    if (link.dataset.views.split(' ').includes(page.view)) link.setAttribute('aria-current', 'page');
})();
