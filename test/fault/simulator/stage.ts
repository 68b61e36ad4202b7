/** A process of a node: what runs in it dies with it, and stands still with it. */
export class Process {
  stopped = false;
  /** Called when it has died. */
  died: () => void = () => undefined;
  /** Work that a process has only one of at a time, such as its relay loop. */
  readonly busy = new Set<string>();

  constructor(
    readonly node: string,
    readonly name: string,
  ) {}
}

/** Work under way in a process: it runs until it stands at a gate or has ended, and only one of them runs at a time. */
export class Task {
  /** Set while it stands at a gate: lets it go on. */
  resume: (() => void) | undefined;
  /** Tells the stage that it stands or has ended. */
  turned: () => void = () => undefined;
  dead = false;

  constructor(
    readonly process: Process,
    readonly name: string,
  ) {}
}

/**
 * Where all asynchronous work of a run takes place: one task at a time, and whoever directs decides which goes on. Work that died is never
 * resumed, so nothing of it happens any more.
 */
export class Stage {
  readonly tasks = new Set<Task>();
  /** The task that runs now; undefined while whoever directs is at work, whom no gate holds up. */
  current: Task | undefined;
  /** What no task may end with. */
  readonly failures: { readonly task: Task; readonly error: unknown }[] = [];

  /** Begins work and runs it to its first gate or to its end. */
  start(process: Process, name: string, work: () => Promise<unknown>): Promise<void> {
    const task = new Task(process, name);
    this.tasks.add(task);
    return this.turn(task, () => void this.live(task, work));
  }

  /** Lets something happen that makes a task go on, and waits until it stands or has ended. */
  async turn(task: Task, go: () => void): Promise<void> {
    this.current = task;
    await new Promise<void>((resolve) => {
      task.turned = resolve;
      go();
    });
    this.current = undefined;
  }

  /** The running task stands here until it is resumed. */
  park(): Promise<void> {
    return this.stand((task, resolve) => (task.resume = resolve));
  }

  /** The running task stands here until somebody calls what `hold` was given. */
  stand<T>(hold: (task: Task, resolve: (value: T) => void, reject: (error: Error) => void) => void): Promise<T> {
    const task = this.current!;
    return new Promise<T>((resolve, reject) => {
      hold(task, resolve, reject);
      task.turned();
    });
  }

  /** Lets a task at a gate go on. */
  resume(task: Task): Promise<void> {
    const { resume } = task;
    task.resume = undefined;
    return this.turn(task, resume!);
  }

  /** Ends a process with everything that runs in it. The running task, if it is one of these, never comes back from here. */
  kill(process: Process): Promise<never> | undefined {
    const { current } = this;
    for (const task of [...this.tasks].filter((one) => one.process === process)) {
      task.dead = true;
      task.resume = undefined;
      this.tasks.delete(task);
    }
    process.busy.clear();
    process.stopped = false;
    process.died();
    if (current?.process !== process) return undefined;
    return this.stand<never>(() => undefined);
  }

  private async live(task: Task, work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.failures.push({ task, error });
    }
    this.tasks.delete(task);
    task.turned();
  }
}
