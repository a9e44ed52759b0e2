import { fetchFile } from '../api/api.ts';
import { tellFailure } from './tell.ts';

/** Gives a text to the browser as a download. */
export function saveFile(name: string, type: string, text: string): void {
  saveBlob(name, new Blob([text], { type: `${type};charset=utf-8` }));
}

export function saveBlob(name: string, blob: Blob): void {
  const url = URL.createObjectURL(blob);
  const anchor = document.createElement('a');
  anchor.href = url;
  anchor.download = name;
  anchor.click();
  // The browser takes what it needs at the click, but not in the same task.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** Fetches a file and saves it by the name that the server gives it. */
export function downloadFile(path: string, fallbackName: string): void {
  fetchFile(path, fallbackName).then(({ name, blob }) => saveBlob(name, blob), tellFailure);
}
