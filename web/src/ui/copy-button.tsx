import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import { Button, IconButton } from './button.tsx';
import { say } from './toast.tsx';

/** Copies a text and says so. With `children` a button with words, else an icon. */
export function CopyButton({
  text,
  label = 'Copy',
  children,
}: {
  readonly text: string;
  readonly label?: string;
  readonly children?: string;
}) {
  const [copied, setCopied] = useState(false);
  const copy = (): void => {
    navigator.clipboard.writeText(text).then(
      () => {
        setCopied(true);
        say({ title: 'Copied' });
      },
      () =>
        say({
          title: 'The browser did not let this page copy',
          text: 'Select the text and copy it by hand.',
          tone: 'fail',
        }),
    );
  };
  const icon = copied ? Check : Copy;
  return children === undefined ? (
    <IconButton label={label} icon={icon} onClick={copy} />
  ) : (
    <Button icon={icon} size="s" onClick={copy}>
      {children}
    </Button>
  );
}
