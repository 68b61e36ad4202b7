/** One line about what goes on; stdout belongs to the result. */
export const say = (line: string) => void process.stderr.write(`bench: ${line}\n`);
