import type { ReactNode } from 'react';

export interface TroubleProps {
  readonly title: string;
  readonly children: ReactNode;
  readonly onRetry?: () => void;
}

/** Something that is not there, why, and what to do. */
export function Trouble({ title, children, onRetry }: TroubleProps) {
  return (
    <div className="trouble" role="alert">
      <p className="trouble-title">{title}</p>
      <p>{children}</p>
      {onRetry && (
        <button type="button" className="button" onClick={onRetry}>
          Try again
        </button>
      )}
    </div>
  );
}
