import * as Radix from "@radix-ui/react-dialog";
import { useRef, type ReactNode } from "react";

interface DialogProps {
  title: string;
  children: ReactNode;
  /** Left out where the person has to choose one of the buttons. */
  onClose?: () => void;
}

/** A modal dialog named by its title: focus goes in, stays in and goes back. */
export function Dialog({ title, children, onClose }: DialogProps) {
  // Radix gives the focus back to a trigger of its own only; ours is whatever had it before
  const opener = useRef(document.activeElement);
  const giveBack = (event: Event): void => {
    event.preventDefault();
    if (opener.current instanceof HTMLElement) opener.current.focus({ preventScroll: true });
  };
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
          onCloseAutoFocus={giveBack}
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
