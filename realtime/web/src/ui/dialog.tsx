import * as Radix from "@radix-ui/react-dialog";
import type { ReactNode } from "react";

interface DialogProps {
  title: string;
  children: ReactNode;
  /** Left out where the person has to choose one of the buttons. */
  onClose?: () => void;
}

/** A modal dialog named by its title: focus goes in, stays in and goes back. */
export function Dialog({ title, children, onClose }: DialogProps) {
  const stay = (event: Event): void => {
    if (!onClose) event.preventDefault();
  };
  return (
    <Radix.Root open onOpenChange={(open) => (open ? undefined : onClose?.())}>
      <Radix.Portal>
        <Radix.Overlay className="veil" />
        <Radix.Content
          className="dialog"
          aria-describedby={undefined}
          onEscapeKeyDown={stay}
          onPointerDownOutside={stay}
          onInteractOutside={stay}
        >
          <Radix.Title>{title}</Radix.Title>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
