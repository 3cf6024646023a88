/** What a program does with the client: read page after page, and be refused. `node dist/tour.js ADDRESS TOKEN` */
import { YanxunError, createYanxunClient, everything } from "./index.js";

const [address, token] = process.argv.slice(2);
if (address === undefined || token === undefined) {
  throw new Error("node dist/tour.js ADDRESS TOKEN");
}
const yanxun = createYanxunClient({ baseUrl: address, token: () => token, language: "en" });

const names: string[] = [];
const teachers = everything(async (cursor) => {
  const query = cursor === undefined ? { limit: 2 } : { limit: 2, cursor };
  const { data } = await yanxun.GET("/api/v1/teachers", { params: { query } });
  return data!;
});
for await (const teacher of teachers) {
  names.push(teacher.name);
}

let refusal: string | undefined;
try {
  const path = { teacher_id: crypto.randomUUID() };
  await yanxun.GET("/api/v1/teachers/{teacher_id}", { params: { path } });
} catch (problem) {
  if (!(problem instanceof YanxunError)) throw problem;
  refusal = problem.problem.code;
}
console.log(JSON.stringify({ teachers: names.sort(), refusal }));
