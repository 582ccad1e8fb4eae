"use strict";
// The list of events. Text from articles is only ever set as text, never read as markup.
(() => {
  const [DAY, LAST_DAY, KIND, STATUS, CONFIDENCE, ACTOR, RECIPIENT, THEME, PLACE, SENTENCE, ARTICLE, START] = Array(12).keys();
  const PAGE = 50;
  const data = JSON.parse(document.getElementById("data").textContent);
  const by = (id) => document.getElementById(id);
  const form = by("filters"), list = by("list"), body = list.tBodies[0], more = by("more");
  const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const haystacks = data.events.map((row) => folded([
    row[ACTOR], row[RECIPIENT], row[THEME], row[PLACE], row[KIND], row[SENTENCE].join(""), ...data.articles[row[ARTICLE]].slice(0, 2),
  ].join("\n")));
  let found = [], count = 0, column = null, downwards = false;

  const element = (name, text, properties) => {
    const made = document.createElement(name);
    if (text) made.textContent = text;
    return Object.assign(made, properties);
  };
  const cell = (row, name, ...parts) => {
    const made = row.insertCell();
    made.dataset.name = name;
    made.append(...parts.filter(Boolean));
  };
  const french = (name, text) => text && element(name, text, { lang: "fr" });

  const line = (number) => {
    const event = data.events[number], [source, title, published] = data.articles[event[ARTICLE]];
    const [before, trigger, after] = event[SENTENCE];
    const row = body.insertRow();
    const end = event[LAST_DAY] !== event[DAY] && `– ${event[LAST_DAY]}`;
    cell(row, "Date", event[DAY], end && element("small", end));
    cell(row, "Type", event[KIND], element("small", data.classes[event[KIND]]));
    cell(row, "Status", event[STATUS]);
    cell(row, "Who", french("bdi", event[ACTOR]), event[RECIPIENT] && " → ", french("bdi", event[RECIPIENT]),
      event[THEME] && element("span", " about ", { className: "about" }), french("bdi", event[THEME]));
    cell(row, "Where", french("bdi", event[PLACE]));
    const quote = element("q", before, { lang: "fr" });
    if (trigger) quote.append(element("mark", trigger), after);
    const origin = element("small", [title, published].filter(Boolean).join(" · ") + (title || published ? " · " : ""));
    origin.append(element("code", source), ` at ${event[START]}`);
    cell(row, "", quote, origin);
    cell(row, "Confidence", event[CONFIDENCE] === null ? "" : event[CONFIDENCE].toFixed(2));
    row.cells[6].className = "count";
  };

  const show = (upto) => {
    while (count < Math.min(upto, found.length)) line(found[count++]);
    more.hidden = count >= found.length;
    more.textContent = `Show ${Math.min(PAGE, found.length - count)} more`;
    by("shown").textContent = `${found.length.toLocaleString("en")} of ${data.events.length.toLocaleString("en")} events match`;
  };

  const filter = () => {
    const words = folded(by("words").value).split(/\s+/).filter(Boolean);
    const [kind, status, from, to] = ["kind", "status", "from", "to"].map((id) => by(id).value);
    const least = Number(by("least").value) || 0;
    found = [...data.events.keys()].filter((number) => {
      const event = data.events[number], day = event[DAY], last = event[LAST_DAY] || day;
      return (!kind || kind === event[KIND] || kind === `class ${data.classes[event[KIND]]}`)
        && (!status || status === event[STATUS])
        && (!from || (last && last >= from)) && (!to || (day && day <= to))
        && (event[CONFIDENCE] ?? 1) >= least
        && words.every((word) => haystacks[number].includes(word));
    });
    if (column !== null) {
      const compare = (a, b) => (typeof a === "number" ? a - b : a < b ? -1 : Number(a > b));
      const empty = (value) => value === "" || value === null;
      found.sort((one, other) => {
        const a = data.events[one][column], b = data.events[other][column];
        if (empty(a) || empty(b)) return empty(a) - empty(b) || one - other;
        return (downwards ? -compare(a, b) : compare(a, b)) || one - other;
      });
    }
    body.replaceChildren();
    count = 0;
    show(PAGE);
  };

  const sort = (event) => {
    const button = event.target.closest("button[data-by]");
    if (!button) return;
    const wanted = Number(button.dataset.by);
    downwards = column === wanted ? !downwards : wanted === CONFIDENCE;
    column = wanted;
    for (const head of list.tHead.rows[0].cells) head.removeAttribute("aria-sort");
    button.closest("th").setAttribute("aria-sort", downwards ? "descending" : "ascending");
    filter();
  };

  const kinds = by("kind");
  for (const name of [...new Set(Object.values(data.classes))].sort()) {
    const group = element("optgroup", "", { label: name });
    group.append(element("option", `${name}: all`, { value: `class ${name}` }));
    for (const kind of Object.keys(data.classes).sort()) {
      if (data.classes[kind] === name) group.append(element("option", kind, { value: kind }));
    }
    kinds.append(group);
  }
  for (const status of data.statuses) by("status").append(element("option", status, { value: status }));
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", filter);
  form.addEventListener("reset", () => setTimeout(filter));
  list.tHead.addEventListener("click", sort);
  more.addEventListener("click", () => {
    const next = count;
    show(count + PAGE);
    if (more.hidden) Object.assign(body.rows[next], { tabIndex: -1 }).focus(); // the button is gone: go on from the first new row
  });
  form.hidden = list.hidden = data.events.length === 0;
  filter();
})();
