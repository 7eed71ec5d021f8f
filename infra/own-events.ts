/** What the product says by itself (src/events/delivered-event.ts): nobody else says it. */
export const OWN_SOURCE = 'pipecall';

/** Keys of its events that somebody listens to: a pipeline, a webhook of the app. */
export const LISTENED_KEY = 'pipelines_listen';
export const WEBHOOKS_KEY = 'webhooks_listen';
