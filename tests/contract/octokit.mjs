// Octokit's own signing and verifying: reads cases as JSON from stdin, answers each on stdout.
import { sign, verify } from "@octokit/webhooks-methods";

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const answers = [];
for (const { secret, payload, signature } of JSON.parse(Buffer.concat(chunks).toString())) {
  answers.push({
    signed: await sign(secret, payload),
    verified: signature ? await verify(secret, payload, signature) : false,
  });
}
process.stdout.write(JSON.stringify(answers));
