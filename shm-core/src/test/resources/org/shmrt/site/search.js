"use strict";
// Searches the sections of all pages. Their text is in search-index.js, which is loaded with the first search.
(() => {
    const up = document.currentScript.dataset.up;
    const query = document.getElementById("query");
    const results = document.getElementById("results");
    const article = document.querySelector("article");
    const footer = document.querySelector("footer");
    const MAX_RESULTS = 30;
    const WEIGHTS = [8, 6, 0, 1]; // page title, heading, address, text

    let loading = null;

    function load() {
        loading ??= new Promise((resolve, reject) => {
            const script = document.createElement("script");
            script.src = `${up}search-index.js`;
            script.onload = resolve;
            script.onerror = reject;
            document.head.append(script);
        });
        return loading;
    }

    /** How well a section fits all words; 0 if a word is missing. */
    function score(section, words) {
        let total = 0;
        for (const word of words) {
            let best = 0;
            WEIGHTS.forEach((weight, field) => {
                const at = weight === 0 ? -1 : section[field].toLowerCase().indexOf(word);
                if (at >= 0) {
                    const startsWord = at === 0 || !/[\p{L}\p{N}]/u.test(section[field][at - 1]);
                    best = Math.max(best, weight * (startsWord ? 2 : 1));
                }
            });
            if (best === 0) {
                return 0;
            }
            total += best;
        }
        return total;
    }

    function marked(text, words) {
        const pattern = new RegExp(words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|"), "gi");
        const nodes = [];
        let end = 0;
        for (const match of text.matchAll(pattern)) {
            const mark = document.createElement("mark");
            mark.textContent = match[0];
            nodes.push(text.slice(end, match.index), mark);
            end = match.index + match[0].length;
        }
        nodes.push(text.slice(end));
        return nodes;
    }

    /** The part of a text around the first word that is found in it. */
    function excerpt(text, words) {
        const lower = text.toLowerCase();
        const first = Math.min(...words.map((word) => lower.indexOf(word)).filter((at) => at >= 0), text.length);
        const from = Math.max(0, first === text.length ? 0 : first - 60);
        return (from > 0 ? "… " : "") + text.slice(from, from + 180) + (from + 180 < text.length ? " …" : "");
    }

    function show(found, words) {
        const title = document.createElement("h1");
        title.textContent = found.length === 0 ? "Nothing found" : `Results for “${words.join(" ")}”`;
        const list = document.createElement("ol");
        for (const section of found) {
            const link = document.createElement("a");
            link.href = up + section[2];
            link.append(...marked(section[0] + (section[1] ? ` › ${section[1]}` : ""), words));
            link.addEventListener("click", close);
            const text = document.createElement("p");
            text.append(...marked(excerpt(section[3], words), words));
            const item = document.createElement("li");
            item.append(link, text);
            list.append(item);
        }
        results.replaceChildren(title, list);
    }

    function close() {
        query.value = "";
        search();
    }

    async function search() {
        const words = query.value.toLowerCase().split(/\s+/).filter((word) => word.length > 1);
        const active = words.length > 0;
        results.hidden = !active;
        article.hidden = active;
        footer.hidden = active;
        if (!active) {
            return;
        }
        await load();
        const found = window.SECTIONS.map((section) => [score(section, words), section])
            .filter(([points]) => points > 0)
            .sort((a, b) => b[0] - a[0])
            .slice(0, MAX_RESULTS)
            .map(([, section]) => section);
        show(found, words);
        window.scrollTo(0, 0);
    }

    query.addEventListener("input", search);
    const asked = new URLSearchParams(location.search).get("q"); // a link to results: index.html?q=semaphore
    if (asked) {
        query.value = asked;
        search();
    }
    document.addEventListener("keydown", (event) => {
        if (event.key === "/" && document.activeElement !== query) {
            event.preventDefault();
            query.focus();
        } else if (event.key === "Escape") {
            close();
        }
    });
})();
