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
    copy: text => navigator.clipboard ? navigator.clipboard.writeText(text).then(() => true, () => false) : false,
};

// A text area with line numbers. The page learns that something was typed, and fetches the text when it wants it.
window.salesFlow.editor = {
    start: (area, page) => {
        const lines = area.previousElementSibling;
        let typing = 0, leaving = false;
        const number = () => {
            const count = area.value.split("\n").length;
            if (lines.dataset.count !== String(count)) {
                lines.dataset.count = count;
                lines.textContent = Array.from({ length: count }, (_, index) => index + 1).join("\n");
            }
            lines.scrollTop = area.scrollTop;
        };
        area.addEventListener("scroll", number);
        area.addEventListener("input", () => {
            number();
            clearTimeout(typing);
            typing = setTimeout(() => page.invokeMethodAsync("TypedAsync"), 400);
        });
        area.addEventListener("keydown", event => {
            // Tab indents; after Escape it leaves, so that nobody is caught here.
            if (event.key === "Tab" && !event.shiftKey && !leaving) {
                event.preventDefault();
                document.execCommand("insertText", false, "  ");
            }
            leaving = event.key === "Escape";
        });
        area.addEventListener("salesflow-written", number);
    },
    write: (area, text) => {
        area.value = text;
        area.dispatchEvent(new Event("salesflow-written"));
    },
    read: area => new TextEncoder().encode(area.value),
    go: (area, line, column) => {
        const before = area.value.split("\n").slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0);
        area.focus();
        area.setSelectionRange(before + column - 1, before + column - 1);
        area.scrollTop = Math.max(0, (line - 5) * parseFloat(getComputedStyle(area).lineHeight));
    },
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

// Tasks by keyboard: the arrows go from task to task, Alt and a digit press a button of the open one.
document.addEventListener("keydown", event => {
    // The box that chooses a task stands before its head: from there the keys do the same.
    const head = event.target.closest?.(".task-head") ?? event.target.closest?.(".task-select")?.parentElement.querySelector(".task-head");
    if (head && event.key === "Enter" && !event.target.closest(".task-head")) {
        head.focus();
        head.click();
        event.preventDefault();
    }
    if (head && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
        const heads = [...document.querySelectorAll(".task-head")];
        heads[heads.indexOf(head) + (event.key === "ArrowDown" ? 1 : -1)]?.focus();
        event.preventDefault();
    }
    const digit = event.altKey && /^Digit([1-9])$/.exec(event.code);
    const button = digit && event.target.closest?.(".task")?.querySelectorAll("[data-outcome]")[digit[1] - 1];
    if (button) {
        button.click();
        event.preventDefault();
    }
});

// A client's page about a meeting speaks by the browser's clock until another zone is chosen.
{
    const booking = document.querySelector("[data-booking-zone]"), zone = salesFlow.timeZone(), asked = new URLSearchParams(location.search);
    if (booking && zone && !asked.has("zone") && zone !== booking.dataset.bookingZone) {
        asked.set("zone", zone);
        location.replace(`${location.pathname}?${asked}`);
    }
}
