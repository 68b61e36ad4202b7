type Store = Readonly<Record<string, unknown>>;
export type Call = (...args: unknown[]) => Promise<unknown>;

/** Puts another call in the place of one of the store of a use case, inside its transactions or outside. */
export function replaceCall(ports: object, name: string, change: (call: Call) => Call): void {
  const target = ports as Record<string, unknown>;
  const changed = (store: Store): Store => ({ ...store, [name]: change(store[name] as Call) });
  const store = target['store'] as Store | undefined;
  if (store?.[name]) {
    target['store'] = changed(store);
    return;
  }
  const run = target['transaction'] as Call;
  target['transaction'] = (...args: unknown[]) => {
    const work = args.at(-1) as (store: Store) => Promise<unknown>;
    return run(...args.slice(0, -1), (inner: Store) => work(changed(inner)));
  };
}
