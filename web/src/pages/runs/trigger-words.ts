const WORDS: Readonly<Record<string, string>> = {
  pipeline_call: 'by a call',
  deployment_request: 'by a deployment request',
  artefact: 'by a new artefact',
  event: 'by an event',
};

/** What a trigger of a definition is called. One of a newer server is shown as the word that it is. */
export const triggerWords = (trigger: string): string => WORDS[trigger] ?? trigger;
