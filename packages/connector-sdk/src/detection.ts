/** One thing about a target: what it says, what it was seen to do, and what follows from both. */
export interface Finding {
  /** What it is about, in a few words: "Searching". */
  subject: string;
  /** What the target says of itself; absent when it says nothing. */
  declared?: string | undefined;
  /** What it was seen to do; absent when it could not be seen by reading. */
  observed?: string | undefined;
  /** What Usher will do with the options as they are. */
  used: string;
  /** Options under which that would fit better; absent when it fits. */
  options?: Record<string, unknown> | undefined;
}

/** What a connector found out about a target by reading only. Advice for an administrator, applied by nobody else. */
export interface Detection {
  /** Kinds of targets that this may be, likeliest first, as options to save. */
  suggestions: { label: string; options: Record<string, unknown>; reason: string }[];
  findings: Finding[];
}
