import { runProgram } from './cli/program.ts';

// Whoever reads the output, `head` for one, may have seen enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
process.exitCode = await runProgram(process.argv.slice(2), {
  // Loaded when it is wanted: a command that only asks a server need not wait for one to be read.
  serve: async (overrides) => {
    const { serve } = await import('./cli/run-server.ts');
    // What a stop cut off may hold timers and connections, so that the process would not end by itself.
    process.exit(await serve(overrides));
  },
  migrate: async (overrides) => (await import('./cli/run-server.ts')).migrate(overrides),
});
