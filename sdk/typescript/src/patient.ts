/**
 * What every client owes, beneath the typed one: tokens, keys for what is sent again, and patience.
 *
 * It gets tokens for an application that acts for itself (docs/sign-in.md), sends an unsafe request again under
 * the same `Idempotency-Key`, and waits for as long as `Retry-After` says; the conformance kit examines it (`sync.ts`).
 */

const TRIES = 6;
const BUSY = new Set([429, 502, 503, 504]);
const WITHOUT_BODY = new Set([204, 304]);

/** A registered application, which asks again where that is right. */
export class Application {
  readonly #baseUrl: string;
  readonly #known: Record<string, string>;
  #token: Promise<string> | undefined;

  constructor(baseUrl: string, clientId: string, secret: string) {
    this.#baseUrl = baseUrl;
    this.#known = { client_id: clientId, client_secret: secret };
  }

  /** As `YANXUN_URL`, `YANXUN_CLIENT_ID` and `YANXUN_CLIENT_SECRET` say. */
  static ofEnvironment(): Application {
    return new Application(
      environment("YANXUN_URL"),
      environment("YANXUN_CLIENT_ID"),
      environment("YANXUN_CLIENT_SECRET"),
    );
  }

  /** Where Yanxun is. */
  get baseUrl(): string {
    return this.#baseUrl;
  }

  /** The token of now; asked for once, however many requests wait for it. */
  readonly token = (): Promise<string> => {
    this.#token ??= this.#ask().catch((problem: unknown) => {
      this.#token = undefined;
      throw problem;
    });
    return this.#token;
  };

  /** The answer to a request, after as many tries as it takes; the last one as it came, or as it failed. */
  readonly fetch = async (request: Request): Promise<Response> => {
    const send = async (): Promise<Response> => {
      const sent = request.clone();
      sent.headers.set("Authorization", `Bearer ${await this.token()}`);
      return fetch(sent);
    };
    const answer = await patiently(send);
    if (answer.status !== 401) return answer;
    this.#token = undefined;
    return patiently(send);
  };

  async #ask(): Promise<string> {
    const body = new URLSearchParams({ grant_type: "client_credentials", ...this.#known });
    const answer = await patiently(() =>
      fetch(`${this.#baseUrl}/oauth/token`, { method: "POST", body }),
    );
    const told = (await answer.json()) as { access_token?: string; error?: string };
    if (told.access_token === undefined) {
      throw new TokenRefused(`no token: ${told.error ?? answer.status}`);
    }
    return told.access_token;
  }
}

/** The answer to what is sent, sent again while it is lost or put off. */
async function patiently(send: () => Promise<Response>): Promise<Response> {
  for (let attempt = 0; ; attempt += 1) {
    const isLast = attempt === TRIES - 1;
    try {
      const answer = await whole(await send());
      if (!BUSY.has(answer.status) || isLast) return answer;
      await waited(Number(answer.headers.get("Retry-After") ?? 2 ** attempt));
    } catch (problem) {
      // It may have taken effect: the same key makes that harmless.
      if (isLast || problem instanceof TokenRefused) throw problem;
      await waited(0.1 * 2 ** attempt);
    }
  }
}

/** The application is not known, or may ask no longer: no try more will help. */
export class TokenRefused extends Error {}

/** An answer that is here to its end, so that one that is lost on its way is asked for again. */
async function whole(answer: Response): Promise<Response> {
  const { status, statusText, headers } = answer;
  const body = await answer.arrayBuffer();
  return new Response(WITHOUT_BODY.has(status) ? null : body, { status, statusText, headers });
}

function waited(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}

function environment(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
}
