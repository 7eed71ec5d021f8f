/** What was counted since the meter was made or reset. */
export type MeterReading = {
  readonly readUnits: number;
  readonly writeUnits: number;
  /** API calls by name (`PutItem`, `StartExecution`, …). */
  readonly calls: Readonly<Record<string, number>>;
  /** State transitions of Step Functions. */
  readonly transitions: number;
  /** Lambda invocations. */
  readonly invocations: number;
  /** Events that the bus took. */
  readonly events: number;
};

export type Meter = {
  call(name: string): void;
  read(units: number): void;
  write(units: number): void;
  transition(): void;
  invocation(): void;
  event(count: number): void;
  snapshot(): MeterReading;
  reset(): void;
};

export function createMeter(): Meter {
  let calls: Record<string, number> = {};
  let [readUnits, writeUnits, transitions, invocations, events] = [0, 0, 0, 0, 0];
  return {
    call(name) {
      calls[name] = (calls[name] ?? 0) + 1;
    },
    read(units) {
      readUnits += units;
    },
    write(units) {
      writeUnits += units;
    },
    transition() {
      transitions += 1;
    },
    invocation() {
      invocations += 1;
    },
    event(count) {
      events += count;
    },
    snapshot: () => ({ readUnits, writeUnits, calls: { ...calls }, transitions, invocations, events }),
    reset() {
      calls = {};
      [readUnits, writeUnits, transitions, invocations, events] = [0, 0, 0, 0, 0];
    },
  };
}
