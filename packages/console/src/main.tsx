import './styles.ts';
import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { isApiError } from './api/problem.ts';
import { createConsoleRouter } from './router.tsx';
import { cssVariables, theme } from './theme.ts';

const MOST_RETRIES = 2;

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 2_000,
      // A refusal stays one; a server that was away comes back.
      retry: (failures, error) =>
        failures < MOST_RETRIES && isApiError(error) && (error.status === 0 || error.status >= 502),
      refetchOnWindowFocus: true,
    },
  },
});
const router = createConsoleRouter(queries);
const nonce = document.querySelector('meta[name="style-nonce"]')?.getAttribute('content') ?? '';
// The library that stops the page from scrolling below a dialog looks for it here.
(globalThis as { __webpack_nonce__?: string }).__webpack_nonce__ = nonce;

// The server was renewed while the page was open, and a part of it is gone: the new console has it. Once, lest it turns in circles.
const RELOADED = 'usher.reloaded';
addEventListener('vite:preloadError', (event) => {
  const last = Number(sessionStorage.getItem(RELOADED) ?? 0);
  if (Date.now() - last < 60_000) return;
  event.preventDefault();
  sessionStorage.setItem(RELOADED, String(Date.now()));
  location.reload();
});

const place = document.getElementById('root');
if (!place) throw new Error('index.html has no place for the console');
createRoot(place).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      defaultColorScheme="auto"
      colorSchemeManager={localStorageColorSchemeManager({ key: 'usher.color-scheme' })}
      getStyleNonce={() => nonce}
    >
      <QueryClientProvider client={queries}>
        <Notifications position="bottom-right" />
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
