import type { ApiError } from '../api/problem.ts';
import { lacksTexts } from '../texts/places.ts';
import { keyTexts } from '../texts/settings.ts';
import { PlaceLink } from './place-link.tsx';
import { type Finding, type SpokenFinding, speak, speakFinding, speakPrefixed } from './speak.ts';

/** What was refused, each field by its name, with the way to where it is mended. */
export function SpokenRefusal({ error }: { error: ApiError }) {
  const { message, findings } = speak(error);
  return (
    <>
      {message === undefined ? null : <p>{message}</p>}
      <FindingList findings={findings} />
    </>
  );
}

/** What a role lacks, by the name that keys give it. */
export function SpokenScope({ scope }: { scope: string }) {
  return lacksTexts(keyTexts.scopeNames[scope] ?? scope);
}

export function SpokenText({ text }: { text: string }) {
  return speakPrefixed(text);
}

export function SpokenFindings({ findings }: { findings: readonly Finding[] }) {
  return <FindingList findings={findings.map(speakFinding)} />;
}

function FindingList({ findings }: { findings: readonly SpokenFinding[] }) {
  const lines = findings.map((finding) => (
    <>
      {finding.name === '' ? null : <strong>{finding.name}</strong>}
      {finding.text} {finding.place ? <PlaceLink place={finding.place} /> : null}
    </>
  ));
  const [only] = lines;
  if (lines.length === 1) return <p>{only}</p>;
  return (
    <ul>
      {lines.map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they are shown once, and never move
        <li key={index}>{line}</li>
      ))}
    </ul>
  );
}
