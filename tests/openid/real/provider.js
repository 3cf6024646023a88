// An identity provider on this machine, on a free port; its address is the first line it prints.
// Whoever signs in is whoever the form says.
import { createServer } from "node:http";
import Provider from "oidc-provider";

const back = process.argv[2];
const server = createServer();
server.listen(0, "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: "yanxun",
        client_secret: "what we prove ourselves with",
        redirect_uris: [back],
        token_endpoint_auth_method: "client_secret_basic",
      },
    ],
    pkce: { required: () => true },
    cookies: { keys: ["of a test"] },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  });
  server.on("request", provider.callback());
  console.log(issuer);
});
