import { Button, PasswordInput, Title } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { keepApiKey } from '../api/credentials.ts';
import { read } from '../api/read.ts';
import { failureMessage } from '../parts/tell.ts';
import { common } from '../texts/common.ts';
import { signInTexts } from '../texts/sign-in.ts';
import classes from './sign-in.module.css';

const route = getRouteApi('/sign-in');

export function SignInPage() {
  const { next } = route.useSearch();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [key, setKey] = useState('');
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    document.title = `${signInTexts.title} · ${common.product}`;
  }, []);
  const signIn = async () => {
    setBusy(true);
    setProblem(undefined);
    keepApiKey(key.trim());
    try {
      await queries.fetchQuery({ ...read('/api/v1/me', {}), staleTime: 0 });
      await navigate({ href: next ?? '/', replace: true });
    } catch (error) {
      keepApiKey(undefined);
      setProblem(failureMessage(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <main className={classes['page']}>
      <form
        className={classes['card']}
        onSubmit={(event) => {
          event.preventDefault();
          void signIn();
        }}
      >
        <img src="/favicon.svg" alt="" width={36} height={36} />
        <Title order={1}>{signInTexts.title}</Title>
        <PasswordInput
          label={signInTexts.keyLabel}
          description={signInTexts.keyHint}
          value={key}
          onChange={(event) => setKey(event.currentTarget.value)}
          error={problem}
          autoComplete="off"
          autoFocus
          required
        />
        <Button type="submit" variant="filled" loading={busy} disabled={key.trim() === ''}>
          {signInTexts.signIn}
        </Button>
      </form>
    </main>
  );
}
