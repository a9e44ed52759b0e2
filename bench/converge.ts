import { Bench } from './ground.ts';
import { startTarget } from './target.ts';

// A process of its own: converges the given number of links, so many of them by a call, and tells its peak memory.
const [links = 0, called = links] = process.argv.slice(2).map(Number);
const bench = await Bench.open();
const target = await startTarget();
await bench.addUsers(links);
const appId = await bench.addApp('memory', target.url);
if (called < links) {
  await bench.pretendConverged(appId, called + 1);
  await bench.markApp(appId);
}
await bench.startPumps();
await bench.untilQuiet(appId);
const peakMiB = process.resourceUsage().maxRSS / 1024;
await bench.close();
await target.stop();
process.send?.({ peakMiB });
process.disconnect?.();
