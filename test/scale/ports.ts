/** Where things listen, on every host alike: numbers that no service of the machine has. */
export const PORTS = {
  gateway: 17_443,
  office: 17_080,
  operations: 17_090,
  postgres: 15_432,
  redis: 16_379,
  sentinel: 16_380,
} as const;
