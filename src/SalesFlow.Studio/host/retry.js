// Studio's viewer shows incidents, but has no button to run again what has failed. The button lives in the bar and follows what Studio learns of the instance.
(() => {
  const page = document.body.dataset;
  if (page.view !== 'viewer') return;
  const { tell } = window.salesFlow;
  const button = document.getElementById('sf-retry');
  const address = `/elsa/api/workflow-instances/${encodeURIComponent(page.id)}`;
  const show = instance => { button.hidden = !(instance.incidentCount > 0) || ['Cancelled', 'Finished'].includes(instance.subStatus); };
  const read = answer => answer.json().then(instance => { show(instance); return instance; });

  document.addEventListener('sf-answer', ({ detail: { path, answer } }) => { if (path === address && answer.ok) read(answer.clone()).catch(() => { }); });
  button.addEventListener('click', async () => {
    button.disabled = true;
    document.getElementById('sf-messages').replaceChildren();
    try {
      const answer = await fetch('/elsa/api/alterations/workflows/retry', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ workflowInstanceIds: [page.id] }) });
      // What the page itself tells of a refusal needs no second message.
      if (!answer.ok) return;
      const [result] = (await answer.json()).results;
      const instance = await fetch(address).then(read);
      if (!result.isSuccessful) tell(page.failed, result.log.logEntries.map(entry => entry.message));
      else if (instance.incidentCount > 0) tell(page.failedAgain, instance.workflowState.incidents.map(incident => incident.message));
      else tell(page.retried, [], 'sf-done');
    } finally {
      button.disabled = false;
    }
  });
})();
