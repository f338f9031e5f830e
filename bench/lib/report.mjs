import { cpus } from 'node:os';

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/** Runs every contender in turn, round after round, so that a machine that drifts drifts for all of them. */
export async function compare(rounds, contenders) {
  const rates = new Map(contenders.map(({ name }) => [name, []]));
  for (let round = -1; round < rounds; round += 1) {
    for (const { name, run } of contenders) {
      const startedAt = process.hrtime.bigint();
      const amount = await run();
      const seconds = Number(process.hrtime.bigint() - startedAt) / 1e9;
      // The first round warms up and is not counted.
      if (round >= 0) rates.get(name).push(amount / seconds);
    }
  }
  return new Map(
    [...rates].map(([name, values]) => [
      name,
      { median: median(values), min: Math.min(...values), max: Math.max(...values) },
    ]),
  );
}

/** One line for each contender, with its ratio to the first one. */
export function print(title, unit, results) {
  console.log(`\n${title}`);
  const [[, first]] = results;
  for (const [name, { median: value, min, max }] of results) {
    const figure = (x) => Math.round(x).toLocaleString('en').padStart(12);
    const ratio = (first.median / value).toFixed(2);
    console.log(
      `  ${name.padEnd(34)} ${figure(value)} ${unit} (${figure(min).trim()} to ${figure(max).trim()})  first / this = ${ratio}`,
    );
  }
}

export function machine() {
  const [cpu] = cpus();
  return `Node ${process.version}, ${process.platform} ${process.arch}, ${cpus().length} x ${cpu?.model ?? 'unknown CPU'}`;
}
