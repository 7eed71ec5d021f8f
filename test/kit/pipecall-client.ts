export type Answer = { readonly status: number; readonly headers: Headers; readonly body: unknown };

export type RunView = {
  readonly id: string;
  readonly status: string;
  readonly status_message: string;
  readonly inputs: unknown;
  readonly outputs?: unknown;
  readonly waiting_for: Readonly<Record<string, string>>;
};

export type JobView = {
  readonly id: string;
  readonly status: string;
  readonly status_message: string;
  readonly created_at: string;
  readonly completed_at?: string;
  readonly outputs?: unknown;
  readonly steps: readonly {
    readonly index: number;
    readonly name: string;
    readonly status: string;
    readonly status_message: string;
  }[];
};

export type LogView = { readonly at: string; readonly level: string; readonly message: string };

/** The API over real HTTP, for org `demo` and app `hello`. */
export function pipecallClient(url: string, token: string) {
  const app = `${url}/orgs/demo/apps/hello`;
  const send = async (
    method: string,
    target: string,
    body?: string,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer> => {
    const response = await fetch(target, {
      method,
      headers: { authorization: `Bearer ${token}`, ...headers },
      ...(body === undefined ? {} : { body }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) };
  };
  const get = async <T>(target: string): Promise<T> => {
    const { status, body } = await send('GET', target);
    if (status !== 200) throw new Error(`GET ${target}: ${status} ${JSON.stringify(body)}`);
    return body as T; // as: what the API answers is judged against its schema elsewhere
  };
  const runsOf = (pipeline: string): string => `${app}/pipelines/${pipeline}/runs`;
  const start = (pipeline: string, inputs: unknown, wait?: number) =>
    send('POST', runsOf(pipeline), JSON.stringify({ inputs }), {
      'content-type': 'application/json',
      ...(wait === undefined ? {} : { prefer: `wait=${wait}` }),
    });
  /** Looks until the run is over: nothing else can end a run, so nothing else ends this loop but the test's own limit. */
  const untilOver = async (pipeline: string, run: string): Promise<RunView> => {
    for (;;) {
      const view = await get<RunView>(`${runsOf(pipeline)}/${run}`);
      if (!['queued', 'executing'].includes(view.status)) return view;
      await new Promise(resolve => setTimeout(resolve, 50));
    }
  };
  return {
    send,
    app,
    upload: (text: string) => send('POST', `${app}/pipelines`, text, { 'content-type': 'application/x-yaml' }),
    start,
    untilOver,
    /** Starts a run and looks until it is over, however long it takes. */
    async finish(pipeline: string, inputs: unknown): Promise<RunView> {
      const { status, body } = await start(pipeline, inputs);
      if (status !== 201) throw new Error(`start of ${pipeline}: ${status} ${JSON.stringify(body)}`);
      return untilOver(pipeline, (body as RunView).id); // as: what the API answers is judged against its schema elsewhere
    },
    run: (pipeline: string, run: string) => get<RunView>(`${runsOf(pipeline)}/${run}`),
    jobs: (pipeline: string, run: string) =>
      get<readonly Omit<JobView, 'steps'>[]>(`${runsOf(pipeline)}/${run}/jobs?per_page=100`),
    job: (pipeline: string, run: string, job: string) => get<JobView>(`${runsOf(pipeline)}/${run}/jobs/${job}`),
    logs: (pipeline: string, run: string, job: string, step: number) =>
      get<readonly LogView[]>(`${runsOf(pipeline)}/${run}/jobs/${job}/steps/${step}/logs?per_page=100`),
  };
}

export type PipecallClient = ReturnType<typeof pipecallClient>;
