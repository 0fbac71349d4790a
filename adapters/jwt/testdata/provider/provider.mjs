// An identity provider for the tests of tokens. Its argument is the folder in which npm has
// installed oidc-provider. Each line that it reads is a JSON Web Key Set with private keys,
// of which the first signs from then on; it answers each with a line: its URL.
import {once} from "node:events";
import {createServer} from "node:http";
import {resolve} from "node:path";
import {createInterface} from "node:readline";
import {pathToFileURL} from "node:url";

const library = resolve(process.argv[2], "node_modules/oidc-provider/lib/index.js");
const {default: Provider} = await import(pathToFileURL(library));

let answer = (_, response) => response.writeHead(503).end();
const server = createServer((request, response) => answer(request, response));
server.listen(0, "127.0.0.1");
await once(server, "listening");
const issuer = `http://127.0.0.1:${server.address().port}`;

const provide = (jwks) => new Provider(issuer, {
  jwks,
  clients: [{
    client_id: "studio",
    client_secret: "a secret of the tests alone",
    grant_types: ["client_credentials"],
    id_token_signed_response_alg: jwks.keys[0].alg,
    redirect_uris: [],
    response_types: [],
  }],
  cookies: {keys: ["of no use here"]},
  features: {
    devInteractions: {enabled: false},
    clientCredentials: {enabled: true},
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: (_, resource) => ({
        audience: resource,
        scope: "",
        accessTokenTTL: 600,
        accessTokenFormat: "jwt",
        jwt: {sign: {alg: jwks.keys[0].alg}},
      }),
    },
  },
  extraTokenClaims: () => ({rostrum: {actions: ["publish", "play"], rooms: ["studio-*"]}}),
});

for await (const line of createInterface({input: process.stdin})) {
  answer = provide(JSON.parse(line)).callback();
  process.stdout.write(`${issuer}\n`);
}
server.closeAllConnections();
server.close();
