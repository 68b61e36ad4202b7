import { seededRandom } from '../../fakes/seeded-random';

/** All chance of a run comes from here: the same seed throws the same numbers. */
export class Dice {
  /** A number in [0, 1). */
  readonly next: () => number;

  constructor(seed: number) {
    this.next = seededRandom(Math.imul(seed + 1, 0x9e3779b1));
  }

  /** True with a probability. One that cannot happen throws no number. */
  chance(probability: number): boolean {
    return probability > 0 && this.next() < probability;
  }

  /** A whole number from 0, below `limit`. */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }

  /** One of several, each as often as its weight says; undefined when nothing has any. */
  weighted<T>(choices: readonly { readonly weight: number; readonly item: T }[]): T | undefined {
    const total = choices.reduce((sum, { weight }) => sum + weight, 0);
    let left = this.next() * total;
    for (const { weight, item } of choices) {
      left -= weight;
      if (left < 0) return item;
    }
    return choices.at(-1)?.item;
  }

  shuffled<T>(list: readonly T[]): T[] {
    const result = [...list];
    for (let at = result.length - 1; at > 0; at -= 1) {
      const other = this.below(at + 1);
      [result[at], result[other]] = [result[other]!, result[at]!];
    }
    return result;
  }
}
