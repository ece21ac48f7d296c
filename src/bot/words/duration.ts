const STEPS = [1, 2, 3, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 360, 480, 720];

/** About how long, in few steps: what is told should not change with every minute. */
export function about(seconds: number): string {
  const minutes = seconds / 60;
  if (minutes < 1) return "less than a minute";
  const step = STEPS.findLast((one) => one <= minutes * 1.1) ?? 1;
  if (minutes > 800) return "more than half a day";
  if (step === 1) return "about a minute";
  return step < 120 ? `about ${step} minutes` : `about ${step / 60} hours`;
}
