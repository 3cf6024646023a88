"use strict";

const root = ReactDOM.createRoot(document.getElementById("workbench"));
const token = document.getElementById("token");

function bearer() {
  const value = token.value.trim().replace(/^Bearer\s+/i, "");
  return value ? { Authorization: `Bearer ${value}` } : {};
}

// Nobody is answered without a token, so nothing is asked before there is one.
async function askForToken() {
  return { errors: [{ message: "请先在上方填写令牌 / Enter a token above first." }] };
}

// A new fetcher makes GraphiQL read the schema again, as the holder of the token.
function render(example) {
  const headers = bearer();
  const url = new URL("graphql", document.baseURI).href;
  const fetcher = headers.Authorization ? GraphiQL.createFetcher({ url, headers }) : askForToken;
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
