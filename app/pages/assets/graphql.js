"use strict";

const root = ReactDOM.createRoot(document.getElementById("workbench"));
const token = document.getElementById("token");

function bearer() {
  const value = token.value.trim().replace(/^Bearer\s+/i, "");
  return value ? { Authorization: `Bearer ${value}` } : {};
}

// A new fetcher makes GraphiQL read the schema again, as the holder of the token.
function render(example) {
  const fetcher = GraphiQL.createFetcher({
    url: new URL("graphql", document.baseURI).href,
    headers: bearer(),
  });
  root.render(
    React.createElement(GraphiQL, {
      fetcher,
      defaultQuery: example,
      defaultEditorToolsVisibility: true,
      shouldPersistHeaders: false,
      // Queries may hold people's names: they end with the tab, not with the computer.
      storage: sessionStorage,
    }),
  );
}

async function start(address) {
  const example = await (await fetch(address)).text();
  token.addEventListener("change", () => render(example));
  render(example);
}

start(document.currentScript.dataset.example);
