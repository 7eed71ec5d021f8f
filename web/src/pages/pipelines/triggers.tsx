import { Container, MousePointerClick, Rocket, Zap } from 'lucide-react';
import styles from './pipelines.module.css';

const LOOKS = {
  pipeline_call: { text: 'by a call', icon: MousePointerClick },
  deployment_request: { text: 'by a deployment request', icon: Rocket },
  artefact: { text: 'by a new artefact', icon: Container },
  event: { text: 'by an event', icon: Zap },
} as const;

const isKnown = (trigger: string): trigger is keyof typeof LOOKS => Object.hasOwn(LOOKS, trigger);

/** What starts a pipeline: the triggers of its definition. */
export function Triggers({ triggers }: { readonly triggers: readonly string[] }) {
  return (
    <ul className={styles.triggers}>
      {triggers.map(trigger => {
        const { text, icon: Icon } = isKnown(trigger) ? LOOKS[trigger] : { text: trigger, icon: Zap };
        return (
          <li key={trigger} title={trigger}>
            <Icon size={15} aria-hidden />
            {text}
          </li>
        );
      })}
    </ul>
  );
}
