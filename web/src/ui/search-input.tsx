import { Search } from 'lucide-react';
import styles from './field.module.css';

/** Filters what is on the page as one types. */
export function SearchInput({
  label,
  value,
  onText,
}: {
  readonly label: string;
  readonly value: string;
  readonly onText: (text: string) => void;
}) {
  return (
    <search className={styles.search}>
      <Search size={16} aria-hidden />
      <input
        type="search"
        className={styles.input}
        aria-label={label}
        placeholder={label}
        value={value}
        spellCheck={false}
        onChange={event => onText(event.target.value)}
      />
    </search>
  );
}
