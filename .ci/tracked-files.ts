import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

interface Ban {
  readonly pattern: RegExp;
  readonly why: string;
  readonly only?: RegExp;
  readonly except?: RegExp;
}

const BANS: readonly Ban[] = [
  {
    pattern: /(?<![\w.])\/(?:work|root|home\/[a-z][\w-]*)\/[\w.-]/,
    why: 'names a path of one machine; use a relative one, or os.tmpdir()',
    except: /^\.ci\/tracked-files\.(?:test\.)?ts$/,
  },
  {
    pattern: /"resolved": "(?!packages\/)/,
    why: 'names the registry that it was made with, which others may not reach; leave addresses out of the lockfile',
    only: /(^|\/)package-lock\.json$/,
  },
  {
    pattern: /^\s*(?:registry|.*:registry)\s*=/m,
    why: 'sets a registry, which is the business of each machine',
    only: /(^|\/)\.npmrc$/,
  },
  {
    pattern: /\b(?:test|it|describe|suite)\.(?:only|skip|todo)\b|\{[^}\n]*\b(?:only|todo): true/,
    why: 'leaves tests out; finish it or take it away',
    only: /\.test\.tsx?$/,
    except: /^\.ci\/tracked-files\.test\.ts$/,
  },
  { pattern: /^<{7} |^>{7} /m, why: 'holds the mark of an unfinished merge' },
];

/** What a list of files must not hold, as `path:line why`. */
export function checkFiles(root: string, paths: readonly string[]): string[] {
  return paths.flatMap((path) => {
    const file = join(root, path);
    if (!existsSync(file) || !statSync(file).isFile()) return [];
    const content = readFileSync(file);
    if (content.includes(0)) return [];
    const text = content.toString('utf8');
    return BANS.flatMap(({ pattern, why, only, except }) => {
      if ((only && !only.test(path)) || except?.test(path)) return [];
      const match = pattern.exec(text);
      return match ? [`${path}:${text.slice(0, match.index).split('\n').length} ${why}`] : [];
    });
  });
}

/** The files that git tracks or would. Without git, as in an archive, there is nothing to tell. */
export function listTrackedFiles(root: string): string[] {
  try {
    const out = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
      cwd: root,
      encoding: 'utf8',
    });
    return out.split('\0').filter((path) => path !== '');
  } catch {
    return [];
  }
}
