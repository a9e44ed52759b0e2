import { existsSync, renameSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

// After `npm pack`: the workspaces run from source again.
const at = (name: string) => fileURLToPath(new URL(`../${name}`, import.meta.url));
if (existsSync(at('.package.source.json'))) renameSync(at('.package.source.json'), at('package.json'));
rmSync(at('dist'), { recursive: true, force: true });
