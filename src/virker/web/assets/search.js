// Search in the static files: Pagefind's index, made when the site was built, asked from this page. Nothing is sent anywhere.
"use strict";
(() => {
  const MOST = 50;
  const byId = (id) => document.getElementById(id);
  const form = byId("search"), input = byId("question"), found = byId("found"), hits = byId("hits"), words = byId("search-words").dataset;
  if (location.protocol === "file:") return; // the page says that it needs a server
  let asked = 0;

  const engine = import("../pagefind/pagefind.js").then(async (pagefind) => {
    await pagefind.options({ excerptLength: 24 });
    await pagefind.init();
    byId("no-search").hidden = true;
    return pagefind;
  });
  engine.catch(() => {}); // the page goes on saying that there is no search

  // An excerpt is text with <mark>; only those two are taken over.
  function excerpt(html) {
    const paragraph = document.createElement("p");
    for (const node of new DOMParser().parseFromString(html, "text/html").body.childNodes) {
      const kept = node.nodeName === "MARK" ? document.createElement("mark") : document.createTextNode("");
      kept.textContent = node.textContent;
      paragraph.append(kept);
    }
    return paragraph;
  }

  function item(page) {
    const entry = document.createElement("li"), link = document.createElement("a"), kind = document.createElement("span");
    link.href = page.url;
    link.textContent = page.meta.title;
    kind.className = "kind";
    kind.textContent = page.meta.kind || "";
    entry.append(link, " ", kind, excerpt(page.excerpt));
    return entry;
  }

  async function search(question) {
    const turn = ++asked;
    const pagefind = await engine;
    const answer = question.trim() ? await pagefind.search(question) : { results: [] };
    const pages = await Promise.all(answer.results.slice(0, MOST).map((result) => result.data()));
    if (turn !== asked) return; // somebody has asked anew meanwhile
    hits.replaceChildren(...pages.map(item));
    const count = answer.results.length, strong = document.createElement("strong");
    strong.textContent = question;
    if (!question.trim()) found.replaceChildren();
    else if (!count) found.replaceChildren(words.none, " ", strong);
    else found.replaceChildren(`${count.toLocaleString(document.documentElement.lang)} ${count === 1 ? words.one : words.many} `, strong, count > MOST ? `. ${words.most}` : "");
  }

  const fromAddress = () => {
    input.value = new URLSearchParams(location.search).get("q") || "";
    search(input.value).catch(() => {});
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    history.pushState(null, "", `?${new URLSearchParams({ q: input.value })}`);
    search(input.value).catch(() => {});
  });
  addEventListener("popstate", fromAddress);
  fromAddress();
})();
