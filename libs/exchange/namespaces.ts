/** Parts of this lib that go by one name: its index names the name. */
export * as reconciling from './manifest-parts';
