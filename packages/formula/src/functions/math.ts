import { fail, quote } from '../failure.ts';
import { roundAt, roundHalfAway, settle } from '../numbers.ts';
import { asNumber, asText, type CallSite, type FunctionEntry, findConstant, type Location } from './entry.ts';

type Rule = (value: number, call: CallSite) => number;

/** A function of one number; blank stays blank. */
function buildUnary(rule: Rule): FunctionEntry['build'] {
  return ([argument], call) => {
    const value = asNumber(argument);
    return (record, context) => {
      const number = value(record, context);
      return number === null ? null : settle(rule(number, call), call);
    };
  };
}

/** A function of two numbers; blank if either is. */
function buildBinary(rule: (left: number, right: number, call: CallSite) => number): FunctionEntry['build'] {
  return (args, call) => {
    const [left, right] = [asNumber(args[0]), asNumber(args[1])];
    return (record, context) => {
      const [one, other] = [left(record, context), right(record, context)];
      return one === null || other === null ? null : settle(rule(one, other, call), call);
    };
  };
}

/** The extreme of several numbers; blank if any is. */
function buildExtreme(isBetter: (candidate: number, best: number) => boolean): FunctionEntry['build'] {
  return (args) => {
    const values = args.map(asNumber);
    return (record, context) => {
      let best: number | null = null;
      for (const value of values) {
        const candidate = value(record, context);
        if (candidate === null) return null;
        if (best === null || isBetter(candidate, best)) best = candidate;
      }
      return best;
    };
  };
}

function assertDomain(isInside: boolean, requirement: string, value: number, call: CallSite): void {
  if (!isInside) fail('out_of_range', `${call.name} takes ${requirement}, not ${value}.`, call);
}

const buildTrunc: FunctionEntry['build'] = (args, call) => {
  const value = asNumber(args[0]);
  const places = args[1] ? asNumber(args[1]) : () => 0;
  return (record, context) => {
    const [number, digits] = [value(record, context), places(record, context)];
    return number === null || digits === null ? null : settle(roundAt(number, digits, Math.trunc), call);
  };
};

const buildGeolocation: FunctionEntry['build'] = (args, call) => {
  const [latitude, longitude] = [asNumber(args[0]), asNumber(args[1])];
  return (record, context) => {
    const [north, east] = [latitude(record, context), longitude(record, context)];
    if (north === null || east === null) return null;
    assertDomain(Math.abs(north) <= 90, 'a latitude from -90 to 90', north, call);
    assertDomain(Math.abs(east) <= 180, 'a longitude from -180 to 180', east, call);
    return { latitude: north, longitude: east };
  };
};

/** The mean radius of the Earth in each unit. */
const RADIUS: ReadonlyMap<string, number> = new Map([
  ['km', 6371.0088],
  ['mi', 3958.7613],
]);

function measure(from: Location, to: Location, radius: number): number {
  const radians = Math.PI / 180;
  const half = (degrees: number): number => Math.sin((degrees * radians) / 2) ** 2;
  const cosines = Math.cos(from.latitude * radians) * Math.cos(to.latitude * radians);
  const chord = half(to.latitude - from.latitude) + cosines * half(to.longitude - from.longitude);
  return 2 * radius * Math.asin(Math.min(1, Math.sqrt(chord)));
}

const buildDistance: FunctionEntry['build'] = (args, call) => {
  const [from, to, unit] = [args[0]?.run, args[1]?.run, asText(args[2])];
  const getRadius = (name: string): number =>
    RADIUS.get(name.toLowerCase()) ??
    fail('argument', `DISTANCE measures in "km" or "mi", not in ${quote(name)}.`, call);
  const constant = findConstant(args[2]);
  if (typeof constant === 'string') getRadius(constant);
  return (record, context) => {
    const radius = getRadius(unit(record, context));
    const [start, end] = [from?.(record, context) as Location | null, to?.(record, context) as Location | null];
    return start === null || end === null ? null : settle(measure(start, end, radius), call);
  };
};

const number = { name: 'number', type: 'number' } as const;
const digits = { name: 'digits', type: 'number' } as const;

function defineUnary(
  name: string,
  doc: string,
  formula: string,
  value: number,
  rule: Rule,
  note?: string,
): FunctionEntry {
  return {
    name,
    family: 'math',
    parameters: [number],
    returns: 'number',
    doc,
    examples: [{ formula, value }],
    ...(note === undefined ? {} : { note }),
    build: buildUnary(rule),
  };
}

const inUnit = (value: number, call: CallSite): void =>
  assertDomain(Math.abs(value) <= 1, 'a number from -1 to 1', value, call);

/** The functions on numbers and places. A blank argument gives a blank. */
export const mathFunctions: readonly FunctionEntry[] = [
  defineUnary('ABS', 'The number without its sign.', 'ABS(-42)', 42, Math.abs),
  defineUnary(
    'ACOS',
    'The angle in radians that has the given cosine.',
    'ROUND(ACOS(0.5), 4)',
    1.0472,
    (value, call) => {
      inUnit(value, call);
      return Math.acos(value);
    },
  ),
  defineUnary('ASIN', 'The angle in radians that has the given sine.', 'ROUND(ASIN(0.5), 4)', 0.5236, (value, call) => {
    inUnit(value, call);
    return Math.asin(value);
  }),
  defineUnary('ATAN', 'The angle in radians that has the given tangent.', 'ROUND(ATAN(1), 4)', 0.7854, Math.atan),
  {
    name: 'ATAN2',
    family: 'math',
    parameters: [
      { name: 'y', type: 'number' },
      { name: 'x', type: 'number' },
    ],
    returns: 'number',
    doc: 'The angle in radians of the point (x, y).',
    examples: [{ formula: 'ROUND(ATAN2(1, 1), 4)', value: 0.7854 }],
    build: buildBinary(Math.atan2),
  },
  defineUnary(
    'CEILING',
    'The number rounded up to a whole one, away from zero if it is negative.',
    'CEILING(2.1)',
    3,
    (value) => (value < 0 ? Math.floor(value) : Math.ceil(value)),
    'CEILING(-2.1) is -3; MCEILING(-2.1) is -2.',
  ),
  defineUnary('COS', 'The cosine of an angle in radians.', 'COS(0)', 1, Math.cos),
  {
    name: 'DISTANCE',
    family: 'math',
    parameters: [
      { name: 'from', type: 'location' },
      { name: 'to', type: 'location' },
      { name: 'unit', type: 'text' },
    ],
    returns: 'number',
    doc: 'The distance between two places along the surface of the Earth, in "km" or "mi".',
    examples: [
      { formula: 'ROUND(DISTANCE(GEOLOCATION(52.52, 13.405), GEOLOCATION(48.137, 11.575), "km"), 0)', value: 504 },
    ],
    build: buildDistance,
  },
  defineUnary('EXP', 'e raised to the number.', 'ROUND(EXP(2), 4)', 7.3891, Math.exp),
  defineUnary(
    'FLOOR',
    'The number rounded down to a whole one, towards zero if it is negative.',
    'FLOOR(2.9)',
    2,
    Math.trunc,
    'FLOOR(-2.9) is -2; MFLOOR(-2.9) is -3.',
  ),
  {
    name: 'GEOLOCATION',
    family: 'math',
    parameters: [
      { name: 'latitude', type: 'number' },
      { name: 'longitude', type: 'number' },
    ],
    returns: 'location',
    doc: 'A place on Earth, in degrees, for DISTANCE.',
    examples: [{ formula: 'ROUND(DISTANCE(GEOLOCATION(0, 0), GEOLOCATION(0, 90), "km"), 0)', value: 10008 }],
    build: buildGeolocation,
  },
  defineUnary('LN', 'The natural logarithm.', 'LN(1)', 0, (value, call) => {
    assertDomain(value > 0, 'a number above 0', value, call);
    return Math.log(value);
  }),
  defineUnary('LOG', 'The logarithm to base 10.', 'LOG(1000)', 3, (value, call) => {
    assertDomain(value > 0, 'a number above 0', value, call);
    return Math.log10(value);
  }),
  {
    name: 'MAX',
    family: 'math',
    parameters: [{ ...number, repeats: true }],
    returns: 'number',
    doc: 'The largest of the numbers.',
    examples: [{ formula: 'MAX(Level__c, 5, 2)', value: 5 }],
    note: 'Blank if any of them is blank.',
    build: buildExtreme((candidate, best) => candidate > best),
  },
  defineUnary(
    'MCEILING',
    'The number rounded up to a whole one, towards zero if it is negative.',
    'MCEILING(-2.1)',
    -2,
    Math.ceil,
  ),
  defineUnary(
    'MFLOOR',
    'The number rounded down to a whole one, away from zero if it is negative.',
    'MFLOOR(-2.9)',
    -3,
    Math.floor,
  ),
  {
    name: 'MIN',
    family: 'math',
    parameters: [{ ...number, repeats: true }],
    returns: 'number',
    doc: 'The smallest of the numbers.',
    examples: [{ formula: 'MIN(Level__c, 5, 2)', value: 2 }],
    note: 'Blank if any of them is blank.',
    build: buildExtreme((candidate, best) => candidate < best),
  },
  {
    name: 'MOD',
    family: 'math',
    parameters: [number, { name: 'divisor', type: 'number' }],
    returns: 'number',
    doc: 'What is left after dividing; it has the sign of the number.',
    examples: [{ formula: 'MOD(10, 3)', value: 1 }],
    build: buildBinary((value, divisor, call) => {
      if (divisor === 0) fail('division_by_zero', 'MOD divides by 0: test the divisor first, with IF.', call);
      return value % divisor;
    }),
  },
  {
    name: 'PI',
    family: 'math',
    parameters: [],
    returns: 'number',
    doc: 'The number pi.',
    examples: [{ formula: 'ROUND(2 * PI(), 2)', value: 6.28 }],
    build: (_args, call) => () => settle(Math.PI, call),
  },
  {
    name: 'ROUND',
    family: 'math',
    parameters: [number, digits],
    returns: 'number',
    doc: 'The number rounded to so many digits after the point; half is rounded away from zero.',
    examples: [{ formula: 'ROUND(1.005, 2)', value: 1.01 }],
    note: 'A negative count rounds to tens, hundreds and so on.',
    build: buildBinary((value, places) => roundAt(value, places, roundHalfAway)),
  },
  defineUnary('SIN', 'The sine of an angle in radians.', 'SIN(0)', 0, Math.sin),
  defineUnary('SQRT', 'The square root.', 'SQRT(16)', 4, (value, call) => {
    assertDomain(value >= 0, 'a number not below 0', value, call);
    return Math.sqrt(value);
  }),
  defineUnary('TAN', 'The tangent of an angle in radians.', 'TAN(0)', 0, Math.tan),
  {
    name: 'TRUNC',
    family: 'math',
    parameters: [number, { ...digits, optional: true }],
    returns: 'number',
    doc: 'The number cut off after so many digits after the point, none unless given.',
    examples: [{ formula: 'TRUNC(-2.98, 1)', value: -2.9 }],
    build: buildTrunc,
  },
];
