import { Drawer } from '@mantine/core';
import { shellTexts } from '../texts/shell.ts';

interface SideDrawerProps {
  opened: boolean;
  onClose: () => void;
  title: React.ReactNode;
  children: React.ReactNode;
}

/** The navigation where there is no room for it beside the page. */
export default function SideDrawer({ opened, onClose, title, children }: SideDrawerProps) {
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      title={title}
      size={260}
      closeButtonProps={{ 'aria-label': shellTexts.closeNavigation }}
    >
      {children}
    </Drawer>
  );
}
