import encodeQR from 'qr';
import classes from './qr-code.module.css';

/** Modules of nothing around the code (ISO/IEC 18004), without which some readers do not find it. */
const QUIET = 4;

/** A text as a QR code, dark on light in every colour scheme, for that is what readers look for. */
export default function QrCode({ text, label }: { text: string; label: string }) {
  const rows = encodeQR(text, 'raw', { ecc: 'medium', border: QUIET });
  const side = rows.length;
  // One square for each dark module, row by row.
  const path = rows
    .flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : '')).filter((part) => part !== ''))
    .join('');
  return (
    <svg className={classes['code']} viewBox={`0 0 ${side} ${side}`} role="img" aria-label={label}>
      <rect width={side} height={side} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}
