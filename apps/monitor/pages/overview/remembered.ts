/**
 * Asks a question at most once in a while, whoever wants to know: an operator who loads a page again and again must not take from the
 * database what deliveries need. Whoever comes while it is asked waits for the same answer; a failure is not remembered.
 */
export function remembered<T>(forMs: number, ask: () => Promise<T>, now: () => number = Date.now): () => Promise<T> {
  let known: { readonly until: number; readonly answer: Promise<T> } | undefined;
  return () => {
    if (known && now() < known.until) return known.answer;
    const answer = ask();
    const asked = { until: now() + forMs, answer };
    known = asked;
    answer.catch(() => {
      if (known === asked) known = undefined;
    });
    return answer;
  };
}
