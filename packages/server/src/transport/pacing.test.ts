import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cutWindow, openWindow, raiseWindow, resizeWindow, windowLimit } from './adaptive-window.ts';
import { changeRate, countTokens, openRateLimit, takeToken } from './rate-limit.ts';

describe('the adaptive window', () => {
  it('rises by about one for each window of answers, up to the configured concurrency', () => {
    let window = openWindow(10);
    assert.equal(windowLimit(window), 8);
    for (let answers = 0; answers < 9; answers++) window = raiseWindow(window, windowLimit(window));
    assert.equal(windowLimit(window), 9);
    for (let answers = 0; answers < 1000; answers++) window = raiseWindow(window, windowLimit(window));
    assert.equal(windowLimit(window), 10);
  });

  it('is halved once for all the calls of one round trip', () => {
    let window = openWindow(8);
    for (let call = 0; call < 8; call++) window = cutWindow(window, 100, 120 + call);
    assert.equal(windowLimit(window), 4);
    window = cutWindow(window, 121, 140);
    assert.equal(windowLimit(window), 2);
  });

  it('never falls below one call', () => {
    let window = openWindow(4);
    for (let cut = 0; cut < 20; cut++) window = cutWindow(window, cut * 10, cut * 10 + 5);
    assert.equal(windowLimit(window), 1);
    assert.equal(windowLimit(openWindow(0)), 1);
  });

  it('does not grow while it is not used', () => {
    const window = openWindow(100);
    assert.equal(raiseWindow(window, 1), window);
  });

  it('obeys a smaller concurrency at once', () => {
    assert.equal(windowLimit(resizeWindow(openWindow(100), 3)), 3);
  });
});

describe('the rate limit', () => {
  it('lets a burst out and then the rate, over any long stretch', () => {
    let limit = openRateLimit(25, 5, 0);
    let sent = 0;
    let nowMs = 0;
    while (nowMs < 10_000) {
      const taken = takeToken(limit, nowMs);
      limit = taken.limit;
      if (taken.waitMs === 0) sent++;
      nowMs += taken.waitMs;
    }
    assert.ok(sent >= 250 && sent <= 256, `${sent} requests in 10 s`);
  });

  it('says exactly when the next may go', () => {
    let limit = openRateLimit(3, 1, 0);
    limit = takeToken(limit, 0).limit;
    const refused = takeToken(limit, 0);
    assert.equal(refused.waitMs, 334);
    assert.equal(takeToken(refused.limit, 334).waitMs, 0);
  });

  it('saves up to the burst and no more', () => {
    const limit = openRateLimit(10, 4, 0);
    assert.equal(countTokens(limit, 1e9), 4);
  });

  it('gives nothing for a clock that goes back', () => {
    const limit = takeToken(openRateLimit(1, 1, 1000), 1000).limit;
    assert.equal(countTokens(limit, 0), 0);
    assert.equal(takeToken(limit, 2000).waitMs, 0);
  });

  it('works below one request a second', () => {
    const limit = takeToken(openRateLimit(0.1, 1, 0), 0).limit;
    assert.equal(takeToken(limit, 0).waitMs, 10_000);
  });

  it('keeps what was saved up when the rate changes', () => {
    const limit = openRateLimit(10, 10, 0);
    assert.equal(countTokens(changeRate(limit, 1, 2, 0), 0), 2);
    assert.throws(() => openRateLimit(0, 1, 0), /above 0/);
  });
});
