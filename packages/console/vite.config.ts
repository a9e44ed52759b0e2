import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

interface ModuleGraph {
  getModuleInfo(id: string): { isEntry: boolean; importedIds: readonly string[]; importers: readonly string[] } | null;
}

let shell: Set<string> | undefined;

/** Parts of the kit that few pages use come with those. */
const OF_FEW_PAGES =
  /@mantine\/core\/.*\/components\/(?:MultiSelect|TagsInput|PillsInput|Pill|PasswordInput|SegmentedControl|FloatingIndicator|Progress|Chip|Radio|Drawer|Kbd|Switch|Tooltip|Textarea)\//;

/** What the first page needs is one file: many small ones compress worse, and each is a request. The rest is split as it is used. */
function nameChunk(id: string, graph: ModuleGraph): string | null {
  shell ??= reachFrom(findEntry(id, graph), graph);
  return shell.has(id) && !OF_FEW_PAGES.test(id) ? 'shell' : null;
}

function findEntry(id: string, graph: ModuleGraph): string {
  const seen = new Set<string>();
  const waiting = [id];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    const info = graph.getModuleInfo(at);
    if (info?.isEntry) return at;
    seen.add(at);
    const { importers = [], dynamicImporters = [] } = (info ?? {}) as {
      importers?: string[];
      dynamicImporters?: string[];
    };
    waiting.push(...[...importers, ...dynamicImporters].filter((next) => !seen.has(next)));
  }
  throw new Error(`Nothing imports ${id}`);
}

function reachFrom(entry: string, graph: ModuleGraph): Set<string> {
  const found = new Set<string>();
  const waiting = [entry];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    if (found.has(at)) continue;
    found.add(at);
    waiting.push(...(graph.getModuleInfo(at)?.importedIds ?? []));
  }
  return found;
}

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    manifest: true,
    // `light-dark()` and nesting are used as written.
    target: ['chrome123', 'edge123', 'firefox121', 'safari17.5'],
    modulePreload: { polyfill: false },
    // Every request of the page goes to this origin, and images stand in files of their own.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    // The budget is of what is sent, and `npm run bench` holds it.
    chunkSizeWarningLimit: 800,
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: nameChunk, debugName: 'shell' }] } } },
  },
  server: {
    host: '127.0.0.1',
    // `npm run demo` or `npm start` beside it answers.
    proxy: { '/api': { target: 'http://127.0.0.1:4780', changeOrigin: true } },
  },
});
