import { CircleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { InertText } from '../inert-text/inert-text.tsx';
import type { Problem } from './problem.ts';
import styles from './yaml-editor.module.css';

type Props = { readonly problems: readonly Problem[]; readonly onChoose: (problem: Problem) => void };

/** Every mistake in words; each leads to its place. */
export function ProblemList({ problems, onChoose }: Props): ReactNode {
  return (
    <section className={styles.problems} aria-label="Problems">
      <p role="status">{problems.length === 1 ? '1 problem' : `${problems.length} problems`}</p>
      <ol>
        {problems.map(problem => (
          <li key={`${problem.line} ${problem.column} ${problem.code} ${problem.message}`}>
            <button type="button" onClick={() => onChoose(problem)}>
              <CircleAlert size={16} aria-hidden />
              <span className={styles.where}>
                {problem.line}:{problem.column}
              </span>
              <span className={styles.words}>
                <InertText text={problem.message} />
                {problem.hint === undefined ? null : (
                  <>
                    {' – '}
                    <InertText text={problem.hint} />
                  </>
                )}{' '}
                <code>{problem.code}</code>
              </span>
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}
