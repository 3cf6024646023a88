/** The TypeScript client of Yanxun's REST face: typed by the committed OpenAPI document. */
import createFetchClient, { type Client, type Middleware } from "openapi-fetch";

import type { components, paths } from "./schema.js";

export { Application, TokenRefused } from "./patient.js";
export type { components, paths };

/** What every refusal says (RFC 9457). `code` is stable; the texts are for people. */
export type Problem = components["schemas"]["Problem"];

/** A request that was refused. */
export class YanxunError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(`${problem.code}: ${problem.detail}`);
    this.name = "YanxunError";
    this.problem = problem;
  }
}

export interface Options {
  /** Where Yanxun is, such as https://yanxun.example. */
  baseUrl: string;
  /** Gives a valid access token; asked before each request. */
  token: () => string | Promise<string>;
  /** How requests are sent; `fetch` of the platform by default. `Application` (`patient.ts`) sends again what is to be. */
  fetch?: (request: Request) => Promise<Response>;
  /** In which language refusals are told: "zh-CN" (by default) or "en". */
  language?: "zh-CN" | "en";
}

const UNSAFE = new Set(["POST", "PUT", "PATCH", "DELETE"]);

/**
 * A client for one account or application. Every unsafe request carries an `Idempotency-Key`, so that
 * sending it again after a lost answer has its effect once; give your own where you retry across runs.
 */
export function createYanxunClient(options: Options): Client<paths> {
  const client = createFetchClient<paths>({ baseUrl: options.baseUrl, fetch: options.fetch });
  const manners: Middleware = {
    async onRequest({ request }) {
      request.headers.set("Authorization", `Bearer ${await options.token()}`);
      request.headers.set("Accept-Language", options.language ?? "zh-CN");
      if (UNSAFE.has(request.method) && !request.headers.has("Idempotency-Key")) {
        request.headers.set("Idempotency-Key", crypto.randomUUID());
      }
      return request;
    },
    async onResponse({ response }) {
      if (!response.ok) {
        throw new YanxunError((await response.json()) as Problem);
      }
      return response;
    },
  };
  client.use(manners);
  return client;
}

/** A page of a list: what every list answers. */
export interface Page<Item> {
  items: Item[];
  next: string | null;
}

/** Everything of a list, page after page: `read` asks for the page after a cursor. */
export async function* everything<Item>(
  read: (cursor: string | undefined) => Promise<Page<Item>>,
): AsyncGenerator<Item> {
  let cursor: string | undefined;
  do {
    const page = await read(cursor);
    yield* page.items;
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
}
