import encodeQR from 'qr';
import classes from './qr-code.module.css';

/** Modules of nothing around the code (ISO/IEC 18004), without which some readers do not find it. */
const QUIET = 4;

/** A text as a QR code, dark on light in every colour scheme, for that is what readers look for. */
export default function QrCode({ text, label }: { text: string; label: string }) {
  const rows = encodeQR(text, 'raw', { ecc: 'medium', border: 0 });
  const side = rows.length + 2 * QUIET;
  // One stretch of dark modules after another, row by row.
  const path = rows
    .flatMap((row, y) =>
      row.map((dark, x) => (dark ? `M${x + QUIET} ${y + QUIET}h1v1h-1z` : '')).filter((part) => part !== ''),
    )
    .join('');
  return (
    <svg className={classes['code']} viewBox={`0 0 ${side} ${side}`} role="img" aria-label={label}>
      <rect width={side} height={side} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}
