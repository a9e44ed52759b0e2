export { cancelDrill, createDrill, type DrillRequest, getDrill } from './create-drill.ts';
export { DRILL_STEPS, type Drill, type DrillStep, fingerprintOf } from './drill.ts';
export { DrillRunner } from './drill-runner.ts';
export { findLatestPassed, findPassedWith, listDrills, listSteps } from './sql/drills.ts';
export { listTestUsers, type TestUser } from './sql/test-users.ts';
export { markTestUser } from './test-user.ts';
