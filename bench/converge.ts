import { Bench } from './ground.ts';
import { startTarget } from './target.ts';

// A process of its own: converges the given number of links and tells its peak memory.
const links = Number(process.argv[2]);
const bench = await Bench.open();
const target = await startTarget();
await bench.addUsers(links);
const appId = await bench.addApp('memory', target.url);
await bench.startPumps();
await bench.untilQuiet(appId);
const peakMiB = process.resourceUsage().maxRSS / 1024;
await bench.close();
await target.stop();
process.send?.({ peakMiB });
process.disconnect?.();
