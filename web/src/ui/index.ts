/** The components that pages are made of. */
export { Button, type ButtonProps, IconButton, LinkButton } from './button.tsx';
export { CodeBlock } from './code-block.tsx';
export { CopyButton } from './copy-button.tsx';
export { ConfirmDialog, Dialog } from './dialog.tsx';
export { Checkbox, Field, Select, TextArea, TextInput } from './field.tsx';
export { Menu, type MenuGroup, type MenuItem } from './menu.tsx';
export { Card, type Crumb, Facts, PageHeader, Section } from './page.tsx';
export { SearchInput } from './search-input.tsx';
export { Empty, ErrorPanel, LoadingRows, LoadMore, Skeleton } from './states.tsx';
export { statusLook } from './status.ts';
export { StatusBadge } from './status-badge.tsx';
export { StatusStrip, type StripRun } from './status-strip.tsx';
export { type Column, Table } from './table.tsx';
export { Tabs } from './tabs.tsx';
export { Duration, Time, useNow } from './time.tsx';
export { durationText, exactTime, relativeTime } from './time-words.ts';
export { say } from './toast.tsx';
export { Tooltip } from './tooltip.tsx';
