// The little that only the browser can know or do; everything else is rendered by the server.
window.salesFlow = {
    timeZone: () => Intl.DateTimeFormat().resolvedOptions().timeZone,
    // Where an id is on the page but not in view, e.g. a task an obstacle points to.
    show: id => {
        const element = document.getElementById(id);
        element?.scrollIntoView({ block: "center", behavior: "smooth" });
        element?.focus({ preventScroll: true });
    },
    print: () => window.print(),
};

// The base address would send a bare "#main" to the start page.
document.querySelector(".skip-link")?.addEventListener("click", event => {
    event.preventDefault();
    document.getElementById("main")?.focus();
});

for (const id of ["reload-page", "reload-broken"])
    document.getElementById(id)?.addEventListener("click", () => location.reload());

// The server no longer knows this page (it was restarted): nothing typed can be rescued, so start afresh.
document.getElementById("components-reconnect-modal")?.addEventListener("components-reconnect-state-changed", event => {
    if (event.detail.state === "rejected")
        location.reload();
});
