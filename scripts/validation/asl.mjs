// Validates the definitions in the JSON list of the file argument; prints one {messages} for each.
import { readFileSync } from "node:fs";
import validate from "asl-validator";

const definitions = JSON.parse(readFileSync(process.argv[2], "utf8"));
const verdicts = definitions.map((definition) => {
  const { isValid, errorsText } = validate(definition, { checkPaths: true, checkArn: true });
  return { messages: isValid ? [] : errorsText("\n").split("\n") };
});
process.stdout.write(JSON.stringify(verdicts));
