import { Component, type ReactNode } from 'react';
import { ErrorPanel } from '../ui/states.tsx';

type State = { readonly fault: { readonly reason: unknown } | undefined };

/** A fault of ours on one page leaves the rest usable, and says so instead of showing nothing. */
export class FaultBoundary extends Component<
  { readonly children: ReactNode /** Address of the page: another page gets another chance. */; readonly at: string },
  State
> {
  override state: State = { fault: undefined };

  static getDerivedStateFromError(reason: unknown) {
    return { fault: { reason } };
  }

  override componentDidUpdate(before: { readonly at: string }) {
    if (before.at !== this.props.at && this.state.fault !== undefined) this.setState({ fault: undefined });
  }

  override render() {
    const { fault } = this.state;
    if (fault === undefined) return this.props.children;
    const message = `This page has a fault: ${String(fault.reason)}. Load it again; if it stays, report this text.`;
    return (
      <ErrorPanel
        title="The page failed"
        error={{ status: 0, code: 'PAGE_FAULT', message }}
        again={() => window.location.reload()}
      />
    );
  }
}
