import { parseArgs } from 'node:util';
import { PROFILE_NAMES, type ProfileName } from './build-profile.ts';
import { startFaultTarget } from './fault-target.ts';
import type { TargetProfile } from './target-profile.ts';

const USAGE = `Usage: node main.ts [--port N] [--profile NAME] [--switches JSON] [--token T] [--seed N] [--record]
Profiles: ${PROFILE_NAMES.join(', ')}`;

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    profile: { type: 'string', default: 'strict' },
    switches: { type: 'string' },
    token: { type: 'string' },
    seed: { type: 'string', default: '1' },
    record: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) {
  process.stdout.write(`${USAGE}\n`);
  process.exit(0);
}

const switches = values.switches === undefined ? {} : (JSON.parse(values.switches) as Partial<TargetProfile>);
const target = await startFaultTarget({
  port: Number(values.port),
  profile: { base: values.profile as ProfileName, ...switches },
  seed: Number(values.seed),
  record: values.record,
  control: true,
  ...(values.token === undefined ? {} : { token: values.token }),
});
process.stdout.write(`${JSON.stringify({ url: target.url, control: new URL('/_control/', target.url).href })}\n`);

// the starter's end closes stdin, so that no target outlives its test
process.stdin.resume();
const end = () => {
  target.stop().then(() => process.exit(0));
};
process.stdin.on('end', end);
process.stdin.on('close', end);
process.on('SIGTERM', end);
