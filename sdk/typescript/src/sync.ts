/**
 * The main flows of an application: lists, an unsafe request, the feed.
 *
 *     export YANXUN_URL=https://yanxun.example YANXUN_CLIENT_ID=… YANXUN_CLIENT_SECRET=…
 *     node dist/sync.js kept.json
 *     node dist/sync.js kept.json --keys      # what is held, one key a line
 *
 * It counts the teachers page after page, asks for an export and cancels it, and keeps up with the change feed: what it
 * holds stands in one file with the cursor behind it. It ends with 0, or with 1 and the code of what was refused.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";

import { YanxunError, createYanxunClient, everything, type components } from "./index.js";
import { Application } from "./patient.js";

type Changes = components["schemas"]["ChangesView"];
type Client = ReturnType<typeof createYanxunClient>;

const BEGIN_ANEW = "change_epoch_raised";
const OVER = "work_over";

/** The things that the feed told, each with the keys of what it lies in, and the cursor behind them. */
class Kept {
  cursor: string | undefined;
  things = new Map<string, string[]>();

  constructor(readonly path: string) {
    if (existsSync(path)) {
      const kept = JSON.parse(readFileSync(path, "utf8")) as {
        cursor?: string;
        things: Record<string, string[]>;
      };
      this.cursor = kept.cursor;
      this.things = new Map(Object.entries(kept.things));
    }
  }

  /** Take what was told, in its order; what is gone goes with all that lies in it. */
  apply(part: Changes): void {
    for (const item of part.items) {
      if (!item.gone) {
        this.things.set(item.id, item.lies_in);
        continue;
      }
      let going = new Set([item.id]);
      while (going.size > 0) {
        for (const each of going) this.things.delete(each);
        const inside = [...this.things].filter(([, liesIn]) => liesIn.some((each) => going.has(each)));
        going = new Set(inside.map(([name]) => name));
      }
    }
    this.cursor = part.next;
    this.save();
  }

  /** Hold nothing, and begin anew. */
  forget(): void {
    this.cursor = undefined;
    this.things.clear();
    this.save();
  }

  /** Keep all of it, whole or not at all. */
  save(): void {
    const written = `${this.path}.part`;
    const kept = { cursor: this.cursor, things: Object.fromEntries(this.things) };
    writeFileSync(written, JSON.stringify(kept), { mode: 0o600 });
    renameSync(written, this.path);
  }
}

async function countTeachers(client: Client): Promise<number> {
  let count = 0;
  const teachers = everything(async (cursor) => {
    const query = cursor === undefined ? { limit: 100 } : { limit: 100, cursor };
    const { data } = await client.GET("/api/v1/teachers", { params: { query } });
    return data!;
  });
  for await (const _ of teachers) count += 1;
  return count;
}

/** Have the teachers made into a file, and think better of it. */
async function askForExport(client: Client): Promise<string> {
  const { data } = await client.POST("/api/v1/exports", { body: { list: "list_teachers" } });
  const asked = data!.id;
  try {
    const path = { export_id: asked };
    await client.POST("/api/v1/exports/{export_id}/cancel", { params: { path } });
  } catch (problem) {
    if (!(problem instanceof YanxunError) || problem.problem.code !== OVER) throw problem;
  }
  return asked;
}

/** Read the feed until nothing is left at once; how many changes there were. */
async function follow(client: Client, kept: Kept): Promise<number> {
  let told = 0;
  for (;;) {
    const query = kept.cursor === undefined ? { limit: 500 } : { limit: 500, after: kept.cursor };
    let part: Changes;
    try {
      const { data } = await client.GET("/api/v1/changes", { params: { query } });
      part = data!;
    } catch (problem) {
      if (!(problem instanceof YanxunError) || problem.problem.code !== BEGIN_ANEW) throw problem;
      // The server was restored from a copy: what was told since is not so.
      kept.forget();
      continue;
    }
    kept.apply(part);
    told += part.items.length;
    if (!part.more) return told;
  }
}

const [path, word] = process.argv.slice(2);
if (path === undefined) {
  throw new Error("node dist/sync.js FILE [--keys]");
}
const kept = new Kept(path);
if (word === "--keys") {
  console.log([...kept.things.keys()].join("\n"));
} else {
  const application = Application.ofEnvironment();
  const { baseUrl, token, fetch } = application;
  const client = createYanxunClient({ baseUrl, token, fetch });
  try {
    console.log("teachers:", await countTeachers(client));
    console.log("export:", await askForExport(client));
    console.log("changes:", await follow(client, kept));
  } catch (problem) {
    if (!(problem instanceof YanxunError)) throw problem;
    console.log(problem.message);
    process.exitCode = 1;
  }
}
